"""The best split of a portfolio's ad budget, taken over into its rows."""

from dataclasses import replace

from funnel_sim.decisions.budget.answer import BudgetAnswer, spending
from funnel_sim.decisions.budget.responses import PortfolioResponses, exchange_of
from funnel_sim.scenario.links import differences
from funnel_sim.scenario.moved_ranges import as_changes
from funnel_sim.scenario.portfolio import Portfolio

_STILL = 0.005
"""Money of a month by which a budget must move to be written: half a cent."""


def taken_rows(portfolio: Portfolio, found: BudgetAnswer) -> Portfolio:
    """Return a portfolio whose rows spend the best split, each in the currency of its own sales.

    Only rows whose budget moves are changed. An assumed response is written into their channels
    with the budget at which the price of the clicks holds, as `taken` does for one scenario.

    Args:
        portfolio: that was asked about.
        found: the answer.

    Raises:
        InputError: if a row cannot hold its budget.

    Examples:
        >>> from funnel_sim.decisions.budget.answer import portfolio_budget
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> from funnel_sim.scenario.budget import BudgetTerms
        >>> from funnel_sim.scenario.portfolio import PortfolioRow
        >>> rows = tuple(PortfolioRow(name, "amazon-de-kitchen") for name in ("Mug", "Cup"))
        >>> two = Portfolio(rows, DATA_DATE, currency="EUR")
        >>> made = taken_rows(two, portfolio_budget(two, BudgetTerms(budget_total=1800.0)))
        >>> [round(made.scenario_of(row).channels[0].budget, 2) for row in (0, 1)]
        [900.0, 900.0]
    """
    responses = PortfolioResponses(portfolio, found.terms)
    lines = {one.name: one for one in found.lines}
    best: dict[int, dict[str, float]] = {}
    moved = set()
    for item, name in zip(responses.items, responses.names, strict=True):
        best.setdefault(item.row, {})[item.channel] = lines[name].best
        if abs(lines[name].moved) >= _STILL:
            moved.add(item.row)
    rows, fresh = list(portfolio.rows), []
    for index in sorted(moved):
        row, base = rows[index], portfolio.base_of(rows[index])
        store = portfolio.scenario_of(index)
        rate = exchange_of(portfolio, store)
        own = {channel: amount / rate for channel, amount in best[index].items()}
        changes = differences(spending(store, found.terms, own), base) or {}
        kept = as_changes(base, changes, exactly=portfolio.exact)
        rows[index] = replace(row, changes=kept, place="")
        fresh.append(rows[index])
    made = portfolio.with_rows(rows, fresh)
    return replace(made, budget=found.terms.but(budget_total=None))
