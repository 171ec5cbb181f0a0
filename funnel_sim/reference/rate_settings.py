"""What the comparison of two conversion rates takes for granted: level, power, priors; each a named
default with its reason (data/conversion_test.toml).
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, Literal, get_args

from funnel_sim.errors import InputError, Problem
from funnel_sim.stored import read_data
from funnel_sim.words import Words

PriorName = Literal["jeffreys", "uniform", "store"]
Interval = Literal["equal_tailed", "highest_density"]
PRIORS: tuple[PriorName, ...] = get_args(PriorName)
INTERVALS: tuple[Interval, ...] = get_args(Interval)


@dataclass(frozen=True)
class Default:
    """One number with what it is for: `kind` is "published", "convention" or "assumed"; `unit`
    "share", "months", "orders" or empty.
    """

    value: float
    kind: Literal["published", "convention", "assumed"]
    why: Words
    source: str
    unit: str = ""


@dataclass(frozen=True)
class Settings:
    """The choices behind a comparison of two rates; shares as fractions, `horizon` in months,
    `prior_orders` in orders.
    """

    prior: PriorName
    interval: Interval
    prior_orders: float
    level: float
    inner: float
    alpha: float
    power: float
    decide: float
    effect: float
    share_b: float
    horizon: float


# between what each setting may be set, both ends included
BOUNDS: Mapping[str, tuple[float, float]] = {
    "prior_orders": (0.5, 10_000.0),
    "level": (0.5, 0.999),
    "inner": (0.5, 0.999),
    "alpha": (0.0001, 0.5),
    "power": (0.5, 0.9999),
    "decide": (0.5, 0.9999),
    "effect": (0.0001, 100.0),
    "share_b": (0.01, 0.99),
    "horizon": (1.0, 120.0),
}

# what is typed, by name
FIELDS: Mapping[str, Words] = {
    "a_visits": Words("A（旧版）访问数", "Visits of A (old)"),
    "a_orders": Words("A（旧版）订单数", "Orders of A (old)"),
    "b_visits": Words("B（新版）访问数", "Visits of B (new)"),
    "b_orders": Words("B（新版）订单数", "Orders of B (new)"),
    "a_margin": Words("A 每单毛利", "Margin per order of A"),
    "b_margin": Words("B 每单毛利", "Margin per order of B"),
    "a_margin_sd": Words("A 每单毛利的标准差", "Standard deviation of A's margin per order"),
    "b_margin_sd": Words("B 每单毛利的标准差", "Standard deviation of B's margin per order"),
    "visits_month": Words("店铺每月访问数", "Visits of the store a month"),
    "rate": Words("现在的转化率", "Conversion rate today"),
    "visit_cost": Words("每次买来访问的广告费", "Ad cost of a bought visit"),
    "bought": Words("买来的访问占比", "Share of visits that are bought"),
    "fee": Words("新版每月多付的服务费", "Agency's fee a month for the new version"),
    "prior": Words("先验", "Prior"),
    "interval": Words("区间类型", "Kind of interval"),
    "low": Words("新版的相对差别，最低", "Relative difference of the new version, lowest"),
    "high": Words("新版的相对差别，最高", "Relative difference of the new version, highest"),
}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(read_data("conversion_test.toml"))


def _default(entry: dict[str, Any]) -> Default:
    return Default(
        float(entry["value"]),
        entry["kind"],
        Words(entry["why_zh"], entry["why_en"]),
        entry["source"],
        entry.get("unit", ""),
    )


@cache
def setting(name: str) -> Default:
    """Return a setting's default with its reason and source."""
    return _default(_data()["setting"][name])


@cache
def constant(name: str) -> Default:
    """Return a published number that is no matter of choice."""
    return _default(_data()["constant"][name])


@cache
def prior_shape(name: PriorName) -> tuple[float, float]:
    """Return a and b of a prior that does not depend on the store.

    >>> prior_shape("jeffreys")
    (0.5, 0.5)
    """
    entry = _data()["prior"][name]
    return float(entry["a"]), float(entry["b"])


def prior_words(name: PriorName) -> Words:
    """Return a prior's name."""
    entry = _data()["prior"][name]
    return Words(entry["name_zh"], entry["name_en"])


def prior_source(name: PriorName) -> str:
    """Return where a prior comes from."""
    return str(_data()["prior"][name]["source"])


def example() -> dict[str, int]:
    """Return made-up counts to look at, by name: a_visits, a_orders, b_visits, b_orders."""
    return {name: int(value) for name, value in _data()["example"].items()}


def settings(**changes: Any) -> Settings:
    """Return the default settings with some of them changed.

    Args:
        **changes: new values by the name of the setting.

    Raises:
        InputError: if a name of a prior or interval is not known, or a number is outside its
            bounds.

    Examples:
        >>> settings(alpha=0.1).alpha, settings().power
        (0.1, 0.8)
    """
    numbers = {one.name: setting(one.name).value for one in fields(Settings) if one.name in BOUNDS}
    out = replace(Settings("jeffreys", "equal_tailed", **numbers), **changes)
    for name, value, allowed in (
        ("prior", out.prior, PRIORS),
        ("interval", out.interval, INTERVALS),
    ):
        if value not in allowed:
            raise refused_setting(name, value, "choice", allowed=", ".join(allowed))
    for name, (least, most) in BOUNDS.items():
        unit = setting(name).unit
        check_within(name, getattr(out, name), least, most, unit)
    return out


def name_of(name: str) -> Words:
    """Return the words of a setting or of a typed number."""
    if name in FIELDS:
        return FIELDS[name]
    entry = _data()["setting"][name]
    return Words(entry["name_zh"], entry["name_en"])


def refused_setting(name: str, value: object, rule: str, **parts: object) -> InputError:
    """Return the refusal of one number of the comparison, named in words.

    Args:
        name: the number, by its name in the comparison.
        value: what was given.
        rule: the rule broken, a key below `rule.` in the catalogues.
        **parts: what the sentence of the rule needs.
    """
    return InputError([Problem(f"rates.{name}", value, rule, parts, name_of(name))])


def check_within(name: str, value: float, least: float, most: float, unit: str = "") -> None:
    """Refuse a number unless it is finite and lies between two bounds, both included.

    Args:
        name: the number, by its name in the comparison.
        value: what was given.
        least: the lower bound.
        most: the upper bound, in the unit of the value.
        unit: "share" for a fraction that the message tells in percent.

    Raises:
        InputError: if the number is not finite or lies outside.
    """
    if not math.isfinite(value):
        raise refused_setting(name, value, "finite")
    told = [
        f"{one * 100:,.10g}%" if unit == "share" else f"{one:,.15g}" for one in (value, least, most)
    ]
    if value < least:
        raise refused_setting(name, told[0], "at_least", limit=told[1])
    if value > most:
        raise refused_setting(name, told[0], "at_most", limit=told[2])
