"""What the model says a budget brings: profit and GMV of the steady month along the budget of each
item, an item being an ad channel of a scenario or of a row of a portfolio.

There is no second model: every number here is the scenario's own, worked out by `figures` with the
budgets as paths. Where no diminishing returns are typed, a sourced assumption stands in (unless it
is switched off), with today's budget as the one at which the price of a click holds.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.portfolio import RowSources
from funnel_sim.chance.streams import SamplingPlan, batches, uniforms
from funnel_sim.decisions.customer.budgets import ads_bought
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import figures
from funnel_sim.model.portfolio import group_figures
from funnel_sim.model.values import Values
from funnel_sim.reference.budget_settings import response_prior
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.portfolio_settings import shared_demand
from funnel_sim.scenario.budget import BudgetTerms
from funnel_sim.scenario.portfolio import Portfolio, RowGroup
from funnel_sim.scenario.portfolio_rates import rates_of
from funnel_sim.scenario.quantity import Pert, point_value
from funnel_sim.scenario.scenario import Scenario

FIGURES = ("profit", "gmv")
PROFIT, GMV = range(2)


class Responses(Protocol):
    """What items bring along their budgets."""

    @property
    def names(self) -> tuple[str, ...]:
        """The items' names."""

    @property
    def now(self) -> Array:
        """What each spends today [money of `currency`], shape (items,)."""

    @property
    def assumed(self) -> NDArray[np.bool_]:
        """Whose response nobody typed, shape (items,)."""

    @property
    def wholes(self) -> NDArray[np.int64]:
        """Of which whole each item is a part, shape (items,): the scenario, or its row."""

    @property
    def currency(self) -> str:
        """The currency of all amounts."""

    def along(self, budgets: Array, plan: SamplingPlan | None = None) -> Array:
        """Return profit and GMV along the budget of each item while the others stay as they are.

        Args:
            budgets: amounts [money], shape (items, cases, points).
            plan: where given, the cases are its draws, in its order.

        Returns:
            Shape (2, items, cases, points): of the whole scenario, or of the row of the item.
        """

    def together(self, splits: Array) -> Array:
        """Return profit and GMV of whole splits.

        Args:
            splits: amounts [money], shape (splits, items).

        Returns:
            Shape (2, splits).
        """

    @property
    def drawn(self) -> bool:
        """Whether anything is drawn, so that there is an interval to tell."""


def with_responses(scenario: Scenario, terms: BudgetTerms) -> tuple[Scenario, tuple[str, ...]]:
    """Return a scenario in which every ad channel has diminishing returns.

    Args:
        scenario: the store.
        terms: whether an assumption may stand in.

    Returns:
        (the scenario, the ids of the channels of which nobody had typed any).

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store, assumed = with_responses(preset("amazon-de-kitchen"), BudgetTerms())
        >>> assumed, point_value(store.channels[0].elasticity), store.channels[0].reference_budget
        (('ads',), 0.3, 1300.0)
    """
    paid = ads_bought(scenario)
    untyped = [one for one in paid if one.elasticity == 0]
    if not untyped or not terms.assume_response:
        return scenario, ()
    known = response_prior(scenario.as_of)
    stands_in = Pert(low=known.low, likely=known.likely, high=known.high, meaning="p80")
    spent = [point_value(one.budget) for one in paid]
    # a channel that has spent nothing is taken to be priced at what the others spend on average
    usual = sum(spent) / len(spent) or (terms.budget_total or 0.0) / len(spent)
    channels = []
    for one in scenario.channels:
        reference = one.reference_budget or point_value(one.budget) or usual
        if one in untyped and reference != 0:
            channels.append(one.but(elasticity=stands_in, reference_budget=reference))
        else:
            channels.append(one)
    return scenario.but(channels=channels), tuple(one.id for one in untyped)


@dataclass(frozen=True)
class ScenarioResponses:
    """The ad channels of one scenario; see `Responses`."""

    scenario: Scenario
    assumed_of: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The ids of the channels."""
        return tuple(one.id for one in ads_bought(self.scenario))

    @cached_property
    def now(self) -> Array:
        """What each spends today [money], shape (items,)."""
        return np.array([point_value(one.budget) for one in ads_bought(self.scenario)])

    @cached_property
    def assumed(self) -> NDArray[np.bool_]:
        """Whose response nobody typed, shape (items,)."""
        return np.array([name in self.assumed_of for name in self.names], dtype=np.bool_)

    @cached_property
    def wholes(self) -> NDArray[np.int64]:
        """Of which whole each item is a part, shape (items,): all of the one scenario."""
        return np.zeros(len(self.names), dtype=np.int64)

    @property
    def currency(self) -> str:
        """The sales currency."""
        return self.scenario.currency

    @cached_property
    def drawn(self) -> bool:
        """Whether any input is a range."""
        return bool(self._sources.inputs)

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self.scenario)

    @cached_property
    def _base(self) -> Values:
        return Values(self.scenario)

    def along(self, budgets: Array, plan: SamplingPlan | None = None) -> Array:
        """Return profit and GMV along the budget of each channel (`Responses.along`).

        Args:
            budgets: amounts [money], shape (items, cases, points).
            plan: where given, the cases are its draws, in its order.

        Returns:
            Shape (2, items, cases, points).
        """
        given: dict[str, Any] = {}
        if plan is not None:
            for path, values in _drawn(self._sources, plan).items():
                given[path] = np.broadcast_to(values[None, :, None], budgets.shape).reshape(-1)
        for index, path in enumerate(self._paths):
            amounts = np.full(budgets.shape, self.now[index])
            amounts[index] = budgets[index]
            given[path] = amounts.reshape(-1)
        return self._figures(given, budgets.size).reshape(2, *budgets.shape)

    def together(self, splits: Array) -> Array:
        """Return profit and GMV of whole splits (`Responses.together`).

        Args:
            splits: amounts [money], shape (splits, items).

        Returns:
            Shape (2, splits).
        """
        given = {path: splits[:, index] for index, path in enumerate(self._paths)}
        return self._figures(given, splits.shape[0])

    @property
    def _paths(self) -> list[str]:
        return [f"channels.{name}.budget" for name in self.names]

    def _figures(self, given: Mapping[str, Any], size: int) -> Array:
        out = np.empty((2, size))
        for start in range(0, size, _AT_ONCE):
            block = slice(start, start + _AT_ONCE)
            values = Values(
                self.scenario,
                {path: one[block] for path, one in given.items()},
                base=self._base,
            )
            found = figures(values, {"steady": FIGURES})
            for place, key in enumerate(FIGURES):
                out[place, block] = _known(found[key, "steady"])
        return out


_AT_ONCE = 16_384
"""Paths worked at once."""


def _known(value: Any) -> Any:
    """Return a figure without its axis of months; refuse one that is not known."""
    if value is None:
        raise refuse("budget", None, "budget_no_figure")
    return np.asarray(value).reshape(-1)


def _drawn(sources: Sources, plan: SamplingPlan) -> dict[str, Array]:
    """Return what ranges came to in every draw of a plan, in its order, shape (draws,): as
    `Sources.draw`, without the months, which the steady month has none of.
    """
    streams = {
        path: sources.stream(path) if isinstance(sources, RowSources) else path
        for path in sources.inputs
    }
    parts = []
    for which in batches(plan):
        drawn = uniforms(plan, which, streams.values())
        parts.append(sources.values({path: drawn[name] for path, name in streams.items()}))
    return {path: np.concatenate([one[path] for one in parts]) for path in sources.inputs}


@dataclass(frozen=True)
class _Item:
    """One item of a portfolio: its row, its channel, where it is among the items."""

    row: int
    channel: str
    place: int


@dataclass(frozen=True)
class PortfolioResponses:
    """The ad channels of all rows of a portfolio, in its currency; see `Responses`."""

    portfolio: Portfolio
    terms: BudgetTerms = field(default_factory=BudgetTerms)

    @property
    def currency(self) -> str:
        """That of the portfolio's totals."""
        return self.portfolio.currency

    @cached_property
    def items(self) -> tuple[_Item, ...]:
        """Every ad channel of every row, in the order of the rows."""
        by_row: dict[int, list[str]] = {}
        for group in self.portfolio.groups:
            channels = [one.id for one in ads_bought(group.scenario)]
            for row in group.rows.tolist():
                by_row[row] = channels
        pairs = [(row, one) for row in sorted(by_row) for one in by_row[row]]
        return tuple(_Item(row, one, place) for place, (row, one) in enumerate(pairs))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The rows' names, with the channel behind them where a row has several."""
        times = Counter(item.row for item in self.items)
        return tuple(
            self.portfolio.rows[item.row].name
            if times[item.row] == 1
            else f"{self.portfolio.rows[item.row].name} / {item.channel}"
            for item in self.items
        )

    @cached_property
    def _groups(self) -> list["_ItemGroup"]:
        out = []
        for group in self.portfolio.groups:
            inside = set(group.rows.tolist())
            items = [item for item in self.items if item.row in inside]
            if items:
                out.append(_ItemGroup(group, items, self.terms, rates_of(self.portfolio, group)))
        return out

    @cached_property
    def now(self) -> Array:
        """What each item spends today [money], shape (items,)."""
        return self._of_groups(lambda group: group.now)

    @cached_property
    def assumed(self) -> NDArray[np.bool_]:
        """Whose response nobody typed, shape (items,)."""
        return self._of_groups(lambda group: group.assumed).astype(np.bool_)

    @cached_property
    def wholes(self) -> NDArray[np.int64]:
        """The row of each item, shape (items,)."""
        return np.array([item.row for item in self.items], dtype=np.int64)

    def _of_groups(self, ask: Any) -> Array:
        out = np.zeros(len(self.items))
        for group in self._groups:
            out[group.places] = ask(group)
        return out

    @property
    def drawable(self) -> bool:
        """Whether the rows are few enough to be drawn."""
        return len(self.portfolio.rows) <= MOST_ROWS_DRAWN

    @property
    def drawn(self) -> bool:
        """Whether the rows are drawn, and any of their inputs is a range."""
        return self.drawable and any(bool(one.inputs) for one in self._sources)

    @property
    def stores(self) -> list[Scenario]:
        """Every row as a whole scenario, its responses filled in."""
        return [one.scenario for one in self._sources]

    @cached_property
    def _sources(self) -> list[RowSources]:
        tags = {
            tag: self.portfolio.tags(tag) for tag in ("market", "platform", "category", "group")
        }
        return [
            RowSources(
                with_responses(self.portfolio.scenario_of(index), self.terms)[0],
                row.name,
                {tag: some[index] for tag, some in tags.items()},
                shared_demand(),
            )
            for index, row in enumerate(self.portfolio.rows)
        ]

    def along(self, budgets: Array, plan: SamplingPlan | None = None) -> Array:
        """Return profit and GMV of each item's row along its budget (`Responses.along`).

        Args:
            budgets: amounts [money], shape (items, cases, points).
            plan: where given, the cases are its draws, in its order.

        Returns:
            Shape (2, items, cases, points).
        """
        out = np.empty((2, *budgets.shape))
        if plan is None:
            for group in self._groups:
                out[:, group.places] = group.along(budgets[group.places])
            return out
        for index, sources in enumerate(self._sources):
            places = [item.place for item in self.items if item.row == index]
            if places:
                store = sources.scenario
                rate = exchange_of(self.portfolio, store)
                one = _RowResponses(store, sources_of=sources)
                out[:, places] = one.along(budgets[places] / rate, plan) * rate
        return out

    def together(self, splits: Array) -> Array:
        """Return profit and GMV of whole splits (`Responses.together`), all rows added up.

        Args:
            splits: amounts [money], shape (splits, items).

        Returns:
            Shape (2, splits).
        """
        out = np.zeros((2, splits.shape[0]))
        for group in self._groups:
            out += group.together(splits[:, group.places])
        return out


MOST_ROWS_DRAWN = 64
"""Rows of a portfolio whose gain gets an interval: each is drawn by itself."""


@dataclass(frozen=True)
class _RowResponses(ScenarioResponses):
    """A row's channels with the row's own draws."""

    sources_of: Sources | None = None

    @property
    def _sources(self) -> Sources:
        assert self.sources_of is not None
        return self.sources_of


def exchange_of(portfolio: Portfolio, store: Scenario) -> float:
    """Return what one unit of a row's sales currency is in that of totals.

    Args:
        portfolio: whose currency and day count.
        store: the row.

    Returns:
        The rate [1].
    """
    if store.currency == portfolio.currency:
        return 1.0
    if store.cost_currency == portfolio.currency:
        return point_value(store.fx_rate)
    return exchange(store.currency, portfolio.currency, portfolio.as_of)


class _ItemGroup:
    """The items of one group of rows, worked out as the paths of one call."""

    def __init__(self, group: RowGroup, items: list[_Item], terms: BudgetTerms, rates: Array):
        self.group, self.items, self.rates = group, items, rates
        self.places = np.array([item.place for item in items])
        self.row_places = {int(row): place for place, row in enumerate(group.rows)}
        self.at = np.array([self.row_places[item.row] for item in items])
        self.channels = [one.id for one in ads_bought(group.scenario)]
        self.budgets = {one: self._own(one, "budget") for one in self.channels}
        self.moved: dict[str, Array] = {}
        self.assumed_by: dict[str, Array] = {}
        self._assume(terms)

    def _own(self, channel: str, name: str) -> Array:
        """Return each row's number at a field of a channel, NaN where it is empty."""
        path = f"channels.{channel}.{name}"
        if path in self.group.given:
            return self.group.given[path]
        now = self.group.scenario.get(path)
        return np.full(self.group.rows.size, np.nan if now is None else point_value(now))

    def _assume(self, terms: BudgetTerms) -> None:
        likely = response_prior(self.group.scenario.as_of).likely
        spent = np.stack([self.budgets[one] for one in self.channels])
        usual = spent.mean(axis=0)
        for one in self.channels:
            elasticity = self._own(one, "elasticity")
            ranged = self.group.scenario.get(f"channels.{one}.elasticity") != 0
            bare = (elasticity == 0) & (
                not ranged or f"channels.{one}.elasticity" in self.group.given
            )
            at = np.where(self.budgets[one] > 0, self.budgets[one], usual)
            bare &= terms.assume_response & (at > 0)
            reference = self._own(one, "reference_budget")
            self.assumed_by[one] = bare
            self.moved[f"channels.{one}.elasticity"] = np.where(bare, likely, elasticity)
            self.moved[f"channels.{one}.reference_budget"] = np.where(
                np.isnan(reference), np.where(at > 0, at, 1.0), reference
            )

    @property
    def now(self) -> Array:
        return np.array(
            [
                self.budgets[item.channel][at] * self.rates[at]
                for item, at in zip(self.items, self.at, strict=True)
            ]
        )

    @property
    def assumed(self) -> Array:
        return np.array(
            [
                float(self.assumed_by[item.channel][at])
                for item, at in zip(self.items, self.at, strict=True)
            ]
        )

    def along(self, budgets: Array) -> Array:
        """Return profit and GMV of the items' rows, shape (2, items, cases, points)."""
        each = budgets.shape[1] * budgets.shape[2]
        rows = np.repeat(self.at, each)
        moved = {}
        for one in self.channels:
            amounts = self.budgets[one][rows].reshape(budgets.shape).copy()
            for place, item in enumerate(self.items):
                if item.channel == one:
                    amounts[place] = budgets[place] / self.rates[self.at[place]]
            moved[f"channels.{one}.budget"] = amounts.reshape(-1)
        found = self._figures(rows, moved) * self.rates[rows]
        return np.asarray(found.reshape(2, *budgets.shape))

    def together(self, splits: Array) -> Array:
        """Return the sums over the group's rows for whole splits, shape (2, splits)."""
        count, size = splits.shape[0], self.group.rows.size
        rows = np.tile(np.arange(size), count)
        moved = {}
        for one in self.channels:
            amounts = np.tile(self.budgets[one], (count, 1))
            for place, item in enumerate(self.items):
                if item.channel == one:
                    at = self.at[place]
                    amounts[:, at] = splits[:, place] / self.rates[at]
            moved[f"channels.{one}.budget"] = amounts.reshape(-1)
        found = self._figures(rows, moved) * self.rates[rows]
        return np.asarray(found.reshape(2, count, size).sum(axis=2))

    def _figures(self, rows: NDArray[np.int64], moved: Mapping[str, Array]) -> Array:
        out = np.empty((2, rows.size))
        for start in range(0, rows.size, _ROWS_AT_ONCE):
            block = slice(start, start + _ROWS_AT_ONCE)
            here = rows[block]
            many = RowGroup(
                self.group.scenario,
                self.group.rows[here],
                {path: values[here] for path, values in self.group.given.items()},
            )
            fixed = {path: values[here] for path, values in self.moved.items()}
            tried = {path: values[block] for path, values in moved.items()}
            found = group_figures(many, FIGURES, "steady", {**fixed, **tried})
            out[:, block] = np.stack([found[key] for key in FIGURES])
        return out


_ROWS_AT_ONCE = 65_536
"""Paths whose numbers are put together at once."""
