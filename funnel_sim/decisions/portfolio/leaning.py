"""Why the middle of a portfolio's futures is not what its likely values give: which inputs have
ranges that lean to one side.
"""

from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.distributions import mean_of
from funnel_sim.model.portfolio import group_figures
from funnel_sim.scenario.paths import may_vary, spec_of
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.portfolio_rates import rates_of
from funnel_sim.scenario.quantity import is_range, point_value

_KEYS = ("profit",)


@dataclass(frozen=True)
class Leaning:
    """What a portfolio brings at its likely values, in its currency.

    `steady` a steady month, `plan` all months of its rows' plans; `path` the input whose mean in
    place of its likely value moves `plan` most, by `effect`, all else at the likely values, its
    mean over the likely value being `ratio` on average of the rows; "" where no range leans.
    """

    steady: float
    plan: float
    path: str
    effect: float
    ratio: float


def leaning(portfolio: Portfolio) -> Leaning:
    """Return what a portfolio brings at its likely values, and which input's range leans most.

    Args:
        portfolio: the rows.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> from funnel_sim.scenario.portfolio import PortfolioRow
        >>> mug = PortfolioRow("Mug", "amazon-de-kitchen")
        >>> leaning(Portfolio((mug,), DATA_DATE)).path
        'channels.organic.channel_cvr'
    """
    effects: dict[str, float] = {}
    ratios: dict[str, list[float]] = {}
    totals = {"steady": 0.0, "total": 0.0}
    for group in portfolio.groups:
        rates = rates_of(portfolio, group)
        plan = group_figures(group, _KEYS, "total")["profit"]
        totals["total"] += float((plan * rates).sum())
        totals["steady"] += float((group_figures(group, _KEYS)["profit"] * rates).sum())
        for path, value in group.scenario.quantities():
            spec = spec_of(path)
            point = point_value(value) if is_range(value) else 0.0
            if not point or spec is None or not may_vary(path) or path == "fx_rate":
                continue
            ratio = mean_of(value, spec.domain) / point
            own = group.given.get(path, np.full(group.rows.size, point))
            exact = np.array([portfolio.is_exact(row, path) for row in group.rows.tolist()])
            ratios_here = np.where(exact, 1.0, ratio)
            moved = np.clip(own * ratios_here, *spec.domain)
            there = group_figures(group, _KEYS, "total", {path: moved})["profit"]
            effects[path] = effects.get(path, 0.0) + float(((there - plan) * rates).sum())
            ratios.setdefault(path, []).extend(ratios_here.tolist())
    steady, whole = totals["steady"], totals["total"]
    if not any(effects.values()):
        return Leaning(steady, whole, "", 0.0, 1.0)
    path = max(effects, key=lambda one: abs(effects[one]))
    return Leaning(steady, whole, path, effects[path], float(np.mean(ratios[path])))
