"""Quote test: the quotes as written, every alternative in the same futures, and whether to sign,
renegotiate or walk away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import streamlit as st

from funnel_sim.decisions.kpi.check import established
from funnel_sim.decisions.quote.answer import Answer, Answers
from funnel_sim.decisions.quote.clause_prices import first_kpi
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.chance import data_fan, spec_fan
from funnel_sim.output.charts.quote import data_choice, data_gains, spec_choice, spec_gains
from funnel_sim.output.documents.term_sheet import term_sheet_docx, term_sheet_markdown
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import odds_text
from funnel_sim.output.words.clauses import clauses, missing
from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.output.words.quote import (
    beats_heads,
    beats_rows,
    belief_of,
    best_sentence,
    budget_sentences,
    clause_rows,
    clauses_note,
    default_sentences,
    discount_sentences,
    effect_heads,
    effect_rows,
    gain_heads,
    gain_rows,
    in_short,
    line_rows,
    lines_title,
    measure_rows,
    measure_sentence,
    middle_money,
    money_heads,
    money_rows,
    nothing_sentence,
    reason_sentences,
    serving_sentence,
    sides_heads,
    sides_rows,
    stop_heads,
    stop_rows,
    usual_rows,
    verdict_sentence,
    verdict_word,
    warnings,
)
from funnel_sim.output.words.shares import mean_note
from funnel_sim.output.words.tones import QUOTE_TONES
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.kpi_templates import fresh_id
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quantity import likely
from funnel_sim.scenario.quote_templates import QuoteTemplate, quote_templates
from funnel_sim.scenario.quotes import ALTERNATIVES, MOST_QUOTES, NEW_QUOTE, Option, Service
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import roles, shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import calls, state
from funnel_sim.ui.widgets import fee_from_cost
from funnel_sim.ui.widgets.contract_rows import kpi_choice, rows
from funnel_sim.ui.widgets.fields import field, source_text, widget_key
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.ui.widgets.store import store_line
from funnel_sim.words import LANGS, Lang, say

VIEWS = ("answer", "sides", "clauses", "incentives", "measure", "terms")
_COLOURS = {"sign": "green", "renegotiate": "orange", "walk_away": "red"}
_FEES: dict[str, str] = {
    "base": "base",
    "setup": "setup",
    "share": "share_tiers",
    "spend": "spend_rate",
}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OWN: dict[str, tuple[str, ...]] = {
    "own_team": ("people", "pay", "on_cost", "start_cost", "tools_monthly"),
    "consultant": ("hours", "hour_rate", "start_cost"),
    "tools": ("tools_monthly", "start_cost"),
    "quote": ("start_cost", "tools_monthly"),
    "flat_fee": ("start_cost", "tools_monthly"),
}
_SAVES = ("hours_saved", "hour_worth")


@dataclass(frozen=True)
class Ready:
    """Everything the page shows, computed before anything is drawn; `answers` None while there is
    no quote.
    """

    view: str
    answers: Answers | None
    shown: str


def quotes_in(scenario: Scenario) -> list[Option]:
    """Return the quotes of a scenario."""
    return [option for option in scenario.options if option.kind == "quote"]


def prepare(result: Result) -> Ready | InputError:
    """Return what the page shows now, or why it cannot be simulated."""
    view = st.session_state.setdefault("quote_view", "answer")
    quotes = [option for option in quotes_in(result.scenario) if option.compared]
    if not quotes:
        return Ready(view, None, "")
    shown = st.session_state.get("quote_shown", "")
    if shown not in [option.id for option in alternatives.options(result.scenario)]:
        shown = quotes[0].id
    try:
        return Ready(view, calls.quotes_of(result.scenario), shown)
    except InputError as error:
        return error


def draw(result: Result, ready: Ready | InputError) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    st.subheader(say(lang, "quote.title"))
    store_line(scenario, lang)
    if not quotes_in(scenario):
        st.markdown(say(lang, "quote.lead"))
        _ready_made(scenario, lang, first=True)
        return
    if isinstance(ready, InputError):
        for sentence in ready.sentences(lang):
            st.error(literal(sentence))
    elif ready.answers is not None:
        _verdict(ready, ready.answers, lang)
    _options(scenario, lang)
    if isinstance(ready, Ready) and ready.answers is not None:
        _view(ready, ready.answers, lang)


# ---- the verdict
# -------------------------------------------------------------------------------------------------


def _verdict(ready: Ready, answers: Answers, lang: Lang) -> None:
    names = {one.option.id: option_name(one.option, lang) for one in answers.options}
    mine = [one.option.id for one in answers.options if one.option.kind == "quote"]
    if len(mine) > 1 or ready.shown not in mine:
        key = f"quote_which_{lang}_{st.session_state.revision}"
        st.segmented_control(
            say(lang, "quote.which"),
            mine,
            default=ready.shown if ready.shown in mine else mine[0],
            key=key,
            required=True,
            label_visibility="collapsed",
            format_func=lambda name: names.get(str(name), str(name)),
            on_change=lambda: st.session_state.update(quote_shown=st.session_state.get(key)),
        )
    answer = answers.of(ready.shown)
    roles.margin(answer, answers.scenario, lang)
    word = say(lang, f"quote.{answer.verdict}")
    st.markdown(
        said(
            f"### :{_COLOURS[answer.verdict]}-badge[{word}]"
            f" {verdict_sentence(answer, answers, lang)}"
        )
    )
    st.markdown(
        said("\n".join(f"- {sentence}" for sentence in reason_sentences(answer, answers, lang)))
    )
    st.markdown(
        said(
            f":small[:gray[{belief_of(answer.option, lang, state.scenario().as_of)}"
            f" {best_sentence(answers, lang)}]]"
        )
    )
    if why := mean_note(answers.scenario, answer.option, lang):
        st.caption(said(why))
    for warning in warnings(answer, answers.scenario, lang):
        st.markdown(said(f":orange[:material/warning: {warning}]"))
    fixed = answers.scenario.fixed
    if (
        likely(fixed.operator_monthly)
        or likely(fixed.operator_rate)
        or answers.scenario.effect != type(answers.scenario.effect)()
    ):
        st.caption(say(lang, "quote.taken_out"))


# ---- the quotes
# --------------------------------------------------------------------------------------------------


def _ready_made(scenario: Scenario, lang: Lang, *, first: bool) -> None:
    full = len(quotes_in(scenario)) >= MOST_QUOTES
    if full:
        st.caption(say(lang, "quote.full", most=MOST_QUOTES))
        return
    with st.grid(3, min_column_width=230, gap="small"):
        for template in quote_templates():
            st.button(
                template.words.of(lang),
                key=f"quote_template_{template.id}_{lang}_{first}",
                width="stretch",
                icon=":material/add:",
                on_click=_add,
                args=(template,),
            )
    typed = likely(scenario.fixed.operator_monthly), likely(scenario.fixed.operator_rate)
    if any(typed):
        fee = " + ".join(
            part
            for part in (
                formats.compact(typed[0], scenario.cost_currency, lang) if typed[0] else "",
                formats.percent(typed[1]) if typed[1] else "",
            )
            if part
        )
        st.button(
            said(say(lang, "quote.take_over", fee=fee)),
            key=f"quote_take_over_{first}",
            icon=":material/move_item:",
            on_click=_take_over,
        )


def _add(template: QuoteTemplate) -> None:
    scenario = state.scenario()
    changes = template.added_to(scenario, lambda one, other: exchange(one, other, scenario.as_of))
    had = {kpi.id for kpi in scenario.kpis}
    _begin(changes, {kpi["id"] for kpi in changes["kpis"]} - had)


def _begin(changes: dict[str, Any], brought: set[str]) -> None:
    """Add the quote that is last among the changed options: with the usual ramp, shown and open;
    remember the KPIs that came with it.
    """
    made = changes["options"][-1] = NEW_QUOTE | changes["options"][-1]
    made.setdefault("ramp", float(alternatives.default(state.scenario(), "flat_fee", "ramp").value))
    _save(changes)
    st.session_state.quote_shown = made["id"]
    st.session_state.setdefault("quote_opened", {})[made["id"]] = True
    st.session_state.setdefault("quote_brought", {})[made["id"]] = brought


def _take_over() -> None:
    scenario = state.scenario()
    monthly, rate = likely(scenario.fixed.operator_monthly), likely(scenario.fixed.operator_rate)
    made: dict[str, Any] = {
        "id": fresh_id("quote", [option.id for option in scenario.options]),
        "base": monthly,
    }
    if rate:
        made |= {"share_tiers": [{"upto": None, "rate": rate}], "share_basis": "net_revenue"}
    _begin(
        {
            "options": [*scenario.plain()["options"], made],
            "fixed.operator_monthly": 0.0,
            "fixed.operator_rate": 0.0,
        },
        set(),
    )


def _save(changes: dict[str, Any]) -> None:
    if state.change_all(changes, "options"):
        st.session_state.revision += 1
        return
    error = state.problem_at("options")
    state.problems_forget("options")
    if error is not None:
        state.notice("error", error.sentences(state.lang())[0])


def _drop(name: str) -> None:
    """Remove an option, and the KPIs that came with it and no other contract names."""
    scenario = state.scenario()
    brought: set[str] = st.session_state.get("quote_brought", {}).pop(name, set())
    others = {
        kpi for option in scenario.options if option.id != name for _, kpi in option.kpis_named()
    }
    plain = scenario.plain()
    kept = [kpi for kpi in plain["kpis"] if kpi["id"] not in brought - others]
    _save({"options": [row for row in plain["options"] if row["id"] != name], "kpis": kept})


def _adopt(option: Option, changes: dict[str, Any] | None = None) -> None:
    _save(
        {
            "options": [
                *state.scenario().plain()["options"],
                option.model_dump(mode="json") | (changes or {}),
            ]
        }
    )


def _options(scenario: Scenario, lang: Lang) -> None:
    quotes = quotes_in(scenario)
    every = [*quotes, *(_alternative(scenario, kind) for kind in ALTERNATIVES)]
    st.markdown(
        f"**{say(lang, 'quote.options', count=len([option for option in every if option.compared]))}**"
    )
    for option in every:
        title = literal(option_name(option, lang))
        if not option.compared:
            st.button(
                say(lang, "quote.show_again", name=title),
                key=f"quote_again_{option.id}",
                type="tertiary",
                icon=":material/visibility:",
                on_click=_compared,
                args=(option.id, True),
            )
            continue
        alone = option.kind == "quote" and len(quotes) == 1
        short = in_short(option, scenario, lang)
        title = f"{title} — {said(short)}" if short else title
        opened: dict[str, bool] = st.session_state.setdefault(
            "quote_opened", {}
        )  # a fold whose title changes would else close while it is edited
        icon = ":material/description:" if option.kind == "quote" else ":material/alt_route:"
        with st.expander(
            title,
            key=f"quote_one_{option.id}",
            on_change="rerun",
            expanded=opened.get(option.id, alone),
            icon=icon,
        ) as fold:
            opened[option.id] = bool(fold.open)
            if fold.open:
                _one(option, scenario, lang)
    with st.expander(
        say(lang, "quote.add"), key="quote_more", on_change="rerun", icon=":material/add:"
    ) as fold:
        if fold.open:
            _ready_made(scenario, lang, first=False)
    with st.expander(
        say(lang, "quote.settings"),
        key="quote_settings",
        on_change="rerun",
        icon=":material/settings:",
    ) as fold:
        if fold.open:
            _fields("comparison", ("sign_odds", "alike"), None)
            _evidence(scenario, ("fading", "protection", "incentives"), lang)


def _alternative(scenario: Scenario, kind: Any) -> Option:
    own = next((option for option in scenario.options if option.kind == kind), None)
    return (
        alternatives.alternative(scenario, kind, calls.alone_of(scenario).figure("paid_orders"))
        if own is None
        else own
    )


def _compared(name: str, compared: bool) -> None:
    if state.change(f"options.{name}.compared", compared):
        st.session_state.revision += 1


def _one(option: Option, scenario: Scenario, lang: Lang) -> None:
    if option.id not in [one.id for one in scenario.options]:  # an alternative by its defaults
        _evidence(scenario, (option.kind,), lang)
        left, right = st.columns(2)
        left.button(
            say(lang, "quote.edit"),
            icon=":material/edit:",
            key=f"quote_edit_{option.id}",
            on_click=_adopt,
            args=(option,),
            width="stretch",
        )
        right.button(
            say(lang, "quote.hide"),
            icon=":material/visibility_off:",
            key=f"quote_hide_{option.id}",
            on_click=_adopt,
            args=(option, {"compared": False}),
            width="stretch",
        )
        return
    path = f"options.{option.id}"
    with st.grid(2, min_column_width=220, gap="small"):
        with st.container():
            field(f"{path}.name", note=False)
        with st.container():
            field(f"{path}.fee_currency", note=False)
    _part(
        "brings",
        option,
        lang,
        lambda: _fields(
            path,
            ("service", "claimed", "effect", "delay", "ramp", "half_life", "ad_budget"),
            option,
            ranged=("effect", "ramp"),
        ),
        open_=True,
    )
    if option.paid:
        _part("fees", option, lang, lambda: _fees(option, lang), open_=True)
        _part("lasts", option, lang, lambda: _lasts(option, lang))
        _part("kpis", option, lang, lambda: _by_kpi(option, lang))
        _part("beside", option, lang, lambda: _beside(option))
    _part(
        "own",
        option,
        lang,
        lambda: _fields(
            path, (*_OWN[option.kind], *_SAVES), option, ranged=(*_OWN[option.kind], *_SAVES)
        ),
        open_=not option.paid,
    )
    if option.paid:
        _part("serving", option, lang, lambda: _serving(option, scenario, lang))
    else:
        _evidence(scenario, (option.kind,), lang, option)
    with st.container(horizontal=True):
        if option.kind == "quote":
            st.button(
                say(lang, "quote.remove"),
                icon=":material/delete:",
                key=widget_key(f"{path}.drop"),
                on_click=_drop,
                args=(option.id,),
            )
        else:
            st.button(
                say(lang, "quote.reset"),
                icon=":material/restart_alt:",
                key=widget_key(f"{path}.drop"),
                on_click=_drop,
                args=(option.id,),
            )
        st.button(
            say(lang, "quote.hide"),
            icon=":material/visibility_off:",
            key=widget_key(f"{path}.hide"),
            on_click=_compared,
            args=(option.id, False),
        )


def _part(
    name: str, option: Option, lang: Lang, body: Callable[[], None], *, open_: bool = False
) -> None:
    with st.expander(
        say(lang, f"quote.form_{name}"),
        key=f"quote_part_{name}_{option.id}",
        on_change="rerun",
        expanded=open_,
    ) as fold:
        if fold.open:
            body()


def _fields(
    path: str, names: tuple[str, ...], option: Option | None, *, ranged: tuple[str, ...] = ()
) -> None:
    with st.grid(3, min_column_width=190, gap="small"):
        for name in names:
            with st.container():
                field(f"{path}.{name}", note=False, ranged=name in ranged)
    if option is not None and "ramp" in names and option.kind == "quote":
        st.caption(said(belief_of(option, state.lang(), state.scenario().as_of)))


def _fees(option: Option, lang: Lang) -> None:
    path = f"options.{option.id}"
    _fields(
        path,
        ("setup", "base", "spend_rate", "order_fee", "floor", "cap", "total_cap", "fee_tax"),
        None,
    )
    rows(option, "share_tiers")
    if option.share_tiers:
        names: tuple[str, ...] = ("share_basis", "share_over", "clawback")
        if len(option.share_tiers) > 1:
            names = (*names, "share_mode", "share_bound", "share_period")
        if option.share_over == "baseline":
            names = (*names, "baseline", "baseline_season")
        _fields(path, names, None)
    with st.expander(
        say(lang, "quote.usual"),
        key=f"quote_usual_{option.id}",
        on_change="rerun",
        icon=":material/menu_book:",
    ) as fold:
        if fold.open:
            _usual(lang)


def _usual(lang: Lang) -> None:
    for clause in ("base", "share", "spend", "setup", "contract"):
        for text, row in usual_rows(clause, lang, state.scenario().as_of):
            st.caption(said(f"{text} — {source_text(row.provenance, state.scenario(), lang)}"))


def _lasts(option: Option, lang: Lang) -> None:
    path = f"options.{option.id}"
    _fields(
        path,
        (
            "term",
            "notice",
            "renewal",
            *(("renewal_months",) if option.renewal != "open" else ()),
            "trial",
            *(("trial_base", "trial_exit") if option.trial else ()),
        ),
        None,
    )
    if not state.scenario().kpis:
        st.caption(say(lang, "quote.kpis_first"))
    spec = specs_of(Option)["decided_by"]
    kpi_choice(
        f"{path}.decided_by",
        spec.label.of(lang),
        option.decided_by,
        lambda kpi: _decides(option, kpi),
        spec.help.of(lang),
    )
    if option.decided_by:
        _fields(
            path,
            ("stop_loss", "stop_share", "stop_months", "stop_from", "miss_share", "patience"),
            None,
        )
    _fields(path, ("exit_fixed", "exit_months", "exit_share"), None)


def _decides(option: Option, kpi: str) -> None:
    changes: dict[str, Any] = {f"options.{option.id}.decided_by": kpi}
    if not kpi:
        changes[f"options.{option.id}.stop_loss"] = False
    state.change_all(changes, f"options.{option.id}.decided_by")


def _by_kpi(option: Option, lang: Lang) -> None:
    if not state.scenario().kpis:
        st.caption(say(lang, "quote.kpis_first"))
    rows(option, "rewards")
    if any(one.kind == "penalty" for one in option.rewards):
        field(f"options.{option.id}.penalty_limited", note=False)
    rows(option, "instalments")


def _beside(option: Option) -> None:
    rebate = ("ads_through", "rebate_rate", *(("rebate_to_client",) if option.rebate_rate else ()))
    _fields(f"options.{option.id}", ("passed_on", *rebate), None)
    rows(option, "extras")


def _serving(option: Option, scenario: Scenario, lang: Lang) -> None:
    names = ("serving_people", "serving_pay", "serving_on_cost", "serving_other")
    _fields(f"options.{option.id}", names, option, ranged=names)
    fee_from_cost.draw(option, scenario, lang)
    _evidence(scenario, ("serving",), lang, services=(option.service,))


def _evidence(
    scenario: Scenario,
    kinds: tuple[str, ...],
    lang: Lang,
    option: Option | None = None,
    services: tuple[Service, ...] | None = None,
) -> None:
    """Draw what defaults rest on; of an option that was changed, only those that still stand in it."""
    usual = (
        None
        if option is None
        else alternatives.alternative(
            scenario, option.kind, calls.alone_of(scenario).figure("paid_orders")
        )
    )
    for text, basis in default_sentences(scenario, kinds, lang, services):
        if (
            option is not None
            and hasattr(option, basis.name)
            and getattr(option, basis.name) != getattr(usual, basis.name)
        ):
            continue
        if basis.provenance is None:
            st.caption(
                said(
                    f"{text} — :orange-badge[{say(lang, 'evidence.assumed')}] {basis.note.of(lang)}"
                )
            )
        else:
            told = " + ".join(_source(row.provenance, scenario, lang) for row in basis.rows)
            st.caption(said(f"{text} — {told} {basis.note.of(lang)}"))


def _source(provenance: Provenance, scenario: Scenario, lang: Lang) -> str:
    return source_text(provenance, scenario, lang)


# ---- the views
# ---------------------------------------------------------------------------------------------------


def _view(ready: Ready, answers: Answers, lang: Lang) -> None:
    now = ready.view if ready.view in VIEWS else VIEWS[0]
    key = f"quote_view_{lang}_{st.session_state.revision}"
    st.segmented_control(
        say(lang, "economics.view"),
        VIEWS,
        default=now,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda view: say(lang, f"quote.view_{view}"),
        on_change=lambda: st.session_state.update(quote_view=st.session_state.get(key)),
    )
    answer = answers.of(ready.shown)
    bodies: dict[str, Callable[[Answer, Answers, Lang], None]] = {
        "answer": _answer,
        "sides": _sides,
        "clauses": _clauses,
        "incentives": _incentives,
        "measure": _measure,
        "terms": _terms,
    }
    bodies[now](answer, answers, lang)


def _answer(answer: Answer, answers: Answers, lang: Lang) -> None:
    scenario, paths = answers.scenario, answers.plan.paths
    bars = [
        (
            option_name(one.option, lang),
            _range(one),
            middle_money(one.believed.gain, scenario, lang),
            odds_text(one.believed.better, paths, lang),
            verdict_word(one, lang),
            QUOTE_TONES[one.verdict],
        )
        for one in answers.options
    ]
    st.caption(say(lang, "quote.chart"))
    st.vega_lite_chart(
        data_gains(bars), spec_gains(lang, theme()), theme=None, width="stretch", key="quote_range"
    )
    note = say(
        lang,
        "quote.compare_note",
        paths=formats.number(paths),
        months=scenario.plan.horizon_months,
        currency=scenario.currency,
    )
    if established(scenario) and likely(scenario.customers.repeat_probability):
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
    st.markdown(f"**{say(lang, 'quote.course')}: {literal(option_name(answer.option, lang))}**")
    fan = data_fan(
        answer.believed.cumulative, lambda v: formats.compact(v, scenario.currency, lang)
    )
    st.vega_lite_chart(
        fan,
        spec_fan(lang, theme(), "~s", signed=True),
        theme=None,
        width="stretch",
        key="quote_course",
    )
    st.caption(say(lang, "quote.course_note"))
    with st.expander(say(lang, "quote.beats"), key="quote_beats_fold", on_change="rerun") as fold:
        if fold.open:
            note = say(
                lang, "quote.beats_note", alike=formats.number(alternatives.alike(scenario), 1)
            )
            figure_table(
                "quote_beats",
                beats_rows(answers, lang),
                beats_heads(answers, lang),
                say(lang, "quote.beats"),
                note=note,
            )


def _range(one: Answer) -> tuple[float, float, float]:
    low, middle, high = (one.believed.gain.quantiles[p].value for p in (0.1, 0.5, 0.9))
    return low, middle, high


def _sides(answer: Answer, answers: Answers, lang: Lang) -> None:
    scenario = answers.scenario
    figure_table(
        "quote_sides",
        sides_rows(answers, lang),
        sides_heads(lang),
        say(lang, "quote.view_sides"),
        title=say(lang, "quote.view_sides"),
        note=say(lang, "quote.sides_note"),
    )
    free = calls.paid_for_nothing(scenario, answer.option.id)
    if answer.believed.paid > 0 and answer.option.paid:
        st.markdown(said(nothing_sentence(answer, free, scenario, lang)))
    st.caption(said(serving_sentence(answer, scenario, lang)))
    _evidence(scenario, ("serving",), lang, services=(answer.option.service,))


def _clauses(answer: Answer, answers: Answers, lang: Lang) -> None:
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
        clause_rows(calls.clauses_of(scenario, option.id, belief), option, scenario, lang),
        heads,
        say(lang, "quote.view_clauses"),
        words=(1,),
        title=f"{say(lang, 'quote.view_clauses')}: {option_name(option, lang)}",
        note=clauses_note(option, lang),
    )
    stops = calls.stops_of(scenario, option.id, belief)
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


def _incentives(answer: Answer, answers: Answers, lang: Lang) -> None:
    scenario = answers.scenario
    found = calls.incentives_of(scenario, answer.option.id)

    def show(value: float) -> str:
        return formats.compact(value, scenario.currency, lang)

    for sentence in budget_sentences(found, answer.option, scenario, lang):
        st.markdown(said(sentence))
    spec = spec_choice(lang, theme(), ".2~f", say(lang, "quote.budget_level"))
    st.vega_lite_chart(
        data_choice(found.budget, show, lang), spec, theme=None, width="stretch", key="quote_budget"
    )
    st.markdown(f"**{say(lang, 'quote.discount_title')}**")
    for sentence in discount_sentences(found, scenario, lang):
        st.markdown(said(sentence))
    if found.discount is not None:
        spec = spec_choice(lang, theme(), ".0%", say(lang, "quote.discount_level"))
        st.vega_lite_chart(
            data_choice(found.discount, show, lang),
            spec,
            theme=None,
            width="stretch",
            key="quote_discount",
        )
    field("comparison.price_elasticity", note=False)


def _measure(answer: Answer, answers: Answers, lang: Lang) -> None:
    scenario = answers.scenario
    found = calls.measure_of(scenario)
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


def _terms(answer: Answer, answers: Answers, lang: Lang) -> None:
    scenario, option = answers.scenario, answer.option
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
            mime=_DOCX,
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
            on_click=lambda: st.session_state.update(go_to="contract_check"),
        )
    if st.session_state.pop("go_to", ""):
        shell.go("contract_check")
    for clause in clauses(scenario, option, speech):
        st.markdown(said(f"**{clause.title}** {clause.text}"))
    lacking = missing(scenario, option, speech)
    if lacking:
        st.markdown(f"**{say(speech, 'quote.terms_missing')}**")
        st.markdown(said("\n".join(f"- **{one.title}** {one.text}" for one in lacking)))
