"""Markets and platforms side by side: one product as it is, and carried to each of several places.

What comes along, what is the place's and what moves is in `scenario.carried`; here each place is
worked out, put into one currency and ranked: by the lower end of its futures, in which a figure
that rests on weak benchmarks has a wider range (docs/decisions/0088-carried-on-weak-evidence.md).
The sum is that of a portfolio whose rows are the places, so that its probabilities are those of the
sum on common draws (`chance.portfolio`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from funnel_sim.chance.cash import cash_of
from funnel_sim.chance.distributions import drawable
from funnel_sim.chance.portfolio import PortfolioSimulation, simulate_portfolio
from funnel_sim.decisions.cash.answer import balance_currency
from funnel_sim.decisions.economics.targets import answers
from funnel_sim.errors import InputError, refuse
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.benchmark_doubt import Figure
from funnel_sim.reference.portfolio_settings import most_markets
from funnel_sim.scenario.carried import Carried, carry
from funnel_sim.scenario.carried_doubt import GRADES, Grade, figure_of, grade_of, worst
from funnel_sim.scenario.carried_field import is_amount
from funnel_sim.scenario.carried_goods import local_price
from funnel_sim.scenario.converted import rate_between
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.quantity import is_range
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused

Price = Literal["same", "margin", "local"]
"""The price there: the same converted, the one that keeps the profit margin of home, or the level
of the place: the own cost times what the example's price there is of its cost."""
PRICES: tuple[Price, ...] = get_args(Price)
Volume = Literal["budget", "orders"]
"""What of the traffic is the same there: the ad budget and the free impressions, or the orders."""
VOLUMES: tuple[Volume, ...] = get_args(Volume)
Rank = Literal["cautious", "likely"]
"""By which figure places are ranked: the profit a month that nine futures in ten reach or exceed,
or that at the likely values."""
RANKS: tuple[Rank, ...] = get_args(Rank)
Part = Literal[
    "tax",
    "goods",
    "freight",
    "duty",
    "fulfilment",
    "returns",
    "commission",
    "payment",
    "ads",
    "fixed",
    "profit",
]
"""What becomes of what shoppers pay."""
PARTS: Mapping[Part, tuple[str, ...]] = {
    "goods": ("goods_purchase", "goods_packaging", "goods_recovered"),
    "freight": ("goods_freight",),
    "duty": ("goods_duty", "goods_entry", "goods_import_tax"),
    "fulfilment": ("fulfilment", "storage"),
    "returns": ("refunds", "returns_handling"),
    "commission": ("commission",),
    "payment": ("payment_fee", "chargebacks", "fx_cost"),
    "ads": ("ads", "list_sends", "affiliates"),
    "fixed": ("operator_fee", "localisation", "compliance", "saas", "staff", "other_fixed"),
}
"""Lines of the ledger by what they are for, without tax, which is in no line of it."""
_GREW = 0.005
"""Of what shoppers pay: a part that takes so much more than at home limits a market."""
_ROUNDS = 12
_CLOSE = 1e-9
HERE = "here"
"""The name of the product where it is."""


@dataclass(frozen=True)
class MarketAnswer:
    """A product in one place; amounts in the currency of the comparison, of a steady month.

    `name` is the preset's id, `HERE` where the product is. `price` is in the sales currency,
    `price_level` it over the level of the place (`local_price`), None where the product is, or
    costs nothing. `shares` of what shoppers pay [fractions]: tax, the parts of `PARTS`, and profit;
    they add up to 1. `limit` is the part that takes most more of it than at home, else the largest
    beside the goods; `cash_low` the lowest balance at the likely values, begun with nothing, with
    its day. `loss` is the probability of a loss over the plan, None where it was not simulated.
    `kept_margin`: False where no price keeps the margin of home, so that it is the same price.
    `grades`: the evidence on click price and conversion, none where the product stays; `cautious`:
    the profit a month that nine futures in ten reach or exceed, on average over the plan, None
    where nothing was simulated; `moved_by`: by how much the profit a month changes where a figure
    lies at the bad end of its range (P90 of a click price, P10 of a conversion rate).
    """

    name: str
    carried: Carried
    price: float
    orders: float
    gmv: float
    net_revenue: float
    profit: float
    per_order: float
    margin: float | None
    break_even_acos: float | None
    acos: float | None
    shares: Mapping[Part, float]
    limit: Part | None
    cash_low: float
    cash_low_day: dt.date
    price_level: float | None = None
    loss: float | None = None
    kept_margin: bool = True
    grades: Mapping[Figure, Grade] = field(default_factory=dict)
    cautious: float | None = None
    moved_by: Mapping[Figure, float] = field(default_factory=dict)

    @property
    def grade(self) -> Grade:
        """The weakest evidence on its click price and its conversion."""
        return worst(self.grades)

    @property
    def scenario(self) -> Scenario:
        """The product there, complete."""
        return self.carried.scenario


@dataclass(frozen=True)
class Markets:
    """A product in several places, ranked by `rank`.

    `here` is the product where it is, `rows` the places it was carried to, `refused` those where it
    cannot be, each with the reason. `portfolio` holds all of them as rows, `simulation` its futures
    where they were asked for.
    """

    currency: str
    price: Price
    volume: Volume
    here: MarketAnswer
    rows: tuple[MarketAnswer, ...]
    refused: Mapping[str, InputError]
    portfolio: Portfolio
    simulation: PortfolioSimulation | None
    rank: Rank = "likely"

    @property
    def every(self) -> tuple[MarketAnswer, ...]:
        """The product where it is, and each place."""
        return (self.here, *self.rows)

    @property
    def profit(self) -> float:
        """Profit of all places a month."""
        return sum(one.profit for one in self.every)

    @property
    def margin(self) -> float | None:
        """The blended margin: profit of all over net revenue of all; None without any."""
        sold = sum(one.net_revenue for one in self.every)
        return self.profit / sold if sold else None


def markets(
    scenario: Scenario,
    targets: Sequence[str],
    *,
    price: Price = "same",
    volume: Volume = "budget",
    currency: str = "",
    paths: int | None = None,
    seed: int = 1,
    rank: Rank = "cautious",
) -> Markets:
    """Return a product where it is and in each of several places.

    Args:
        scenario: the store and its plan, as typed.
        targets: ids of presets; the one that the scenario started from is `here` and left out.
        price: "same", "margin" or "local".
        volume: "budget" or "orders".
        currency: in which places are compared; that of the scenario's costs where empty.
        paths: how many futures; none where None.
        seed: of the futures.
        rank: "cautious" or "likely"; where nothing is simulated, always "likely".

    Raises:
        InputError: if there is no such preset, there are too many, or a currency is not known.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> found = markets(preset("amazon-us-kitchen"), ["amazon-de-kitchen", "shopee-th"])
        >>> [one.name for one in found.every][0], len(found.rows), found.currency
        ('here', 2, 'CNY')
    """
    wanted = [one for one in dict.fromkeys(targets) if one != scenario.preset]
    if len(wanted) > most_markets():
        raise refuse("targets", len(wanted), "markets_most", most=most_markets())
    shown = currency or scenario.cost_currency
    base = carry(scenario, scenario.preset) if scenario.preset else _as_it_is(scenario)
    here = _answer(HERE, base, shown, None)
    rows, refused = [], {}
    for target in wanted:
        try:
            carried, kept = _carried(scenario, target, price, volume)
            found = _answer(target, carried, shown, here)
            local = local_price(scenario, target)
            level = found.price / local if local else None
            rows.append(replace(found, kept_margin=kept, price_level=level))
        except InputError as error:
            if any(one.rule in ("preset", "fx_unknown") for one in error.problems):
                raise
            refused[target] = error
    portfolio = _portfolio([here, *rows], shown)
    simulation = None if paths is None else simulate_portfolio(portfolio, paths, seed)
    if simulation is not None:
        here, *rows = (_drawn(one, n, simulation) for n, one in enumerate([here, *rows]))
    by: Rank = "likely" if simulation is None else rank
    rows.sort(key=lambda one: (-ranked_by(one, by), one.name))
    return Markets(shown, price, volume, here, tuple(rows), refused, portfolio, simulation, by)


def ranked_by(one: MarketAnswer, rank: Rank) -> float:
    """Return the profit a month by which a place is ranked.

    Args:
        one: the product there.
        rank: "cautious" or "likely".

    Returns:
        Currency of the comparison; of a place that was not simulated always the likely profit.
    """
    return one.profit if rank == "likely" or one.cautious is None else one.cautious


def _drawn(one: MarketAnswer, row: int, simulation: PortfolioSimulation) -> MarketAnswer:
    """Return a place with what its futures say of it."""
    months = one.scenario.plan.horizon_months
    low = float(simulation.percentiles[row][0]) / months
    return replace(one, loss=float(simulation.loss[row]), cautious=low)


def _as_it_is(scenario: Scenario) -> Carried:
    """Return a scenario of no preset where it is: all of it is its own."""
    return Carried("", scenario, {})


def _carried(scenario: Scenario, target: str, price: Price, volume: Volume) -> tuple[Carried, bool]:
    """Return a product at a place with the price and traffic asked for, and whether that price was
    found. Price and traffic are found in turn, for each may move what the other rests on.
    """
    home = evaluate(scenario).steady
    first, wanted, margin = home["first_orders"], home["paid_orders"], home["margin"]
    level = local_price(scenario, target) if price == "local" else None
    traffic, found = 1.0, True
    there = _at(scenario, target, price, level, traffic, first)
    for _ in range(_ROUNDS):
        before = level, traffic
        if price == "margin":
            level, found = _keeping(there, margin)
        if volume == "orders" and wanted:
            got = evaluate(there.scenario).steady["paid_orders"]
            traffic *= wanted / got if got else 1.0
        if _close(before, (level, traffic)):
            break
        there = _at(scenario, target, price, level, traffic, first)
    return there, found


def _at(
    scenario: Scenario,
    target: str,
    price: Price,
    level: float | None,
    traffic: float,
    first: float | None,
) -> Carried:
    return carry(
        scenario,
        target,
        price=level,
        price_by="local_price" if price == "local" else "margin",
        traffic=traffic,
        orders=first,
    )


def _keeping(there: Carried, margin: float | None) -> tuple[float | None, bool]:
    """Return the price at which a margin is kept, and whether there is one; None for as it is."""
    if margin is None:
        return None, False
    [found] = answers(there.scenario, ["price"], metric="margin", target=margin)
    return found.value, found.value is not None


def _close(one: tuple[float | None, float], other: tuple[float | None, float]) -> bool:
    return all(
        a == b or (a is not None and b is not None and abs(a / b - 1) < _CLOSE)
        for a, b in zip(one, other, strict=True)
    )


def _answer(name: str, carried: Carried, currency: str, home: MarketAnswer | None) -> MarketAnswer:
    scenario = carried.scenario
    steady = evaluate(scenario).steady
    rate = _rate(scenario, scenario.currency, currency)
    gmv = steady["gmv"] or 0.0
    shares = _shares(steady, gmv)
    nothing = {"cash.opening_cash": 0.0}  # what is at hand now is in no other place
    run = cash_of(scenario.replace(nothing) if scenario.cash.opening_cash else scenario).run
    kept = _rate(scenario, balance_currency(scenario), currency)
    return MarketAnswer(
        name,
        carried,
        float(steady["price"] or 0.0),
        float(steady["paid_orders"] or 0.0),
        gmv * rate,
        (steady["net_revenue"] or 0.0) * rate,
        (steady["profit"] or 0.0) * rate,
        (steady["order_profit"] or 0.0) * rate,
        steady["margin"],
        steady["break_even_acos"],
        steady["acos"],
        shares,
        _limit(shares, shares if home is None else home.shares),
        float(run.lowest[0]) * kept,
        run.days.date(int(run.lowest_day[0])),
        grades={} if home is None else _grades(carried),
        moved_by={} if home is None else _moved_by(carried, rate),
    )


def _grades(carried: Carried) -> dict[Figure, Grade]:
    """Return the weakest evidence on the click prices and on the conversion rates of a place."""
    found: dict[Figure, list[Grade]] = {}
    for path, told in carried.fields.items():
        figure = figure_of(path)
        if told.why == "no_clicks":
            found.setdefault("clicks", []).append("none")
            found.setdefault("sales", []).append("none")
        elif figure is not None and is_amount(told.value) and not unused(carried.scenario, path):
            found.setdefault(figure, []).append(grade_of(told))
    return {figure: max(some, key=GRADES.index) for figure, some in sorted(found.items())}


def _moved_by(carried: Carried, rate: float) -> dict[Figure, float]:
    """Return by how much the profit a month changes where the figures of a kind all lie at the bad
    ends of their ranges.
    """
    scenario, out = carried.scenario, {}
    likely = evaluate(scenario).steady["profit"] or 0.0
    for figure, level in _BAD_ENDS.items():
        ends = {
            path: _end(scenario, path, level)
            for path in carried.fields
            if figure_of(path) == figure and is_range(scenario.get(path))
        }
        if ends:
            there = evaluate(scenario.replace(ends)).steady["profit"] or 0.0
            out[figure] = (there - likely) * rate
    return out


_BAD_ENDS: Mapping[Figure, float] = {"clicks": 0.9, "sales": 0.1}


def _end(scenario: Scenario, path: str, level: float) -> float:
    """Return a percentile of a field's range."""
    spec, value = spec_of(path), scenario.get(path)
    assert spec is not None
    assert is_range(value)
    return drawable(value, spec.domain).quantile(level)


def _rate(scenario: Scenario, one: str, other: str) -> float:
    found = rate_between(scenario, one, other)
    if found is None:
        raise refuse("currency", other, "fx_unknown", one=one, other=other)
    return found


def _shares(steady: Mapping[str, float | None], gmv: float) -> dict[Part, float]:
    """Return what becomes of what shoppers pay [fractions of it]; nothing without sales."""
    if not gmv:
        return {}
    sold = (steady["gross_sales"] or 0.0) + (steady["output_tax"] or 0.0)
    out: dict[Part, float] = {"tax": 1.0 - sold / gmv}
    for part, lines in PARTS.items():
        out[part] = -sum(steady[line] or 0.0 for line in lines) / gmv
    out["profit"] = (steady["profit"] or 0.0) / gmv
    return out


def _limit(shares: Mapping[Part, float], home: Mapping[Part, float]) -> Part | None:
    """Return what limits a market: the part that grew most against home, else the largest one
    beside the goods; None without sales.
    """
    parts = [one for one in shares if one != "profit"]
    if not parts:
        return None
    grew = {one: shares[one] - home.get(one, 0.0) for one in parts}
    most = max(parts, key=lambda one: grew[one])
    if grew[most] > _GREW:
        return most
    return max((one for one in parts if one != "goods"), key=lambda one: shares[one])


def _portfolio(every: Sequence[MarketAnswer], currency: str) -> Portfolio:
    """Return the places as the rows of a portfolio, each on a base of its own."""
    first = every[0].scenario
    bases = {one.name if one.name == HERE else f"to {one.name}": one.scenario for one in every}
    rows = [
        PortfolioRow(one.name, base, product=first.name or first.preset)
        for one, base in zip(every, bases, strict=True)
    ]
    return Portfolio(tuple(rows), first.as_of, currency, bases)
