"""Fee settlement: what is owed for the actual months, line by line, with what it comes from; what
other definitions would make of it; the other side's amount beside ours; the statement as files.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from funnel_sim.decisions.review.ending import ending_in
from funnel_sim.decisions.review.settlement import Settlement, settled
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.settlement import data_bill, spec_bill
from funnel_sim.output.words import formats
from funnel_sim.output.words.actual_months import converted_sentences
from funnel_sim.output.words.dispute import otherwise_rows
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.not_measured import unmeasured_sentences
from funnel_sim.output.words.review_bill import baseline_sentence
from funnel_sim.output.words.settlement import (
    after_refunds_sentence,
    correction_sentences,
    lack_sentences,
    line_rows,
    owed_sentence,
    pay,
    rate_sentence,
    unfinished_sentence,
)
from funnel_sim.output.words.settlement_kpis import (
    beyond_sentences,
    kpi_rows,
    usual_month_sentences,
)
from funnel_sim.output.words.share_refunds import share_refunds_sentence
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import frame, shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.settlement import dispute, files, typed
from funnel_sim.ui.session import signed_contracts, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.after_signing import ask_contract, contract_at_hand, has_actuals
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say

_PARTS: tuple[tuple[str, str, Callable[[Settlement, Scenario, Lang], None]], ...] = (
    ("dispute", "balance", dispute.draw),
    ("files", "download", files.draw),
)


@dataclass(frozen=True)
class Ready:
    """What the page shows at once: the months that are settled; None while there is no contract or
    no month, or the `error` that says why it cannot be told.
    """

    found: Settlement | None = None
    error: InputError | None = None


def prepare(result: Result) -> Ready:
    """Return what the page shows, computed before anything is drawn."""
    scenario = result.scenario
    option = contract_at_hand(scenario)
    if option is None or not scenario.history.engaged():
        return Ready()
    try:
        bill = signed_contracts.bill_of_actuals(scenario, option.id)
    except InputError as error:
        return Ready(error=error)
    months = [one for one in tab.settled_months if one in bill.months]
    return Ready(settled(bill, months))


def draw(result: Result, ready: Ready) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    st.subheader(say(lang, "page.fee_settlement"))
    if not has_actuals(scenario, lang):
        return
    if ready.error is not None:
        st.error(literal(ready.error.sentences(lang)[0]))
        return
    if ready.found is None:
        ask_contract(scenario, lang)
        return
    by = option_name(ready.found.bill.option, lang)
    st.caption(said(say(lang, "settlement.by_contract", name=by)))
    _choices(ready.found, scenario, lang)
    _answer(ready.found, scenario, lang)
    typed.draw(ready.found, scenario, lang)
    _lines(ready.found, scenario, lang)
    _kpis(ready.found, scenario, lang)
    _picture(ready.found, lang)
    _fold("otherwise", "rule", _otherwise, ready.found, scenario, lang)
    for name, icon, part in _PARTS:
        _fold(name, icon, part, ready.found, scenario, lang)


def _choices(found: Settlement, scenario: Scenario, lang: Lang) -> None:
    """Draw which months are settled."""
    with st.container(key="settle_choices"):
        if len(found.bill.months) > 1:
            months = f"settle_months_{lang}_{tab.revision}"
            st.pills(
                say(lang, "settlement.months"),
                list(found.bill.months),
                selection_mode="multi",
                default=[one for one in tab.settled_months if one in found.bill.months],
                key=months,
                help=say(lang, "settlement.months_help"),
                on_change=lambda: Tab.settled_months.put(list(tab.typed(months) or [])),
            )


def _answer(found: Settlement, scenario: Scenario, lang: Lang) -> None:
    """Draw what is owed, what is open and what was corrected."""
    bill = found.bill
    over = found.owed is not None and found.owed < 0
    rest = None if found.owed is None else abs(found.owed)
    with st.container(border=True, key="settle_answer"):
        columns = st.columns(3)
        for column, name, amount in (
            (columns[0], "due", found.due),
            (columns[1], "paid", found.paid),
            (columns[2], "doc_over" if over else "owed", rest),
        ):
            column.caption(say(lang, f"settlement.{name}"))
            column.markdown(said(f"#### {pay(amount, bill, lang)}"))
        st.markdown(said(owed_sentence(found, state.scenario(), lang)))
    open_ones = lack_sentences(found, lang)
    if open_ones:
        st.warning(said(" ".join(open_ones)))
        if st.button(
            say(lang, "after.to_actuals"), key="settle_to_actuals", icon=":material/edit_calendar:"
        ):
            shell.go("actual_months")
    if early := unfinished_sentence(found, frame.today(), lang):
        st.warning(said(early))
    if net := after_refunds_sentence(found, scenario, lang):
        st.info(said(net))
    for sentence in correction_sentences(found, lang):
        st.caption(said(sentence))
    for sentence in ended_sentences(ending_in(bill), lang):
        st.info(said(sentence))
    for sentence in (
        *beyond_sentences(bill, lang),
        *usual_month_sentences(bill, scenario, lang),
        *converted_sentences(scenario.history, lang),
    ):
        st.caption(said(sentence))
    base = baseline_sentence(bill, scenario, lang)
    if base:
        by_form = share_refunds_sentence(scenario, bill.option, lang)
        (st.info if by_form else st.caption)(said(base))


def _lines(found: Settlement, scenario: Scenario, lang: Lang) -> None:
    rows: list[Row] = []
    month = ""
    for one in line_rows(found, scenario, lang):
        if one.month != month:
            month = one.month
            due = found.bill.due(found.bill.months.index(month) + 1)
            rows.append(Row("", month, (pay(due, found.bill, lang), ""), "total"))
        # the amount stands second: on a phone the working is what lies beyond the edge
        rows.append(Row("", one.name, (pay(one.amount, found.bill, lang), one.working)))
    if len(found.chosen) > 1:
        rows.append(
            Row("", say(lang, "settlement.in_all"), (pay(found.due, found.bill, lang), ""), "total")
        )
    if not rows:
        st.caption(say(lang, "review.bill_nothing"))
        return
    at_rate = rate_sentence(found, scenario, lang)
    if at_rate:
        st.caption(said(at_rate))
    figure_table(
        "settle_lines",
        rows,
        [say(lang, f"settlement.{key}") for key in ("line", "doc_amount", "doc_working")],
        say(lang, "settlement.doc_h_lines"),
        words=(2,),
        title=say(lang, "settlement.doc_h_lines"),
        note=say(lang, "settlement.doc_round", code=found.bill.code),
        stacked=True,
    )


def _kpis(found: Settlement, scenario: Scenario, lang: Lang) -> None:
    rows = kpi_rows(found, scenario, lang)
    if not rows:
        return
    figure_table(
        "settle_kpis",
        [
            Row(
                "",
                f"{one.when} · {one.text}",  # on a phone a column of its own would not be seen
                (one.value, one.target, say(lang, f"settlement.state_{one.state}")),
                tone="bad" if one.state == "missed" else "",
            )
            for one in rows
        ],
        [say(lang, f"settlement.doc_{key}") for key in ("kpi", "value", "target", "state")],
        say(lang, "settlement.doc_h_kpis"),
        words=(3,),
        title=say(lang, "settlement.doc_h_kpis"),
    )


def _picture(found: Settlement, lang: Lang) -> None:
    bill = found.bill
    if len(found.chosen) < 2:
        return
    figure(
        "settle_months_chart",
        say(lang, "settlement.chart_title", code=bill.code),
        data_bill(found, partial(_shown, found, lang), lang),
        spec_bill(lang, theme(), formats.axis("money", bill.code, lang)),
        say(lang, "settlement.chart_note"),
    )


def _shown(found: Settlement, lang: Lang, amount: float) -> str:
    return formats.money(amount, found.bill.code, lang)


def _otherwise(found: Settlement, scenario: Scenario, lang: Lang) -> None:
    others = signed_contracts.otherwise_of(scenario, found.bill.option.id)
    if not others:
        st.caption(say(lang, "settlement.otherwise_none"))
        return
    figure_table(
        "settle_otherwise",
        [Row("", name, (whole, gap)) for name, whole, gap in otherwise_rows(found, others, lang)],
        [say(lang, f"settlement.otherwise_{key}") for key in ("way", "total", "gap")],
        say(lang, "settlement.fold_otherwise"),
        title=say(lang, "settlement.fold_otherwise"),
        note=say(lang, "settlement.otherwise_note"),
        stacked=True,
    )
    for sentence in unmeasured_sentences(others, found.bill, lang):
        st.caption(said(sentence))


def _fold(
    name: str,
    icon: str,
    part: Callable[[Settlement, Scenario, Lang], None],
    found: Settlement,
    scenario: Scenario,
    lang: Lang,
) -> None:
    with st.expander(
        say(lang, f"settlement.fold_{name}"),
        key=f"settle_fold_{name}",
        on_change="rerun",
        icon=f":material/{icon}:",
        expanded=name == "files",
    ) as fold:
        if fold.open:
            part(found, scenario, lang)
