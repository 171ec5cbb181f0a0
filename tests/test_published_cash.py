"""Published worked examples of cash (known_answers/cash.toml): conversion cycles, money bound,
payout delays, reserves, landed cost.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from funnel_sim.decisions.cash.cycle import bound_by, conversion_cycle, days_outstanding
from tests.test_published_cases import same

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "known_answers" / "cash.toml").read_text("utf-8")
)["case"]


def figures(case):
    """Return our figures for a case."""
    if "bound" in case:
        asked = case["bound"]
        return {"bound": bound_by(asked["days"], asked["flow"], asked["over"])}
    found = (
        {name: days_outstanding(*pair) for name, pair in case["turnover"].items()}
        if "turnover" in case
        else dict(case["days"])
    )
    return found | {"cycle": conversion_cycle(found["dio"], found["dso"], found["dpo"])}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_published_example(case):
    ours = figures(case)
    for name, printed in case.get("figures", {}).items():
        assert same(ours[name], printed), (name, ours[name], printed)
    for name, one in case.get("wrong", {}).items():
        assert same(ours[name], one["right"]), (name, ours[name])
        assert not same(ours[name], one["printed"]), (name, "the source is right")


def test_a_cycle_of_nothing_that_flows_is_none():
    assert days_outstanding(100.0, 0.0) is None
