"""What is taken away of a portfolio: itself as file, spreadsheet and link, its results, the report
and the slides.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.decisions.budget.answer import BudgetAnswer
from funnel_sim.decisions.portfolio.found import PortfolioFound, find_portfolio, split_of
from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.evidence.portfolio.sheet import (
    csv_sheet,
    fields_without_cell,
    without_cell,
    xlsx_sheet,
)
from funnel_sim.output.documents.leave_behind import letter
from funnel_sim.output.exports import PORTFOLIO_FORMATS, portfolio_file_name
from funnel_sim.output.words.joining import apart, run_on
from funnel_sim.output.words.portfolio_results import results_csv
from funnel_sim.output.workbook.portfolio_results import results_xlsx
from funnel_sim.scenario.files import MEDIA_TYPE
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.portfolio_files import portfolio_text
from funnel_sim.scenario.portfolio_loss import losses_plain
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages.portfolio import begin
from funnel_sim.ui.session import address, portfolios
from funnel_sim.ui.session.budget import split_shown
from funnel_sim.ui.session.markets import pooled_shown
from funnel_sim.ui.widgets.letter_fields import letter_fields
from funnel_sim.words import Lang, say

_CSV = "text/csv"
_LINK_HEIGHT = 120
_LOST_TOLD = 5


def draw(found: Products, lang: Lang) -> None:
    """Draw the part."""
    portfolio, odds = found.portfolio, portfolios.odds_of(found.portfolio)
    name = say(lang, "portfolio_page.file_name")
    results = say(lang, "portfolio_page.file_results")
    with st.container(border=True, key="portfolio_report"):
        _report(found, odds, lang)
    with st.grid(2, min_column_width=300, gap="medium"):
        with st.container(border=True, key="portfolio_own_files", height="stretch"):
            st.markdown(f"**{say(lang, 'portfolio_page.own_files')}**")
            st.caption(say(lang, "portfolio_page.own_files_note"))
            _button("json", f"{name}.json", MEDIA_TYPE, lambda: portfolio_text(portfolio), lang)
            _button("sheet", f"{name}.xlsx", begin.XLSX, lambda: xlsx_sheet(portfolio, lang), lang)
            _button(
                "sheet_csv", f"{name}.csv", _CSV, lambda: _bom(csv_sheet(portfolio, lang)), lang
            )
            lost = portfolios.once("lost", portfolio, "", lambda: without_cell(portfolio))
            if lost:
                st.warning(_lost(portfolio, lost, lang))
            if portfolio.exact:
                odds_words = say(lang, "portfolio_page.view_odds")
                st.caption(say(lang, "portfolio_page.exact_of_sheet", odds=odds_words))
            if losses_plain(portfolio.losses):
                st.caption(say(lang, "portfolio_page.losses_of_sheet"))
            if portfolio.bases:
                st.caption(say(lang, "portfolio_page.bases_stay"))
        with st.container(border=True, key="portfolio_results", height="stretch"):
            st.markdown(f"**{say(lang, 'portfolio_page.results')}**")
            key = "results_odds" if odds is not None else "results_note"
            st.caption(say(lang, f"portfolio_page.{key}"))
            _button(
                "results",
                portfolio_file_name(portfolio, "xlsx", lang),
                begin.XLSX,
                lambda: results_xlsx(found, odds, lang, _split(portfolio)),
                lang,
            )
            _button(
                "results_csv",
                f"{results}.csv",
                _CSV,
                lambda: _bom(results_csv(found, odds, lang)),
                lang,
            )
    _link(lang)
    with st.expander(
        say(lang, "portfolio_page.another"), key="portfolio_another", icon=":material/folder_open:"
    ):
        begin.ways(lang)


def _lost(portfolio: Portfolio, rows: int, lang: Lang) -> str:
    """Return which rows and fields no cell holds whole, the first few of them."""
    every = portfolios.once("lost_fields", portfolio, lang, partial(_fields, portfolio, lang))
    told = [
        say(
            lang,
            f"portfolio_page.{'likely_in_cell' if likely else 'no_cell'}",
            row=name,
            field=field,
        )
        for name, field, likely in every[:_LOST_TOLD]
    ]
    key = "without_cell_more" if len(every) > len(told) else "without_cell_fields"
    rest = len(every) - len(told)
    parts = {"fields": apart(told, lang), "rest": f"{rest:,}"}
    first = say(lang, "portfolio_page.without_cell", rows=f"{rows:,}")
    return literal(run_on([first, say(lang, f"portfolio_page.{key}", **parts)], lang))


def _fields(portfolio: Portfolio, lang: Lang) -> list[tuple[str, str, bool]]:
    return fields_without_cell(portfolio, lang)


def _split(portfolio: Portfolio) -> BudgetAnswer | None:
    """Return the best split of the ad budget for the workbook; None where there is none."""
    split = split_shown(portfolio) or split_of(portfolio)
    return split if isinstance(split, BudgetAnswer) else None


def _report(found: Products, odds: PortfolioSimulation | None, lang: Lang) -> None:
    """Draw the report and the slides: made when they are taken, of what the page shows."""
    portfolio = found.portfolio
    st.markdown(f"**{say(lang, 'portfolio_report.report')}**")
    st.caption(say(lang, "portfolio_report.report_note"))
    pooled = pooled_shown(portfolio)
    split = split_shown(portfolio)
    about = letter(*letter_fields(lang))
    asked = (id(odds), id(pooled), id(split))
    kept = portfolios.once("found", portfolio, asked, list[PortfolioFound])

    def made(kind: str) -> bytes:
        if not kept:  # the first file works it out, the others have it
            kept.append(find_portfolio(found, odds, pooled, split))
        return PORTFOLIO_FORMATS[kind].made(kept[0], lang, about)

    with st.grid(3, min_column_width=220, gap="small"):
        for kind in ("html", "pdf", "pptx"):
            media, name = PORTFOLIO_FORMATS[kind].media, portfolio_file_name(portfolio, kind, lang)
            _button(kind, name, media, partial(made, kind), lang)


def _bom(text: str) -> bytes:
    return text.encode("utf-8-sig")  # a mark at the beginning lets Excel read Chinese in CSV


def _button(what: str, file: str, media: str, made: Callable[[], str | bytes], lang: Lang) -> None:
    st.download_button(
        say(lang, f"portfolio_page.take_{what}"),
        made,
        file_name=file,
        mime=media,
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key=f"portfolio_take_{what}",
    )


def _link(lang: Lang) -> None:
    st.markdown(f"**{say(lang, 'portfolio_page.link')}**")
    link = address.portfolio_link()
    if link is None:
        key = "link_long" if portfolios.link_text() else "link_none"
        st.warning(say(lang, f"portfolio_page.{key}"))
        return
    st.code(link, language=None, wrap_lines=True, height=_LINK_HEIGHT)
    st.caption(say(lang, "portfolio_page.link_note"))
