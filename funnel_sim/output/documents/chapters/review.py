"""The chapters of a review: its first page, then the detail of each answer."""

import math
from collections.abc import Sequence
from decimal import Decimal

from funnel_sim.decisions.review.drivers import FIGURES, Split, is_advised
from funnel_sim.decisions.review.reviewed import AGAINST, Against, Reviewed
from funnel_sim.decisions.review.settlement import settled
from funnel_sim.output.charts.ledger import waterfall_room
from funnel_sim.output.charts.review import data_alone, data_change, spec_alone, spec_change
from funnel_sim.output.documents.blocks import (
    Block,
    Chart,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Points,
    TableBlock,
)
from funnel_sim.output.documents.chapters.parts import low, spread
from funnel_sim.output.words import formats
from funnel_sim.output.words.actual_months import converted_sentences
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.joining import begun, listed
from funnel_sim.output.words.kpi import metric_name
from funnel_sim.output.words.kpi_baselines import baseline_sentences
from funnel_sim.output.words.review_bill import bill_heads, bill_rows, bill_sentences
from funnel_sim.output.words.review_dates import date_lines
from funnel_sim.output.words.review_drivers import (
    against_name,
    driver_heads,
    driver_name,
    driver_rows,
    driver_sentence,
    figure_text,
    promise_sentence,
    sides_of,
    split_name,
    told_parts,
)
from funnel_sim.output.words.review_effect import (
    drop_sentence,
    effect_heads,
    effect_rows,
    effect_sentences,
    effect_workings,
    extra_sentences,
)
from funnel_sim.output.words.review_head import STATE_TONES, tiles, verdict_of
from funnel_sim.output.words.review_kpis import (
    cut_sentences,
    kpi_heads,
    kpi_rows,
    kpi_workings,
    stop_lines,
    window_heads,
    window_rows,
)
from funnel_sim.output.words.review_leak import (
    channel_words,
    leak_sentences,
    leak_title,
    step_heads,
    step_name,
    step_rows,
    step_workings,
)
from funnel_sim.output.words.settlement import lack_sentences, working_sentences
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.store_months import MONEY
from funnel_sim.words import Lang, say

_LEAKS = 2
_BLANK = 1
_MONTHS = ("gmv", "orders", "visits", "ad_spend", "refunds", "units")
"""Figures of the months that a page has room for; the workbook holds all."""
_MOST_LINES = 6


def first_page(found: Reviewed, lang: Lang) -> list[Block]:
    """Return the page to read in a meeting: verdict, three figures, what leaked, what drove it,
    what is owed, and the list to fill in.
    """
    word = say(lang, f"review.head_{found.state}")
    out: list[Block] = [
        Heading(say(lang, "review.report_h_first", period=found.period.name)),
        *(
            Note(told, say(lang, "review.report_why"), "bad")
            for error in found.problems
            for told in error.sentences(lang)
        ),
        Note(verdict_of(found, lang), word, STATE_TONES[found.state]),
        KeyFigures(
            tuple((tile.name, tile.value, (" · ").join(tile.more)) for tile in tiles(found, lang))
        ),
    ]
    if found.period.part:
        months = listed(found.period.months, lang)
        out.append(Paragraph(say(lang, "review.part_of_quarter", months=months), small=True))
    for key, told in (
        ("leaked", leaked(found, lang)),
        ("drove", drove(found, lang)),
        ("owed", owed(found, lang)),
    ):
        out += [Heading(say(lang, f"review.report_h_{key}"), 2), Points(tuple(told))]
    return [*out, Heading(say(lang, "review.report_h_lists"), 2), *lists(found, lang)]


def leaked(found: Reviewed, lang: Lang) -> list[str]:
    """Return the largest leaks in short: the causes of the first, those of all in its chapter."""
    if found.leaks is None:
        return [say(lang, "review.leak_short")]
    return leak_sentences(found.leaks, found.scenario, lang, causes=1)[:_LEAKS]


def main_change(found: Reviewed) -> tuple[Against, Split] | None:
    """Return the change of the profit that stands first, and what it is against: the months before,
    else the first that is known.
    """
    known = [
        (against, found.changes[against]["profit"])
        for against in AGAINST
        if against in found.changes and not found.changes[against]["profit"].lacks
    ]
    return known[0] if known else None


def drove(found: Reviewed, lang: Lang) -> list[str]:
    """Return what drove the change of the profit."""
    main = main_change(found)
    if main is None:
        lacking = [one["profit"] for one in found.changes.values() if one["profit"].lacks]
        if lacking:
            return [driver_sentence(lacking[0], found.scenario, lang)]
        return [say(lang, "review.report_no_drivers")]
    against, split = main
    head = against_name(against, found.period, lang)
    colon = say(lang, "contract.colon")
    return [f"{head}{colon}{driver_sentence(split, found.scenario, lang)}"]


def owed(found: Reviewed, lang: Lang) -> list[str]:
    """Return what is owed in short, and the days for notice."""
    if found.bill is None:
        return [say(lang, "review.report_no_contract")]
    out = [total_sentence(found, lang)]
    if found.standing is not None:
        out += date_lines(found.standing, lang)[:1] if found.standing.dates else []
    return out


def total_sentence(found: Reviewed, lang: Lang) -> str:
    """Return the bill's total, what was paid, what is still owed or overpaid."""
    bill = found.bill
    if bill is None:
        return ""

    def pay(value: Decimal | None) -> str:
        return formats.NOTHING if value is None else formats.money(float(value), bill.code, lang)

    over = bill.balance is not None and bill.balance < 0
    return say(
        lang,
        "review.bill_total_over" if over else "review.bill_total",
        total=pay(bill.total),
        paid=pay(bill.settled),
        balance=pay(None if bill.balance is None else abs(bill.balance)),
    )


def list_rows(found: Reviewed, lang: Lang) -> list[tuple[str, str, str, str]]:
    """Return the list to fill in: what is suggested first, then empty lines."""
    stop: list[str] = []
    change: list[str] = []
    if found.leaks is not None:
        stop = [
            say(
                lang,
                "review.list_suggest_stop",
                channel=channel_words(one.channel, found.scenario, lang),
            )
            for one in found.leaks.costly[:1]
        ]
        change = [
            say(
                lang,
                "review.list_suggest_change",
                step=step_name(one.step, one.channel, found.scenario, lang),
                next=say(lang, f"review.causes_{one.step}"),
            )
            for one in found.leaks.broken[:1]
        ]
    stand = found.standing
    if stand is not None and stand.stop is not None and stand.stop.triggered is not None:
        change.append(say(lang, "review.list_suggest_talk"))
    # the first page has room for one kind: what leaks says most
    go_on, more = ([], []) if stop or change else _from_the_rest(found, lang)
    out = []
    for name, told in (("stop", stop), ("continue", go_on), ("change", [*change, *more])):
        word = say(lang, f"review.list_{name}")
        out += [(word, (" · ").join(told), "", "")] if told else []  # a page holds few rows
        out += [(word, "", "", "")] * _BLANK
    return out


def _from_the_rest(found: Reviewed, lang: Lang) -> tuple[list[str], list[str]]:
    """Return what effect, drivers, KPIs and bill suggest: to continue, and to change."""
    go_on: list[str] = []
    change: list[str] = []
    if found.effect.verdict == "worked" and found.effect.found is not None:
        middle = formats.signed_percent(found.effect.found.whole[1])
        go_on.append(say(lang, "review.list_suggest_works", middle=middle))
    main = main_change(found)
    leaking = found.leaks is not None and bool(found.leaks.broken)  # it says more than a driver
    for out, sign in ((go_on, 1), (change, -1)):
        if main is None or out or (sign < 0 and leaking):
            continue
        split = main[1]
        for part in told_parts(split)[0]:  # the rows of the table, by the same names
            if part.amount * sign > 0 and is_advised(part.driver):
                key = "raised" if sign > 0 else "lowered"
                amount = figure_text(split, part.amount, found.scenario, lang)
                name = driver_name(part.driver, found.scenario, lang)
                out.append(say(lang, f"review.list_suggest_{key}", driver=name, amount=amount))
                break
    rows = () if found.standing is None else found.standing.rows
    for out, health in ((go_on, "good"), (change, "bad")):
        names = [metric_name(one.kpi.metric, lang) for one in rows if one.health == health]
        if names:
            kpis = listed(list(dict.fromkeys(names)), lang)
            out.append(say(lang, f"review.list_suggest_kpis_{health}", kpis=kpis))
    bill = found.bill
    if bill is not None and bill.balance is not None and bill.balance < 0:
        amount = formats.money(float(-bill.balance), bill.code, lang)
        change.append(say(lang, "review.list_suggest_overpaid", amount=amount))
    return go_on, change


def list_heads(lang: Lang) -> tuple[str, str, str, str]:
    """Return the heads of the list to fill in."""
    what, who, until = (say(lang, f"review.list_{name}") for name in ("what", "who", "until"))
    return ("", what, who, until)


def lists(found: Reviewed, lang: Lang) -> list[Block]:
    """Return the list to fill in as a table."""
    rows = tuple(list_rows(found, lang))
    table = TableBlock(list_heads(lang), rows, (0.12, 0.58, 0.14, 0.16))
    return [table, Paragraph(say(lang, "review.list_note"), small=True)]


# ---- detail


def _table(
    heads: Sequence[str],
    rows: Sequence[Row],
    widths: tuple[float, ...],
    words: Sequence[int] = (),
    title: str = "",
) -> TableBlock:
    """Return a table of figures: all columns but the first and those of words stand to the
    right.
    """
    return TableBlock(
        tuple(heads),
        tuple((row.name, *row.cells) for row in rows),
        widths,
        numbers=tuple(n for n in range(1, len(heads)) if n not in words),
        totals=frozenset(n for n, row in enumerate(rows) if row.kind == "total"),
        bad=frozenset(n for n, row in enumerate(rows) if row.tone == "bad"),
        title=title,
    )


def standing_chapter(found: Reviewed, lang: Lang) -> list[Block]:
    """Return where the KPIs stand, the stop-loss, the days to keep."""
    stand = found.standing
    if stand is None:
        return []
    out: list[Block] = [Heading(say(lang, "review.report_h_kpis"))]
    if not stand.rows:
        out.append(Paragraph(say(lang, "review.slide_kpis_none")))
    else:
        out += [Paragraph(one) for one in ended_sentences(stand.ended, lang)]
        bounds = found.scenario.verdicts
        heads, title = kpi_heads(stand, lang), say(lang, "review.kpi_table", month=stand.month)
        out.append(
            _table(heads, kpi_rows(stand, found.scenario, lang),
                   (0.25, 0.14, 0.16, 0.1, 0.11, 0.11, 0.13), (6,), title)
        )  # fmt: skip
        note = say(
            lang,
            "review.kpi_table_note",
            safe=formats.percent(bounds.safe, 0),
            stretch=formats.percent(bounds.stretch, 0),
        )
        out.append(Paragraph(note, small=True))
        out += [Paragraph(one) for one in baseline_sentences(stand, found.scenario, lang)]
        out.append(
            _table(window_heads(lang), window_rows(stand, found.scenario, lang),
                   (0.22, 0.17, 0.14, 0.15, 0.12, 0.2), (1,), say(lang, "review.window_table"))
        )  # fmt: skip
        out += [Paragraph(one, small=True) for one in cut_sentences(stand, lang)]
        out += [
            Heading(say(lang, "review.how"), 2),
            Points(tuple(kpi_workings(stand, found.scenario, lang))),
        ]
    out += [
        Heading(say(lang, "review.stop_title"), 2),
        Points(tuple(stop_lines(stand, found.scenario, lang))),
        Heading(say(lang, "review.dates_title"), 2),
        Points(tuple(date_lines(stand, lang))),
    ]
    return out


def change_chapter(found: Reviewed, lang: Lang) -> list[Block]:
    """Return what drove the change, against everything that is known: the first with its chart, the
    others in sentences and a table.
    """
    if not found.changes:
        return []
    out: list[Block] = [
        Heading(say(lang, "review.report_h_change")),
        Paragraph(say(lang, "review.change_note"), small=True),
    ]
    for place, (against, splits) in enumerate(found.changes.items()):
        first, second = sides_of(found.scenario, found.period, against, lang)
        name = against_name(against, found.period, lang)
        out.append(Heading(say(lang, "review.of_sides", name=name, one=first, two=second), 2))
        told = [driver_sentence(splits[key], found.scenario, lang) for key in FIGURES[::-1]]
        out.append(Points(tuple(told)))
        split = splits["profit"]
        if split.lacks:
            continue
        if not place:
            out.append(_waterfall(found, against, split, lang))
        out.append(
            _table(
                driver_heads(lang),
                driver_rows(split, found.scenario, lang),
                (0.24, 0.16, 0.1, 0.5),
                (3,),
                split_name(split, lang),
            )
        )
        if against == "plan":
            out.append(Paragraph(say(lang, "review.plan_note"), small=True))
            if told_promise := promise_sentence(splits, found.option, found.scenario, lang):
                out.append(Paragraph(told_promise, small=True))
    return out


def _waterfall(found: Reviewed, against: Against, split: Split, lang: Lang) -> Chart:
    names = sides_of(found.scenario, found.period, against, lang)
    data = data_change(split, names, found.scenario, lang)
    axis = formats.axis("money", found.scenario.shown, lang)
    told = {"figure": split_name(split, lang), "first": names[0], "second": names[1]}
    spec = spec_change(lang, "light", axis, waterfall_room(data))
    return Chart(spec, data, say(lang, "review.change_title", **told))


def leak_chapter(found: Reviewed, lang: Lang) -> list[Block]:
    """Return where it leaks, step by step, with how each was judged."""
    leaks = found.leaks
    if leaks is None:
        return []
    out: list[Block] = [
        Heading(say(lang, "review.report_h_leak")),
        Points(tuple(leak_sentences(leaks, found.scenario, lang))),
    ]
    if leaks.steps:
        season = "leak_seasonal" if leaks.seasonal else "leak_not_seasonal"
        note = f"{say(lang, 'review.leak_note')} {say(lang, f'review.{season}')}"
        out += [
            _table(step_heads(lang), step_rows(leaks, found.scenario, lang),
                   (0.2, 0.1, 0.1, 0.19, 0.13, 0.12, 0.16), (5, 6), leak_title(leaks, lang)),
            Paragraph(note, small=True),
            Heading(say(lang, "review.how"), 2),
            Points(tuple(step_workings(leaks, found.scenario, lang))),
        ]  # fmt: skip
    return out


def effect_chapter(found: Reviewed, lang: Lang) -> list[Block]:
    """Return whose doing it is: chart, months, sentences."""
    effect, scenario = found.effect, found.scenario
    head, *rest = effect_sentences(effect, scenario, lang)
    told = [*rest, *extra_sentences(effect, scenario, lang)]
    if drop := drop_sentence(found.dropped, scenario, lang):
        told.append(drop)
    out: list[Block] = [
        Heading(say(lang, "review.report_h_effect")),
        Note(head),
        Points(tuple(told)),
    ]
    if effect.found is not None:
        unit = "money" if effect.figure == "gmv" else "count"
        label = say(lang, f"history.figure_{effect.figure}")
        out.append(
            Chart(
                low(spec_alone(lang, "light", formats.axis(unit, scenario.shown, lang))),
                data_alone(effect, scenario, lang),
                say(lang, "review.effect_title", figure=begun(label)),
                say(lang, "review.effect_chart_note"),
            )
        )
        out.append(
            _table(effect_heads(lang), effect_rows(effect, scenario, lang),
                   (0.13, 0.17, 0.25, 0.27, 0.18), (4,), say(lang, "review.effect_months"))
        )  # fmt: skip
        out.append(Points(tuple(effect_workings(effect, scenario, lang))))
    return out


def bill_chapter(found: Reviewed, lang: Lang) -> list[Block]:
    """Return the bill month by month, its workings, and what other definitions would make of it."""
    bill = found.bill
    if bill is None:
        return []
    scenario = found.scenario
    out: list[Block] = [Heading(say(lang, "review.report_h_bill"))]
    told = bill_sentences(bill, found.others, scenario, lang)
    heads = bill_heads(bill, lang)
    if len(heads) <= _MOST_LINES + 3:
        out.append(_table(heads, bill_rows(bill, lang), spread(0.13, len(heads))))
        out.append(Paragraph(total_sentence(found, lang)))
    else:
        out.append(Points(tuple(told[: len(told) - len(found.others)])))
    out += [Paragraph(one) for one in lack_sentences(bill, lang)]
    working = working_sentences(settled(bill), scenario, lang)
    if working:
        out += [Heading(say(lang, "review.bill_workings"), 2), Points(tuple(working))]
    if found.others:
        others = told[len(told) - len(found.others) :]
        out += [Heading(say(lang, "review.bill_otherwise"), 2), Points(tuple(others))]
    return out


def months_chapter(found: Reviewed, lang: Lang) -> list[Block]:
    """Return the main figures of the months as they were typed."""
    history, scenario = found.scenario.history, found.scenario
    names = history.names()
    figures = [one for one in _MONTHS if one in history.figures()]

    def show(figure: str, value: float) -> str:
        if math.isnan(value):
            return formats.NOTHING
        if figure in MONEY:
            return formats.whole_money(value, scenario.shown, lang)
        return formats.number(value)

    rows = []
    for place, month in enumerate(names):
        cells = [show(one, history.of(one, names)[place]) for one in figures]
        role = "before" if place < history.before_mark() else "since"
        role = "in_period" if month in found.period.months else role
        rows.append(Row("", month, (say(lang, f"review.book_{role}"), *cells)))
    heads = [
        say(lang, "review.col_month"),
        say(lang, "review.book_role"),
        *(say(lang, f"history.figure_{one}") for one in figures),
    ]
    return [
        Heading(say(lang, "review.report_h_months")),
        _table(heads, rows, spread(0.12, len(heads)), (1,)),
        *(Paragraph(one, small=True) for one in converted_sentences(history, lang)),
    ]
