"""The best split of an ad budget, for machines."""

from collections.abc import Sequence
from typing import Any

from funnel_sim.decisions.budget.answer import BudgetAnswer, moves
from funnel_sim.decisions.budget.curves import ResponseCurve
from funnel_sim.decisions.budget.optimism import BudgetPromise
from funnel_sim.decisions.budget.responses import FIGURES
from funnel_sim.output.json.numbers import plain_number
from funnel_sim.scenario.files import MODEL_VERSION


def budget_json(found: BudgetAnswer, curves: Sequence[ResponseCurve] = ()) -> dict[str, Any]:
    """Return the best split, what it brings a month, where the next money goes, and its chance.

    Args:
        found: the answer.
        curves: fitted to a file; none without one.
    """
    return {
        "model_version": MODEL_VERSION,
        "currency": found.currency,
        "goal": found.terms.budget_goal,
        "total": plain_number(found.total),
        "total_now": plain_number(found.total_now),
        "profit_per_month": {"now": found.profit[0], "best": found.profit[1]},
        "gmv_per_month": {"now": found.gmv[0], "best": found.gmv[1]},
        "marginal_profit": plain_number(found.price),
        "proven_best": found.proven,
        "channels_add_up": found.additive,
        "next_amount": found.next_amount,
        "channels": [
            {
                "channel": one.name,
                "now": one.now,
                "best": one.best,
                "change": one.moved,
                "at_least": one.low,
                "at_most": plain_number(one.high),
                "profit_of_next_amount_now": plain_number(one.next_now),
                "profit_of_next_amount_best": plain_number(one.next_best),
                "gets_of_next_amount": plain_number(one.gets_next),
                "after_cut_by_a_third": plain_number(one.cut),
                "given_up_in_cut": plain_number(one.given_up),
                "response_assumed": one.assumed,
                "outside_spending_seen": one.outside,
                "diminishing_returns": one.concave,
            }
            for one in found.lines
        ],
        "moves": [
            {"from": of or None, "to": to or None, "amount": amount}
            for of, to, amount in moves(found.lines)
        ],
        "cut_by_a_third": {
            "total": found.total_cut,
            "profit_best": plain_number(found.profit_cut),
            "profit_of_todays_split_cut_evenly": plain_number(found.profit_even),
        },
        "curve": {
            "totals": found.curve.totals.tolist(),
            "profit": found.curve.profit.tolist(),
            "gmv": found.curve.gmv.tolist(),
            "total_of_most_profit": plain_number(found.curve.peak),
        },
        "gain": _gain(found),
        **({"curves": [_curve(one) for one in curves]} if curves else {}),
    }


def _gain(found: BudgetAnswer) -> dict[str, Any] | None:
    gain = found.chance
    if gain is None:
        return {"measure": found.measure, "unknown_because": found.without_chance}
    return {
        "measure": found.measure,
        "seen": gain.seen,
        "optimism": gain.optimism,
        "honest": gain.honest,
        "p10": gain.low,
        "p90": gain.high,
        "probability_better": gain.better,
        "probability_worse": gain.worse,
        **({} if gain.promise is None else {"promise": _promise(gain.promise)}),
        "draws": gain.draws,
    }


def _promise(promise: BudgetPromise) -> dict[str, Any]:
    return {
        "figure": FIGURES[promise.figure],
        "at_least": promise.least,
        "probability_kept": promise.kept,
        "p10": promise.low,
        "p50": promise.middle,
        "p90": promise.high,
    }


def _curve(one: ResponseCurve) -> dict[str, Any]:
    return {
        "channel": one.channel.name,
        "months": one.months,
        "brought": one.channel.result,
        "spent_least": one.seen[0],
        "spent_most": one.seen[1],
        "elasticity": {"p10": one.low, "p50": one.likely, "p90": one.high},
        "elasticity_without_prior": plain_number(one.alone),
        "prior_only": not one.enough,
    }
