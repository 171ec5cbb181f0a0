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
        raise refuse("part", len(names), "between", least=0, most=1)
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
