"""The assumption ledger: every input that is not at its neutral default, with value, unit, source,
date and evidence; and what stands behind the defaults used.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from funnel_sim.decisions.economics.whose import not_typed
from funnel_sim.errors import InputError
from funnel_sim.output.words import formats
from funnel_sim.output.words.explain import plain_value, tiers_text
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.output.words.kpi import metric_currency, metric_name, metric_unit
from funnel_sim.output.words.quote_usual import default_sentences
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.reference.preset_cards import material_words, preset_cards
from funnel_sim.reference.provenance import Provenance, first_source
from funnel_sim.reference.studies import Prior
from funnel_sim.scenario import alternatives, effects
from funnel_sim.scenario.chance import EFFECT_WORDS
from funnel_sim.scenario.fields import Section, Spec, Unit
from funnel_sim.scenario.origins import is_chosen, origin_of, range_assumed
from funnel_sim.scenario.paths import LISTS, SECTIONS, field_paths, spec_of
from funnel_sim.scenario.quantity import ends, is_range, point_value
from funnel_sim.scenario.quote_effect import SERVICE_WORDS, Service
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused
from funnel_sim.words import Lang, say

_NOT_INPUTS = frozenset({"schema_version", "name", "preset", "preset_hash"})
_IN_CLAUSES = frozenset({"share_tiers", "rewards", "instalments", "extras"})
_MOST_NUMBERS = 12
_PERCENT = 100.0


@dataclass(frozen=True)
class Assumption:
    """One input: its group and name, value and unit as text, where it comes from, since when, how
    well it is known, and whether it was changed from the preset; `point` the number alone where
    only it was typed, and the range is the preset's, moved along.

    `origin` is the key of scenario/origins.py; `source` empty where nobody but the reader or an
    assumption stands behind it; `before` the preset's value where it was changed.
    """

    path: str
    group: str
    name: str
    value: str
    unit: str
    origin: str
    source: str = ""
    since: str = ""
    evidence: str = ""
    weak: bool = False
    changed: bool = False
    before: str = ""
    point: str = ""

    @property
    def full_name(self) -> str:
        """The name, with that of its channel or row before it."""
        in_a_list = self.path.partition(".")[0] in LISTS
        return f"{self.group} · {self.name}" if in_a_list else self.name

    @property
    def shown(self) -> str:
        """The value as a reader wants it beside its name: a long count short, its unit once.

        >>> Assumption("a", "", "", "399.612676", "", "yours").shown
        '400'
        """
        if self.point:
            return self.point
        whole = re.fullmatch(r"-?\d[\d,]*\.\d{3,}", self.value) and self.unit not in ("%", "×")
        return formats.count(float(self.value.replace(",", ""))) if whole else self.value

    def told(self, lang: Lang) -> str:
        """Return where it comes from in a few words: whose number, or what kind of evidence."""
        if self.origin in ("funnel", "split"):
            return say(lang, f"origin.{self.origin}")
        if self.origin == "yours":
            told = (
                say(lang, "report.yours_was", before=self.before)
                if self.before
                else say(lang, "origin.yours")
            )
            assumed = say(lang, "report.range_assumed", range=self.value) if self.point else ""
            return told + assumed
        return (
            say(lang, f"evidence.{self.evidence}") if self.evidence else say(lang, "report.chosen")
        )


def assumptions(scenario: Scenario, lang: Lang) -> list[Assumption]:
    """Return every input that is not at its neutral default, in the order of the inputs, then what
    defaults of effects and alternatives rest on.
    """
    out = [
        _assumption(scenario, path, spec, lang)
        for path, spec in field_paths(scenario)
        if _counts(scenario, path)
    ]
    derived = not_typed(scenario)
    out = [
        replace(one, origin=derived[one.path], before="") if one.path in derived else one
        for one in out
    ]
    return [*out, *_behind(scenario, lang)]


def assumption_at(scenario: Scenario, path: str, lang: Lang) -> Assumption:
    """Return one input, also one at its neutral default.

    Args:
        scenario: the store and its plan, as typed.
        path: of a field, "product.price" or "channels.ads.cpc".
        lang: language of the words.
    """
    spec = spec_of(path)
    assert spec is not None, path
    return _assumption(scenario, path, spec, lang)


def neutral(path: str, scenario: Scenario) -> bool:
    """Say whether a field stands at its neutral default.

    Args:
        path: of a field, "product.price" or "channels.ads.cpc".

    >>> from funnel_sim.scenario.presets import preset
    >>> (
    ...     neutral("product.price", preset("amazon-de-kitchen")),
    ...     neutral("effect.effect_cpc", preset("amazon-de-kitchen")),
    ... )
    (False, True)
    """
    parts = path.split(".")
    section: type[Section] = (
        Scenario
        if len(parts) == 1
        else LISTS[parts[0]]
        if parts[0] in LISTS
        else SECTIONS[parts[0]]
    )
    info = section.model_fields[parts[-1]]
    return not info.is_required() and scenario.get(path) == info.get_default(
        call_default_factory=True
    )


def _counts(scenario: Scenario, path: str) -> bool:
    group = path.partition(".")[0]
    idle = group != "options" and unused(scenario, path)
    return (
        path not in _NOT_INPUTS
        and path.rpartition(".")[2] not in ("id", "name")
        and not idle
        and not neutral(path, scenario)
    )


def _assumption(scenario: Scenario, path: str, spec: Spec, lang: Lang) -> Assumption:
    found = origin_of(scenario, path)
    source = found.provenance
    before = ""
    if found.kind == "yours" and found.preset_value is not None:
        before = _text(
            _before(scenario, path, found.preset_value), path, spec, found.preset_value, lang
        )
    value = _where(scenario, path, lang) or _text(scenario, path, spec, scenario.get(path), lang)
    made = Assumption(
        path,
        _group(scenario, path, lang),
        spec.label.of(lang),
        value,
        _unit(scenario, path, spec, lang),
        found.kind,
    )
    if range_assumed(scenario, path):
        alone = _text(scenario, path, spec, point_value(scenario.get(path)), lang)
        made = replace(made, point=alone)
    changed = found.kind == "yours" and bool(scenario.preset)
    return _with_source(
        made, source, lang, changed=changed, before="" if before == value else before
    )


def input_name(scenario: Scenario, path: str, lang: Lang) -> str:
    """Return the name of an input, with that of its channel or row before it.

    Args:
        path: of a field, "product.price" or "channels.ads.cpc".

    >>> from funnel_sim.scenario.presets import preset
    >>> input_name(preset("amazon-de-kitchen"), "product.unit_cost", "en")
    'Unit cost'
    """
    spec = spec_of(path)
    assert spec is not None, path
    name = spec.label.of(lang)
    in_a_list = path.partition(".")[0] in LISTS
    return f"{_group(scenario, path, lang)} · {name}" if in_a_list else name


def _before(scenario: Scenario, path: str, value: Any) -> Scenario:
    """Return the scenario with one field as its preset has it; the scenario itself where that does
    not fit the rest.
    """
    try:
        return scenario.replace({path: value})
    except InputError:
        return scenario


def _where(scenario: Scenario, path: str, lang: Lang) -> str:
    """Return market and category in words, nothing for other fields."""
    named = {
        "market": country_words(scenario.market),
        "category": category_words(scenario.platform, scenario.category),
    }
    return named[path].of(lang) if path in named else ""


def _with_source(
    made: Assumption,
    source: Provenance | None,
    lang: Lang,
    *,
    changed: bool = False,
    before: str = "",
) -> Assumption:
    parts = vars(made) | {"changed": changed, "before": before}
    if source is not None:
        parts |= {
            "evidence": source.evidence,
            "weak": source.weak or source.evidence in ("assumed", "claim"),
            "since": source.start.isoformat() if source.start else "",
            "source": (
                say(lang, "origin.chosen")
                if is_chosen(source)
                else ""
                if source.evidence == "assumed"
                else first_source(source.source)
            ),
        }
    return Assumption(**parts)


def _group(scenario: Scenario, path: str, lang: Lang) -> str:
    parts = path.split(".")
    match parts:
        case ["channels", name, _]:
            return say(
                lang,
                "report.group_of",
                group=say(lang, "report.group_channels"),
                name=channel_name(scenario, name, lang),
            )
        case ["shocks", name, _]:
            shock = next(one for one in scenario.shocks if one.id == name)
            return say(
                lang,
                "report.group_of",
                group=say(lang, "report.group_shocks"),
                name=shock.name or EFFECT_WORDS[shock.effect].of(lang),
            )
        case ["kpis", name, _]:
            kpi = next(one for one in scenario.kpis if one.id == name)
            return say(
                lang,
                "report.group_of",
                group=say(lang, "report.group_kpis"),
                name=metric_name(kpi.metric, lang),
            )
        case ["options", name, _]:
            return say(
                lang,
                "report.group_of",
                group=say(lang, "report.group_options"),
                name=alternatives.option_name(alternatives.option_of(scenario, name), lang),
            )
        case [_]:
            return say(lang, "report.group_store")
        case [section, *_]:
            return say(lang, f"report.group_{section}")
    raise KeyError(path)


def currency_of(scenario: Scenario, path: str, spec: Spec) -> str:
    """Return the currency of an amount, empty for what is none.

    Args:
        path: of a field, "product.price" or "channels.ads.cpc".
    """
    if spec.unit is Unit.CONTRACT_MONEY:
        option: Option = alternatives.option_of(scenario, path.split(".")[1])
        return option.currency(scenario)
    return {Unit.MONEY: scenario.currency, Unit.COST_MONEY: scenario.cost_currency}.get(
        spec.unit, ""
    )


def _kpi_unit(scenario: Scenario, path: str) -> str:
    """Return the unit of a KPI's target or baseline, its currency where it is money; empty for
    other fields.
    """
    parts = path.split(".")
    if parts[0] != "kpis" or parts[-1] not in ("target", "baseline"):
        return ""
    kpi = next(one for one in scenario.kpis if one.id == parts[1])
    if parts[-1] == "target" and kpi.relative:
        return "rate"
    unit = metric_unit(kpi.metric)
    return metric_currency(kpi.metric, scenario) if unit == "money" else unit


def _unit(scenario: Scenario, path: str, spec: Spec, lang: Lang) -> str:
    own = _kpi_unit(scenario, path)
    if currency_of(scenario, path, spec):
        return currency_of(scenario, path, spec)
    if own:
        return "%" if own == "rate" else own if own.isupper() else ""
    if isinstance(scenario.get(path), (str, bool, list, dt.date)):
        return ""
    return {
        Unit.RATE: "%",
        Unit.MONTHS: say(lang, "report.unit_months"),
        Unit.DAYS: say(lang, "report.unit_days"),
        Unit.FACTOR: say(lang, "report.unit_factor"),
        Unit.COUNT: say(lang, "report.unit_count"),
    }.get(spec.unit, "")


def _text(scenario: Scenario, path: str, spec: Spec, value: Any, lang: Lang) -> str:
    if path.startswith("options.") and path.rpartition(".")[2] in _IN_CLAUSES:
        return say(lang, "report.in_clauses")
    return value_text(scenario, path, spec, value, lang)


def value_text(scenario: Scenario, path: str, spec: Spec, value: Any, lang: Lang) -> str:
    """Return a field's value with the digits that were typed, in its currency or as a percentage; a
    range with its likely value first. One that was worked out is rounded (`formats.readable`).

    Args:
        path: of a field, "product.price" or "channels.ads.cpc".
        value: as the field keeps it, rates as fractions; None where it is empty.
    """
    if path == "commission.tiers" and value == scenario.commission.tiers:
        return tiers_text(scenario, lang)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return _list_text(value, lang)
    if path == "product.material":
        return material_words(str(value)).of(lang)
    if path.rpartition(".")[2] == "decided_by":
        kpi = next((one for one in scenario.kpis if one.id == value), None)
        return formats.NOTHING if kpi is None else metric_name(kpi.metric, lang)
    if path.startswith("kpis.") and path.endswith(".metric"):
        return metric_name(str(value), lang)
    if value is None or isinstance(value, (str, bool)):
        return plain_value(value, spec, lang)
    code, own = currency_of(scenario, path, spec), _kpi_unit(scenario, path)

    def show(number: float) -> str:
        if code or own.isupper():
            return formats.exact_money(formats.readable(number), code or own, lang)
        return (
            formats.exact_percent(formats.readable(number * _PERCENT) / _PERCENT)
            if spec.unit is Unit.RATE or own == "rate"
            else formats.exact(number)
        )

    if not is_range(value):
        return show(float(value)) if isinstance(value, (int, float)) else formats.NOTHING
    if ends(value):
        low, high = ends(value)
        return f"{show(point_value(value))} ({show(low)} – {show(high)})"
    spread = getattr(value, "sd", None)
    return (
        f"{show(point_value(value))} ± {show(spread)}"
        if spread is not None
        else f"{show(point_value(value))} ~"
    )


def _list_text(values: Sequence[Any], lang: Lang) -> str:
    """Return a list in one line: numbers as they are, rows as their numbers, one after another."""
    if not values:
        return formats.NOTHING
    out = []
    for one in values[:_MOST_NUMBERS]:
        if isinstance(one, BaseModel):
            parts = [value for value in one.model_dump().values() if value not in (None, "", False)]
            out.append(
                " / ".join(
                    (
                        formats.exact(v)
                        if isinstance(v, (int, float)) and not isinstance(v, bool)
                        else str(v)
                    )
                    for v in parts
                )
            )
        else:
            out.append(formats.exact(float(one)) if isinstance(one, (int, float)) else str(one))
    more = (
        say(lang, "report.and_more", count=len(values) - _MOST_NUMBERS)
        if len(values) > _MOST_NUMBERS
        else ""
    )
    return "; ".join(part for part in (*out, more) if part)


# ---- what stands behind defaults
# --------------------------------------------------------------------------------


def _behind(scenario: Scenario, lang: Lang) -> Iterator[Assumption]:
    """Yield the effect that is believed by default, and what the defaults of alternatives rest on,
    where they are used.
    """
    quoted = any(option.kind == "quote" and option.compared for option in scenario.options)
    if not (quoted or scenario.kpis):
        return
    group = say(lang, "report.group_effect_believed")
    services: list[Service] = [
        one
        for one in SERVICE_WORDS
        if any(
            option.service == one
            for option in scenario.options
            if option.kind == "quote" and option.compared
        )
    ]
    every: list[Service] = ["full", *(one for one in services if effects.has_own(one))]
    for service in every:
        place = "sceptical" if service == "full" else service
        for knot in effects.knots(service, scenario.as_of):
            name = say(lang, "report.knot", share=formats.exact_percent(knot.share))
            name = name if service == "full" else f"{name} · {SERVICE_WORDS[service].of(lang)}"
            yield _row(
                f"effects.{place}.{knot.share:g}",
                group,
                name,
                formats.signed_percent(knot.change),
                "%",
                knot.row,
                lang,
            )
    value, row = effects.claimed(scenario.as_of)
    yield _row(
        "effects.claimed",
        group,
        say(lang, "report.claimed_default"),
        formats.signed_percent(value),
        "%",
        row,
        lang,
    )
    if scenario.kpis:
        value, row = effects.real(scenario.as_of)
        yield _row(
            "effects.real",
            group,
            say(lang, "report.real_default"),
            formats.percent(value, 0),
            "%",
            row,
            lang,
        )
    if not quoted:
        return
    typed = {option.kind for option in scenario.options}
    kinds = [
        kind for kind in ("own_team", "flat_fee", "consultant", "tools") if kind not in typed
    ] + ["serving", "fading"]
    for text, basis in default_sentences(scenario, kinds, lang, services):
        name, _, shown = text.rpartition(": ")
        made = Assumption(
            f"alternatives.{basis.kind}.{basis.name}",
            say(lang, "report.group_alternatives"),
            name,
            shown,
            "",
            "assumed",
            evidence="assumed",
            weak=True,
        )
        yield made if basis.provenance is None else _with_source(made, basis.provenance, lang)


def _row(
    path: str, group: str, name: str, value: str, unit: str, row: Prior, lang: Lang
) -> Assumption:
    return _with_source(Assumption(path, group, name, value, unit, "source"), row.provenance, lang)


def preset_line(scenario: Scenario, lang: Lang) -> str:
    """Return the preset that a scenario started from, in words."""
    card = next((card for card in preset_cards() if card.id == scenario.preset), None)
    return (
        f"{card.platform} · {card.market} · {card.product.of(lang)}"
        if card
        else say(lang, "sheet.no_preset")
    )


def plain_address(text: str) -> str:
    """Return a source as it is printed: without what an address only needs for machines.

    >>> plain_address("https://www.example.org/a?b=1#:~:text=long")
    'www.example.org/a?b=1'
    """
    return re.sub(r"#:~:text=.*$", "", re.sub(r"^https?://", "", text)).rstrip("/")
