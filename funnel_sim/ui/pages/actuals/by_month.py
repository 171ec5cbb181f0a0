"""Months typed by hand: a card a month, what matters first, the rest in a fold."""

import math
from collections.abc import Iterable, Sequence
from functools import partial

import streamlit as st

from funnel_sim.output.words.actual_months import FIRST, MORE, at_odds_sentences
from funnel_sim.scenario.edited_months import with_figure, without_month
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import MONEY, month_name, month_number
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.after_signing import contract_at_hand
from funnel_sim.ui.widgets.fields import widget_key
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.ui.widgets.rows import Cell, EditedRow, Rows, editor
from funnel_sim.ui.widgets.store_files import figure_head, today
from funnel_sim.words import Lang, say

_SHOWN = 3
_YEAR = 12
_WIDE = 104
_PATH = "history.months"


def draw(lang: Lang) -> None:
    """Draw the months that are open, the buttons that add later and earlier ones, and the others to
    be opened.
    """
    scenario = state.scenario()
    shown = shown_months(scenario)
    st.caption(say(lang, "actuals.type_note", currency=scenario.currency))
    coming = _coming(scenario, shown)
    editor(
        Rows(
            path=_PATH,
            rows=[{"id": month} for month in shown],
            cells=lambda _, row: [
                Cell(drawn=partial(_field, row["id"], one, lang)) for one in FIRST
            ],
            save=lambda rows: _save(shown, rows),
            add=(
                say(lang, "actuals.add_month", month=coming),
                lambda: [*({"id": month} for month in shown), {"id": coming}],
                True,
            ),
            card=True,
            head=lambda _, row: _head(scenario, row["id"], lang),
            below=lambda _, row: _below(row["id"], lang),
            across=len(FIRST),
            wide=_WIDE,
        )
    )
    _earlier(scenario, shown, lang)
    closed = [month for month in scenario.history.names() if month not in shown]
    if closed:
        _open_another(closed, lang)


def shown_months(scenario: Scenario) -> list[str]:
    """Return the months whose cards are open: the last ones since the mark, those since it of which
    nothing is known yet, and those that were opened or added; the first month to be typed where
    there is none.
    """
    history = scenario.history
    names = history.names()
    since = [month for month in history.engaged() if month in names]
    last = (since or names)[-_SHOWN:]
    lacking = [one for one in _lacking_since(scenario) if one not in tab.months_shut]
    # a card that was open stays so: one that closed while somebody types would take what is typed
    still = [one for one in tab.months_shown if one in names and one not in tab.months_shut]
    tab.months_shown = sorted({*last, *lacking, *still, *tab.months_open})
    return tab.months_shown or [first_month(scenario)]


def _lacking_since(scenario: Scenario) -> list[str]:
    """Return the months from the mark to the last one that is over of which nothing is known, those
    of the last year.
    """
    history = scenario.history
    if not history.engagement_from:
        return []
    end = max(month_number(one) for one in (*history.names()[-1:], _over()))
    first = max(month_number(history.engagement_from), end - _YEAR + 1)
    return _unknown(scenario, range(first, end + 1))


def _over() -> str:
    """Return the last month that is over."""
    return month_name(month_number(today()[:7]) - 1)


def _unknown(scenario: Scenario, numbers: Iterable[int]) -> list[str]:
    """Return the names of those months of which no figure is known."""
    months = [month_name(number) for number in numbers]
    history = scenario.history
    every = [history.of(figure, months) for figure in (*FIRST, *MORE)]
    return [
        month
        for place, month in enumerate(months)
        if all(math.isnan(values[place]) for values in every)
    ]


def _earlier(scenario: Scenario, shown: Sequence[str], lang: Lang) -> None:
    """Draw the buttons that open the month before the first one, and the year before the mark."""
    begin = month_number(min([*shown, *scenario.history.names()[:1]]))
    mark = scenario.history.engagement_from
    upto = month_number(mark) if mark else begin
    year = [one for one in _unknown(scenario, range(upto - _YEAR, upto)) if one not in shown]
    with st.container(horizontal=True, key="actuals_earlier"):
        st.button(
            say(lang, "actuals.add_earlier", month=month_name(begin - 1)),
            key="actuals_add_earlier",
            icon=":material/add:",
            on_click=_open,
            args=(shown, [month_name(begin - 1)]),
        )
        if year:
            st.button(
                say(lang, "actuals.add_year", months=len(year), month=month_name(upto)),
                key="actuals_add_year",
                icon=":material/calendar_add_on:",
                help=say(lang, "actuals.add_year_help"),
                on_click=_open,
                args=(shown, year),
            )


def _open(shown: Sequence[str], months: Sequence[str]) -> None:
    Tab.months_open.put(sorted({*shown, *months}))
    tab.months_shut = [one for one in tab.months_shut if one not in months]
    tab.revision += 1


def first_month(scenario: Scenario) -> str:
    """Return the month that is typed next: the one after the last, else the mark's, else the last
    one that is over.
    """
    history = scenario.history
    names = history.names()
    if names:
        return month_name(month_number(names[-1]) + 1)
    return history.engagement_from or _over()


def _coming(scenario: Scenario, shown: Sequence[str]) -> str:
    last = max([*shown, *scenario.history.names()[-1:]])
    return month_name(month_number(last) + 1)


def _save(shown: Sequence[str], rows: list[EditedRow]) -> bool:
    """Open the month that was added, or forget the one that was taken away."""
    kept = [str(row["id"]) for row in rows]
    gone = [month for month in shown if month not in kept]
    Tab.months_open.put(kept)
    tab.months_shut = [*(one for one in tab.months_shut if one not in kept), *gone]
    for month in gone:
        if month in state.scenario().history.names():
            return state.change_all(without_month(state.scenario().history, month), _PATH)
    return True


def _head(scenario: Scenario, month: str, lang: Lang) -> str:
    history = scenario.history
    marked = history.engagement_from
    parts = [f"**{month}**"]
    if marked:
        when = "since" if month >= marked else "before"
        colour = "green" if month >= marked else "gray"
        parts.append(f":{colour}-badge[{say(lang, f'actuals.{when}')}]")
    if month >= today()[:7]:
        parts.append(f":orange[:material/hourglass_top: {say(lang, 'actuals.month_running')}]")
    return " ".join(parts)


def _field(month: str, figure: str, lang: Lang) -> None:
    scenario = state.scenario()
    path = f"history.{month}.{figure}"
    [value] = scenario.history.of(figure, [month])

    def changed(new: float | None) -> bool:
        if month not in tab.months_open:
            tab.months_open = [*tab.months_open, month]
        history = state.scenario().history
        return state.change_all(with_figure(history, month, figure, new), path)

    number(
        figure_head(figure, lang),
        None if math.isnan(value) else value,
        changed,
        key=widget_key(path),
        kind=_kind(scenario, figure),
        help_=_help(scenario, figure, lang),
        place=path,
    )
    problem = state.problem_at(path)
    if problem is not None:
        told = " ".join(one.short(lang, path) for one in problem.problems)
        st.markdown(f":small[:red[:material/error: {literal(told)} {say(lang, 'field.kept')}]]")


def _code(scenario: Scenario) -> str:
    option = contract_at_hand(scenario)
    return scenario.cost_currency if option is None else option.currency(scenario)


def _kind(scenario: Scenario, figure: str) -> NumberKind:
    if figure not in MONEY:
        return NumberKind(Unit.COUNT, digits=0, low=0.0)
    code = _code(scenario) if figure == "fees_paid" else scenario.currency
    return NumberKind(Unit.MONEY, code, low=0.0)


def _help(scenario: Scenario, figure: str, lang: Lang) -> str:
    if figure != "fees_paid":
        return ""
    words = "fees_note" if contract_at_hand(scenario) is not None else "fees_no_contract"
    return say(lang, f"actuals.{words}", code=_code(scenario))


def _below(month: str, lang: Lang) -> None:
    """Draw the further figures of a month in a fold, and what of it cannot be."""
    with st.expander(
        say(lang, "actuals.more_figures"), key=f"actuals_more_{month}", on_change="rerun"
    ) as fold:
        if fold.open:
            with st.grid(4, min_column_width=170, gap="small"):
                for figure in MORE:
                    with st.container():
                        _field(month, figure, lang)
            st.caption(_help(state.scenario(), "fees_paid", lang))
    for told in at_odds_sentences(state.scenario(), [month], lang):
        st.markdown(f":orange[:material/warning: {literal(told)}]")


def _open_another(closed: Sequence[str], lang: Lang) -> None:
    key = f"actuals_open_{lang}_{len(tab.months_open)}_{tab.revision}"

    def opened() -> None:
        month = tab.typed(key)
        if month:
            tab.months_open = [*tab.months_open, str(month)]

    left, _ = st.columns([2, 5])
    left.selectbox(
        say(lang, "actuals.open_month"),
        list(reversed(closed)),
        index=None,
        placeholder=say(lang, "actuals.open_none"),
        key=key,
        on_change=opened,
    )
