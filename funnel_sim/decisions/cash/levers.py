"""What each lever frees: the same futures with one term changed."""

from dataclasses import dataclass

from funnel_sim.chance.estimates import Figure


@dataclass(frozen=True)
class CashLever:
    """One change of terms and what it does to the lowest balance, on the same futures.

    `key` names it (`cash.lever_…` in the words), `changes` are the fields it sets, `size` how much
    it changes in the unit of the lever (days, or a share). `frees` is the opening cash that it
    makes unnecessary at 95 % of futures; `lowest` the change of the mean lowest balance, `below`
    that of the probability below zero; `profit` what it changes in the profit of the plan.
    """

    key: str
    size: float
    changes: tuple[tuple[str, object], ...]
    frees: Figure
    lowest: Figure
    below: Figure
    profit: Figure
