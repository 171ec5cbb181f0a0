"""What changed with each version of the model: one table, told to whoever opens an earlier
scenario.
"""

import json

import pytest

from funnel_sim.scenario import files
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.versions import changes, changes_since


def test_the_table_ends_with_the_model_there_is_and_has_no_gap():
    assert list(changes()) == [str(n) for n in range(2, int(MODEL_VERSION) + 1)]
    for words in changes().values():
        assert words.zh and words.en and not words.en.endswith(".") and not words.zh.endswith("。")


def test_only_what_came_after_is_told():
    every = list(changes().values())
    assert (
        changes_since("1") == every and changes_since("") == every
    )  # a scenario that tells no version may be of any
    assert changes_since("2") == every[1:] and changes_since(MODEL_VERSION) == []


@pytest.mark.parametrize("made", ["999", "-1", "2.5", "9" * 5000, "<b>", "²"])
def test_a_version_that_is_not_known_tells_nothing(made):
    assert changes_since(made) == []


def test_a_file_tells_the_model_that_it_was_made_with():
    text = files.to_text(preset("etsy-de-home"))
    assert files.opened(text.encode()).model == MODEL_VERSION
    data = json.loads(text)
    assert files.opened(json.dumps(data | {"model": "2"}).encode()).model == "2"
    del data["model"]
    assert files.opened(json.dumps(data).encode()).model == ""  # written before files told it
    typed = {"funnel_sim": 1, "preset": "etsy-de-home", "changes": {"product.price": 40.0}}
    assert (
        files.opened(json.dumps(typed).encode()).model == MODEL_VERSION
    )  # typed by hand, for the model there is
    assert files.opened(json.dumps(typed | {"model": "2"}).encode()).model == "2"
