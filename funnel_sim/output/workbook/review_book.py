"""A review as a workbook: every number as it was typed or worked out, the raw months included, and
live formulas where they are simple: attainment, changes, totals, differences.

`review_book` is the file, `review_sheets` its sheets before they are written.
"""

import math
from collections.abc import Sequence

from funnel_sim.decisions.review.reviewed import AGAINST, Reviewed
from funnel_sim.decisions.review.standing import Row as KpiRow
from funnel_sim.model.written import Term, call, when
from funnel_sim.output.words.actual_months import events_by_month
from funnel_sim.output.words.borrowed import marked_name
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.figure_names import name_of
from funnel_sim.output.words.formats import NOTHING
from funnel_sim.output.words.joining import begun
from funnel_sim.output.words.kpi import counted_name, metric_unit, sign, window_text
from funnel_sim.output.words.kpi_baselines import baseline_sentences
from funnel_sim.output.words.review_bill import shown_lines
from funnel_sim.output.words.review_dates import date_lines
from funnel_sim.output.words.review_drivers import (
    against_name,
    driver_name,
    driver_sentence,
    months_text,
    moved_text,
    split_name,
)
from funnel_sim.output.words.review_effect import left_out
from funnel_sim.output.words.review_head import tiles, verdict_of
from funnel_sim.output.words.review_kpis import each_month, health_text, stop_lines
from funnel_sim.output.words.review_leak import (
    benchmark_text,
    channel_words,
    judged_text,
    step_name,
)
from funnel_sim.output.workbook.cells import CellPlace, Sheet, span
from funnel_sim.output.workbook.model_book import LOOKS
from funnel_sim.output.workbook.xlsx_file import written
from funnel_sim.scenario.store_months import MONEY
from funnel_sim.words import Lang, say

SHEETS = ("review", "kpis", "drivers", "steps", "effect", "bill", "months")
_VALUES = "simulation"
"""What kind of sheets these are: of values, without inputs."""
_NOT_SUMMED = frozenset({"average_price"})


def review_book(found: Reviewed, lang: Lang) -> bytes:
    """Return the workbook of a review as an XLSX file; the same review gives the same bytes.

    Args:
        found: the review.
        lang: the language.
    """
    return written(found.scenario, review_sheets(found, lang), lang)


def review_sheets(found: Reviewed, lang: Lang) -> list[Sheet]:
    """Return the sheets, in their order; those of answers that there are not are left out.

    Args:
        found: the review.
        lang: the language.
    """
    made = {key: Sheet(_VALUES, say(lang, f"review.sheet_{key}")) for key in SHEETS}
    _review(found, made["review"], lang)
    _kpis(found, made["kpis"], lang)
    _drivers(found, made["drivers"], lang)
    _steps(found, made["steps"], lang)
    _effect(found, made["effect"], lang)
    _bill(found, made["bill"], lang)
    _months(found, made["months"], lang)
    return [sheet for sheet in made.values() if sheet.cells]


def _head(sheet: Sheet, row: int, names: Sequence[str], words: int = 1) -> None:
    """Write the heads of a table; all but the first columns stand to the right."""
    for column, text in enumerate(names):
        sheet.put(row, column, text, "head right" if column >= words else "head")


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _over(above: CellPlace | None, below: CellPlace | None) -> Term | None:
    """Return one cell over another as a formula; None where one is not known or below is zero."""
    if above is None or below is None or not below.value:
        return None
    return above / below


def _put_change(
    sheet: Sheet,
    row: int,
    column: int,
    now: CellPlace | None,
    then: CellPlace | None,
    look: str,
) -> None:
    """Write a change in percent; against a figure of zero or less, of which no percentage has a
    meaning, the difference.
    """
    if now is None or then is None:
        sheet.put(row, column, None, "rate")
    elif float(then.value) > 0:
        sheet.put(row, column, when(then > 0.0, now / then - 1.0, NOTHING), "rate")
    else:
        sheet.put(row, column, now - then, look)


def _put(sheet: Sheet, row: int, column: int, value: float | None, look: str) -> CellPlace | None:
    """Write a number; return its cell, None where there is no number."""
    known = _number(value)
    place = sheet.put(row, column, known, look)
    return None if known is None else place


def _derived(sheet: Sheet, row: int, column: int, formula: Term | None, look: str) -> None:
    sheet.put(row, column, formula, look)


def _review(found: Reviewed, sheet: Sheet, lang: Lang) -> None:
    sheet.put(0, 0, say(lang, "review.report_title", period=found.period.name), "title")
    sheet.put(1, 0, found.scenario.name or found.scenario.preset or "", "lead")
    sheet.put(3, 0, say(lang, f"review.head_{found.state}"), "strong")
    sheet.put(4, 0, verdict_of(found, lang), "wrap")
    row = 6
    for tile in tiles(found, lang):
        sheet.put(row, 0, tile.name, "strong")
        sheet.put(row, 1, tile.value, "right")
        sheet.put(row, 2, " · ".join(tile.more), "wrap")
        row += 1
    row += 1
    heads = [
        say(lang, "review.figure"),
        say(lang, "review.column_now", period=found.period.name),
        months_text(found.period.before) if found.period.before else NOTHING,
        months_text(found.period.year_ago) if found.period.year_ago else NOTHING,
        say(lang, "review.book_change_before"),
        say(lang, "review.book_change_year"),
    ]
    _head(sheet, row, heads)
    for one in found.figures:
        row += 1
        look = "count" if one.key == "paid_orders" else "money"
        sheet.put(row, 0, marked_name(name_of(one.key, lang), one.assumed, lang))
        now, before, year = (
            _put(sheet, row, column, value, look)
            for column, value in enumerate((one.now, one.before, one.year_ago), 1)
        )
        for column, then in ((4, before), (5, year)):
            _put_change(sheet, row, column, now, then, look)
    row += 2
    sheet.put(row, 0, say(lang, "review.book_lead"), "wrap lead")
    sheet.widths = {0: 64, 1: 20, 2: 34, 3: 20, 4: 18, 5: 18}


def _kpis(found: Reviewed, sheet: Sheet, lang: Lang) -> None:
    stand = found.standing
    if stand is None or not stand.rows:
        return
    sheet.put(0, 0, say(lang, "review.kpi_table", month=stand.month), "title")
    heads = [say(lang, "review.col_kpi"), stand.month]
    heads += [say(lang, f"review.col_{name}") for name in ("target", "attained")]
    heads += [say(lang, "review.book_year_ago"), say(lang, "review.book_month_ago")]
    heads += [
        say(lang, f"review.col_{name}")
        for name in ("year", "before", "health", "window", "so_far", "window_target", "chance",
                     "rest")
    ]  # fmt: skip
    _head(sheet, 2, heads)
    for row, one in enumerate(stand.rows, 3):
        _kpi(one, found, sheet, row, lang)
    row = 4 + len(stand.rows)
    if stand.joint is not None:
        sheet.put(row, 0, say(lang, "kpi.together"), "strong")
        _put(sheet, row, 12, stand.joint.value, "rate")
    for place, text in enumerate(
        [
            *ended_sentences(stand.ended, lang),
            *baseline_sentences(stand, found.scenario, lang),
            *stop_lines(stand, found.scenario, lang),
            *date_lines(stand, lang),
        ],
        row + 2,
    ):
        sheet.put(place, 0, text)
    sheet.widths = {0: 44, **dict.fromkeys(range(1, 8), 16), 8: 14, 9: 26,
                    **dict.fromkeys(range(10, 14), 18)}  # fmt: skip
    sheet.freeze = (3, 1)


def _kpi(one: KpiRow, found: Reviewed, sheet: Sheet, row: int, lang: Lang) -> None:
    look = LOOKS.get(metric_unit(one.kpi.metric), "count")
    sheet.put(row, 0, f"{counted_name(one.kpi, found.scenario, lang)} ({sign(one.kpi)})")
    now = _put(sheet, row, 1, one.now, look)
    target = _put(sheet, row, 2, one.target, look)
    low = one.kpi.comparator == "at_least"
    shown = one.attained is not None
    attained = _over(now, target) if low else _over(target, now)
    _derived(sheet, row, 3, attained if shown else None, "rate")
    year = _put(sheet, row, 4, one.year_ago, look)
    before = _put(sheet, row, 5, one.month_ago, look)
    for column, then in ((6, year), (7, before)):
        _put_change(sheet, row, column, now, then, look)
    sheet.put(row, 8, health_text(one.health, lang))
    if one.months_met is None:
        sheet.put(row, 9, window_text(one.kpi, lang))
        _put(sheet, row, 10, one.so_far, look)
    else:
        met, known = one.months_met
        sheet.put(row, 9, each_month(one, lang))
        sheet.put(row, 10, say(lang, "review.window_months_met", met=met, known=known))
    _put(sheet, row, 11, one.window_target, look)
    _put(sheet, row, 12, None if one.probability is None else one.probability.value, "rate")
    _put(sheet, row, 13, one.rest, look)


def _drivers(found: Reviewed, sheet: Sheet, lang: Lang) -> None:
    row = 0
    for against in AGAINST:
        for split in found.changes.get(against, {}).values():
            look = "count" if split.figure == "paid_orders" else "money"
            figure = split_name(split, lang)
            title = f"{against_name(against, found.period, lang)} · {figure}"
            sheet.put(row, 0, title, "group")
            if split.lacks:
                sheet.put(row + 1, 0, driver_sentence(split, found.scenario, lang), "wrap")
                row += 3
                continue
            before = sheet.put(row + 1, 1, split.before, look)
            sheet.put(row + 1, 0, say(lang, "review.book_first"))
            after = sheet.put(row + 2, 1, split.after, look)
            sheet.put(row + 2, 0, say(lang, "review.book_second"))
            row += 3
            places: list[Term] = []
            for part in split.parts:
                sheet.put(row, 0, driver_name(part.driver, found.scenario, lang))
                places.append(sheet.put(row, 1, part.amount, look))
                sheet.put(row, 2, moved_text(part.driver, found.scenario, lang), "wrap")
                row += 1
            change = sheet.put(row, 1, after - before, f"{look} sum")
            sheet.put(row, 0, say(lang, "review.change_total"), "sum")
            if places:
                total = math.fsum(part.amount for part in split.parts)
                summed = call("SUM", [span(places)], total)
                sheet.put(row + 1, 0, say(lang, "review.book_check"), "quiet")
                sheet.put(row + 1, 1, change - summed, f"{look} quiet")
            row += 3
    sheet.widths = {0: 60, 1: 20, 2: 90}


def _steps(found: Reviewed, sheet: Sheet, lang: Lang) -> None:
    leaks = found.leaks
    if leaks is None or not leaks.steps:
        return
    names = ("counts_now", "out_of_now", "counts_base", "out_of_base", "season")
    heads = [say(lang, "review.col_step")]
    heads += [say(lang, f"review.book_{name}") for name in names]
    heads += [
        say(lang, f"review.{name}")
        for name in ("col_rate_now", "col_baseline", "book_rate_check", "col_loss", "col_judged",
                     "col_benchmark")
    ]  # fmt: skip
    sheet.put(0, 0, say(lang, "review.report_h_leak"), "title")
    _head(sheet, 2, heads)
    for row, one in enumerate(leaks.steps, 3):
        sheet.put(row, 0, step_name(one.step, one.channel, found.scenario, lang))
        counts = (one.rate.now_of, one.rate.now_out_of, one.rate.base_of, one.rate.base_out_of)
        of, out_of, base_of, base_out_of = (
            sheet.put(row, column, float(values.sum()), "count")
            for column, values in enumerate(counts, 1)
        )
        season = sheet.put(row, 5, one.rate.season, "ratio")
        now = sheet.put(row, 6, of / out_of, "rate")
        baseline = sheet.put(row, 7, base_of / base_out_of * season, "rate")
        sheet.put(row, 8, now / baseline, "ratio")
        _put(sheet, row, 9, one.money, "money")
        sheet.put(row, 10, judged_text(one, lang))
        sheet.put(row, 11, benchmark_text(one.typical, lang))
    sheet.widths = {0: 34, **dict.fromkeys(range(1, 10), 15), 10: 22, 11: 30}
    sheet.freeze = (3, 1)


def _effect(found: Reviewed, sheet: Sheet, lang: Lang) -> None:
    effect, one = found.effect, found.effect.found
    if one is None:
        return
    figure = say(lang, f"history.figure_{effect.figure}")
    sheet.put(0, 0, say(lang, "review.effect_title", figure=begun(figure)), "title")
    heads = [say(lang, "review.col_month"), say(lang, "review.col_came")]
    heads += [f"{say(lang, 'review.line_alone')} {name}" for name in ("P10", "P50", "P90")]
    heads += [say(lang, "review.book_effect_middle"), say(lang, "review.col_marked")]
    _head(sheet, 2, heads)
    look = "money" if effect.figure == "gmv" else "count"
    marks = events_by_month(found.scenario, lang, notes=True)
    for place, month in enumerate(effect.months):
        row = 3 + place
        sheet.put(row, 0, month)
        came = _put(sheet, row, 1, effect.came[place], look)
        alone = [_put(sheet, row, 2 + n, float(line[place]), look) for n, line in
                 enumerate(one.alone)]  # fmt: skip
        ratio = _over(came, alone[1])
        gone = month in effect.not_judged
        _derived(sheet, row, 5, None if ratio is None or gone else ratio - 1.0, "rate")
        told = [marks.get(month, ""), left_out(effect, month, lang)]
        sheet.put(row, 6, " · ".join(text for text in told if text))
    row = 4 + len(effect.months)
    sheet.put(row, 0, say(lang, "review.effect_all"), "strong")
    for column, value in enumerate(one.whole, 2):
        _put(sheet, row, column, value, "rate")
    sheet.put(row + 1, 0, say(lang, "review.book_above_zero"), "strong")
    _put(sheet, row + 1, 3, one.above_zero, "rate")
    sheet.widths = {0: 40, **dict.fromkeys(range(1, 6), 18), 6: 30}
    sheet.freeze = (3, 1)


def _bill(found: Reviewed, sheet: Sheet, lang: Lang) -> None:
    bill = found.bill
    if bill is None:
        return
    names = shown_lines(bill)
    sheet.put(0, 0, f"{say(lang, 'review.report_h_bill')} ({bill.code})", "title")
    heads = [say(lang, "review.bill_month_head")]
    heads += [say(lang, f"quote.line_{name}") for name in names]
    heads += [say(lang, "review.bill_due"), say(lang, "review.bill_paid")]
    _head(sheet, 2, heads)
    columns: list[list[Term | None]] = [[] for _ in heads[1:]]
    for place, month in enumerate(bill.months, 1):
        row, due = 2 + place, bill.due(place)
        sheet.put(row, 0, month)
        cells: list[CellPlace | None] = []
        for column, name in enumerate(names, 1):
            amount = bill.amount(name, place)
            cells.append(
                _put(sheet, row, column, None if amount is None else float(amount), "count")
            )
        known = [cell for cell in cells if cell is not None]
        at = len(names) + 1
        if due is None or not known:
            cells.append(_put(sheet, row, at, None if due is None else float(due), "count"))
        else:
            cells.append(sheet.put(row, at, call("SUM", [span(known)], float(due)), "count"))
        cells.append(_put(sheet, row, at + 1, float(bill.paid[place - 1]), "count"))
        for column, cell in enumerate(cells):
            columns[column].append(cell)
    row = 3 + len(bill.months)
    sheet.put(row, 0, say(lang, "review.bill_sum"), "sum")
    sums: list[CellPlace | None] = []
    for column, parts in enumerate(columns, 1):
        known_parts = [one for one in parts if one is not None]
        paid = column == len(columns)
        if not known_parts or (len(known_parts) < len(parts) and not paid):
            sums.append(_put(sheet, row, column, 0.0 if paid else None, "count sum"))
            continue
        value = math.fsum(float(one.value) for one in known_parts)
        first = _cell(sheet, 3, column)
        last = _cell(sheet, 2 + len(bill.months), column)
        sums.append(sheet.put(row, column, call("SUM", [span([first, last])], value), "count sum"))
    sheet.put(row + 1, 0, say(lang, "review.bill_balance"), "strong")
    total, settled = sums[-2], sums[-1]
    owed = None if total is None or settled is None else total - settled
    sheet.put(row + 1, len(heads) - 2, owed, "count strong")
    sheet.widths = {0: 26, **dict.fromkeys(range(1, len(heads)), 18)}
    sheet.freeze = (3, 1)


def _cell(sheet: Sheet, row: int, column: int) -> CellPlace:
    """Return a cell that stands already, for the ends of a range."""
    return CellPlace(sheet, row, column, 0.0)


def _months(found: Reviewed, sheet: Sheet, lang: Lang) -> None:
    """Write every figure of the series as it was typed, that of the store and of each channel, with
    the sums since the engagement began.
    """
    history = found.scenario.history
    names = history.names()
    sheet.put(0, 0, say(lang, "review.report_h_months"), "title")
    sheet.put(1, 0, say(lang, "review.book_months_lead", mark=history.engagement_from), "lead")
    series: list[tuple[str, str]] = [(figure, "") for figure in history.figures()]
    series += [(figure, one.channel) for one in history.by_channel for figure in one.figures()]
    heads = [say(lang, "review.col_month"), say(lang, "review.book_role")]
    for figure, channel in series:
        label = say(lang, f"history.figure_{figure}")
        heads.append(
            say(
                lang,
                "review.of_channel",
                name=label,
                channel=channel_words(channel, found.scenario, lang),
            )
            if channel
            else label
        )
    heads.append(say(lang, "review.col_marked"))
    _head(sheet, 3, heads, 2)
    first, mark = 4, history.before_mark()
    marks = events_by_month(found.scenario, lang, notes=True)
    for place, month in enumerate(names):
        row = first + place
        sheet.put(row, 0, month)
        role = "before" if place < mark else "since"
        role = "in_period" if month in found.period.months else role
        sheet.put(row, 1, say(lang, f"review.book_{role}"))
        for column, (figure, channel) in enumerate(series, 2):
            value = history.of(figure, [month], channel)[0]
            if not math.isnan(value):
                sheet.put(row, column, value, "money" if figure in MONEY else "count")
        sheet.put(row, 2 + len(series), marks.get(month, ""))
    row = first + len(names)
    sheet.put(row, 0, say(lang, "review.book_sum_since"), "sum")
    for column, (figure, channel) in enumerate(series, 2):
        if figure in _NOT_SUMMED:
            continue
        values = history.of(figure, names[mark:], channel)
        total = math.fsum(value for value in values if not math.isnan(value))
        ends = [_cell(sheet, first + mark, column), _cell(sheet, row - 1, column)]
        look = "money sum" if figure in MONEY else "count sum"
        sheet.put(row, column, call("SUM", [span(ends)], total), look)
    sheet.widths = {0: 26, 1: 14, **dict.fromkeys(range(2, len(heads)), 16)}
    sheet.freeze = (4, 2)
