"""What customers cost and bring, for machines."""

from typing import Any

from funnel_sim.decisions.customer.budget_curve import Budget
from funnel_sim.decisions.customer.budgets import BudgetStep
from funnel_sim.decisions.customer.fitted import Fitted, Refused
from funnel_sim.decisions.customer.worth import Worth
from funnel_sim.evidence.orders.spend import mean_order
from funnel_sim.evidence.orders.transactions import CountedRows
from funnel_sim.output.json.numbers import (
    currency_json,
    estimate_json,
    plain_number,
    probability_json,
)
from funnel_sim.output.words.figure_names import why_none

_FIGURES = (
    "cac",
    "blended_cac",
    "loaded_cac",
    "ltv",
    "ltv_unlimited",
    "ltv_cac",
    "payback_months",
    "payback_orders",
)


def worth_json(
    found: Worth,
    budget: Budget | None,
    fitted: Fitted | Refused | None,
    step: BudgetStep | None = None,
) -> dict[str, Any]:
    """Return everything about CAC and LTV, for machines; null where there is no such figure, and
    `no_figure` says why.

    Args:
        budget: along the ad budget; None where there are no ads.
        fitted: what a file of orders says, or why it says too little; None without a file.
        step: from one budget to another; None where it was not asked for.
    """
    scenario, steady = found.result.scenario, found.result.steady
    c, plan = scenario.customers, found.simulation.plan
    return {
        "model_version": found.simulation.model_version,
        "seed": plan.seed,
        "paths": plan.paths,
        **currency_json(scenario),
        "cac": {
            "paid": found.acquisition.paid,
            "blended": found.acquisition.blended,
            "fully_loaded": found.acquisition.loaded,
            "by_channel": dict(found.acquisition.by_channel),
        },
        "ltv": {
            "likely": steady["ltv"],
            "without_horizon": steady["ltv_unlimited"],
            "basis": c.ltv_basis,
            "horizon_months": c.ltv_horizon,
            "first_order_counted": c.ltv_first_order,
            "discount_per_year": _point(c.ltv_discount),
            "retention": c.retention,
            **_prefixed(estimate_json(found.ltv)),
        },
        "ltv_cac": {
            "likely": steady["ltv_cac"],
            **_prefixed(estimate_json(found.ratio)),
            "odds_below_1": probability_json(found.below_one),
            "odds_below_3": probability_json(found.below_three),
        },
        "payback_months": {
            "likely": steady["payback_months"],
            **_prefixed(estimate_json(found.simulation.estimate("payback_months", "steady"))),
        },
        "payback_orders": steady["payback_orders"],
        "no_figure": {key: why for key in _FIGURES if (why := why_none(found.result, key, "en"))},
        "budget_step": (
            None
            if step is None
            else {
                "budgets": list(step.budgets),
                "ad_spend": list(step.spend),
                "gross_sales": list(step.sales),
                "profit": list(step.profit),
                "paid_orders": list(step.orders),
                "extra_spend": step.extra_spend,
                "extra_sales": step.extra_sales,
                "extra_profit": step.extra_profit,
                "marginal_roas": step.roas,
                "break_even_marginal_roas": step.break_even,
            }
        ),
        "budget": (
            None
            if budget is None
            else {
                "now": budget.now,
                "last_worth": budget.last_worth,
                "budgets": budget.budgets.tolist(),
                "cac": [plain_number(v) for v in budget.cac],
                "marginal_cac": [plain_number(v) for v in budget.marginal],
                "ltv": plain_number(budget.ltv),
            }
        ),
        "transactions": None if fitted is None else _fitted_json(fitted),
        "scenario": scenario.plain(),
    }


def _rows_json(c: CountedRows) -> dict[str, Any]:
    return {
        "all": c.rows,
        "unreadable": c.unreadable,
        "unreadable_examples": list(c.examples),
        "in_the_future": c.future,
        "duplicates": c.duplicates,
        "totals": c.totals,
        "no_sales": c.other,
        "tests": c.test,
        "cancelled": c.cancelled,
        "unpaid": c.unpaid,
        "items": c.items,
        "part_back": c.part_back,
        "refunds": c.refunds,
        "merged": c.merged,
        "taken_back": c.taken_back,
        "orders": c.orders,
        "customers": c.customers,
        "findings": [one.sentence("en") for one in c.findings],
    }


def _fitted_json(fitted: Fitted | Refused) -> dict[str, Any]:
    if isinstance(fitted, Refused):
        return {"rows": _rows_json(fitted.counted), "refused": fitted.why.sentences("en")}
    pace, worth, seen = fitted.pace, fitted.repeat_worth(), fitted.seen
    out: dict[str, Any] = {
        "until": fitted.until.isoformat(),
        "rows": _rows_json(fitted.counted),
        "bgnbd": {
            "time_unit": "months",
            "parameters": dict(zip(pace.names, pace.values, strict=True)),
            "standard_errors_of_logarithms": pace.errors,
            "log_likelihood": pace.log_likelihood,
            "customers": pace.cases,
        },
        "orders": {
            "mean": fitted.average,
            "repeat_order_value": None if worth is None else worth[0],
        },
        "watched": {
            "months": seen.months,
            "bought_again": seen.again,
            "bought_again_expected": seen.again_expected,
            "repeat_orders": seen.repeats,
            "repeat_orders_expected": seen.repeats_expected,
        },
    }
    if fitted.spending is not None:
        s = fitted.spending
        mean = mean_order(s) if s["q"] > 1 else None
        out["gamma_gamma"] = {
            "parameters": dict(zip(s.names, s.values, strict=True)),
            "standard_errors_of_logarithms": s.errors,
            "log_likelihood": s.log_likelihood,
            "customers": s.cases,
            "mean_order": mean,
        }
    return out


def _prefixed(estimate: dict[str, Any]) -> dict[str, Any]:
    return {"simulated": {key: value for key, value in estimate.items() if key != "odds_of_loss"}}


def _point(value: Any) -> float:
    return float(getattr(value, "point", value))
