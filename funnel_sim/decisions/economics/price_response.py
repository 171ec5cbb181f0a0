"""Orders that answer to the price, taken out of a scenario again: the same orders at today's price,
whatever the price does from there.
"""

import numpy as np

from funnel_sim.model.economics import book_of
from funnel_sim.model.values import Values
from funnel_sim.scenario.conversion import UNPRICED
from funnel_sim.scenario.quantity import is_range, moved, point_value
from funnel_sim.scenario.scenario import Scenario

_OF_STORE = ("cvr", "add_to_cart_rate", "cart_of_views_rate")
_OF_CHANNEL = ("channel_cvr", "channel_add_to_cart_rate")


def without_price_response(scenario: Scenario) -> Scenario:
    """Return the scenario whose orders no longer answer to the price, and are at the likely values
    what they were.

    For months that came: what was sold in them was sold at their prices, so that an elasticity
    would count a change of price twice.

    Args:
        scenario: the store and its plan, as typed.

    Returns:
        The scenario itself where orders do not answer to the price. Conversion rates and typed
        orders are multiplied by the response at today's price, ranges moved along; no rate goes
        above 1.

    Examples:
        >>> from funnel_sim.model.economics import evaluate
        >>> from funnel_sim.scenario.presets import preset
        >>> one = preset("amazon-de-kitchen").replace({"conversion.demand_elasticity": 2.0})
        >>> dearer = one.replace({"product.price": 33.0})
        >>> settled = without_price_response(dearer)
        >>> settled.conversion.answers_to_price
        False
        >>> two, three = evaluate(dearer).steady["profit"], evaluate(settled).steady["profit"]
        >>> abs(three / two - 1) < 1e-9
        True
    """
    if not scenario.conversion.answers_to_price:
        return scenario
    book = book_of(Values(scenario), steady=True)
    ratio, factor = (
        float(np.asarray(book[key]).reshape(-1)[0]) for key in ("price_ratio", "price_response")
    )
    changes: dict[str, object] = {f"conversion.{name}": value for name, value in UNPRICED.items()}
    rates = [f"conversion.{name}" for name in _OF_STORE]
    rates += [f"channels.{c.id}.{name}" for c in scenario.channels for name in _OF_CHANNEL]
    for path in rates:
        value = scenario.get(path)
        if value is not None:
            changes[path] = _times(value, factor, 1.0)
    for channel in scenario.channels:
        if channel.kind == "orders":
            of_sales = ratio if channel.known_as == "sales" else 1.0
            changes[f"channels.{channel.id}.known_sales"] = _times(
                channel.known_sales, factor * of_sales
            )
    return scenario.replace(changes)


def _times(value: object, factor: float, most: float = np.inf) -> object:
    """Return a number or a range at a multiple of its likely value."""
    if factor == 1.0:
        return value
    now = min(point_value(value) * factor, most)  # type: ignore[arg-type]
    return moved(value, now) if is_range(value) else now  # type: ignore[arg-type]
