"""The one list of calls: from a scenario to every figure of its steady month and of its horizon.

`book_of` is the model, read from top to bottom. It works on arrays of shape (months, paths): one
path is the point calculation, many are a grid, a search or a simulation. Only this module knows
both the scenario and the concepts. Whoever needs few figures says which (`wanted`): the formulas
that do not lead to them are left out.
"""

import difflib
import functools
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any, Literal

import numpy as np

from funnel_sim.errors import InputError, refuse
from funnel_sim.model import commission, demand, retention, tax
from funnel_sim.model.arrays import Array, Number, column, either, number, over_months
from funnel_sim.model.bases import formula_of
from funnel_sim.model.keys import COMPUTED, Figures, figure_key
from funnel_sim.model.ledger import COMMISSION, LEDGER, LINE_KEYS, SUBTOTAL, UNIT_AND_ORDER, VOLUMES
from funnel_sim.model.linear import Linear, Volume, by_month, in_months, last, summed
from funnel_sim.model.metrics import FLOWS, FORMULAS, METRICS
from funnel_sim.model.sheet import Formula, fill, known
from funnel_sim.model.written import is_nothing
from funnel_sim.scenario.costs import GROUP_WORDS
from funnel_sim.scenario.customers import Customers
from funnel_sim.scenario.fields import LARGEST, Unit
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.paths import LISTS, SECTIONS, specs_of, varying_paths
from funnel_sim.scenario.quantity import likely
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.traffic import Channel

Book = dict[str, Any]
Whole = Literal["total", "steady"]
"""All months together, or the steady month: a figure has one value there."""
Over = Whole | Literal["month", "end"] | tuple[int, int]
"""A whole period, each month, the last one, or months a to b together."""
Wanted = frozenset[str] | None
STEPS = ("spend", "impressions", "clicks", "visits", "carts", "orders")
"""What is told of each channel."""
_NOT_CARRIED = frozenset(FLOWS) | {"channels"}
_FLOWS = frozenset(FLOWS)
_OF_A_CUSTOMER = ("ltv", "payback_months")
"""Figures that come from the steady month and are no formula of the sheet."""


@dataclass(frozen=True)
class Values:
    """The numbers of a scenario: each field's point value, or what a path gives it.

    `given` maps paths of fields to arrays of shape (paths,); `commission_scale` and `budget_scale`
    multiply all commission rates and all budgets (levers that no single field is). `by_chance` is
    what happens to the months, `by_month` maps paths of fields outside the channels to what they
    are in each month, shape (months, paths); neither touches the steady month. `base` are the
    values of the same scenario with nothing given, where they are at hand: they need not be read
    again.
    """

    scenario: Scenario
    given: Mapping[str, Number] = field(default_factory=dict)
    commission_scale: Number = 1.0
    budget_scale: Number = 1.0
    by_chance: demand.ByChance = demand.NO_CHANCE
    by_month: Mapping[str, Array] = field(default_factory=dict)
    base: "Values | None" = None

    def __post_init__(self) -> None:
        for path in self.given:
            if not self.scenario.may_be_given(path):
                raise _no_number(self.scenario, path)
        for path in self.by_month:
            if path.partition(".")[0] in LISTS or not self.scenario.may_be_given(path):
                raise _no_number(self.scenario, path)

    def number(self, path: str, value: Any) -> Any:
        """Return the number to use for the field at `path` that holds `value`.

        Args:
            path: the field's address, such as "product.price".
            value: what the scenario holds there: a number, a range, or None.

        Returns:
            What is given for the path (a number, or an array of shape (1, paths) or (months,
            paths)), else the point value; None for an empty field. In the unit of the field.
        """
        if path in self.given:
            return self.given[path]
        return None if value is None else likely(value)

    def typed(self, path: str, value: Any) -> Any:
        """Return the point value of a field as it was typed, whatever is given for its path.

        For rows that no path varies, such as the tiers of a commission.

        Args:
            path: the field's address; a term writes its cell down by it.
            value: what the scenario holds there.

        Returns:
            The point value in the unit of the field, None for an empty one.
        """
        return likely(value)

    @cached_property
    def symbols(self) -> Book:
        """Every number and switch outside the channels, by symbol."""
        if self.base is not None:
            moved = {
                symbol_of(path): value
                for path, value in self.given.items()
                if path.partition(".")[0] not in LISTS
            }
            return self.with_share(self.base.symbols | moved)
        out: Book = {"fx_rate": self.number("fx_rate", self.scenario.fx_rate)}
        for section, cls in SECTIONS.items():
            part = getattr(self.scenario, section)
            for name, spec in _specs(cls):
                value = getattr(part, name)
                path = f"{section}.{name}"
                if isinstance(value, bool):
                    out[name] = self.typed(path, float(value))
                elif spec.unit is not Unit.TEXT and not isinstance(value, list):
                    out[symbol_of(path)] = self.number(path, value)
        return self.with_share(out)

    def with_share(self, out: Book) -> Book:
        """Put the share that buys again in its place, where customers come back otherwise than with
        a constant probability.
        """
        if self.scenario.customers.retention != "constant":
            out["repeat_probability"] = bought_again(self.scenario.customers, out)
        return out

    def channel(self, channel: Channel, name: str) -> Any:
        """Return the number of one field of a channel.

        Args:
            channel: whose field it is.
            name: the name of the field in it, such as "cpc".

        Returns:
            The number as `number` returns it, in the unit of the field.
        """
        return self.number(f"channels.{channel.id}.{name}", getattr(channel, name))


def _no_number(scenario: Scenario, path: str) -> InputError:
    near = difflib.get_close_matches(path, varying_paths(scenario), 3) or [
        "product.price",
        "fx_rate",
    ]
    return refuse(path, None, "unknown_path", near=", ".join(near))


@cache
def symbol_of(path: str) -> str:
    """Return the symbol of a field outside the lists in a book: its name, with its section before
    it where a figure has that name.

    >>> symbol_of("product.price"), symbol_of("conversion.cvr")
    ('price', 'conversion_cvr')
    """
    section, _, name = path.rpartition(".")
    return f"{section}_{name}" if name in COMPUTED else name


_SPECS = {cls: tuple(specs_of(cls).items()) for cls in SECTIONS.values()}


def _specs(cls: Any) -> Any:
    return _SPECS[cls]


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
    months = _steady_month() if steady else _plan_months(values)
    chance = demand.NO_CHANCE if steady else values.by_chance
    if not steady:
        book |= {symbol_of(path): value for path, value in values.by_month.items()}
    put_months_of_fees(scenario, book, steady=steady)

    put_charges(scenario, values, book)
    effects = effects_of(book, months.effect)
    book["aov_boost"] = effects["effect_aov"]
    fill(_only("unit", wanted), book)
    put_commission(scenario, values, chance, book)
    fill(_only("commission", wanted), book)

    put_funnel(scenario, values, months, effects, chance, book, wanted)
    _customers(scenario, chance, book, steady=steady)
    fill(_only("volumes", wanted), book) if steady else _volumes(wanted, book)

    _one_offs(scenario, book, steady=steady)
    fill(_only("ledger", wanted), book)
    return book


def lifted(values: Values, book: Book, factor: Array, wanted: Wanted = None) -> Book:
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
    usual = extra if chance.whole is None else extra / chance.whole
    ages = orders_at_age(scenario.customers, book, extra.shape[0])
    new, repeat = retention.cohorts(usual, ages, book["referral"], chance.later)
    whole = 1.0 if chance.whole is None else chance.whole
    out["new_customers"] = book["new_customers"] + new * whole
    out["repeat_orders"] = book["repeat_orders"] + repeat * whole
    _volumes(wanted, out)
    fill(_only("ledger", wanted), out)
    return out


def steady_lifted(book: Book, factor: Array, wanted: Wanted = None) -> Book:
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
    fill(_only("volumes", wanted), out)
    fill(_only("ledger", wanted), out)
    return out


_WITH_FIRST_ORDERS = (
    "carts",
    "first_orders",
    "paid_channel_orders",
    "affiliate_orders",
    "affiliate_due",
)
"""Flows of a book that go with the first orders of the month."""


@cache
def leading_to(keys: frozenset[str]) -> frozenset[str]:
    """Return the figures asked for and every figure that they are made of; raises InputError for a
    key that is no figure.
    """
    out: set[str] = set()
    waiting = [figure_key(key) for key in keys]
    while waiting:
        key = waiting.pop()
        if key in out:
            continue
        out.add(key)
        if key in FORMULAS or "@" in key:
            waiting += formula_of(key).operands
        elif key in _OF_A_CUSTOMER:
            waiting += ["cm1", "cm2", "net_revenue", "paid_orders", "cac"]
    return frozenset(out | _ALWAYS)


_ALWAYS = frozenset({"paid_orders", "units", "goods_entered", "order_entered", "first_orders"})
"""What the concepts between the formulas read: commission and customers."""


_GROUPS: Mapping[str, tuple[Formula, ...]] = {
    "unit": UNIT_AND_ORDER,
    "commission": COMMISSION,
    "volumes": VOLUMES,
    "ledger": LEDGER,
    "subtotals": tuple(SUBTOTAL.values()),
    "metrics": METRICS,
}


@lru_cache(maxsize=512)
def _chosen(group: str, wanted: frozenset[str]) -> tuple[Formula, ...]:
    return tuple(one for one in _GROUPS[group] if one.key in wanted)


def _only(group: str, wanted: Wanted) -> Iterable[Formula]:
    return _GROUPS[group] if wanted is None else _chosen(group, wanted)


def _volumes(wanted: Wanted, book: Book) -> None:
    """Work out the volumes of the months; what follows from the paid orders is kept as a multiple
    of them.
    """
    fill([FORMULAS["paid_orders"]], book)
    book["paid_orders"] = Linear(Volume(book["paid_orders"]))
    fill([one for one in _only("volumes", wanted) if one.key != "paid_orders"], book)


SEASONS = {
    "fulfilment_per_unit": "fee_season",
    "fulfilment_per_order": "fee_season",
    "storage_per_unit_month": "storage_season",
}
"""Fees that differ by calendar month, and the list that says how."""


def put_months_of_fees(scenario: Scenario, book: Book, *, steady: bool) -> None:
    """Put into a book the fees of each calendar month, and the changes that were announced for it;
    the steady month gets the mean of twelve months.

    Args:
        scenario: whose plan and fulfilment say the months.
        book: changed in place; money in the sales currency.
        steady: whether the book is that of the steady month.
    """
    plan, fulfilment = scenario.plan, scenario.fulfilment
    months = max(_A_YEAR, plan.horizon_months)
    for symbol, name in SEASONS.items():
        year = getattr(fulfilment, name)
        if not steady and any(factor != 1.0 for factor in year):
            book[symbol] = book[symbol] * column(
                [
                    year[(plan.start_month - 1 + month) % _A_YEAR]
                    for month in range(plan.horizon_months)
                ]
            )
    later: dict[str, list[tuple[int, float]]] = {}
    for one in plan.announced:
        later.setdefault(one.field, []).append((one.month, one.value))
    for path, steps in later.items():
        symbol, before = symbol_of(path), likely(scenario.get(path))
        levels = [before] * months
        for first, value in sorted(
            steps, key=lambda step: step[0]
        ):  # where two rows name the same month, the later row holds
            levels[first - 1 :] = [value] * (months - first + 1)
        if steady:
            level: Number = sum(levels[:_A_YEAR]) / _A_YEAR
        else:
            level = column(levels[: plan.horizon_months])
        # a value drawn around the current fee stays as far from the announced fee, relatively
        book[symbol] = book[symbol] * (level / before) if before else book[symbol] + level


_A_YEAR = 12


def _steady_month() -> demand.Months:
    one = column([1.0])
    return demand.Months(conversion=one, organic=one, budget=one, effect=one)


def _plan_months(values: Values) -> demand.Months:
    plan, symbols = values.scenario.plan, values.symbols
    month = column([float(m) for m in range(1, plan.horizon_months + 1)])
    season = column(
        [plan.season[(plan.start_month - 1 + m) % 12] for m in range(plan.horizon_months)]
    )
    budgets = plan.budget_plan or [1.0]
    return demand.Months(
        conversion=demand.ramp(symbols["ramp_start"], symbols["ramp_months"], month) * season,
        organic=demand.ramp(symbols["organic_ramp_start"], symbols["ramp_months"], month),
        budget=column([budgets[min(m, len(budgets) - 1)] for m in range(plan.horizon_months)]),
        effect=demand.arrived(symbols["effect_ramp_months"], month),
    )


EFFECTS = (
    "effect_cpc",
    "effect_organic",
    "effect_ctr",
    "effect_add_to_cart",
    "effect_checkout",
    "effect_aov",
)


def effects_of(book: Mapping[str, Any], share: Number) -> dict[str, Any]:
    """Return the multipliers of an operator's effect, of which a share has arrived.

    Args:
        book: the numbers of the fields, with those of the operator's effect [1].
        share: how much of the effect has arrived [fraction].

    Returns:
        Multipliers [1] by the key of the effect.
    """
    return {name: demand.with_effect(book[name], share) for name in EFFECTS}


def put_charges(scenario: Scenario, values: Values, book: Book) -> None:
    """Put into a book the tax, the duty of the border and the cost of converting money.

    Args:
        scenario: whose tax, border and payout fields count.
        values: the numbers of its fields.
        book: changed in place; factors [1] and money [sales currency per order].
    """
    _tax(scenario, book)
    _at_the_border(scenario, values, book)
    _payment(scenario, values, book)


def _tax(scenario: Scenario, book: Book) -> None:
    split = tax.factors(book["tax_rate"], scenario.tax.situation, book["price_includes_tax"])
    book["consumer_factor"], book["gross_factor"] = split.consumer, split.gross
    book["output_tax_factor"], book["withheld_factor"] = split.output_tax, split.withheld
    book["console_factor"] = (
        split.gross if scenario.tax.situation == "outside_price" else split.consumer
    )  # a US dashboard shows no sales tax


def _at_the_border(scenario: Scenario, values: Values, book: Book) -> None:
    """Put the sum of the additional duties, and the cap of the entry fee, into the book."""
    layers = [
        (f"tax.duty_layers.{n}", layer) for n, layer in enumerate(scenario.tax.duty_layers, 1)
    ]
    for key, base in (("duty_added", "customs"), ("duty_on_sale", "sale")):
        book[key] = sum(
            (
                values.typed(f"{path}.rate", layer.rate)
                for path, layer in layers
                if layer.base == base
            ),
            0.0,
        )
    book["duty_fixed"] = sum(
        (values.typed(f"{path}.per_unit", layer.per_unit) for path, layer in layers), 0.0
    )
    book["entry_fee_cap"] = (
        LARGEST if book["entry_fee_maximum"] is None else book["entry_fee_maximum"]
    )
    for name in ("fulfilment", "ads"):
        own = book[f"tax_on_{name}"]
        book[f"{name}_tax"] = book["tax_on_fees"] if own is None else own


def _payment(scenario: Scenario, values: Values, book: Book) -> None:
    """Put what is lost when money is converted into the book: the spread, or what the bank's own
    rate lies below the exchange rate.
    """
    bank = book["bank_rate"]
    book["fx_loss"] = (
        book["fx_spread"]
        if bank is None
        else 1.0 - bank / values.typed("fx_rate", scenario.fx_rate)
    )
    book["fx_on_gross"] = float(scenario.payment.fx_on == "gross")


def put_commission(
    scenario: Scenario, values: Values, chance: demand.ByChance, book: Book
) -> tuple[Any, Any]:
    """Put what the marketplace charges on an order into a book.

    Args:
        scenario: whose commission rules count.
        values: the numbers of its fields.
        chance: what chance does to the months, such as a change of commission.
        book: changed in place; money [sales currency per order].

    Returns:
        (what one piece is charged on, the percentage fee of one piece), both [sales currency].
    """
    rules = scenario.commission
    net_factor = book["gross_factor"] - book["output_tax_factor"]
    factor = either(book["commission_on_tax"], book["consumer_factor"], net_factor)
    own_rate = book["shipping_commission"]
    shipping = (
        either(book["commission_on_shipping"], book["shipping_charged"], 0.0)
        if own_rate is None
        else 0.0
    )
    goods = either(
        book["commission_before_discount"], book["price"] * book["units"], book["goods_entered"]
    )
    whole_order = (goods + shipping) * factor
    pieces = book["units"] if rules.commission_per == "item" else 1.0
    base = whole_order / pieces

    tiers, bands = list(enumerate(rules.tiers, 1)), list(enumerate(rules.fixed_bands, 1))
    bounds = [
        values.typed(f"commission.tiers.{n}.upto", tier.upto)
        for n, tier in tiers
        if tier.upto is not None
    ]
    rates = [
        values.typed(f"commission.tiers.{n}.rate", tier.rate) * values.commission_scale
        for n, tier in tiers
    ]
    if chance.commission is not None:
        rates = [np.minimum(1.0, rate + chance.commission) for rate in rates]
    closed = rules.tier_bound == "upto"
    fee = commission.percentage(
        base,
        rules.commission_mode,
        bounds,
        rates,
        book["commission_minimum"],
        book["commission_cap"],
        closed=closed,
    )
    ends = [
        values.typed(f"commission.fixed_bands.{n}.upto", band.upto)
        for n, band in bands
        if band.upto is not None
    ]
    fixed = commission.step(
        base,
        ends,
        [values.typed(f"commission.fixed_bands.{n}.fee", band.fee) for n, band in bands],
        closed=closed,
    )
    book["commission_base"] = whole_order
    book["commission_percentage"] = fee * pieces
    if own_rate is not None:
        book["commission_base"] = whole_order + book["shipping_charged"] * factor
        book["commission_percentage"] = (
            book["commission_percentage"] + book["shipping_charged"] * factor * own_rate
        )
    book["commission_fixed"] = fixed * pieces
    book["commission_kept"] = (
        commission.kept_on_refund(fee, book["refund_kept_rate"], book["refund_kept_cap"]) * pieces
    )
    return base, fee


def put_funnel(
    scenario: Scenario,
    values: Values,
    months: demand.Months,
    effects: Mapping[str, Any],
    chance: demand.ByChance,
    book: Book,
    wanted: Wanted = None,
) -> None:
    """Put exposure, clicks, orders and what they cost into a book, and under "channels" the steps
    of each channel.

    Args:
        scenario: whose channels count.
        values: the numbers of its fields.
        months: multipliers of each month: budget, conversion, exposure [1].
        effects: multipliers of an operator's effect [1].
        chance: what chance does to the months.
        book: changed in place; arrays of shape (months, paths).
        wanted: the keys to work out; None for all.
    """
    sums: dict[str, Any] = {}

    def add(key: str, amount: Any) -> None:
        if wanted is not None and key not in wanted:
            return
        before = sums.get(key, 0.0)
        if before is None or amount is None:
            sums[key] = None
        elif is_nothing(amount) or is_nothing(
            before
        ):  # a channel that adds nothing adds no array of zeros
            sums[key] = before if is_nothing(amount) else amount
        else:
            sums[key] = before + amount

    zero = np.zeros_like(months.conversion * months.budget)
    cheaper = demand.times(effects["effect_cpc"], chance.clicks)
    conversion = demand.times(months.conversion if chance.whole is None else 1.0, chance.conversion)
    cart_boost = demand.times(conversion, effects["effect_add_to_cart"])
    checkout_boost = effects["effect_checkout"]
    by_channel: dict[str, Book] = {}
    book["sales_ad_rate"] = 0.0
    for channel in scenario.channels:
        if channel.kind == "orders":
            by_channel[channel.id] = _typed_orders(
                channel, values, months, chance, book, demand.times(cart_boost, checkout_boost), add
            )
            continue
        flow = _traffic(channel, values, months, chance, effects, cheaper)
        steps = demand.convert(
            flow.clicks, _rates(scenario, channel, values, book), cart_boost, checkout_boost
        )
        orders = (
            steps.orders if chance.count is None else chance.count(channel.id, None, steps.orders)
        )
        paid = channel.kind in ("cpc", "cpm")
        viewed, started = _between(scenario, channel, values, steps, cart_boost)
        by_channel[channel.id] = {
            "spend": flow.spend,
            "impressions": flow.impressions,
            "clicks": flow.clicks,
            "visits": steps.visits,
            "carts": steps.carts,
            "orders": orders,
            "views": viewed,
            "checkouts": started,
        }
        add("impressions", flow.impressions)
        add("clicks", flow.clicks)
        add("visits", steps.visits)
        add("product_views", viewed)
        add("carts", steps.carts)
        add("checkouts", started)
        add("first_orders", orders)
        add("media_spend", flow.spend if paid else 0.0)
        add("media_of_orders", 0.0)
        add("paid_clicks", flow.clicks if paid else 0.0)
        add("paid_impressions", flow.impressions if paid else 0.0)
        add("paid_channel_orders", orders if paid else 0.0)
        share = values.channel(channel, "affiliate_rate")
        shared = channel.kind == "share" or not is_nothing(share)
        add("affiliate_orders", orders if shared else 0.0)
        add("affiliate_due", orders * share if shared else 0.0)
        add(
            "list_cost",
            (
                flow.impressions * values.channel(channel, "send_cost")
                if channel.kind == "list"
                else 0.0
            ),
        )
    for key, total in sums.items():
        book[key] = (
            total if total is None or np.shape(total)[:1] == zero.shape[:1] > (1,) else zero + total
        )
    book["channels"] = by_channel


def _typed_orders(
    channel: Channel,
    values: Values,
    months: demand.Months,
    chance: demand.ByChance,
    book: Book,
    boost: Number,
    add: Callable[[str, Any], None],
) -> Book:
    """Return a channel whose orders are typed, with its ad spend of a month, per order, as a share
    of its own sales, or of all sales.

    Season, ramp, effects and chance act on the orders as they would on a conversion rate.
    Impressions, clicks and visits are not known; where ads are known only as a share of all sales,
    neither are the orders that they bring.
    """
    per = {
        "orders": 1.0,
        "units": book["units"],
        "sales": book["order_entered"] * book["consumer_factor"],
    }[channel.known_as]
    orders = number(
        demand.times(
            demand.times(values.channel(channel, "known_sales") / per, chance.traffic), boost
        )
    )
    orders = orders if chance.count is None else chance.count(channel.id, None, orders)
    of_order, of_own = (
        values.channel(channel, "cost_per_order"),
        values.channel(channel, "acos_rate"),
    )
    of_month, of_sales = (
        values.channel(channel, "known_spend"),
        values.channel(channel, "tacos_rate"),
    )
    goes_along = not (is_nothing(of_order) and is_nothing(of_own))
    bought = goes_along or not is_nothing(of_month)
    each = of_order + of_own * book["order_entered"] * book["gross_factor"]
    of_orders = (
        demand.times(orders * each, values.budget_scale) if goes_along else np.zeros_like(orders)
    )
    spend = of_orders
    if not is_nothing(
        of_month
        # the typed ad spend does not follow the sales; the budget plan, and events that stop the
        # ads, change it
    ):
        spend = of_orders + demand.times(
            of_month * months.budget * values.budget_scale, chance.traffic
        )
    for key in ("impressions", "clicks", "visits", "product_views", "carts", "checkouts"):
        add(key, None)
    add("first_orders", orders)
    add("media_spend", spend if bought else 0.0)
    add("media_of_orders", of_orders if goes_along else 0.0)
    for key in ("paid_clicks", "paid_impressions"):
        add(key, None if bought or not is_nothing(of_sales) else 0.0)
    add("paid_channel_orders", None if not is_nothing(of_sales) else orders if bought else 0.0)
    share = values.channel(channel, "affiliate_rate")
    add("affiliate_orders", 0.0 if is_nothing(share) else orders)
    add("affiliate_due", 0.0 if is_nothing(share) else orders * share)
    add("list_cost", 0.0)
    book["sales_ad_rate"] = book["sales_ad_rate"] + of_sales * values.budget_scale
    unknown = dict.fromkeys(("impressions", "clicks", "visits", "carts", "views", "checkouts"))
    return {**unknown, "spend": spend, "orders": orders, "of_orders": of_orders}


def _between(
    scenario: Scenario, channel: Channel, values: Values, steps: demand.Steps, cart_boost: Number
) -> tuple[Array | None, Array | None]:
    """Return product views and checkouts started of a channel, where the store's steps are known
    and the channel has no step of its own.
    """
    c = scenario.conversion
    seen = values.number("conversion.product_view_rate", c.product_view_rate)
    started = values.number("conversion.checkout_start_rate", c.checkout_start_rate)
    own_cart, own_checkout = (
        channel.channel_add_to_cart_rate is not None,
        channel.channel_checkout_rate is not None,
    )
    views = None if seen is None or own_cart else number(demand.times(steps.visits, seen))
    checkouts = (
        None
        if started is None or steps.carts is None or own_checkout
        else number(demand.times(steps.carts, started))
    )
    return views, checkouts


def _traffic(
    channel: Channel,
    values: Values,
    months: demand.Months,
    chance: demand.ByChance,
    effects: Mapping[str, Any],
    cheaper: Number,
) -> demand.Traffic:
    reach = demand.times(values.channel(channel, "impressions"), chance.traffic)
    if channel.kind in demand.FREE:
        reach = demand.times(reach, chance.free)
    if channel.kind == "organic":
        reach = reach * months.organic * effects["effect_organic"]
    ctr = values.channel(channel, "ctr")
    if ctr is not None:
        ctr = np.minimum(1.0, ctr * effects["effect_ctr"])
    reference = values.channel(channel, "reference_budget")
    return demand.traffic(
        channel.kind,
        budget=demand.times(
            values.channel(channel, "budget") * months.budget * values.budget_scale, chance.traffic
        ),
        price=values.channel(channel, "cpc" if channel.kind == "cpc" else "cpm") * cheaper,
        elasticity=values.channel(channel, "elasticity"),
        reference=1.0 if reference is None else reference,
        impressions=reach,
        ctr=ctr,
    )


def _rates(scenario: Scenario, channel: Channel, values: Values, book: Book) -> demand.Rates:
    own = {
        name: values.channel(channel, f"channel_{name}")
        for name in ("landing_rate", "cvr", "add_to_cart_rate", "checkout_rate")
    }
    own_steps = own["cvr"] is None and own["checkout_rate"] is not None
    cvr = own["cvr"] if own["cvr"] is not None else (None if own_steps else book["conversion_cvr"])
    cart, checkout = book["add_to_cart_rate"], book["checkout_rate"]
    if book["product_view_rate"] is not None:
        cart = book["product_view_rate"] * book["cart_of_views_rate"]
    if book["checkout_start_rate"] is not None:
        checkout = book["checkout_start_rate"] * book["checkout_completion_rate"]
    return demand.Rates(
        landing=book["landing_rate"] if own["landing_rate"] is None else own["landing_rate"],
        cvr=cvr,
        add_to_cart=cart if own["add_to_cart_rate"] is None else own["add_to_cart_rate"],
        checkout=checkout if own["checkout_rate"] is None else own["checkout_rate"],
        payment_success=book["payment_success_rate"],
    )


def _customers(scenario: Scenario, chance: demand.ByChance, book: Book, *, steady: bool) -> None:
    referral, customers = book["referral"], scenario.customers
    acquired: Array = book["first_orders"]
    # every earlier cohort whose customers are still young enough for the lifetime value to count
    # them
    if customers.retention != "constant":
        ages = orders_at_age(customers, book, customers.ltv_horizon)
        if steady:
            repeats: Number = functools.reduce(operator.add, ages[1:], 0.0)
            book["new_customers"], book["repeat_orders"] = retention.steady(
                acquired, book["repeat_probability"], referral, repeats
            )
            return
    elif steady:
        book["new_customers"], book["repeat_orders"] = retention.steady(
            acquired, book["repeat_probability"], referral
        )
        return
    ages = orders_at_age(customers, book, acquired.shape[0])
    before = _before(customers, book, chance, acquired.shape[0])
    if chance.whole is None:
        book["new_customers"], book["repeat_orders"] = retention.cohorts(
            acquired, ages, referral, chance.later, chance.count, before
        )
        return
    # the months of a history include repeat orders, so repeat orders follow the same multiples
    usual = acquired / chance.whole
    new, repeat = retention.cohorts(usual, ages, referral, chance.later, None, before)
    book["new_customers"], book["repeat_orders"] = new * chance.whole, repeat * chance.whole


def _before(
    customers: Customers, book: Book, chance: demand.ByChance, months: int
) -> retention.Before | None:
    """Return what the customers of the months before the first one still bring, where a store has
    had any.
    """
    if chance.before is None:
        return None
    acquired, referral, horizon = chance.before, book["referral"], customers.ltv_horizon
    if (
        customers.retention == "constant"
    ):  # orders at every age, also at ages beyond the horizon of the lifetime value
        repeats, left = (
            None,
            retention.tails(book["repeat_probability"], customers.repeat_interval, months),
        )
    else:
        ages = orders_at_age(customers, book, horizon)
        repeats = functools.reduce(operator.add, ages[1:], 0.0)
        left = [functools.reduce(operator.add, ages[month:], 0.0) for month in range(1, months + 1)]
    new, again = retention.steady(acquired, book["repeat_probability"], referral, repeats)
    return retention.Before(new[0], (new + again)[0], [(tail * new)[0] for tail in left])


def _one_offs(scenario: Scenario, book: Book, *, steady: bool) -> None:
    months = 1 if steady else scenario.plan.horizon_months
    for group in GROUP_WORDS:
        amounts = [0.0] * months
        if not steady:
            for item in scenario.fixed.one_off:
                if item.group == group and item.month <= months:
                    amounts[item.month - 1] += item.amount
        book[f"one_off_{group}"] = column(amounts)


def period(
    values: Values,
    book: Book,
    steady_book: Book,
    wanted: Wanted = None,
    over: Over = "total",
    asked: frozenset[str] = frozenset(),
) -> Book:
    """Return the book of a period with its metrics: flows summed over its months, then the ratios.

    Args:
        values: the numbers of the scenario's fields.
        book: the months, or the steady month itself.
        steady_book: the steady month, which gives the figures of a customer (LTV).
        wanted: the keys to work out; None for all.
        over: all months together ("total"), each month for itself ("month"), the last one ("end"),
            or months a to b together ((a, b)). The steady month adds up to itself.
        asked: with `wanted`, the flows that are to be there besides those that a subtotal or a
            metric needs.

    Returns:
        Figures by key, shape (1, paths), with "month" (months, paths).
    """
    out: Book = {key: value for key, value in steady_book.items() if key not in _NOT_CARRIED}
    for key in FLOWS if wanted is None else _added_up(wanted, asked):
        flow = book[key]
        out[key] = None if flow is None else _over(over)(flow)
    fill(_only("subtotals", wanted), out)
    if wanted is None or not wanted.isdisjoint({"ltv", *_OF_A_CUSTOMER}):
        out["ltv"] = _ltv(values, steady_book)
    fill(_only("metrics", wanted), out)
    fill((formula_of(key) for key in asked if "@" in key), out)
    return out


_OVER: dict[Over, Callable[[Any], Array]] = {
    "total": summed,
    "month": by_month,
    "end": last,
    "steady": summed,
}


def whole_period(over: Whole) -> Whole:
    """Return a whole period, checked.

    Args:
        over: "total" or "steady".

    Returns:
        The same text.

    Raises:
        InputError: if it is any other text.
    """
    if over not in ("total", "steady"):
        raise refuse("over", over, "choice", allowed="total, steady")
    return over


def _over(over: Over) -> Callable[[Any], Array]:
    """Return what adds a flow up over a period."""
    if isinstance(over, tuple):
        first, final = over
        return lambda flow: over_months(in_months(flow, first, final))
    if over not in _OVER:
        raise refuse("over", over, "choice", allowed=", ".join(str(one) for one in _OVER))
    return _OVER[over]


@lru_cache(maxsize=512)
def _added_up(wanted: frozenset[str], asked: frozenset[str]) -> tuple[str, ...]:
    bases = [formula_of(key) for key in asked if "@" in key]
    needed = {
        name
        for one in (*SUBTOTAL.values(), *METRICS, *bases)
        if one.key in wanted
        for name in one.operands
    } | asked
    return tuple(key for key in FLOWS if key in needed)


@cache
def _needs_steady(wanted: frozenset[str], asked: frozenset[str]) -> bool:
    """Return whether figures need the steady month: the value of a customer, a part of one order,
    or a metric of either.
    """
    inside = {one.key for group in (UNIT_AND_ORDER, COMMISSION) for one in group}
    return (
        bool(asked & inside)
        # a figure of one order needs the tax factors, which are worked out in the steady month only
        or any("@" in key for key in asked)
        or not wanted.isdisjoint(_OF_A_CUSTOMER)
        or any(name in inside for one in METRICS if one.key in wanted for name in one.operands)
    )


def figures(values: Values, asked: Mapping[Over, Collection[str]]) -> dict[tuple[str, Over], Any]:
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
        if asked.get("steady") or _needs_steady(wanted, keys)
        else dict(values.symbols)
    )
    return figures_of(values, book, steady, asked)


def figures_of(
    values: Values, book: Book, steady: Book, asked: Mapping[Over, Collection[str]]
) -> dict[tuple[str, Over], Any]:
    """Return the figures asked for from books that hold what leads to them.

    Args:
        values: the numbers that the books were made from.
        book: the months.
        steady: the steady month, or only symbols where nothing asked needs it.
        asked: keys of figures by period.

    Returns:
        As `figures`.
    """
    wanted = leading_to(frozenset(key for some in asked.values() for key in some))
    out: dict[tuple[str, Over], Any] = {}
    for over, some in asked.items():
        if over in ("month", "end") and all(
            key in _FLOWS for key in some
        ):  # figures of single months that are flows need no sums and no ratios
            out |= {
                (key, over): None if book[key] is None else _over(over)(book[key]) for key in some
            }
            continue
        of_period = period(
            values, steady if over == "steady" else book, steady, wanted, over, frozenset(some)
        )
        if "payback_months" in some:
            of_period["payback_months"] = _paybacks(values, steady)
        out |= {(key, over): of_period[key] for key in some}
    return out


def _paybacks(values: Values, steady_book: Book) -> Array:
    """Return the payback month of each path: infinite where it is not within the horizon, NaN where
    nothing is paid back.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.asarray(steady_book["cm2"]) / np.asarray(steady_book["paid_orders"])
        orders = steady_book["paid_channel_orders"]
        cost = np.asarray(steady_book["ad_spend"]) / np.asarray(
            np.nan if orders is None else orders
        )
        return retention.paybacks(margin, _worth_at_age(values), cost)


def _worth_at_age(values: Values) -> list[Number]:
    return worth_at_age(values.scenario.customers, values.symbols)


def worth_at_age(customers: Customers, numbers: Mapping[str, Any]) -> list[Number]:
    """Return what a new customer's orders are worth in each month of the LTV horizon, in average
    orders: g(0), then v · g(k) up to age horizon − 1.

    v is what a repeat order is worth relative to the average one (`repeat_order_value`).

    Args:
        customers: how customers come back, and the LTV horizon [months].
        numbers: the numbers of the fields, by symbol.

    Returns:
        Average orders by age [months], one entry a month.
    """
    first, *later = orders_at_age(customers, numbers, customers.ltv_horizon)
    return [first, *(numbers["repeat_order_value"] * age for age in later)]


def orders_at_age(customers: Customers, numbers: Mapping[str, Any], months: int) -> list[Number]:
    """Return g(0) … g(months − 1): the orders that a new customer places in each of its first
    months, by the chosen way of coming back.

    Args:
        customers: how customers come back.
        numbers: the numbers of the fields, by symbol.
        months: how many ages [months].

    Returns:
        Orders per new customer by age, floats or arrays of shape (1, paths).
    """
    match customers.retention:
        case "frequency":
            return retention.evenly(numbers["orders_a_year"], numbers["lifespan_years"], months)
        case "sbg":
            return retention.differing_loyalty(
                numbers["sbg_alpha"], numbers["sbg_beta"], customers.repeat_interval, months
            )
        case "bgnbd":
            return retention.differing_pace(
                numbers["bgnbd_r"],
                numbers["bgnbd_alpha"],
                numbers["bgnbd_a"],
                numbers["bgnbd_b"],
                months,
            )
        case "table":
            return retention.typed(customers.age_orders, months)
    return retention.geometric(numbers["repeat_probability"], customers.repeat_interval, months)


def bought_again(customers: Customers, numbers: Mapping[str, Any]) -> Number:
    """Return the share of new customers who buy again within one interval.

    Args:
        customers: how customers come back.
        numbers: the numbers of the fields, by symbol.

    Returns:
        The share [fraction], a float or an array of shape (1, paths).
    """
    interval = numbers["repeat_interval"]
    match customers.retention:
        case "frequency":
            return np.minimum(
                1.0,
                retention.evenly_within(
                    numbers["orders_a_year"], numbers["lifespan_years"], interval
                ),
            )
        case "sbg":
            return retention.survival(numbers["sbg_alpha"], numbers["sbg_beta"], 1)[1]
        case "bgnbd":
            return retention.bought_again(interval, numbers["bgnbd_r"], numbers["bgnbd_alpha"])
        case "table":
            return min(1.0, sum(customers.age_orders[: customers.repeat_interval]))
    out: Number = numbers["repeat_probability"]
    return out


def _ltv(values: Values, steady_book: Book) -> Number:
    customers = values.scenario.customers
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.asarray(steady_book[customers.ltv_basis]) / np.asarray(
            steady_book["paid_orders"]
        )
    return retention.lifetime_value(
        margin, _worth_at_age(values), values.symbols["ltv_discount"], customers.ltv_first_order
    )


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
    >>> round(sum(result.steady[key] for key in LINE_KEYS) - result.steady["profit"], 9)
    0.0
    """
    values = Values(scenario)
    steady_book = book_of(values, steady=True)
    monthly_book = book_of(values, steady=False)
    steady = period(values, steady_book, steady_book)
    horizon = period(values, monthly_book, steady_book)
    of_a_customer = {
        "payback_months": _payback(values, steady),
        "ltv_unlimited": _ltv_unlimited(values, steady),
    }
    for book in (steady, horizon):
        book.update(of_a_customer)
    shape = (scenario.plan.horizon_months, 1)
    monthly = {
        key: (
            None
            if monthly_book[key] is None
            else np.broadcast_to(by_month(monthly_book[key]), shape)[:, 0]
        )
        for key in FLOWS
    }
    return Result(
        scenario,
        MODEL_VERSION,
        Figures({key: known(value) for key, value in steady.items()}),
        Figures({key: known(value) for key, value in horizon.items()}),
        Figures(monthly),
        {
            key: {name: known(flow[name]) for name in STEPS}
            for key, flow in steady_book["channels"].items()
        },
    )


def _ltv_unlimited(values: Values, steady: Book) -> float | None:
    """Return the lifetime value without a horizon, on the same basis and discount; None where it is
    infinite or there are no orders.
    """
    customers, numbers = values.scenario.customers, values.symbols
    basis, orders = known(steady[customers.ltv_basis]), known(steady["paid_orders"])
    later = retention.orders_for_ever(
        customers.retention,
        numbers,
        customers.repeat_interval,
        customers.age_orders,
        float(numbers["ltv_discount"]),
    )
    if basis is None or not orders or later is None:
        return None
    return (
        basis
        / orders
        * (float(customers.ltv_first_order) + float(numbers["repeat_order_value"]) * later)
    )


def _payback(values: Values, steady: Book) -> float | None:
    orders, cac = known(steady["paid_orders"]), known(steady["cac"])
    margin = known(steady["cm2"])
    if not orders or cac is None or margin is None:
        return None
    ages = [float(np.asarray(g).reshape(-1)[0]) for g in _worth_at_age(values)]
    month = retention.payback(margin / orders, ages, cac)
    return None if month is None else float(month)


__all__ = [
    "LINE_KEYS",
    "MODEL_VERSION",
    "SEASONS",
    "Book",
    "Over",
    "Per",
    "Result",
    "Values",
    "Whole",
    "book_of",
    "evaluate",
    "figures",
    "figures_of",
    "leading_to",
    "lifted",
    "orders_at_age",
    "period",
    "steady_lifted",
    "symbol_of",
    "whole_period",
    "worth_at_age",
]
