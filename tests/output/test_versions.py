"""The sentence for scenarios of another version of the model."""

import pytest

from funnel_sim.output.words.versions import version_note
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.versions import changes
from funnel_sim.words import LANGS


@pytest.mark.parametrize("lang", LANGS)
def test_an_earlier_version_hears_what_changed_since(lang):
    two, three = (changes()[version].of(lang) for version in ("2", "3"))
    assert version_note(MODEL_VERSION, lang) == ""
    note = version_note("2", lang)
    assert three in note and two not in note and "2" in note and MODEL_VERSION in note
    for made in ("", "1"):
        assert two in version_note(made, lang) and three in version_note(made, lang)


def test_the_ltv_of_version_2_is_named():
    assert "twelve months" in version_note("2", "en") and "not thirteen" in version_note("2", "en")
    assert "13 个月" in version_note("2", "zh")


@pytest.mark.parametrize("lang", LANGS)
def test_a_version_from_elsewhere_is_said_to_be_unknown(lang):
    note = version_note("99", lang)
    assert "99" in note and not any(words.of(lang) in note for words in changes().values())
    assert len(version_note("x" * 5000, lang)) < 300
