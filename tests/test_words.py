"""Words are complete: both catalogues alike, every key that the code says exists, every declaration
speaks both languages.
"""

import re
import string

import pytest

from funnel_sim.decisions.economics.levers import LEVERS
from funnel_sim.model.metrics import FORMULAS, FUNNEL_WORDS
from funnel_sim.output.words.explain import words_of
from funnel_sim.output.words.tables import glossary
from funnel_sim.scenario.paths import LISTS, SECTIONS, specs_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.pages.method_and_sources import definitions
from funnel_sim.words import LANGS, catalogue, say
from tests.keys import families, said_keys, written_keys

CJK = re.compile(r"[\u4e00-\u9fff]")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_catalogues_hold_the_same_keys():
    assert set(catalogue("zh")) == set(catalogue("en"))


def test_a_sentence_has_the_same_parts_in_both_languages():
    """One test for all of them: two thousand took as long to hand to the workers as to run."""
    zh, en = catalogue("zh"), catalogue("en")
    assert [key for key in en if placeholders(zh[key]) != placeholders(en[key])] == []
    assert [key for key in en if not zh[key].strip() or not en[key].strip()] == []
    assert [key for key in en if CJK.search(en[key])] == [
        "door.quote_text"
    ]  # 代运营 is named there on purpose


NEVER = {
    "target.found",
    "target.found_met",
    "target.jump_met",
    "target.idle_met",  # asked where there is no value, and with _met where the kind is "none"
    "history.figure_date",
    "history.figure_currency",  # columns that are no figure have sentences of their own
}
"""Keys that the types allow and a condition beside the f-string excludes."""


def test_every_key_that_the_code_says_exists():
    assert said_keys() <= set(catalogue("en"))


def test_every_key_that_an_f_string_can_build_exists():
    """All of them where the source says what the placeholders can be; where they are open, the
    f-string fits a key at all.
    """
    there, wrong = set(catalogue("en")), {}
    for family in families():
        if family.said and family.keys is not None and family.keys - there - NEVER:
            wrong[family.place] = sorted(family.keys - there - NEVER)
        elif (
            family.said
            and family.keys is None
            and not any(family.shape.fullmatch(key) for key in there)
        ):
            wrong[family.place] = [family.text]
    assert wrong == {}


def test_the_source_says_of_many_f_strings_what_they_can_build():
    """Else the test above looks at nothing; some families, by place."""
    built = {one.text: one.keys for one in families() if one.keys is not None}
    assert len(built) >= 60
    assert built["f'kpi.{check.verdict}'"] == {
        "kpi.safe",
        "kpi.realistic",
        "kpi.stretch",
        "kpi.unrealistic",
    }
    assert built["f'risk.view_{view}'"] == {
        "risk.view_odds",
        "risk.view_drivers",
        "risk.view_events",
        "risk.view_compare",
    }


def test_no_sentence_is_left_over():
    """A sentence is asked for in full, by an f-string that builds it, or has the shape of one whose
    placeholders are open.
    """
    asked = written_keys().union(*(one.keys for one in families() if one.keys is not None))
    shapes = [one.shape for one in families() if one.keys is None]
    assert [
        key
        for key in catalogue("en")
        if key not in asked and not any(shape.fullmatch(key) for shape in shapes)
    ] == []


@pytest.mark.parametrize("section", [Scenario, *LISTS.values(), *SECTIONS.values()])
def test_every_field_is_declared_with_words_and_help(section):
    for name, spec in specs_of(section).items():
        assert CJK.search(spec.zh) or spec.zh.isascii(), name
        assert spec.en and not CJK.search(spec.en), name
        assert bool(spec.help_zh) == bool(spec.help_en), name
        for words in spec.choices.values():
            assert words.zh and words.en


def test_every_declared_field_of_a_section_is_a_field_of_the_model():
    for section in (Scenario, *LISTS.values(), *SECTIONS.values()):
        undeclared = set(section.model_fields) - set(specs_of(section)) - set(SECTIONS)
        assert not undeclared, section


def test_symbols_are_unique_across_the_sections():
    symbols = [name for cls in SECTIONS.values() for name in specs_of(cls)]
    assert len(symbols) == len(set(symbols))


def test_figures_and_levers_speak_both_languages():
    for key in (*FORMULAS, *FUNNEL_WORDS):
        words = words_of(key)
        assert words.zh and words.en and not CJK.search(words.en), key
    for lever in LEVERS:
        assert lever.words.zh and lever.words.en


def test_metrics_carry_the_names_of_the_glossary():
    for key, words in glossary().items():
        ours = words_of(key)
        if ours is not None and key != "landed_cost":  # the figure is per unit and says so
            assert ours == words, key


def test_definitions_are_complete_in_both_languages():
    rows = definitions()
    assert len({row["id"] for row in rows}) == len(rows) >= 20
    for row in rows:
        for lang in LANGS:
            assert row[f"name_{lang}"] and row[f"choice_{lang}"] and row[f"others_{lang}"]


def test_a_missing_key_is_an_error_not_a_blank():
    with pytest.raises(KeyError):
        say("en", "no.such_key")
