"""How well the rates of a product are known where it is carried to, and the ranges that say so.

A click price or a conversion rate that two weak rows moved is no better known than sources differ
about one market; one that stayed, because no row compares the two markets, no better than the
markets of a platform differ. Its range is widened by that; and where the price is above the level
of the place, at which conversion was measured there, the low end of conversion falls by the dated
elasticity of demand (docs/decisions/0088-carried-on-weak-evidence.md).
"""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any, Literal, get_args

from funnel_sim.reference.benchmark_doubt import Figure, between_markets, between_sources
from funnel_sim.scenario.carried_field import CarriedField
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.price_prior import suggested_elasticity

Grade = Literal["own", "compared", "weak", "none"]
"""Evidence on a figure at a place, the best first: the store's own, the place being the same; moved
by two rows that are both sound; moved by rows of which one is weak; nothing that compares the two
markets, so that the own rate stays, or a platform whose clicks and orders no row tells."""
GRADES: tuple[Grade, ...] = get_args(Grade)
_FIGURES: Mapping[str, Figure] = {
    "cpc": "clicks",
    "cpm": "clicks",
    "cost_per_order": "clicks",
    "cvr": "sales",
    "channel_cvr": "sales",
    "checkout_rate": "sales",
    "channel_checkout_rate": "sales",
}
"""Fields that hold a figure of benchmarks, by the last part of their path."""
_AT_P10 = 1.2815515655446004
"""Standard deviations from the middle of a normal distribution to its P10 and P90."""
_DIGITS = 4


def figure_of(path: str) -> Figure | None:
    """Return which figure of benchmarks a field holds; None for any other field.

    Args:
        path: of the field.

    >>> figure_of("channels.ads.cpc"), figure_of("product.price")
    ('clicks', None)
    """
    return _FIGURES.get(path.rpartition(".")[2])


def grade_of(told: CarriedField) -> Grade:
    """Return how well a carried figure is known at its place.

    Args:
        told: the field.
    """
    if told.kind == "moved":
        return "weak" if told.weak else "compared"
    if told.kind == "target":  # of the example of the place
        return "weak" if told.weak else "none" if told.why == "no_clicks" else "compared"
    return "none" if told.why in _NOT_COMPARED else "own"


_NOT_COMPARED = ("no_benchmark", "same_benchmark", "no_clicks")


def worst(grades: Mapping[Figure, Grade]) -> Grade:
    """Return the weakest of several grades; "own" of none.

    Args:
        grades: by figure.

    >>> worst({"clicks": "weak", "sales": "compared"})
    'weak'
    """
    return max(grades.values(), key=GRADES.index, default="own")


def doubt_of(told: CarriedField) -> float:
    """Return by how much a carried figure may be wrong beyond what its range says [standard
    deviation of the logarithm]; 0 where its evidence is sound, or it is no figure of benchmarks.

    Args:
        told: the field.
    """
    figure = figure_of(told.path)
    if figure is None or told.kind == "target":
        return 0.0
    match grade_of(told):
        case "weak":
            return between_sources(figure)
        case "none":
            return between_markets(figure)
        case _:
            return 0.0


def fall_of(told: CarriedField, dear: float, on: dt.date) -> float:
    """Return by how much a conversion rate may lie lower because the price is dear for its place,
    as the dated elasticity of demand has it.

    Args:
        told: the field.
        dear: the price over the level of the place [1].
        on: the scenario's day.

    Returns:
        The logarithm of how many times lower; 0 for any other figure, or a price not above the
        level.
    """
    if figure_of(told.path) != "sales" or told.kind == "target" or dear <= 1:
        return 0.0
    return suggested_elasticity(on).likely * math.log(dear)


def widened(path: str, value: Any, doubt: float, fall: float = 0.0) -> Any:
    """Return a figure with the range in which it may lie once a doubt about its level is added to
    what its own range says; counts and samples stay, they were counted.

    Args:
        path: of the field.
        value: plain data of its quantity.
        doubt: standard deviation of the logarithm of the doubt.
        fall: by how much its P10 may lie lower for another reason [logarithm].

    Returns:
        Plain data; its likely value stays.

    Examples:
        >>> found = widened("channels.ads.cpc", 1.0, 0.2)  # e to the 1.28 × 0.2 is 1.29
        >>> found["low"], found["likely"], found["high"]
        (0.7739, 1.0, 1.292)
    """
    if isinstance(value, dict) and value.get("dist") == "lognormal":
        return value | {"sigma": _rounded(math.hypot(value["sigma"], doubt))}
    if isinstance(value, dict):
        if "likely" not in value or not value["likely"] > 0:
            return value
        likely, ends = value["likely"], (value["low"], value["high"])
    elif isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        likely, ends = value, (value, value)
        value = {"dist": "logpert", "likely": value, "meaning": "p80"}
    else:
        return value
    wider = _AT_P10 * doubt
    low = ends[0] and likely / math.exp(math.hypot(math.log(likely / ends[0]), wider, fall))
    high = likely * math.exp(math.hypot(math.log(ends[1] / likely), wider))
    spec = spec_of(path)
    limit = math.inf if spec is None else spec.domain[1]
    return value | {
        "low": min(likely, _rounded(low)),
        "high": max(likely, min(limit, _rounded(high))),
    }


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
