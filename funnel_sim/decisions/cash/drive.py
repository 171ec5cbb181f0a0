"""What the futures that need most cash have in common: growth that has to be paid ahead, or sales
that fail to come; and what is enough while sales stay near the plan.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from funnel_sim.chance.cash import CashFutures, PlannedCash
from funnel_sim.chance.estimates import Figure, percentiles, quantile, quantiles

_QUARTERS = (0.25, 0.75)
_MOST = 0.5
_HAIR = 1e-9

Driver = Literal["growth", "slump", "mixed"]


@dataclass(frozen=True)
class NeedDrive:
    """What drives the opening cash that a share `level` of futures needs no more than.

    Of the futures that need at least as much (the share 1 − `level` that needs most): `sales` is
    the median of what shoppers ask for over the plan's at the likely values [1], `earning` the
    share that ends with a profit, orders lost where goods run out taken out [fraction]. `usual` is
    the opening cash that a share `level` of the middle half of futures by sales needs no more than
    [currency of the balance], `between` the sales of that half, over the plan's.
    """

    level: float
    sales: float
    earning: float
    usual: Figure
    between: tuple[float, float]

    @property
    def driver(self) -> Driver:
        """Whether it is "growth" (sales above those of the middle half, and most earn), a "slump"
        (below them, and most lose), or neither.
        """
        low, high = self.between
        if self.sales > high and self.earning > _MOST:
            return "growth"
        return "slump" if self.sales < low and self.earning <= _MOST else "mixed"


def need_drive(found: CashFutures | PlannedCash, opening: float, level: float) -> NeedDrive | None:
    """Return what drives the cash that futures need.

    Args:
        found: the cash, goods ordered as planned (`answer.as_planned`).
        opening: the opening cash in it [currency of the balance].
        level: the share of futures in which the balance is to stay at or above zero [fraction].

    Returns:
        What it is; None where the plan has no sales, all futures sell the same, or there are too
        few of them.
    """
    sales, missing = found.sales, -found.lowest
    if not np.isfinite(sales).all() or np.ptp(sales) < _HAIR:
        return None
    most = missing >= quantile(np.sort(missing), level)
    low, high = (float(one) for one in quantiles(sales, _QUARTERS))
    middle = np.where((sales >= low) & (sales <= high), missing, np.nan)
    [usual] = percentiles(middle, (level,), found.plan.replicates)
    if np.isnan(usual.value):  # too few futures to tell of half of them
        return None
    return NeedDrive(
        level,
        quantile(np.sort(sales[most]), 0.5),
        float((found.profit[most] > 0).mean()),
        Figure(max(0.0, opening + usual.value), usual.error, usual.replicates),
        (low, high),
    )
