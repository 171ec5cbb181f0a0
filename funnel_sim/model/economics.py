"""The one list of calls: from a scenario to every figure of its steady month and of its horizon.

`book_of` is the model, read from top to bottom. It works on arrays of shape (months, paths): one
path is the point calculation, many are a grid, a search or a simulation. Its steps (`months`,
`charges`, `funnel`, `repeat_orders`) know both the scenario and the concepts; the concepts take
numbers only. Whoever needs few figures says which (`wanted`): the formulas that do not lead to them
are left out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from funnel_sim.errors import refuse
from funnel_sim.model import demand, retention
from funnel_sim.model.arrays import Array, column
from funnel_sim.model.bases import as_booked
from funnel_sim.model.charges import put_charges, put_commission
from funnel_sim.model.funnel import STEPS, effects_of, put_funnel
from funnel_sim.model.keys import Book, Figures, channels_of, known
from funnel_sim.model.lifetime import payback_of, payback_of_paths, unlimited_lifetime_value
from funnel_sim.model.linear import Linear, Volume, by_month
from funnel_sim.model.metrics import FLOWS, FORMULAS
from funnel_sim.model.months import plan_months, put_months_of_fees, steady_month
from funnel_sim.model.periods import OF_FLOWS, Over, Whole, adder, period, whole_period
from funnel_sim.model.repeat_orders import orders_at_age, put_customers
from funnel_sim.model.sheet import fill, known_or_none
from funnel_sim.model.valued import valued_book
from funnel_sim.model.values import Values, symbol_of
from funnel_sim.model.wanted import Wanted, leading_to, needs_steady, only
from funnel_sim.model.written import as_number, is_nothing
from funnel_sim.scenario.costs import GROUP_WORDS
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.scenario import Scenario


def book_of(values: Values, *, steady: bool, wanted: Wanted = None) -> Book:
    """Return every figure of the model, month by month over the horizon or for the steady-state
    month.

    Args:
        values: the numbers of the scenario's fields, by path.
        steady: whether the steady-state month is wanted in place of the months.
        wanted: the keys to work out (see `leading_to`); None for all.

    Returns:
        Figures by key: floats, or arrays that broadcast to (months, paths); None where a figure is
        not known. Money in the sales currency, rates as fractions.
    """
    scenario = values.scenario
    book: Book = dict(values.symbols)
    months = steady_month() if steady else plan_months(values)
    chance = demand.NO_CHANCE if steady else values.by_chance
    if not steady:
        book |= {symbol_of(path): value for path, value in values.by_month.items()}
    put_months_of_fees(scenario, book, steady=steady)

    put_charges(scenario, values, book)
    effects = effects_of(book, months.effect)
    book["aov_boost"] = effects["effect_aov"]
    fill(only("unit", wanted), book)
    put_commission(scenario, values, chance, book)
    fill(only("commission", wanted), book)

    if steady in values.sold:
        book |= values.sold[steady]
    else:
        put_funnel(scenario, values, months, effects, chance, book, wanted)
        put_customers(scenario, chance, book, steady=steady)
    fill(only("volumes", wanted), book) if steady else _volumes(wanted, book)

    _one_offs(scenario, book, steady=steady)
    fill(only("ledger", wanted), book)
    return book


FUNNEL: frozenset[str] = frozenset(
    {
        "impressions",
        "clicks",
        "visits",
        "product_views",
        "carts",
        "checkouts",
        "first_orders",
        "media_spend",
        "media_of_orders",
        "paid_clicks",
        "paid_impressions",
        "paid_channel_orders",
        "affiliate_orders",
        "affiliate_due",
        "list_cost",
        "channels",
        "sales_ad_rate",
        "price_ratio",
        "price_response",
        "new_customers",
        "repeat_orders",
    }
)
"""What the funnel and its customers put into a book."""


def sold_of(values: Values, wanted: Wanted = None) -> Mapping[bool, Book]:
    """Return the funnel and the customers of the months (False) and of the steady month (True), for
    all values that differ only in what an order brings and costs (`Values.sold`).

    Args:
        values: the numbers they are worked out from.
        wanted: what leads to the figures that will be asked for (`leading_to`).
    """
    books = {steady: book_of(values, steady=steady, wanted=wanted) for steady in (False, True)}
    return {
        steady: {key: book[key] for key in FUNNEL if key in book} for steady, book in books.items()
    }


def with_uplift(values: Values, book: Book, factor: Array, wanted: Wanted = None) -> Book:
    """Return the months of a book with each month's first orders multiplied; the customers won in
    this way come back and refer like everybody else.

    Exposure, clicks and ad spend stay as they are; customers who were won by others' referrals
    multiply in turn. The factor is not held against a conversion of 100 %: the caller keeps it
    plausible.

    Args:
        values: the numbers that the book was made from.
        book: the months of the scenario, as `book_of` returns them.
        factor: the multiplier of first orders [1], shape (months, paths).
        wanted: the keys to work out; None for all.

    Returns:
        A new book of the same months.
    """
    scenario, chance = values.scenario, values.by_chance
    out = dict(book)
    extra = book["first_orders"] * (factor - 1.0)
    for key in _WITH_FIRST_ORDERS:
        if out.get(key) is not None and not is_nothing(out[key]):
            out[key] = out[key] * factor
    usual = extra if chance.store_multiple is None else extra / chance.store_multiple
    ages = orders_at_age(scenario.customers, book, extra.shape[0])
    new, repeat = retention.cohorts(usual, ages, book["referral"], chance.repeat_multiplier)
    whole = 1.0 if chance.store_multiple is None else chance.store_multiple
    out["new_customers"] = book["new_customers"] + new * whole
    out["repeat_orders"] = book["repeat_orders"] + repeat * whole
    _volumes(wanted, out)
    fill(only("ledger", wanted), out)
    return out


def steady_with_uplift(book: Book, factor: Array, wanted: Wanted = None) -> Book:
    """Return the steady month of a book with all its orders multiplied, at the same visits and ad
    spend.

    Args:
        book: the steady month, as `book_of` returns it.
        factor: the multiplier of orders [1], shape (1, paths).
        wanted: the keys to work out; None for all.

    Returns:
        A new book of the steady month.
    """
    out = dict(book)
    for key in (*_WITH_FIRST_ORDERS, "new_customers", "repeat_orders"):
        if out.get(key) is not None:
            out[key] = out[key] * factor
    fill(only("volumes", wanted), out)
    fill(only("ledger", wanted), out)
    return out


_WITH_FIRST_ORDERS = (
    "carts",
    "first_orders",
    "paid_channel_orders",
    "affiliate_orders",
    "affiliate_due",
)
"""Flows of a book that go with the first orders of the month."""


def _volumes(wanted: Wanted, book: Book) -> None:
    """Work out the volumes of the months; what follows from the paid orders is kept as a multiple
    of them.
    """
    fill([FORMULAS["paid_orders"]], book)
    book["paid_orders"] = as_number(Linear(Volume(as_number(book["paid_orders"]))))
    fill([one for one in only("volumes", wanted) if one.key != "paid_orders"], book)


def _one_offs(scenario: Scenario, book: Book, *, steady: bool) -> None:
    months = 1 if steady else scenario.plan.horizon_months
    for group in GROUP_WORDS:
        amounts = [0.0] * months
        if not steady:
            for item in scenario.fixed.one_off:
                if item.group == group and item.month <= months:
                    amounts[item.month - 1] += item.amount
        book[f"one_off_{group}"] = column(amounts)


def figures(
    values: Values, asked: Mapping[Over, Collection[str]]
) -> dict[tuple[str, Over], Array | None]:
    """Return the figures asked for; the months and the steady month are worked out once each, where
    a figure needs them.

    Args:
        values: the numbers of the scenario's fields.
        asked: keys of figures by period.

    Returns:
        Figures by (key, period), shape (1, paths), by month (months, paths); None where not known.
        Money in the sales currency, rates as fractions.
    """
    asked = {over: some for over, some in asked.items() if some}
    keys = frozenset(key for some in asked.values() for key in some)
    wanted = leading_to(keys)
    book = book_of(values, steady=False, wanted=wanted) if asked.keys() - {"steady"} else {}
    steady = (
        book_of(values, steady=True, wanted=wanted)
        if asked.get("steady") or needs_steady(wanted, keys)
        else dict(values.symbols)
    )
    return figures_of(values, book, steady, asked)


def figures_of(
    values: Values, book: Book, steady: Book, asked: Mapping[Over, Collection[str]]
) -> dict[tuple[str, Over], Array | None]:
    """Return the figures asked for from books that hold what leads to them.

    Args:
        values: the numbers that the books were made from.
        book: the months.
        steady: the steady month, or only symbols where nothing asked needs it.
        asked: keys of figures by period.

    Returns:
        As `figures`: shape (1, paths), by month (months, paths).
    """
    out: dict[tuple[str, Over], Array | None] = {}
    for over, every in asked.items():
        some = [key for key in every if as_booked(key) == key]
        if len(some) < len(every):
            out |= _at_home(values, book, steady, over, [key for key in every if key not in some])
        if not some:
            continue
        wanted = leading_to(frozenset(some))  # of a period only what is asked of that period
        if over in ("month", "end") and all(
            key in OF_FLOWS for key in some
        ):  # figures of single months that are flows need no sums and no ratios
            out |= {
                (key, over): None if known(book, key) is None else adder(over)(book[key])
                for key in some
            }
            continue
        of_period = period(
            values, steady if over == "steady" else book, steady, wanted, over, frozenset(some)
        )
        if "payback_months" in some:
            of_period["payback_months"] = payback_of_paths(values, steady)
        out |= {(key, over): as_number(of_period[key]) for key in some}
    return out


def _at_home(
    values: Values, book: Book, steady: Book, over: Over, keys: Collection[str]
) -> dict[tuple[str, Over], Array | None]:
    """Return amounts at home: the same figures of books whose money is worth what it is there."""
    scenario = values.scenario
    found = figures_of(
        values,
        valued_book(scenario, book, steady=over == "steady"),
        valued_book(scenario, steady, steady=True),
        {over: [as_booked(key) for key in keys]},
    )
    return {(key, over): found[as_booked(key), over] for key in keys}


Per = Literal["order", "customer"]


_COUNTED: dict[Per, str] = {"order": "paid_orders", "customer": "new_customers"}


@dataclass(frozen=True)
class Result:
    """Every figure of one scenario at its point values, with what is needed to get it again.

    `steady`, `horizon`: figures of the steady-state month and of all months together (None where
    there is no such figure); `monthly`: ledger and volumes month by month, arrays of shape
    (months,); `channels`: spend, impressions, clicks, visits, carts and first orders of each
    channel in the steady month. A key that names no figure raises InputError.
    """

    scenario: Scenario
    model_version: str
    steady: Figures[float | None]
    horizon: Figures[float | None]
    monthly: Figures[Array | None]
    channels: Mapping[str, Mapping[str, float | None]]

    def over(self, whole: Whole) -> Figures[float | None]:
        """Return the figures of all months together or of the steady month; raises InputError for
        another period.
        """
        return self.steady if whole_period(whole) == "steady" else self.horizon

    def per(self, key: str, unit: Per) -> float | None:
        """Return a figure of the steady month per order or per customer.

        Args:
            key: a figure in money or a count.
            unit: "order" or "customer".

        Returns:
            Sales currency (or count) per unit; None where the figure is not known or there is no
            such unit.

        Raises:
            InputError: if the unit or the key is another one.
        """
        if unit not in _COUNTED:
            raise refuse("unit", unit, "choice", allowed=", ".join(_COUNTED))
        figure, divisor = self.steady[key], self.steady[_COUNTED[unit]]
        return None if figure is None or not divisor else figure / divisor


def evaluate(scenario: Scenario) -> Result:
    """Return every figure of a scenario at its point values.

    Units: money in the sales currency, rates as fractions. Formulas: `model.ledger`,
    `model.metrics`, docs/model.md.

    >>> from funnel_sim.scenario.presets import preset
    >>> result = evaluate(preset("amazon-de-kitchen"))
    >>> from funnel_sim.model.ledger import LINE_KEYS
    >>> round(sum(result.steady[key] for key in LINE_KEYS) - result.steady["profit"], 9)
    0.0
    """
    values = Values(scenario)
    steady_book = book_of(values, steady=True)
    monthly_book = book_of(values, steady=False)
    steady = period(values, steady_book, steady_book)
    horizon = period(values, monthly_book, steady_book)
    of_a_customer = {
        "payback_months": payback_of(values, steady),
        "ltv_unlimited": unlimited_lifetime_value(values, steady),
    }
    for book in (steady, horizon):
        book.update(as_number(of_a_customer))
    shape = (scenario.plan.horizon_months, 1)
    monthly = {
        key: (
            None
            if known(monthly_book, key) is None
            else np.broadcast_to(by_month(monthly_book[key]), shape)[:, 0]
        )
        for key in FLOWS
    }
    return Result(
        scenario,
        MODEL_VERSION,
        Figures({key: known_or_none(value) for key, value in steady.items()}),
        Figures({key: known_or_none(value) for key, value in horizon.items()}),
        Figures(monthly),
        {
            key: {name: known_or_none(flow[name]) for name in STEPS}
            for key, flow in channels_of(steady_book).items()
        },
    )
