"""What happens by chance, as inputs: month noise, what moves together, and named events."""

from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any

import streamlit as st

from funnel_sim.chance import noise
from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import Figure
from funnel_sim.chance.streams import LIVE
from funnel_sim.errors import InputError
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import believed, input_name, probability_text
from funnel_sim.output.words.hedging import exposure_heads, exposure_rows, hedging_sentences
from funnel_sim.reference.events import EventTemplate, event_templates
from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario.chance import IN_DAYS, MOST_SHOCKS, OF_CASH, Shock
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import chance_answers, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import field, source_text, widget_key
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.number import PLAIN
from funnel_sim.ui.widgets.rows import Cell, Rows, editor, put
from funnel_sim.words import Lang, say


def draw() -> None:
    """Draw everything that happens by chance."""
    lang = state.lang()
    st.markdown(f"##### {say(lang, 'chance.events')}")
    events()
    st.markdown(f"##### {say(lang, 'chance.months')}")
    months()
    st.markdown(f"##### {say(lang, 'chance.together')}")
    together()


def months() -> None:
    """Draw how months differ: noise of demand, counting noise, the exchange rate, the seed."""
    lang, scenario = state.lang(), state.scenario()
    chance = scenario.chance
    names = [
        "month_noise",
        *(["products", "demand_cv", "autocorrelation"] if chance.month_noise else []),
        "counting",
    ]
    abroad = scenario.currency != scenario.cost_currency
    names += ["fx_walk", *(["fx_volatility"] if chance.fx_walk else [])] if abroad else []
    with st.grid(3, min_column_width=190):
        for name in [*names, "seed", "paths"]:
            with st.container():
                field(f"chance.{name}", ranged=True)
                _usual(name, lang)
    if abroad and chance.fx_walk:
        _exchange(scenario, lang)


def _exchange(scenario: Scenario, lang: Lang) -> None:
    """Say what the exchange rate does to an owner at home, and what is left over in each
    currency by month.
    """
    try:
        found = chance_answers.hedging_of(scenario)
    except InputError:  # said where it is typed
        return
    told = hedging_sentences(found, lang)
    if not told:
        return
    title = say(lang, "hedging.title")
    st.markdown(said(f"**{title}**\n\n" + ("" if lang == "zh" else " ").join(told)))
    figure_table(
        "risk_exposure",
        exposure_rows(found, lang),
        exposure_heads(found, lang),
        title,
        note=say(lang, "hedging.note"),
    )


def _usual(name: str, lang: Lang) -> None:
    """Say under an empty field which value stands in, and where it comes from."""
    scenario = state.scenario()
    chance = scenario.chance
    if (
        name not in ("demand_cv", "autocorrelation", "fx_volatility")
        or getattr(chance, name) is not None
    ):
        return
    try:
        if name == "fx_volatility":
            usual = noise.typical_volatility(
                scenario.currency, scenario.cost_currency, scenario.as_of
            )
        elif name == "demand_cv":
            usual = noise.typical_cv(chance.products, scenario.as_of)
        else:
            usual = noise.typical_autocorrelation(chance.products, scenario.as_of)
    except InputError as error:
        st.markdown(f":red[:material/error: {literal(error.sentences(lang)[0])}]")
        return
    rows = usual.rows
    value = (
        formats.number(usual.value, 2)
        if name == "autocorrelation"
        else formats.percent(usual.value)
    )
    source = source_text(rows[0].provenance, scenario, lang) if rows else ""
    st.caption(say(lang, "chance.stands_in", value=value) + f" · {source}")


# ---- what moves together
# ----------------------------------------------------------------------------------


def together() -> None:
    """Draw the rank correlations: two inputs and a number a row."""
    lang, scenario, path = state.lang(), state.scenario(), "chance.correlations"
    rows: list[dict[str, Any]] = scenario.plain()["chance"]["correlations"]
    inputs = list(Sources(scenario).inputs)
    st.caption(say(lang, "chance.together_note"))

    def cells(_: int, row: dict[str, Any]) -> list[Cell]:
        out = []
        for name in ("a", "b"):
            words = {
                one: input_name(scenario, one, lang) for one in dict.fromkeys([row[name], *inputs])
            }
            out.append(Cell(name=name, label=say(lang, f"chance.{name}"), choices=words, width=5))
        return [*out, Cell(name="rank", label=say(lang, "chance.rank"), kind=PLAIN, empty=0.0)]

    named = {frozenset((row["a"], row["b"])) for row in rows}
    free = next((pair for pair in combinations(inputs, 2) if frozenset(pair) not in named), None)
    add = None
    if free is not None:
        fresh = {"a": free[0], "b": free[1], "rank": 0.5}
        add = (say(lang, "chance.add_pair"), lambda: [*rows, fresh], True)
    editor(Rows(path=path, rows=rows, cells=cells, save=put(path), add=add))


# ---- events
# --------------------------------------------------------------------------------------------------


def events() -> None:
    """Draw the events, each in a frame, and the list of events to start from."""
    lang, scenario = state.lang(), state.scenario()
    rows = _plain()

    def cells(_: int, row: dict[str, Any]) -> list[Cell]:
        names = [
            name
            for name in specs_of(Shock)
            if name not in ("id", "name") and not unused(scenario, f"shocks.{row['id']}.{name}")
        ]
        return [
            Cell(drawn=partial(field, f"shocks.{row['id']}.{name}", note=False, ranged=True))
            for name in names
        ]

    def below(_: int, row: dict[str, Any]) -> None:
        st.markdown(said(_what_it_does(row["id"], lang)))
        st.caption(_evidence(row["id"], lang))

    editor(
        Rows(
            path="shocks",
            rows=rows,
            cells=cells,
            save=put("shocks"),
            card=True,
            below=below,
            across=4,
            wide=150,
            head=lambda _, row: f"**{literal(input_name(scenario, 'shocks.' + row['id'], lang))}**",
        )
    )
    if len(scenario.shocks) < MOST_SHOCKS:
        templates = {one.id: one for one in event_templates(state.scenario().as_of)}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            key = widget_key("shocks.template")
            chosen: Any = st.selectbox(
                say(lang, "chance.event"),
                list(templates),
                key=key,
                width=320,
                format_func=lambda k: templates[k].words.of(lang) if k in templates else str(k),
            )
            st.button(
                say(lang, "chance.add_event"),
                icon=":material/add:",
                key=widget_key("shocks.add"),
                on_click=lambda: add_event(templates[chosen]),
            )
    st.caption(say(lang, "chance.events_note"))


def _what_it_does(shock_id: str, lang: Lang) -> str:
    """Say what one event does to the profit of the horizon if it happens."""
    scenario = state.scenario()
    shock = next(one for one in scenario.shocks if one.id == shock_id)
    if shock.effect in OF_CASH:
        none = shock.effect in IN_DAYS and not point_value(shock.days)
        return say(lang, "chance.no_days" if none else "chance.only_cash")
    try:
        found = chance_answers.if_it_happens(scenario, shock_id)
    except InputError:
        return ""

    def show(one: Figure) -> str:
        return believed(one, "money", scenario.shown, scenario.cost_currency, lang)

    gap = found.gap.centre  # the middle one where there is no average
    if (found.gap.sd.value == 0 or found.gap.heavy) and gap.value == 0:
        return say(lang, "chance.no_difference", months=scenario.plan.horizon_months)
    paths = LIVE
    less = gap.value < 0
    key = f"chance.if_{'less' if less else 'more'}{'_middle' if found.gap.heavy else ''}"
    text = say(lang, key, amount=show(replace(gap, value=abs(gap.value))))
    odds = say(
        lang,
        "chance.if_odds",
        before=probability_text(found.without.loss, paths, lang),
        after=probability_text(found.certain.loss, paths, lang),
    )
    why = "" if less or found.without.centre.value >= 0 else " " + say(lang, "chance.if_losing")
    return f"{text} {odds}{why}"


def _evidence(shock_id: str, lang: Lang) -> str:
    template = next(
        (
            one
            for one in event_templates(state.scenario().as_of)
            if shock_id.rstrip("0123456789").rstrip("_") == one.id
        ),
        None,
    )
    provenance: Provenance | None = template.provenance if template else None
    if template is None:
        return ""
    if provenance is None:
        return f":orange-badge[{say(lang, 'evidence.assumed')}] {say(lang, 'chance.assumed')}"
    note = f" {provenance.note}" if lang == "en" else ""
    return f"{source_text(provenance, state.scenario(), lang)}{note}".replace("$", "\\$")


def _plain() -> list[dict[str, Any]]:
    return list(state.scenario().plain()["shocks"])


def _save(rows: list[dict[str, Any]]) -> None:
    if state.change("shocks", rows):
        tab.revision += 1


def add_event(template: EventTemplate) -> None:
    """Add an event to the scenario, possible in every month.

    Args:
        template: what it starts from.
    """
    taken = {row["id"] for row in _plain()}
    names = [template.id, *(f"{template.id}_{n}" for n in range(2, 100))]
    new = next(name for name in names if name not in taken)
    fields = template.fields_in(state.scenario().plan.horizon_months)
    row = {**fields, "id": new, "name": template.words.of(state.lang())}
    _save([*_plain(), row])
