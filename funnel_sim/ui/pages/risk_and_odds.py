"""Risk: the odds, the months as they may come, what drives the result, what may happen, two
scenarios on the same draws.
"""

from typing import Any

import numpy as np
import streamlit as st

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.left_out import LeftOut
from funnel_sim.chance.simulation import SIMULATED
from funnel_sim.chance.streams import LIVE, MOST
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.model.ledger import LINE_KEYS
from funnel_sim.model.metrics import less_is_better
from funnel_sim.output.charts.chance import (
    data_distribution,
    data_fan,
    data_tornado,
    spec_distribution,
    spec_fan,
    spec_tornado,
)
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import (
    apart_sentence,
    cut_sentences,
    driver_heads,
    driver_rows,
    flip_sentences,
    heavy_sentence,
    input_name,
    left_out_sentence,
    margin_text,
    measure_first,
    probability_text,
    run_words,
    value_text,
)
from funnel_sim.output.words.figure_names import name_of
from funnel_sim.output.words.tables import GLOSSARY, Row
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.risk.comparison import draw_comparison
from funnel_sim.ui.pages.risk.ready import (
    SIGNED,
    Ready,
    axis_of,
    error_text,
    loss_threshold,
    shown_figure,
)
from funnel_sim.ui.session import address, chance_answers, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets import chance_inputs
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import Card, cards_strip, figure_table, theme
from funnel_sim.ui.widgets.five import five_numbers
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.ui.widgets.refusals import refusal
from funnel_sim.words import Lang, say

VIEWS = ("odds", "drivers", "events", "compare")
_FIRST = (
    "profit",
    "margin",
    "cm3",
    "net_revenue",
    "gmv",
    "paid_orders",
    "roas",
    "acos",
    "cac",
    "ltv_cac",
)
METRICS = tuple(
    dict.fromkeys((*_FIRST, *(key for key in (*GLOSSARY, *LINE_KEYS) if key in SIMULATED)))
)
PATHS = (LIVE, 131_072, MOST)
_ENOUGH_DIGITS = 2
_AS_LIKELY_AS_NOT = 0.5
_WORTH_SAYING = 0.005  # a smaller part of a range that is cut off is said beside the range only


def draw(result: Result, ready: Ready | InputError) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    if isinstance(ready, InputError):
        refusal(ready, lang, "risk")
        chance_inputs.draw()  # where it can be mended
        return
    _strip(ready, lang)
    _verdict(scenario, ready, lang)
    waiting = st.empty()
    five_numbers(note=False, ranged=True)
    left, right = st.columns([7, 3], vertical_alignment="bottom")
    with left:
        key = f"risk_view_{lang}"
        st.segmented_control(
            say(lang, "economics.view"),
            VIEWS,
            default=ready.view,
            key=key,
            required=True,
            label_visibility="collapsed",
            width="stretch",
            format_func=lambda view: say(lang, f"risk.view_{view}"),
            on_change=lambda: Tab.risk_view.put(tab.typed(key)),
        )
    metric_key = f"risk_metric_{lang}"
    right.selectbox(
        say(lang, "risk.figure"),
        METRICS,
        index=METRICS.index(ready.metric),
        key=metric_key,
        label_visibility="collapsed",
        format_func=lambda m: name_of(m, lang) if m in METRICS else str(m),
        on_change=lambda: Tab.risk_metric.put(tab.typed(metric_key)),
    )
    {"odds": _odds, "drivers": _drivers, "events": _events, "compare": draw_comparison}[ready.view](
        result, ready, lang
    )
    if ready.view == "odds":
        waiting = st.empty()  # beside the choice of how many
    _explanation(ready, lang)
    _simulate_more(scenario, ready, waiting, lang)


def _strip(ready: Ready, lang: Lang) -> None:
    found = ready.odds.estimate
    at = found.quantiles
    cards = []
    if ready.metric in SIGNED:
        value = probability_text(found.loss, ready.odds.run.plan.paths, lang)
        cards.append(
            Card(
                "loss",
                say(lang, "risk.loss"),
                value,
                "bad" if found.loss.value >= _AS_LIKELY_AS_NOT else "",
            )
        )
    means = [("mean", found.mean), ("worst", found.expected_shortfall)]
    if found.heavy:  # percentiles stand for the means that do not exist
        means = [
            ("p10", at[0.10]),
            ("p90", at[0.90]),
            *(pair for pair in means if np.isfinite(pair[1].value)),
        ]
    for key, one in (("p5", at[0.05]), ("p50", at[0.50]), ("p95", at[0.95]), *means):
        tone = "bad" if ready.metric in SIGNED and one.value < 0 else ""
        cards.append(Card(key, say(lang, f"risk.{key}"), shown_figure(ready, one, lang), tone))
    cards_strip("risk_strip", cards, Tab.risk_explained.put)


def _verdict(scenario: Scenario, ready: Ready, lang: Lang) -> None:
    found, months = ready.odds.estimate, scenario.plan.horizon_months
    name, middle, low = (
        name_of(ready.metric, lang),
        shown_figure(ready, found.quantiles[0.50], lang),
        shown_figure(ready, found.quantiles[0.05], lang),
    )
    high = shown_figure(ready, found.quantiles[0.95], lang)
    if Sources(scenario).certain:
        told, more = (
            say(lang, "risk.certain", metric=name, value=middle, months=months),
            say(lang, "risk.certain_more"),
        )
    elif ready.metric == "profit":
        odds = probability_text(found.loss, ready.odds.run.plan.paths, lang)
        told, more = (
            say(lang, "risk.lose", odds=odds, months=months),
            say(lang, "risk.half", middle=middle, low=low, high=high),
        )
    else:
        told, more = (
            say(lang, "risk.figure_half", metric=name, middle=middle, months=months),
            say(lang, "risk.figure_ends", low=low, high=high),
        )
    if found.heavy:
        pass  # said below: there is a middle, and no average
    elif not np.isfinite(found.mean.value):
        told, more = say(lang, "risk.nothing", metric=name), ""
    elif found.defined < 1:
        more += " " + say(lang, "risk.partly", metric=name, share=formats.percent(found.defined))
    if found.infinite:
        more += " " + say(lang, "risk.endless", metric=name, share=formats.percent(found.infinite))
    uncertain = not Sources(scenario).certain or scenario.history.had_customers
    if ready.metric == "profit" and uncertain:
        more += (" " if lang == "en" else "") + apart_sentence(
            scenario, found.quantiles[0.50].value, middle, lang
        )
    small = " · ".join(cut_sentences(scenario, lang, least=_WORTH_SAYING))
    missing = chance_answers.left_out_of(scenario) if ready.metric == "profit" else ()
    grey = f"\n\n:small[:gray[{small}]]" if small else ""
    st.markdown(said(f"#### {told}\n\n{more}{grey}"))
    if found.heavy:
        st.warning(
            literal(heavy_sentence(scenario, ready.metric, found, lang)),
            icon=":material/all_inclusive:",
        )
    if missing:
        st.markdown(literal(left_out_sentence(scenario, missing, lang)))
        _offer_ranges(scenario, missing, lang)


def _offer_ranges(scenario: Scenario, missing: tuple[LeftOut, ...], lang: Lang) -> None:
    """Offer a range for each decisive input that has none, the one that moves the profit most
    first.
    """
    with (
        st.expander(say(lang, "risk.left_out_offer"), icon=":material/tune:"),
        st.container(horizontal=True),
    ):
        for one in missing:
            label = say(
                lang,
                "risk.left_out_give",
                input=input_name(scenario, one.path, lang),
                share=formats.percent(one.share, 0),
            )
            st.button(literal(label), key=f"risk_give_{one.path}", on_click=_give, args=(one,))


def _give(one: LeftOut) -> None:
    if state.change(one.path, one.offered):
        state.forget_widget(one.path)


def _method(ready: Ready, lang: Lang) -> str:
    """Return how the figures were simulated, and how far they can be believed."""
    run = say(lang, "risk.run", **run_words(ready.odds.run))
    told = " · ".join(part for part in (run, _digits(ready, lang)) if part)
    return say(lang, "risk.method", told=told)


def _digits(ready: Ready, lang: Lang) -> str:
    found = ready.odds.estimate
    if not np.isfinite(found.mean.value):
        return ""
    digits = {key: one.digits for key, one in (("mean", found.mean), ("p5", found.quantiles[0.05]))}
    if min(digits.values()) >= 15:
        return say(lang, "risk.exact")
    return say(lang, "risk.digits", mean=digits["mean"], p5=digits["p5"])


def _explanation(ready: Ready, lang: Lang) -> None:
    key = tab.once(Tab.risk_explained)
    if key is None:
        return

    @st.dialog(say(lang, f"risk.{key}"), width="medium")
    def dialog() -> None:
        found = ready.odds.estimate
        one = {
            "loss": found.loss,
            "mean": found.mean,
            "worst": found.expected_shortfall,
            "p5": found.quantiles[0.05],
            "p10": found.quantiles[0.1],
            "p50": found.quantiles[0.5],
            "p90": found.quantiles[0.9],
            "p95": found.quantiles[0.95],
        }[key]
        rate = key == "loss"
        value = (
            probability_text(one, ready.odds.run.plan.paths, lang)
            if rate
            else shown_figure(ready, one, lang)
        )
        margin = margin_text(one, "rate", "", "", lang) if rate else error_text(ready, one, lang)
        months = ready.odds.run.scenario.plan.horizon_months
        st.markdown(said(f"#### {name_of(ready.metric, lang)} · {value} {margin}"))
        about = "worst_high" if key == "worst" and less_is_better(ready.metric) else key
        st.markdown(
            say(lang, f"risk.about_{about}", metric=name_of(ready.metric, lang), months=months)
        )
        st.caption(say(lang, "risk.about_margin", **run_words(ready.odds.run)))

    dialog()


# ---- more paths
# ------------------------------------------------------------------------------------------


def _simulate_more(scenario: Scenario, ready: Ready, waiting: Any, lang: Lang) -> None:
    """Simulate the paths asked for, if they are more than the live ones, with a bar and a way out;
    the page stands meanwhile.
    """
    paths = scenario.chance.paths
    if paths <= LIVE or ready.odds.run.plan.paths >= paths:
        return
    with waiting.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, text=say(lang, "risk.simulating", paths=formats.number(paths)))
        st.button(say(lang, "risk.cancel"), key="risk_cancel", on_click=_set_paths, args=(LIVE,))
    shown = [0.0]

    def progress(share: float) -> None:
        if share - shown[0] >= 0.02 or share >= 1:
            shown[0] = share
            bar.progress(
                min(1.0, share), text=say(lang, "risk.simulating", paths=formats.number(paths))
            )

    address.write(
        tab.page, "address_meanwhile"
    )  # a reload before the end of this run asks for as many again
    chance_answers.distribution_of(
        scenario, ready.metric, loss_threshold(ready.metric), paths, progress
    )
    st.rerun()


def _set_paths(paths: int) -> None:
    state.change("chance.paths", paths)


def _choose_paths(ready: Ready, lang: Lang) -> None:
    found = ready.odds.estimate
    now = state.scenario().chance.paths
    options = sorted({*PATHS, now})
    key = f"risk_paths_{lang}"
    if tab.typed(key) != now:  # a cancelled run leaves behind what was chosen in it
        tab.put(key, now)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            say(lang, "risk.paths"),
            options,
            key=key,
            format_func=lambda n: formats.number(n) if isinstance(n, int) else str(n),
            width=220,
            on_change=lambda: _set_paths(int(tab.typed(key) or LIVE)),
        )
        few = min(found.mean.digits, found.quantiles[0.05].digits, found.quantiles[0.95].digits)
        more = next((n for n in PATHS if n > now), None)
        if (
            np.isfinite(found.mean.value)
            and few < _ENOUGH_DIGITS
            and more is not None
            and now <= ready.odds.run.plan.paths
        ):
            st.button(
                say(lang, "risk.more_paths", paths=formats.number(more)),
                key="risk_more",
                icon=":material/add:",
                help=say(lang, "risk.more_paths_help"),
                on_click=_set_paths,
                args=(more,),
            )


def _odds(result: Result, ready: Ready, lang: Lang) -> None:
    axis, factor, show = axis_of(ready.metric)
    found, threshold = ready.odds.estimate, loss_threshold(ready.metric)
    if ready.odds.bars is None:
        return
    signed = threshold is not None
    at = found.quantiles
    marks = [
        (name, at[p].value, shown_figure(ready, at[p], lang))
        for name, p in (("P5", 0.05), ("P50", 0.50), ("P95", 0.95))
    ]
    inside = ready.odds.bars.edges
    signed_here = signed and inside[0] <= 0 <= inside[-1]
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container():
            figure(
                "risk_distribution",
                say(
                    lang,
                    "risk.distribution",
                    metric=name_of(ready.metric, lang),
                    months=result.scenario.plan.horizon_months,
                ),
                data_distribution(ready.odds.bars, marks, threshold, show, factor, lang=lang),
                spec_distribution(lang, theme(), axis, signed=signed_here),
            )
        with st.container():
            figure(
                "risk_fan",
                say(lang, "risk.fan", metric=name_of(ready.metric, lang)),
                data_fan(ready.odds.by_month, show, factor),
                spec_fan(lang, theme(), axis, signed=signed),
            )
    st.caption(
        " ".join(
            part
            for part in (
                say(lang, "risk.odds_note" if signed else "risk.odds_note_plain"),
                _method(ready, lang),
            )
            if part
        )
    )
    _own_level(ready, lang)
    _choose_paths(ready, lang)


def _own_level(ready: Ready, lang: Lang) -> None:
    """Draw a percentile at a level of the user's choice, in a sentence."""
    if not ready.odds.at or not np.isfinite(ready.odds.estimate.mean.value):
        return
    key = f"risk_level_{lang}"
    chosen = int(tab.risk_level)
    with st.container(horizontal=True, vertical_alignment="center"):
        number(
            say(lang, "risk.level"),
            chosen,
            lambda new: Tab.risk_level.put(new or 20),
            key=key,
            width=190,
            kind=NumberKind(Unit.COUNT, whole=True, low=1, high=99),
            help_=say(lang, "risk.level_help"),
        )
        one = ready.odds.at[chosen - 1]
        shown = {
            "name": f"P{chosen}",
            "share": f"{chosen}%",
            "rest": f"{100 - chosen}%",
            "metric": name_of(ready.metric, lang),
            "value": shown_figure(ready, one, lang),
        }
        st.markdown(
            say(
                lang, "risk.level_told", margin=error_text(ready, one, lang) or "± 0", **shown
            ).replace("$", "\\$")
        )


def _drivers(result: Result, ready: Ready, lang: Lang) -> None:
    found = ready.drivers
    assert found is not None
    scenario = result.scenario
    if not found.factors:
        st.info(say(lang, "risk.no_ranges"))
    else:
        if ready.metric == "profit":
            st.markdown(said(f"**{measure_first(found, lang)}**"))
        axis, factor, show = axis_of(ready.metric)
        with st.grid(2, min_column_width=330, gap="medium"):
            with st.container():
                title = say(lang, "risk.tornado", metric=name_of(ready.metric, lang))
                if not found.tornado:
                    st.markdown(f"**{title}**")
                if found.tornado:
                    likely_now = result.horizon[ready.metric] or 0.0
                    data = data_tornado(
                        found.tornado,
                        likely_now,
                        lambda path: input_name(scenario, path, lang),
                        lambda path, v: value_text(scenario, path, v, lang),
                        show,
                        factor,
                    )
                    figure("risk_tornado", title, data, spec_tornado(lang, theme(), axis))
                st.caption(say(lang, "risk.tornado_note"))
            note = say(lang, "risk.factors_note") + (
                " " + say(lang, "risk.grouped")
                if any(len(f.paths) > 1 for f in found.factors)
                else ""
            )
            heads = [say(lang, "risk.input"), *driver_heads(lang)]
            rows = driver_rows(found, lang)
            if ready.metric != "profit":
                heads, rows = (
                    heads[:-1],
                    [Row(r.key, r.name, r.cells[:-1], r.kind, r.tone) for r in rows],
                )
            figure_table(
                "risk_factors",
                rows,
                heads,
                say(lang, "risk.factors"),
                title=say(lang, "risk.factors"),
                note=note,
            )
    st.markdown(f"**{say(lang, 'risk.flips')}**")
    st.markdown(said("\n".join(f"- {line}" for line in flip_sentences(found, lang))))
    st.caption(say(lang, "risk.flips_note"))


def _events(result: Result, ready: Ready, lang: Lang) -> None:
    chance_inputs.draw()
