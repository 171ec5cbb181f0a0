"""The rows as a table: searched, sorted and paged on the server, edited in place."""

import math
from functools import partial

import streamlit as st

from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.errors import InputError
from funnel_sim.evidence.portfolio.typed import cell_currency
from funnel_sim.output.words import formats
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.converted import rate_between
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_edits import with_added
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import portfolios, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.portfolio_table import (
    Asked,
    answer,
    column_words,
    portfolio_table,
)
from funnel_sim.words import Lang, say

PAGE = 50
"""Rows that travel to the browser at a time."""
_COLUMNS = 8
"""Columns that are shown until somebody chooses others."""
_MOST_COLUMNS = 16


def draw(found: Products, lang: Lang) -> None:
    """Draw the table and what stands above it."""
    portfolio = found.portfolio
    columns = shown_columns(portfolio)
    _bar(portfolio, columns, lang)
    _waiting(portfolio, lang)
    order = portfolios.order_of(
        found, tab.portfolio_search, tab.portfolio_sort, tab.portfolio_losing
    )
    pages = max(1, math.ceil(order.size / PAGE))
    page = min(max(0, tab.portfolio_page), pages - 1)
    which = order[page * PAGE : (page + 1) * PAGE].tolist()
    if not which:
        st.info(say(lang, "portfolio_page.none_found"))
        return
    portfolio_table(found, which, columns, lang)
    _pages(page, pages, order.size, len(portfolio.rows), lang)
    st.caption(say(lang, "portfolio_page.table_note"))


def shown_columns(portfolio: Portfolio) -> list[str]:
    """Return the columns beside name, results and base: those that were chosen, else the tags that
    rows have of their own and the fields in which they differ; without any the template's first.

    Args:
        portfolio: the rows.
    """
    if tab.portfolio_shown:
        offered = portfolios.fields_offered(portfolio)
        return [one for one in tab.portfolio_shown if one in offered]
    tags = [tag for tag in ("group",) if any(getattr(row, tag) for row in portfolio.rows[:PAGE])]
    used = [*portfolios.fields_used(portfolio)]
    first = [one for one in _FIRST if one not in used]
    return [*tags, *used, *first][: max(_COLUMNS, len(tags) + min(len(used), _COLUMNS))]


_FIRST = ("product.price", "product.unit_cost", "conversion.cvr", "channel.budget", "channel.cpc")
"""What is shown first where rows do not differ yet."""


def _bar(portfolio: Portfolio, columns: list[str], lang: Lang) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="portfolio_bar"):
        search = f"portfolio_search_{tab.portfolio_number}"
        tab.seed(search, tab.portfolio_search)
        st.text_input(
            say(lang, "portfolio_page.search"),
            key=search,
            width=230,
            placeholder=say(lang, "portfolio_page.search_in"),
            max_chars=80,
            on_change=_searched,
            args=(search,),
        )
        losing = f"portfolio_losing_{tab.portfolio_number}"
        tab.seed(losing, tab.portfolio_losing)
        st.toggle(
            say(lang, "portfolio_page.only_losing"),
            key=losing,
            on_change=_only_losing,
            args=(losing,),
        )
        with st.popover(
            say(lang, "portfolio_page.columns"),
            icon=":material/view_column:",
            key="portfolio_columns",
            on_change="rerun",
        ) as fold:
            if fold.open:
                _choose_columns(portfolio, columns, lang)
        with st.popover(
            say(lang, "portfolio_page.add"),
            icon=":material/add:",
            key="portfolio_add",
            on_change="rerun",
        ) as fold:
            if fold.open:
                _add(portfolio, lang)


def _searched(key: str) -> None:
    tab.portfolio_search, tab.portfolio_page = str(tab.typed(key) or "").strip(), 0


def _only_losing(key: str) -> None:
    tab.portfolio_losing, tab.portfolio_page = bool(tab.typed(key)), 0


def _choose_columns(portfolio: Portfolio, columns: list[str], lang: Lang) -> None:
    key = f"portfolio_shown_{tab.portfolio_number}_{lang}"
    tab.seed(key, columns)
    st.multiselect(
        say(lang, "portfolio_page.columns_shown"),
        list(portfolios.fields_offered(portfolio)),
        key=key,
        max_selections=_MOST_COLUMNS,
        placeholder=say(lang, "portfolio_page.columns_find"),
        format_func=lambda one: column_words(str(one), lang),
        on_change=lambda: Tab.portfolio_shown.put(list(tab.typed(key) or [])),
    )
    st.caption(say(lang, "portfolio_page.columns_note", most=_MOST_COLUMNS))


def _add(portfolio: Portfolio, lang: Lang) -> None:
    name, base = f"portfolio_new_name_{lang}", f"portfolio_new_base_{lang}"
    words = {one: portfolio.bases[one].name or one for one in portfolio.bases}
    words |= {
        one.id: f"{one.platform} · {one.market} · {one.product.of(lang)}" for one in preset_cards()
    }
    st.text_input(say(lang, "portfolio_page.new_name"), key=name, max_chars=120)
    st.selectbox(
        say(lang, "portfolio_page.new_base"),
        list(words),
        key=base,
        format_func=lambda one: words.get(str(one), str(one)),
    )
    st.button(
        say(lang, "portfolio_page.new_go"),
        key="portfolio_new_go",
        type="primary",
        on_click=_added,
        args=(name, base, words, lang),
    )
    error = state.problem_at("portfolio_new")
    for told in error.sentences(lang) if error else ():
        st.markdown(f":red[:material/error: {literal(told)}]")


def _added(name: str, base: str, words: dict[str, str], lang: Lang) -> None:
    """Add the row that was named, and show it: it stands at the end of the table's own order."""
    portfolio = tab.portfolio
    start = str(tab.typed(base) or "")
    if portfolio is None or not start:
        return
    wanted = str(tab.typed(name) or "").strip() or words.get(start, start)
    row = PortfolioRow(wanted, start)
    error = portfolios.taken(lambda: with_added(portfolio, row))
    if error is not None:
        state.refused("portfolio_new", error)
        return
    state.problems_forget("portfolio_new")
    tab.drop(name)
    tab.portfolio_search, tab.portfolio_losing, tab.portfolio_sort = "", False, ("", False)
    tab.portfolio_page = len(portfolio.rows) // PAGE
    tab.portfolio_number += 1
    state.notice("success", say(lang, "portfolio_page.new_added", name=wanted))


# ---- what waits for an answer, and what was refused
# --------------------------------------------------------------------------------------------


def _waiting(portfolio: Portfolio, lang: Lang) -> None:
    for place, asked in enumerate(tab.portfolio_asked):
        _ask(portfolio, asked, place, lang)
    for (name, column), (_, told) in tab.portfolio_wrong.items():
        where = f"{name} · {column_words(column, lang)}"
        line = say(lang, "portfolio_page.refused", where=where, told=told)
        st.markdown(f":red[:material/error: {literal(line)} {say(lang, 'field.kept')}]")


def _ask(portfolio: Portfolio, asked: Asked, place: int, lang: Lang) -> None:
    """Draw the readings of a number as buttons."""
    spec = spec_of(asked.path)
    index = next((at for at, one in enumerate(portfolio.rows) if one.name == asked.row), None)
    if spec is None or index is None:
        return
    row = portfolio.rows[index]
    base = portfolio.base_of(row)
    code = cell_currency(base, asked.path)

    def shown(value: float, currency: str = code) -> str:
        if spec.unit is Unit.RATE:
            return formats.exact_percent(value)
        return formats.exact_money(value, currency, lang) if currency else formats.exact(value)

    readings = [(shown(one), one) for one in asked.found.readings]
    if asked.found.why == "currency":
        readings += _converted(portfolio, index, asked)
    told = say(
        lang,
        f"number.ask_{asked.found.why}",
        text=asked.text,
        before=shown(asked.before) if asked.before is not None else formats.NOTHING,
        currency=code,
    )
    with st.container(key=f"portfolio_ask_{place}", border=True, gap="small"):
        where = f"{asked.row} · {column_words(asked.column, lang)}"
        st.markdown(f":orange[:material/help: {literal(f'{where}: {told}')}]")
        with st.container(horizontal=True, gap="small"):
            for at, (text, value) in enumerate(readings):
                st.button(
                    literal(text),
                    key=f"portfolio_ask_{place}_{at}",
                    on_click=answer,
                    args=(asked, value),
                )
            st.button(
                say(lang, "portfolio_page.keep"),
                key=f"portfolio_ask_{place}_keep",
                type="tertiary",
                on_click=answer,
                args=(asked, None),
            )


def _converted(portfolio: Portfolio, index: int, asked: Asked) -> list[tuple[str, float]]:
    """Return the readings of an amount in another currency, converted where the rate is known."""
    lang = state.lang()
    try:
        scenario = portfolio.scenario_of(index)
    except InputError:
        return []
    code = cell_currency(scenario, asked.path)
    for one in asked.found.currencies:
        rate = rate_between(scenario, one, code)
        if rate is not None:
            return [
                (
                    f"{formats.exact_money(value, one, lang)} = "
                    f"{formats.exact_money(round(value * rate, 2), code, lang)}",
                    round(value * rate, 2),
                )
                for value in asked.found.readings
            ]
    return []


def _pages(page: int, pages: int, found: int, rows: int, lang: Lang) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="portfolio_pages"):
        first, last = page * PAGE + 1, min(found, (page + 1) * PAGE)
        key = "page_of" if found == rows else "page_of_found"
        st.caption(
            say(
                lang,
                f"portfolio_page.{key}",
                first=f"{first:,}",
                last=f"{last:,}",
                found=f"{found:,}",
                rows=f"{rows:,}",
            ),
            width="content",
        )
        if pages == 1:
            return
        for name, icon, to in (
            ("first", "first_page", 0),
            ("back", "chevron_left", page - 1),
            ("on", "chevron_right", page + 1),
            ("last", "last_page", pages - 1),
        ):
            st.button(
                "",
                key=f"portfolio_page_{name}",
                icon=f":material/{icon}:",
                help=say(lang, f"portfolio_page.page_{name}"),
                disabled=not 0 <= to < pages or to == page,
                on_click=partial(Tab.portfolio_page.put, to),
            )
