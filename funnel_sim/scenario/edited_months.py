"""One figure of one month typed, a month or a channel taken away: what the series then is."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from funnel_sim.errors import refuse
from funnel_sim.scenario.store_months import (
    ChannelMonths,
    StoreHistory,
    month_name,
    month_number,
)

NEVER_ABOVE: tuple[tuple[str, str], ...] = (
    ("ad_sales", "gmv"),
    ("refunds", "gmv"),
    ("clicks", "impressions"),
    ("orders", "visits"),
    ("carts", "visits"),
    ("repeat_orders", "orders"),
    ("orders", "units"),
)
"""Pairs of figures of which the first is a part of the second, or comes out of it: where a month
says otherwise, one of the two is from another source or a slip.
"""

NEVER_ALONE: tuple[tuple[str, str], ...] = (("orders", "gmv"), ("gmv", "orders"))
"""Pairs of figures of which the first cannot be nothing where the second is more: such a zero is a
gap of its source, no fact.
"""

_Series = dict[str, dict[str, float | None]]  # figure → month → value


def with_figure(
    history: StoreHistory, month: str, figure: str, value: float | None
) -> dict[str, Any]:
    """Return what changes where one figure of one month is typed.

    The series begins earlier or ends later where it has to; months at its ends of which nothing is
    known any more are no longer part of it.

    Args:
        history: the series.
        month: which month, such as "2026-03".
        figure: which figure, such as "orders".
        value: in the figure's unit; None where it is not known.

    Returns:
        New values by path, for `Scenario.replace`.

    Raises:
        InputError: if it is no month or no figure.

    Examples:
        >>> history = StoreHistory(first_month="2026-01", seen_orders=[5.0, 6.0])
        >>> with_figure(history, "2026-04", "orders", 9.0)["history.seen_orders"]
        [5.0, 6.0, None, 9.0]
        >>> with_figure(history, "2026-02", "orders", None)["history.seen_orders"]
        [5.0]

        Sales of 90 after refunds were 100 before them where 10 were refunded:

        >>> net = StoreHistory(first_month="2026-01", seen_gmv=[90.0], after_refunds=["2026-01"])
        >>> made = with_figure(net, "2026-01", "refunds", 10.0)
        >>> made["history.seen_gmv"], made["history.after_refunds"]
        ([100.0], [])
    """
    month_number(month)  # refuses what is none
    known_figures = [
        name.removeprefix("seen_") for name in StoreHistory.model_fields if name.startswith("seen_")
    ]
    if figure not in known_figures:
        raise refuse("figure", figure, "choice", allowed=", ".join(known_figures))
    whole = _by_month(history.figures(), history.names())
    whole.setdefault(figure, {})[month] = value
    net = set(history.after_refunds) - ({month} if figure == "gmv" else set())
    changes = _changes(history, whole, _channels(history))
    known = max(len(one) for name, one in changes.items() if name.startswith("history.seen_"))
    first = month_number(changes["history.first_month"]) if known else 0
    months = [month_name(first + place) for place in range(known)]
    changes["history.seen_gmv"], changes["history.after_refunds"] = gross_again(
        months, changes["history.seen_gmv"], changes["history.seen_refunds"], net
    )
    return changes


def gross_again(
    months: Iterable[str],
    gmv: list[float | None],
    refunds: list[float | None],
    net: Collection[str],
) -> tuple[list[float | None], list[str]]:
    """Return sales before refunds, and the months whose sales still are after them because nobody
    says what was refunded.

    Args:
        months: names of the months, such as "2026-03".
        gmv: one number a month, or empty.
        refunds: the same.
        net: months whose sales are after refunds.

    Returns:
        GMV a month, and the names of the months left.

    Examples:
        >>> gross_again(["2026-01", "2026-02"], [90.0, 80.0], [10.0, None], {"2026-01", "2026-02"})
        ([100.0, 80.0], ['2026-02'])
    """
    names = list(months)
    back = dict(zip(names, refunds, strict=False))
    out, left = [], []
    for month, value in zip(names, gmv, strict=False):
        known = back.get(month)
        if month not in net or value is None:
            out.append(value)
        elif known is None:
            left.append(month)
            out.append(value)
        else:
            out.append(value + known)
    return out, left


def without_month(history: StoreHistory, month: str) -> dict[str, Any]:
    """Return what changes where nothing of a month is known any more, of no channel either.

    Args:
        history: the series.
        month: which month, such as "2026-03".

    Returns:
        New values by path, for `Scenario.replace`.

    Examples:
        >>> history = StoreHistory(first_month="2026-01", seen_orders=[5.0, 6.0, 7.0])
        >>> without_month(history, "2026-01")["history.first_month"]
        '2026-02'
    """

    def less(series: _Series) -> _Series:
        return {
            figure: {one: value for one, value in months.items() if one != month}
            for figure, months in series.items()
        }

    channels = {name: less(series) for name, series in _channels(history).items()}
    changes = _changes(history, less(_by_month(history.figures(), history.names())), channels)
    changes["history.left_out"] = [one for one in history.left_out if one != month]
    changes["history.after_refunds"] = [one for one in history.after_refunds if one != month]
    return changes


def without_channel(history: StoreHistory, channel: str) -> dict[str, Any]:
    """Return what changes where the months of a channel are taken away.

    Args:
        history: the series.
        channel: its name.

    Returns:
        New values by path, for `Scenario.replace`.
    """
    channels = {name: one for name, one in _channels(history).items() if name != channel}
    return _changes(history, _by_month(history.figures(), history.names()), channels)


def at_odds(history: StoreHistory, months: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return where a month says more of a part than of its whole.

    Args:
        history: the series.
        months: names of the months that are looked at.

    Returns:
        (month, the figure that is too large, the one that it cannot exceed), in order.

    Examples:
        >>> history = StoreHistory(first_month="2026-01", seen_orders=[50.0], seen_visits=[5.0])
        >>> at_odds(history, ["2026-01"])
        [('2026-01', 'orders', 'visits')]
    """
    out = []
    for month in months:
        for part, whole in NEVER_ABOVE:
            [one], [other] = history.of(part, [month]), history.of(whole, [month])
            if one > other:  # False where one of them is not known
                out.append((month, part, whole))
    return out


def impossible(history: StoreHistory, months: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return where a figure is nothing beside one that cannot be without it.

    Args:
        history: the series.
        months: names of the months that are looked at.

    Returns:
        (month, the figure that is nothing, the one beside it), in order.

    Examples:
        >>> history = StoreHistory(first_month="2026-01", seen_orders=[0.0], seen_gmv=[5.0])
        >>> impossible(history, ["2026-01"])
        [('2026-01', 'orders', 'gmv')]
    """
    return [
        (month, zero, beside)
        for month in months
        for zero, beside in NEVER_ALONE
        if history.of(zero, [month])[0] == 0 and history.of(beside, [month])[0] > 0
    ]


def lacking(
    history: StoreHistory, figures: Iterable[str], months: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return in which of some months each of some figures is not known; figures known throughout
    are left out.

    Args:
        history: the series.
        figures: such as "orders".
        months: names of months, such as "2026-03".

    Returns:
        Names of months by figure, in the order of the figures.

    Examples:
        >>> history = StoreHistory(first_month="2026-01", seen_orders=[50.0, None])
        >>> lacking(history, ["orders", "visits"], ["2026-01", "2026-02"])
        {'orders': ('2026-02',), 'visits': ('2026-01', '2026-02')}
    """
    names = tuple(months)
    out = {}
    for figure in figures:
        values = history.of(figure, names)
        gone = tuple(one for one, value in zip(names, values, strict=True) if math.isnan(value))
        if gone:
            out[figure] = gone
    return out


def _by_month(figures: Mapping[str, list[float | None]], names: list[str]) -> _Series:
    return {figure: dict(zip(names, values, strict=True)) for figure, values in figures.items()}


def _channels(history: StoreHistory) -> dict[str, _Series]:
    return {one.channel: _by_month(one.figures(), history.names()) for one in history.by_channel}


def _changes(
    history: StoreHistory, whole: _Series, channels: Mapping[str, _Series]
) -> dict[str, Any]:
    known = {
        month
        for series in (whole, *channels.values())
        for months in series.values()
        for month, value in months.items()
        if value is not None
    }
    months: list[str] = []
    if known:
        first, last = month_number(min(known)), month_number(max(known))
        months = [month_name(number) for number in range(first, last + 1)]

    def listed(values: Mapping[str, float | None] | None) -> list[float | None]:
        out = [(values or {}).get(month) for month in months]
        return [] if all(value is None for value in out) else out

    changes: dict[str, Any] = {
        f"history.{name}": listed(whole.get(name.removeprefix("seen_")))
        for name in StoreHistory.model_fields
        if name.startswith("seen_")
    }
    rows = []
    for channel, series in channels.items():
        row = {
            name: listed(series.get(name.removeprefix("seen_")))
            for name in ChannelMonths.model_fields
            if name.startswith("seen_")
        }
        if any(row.values()):
            rows.append({"channel": channel} | row)
    return changes | {
        "history.by_channel": rows,
        "history.first_month": months[0] if months else "",
    }
