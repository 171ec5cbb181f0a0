"""Input widgets: each is seeded from the scenario, writes to it, and says where its value comes
from.

A widget's key holds page, language and revision, so a language switch or a newly opened scenario
seeds it anew and no selection is lost. A value that the scenario refuses stays in the widget with a
sentence under it; the scenario keeps the last good one.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import streamlit as st

from funnel_sim.decisions.economics.currencies import Which, contract_in, in_currency
from funnel_sim.errors import InputError, Problem
from funnel_sim.output.words import formats
from funnel_sim.output.words.codes import benchmark_words
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.reference.border import item_name
from funnel_sim.reference.preset_cards import material_words
from funnel_sim.reference.provenance import Provenance, first_source
from funnel_sim.scenario.converted import rate_between
from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.in_force import ADS_AS
from funnel_sim.scenario.moved_ranges import along
from funnel_sim.scenario.origins import Origin, is_chosen, origin_of, typical_of_field
from funnel_sim.scenario.paths import is_whole, may_vary, spec_of
from funnel_sim.scenario.preset_parts.trade import compliance_of
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.typed_numbers import typed_list
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import own_numbers, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets import ranges
from funnel_sim.ui.widgets.number import NumberKind, currency_of, number
from funnel_sim.units import PERCENT
from funnel_sim.words import Lang, say

_YOURS = ":green-badge[{}]"


def widget_key(path: str) -> str:
    """Return the key of a field's widget: new for every page, language and whole scenario.

    The same key on two pages would be two widgets of which the second finds the first's value gone.
    """
    page = tab.page
    return f"f:{page}:{state.lang()}:{tab.revision}:{path}"


def field(
    path: str,
    *,
    note: bool = True,
    ranged: bool = False,
    switched: Callable[[bool], None] | None = None,
) -> None:
    """Draw the widget of one field by its declaration, with its problem and its origin beneath;
    `ranged`: and its range; `switched`: what a switch does where more than its field changes.

    Args:
        path: of a field, "product.price" or "options.quote.base".
        note: whether its origin and its range stand beneath.
    """
    spec = spec_of(path)
    assert spec is not None, path
    value = state.scenario().get(path)
    if spec.choices:
        _choice(path, spec)
    elif isinstance(value, bool):
        _switch(path, spec, switched)
    elif path in ("currency", "cost_currency"):
        _currency("currency" if path == "currency" else "cost_currency", spec)
    elif spec.unit is Unit.TEXT:
        _text(path, spec)
    else:
        _number(path, spec)
        if ranged and may_vary(path):
            ranges.editor(path)
    _beneath(path, spec, note=note)


def label_words(path: str, lang: Lang) -> str:
    """Return a field's name without its unit.

    Args:
        path: of a field, "product.price" or "options.quote.base".
    """
    spec = spec_of(path)
    return spec.label.of(lang) if spec else path


def label_of(path: str, spec: Spec, scenario: Scenario, lang: Lang) -> str:
    """Return a field's label with its unit.

    Args:
        path: of a field, "product.price" or "options.quote.base".
    """
    words = {Unit.RATE: "%", Unit.MONTHS: say(lang, "economics.month_label")}
    unit = currency_of(path, spec, scenario) or words.get(spec.unit, "")
    if path == "fx_rate":
        unit = f"{scenario.cost_currency} / 1 {scenario.currency}"
    name = spec.label.of(lang)
    if path.startswith("channels.") and path.endswith(".known_sales"):
        channel = next(c for c in scenario.channels if f".{c.id}." in path)
        unit = unit or say(lang, f"known.unit_{channel.known_as}")
        several = len(scenario.channels) > 1
        sold = channel_name(scenario, channel.id, lang)
        name = say(lang, "known.of_channel", channel=sold) if several else name
    return f"{name} ({unit})" if unit and unit not in name else name


def kind_of(path: str, spec: Spec, scenario: Scenario) -> NumberKind:
    """Return what sort of number a field holds.

    Args:
        path: of a field, "product.price" or "options.quote.base".
    """
    whole = is_whole(path)
    few = 0 if spec.unit in (Unit.COUNT, Unit.MONTHS, Unit.DAYS) else None
    return NumberKind(spec.unit, currency_of(path, spec, scenario), whole, few)


def _number(path: str, spec: Spec) -> None:
    scenario, lang = state.scenario(), state.lang()
    raw = scenario.get(path)
    number(
        label_of(path, spec, scenario, lang),
        None if raw is None else point_value(raw),
        lambda value: number_changed(path, value),
        key=widget_key(path),
        kind=kind_of(path, spec, scenario),
        help_=spec.help.of(lang),
        place=path,
    )


def number_changed(path: str, value: float | None) -> bool:
    """Write a number that was typed, a range around it moved along; return whether it is taken.

    Args:
        path: of a field, "product.price" or "options.quote.base".
        value: as the field keeps it; None where it was emptied.
    """
    before = state.scenario().get(path)
    if value is not None and is_range(before) and state.change(path, along(path, before, value)):
        ranges.remember(path, before)
        ranges.forget(path)
        return True
    return state.change(path, value)


def _switch(path: str, spec: Spec, switched: Callable[[bool], None] | None) -> None:
    key = widget_key(path)
    if not tab.has(key):
        tab.put(key, bool(state.scenario().get(path)))
    st.toggle(
        spec.label.of(state.lang()),
        key=key,
        help=spec.help.of(state.lang()) or None,
        on_change=_raw_changed if switched is None else lambda: switched(bool(tab.typed(key))),
        args=(path, key) if switched is None else (),
    )


def _raw_changed(path: str, key: str) -> None:
    state.change(path, tab.typed(key))


def _choice(path: str, spec: Spec) -> None:
    key, lang = widget_key(path), state.lang()
    if not tab.has(key):
        tab.put(key, state.scenario().get(path))
    st.selectbox(
        spec.label.of(lang),
        list(spec.choices),
        key=key,
        help=spec.help.of(lang) or None,
        format_func=lambda code: spec.choices[code].of(lang) if code in spec.choices else str(code),
        on_change=lambda: choice_changed(path, key),
    )


def choice_changed(path: str, key: str) -> None:
    """Write a choice, and what it brings with it.

    Args:
        path: of a field, "product.price" or "options.quote.base".
        key: Streamlit's key of the widget.
    """
    value = tab.typed(key)
    changes: dict[str, Any] = {path: value}
    if path.endswith(".fee_currency"):
        _whole(path, lambda: contract_in(state.scenario(), path.split(".")[1], str(value)))
        return
    if path == "tax.situation" and value == "not_registered":
        changes["tax.import_tax_recoverable"] = False  # an unregistered seller recovers nothing
    if path == "commission.commission_mode" and value == "flat":
        changes["commission.tiers"] = [
            {"upto": None, "rate": state.scenario().commission.tiers[-1].rate}
        ]
    if path == "customers.retention":
        changes |= _first_guess(str(value))
    if (
        path.endswith(".kind")
        and value != "cpc"
        and state.scenario().get(path.replace(".kind", ".ctr")) is None
    ):
        changes[path.replace(".kind", ".ctr")] = 0.01
    state.change_all(changes, path)
    if len(changes) > 1:
        tab.revision += 1


def _first_guess(retention: str) -> dict[str, Any]:
    """Return what a way of coming back needs and is not given yet, so that it brings as many
    customers back as now, as a start.
    """
    c = state.scenario().customers
    p, interval = point_value(c.repeat_probability), c.repeat_interval
    if retention == "frequency" and c.orders_a_year is None:
        months = 12 - 1  # of one year, after that of the first order: p within one interval
        return {
            "customers.orders_a_year": round(1 + months * p / min(interval, months), 4),
            "customers.lifespan_years": 1.0,
        }
    if retention == "sbg" and c.sbg_alpha is None:
        return {
            "customers.sbg_alpha": 1.0,
            "customers.sbg_beta": round(max(0.01, p / max(1e-6, 1 - p)), 4),
        }  # β / (α + β) = p
    if retention == "bgnbd" and c.bgnbd_r is None:
        alpha = (
            interval / max(1e-6, (1 - p) ** -1 - 1) if p > 0 else 100.0 * interval
        )  # 1 − (α / (α + t)) = p with r = 1
        return {
            "customers.bgnbd_r": 1.0,
            "customers.bgnbd_alpha": round(alpha, 4),
            "customers.bgnbd_a": 1.0,
            "customers.bgnbd_b": 3.0,
        }
    if retention == "table" and not c.age_orders:
        return {
            "customers.age_orders": [
                round(p ** ((k + 1) / interval), 4) if (k + 1) % interval == 0 else 0.0
                for k in range(12)
            ]
        }
    return {}


def _text(path: str, spec: Spec) -> None:
    key = widget_key(path)
    if not tab.has(key):
        text = str(state.scenario().get(path))
        tab.put(key, material_words(text).of(state.lang()) if path == "product.material" else text)
    st.text_input(
        spec.label.of(state.lang()),
        key=key,
        help=spec.help.of(state.lang()) or None,
        on_change=_raw_changed,
        args=(path, key),
    )


def _currency(which: Which, spec: Spec) -> None:
    """Draw a currency: choosing another one changes its amounts and the exchange rate with it;
    where no rate is known, it is asked for.
    """
    key, lang, now = widget_key(which), state.lang(), state.scenario()
    if not tab.has(key):
        tab.put(key, str(now.get(which)))
    st.text_input(
        spec.label.of(lang),
        key=key,
        help=say(lang, "field.currency_help"),
        on_change=lambda: into_currency(which, str(tab.typed(key, ""))),
    )
    problem = state.problem_at(which)
    asked = (
        next((one for one in problem.problems if one.rule == "fx_unknown"), None)
        if problem is not None
        else None
    )
    if asked is None:
        return
    rate = widget_key(f"{which}.rate")
    rates: dict[str, float | None] = tab.rates_typed
    number(
        f"{asked.parts['other']} / 1 {asked.parts['one']}",
        rates.get(rate),
        lambda value: rates.update({rate: value}),
        key=rate,
        kind=NumberKind(digits=0, low=0.0),
    )
    st.button(
        say(lang, "field.convert"),
        key=widget_key(f"{which}.convert"),
        disabled=not rates.get(rate),
        on_click=lambda: into_currency(which, str(asked.value), rates.get(rate)),
    )


def into_currency(which: Which, typed: str, rate: float | None = None) -> None:
    """Convert what is in the costs' or the sales' currency into another one, and say by which rate.

    Args:
        typed: ISO code, as it was typed.
        rate: what one unit of the old currency is in the new one; None for the day's own.
    """
    code, before, lang = typed.strip().upper(), state.scenario(), state.lang()
    if _whole(which, lambda: in_currency(before, which, code, rate)) and code != before.get(which):
        told = say(
            lang,
            "field.converted",
            field=label_words(which, lang),
            one=before.get(which),
            other=code,
            rate=f"{rate or rate_between(before, before.get(which), code) or 1.0:.6g}",
        )
        state.notice("success", told)


def _whole(place: str, made: Callable[[], Scenario]) -> bool:
    """Put a scenario in place as a whole, of which several fields changed together; a refusal is
    remembered at `place`.
    """
    try:
        state.replace_whole(made())
    except InputError as error:
        state.refused(place, error)
        return False
    return True


def number_list(path: str) -> None:
    """Draw a field that is a list of numbers (season, budget plan) as one line of text."""
    spec, key, lang = spec_of(path), widget_key(path), state.lang()
    assert spec is not None
    if not tab.has(key):
        tab.put(key, "  ".join(f"{v:g}" for v in state.scenario().get(path)))

    def changed() -> None:
        state.change(path, typed_list(str(tab.typed(key, ""))))

    st.text_input(spec.label.of(lang), key=key, help=spec.help.of(lang), on_change=changed)
    _beneath(path, spec, note=True)


def in_percent(problem: Problem) -> Problem:
    """Return a problem with its value and its limits in percent, as the field is typed in."""

    def percent(value: object) -> object:
        try:
            return f"{float(str(value)) * PERCENT:g}%"
        except ValueError:
            return value

    parts = {
        name: percent(part) if name in ("limit", "least") else part
        for name, part in problem.parts.items()
    }
    return replace(problem, value=percent(problem.value), parts=parts)


def problem_beneath(path: str) -> None:
    """Draw why what was typed into a field is not taken, where it is not.

    Args:
        path: of a field, "product.price" or "options.quote.base".
    """
    spec, lang, problem = spec_of(path), state.lang(), state.problem_at(path)
    assert spec is not None, path
    if problem is not None:
        told = " ".join(
            (in_percent(one) if spec.unit is Unit.RATE else one).short(lang, path)
            for one in problem.problems
        )
        st.markdown(f":red[:material/error: {literal(told)} {say(lang, 'field.kept')}]")


def beneath(path: str, *, noted: bool) -> None:
    """Draw what stands below a number that another widget draws for a field: with notes its range
    and origin, in any case why it was refused.

    Args:
        path: of a field, "product.price" or "options.quote.base".
        noted: whether range and origin are drawn.
    """
    spec = spec_of(path)
    assert spec is not None, path
    if noted and may_vary(path):
        ranges.editor(path)
    _beneath(path, spec, note=noted)


def _beneath(path: str, spec: Spec, *, note: bool) -> None:
    lang, scenario = state.lang(), state.scenario()
    problem_beneath(path)
    if note:
        text = note_text(scenario, path, spec, lang)
        if text:
            st.caption(text)


def note_text(scenario: Scenario, path: str, spec: Spec, lang: Lang) -> str:
    """Return the line under a field: range, origin, typical range, and a warning outside it.

    Args:
        path: of a field, "product.price" or "options.quote.base".
    """
    value, parts = scenario.get(path), []
    origin = origin_of(scenario, path)
    derived = _not_typed(scenario, path) if origin.kind == "yours" else None
    text = say(lang, f"origin.{derived}") if derived else origin_text(origin, scenario, spec, lang)
    if text:
        parts.append(text)
    if path == "fixed.compliance_monthly" and origin.kind == "source":
        items = [
            item for item in compliance_of(scenario.preset, scenario.as_of) if item.monthly_typical
        ]
        parts += [
            f"{item_name(item, lang)}"
            f" {formats.whole_money(item.monthly_typical or 0.0, item.currency, lang)}"
            for item in items
        ]
    span = typical_of_field(scenario, path)
    if span is not None and value is not None:
        low = formats.field(span.low, spec.unit, scenario.currency, scenario.cost_currency, lang)
        high = formats.field(span.high, spec.unit, scenario.currency, scenario.cost_currency, lang)
        mark = evidence_mark(span.benchmark.provenance, scenario, lang)
        shown = (
            say(
                lang,
                "field.typical",
                low=low,
                high=high,
                who=benchmark_words(span.benchmark, scenario.market, lang),
            )
            + mark
        )
        if span.outside(point_value(value)):
            shown = f":orange[:material/warning: {shown} {say(lang, 'field.outside')}]"
        parts.append(shown)
    return " · ".join(parts).replace("$", "\\$")


def _not_typed(scenario: Scenario, path: str) -> str | None:
    orders = path.startswith("channels.") and path.endswith((".known_sales", *ADS_AS))
    return own_numbers.not_typed(scenario).get(path) if orders else None


def origin_text(origin: Origin, scenario: Scenario, spec: Spec, lang: Lang) -> str:
    """Return in short where a field's value comes from."""
    if origin.kind == "yours":
        known = isinstance(origin.preset_value, (int, float)) or is_range(origin.preset_value)
        if known and not isinstance(origin.preset_value, bool):
            before = formats.field(
                point_value(cast("Any", origin.preset_value)),
                spec.unit,
                scenario.currency,
                scenario.cost_currency,
                lang,
            )
            return (
                f"{_YOURS.format(say(lang, 'origin.yours'))}"
                f" {say(lang, 'origin.preset', value=before)}"
            )
        return _YOURS.format(say(lang, "origin.yours"))
    if origin.provenance is None:
        return ""
    if origin.kind == "assumed":
        note = (
            say(lang, "origin.chosen")
            if is_chosen(origin.provenance)
            else origin.provenance.note
            if lang == "en"
            else ""
        )
        return f":orange-badge[{say(lang, 'evidence.assumed')}]" + (f" {note}" if note else "")
    return source_text(origin.provenance, scenario, lang)


def source_text(provenance: Provenance, scenario: Scenario, lang: Lang) -> str:
    """Return a source in short: kind of evidence, date, address, and its weakness."""
    when = provenance.start.isoformat() if provenance.start else say(lang, "origin.undated")
    address = first_source(provenance.source)
    shown = (
        f"[{address.split('/')[2]}]({address})"
        if address.startswith("http") and address.count("/") > 1
        else literal(address)
    )
    return (
        f"{shown} · {when} · {say(lang, f'evidence.{provenance.evidence}')}"
        f"{evidence_mark(provenance, scenario, lang)}"
    )


def evidence_mark(provenance: Provenance, scenario: Scenario, lang: Lang) -> str:
    """Return the badges of a weak or an overdue source."""
    marks = ""
    if provenance.weak:
        marks += f" :orange-badge[{say(lang, 'evidence.weak')}]"
    if provenance.overdue(scenario.as_of):
        marks += f" :gray-badge[{say(lang, 'evidence.overdue')}]"
    return marks
