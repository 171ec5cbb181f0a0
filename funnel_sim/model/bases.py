"""One metric on another basis: tax in or out, refunds and unpaid orders in or out, whose sales
count, what belongs to ad spend.

A basis is written as a key, `roas@sales=all,tax=out`, and each key has one formula over the same
flows as everything else; so all definitions of a KPI come from the same months of the same
simulation.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.metrics import FORMULAS
from funnel_sim.model.sheet import Formula
from funnel_sim.scenario.fields import SMALLEST, Unit

Tax = Literal["usual", "in", "out"]
SALES = frozenset({"gmv", "aov", "roas", "acos", "tacos", "mer"})
"""Metrics over sales."""
SPEND = frozenset({"roas", "acos", "tacos", "mer", "cpc", "cac", "blended_cac"})
"""Metrics over ad spend."""
_OF_ADS = frozenset({"roas", "acos"})
# a store that sells nothing refunds nothing, so a negative remainder counts as zero
_LEAST = SMALLEST[Unit.MONEY]


@dataclass(frozen=True)
class Basis:
    """What counts in a metric; the default is the metric as the glossary has it."""

    tax: Tax = "usual"
    refunds: Literal["in", "out"] = "in"
    cancelled: Literal["in", "out"] = "out"
    sales: Literal["usual", "ads", "all"] = "usual"
    attribution: float = 1.0
    spend_tax: Tax = "usual"
    fee: bool = False

    def key(self, metric: str) -> str:
        """Return the key of a metric on this basis: the metric's own where nothing that matters to
        it differs.

        >>> (
        ...     Basis(sales="all", tax="out").key("roas"),
        ...     Basis(sales="all").key("tacos"),
        ...     Basis(tax="out").key("cpc"),
        ... )
        ('roas@tax=out,sales=all', 'tacos', 'cpc')
        """
        parts: list[tuple[str, str, str]] = []
        if metric in SALES:
            parts += [
                ("tax", self.tax, "usual"),
                ("refunds", self.refunds, "in"),
                ("cancelled", self.cancelled, "out"),
            ]
            usual = "ads" if metric in _OF_ADS else "all"
            parts.append(("sales", "usual" if self.sales == usual else self.sales, "usual"))
        if metric in (SALES | {"cac"}) and (metric in _OF_ADS | {"cac"} or self.sales == "ads"):
            parts.append(("attribution", f"{self.attribution:g}", "1"))
        if metric in SPEND:
            parts += [
                ("spend", self.spend_tax, "usual"),
                ("fee", "yes" if self.fee else "no", "no"),
            ]
        said = [f"{name}={value}" for name, value, usual in parts if value != usual]
        return f"{metric}@{','.join(said)}" if said else metric


@lru_cache(maxsize=1024)
def formula_of(key: str) -> Formula:
    """Return the formula of a figure, or of a metric on another basis.

    Args:
        key: the key of a figure, where wanted with a basis: "roas@sales=all".

    Returns:
        The formula of that figure.

    Raises:
        KeyError: if the key is unknown, or the metric has no such basis.

    Examples:
        >>> formula_of("roas@sales=all").expression
        'gross_sales / ad_spend'
    """
    metric, at, said = key.partition("@")
    if not at:
        return FORMULAS[metric]
    given = _said(key, said)
    if given.get("currency") == "home":
        return _of_home(key)
    whose = given.get("sales", "ads" if metric in _OF_ADS else "all")
    sales = _sales(metric, whose, given)
    spend = _spend(given, whole=metric in ("mer", "blended_cac"))
    match metric:
        case "gmv":
            text = sales
        case "aov":
            orders = _orders(whose, given)
            text = f"({sales}) / ({orders})"
        case "roas" | "mer":
            text = (
                f"({sales}) / ({spend})" if " " in sales or " " in spend else f"{sales} / {spend}"
            )
        case "acos" | "tacos":
            text = f"({spend}) / ({sales})"
        case "cpc":
            text = f"({spend}) / paid_clicks"
        case "cac":
            text = f"({spend}) / (paid_channel_orders{_credited(given)})"
        case "blended_cac":
            text = f"({spend}) / new_customers"
        case _:
            raise KeyError(key)
    own = FORMULAS[metric]
    return Formula(key, text, own.unit, own.words, divides=True)


_HOME = "currency=home"


def at_home(key: str) -> str:
    """Return the key of an amount as its owner counts it at home: each month at that month's
    exchange rate.

    The amount stays in the sales currency at today's rate: what a month brings, times the month's
    rate over today's.

    Args:
        key: of a figure, on whatever basis.

    >>> at_home("profit"), at_home("gmv@tax=out"), at_home("profit@currency=home")
    ('profit@currency=home', 'gmv@tax=out,currency=home', 'profit@currency=home')
    """
    if key.endswith(_HOME):
        return key
    return f"{key}{',' if '@' in key else '@'}{_HOME}"


def as_booked(key: str) -> str:
    """Return the key of a figure without its home currency; the same key where it names none.

    >>> as_booked("profit@currency=home"), as_booked("gmv@tax=out,currency=home"), as_booked("roas")
    ('profit', 'gmv@tax=out', 'roas')
    """
    return key.removesuffix(_HOME).rstrip("@,") if key.endswith(_HOME) else key


def is_money(key: str) -> bool:
    """Return whether a figure is an amount of the sales currency, on whatever basis."""
    metric = key.partition("@")[0]
    if metric in FORMULAS:
        return FORMULAS[metric].unit == "money"
    return metric in FUNNEL_WORDS and FUNNEL_WORDS[metric][0] == "money"


def _of_home(key: str) -> Formula:
    """Return the formula of an amount at home: that of the amount, over flows that are worth what
    they are at home (`valued.at_home_rates`).
    """
    bare = as_booked(key)
    if bare == key or not is_money(bare):
        raise KeyError(key)
    metric = bare.partition("@")[0]
    words = FORMULAS[metric].words if metric in FORMULAS else FUNNEL_WORDS[metric][1]
    return Formula(key, formula_of(bare).expression if "@" in bare else bare, "money", words)


_WAYS: dict[str, tuple[str, ...]] = {
    "tax": ("in", "out"),
    "refunds": ("in", "out"),
    "cancelled": ("in", "out"),
    "sales": ("ads", "all"),
    "spend": ("in", "out"),
    "fee": ("yes", "no"),
    "currency": ("home",),
}


def _said(key: str, said: str) -> dict[str, str]:
    """Return what a key says of its basis; raises KeyError for an unknown word or way, because a
    typing error would otherwise count as the usual basis.
    """
    out: dict[str, str] = {}
    for part in said.split(","):
        name, _, way = part.partition("=")
        if name in out or not (
            way in _WAYS.get(name, ()) or (name == "attribution" and _is_share(way))
        ):
            raise KeyError(key)
        out[name] = way
    return out


def _is_share(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?(e-?\d+)?", text) is not None


def is_figure(key: str) -> bool:
    """Return whether a key names a figure, on whatever basis."""
    try:
        formula_of(key)
    except (KeyError, ValueError):
        return False
    return True


def _credited(given: dict[str, str]) -> str:
    return f" * {given['attribution']}" if "attribution" in given else ""


def _sales(metric: str, whose: str, given: dict[str, str]) -> str:
    text = f"attributed_sales{_credited(given)}" if whose == "ads" else "gross_sales"
    tax = given.get("tax", "in" if metric == "gmv" else "booked")
    if tax == "in":
        text += " * consumer_factor / gross_factor"
    elif tax == "out":
        text += " * (gross_factor - output_tax_factor) / gross_factor"
    placed = "1 / payment_success_rate" if given.get("cancelled") == "in" else "1"
    if (
        given.get("refunds") == "out"
        # refunds stand in the ledger without tax, with a minus; only what was paid is refunded, and
        # of
        # no sales nothing
    ):
        text += f" * ({placed} + refunds / max(gross_sales + output_tax, {_LEAST}))"
    elif placed != "1":
        text += " / payment_success_rate"
    return text


def _orders(whose: str, given: dict[str, str]) -> str:
    text = f"paid_channel_orders{_credited(given)}" if whose == "ads" else "paid_orders"
    return text + (" / payment_success_rate" if given.get("cancelled") == "in" else "")


def _spend(given: dict[str, str], *, whole: bool) -> str:
    ads = {
        "usual": "ad_spend",
        "out": "media_spend + media_of_sales",
        "in": "(media_spend + media_of_sales) * (1 + max(ads_tax, tax_rate))",
    }[given.get("spend", "usual")]
    text = (
        f"marketing_spend - ad_spend + {ads}"
        if whole and ads != "ad_spend"
        else "marketing_spend"
        if whole
        else ads
    )
    return f"{text} - operator_fee" if given.get("fee") == "yes" else text
