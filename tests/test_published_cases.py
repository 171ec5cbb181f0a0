"""Published worked examples, second set: each typed with its own inputs gives its printed figure at
its printed precision (known_answers/published.toml).
"""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from funnel_sim.chance.distributions import drawable
from funnel_sim.decisions.conversion_test.arms import Arm
from funnel_sim.decisions.conversion_test.compare import compare_rates
from funnel_sim.decisions.conversion_test.sample_size import sample_size
from funnel_sim.decisions.economics.targets import answers
from funnel_sim.decisions.quote.contract import Flows, bill, duration_of
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words.formats import half_up
from funnel_sim.reference.rate_settings import settings
from funnel_sim.scenario.quantity import Pert
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "known_answers" / "published.toml").read_text("utf-8")
)["case"]
_HALVES = 20_000


def same(ours: float | None, printed: str) -> bool:
    """Say whether a figure, rounded half up as printed, is the printed one."""
    percent, text = printed.endswith("%"), printed.rstrip("%").replace(",", "")
    digits = len(text.partition(".")[2])
    return ours is not None and float(half_up(ours * (100 if percent else 1), digits)) == float(
        text
    )


def typed(case: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs of a case; an empty text is a field left empty."""
    return {path: None if value == "" else value for path, value in case["inputs"].items()}


def figures(case: dict[str, Any]) -> dict[str, float | None]:
    """Return our figure for each one that the case prints."""
    asked = [*case.get("figures", {}), *case.get("wrong", {})]
    if "rates" in case:
        found = compare_rates(Arm(*case["rates"]["a"]), Arm(*case["rates"]["b"]))
        return {"p_value": found.p_value, "lift": found.lift.measured, "better": found.better}
    if "size" in case:
        size = case["size"]
        return {
            "each": (
                sample_size(
                    size["base"],
                    size["effect"],
                    settings(**{k: v for k, v in size.items() if k in ("power", "alpha")}),
                ).a
            )
        }
    if "contract" in case:
        return billed(case["contract"], **case["month"])
    if "range" in case:
        drawn = drawable(Pert(**case["range"])).values((np.arange(_HALVES) + 0.5) / _HALVES)
        return {"mean": float(drawn.mean()), "sd": float(drawn.std())}
    result = evaluate(neutral(typed(case)))

    def one(key: str) -> float | None:
        of, _, name = key.partition(".")
        match of:
            case "order":
                return result.per(name, "order")
            case "horizon":
                return result.horizon[name]
        return result.steady[key]

    return {key: one(key) for key in asked}


def billed(
    clauses: dict[str, Any], sales: float = 0.0, spend: float = 0.0
) -> dict[str, float | None]:
    """Return each line of one month's bill of a contract, and their total."""
    one = np.ones((1, 1))
    option = Option.model_validate({"id": "a", **clauses})
    lines = bill(
        option,
        Flows(sales * one, spend * one, 0.0 * one, one, one, 0.0, {}, {}),
        duration_of(option, None, 1, 1),
    )
    found = {name: float(line[0, 0]) for name, line in lines.items()}
    return {**found, "total": sum(found.values())}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_published_example_gives_its_figures(case):
    ours = figures(case) if "figures" in case or "wrong" in case else {}
    for key, printed in case.get("figures", {}).items():
        assert same(ours[key], printed), (
            f"{key}: {ours[key]} against {printed} ({case['source']}: {case['arithmetic']})"
        )
    for key, one in case.get("wrong", {}).items():
        assert same(ours[key], one["right"]), (
            f"{key}: {ours[key]} against {one['right']} ({case['arithmetic']})"
        )
        assert not same(ours[key], one["printed"]), (
            f"{key} is what the source prints: {one['why']} is no longer true"
        )
    for asked in case.get("find", []):
        [answer] = answers(
            neutral(typed(case)), [asked["lever"]], metric=asked["metric"], target=asked["target"]
        )
        assert same(answer.value, asked["printed"]), (
            f"{asked}: {answer.value} ({case['arithmetic']})"
        )


def test_each_case_says_where_it_stands_and_how_it_is_worked_out():
    assert len({case["id"] for case in CASES}) == len(CASES)
    for case in CASES:
        assert (
            case["source"].startswith("http")
            and case["arithmetic"]
            and (set(case) & {"figures", "find", "wrong"})
        ), case["id"]
