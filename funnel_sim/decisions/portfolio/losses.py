"""Parts of a portfolio lost as an event: what it costs, what is left in the futures, and both
weighed with how likely somebody takes it to be. No source says how likely; that is the reader's
own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from funnel_sim.chance.estimates import Estimate, estimate
from funnel_sim.chance.heavy import without_means
from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.decisions.portfolio.dependence import OF_CHANNELS, Dependence
from funnel_sim.errors import refuse
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.portfolio_loss import LossEvent


@dataclass(frozen=True)
class Losses:
    """Parts of one kind lost together, in the portfolio's currency.

    `cost` is the profit a month that goes with them (below zero where they lose money), `left` what
    is left of it; `now` and `after` the profit of all over the plan with and without them, None
    where no futures are known.
    """

    names: tuple[str, ...]
    cost: float
    left: float
    now: Estimate | None
    after: Estimate | None

    def expected(self, odds: float) -> float:
        """Return what the event costs a month on average.

        Args:
            odds: how likely it is [fraction].

        Returns:
            Portfolio's currency.
        """
        return self.cost * odds

    def loss(self, odds: float) -> float | None:
        """Return the probability that all rows lose money over the plan, the event counted in.

        Args:
            odds: how likely it is [fraction].

        Returns:
            The probability [fraction]; None where no futures are known.
        """
        if self.now is None or self.after is None:
            return None
        return odds * self.after.loss.value + (1 - odds) * self.now.loss.value


@dataclass(frozen=True)
class LossFound:
    """An event of a portfolio with what it comes to: `rests` are the shares of its kind, `gone`
    those of its parts that the rows do not have (any more), `losses` None where none is left.
    """

    event: LossEvent
    rests: Dependence | None
    gone: tuple[str, ...]
    losses: Losses | None


def losses_of(
    portfolio: Portfolio,
    rests: Sequence[Dependence],
    simulated: PortfolioSimulation | None = None,
) -> list[LossFound]:
    """Return what each event of a portfolio comes to; one that names nothing is left out.

    Args:
        portfolio: the rows, with their events.
        rests: their shares, kind by kind.
        simulated: their futures; None where none were simulated.

    Returns:
        One for each event that names a part, in their order; money in the portfolio's currency.

    Examples:
        >>> from funnel_sim.decisions.portfolio.dependence import dependences
        >>> from funnel_sim.evidence.portfolio.example import example_portfolio
        >>> some = example_portfolio("en").with_losses([LossEvent("market", ("DE", "XX"))])
        >>> [found] = losses_of(some, dependences(some))
        >>> found.losses.names, found.gone
        (('DE',), ('XX',))
    """
    kinds = {str(one.by): one for one in rests}
    out = []
    for event in portfolio.losses:
        if not event.names:
            continue
        kind = kinds.get(event.by)
        known = {one.name for one in kind.shares} if kind else set[str]()
        here = [name for name in event.names if name in known]
        gone = tuple(name for name in event.names if name not in known)
        comes_to = losses(kind, here, simulated) if kind and here else None
        out.append(LossFound(event, kind, gone, comes_to))
    return out


def losses(
    found: Dependence, names: Sequence[str], simulated: PortfolioSimulation | None = None
) -> Losses:
    """Return what the loss of some parts at once comes to.

    Args:
        found: the shares of one kind.
        names: of its parts; of channels and sources one, for these share the orders that they bring
            again.
        simulated: the futures of the rows; None where none were simulated.

    Raises:
        InputError: if there is no such part, or several channels.
    """
    known = {one.name: one for one in found.shares}
    for name in names:
        if name not in known:
            raise refuse("part", name, "choice", allowed=", ".join(known))
    if found.by in OF_CHANNELS and len(names) > 1:
        raise refuse("part", len(names), "loss_alone")
    lost = [known[name] for name in dict.fromkeys(names)]
    now = None if simulated is None else simulated.estimate()
    left = found.profit - sum(found.profit - one.left for one in lost)
    after = lost[0].after if len(lost) == 1 else None
    if simulated is not None and len(lost) > 1:
        by_word = simulated.by_tag.get(found.by, {})
        if all(one.name in by_word for one in lost):
            draws = simulated.total
            for one in lost:
                draws = draws - by_word[one.name]
            after = without_means(estimate(draws, simulated.plan.replicates), simulated.heavy)
    return Losses(tuple(one.name for one in lost), found.profit - left, left, now, after)
