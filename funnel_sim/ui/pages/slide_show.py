"""Presentation: one message a screen with its chart, in large type, inputs folded away; next and
previous by key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.found import Found
from funnel_sim.decisions.kpi.check import KpiCheck
from funnel_sim.decisions.quote.our_offer import OurOffer
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.chance import data_distribution, spec_distribution
from funnel_sim.output.charts.customers import data_payback, spec_payback
from funnel_sim.output.charts.kpi import data_probability, spec_probability
from funnel_sim.output.charts.ledger import data_waterfall, spec_waterfall, waterfall_room
from funnel_sim.output.charts.style import enlarged
from funnel_sim.output.documents.chapters.contracts import against
from funnel_sim.output.documents.story import Bar, bars, message, points, steps
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.contract_check import clause_text
from funnel_sim.output.words.figure_names import name_of, told
from funnel_sim.output.words.kpi import answer_name, believed_probability, reason_sentence
from funnel_sim.output.words.kpi_offers import counter_short
from funnel_sim.output.words.our_offer import guarantee_heads, guarantee_rows, with_offer_names
from funnel_sim.output.words.quote_amounts import money
from funnel_sim.output.words.tones import KPI_TONES
from funnel_sim.scenario.alternatives import only_priced
from funnel_sim.scenario.in_force import five_paths
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.roles import role
from funnel_sim.ui.session import calls, chance_answers, kpi_answers, quote_answers, state
from funnel_sim.ui.session.static import static
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.fields import field
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.ui.widgets.refusals import elsewhere
from funnel_sim.words import Lang, say

_CSS = static("present.css")
_LONG, _EASTERN = (
    110,
    0x2E80,
)  # half-widths of a message that no longer fits two lines; where letters become twice as wide
_SMALLER = "[data-testid=stMain] h2 { font-size: clamp(22px, 2.5vw, 32px) !important; }"
_KEYS = st.components.v2.component(
    "funnel_sim_keys",
    js=static("present.js"),
)


_LARGER = 1.35  # letters of charts against those on the other pages


@dataclass(frozen=True)
class Slide:
    """One screen: its message, and what draws beneath it."""

    message: str
    draw: Callable[[], None]


_MOST_ROWS, _MOST_SENTENCES, _FEW_BARS = 6, 4, 3


@dataclass(frozen=True)
class Show:
    """The steps of the story, which of them is on the screen, and its screen."""

    steps: tuple[str, ...]
    at: int
    slide: Slide


def prepare(result: Result) -> Show:
    """Return the screen that is shown; only that one is worked out, so that each is live."""
    lang = state.lang()
    shown = only_priced(result.scenario)
    if role() == "sales":
        shown = with_offer_names(shown, lang)
    if shown is not result.scenario:
        result = calls.result_of(shown)
    known = [
        step
        for step in steps(result.scenario, ours=role() == "sales")
        if step not in _MAY_LACK or _has(step, result)
    ]
    at = min(max(0, int(tab.slide)), len(known) - 1)
    try:
        slide = _slide(known[at], result, lang)
    except InputError as error:
        slide = Slide(error.sentences(lang)[0], partial(elsewhere, error, lang, "slide"))
    return Show(tuple(known), at, slide)


_MAY_LACK = ("now", "customers")


def _has(step: str, result: Result) -> bool:
    return bool(message(step, Found(result), None, state.lang())) and (
        step != "now" or result.per("profit", "order") is not None
    )


def _slide(step: str, result: Result, lang: Lang) -> Slide:
    scenario = result.scenario
    if step in ("now", "months", "customers", "kpis"):
        made = {"now": _waterfall, "months": _odds, "customers": _worth, "kpis": _kpis}
        found = made[step](result, lang)
        return Slide(say(lang, "economics.no_orders"), lambda: None) if found is None else found
    ours = _ours(scenario) if role() == "sales" else None
    found_now = _found(step, result, ours)
    text = message(step, found_now, ours, lang)
    told = points(step, found_now, ours, lang)

    def body() -> None:
        if step in ("reach", "charge", "compare"):
            _bars(
                bars(step, found_now, ours, lang),
                lang,
                small=ours is None and step == "reach" and found_now.check is not None,
            )
        if step == "compare" and found_now.answers is not None:
            st.caption(say(lang, "story.compare"))
        if step == "protect":
            if ours is not None:
                _guarantees(ours, lang)
            elif found_now.contracts:
                _sentences(found_now, lang)
        if step == "reach" and ours is None and found_now.check is not None:
            _kpi_chart(found_now.check, lang)
        if step == "protect" and ours is not None:
            _text(told[:-1])
            st.caption(said(told[-1]))
        else:
            _text(told)

    return Slide(text, body)


def _ours(scenario: Scenario) -> OurOffer | None:
    mine = [one for one in scenario.options if one.kind == "quote" and one.compared]
    shown = next((one for one in mine if one.id == tab.quote_shown), mine[0] if mine else None)
    return None if shown is None else quote_answers.ours_of(scenario, shown.id)


def _check(scenario: Scenario) -> KpiCheck | None:
    """Return the check of the KPIs; None where they cannot be tested yet."""
    try:
        return kpi_answers.check_of(scenario)[0]
    except InputError:
        return None


def _found(step: str, result: Result, ours: OurOffer | None) -> Found:
    """Return what a step of an offer needs, and no more."""
    scenario = result.scenario
    if ours is not None:
        return Found(result)
    quotes = any(one.kind == "quote" and one.compared for one in scenario.options)
    answers = quote_answers.quotes_of(scenario) if quotes else None
    check = _check(scenario) if scenario.kpis and step in ("reach", "next") else None
    if step not in ("protect", "next"):
        return Found(result, answers=answers, check=check)
    mine = [one for one in scenario.options if one.kind == "quote" and one.compared]
    contracts = tuple(quote_answers.contract_of(scenario, one.id) for one in mine)
    measured = quote_answers.measure_of(scenario) if step == "next" and mine else None
    odds = (
        chance_answers.distribution_of(scenario, "profit", 0.0, LIVE)
        if step == "next" and not mine
        else None
    )
    return Found(
        result,
        answers=answers,
        check=check,
        contracts=contracts,
        measured=measured,
        estimate=None if odds is None else odds.estimate,
    )


def draw(result: Result, show: Show) -> None:
    """Draw one screen, and beside it the numbers where they are open."""
    lang, at, slides, slide = state.lang(), show.at, show.steps, show.slide

    def pressed() -> None:
        value = str(tab.typed("present_keys", {}).get("pressed") or "").split("|", maxsplit=1)[0]
        if value == "leave" and tab.present_inputs:
            tab.present_inputs = False
        elif value == "leave":
            tab.present_leave = True
        elif value == "inputs":
            _toggle()
        elif value:
            _step(1 if value == "next" else -1, len(slides))

    _KEYS(key="present_keys", data={"at": at}, on_pressed_change=pressed)
    if tab.once(Tab.present_leave):
        shell.go(tab.page_before)
    small = _SMALLER if sum(1 + (ord(c) > _EASTERN) for c in slide.message) > _LONG else ""
    st.html(f"<style>{_CSS}{small}</style><span class='present-here'></span>")
    if result.scenario.history.engaged() and result.scenario.signed_option() is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="present_signed"):
            st.caption(say(lang, "present.signed"))
            if st.button(say(lang, "present.to_review"), key="present_review", type="tertiary"):
                Tab.review_view.put("report")
                shell.go("monthly_review")
    st.markdown(said(f"## {slide.message}"))
    slide.draw()
    if tab.present_inputs:
        _drawer(result.scenario, lang)
    with st.container(
        horizontal=True,
        horizontal_alignment="center",
        vertical_alignment="center",
        key="present_controls",
    ):
        _turn("back", -1, len(slides), at == 0)
        st.caption(say(lang, "present.at", at=at + 1, of=len(slides)), width="content")
        _turn("next", 1, len(slides), at == len(slides) - 1)
        st.button(
            say(lang, "present.inputs"),
            key="present_inputs_button",
            icon=":material/tune:",
            type="tertiary",
            on_click=_toggle,
        )
        st.button(
            say(lang, "present.leave"),
            key="present_leave_button",
            icon=":material/close:",
            type="tertiary",
            on_click=lambda: Tab.present_leave.put(True),
        )
        st.caption(say(lang, "present.keys"), width="content")


def _toggle() -> None:
    tab.present_inputs = not tab.present_inputs


def _drawer(scenario: Scenario, lang: Lang) -> None:
    """Draw the five numbers, and of an offer its fee and its promise, beside the screen."""
    with st.container(key="present_drawer", border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{say(lang, 'present.inputs')}**")
            st.button(
                say(lang, "frame.close"),
                key="present_drawer_close",
                icon=":material/close:",
                type="tertiary",
                on_click=_toggle,
            )
        for path in five_paths(scenario):
            field(path, note=False)
        mine = [one for one in scenario.options if one.kind == "quote" and one.compared]
        for name in ("base", "claimed") if mine else ():
            field(f"options.{mine[0].id}.{name}", note=False)


def _turn(way: str, by: int, count: int, at_the_end: bool) -> None:
    icon = ":material/arrow_back:" if by < 0 else ":material/arrow_forward:"
    st.button(
        say(state.lang(), f"present.{way}"),
        key=f"present_{way}",
        icon=icon,
        disabled=at_the_end,
        on_click=_step,
        args=(by, count),
    )


def _step(by: int, count: int) -> None:
    tab.slide = min(max(0, int(tab.slide) + by), count - 1)


def _chart(frame: Any, spec: dict[str, Any], key: str, height: int | None = None) -> None:
    large = enlarged(spec, _LARGER)
    large.pop("title", None)  # the message above says it
    st.vega_lite_chart(
        frame, large | ({"height": height} if height else {}), theme=None, width="stretch", key=key
    )


def _tall_chart(frame: Any, spec: dict[str, Any], key: str) -> None:
    """Draw a chart that stands alone on its screen, as high as the window leaves room for."""
    large = enlarged(spec, _LARGER)
    large.pop("title", None)
    large.pop("height", None)
    with st.container(key="present_tall"):
        st.vega_lite_chart(frame, large, theme=None, width="stretch", height="stretch", key=key)


def _text(sentences: list[str]) -> None:
    st.markdown(said("\n".join(f"- {one}" for one in sentences if one)))


def _waterfall(result: Result, lang: Lang) -> Slide | None:
    order = result.per("profit", "order")
    if order is None:
        return None
    scenario = result.scenario
    parts = {
        "paid": formats.money(result.steady["order_consumer"], scenario.shown, lang),
        "earned": formats.money(abs(order), scenario.shown, lang),
        "orders": formats.orders(result.steady["paid_orders"]),
        "month": formats.rough(result.steady["profit"], scenario.shown, lang),
    }
    message = say(lang, "economics.earns" if order >= 0 else "economics.loses", **parts)
    return Slide(message, lambda: _waterfall_bars(result, lang))


def _waterfall_bars(result: Result, lang: Lang) -> None:
    data, axis = data_waterfall(result, lang), _axis(result.scenario, lang)
    left, right = waterfall_room(data)
    room = (round(_LARGER * left), round(_LARGER * right))
    _tall_chart(data, spec_waterfall(lang, theme(), axis, room), "present_waterfall")
    st.caption(say(lang, "story.margins"))


def _axis(scenario: Scenario, lang: Lang) -> formats.Axis:
    return formats.axis("money", scenario.shown, lang)


def _odds(result: Result, lang: Lang) -> Slide | None:
    scenario = result.scenario
    try:
        found = chance_answers.distribution_of(scenario, "profit", 0.0, LIVE)
    except InputError:
        return None
    bars, estimate = found.bars, found.estimate
    if bars is None:
        return None
    message = say(
        lang,
        "present.odds",
        months=scenario.plan.horizon_months,
        odds=probability_text(estimate.loss, found.run.plan.paths, lang),
        middle=money(estimate.quantiles[0.5], scenario, lang),
    )
    marks = [
        (name, estimate.quantiles[p].value, money(estimate.quantiles[p], scenario, lang))
        for name, p in (("P5", 0.05), ("P50", 0.5), ("P95", 0.95))
    ]
    inside = bars.edges

    def body() -> None:
        frame = data_distribution(
            bars,
            marks,
            0.0,
            lambda v: formats.compact(v, scenario.shown, lang),
            scenario.shown.rate,
            lang=lang,
        )
        signed = bool(inside[0] <= 0 <= inside[-1])
        _tall_chart(
            frame,
            spec_distribution(lang, theme(), _axis(scenario, lang), signed=signed),
            "present_odds",
        )

    return Slide(message, body)


def _worth(result: Result, lang: Lang) -> Slide | None:
    scenario, steady = result.scenario, result.steady
    cac, ltv = steady["cac"], steady["ltv"]
    if cac is None or ltv is None:
        return None
    try:
        _, course, _ = calls.customers_of(scenario)
    except InputError:
        return None
    parts = {
        "cac": formats.money(cac, scenario.shown, lang),
        "ltv": formats.money(ltv, scenario.shown, lang),
        "months": scenario.customers.ltv_horizon,
    }
    message = say(lang, "customers.pays" if ltv >= cac else "customers.does_not_pay", **parts)

    def body() -> None:
        if course is not None:
            _chart(
                data_payback(course, scenario.shown, lang),
                spec_payback(lang, theme(), _axis(scenario, lang)),
                "present_payback",
                330,
            )
            st.caption(say(lang, "customers.payback_title"))
        _text(
            [
                "  ·  ".join(
                    f"{name_of(key, lang)} {told(result, key, lang)}"
                    for key in ("ltv_cac", "payback_months", "break_even_acos")
                )
            ]
        )

    return Slide(message, body)


def _kpis(result: Result, lang: Lang) -> Slide | None:
    check, _ = kpi_answers.check_of(result.scenario)

    def body() -> None:
        _kpi_chart(check, lang)
        _text([reason_sentence(check, lang), counter_short(check, lang)])

    return Slide(message("kpis", Found(result, check=check), None, lang), body)


def _kpi_chart(check: KpiCheck, lang: Lang) -> None:
    rows = [
        (
            answer_name(a, check, lang),
            a.probability.value,
            believed_probability(a.probability, check, lang),
            say(lang, f"kpi.{a.verdict}"),
            KPI_TONES[a.verdict],
        )
        for a in check.answers
    ]
    bounds = check.scenario.verdicts
    _chart(
        data_probability(rows),
        spec_probability(lang, theme(), (bounds.stretch, bounds.realistic, bounds.safe)),
        "present_kpis",
    )


def _guarantees(ours: OurOffer, lang: Lang) -> None:
    figure_table(
        "present_guarantees",
        guarantee_rows(ours, lang, most=_MOST_ROWS),
        guarantee_heads(ours, lang),
        say(lang, "ours.guarantees"),
    )


def _sentences(found: Found, lang: Lang) -> None:
    """Draw the sentences that the first quote's contract lacks most, as the slides have them."""
    check = found.contracts[0]
    bad = [one for one in against(check) if one.state == "bad"][:_MOST_SENTENCES]
    _text([f"**{one.item.name.of(lang)}** {clause_text(one, check, lang)}" for one in bad])


def _bars(rows: list[Bar], lang: Lang, *, small: bool) -> None:
    """Draw the bars of a step in plain HTML: a name, a bar from the common zero, its value; `small`
    where a chart stands below them.
    """
    low = min((row.value for row in rows), default=0.0)
    high = max((row.value for row in rows), default=0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or 1.0
    lines = []
    for row in rows:
        start, wide = (min(row.value, 0.0) - low) / span, abs(row.value) / span
        lines.append(
            f"<div class='fs-bar' data-tone='{row.tone}'><span>{escape(row.name)}</span>"
            f"<i><b style='margin-left:{start:.2%};width:{wide:.2%}'></b></i>"
            f"<strong>{escape(row.text)}</strong></div>"
        )
    look = f"fs-bars{' fs-small' if small else ' fs-many' if len(rows) > _FEW_BARS else ''}"
    st.html(f"<div class='{look}' lang='{lang}'>{''.join(lines)}</div>")
