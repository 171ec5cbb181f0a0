"""Any figure, opened: its formula in words, the same with today's numbers, and what it came
from.
"""

import ast
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from funnel_sim.model import retention
from funnel_sim.model.arrays import Number
from funnel_sim.model.charges import put_charges, put_commission
from funnel_sim.model.customer_value import lifetime_value
from funnel_sim.model.demand import NO_CHANCE, MonthFactors
from funnel_sim.model.economics import Result
from funnel_sim.model.funnel import STEPS, effects_of, put_funnel, put_price_response
from funnel_sim.model.metrics import FORMULAS, FUNNEL_WORDS
from funnel_sim.model.months import put_months_of_fees
from funnel_sim.model.repeat_orders import orders_at_age, worth_at_age
from funnel_sim.model.sheet import FUNCTIONS, Formula
from funnel_sim.model.values import Values, symbol_of
from funnel_sim.model.written import Term
from funnel_sim.output.words import formats
from funnel_sim.output.words.codes import layer_words
from funnel_sim.output.words.joining import begun
from funnel_sim.output.words.readings import WordedTerm, call_it, is_bare, parts_of, said, sources
from funnel_sim.scenario.customers import STEPPED
from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.paths import SECTIONS, spec_of, specs_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused
from funnel_sim.words import Lang, Words, say

_NAME = re.compile(r"\b[a-z_][a-z0-9_]*\b(?!\()")
_CONDITION = re.compile(r"\bif_[a-z]+\(([a-z0-9_]+)\)")
_SIGNS = ((" * ", " × "), (" / ", " ÷ "), (" - ", " − "))


@dataclass(frozen=True)
class Operand:
    """One thing a figure came from: another figure (`key`), or an input (`path`)."""

    key: str
    path: str | None
    name: str
    value: str


@dataclass(frozen=True)
class Explanation:
    """A figure explained: `words` and `numbers` are the formula, `note` what it cannot say."""

    key: str
    name: str
    value: str
    words: str
    numbers: str
    note: str
    operands: tuple[Operand, ...]


@cache
def symbols() -> dict[str, str]:
    """Return the path of every scenario field by its symbol in the formulas."""
    out = {"fx_rate": "fx_rate"}
    for section, cls in SECTIONS.items():
        out |= {symbol_of(path): path for path in (f"{section}.{name}" for name in specs_of(cls))}
    return out


def name_of(key: str, lang: Lang) -> str:
    """Return the words of a figure or input by its symbol.

    Args:
        key: the symbol of a figure or an input, "profit" or "price".
    """
    words = words_of(key)
    return words.of(lang) if words else key


def plain_name(key: str, lang: Lang) -> str:
    """Return the words of a figure or input, begun with a capital letter.

    Args:
        key: the symbol of a figure or an input, "profit" or "price".
    """
    name = name_of(key, lang)
    return begun(name)


def words_of(key: str) -> Words | None:
    """Return the words of a figure or input in both languages."""
    if key in FORMULAS:
        return FORMULAS[key].words
    if key in FUNNEL_WORDS:
        return FUNNEL_WORDS[key][1]
    spec = _spec(key)
    return spec.label if spec else None


def unit_of(key: str) -> str:
    """Return the unit of a figure, "ratio" where it is an input without one."""
    if key in FORMULAS:
        return FORMULAS[key].unit
    if key in FUNNEL_WORDS:
        return FUNNEL_WORDS[key][0]
    spec = _spec(key)
    kinds = {
        "money": "money",
        "cost_money": "cost_money",
        "rate": "rate",
        "count": "count",
        "months": "months",
        "days": "days",
    }
    return kinds.get(spec.unit.value, "ratio") if spec else "ratio"


def _spec(key: str) -> Spec | None:
    path = symbols().get(key)
    return spec_of(path) if path else None


def text_of(result: Result, key: str, lang: Lang, value: float | None = None) -> str:
    """Return a figure's value as text, in its unit and the currency in which results are shown.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".
        value: shown in place of the result's own; None for its own.
    """
    return _text(result, key, lang, result.scenario.shown, value)


def _booked(result: Result, key: str, lang: Lang) -> str:
    """Return a figure's value as its formula gives it, in the sales currency."""
    return _text(result, key, lang, result.scenario.currency)


def _text(result: Result, key: str, lang: Lang, currency: str, value: float | None = None) -> str:
    number = result.steady[key] if value is None else value
    if key == "payback_months" and number == 1:
        return say(lang, "unit.first_order")
    return formats.figure(number, unit_of(key), currency, result.scenario.cost_currency, lang)


def told(result: Result, key: str, lang: Lang) -> str:
    """Return a figure's value as text; where there is none, why.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".
    """
    text, why = text_of(result, key, lang), why_none(result, key, lang)
    return say(lang, "why.none", nothing=text, why=why) if why else text


def why_none(result: Result, key: str, lang: Lang) -> str:
    """Return why a figure of the steady month is none (what it is divided by is zero, what it needs
    is not there); nothing where there is one, or no reason is known.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".
    """
    if key not in result.steady or result.steady[key] is not None:
        return ""
    customers, steady = result.scenario.customers, result.steady
    if key in FORMULAS:
        return _why_formula(result, FORMULAS[key], lang)
    if key == "ltv" or (key == "payback_months" and not steady["paid_orders"]):
        return why_none(result, "paid_orders", lang) or say(
            lang, "why.zero", what=plain_name("paid_orders", lang)
        )
    if key == "ltv_unlimited":
        return why_none(result, "ltv", lang) or say(lang, "why.later_endless")
    if key == "payback_months":
        return why_none(result, "cac", lang) or say(
            lang, "why.not_back", months=customers.ltv_horizon
        )
    if key in ("new_customers", "repeat_orders") and steady["first_orders"] is not None:
        return say(lang, "why.endless")
    if key == "carts" and steady["add_to_cart_rate"] is None:
        return why_none(result, "add_to_cart_rate", lang)
    if key in FUNNEL_WORDS:
        return say(lang, "why.not_known", what=name_of(key, lang))
    return say(lang, "why.not_given", what=name_of(key, lang))


def _why_formula(result: Result, formula: Formula, lang: Lang) -> str:
    for name in formula.operands:
        if result.steady.get(name) is None:
            return why_none(result, name, lang)
    numbers: dict[str, Any] = {name: result.steady[name] for name in formula.operands} | {
        "__builtins__": {},
        **FUNCTIONS,
    }

    def value(node: ast.expr) -> float:
        try:
            return float(eval(compile(ast.Expression(node), "", "eval"), numbers))  # noqa: S307 - a part of the model's own text
        except ZeroDivisionError:
            return math.nan

    for node in ast.walk(ast.parse(formula.expression, mode="eval")):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "if_positive"
            and value(node.args[0]) < 0
        ):
            return say(lang, "why.not_positive", what=_part(node.args[0], lang))
        part = (
            node.right
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
            else node.args[0]
            if isinstance(node, ast.Call)
            else None
        )
        if part is not None and value(part) == 0:
            return say(lang, "why.zero", what=_part(part, lang))
    whole = ast.parse(formula.expression, mode="eval").body
    return (
        say(lang, "why.next_to_nothing", what=_part(whole.right, lang))
        if isinstance(whole, ast.BinOp) and formula.is_rate
        else ""
    )


def _part(node: ast.expr, lang: Lang) -> str:
    """Return a part of a formula in words, its constant factors left out."""
    if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant):
        return _part(node.left, lang)
    return _render(ast.unparse(node), lambda symbol: plain_name(symbol, lang))


def explain(result: Result, key: str, lang: Lang) -> Explanation:
    """Return how a figure of the steady month comes about, or why there is none.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".

    Raises:
        KeyError: for an unknown figure.
    """
    name, value = name_of(key, lang), _booked(result, key, lang)
    shown = text_of(result, key, lang)
    if key in FORMULAS:
        formula = FORMULAS[key]
        expression = formula.expression.removeprefix("1 * ")
        words = _render(expression, lambda symbol: plain_name(symbol, lang))
        numbers = _render(expression, lambda symbol: _bare(_booked(result, symbol, lang)))
        operands = tuple(
            Operand(s, _path(s), plain_name(s, lang), _booked(result, s, lang))
            for s in formula.operands
        )
        if (
            key == "repeat_rate" and result.scenario.customers.retention != "constant"
        ):  # it follows from how customers come back
            operands = tuple(
                _operand(result, path, lang)
                for path in dict.fromkeys((*_coming_back(result), "customers.repeat_interval"))
            )
        notes = " ".join(
            part for part in (_none_sentence(result, key, lang), formula.note.of(lang)) if part
        )
        worked = f"{numbers} = {value}" + _turned(result, value, shown, lang)
        return Explanation(key, name, shown, words, worked, notes, operands)
    _, title, note = FUNNEL_WORDS[key]
    work = _WORKINGS.get(key)
    numbers, inputs = work(result, lang) if work else ("", ())
    operands = tuple(_operand(result, path, lang) for path in inputs)
    return Explanation(
        key,
        title.of(lang),
        shown,
        note.of(lang),
        numbers + _turned(result, value, shown, lang) if numbers else numbers,
        _none_sentence(result, key, lang),
        operands,
    )


def _turned(result: Result, booked: str, shown: str, lang: Lang) -> str:
    """Return how an amount is turned into the currency in which results are shown; nothing where
    that is the sales currency.
    """
    if booked == shown:
        return ""
    rate = formats.exact(result.scenario.shown.rate)
    return say(lang, "explain.turned", booked=booked, rate=rate, shown=shown)


def _none_sentence(result: Result, key: str, lang: Lang) -> str:
    why = why_none(result, key, lang)
    return say(lang, "why.sentence", why=why) if why else ""


def _bare(text: str) -> str:
    return f"({text})" if formats.is_negative(text) else text


def _path(symbol: str) -> str | None:
    return None if symbol in FORMULAS or symbol in FUNNEL_WORDS else symbols().get(symbol)


def _operand(result: Result, path: str, lang: Lang) -> Operand:
    if path in FORMULAS or path in FUNNEL_WORDS:
        return Operand(path, None, plain_name(path, lang), _booked(result, path, lang))
    scenario, spec = result.scenario, spec_of(path)
    assert spec is not None
    raw = scenario.get(path)
    if path == "commission.tiers":
        shown = tiers_text(scenario, lang)
    elif raw is None or isinstance(raw, (str, bool, list)):
        shown = plain_value(raw, spec, lang)
    else:
        shown = formats.field(
            point_value(raw), spec.unit, scenario.currency, scenario.cost_currency, lang
        )
    prefix = (
        f"{channel_name(scenario, path.split('.')[1], lang)} · "
        if path.startswith("channels.")
        else ""
    )
    return Operand(path, path, prefix + spec.label.of(lang), shown)


def plain_value(raw: object, spec: Spec, lang: Lang) -> str:
    """Return a code, a switch or nothing as a word.

    Args:
        raw: as the field keeps it.
    """
    if raw is None:
        return formats.NOTHING
    if isinstance(raw, bool):
        return say(lang, "word.yes" if raw else "word.no")
    return spec.choices[raw].of(lang) if isinstance(raw, str) and raw in spec.choices else str(raw)


def tiers_text(scenario: Scenario, lang: Lang) -> str:
    """Return the commission rates in one line: rate and bound, step by step."""
    steps = []
    for tier in scenario.commission.tiers:
        upto = (
            "" if tier.upto is None else f" ≤ {formats.money(tier.upto, scenario.currency, lang)}"
        )
        steps.append(f"{formats.percent(tier.rate, 2)}{upto}")
    return "; ".join(steps)


def channel_name(scenario: Scenario, channel_id: str, lang: Lang) -> str:
    """Return a channel's own name, or that of its kind.

    Args:
        channel_id: of a channel of the scenario.
    """
    channel = next(c for c in scenario.channels if c.id == channel_id)
    if channel.name:
        return channel.name
    known = {
        "ads": "channel.ads",
        "organic": "channel.organic",
        "creators": "channel.creators",
        "list": "channel.list",
    }
    if channel.id in known:
        return say(lang, known[channel.id])
    spec = spec_of("channels.any.kind")
    assert spec is not None
    return spec.choices[channel.kind].of(lang)


def formula_words(formula: Formula, lang: Lang) -> str:
    """Return a formula with its figures named."""
    return _render(formula.expression.removeprefix("1 * "), lambda symbol: plain_name(symbol, lang))


def _render(expression: str, show: Callable[[str], str]) -> str:
    plain = _CONDITION.sub(r"\1", expression)  # the note says what happens where it is not so
    text = _NAME.sub(lambda m: m[0] if m[0] in FUNCTIONS else show(m[0]), plain)
    for sign, shown in _SIGNS:
        text = text.replace(sign, shown)
    return formats.signed(text)


# ---- figures that functions compute: the functions read in words
# ------------------------------------

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
            formats.exact(round(value, 6)) if factor else _booked(self.result, key, self.lang),
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
    text, value = said(written), _booked(result, key, lang)
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
            call_it(book[name], name, _booked(result, name, lang))
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


def _coming_back(result: Result) -> tuple[str, ...]:
    """Return the fields that say how customers come back, as the scenario has chosen."""
    c, scenario = result.scenario.customers, result.scenario
    names = (
        "repeat_probability",
        "orders_a_year",
        "lifespan_years",
        "sbg_alpha",
        "sbg_beta",
        "bgnbd_r",
        "bgnbd_alpha",
        "bgnbd_a",
        "bgnbd_b",
    )
    paced = ("customers.repeat_interval",) if c.retention in STEPPED else ()
    typed = ("customers.age_orders",) if c.retention == "table" else ()
    return (
        "customers.retention",
        *typed,
        *(f"customers.{name}" for name in names if not unused(scenario, f"customers.{name}")),
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
        call_it(new, "new_customers", _booked(result, "new_customers", lang))
        numbers, _ = _working(result, key, new if key == "new_customers" else again, lang)
        if key == "repeat_orders":
            return numbers, ("new_customers", *_coming_back(result))
        return numbers, (
            "first_orders",
            "customers.referral",
            *(_coming_back(result) if point_value(customers.referral) else ()),
        )

    return work


def _ltv(result: Result, lang: Lang) -> FigureWorking:
    c, scenario = result.scenario.customers, result.scenario
    kept = lifetime_value(1.0, _worth(result), point_value(c.ltv_discount), c.ltv_first_order)
    margin = result.per(c.ltv_basis, "order")
    numbers = (
        f"{formats.money(margin, scenario.currency, lang)} × {formats.number(float(kept), 4)} ="
        f" {_booked(result, 'ltv', lang)}"
    )
    fields = ("ltv_basis", "ltv_horizon", "ltv_discount", "ltv_first_order", "repeat_order_value")
    return numbers, (c.ltv_basis, *_coming_back(result), *(f"customers.{name}" for name in fields))


def _payback(result: Result, lang: Lang) -> FigureWorking:
    numbers = (
        f"{name_of('cm2', lang)} ÷ {name_of('paid_orders', lang)} ="
        f" {formats.money(result.per('cm2', 'order'), result.scenario.currency, lang)}; "
    )
    return numbers + f"{name_of('cac', lang)} = {_booked(result, 'cac', lang)}", _coming_back(
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


_WORKINGS: dict[str, Callable[[Result, Lang], FigureWorking]] = {
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
        _booked(r, "ltv_unlimited", lang),
        (r.scenario.customers.ltv_basis, *_coming_back(r), "customers.ltv_discount"),
    ),
    "payback_months": _payback,
}
