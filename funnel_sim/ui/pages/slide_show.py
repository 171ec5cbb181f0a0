"""Presentation: one message a screen with its chart, in large type, inputs folded away; next and
previous by key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.quote.answer import Answer, Answers
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.chance import data_distribution, spec_distribution
from funnel_sim.output.charts.customers import data_payback, spec_payback
from funnel_sim.output.charts.kpi import data_odds, spec_odds
from funnel_sim.output.charts.ledger import data_waterfall, spec_waterfall, waterfall_room
from funnel_sim.output.charts.quote import data_gains, spec_gains
from funnel_sim.output.charts.style import enlarged
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import odds_text
from funnel_sim.output.words.explain import name_of, told
from funnel_sim.output.words.kpi import believed_odds, counter_short, kpi_text, reason_sentence
from funnel_sim.output.words.kpi import verdict_sentence as kpi_sentence
from funnel_sim.output.words.quote import (
    clause_rows,
    clauses_note,
    in_short,
    middle_money,
    money,
    reason_sentences,
    turning_sentence,
    verdict_sentence,
)
from funnel_sim.output.words.shares import mean_note
from funnel_sim.output.words.tones import KPI_TONES, QUOTE_TONES
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.roles import role
from funnel_sim.ui.session import calls, state
from funnel_sim.ui.session.static import static
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figures import figure_table, theme
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


_NOTE = (
    40  # pixels that a note of two lines takes from the chart, so that the screen does not scroll
)


def prepare(result: Result) -> list[Slide]:
    """Return the screens that this scenario has."""
    lang = state.lang()
    slides = [_waterfall(result, lang), _odds(result, lang), _worth(result, lang)]
    if result.scenario.kpis:
        slides.append(_kpis(result, lang))
    if any(option.kind == "quote" and option.compared for option in result.scenario.options):
        slides += _quotes(result, lang)
    return [slide for slide in slides if slide is not None]


def draw(result: Result, slides: list[Slide]) -> None:
    """Draw one screen."""
    lang = state.lang()
    at = min(max(0, int(tab.slide)), len(slides) - 1)

    def pressed() -> None:
        value = str(tab.typed("present_keys", {}).get("pressed") or "").split("|", maxsplit=1)[0]
        if value == "leave":
            tab.present_leave = True
        elif value:
            _step(1 if value == "next" else -1, len(slides))

    _KEYS(key="present_keys", data={"at": at}, on_pressed_change=pressed)
    if tab.once(Tab.present_leave):
        shell.go(tab.page_before)
    slide = slides[at]
    small = _SMALLER if sum(1 + (ord(c) > _EASTERN) for c in slide.message) > _LONG else ""
    st.html(f"<style>{_CSS}{small}</style><span class='present-here'></span>")
    st.markdown(said(f"## {slide.message}"))
    slide.draw()
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
            say(lang, "present.leave"),
            key="present_leave_button",
            icon=":material/close:",
            type="tertiary",
            on_click=lambda: Tab.present_leave.put(True),
        )
        st.caption(say(lang, "present.keys"), width="content")


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


def _text(sentences: list[str]) -> None:
    st.markdown(said("\n".join(f"- {one}" for one in sentences if one)))


def _waterfall(result: Result, lang: Lang) -> Slide | None:
    order = result.per("profit", "order")
    if order is None:
        return None
    scenario = result.scenario
    parts = {
        "paid": formats.money(result.steady["order_consumer"], scenario.currency, lang),
        "earned": formats.money(abs(order), scenario.currency, lang),
        "orders": formats.orders(result.steady["paid_orders"]),
        "month": formats.rough(result.steady["profit"], scenario.currency, lang),
    }
    message = say(lang, "economics.earns" if order >= 0 else "economics.loses", **parts)
    return Slide(message, lambda: _bars(result, lang))


def _bars(result: Result, lang: Lang) -> None:
    data, axis = data_waterfall(result, lang), _axis(result.scenario, lang)
    left, right = waterfall_room(data)
    room = (round(_LARGER * left), round(_LARGER * right))
    _chart(data, spec_waterfall(lang, theme(), axis, room), "present_waterfall", 410)


def _axis(scenario: Scenario, lang: Lang) -> formats.Axis:
    return formats.axis("money", scenario.currency, lang)


def _odds(result: Result, lang: Lang) -> Slide | None:
    scenario = result.scenario
    try:
        found = calls.odds_of(scenario, "profit", 0.0, LIVE)
    except InputError:
        return None
    bars, estimate = found.bars, found.estimate
    if bars is None:
        return None
    message = say(
        lang,
        "present.odds",
        months=scenario.plan.horizon_months,
        odds=odds_text(estimate.loss, found.run.plan.paths, lang),
        middle=money(estimate.quantiles[0.5], scenario, lang),
    )
    marks = [
        (name, estimate.quantiles[p].value, money(estimate.quantiles[p], scenario, lang))
        for name, p in (("P5", 0.05), ("P50", 0.5), ("P95", 0.95))
    ]
    inside = bars.edges

    def body() -> None:
        frame = data_distribution(
            bars, marks, 0.0, lambda v: formats.compact(v, scenario.currency, lang), lang=lang
        )
        signed = bool(inside[0] <= 0 <= inside[-1])
        _chart(
            frame,
            spec_distribution(lang, theme(), _axis(scenario, lang), signed=signed),
            "present_odds",
            420,
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
        "cac": formats.money(cac, scenario.currency, lang),
        "ltv": formats.money(ltv, scenario.currency, lang),
        "months": scenario.customers.ltv_horizon,
    }
    message = say(lang, "customers.pays" if ltv >= cac else "customers.does_not_pay", **parts)

    def body() -> None:
        if course is not None:
            _chart(
                data_payback(course, scenario.currency, lang),
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
    try:
        check, _ = calls.check_of(result.scenario)
    except InputError:
        return None
    rows = [
        (
            kpi_text(a.kpi, check.scenario, lang),
            a.odds.value,
            believed_odds(a.odds, check, lang),
            say(lang, f"kpi.{a.verdict}"),
            KPI_TONES[a.verdict],
        )
        for a in check.answers
    ]
    bounds = check.scenario.verdicts

    def body() -> None:
        _chart(
            data_odds(rows),
            spec_odds(lang, theme(), (bounds.stretch, bounds.realistic, bounds.safe)),
            "present_kpis",
        )
        _text([reason_sentence(check, lang), counter_short(check, lang)])

    return Slide(
        say(
            lang,
            "present.headed",
            head=say(lang, f"kpi.{check.verdict}"),
            text=kpi_sentence(check, lang),
        ),
        body,
    )


def _quotes(result: Result, lang: Lang) -> list[Slide]:
    try:
        answers = calls.quotes_of(result.scenario)
    except InputError:
        return []
    quotes = [one for one in answers.options if one.option.kind == "quote"]
    slides = []
    for one in quotes:
        name = option_name(one.option, lang)
        verdict = (
            say(lang, f"quote.{one.verdict}")
            + say(lang, "present.dash")
            + verdict_sentence(one, answers, lang)
        )
        message = say(lang, "present.headed", head=name, text=verdict)
        slides.append(Slide(message, lambda one=one: _one_quote(one, answers, lang)))  # type: ignore[misc]
    slides.append(
        Slide(
            say(lang, "present.clauses", name=option_name(quotes[0].option, lang)),
            lambda: _clauses(quotes[0], answers, lang),
        )
    )
    return slides


def _one_quote(answer: Answer, answers: Answers, lang: Lang) -> None:
    scenario, paths = answers.scenario, answers.plan.paths

    def range_of(one: Answer) -> tuple[float, float, float]:
        low, middle, high = (one.believed.gain.quantiles[p].value for p in (0.1, 0.5, 0.9))
        return low, middle, high

    shown = [one for one in answers.options if one is answer or one.option.kind != "quote"]
    bars = [
        (
            option_name(one.option, lang),
            range_of(one),
            middle_money(one.believed.gain, scenario, lang),
            odds_text(one.believed.better, paths, lang),
            say(lang, f"quote.{one.verdict}"),
            QUOTE_TONES[one.verdict],
        )
        for one in shown
    ]
    st.markdown(said(in_short(answer.option, scenario, lang)))
    why = mean_note(scenario, answer.option, lang)
    if why:
        st.caption(said(why))
    _chart(
        data_gains(bars),
        spec_gains(lang, theme(), _axis(scenario, lang)),
        f"present_quote_{answer.option.id}",
        232 - _NOTE * bool(why),
    )
    st.caption(say(lang, "quote.chart_note"))
    told = [turning_sentence(answer, answers, lang)]
    if (
        role() == "client"
    ):  # what serving costs is an assumption, and not for the agency's own screen
        told += reason_sentences(answer, answers, lang)[-1:]
    _text(told)


def _clauses(answer: Answer, answers: Answers, lang: Lang) -> None:
    found = calls.clauses_of(answers.scenario, answer.option.id)
    largest = sorted(found, key=lambda one: -abs(one.client.centre.value))[:6]
    heads = [
        say(lang, "quote.clause"),
        "",
        say(lang, "quote.to_client"),
        say(lang, "quote.to_agency"),
    ]
    figure_table(
        "present_clauses",
        clause_rows(largest, answer.option, answers.scenario, lang),
        heads,
        say(lang, "quote.view_clauses"),
        words=(1,),
        note=clauses_note(answer.option, lang),
    )
