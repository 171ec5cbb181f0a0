"""The tables of a review of KPIs and of the bill; the screen, the documents and the workbook show
the same cells.
"""

import math
from decimal import Decimal

from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.standing import Row as KpiRow
from funnel_sim.decisions.review.standing import Standing
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import apart, listed
from funnel_sim.output.words.kpi import (
    counted_name,
    metric_name,
    metric_unit,
    sign,
    value_text,
    window_text,
)
from funnel_sim.output.words.review import (
    date_sentence,
    kpi_cells,
    stop_sentence,
)
from funnel_sim.output.words.settlement import pay
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_WORKED = 4  # digits of an amount in a working that is to be computed again


# ---- KPIs


def health_text(health: str, lang: Lang) -> str:
    """Return a KPI's health as sign and word.

    Args:
        health: "good", "watch", "bad", "unknown", "none" or "ended".
    """
    return f"{say(lang, f'review.sign_{health}')} {say(lang, f'review.health_{health}')}"


def kpi_heads(found: Standing, lang: Lang) -> tuple[str, ...]:
    """Return the heads of the usual table: the figures are of the last month, which names them, for
    a review of a quarter has them too.
    """
    names = ("target", "attained", "year", "before", "health")
    heads = (say(lang, f"review.col_{name}") for name in names)
    return (say(lang, "review.col_kpi"), found.month, *heads)


def kpi_rows(found: Standing, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return the usual table: the last month, target, attainment, year on year, month on month,
    health.
    """
    out = []
    for row in found.rows:
        cells = kpi_cells(row, scenario, lang)
        out.append(
            Row(
                row.kpi.metric,
                counted_name(row.kpi, scenario, lang),
                (
                    cells.now,
                    f"{sign(row.kpi)} {cells.target}",
                    cells.attained,
                    cells.year,
                    cells.before,
                    health_text(row.health, lang),
                ),
                tone="bad" if row.health == "bad" else "",
            )
        )
    return out


def window_heads(lang: Lang) -> tuple[str, ...]:
    """Return the heads of the table of windows."""
    names = ("kpi", "window", "so_far", "window_target", "chance", "rest")
    return tuple(say(lang, f"review.col_{name}") for name in names)


def window_rows(found: Standing, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return each KPI's window: so far, its target, the probability, what the rest must bring; the
    probability of all last.
    """
    out = []
    for row in found.rows:
        cells = kpi_cells(row, scenario, lang)
        rest, window, so_far = formats.NOTHING, window_text(row.kpi, lang), cells.so_far
        if row.months_met is not None:
            window = each_month(row, lang)
            met, known = row.months_met
            so_far = say(lang, "review.window_months_met", met=met, known=known)
        if cells.rest:
            rest = say(lang, "review.window_left", amount=cells.rest, months=row.left)
        out.append(
            Row(
                row.kpi.metric,
                counted_name(row.kpi, scenario, lang),
                (
                    window,
                    so_far,
                    f"{sign(row.kpi)} {cells.window_target}",
                    _chance(row, cells.chance, lang),
                    rest,
                ),
            )
        )
    if sum(row.owed for row in found.rows) > 1:
        together = formats.NOTHING
        if found.joint is not None:
            together = formats.percent(found.joint.value, 0)
        blank = ("", "", "")
        out.append(Row("", say(lang, "kpi.together"), (*blank, together, ""), kind="total"))
    return out


def cut_sentences(found: Standing, lang: Lang) -> list[str]:
    """Return of each KPI whose window goes beyond the contract that only its months are counted."""
    return [
        say(
            lang,
            "review.window_cut",
            kpi=metric_name(kpi.metric, lang),
            last=kpi.months[1],
            ends=found.ends,
        )
        for kpi in found.cut
    ]


def each_month(row: KpiRow, lang: Lang) -> str:
    """Return the window of a KPI that is settled month by month."""
    first, last = row.kpi.months
    return say(lang, "review.window_each", first=first, last=last)


def _chance(row: KpiRow, chance: str, lang: Lang) -> str:
    if row.months_met is not None and chance:
        return say(lang, "review.window_some_month", chance=chance, left=row.left)
    if row.months_met is not None and not row.left:
        return formats.NOTHING
    if chance:
        return chance
    if row.probability is None:
        return say(lang, "review.window_untold")
    return say(lang, f"review.window_{'met' if row.probability.value > 0 else 'missed'}")


def kpi_workings(found: Standing, scenario: Scenario, lang: Lang) -> list[str]:
    """Return how each KPI's figures come about, with their numbers, and what the probability is."""
    out = []
    for row in found.rows:
        cells = kpi_cells(row, scenario, lang)
        told = []
        if row.attained is not None:
            low = row.kpi.comparator == "at_least"
            over, under = (cells.now, cells.target) if low else (cells.target, cells.now)
            told.append(
                say(
                    lang,
                    "review.how_kpi",
                    kpi=counted_name(row.kpi, scenario, lang),
                    over=over,
                    under=under,
                    attained=cells.attained,
                )
            )
        for name, then, change in (
            ("year", row.year_ago, cells.year),
            ("before", row.month_ago, cells.before),
        ):
            if then is not None and row.now is not None and change != formats.NOTHING:
                shown = value_text(then, row.kpi.metric, scenario, lang)
                told.append(
                    say(
                        lang,
                        f"review.how_kpi_{name}" + ("" if then > 0 else "_gap"),
                        then=shown,
                        now=cells.now,
                        change=change,
                    )
                )
        if working := _rest_working(row, cells.rest, scenario, lang):
            told.append(working)
        if told:
            out.append(apart(told, lang) + ("。" if lang == "zh" else "."))
    if any(row.probability is not None and not row.decided for row in found.rows):
        out.append(say(lang, "review.how_kpi_chance"))
    return out


def _rest_working(row: KpiRow, rest: str, scenario: Scenario, lang: Lang) -> str:
    """Return how what each month that is left must bring comes about; "" where it is just the
    target.
    """
    first, last = row.kpi.months
    months = last - first + 1
    came = months - row.left
    window = row.kpi.window
    if not rest or window not in ("average", "total") or row.so_far is None:
        return ""
    whole = row.so_far if window == "total" else row.so_far * came

    unit = metric_unit(row.kpi.metric)

    def show(value: float) -> str:
        if unit == "count":
            return formats.counted(value)
        if unit == "money" and value != round(value):
            return formats.exact_money(round(value, _WORKED), scenario.shown, lang)
        return value_text(value, row.kpi.metric, scenario, lang)

    exact = rest if row.rest is None else show(row.rest)
    if exact != rest:
        rest = say(lang, "review.how_kpi_rest_rounded", exact=exact, rest=rest)
    return say(
        lang,
        f"review.how_kpi_rest_{'total' if window == 'total' else 'average'}",
        target=show(row.window_target),
        months=months,
        came=show(whole),
        left=row.left,
        rest=rest,
    )


def stop_lines(found: Standing, scenario: Scenario, lang: Lang) -> list[str]:
    """Return the state of the stop-loss: its line, the months below, how many in a row."""
    stop = found.stop
    if stop is None:
        return [say(lang, "review.stop_none")]
    share = formats.percent(stop.share, 0)
    row = next(one for one in found.rows if one.kpi.id == stop.kpi)
    name = counted_name(row.kpi, scenario, lang)
    line = value_text(row.target * stop.share, row.kpi.metric, scenario, lang)
    out = [
        say(lang, "review.stop_line", share=share, kpi=name, amount=line),
        stop_sentence(stop, lang),
    ]
    early = [one for one in stop.below if stop.counts_from and one < stop.counts_from]
    late = [one for one in stop.below if one not in early]
    if late:
        out.append(say(lang, "review.stop_below", months=listed(late, lang)))
    if early:
        out.append(say(lang, "review.stop_early", months=listed(early, lang)))
    return out


def date_lines(found: Standing, lang: Lang) -> list[str]:
    """Return the days of the contract."""
    if found.ended is not None:
        return [say(lang, "review.dates_ended", month=found.ended.month)]
    if not found.dates:
        return [say(lang, "review.dates_none")]
    return [date_sentence(one, lang) for one in found.dates]


# ---- the bill


def bill_heads(found: Bill, lang: Lang) -> tuple[str, ...]:
    """Return the heads of the bill: the month, each line that is not nothing, what is due, what was
    paid.
    """
    lines = [say(lang, f"quote.line_{name}") for name in shown_lines(found)]
    return (
        say(lang, "review.bill_month_head"),
        *lines,
        say(lang, "review.bill_due"),
        say(lang, "review.bill_paid"),
    )


def shown_lines(found: Bill) -> tuple[str, ...]:
    """Return the lines of a bill that are not nothing in every month."""
    count = len(found.months)
    return tuple(
        name
        for name in found.lines
        if any(found.amount(name, place) != 0 for place in range(1, count + 1))
    )


def bill_rows(found: Bill, lang: Lang) -> list[Row]:
    """Return the bill month by month, all months last."""

    def shown(value: Decimal | None) -> str:
        return pay(value, found, lang)

    names = shown_lines(found)
    out = []
    for place, month in enumerate(found.months, 1):
        paid = float(found.paid[place - 1])
        out.append(
            Row(
                "",
                month,
                (
                    *(shown(found.amount(name, place)) for name in names),
                    shown(found.due(place)),
                    formats.money(paid, found.code, lang)
                    if math.isfinite(paid)
                    else formats.NOTHING,
                ),
            )
        )
    sums: list[str] = []
    for name in names:
        parts = [found.amount(name, place) for place in range(1, len(found.months) + 1)]
        known = [one for one in parts if one is not None]
        sums.append(shown(sum(known, Decimal(0)) if len(known) == len(parts) else None))
    total = (*sums, shown(found.total), shown(found.settled))
    out.append(Row("", say(lang, "review.bill_sum"), total, kind="total"))
    return out
