"""How a portfolio begins: an example, the scenario at hand, a spreadsheet or a file."""

from typing import Any

import streamlit as st

from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.portfolio.example import example_portfolio
from funnel_sim.evidence.portfolio.reading import read_portfolio
from funnel_sim.evidence.portfolio.template import csv_template, xlsx_template
from funnel_sim.evidence.tables.bounds import LARGEST, MB
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.output.words.joining import listed
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.portfolio_edits import of_scenarios
from funnel_sim.scenario.portfolio_files import LARGEST_PORTFOLIO, portfolio_from_bytes
from funnel_sim.ui import frame
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import portfolios, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import Lang, say

TYPES = ["xlsx", "xls", "csv", "txt", "json"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SENTENCES = 12
_LARGE = 3 * MB
"""Bytes of a file that takes longer to read than a button to find."""


def draw(lang: Lang) -> None:
    """Draw what a portfolio is, and the ways to one."""
    st.markdown(say(lang, "portfolio_page.lead"))
    ways(lang)


def ways(lang: Lang) -> None:
    """Draw the ways to a portfolio; each takes the place of the one that is there, by a step that
    can be undone.
    """
    with st.grid(3, min_column_width=280, gap="small"):
        with st.container(border=True, key="portfolio_example", height="stretch"):
            st.markdown(f"**{say(lang, 'portfolio_page.example')}**")
            st.markdown(say(lang, "portfolio_page.example_text"))
            st.button(
                say(lang, "portfolio_page.example_go"),
                key="portfolio_example_go",
                type="primary" if tab.portfolio is None else "secondary",
                icon=":material/visibility:",
                on_click=_example,
                args=(lang,),
            )
        with st.container(border=True, key="portfolio_mine", height="stretch"):
            st.markdown(f"**{say(lang, 'portfolio_page.mine')}**")
            aside = len(tab.compared)
            key = "mine_aside" if aside else "mine_text"
            name = literal(_own_name(lang))
            st.markdown(say(lang, f"portfolio_page.{key}", name=name, aside=aside))
            st.button(
                say(lang, "portfolio_page.mine_go"),
                key="portfolio_mine_go",
                icon=":material/table_rows:",
                on_click=_mine,
                args=(lang,),
            )
        with st.container(border=True, key="portfolio_upload", height="stretch"):
            st.markdown(f"**{say(lang, 'portfolio_page.upload')}**")
            _upload(lang)
    problems(lang)


def problems(lang: Lang) -> None:
    """Say what was wrong with the file that was given last."""
    error = state.problem_at("portfolio_file")
    if error is None:
        return
    told = error.sentences(lang)
    with st.container(key="portfolio_refused"):
        st.error(
            literal(say(lang, "portfolio_page.not_read"))
            + "\n\n"
            + "\n".join(f"- {literal(one)}" for one in told[:MOST_SENTENCES])
        )


def _example(lang: Lang) -> None:
    portfolios.put(example_portfolio(lang))
    state.problems_forget("portfolio_file")


def _own_name(lang: Lang) -> str:
    now = state.scenario()
    return now.name or frame.where(now, lang)


def _mine(lang: Lang) -> None:
    """Begin with the scenario at hand and those that were put aside, each a row."""
    some = [(_own_name(lang), state.scenario())]
    some += [(one.name or frame.where(one.scenario, lang), one.scenario) for one in tab.compared]
    error = portfolios.taken(lambda: of_scenarios(some), whole=True)
    if error is not None:
        state.refused("portfolio_file", error)
    else:
        state.problems_forget("portfolio_file")


def _upload(lang: Lang) -> None:
    key = f"portfolio_file_{tab.uploads}"
    upload = st.file_uploader(
        say(lang, "portfolio_page.file"), type=TYPES, key=key, label_visibility="collapsed"
    )
    if upload is not None:
        _given(upload, lang)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            say(lang, "portfolio_page.template_xlsx"),
            lambda: xlsx_template(lang),
            file_name=f"{say(lang, 'portfolio_page.file_template')}.xlsx",
            mime=XLSX,
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            key="portfolio_template_xlsx",
        )
        st.download_button(
            say(lang, "portfolio_page.template_csv"),
            lambda: csv_template(lang).encode("utf-8-sig"),
            file_name=f"{say(lang, 'portfolio_page.file_template')}.csv",
            mime="text/csv",
            type="tertiary",
            on_click="ignore",
            key="portfolio_template_csv",
        )


def _given(upload: Any, lang: Lang) -> None:
    """Read the file that was given, the share read shown; where it is refused or stopped, what was
    there stays.
    """
    bar, stop = st.progress(0.0, text=say(lang, "customers.reading")), st.empty()
    if upload.size > _LARGE:
        stop.button(
            say(lang, "customers.reading_stop"),
            key="portfolio_reading_stop",
            icon=":material/close:",
            on_click=_dropped,
        )
    shown = 0

    def show(share: float) -> None:
        nonlocal shown
        if int(share * 100) != shown:  # a press of the button ends this run at this very call
            shown = int(share * 100)
            bar.progress(min(share, 1.0), text=say(lang, "customers.reading"))

    try:
        found = read_file(upload, show)
    except InputError as error:
        state.refused("portfolio_file", error)
    else:
        state.problems_forget("portfolio_file")
        portfolios.put(found)
        told = {"rows": f"{len(found.rows):,}", "name": upload.name}
        state.notice("success", say(lang, "portfolio_page.read", **told))
    _dropped()
    st.rerun()


def _dropped() -> None:
    """Forget the file that stands in the field."""
    tab.uploads += 1


def read_file(upload: Any, show: Progress) -> Portfolio:
    """Return the portfolio in an uploaded file: JSON, or a spreadsheet whose rows may start from
    the bases of the portfolio at hand.

    Args:
        upload: the file.
        show: told the share that has been read.

    Raises:
        InputError: naming file, line, column, cell and rule.
    """
    name, now = upload.name, tab.portfolio
    json = name.lower().endswith(".json")
    most = LARGEST_PORTFOLIO if json else LARGEST
    if upload.size > most:  # before the bytes are copied
        size = f"{upload.size / MB:.1f} MB"
        raise refuse(name, size, "file_large", limit=most // MB)
    content = upload.getvalue()
    if json:
        return portfolio_from_bytes(content, name)
    read = (
        read_portfolio(content, name, DATA_DATE, progress=show)
        if now is None
        else read_portfolio(content, name, now.as_of, now.currency, now.bases, show)
    )
    if read.left_out:
        lang = state.lang()
        told = say(lang, "portfolio.left_out", names=listed(read.left_out, lang))
        state.notice("warning", told)
    return read.portfolio
