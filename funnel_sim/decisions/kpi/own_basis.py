"""What a store's own months were of a KPI that counts sales on another basis: after refunds,
without tax, cancelled orders in, from ads only.
"""

import numpy as np

from funnel_sim.chance import history
from funnel_sim.decisions.context import Context
from funnel_sim.model.bases import formula_of
from funnel_sim.model.economics import book_of
from funnel_sim.model.seen_lines import lines_seen
from funnel_sim.model.sheet import fill
from funnel_sim.model.values import Values
from funnel_sim.model.wanted import leading_to
from funnel_sim.scenario.scenario import Scenario

_SEEN = ("gmv", "orders", "ad_spend", "ad_sales", "refunds")


def baseline_on_basis(at: Context, key: str) -> tuple[float, tuple[str, ...]] | None:
    """Return the mean of a store's last baseline months of its GMV on another basis, counted as the
    bill counts the months that follow.

    Args:
        at: the store, whose history counts.
        key: the figure, such as "gmv@refunds=out".

    Returns:
        (a month's mean [sales currency], the names of the months it is the mean of); None where
        the history does not hold what the basis asks for.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace(
        ...     {
        ...         "history.first_month": "2026-01",
        ...         "history.seen_gmv": [1000.0, 1100.0, 1200.0],
        ...         "history.seen_refunds": [100.0, 110.0, 60.0],
        ...     }
        ... )
        >>> value, months = baseline_on_basis(Context(store), "gmv@refunds=out")
        >>> round(value, 2), months  # (900 + 990 + 1,140) / 3
        (1010.0, ('2026-01', '2026-02', '2026-03'))
    """
    scenario = at.scenario
    names = history.names_used(scenario, "gmv")
    if not names:
        return None
    months = _by_month(scenario, key, names)
    known = [
        (name, value) for name, value in zip(names, months, strict=True) if np.isfinite(value)
    ][-scenario.history.baseline_months :]
    if not known:
        return None
    return float(np.mean([value for _, value in known])), tuple(name for name, _ in known)


def _by_month(scenario: Scenario, key: str, names: list[str]) -> np.ndarray:
    """Return the figure in each month, NaN where the history does not tell."""
    seen = {name: np.array(scenario.history.of(name, names)) for name in _SEEN}
    steady = book_of(Values(scenario), steady=True, wanted=leading_to(frozenset({key})))
    cancelled = np.array(scenario.history.of("cancelled", names))
    with np.errstate(divide="ignore", invalid="ignore"):
        book = steady | lines_seen(steady, seen)
        book["payment_success_rate"] = seen["orders"] / (seen["orders"] + cancelled)
        one = formula_of(key)
        fill([one], book)
    return np.broadcast_to(np.asarray(book[key], np.float64).reshape(-1), (len(names),))
