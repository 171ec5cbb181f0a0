"""Scenarios side by side in words: what each changes, its figures, and the difference on the same
draws.
"""

from collections.abc import Sequence
from typing import Any

from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import value_text
from funnel_sim.output.words.chance import field_label, input_name
from funnel_sim.output.words.figure_names import told, unit_of
from funnel_sim.output.words.headlines import figure_name
from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.links import differences
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

FIGURES: tuple[str, ...] = (
    "gmv",
    "net_revenue",
    "cm3",
    "profit",
    "profit_after_work",
    "gross_margin",
    "margin",
    "roi_goods",
    "break_even_orders",
    "safety_margin",
    "order_profit",
    "paid_orders",
    "aov",
    "roas",
    "roas_console",
    "acos",
    "acos_console",
    "cac",
    "ltv",
    "ltv_cac",
    "break_even_acos",
)
"""Figures of the steady month that stand side by side."""
_LONGEST = 60


def shown_value(scenario: Scenario, path: str, value: Any, lang: Lang) -> str:
    """Return the value of one field as people read it.

    Args:
        path: of a field, "product.price" or "channels.ads.cpc".
        value: as the field keeps it, rates as fractions; None where it is empty.
    """
    spec = spec_of(path)
    if value is None or spec is None:
        return formats.NOTHING if value is None else str(value)
    text = value_text(scenario, path, spec, value, lang)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def change_rows(base: Scenario, others: Sequence[Scenario], lang: Lang) -> list[Row] | None:
    """Return one row for each field in which any scenario differs from the base: its value in the
    base, and in those that differ; None where channels are not the same.

    Args:
        others: the scenarios beside the base, in the order of the columns.
    """
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
        cells += [
            shown_value(other, path, _get(other, path), lang) if index in which else ""
            for index, other in enumerate(others)
        ]
        rows.append(Row("", _name(base, path, lang), tuple(cells)))
    for group in ("options", "kpis", "shocks"):
        if group in changed:
            rows += _member_rows(group, [base, *others], lang)
    return rows


def _member_rows(group: str, every: Sequence[Scenario], lang: Lang) -> list[Row]:
    """Return one row for each field in which a quote, a KPI or an event differs from the base's of
    the same id, and one for each that only some have.
    """
    rows = []
    there = [{one.id: one for one in getattr(scenario, group)} for scenario in every]
    for name in dict.fromkeys(name for members in there for name in members):
        known = [members.get(name) for members in there]
        title = _member_name(
            next(one for one in known if one is not None),
            next(s for s, one in zip(every, known, strict=True) if one is not None),
            lang,
        )
        if any(one is None for one in known):
            rows.append(
                Row(
                    "",
                    title,
                    tuple(
                        say(lang, "compare.no" if one is None else "compare.yes") for one in known
                    ),
                )
            )
        present = [one for one in known if one is not None]
        for field in type(present[0]).model_fields:
            values = [None if one is None else getattr(one, field) for one in known]
            base = values[0] if known[0] is not None else getattr(present[0], field)
            if field == "id" or all(
                one is None or value == base for one, value in zip(known, values, strict=True)
            ):
                continue
            path = f"{group}.{name}.{field}"
            cells = [
                (
                    ""
                    if one is None or (index and value == base)
                    else shown_value(scenario, path, value, lang)
                )
                for index, (one, value, scenario) in enumerate(
                    zip(known, values, every, strict=True)
                )
            ]
            rows.append(Row("", f"{title} · {field_label(path, lang)}", tuple(cells)))
    return rows


def _member_name(member: Any, scenario: Scenario, lang: Lang) -> str:
    if isinstance(member, Option):
        return option_name(member, lang)
    if isinstance(member, Kpi):
        return kpi_text(member, scenario, lang)
    return input_name(scenario, f"shocks.{member.id}", lang)


def _get(scenario: Scenario, path: str) -> Any:
    try:
        return scenario.get(path)
    except InputError:
        return None


def _name(scenario: Scenario, path: str, lang: Lang) -> str:
    if "." in path:
        return input_name(scenario, path, lang)
    return field_label(path, lang)


def figure_rows(results: Sequence[Result], lang: Lang) -> list[Row]:
    """Return the figures of the steady month of each scenario, those of the others with their
    change against the first.

    Args:
        results: one a scenario, the base first.
    """
    rows = []
    base = results[0]
    for key in (
        one
        for one in FIGURES
        if one != "profit_after_work" or any(result.steady["own_work"] for result in results)
    ):
        cells = [told(base, key, lang)]
        for other in results[1:]:
            text, before, after = (
                told(other, key, lang),
                base.steady.get(key),
                other.steady.get(key),
            )
            mine, theirs = base.scenario.shown, other.scenario.shown
            if after is not None and unit_of(key) == "money":
                after *= theirs.rate / mine.rate  # each at its own rate of today
            gap = formats.change(
                before, after, unit_of(key), mine, base.scenario.cost_currency, lang
            )
            comparable = theirs == mine
            if comparable and gap != formats.NOTHING:
                text = say(lang, "compare.with_change", text=text, change=gap)
            cells.append(text)
        rows.append(Row("", figure_name(key, base.scenario, lang), tuple(cells)))
    return rows
