"""The verdict beside the KPIs, what is still asked before there is one, and the view "answer": how
probable each KPI is and which target to offer.
"""

import streamlit as st

from funnel_sim.decisions.kpi.check import OFFERED, KpiCheck
from funnel_sim.decisions.kpi.console import counted_otherwise
from funnel_sim.decisions.kpi.own_months import own_months
from funnel_sim.decisions.kpi.review import Remark
from funnel_sim.decisions.kpi.review import remarks as remarks_of
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.kpi import data_probability, spec_probability
from funnel_sim.output.words import formats
from funnel_sim.output.words.kpi import (
    answer_name,
    belief_sentence,
    believed_probability,
    reason_sentence,
    rests_sentence,
    verdict_sentence,
)
from funnel_sim.output.words.kpi_levers import gathered
from funnel_sim.output.words.kpi_offers import counter_offer, offer_row
from funnel_sim.output.words.kpi_remarks import (
    both_counts_sentence,
    console_sentence,
    last_year_sentence,
    pull_sentence,
    remark_sentence,
    spend_sentence,
    spread_sentence,
)
from funnel_sim.output.words.tables import Row
from funnel_sim.output.words.tones import KPI_TONES
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import markup
from funnel_sim.ui.pages.kpi.ready import Ready
from funnel_sim.ui.session import kpi_answers, own_numbers
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.ui.widgets.not_taken import not_taken_mark, not_taken_note
from funnel_sim.ui.widgets.shop import missing_words, own_of
from funnel_sim.ui.widgets.whose import example_note, whose
from funnel_sim.words import Lang, say

_WEIGHTS = {
    "contradiction": ":material/block:",
    "serious": ":material/warning:",
    "note": ":material/info:",
}


_SHOWN = ("not_fitted", "baseline_apart", "below_today", "example_counts")
_LOSES = ("acos_loses", "roas_loses", "acos_loses_console", "roas_loses_console")


def verdict_line(check: KpiCheck, remarks: list[Remark], lang: Lang) -> None:
    """Draw the verdict as one line, for a screen on which the card scrolls away.

    Args:
        remarks: contradictions and gaps of the KPIs.
    """
    with st.container(key="kpi_line"):
        example = own_of(check.scenario).example
        mark = f":gray-badge[{say(lang, 'shop.example')}] " if example else ""
        odds = believed_probability(check.joint, check, lang)
        count = len(check.counted)
        told = say(
            lang, "kpi.one_line" if count > 1 else "kpi.one_line_one", count=count, odds=odds
        )
        st.markdown(
            markup.said(f"{not_taken_mark(lang)}{mark}{_badge(check, remarks, lang)} **{told}**")
        )


def _badge(check: KpiCheck, remarks: list[Remark], lang: Lang) -> str:
    """Return the verdict as a badge; never green where a target may be met at a loss."""
    colour = {"good": "green", "middle": "orange", "bad": "red"}[KPI_TONES[check.verdict]]
    if colour == "green" and any(one.key in _LOSES for one in remarks):
        colour = "orange"
    shown = "gray" if own_of(check.scenario).example else colour
    return f":{shown}-badge[{say(lang, f'kpi.{check.verdict}')}]"


def to_come(scenario: Scenario, lang: Lang) -> None:
    """Draw what is still to be typed before there is a verdict."""
    own = own_numbers.own_of_kpis(scenario)
    not_taken_note(lang)
    st.markdown(f"##### {say(lang, 'steps.to_come')}")
    asked = [say(lang, "steps.need_kpi")]
    if own.missing:
        asked.insert(0, say(lang, "steps.need_shop", names=missing_words(own, lang)))
    st.markdown(
        markup.said("  \n".join(f":material/radio_button_unchecked: {told}" for told in asked))
    )
    st.caption(say(lang, "steps.to_come_note"))
    whose(own, scenario, lang, "kpi")


def counts_to_come(scenario: Scenario, lang: Lang) -> None:
    """Draw that there is no verdict before the counts of a KPI are typed, and where."""
    st.markdown(f"##### {say(lang, 'steps.to_come')}")
    for remark in remarks_of(scenario):
        if remark.key == "example_counts":
            st.warning(
                markup.said(remark_sentence(remark, scenario, lang)), icon=":material/warning:"
            )
    whose(own_numbers.own_of_kpis(scenario), scenario, lang, "kpi")


def verdict(check: KpiCheck, remarks: list[Remark], lang: Lang) -> None:
    """Draw the verdict on all KPIs with its reason, and the remarks that nobody may overlook.

    Args:
        remarks: contradictions and gaps of the KPIs.
    """
    own = own_numbers.own_of_kpis(check.scenario)
    not_taken_note(lang)
    example_note(own, lang)
    st.markdown(
        markup.said(
            f"##### {_badge(check, remarks, lang)} {verdict_sentence(check, lang)}\n\n"
            f"{reason_sentence(check, lang)}"
        )
    )
    whose(own, check.scenario, lang, "kpi")
    for answer in check.answers:
        told, met = last_year_sentence(answer, check.scenario, lang)
        if told:
            (st.warning if met else st.markdown)(markup.said(f":material/event_repeat: {told}"))
        spend = spend_sentence(answer, check.scenario, lang)
        if spend:
            st.warning(markup.said(spend), icon=":material/campaign:")
    small = [rests_sentence(check, lang), belief_sentence(check, lang)]
    with st.expander(say(lang, "kpi.rests_fold"), key="kpi_rests"):
        st.caption(markup.said(" ".join(small)))
    for remark in remarks:
        if remark.weight == "contradiction":
            st.error(
                markup.said(remark_sentence(remark, check.scenario, lang)), icon=":material/block:"
            )
        elif remark.key in (*_SHOWN, *_LOSES):
            st.warning(
                markup.said(remark_sentence(remark, check.scenario, lang)),
                icon=":material/warning:",
            )
        if remark.key == "below_today":
            for told in _why_not_sure(check, remark, lang):
                st.caption(markup.said(told))


def _why_not_sure(check: KpiCheck, remark: Remark, lang: Lang) -> list[str]:
    """Return why a target that a usual month of today meets is nevertheless not safe."""
    out = []
    for answer in check.answers:
        if answer.kpi.id not in remark.kpis or (
            answer.probability.value >= check.scenario.verdicts.safe
        ):
            continue
        pulled = [one for one in kpi_answers.pulls_of(check.scenario) if one.kpi == answer.kpi.id]
        out += [pull_sentence(one, check.scenario, lang) for one in pulled] or [
            spread_sentence(answer, check, lang)
        ]
    return out


def answer_view(result: Result, ready: Ready, lang: Lang) -> None:
    """Draw the probability of each KPI, what to offer instead, and all remarks."""
    check = ready.check
    if check is None:
        return
    scenario = check.scenario
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
    if len(rows) > 1:
        rows.append(
            (
                say(lang, "kpi.together"),
                check.joint.value,
                believed_probability(check.joint, check, lang),
                say(lang, f"kpi.{check.verdict}"),
                KPI_TONES[check.verdict],
            )
        )
    bounds = scenario.verdicts
    figure(
        "kpi_odds",
        say(lang, "kpi.odds_chart"),
        data_probability(rows),
        spec_probability(lang, theme(), (bounds.stretch, bounds.realistic, bounds.safe)),
    )
    st.caption(
        say(
            lang,
            "kpi.bounds",
            safe=formats.percent(bounds.safe, 0),
            realistic=formats.percent(bounds.realistic, 0),
            stretch=formats.percent(bounds.stretch, 0),
        )
    )
    own = {answer.kpi.id: own_months(scenario, answer.kpi) for answer in check.answers}
    known = any(one is not None for one in own.values())
    most = max((one.count for one in own.values() if one is not None), default=0)
    note = say(lang, "kpi.offers_note")
    if known:
        note = f"{note} {say(lang, 'kpi.own_months_note', count=most)}"
    figure_table(
        "kpi_offers",
        [
            offer_row(answer, check, lang, own[answer.kpi.id] if known else False)
            for answer in check.answers
        ],
        [
            say(lang, "kpi.kpi"),
            say(lang, "kpi.odds"),
            say(lang, "kpi.typical"),
            *([say(lang, "kpi.own_months")] if known else []),
            *(say(lang, "kpi.at_odds", odds=formats.percent(p, 0)) for p in OFFERED),
        ],
        say(lang, "kpi.offers"),
        title=say(lang, "kpi.offers"),
        note=note,
    )
    pulled = [
        markup.said(pull_sentence(one, scenario, lang)) for one in kpi_answers.pulls_of(scenario)
    ]
    for text in _by_either_count(check, lang):
        st.markdown(markup.said(f":material/compare_arrows: {text}"))
    if pulled:
        with st.expander(say(lang, "kpi.why_fold"), key="kpi_why"):
            for text in pulled:
                st.caption(text)
    with st.expander(say(lang, "kpi.offer_fold"), key="kpi_offer", icon=":material/content_copy:"):
        chance: float = st.selectbox(
            say(lang, "kpi.offer_at"),
            OFFERED,
            index=1,
            key=f"kpi_chance_{lang}",
            format_func=lambda p: formats.percent(float(p), 0),
            width=220,
        )
        st.code(counter_offer(check, lang, chance), language=None, wrap_lines=True)
    _by_month(check, lang)
    _remarks(ready.remarks, scenario, lang)


def _by_either_count(check: KpiCheck, lang: Lang) -> list[str]:
    """Return how probable each KPI of ads is by the console and by the seller's accounts."""
    out = []
    for answer in check.answers:
        if counted_otherwise(check.at, answer.kpi) is not None:
            found = kpi_answers.definitions_of(check.scenario, answer.kpi.id)
            console = console_sentence(answer, check.at, lang)
            out.append(
                " ".join(filter(None, (both_counts_sentence(answer, found, check, lang), console)))
            )
    return out


def _by_month(check: KpiCheck, lang: Lang) -> None:
    with st.expander(say(lang, "kpi.by_month"), key="kpi_by_month", on_change="rerun") as fold:
        if not fold.open:
            return
        months = range(len(check.joint_by_month))
        heads = [say(lang, "kpi.kpi"), *(say(lang, "kpi.month", month=m + 1) for m in months)]
        rows = [
            Row(
                "",
                answer_name(a, check, lang),
                tuple(formats.percent(float(v), 0) for v in a.by_month),
            )
            for a in check.answers
        ]
        rows.append(
            Row(
                "",
                say(lang, "kpi.together"),
                tuple(formats.percent(float(v), 0) for v in check.joint_by_month),
            )
        )
        figure_table(
            "kpi_months",
            rows,
            heads,
            say(lang, "kpi.by_month"),
            note=say(lang, "kpi.by_month_note"),
        )
        firsts = [
            Row(
                "",
                answer_name(a, check, lang),
                (formats.percent(a.breaks_first, 0), formats.percent(1 - a.probability.value, 0)),
            )
            for a in check.answers
        ]
        figure_table(
            "kpi_first",
            firsts,
            [say(lang, "kpi.kpi"), say(lang, "kpi.breaks_first"), say(lang, "kpi.place")],
            say(lang, "kpi.breaks_first"),
        )


def _remarks(remarks: list[Remark], scenario: Scenario, lang: Lang) -> None:
    every = gathered(remarks)
    if not every:
        st.caption(f"**{say(lang, 'kpi.review')}** {say(lang, 'kpi.review_none')}")
        return
    title = say(lang, "kpi.review_fold", review=say(lang, "kpi.review"), count=len(every))
    with st.expander(title, key="kpi_review", icon=_WEIGHTS[every[0].weight]):
        for remark in every:
            text = remark_sentence(remark, scenario, lang)
            st.markdown(markup.said(f"{_WEIGHTS[remark.weight]} {text}"))
