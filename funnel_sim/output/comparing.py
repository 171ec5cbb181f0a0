"""Scenarios side by side in words: what each changes, its figures, and the difference on the same draws."""

from collections.abc import Sequence
from typing import Any

from funnel_sim.errors import InputError
from funnel_sim.inputs.links import differences
from funnel_sim.inputs.quantity import is_range, likely
from funnel_sim.inputs.scenario import Scenario, spec_of
from funnel_sim.model.economics import Result
from funnel_sim.output import formats
from funnel_sim.output.chances import input_name
from funnel_sim.output.explain import name_of, text_of, unit_of
from funnel_sim.output.tables import Row
from funnel_sim.words import Lang, say

FIGURES: tuple[str, ...] = (
    "gmv",
    "net_revenue",
    "cm3",
    "profit",
    "margin",
    "order_profit",
    "paid_orders",
    "aov",
    "roas",
    "acos",
    "cac",
    "ltv",
    "ltv_cac",
    "break_even_acos",
)
"""Figures of the steady month that stand side by side."""
_LONGEST = 40


def shown_value(scenario: Scenario, path: str, value: Any, lang: Lang) -> str:
    """Return the value of one field as people read it."""
    if value is None:
        return formats.NOTHING
    spec = spec_of(path)
    if isinstance(value, bool):
        return say(lang, "compare.yes" if value else "compare.no")
    if isinstance(value, (int, float)) or is_range(value):
        if spec is None:
            return f"{likely(value):g}"
        return formats.field(likely(value), spec.unit, scenario.currency, scenario.cost_currency, lang)
    if spec is not None and isinstance(value, str) and value in spec.choices:
        return spec.choices[value].of(lang)
    if isinstance(value, list):
        return say(lang, "compare.rows", count=len(value))
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def change_rows(base: Scenario, others: Sequence[Scenario], lang: Lang) -> list[Row] | None:
    """Return one row for each field in which any scenario differs from the base: its value in the base, and in those that differ; None where channels are not the same."""
    changed: dict[str, dict[int, Any]] = {}
    for index, other in enumerate(others):
        found = differences(other, base)
        if found is None:
            return None
        for path in found:
            changed.setdefault(path, {})[index] = None
    rows = []
    for path, which in changed.items():
        if path in ("name", "options", "kpis", "shocks"):
            continue
        cells = [shown_value(base, path, _get(base, path), lang)]
        cells += [shown_value(other, path, _get(other, path), lang) if index in which else "" for index, other in enumerate(others)]
        rows.append(Row("", _name(base, path, lang), tuple(cells)))
    for group in ("options", "kpis", "shocks"):
        if group in changed:
            counts = [say(lang, "compare.rows", count=len(getattr(one, group))) for one in (base, *others)]
            spec = spec_of(group)
            cells = [counts[0], *(count if index in changed[group] else "" for index, count in enumerate(counts[1:]))]
            rows.append(Row("", spec.label.of(lang) if spec else group, tuple(cells)))
    return rows


def _get(scenario: Scenario, path: str) -> Any:
    try:
        return scenario.get(path)
    except InputError:
        return None


def _name(scenario: Scenario, path: str, lang: Lang) -> str:
    if "." in path:
        return input_name(scenario, path, lang)
    spec = spec_of(path)
    return spec.label.of(lang) if spec else path


def figure_rows(results: Sequence[Result], lang: Lang) -> list[Row]:
    """Return the figures of the steady month of each scenario, those of the others with their change against the first."""
    rows = []
    base = results[0]
    for key in FIGURES:
        cells = [text_of(base, key, lang)]
        for other in results[1:]:
            text, before, after = text_of(other, key, lang), base.steady.get(key), other.steady.get(key)
            if before is not None and after is not None and before != after and other.scenario.currency == base.scenario.currency:
                gap = formats.figure(after - before, unit_of(key), base.scenario.currency, base.scenario.cost_currency, lang)
                text = f"{text} ({'+' if after > before else ''}{gap})"
            cells.append(text)
        rows.append(Row("", name_of(key, lang), tuple(cells)))
    return rows
