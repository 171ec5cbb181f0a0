"""Where the KPIs of a review stand, and the stop-loss: in sentences, as tables and workings; the
screen, the documents and the workbook show the same cells.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from funnel_sim.decisions.review.standing import Row as KpiRow
from funnel_sim.decisions.review.standing import Standing, Stop
from funnel_sim.output.words import formats
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.joining import apart, listed, run_on
from funnel_sim.output.words.kpi import (
    counted_name,
    metric_name,
    metric_unit,
    sign,
    value_text,
    window_text,
)
from funnel_sim.output.words.review_dates import date_sentence
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_WORKED = 4  # digits of an amount in a working that is to be computed again


def standing_sentences(found: Standing, scenario: Scenario, lang: Lang) -> list[str]:
    """Return the table of KPIs as sentences, the probability of all, the stop-loss and the
    dates.
    """
    out = ended_sentences(found.ended, lang)
    out += [_row(row, found.month, scenario, lang) for row in found.rows]
    if found.joint is not None:
        chance = formats.percent(found.joint.value, 0)
        out.append(say(lang, "review.standing_all", chance=chance))
    if found.stop is not None:
        out.append(stop_sentence(found.stop, lang))
    return out + [date_sentence(one, lang) for one in found.dates]


def stop_sentence(stop: Stop, lang: Lang) -> str:
    """Return whether the stop-loss was triggered, and when, or how many months in a row lie below
    its line, and from which month on they count.
    """
    told = say(
        lang,
        f"review.stop_{'running' if stop.triggered is None else 'triggered'}",
        share=formats.percent(stop.share, 0),
        running=stop.running,
        ends=stop.ends_after,
        month=stop.triggered or "",
    )
    if not stop.counts_from:
        return told
    since = say(lang, "review.stop_counts", first=stop.first, month=stop.counts_from)
    return run_on((told, since), lang)


@dataclass(frozen=True)
class KpiCells:
    """One KPI's figures as texts: this period's, the target, attainment, year on year, month on
    month; the window's value, target and attainment; its probability ("" where it is settled or
    cannot be told), and what each month that is left must bring.
    """

    now: str
    target: str
    attained: str
    year: str
    before: str
    so_far: str
    window_target: str
    window_attained: str
    chance: str
    rest: str


def kpi_cells(row: KpiRow, scenario: Scenario, lang: Lang) -> KpiCells:
    """Return the figures of a KPI's row, each rounded to the side of its bound that it is on."""
    bounds = (scenario.verdicts.stretch, scenario.verdicts.safe, 1.0)

    unit = metric_unit(row.kpi.metric)

    def show(value: float | None, toward: formats.Direction = "near") -> str:
        if unit == "count" and value is not None and toward == "near":
            return formats.counted(value)
        return formats.figure(value, unit, scenario.shown, scenario.cost_currency, lang, toward)

    def held(value: float | None, target: float) -> str:
        if value is None or show(value) != show(target):
            return show(value)
        low = row.kpi.comparator == "at_least"
        missed = value < target if low else value > target
        return show(value, ("down" if low else "up") if missed else "near")

    def attained(share: float | None) -> str:
        return formats.NOTHING if share is None else within(share, bounds)

    def against(then: float | None) -> str:
        if row.now is None or then is None:
            return formats.NOTHING
        if then > 0:
            return formats.signed_percent(row.now / then - 1)
        gap = row.now - then  # no percentage of a loss has a meaning
        return f"{'+' if gap > 0 else ''}{show(gap)}" if unit in ("money", "count") else "–"

    told = row.probability is not None and not row.decided
    return KpiCells(
        held(row.now, row.target),
        show(row.target),
        attained(row.attained),
        against(row.year_ago),
        against(row.month_ago),
        held(row.so_far, row.window_target),
        show(row.window_target),
        attained(row.window_attained),
        within(row.probability.value, bounds) if told and row.probability is not None else "",
        "" if row.rest is None or row.decided else rest_text(row.rest, row.kpi, scenario, lang),
    )


def rest_text(rest: float, kpi: Kpi, scenario: Scenario, lang: Lang) -> str:
    """Return what each month that is left must bring, rounded so that it meets the target: a count
    to the next whole one.

    Args:
        rest: in the unit of the KPI's metric.
        kpi: what is measured.
        scenario: the store, as typed.
        lang: the language.
    """
    low, unit = kpi.comparator == "at_least", metric_unit(kpi.metric)
    if unit == "count":
        near = round(rest, 6)  # a sum of floats may lie a hair beyond a whole count
        return formats.number(math.ceil(near) if low else math.floor(near))
    toward: formats.Direction = "up" if low else "down"
    return formats.figure(rest, unit, scenario.shown, scenario.cost_currency, lang, toward)


def _row(row: KpiRow, month: str, scenario: Scenario, lang: Lang) -> str:
    cells = kpi_cells(row, scenario, lang)
    parts = [
        say(
            lang,
            "review.standing_row",
            metric=metric_name(row.kpi.metric, lang),
            month=month,
            now=cells.now,
            target=cells.target,
            attained=cells.attained,
            year=cells.year,
            before=cells.before,
        )
    ]
    health = say(lang, f"review.health_{row.health}")
    if row.months_met is not None:
        met, known = row.months_met
        first, last = row.kpi.months
        name = "review.standing_each"
        parts.append(say(lang, name, first=first, last=last, met=met, known=known))
        if cells.chance:
            name = "review.standing_some_month"
            parts.append(say(lang, name, chance=cells.chance, months=row.left))
    elif cells.chance:
        parts.append(say(lang, "review.standing_chance", chance=cells.chance, health=health))
    elif row.probability is not None:
        key = "met" if row.probability.value > 0 else "missed"
        parts.append(
            say(
                lang,
                f"review.standing_{key}",
                window=window_text(row.kpi, lang),
                value=cells.so_far,
                target=cells.window_target,
                attained=cells.window_attained,
                health=health,
            )
        )
    else:
        parts.append(say(lang, "review.standing_untold", health=health))
    if cells.rest:
        parts.append(say(lang, "review.standing_rest", months=row.left, amount=cells.rest))
    return run_on(parts, lang)


def within(share: float, bounds: Sequence[float]) -> str:
    """Return a share as whole percent, rounded to the side of each bound that it is on.

    Args:
        share: the share [fraction].
        bounds: where a verdict changes [fraction].

    Examples:
        >>> within(0.9975, (0.8, 1.0)), within(0.994, (0.8, 1.0)), within(0.996, (0.8,))
        ('99%', '99%', '100%')
    """
    shown = float(formats.half_up(share * 100, 0)) / 100
    if any(share < bound <= shown for bound in bounds):
        return formats.percent(share, 0, "down")
    if any(shown < bound <= share for bound in bounds):
        return formats.percent(share, 0, "up")
    return formats.percent(share, 0)


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
