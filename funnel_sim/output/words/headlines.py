"""What a seller reads first: margins, ROI, break-even, money that arrives at home; profit before
and after own work; ads that lose money; the console's ACoS beside ours.
"""

import math
from dataclasses import dataclass

from funnel_sim.model.economics import Result
from funnel_sim.model.metrics import less_is_better
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import name_of, text_of, unit_of, why_none
from funnel_sim.scenario.in_force import knows_orders
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import Shown
from funnel_sim.words import Lang, say

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("margins", ("gross_margin", "goods_margin", "margin", "margin_after_work")),
    ("returns", ("roi_goods", "roi_landed", "roi_total")),
    ("break_even", ("break_even_orders", "break_even_units", "break_even_sales", "safety_margin")),
    ("money", ("profit", "profit_after_work", "vat_due", "proceeds_home")),
)
"""The key ratios in the order in which they are read."""
AFTER_WORK = ("profit_after_work", "margin_after_work")
"""Figures that say nothing of their own where the seller gives no hours of its own work; hours that
a preset assumes are said in a sentence, no headline.
"""
_HOURS = ("fixed.own_hours", "fixed.own_hours_per_order")
CONSOLE = {
    "acos": "acos_console",
    "roas": "roas_console",
    "break_even_acos": "break_even_acos_console",
}
"""Figures of ads, and what the platform's console shows of them."""
_WHOLE = ("break_even_orders", "break_even_units")
_HAIR = 1e-9
_SAME = 5e-4


@dataclass(frozen=True)
class Ratio:
    """One figure of the block: `value` as text, `more` what stands beside it (the exact number, a
    reason).
    """

    key: str
    name: str
    value: str
    more: str = ""
    bad: bool = False


def groups(result: Result) -> list[tuple[str, tuple[str, ...]]]:
    """Return the groups of key ratios that this result has something to say of: without hours of
    own work that somebody typed, nothing after them.
    """
    left_out = () if result.steady["own_work"] and not work_assumed(result) else AFTER_WORK
    return [(name, tuple(key for key in keys if key not in left_out)) for name, keys in GROUPS]


def work_assumed(result: Result) -> bool:
    """Say whether the hours of own work are the preset's, which nobody typed."""
    return bool(result.steady["own_work"]) and all(
        origin_of(result.scenario, path).kind != "yours" for path in _HOURS
    )


def gmv_name(scenario: Scenario, *, without_tax: bool, lang: Lang) -> str:
    """Return the name of GMV, with or without tax; where no tax is in the price, or on top of it,
    just its name.

    Args:
        without_tax: whether sales tax is left out.
    """
    if not point_value(scenario.tax.tax_rate):
        return name_of("gmv", lang)
    return say(lang, "kpi.gmv_out" if without_tax else "kpi.gmv_in")


def figure_name(key: str, scenario: Scenario, lang: Lang) -> str:
    """Return the name of a figure of the steady month as its title says it: GMV with its tax, which
    the figure always has in it.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".
    """
    return gmv_name(scenario, without_tax=False, lang=lang) if key == "gmv" else name_of(key, lang)


def shown(result: Result, key: str, lang: Lang, *, currency: Shown | None = None) -> str:
    """Return a figure as text, money in the currency in which results are shown, or in another one.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".
        currency: in which money is shown; that of the scenario's results where None.
    """
    if currency is None or unit_of(key) != "money":
        return text_of(result, key, lang)
    return formats.money(result.steady[key], currency, lang)


def rounded(result: Result, key: str, lang: Lang, *, currency: Shown | None = None) -> str:
    """Return a figure for a tile or a sentence: money from 1,000 on in whole units, for the cents
    stand in the ledger.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".
        currency: in which money is shown; that of the scenario's results where None.
    """
    value = result.steady[key]
    if value is None or not math.isfinite(value) or unit_of(key) != "money":
        return shown(result, key, lang, currency=currency)
    return formats.compact(value, currency or result.scenario.shown, lang)


def whole(value: float) -> str:
    """Return the whole number that is enough.

    >>> whole(66.67), whole(50.0000000001), whole(-0.2)
    ('67', '50', '0')
    """
    return formats.number(math.ceil(value - _HAIR) + 0.0)


def ratios(
    result: Result, keys: tuple[str, ...], lang: Lang, *, currency: Shown | None = None
) -> list[Ratio]:
    """Return one group of the block; volumes at break-even are rounded up to whole ones, with the
    exact number beside.

    Args:
        keys: of the figures, in the order of the rows.
        currency: in which money is shown; that of the scenario's results where None.
    """
    out = []
    for key in keys:
        value, why = result.steady[key], why_none(result, key, lang)
        text, more = rounded(result, key, lang, currency=currency), why
        if key in _WHOLE and value is not None:
            text, more = whole(value), say(lang, "headline.exact", value=formats.number(value, 2))
        name = name_of(key, lang)
        if key == "vat_due" and value is not None and value < 0:
            name, text = say(lang, "headline.vat_refund"), _in(-value, result, lang, currency)
        if (
            key == "proceeds_home" and value is not None
        ):  # money of the cost currency: as the rest of its group
            text, more = (
                _in(value / point_value(result.scenario.fx_rate), result, lang, currency),
                say(lang, "headline.before_costs"),
            )
        bad = value is not None and value < 0 and not less_is_better(key)
        out.append(Ratio(key, name, text, more, bad))
    return out


def _in(value: float, result: Result, lang: Lang, currency: Shown | None) -> str:
    """Return an amount of the sales currency as text, in the currency in which money is shown."""
    return formats.compact(value, currency or result.scenario.shown, lang)


def work_sentence(result: Result, lang: Lang, *, currency: Shown | None = None) -> str:
    """Return the profit of a month before and after the seller's own work, both named; that no
    hours are given, where none are.

    Args:
        currency: in which money is shown; that of the scenario's results where None.
    """
    work = result.steady["own_work"]
    before = rounded(result, "profit", lang, currency=currency)
    if not work:
        return say(lang, "headline.work_none", before=before)
    after, cost = (
        rounded(result, key, lang, currency=currency) for key in ("profit_after_work", "own_work")
    )
    if work_assumed(result):
        scenario = result.scenario
        pay = point_value(scenario.fixed.own_hour_pay)
        hours = formats.number(work * point_value(scenario.fx_rate) / pay if pay else 0.0, 0)
        parts = {"hours": hours, "pay": formats.money(pay, scenario.cost_currency, lang)}
        return say(lang, "headline.work_assumed", before=before, after=after, work=cost, **parts)
    return say(lang, "headline.work", before=before, after=after, work=cost)


def ads_sentence(result: Result, lang: Lang) -> str:
    """Return that an order from ads costs more than it leaves before ads, and who pays for it;
    nothing where it does not, or it is not known.
    """
    steady, currency = result.steady, result.scenario.shown
    cac, margin = steady["cac"], result.per("cm2", "order")
    if cac is None or margin is None or not cac > margin * (1 + _HAIR) + _HAIR:
        return ""
    parts = {
        name: formats.money(value, currency, lang)
        for name, value in (("loss", cac - margin), ("cac", cac), ("margin", margin))
    }
    said = say(lang, "headline.ads_lose", **parts)
    if (steady["profit"] or 0.0) > 0:
        said += say(lang, "headline.ads_carried")
    return said


def console_sentence(result: Result, lang: Lang) -> str:
    """Return ACoS and ROAS as the platform's console shows them where they differ from ours, and
    why in one line; nothing where they are the same or unknown.
    """
    steady = result.steady
    ours, theirs, roas, console = (
        steady[key] for key in ("acos", "acos_console", "roas", "roas_console")
    )
    if (
        ours is None
        or theirs is None
        or roas is None
        or console is None
        or abs(theirs - ours) <= _SAME * abs(ours)
    ):
        return ""
    with_tax = abs((steady["attributed_paid"] or 0.0) - (steady["attributed_sales"] or 0.0)) > _HAIR
    taxed_ads = abs(steady["ads_tax"] or 0.0) > 0
    why = "both" if with_tax and taxed_ads else "sales" if with_tax else "ads"
    parts = {
        "ours": formats.percent(ours),
        "theirs": formats.percent(theirs),
        "roas": formats.number(roas, 2),
        "console": formats.number(console, 2),
    }
    return say(lang, "headline.console", **parts, why=say(lang, f"headline.console_{why}"))


def typed_orders(result: Result) -> dict[str, float] | None:
    """Return what the typed orders of the steady month come to in all: `orders` with repeat ones,
    `first` and `repeat` apart, `ad_spend`; None where no orders are typed.
    """
    if not knows_orders(result.scenario):
        return None
    orders, repeat = (result.steady[key] or 0.0 for key in ("paid_orders", "repeat_orders"))
    return {
        "orders": orders,
        "first": orders - repeat,
        "repeat": repeat,
        "ad_spend": result.steady["ad_spend"] or 0.0,
    }


def typed_sentence(result: Result, lang: Lang) -> str:
    """Return the steady month's orders in all and its ad spend in all, where orders are typed;
    nothing where they are not.
    """
    found = typed_orders(result)
    if found is None:
        return ""
    parts = {name: formats.count(found[name]) for name in ("orders", "first", "repeat")}
    parts["spend"] = formats.money(found["ad_spend"], result.scenario.shown, lang)
    return say(lang, "known.typed_total" if found["repeat"] else "known.typed_total_first", **parts)


def beside(result: Result, key: str, lang: Lang) -> str:
    """Return what the console shows, to stand beside a figure of ads; nothing for other figures.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".
    """
    console = CONSOLE.get(key)
    if not console or result.steady[key] is None or result.steady[console] is None:
        return ""
    return say(lang, "headline.console_short", value=text_of(result, console, lang))


def sentences(result: Result, lang: Lang) -> list[str]:
    """Return what must be said with the headline: own work, ads that lose, the console's
    figures.
    """
    if not result.steady["paid_orders"]:
        return []
    return [
        one
        for one in (
            work_sentence(result, lang),
            ads_sentence(result, lang),
            console_sentence(result, lang),
        )
        if one
    ]


def orders_sentence(result: Result, lang: Lang) -> str | None:
    """Return what is left of what a shopper pays, and of a month; None where there are no
    orders.
    """
    order, currency = result.per("profit", "order"), result.scenario.shown
    paid = result.steady["order_consumer"]
    if order is None:
        return None
    return say(
        lang,
        "economics.earns" if order >= 0 else "economics.loses",
        paid=formats.money(paid, currency, lang),
        earned=formats.money(abs(order), currency, lang),
        orders=formats.orders(result.steady["paid_orders"]),
        month=formats.rough(result.steady["profit"], currency, lang),
    )
