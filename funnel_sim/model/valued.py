"""What months are worth to an owner who counts at home: each at its own exchange rate.

The ledger is in the sales currency. Whoever budgets at home turns every month's money into the home
currency at the rate of that month, so that a rate that wanders moves what was earned abroad and
leaves what is paid at home. Amounts stay in the sales currency at today's rate, so that one fixed
rate shows them (decisions/0072).
"""

from funnel_sim.model.arrays import Number
from funnel_sim.model.bases import at_home, is_money
from funnel_sim.model.keys import Book
from funnel_sim.model.metrics import FLOWS
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

_MONEY_FLOWS = frozenset(key for key in FLOWS if is_money(key))


def counts_at_home(scenario: Scenario) -> bool:
    """Return whether results are those of an owner at home whose rate may wander."""
    return scenario.shown_in == "home" and scenario.currency != scenario.cost_currency


def valued(scenario: Scenario, key: str) -> str:
    """Return the key under which a figure is asked for: an amount at home where results are shown
    there, else the figure as it stands.

    Rates and ratios stay those of the store's console, in whose currency they are made.

    Args:
        scenario: the store and its plan, as typed.
        key: of a figure, on whatever basis.
    """
    return at_home(key) if counts_at_home(scenario) and is_money(key) else key


def rates_at_home(scenario: Scenario, fx_rate: Number) -> Number:
    """Return what money of the sales currency is worth at home, against today.

    Args:
        scenario: the store and its plan, as typed.
        fx_rate: units of the cost currency for one of the sales currency, shape (months, paths) or
            what broadcasts to it.

    Returns:
        The rate over today's [1], of the same shape.
    """
    return fx_rate / point_value(scenario.fx_rate)


def valued_book(scenario: Scenario, book: Book, *, steady: bool = False) -> Book:
    """Return a book whose money is worth what it is at home, in the sales currency at today's rate.

    Args:
        scenario: the store and its plan, as typed.
        book: the months or the steady month, as `book_of` returns them.
        steady: whether it is the steady month, of which single orders are asked, too.

    Returns:
        A new book; the same where its rate is today's.
    """
    worth = rates_at_home(scenario, book["fx_rate"]) if book else 1.0
    if isinstance(worth, float) and worth == 1.0:
        return book
    return {
        key: value * worth
        if value is not None and (key in _MONEY_FLOWS or (steady and is_money(key)))
        else value
        for key, value in book.items()
    }
