"""The mutation tool itself: what it keeps is about the source as it is, and its map of tests is
brought up to date by what changed.
"""

from pathlib import Path

import pytest

from tests.mutants import all_mutants, equivalents, mutants_of, runs_of, told
from tests.reach import Reach, stale_files

REACH = Reach(
    {"tests/model/test_a.py::one": 0.5, "tests/model/test_a.py::two": 3.0, "tests/b.py::x": 9.0},
    {
        "funnel_sim/model/a.py": {
            1: frozenset({"tests/model/test_a.py::one"}),
            2: frozenset({"tests/model/test_a.py::two", "tests/b.py::x"}),
        }
    },
    {"funnel_sim/model/a.py": "1", "tests/model/test_a.py": "2", "tests/b.py": "3"},
)
FILES = ["tests/b.py", "tests/model/test_a.py"]


def test_what_was_judged_equivalent_is_still_there():
    """A line that changed since has to be judged again."""
    there = {(one.path.as_posix(), one.text, one.before, one.after) for one in all_mutants()}
    assert len(there) > 8_000
    assert equivalents() - there == set()


def test_the_map_survives_its_file(tmp_path):
    REACH.write(tmp_path / "reach.json")
    assert Reach.read(tmp_path / "reach.json") == REACH
    assert Reach.read(tmp_path / "none.json") == Reach()


@pytest.mark.parametrize(
    ("changes", "stale"),
    [
        ({}, set()),
        ({"tests/b.py": "new"}, {"tests/b.py"}),
        ({"funnel_sim/model/a.py": "new"}, set(FILES)),
        ({"funnel_sim/data/presets.toml": "new"}, set(FILES)),
        ({"tests/conftest.py": "new"}, set(FILES)),
        ({"tests/model/helper.py": "new"}, {"tests/model/test_a.py"}),
        ({"tests/keys.py": "new"}, set()),
    ],
)
def test_only_what_may_reach_other_lines_is_run_again(changes, stale):
    assert stale_files(REACH, REACH.digests | changes, FILES) == stale


def test_tests_named_after_the_file_and_quick_ones_come_first_within_the_budget():
    [mutant] = mutants_of(Path("funnel_sim/model/a.py"), "x = y\nz = -y")
    assert mutant.line == 2
    assert list(runs_of(mutant, REACH, budget=20.0)) == [
        ["tests/model/test_a.py::two", "tests/b.py::x"],
        ["tests/model/test_a.py::one"],
    ]
    assert next(iter(runs_of(mutant, REACH, budget=5.0))) == ["tests/model/test_a.py::two"]


def test_rooms_count_by_how_many_mutants_they_have():
    """1 of 2 in a room of 300 and 2 of 2 in a room of 100: 0.75 · 0.5 + 0.25 · 1 = 62.5 %."""
    made = list(mutants_of(Path("funnel_sim/model/a.py"), "x = [1, 2]"))
    made += list(mutants_of(Path("funnel_sim/chance/a.py"), "x = [1, 2]"))
    lines, score = told(
        dict(zip(made, [True, False, True, True], strict=True)),
        {"model": 300, "chance": 100, "decisions": 0, "evidence": 0},
    )
    assert score == 0.625
    assert lines[0].startswith("model: 1 of 2 killed, 50.0% (")
