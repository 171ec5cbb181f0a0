"""Any figure, opened: its formula in words, the same with today's numbers, and what it came from."""

import ast
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from funnel_sim.model.economics import Result, orders_at_age, symbol_of, worth_at_age
from funnel_sim.model.metrics import FORMULAS, FUNNEL_WORDS
from funnel_sim.model.sheet import FUNCTIONS, Formula
from funnel_sim.output.words import formats
from funnel_sim.output.words.codes import layer_words
from funnel_sim.scenario.customers import STEPPED
from funnel_sim.scenario.fields import Spec
from funnel_sim.scenario.paths import SECTIONS, spec_of, specs_of
from funnel_sim.scenario.quantity import is_range, likely
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.traffic import Channel
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
    """Return the words of a figure or input by its symbol."""
    words = words_of(key)
    return words.of(lang) if words else key


def plain_name(key: str, lang: Lang) -> str:
    """Return a ledger line's name without the "less" or "plus" that its sign already says."""
    name = name_of(key, lang)
    for prefix in ("减：", "加：", "Less ", "Plus "):
        name = name.removeprefix(prefix)
    return name[:1].upper() + name[1:]


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
    }
    return kinds.get(spec.unit.value, "ratio") if spec else "ratio"


def _spec(key: str) -> Spec | None:
    path = symbols().get(key)
    return spec_of(path) if path else None


def text_of(result: Result, key: str, lang: Lang, value: float | None = None) -> str:
    """Return a figure's value as text, in its unit and the scenario's currencies."""
    number = result.steady[key] if value is None else value
    if key == "payback_months" and number == 1:
        return say(lang, "unit.first_order")
    scenario = result.scenario
    return formats.figure(number, unit_of(key), scenario.currency, scenario.cost_currency, lang)


def told(result: Result, key: str, lang: Lang) -> str:
    """Return a figure's value as text; where there is none, why."""
    text, why = text_of(result, key, lang), why_none(result, key, lang)
    return say(lang, "why.none", nothing=text, why=why) if why else text


def why_none(result: Result, key: str, lang: Lang) -> str:
    """Return why a figure of the steady month is none (what it is divided by is zero, what it needs
    is not there); nothing where there is one, or no reason is known.
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
    """Return how a figure of the steady month comes about, or why there is none; raises KeyError
    for an unknown key.
    """
    name, value = name_of(key, lang), text_of(result, key, lang)
    if key in FORMULAS:
        formula = FORMULAS[key]
        expression = formula.expression.removeprefix("1 * ")
        words = _render(expression, lambda symbol: plain_name(symbol, lang))
        numbers = _render(expression, lambda symbol: _bare(text_of(result, symbol, lang)))
        operands = tuple(
            Operand(s, _path(s), plain_name(s, lang), text_of(result, s, lang))
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
        return Explanation(key, name, value, words, f"{numbers} = {value}", notes, operands)
    _, title, note = FUNNEL_WORDS[key]
    work = _WORKINGS.get(key)
    numbers, inputs = work(result, lang) if work else ("", ())
    operands = tuple(_operand(result, path, lang) for path in inputs)
    return Explanation(
        key,
        title.of(lang),
        value,
        note.of(lang),
        numbers,
        _none_sentence(result, key, lang),
        operands,
    )


def _none_sentence(result: Result, key: str, lang: Lang) -> str:
    why = why_none(result, key, lang)
    return say(lang, "why.sentence", why=why) if why else ""


def _bare(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _path(symbol: str) -> str | None:
    return None if symbol in FORMULAS or symbol in FUNNEL_WORDS else symbols().get(symbol)


def _operand(result: Result, path: str, lang: Lang) -> Operand:
    if path in FORMULAS or path in FUNNEL_WORDS:
        return Operand(path, None, plain_name(path, lang), text_of(result, path, lang))
    scenario, spec = result.scenario, spec_of(path)
    assert spec is not None
    raw = scenario.get(path)
    if path == "commission.tiers":
        shown = tiers_text(scenario, lang)
    elif raw is None or isinstance(raw, (str, bool, list)):
        shown = plain_value(raw, spec, lang)
    else:
        shown = formats.field(
            likely(raw), spec.unit, scenario.currency, scenario.cost_currency, lang
        )
    prefix = (
        f"{channel_name(scenario, path.split('.')[1], lang)} · "
        if path.startswith("channels.")
        else ""
    )
    return Operand(path, path, prefix + spec.label.of(lang), shown)


def plain_value(raw: object, spec: Spec, lang: Lang) -> str:
    """Return a code, a switch or nothing as a word."""
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
    """Return a channel's own name, or that of its kind."""
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
    return "−" + text[1:] if text.startswith("-") else text


# ---- figures that functions compute: the numbers behind them
# ---------------------------------------

Working = tuple[str, tuple[str, ...]]


def _by_channel(
    result: Result,
    lang: Lang,
    column: str,
    inputs: Callable[[str], tuple[str, ...]],
    chosen: tuple[str, ...] | None = None,
) -> Working:
    parts: list[str] = []
    paths: list[str] = []
    for channel in result.scenario.channels:
        if chosen is None or channel.kind in chosen:
            value = result.channels[channel.id][column]
            parts.append(
                f"{channel_name(result.scenario, channel.id, lang)} {formats.count(value)}"
            )
            paths += [f"channels.{channel.id}.{name}" for name in inputs(channel.kind)]
    return (" + ".join(parts), tuple(paths))


def _traffic_inputs(kind: str) -> tuple[str, ...]:
    return {
        "cpc": ("budget", "cpc"),
        "cpm": ("budget", "cpm", "ctr"),
        "orders": ("known_sales", "known_as"),
    }.get(kind, ("impressions", "ctr"))


def _by_steps(
    result: Result,
    lang: Lang,
    column: str,
    steps: Callable[[Scenario, Channel], list[str]],
    chosen: tuple[str, ...] | None,
) -> Working:
    """Return a column by channel, with the inputs of its traffic and then the rates from click to
    `column`, each input once.
    """
    scenario = result.scenario
    numbers, paths = _by_channel(result, lang, column, _traffic_inputs, chosen)
    using = [channel for channel in scenario.channels if chosen is None or channel.kind in chosen]
    bent = [
        f"channels.{c.id}.{name}"
        for c in using
        if likely(c.elasticity)
        for name in ("elasticity", "reference_budget")
    ]
    rates = [path for channel in using for path in steps(scenario, channel)]
    boosts = [path for path in _BOOSTS[column] if _moves(scenario, path)]
    return numbers, tuple(dict.fromkeys((*paths, *bent, *rates, *boosts)))


_BOOSTS = {
    "visits": ("effect.effect_cpc", "effect.effect_ctr", "effect.effect_organic"),
    "orders": (
        "effect.effect_cpc",
        "effect.effect_ctr",
        "effect.effect_organic",
        "effect.effect_add_to_cart",
        "effect.effect_checkout",
    ),
}


def _moves(scenario: Scenario, path: str) -> bool:
    """Say whether a factor is not 1."""
    value = scenario.get(path)
    return value is not None and likely(value) != 1


def _rate(channel: Channel, name: str) -> str:
    """Return the path of a rate as a channel has it: its own where given, else the store's."""
    return (
        f"conversion.{name}"
        if getattr(channel, f"channel_{name}") is None
        else f"channels.{channel.id}.channel_{name}"
    )


def _landing(scenario: Scenario, channel: Channel) -> list[str]:
    if channel.kind == "orders":
        return []
    return [path for path in [_rate(channel, "landing_rate")] if _moves(scenario, path)]


def _to_order(scenario: Scenario, channel: Channel) -> list[str]:
    """Return the paths of the rates that turn a channel's clicks into first orders; those that are
    1 change nothing and are left out.
    """
    if channel.kind == "orders":
        return []
    own_steps = channel.channel_cvr is None and channel.channel_checkout_rate is not None
    if channel.channel_cvr is not None or (scenario.conversion.cvr is not None and not own_steps):
        return [*_landing(scenario, channel), _rate(channel, "cvr")]
    paid = [path for path in ["conversion.payment_success_rate"] if _moves(scenario, path)]
    cart, checkout = [_rate(channel, "add_to_cart_rate")], [_rate(channel, "checkout_rate")]
    if (
        scenario.conversion.product_view_rate is not None
        and channel.channel_add_to_cart_rate is None
    ):
        cart = ["conversion.product_view_rate", "conversion.cart_of_views_rate"]
    if (
        scenario.conversion.checkout_start_rate is not None
        and channel.channel_checkout_rate is None
    ):
        checkout = ["conversion.checkout_start_rate", "conversion.checkout_completion_rate"]
    return [*_landing(scenario, channel), *cart, *checkout, *paid]


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


def _ages(result: Result, *, in_worth: bool = False) -> list[float]:
    """Return a new customer's orders at each age; or what they are worth, in average orders."""
    c = result.scenario.customers
    numbers: dict[str, Any] = {
        name: likely(getattr(c, name))
        for name in specs_of(type(c))
        if isinstance(getattr(c, name), float) or is_range(getattr(c, name))
    }
    found = worth_at_age(c, numbers) if in_worth else orders_at_age(c, numbers, c.ltv_horizon)
    return [float(np.asarray(g).reshape(-1)[0]) for g in found]


def _new_customers(result: Result, lang: Lang) -> Working:
    c, steady = result.scenario.customers, result.steady
    p, q = likely(c.repeat_probability), likely(c.referral)
    first, total = formats.count(steady["first_orders"]), formats.count(steady["new_customers"])
    if not q:
        return f"{first} = {total}", ("first_orders", "customers.referral")
    per = (
        f"{q:g} ÷ (1 − {p:g})"
        if c.retention == "constant"
        else f"{q:g} × {1 + sum(_ages(result)[1:]):.4g}"
    )
    return f"{first} ÷ (1 − {per}) = {total}", (
        "first_orders",
        "customers.referral",
        *_coming_back(result),
    )


def _repeat(result: Result, lang: Lang) -> Working:
    c, steady = result.scenario.customers, result.steady
    p = likely(c.repeat_probability)
    each = f"{p:g} ÷ (1 − {p:g})" if c.retention == "constant" else f"{sum(_ages(result)[1:]):.4g}"
    numbers = (
        f"{formats.count(steady['new_customers'])} × {each} ="
        f" {formats.count(steady['repeat_orders'])}"
    )
    return numbers, ("new_customers", *_coming_back(result))


def _ltv(result: Result, lang: Lang) -> Working:
    c, scenario = result.scenario.customers, result.scenario
    discount = likely(c.ltv_discount)
    kept = sum(
        g * (1 + discount) ** (-k / 12)
        for k, g in enumerate(_ages(result, in_worth=True))
        if k or c.ltv_first_order
    )
    margin = result.per(c.ltv_basis, "order")
    numbers = (
        f"{formats.money(margin, scenario.currency, lang)} × {formats.number(kept, 4)} ="
        f" {text_of(result, 'ltv', lang)}"
    )
    fields = ("ltv_basis", "ltv_horizon", "ltv_discount", "ltv_first_order", "repeat_order_value")
    return numbers, (c.ltv_basis, *_coming_back(result), *(f"customers.{name}" for name in fields))


def _payback(result: Result, lang: Lang) -> Working:
    numbers = (
        f"{name_of('cm2', lang)} ÷ {name_of('paid_orders', lang)} ="
        f" {formats.money(result.per('cm2', 'order'), result.scenario.currency, lang)}; "
    )
    return numbers + f"{name_of('cac', lang)} = {text_of(result, 'cac', lang)}", _coming_back(
        result
    )


def _commission(result: Result, lang: Lang) -> Working:
    scenario = result.scenario
    base, fee = (
        text_of(result, "commission_base", lang),
        text_of(result, "commission_percentage", lang),
    )
    own = ("shipping_commission",) if scenario.commission.shipping_commission is not None else ()
    paths = (
        "tiers",
        "commission_mode",
        "tier_bound",
        "commission_minimum",
        "commission_cap",
        "commission_per",
        "commission_on_shipping",
        *own,
        "commission_on_tax",
    )
    return f"{base} · [{tiers_text(scenario, lang)}] = {fee}", (
        "commission_base",
        *(f"commission.{name}" for name in paths),
    )


def _commission_fixed(result: Result, lang: Lang) -> Working:
    bands = []
    for band in result.scenario.commission.fixed_bands:
        upto = (
            ""
            if band.upto is None
            else f" ≤ {formats.money(band.upto, result.scenario.currency, lang)}"
        )
        bands.append(f"{formats.money(band.fee, result.scenario.currency, lang)}{upto}")
    return f"[{'; '.join(bands)}] → {text_of(result, 'commission_fixed', lang)}", (
        "commission.commission_per",
    )


def _commission_base(result: Result, lang: Lang) -> Working:
    paths = (
        "product.price",
        "product.units_per_order",
        "product.discount_rate",
        "product.shipping_charged",
        "commission.commission_on_tax",
        "commission.commission_on_shipping",
        "commission.commission_before_discount",
    )
    return text_of(result, "commission_base", lang), paths


def _kept(result: Result, lang: Lang) -> Working:
    return text_of(result, "commission_kept", lang), (
        "commission.refund_kept_rate",
        "commission.refund_kept_cap",
    )


def _tax_factor(key: str) -> Callable[[Result, Lang], Working]:
    def work(result: Result, lang: Lang) -> Working:
        rate = likely(result.scenario.tax.tax_rate)
        inside = result.scenario.product.price_includes_tax
        shapes = {
            "consumer_factor": "1" if inside else f"1 + {rate:g}",
            "gross_factor": (
                "1"
                if result.scenario.tax.situation == "seller_remits" and inside
                else f"1 ÷ (1 + {rate:g})"
                if inside
                else "1"
            ),
            "output_tax_factor": f"{rate:g} ÷ (1 + {rate:g})" if inside else f"{rate:g}",
            "withheld_factor": f"{rate:g} ÷ (1 + {rate:g})" if inside else f"{rate:g}",
        }
        shapes["console_factor"] = shapes[
            (
                "gross_factor"
                if result.scenario.tax.situation == "outside_price"
                else "consumer_factor"
            )
        ]
        value = result.steady[key]
        plain = value in (0.0, 1.0) or result.scenario.tax.situation == "not_registered"
        shown = "" if plain else f"{shapes[key]} = "
        return shown + formats.number(value, 6), (
            "tax.situation",
            "tax.tax_rate",
            "product.price_includes_tax",
        )

    return work


def _media(
    result: Result, lang: Lang, kinds: tuple[str, ...] = ("cpc", "cpm", "orders")
) -> Working:
    paid = [
        c for c in result.scenario.channels if c.kind in kinds and result.channels[c.id]["spend"]
    ]
    parts = [
        f"{channel_name(result.scenario, c.id, lang)}"
        f" {formats.money(result.channels[c.id]['spend'], result.scenario.currency, lang)}"
        for c in paid
    ]
    inputs = {"orders": ("known_sales", "known_spend", "cost_per_order", "acos_rate")}
    return " + ".join(parts), tuple(
        f"channels.{c.id}.{name}" for c in paid for name in inputs.get(c.kind, ("budget",))
    )


def _media_of_orders(result: Result, lang: Lang) -> Working:
    """Show what goes with the orders of each channel: its spend less what is typed for the month."""
    along = {
        c.id: (result.channels[c.id]["spend"] or 0.0) - likely(c.known_spend)
        for c in result.scenario.channels
        if c.kind == "orders" and (likely(c.cost_per_order) or likely(c.acos_rate))
    }
    parts = [
        f"{channel_name(result.scenario, key, lang)}"
        f" {formats.money(spent, result.scenario.currency, lang)}"
        for key, spent in along.items()
    ]
    return " + ".join(parts), tuple(
        f"channels.{key}.{name}"
        for key in along
        for name in ("known_sales", "cost_per_order", "acos_rate")
    )


def _duties(key: str) -> Callable[[Result, Lang], Working]:
    """Return what shows the layers of duty that a sum is made of, each with its name."""

    def work(result: Result, lang: Lang) -> Working:
        layers = result.scenario.tax.duty_layers
        if key == "duty_fixed":
            parts = [
                f"{layer_words(layer.name, lang) or '–'}"
                f" {formats.money(layer.per_unit, result.scenario.currency, lang)}"
                for layer in layers
                if layer.per_unit
            ]
        else:
            base = "customs" if key == "duty_added" else "sale"
            parts = [
                f"{layer_words(layer.name, lang) or '–'} {formats.percent(layer.rate, 2)}"
                for layer in layers
                if layer.base == base and layer.rate
            ]
        return " + ".join(parts), ("tax.duty_layers",)

    return work


def _of_fields(*paths: str) -> Callable[[Result, Lang], Working]:
    return lambda _result, _lang: ("", paths)


def _typed_shares(result: Result, lang: Lang) -> Working:
    paths = tuple(
        f"channels.{c.id}.tacos_rate" for c in result.scenario.channels if c.kind == "orders"
    )
    return text_of(result, "sales_ad_rate", lang), paths


def _converted_at(result: Result, lang: Lang) -> Working:
    bank, rate = result.scenario.payment.bank_rate, result.scenario.fx_rate
    if bank is None:
        return text_of(result, "fx_loss", lang), ("payment.fx_spread",)
    return f"1 − {likely(bank):g} ÷ {likely(rate):g} = {text_of(result, 'fx_loss', lang)}", (
        "payment.bank_rate",
        "fx_rate",
    )


_WORKINGS: dict[str, Callable[[Result, Lang], Working]] = {
    "impressions": lambda r, lang: _by_channel(r, lang, "impressions", _traffic_inputs),
    "clicks": lambda r, lang: _by_channel(r, lang, "clicks", _traffic_inputs),
    "visits": lambda r, lang: _by_steps(r, lang, "visits", _landing, None),
    "carts": lambda r, lang: _by_channel(
        r, lang, "carts", lambda kind: ("channel_add_to_cart_rate",)
    ),
    "first_orders": lambda r, lang: _by_steps(r, lang, "orders", _to_order, None),
    "paid_channel_orders": lambda r, lang: _by_steps(r, lang, "orders", _to_order, ("cpc", "cpm")),
    "affiliate_orders": lambda r, lang: _by_steps(r, lang, "orders", _to_order, ("share",)),
    "affiliate_due": lambda r, lang: _by_channel(
        r, lang, "orders", lambda kind: ("affiliate_rate",), ("share",)
    ),
    "paid_clicks": lambda r, lang: _by_channel(r, lang, "clicks", _traffic_inputs, ("cpc", "cpm")),
    "paid_impressions": lambda r, lang: _by_channel(
        r, lang, "impressions", _traffic_inputs, ("cpc", "cpm")
    ),
    "media_spend": _media,
    "media_of_orders": _media_of_orders,
    "list_cost": lambda r, lang: _by_channel(
        r, lang, "impressions", lambda kind: ("impressions", "send_cost"), ("list",)
    ),
    "product_views": lambda r, lang: _by_channel(r, lang, "visits", lambda kind: ()),
    "checkouts": lambda r, lang: _by_channel(r, lang, "carts", lambda kind: ()),
    **{key: _duties(key) for key in ("duty_added", "duty_on_sale", "duty_fixed")},
    "entry_fee_cap": _of_fields("tax.entry_fee_maximum"),
    "fulfilment_tax": _of_fields("tax.tax_on_fulfilment", "tax.tax_on_fees"),
    "ads_tax": _of_fields("tax.tax_on_ads", "tax.tax_on_fees"),
    "fx_loss": _converted_at,
    "fx_on_gross": _of_fields("payment.fx_on"),
    "sales_ad_rate": _typed_shares,
    "ltv_unlimited": lambda r, lang: (
        text_of(r, "ltv_unlimited", lang),
        (r.scenario.customers.ltv_basis, *_coming_back(r), "customers.ltv_discount"),
    ),
    "new_customers": _new_customers,
    "repeat_orders": _repeat,
    "ltv": _ltv,
    "payback_months": _payback,
    "commission_percentage": _commission,
    "commission_fixed": _commission_fixed,
    "commission_base": _commission_base,
    "commission_kept": _kept,
    **{
        key: _tax_factor(key)
        for key in (
            "consumer_factor",
            "gross_factor",
            "output_tax_factor",
            "withheld_factor",
            "console_factor",
        )
    },
    "aov_boost": lambda r, lang: (text_of(r, "aov_boost", lang), ("effect.effect_aov",)),
}
