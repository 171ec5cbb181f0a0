"""Any figure, opened: its formula in words, the same with today's numbers, and what it came
from.
"""

from dataclasses import dataclass

from funnel_sim.model.economics import Result
from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.metrics import FORMULAS
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import (
    booked_text,
    channel_name,
    name_of,
    plain_name,
    rendered,
    symbols,
    text_of,
    why_none,
)
from funnel_sim.output.words.figure_workings import WORKINGS, coming_back
from funnel_sim.scenario.fields import Spec
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


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


def explain(result: Result, key: str, lang: Lang) -> Explanation:
    """Return how a figure of the steady month comes about, or why there is none.

    Args:
        key: the figure's key, "profit" or "roas@sales=all".

    Raises:
        KeyError: for an unknown figure.
    """
    name, value = name_of(key, lang), booked_text(result, key, lang)
    shown = text_of(result, key, lang)
    if key in FORMULAS:
        formula = FORMULAS[key]
        expression = formula.expression.removeprefix("1 * ")
        words = rendered(expression, lambda symbol: plain_name(symbol, lang))
        numbers = rendered(expression, lambda symbol: _bare(booked_text(result, symbol, lang)))
        operands = tuple(
            Operand(s, _path(s), plain_name(s, lang), booked_text(result, s, lang))
            for s in formula.operands
        )
        if (
            key == "repeat_rate" and result.scenario.customers.retention != "constant"
        ):  # it follows from how customers come back
            operands = tuple(
                _operand(result, path, lang)
                for path in dict.fromkeys((*coming_back(result), "customers.repeat_interval"))
            )
        notes = " ".join(
            part for part in (_none_sentence(result, key, lang), formula.note.of(lang)) if part
        )
        worked = f"{numbers} = {value}" + _turned(result, value, shown, lang)
        return Explanation(key, name, shown, words, worked, notes, operands)
    _, title, note = FUNNEL_WORDS[key]
    work = WORKINGS.get(key)
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
        return Operand(path, None, plain_name(path, lang), booked_text(result, path, lang))
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
