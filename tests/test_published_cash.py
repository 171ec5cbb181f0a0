"""Published worked examples of cash (known_answers/cash.toml): conversion cycles, money bound,
payout delays, reserves, landed cost.
"""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from funnel_sim.chance.cash import cash_of
from funnel_sim.decisions.cash.cycle import bound_by, conversion_cycle, days_outstanding
from tests.conftest import neutral
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


PAYOUTS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "known_answers" / "cash.toml").read_text("utf-8")
)["payout"]


@pytest.mark.parametrize("case", PAYOUTS, ids=[case["id"] for case in PAYOUTS])
def test_published_payout(case):
    """What is sold and not yet paid out on a day, or the date of the first payout."""
    run = cash_of(neutral({"plan.start_month": 1, **case["inputs"]})).run
    assert run.balance is not None and run.day_flows is not None
    came = run.day_flows["payout"][:, 0]
    if "first" in case:
        assert run.days.date(int(np.flatnonzero(came)[0])).isoformat() == case["first"]
        return
    day = case["held"]["day"]
    at_once = cash_of(neutral({"product.price": case["inputs"]["product.price"]})).run
    assert at_once.balance is not None
    held = float(at_once.balance[day, 0] - run.balance[day, 0])
    assert held == pytest.approx(
        float(case["held"]["amount"]), abs=float(case["held"].get("within", 0.005))
    )
