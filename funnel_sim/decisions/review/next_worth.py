"""What another term is worth a month, step by step: sales without the agency, what it adds to them,
what of that is left, before any fee.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.quote.outcome import Outcome, Worked
from funnel_sim.model.economics import book_of
from funnel_sim.model.linear import by_month
from funnel_sim.model.valued import counts_at_home, rates_at_home
from funnel_sim.model.values import Values
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class WorthSteps:
    """How the worth of staying comes about, means over all simulations, money a month of the next
    term [sales currency], as its owner counts it where results are shown at home.

    `came` is the mean GMV of the `months` since the mark [sales currency, never at home], None
    where none is known, `middle` the effect that is taken out of them [fraction]. `alone` is the
    GMV without the agency, counted as that of the months, `added` what it adds to it, `brought` the
    profit of what is added before its fee, `saved` what own hours saved are worth, `own` the
    client's own costs of the option.
    `worth` = brought + saved − own; `fee` is what is expected to be paid.
    """

    came: float | None
    months: int
    middle: float
    alone: float
    added: float
    brought: float
    saved: float
    own: float
    worth: float
    fee: float

    @property
    def left(self) -> float | None:
        """What is left of each unit of added sales, before the fee [fraction]; None where nothing
        is added.
        """
        return self.brought / self.added if self.added > 0 else None


class SalesAlone:
    """Adds up the sales of the store carried on alone, block by block (`Watch`)."""

    def __init__(self, store: Scenario):
        self._store = store
        self._sums: dict[int, float] = {}

    def __call__(self, block: Worked) -> None:
        """Take the sales of a block of paths."""
        sales = np.asarray(by_month(block.alone_book["gross_sales"]))
        to_cost = block.alone.by_month.get("fx_rate", block.alone.symbols["fx_rate"])
        worth = rates_at_home(self._store, to_cost) if counts_at_home(self._store) else 1.0
        shape = block.own.shape
        self._sums[block.where.start] = float(np.broadcast_to(sales * worth, shape).sum())

    def mean(self, paths: int) -> float:
        """Return the mean over paths of the sales of all months [sales currency]."""
        return sum(self._sums.values()) / paths


def worth_steps(
    scenario: Scenario,
    stays: Outcome,
    alone: SalesAlone,
    middle: float,
    term: int,
    after: Sequence[str] = (),
) -> WorthSteps:
    """Return how what staying is worth a month comes about.

    Args:
        scenario: whose months since the mark are known.
        stays: staying, in every future.
        alone: the sales without the agency in the same futures.
        middle: the effect that was taken out of the months that came [fraction].
        term: months of the next term.
        after: known months after the contract ended, without its effect.
    """
    since = [one for one in scenario.history.engaged() if one not in after]
    known = [one for one in scenario.history.of("gmv", since) if not np.isnan(one)]

    def a_month(values: object) -> float:
        return float(np.asarray(values).mean()) / term

    steady = book_of(Values(scenario), steady=True)
    tax_in, booked_in = (by_month(steady[key]) for key in ("console_factor", "gross_factor"))
    shown = float(np.mean(tax_in) / np.mean(booked_in))  # the tax that prices hold, on top again
    booked = alone.mean(stays.plan.paths) / term
    without, paid = booked * shown, a_month(stays.paid)
    return WorthSteps(
        float(np.mean(known)) if known else None,
        len(known),
        middle,
        without,
        (a_month(stays.sales) - booked) * shown,
        a_month(stays.brought),
        a_month(stays.saved),
        a_month(stays.own),
        paid + a_month(stays.gain),
        paid,
    )
