"""What the probabilities leave out: inputs that a seller has to guess, that decide the profit, and
that have no range.

An input without a range has the same value in every future, however little is known of it. Those
that would move the profit most are named beside the probabilities, and a range is offered for each:
± an assumed share (data/assumptions.toml), which the user confirms and changes.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.chance import noise
from funnel_sim.chance.drivers import tornado
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate, figures
from funnel_sim.model.valued import valued
from funnel_sim.model.values import Values
from funnel_sim.scenario.paths import may_vary, spec_of
from funnel_sim.scenario.preset_parts.build import assumption
from funnel_sim.scenario.preset_parts.chance import around
from funnel_sim.scenario.quantity import is_range
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused

MOST = 5
_DECISIVE = 0.1
_P90 = 1.2816  # standard deviations of a normal distribution
_GUESSED = frozenset(
    {
        "fx_rate",
        "product.price",
        "product.unit_cost",
        "product.inbound_freight",
        "product.packaging",
        "conversion.landing_rate",
        "conversion.cvr",
        "conversion.add_to_cart_rate",
        "conversion.checkout_rate",
        "fulfilment.fulfilment_per_order",
        "fulfilment.parcel_per_order",
        "fulfilment.return_rate",
        "customers.repeat_probability",
        "cpc",
        "cpm",
        "ctr",
        "impressions",
        "channel_cvr",
    }
)


@dataclass(frozen=True)
class LeftOut:
    """An input without a range: how far the profit of the horizon moves over the range that is
    offered for it, ± `share` of its value.
    """

    path: str
    swing: float
    offered: dict[str, Any]
    share: float


def offered_share() -> float:
    """Return the share, up and down, of the range that is offered where none is given."""
    return assumption("range_offered")


def left_out(scenario: Scenario) -> tuple[LeftOut, ...]:
    """Return the decisive inputs that have no range, widest swing of the profit first, at most
    five.

    Decisive: over its offered range the profit moves by at least a tenth of itself, or of what the
    widest range moves it.

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("ozon-ru-electronics")
    >>> [one.path for one in left_out(store)][:2]
    ['fx_rate', 'channels.organic.impressions']
    """
    values = {
        path: float(value)
        for path, value in scenario.quantities()
        if _is_left_out(scenario, path, value)
    }
    if not values:
        return ()
    offers = {path: around(value, _factor(scenario, path)) for path, value in values.items()}
    ends = {path: [min(one["high"], _highest(path)), one["low"]] for path, one in offers.items()}
    given = {path: np.full(2 * len(values), value) for path, value in values.items()}
    for index, path in enumerate(values):
        given[path][2 * index : 2 * index + 2] = ends[path]
    profit_key = valued(scenario, "profit")
    profit = np.broadcast_to(
        np.asarray(figures(Values(scenario, given), {"total": [profit_key]})[profit_key, "total"]),
        (1, 2 * len(values)),
    )[0]
    swings = {path: abs(float(profit[2 * i] - profit[2 * i + 1])) for i, path in enumerate(values)}
    widest = max((one.width for one in tornado(scenario)), default=0.0)
    least = _DECISIVE * max(
        abs(evaluate(scenario).horizon["profit"] or 0.0), widest if np.isfinite(widest) else 0.0
    )
    found = [
        LeftOut(path, swing, offers[path], _factor(scenario, path) - 1)
        for path, swing in swings.items()
        if np.isfinite(swing) and swing > 0 and swing >= least
    ]
    return tuple(sorted(found, key=lambda one: -one.swing)[:MOST])


def _factor(scenario: Scenario, path: str) -> float:
    """Return by what P10 and P90 lie below and above: what the exchange rate moves in a year, an
    assumed share for anything else.
    """
    if path == "fx_rate":
        try:
            return math.exp(
                _P90 * noise.typical_volatility(scenario.currency, scenario.cost_currency).value
            )
        except InputError:  # a currency whose history is not known
            pass
    return 1 + offered_share()


def _is_left_out(scenario: Scenario, path: str, value: Any) -> bool:
    name = path.rpartition(".")[2] if path.startswith("channels.") else path
    if (
        name not in _GUESSED
        or is_range(value)
        or value is None
        or not value > 0
        or unused(scenario, path)
        or not may_vary(path)
    ):
        return False
    if path == "fx_rate" and (
        scenario.currency == scenario.cost_currency or scenario.chance.fx_walk
    ):
        return False  # with a walk the rate differs between futures already
    if path.endswith(".ctr") and scenario.get(path.removesuffix("ctr") + "impressions"):
        return False  # impressions and click rate are multiplied: a range on one of them is enough
    return float(value) * (1 + offered_share()) <= _highest(path)


def _highest(path: str) -> float:
    spec = spec_of(path)
    assert spec is not None
    return spec.domain[1]
