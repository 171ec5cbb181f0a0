"""Two periods on equal footing: what only one of them measured stands in the other at the same
ratio, so that nothing assumed is held against something measured.

A form's return rate beside a measured one would tell a change that nobody saw. Read
`on_one_footing`.
"""

import math
from collections.abc import Sequence

import numpy as np

from funnel_sim.decisions.review.actuals import actual_ledger
from funnel_sim.scenario.scenario import Scenario

ALIKE = "alike."
"""How a figure that stands at the other period's ratio begins among what is not the shop's own."""
_RATIOS = {
    "refunds": ("gmv",),
    "goods_cost": ("units", "orders"),
    "logistics": ("orders",),
}
"""Figures with what they are a ratio of, the first of them that both periods hold."""


def on_one_footing(
    scenario: Scenario, first: Sequence[str], second: Sequence[str]
) -> tuple[Scenario, tuple[str, ...]]:
    """Return a store with what one of two periods did not measure at the other's ratio.

    These are refunds ÷ GMV, purchase cost ÷ units (else orders), logistics ÷ orders, and commission
    ÷ what the form's rates come to (÷ GMV where the form has none).

    Args:
        scenario: the store with its series of months.
        first: names of the months of the first period.
        second: names of those of the second.

    Returns:
        (the store with these months filled in, the figures that were).

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace(
        ...     {
        ...         "history.first_month": "2026-01",
        ...         "history.seen_gmv": [1000.0, 2000.0],
        ...         "history.seen_refunds": [None, 100.0],
        ...     }
        ... )
        >>> even, figures = on_one_footing(store, ["2026-01"], ["2026-02"])
        >>> even.history.seen_refunds, figures  # 100 / 2000 = 5 % of 1000
        ([50.0, 100.0], ('refunds',))
    """
    history = scenario.history
    made: dict[str, list[float | None]] = {}
    for figure, bases in _RATIOS.items():
        known = [_whole(history.of(figure, months)) for months in (first, second)]
        if (
            not (first and second)
            or known[0] == known[1]
            or _told_apart(scenario, figure, first, second)
        ):
            continue
        source, target = (first, second) if known[0] else (second, first)
        base = next((b for b in bases if _whole(history.of(b, [*first, *second]))), None)
        below = math.fsum(history.of(base, source)) if base else 0.0
        if base is None or not below > 0 or not set(source).isdisjoint(target):
            continue
        ratio = (math.fsum(history.of(figure, source)) + _later(scenario, figure, source)) / below
        names = history.names()
        values = dict(zip(names, history.of(figure, names), strict=True))
        later = _series_later(scenario, figure, target)
        for name, amount, after in zip(target, history.of(base, target), later, strict=True):
            values[name] = max(0.0, ratio * amount - after)
        made[f"history.seen_{figure}"] = [
            None if math.isnan(value) else value for value in values.values()
        ]
    store = scenario.replace(made) if made else scenario
    commission = _commission(store, first, second)
    if commission:
        store = store.replace({"history.seen_commission": commission})
        made["history.seen_commission"] = commission
    return store, tuple(path.removeprefix("history.seen_") for path in made)


def _commission(
    scenario: Scenario, first: Sequence[str], second: Sequence[str]
) -> list[float | None]:
    """Return the series of commission with the months of the period that did not measure it at the
    multiple of the form's rates that the other one measured; none where both or neither did.
    """
    history = scenario.history
    sides = {months: history.of("commission", months) for months in (tuple(first), tuple(second))}
    whole = [months for months, values in sides.items() if months and _whole(values)]
    empty = [months for months, values in sides.items() if all(math.isnan(one) for one in values)]
    if len(whole) != 1 or len(empty) != 1 or not empty[0]:
        return []
    source, target = whole[0], empty[0]
    below = _by_form(scenario, source)
    if not sum(below) > 0:
        below = history.of("gmv", source)
        other = history.of("gmv", target)
    else:
        other = _by_form(scenario, target)
    if not (_whole(below) and _whole(other)) or not sum(below) > 0:
        return []
    ratio = math.fsum(sides[source]) / math.fsum(below)
    names = history.names()
    values = dict(zip(names, history.of("commission", names), strict=True))
    values |= {name: ratio * amount for name, amount in zip(target, other, strict=True)}
    return [None if math.isnan(value) else value for value in values.values()]


def _by_form(scenario: Scenario, months: Sequence[str]) -> list[float]:
    """Return the commission that the form's rates make of some months."""
    bare = scenario.replace({"history.seen_commission": []})
    found: list[float] = (-actual_ledger(bare, months).month("commission")).tolist()
    return found


def _whole(values: Sequence[float]) -> bool:
    return all(math.isfinite(value) for value in values)


def _told_apart(
    scenario: Scenario, figure: str, first: Sequence[str], second: Sequence[str]
) -> bool:
    """Say whether refunds need no other period's ratio: GMV after refunds, or orders that came back
    counted in both.
    """
    if figure != "refunds":
        return False
    months = [*first, *second]
    net = not set(months).isdisjoint(scenario.history.after_refunds)
    return net or _whole(scenario.history.of("returned_orders", months))


def _series_later(scenario: Scenario, figure: str, months: Sequence[str]) -> list[float]:
    later = np.array(scenario.history.of("refunded_later", months))
    out: list[float] = np.where(np.isnan(later) | (figure != "refunds"), 0.0, later).tolist()
    return out


def _later(scenario: Scenario, figure: str, months: Sequence[str]) -> float:
    return math.fsum(_series_later(scenario, figure, months))
