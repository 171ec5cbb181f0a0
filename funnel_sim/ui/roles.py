"""Who sits before the screen: what is shown first differs, the numbers do not; and what sales keeps to itself.

What sales types about its own cost lives in this tab's memory only, never in the scenario: no link, file or page of the client can hold it.
"""

from typing import Any, Literal, cast, get_args

import streamlit as st

from funnel_sim.decisions.quotes import Answer
from funnel_sim.errors import InputError
from funnel_sim.inputs.alternatives import serving
from funnel_sim.inputs.quantity import likely
from funnel_sim.inputs.scenario import Scenario
from funnel_sim.model.sheet import is_dust
from funnel_sim.output import formats
from funnel_sim.output.quotes import money, with_margin
from funnel_sim.ui import calls
from funnel_sim.words import Lang, say

Role = Literal["client", "sales", "seller"]
ROLES: tuple[Role, ...] = get_args(Role)
_ALL = (
    "start",
    "scenario",
    "quotes",
    "contract_check",
    "kpi",
    "unit_economics",
    "risk",
    "customers",
    "conversion_test",
    "compare",
    "present",
    "take_away",
    "method",
)
ORDER: dict[Role, tuple[str, ...]] = {
    "client": _ALL,
    "sales": (
        "start",
        "scenario",
        "present",
        "unit_economics",
        "quotes",
        "compare",
        "risk",
        "customers",
        "kpi",
        "contract_check",
        "conversion_test",
        "take_away",
        "method",
    ),
    "seller": (
        "start",
        "kpi",
        "scenario",
        "unit_economics",
        "risk",
        "customers",
        "conversion_test",
        "compare",
        "quotes",
        "contract_check",
        "present",
        "take_away",
        "method",
    ),
}
DOORS: dict[str, Role] = {"quote": "client", "pitch": "sales", "kpi": "seller"}
STRIP: dict[Role, tuple[str, ...]] = {
    "client": ("profit", "order_profit", "margin", "cac", "ltv", "break_even_acos"),
    "sales": ("gmv", "profit", "margin", "order_profit", "ltv", "cac"),
    "seller": ("break_even_acos", "order_profit", "profit", "margin", "cac", "ltv"),
}
_OWN = ("people", "pay", "other")


def role() -> Role:
    """Return who sits before the screen."""
    return cast("Role", st.session_state.get("role", "client"))


def set_role(new: Role) -> None:
    """Choose who sits before the screen."""
    st.session_state.role = new


def chooser(lang: Lang) -> None:
    """Draw the choice in the sidebar."""
    key = f"role_{lang}_{role()}"
    st.segmented_control(
        say(lang, "role.title"), list(ROLES), default=role(), key=key, required=True, help=say(lang, "role.help"),
        format_func=lambda one: say(lang, f"role.{one}"), on_change=lambda: set_role(st.session_state.get(key, role())),
    )  # fmt: skip


# ---- what sales keeps to itself ------------------------------------------------------------------------------


def _kept() -> dict[str, dict[str, float | None]]:
    return cast("dict[str, dict[str, float | None]]", st.session_state.setdefault("private", {}))


def with_private(scenario: Scenario, option: str) -> Scenario:
    """Return the scenario with the cost that sales typed for one quote; for this tab's eyes only."""
    typed = {f"options.{option}.serving_{name}": value for name, value in _kept().get(option, {}).items() if value is not None}
    return scenario.replace(typed) if typed else scenario


def margin(answer: Answer, scenario: Scenario, lang: Lang) -> None:
    """Draw, for sales alone, its own cost and margin of a quote; behind a click, for the screen may be shared."""
    if role() != "sales" or answer.option.kind != "quote":
        return
    with st.popover(say(lang, "role.margin"), icon=":material/lock:", key="role_margin", on_change="rerun") as fold:
        if fold.open:
            _margin(answer, scenario, lang)


def _margin(answer: Answer, scenario: Scenario, lang: Lang) -> None:
    option = answer.option.id
    st.caption(say(lang, "role.margin_help"))
    mine = _kept().setdefault(option, {})
    usual = {name: likely(serving(scenario, answer.option.service, name).value) for name in ("people", "pay")} | {"other": 0.0}
    for name in _OWN:
        key = f"private_{option}_{name}_{lang}"
        unit = "" if name == "people" else f" ({scenario.cost_currency})"
        typed: Any = st.number_input(
            f"{say(lang, f'role.own_{name}')}{unit}",
            min_value=0.0,
            value=mine.get(name),
            key=key,
            placeholder=formats.number(usual[name], 2 if name == "people" else 1),
            format="%.2f",
        )
        mine[name] = typed
    try:
        found = calls.quotes_of(with_private(scenario, option)).of(option)
    except InputError as error:
        st.error(error.sentences(lang)[0])
        return
    parts = {name: mine[name] if mine[name] is not None else usual[name] for name in _OWN}
    on_cost = likely(serving(scenario, answer.option.service, "on_cost").value)
    st.caption(say(lang, "role.margin_parts", people=f"{parts['people']:g}", pay=formats.money(parts["pay"], scenario.cost_currency, lang), on_cost=formats.percent(on_cost, 1),
                   other=formats.money(parts["other"], scenario.cost_currency, lang), lasts=formats.number(found.believed.lasts, 1)).replace("$", "\\$"))  # fmt: skip
    profit = found.believed.agency
    income = found.believed.income
    rate = None if is_dust(income, found.believed.paid) else profit.mean.value / income
    st.markdown(say(lang, "role.margin_is", income=money(found.believed.income, scenario, lang), cost=money(found.believed.serving, scenario, lang),
                    profit=with_margin(profit.mean, scenario, lang), rate=formats.percent(rate)).replace("$", "\\$"))  # fmt: skip
