"""How the months of a plan differ from the steady month: ramp, season, budget, fees, and the
changes that are announced.
"""

from funnel_sim.model import demand
from funnel_sim.model.arrays import column, pick
from funnel_sim.model.keys import Book
from funnel_sim.model.values import Values, symbol_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

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
    month = column([float(m) for m in range(1, plan.horizon_months + 1)])
    for symbol, name in SEASONS.items():
        year = getattr(fulfilment, name)
        if not steady and any(factor != 1.0 for factor in year):
            book[symbol] = book[symbol] * pick(year, demand.calendar(plan.start_month, month))
    for path, rows in announced_rows(scenario).items():
        symbol, current = symbol_of(path), float(point_value(scenario.get(path)))
        steps = [(plan.announced[row - 1].month, plan.announced[row - 1].value) for row in rows]
        level = (
            demand.announced_on_average(current, steps)
            if steady
            else demand.announced(current, steps, month)
        )
        book[symbol] = demand.moved(book[symbol], current, level)


def announced_rows(scenario: Scenario) -> dict[str, list[int]]:
    """Return the rows of announced changes, counted from 1, by the field that they change, in the
    order of their months; of two that begin in one month the later row comes last.
    """
    rows: dict[str, list[int]] = {}
    for row, one in sorted(
        enumerate(scenario.plan.announced, 1), key=lambda numbered: numbered[1].month
    ):
        rows.setdefault(one.field, []).append(row)
    return rows


def steady_month() -> demand.MonthFactors:
    """Return the multipliers of the steady month: all of them 1."""
    one = column([1.0])
    return demand.MonthFactors(conversion=one, organic=one, budget=one, effect=one)


def plan_months(values: Values) -> demand.MonthFactors:
    """Return the multipliers of each month of the plan, shape (months, 1) or (months, paths)."""
    plan, symbols = values.scenario.plan, values.symbols
    month = column([float(m) for m in range(1, plan.horizon_months + 1)])
    season = pick(plan.season, demand.calendar(plan.start_month, month))
    budgets = plan.budget_plan or [1.0]
    return demand.MonthFactors(
        conversion=demand.ramp(symbols["ramp_start"], symbols["ramp_months"], month) * season,
        organic=demand.ramp(symbols["organic_ramp_start"], symbols["ramp_months"], month),
        budget=column([budgets[min(m, len(budgets) - 1)] for m in range(plan.horizon_months)]),
        effect=demand.arrived(symbols["effect_ramp_months"], month),
    )
