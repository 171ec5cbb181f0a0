"""What is asked: the total, the goal with its floor or target, steps, bounds by channel."""

from typing import Any

import streamlit as st

from funnel_sim.decisions.customer.budgets import ads_bought, budget_now
from funnel_sim.output.words import formats
from funnel_sim.output.words.budget import names_of
from funnel_sim.scenario.budget import BudgetBound
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import state
from funnel_sim.ui.widgets.fields import field
from funnel_sim.ui.widgets.number import money
from funnel_sim.ui.widgets.rows import Cell, Rows, editor, put
from funnel_sim.words import Lang, say

_OF_GOAL = {"profit": (), "gmv": ("profit_floor",), "cheapest": ("gmv_target",)}
_PATH = "budget.bounds"


def draw(scenario: Scenario, lang: Lang) -> None:
    """Draw the question.

    Args:
        scenario: the store.
        lang: the language.
    """
    asked = scenario.budget
    names = ["budget_goal", *_OF_GOAL[asked.budget_goal]]
    if asked.budget_goal != "cheapest":
        names.insert(0, "budget_total")
    with st.grid(3, min_column_width=200):
        for name in (*names, "budget_step", "next_spend"):
            with st.container():
                field(f"budget.{name}", note=False)
    now = formats.money(budget_now(scenario), scenario.currency, lang)
    st.caption(said(say(lang, "budget.total_now", total=now)))
    field("budget.assume_response", note=False)
    with st.expander(say(lang, "budget.bounds_title"), key="budget_bounds", expanded=False):
        _bounds(scenario, lang)


def _bounds(scenario: Scenario, lang: Lang) -> None:
    spec = spec_of(_PATH)
    assert spec is not None
    st.caption(spec.help.of(lang))
    rows: list[dict[str, Any]] = scenario.plain()["budget"]["bounds"]
    words = dict(names_of(scenario, lang).of)
    channels = [one.id for one in ads_bought(scenario)]
    free = [one for one in channels if all(row["channel"] != one for row in rows)]

    def cells(_: int, row: dict[str, Any]) -> list[Cell]:
        here = row["channel"]
        offered = {one: literal(words.get(one, one)) for one in (here, *free)}
        amount = money(scenario.currency)
        labels = {
            name: f"{say(lang, f'budget.{name}')} ({scenario.currency})" for name in ("low", "high")
        }
        return [
            Cell(name="channel", label=say(lang, "budget.channel"), choices=offered, width=4),
            Cell(name="low", label=labels["low"], kind=amount),
            Cell(name="high", label=labels["high"], kind=amount),
        ]

    def added() -> list[dict[str, Any]]:
        return [*rows, BudgetBound(channel=free[0]).model_dump(mode="json")] if free else rows

    editor(
        Rows(
            path=_PATH,
            rows=rows,
            cells=cells,
            save=put(_PATH),
            add=(say(lang, "budget.bounds_add"), added, bool(free)),
        )
    )


def forget(scenario: Scenario) -> None:
    """Take away bounds of channels that are no longer there.

    Args:
        scenario: the store.
    """
    channels = {one.id for one in ads_bought(scenario)}
    kept = [one for one in scenario.plain()["budget"]["bounds"] if one["channel"] in channels]
    if state.change(_PATH, kept):
        state.forget_widget(_PATH)
