"""Who sits before the screen: what is shown first differs, the numbers do not; and what sales keeps
to itself.

What sales types about its own cost lives in this tab's memory only, never in the scenario: no link,
file or page of the client can hold it.
"""

from functools import partial

import streamlit as st

from funnel_sim.decisions.quote.answer import Answer
from funnel_sim.decisions.quote.fee_from_cost import serving_cost
from funnel_sim.errors import InputError
from funnel_sim.model.sheet import is_dust
from funnel_sim.output.words import formats
from funnel_sim.output.words.quote_amounts import centre_with_margin, money
from funnel_sim.output.words.quote_serving import serving_parts, serving_ranges
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.quantity import likely
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import said
from funnel_sim.ui.session import calls
from funnel_sim.ui.session.tab import ROLES, Role, tab
from funnel_sim.ui.widgets import fee_from_cost
from funnel_sim.ui.widgets.number import Kind, number
from funnel_sim.words import Lang, say

DOORS: dict[str, Role] = {"quote": "client", "pitch": "sales", "kpi": "seller"}
STRIP: dict[Role, tuple[str, ...]] = {
    "client": ("profit", "order_profit", "margin", "cac", "ltv", "break_even_acos"),
    "sales": ("gmv", "profit", "margin", "order_profit", "ltv", "cac"),
    "seller": ("break_even_acos", "order_profit", "profit", "margin", "cac", "ltv"),
}
_OWN = ("people", "pay", "on_cost", "other")

_PERCENT = 100.0
_MOST_ON_COST = 2.0


def role() -> Role:
    """Return who sits before the screen."""
    return tab.role


def set_role(new: Role) -> None:
    """Choose who sits before the screen."""
    tab.role = new


def chooser(lang: Lang) -> None:
    """Draw the choice in the sidebar."""
    key = f"role_{lang}_{role()}"
    st.segmented_control(
        say(lang, "role.title"),
        list(ROLES),
        default=role(),
        key=key,
        required=True,
        help=say(lang, "role.help"),
        format_func=lambda one: say(lang, f"role.{one}"),
        on_change=lambda: set_role(tab.typed(key, role())),
    )
    st.caption(say(lang, f"role.{role()}_sees"))


# ---- what sales keeps to itself
# ------------------------------------------------------------------------------


def _kept() -> dict[str, dict[str, float | None]]:
    return tab.private


def with_private(scenario: Scenario, option: str) -> Scenario:
    """Return the scenario with the cost that sales typed for one quote; for this tab's eyes
    only.
    """
    typed = {
        f"options.{option}.serving_{name}": value
        for name, value in _kept().get(option, {}).items()
        if value is not None
    }
    return scenario.replace(typed) if typed else scenario


def margin(answer: Answer, scenario: Scenario, lang: Lang) -> None:
    """Draw, for sales alone, its own cost and margin of a quote; behind a click, for the screen may
    be shared.
    """
    if role() != "sales" or answer.option.kind != "quote":
        return
    with st.popover(
        say(lang, "role.margin"), icon=":material/lock:", key="role_margin", on_change="rerun"
    ) as fold:
        if fold.open:
            _margin(answer, scenario, lang)


def _keep(mine: dict[str, float | None], name: str, value: float | None) -> None:
    mine[name] = value


def _margin(answer: Answer, scenario: Scenario, lang: Lang) -> None:
    option = answer.option.id
    st.caption(say(lang, "role.margin_help"))
    mine = _kept().setdefault(option, {})
    bare = serving_cost(
        scenario,
        answer.option.but(**{f"serving_{name}": 0.0 if name == "other" else None for name in _OWN}),
    )
    usual = {name: getattr(bare, name) for name in _OWN}
    for name in _OWN:
        key = f"private_{option}_{name}_{lang}"
        unit = "" if name in ("people", "on_cost") else f" ({scenario.cost_currency})"
        share = name == "on_cost"
        kind = Kind(
            Unit.RATE if share else Unit.COUNT,
            scenario.cost_currency if unit else "",
            digits=2,
            low=0.0,
            high=_MOST_ON_COST if share else None,
        )
        label = f"{say(lang, f'role.own_{name}')}{unit}"
        here = formats.number(
            usual[name] * (_PERCENT if share else 1.0), 2 if name == "people" else 1
        )
        number(label, mine.get(name), partial(_keep, mine, name), key=key, kind=kind, empty=here)
    try:
        found = calls.quotes_of(with_private(scenario, option)).of(option)
    except InputError as error:
        st.error(error.sentences(lang)[0])
        return
    mine_in = with_private(scenario, option)
    cost = serving_cost(mine_in, next(one for one in mine_in.options if one.id == option))
    whole = formats.compact(
        found.believed.serving * likely(scenario.fx_rate), scenario.cost_currency, lang
    )
    parts = serving_parts(cost, scenario, lang)
    told = [
        say(
            lang,
            "role.margin_parts",
            lasts=formats.number(found.believed.lasts, 1),
            whole=whole,
            **parts,
        ),
        serving_ranges(cost, scenario, lang),
    ]
    st.caption(said(" ".join(told)))
    profit = found.believed.agency
    income = found.believed.income
    rate = None if is_dust(income, found.believed.paid) else profit.centre.value / income
    st.markdown(
        say(
            lang,
            "role.margin_is",
            income=money(found.believed.income, scenario, lang),
            cost=money(found.believed.serving, scenario, lang),
            profit=centre_with_margin(profit, scenario, lang),
            rate=formats.percent(rate),
        ).replace("$", "\\$")
    )
    if scenario.currency != scenario.cost_currency:
        st.caption(
            said(
                say(
                    lang,
                    "role.margin_is_home",
                    cost=whole,
                    rate=formats.exact(likely(scenario.fx_rate)),
                    sales=scenario.currency,
                )
            )
        )
    fee_from_cost.draw(
        next(one for one in mine_in.options if one.id == option), mine_in, lang, "private"
    )
