"""A review in sentences: the effect, the leaks, what drove the change, where the KPIs stand, what
is owed.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from funnel_sim.decisions.review.ad_budget import AdBudget
from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.drivers import Driver, Split
from funnel_sim.decisions.review.effect import Effect
from funnel_sim.decisions.review.leak import Leaks, Step
from funnel_sim.decisions.review.otherwise import Otherwise
from funnel_sim.decisions.review.standing import Date, Row, Standing, Stop
from funnel_sim.output.words import formats
from funnel_sim.output.words.actual_months import events_by_month
from funnel_sim.output.words.borrowed import cost_mark, marked_name
from funnel_sim.output.words.clauses import basis_words, counted_words
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.output.words.joining import begun, listed, run_on
from funnel_sim.output.words.kpi import metric_name, metric_unit, window_text
from funnel_sim.output.words.not_measured import unmeasured_sentences
from funnel_sim.output.words.settlement import (
    lack_sentences,
    pay,
)
from funnel_sim.output.words.share_refunds import share_refunds_sentence
from funnel_sim.reference.review import settings
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import EVENT_WORDS
from funnel_sim.words import Lang, say

_SHOWN = 4  # drivers that a sentence names
_NOTHING = 1e-4  # of a figure: a part that is shown as nothing


# ---- the effect


def effect_sentences(found: Effect, scenario: Scenario, lang: Lang) -> list[str]:
    """Return whether it is the agency's doing: the verdict, the effect with its interval, what was
    promised, what was taken out or adjusted.
    """
    figure = say(lang, f"history.figure_{found.figure}")
    out = [say(lang, f"review.effect_{found.verdict}", figure=figure, months=found.known)]
    one = found.found
    if one is not None:
        low, middle, high = (formats.signed_percent(value) for value in one.whole)
        out.append(
            say(
                lang,
                "review.effect_size",
                figure=begun(figure),
                low=low,
                middle=middle,
                high=high,
                chance=formats.percent(one.above_zero, 0),
            )
        )
        if found.verdict == "not_yet":
            key = "never" if one.needed is None else "needed"
            least = "" if one.least is None else formats.signed_percent(one.least, 0)
            key = "never_any" if key == "never" and not least else key
            out.append(say(lang, f"review.effect_{key}", months=one.needed or 0, least=least))
    if found.promise is not None and found.reached is not None:
        out.append(
            say(
                lang,
                "review.effect_promise",
                promise=formats.promised(found.promise),
                chance=formats.percent(found.reached, 0),
            )
        )
    out += ended_sentences(found.ended, lang)
    if found.taken_out:
        out.append(say(lang, "review.effect_out", months=listed(found.taken_out, lang)))
    for mark in found.mentioned:
        out.append(
            say(
                lang,
                "review.effect_event",
                month=mark.month,
                event=EVENT_WORDS[mark.event].of(lang),
            )
        )
    told = events_by_month(scenario, lang, notes=True)
    noted = {mark.month for mark in scenario.history.marked if mark.note}
    out += [
        say(lang, "review.effect_note", month=month, told=told[month])
        for month in found.months
        if month in noted
    ]
    if found.found is not None:
        out.append(_ads(found, found.ads, lang))
    return out


def _ads(found: Effect, ads: AdBudget | None, lang: Lang) -> str:
    """Return what of the ad spend is taken into account, and by which numbers."""
    if ads is None:
        return say(lang, "review.effect_budget_no")
    judged = [
        one
        for one in zip(found.months, ads.spent, ads.usual, strict=True)
        if one[0] not in found.not_judged
    ]
    lacks = [month for month, spent, _ in judged if not math.isfinite(spent)]
    known = [(spent, usual) for _, spent, usual in judged if math.isfinite(spent)]
    if not known:
        return say(lang, "review.effect_budget_no")
    spent, usual = (math.fsum(part) for part in zip(*known, strict=True))
    text = say(
        lang,
        f"review.effect_budget_{ads.source}",
        change=formats.signed_percent(spent / usual - 1.0),
        share=formats.percent(ads.share, 0),
    )
    text = run_on([text, elasticity_sentence(ads, lang)], lang)
    if not lacks:
        return text
    return text + say(lang, "review.effect_budget_lacks", months=listed(lacks, lang))


def elasticity_sentence(ads: AdBudget, lang: Lang) -> str:
    """Return how much dearer clicks are taken to get with a larger budget, and where that can be
    changed.
    """
    kind = "assumed" if ads.assumed else "own"
    return say(lang, f"review.effect_elasticity_{kind}", elasticity=formats.exact(ads.elasticity))


# ---- the leaks


def channel_words(channel: str, scenario: Scenario, lang: Lang) -> str:
    """Return a channel of the series by the name that the scenario's channel of that id has; as the
    file names it where there is none.

    Args:
        channel: its id.
        scenario: whose channels are meant.
        lang: the language.
    """
    known = any(one.id == channel for one in scenario.channels)
    return channel_name(scenario, channel, lang) if known else channel


def step_name(step: str, channel: str, scenario: Scenario, lang: Lang) -> str:
    """Return a step's name, with its channel where it is one of a single channel.

    Args:
        step: a step of the funnel, as `Step.step`.
        channel: the id of its channel, "" for the whole store.
    """
    name = say(lang, f"review.step_{step}")
    if not channel:
        return name
    shown = channel_words(channel, scenario, lang)
    return say(lang, "review.of_channel", name=name, channel=shown)


def leak_sentences(
    found: Leaks, scenario: Scenario, lang: Lang, *, causes: int | None = None
) -> list[str]:
    """Return which step leaks, what that costs, its usual causes and what to look at next; then
    what could not be looked at.

    Args:
        found: the steps.
        scenario: the store that they are of.
        lang: the language.
        causes: of how many broken steps benchmark and usual causes are told; None: of all.
    """
    months = listed(found.months, lang)
    if not found.steps:
        return [say(lang, "review.leak_short")]
    mark = cost_mark(scenario, found.months, lang)
    out = [
        _broken(one, scenario, lang, mark, causes=causes is None or place < causes)
        for place, one in enumerate(found.broken)
    ]
    if not out:
        names = dict.fromkeys(say(lang, f"review.step_{one.step}") for one in found.steps)
        steps = listed(list(names), lang)
        count = len(found.steps)
        out = [say(lang, "review.leak_none", months=months, count=count, steps=steps)]
    for row in found.costly:
        out.append(
            say(
                lang,
                "review.leak_costly",
                channel=channel_words(row.channel, scenario, lang),
                spend=formats.whole_money(row.spend, scenario.shown, lang),
                orders=formats.count(row.orders),
                leaves=after_mark(formats.money(row.leaves, scenario.shown, lang), mark, lang),
            )
        )
    few = [one for one in found.steps if one.enough is not None and one.counts < one.enough]
    if few:
        named = listed([_worse_name(one, scenario, lang) for one in few], lang)
        out.append(say(lang, "review.leak_few", steps=named))
    unseen = [one for one in found.steps if one.enough is None]
    if unseen:
        named = listed([_worse_name(one, scenario, lang) for one in unseen], lang)
        out.append(say(lang, "review.leak_wild", steps=named))
    if found.missing:
        named = listed([step_name(one, "", scenario, lang) for one in found.missing], lang)
        out.append(say(lang, "review.leak_missing", steps=named))
    return out


def _worse_name(one: Step, scenario: Scenario, lang: Lang) -> str:
    """Return a step's name; of one where more is worse, how much more is as bad as 30 % less."""
    name = step_name(one.step, one.channel, scenario, lang)
    if not one.rate.rising:
        return name
    return say(
        lang, "review.leak_more", step=name, more=formats.percent(settings("leak")["more"], 0)
    )


def after_mark(amount: str, mark: str, lang: Lang) -> str:
    """Return an amount with a mark behind it.

    Args:
        amount: as it is shown.
        mark: in its brackets, "" for none.
    """
    return f"{amount}{'' if lang == 'zh' or not mark else ' '}{mark}"


def _broken(one: Step, scenario: Scenario, lang: Lang, mark: str, *, causes: bool) -> str:
    parts = [
        say(
            lang,
            "review.leak_step",
            step=step_name(one.step, one.channel, scenario, lang),
            now=formats.percent(one.rate.now, 2),
            baseline=formats.percent(one.rate.baseline, 2),
            change=formats.signed_percent(one.ratio - 1),
        )
    ]
    if one.money is not None:
        amount = formats.whole_money(one.money, scenario.shown, lang)
        parts.append(say(lang, "review.leak_money", amount=after_mark(amount, mark, lang)))
    if one.typical is not None and causes:
        parts.append(
            say(
                lang,
                "review.leak_typical",
                low=formats.percent(one.typical.low, 2),
                high=formats.percent(one.typical.high, 2),
            )
        )
    if causes:
        parts.append(say(lang, f"review.causes_{one.step}"))
    return run_on(parts, lang)


# ---- the drivers


def driver_name(driver: Driver, scenario: Scenario, lang: Lang) -> str:
    """Return a driver's name, with its channel where it is one of a single channel."""
    name = say(lang, f"drivers.{driver.id}")
    if not driver.channel:
        return name
    shown = channel_words(driver.channel, scenario, lang)
    if shown == name:  # a channel is called what it brings: free traffic
        return name
    return say(lang, "review.of_channel", name=name, channel=shown)


def split_name(found: Split, lang: Lang) -> str:
    """Return the name of a split's figure, with what of it is not the shop's own."""
    return marked_name(say(lang, f"drivers.figure_{found.figure}"), found.assumed, lang)


def driver_sentence(found: Split, scenario: Scenario, lang: Lang) -> str:
    """Return what drove the change of a figure, its largest parts first."""
    figure = split_name(found, lang)
    if found.lacks:
        names = listed([say(lang, f"history.figure_{one}") for one in found.lacks], lang)
        return say(lang, "drivers.lacks", figure=figure, figures=names)

    def show(value: float) -> str:
        if found.figure == "paid_orders":
            return formats.number(value)
        return formats.whole_money(value, scenario.shown, lang)

    parts = [
        say(
            lang,
            "drivers.part",
            driver=driver_name(part.driver, scenario, lang),
            amount=show(part.amount),
        )
        for part in found.parts[:_SHOWN]
        if abs(part.amount) > _NOTHING * max(abs(found.change), abs(found.before))
    ]
    rest = sum(part.amount for part in found.parts[_SHOWN:])
    if abs(rest) > _NOTHING * max(abs(found.change), abs(found.before)):
        parts.append(
            say(lang, "drivers.part", driver=say(lang, "drivers.others"), amount=show(rest))
        )
    return say(
        lang,
        "drivers.sentence",
        figure=figure,
        before=show(found.before),
        after=show(found.after),
        change=show(found.change),
        parts=listed(parts, lang) or say(lang, "drivers.nothing"),
    )


# ---- where the KPIs stand


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


def date_sentence(one: Date, lang: Lang) -> str:
    """Return a day of the contract, and what ends or falls due on it."""
    return say(lang, f"review.date_{one.kind}", day=one.day.isoformat())


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


def kpi_cells(row: Row, scenario: Scenario, lang: Lang) -> KpiCells:
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


def _row(row: Row, month: str, scenario: Scenario, lang: Lang) -> str:
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


def calendar_file(found: Standing, scenario: Scenario, lang: Lang) -> str:
    """Return the days of a standing as a calendar file."""
    return calendar_of(found.dates, scenario, lang)


def calendar_of(dates: Sequence[Date], scenario: Scenario, lang: Lang) -> str:
    """Return the days of a contract as a calendar file (.ics, RFC 5545), each an all-day event with
    a reminder a week before; the same days give the same file.

    Args:
        dates: the contract's days.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Funnel Sim//Review//EN"]
    for one in dates:
        day = one.day
        title = date_sentence(one, lang)
        name = scenario.name or scenario.preset or "store"
        text = f"{name}: {title}".replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.kind}-{day:%Y%m%d}@funnel-sim",
            f"DTSTAMP:{scenario.as_of:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{' '.join(text.split())}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{' '.join(text.split())}",
            "TRIGGER:-P7D",
            "END:VALARM",
            "END:VEVENT",
        ]
    return "".join(
        f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line)
    )


def _folded(line: str) -> list[str]:
    """Return a line of a calendar in pieces of at most 75 bytes, later ones after a space."""
    out, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > 75:
            out.append(piece)
            piece = " "
        piece += letter
    return [*out, piece]


# ---- the bill


def baseline_sentence(found: Bill, scenario: Scenario, lang: Lang) -> str:
    """Return where the baseline of a share comes from that the contract does not name; empty where
    it does, or there is none.
    """
    if not found.baseline or found.option.baseline is not None:
        return ""
    usual = formats.money(found.baseline, scenario.shown, lang)
    counted = counted_words(scenario, found.option, lang)
    told = say(lang, "review.bill_baseline", amount=usual, counted=counted)
    return told + share_refunds_sentence(scenario, found.option, lang)


def bill_sentences(
    found: Bill, others: Sequence[Otherwise], scenario: Scenario, lang: Lang
) -> list[str]:
    """Return the bill month by month, its total, what was paid, what lacks, and what
    `others`, other definitions, would make of it.
    """

    def shown(value: Decimal | None) -> str:
        return pay(value, found, lang)

    out = [say(lang, "review.bill_head", name=option_name(found.option, lang), code=found.code)]
    baseline = baseline_sentence(found, scenario, lang)
    out += [baseline] if baseline else []
    for place, month in enumerate(found.months, 1):
        lines = [
            say(
                lang, "review.bill_line", line=say(lang, f"quote.line_{name}"), amount=shown(amount)
            )
            for name in found.lines
            if (amount := found.amount(name, place)) is None or amount
        ]
        out.append(
            say(
                lang,
                "review.bill_month",
                month=month,
                due=shown(found.due(place)),
                lines=listed(lines, lang) or say(lang, "review.bill_nothing"),
            )
        )
        fix = found.correction(place)
        if fix:
            out.append(say(lang, "review.bill_correction", month=month, amount=shown(fix)))
    out += lack_sentences(found, lang)
    over = found.balance is not None and found.balance < 0
    out.append(
        say(
            lang,
            "review.bill_total_over" if over else "review.bill_total",
            total=shown(found.total),
            paid=shown(found.settled),
            balance=shown(abs(found.balance) if found.balance is not None else None),
        )
    )
    for one in others:
        if one.lacks:
            continue
        if one.kind == "basis":
            basis = basis_words(scenario, found.option.but(share_basis=one.what), lang)
            key = "share" if one.way == "basis" else one.way
            told = say(lang, f"review.otherwise_{key}", what=basis, amount=shown(one.difference))
        else:
            told = say(
                lang,
                "review.otherwise_kpi",
                what=metric_name(found.kpis[one.what].kpi.metric, lang),
                way=say(lang, f"kpi.way_{one.way}"),
                amount=shown(one.difference),
            )
        out.append(told)
    return out + unmeasured_sentences(others, found, lang)
