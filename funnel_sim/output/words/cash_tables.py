"""The tables of the cash: months, flows, the way from profit to cash, the parts of the cycle, what
each currency holds.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from funnel_sim.decisions.cash.answer import CashAnswer
from funnel_sim.decisions.cash.cycle import CashCycle, CyclePart
from funnel_sim.decisions.cash.exposure import CashExposure
from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.bridge import ROWS
from funnel_sim.model.cash.cents import HALF_A_CENT
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.goods import GoodsOrder
from funnel_sim.model.cash.run import KINDS
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash import month_names
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.joining import listed, run_on
from funnel_sim.output.words.tables import Row
from funnel_sim.words import Lang, say

SIGNED = "bad"
"""The tone of a row of balances: each of its cells that is below zero is red, no other."""
_STARTS = ("opening", "profit")


def month_heads(lang: Lang) -> list[str]:
    """Return the heads of `month_rows`."""
    return [
        say(lang, "cash.month"),
        *(say(lang, f"risk.{key}") for key in ("p5", "p50", "p95")),
        say(lang, "cash.below_in_month"),
    ]


def month_rows(answer: CashAnswer, ends: Array, lang: Lang) -> list[Row]:
    """Return a row a month: the balance at its end in three percentiles, the probability of a day
    below zero.

    Args:
        answer: the cash.
        ends: percentiles of the balance at each month's end, shape (P5 P50 P95, months).
    """
    rows = []
    for name, at, below in zip(
        month_names(answer.futures.days), ends.T, answer.below_by_month, strict=True
    ):
        cells = tuple(formats.whole_money(float(one), answer.currency, lang) for one in at)
        odds = probability_text(below, answer.futures.plan.paths, lang)
        rows.append(Row("", name, (*cells, odds), tone=SIGNED))
    return rows


def flow_kinds(flows: Mapping[str, Array]) -> list[str]:
    """Return the kinds of flow of which there is something.

    Args:
        flows: by kind, shape (months,).
    """
    return [kind for kind in KINDS if kind in flows and np.any(flows[kind] != 0)]


def kind_name(kind: str, lang: Lang) -> str:
    """Return the name of a kind of flow.

    Args:
        kind: one of `KINDS`.
        lang: language of the words.
    """
    return say(lang, f"cash.kind_{kind}")


MOST_KINDS = 8
"""Kinds of flow that stand side by side on a desktop's screen; more of them are put together."""
GROUPS: dict[str, tuple[str, ...]] = {
    "goods": ("deposit", "goods"),
    "import": ("freight", "border"),
    "running": ("operator", "fixed"),
    "other": ("extra", "opening", "draw", "interest", "hedging"),
}
"""Kinds that are put together, by the name of what they are together."""


def flow_columns(
    flows: Mapping[str, Array], lang: Lang, *, every: bool = True
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the columns of the calendar of flows: the name of each, and the kinds that it holds.

    Args:
        flows: by kind, shape (months,).
        lang: language of the words.
        every: whether each kind has a column of its own, however many there are.
    """
    kinds = flow_kinds(flows)
    apart = every or len(kinds) <= MOST_KINDS
    groups = {} if apart else {one: name for name, some in GROUPS.items() for one in some}
    held: dict[str, list[str]] = {}
    for kind in kinds:
        held.setdefault(groups.get(kind, kind), []).append(kind)
    return [
        (
            kind_name(some[0], lang) if len(some) == 1 else say(lang, f"cash.group_{name}"),
            tuple(some),
        )
        for name, some in held.items()
    ]


def flow_rows(
    flows: Mapping[str, Array], ends: Array, days: CashDays, lang: Lang, *, every: bool = True
) -> list[Row]:
    """Return the calendar of flows: a row a month, the sum last; what comes in and out by kind,
    then together, and the balance.

    Args:
        flows: by kind, shape (months,); above zero coming in.
        ends: the balance at the end of each month, shape (months,).
        days: the calendar.
        lang: language of the words.
        every: as in `flow_columns`.
    """
    told = flow_columns(flows, lang, every=every)
    columns = [np.sum([flows[kind] for kind in some], axis=0) for _, some in told]
    columns.append(np.sum(columns, axis=0) if columns else np.zeros(ends.shape))
    rows = [
        Row("", name, tuple(_whole(float(one[place])) for one in (*columns, ends)), tone=SIGNED)
        for place, name in enumerate(month_names(days))
    ]
    sums = tuple(formats.number(float(one.sum())) for one in columns)
    return [*rows, Row("", say(lang, "cash.sum"), (*sums, formats.NOTHING), "total", SIGNED)]


def _whole(amount: float) -> str:
    """Return an amount of a table that names its currency; a dash where nothing moves."""
    return formats.number(amount) if amount else formats.NOTHING


def flow_heads(flows: Mapping[str, Array], lang: Lang, *, every: bool = True) -> list[str]:
    """Return the heads of `flow_rows`, the last two of what adds up.

    Args:
        flows: by kind, shape (months,).
        lang: language of the words.
        every: as in `flow_columns`.
    """
    kinds = [name for name, _ in flow_columns(flows, lang, every=every)]
    return [say(lang, "cash.month"), *kinds, say(lang, "cash.net"), say(lang, "cash.end")]


def kind_meanings(lang: Lang) -> dict[str, str]:
    """Return what each kind of flow is, and which kinds are together, by their names."""
    together = {
        say(lang, f"cash.group_{name}"): listed([kind_name(kind, lang) for kind in some], lang)
        for name, some in GROUPS.items()
    }
    return together | {kind_name(kind, lang): say(lang, f"cash.about_{kind}") for kind in KINDS}


def bridge_steps(rows: Mapping[str, Array], day: int) -> list[tuple[str, float]]:
    """Return the rows of the bridge of which there is something on a day, profit always.

    Args:
        rows: by name, shape (days,).
        day: counted from 0.
    """
    found = [(name, float(rows[name][day])) for name in ROWS if name in rows]
    return [(name, one) for name, one in found if name in _STARTS or abs(one) >= HALF_A_CENT]


def bridge_name(row: str, lang: Lang) -> str:
    """Return the name of a row of the bridge.

    Args:
        row: one of `bridge.ROWS`.
        lang: language of the words.
    """
    return say(lang, f"cash.bridge_{row}")


def bridge_rows(steps: list[tuple[str, float]], currency: str, lang: Lang) -> list[Row]:
    """Return the bridge as a table: each row with its amount and what it is, the balance last.

    Args:
        steps: as of `bridge_steps`.
        currency: of the balance.
        lang: language of the words.
    """
    rows = [
        Row(
            "",
            bridge_name(name, lang),
            (formats.money(one, currency, lang), say(lang, f"cash.why_{name}")),
        )
        for name, one in steps
    ]
    total = formats.money(sum(one for _, one in steps), currency, lang)
    return [
        *rows,
        Row("", say(lang, "cash.balance"), (total, say(lang, "cash.why_balance")), "total"),
    ]


def bridge_heads(lang: Lang) -> list[str]:
    """Return the heads of `bridge_rows`."""
    return ["", say(lang, "cash.amount"), say(lang, "cash.what_it_is")]


def bridge_sentence(steps: list[tuple[str, float]], currency: str, day: str, lang: Lang) -> str:
    """Return the bridge in a sentence: the profit, the balance, and the largest step between.

    Args:
        steps: as of `bridge_steps`.
        currency: of the balance.
        day: of the bridge, as text.
    """
    by = dict(steps)
    between = [one for one in steps if one[0] not in _STARTS]
    told = say(
        lang,
        "cash.bridge_told",
        day=day,
        profit=formats.whole_money(by.get("profit", 0.0), currency, lang),
        balance=formats.whole_money(sum(by.values()), currency, lang),
    )
    if not between:
        return told
    name, one = max(between, key=lambda step: abs(step[1]))
    largest = say(
        lang,
        "cash.bridge_most",
        name=bridge_name(name, lang),
        amount=formats.whole_money(one, currency, lang),
    )
    return run_on([told, largest], lang)


def part_name(part: str, lang: Lang) -> str:
    """Return the name of a part of the cycle.

    Args:
        part: its key, such as "transit".
        lang: language of the words.
    """
    return say(lang, f"cash_answer.part_{part}")


def part_rows(cycle: CashCycle, lang: Lang) -> list[Row]:
    """Return the cycle as a table: each part in days, the three sums, the days that money is
    bound.
    """

    def parts(some: Sequence[CyclePart], sign: float) -> list[Row]:
        return [
            Row("", part_name(part.key, lang), (formats.number(sign * part.days, 1),))
            for part in some
            if part.days
        ]

    def total(key: str, days: float) -> Row:
        return Row("", say(lang, f"cash.{key}"), (formats.number(days, 1),), "total")

    return [
        *parts(cycle.inventory, 1.0),
        total("dio", cycle.dio),
        *parts(cycle.receivable, 1.0),
        total("dso", cycle.dso),
        *parts(cycle.payable, -1.0),
        total("dpo", -cycle.dpo),
        total("cycle_bound", cycle.days),
    ]


def ratio_sentence(cycle: CashCycle, lang: Lang) -> str:
    """Return the textbook ratios out of mean balances."""
    names = ("dio", "dso", "dpo")
    shown = {
        name: formats.NOTHING if one is None else formats.number(one, 0)
        for name, one in zip(names, cycle.ratios, strict=True)
    }
    return say(lang, "cash.ratios", **shown)


def other_currency(found: CashExposure) -> str | None:
    """Return the currency that is not that of the balance; None where there is one only."""
    return next((one.currency for one in found.flows if one.currency != found.kept), None)


def exposure_sentence(found: CashExposure, lang: Lang) -> str:
    """Return how much of the other currency is bought or left over in the plan, and how much of it
    the exchange rate moves.
    """
    other = other_currency(found)
    if other is None:
        return say(lang, "cash.exposure_none", currency=found.kept)
    net, free = float(found.converted.sum()), float(found.open.sum())
    return say(
        lang,
        "cash.exposure_buys" if net < 0 else "cash.exposure_sells",
        amount=formats.whole_money(abs(net), other, lang),
        free=formats.whole_money(abs(free), other, lang),
        currency=found.kept,
    )


def exposure_heads(found: CashExposure, lang: Lang) -> list[str]:
    """Return the heads of `exposure_rows`: of each currency what comes in, goes out and is left."""
    return [
        say(lang, "cash.month"),
        *(
            say(lang, f"cash.exposure_{key}", currency=one.currency)
            for one in found.flows
            for key in ("in", "out", "left")
        ),
    ]


def exposure_rows(found: CashExposure, days: CashDays, lang: Lang) -> list[Row]:
    """Return what comes in and goes out in each currency, in that currency: a row a month, the sum
    last.

    Args:
        found: what moves in each currency.
        days: the calendar.
        lang: language of the words.
    """
    columns = [part for one in found.flows for part in (one.incoming, one.outgoing, one.net)]
    rows = [
        Row("", name, tuple(_whole(float(one[place])) for one in columns), tone=SIGNED)
        for place, name in enumerate(month_names(days))
    ]
    sums = tuple(_whole(float(one.sum())) for one in columns)
    return [*rows, Row("", say(lang, "cash.sum"), sums, "total", SIGNED)]


ORDER_KINDS = ("deposit", "goods", "freight", "border")
"""What an order of goods is paid in, as in the calendar."""


def order_rows(orders: Sequence[GoodsOrder], days: CashDays, lang: Lang) -> list[Row]:
    """Return the orders of goods: day and units, each payment with its day, and from when on they
    can be sold.

    Args:
        orders: at the likely values, in the order of their days.
        days: the calendar.
        lang: language of the words.
    """

    def cell(order: GoodsOrder, kind: str) -> str:
        for name, day, amount in order.paid:
            if name == kind:
                parts = {"amount": _whole(amount), "day": days.date(day).isoformat()}
                return say(lang, "cash.order_paid", **parts)
        return formats.NOTHING

    def shelf(order: GoodsOrder) -> str:
        if order.shelf is None:
            return say(lang, "cash.order_waits")
        return days.date(order.shelf).isoformat()

    return [
        Row(
            "",
            days.date(one.day).isoformat(),
            (
                formats.number(one.units),
                *(cell(one, kind) for kind in ORDER_KINDS),
                shelf(one),
            ),
        )
        for one in orders
    ]


def order_heads(lang: Lang) -> list[str]:
    """Return the heads of `order_rows`."""
    return [
        say(lang, "cash.order_day"),
        say(lang, "cash.order_units"),
        *(kind_name(kind, lang) for kind in ORDER_KINDS),
        say(lang, "cash.order_shelf"),
    ]
