"""The fastest growth of orders that the cash allows."""

from dataclasses import dataclass

from funnel_sim.chance.estimates import Figure


@dataclass(frozen=True)
class CashGrowth:
    """The fastest growth of orders a month at which the balance stays at or above zero in a share
    `level` of futures.

    `rate` is None where not even the slowest that was tried is affordable; `open_end` says that the
    fastest that was tried is affordable too. `tried` are (growth a month, probability of staying
    at or above zero), slowest first.
    """

    level: float
    rate: float | None
    open_end: bool
    tried: tuple[tuple[float, Figure], ...]
