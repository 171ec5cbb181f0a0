"""How the clauses of a contract name a KPI: its number, its target with all digits, its months."""

import math

from funnel_sim.decisions.kpi.check import month_target
from funnel_sim.decisions.quote.kpi_in_contract import monthly_bonuses
from funnel_sim.decisions.quote.worked_examples import Agreed, agreed, named_kpis
from funnel_sim.output.words import formats
from funnel_sim.output.words.kpi import metric_name, metric_unit, sign, value_text, window_text
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def kpi_value(value: float, metric: str, scenario: Scenario, lang: Lang) -> str:
    """Return a value of a metric with all the digits that it has.

    Args:
        value: in the unit of the metric, rates as fractions.
        metric: what is measured, "gmv" or "roas".
    """
    if not math.isfinite(value):
        return formats.NOTHING
    match metric_unit(metric):
        case "money":
            return formats.exact_money(value, scenario.currency, lang)
        case "rate":
            return formats.exact_percent(value)
        case "ratio" | "count":
            return formats.exact(value)
        case _:
            return value_text(value, metric, scenario, lang)


def kpi_number(scenario: Scenario, option: Option, kpi: Kpi) -> int:
    """Return the number under which a contract lists a KPI, from 1."""
    return [one.id for one in named_kpis(scenario, option)].index(kpi.id) + 1


def is_by_month(scenario: Scenario, option: Option, kpi: Kpi) -> bool:
    """Say whether a contract looks at a KPI month by month only: nobody owes its average or its
    total.
    """
    return kpi.window != "total" and kpi.id in monthly_bonuses(option, scenario.kpis)


def kpi_short(scenario: Scenario, option: Option, kpi: Kpi, lang: Lang) -> str:
    """Return a KPI as clauses name it: its number, metric, target and window."""
    target = kpi_value(agreed(scenario, kpi).target, kpi.metric, scenario, lang)
    text = (
        f"{metric_name(kpi.metric, lang)} {sign(kpi)}"
        f" {target}{say(lang, 'kpi.comma')}"
        f"{window_text(kpi, lang, single=is_by_month(scenario, option, kpi))}"
    )
    return say(lang, "clause.kpi", number=kpi_number(scenario, option, kpi), text=text)


def month_value(kpi: Kpi, found: Agreed, scenario: Scenario, lang: Lang) -> str:
    """Return what a single month has to reach, or may reach at most."""
    value = month_target(kpi, found.target)
    return (
        kpi_value(value, kpi.metric, scenario, lang)
        if math.isclose(value, found.target)
        else value_money(value, kpi, scenario, lang)
    )


def value_money(value: float, kpi: Kpi, scenario: Scenario, lang: Lang) -> str:
    """Return a value that was divided or multiplied: money to its smallest unit, all else as usual.

    Args:
        value: in the unit of the KPI's metric, rates as fractions.
    """
    return (
        formats.money(value, scenario.currency, lang)
        if metric_unit(kpi.metric) == "money"
        else value_text(value, kpi.metric, scenario, lang)
    )


def span_text(first: int, last: int, lang: Lang) -> str:
    """Return months in words: one, or from … to.

    Args:
        first: the first month, from 1.
        last: the last month; the same where it is one.
    """
    return (
        say(lang, "clause.span_one", month=first)
        if first == last
        else say(lang, "clause.span", first=first, last=last)
    )
