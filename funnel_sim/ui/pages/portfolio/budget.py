"""The ad budget of a portfolio: how a total is best split over its rows, what that brings, what is
asked, and taking the split over into the rows.
"""

from dataclasses import replace
from typing import Any

import streamlit as st

from funnel_sim.decisions.budget.answer import BudgetAnswer
from funnel_sim.decisions.budget.responses import PortfolioResponses
from funnel_sim.decisions.budget.taken_rows import taken_rows
from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.errors import InputError
from funnel_sim.output.words import formats
from funnel_sim.output.words.budget import BudgetNames
from funnel_sim.reference.portfolio_settings import most_split_rows
from funnel_sim.scenario.budget import BudgetBound, BudgetTerms
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.budget import answer
from funnel_sim.ui.session import portfolios, state
from funnel_sim.ui.session.budget import budgets_of, rows_budget_of
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.number import money, number
from funnel_sim.ui.widgets.rows import Cell, Rows, editor
from funnel_sim.words import Lang, say

_OF_GOAL = {"profit": (), "gmv": ("profit_floor",), "cheapest": ("gmv_target",)}


def draw(found: Products, lang: Lang) -> None:
    """Draw the part.

    Args:
        found: the portfolio and what its rows bring.
        lang: the language.
    """
    portfolio = found.portfolio
    st.caption(say(lang, "budget.rows_what"))
    responses = budgets_of(portfolio)
    if not responses.names:
        st.info(say(lang, "budget.rows_no_ads"))
        return
    if len(portfolio.rows) > most_split_rows() and not tab.portfolio_splitting:
        st.button(
            say(lang, "budget.rows_go", count=f"{len(responses.names):,}"),
            key="portfolio_budget_go",
            type="primary",
            icon=":material/pie_chart:",
            on_click=lambda: Tab.portfolio_splitting.put(True),
        )
        return
    names = BudgetNames({})
    try:
        with st.spinner(say(lang, "budget.rows_making")):
            split = rows_budget_of(portfolio)
    except InputError as error:
        for told in error.sentences(lang):
            st.error(literal(told))
        _question(portfolio, responses, lang)
        return
    typed_names = tuple(sorted(responses.names, key=len, reverse=True))
    answer.card(
        split,
        names,
        lang,
        lambda: _take(portfolio, split, lang),
        "rows_budget",
        typed_names=typed_names,
    )
    st.markdown(f"##### {say(lang, 'budget.question')}")
    _question(portfolio, responses, lang)
    answer.figures(split, names, lang, "rows_budget")


def _take(portfolio: Portfolio, found: BudgetAnswer, lang: Lang) -> None:
    """Write the best split into the rows."""
    error = portfolios.taken(lambda: taken_rows(portfolio, found))
    for told in error.sentences(lang) if error else ():
        state.notice("error", told)
    if error is None:
        state.notice("success", say(lang, "budget.rows_taken"))


# ---- what is asked
# --------------------------------------------------------------------------------------------


def _asked(**changes: Any) -> bool:
    """Put another question to the portfolio; say why where it is none, and return False."""
    now = tab.portfolio
    assert now is not None

    def made() -> Portfolio:
        rows = changes.get("bounds")
        if rows is None:
            return replace(now, budget=now.budget.but(**changes))
        bounds = [BudgetBound(channel=one["channel"]).but(**one) for one in rows]
        return replace(now, budget=now.budget.but(bounds=bounds))

    error = portfolios.taken(made)
    for told in error.sentences(state.lang()) if error else ():
        state.notice("error", told)
    return error is None


def _question(portfolio: Portfolio, responses: PortfolioResponses, lang: Lang) -> None:
    asked = portfolio.budget
    names = list(_OF_GOAL[asked.budget_goal])
    if asked.budget_goal != "cheapest":
        names.insert(0, "budget_total")
    with st.grid(3, min_column_width=200):
        with st.container():
            _goal(portfolio, lang)
        for name in (*names, "budget_step", "next_spend"):
            with st.container():
                _amount(portfolio, name, lang)
    now = formats.money(float(responses.now.sum()), portfolio.currency, lang)
    st.caption(said(say(lang, "budget.total_now", total=now)))
    _assume(portfolio, lang)
    with st.expander(say(lang, "budget.rows_bounds"), key="rows_budget_bounds"):
        _bounds(portfolio, responses, lang)


def _goal(portfolio: Portfolio, lang: Lang) -> None:
    spec = BudgetTerms.declared("budget_goal")
    assert spec is not None
    assert spec.choices is not None
    words = {str(code): one.of(lang) for code, one in spec.choices.items()}
    key = f"rows_budget_goal_{lang}_{tab.portfolio_number}_{portfolio.budget.budget_goal}"
    st.selectbox(
        spec.label.of(lang),
        list(words),
        index=list(words).index(portfolio.budget.budget_goal),
        key=key,
        format_func=lambda code: words[str(code)],
        on_change=_goal_chosen,
        args=(key,),
    )


def _amount(portfolio: Portfolio, name: str, lang: Lang) -> None:
    spec = BudgetTerms.declared(name)
    assert spec is not None
    number(
        f"{spec.label.of(lang)} ({portfolio.currency})",
        getattr(portfolio.budget, name),
        lambda value: _asked(**{name: value}),
        key=f"rows_budget_{name}_{lang}_{tab.portfolio_number}",
        kind=money(portfolio.currency),
        help_=spec.help.of(lang),
    )


def _assume(portfolio: Portfolio, lang: Lang) -> None:
    spec = BudgetTerms.declared("assume_response")
    assert spec is not None
    now = portfolio.budget.assume_response
    st.toggle(
        spec.label.of(lang),
        value=now,
        key=f"rows_budget_assume_{lang}_{tab.portfolio_number}_{now}",
        help=spec.help.of(lang),
        on_change=_assumed,
        args=(not now,),
    )


def _goal_chosen(key: str) -> None:
    _asked(budget_goal=tab.typed(key))


def _assumed(assume: bool) -> None:
    _asked(assume_response=assume)


def _bounds(portfolio: Portfolio, responses: PortfolioResponses, lang: Lang) -> None:
    st.caption(say(lang, "budget.rows_bounds_help"))
    rows = [one.model_dump(mode="json") for one in portfolio.budget.bounds]
    bound = {row["channel"] for row in rows}
    free = [name for name in responses.names if name not in bound]

    def cells(_: int, row: dict[str, Any]) -> list[Cell]:
        offered = {one: literal(one) for one in (row["channel"], *free)}
        kind = money(portfolio.currency)
        low, high = (
            f"{say(lang, f'budget.{name}')} ({portfolio.currency})" for name in ("low", "high")
        )
        return [
            Cell(name="channel", label=say(lang, "budget.row"), choices=offered, width=4),
            Cell(name="low", label=low, kind=kind),
            Cell(name="high", label=high, kind=kind),
        ]

    def added() -> list[dict[str, Any]]:
        return [*rows, BudgetBound(channel=free[0]).model_dump(mode="json")] if free else rows

    editor(
        Rows(
            path=f"portfolio.budget.bounds.{tab.portfolio_number}",
            rows=rows,
            cells=cells,
            save=lambda changed: _asked(bounds=changed),
            add=(say(lang, "budget.bounds_add"), added, bool(free)),
        )
    )
