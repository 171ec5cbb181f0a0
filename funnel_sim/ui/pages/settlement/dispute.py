"""The other side's amount typed beside ours, and what the difference can come from."""

from decimal import Decimal
from functools import partial

import streamlit as st

from funnel_sim.decisions.review.settlement import Dispute, Settlement, disputed
from funnel_sim.output.documents.leave_behind import letter
from funnel_sim.output.documents.objection import objection_docx, objection_markdown
from funnel_sim.output.statement import statement_name
from funnel_sim.output.words.dispute import dispute_sentence, reason_rows
from funnel_sim.output.words.not_measured import unmeasured_sentences
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import frame
from funnel_sim.ui.markup import said
from funnel_sim.ui.session import signed_contracts
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.number import money, number
from funnel_sim.words import Lang, say

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def draw(found: Settlement, scenario: Scenario, lang: Lang) -> None:
    """Draw the field for the other side's amount and where a difference comes from."""
    st.caption(say(lang, "settlement.dispute_lead"))
    bill = found.bill
    lines = {"": say(lang, "settlement.dispute_whole")} | {
        name: say(lang, f"quote.line_{name}") for name in bill.lines if found.line(name)
    }
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    line = tab.theirs_line if tab.theirs_line in lines else ""
    with left:
        key = f"settle_line_{lang}"
        st.selectbox(
            say(lang, "settlement.dispute_line"),
            list(lines),
            index=list(lines).index(line),
            format_func=lambda one: lines.get(one, one),
            key=key,
            on_change=lambda: Tab.theirs_line.put(tab.typed(key)),
        )
    held = _held(found, line)
    with right:
        number(
            say(lang, "settlement.dispute_theirs", code=bill.code),
            tab.theirs.get(held),
            partial(_typed, held),
            key=f"settle_theirs_{held}_{lang}",
            kind=money(bill.code),
            empty="–",
        )
    theirs = tab.theirs.get(held)
    if theirs is None:
        return
    told = _told(found, scenario, line)
    if told is None:
        st.warning(say(lang, "settlement.dispute_open"))
        return
    st.markdown(said(f"**{dispute_sentence(told, bill, lang)}**"))
    rows = reason_rows(told, bill, lang)
    if rows:
        heads = ("reason", "in_lines", "makes", "left")
        figure_table(
            "settle_reasons",
            [Row("", *_row(one)) for one in rows],
            [say(lang, f"settlement.dispute_{head}") for head in heads],
            say(lang, "settlement.dispute_reasons"),
            words=(1,),
            title=say(lang, "settlement.dispute_reasons"),
            note=say(lang, "settlement.dispute_note"),
            stacked=True,
        )
    for sentence in unmeasured_sentences(told.unknown, bill, lang):
        st.caption(said(sentence))
    _letter(found, told, scenario, line, lang)


def at_hand(found: Settlement, scenario: Scenario) -> Dispute | None:
    """Return the other side's amount of the whole bill beside ours; None where none was typed, or
    ours is open.
    """
    return _told(found, scenario, "")


def _told(found: Settlement, scenario: Scenario, line: str) -> Dispute | None:
    theirs = tab.theirs.get(_held(found, line))
    if theirs is None:
        return None
    name = found.bill.option.id
    others = (
        *signed_contracts.otherwise_of(scenario, name),
        *signed_contracts.quarrels_of(scenario, name),
    )
    return disputed(found, Decimal(repr(round(theirs, 6))), others, line=line)


def _letter(found: Settlement, told: Dispute, scenario: Scenario, line: str, lang: Lang) -> None:
    """Draw the objection as files, where there is a difference."""
    if not told.difference:
        return
    about = letter(tab.letter_for, tab.by, tab.letter_on or frame.today())
    name = statement_name(found, scenario, "md", lang).removesuffix(".md")
    st.caption(say(lang, "settlement.object_lead"))
    with st.container(horizontal=True):
        for ending, make, media in (
            ("docx", objection_docx, _DOCX),
            ("md", objection_markdown, "text/markdown"),
        ):
            st.download_button(
                say(lang, f"settlement.object_file_{ending}"),
                partial(make, found, told, scenario, lang, about, line=line),
                file_name=f"{name}-objection.{ending}",
                mime=media,
                icon=":material/gavel:" if ending == "docx" else ":material/article:",
                key=f"settle_object_{ending}",
                on_click="ignore",
            )


def _row(one: tuple[str, str, str, str]) -> tuple[str, tuple[str, ...]]:
    return one[0], one[1:]


def _held(found: Settlement, line: str) -> str:
    """Return under which name the amount of these months and this line is kept."""
    return f"{found.bill.option.id}_{found.chosen[0]}_{found.chosen[-1]}_{len(found.chosen)}_{line}"


def _typed(held: str, value: float | None) -> None:
    tab.theirs[held] = value
