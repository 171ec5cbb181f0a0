"""The figures that functions of the model compute, read in words: each formula with the numbers of
a scenario, and what it rests on.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.model import retention
from funnel_sim.model.arrays import Number
from funnel_sim.model.charges import put_charges, put_commission
from funnel_sim.model.customer_value import lifetime_value
from funnel_sim.model.demand import NO_CHANCE, MonthFactors
from funnel_sim.model.economics import Result
from funnel_sim.model.funnel import STEPS, effects_of, put_funnel, put_price_response
from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.metrics import FORMULAS
from funnel_sim.model.months import put_months_of_fees
from funnel_sim.model.repeat_orders import orders_at_age, worth_at_age
from funnel_sim.model.values import Values
from funnel_sim.model.written import Term
from funnel_sim.output.words import formats
from funnel_sim.output.words.codes import layer_words
from funnel_sim.output.words.figure_names import (
    booked_text,
    channel_name,
    name_of,
    symbols,
    unit_of,
)
from funnel_sim.output.words.readings import WordedTerm, call_it, is_bare, parts_of, said, sources
from funnel_sim.scenario.customers import RETENTION_NUMBERS, STEPPED
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused
from funnel_sim.words import Lang

FigureWorking = tuple[str, tuple[str, ...]]
_LISTED = re.compile(r"^(commission\.tiers|commission\.fixed_bands|tax\.duty_layers)\..*$")
_UNSAID = dict.fromkeys(
    ("elasticity", "demand_elasticity", "referral", "acos_rate", "tacos_rate"), 0.0
)
"""Inputs that say nothing where they stand at this number; so does any rate or factor at 1, and an
amount of 0.
"""


@dataclass(frozen=True)
class _Spoken(Values):
    """The numbers of a scenario with their texts: what the model makes of them is its
    explanation.
    """

    result: Any = None
    lang: Any = None

    def number(self, path: str, value: Any) -> Any:
        """Return a field with its text, None where it is empty."""
        return None if value is None else self.typed(path, value)

    def typed(self, path: str, value: Any) -> Any:
        """Return the number of a field with its text; where it changes nothing, the bare number."""
        number, spec, scenario = point_value(value), spec_of(path), self.scenario
        name = path.rpartition(".")[2]
        unit = spec.unit if spec else Unit.RATE if name == "rate" else Unit.MONEY
        layer = path.startswith("tax.duty_layers.")
        silent = (
            number == 1.0
            if unit in (Unit.RATE, Unit.FACTOR)
            else number == 0.0 and unit is Unit.MONEY
        )
        if silent or _UNSAID.get(name) == number or (layer and not number):
            return number
        match unit:
            case Unit.RATE:
                shown = formats.exact_percent(number)
            case Unit.MONEY | Unit.COST_MONEY:
                shown = formats.exact_money(
                    number,
                    scenario.currency if unit is Unit.MONEY else scenario.cost_currency,
                    self.lang,
                )
            case _:
                shown = formats.exact(number)
        if layer:
            its_name = scenario.tax.duty_layers[int(path.split(".")[2]) - 1].name
            shown = f"{layer_words(its_name, self.lang) or '–'} {shown}"
        return WordedTerm(path, number, shown)

    def figure(self, key: str) -> Any:
        """Return a figure of the steady month with its text."""
        value = self.result.steady.get(key)
        factor = unit_of(key) == "ratio"
        if value is None or (value == 1.0 and factor):
            return value
        return WordedTerm(
            key,
            value,
            formats.exact(round(value, 6)) if factor else booked_text(self.result, key, self.lang),
        )

    def numbers(self) -> dict[str, Any]:
        """Return the inputs as the steady month has them: what was announced counts with the mean
        of twelve months.
        """
        plain = dict(Values(self.scenario).symbols)
        usual = dict(plain)
        put_months_of_fees(self.scenario, usual, steady=True)
        moved = {
            key: self.typed(symbols()[key], float(value))
            for key, value in usual.items()
            if value is not plain[key]
        }
        return self.symbols | moved

    def book(self) -> dict[str, Any]:
        """Return the inputs, and every figure of the sheet and of the concepts by its value."""
        return self.numbers() | {
            key: self.figure(key) for key in (*FORMULAS, *FUNNEL_WORDS) if key in self.result.steady
        }


def _spoken(result: Result, lang: Lang) -> _Spoken:
    return _Spoken(result.scenario, result=result, lang=lang)


def _working(
    result: Result, key: str, written: Any, lang: Lang, choices: tuple[str, ...] = ()
) -> FigureWorking:
    """Return a formula of the model in words with its value, and what it rests on: numbers, then
    the choices that made it so.
    """
    if written is None:
        return "", choices
    text, value = said(written), booked_text(result, key, lang)
    names = [_LISTED.sub(r"\1", name) for name in sources(written)]
    return value if is_bare(written) else f"{text} = {value}", tuple(
        dict.fromkeys(name for name in (*names, *choices) if name != "commission.fixed_bands")
    )


def _charge(key: str, *choices: str) -> Callable[[Result, Lang], FigureWorking]:
    """Return what explains a figure of tax, border or currency."""

    def work(result: Result, lang: Lang) -> FigureWorking:
        values = _spoken(result, lang)
        book = values.numbers()
        put_charges(result.scenario, values, book)
        return _working(result, key, book[key], lang, choices)

    return work


def _of_commission(
    key: str, *choices: str, also: tuple[str, ...] = ()
) -> Callable[[Result, Lang], FigureWorking]:
    """Return what explains what the marketplace charges."""

    def work(result: Result, lang: Lang) -> FigureWorking:
        values = _spoken(result, lang)
        book = values.book()
        put_commission(result.scenario, values, NO_CHANCE, book)
        for name in ("commission_base", "commission_percentage"):
            call_it(book[name], name, booked_text(result, name, lang))
        return _working(
            result, key, book[key], lang, (*also, *(f"commission.{name}" for name in choices))
        )

    return work


def _of_channels(key: str) -> Callable[[Result, Lang], FigureWorking]:
    """Return what explains a sum of channels: each with its value and, in brackets, how that comes
    about.
    """

    def work(result: Result, lang: Lang) -> FigureWorking:
        values, scenario = _spoken(result, lang), result.scenario
        book = values.book()
        months = MonthFactors(*[1.0] * 4)  # type: ignore[arg-type]
        put_funnel(scenario, values, months, effects_of(book, 1.0), NO_CHANCE, book)
        if isinstance(book["price_response"], Term):
            factor = float(book["price_response"].value)
            call_it(book["price_response"], "price_response", formats.exact(round(factor, 6)))
        for channel, steps in book["channels"].items():
            for step in ("of_orders", *STEPS, "views", "checkouts"):
                amount = steps.get(step)
                if isinstance(amount, Term):
                    money = step in ("spend", "of_orders")
                    shown = (
                        formats.money(float(amount.value), scenario.currency, lang)
                        if money
                        else formats.exact(round(float(amount.value), 2))
                    )
                    call_it(amount, f"channels.{channel}.{step}", shown)
        told, names = [], []
        for part in parts_of(book[key]) if book[key] is not None else ():
            found = sources(part, deep=True)
            names += found
            by = next((name.split(".")[1] for name in found if name.startswith("channels.")), None)
            value, how = _volume(part, scenario, lang, money=unit_of(key) == "money"), said(part)
            name = channel_name(scenario, by, lang) if by else ""
            told.append(f"{name} {value}".strip() + ("" if is_bare(part) else f" ({how})"))
        return " + ".join(told), tuple(
            dict.fromkeys(name for name in names if name.count(".") != 2 or spec_of(name))
        )

    return work


def _volume(amount: Term, scenario: Scenario, lang: Lang, *, money: bool) -> str:
    value = float(amount.value)
    return formats.money(value, scenario.currency, lang) if money else formats.count(value)


def coming_back(result: Result) -> tuple[str, ...]:
    """Return the fields that say how customers come back, as the scenario has chosen."""
    c, scenario = result.scenario.customers, result.scenario
    numbers = (f"customers.{name}" for name in RETENTION_NUMBERS)
    paced = ("customers.repeat_interval",) if c.retention in STEPPED else ()
    typed = ("customers.age_orders",) if c.retention == "table" else ()
    return (
        "customers.retention",
        *typed,
        *(path for path in numbers if not unused(scenario, path)),
        *paced,
    )


def _worth(result: Result) -> list[Number]:
    """Return a new customer's orders at each age, in average orders."""
    return worth_at_age(result.scenario.customers, Values(result.scenario).symbols)


def _steady_customers(key: str) -> Callable[[Result, Lang], FigureWorking]:
    """Return what explains a month of customers once every cohort has its share."""

    def work(result: Result, lang: Lang) -> FigureWorking:
        values, customers = _spoken(result, lang), result.scenario.customers
        inputs = values.numbers()
        repeats: Any = None
        if customers.retention != "constant":
            later = sum(
                orders_at_age(customers, Values(result.scenario).symbols, customers.ltv_horizon)[1:]
            )
            repeats = WordedTerm(
                "customers.retention",
                later := float(np.asarray(later).reshape(-1)[0]),
                f"{later:.4g}",
            )
        new, again = retention.steady(
            values.figure("first_orders"), inputs["repeat_probability"], inputs["referral"], repeats
        )
        call_it(new, "new_customers", booked_text(result, "new_customers", lang))
        numbers, _ = _working(result, key, new if key == "new_customers" else again, lang)
        if key == "repeat_orders":
            return numbers, ("new_customers", *coming_back(result))
        return numbers, (
            "first_orders",
            "customers.referral",
            *(coming_back(result) if point_value(customers.referral) else ()),
        )

    return work


def _ltv(result: Result, lang: Lang) -> FigureWorking:
    c, scenario = result.scenario.customers, result.scenario
    kept = lifetime_value(1.0, _worth(result), point_value(c.ltv_discount), c.ltv_first_order)
    margin = result.per(c.ltv_basis, "order")
    numbers = (
        f"{formats.money(margin, scenario.currency, lang)} × {formats.number(float(kept), 4)} ="
        f" {booked_text(result, 'ltv', lang)}"
    )
    fields = ("ltv_basis", "ltv_horizon", "ltv_discount", "ltv_first_order", "repeat_order_value")
    return numbers, (c.ltv_basis, *coming_back(result), *(f"customers.{name}" for name in fields))


def _payback(result: Result, lang: Lang) -> FigureWorking:
    numbers = (
        f"{name_of('cm2', lang)} ÷ {name_of('paid_orders', lang)} ="
        f" {formats.money(result.per('cm2', 'order'), result.scenario.currency, lang)}; "
    )
    return numbers + f"{name_of('cac', lang)} = {booked_text(result, 'cac', lang)}", coming_back(
        result
    )


_RATED = (
    "commission_mode",
    "tier_bound",
    "commission_minimum",
    "commission_cap",
    "commission_per",
    "commission_on_shipping",
    "commission_on_tax",
)
_TAXED = ("tax.situation", "tax.tax_rate", "product.price_includes_tax")
_SUMMED = (
    "impressions",
    "clicks",
    "visits",
    "carts",
    "first_orders",
    "paid_channel_orders",
    "affiliate_orders",
    "affiliate_due",
    "paid_clicks",
    "paid_impressions",
    "media_spend",
    "media_of_orders",
    "list_cost",
    "product_views",
    "checkouts",
    "sales_ad_rate",
)


def _of_price(key: str) -> Callable[[Result, Lang], FigureWorking]:
    """Return what explains how orders answer to the price."""

    def work(result: Result, lang: Lang) -> FigureWorking:
        values = _spoken(result, lang)
        book = values.book()
        put_price_response(result.scenario, book)
        if key == "price_response":
            ratio = round(float(result.steady["price_ratio"] or 1.0), 4)
            call_it(book["price_ratio"], "price_ratio", formats.exact(ratio))
        return _working(result, key, book[key], lang)

    return work


WORKINGS: dict[str, Callable[[Result, Lang], FigureWorking]] = {
    **{key: _of_price(key) for key in ("price_ratio", "price_response")},
    **{key: _of_channels(key) for key in _SUMMED},
    **{
        key: _charge(key, *_TAXED)
        for key in (
            "consumer_factor",
            "gross_factor",
            "output_tax_factor",
            "withheld_factor",
            "console_factor",
        )
    },
    **{
        key: _charge(key, "tax.duty_layers") for key in ("duty_added", "duty_on_sale", "duty_fixed")
    },
    "entry_fee_cap": _charge("entry_fee_cap", "tax.entry_fee_maximum"),
    "fulfilment_tax": _charge("fulfilment_tax", "tax.tax_on_fulfilment", "tax.tax_on_fees"),
    "ads_tax": _charge("ads_tax", "tax.tax_on_ads", "tax.tax_on_fees"),
    "fx_loss": _charge("fx_loss"),
    "fx_on_gross": _charge("fx_on_gross", "payment.fx_on"),
    "commission_base": _of_commission(
        "commission_base",
        "commission_on_tax",
        "commission_on_shipping",
        "commission_before_discount",
        also=("product.shipping_charged",),
    ),
    "commission_percentage": _of_commission("commission_percentage", "tiers", *_RATED),
    "commission_fixed": _of_commission("commission_fixed", "commission_per"),
    "commission_kept": _of_commission("commission_kept", "refund_kept_rate", "refund_kept_cap"),
    "aov_boost": lambda r, lang: _working(
        r,
        "aov_boost",
        effects_of(_spoken(r, lang).numbers(), 1.0)["effect_aov"],
        lang,
        ("effect.effect_aov",),
    ),
    "new_customers": _steady_customers("new_customers"),
    "repeat_orders": _steady_customers("repeat_orders"),
    "ltv": _ltv,
    "ltv_unlimited": lambda r, lang: (
        booked_text(r, "ltv_unlimited", lang),
        (r.scenario.customers.ltv_basis, *coming_back(r), "customers.ltv_discount"),
    ),
    "payback_months": _payback,
}
