"""Customers in words: CAC by definition, LTV with its interval, the budget curve, and what
transactions said.
"""

import math

from funnel_sim.decisions.customer.budget_curve import Budget
from funnel_sim.decisions.customer.budgets import BudgetStep
from funnel_sim.decisions.customer.fitted import Fitted, Refused, order_gap
from funnel_sim.decisions.customer.worth import Worth
from funnel_sim.evidence.orders.transactions import CountedRows
from funnel_sim.evidence.tables.headings import may_mean
from funnel_sim.model.economics import Result
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.figure_names import name_of, told
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.benchmarks import benchmark_spread
from funnel_sim.scenario.quantity import LogPert, Pert
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.units import MONTHS_A_YEAR
from funnel_sim.words import Lang, say

_MANY = 0.1  # shares below are told with a decimal

_LONG = 10.0

_HAIR = 1e-9


def bought_sentence(result: Result, lang: Lang) -> str:
    """Return that a bought customer costs more than it brings, and what that means; nothing where
    it does not.
    """
    cac, ltv, scenario = result.steady["cac"], result.steady["ltv"], result.scenario
    if cac is None or ltv is None or ltv >= cac:
        return ""
    key = "cac_over_ltv" if ltv > 0 else "ltv_below_zero"
    shown = {
        "cac": formats.money(cac, scenario.shown, lang),
        "ltv": formats.money(ltv, scenario.shown, lang),
    }
    return say(lang, f"economics.{key}", months=scenario.customers.ltv_horizon, **shown)


def unlimited_sentence(result: Result, lang: Lang) -> str:
    """Return the LTV without a horizon beside that with one; where there is none, why."""
    customers, currency = result.scenario.customers, result.scenario.shown
    with_end, without = result.steady["ltv"], result.steady["ltv_unlimited"]
    if with_end is None:
        return ""
    if without is None:
        return say(lang, "customers.ltv_endless", months=customers.ltv_horizon)
    shown = {
        "unlimited": formats.money(without, currency, lang),
        "ltv": formats.money(with_end, currency, lang),
    }
    return say(lang, "customers.ltv_unlimited", months=customers.ltv_horizon, **shown)


def payback_sentence(result: Result, lang: Lang) -> str:
    """Return the simple payback (CAC over the margin of an order) beside the one that waits for
    customers to come back; nothing without a paid CAC.
    """
    orders = result.steady["payback_orders"]
    if orders is None:
        return ""
    months = told(result, "payback_months", lang)
    return say(
        lang,
        "customers.payback_simple",
        orders=formats.number(orders, 2),
        whole=formats.number(math.ceil(orders - _HAIR)),
        months=months,
    )


def step_heads(step: BudgetStep, result: Result, lang: Lang) -> list[str]:
    """Return the heads of `step_rows`: the two budgets, and what lies between."""
    return [
        *(formats.money(one, result.scenario.shown, lang) for one in step.budgets),
        say(lang, "customers.step_more"),
    ]


def step_rows(step: BudgetStep, result: Result, lang: Lang) -> list[Row]:
    """Return the steady month at two budgets, and what the money on top brings."""
    currency = result.scenario.shown

    def money(value: float) -> str:
        return formats.money(value, currency, lang)

    rows = [
        Row(
            "",
            name_of(key, lang),
            (*map(show, pair), show(pair[1] - pair[0])),
            "total" if key == "profit" else "line",
            "bad" if key == "profit" and pair[1] < pair[0] else "",
        )
        for key, pair, show in (
            ("ad_spend", step.spend, money),
            ("paid_orders", step.orders, formats.count),
            ("gross_sales", step.sales, money),
            ("profit", step.profit, money),
        )
    ]
    nothing = (formats.NOTHING, formats.NOTHING)
    marginal = formats.NOTHING if step.roas is None else formats.number(step.roas, 2)
    needed = (
        formats.NOTHING if step.break_even is None else formats.number(step.break_even, 2, "up")
    )
    return [
        *rows,
        Row("", say(lang, "customers.marginal_roas"), (*nothing, marginal)),
        Row("", say(lang, "customers.marginal_needed"), (*nothing, needed)),
    ]


def step_sentence(step: BudgetStep, lang: Lang) -> str:
    """Return whether the money on top pays for itself."""
    if step.break_even is None:
        return say(lang, "customers.step_never")
    roas = formats.NOTHING if step.roas is None else formats.number(step.roas, 2)
    shown = {"roas": roas, "needed": formats.number(step.break_even, 2, "up")}
    return say(
        lang, "customers.step_pays" if step.extra_profit > 0 else "customers.step_loses", **shown
    )


_COUNTED = {
    "left": (
        "unreadable",
        "duplicates",
        "future",
        "totals",
        "other",
        "test",
        "cancelled",
        "unpaid",
    ),
    "joined": ("items", "merged"),
    "back": ("refunds", "part_back", "taken_back"),
}


def _counts(c: CountedRows, names: tuple[str, ...], lang: Lang) -> str:
    """Return those counts that are not zero, in words."""
    joint = "，" if lang == "zh" else ", "
    return joint.join(
        say(lang, f"customers.counted_{name}", n=formats.number(getattr(c, name)))
        for name in names
        if getattr(c, name)
    )


def counted_sentence(c: CountedRows, lang: Lang) -> str:
    """Return what happened to the rows of a file of orders."""
    parts = {name: _counts(c, names, lang) for name, names in _COUNTED.items()}
    told = {
        name: say(lang, f"customers.counted_{name}", parts=what) if what else ""
        for name, what in parts.items()
    }
    text = say(
        lang,
        "customers.counted",
        rows=formats.number(c.rows),
        orders=formats.number(c.orders),
        customers=formats.number(c.customers),
        **told,
    )
    if c.examples:
        text += " " + say(
            lang, "customers.examples", rows=", ".join(str(row) for row in c.examples)
        )
    return text


def currency_sentence(c: CountedRows, scenario: Scenario, lang: Lang) -> str:
    """Return the warning that a file's money is in another currency than the scenario's; nothing
    where it may be in that one.
    """
    if not c.currency or scenario.currency in may_mean(c.currency):
        return ""
    return say(lang, "kpi.history_currency", found=c.currency, currency=scenario.currency)


def prior_sentence(scenario: Scenario, lang: Lang) -> str:
    """Return how wide the repurchase rate now is, where it is a range; else that it stayed as it
    was.
    """
    rate = scenario.customers.repeat_probability
    if scenario.customers.retention != "constant" or not isinstance(rate, Pert | LogPert):
        return say(lang, "customers.kept")
    low, high = (formats.percent(end) for end in (rate.low, rate.high))
    return say(lang, "customers.prior", likely=formats.percent(rate.likely), low=low, high=high)


def prior_source(rate: Pert, lang: Lang) -> str:
    """Return where the range of the wide prior comes from."""
    lowest, middle, highest = (
        formats.percent(value) for value in benchmark_spread("repeat_purchase_rate")
    )
    own = {
        name: formats.percent(value)
        for name, value in (("likely", rate.likely), ("low", rate.low), ("high", rate.high))
    }
    return say(lang, "customers.prior_source", lowest=lowest, middle=middle, highest=highest, **own)


def fit_sentences(fitted: Fitted, lang: Lang) -> list[str]:
    """Return what the fit says in plain words: who buys again, and what was seen beside what is
    expected.
    """
    seen = fitted.seen

    def of_100(share: float) -> str:
        return formats.number(100 * share, 0 if share >= _MANY else 1)

    months = formats.number(seen.months, 0 if seen.months >= _LONG else 1)
    told = {
        "fitted": of_100(fitted.again_within(MONTHS_A_YEAR)),
        "within": MONTHS_A_YEAR,
        "seen": of_100(seen.again),
        "expected": of_100(seen.again_expected),
    }
    counts = {
        "seen": formats.number(seen.repeats),
        "expected": formats.number(seen.repeats_expected),
    }
    return [
        say(lang, "customers.again", months=months, **told),
        say(lang, "customers.repeats_seen", **counts),
    ]


def gap_sentence(result: Result, average: float, lang: Lang) -> str:
    """Return what it means that a file's mean order is not the scenario's; nothing where it
    (nearly) is.

    Args:
        average: mean amount of the file's orders, after refunds [sales currency].
    """
    found = order_gap(result, average)
    if found is None:
        return ""
    share, currency = found.too_high, result.scenario.shown
    kind = "other" if share is None else "high" if share > 0 else "low"
    if share is not None and (share > 0) != (
        found.of_scenario > found.of_file
    ):  # more units lose margin: high and low are no matter of size
        kind = "other"
    figures = {
        "file": found.of_file,
        "scenario": found.of_scenario,
        "margin": found.margin,
        "there": found.margin_there,
    }
    shown = {name: formats.money(value, currency, lang) for name, value in figures.items()}
    return say(
        lang,
        f"customers.order_gap_{kind}",
        share=formats.percent(abs(share or 0.0), 0),
        currency=currency,
        **shown,
    )


def worth_sentences(
    found: Worth, budget: Budget | None, fitted: Fitted | Refused | None, lang: Lang
) -> list[str]:
    """Return what a reader should know, a sentence a line.

    Args:
        budget: along the ad budget; None where there are no ads.
        fitted: what a file of orders says, or why it says too little; None without a file.
    """
    scenario = found.result.scenario
    paths = found.simulation.plan.paths

    def money(value: float | None) -> str:
        return formats.money(value, scenario.shown, lang)

    out: list[str] = []
    if fitted is not None:
        out += filter(None, [currency_sentence(fitted.counted, scenario, lang)])
        out += [
            counted_sentence(fitted.counted, lang),
            *(one.sentence(lang) for one in fitted.counted.findings),
        ]
    if isinstance(fitted, Fitted):
        out += [
            *fit_sentences(fitted, lang),
            *filter(None, [gap_sentence(found.result, fitted.average, lang)]),
        ]
    if isinstance(fitted, Refused):
        out += [*fitted.why.sentences(lang), prior_sentence(scenario, lang)]
    out += filter(
        None,
        [
            bought_sentence(found.result, lang),
            unlimited_sentence(found.result, lang),
            payback_sentence(found.result, lang),
        ],
    )
    if math.isfinite(found.below_one.value):
        out.append(
            say(
                lang,
                "customers.odds",
                one=probability_text(found.below_one, paths, lang),
                three=probability_text(found.below_three, paths, lang),
            )
        )
    if budget is not None and budget.last_worth is not None:
        out.append(say(lang, "customers.last_worth", budget=money(budget.last_worth)))
    return out
