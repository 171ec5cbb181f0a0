"""Compare: up to five scenarios side by side, base and changes only, differences on the same draws;
and one lever moved, before and after.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from funnel_sim.chance.estimates import Estimate
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.economics.levers import (
    LEVERS,
    books_at,
    current_setting,
    figure_at,
    for_scenario,
    lever,
    settings_range,
    taken_over,
    usable,
)
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import believed, margin_text, probability_text
from funnel_sim.output.words.comparing import FIGURES, change_rows, figure_rows
from funnel_sim.output.words.figure_names import unit_of
from funnel_sim.output.words.headlines import figure_name
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario import files
from funnel_sim.scenario.files import MOST_ASIDE, Aside
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages.portfolio.markets import markets_section
from funnel_sim.ui.session import calls, chance_answers, state
from funnel_sim.ui.session.chance_answers import ScenarioDifference
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.words import Lang, say

MOST = MOST_ASIDE + 1
_STEPS = 41
_LONGEST_NAME = 60
_SPREAD = 0.5


@dataclass(frozen=True)
class Ready:
    """Everything the page shows: the base first, then what is held against it; differences of the
    profit over the plan on the same draws, None where they cannot be told.
    """

    names: list[str]
    results: list[Result]
    differences: list[ScenarioDifference | None]


def kept() -> list[Aside]:
    """Return what was put aside in this tab."""
    return tab.compared


def prepare(result: Result) -> Ready:
    """Return what the page shows now: what was kept, and the scenario at hand last."""
    lang = state.lang()
    shown_in = result.scenario.shown_in
    aside = [replace(one, scenario=one.scenario.but(shown_in=shown_in)) for one in kept()]
    every = [*aside, Aside(say(lang, "compare.now"), result.scenario)]
    results = [calls.result_of(one.scenario) for one in every]
    gaps: list[ScenarioDifference | None] = []
    for one in every[1:]:
        base = every[0].scenario
        if (
            one.scenario.currency != base.currency
            or one.scenario.plan.horizon_months != base.plan.horizon_months
        ):
            gaps.append(None)
            continue
        try:
            gaps.append(
                chance_answers.difference_of(base, one.scenario, "profit", lower=False, paths=LIVE)
            )
        except InputError:
            gaps.append(None)
    return Ready([one.name for one in every], results, gaps)


def draw(result: Result, ready: Ready) -> None:
    """Draw the page."""
    lang = state.lang()
    st.subheader(say(lang, "compare.title"))
    st.markdown(say(lang, "compare.lead"))
    _keeper(result.scenario, lang)
    if kept():
        st.caption(say(lang, "compare.in_tab"))
    stores = [one.scenario for one in ready.results]
    if len({store.product.price for store in stores}) > 1:
        _about_price(stores, lang)
    if len(ready.names) > 1:
        _side_by_side(ready, lang)
    _what_if(result.scenario, lang)
    _markets(result.scenario, lang)


def _markets(scenario: Scenario, lang: Lang) -> None:
    """Draw the product in other markets, worked out once the fold is open."""
    words = say(lang, "markets.title")
    with st.expander(words, key="compare_markets", on_change="rerun") as fold:
        if fold.open:
            markets_section(scenario, lang)


def _keeper(scenario: Scenario, lang: Lang) -> None:
    full = len(kept()) >= MOST - 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"compare_name_{lang}_{len(kept())}"
        st.text_input(
            say(lang, "compare.name"),
            key=key,
            value=scenario.name or say(lang, "compare.variant", number=len(kept()) + 1),
            max_chars=200,
            width=260,
        )
        st.button(
            say(lang, "compare.keep"),
            key="compare_keep",
            icon=":material/push_pin:",
            disabled=full,
            on_click=lambda: _keep(str(tab.typed(key) or "")),
        )
    st.file_uploader(
        say(lang, "compare.file"),
        type=["json"],
        key=f"compare_file_{len(kept())}",
        on_change=_opened,
        args=(f"compare_file_{len(kept())}",),
        disabled=full,
    )
    if full:
        st.caption(say(lang, "compare.full", most=MOST))
    for index, one in enumerate(kept()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{index + 1}** · {literal(one.name)}"
                + (f" :small[:gray[{say(lang, 'compare.base')}]]" if index == 0 else "")
            )
            st.button(
                say(lang, "compare.open"),
                key=f"compare_open_{index}",
                type="tertiary",
                icon=":material/open_in_new:",
                on_click=_open,
                args=(index,),
            )
            st.button(
                say(lang, "compare.remove"),
                key=f"compare_drop_{index}",
                type="tertiary",
                icon=":material/delete:",
                on_click=_drop,
                args=(index,),
            )


def _drop(index: int) -> None:
    del kept()[index]


def _keep(name: str) -> None:
    kept().append(
        Aside(
            name.strip()[:_LONGEST_NAME]
            or say(state.lang(), "compare.variant", number=len(kept()) + 1),
            state.scenario(),
        )
    )


def _open(index: int) -> None:
    state.replace_whole(kept()[index].scenario)


def _opened(key: str) -> None:
    upload = tab.typed(key)
    if upload is None:
        return
    try:
        opened = files.opened(upload.getvalue(), upload.name)
    except InputError as error:
        state.notice("error", error.sentences(state.lang())[0])
        return
    found = opened.scenario
    state.say_version(opened.model)
    kept().append(Aside(found.name or upload.name.removesuffix(".json"), found))


def _side_by_side(ready: Ready, lang: Lang) -> None:
    base, *others = ready.results
    heads = [say(lang, "customers.figure"), *ready.names]
    figure_table(
        "compare_figures",
        figure_rows(ready.results, lang),
        heads,
        say(lang, "compare.figures"),
        title=say(lang, "compare.figures"),
        note=say(lang, "compare.figures_note"),
    )
    figure_table(
        "compare_odds",
        [_odds_row(ready, index, lang) for index in range(len(others))],
        [
            say(lang, "compare.against"),
            *(say(lang, f"compare.{key}") for key in ("profit", "gap", "p10", "p90", "better")),
        ],
        say(lang, "compare.odds"),
        title=say(lang, "compare.odds"),
        note=say(
            lang,
            "compare.odds_note",
            paths=formats.number(LIVE),
            months=base.scenario.plan.horizon_months,
        ),
    )
    changes = change_rows(base.scenario, [other.scenario for other in others], lang)
    if changes is None:
        st.info(say(lang, "risk.other_channels"))
    elif not changes:
        st.info(say(lang, "risk.same"))
    else:
        figure_table(
            "compare_changes",
            changes,
            [say(lang, "compare.input"), *ready.names],
            say(lang, "compare.changes"),
            title=say(lang, "compare.changes"),
        )


def _odds_row(ready: Ready, index: int, lang: Lang) -> Row:
    name, found = ready.names[index + 1], ready.differences[index]
    if found is None:
        return Row("", name, (say(lang, "compare.no_difference"), *[formats.NOTHING] * 4))
    scenario = found.run.scenario
    currency, cost = scenario.shown, scenario.cost_currency

    def text(one: Any) -> str:
        return believed(one, "money", currency, cost, lang)

    def middle(one: Estimate, told: str) -> str:
        return say(lang, "quote.as_median", amount=told) if one.heavy else told

    margin = margin_text(found.gap.centre, "money", currency, cost, lang)
    gap = f"{text(found.gap.centre)} {margin}".strip()
    cells = (
        middle(found.second, text(found.second.centre)),
        middle(found.gap, gap),
        text(found.gap.quantiles[0.1]),
        text(found.gap.quantiles[0.9]),
        probability_text(found.better, found.run.plan.paths, lang),
    )
    return Row("", name, cells, tone="bad" if found.gap.centre.value < 0 else "")


# ---- what if
# -------------------------------------------------------------------------------------------------


def _what_if(scenario: Scenario, lang: Lang) -> None:
    st.markdown(f"**{say(lang, 'compare.what_if')}**")
    levers = [one for one in LEVERS if usable(scenario, one)]
    names = {one.key: one.words.of(lang) for one in levers}
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    chosen = left.selectbox(
        say(lang, "economics.lever"),
        list(names),
        key=f"compare_lever_{lang}",
        format_func=lambda key: names.get(str(key), str(key)),
    )
    moved = for_scenario(lever(chosen), scenario)
    now, (least, most) = current_setting(scenario, moved), settings_range(scenario, moved)
    factors = (
        [float(f) for f in np.linspace(1 - _SPREAD, 1 + _SPREAD, _STEPS)]
        if now
        else [i / (_STEPS - 1) for i in range(_STEPS)]
    )
    top = min(
        most,
        float(
            scenario.fixed.operator_monthly
            if isinstance(scenario.fixed.operator_monthly, float)
            else 0.0
        )
        or _from_nothing(scenario),
    )
    settings = {round(f, 4): min(most, max(least, now * f if now else top * f)) for f in factors}
    factor = right.select_slider(
        say(lang, "compare.move"),
        list(settings),
        value=1.0 if now else 0.0,
        key=f"compare_move_{lang}_{chosen}_{tab.revision}",
        format_func=lambda f: (
            formats.signed_percent(f - 1)
            if now
            else formats.compact(settings[f], scenario.cost_currency, lang)
        ),
    )
    setting = settings.get(factor, now)
    before, after = (books_at(scenario, {chosen: np.array([value])}) for value in (now, setting))
    rows = [
        Row(
            "",
            names[chosen],
            _before_after(before, after, moved.figure, scenario, moved.unit, lang, typed=True),
        )
    ]
    rows += [
        Row(
            key,
            figure_name(key, scenario, lang),
            _before_after(before, after, key, scenario, unit_of(key), lang),
        )
        for key in FIGURES
        if key != "profit_after_work"
        or point_value(scenario.fixed.own_hours)
        or point_value(scenario.fixed.own_hours_per_order)
    ]
    figure_table(
        "compare_what_if",
        rows,
        [
            say(lang, "customers.figure"),
            say(lang, "compare.before"),
            say(lang, "compare.after"),
            say(lang, "compare.change"),
        ],
        say(lang, "compare.what_if"),
        note=say(lang, "compare.what_if_note"),
    )
    if moved.field == "product.price":
        _about_price([scenario], lang)
    if setting != now:
        st.button(
            say(lang, "compare.take"),
            key="compare_take",
            icon=":material/check:",
            on_click=_take,
            args=(str(chosen), setting),
        )


def _about_price(stores: Sequence[Scenario], lang: Lang) -> None:
    """Say that orders do not answer to the price, where they do not in some store."""
    if all(store.conversion.answers_to_price for store in stores):
        return
    st.caption(f":material/info: {say(lang, 'compare.price_alone')}")


def _from_nothing(scenario: Scenario) -> float:
    """Return up to where a lever that stands at nothing is moved: a tenth of a month's sales, in
    the cost currency.
    """
    book = books_at(scenario, {})
    return (
        0.1
        * max(1.0, float(figure_at(book, "gross_sales", 1)[0]))
        * float(figure_at(book, "fx_rate", 1)[0])
    )


def _take(key: str, setting: float) -> None:
    """Take a lever's value over; what is refused is said once."""
    if state.change_all(taken_over(state.scenario(), key, round(setting, 6)), "what_if"):
        tab.revision += 1
        return
    error = state.problem_at("what_if")
    state.problems_forget("what_if")
    if error is not None:
        state.notice("error", error.sentences(state.lang())[0])


def _before_after(
    before: Any,
    after: Any,
    key: str,
    scenario: Scenario,
    unit: str,
    lang: Lang,
    *,
    typed: bool = False,
) -> tuple[str, ...]:
    currency = scenario.currency if typed else scenario.shown
    one, two = (float(figure_at(book, key, 1)[0]) for book in (before, after))

    def text(value: float) -> str:
        return formats.figure(value, unit, currency, scenario.cost_currency, lang)

    gap = formats.change(one, two, unit, currency, scenario.cost_currency, lang)
    return text(one), text(two), gap
