"""Figures in words: their names, units and values, and why there is none."""

import ast
import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from funnel_sim.model.economics import Result
from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.metrics import FORMULAS
from funnel_sim.model.sheet import FUNCTIONS, Formula
from funnel_sim.model.values import symbol_of
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import begun
from funnel_sim.scenario.fields import Spec
from funnel_sim.scenario.paths import SECTIONS, spec_of, specs_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, Words, say

_NAME = re.compile(r"\b[a-z_][a-z0-9_]*\b(?!\()")
_CONDITION = re.compile(r"\bif_[a-z]+\(([a-z0-9_]+)\)")
_SIGNS = ((" * ", " × "), (" / ", " ÷ "), (" - ", " − "))


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


def booked_text(result: Result, key: str, lang: Lang) -> str:
    """Return a figure's value as its formula gives it, in the sales currency.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".
    """
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
    return rendered(ast.unparse(node), lambda symbol: plain_name(symbol, lang))


def formula_words(formula: Formula, lang: Lang) -> str:
    """Return a formula with its figures named."""
    return rendered(
        formula.expression.removeprefix("1 * "), lambda symbol: plain_name(symbol, lang)
    )


def rendered(expression: str, show: Callable[[str], str]) -> str:
    """Return a formula with each of its figures written by a rule and its signs as in print.

    Args:
        expression: of the sheet, "profit / revenue".
        show: what is written for the symbol of a figure.
    """
    plain = _CONDITION.sub(r"\1", expression)  # the note says what happens where it is not so
    text = _NAME.sub(lambda m: m[0] if m[0] in FUNCTIONS else show(m[0]), plain)
    for sign, shown in _SIGNS:
        text = text.replace(sign, shown)
    return formats.signed(text)


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
