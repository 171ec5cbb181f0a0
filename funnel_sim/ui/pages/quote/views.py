"""The figures behind the verdict: the comparison, both purses, clauses, incentives, what to find
out first, the term sheet.
"""

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from funnel_sim.decisions.kpi.draws import established
from funnel_sim.decisions.quote.answer import Answers, OptionAnswer
from funnel_sim.decisions.quote.clause_prices import first_kpi
from funnel_sim.output.charts.chance import data_fan, spec_fan
from funnel_sim.output.charts.quote import data_choice, data_gains, spec_choice, spec_gains
from funnel_sim.output.documents.term_sheet import term_sheet_docx, term_sheet_markdown
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.clauses import assumptions, clauses, missing
from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.output.words.quote import nothing_sentence, verdict_word
from funnel_sim.output.words.quote_amounts import middle_money
from funnel_sim.output.words.quote_further import (
    budget_sentences,
    clause_rows,
    clauses_note,
    discount_sentences,
    measure_rows,
    measure_sentence,
    stop_heads,
    stop_rows,
)
from funnel_sim.output.words.quote_serving import serving_sentence
from funnel_sim.output.words.quote_tables import (
    beats_heads,
    beats_rows,
    effect_heads,
    effect_rows,
    error_note,
    gain_heads,
    gain_rows,
    line_rows,
    lines_title,
    money_heads,
    money_rows,
    sides_heads,
    sides_rows,
)
from funnel_sim.output.words.shares import mean_note
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.quote.editor import evidence
from funnel_sim.ui.session import quote_answers
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets import scope
from funnel_sim.ui.widgets.fields import field
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import LANGS, Lang, say

VIEWS = ("answer", "sides", "clauses", "incentives", "measure", "terms")
_KINDS = {"sign": "good", "renegotiate": "middle", "walk_away": "bad"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def view(now: str, name: str, answers: Answers, lang: Lang) -> None:
    """Draw the choice of a view and the view; `name` the option that is shown.

    Args:
        now: name of the view that is shown.
    """
    now = now if now in VIEWS else VIEWS[0]
    key = f"quote_view_{lang}_{tab.revision}"
    st.segmented_control(
        say(lang, "economics.view"),
        VIEWS,
        default=now,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda view: say(lang, f"quote.view_{view}"),
        on_change=lambda: Tab.quote_view.put(tab.typed(key)),
    )
    answer = answers.of(name)
    bodies: dict[str, Callable[[OptionAnswer, Answers, Lang], None]] = {
        "answer": _answer,
        "sides": _sides,
        "clauses": _clauses,
        "incentives": _incentives,
        "measure": _measure,
        "terms": _terms,
    }
    bodies[now](answer, answers, lang)


def _answer(answer: OptionAnswer, answers: Answers, lang: Lang) -> None:
    scenario, paths = answers.scenario, answers.plan.paths
    bars = [
        (
            option_name(one.option, lang),
            _range(one),
            middle_money(one.believed.gain, scenario, lang),
            probability_text(one.believed.better, paths, lang),
            verdict_word(one, lang),
            _KINDS[one.verdict],
        )
        for one in answers.options
    ]
    figure(
        "quote_range",
        say(lang, "quote.chart"),
        data_gains(bars, scenario.shown.rate),
        spec_gains(lang, theme(), formats.axis("money", scenario.shown, lang)),
        say(lang, "quote.chart_note"),
    )
    note = say(
        lang,
        "quote.compare_note",
        paths=formats.number(paths),
        months=scenario.plan.horizon_months,
        currency=scenario.shown,
    )
    error = error_note(answers, lang)
    note += f" {error}" if error else ""
    if established(scenario) and point_value(scenario.customers.repeat_probability):
        note += " " + say(lang, "quote.established")
    figure_table(
        "quote_gains",
        gain_rows(answers, lang),
        gain_heads(lang),
        say(lang, "quote.gain"),
        words=(1,),
        title=say(lang, "quote.gain"),
        note=note,
    )
    figure_table(
        "quote_money",
        money_rows(answers, lang),
        money_heads(lang),
        say(lang, "quote.money"),
        title=say(lang, "quote.money"),
        note=say(lang, "quote.money_note"),
    )
    figure_table(
        "quote_effects",
        effect_rows(answers, lang),
        effect_heads(lang),
        say(lang, "quote.effects"),
        title=say(lang, "quote.effects"),
        note=say(lang, "quote.effects_note"),
    )
    figure_table(
        "quote_lines",
        line_rows(answer, scenario, lang),
        [say(lang, "quote.line"), say(lang, "quote.amount")],
        lines_title(answer, lang),
        title=f"{lines_title(answer, lang)}: {option_name(answer.option, lang)}",
        note=mean_note(scenario, answer.option, lang),
    )
    fan = data_fan(
        answer.believed.cumulative,
        lambda v: formats.compact(v, scenario.shown, lang),
        scenario.shown.rate,
    )
    money = formats.axis("money", scenario.shown, lang)
    figure(
        "quote_course",
        f"{say(lang, 'quote.course')} · {option_name(answer.option, lang)}",
        fan,
        spec_fan(lang, theme(), money, signed=True),
        say(lang, "quote.course_note"),
    )
    with st.expander(say(lang, "quote.beats"), key="quote_beats_fold", on_change="rerun") as fold:
        if fold.open:
            note = say(
                lang,
                "quote.beats_note",
                alike=formats.number(alternatives.effect_correlation(scenario), 1),
            )
            figure_table(
                "quote_beats",
                beats_rows(answers, lang),
                beats_heads(answers, lang),
                say(lang, "quote.beats"),
                note=note,
            )


def _range(one: OptionAnswer) -> tuple[float, float, float]:
    low, middle, high = (one.believed.gain.quantiles[p].value for p in (0.1, 0.5, 0.9))
    return low, middle, high


def _sides(answer: OptionAnswer, answers: Answers, lang: Lang) -> None:
    scenario = answers.scenario
    figure_table(
        "quote_sides",
        sides_rows(answers, lang),
        sides_heads(lang),
        say(lang, "quote.view_sides"),
        title=say(lang, "quote.view_sides"),
        note=say(lang, "quote.sides_note"),
    )
    free = quote_answers.paid_for_nothing(scenario, answer.option.id)
    if answer.believed.paid > 0 and answer.option.paid:
        st.markdown(said(nothing_sentence(answer, free, scenario, lang)))
    st.caption(said(serving_sentence(answer, scenario, lang)))
    if answer.option.paid:
        scope.hours(answer.option, scenario, lang, "sides")
    evidence(scenario, ("serving",), lang, services=(answer.option.service,))


def _clauses(answer: OptionAnswer, answers: Answers, lang: Lang) -> None:
    scenario, option = answers.scenario, answer.option
    key = f"quote_stop_belief_{lang}"
    belief: Literal["believed", "claimed"] = st.segmented_control(
        say(lang, "quote.stop_belief"),
        ["believed", "claimed"],
        default="believed",
        key=key,
        required=True,
        format_func=lambda b: say(lang, f"quote.effect_{b}"),
    )
    heads = [
        say(lang, "quote.clause"),
        "",
        say(lang, "quote.to_client"),
        say(lang, "quote.to_agency"),
    ]
    figure_table(
        "quote_clauses",
        clause_rows(quote_answers.clauses_of(scenario, option.id, belief), option, scenario, lang),
        heads,
        say(lang, "quote.view_clauses"),
        words=(1,),
        title=f"{say(lang, 'quote.view_clauses')}: {option_name(option, lang)}",
        note=clauses_note(option, lang),
    )
    stops = quote_answers.stops_of(scenario, option.id, belief)
    if not stops:
        st.info(say(lang, "quote.no_kpi"))
        return
    decides = option.decided_by or first_kpi(scenario, option)
    kpi = next(one for one in scenario.kpis if one.id == decides)
    st.caption(said(say(lang, "quote.stop_kpi", kpi=kpi_text(kpi, scenario, lang))))
    figure_table(
        "quote_stops",
        stop_rows(stops, scenario, lang),
        stop_heads(lang),
        say(lang, "quote.stop"),
        title=say(lang, "quote.stop"),
        note=say(lang, "quote.stop_note"),
    )


def _incentives(answer: OptionAnswer, answers: Answers, lang: Lang) -> None:
    scenario = answers.scenario
    found = quote_answers.incentives_of(scenario, answer.option.id)

    def show(value: float) -> str:
        return formats.compact(value, scenario.shown, lang)

    for sentence in budget_sentences(found, answer.option, scenario, lang):
        st.markdown(said(sentence))
    money = formats.axis("money", scenario.shown, lang)
    axes = (formats.axis("", scenario.shown, lang), money)
    spec = spec_choice(lang, theme(), axes, say(lang, "quote.budget_level"))
    title = say(lang, "quote.budget_title")
    figure("quote_budget", title, data_choice(found.budget, show, lang, scenario.shown.rate), spec)
    if found.discount is None:
        st.markdown(f"**{say(lang, 'quote.discount_title')}**")
    for sentence in discount_sentences(found, scenario, lang):
        st.markdown(said(sentence))
    if found.discount is not None:
        axes = (formats.axis("rate", scenario.shown, lang), money)
        spec = spec_choice(lang, theme(), axes, say(lang, "quote.discount_level"))
        title = say(lang, "quote.discount_title")
        figure(
            "quote_discount",
            title,
            data_choice(found.discount, show, lang, scenario.shown.rate),
            spec,
        )
    field("comparison.price_elasticity", note=False)


def _measure(answer: OptionAnswer, answers: Answers, lang: Lang) -> None:
    scenario = answers.scenario
    found = quote_answers.measure_of(scenario)
    if found.no_mean:
        st.info(said(measure_sentence(found, scenario, lang)))
        return
    st.markdown(say(lang, "quote.measure_lead"))
    shown = measure_rows(found, scenario, lang)
    if shown:
        figure_table(
            "quote_measure",
            shown,
            [say(lang, "quote.measure_input"), say(lang, "quote.measure_worth")],
            say(lang, "quote.view_measure"),
        )
    else:
        st.info(say(lang, "quote.measure_none"))
    st.caption(said(measure_sentence(found, scenario, lang)))


def _terms(answer: OptionAnswer, answers: Answers, lang: Lang) -> None:
    terms(answer.option, answers.scenario, lang)


def terms(option: Option, scenario: Scenario, lang: Lang) -> None:
    """Draw the term sheet of a quote, to read and as files."""
    st.markdown(say(lang, "quote.terms_lead"))
    key = f"quote_sheet_lang_{lang}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        speech: Lang = st.segmented_control(
            say(lang, "shell.language"),
            list(LANGS),
            default=lang,
            key=key,
            required=True,
            format_func=lambda code: shell.LANGUAGE_NAMES[code],
        )
        name = f"term-sheet-{option.id}-{speech}"
        st.download_button(
            say(lang, "quote.download_docx"),
            partial(term_sheet_docx, scenario, option, speech),
            file_name=f"{name}.docx",
            mime=DOCX,
            on_click="ignore",
            key="quote_docx",
            icon=":material/download:",
        )
        st.download_button(
            say(lang, "quote.download_md"),
            partial(term_sheet_markdown, scenario, option, speech),
            file_name=f"{name}.md",
            mime="text/markdown",
            on_click="ignore",
            key="quote_md",
            icon=":material/download:",
        )
        st.button(
            say(lang, "quote.to_check"),
            icon=":material/gavel:",
            key="quote_to_check",
            on_click=lambda: Tab.quote_part.put("contract"),
        )
    for clause in clauses(scenario, option, speech):
        st.markdown(said(f"**{clause.title}** {clause.text}"))
    for one in assumptions(scenario, option, speech):
        st.caption(said(f"**{one.title}** {one.text}"))
    lacking = missing(scenario, option, speech)
    if lacking:
        st.markdown(f"**{say(speech, 'quote.terms_missing')}**")
        st.markdown(said("\n".join(f"- **{one.title}** {one.text}" for one in lacking)))
