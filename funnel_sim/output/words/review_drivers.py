"""What moved the figures between two periods: in a sentence, and as the rows of a table."""

import math
from collections.abc import Mapping, Sequence

from funnel_sim.decisions.review.drivers import REST, Driver, DriverPart, Split
from funnel_sim.decisions.review.measured_drivers import MEASURED, SEEN
from funnel_sim.decisions.review.periods import ReviewPeriod
from funnel_sim.decisions.review.reviewed import Against, months_against
from funnel_sim.output.words import formats
from funnel_sim.output.words.borrowed import marked_name
from funnel_sim.output.words.chance import input_name
from funnel_sim.output.words.joining import apart, listed
from funnel_sim.output.words.review_head import span_of
from funnel_sim.output.words.review_leak import channel_words
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_SHOWN = 4  # drivers that a sentence names
_NOTHING = 1e-4  # of a figure: a part that is shown as nothing


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


_LITTLE, _DUST = 1e-3, 1e-6
"""Of a figure: what is told together with the rest; what is nothing."""
_FIELDS = 3
"""Fields that a driver names in a table."""


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
