"""The currency in which results are read: that of the sales, or the owner's own at home.

Inputs and contracts stay in the currency in which they were typed. What is worked out is in the
sales currency; whoever shows it hands on a `Shown` in place of a currency's code, and the amount is
converted where it is rounded (decisions/0072).
"""

from typing import Any, TypeVar, cast

from funnel_sim.errors import InputError
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.scenario.head import Head
from funnel_sim.scenario.quantity import point_value

Amount = TypeVar("Amount")
HOME = "CNY"
"""The currency of costs in every preset, and of who reads them."""


class Shown(str):
    """A currency's code that knows what one unit of the sales currency is in it.

    Whatever takes a code takes it; where an amount is written as text (`output.words.formats`) it
    is multiplied by the rate. A plain code stands for amounts that are in it already.

    >>> home = Shown("CNY", 7.5)
    >>> home == "CNY", home.of(100.0), Shown("EUR").of(100.0)
    (True, 750.0, 100.0)
    """

    rate: float

    def __new__(cls, code: str, rate: float = 1.0) -> "Shown":
        """Return a code with its rate."""
        made = super().__new__(cls, code)
        made.rate = rate
        return made

    def of(self, value: Amount) -> Amount:
        """Return an amount of the sales currency in this one.

        Args:
            value: a number or an array of amounts; None where there is none, which stays.
        """
        if value is None or self.rate == 1.0:
            return value
        return cast("Amount", cast("Any", value) * self.rate)


def rate_of(currency: str) -> float:
    """Return by what an amount of the sales currency is multiplied to stand beside a code: the rate
    of a `Shown`, 1 for a plain code.

    >>> rate_of(Shown("CNY", 7.5)), rate_of("EUR")
    (7.5, 1.0)
    """
    return currency.rate if isinstance(currency, Shown) else 1.0


def home_of(head: Head) -> Shown | None:
    """Return the currency in which an owner reads amounts at home, with its rate.

    The cost currency at the scenario's own rate; where costs are in the sales currency too, that of
    presets at the level of the dated table.

    Args:
        head: a scenario, or its head alone.

    Returns:
        The currency with its units for one unit of the sales currency; None where it is the sales
        currency itself, or no rate is known.
    """
    if head.cost_currency != head.currency:
        return Shown(head.cost_currency, point_value(head.fx_rate))
    try:
        rate = exchange(head.currency, HOME, head.as_of)
    except InputError:
        return None
    return None if head.currency == HOME else Shown(HOME, rate)
