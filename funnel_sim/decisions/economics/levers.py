"""Levers: what a seller can move, and what the model then says, for many values at once.

A lever is moved to a *setting*: the field's own value for a lever that is one field (price, return
rate), a multiple of the current one for a lever that is many (all conversion rates, all budgets).
`shown` gives the lever's own figure at each setting, so that answers are in the lever's unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import book_of
from funnel_sim.model.keys import Book, known
from funnel_sim.model.periods import Whole, period, whole_period
from funnel_sim.model.sheet import FigureUnit
from funnel_sim.model.values import Values
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.quantity import moved as moved_range
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Words

FieldPath = str


@dataclass(frozen=True)
class Lever:
    """One lever. `field` is set; or `scales` (a field, or "commission"/"budget") is multiplied.

    `figure` is the metric that shows the lever's value; `unit` its unit; `least` and `most` bound
    the settings searched (a multiple of the current value where the lever scales or is unbounded).
    """

    key: str
    words: Words
    unit: FigureUnit
    figure: str
    field: FieldPath | None = None
    scales: str | None = None
    most: float = 1e5
    rate: bool = False


LEVERS: tuple[Lever, ...] = (
    Lever("price", Words("售价", "Price"), "money", "price", field="product.price"),
    Lever(
        "cogs", Words("采购成本", "Unit cost"), "cost_money", "unit_cost", field="product.unit_cost"
    ),
    Lever(
        "cpc",
        Words("点击单价（实际）", "Cost per click (effective)"),
        "money",
        "cpc",
        scales="effect.effect_cpc",
    ),
    Lever(
        "cvr",
        Words("转化率（全店平均）", "Conversion rate (store average)"),
        "rate",
        "cvr",
        scales="effect.effect_add_to_cart",
    ),
    Lever(
        "aov",
        Words("客单价（多件）", "Order value (more units)"),
        "money",
        "aov",
        scales="effect.effect_aov",
    ),
    Lever(
        "ad_budget",
        Words("月广告预算", "Monthly ad budget"),
        "money",
        "media_spend",
        scales="budget",
    ),
    Lever(
        "return_rate",
        Words("退货率", "Return rate"),
        "rate",
        "return_rate",
        field="fulfilment.return_rate",
        rate=True,
    ),
    Lever(
        "commission",
        Words("佣金率", "Commission rate"),
        "rate",
        "commission_rate",
        scales="commission",
    ),
    Lever(
        "agency_fee",
        Words("服务商月费", "Agency's monthly fee"),
        "cost_money",
        "operator_monthly",
        field="fixed.operator_monthly",
    ),
)
TYPED_LEVERS: tuple[Lever, ...] = (
    Lever(
        "orders",
        Words("每月首单（直接填的）", "First orders a month (typed)"),
        "count",
        "first_orders",
        scales="typed_orders",
    ),
    Lever(
        "ad_share",
        Words("广告费占全店销售（TACoS）", "Ad spend as a share of sales (TACoS)"),
        "rate",
        "tacos",
        scales="typed_ads",
    ),
)
"""Levers of channels whose orders are typed: such a channel has no clicks, so neither a price of
them nor a conversion rate.
"""
LEVER: Mapping[str, Lever] = {lever.key: lever for lever in (*LEVERS, *TYPED_LEVERS)}
TYPED_FIELDS = {
    "typed_orders": ("known_sales",),
    "typed_ads": ("known_spend", "cost_per_order", "acos_rate", "tacos_rate"),
}


def levers_of(scenario: Scenario) -> tuple[Lever, ...]:
    """Return the levers to show for a scenario: the usual ones, and those of typed orders where
    there are any.

    >>> from funnel_sim.scenario.presets import preset
    >>> [one.key for one in levers_of(preset("amazon-de-kitchen"))][-2:]
    ['commission', 'agency_fee']
    """
    return (*LEVERS, *(one for one in TYPED_LEVERS if usable(scenario, one)))


def lever(key: str) -> Lever:
    """Return a lever by its key.

    Args:
        key: one of `LEVER`, such as "price".

    Raises:
        InputError: if there is no such lever.
    """
    if key not in LEVER:
        raise refuse("lever", key, "lever", known=", ".join(LEVER))
    return LEVER[key]


def for_scenario(moved: Lever, scenario: Scenario) -> Lever:
    """Return the lever as this scenario has it: a budget of zero cannot be multiplied, so it is
    set.

    Args:
        moved: what is moved, its unit and bounds.
        scenario: the store and its plan, as typed.
    """
    if moved.key == "ad_budget" and not any(
        point_value(c.budget) for c in scenario.channels if c.kind in ("cpc", "cpm")
    ):
        paid = next((c for c in scenario.channels if c.kind in ("cpc", "cpm")), None)
        if paid is not None:
            return replace(moved, scales=None, field=f"channels.{paid.id}.budget")
    return moved


def current_setting(scenario: Scenario, moved: Lever) -> float:
    """Return the setting of a lever that leaves the scenario as it is.

    Args:
        scenario: the store and its plan, as typed.
        moved: what is moved, its unit and bounds.

    Returns:
        The value of its field in that field's unit, or a multiple [1].
    """
    return point_value(scenario.get(moved.field)) if moved.field else 1.0


def usable(scenario: Scenario, moved: Lever) -> bool:
    """Return whether the lever moves anything: without ads there is no CPC to move, without
    commission no commission.

    Args:
        scenario: the store and its plan, as typed.
        moved: what is moved, its unit and bounds.
    """
    if moved.key == "ad_budget":
        return any(c.kind in ("cpc", "cpm") for c in scenario.channels)
    if moved.key == "cpc":
        return any(
            c.kind in ("cpc", "cpm") and point_value(c.budget) > 0 for c in scenario.channels
        ) and not typed_numbers(scenario, "typed_ads")
    if moved.key == "cvr":
        return all(c.kind != "orders" for c in scenario.channels)
    if moved.scales in TYPED_FIELDS:
        return bool(typed_numbers(scenario, moved.scales))
    if moved.key == "commission":
        return any(tier.rate > 0 for tier in scenario.commission.tiers)
    return True


def typed_numbers(scenario: Scenario, scales: str) -> dict[str, float]:
    """Return the numbers that a lever of typed orders multiplies: those that are not zero.

    Args:
        scenario: the store and its plan, as typed.
        scales: what the lever multiplies, a key of `TYPED_FIELDS`.

    Returns:
        Point values by path, in the unit of each field.
    """
    paths = [
        f"channels.{c.id}.{name}"
        for c in scenario.channels
        if c.kind == "orders"
        for name in TYPED_FIELDS[scales]
    ]
    return {path: value for path in paths if (value := point_value(scenario.get(path)))}


def settings_range(scenario: Scenario, moved: Lever) -> tuple[float, float]:
    """Return the least and the greatest setting that is possible, for the search.

    Args:
        scenario: the store and its plan, as typed.
        moved: what is moved, its unit and bounds.

    Returns:
        (least, greatest), as `current_setting` has them.
    """
    now = current_setting(scenario, moved)
    if moved.rate:
        return 0.0, 1.0
    if moved.key == "cvr":
        conversion = scenario.conversion
        rates = [conversion.add_to_cart_rate if conversion.cvr is None else conversion.cvr]
        rates += [
            c.channel_add_to_cart_rate if c.channel_cvr is None else c.channel_cvr
            for c in scenario.channels
        ]
        return 0.0, 1.0 / max((1e-9, *(point_value(rate) for rate in rates if rate is not None)))
    if moved.key == "commission":
        return 0.0, 0.99 / max(1e-9, *(tier.rate for tier in scenario.commission.tiers))
    if moved.field and not now:
        return 0.0, point_value(scenario.product.price) * point_value(scenario.fx_rate) * 100_000
    least = 0.0 if moved.key in ("cogs", "agency_fee", "ad_budget") else now / moved.most
    return least, now * moved.most


def values_at(
    scenario: Scenario, settings: Mapping[str, Array], base: Values | None = None
) -> Values:
    """Return the model's numbers with levers at given settings.

    Args:
        scenario: the store and its plan, as typed.
        settings: by the key of the lever, arrays of one shape (paths,), in the lever's unit.
        base: the numbers of the point calculation, where they are at hand.
    """
    given: dict[str, Any] = {}
    commission_scale: Any = 1.0
    for key, setting in settings.items():
        moved = for_scenario(lever(key), scenario)
        if moved.field:
            given[moved.field] = setting
        elif moved.scales == "commission":
            commission_scale = setting
        elif moved.scales == "budget":
            bought = [c for c in scenario.channels if c.kind in ("cpc", "cpm")]
            given |= {
                f"channels.{c.id}.budget": setting * point_value(c.budget) for c in bought
            }  # ad spend typed per order is no budget: it follows the orders
        elif moved.scales in TYPED_FIELDS:
            given |= {
                path: setting * value
                for path, value in typed_numbers(scenario, moved.scales).items()
            }
        elif moved.scales:
            given[moved.scales] = setting * point_value(scenario.get(moved.scales))
    return Values(scenario, given, commission_scale, base=base)


def taken_over(scenario: Scenario, key: str, setting: float) -> dict[str, object]:
    """Return the fields, by path, that leave a scenario as a lever at a setting shows it: a range
    moves along with its likely value.

    A lever that scales many fields changes each of them, not the effect of an agency, which a quote
    test takes out again.

    Args:
        scenario: the store and its plan, as typed.
        key: one of `LEVER`, such as "price".
        setting: the setting, in the unit of the lever.

    Returns:
        New values by path, as plain data.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> taken_over(preset("amazon-de-kitchen"), "return_rate", 0.1)
        {'fulfilment.return_rate': 0.1}
    """
    one = for_scenario(lever(key), scenario)
    if one.field:
        return {one.field: setting}
    if one.scales == "commission":
        tiers = scenario.plain()["commission"]["tiers"]
        return {
            "commission.tiers": [tier | {"rate": _scaled(tier["rate"], setting)} for tier in tiers]
        }
    paid = [c.id for c in scenario.channels if c.kind in ("cpc", "cpm")]
    paths = {
        "budget": [f"channels.{name}.budget" for name in paid],
        "effect.effect_cpc": [f"channels.{name}.{price}" for name in paid for price in _PRICES],
        "effect.effect_aov": ["product.units_per_order"],
        "effect.effect_add_to_cart": _rates(scenario),
    }.get(one.scales or "")
    if paths is None:
        return {
            path: setting * value
            for path, value in typed_numbers(scenario, str(one.scales)).items()
        }
    return {
        path: _scaled(value, setting)
        for path in paths
        if (value := scenario.get(path)) is not None and point_value(value)
    }


_PRICES = ("cpc", "cpm")


def _rates(scenario: Scenario) -> list[str]:
    """Return the paths of the conversion rates in force, the store's and each channel's own."""
    own = [
        f"channels.{c.id}.{'channel_add_to_cart_rate' if c.channel_cvr is None else 'channel_cvr'}"
        for c in scenario.channels
    ]
    return [f"conversion.{'add_to_cart_rate' if scenario.conversion.cvr is None else 'cvr'}", *own]


def _scaled(value: Any, factor: float) -> Any:
    """Return a number or a range at a multiple of its likely value, without dust."""
    if not is_range(value):
        return float(f"{value * factor:.10g}")
    return moved_range(value, float(f"{point_value(value) * factor:.10g}"))


def books_at(
    scenario: Scenario,
    settings: Mapping[str, Array],
    *,
    over: Whole = "steady",
    base: Values | None = None,
    ratios: bool = True,
) -> Book:
    """Return the figures of a period with levers at given settings.

    Args:
        scenario: the store and its plan, as typed.
        settings: by the key of the lever, arrays of one shape (paths,), in the lever's unit.
        over: "steady" (the steady-state month) or "total" (all months together, one-offs included).
        base: the numbers of the point calculation, where they are at hand.
        ratios: whether metrics are wanted too; else the steady month's ledger and volumes are
            enough.

    Returns:
        Figures by key, each of shape (1, paths).

    Raises:
        InputError: if the period is another one.
    """
    only_steady = whole_period(over) == "steady"
    values = values_at(scenario, settings, base)
    steady = book_of(values, steady=True)
    if not ratios and only_steady:
        return steady
    return period(values, steady if only_steady else book_of(values, steady=False), steady)


def figure_at(book: Book, key: str, paths: int) -> Array:
    """Return one figure of a book, one number a path.

    Args:
        book: figures of a period, as `books_at` returns them.
        key: which figure, such as "profit".
        paths: how many paths it has.

    Returns:
        The figure in its unit, shape (paths,); NaN where it is not known.
    """
    value = known(book, key)
    if value is None:
        return np.full(paths, np.nan)
    flat = np.broadcast_to(np.asarray(value, dtype=np.float64), (1, paths))
    return np.array(flat[0])
