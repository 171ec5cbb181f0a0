"""The ledger of actual months as a table: a period beside what it is held against."""

import math

from funnel_sim.decisions.review.actuals import Ledger, actual_ledger
from funnel_sim.decisions.review.borrowed import MARGINS, UNIT_COST, example_cost
from funnel_sim.decisions.review.periods import ReviewPeriod
from funnel_sim.model.ledger import LINES, SUBTOTALS
from funnel_sim.output.words import formats
from funnel_sim.output.words.borrowed import marked_name
from funnel_sim.output.words.figure_names import name_of
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.review_drivers import months_text
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def _ledgers(scenario: Scenario, period: ReviewPeriod) -> list[Ledger]:
    every = (period.months, period.before, period.year_ago)
    return [actual_ledger(scenario, months) for months in every if months]


def actual_heads(period: ReviewPeriod, lang: Lang) -> tuple[str, ...]:
    """Return the heads of the ledger: the line, the period, and those before and a year ago that
    are known.
    """
    out = [say(lang, "review.ledger_line"), say(lang, "review.column_now", period=period.name)]
    for key, months in (("before", period.before), ("year", period.year_ago)):
        if months:
            out.append(say(lang, f"review.column_{key}", months=months_text(months)))
    return tuple(out)


def actual_rows(scenario: Scenario, period: ReviewPeriod, lang: Lang) -> list[Row]:
    """Return every line that is not nothing from gross sales to profit, before the agency's fee."""
    ledgers = _ledgers(scenario, period)

    def cells(key: str) -> tuple[list[float], tuple[str, ...]]:
        values = [one.over(key, 1, one.count) for one in ledgers]
        return values, tuple(
            formats.money(value, scenario.shown, lang) if math.isfinite(value) else formats.NOTHING
            for value in values
        )

    cost = (UNIT_COST,) if any(example_cost(scenario, one.months) for one in ledgers) else ()

    def named(key: str) -> str:
        rests = key == "goods_purchase" or key in MARGINS
        return marked_name(name_of(key, lang), cost if rests else (), lang)

    out = []
    for group in SUBTOTALS:
        for line in LINES:
            if line.group != group:
                continue
            values, texts = cells(line.formula.key)
            if any(value != 0 for value in values) or line.formula.key == "gross_sales":
                out.append(Row("", named(line.formula.key), texts))
        out.append(Row("", named(group), cells(group)[1], kind="total"))
    return out


def assumed_note(scenario: Scenario, period: ReviewPeriod, lang: Lang) -> str:
    """Return which lines follow from the scenario's numbers because nobody typed them; "" where
    none do.
    """
    assumed = actual_ledger(scenario, period.months).assumed
    if not assumed:
        return ""
    names = listed([name_of(one, lang) for one in assumed], lang)
    return say(lang, "review.how_lines", lines=names)
