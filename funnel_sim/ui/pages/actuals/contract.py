"""Which contract was signed, and from which month on: asked once for the pages after it."""

import streamlit as st

from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import month_name, month_number
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages.actuals import sentence
from funnel_sim.ui.session import own_numbers, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.after_signing import contract_at_hand
from funnel_sim.ui.widgets.fields import field, widget_key
from funnel_sim.ui.widgets.shop import where_shop
from funnel_sim.ui.widgets.store_files import today
from funnel_sim.words import Lang, say

_BACK, _AHEAD = 36, 3
_GO = ":material/arrow_forward:"
_MARK, _SIGNED = "history.engagement_from", "history.signed"


def draw(lang: Lang) -> None:
    """Draw both choices."""
    scenario = state.scenario()
    with st.container(key="actuals_shop"):
        if own_numbers.own_of(scenario).example:
            _shop(scenario, lang)
    left, right = st.columns(2)
    with left:
        _contract(scenario, lang)
    with right:
        _mark(scenario, lang)
    if sentence.can_say(scenario):
        sentence.draw(scenario, lang)


def _shop(scenario: Scenario, lang: Lang) -> None:
    """Ask whose shop it is and what the goods cost, where that is still the example's."""
    left, right = st.columns([5, 2], vertical_alignment="top")
    with left:
        where_shop(scenario, lang)
    with right:
        field("product.unit_cost", note=False)
    st.caption(say(lang, "actuals.shop_example", currency=scenario.currency))


def _contract(scenario: Scenario, lang: Lang) -> None:
    able = {one.id: option_name(one, lang) for one in scenario.options if one.paid}
    if not able:
        st.caption(say(lang, "actuals.contract_empty"))
        if st.button(
            say(lang, "actuals.contract_go"), key="actuals_contract_go", type="tertiary", icon=_GO
        ):
            shell.go("quote_test")
        return
    now, key = contract_at_hand(scenario), widget_key(_SIGNED)
    tab.put(key, "" if now is None else now.id)
    choices = [*(() if now is not None else ("",)), *able]
    st.selectbox(
        say(lang, "actuals.contract"),
        choices,
        key=key,
        format_func=lambda name: able.get(name) or say(lang, "actuals.contract_none"),
        on_change=_chosen,
        args=(_SIGNED, key),
    )
    if now is None and scenario.history.signed:
        st.caption(f":orange[:material/warning: {say(lang, 'actuals.contract_gone')}]")
    elif len(able) == 1:
        st.caption(say(lang, "actuals.contract_only"))
    if now is not None:
        with st.container(horizontal=True, gap="small"):
            for page in ("kpi_check", "quote_test"):  # what it goes by, and its terms
                told = say(lang, f"actuals.to_{page}")
                if st.button(told, key=f"actuals_to_{page}", type="tertiary", icon=_GO):
                    shell.go(page)


def _chosen(path: str, key: str) -> None:
    state.change(path, str(tab.typed(key) or ""))


def _mark(scenario: Scenario, lang: Lang) -> None:
    history = scenario.history
    now = month_number(today()[:7])
    told = [month_number(one) for one in (*history.names(), history.engagement_from) if one]
    first, last = min([now - _BACK, *told]), max([now + _AHEAD, *told])
    key = widget_key(_MARK)
    tab.put(key, history.engagement_from)
    months: list[str] = ["", *(month_name(number) for number in range(last, first - 1, -1))]
    st.selectbox(
        say(lang, "actuals.from_month"),
        months,
        key=key,
        help=say(lang, "actuals.from_help"),
        format_func=lambda month: str(month) or say(lang, "actuals.from_none"),
        on_change=_chosen,
        args=(_MARK, key),
    )
    if history.engagement_from and contract_at_hand(scenario) is not None:
        st.caption(say(lang, "actuals.signed_from", month=history.engagement_from))
    problem = state.problem_at(_MARK)
    if problem is not None:
        told_in = " ".join(one.short(lang, _MARK) for one in problem.problems)
        st.markdown(f":red[:material/error: {literal(told_in)} {say(lang, 'field.kept')}]")
