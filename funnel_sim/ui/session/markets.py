"""Markets side by side, dependence and the cash of all, remembered for the screen."""

from typing import cast

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.chance.portfolio_cash import PooledCash, pooled_cash
from funnel_sim.decisions.portfolio.dependence import Dependence, dependences
from funnel_sim.decisions.portfolio.markets import Markets, Price, Rank, Volume, markets
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.remembered import keep, remembered, shelf

PATHS = 1024
"""Futures of a comparison on the screen."""
_KEPT = 3


@remembered(6)
def markets_of(
    scenario: Scenario,
    targets: tuple[str, ...],
    price: str,
    volume: str,
    currency: str,
    rank: str = "cautious",
) -> Markets:
    """Return a product in each of several places.

    Args:
        targets: ids of presets.
        price: one of `PRICES`.
        volume: one of `VOLUMES`.
        currency: in which places are compared.
        rank: one of `RANKS`.
    """
    return markets(
        scenario,
        targets,
        price=cast("Price", price),
        volume=cast("Volume", volume),
        currency=currency,
        paths=PATHS,
        rank=cast("Rank", rank),
    )


def dependences_of(portfolio: Portfolio, simulated: PortfolioSimulation | None) -> list[Dependence]:
    """Return the shares of every kind; a portfolio is known by what it is, not by its text.

    Args:
        simulated: its futures, where they were simulated.
    """
    known, key = shelf("dependence"), (id(portfolio), id(simulated))
    held = known.get(key)
    if held is None or held[0] is not portfolio or held[1] is not simulated:
        keep("dependence", key, (portfolio, simulated, dependences(portfolio, simulated)), _KEPT)
    found: list[Dependence] = known[key][2]
    return found


Drawn = tuple[Portfolio, PortfolioSimulation | None]


def dependences_kept(before: Drawn, after: Drawn) -> None:
    """Remember the shares of a portfolio and its futures as those of another one with the same
    rows.

    Args:
        before: a portfolio, with its futures where they were simulated.
        after: the other one.
    """
    held = shelf("dependence").get((id(before[0]), id(before[1])))
    if held is not None and held[0] is before[0] and held[1] is before[1]:
        keep("dependence", (id(after[0]), id(after[1])), (*after, held[2]), _KEPT)


def pooled_shown(portfolio: Portfolio) -> PooledCash | None:
    """Return the cash of all rows with its futures where the page has worked it out; None where it
    has not.
    """
    held = shelf("pooled").get((id(portfolio), True))
    return held[1] if held is not None and held[0] is portfolio else None


def pooled_of(portfolio: Portfolio, *, drawn: bool) -> PooledCash:
    """Return the cash of all rows.

    Args:
        drawn: whether its futures are drawn too.
    """
    known, key = shelf("pooled"), (id(portfolio), drawn)
    held = known.get(key)
    if held is None or held[0] is not portfolio:
        keep("pooled", key, (portfolio, pooled_cash(portfolio, PATHS if drawn else None)), _KEPT)
    found: PooledCash = known[key][1]
    return found
