"""One step in a portfolio: a row changed, added, copied, taken away, opened as a scenario and taken
back.

Each returns another portfolio, checked as a whole; the one that was given stays as it is.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.scenario.links import differences
from funnel_sim.scenario.moved_ranges import as_changes
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.scenario import Scenario

_ONLY_SHOWN = ("name", "shown_in")
"""What a scenario is called and in which currency it is shown: no difference of a row."""


def with_row(portfolio: Portfolio, index: int, row: PortfolioRow) -> Portfolio:
    """Return a portfolio with another row in the place of one.

    Args:
        portfolio: the rows.
        index: which row, counted from 0.
        row: what stands there then.

    Raises:
        InputError: if the row is none, or its name is another row's.
    """
    rows = (*portfolio.rows[:index], row, *portfolio.rows[index + 1 :])
    return portfolio.with_rows(rows, (row,))


def with_change(portfolio: Portfolio, index: int, path: str, value: Any) -> Portfolio:
    """Return a portfolio in which a row has another value in a field; None takes what it had of its
    own away, and its base's holds.

    Args:
        portfolio: the rows.
        index: which row, counted from 0.
        path: of the field.
        value: as a scenario file holds it; None for the base's own.

    Raises:
        InputError: if the field cannot hold it.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> mug = Portfolio((PortfolioRow("Mug", "amazon-de-kitchen"),), DATA_DATE)
        >>> dearer = with_change(mug, 0, "product.price", 24.0)
        >>> (
        ...     dict(dearer.rows[0].changes),
        ...     dict(with_change(dearer, 0, "product.price", None).rows[0].changes),
        ... )
        ({'product.price': 24.0}, {})
    """
    row = portfolio.rows[index]
    changes = {name: one for name, one in row.changes.items() if name != path}
    if value is not None:
        changes = {**row.changes, path: value}
    return with_row(portfolio, index, replace(row, changes=changes, place=""))


def with_added(portfolio: Portfolio, row: PortfolioRow, index: int | None = None) -> Portfolio:
    """Return a portfolio with one more row, under a name of its own.

    Args:
        portfolio: the rows.
        row: the new one; a number follows its name where another row has that.
        index: where it stands; None for the end.

    Raises:
        InputError: if the row is none, or there are too many.
    """
    at = len(portfolio.rows) if index is None else index
    new = replace(row, name=free_name(portfolio, row.name), place="")
    return portfolio.with_rows((*portfolio.rows[:at], new, *portfolio.rows[at:]), (new,))


def with_copy(portfolio: Portfolio, index: int) -> Portfolio:
    """Return a portfolio in which a row stands twice, the copy after it.

    Args:
        portfolio: the rows.
        index: which row, counted from 0.

    Raises:
        InputError: if there are too many rows then.
    """
    return with_added(portfolio, portfolio.rows[index], index + 1)


def without_row(portfolio: Portfolio, index: int) -> Portfolio:
    """Return a portfolio without a row; what it started from stays, for another one.

    Args:
        portfolio: the rows.
        index: which row, counted from 0.

    Raises:
        InputError: if it was the last one.
    """
    return portfolio.with_rows((*portfolio.rows[:index], *portfolio.rows[index + 1 :]))


def free_name(portfolio: Portfolio, name: str) -> str:
    """Return a name that no row has: the name, else with a number after it.

    Args:
        portfolio: the rows.
        name: that is wished for.
    """
    taken = {row.name for row in portfolio.rows}
    number, found = 2, name
    while found in taken:
        found, number = f"{name} {number}", number + 1
    return found


def opened_row(portfolio: Portfolio, index: int) -> Scenario:
    """Return a row as a scenario that bears its name.

    Args:
        portfolio: the rows.
        index: which row, counted from 0.
    """
    return portfolio.scenario_of(index).replace({"name": portfolio.rows[index].name})


def taken_back(portfolio: Portfolio, index: int, scenario: Scenario) -> Portfolio:
    """Return a portfolio in which a row is the scenario: what differs from its base,
    ranges moved along as their numbers; where its channels are other ones than the base's, the
    scenario becomes the row's own base.

    Args:
        portfolio: the rows.
        index: which row, counted from 0.
        scenario: what the row is to be.

    Raises:
        InputError: if it is no row.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> mug = Portfolio((PortfolioRow("Mug", "amazon-de-kitchen"),), DATA_DATE)
        >>> opened = opened_row(mug, 0).replace({"tax.tax_rate": 0.2})
        >>> dict(taken_back(mug, 0, opened).rows[0].changes)
        {'tax.tax_rate': 0.2}
    """
    row, base = portfolio.rows[index], portfolio.base_of(portfolio.rows[index])
    changes = differences(scenario, base)
    if changes is None:
        name = _free_base(portfolio, row.name)
        kept = {**portfolio.bases, name: scenario}
        fresh = replace(row, base=name, changes={}, place="")
        rows = (*portfolio.rows[:index], fresh, *portfolio.rows[index + 1 :])
        return replace(portfolio, rows=rows, bases=kept)
    kept_changes = {path: one for path, one in changes.items() if path not in _ONLY_SHOWN}
    own = as_changes(base, kept_changes, exactly=portfolio.exact)
    return with_row(portfolio, index, replace(row, changes=own, place=""))


def of_scenarios(scenarios: Sequence[tuple[str, Scenario]]) -> Portfolio:
    """Return the portfolio whose rows are scenarios, each its own base; totals in the currency of
    the first one's costs, its day for rates.

    Args:
        scenarios: (name, scenario), at least one.

    Raises:
        InputError: if there is no exchange rate from one of their currencies to that of totals.
    """
    bases: dict[str, Scenario] = {}
    rows: list[PortfolioRow] = []
    for name, scenario in scenarios:
        own, number = name, 2
        while own in bases or own in preset_rows():
            own, number = f"{name} {number}", number + 1
        bases[own] = scenario
        rows.append(PortfolioRow(own, own))
    first = scenarios[0][1]
    return Portfolio(tuple(rows), first.as_of, first.cost_currency, bases)


def _free_base(portfolio: Portfolio, name: str) -> str:
    """Return a name for a scenario that rows start from, which neither a preset nor another base
    has.
    """
    number, found = 2, name
    while found in portfolio.bases or found in preset_rows():
        found, number = f"{name} {number}", number + 1
    return found
