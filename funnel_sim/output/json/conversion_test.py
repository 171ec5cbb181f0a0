"""Two conversion rates, for machines."""

from dataclasses import asdict
from typing import Any

from funnel_sim.decisions.conversion_test.compare import RateComparison, rate_spread
from funnel_sim.decisions.conversion_test.posterior import PosteriorSpread
from funnel_sim.decisions.conversion_test.sample_size import VisitsNeeded
from funnel_sim.decisions.conversion_test.trial import Trial
from funnel_sim.output.json.numbers import plain_number


def rates_json(found: RateComparison | None, trial: Trial | None, currency: str) -> dict[str, Any]:
    """Return the comparison and the plan for machines; null where there is no such figure, infinite
    ones too.

    Args:
        found: the comparison; None where no counts were given.
        trial: the plan of a test; None where it was not asked for.
        currency: ISO code of the amounts, "USD".
    """
    out: dict[str, Any] = {"currency": currency or None, "comparison": None, "trial": None}
    if found is not None:
        money = found.money
        out["comparison"] = {
            "verdict": found.verdict,
            "probability_b_better": found.better,
            "settings": asdict(found.settings),
            "store": asdict(found.store),
            "prior": list(found.prior),
            "a": {**asdict(found.a), "rate": _spread_json(rate_spread(found, "a"))},
            "b": {**asdict(found.b), "rate": _spread_json(rate_spread(found, "b"))},
            "lift": _spread_json(found.lift),
            "points": _spread_json(found.points),
            "expected_loss_choosing_a": found.loss_a,
            "expected_loss_choosing_b": found.loss_b,
            "test": {"name": found.test, "p_value": found.p_value},
            "money_per_month": (
                None
                if money is None
                else {
                    "orders": _spread_json(money.orders),
                    "gain": _spread_json(money.gain),
                    "probability_b_brings_more": money.better,
                    "expected_loss_choosing_a": money.loss_a,
                    "expected_loss_choosing_b": money.loss_b,
                    "certainty_over_horizon": money.certainty,
                }
            ),
            "visits_needed": {
                "wanted": _needed_json(found.wanted),
                "measured": _needed_json(found.measured),
            },
        }
    if trial is not None:
        out["trial"] = {
            "base": trial.base,
            "effect": trial.settings.effect,
            "settings": asdict(trial.settings),
            "store": asdict(trial.store),
            "visits_a": plain_number(trial.size.a),
            "visits_b": plain_number(trial.size.b),
            "months": trial.months,
            "ad_cost": trial.ads,
            "fee": trial.fee,
            "expected_loss": trial.loss,
            "cost": trial.cost,
            "margin_meanwhile": trial.back,
            "worth_of_knowing": trial.worth,
            "worth_of_certainty": trial.certain,
            "believed_lift": trial.lift,
            "gain_of_choosing_b_now": trial.now,
        }
    return out


def _spread_json(spread: PosteriorSpread) -> dict[str, Any]:
    return {
        "measured": spread.measured,
        "median": spread.median,
        "interval": list(spread.wide),
        "inner_interval": list(spread.narrow),
    }


def _needed_json(need: VisitsNeeded) -> dict[str, Any]:
    return {
        "effect": need.effect,
        "visits_a": plain_number(need.size.a),
        "visits_b": plain_number(need.size.b),
        "more": plain_number(need.more),
        "months": need.months,
    }
