"""The sheet of inputs: every field of a scenario with its label, its value in the unit people read,
and a named cell; and the assumption ledger.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel

from funnel_sim.decisions.economics.whose import not_typed
from funnel_sim.model.written import Named, same, when
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import currency_of, value_text
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.output.words.kpi import metric_name, metric_unit
from funnel_sim.output.workbook.cells import CellPlace, Sheet, plain_name
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.reference.preset_cards import material_words
from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.fields import Section, Spec, Unit
from funnel_sim.scenario.kpi_metrics import OPERATIONAL
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.paths import LISTS, SECTIONS, field_paths, specs_of
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused
from funnel_sim.words import Lang, say

_LABEL, _VALUE, _UNIT, _NAME, _NOTE, _HELP = range(6)
_SWITCH = "switch"
_HAIR = 1e-9
_LOOKS = {
    Unit.MONEY: "money",
    Unit.COST_MONEY: "money",
    Unit.CONTRACT_MONEY: "money",
    Unit.RATE: "rate",
}


@dataclass(frozen=True)
class InputEntry:
    """One input: its path (that of its field for a row of a list), its label, its content, unit,
    look and help.
    """

    path: str
    field: str
    label: str
    content: float | str | None
    unit: str
    look: str
    help: str
    ranged: str = ""
    bounds: tuple[float | None, float | None] = (None, None)


@dataclass
class Inputs:
    """The inputs of a workbook: their sheet, and the name and the place of each by its path."""

    scenario: Scenario
    lang: Lang
    sheet: Sheet
    named: dict[str, Named] = field(default_factory=dict)
    places: dict[str, CellPlace] = field(default_factory=dict)
    entries: list[InputEntry] = field(default_factory=list)

    def __post_init__(self) -> None:
        lang, sheet = self.lang, self.sheet
        sheet.put(0, 0, sheet.title, "title")
        sheet.put(1, 0, say(lang, "workbook.inputs_lead"), "lead")
        for column, key in enumerate(("input", "value", "unit", "cell", "note", "meaning")):
            sheet.put(2, column, say(lang, f"workbook.head_{key}"), "head")
        sheet.freeze, sheet.widths = (
            (3, 1),
            {_LABEL: 46, _VALUE: 20, _UNIT: 16, _NAME: 38, _NOTE: 60, _HELP: 90},
        )
        row, group = 3, None
        for one in _entries(self.scenario, lang):
            if _group(self.scenario, one.path, lang) != group:
                group = _group(self.scenario, one.path, lang)
                sheet.put(row, 0, group, "group")
                row += 1
            self._write(row, one)
            row += 1

    def _write(self, row: int, one: InputEntry) -> None:
        name, known = plain_name(one.path), self.sheet.names
        taken = {key.lower() for key in known}
        while name.lower() in taken:
            name += "_"
        self.sheet.put(row, _LABEL, one.label)
        place = self.sheet.put(row, _VALUE, one.content, one.look)
        self.sheet.put(row, _UNIT, one.unit, "quiet")
        self.sheet.put(row, _NAME, name, "quiet")
        self.sheet.put(row, _HELP, one.help, "quiet")
        self.sheet.name(name, (row, _VALUE))
        self.entries.append(one)
        self.places[one.path] = place
        if isinstance(one.content, float):
            self.named[one.path] = Named(name, one.content)

    def number(self, path: str) -> Named | None:
        """Return the named cell of a number, None where the field is empty."""
        return self.named.get(path)

    def sure(self, path: str) -> Named:
        """Return the named cell of a number that is there."""
        return self.named[path]

    def listed(self, path: str) -> list[Named]:
        """Return the named cells of a list of numbers."""
        values = self.scenario.get(path)
        return [self.named[f"{path}.{place}"] for place in range(1, len(values) + 1)]

    def close(self, used: set[str]) -> None:
        """Colour the cells that a formula reads, and say of the others why none does."""
        for one in self.entries:
            place = self.places[one.path]
            name = str(self.sheet.cells[place.row, _NAME][0])
            dead = not one.path.startswith("options.") and unused(self.scenario, one.field)
            if name in used and not dead:
                self.sheet.put(place.row, _VALUE, one.content, f"input {one.look}")
                if one.look == _SWITCH:
                    self.sheet.lists[place.row, _VALUE] = ["0", "1"]
                elif isinstance(one.content, float):
                    self.sheet.bounds[place.row, _VALUE] = one.bounds
                note = one.ranged and say(self.lang, "workbook.note_range", range=one.ranged)
                note = say(self.lang, "workbook.note_switch") if one.look == _SWITCH else note
            else:
                why = "dead" if dead and name in used else _why(self.scenario, one)
                note = say(self.lang, f"workbook.note_{why}")
            self.sheet.put(place.row, _NOTE, note, "quiet")


_ELSEWHERE = ("chance", "shocks", "promise", "verdicts", "history", "comparison", "cash", "budget")
_LABELS_ONLY = ("name", "preset", "as_of", "platform", "market", "category")
_OF_FEES = ("fee_currency", "share", "baseline", "clawback", "instalments", "extras", "trial_base")
_NO_STRUCTURE = (
    "says_yes",
    "says_no",
    "name",
    "compared",
    "claimed",
    "effect",
    "ramp",
    "delay",
    "half_life",
)


def _why(scenario: Scenario, one: InputEntry) -> str:
    """Return why no formula reads an input: a label, another part of the product, left empty, or
    fixed in the file.
    """
    group, name = one.path.split(".")[0], one.field.rpartition(".")[2]
    if one.path in _LABELS_ONLY or (name == "name" and group in LISTS):
        return "label"
    if group in _ELSEWHERE or (group == "options" and name in _NO_STRUCTURE):
        return "elsewhere"
    if one.content is None:
        return "empty"
    if group == "options" and not name.startswith(_OF_FEES):
        return "elsewhere"
    written = (
        isinstance(one.content, str) or one.look == _SWITCH or group in ("plan", "kpis", "options")
    )
    by_values = scenario.customers.retention == "bgnbd" and name.startswith(
        ("bgnbd", "repeat_interval")
    )
    return "fixed" if written or by_values else "unread"


def _group(scenario: Scenario, path: str, lang: Lang) -> str:
    head, *rest = path.split(".")
    if head == "channels":
        return f"{say(lang, 'workbook.group_channel')}: {channel_name(scenario, rest[0], lang)}"
    if head == "options":
        option = next(one for one in scenario.options if one.id == rest[0])
        return f"{say(lang, 'workbook.group_option')}: {option_name(option, lang)}"
    if head == "kpis":
        return (
            f"{say(lang, 'workbook.group_kpi')}:"
            f" {metric_name(next(k for k in scenario.kpis if k.id == rest[0]).metric, lang)}"
        )
    if head == "shocks":
        return f"{say(lang, 'workbook.group_shock')}: {rest[0]}"
    return say(lang, f"workbook.group_{head if head in SECTIONS else 'general'}")


def _entries(scenario: Scenario, lang: Lang) -> Iterator[InputEntry]:
    for path, spec in field_paths(scenario):
        value = scenario.get(path)
        if isinstance(value, list):
            yield from _rows(scenario, path, spec, value, lang)
        else:
            yield _entry(scenario, path, path, spec.label.of(lang), spec, value, lang)


def _rows(
    scenario: Scenario, path: str, spec: Spec, values: list[Any], lang: Lang
) -> Iterator[InputEntry]:
    for place, value in enumerate(values, 1):
        where, label = f"{path}.{place}", f"{spec.label.of(lang)} · {_nth(path, place, lang)}"
        if not isinstance(value, BaseModel):
            numbers = isinstance(value, (int, float))
            one = (
                Spec(unit=Unit.FACTOR, zh="", en="") if numbers and spec.unit is Unit.TEXT else spec
            )
            yield _entry(scenario, where, path, label, one, value, lang)
            continue
        known = specs_of(type(value)) if isinstance(value, Section) else {}
        for name in type(value).model_fields:
            one = known.get(name) or _bound_of(path, name)
            if isinstance(value, Reward) and name == "amount" and value.form != "fixed":
                one = replace(one, unit=Unit.RATE)
            own = one.label.of(lang) or say(lang, f"workbook.part_{name}")
            held = getattr(value, name)
            yield _entry(scenario, f"{where}.{name}", path, f"{label} · {own}", one, held, lang)


def _bound_of(path: str, name: str) -> Spec:
    """Return the declaration of what lists hold beside their declared fields: bounds and names."""
    return Spec(unit=Unit.MONEY if name == "upto" else Unit.TEXT, zh="", en="")


def _nth(path: str, place: int, lang: Lang) -> str:
    return formats.month_name(place, lang) if path == "plan.season" else str(place)


def _entry(
    scenario: Scenario, path: str, of: str, label: str, spec: Spec, value: Any, lang: Lang
) -> InputEntry:
    ranged = value_text(scenario, path, spec, value, lang) if is_range(value) else ""
    unit, look = _unit(scenario, path, spec, lang), _LOOKS.get(spec.unit, "plain")
    content: float | str | None
    if isinstance(value, bool):
        content, look = float(value), _SWITCH
    elif value is None:
        content = None
    elif isinstance(value, (int, float)) or is_range(value):
        content = float(point_value(value))
        look = _kpi_look(scenario, path) or look
    else:
        named = {
            "market": country_words(scenario.market),
            "category": category_words(scenario.platform, scenario.category),
        }
        named["product.material"] = material_words(scenario.product.material)
        text = named[path].of(lang) if path in named else str(value)
        content, look = (
            (spec.choices[text].of(lang) if text in spec.choices else text) or None,
            "text",
        )
    return InputEntry(
        path,
        of,
        label,
        content,
        unit if isinstance(content, float) and look != _SWITCH else "",
        look,
        spec.help.of(lang),
        ranged,
        _domain(spec),
    )


def _domain(spec: Spec) -> tuple[float | None, float | None]:
    """Return the least and the greatest number that a field takes; an open end is a hair inside."""
    low = spec.at_least if spec.above is None else spec.above + _HAIR
    high = spec.at_most if spec.below is None else spec.below - _HAIR
    return low, high


def _kpi_look(scenario: Scenario, path: str) -> str:
    """Return how a target or a baseline of a KPI is shown: in the unit of its metric."""
    group, *rest = path.split(".")
    if group != "kpis" or rest[1] not in ("target", "baseline"):
        return ""
    kpi = next(one for one in scenario.kpis if one.id == rest[0])
    if rest[1] == "target" and kpi.relative:
        return "rate"
    unit = metric_unit(kpi.metric)
    return unit if unit in ("money", "rate") and kpi.metric not in OPERATIONAL else ""


def _unit(scenario: Scenario, path: str, spec: Spec, lang: Lang) -> str:
    look = _kpi_look(scenario, path)
    if look:
        return scenario.currency if look == "money" else "%"
    currency = currency_of(scenario, path, spec)
    if currency:
        return currency
    match spec.unit:
        case Unit.RATE:
            return "%"
        case Unit.TEXT:
            return ""
        case _:
            return say(lang, f"workbook.unit_{spec.unit.value}")


# ---- the assumption ledger
# ---------------------------------------------------------------------------------


def _source(known: Provenance, lang: Lang) -> str:
    """Return where a figure comes from; notes are written in English and stay in English files."""
    if lang == "en":
        return f"{known.source} {known.note}".strip()
    return formats.NOTHING if known.evidence == "assumed" else known.source


def _untouched(scenario: Scenario, path: str) -> bool:
    """Return whether a field of a quote, a KPI or an event stands at its neutral default: nobody
    typed it.
    """
    group, *rest = path.split(".")
    if group not in ("kpis", "options", "shocks") or len(rest) != 2:
        return False
    member = next(one for one in getattr(scenario, group) if one.id == rest[0])
    declared = type(member).model_fields[rest[1]]
    return not declared.is_required() and bool(
        getattr(member, rest[1]) == declared.get_default(call_default_factory=True)
    )


EDITED = 10
"""The column of the ledger that says which inputs were changed in the file."""


def assumptions(inputs: Inputs, sheet: Sheet) -> None:
    """Fill the assumption ledger: every input with its value, unit, source, date, evidence, whether
    that is weak, and whether it was changed.
    """
    lang, scenario = inputs.lang, inputs.scenario
    sheet.put(0, 0, sheet.title, "title")
    sheet.put(1, 0, say(lang, "workbook.assumptions_lead"), "lead")
    heads = (
        "input",
        "value",
        "unit",
        "comes",
        "source",
        "date",
        "evidence",
        "weak",
        "changed",
        "preset_value",
        "edited",
    )
    for column, key in enumerate(heads):
        sheet.put(2, column, say(lang, f"workbook.head_{key}"), "head")
    sheet.freeze, sheet.widths = (
        (3, 1),
        {0: 54, 1: 18, 2: 12, 3: 18, 4: 70, 5: 12, 6: 20, 7: 10, 8: 18, 9: 18, 10: 24},
    )
    derived = not_typed(scenario)
    for row, one in enumerate(inputs.entries, 3):
        origin = origin_of(scenario, one.field)
        known = origin.provenance
        group = _group(scenario, one.path, lang)
        sheet.put(row, 0, f"{group} · {one.label}")
        sheet.put(
            row,
            1,
            inputs.places[one.path] if one.content is not None else formats.NOTHING,
            one.look,
        )
        sheet.put(row, 2, one.unit, "quiet")
        empty = _untouched(scenario, one.field)
        kind = "default" if empty else derived.get(one.field, origin.kind)
        sheet.put(row, 3, say(lang, f"origin.{kind}"))
        sheet.put(row, 4, _source(known, lang) if known else formats.NOTHING)
        sheet.put(row, 5, known.start.isoformat() if known and known.start else formats.NOTHING)
        sheet.put(row, 6, say(lang, f"evidence.{known.evidence}") if known else formats.NOTHING)
        sheet.put(
            row, 7, say(lang, "word.yes" if known.weak else "word.no") if known else formats.NOTHING
        )
        changed = origin.kind == "yours" and bool(scenario.preset)
        added = changed and one.field.split(".")[0] in ("kpis", "options", "shocks")
        word = (
            "added"
            if added
            else "changed"
            if changed
            else "unchanged"
            if scenario.preset
            else "no_preset"
        )
        sheet.put(row, 8, formats.NOTHING if empty else say(lang, f"workbook.{word}"))
        if isinstance(one.content, float):
            here = same(inputs.places[one.path], one.content)
            sheet.put(row, EDITED, when(here, formats.NOTHING, say(lang, "workbook.edited")))
        before: Any = origin.preset_value
        numeric = not isinstance(before, bool) and (
            isinstance(before, (int, float)) or is_range(before)
        )
        sheet.put(
            row,
            9,
            float(point_value(before)) if numeric and one.path == one.field else formats.NOTHING,
            one.look,
        )
