"""The contract that was signed as one sentence with blanks, typed beside its months: what most
contracts say; a new quote is made of the first blank that is filled.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.quote.sentence import share_rows, simple_share
from funnel_sim.ui.session import state
from funnel_sim.ui.session.quotes import begin
from funnel_sim.ui.session.static import static
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets import promise
from funnel_sim.ui.widgets.after_signing import contract_at_hand
from funnel_sim.ui.widgets.fields import widget_key
from funnel_sim.ui.widgets.number import RATE, NumberKind, money, number
from funnel_sim.words import Lang, say

_MONEY, _SHORT, _CODE = 110, 74, 92
_PATH = "actuals.contract"
_TERM = NumberKind(Unit.COUNT, whole=True, low=1.0)
_PLACES = ("setup", "base", "share_tiers", "term")


def can_say(scenario: Scenario) -> bool:
    """Say whether the sentence can hold the contract: there is none yet, or one alone whose share
    of sales is plain.
    """
    paid = [one for one in scenario.options if one.paid]
    return not paid or (len(paid) == 1 and simple_share(paid[0]))


def draw(scenario: Scenario, lang: Lang) -> None:
    """Draw the sentence."""
    option = contract_at_hand(scenario)
    now = option or Option(id="new")
    code = now.currency(scenario)
    bound, rate = _share(now)
    st.html(f"<style>{static('quote.css')}</style>")  # blanks without their labels, for the eye
    with st.container(key="actuals_contract_sentence", gap="small"):
        with _line():
            promise.words("s_setup", lang)
            _fee("setup", option, now.setup, code, lang)
            promise.words("s_base", lang)
            _fee("base", option, now.base, code, lang)
            promise.words("s_currency", lang)
            _currency(now, scenario, lang)
        with _line():
            promise.words("s_over", lang)
            label = say(lang, "quote.l_over", currency=scenario.currency)
            _blank("share_bound", label, bound, _bound, _MONEY)
            promise.words("s_over_2", lang, currency=scenario.currency)
            label = say(lang, "quote.l_share")
            _blank("share_rate", label, rate, _rate, _SHORT, RATE)
            promise.words("s_share", lang)
            promise.words("s_term", lang)
            label = specs_of(Option)["term"].label.of(lang)
            _blank("term", label, float(now.term), _term, _SHORT, _TERM)
            st.markdown(say(lang, "actuals.contract_months"), width="content")
        st.caption(say(lang, "actuals.contract_blanks", term=Option(id="new").term))
    for name in _PLACES:
        place = f"{_PATH}.{name}"
        problem = state.problem_at(place)
        if problem is not None:
            told = " ".join(one.short(lang, place) for one in problem.problems)
            st.markdown(said(f":red[:material/error: {told} {say(lang, 'field.kept')}]"))


def _line() -> Any:
    return st.container(horizontal=True, vertical_alignment="center", gap="xsmall")


def _fee(name: str, option: Option | None, value: float, code: str, lang: Lang) -> None:
    """Draw an amount; empty while there is no contract, for nobody has said that it is nothing."""
    spec = specs_of(Option)[name]
    shown = None if option is None or not value else value
    label = f"{spec.label.of(lang)} ({code})"
    _blank(name, label, shown, lambda typed: _put({name: typed or 0.0}, name), _MONEY, money(code))


def _blank(
    name: str,
    label: str,
    value: float | None,
    changed: Callable[[Any], bool],
    width: int,
    kind: NumberKind | None = None,
) -> None:
    path = f"{_PATH}.{name}"
    with st.container(width=width):
        number(
            label,
            value,
            changed,
            key=widget_key(path),
            kind=kind or NumberKind(digits=0),
            place=path,
        )


def _currency(now: Option, scenario: Scenario, lang: Lang) -> None:
    codes: dict[str, str] = {"cost": scenario.cost_currency, "sales": scenario.currency}
    choices = list(codes) if len(set(codes.values())) > 1 else [str(now.fee_currency)]
    key = widget_key(f"{_PATH}.currency")
    tab.put(key, now.fee_currency)
    with st.container(width=_CODE):
        st.selectbox(
            specs_of(Option)["fee_currency"].label.of(lang),
            choices,
            key=key,
            format_func=lambda code: codes.get(str(code), str(code)),
            on_change=_currency_chosen,
            args=(key,),
        )


def _currency_chosen(key: str) -> None:
    _put({"fee_currency": tab.typed(key)}, "setup")


def _share(option: Option | None) -> tuple[float | None, float | None]:
    """Return the threshold and the share above it; a threshold is kept until its share is typed."""
    tiers = option.share_tiers if option is not None else []
    held = tab.quote_bound.get(_PATH)
    return tiers[0].upto if len(tiers) > 1 else held, tiers[-1].rate if tiers else None


def _bound(value: float | None) -> bool:
    tab.quote_bound[_PATH] = value
    _, rate = _share(contract_at_hand(state.scenario()))
    return not rate or _put({"share_tiers": share_rows(value, rate)}, "share_tiers")


def _rate(value: float | None) -> bool:
    bound, _ = _share(contract_at_hand(state.scenario()))
    return _put({"share_tiers": share_rows(bound, value)}, "share_tiers")


def _term(value: float | None) -> bool:
    return _put({"term": int(value if value is not None else Option(id="new").term)}, "term")


def _put(values: dict[str, Any], name: str) -> bool:
    """Write to the contract, which is made where there is none.

    Nothing is seeded anew: while the first blank is taken somebody may be typing into the next.
    """
    scenario = state.scenario()
    option = contract_at_hand(scenario)
    if option is not None:
        changes = {f"options.{option.id}.{key}": value for key, value in values.items()}
        return state.change_all(changes, f"{_PATH}.{name}")
    plain = scenario.plain()
    made = {"id": scenario.fresh_option()} | values
    begin({"options": [*plain["options"], made], "kpis": plain["kpis"]}, set(), anew=False)
    return contract_at_hand(state.scenario()) is not None
