"""How many hours a month serving a client takes, factor by factor, and what they cost.

One number for one thing: a usual shop takes the people that the prior "shops per operator" says
(data/alternatives.toml); what an option names of its scope multiplies them or adds hours
(data/serving.toml). Nothing named leaves the prior as it is, draws and all
(docs/decisions/0059). Read `serving_hours`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from funnel_sim.chance.distributions import drawable, mean_of
from funnel_sim.decisions.quote.store_alone import orders_without_operator
from funnel_sim.reference import exchange_rates, serving
from funnel_sim.reference.serving import Span
from funnel_sim.reference.studies import Prior
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quantity import (
    Range,
    Triangular,
    Uniform,
    is_range,
    point_value,
)
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

Factor = Literal[
    "usual",
    "platforms",
    "sites",
    "products",
    "hard",
    "launch",
    "languages",
    "support",
    "offsite",
    "manager",
    "troubled",
    "typed",
]


@dataclass(frozen=True)
class HoursLine:
    """One factor: the hours a month that it takes or, below zero, saves (least, likely, largest),
    and what it rests on.
    """

    factor: Factor
    low: float
    likely: float
    high: float
    basis: Span | None


@dataclass(frozen=True)
class ServingHours:
    """What serving takes in a usual month: `lines` add up to the hours, the prior's first; `month`
    are the hours of a full-time month, `people` the full-time people that the quote test counts.

    `typed` where the people were typed: then the factors are not counted.
    """

    lines: tuple[HoursLine, ...]
    month: float
    people: float | Range
    typed: bool

    def total(self, end: Literal["low", "likely", "high"]) -> float:
        """Return the hours a month, at the least, likely or largest value of every factor."""
        return float(sum(getattr(one, end) for one in self.lines))

    @property
    def mean(self) -> float:
        """The mean of the hours a month: what the cost of serving counts."""
        return mean_of(self.people, specs_of(Option)["serving_people"].domain) * self.month


def named(option: Option) -> bool:
    """Say whether anything is said of what has to be served.

    >>> named(Option(id="a")), named(Option(id="a", scope_sites=3))
    (False, True)
    """
    new = Option(id=option.id)
    return any(
        getattr(option, name) != getattr(new, name)
        for name in type(option).model_fields
        if name.startswith("scope_") and name != "scope_tools"
    )


def _multiples(scenario: Scenario, option: Option) -> Iterator[tuple[Factor, Span]]:
    """Yield what the hours of a usual shop are multiplied by."""
    on = scenario.as_of
    if option.scope_platforms is not None and option.scope_platforms > 1:
        yield "platforms", _more(serving.span("times", "platforms", on), option.scope_platforms)
    if option.scope_sites is not None and option.scope_sites > 1:
        several = serving.span("times", "sites", on)
        each = 1.0 / serving.setting("times", "sites", "further")
        further = several.mapped(lambda end: (end - 1.0) * each)
        yield "sites", _more(further, option.scope_sites)
    if option.scope_products is not None:
        power = serving.span("times", "products", on)
        size = option.scope_products / serving.span("usual", "products", on).likely
        yield "products", power.mapped(lambda end: size**end)
    if option.scope_hard:
        yield "hard", serving.span("times", "hard", on)
    if option.scope_stage == "launch":
        new = serving.span("times", "launch", on)
        share = min(serving.setting("times", "launch", "months"), option.term) / option.term
        yield "launch", new.mapped(lambda end: 1.0 + (end - 1.0) * share)


def _more(each: Span, count: int) -> Span:
    """Return the multiple of one thing that several of it take."""
    return each.mapped(lambda end: 1.0 + end * (count - 1))


def _added(scenario: Scenario, option: Option) -> Iterator[tuple[Factor, Span]]:
    """Yield the hours a month that come on top."""
    on = scenario.as_of
    if option.scope_languages is not None and option.scope_languages > 1:
        each = serving.span("added", "languages", on)
        products = option.scope_products or serving.span("usual", "products", on).likely
        times = (option.scope_languages - 1) * products
        yield "languages", each.times(times / serving.setting("added", "languages", "months"))
    if option.scope_support:
        orders = orders_without_operator(scenario) or 0.0
        yield "support", serving.span("added", "support", on).times(orders)
    if option.scope_offsite:
        yield "offsite", serving.span("added", "offsite", on)
    if option.scope_manager:
        yield "manager", serving.span("added", "manager", on)
    if option.scope_stage == "troubled":
        yield "troubled", serving.span("added", "troubled", on).times(1.0 / option.term)


def serving_hours(scenario: Scenario, option: Option) -> ServingHours:
    """Return the hours a month that serving an option's client takes, factor by factor.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract, with what it names of its scope.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen")
        >>> found = serving_hours(store, Option(id="a"))  # 0.25 × 173.3, 1 ÷ 4 shops
        >>> [one.factor for one in found.lines], round(found.total("likely"), 1)
        (['usual'], 43.3)
        >>> more = serving_hours(store, Option(id="a", scope_platforms=2))  # × (1 + 0.8)
        >>> round(more.total("likely"), 1)
        78.0
    """
    month = serving.span("usual", "month", scenario.as_of).likely
    if option.serving_people is not None:
        people = option.serving_people
        low, likely, high = _ends(people)
        line = HoursLine("typed", low * month, likely * month, high * month, None)
        return ServingHours((line,), month, people, typed=True)
    basis = alternatives.serving(scenario, option.service, "people")
    rows = tuple(row for row in basis.rows if isinstance(row, Prior))
    low, likely, high = _ends(basis.value)
    prior = Span(low, likely, high, rows, basis.note)
    now = [end * month for end in (prior.low, prior.likely, prior.high)]
    lines = [HoursLine("usual", now[0], now[1], now[2], prior)]
    for factor, span in _multiples(scenario, option):
        grown = [h * m for h, m in zip(now, (span.low, span.likely, span.high), strict=True)]
        more = [new - old for new, old in zip(grown, now, strict=True)]
        lines.append(HoursLine(factor, more[0], more[1], more[2], span))
        now = grown
    lines += [
        HoursLine(factor, span.low, span.likely, span.high, span)
        for factor, span in _added(scenario, option)
    ]
    whole = ServingHours(tuple(lines), month, basis.value, typed=False)
    if len(lines) == 1:
        return whole
    most = specs_of(Option)["serving_people"].domain[1]
    ends = [min(most, whole.total(end) / month) for end in ("low", "likely", "high")]
    return ServingHours(whole.lines, month, _range(basis.value, ends), typed=False)


def _ends(people: float | Range) -> tuple[float, float, float]:
    if not is_range(people):
        likely = point_value(people)
        return likely, likely, likely
    if isinstance(people, Triangular | Uniform):
        return people.low, people.point, people.high
    assert not isinstance(people, float | int)
    found = drawable(people, specs_of(Option)["serving_people"].domain)
    return found.quantile(0.1), point_value(people), found.quantile(0.9)


def _range(like: float | Range, ends: list[float]) -> float | Range:
    """Return a range of the same shape as the prior's."""
    low, likely, high = ends
    if not low < high:
        return likely
    if isinstance(like, Triangular):
        return Triangular(low=low, likely=likely, high=high)
    return Uniform(low=low, high=high)


def tools_cost(scenario: Scenario, option: Option) -> float | Range:
    """Return what the tools cost that the agency pays for, a month; nothing where its other cost
    was typed, which then holds them.

    Args:
        scenario: the store and its plan, for the currency.
        option: the terms of the contract.

    Returns:
        Money of the cost currency, a number or a range; 0 where it pays for none.
    """
    if not option.scope_tools or is_range(option.serving_other) or option.serving_other:
        return 0.0
    usual = serving.span("money", "tools", scenario.as_of)
    rate = exchange_rates.exchange("USD", scenario.cost_currency, scenario.as_of)
    found = usual.times(rate)
    return Triangular(low=found.low, likely=found.likely, high=found.high)


@dataclass(frozen=True)
class UsualPrice:
    """What is usually asked for such hours, a month in the cost currency: `cost` on average, `low`
    and `high` with the usual margins on the people who serve, `hour` what an hour costs.
    """

    cost: float
    hours: float
    hour: float
    low: float
    high: float
    margin: tuple[float, float]


def usual_price(scenario: Scenario, cost: float, hours: float) -> UsualPrice:
    """Return the price that a cost usually has: cost ÷ (1 − margin), at the least and the largest
    usual margin.

    Args:
        scenario: the store and its plan, for the day.
        cost: what serving costs on average [cost currency per month].
        hours: the hours a month.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> found = usual_price(preset("amazon-de-kitchen"), 4000.0, 50.0)
        >>> found.hour, found.low, found.high  # 4,000 ÷ 0.5 and ÷ 0.4
        (80.0, 8000.0, 10000.0)
    """
    row = serving.delivery_margin(scenario.as_of)
    least, most = row.low or 0.0, row.high or 0.0
    return UsualPrice(
        cost,
        hours,
        cost / hours if hours else 0.0,
        cost / (1.0 - least),
        cost / (1.0 - most),
        (least, most),
    )
