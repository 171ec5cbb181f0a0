"""What a settlement asks for beside the months: what was paid, in which months fees by event fell,
and KPIs that were counted for themselves.
"""

import math
from functools import partial
from typing import Any

import streamlit as st

from funnel_sim.decisions.review.settlement import Settlement
from funnel_sim.output.words.kpi import kpi_text, metric_unit
from funnel_sim.scenario.kpi_metrics import OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.number import PLAIN, RATE, money, number
from funnel_sim.words import Lang, say

_A_ROW = 4


def draw(found: Settlement, scenario: Scenario, lang: Lang) -> None:
    """Draw what was paid, and what no report of sales holds."""
    with st.expander(
        say(lang, "settlement.typed_paid"),
        key="settle_paid",
        on_change="rerun",
        icon=":material/payments:",
        expanded=bool(found.unpaid_months),
    ) as fold:
        if fold.open:
            _paid(found, scenario, lang)
    events = [
        (place, one)
        for place, one in enumerate(found.bill.option.extras, 1)
        if one.every == "event"
    ]
    for place, one in events:
        name = one.name or say(lang, "quote.line_extras")
        _events(found, place, name, scenario, lang)
    for seen in found.bill.kpis.values():
        if seen.kpi.metric in (*OPERATIONAL, *STEADY_METRICS):
            _counted(found, seen.kpi.id, scenario, lang)


def _paid(found: Settlement, scenario: Scenario, lang: Lang) -> None:
    st.caption(say(lang, "settlement.typed_paid_note", code=found.bill.code))
    names = scenario.history.names()
    known = [month for month in found.chosen if month in names]
    for column, month in zip(_grid(len(known)), known, strict=False):
        value = scenario.history.of("fees_paid", [month])[0]
        with column:
            number(
                month,
                None if math.isnan(value) else value,
                partial(_pay, month),
                key=f"settle_paid_{month}_{lang}_{tab.revision}",
                kind=money(found.bill.code),
                empty="–",
            )


def _grid(count: int) -> list[Any]:
    """Return places for some fields, row by row, so that a phone shows them in their order."""
    return [column for _ in range(0, count, _A_ROW) for column in st.columns(_A_ROW)]


def _pay(month: str, value: float | None) -> bool:
    history = state.scenario().history
    names = history.names()
    paid = list(history.seen_fees_paid) or [None] * len(names)
    paid[names.index(month)] = value
    known = paid if any(one is not None for one in paid) else []
    return state.change("history.seen_fees_paid", known)


def _events(found: Settlement, place: int, name: str, scenario: Scenario, lang: Lang) -> None:
    key = f"settle_event_{place}_{lang}_{tab.revision}"
    fell = scenario.history.fell().get(place - 1, [])
    st.pills(
        say(lang, "settlement.typed_event", name=name),
        list(found.bill.months),
        selection_mode="multi",
        default=[month for month in fell if month in found.bill.months],
        key=key,
        on_change=partial(_fell, place, key),
    )


def _fell(place: int, key: str) -> None:
    kept = [
        one.model_dump(mode="json")
        for one in state.scenario().history.charged
        if one.place != place
    ]
    chosen = [{"month": month, "place": place} for month in tab.typed(key) or []]
    state.change("history.charged", [*kept, *chosen])


def _counted(found: Settlement, kpi: str, scenario: Scenario, lang: Lang) -> None:
    one = found.bill.kpis[kpi].kpi
    st.markdown(f"**{kpi_text(one, scenario, lang)}**")
    st.caption(say(lang, "settlement.counted_note"))
    values = scenario.history.counted_months().get(kpi, [])
    kind = RATE if metric_unit(one.metric) == "rate" else PLAIN
    months = found.bill.months
    for place, (column, month) in enumerate(zip(_grid(len(months)), months, strict=False)):
        with column:
            number(
                month,
                values[place] if place < len(values) else None,
                partial(_count, kpi, place),
                key=f"settle_kpi_{kpi}_{month}_{lang}_{tab.revision}",
                kind=kind,
                empty="–",
            )


def _count(kpi: str, place: int, value: float | None) -> bool:
    every: dict[str, list[Any]] = {
        name: list(values) for name, values in state.scenario().history.counted_months().items()
    }
    values = every.setdefault(kpi, [])
    values += [None] * (place + 1 - len(values))
    values[place] = value
    rows = [
        {"kpi": name, "values": months}
        for name, months in every.items()
        if any(one is not None for one in months)
    ]
    return state.change("history.counted", rows)
