"""Figures that open: the strip of key figures, tables of figures, and the explanation behind each.

Both are small components of plain HTML: one element each (so a redraw costs little), readable by a
screen reader, and every figure is a button that asks for its explanation.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from funnel_sim.model.economics import Result
from funnel_sim.output.words.explain import explain, why_none
from funnel_sim.output.words.headlines import Ratio, beside, figure_name, shown
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.paths import spec_of
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session.state import home, lang
from funnel_sim.ui.widgets.fields import note_text
from funnel_sim.words import say

_STRIP_CSS = """
.strip { display: grid; grid-template-columns: repeat(auto-fit, minmax(118px, 1fr)); gap: 6px; padding: 10px 0 8px; font-family: var(--st-font); background: var(--st-background-color); }
button { all: unset; box-sizing: border-box; cursor: pointer; padding: 6px 10px; border: 1px solid var(--st-border-color); border-radius: 8px;
  background: var(--st-secondary-background-color); color: var(--st-text-color); min-width: 0; }
button:hover { border-color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.name { font-size: 12px; opacity: .8; display: block; line-height: 1.3; }
.value { font-size: 19px; font-weight: 600; display: block; line-height: 1.35; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.bad .value { color: #c2410c; } .dark .bad .value { color: #fb923c; }
.more { font-size: 11.5px; opacity: .75; display: block; line-height: 1.3; font-variant-numeric: tabular-nums; }
@media (max-width: 560px) { .strip { grid-template-columns: repeat(3, 1fr); gap: 4px; } .value { font-size: 14.5px; } button { padding: 3px 6px; } .name { font-size: 11px; } }
"""
_STRIP_JS = """export default function({data, parentElement, setTriggerValue}) {
  let root = parentElement.querySelector('.strip');
  if (!root) { root = document.createElement('div'); parentElement.appendChild(root); }
  // stays in view: the element's own box is made sticky below the app's header
  const box = (parentElement.host || parentElement).closest('.stElementContainer');
  if (box) Object.assign(box.style, {position: 'sticky', top: '3.75rem', zIndex: 90});
  root.className = 'strip ' + data.theme;
  root.setAttribute('role', 'group'); root.setAttribute('aria-label', data.label);
  const made = data.cards.map(c => {
    const b = document.createElement('button');
    b.className = c.tone; b.title = data.hint; b.dataset.figure = c.key;
    const n = document.createElement('span'); n.className = 'name'; n.textContent = c.name;
    const v = document.createElement('span'); v.className = 'value'; v.textContent = c.value;
    b.append(n, v);
    if (c.more) { const m = document.createElement('span'); m.className = 'more'; m.textContent = c.more; b.append(m); }
    b.onclick = () => setTriggerValue('opened', c.key + '|' + Date.now());
    return b;
  });
  root.replaceChildren(...made);
}"""
_strip = st.components.v2.component("funnel_sim_strip", css=_STRIP_CSS, js=_STRIP_JS)

_GROUPS_CSS = """
.groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(198px, 1fr)); gap: 8px; font-family: var(--st-font); color: var(--st-text-color); }
.group { border: 1px solid var(--st-border-color); border-radius: 8px; padding: 6px 10px; min-width: 0; }
h6 { font-size: 13px; font-weight: 600; margin: 0 0 2px; opacity: .85; }
button { all: unset; box-sizing: border-box; cursor: pointer; display: grid; grid-template-columns: 1fr auto; column-gap: 8px; width: 100%; padding: 2px 0; align-items: baseline; }
button:hover .name { color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.name { font-size: 13px; text-decoration: underline dotted; text-underline-offset: 3px; overflow-wrap: anywhere; }
.value { font-size: 15px; font-weight: 600; font-variant-numeric: tabular-nums; text-align: right; }
.more { grid-column: 1 / -1; text-align: right; font-size: 11.5px; opacity: .75; line-height: 1.2; font-variant-numeric: tabular-nums; }
.bad .value { color: #c2410c; } .dark .bad .value { color: #fb923c; }
"""
_GROUPS_JS = """export default function({data, parentElement, setTriggerValue}) {
  let root = parentElement.querySelector('.groups');
  if (!root) { root = document.createElement('div'); parentElement.appendChild(root); }
  root.className = 'groups ' + data.theme;
  root.setAttribute('role', 'group'); root.setAttribute('aria-label', data.label);
  root.replaceChildren(...data.groups.map(g => {
    const box = document.createElement('div'); box.className = 'group';
    const head = document.createElement('h6'); head.textContent = g.name; box.append(head);
    g.rows.forEach(r => {
      const b = document.createElement('button'); b.title = data.hint; b.dataset.figure = r.key; if (r.bad) b.className = 'bad';
      const n = document.createElement('span'); n.className = 'name'; n.textContent = r.name;
      const v = document.createElement('span'); v.className = 'value'; v.textContent = r.value;
      b.append(n, v);
      if (r.more) { const m = document.createElement('span'); m.className = 'more'; m.textContent = r.more; b.append(m); }
      b.onclick = () => setTriggerValue('opened', r.key + '|' + Date.now());
      box.append(b);
    });
    return box;
  }));
}"""
_groups = st.components.v2.component("funnel_sim_groups", css=_GROUPS_CSS, js=_GROUPS_JS)

_TABLE_CSS = """
h5 { font-size: 16px; font-weight: 600; margin: 0 0 6px; }
p { font-size: 13px; opacity: .75; margin: 8px 0 0; line-height: 1.5; }
.box { font-family: var(--st-font); color: var(--st-text-color); }
.wrap { overflow-x: auto; font-family: var(--st-font); color: var(--st-text-color); font-size: 14px; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 5px 8px; text-align: right; border-bottom: 1px solid var(--st-border-color); font-variant-numeric: tabular-nums; white-space: nowrap; }
th { font-weight: 600; opacity: .85; font-size: 13px; white-space: normal; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; white-space: normal; min-width: 116px; position: sticky; left: 0; background: var(--st-background-color); }
td.words { white-space: normal; text-align: left; min-width: 130px; } th.words { text-align: left; }
tr.total td { font-weight: 650; background: var(--st-secondary-background-color); }
tr.bad td:not(:first-child) { color: #c2410c; } .dark tr.bad td:not(:first-child) { color: #fb923c; }
button { all: unset; cursor: pointer; text-decoration: underline dotted; text-underline-offset: 3px; }
button:hover { color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
button.take { font-size: 12px; opacity: .7; margin-top: 4px; text-decoration: none; border: 1px solid var(--st-border-color); border-radius: 6px; padding: 1px 8px; }
button.take:hover { opacity: 1; }
@media (max-width: 560px) { .wrap { font-size: 13px; } th, td { padding: 4px 5px; } }
"""
_TABLE_JS = """export default function({data, parentElement, setTriggerValue}) {
  let box = parentElement.querySelector('.box');
  if (!box) { box = document.createElement('div'); parentElement.appendChild(box); }
  box.className = 'box ' + data.theme;
  const root = document.createElement('div');
  root.className = 'wrap';
  root.tabIndex = 0; root.setAttribute('role', 'region'); root.setAttribute('aria-label', data.label);
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  data.heads.forEach((h, i) => { const c = document.createElement('th'); c.scope = 'col'; c.textContent = h;
    if (data.words.includes(i)) c.className = 'words'; head.appendChild(c); });
  const body = table.createTBody();
  data.rows.forEach(r => {
    const row = body.insertRow(); row.className = r.kind + ' ' + r.tone;
    const first = row.insertCell();
    if (r.key) { const b = document.createElement('button'); b.textContent = r.name; b.title = data.hint; b.dataset.figure = r.key;
      b.onclick = () => setTriggerValue('opened', r.key + '|' + Date.now()); first.appendChild(b); }
    else first.textContent = r.name;
    r.cells.forEach((t, i) => { const c = row.insertCell(); c.textContent = t; if (data.words.includes(i + 1)) c.className = 'words'; });
  });
  root.appendChild(table);
  const parts = [root];
  if (data.title) { const h = document.createElement('h5'); h.textContent = data.title; parts.unshift(h); }
  const take = document.createElement('button'); take.className = 'take'; take.textContent = data.csv; take.title = data.csv_hint;
  take.onclick = () => {
    const safe = t => { const s = String(t); const risky = /^[=+@\\t\\r]/.test(s) || (/^-/.test(s) && !/^-[\\d.,%\\s\u2013-]*[^a-zA-Z(]*$/.test(s)); return '"' + (risky ? "'" : '') + s.replace(/"/g, '""') + '"'; };
    const lines = [data.heads, ...data.rows.map(r => [r.name, ...r.cells])].map(l => l.map(safe).join(','));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['\ufeff' + lines.join('\\r\\n') + '\\r\\n'], {type: 'text/csv;charset=utf-8'}));
    link.download = (data.title || data.label).replace(/[\\\\/:*?"<>|]+/g, ' ').trim() + '.csv';
    link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 5000);
  };
  parts.push(take);
  if (data.note) { const n = document.createElement('p'); n.textContent = data.note; parts.push(n); }
  box.replaceChildren(...parts);
}"""
_table = st.components.v2.component("funnel_sim_table", css=_TABLE_CSS, js=_TABLE_JS)


def theme() -> Any:
    """Return "light" or "dark", as the browser shows the app now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _ask(component_key: str) -> None:
    value = str(st.session_state[component_key].get("opened") or "")
    if "|" in value:
        explain_figure(value.split("|", maxsplit=1)[0])


def explain_figure(key: str) -> None:
    """Ask for the explanation of a figure; it opens at the end of this run."""
    st.session_state.explained = [key]
    st.session_state.explain_open = True


@dataclass(frozen=True)
class Card:
    """One key figure: `more` is a small second line, `tone` "bad" for a loss."""

    key: str
    name: str
    value: str
    tone: str = ""
    more: str = ""


def cards_strip(key: str, cards: Sequence[Card], opened: Callable[[str], None]) -> None:
    """Draw key figures that stay in view; a click on one calls `opened` with its key."""
    speech = lang()

    def asked() -> None:
        value = str(st.session_state[key].get("opened") or "")
        if "|" in value:
            opened(value.split("|", maxsplit=1)[0])

    data = {
        "cards": [asdict(card) for card in cards],
        "hint": say(speech, "strip.hint"),
        "label": say(speech, "strip.label"),
        "theme": theme(),
    }
    _strip(key=key, data=data, on_opened_change=asked)


def strip(result: Result, keys: Sequence[str] = ()) -> None:
    """Draw the key figures, in the order given; each opens its explanation."""
    speech = lang()
    cards = []
    for key in keys or ("order_profit", "profit", "margin", "cac", "ltv", "break_even_acos"):
        value = result.steady[key]
        name = (
            say(speech, "strip.month_profit")
            if key == "profit"
            else figure_name(key, result.scenario, speech)
        )
        tone = _tone(value) if key in ("order_profit", "profit", "margin") else ""
        cards.append(
            Card(
                key,
                name,
                shown(result, key, speech, home=home()),
                tone,
                why_none(result, key, speech) or beside(result, key, speech),
            )
        )
    cards_strip("strip", cards, explain_figure)


def ratio_groups(key: str, groups: Sequence[tuple[str, Sequence[Ratio]]], label: str) -> None:
    """Draw groups of figures in one compact block; a figure opens its explanation."""
    speech = lang()

    def asked() -> None:
        value = str(st.session_state[key].get("opened") or "")
        if "|" in value:
            explain_figure(value.split("|", maxsplit=1)[0])

    data = {
        "groups": [{"name": name, "rows": [asdict(one) for one in rows]} for name, rows in groups],
        "hint": say(speech, "strip.hint"),
        "label": label,
        "theme": theme(),
    }
    _groups(key=key, data=data, on_opened_change=asked)


def _tone(value: float | None) -> str:
    return "bad" if value is not None and value < 0 else ""


def figure_table(
    key: str,
    rows: Sequence[Row],
    heads: Sequence[str],
    label: str,
    *,
    words: Sequence[int] = (),
    title: str = "",
    note: str = "",
) -> None:
    """Draw rows of figures; a row's name opens its explanation.

    `label` names the table to a screen reader; `words` are the columns that hold sentences; `title`
    and `note` are drawn above and below, inside the same element.
    """
    data = {
        "rows": [
            {"key": r.key, "name": r.name, "cells": list(r.cells), "kind": r.kind, "tone": r.tone}
            for r in rows
        ],
        "heads": list(heads),
        "label": label,
        "words": list(words),
        "hint": say(lang(), "strip.hint"),
        "theme": theme(),
        "title": title,
        "note": note,
        "csv": say(lang(), "take.csv"),
        "csv_hint": say(lang(), "take.csv_hint"),
    }
    _table(key=key, data=data, on_opened_change=lambda: _ask(key))


def show_explanation(result: Result) -> None:
    """Open the explanation that was asked for in this run, if any."""
    if not st.session_state.pop("explain_open", False):
        return
    title = say(lang(), "explain.title")

    @st.dialog(title, width="medium")
    def dialog() -> None:
        _explanation(result)

    dialog()


def _explanation(result: Result) -> None:
    speech = lang()
    trail: list[str] = st.session_state.explained
    told = explain(result, trail[-1], speech)
    st.markdown(f"#### {told.name}: {literal(told.value)}")
    st.caption(say(speech, "explain.period"))
    if told.words:
        st.markdown(f"**{say(speech, 'explain.formula')}** {literal(told.words)}")
    if told.numbers:
        st.markdown(f"**{say(speech, 'explain.numbers')}** {literal(told.numbers)}")
    if told.note:
        st.caption(literal(told.note))
    if told.operands:
        st.markdown(f"**{say(speech, 'explain.came_from')}**")
    for index, operand in enumerate(told.operands):
        left, right = st.columns([3, 2], vertical_alignment="center")
        if operand.path is None:
            left.button(
                operand.name,
                key=f"why_{len(trail)}_{index}",
                type="tertiary",
                icon=":material/function:",
                on_click=lambda k=operand.key: trail.append(k),
            )
        else:
            left.markdown(
                f":material/input: {literal(operand.name)}"
                f" :small[:gray[{say(speech, 'explain.input')}]]"
            )
            spec = spec_of(operand.path)
            if spec is not None:
                left.caption(note_text(result.scenario, operand.path, spec, speech))
        right.markdown(literal(operand.value))
    if len(trail) > 1:
        st.button(say(speech, "explain.back"), icon=":material/arrow_back:", on_click=_step_back)


def _step_back() -> None:
    st.session_state.explained.pop()
