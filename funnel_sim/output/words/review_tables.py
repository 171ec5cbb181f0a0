"""The tables of a review: KPIs, drivers, steps of the funnel, the effect by month, the bill; the
screen, the documents and the workbook show the same cells.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.drivers import REST, Driver, DriverPart, Split
from funnel_sim.decisions.review.effect import Drop, Effect
from funnel_sim.decisions.review.leak import Leaks, Step
from funnel_sim.decisions.review.measured_drivers import MEASURED, SEEN
from funnel_sim.decisions.review.periods import ReviewPeriod
from funnel_sim.decisions.review.reviewed import Against, months_against
from funnel_sim.decisions.review.standing import Row as KpiRow
from funnel_sim.decisions.review.standing import Standing
from funnel_sim.output.words import formats
from funnel_sim.output.words.actual_months import events_by_month
from funnel_sim.output.words.chance import input_name
from funnel_sim.output.words.joining import apart, begun, listed
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
    driver_name,
    kpi_cells,
    step_name,
    stop_sentence,
)
from funnel_sim.output.words.review_head import span_of
from funnel_sim.output.words.settlement import pay
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.benchmarks import Typical
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_WORKED = 4  # digits of an amount in a working that is to be computed again
_LITTLE, _DUST = 1e-3, 1e-6
"""Of a figure: what is told together with the rest; what is nothing."""
_FIELDS = 3
"""Fields that a driver names in a table."""


# ---- KPIs


def health_text(health: str, lang: Lang) -> str:
    """Return a KPI's health as sign and word.

    Args:
        health: "good", "watch", "bad", "unknown" or "none".
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
    if not found.dates:
        return [say(lang, "review.dates_none")]
    return [date_sentence(one, lang) for one in found.dates]


# ---- drivers


def against_name(against: Against, period: ReviewPeriod, lang: Lang) -> str:
    """Return what a period is held against, in words."""
    return say(lang, f"review.against_{against}", span=span_of(period, lang))


def months_text(months: Sequence[str]) -> str:
    """Return months that follow each other, in short.

    >>> months_text(["2026-07"]), months_text(["2026-04", "2026-05", "2026-06"])
    ('2026-07', '2026-04–2026-06')
    """
    return months[0] if len(months) == 1 else f"{months[0]}–{months[-1]}"


def sides_of(
    scenario: Scenario, period: ReviewPeriod, against: Against, lang: Lang
) -> tuple[str, str]:
    """Return the names of both sides of a comparison."""
    first, second = months_against(scenario, period, against)
    return months_text(first) if first else say(lang, "review.plan_name"), months_text(second)


def promise_sentence(
    splits: Mapping[str, Split], option: Option | None, scenario: Scenario, lang: Lang
) -> str:
    """Return what the promise, which is in no plan, would bring a month in sales; "" where nothing
    is promised or the plan's sales are not known.

    Args:
        splits: the changes against the plan, by figure.
        option: whose promise it is; None without a contract.
        scenario: the store, as typed.
        lang: the language.
    """
    if option is None or option.claimed is None or "gmv" not in splits:
        return ""
    plan = splits["gmv"].before
    if not math.isfinite(plan):
        return ""
    return say(
        lang,
        "review.plan_promise",
        promise=formats.promised(option.claimed),
        plan=formats.whole_money(plan, scenario.shown, lang),
        more=formats.whole_money(plan * option.claimed, scenario.shown, lang),
        whole=formats.whole_money(plan * (1.0 + option.claimed), scenario.shown, lang),
    )


def figure_text(found: Split, value: float, scenario: Scenario, lang: Lang) -> str:
    """Return a value of a split's figure: orders as a number, else money.

    Args:
        value: a value of the split's figure [orders, or sales currency].
    """
    if found.figure == "paid_orders":
        return formats.number(value)
    return formats.whole_money(value, scenario.shown, lang)


def driver_heads(lang: Lang) -> tuple[str, ...]:
    """Return the heads of the table of drivers."""
    names = ("driver", "amount", "share", "moved")
    return tuple(say(lang, f"review.col_{name}") for name in names)


def driver_rows(found: Split, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return each driver's part of the change and what moved in it, what is next to nothing put
    together; the whole change last. Shares are told where no part is larger than the change.
    """
    large, rest = told_parts(found)
    most = max((abs(part.amount) for part in found.parts), default=0.0)

    def share(amount: float) -> str:
        if not found.change or most > abs(found.change):
            return formats.NOTHING
        return formats.percent(amount / found.change, 0)

    out = [
        Row(
            "",
            driver_name(part.driver, scenario, lang),
            (
                figure_text(found, part.amount, scenario, lang),
                share(part.amount),
                moved_text(part.driver, scenario, lang),
            ),
        )
        for part in large
    ]
    if rest is not None:
        shown = figure_text(found, rest, scenario, lang)
        out.append(Row("", say(lang, "drivers.others"), (shown, share(rest), "")))
    whole = figure_text(found, found.change, scenario, lang)
    out.append(Row("", say(lang, "review.change_total"), (whole, share(found.change), ""), "total"))
    return out


def told_parts(found: Split) -> tuple[list[DriverPart], float | None]:
    """Return the parts of a change that are told by themselves, and the sum of those that are next
    to nothing; None where there is nothing of that.
    """
    least = _LITTLE * max(abs(found.change), abs(found.before), abs(found.after))
    large = [part for part in found.parts if abs(part.amount) >= least]
    small = [part.amount for part in found.parts if abs(part.amount) < least]
    rest = math.fsum(small)
    return large, rest if any(small) and abs(rest) > _DUST * least else None


def moved_text(driver: Driver, scenario: Scenario, lang: Lang) -> str:
    """Return the fields, or the measured figures, that moved in a driver, each before and after;
    which of them follow from the form is said.
    """
    if driver.id == REST:
        return ""
    told = [_moved(path, old, new, scenario, lang) for path, old, new in driver.changed[:_FIELDS]]
    rest = len(driver.changed) - _FIELDS
    if rest > 0:
        told.append(say(lang, "review.moved_more", count=rest))
    text = apart(told, lang)
    return say(lang, "drivers.assumed_side", moved=text) if text and driver.assumed else text


def _moved(path: str, old: float, new: float, scenario: Scenario, lang: Lang) -> str:
    if path.startswith(SEEN):
        name = path.removeprefix(SEEN)
        before, after = (seen_value(name, one, scenario, lang) for one in (old, new))
        return f"{say(lang, f'drivers.seen_{name}')} {before} → {after}"
    before, after = (_value(path, one, scenario, lang) for one in (old, new))
    return f"{input_name(scenario, path, lang)} {before} → {after}"


def seen_value(name: str, value: float, scenario: Scenario, lang: Lang) -> str:
    """Return a measured factor as it is shown: an amount, a count, a ratio, else a rate.

    Args:
        name: of the factor, such as "order_rate".
        value: an amount in the sales currency, a count, a ratio or a fraction.
        scenario: whose currency it is.
        lang: the language.

    >>> from funnel_sim.scenario.presets import preset
    >>> seen_value("order_rate", 0.0241, preset("amazon-us-kitchen"), "en")
    '2.41%'
    """
    match MEASURED[name]:
        case "money":
            return formats.money(value, scenario.shown, lang)
        case "count":
            return formats.number(value)
        case "ratio":
            return formats.number(value, 3)
        case _:
            return formats.percent(value, 2)


def _value(path: str, value: float, scenario: Scenario, lang: Lang) -> str:
    spec = spec_of(path)
    unit = Unit.FACTOR if spec is None else spec.unit
    return formats.field(value, unit, scenario.currency, scenario.cost_currency, lang)


# ---- steps


def step_heads(lang: Lang) -> tuple[str, ...]:
    """Return the heads of the table of steps."""
    names = ("step", "baseline", "rate_now", "benchmark", "loss", "judged", "enough")
    return tuple(say(lang, f"review.col_{name}") for name in names)


def step_rows(found: Leaks, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return each step: its own baseline, now, the dated benchmark, the loss a month, noise or
    signal, and how many more visits would be enough.
    """
    return [
        Row(
            "",
            step_name(one.step, one.channel, scenario, lang),
            (
                formats.percent(one.rate.baseline, 2),
                formats.percent(one.rate.now, 2),
                benchmark_text(one.typical, lang),
                _loss(one, scenario, lang),
                judged_text(one, lang),
                enough_text(one, lang),
            ),
            tone="bad" if one.broken else "",
        )
        for one in found.steps
    ]


def _loss(one: Step, scenario: Scenario, lang: Lang) -> str:
    if one.money is None:
        return formats.NOTHING
    if one.money < 0.5:
        return formats.whole_money(0.0, scenario.shown, lang)
    return formats.whole_money(one.money, scenario.shown, lang)


def judged_text(one: Step, lang: Lang) -> str:
    """Return whether a step is a signal, noise, or cannot be told from so few counts."""
    if one.broken:
        return say(lang, "review.judged_signal")
    if one.enough is None or one.counts < one.enough:
        return say(lang, "review.judged_few")
    return say(lang, "review.judged_noise")


def enough_text(one: Step, lang: Lang) -> str:
    """Return how many more counts a month would show a step that is 30 % worse."""
    if one.enough is None:
        return say(lang, "review.enough_never")
    if one.counts >= one.enough:
        return say(lang, "review.enough_there")
    more = formats.number(math.ceil(one.enough - one.counts))
    return say(
        lang, "review.enough_more", more=more, counted=say(lang, f"review.counted_{one.step}")
    )


def benchmark_text(found: Typical | None, lang: Lang) -> str:
    """Return a benchmark's range with its date.

    Args:
        found: the range of rates, as fractions; None where there is no benchmark.
    """
    if found is None:
        return formats.NOTHING
    low, high = formats.percent(found.low, 1), formats.percent(found.high, 1)
    date = found.benchmark.provenance.as_of
    if not date:
        return say(lang, "review.benchmark_undated", low=low, high=high)
    return say(lang, "review.benchmark", low=low, high=high, date=date)


def leak_title(found: Leaks, lang: Lang) -> str:
    """Return what the steps were held against."""
    months = listed(found.months, lang)
    return say(lang, "review.leak_title", months=months, count=len(found.baseline))


def step_workings(found: Leaks, scenario: Scenario, lang: Lang) -> list[str]:
    """Return how each step was judged, with its counts."""
    out = []
    for one in found.steps:
        season = ""
        if one.rate.seasonal:
            shown = formats.number(one.rate.season, 3)
            season = say(lang, "review.how_season", season=shown)
        counts = {
            name: formats.number(float(getattr(one.rate, name).sum()))
            for name in ("now_of", "now_out_of", "base_of", "base_out_of")
        }
        out.append(
            say(
                lang,
                "review.how_step",
                step=step_name(one.step, one.channel, scenario, lang),
                season=season,
                chance=_small(one.chance),
                adjusted=_small(one.adjusted),
                **counts,
            )
        )
    return out


def _small(chance: float) -> str:
    """Return a probability, "<0.1%" where it is smaller."""
    return "<0.1%" if chance < 1e-3 else formats.percent(chance, 1)


# ---- the effect


def effect_heads(lang: Lang) -> tuple[str, ...]:
    """Return the heads of the table of the effect by month."""
    names = ("month", "came", "alone", "effect", "marked")
    return tuple(say(lang, f"review.col_{name}") for name in names)


def effect_rows(found: Effect, scenario: Scenario, lang: Lang) -> list[Row]:
    """Return month by month what came, what the store alone would have brought, the effect and what
    was marked; all months last.
    """
    one = found.found
    if one is None:
        return []
    marks = events_by_month(scenario, lang, notes=True)

    def show(value: float) -> str:
        return figure_value(found.figure, value, scenario, lang)

    out = []
    for place, month in enumerate(found.months):
        low, _, high = (float(row[place]) for row in one.alone)
        gone = month in found.taken_out
        effect = formats.NOTHING
        if not gone and math.isfinite(found.came[place]):
            effect = _band([float(row[place]) for row in one.by_month], lang)
        told = [marks.get(month, ""), say(lang, "review.taken_out") if gone else ""]
        marked = listed([one for one in told if one], lang)
        alone = f"{show(low)} … {show(high)}"
        out.append(Row("", month, (show(found.came[place]), alone, effect, marked)))
    out.append(
        Row("", say(lang, "review.effect_all"), ("", "", _band(one.whole, lang), ""), "total")
    )
    return out


def _band(values: Sequence[float], lang: Lang) -> str:
    low, middle, high = (formats.signed_percent(one) for one in values)
    left, right = ("（", "）") if lang == "zh" else (" (", ")")
    return f"{middle}{left}{low} … {high}{right}"


def figure_value(figure: str, value: float, scenario: Scenario, lang: Lang) -> str:
    """Return a month of the figure that the effect is told of.

    Args:
        figure: "gmv", or a figure that is a number of orders.
        value: its value [sales currency, or orders]; NaN where it is not known.
    """
    if not math.isfinite(value):
        return formats.NOTHING
    if figure == "gmv":
        return formats.whole_money(value, scenario.shown, lang)
    return formats.number(value)


def extra_sentences(found: Effect, scenario: Scenario, lang: Lang) -> list[str]:
    """Return the effect in money (where it is of sales) and what is believed for the next term."""
    one = found.found
    if one is None:
        return []
    out = []
    if found.figure == "gmv":
        low, middle, high = (
            formats.whole_money(value, scenario.shown, lang) for value in one.extra
        )
        out.append(say(lang, "review.effect_extra", low=low, middle=middle, high=high))
    shown = formats.signed_percent(math.fsum(one.belief) / len(one.belief))  # as the renewal does
    return [*out, say(lang, "review.effect_believed", middle=shown)]


def effect_workings(found: Effect, scenario: Scenario, lang: Lang) -> list[str]:
    """Return how the effect in all comes about, and what the ad budget does to it."""
    one = found.found
    if one is None:
        return []
    came = math.fsum(
        value
        for month, value in zip(found.months, found.came, strict=True)
        if month not in found.taken_out and math.isfinite(value)
    )
    high, alone, low = (came / (1.0 + effect) for effect in one.whole)

    def show(value: float) -> str:
        return figure_value(found.figure, value, scenario, lang)

    out = [
        say(
            lang,
            "review.how_effect",
            came=show(came),
            alone=show(alone),
            low=show(low),
            high=show(high),
            middle=formats.signed_percent(one.whole[1]),
        )
    ]
    ads = found.ads
    if ads is not None:
        factors = listed(
            [
                say(
                    lang,
                    "review.how_effect_month",
                    month=month,
                    spent=formats.whole_money(spent, scenario.shown, lang),
                    usual=formats.whole_money(usual, scenario.shown, lang),
                    factor=formats.number(factor, 3),
                )
                for month, spent, usual, factor in zip(
                    found.months, ads.spent, ads.usual, ads.factors, strict=True
                )
                if math.isfinite(spent)
            ],
            lang,
        )
        key = "review.how_effect_dearer"
        shown = formats.number(ads.elasticity, 2)
        share = formats.percent(ads.share)
        out.append(say(lang, key, share=share, elasticity=shown, factors=factors))
    return out


def drop_sentence(found: Drop | None, scenario: Scenario, lang: Lang) -> str:
    """Return whether the last month is noise or a signal; "" where it cannot be told.

    Args:
        found: the last month against all before it; None where it cannot be told.
    """
    if found is None:
        return ""
    low, _, high = (figure_value(found.figure, one, scenario, lang) for one in found.expected)
    kind = "signal" if found.signal else "noise"
    if not found.signal and found.came > found.expected[2]:
        kind = "above"
    elif not found.signal and found.came < found.expected[0]:
        kind = "low"
    return say(
        lang,
        f"review.drop_{kind}",
        figure=begun(say(lang, f"history.figure_{found.figure}")),
        month=found.month,
        came=figure_value(found.figure, found.came, scenario, lang),
        low=low,
        high=high,
        chance=_small(found.below),
    )


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
