"""KPI check: what was promised, how likely it is, what would have to be true, what to offer
instead; its evidence and its diary.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from funnel_sim.decisions.kpi import diary
from funnel_sim.decisions.kpi.check import (
    BELIEFS,
    OFFERED,
    KpiAnswer,
    KpiCheck,
    baseline_of,
    lower_is_better,
)
from funnel_sim.decisions.kpi.diary import DiaryEntry
from funnel_sim.decisions.kpi.levers import PROBABILITIES, TOGETHER, movable
from funnel_sim.decisions.kpi.own_months import own_months
from funnel_sim.decisions.kpi.review import Remark
from funnel_sim.decisions.kpi.target_form import with_target_as
from funnel_sim.errors import InputError
from funnel_sim.model.bases import SALES, SPEND
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.kpi import data_path, data_probability, spec_path, spec_probability
from funnel_sim.output.words import formats
from funnel_sim.output.words.kpi import (
    baseline_words,
    belief_sentence,
    believed_probability,
    console_sentence,
    contract_sentence,
    counter_offer,
    diary_words,
    gathered,
    kpi_text,
    lever_cells,
    metric_name,
    metric_unit,
    offer_row,
    pull_sentence,
    reason_sentence,
    record_sentence,
    remark_sentence,
    rests_sentence,
    shared_sentence,
    stop_sentence,
    value_text,
    verdict_sentence,
)
from funnel_sim.output.words.tables import Row
from funnel_sim.output.words.tones import KPI_TONES
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.scenario import effects
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.kpi_templates import Template, example_counts, fresh_id, templates
from funnel_sim.scenario.kpis import FUNNEL, OPERATIONAL, RATES, Kpi
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import markup
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages import kpi_history
from funnel_sim.ui.pages.quote.look import look
from funnel_sim.ui.session import calls, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets import promise, steps
from funnel_sim.ui.widgets.fields import field, in_percent, source_text, widget_key
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.ui.widgets.folds import kept_fold
from funnel_sim.ui.widgets.hints import hints
from funnel_sim.ui.widgets.number import PLAIN, RATE, NumberKind, number
from funnel_sim.ui.widgets.shop import missing_words, own_of, shop_step
from funnel_sim.ui.widgets.whose import example_note, whose
from funnel_sim.words import LANGS, Lang, say

VIEWS = ("answer", "path", "levers", "words", "evidence", "diary")
_WEIGHTS = {
    "contradiction": ":material/block:",
    "serious": ":material/warning:",
    "note": ":material/info:",
}
_COUNTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(RATES, ("seen", "seen_of", "seen_months", "per_month", "over_dispersion")),
    "listing_completion": ("seen", "seen_of", "seen_months", "per_month", "over_dispersion"),
    "listings_live": ("seen", "seen_months", "per_month", "over_dispersion"),
    "sell_through": ("seen", "seen_of", "over_dispersion"),
    "stock_days": ("seen",),
    "account_health": ("seen", "seen_of", "over_dispersion"),
}
_PERCENT = 100.0
_LONGEST_DIARY = 60
_FINE = 0.01


@dataclass(frozen=True)
class Ready:
    """Everything the page shows, computed before anything is drawn."""

    view: str
    check: KpiCheck | None
    remarks: list[Remark]


def prepare(result: Result) -> Ready | InputError:
    """Return what the page shows now, or why it cannot be simulated."""
    view = tab.kpi_view
    if not result.scenario.kpis:
        return Ready(view, None, [])
    try:
        return Ready(view, *calls.check_of(result.scenario))
    except InputError as error:
        return error


def draw(result: Result, ready: Ready | InputError) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    st.subheader(say(lang, "kpi.title"))
    shop, promised = not own_of(scenario).example, bool(scenario.kpis)
    steps.stepper(
        [
            steps.Step(say(lang, "steps.shop"), shop),
            steps.Step(say(lang, "steps.promise"), promised),
            steps.Step(say(lang, "steps.verdict"), shop and promised),
        ],
        lang,
    )
    look("kpi_card", "kpi_line")
    check = ready.check if isinstance(ready, Ready) else None
    if check is not None:
        _line(check, lang)
    left, right = st.columns([7, 5], gap="medium")
    with right, st.container(border=True, key="kpi_card"):
        if isinstance(ready, InputError):
            for sentence in ready.sentences(lang):
                st.error(literal(sentence))
        elif check is not None:
            _verdict(check, ready.remarks, lang)
        else:
            _to_come(scenario, lang)
    with left:
        steps.head(1, say(lang, "steps.shop"))
        shop_step(scenario, lang)
        steps.head(2, say(lang, "steps.promise"))
        if scenario.kpis:
            _promise(scenario, lang)
            _kpis(scenario, lang)
        else:
            st.markdown(say(lang, "kpi.lead"))
            _ready_made(lang, first=True)
    if not scenario.kpis:
        view = ready if isinstance(ready, Ready) else Ready("evidence", None, [])
        _view(view, result, lang, alone=True)
    elif isinstance(ready, Ready):
        _view(ready, result, lang)


def _promise(scenario: Scenario, lang: Lang) -> None:
    """Draw what the agency promises as a whole; the quote says the same."""
    quote = promise.promised_by(scenario)
    with (
        st.container(key="quote_sentence", gap="small"),
        st.container(horizontal=True, vertical_alignment="center", gap="xsmall"),
    ):
        promise.uplift(quote, scenario, lang)
        promise.words("s_months", lang)
        promise.record(scenario, lang)
    promise.problems(quote, lang)
    hints(promise.meanings(lang), "kpi_hints")


def _view(ready: Ready, result: Result, lang: Lang, *, alone: bool = False) -> None:
    views = ("evidence", "diary") if alone else VIEWS
    now = ready.view if ready.view in views else views[0]
    key = f"kpi_view_{lang}_{'alone' if alone else 'all'}_{tab.revision}"
    st.segmented_control(
        say(lang, "economics.view"),
        views,
        default=now,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda view: say(lang, f"kpi.view_{view}"),
        on_change=lambda: Tab.kpi_view.put(tab.typed(key)),
    )
    bodies: dict[str, Callable[[Result, Ready, Lang], None]] = {
        "answer": _answer,
        "path": _path,
        "levers": _levers,
        "words": _words,
        "evidence": _evidence,
        "diary": _diary,
    }
    bodies[now](result, ready, lang)


def _money(text: str) -> str:
    return markup.said(text)


# ---- what was promised
# -------------------------------------------------------------------------------------


def _ready_made(lang: Lang, *, first: bool) -> None:
    with st.grid(2, min_column_width=300, gap="small"):
        for template in templates():
            st.button(
                template.words.of(lang),
                key=f"kpi_template_{template.id}_{lang}_{first}",
                width="stretch",
                icon=":material/add:",
                on_click=_add,
                args=(template,),
            )
    metrics = [*FUNNEL, *OPERATIONAL]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            say(lang, "kpi.other_metric"),
            metrics,
            index=None,
            placeholder=say(lang, "kpi.none_chosen"),
            key=f"kpi_new_{lang}_{first}_{tab.revision}",
            format_func=lambda m: metric_name(str(m), lang),
        )
        st.button(
            say(lang, "kpi.add"),
            key=f"kpi_add_{first}",
            disabled=chosen is None,
            on_click=_add_metric,
            args=(chosen,),
        )


def _add(template: Template) -> None:
    scenario, lang = state.scenario(), state.lang()
    factor = 1.0
    if template.currency and template.currency != scenario.currency:
        factor = exchange(template.currency, scenario.currency, scenario.as_of)
        state.notice(
            "warning", say(lang, "kpi.converted", currency=template.currency, to=scenario.currency)
        )
    if template.new_store and not scenario.history.names():
        state.change_all(dict(template.new_store), "kpis")
        state.notice("warning", say(lang, "kpi.made_new"))
    _save(
        [
            *state.scenario().plain()["kpis"],
            *template.made([kpi.id for kpi in scenario.kpis], factor),
        ]
    )


def _add_metric(metric: str | None) -> None:
    if metric is None:
        return
    scenario = state.scenario()
    row: dict[str, Any] = {
        "id": fresh_id(metric, [kpi.id for kpi in scenario.kpis]),
        "metric": metric,
        "target": 0.0,
        "comparator": "at_most" if lower_is_better(metric) else "at_least",
    }
    row |= example_counts(metric)
    base = baseline_of(scenario, Kpi.model_validate(row))
    row["target"] = 0.0 if base is None else float(f"{max(0.0, base.value):.3g}")
    _save([*scenario.plain()["kpis"], row])


def _save(rows: list[dict[str, Any]]) -> None:
    if state.change("kpis", rows):
        tab.revision += 1
        return
    error = state.problem_at("kpis")
    state.problems_forget("kpis")
    if error is not None:
        state.notice("error", error.sentences(state.lang())[0])


def _drop(name: str) -> None:
    _save([row for row in state.scenario().plain()["kpis"] if row["id"] != name])


def _kpis(scenario: Scenario, lang: Lang) -> None:
    st.markdown(f"**{say(lang, 'kpi.promised', count=len(scenario.kpis))}**")
    for kpi in scenario.kpis:
        with kept_fold(
            _money(kpi_text(kpi, scenario, lang)),
            f"kpi_one_{kpi.id}",
            tab.kpi_opened,
            kpi.id,
            first=len(scenario.kpis) == 1,
        ) as fold:
            if fold.open:
                _one(kpi, scenario, lang)
    with st.expander(
        say(lang, "kpi.more"), key="kpi_more", on_change="rerun", icon=":material/add:"
    ) as fold:
        if fold.open:
            _ready_made(lang, first=False)


def _one(kpi: Kpi, scenario: Scenario, lang: Lang) -> None:
    path = f"kpis.{kpi.id}"
    with st.grid(3, min_column_width=165, gap="small"):
        with st.container():
            field(f"{path}.comparator", note=False)
        with st.container():
            _scaled(kpi, "target", lang)
        with st.container():
            field(f"{path}.window", note=False)
        if kpi.window in ("average", "total", "every"):
            with st.container():
                field(f"{path}.month_from", note=False)
        with st.container():
            field(f"{path}.month_to", note=False)
        with st.container():
            field(f"{path}.relative", note=False, switched=partial(_said_as, kpi.id))
    _details(kpi, scenario, lang)
    st.button(
        say(lang, "rows.remove"),
        icon=":material/delete:",
        key=widget_key(f"{path}.drop"),
        on_click=_drop,
        args=(kpi.id,),
    )


def _said_as(name: str, relative: bool) -> None:
    """Say the same target as a change against the baseline, or as a value again."""
    place = f"kpis.{name}.relative"
    try:
        kpi = with_target_as(state.scenario(), name, relative=relative)
    except InputError as error:
        state.refused(place, error)
        tab.drop(widget_key(place))
        return
    inside = f"kpis.{name}"
    state.change_all({place: kpi.relative, f"{inside}.target": kpi.target}, place)


def _details(kpi: Kpi, scenario: Scenario, lang: Lang) -> None:
    path = f"kpis.{kpi.id}"
    base = baseline_of(scenario, kpi)
    with st.expander(
        say(lang, "kpi.details"), key=f"kpi_details_{kpi.id}", on_change="rerun"
    ) as fold:
        if not fold.open:
            return
        names = _COUNTS.get(kpi.metric, ())
        if names:
            st.caption(say(lang, "kpi.counts_note"))
        if kpi.metric in SALES:
            names = ("sales_counted", "sales_tax", "sales_refunds", "sales_cancelled")
        if kpi.metric in SPEND:
            names = (*names, "spend_tax", "spend_fee", "attribution")
        with st.grid(3, min_column_width=190):
            with st.container():
                _scaled(kpi, "baseline", lang)
            for name in (*names, "says_date", "says_source", "says_definition"):
                with st.container():
                    field(f"{path}.{name}", note=False)
        if base is not None:
            shown = value_text(base.value, kpi.metric, scenario, lang)
            st.caption(
                _money(
                    say(
                        lang,
                        "kpi.baseline_is",
                        value=shown,
                        source=baseline_words(base, scenario, lang),
                    )
                )
            )


def _scaled(kpi: Kpi, name: str, lang: Lang) -> None:
    """Draw the target or the baseline in the unit that it is read in: percent for rates and
    changes.
    """
    path, spec = f"kpis.{kpi.id}.{name}", specs_of(Kpi)[name]
    unit = metric_unit(kpi.metric)
    percent = unit == "rate" or (name == "target" and kpi.relative)
    key = widget_key(f"{path}.{'percent' if percent else 'plain'}")
    money = state.scenario().currency if unit == "money" and not percent else ""
    shown = "%" if percent else money
    number(
        f"{spec.label.of(lang)}{f' ({shown})' if shown else ''}",
        getattr(kpi, name),
        lambda new: state.change(path, new),
        key=key,
        kind=NumberKind(Unit.RATE if percent else Unit.FACTOR, money),
        help_=spec.help.of(lang),
        place=path,
    )
    problem = state.problem_at(path)
    if problem is not None:
        told = " ".join(
            (in_percent(one) if percent else one).short(lang, path) for one in problem.problems
        )
        st.markdown(f":red[:material/error: {literal(told)} {say(lang, 'field.kept')}]")


# ---- the verdict
# -------------------------------------------------------------------------------------------


def _line(check: KpiCheck, lang: Lang) -> None:
    """Draw the verdict as one line, for a screen on which the card scrolls away."""
    with st.container(key="kpi_line"):
        example = own_of(check.scenario).example
        mark = f":gray-badge[{say(lang, 'shop.example')}] " if example else ""
        odds = believed_probability(check.joint, check, lang)
        count = len(check.answers)
        told = say(
            lang, "kpi.one_line" if count > 1 else "kpi.one_line_one", count=count, odds=odds
        )
        st.markdown(_money(f"{mark}{_badge(check, lang)} **{told}**"))


def _badge(check: KpiCheck, lang: Lang) -> str:
    colour = {"good": "green", "middle": "orange", "bad": "red"}[KPI_TONES[check.verdict]]
    shown = "gray" if own_of(check.scenario).example else colour
    return f":{shown}-badge[{say(lang, f'kpi.{check.verdict}')}]"


def _to_come(scenario: Scenario, lang: Lang) -> None:
    """Draw what is still to be typed before there is a verdict."""
    own = own_of(scenario)
    st.markdown(f"##### {say(lang, 'steps.to_come')}")
    asked = [say(lang, "steps.need_kpi")]
    if own.missing:
        asked.insert(0, say(lang, "steps.need_shop", names=missing_words(own, lang)))
    st.markdown(_money("  \n".join(f":material/radio_button_unchecked: {told}" for told in asked)))
    st.caption(say(lang, "steps.to_come_note"))
    whose(own, scenario, lang, "kpi")


def _verdict(check: KpiCheck, remarks: list[Remark], lang: Lang) -> None:
    own = own_of(check.scenario)
    example_note(own, lang)
    st.markdown(
        _money(
            f"##### {_badge(check, lang)} {verdict_sentence(check, lang)}\n\n"
            f"{reason_sentence(check, lang)}"
        )
    )
    whose(own, check.scenario, lang, "kpi")
    small = [rests_sentence(check, lang), belief_sentence(check, lang)]
    with st.expander(say(lang, "kpi.rests_fold"), key="kpi_rests"):
        st.caption(_money(" ".join(small)))
    for remark in remarks:
        if remark.weight == "contradiction":
            st.error(_money(remark_sentence(remark, check.scenario, lang)), icon=":material/block:")
        elif remark.key in ("not_fitted", "baseline_apart", "below_today", "example_counts"):
            st.warning(
                _money(remark_sentence(remark, check.scenario, lang)), icon=":material/warning:"
            )


def _answer(result: Result, ready: Ready, lang: Lang) -> None:
    check = ready.check
    if check is None:
        return
    scenario = check.scenario
    rows = [
        (
            kpi_text(a.kpi, scenario, lang),
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
    pulled = [_money(pull_sentence(one, scenario, lang)) for one in calls.pulls_of(scenario)]
    told = [console_sentence(answer, check.at, lang) for answer in check.answers]
    if pulled or any(told):
        with st.expander(say(lang, "kpi.why_fold"), key="kpi_why"):
            for text in pulled:
                st.caption(text)
            for text in filter(None, told):
                st.markdown(_money(text))
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


def _by_month(check: KpiCheck, lang: Lang) -> None:
    with st.expander(say(lang, "kpi.by_month"), key="kpi_by_month", on_change="rerun") as fold:
        if not fold.open:
            return
        months = range(len(check.joint_by_month))
        heads = [say(lang, "kpi.kpi"), *(say(lang, "kpi.month", month=m + 1) for m in months)]
        rows = [
            Row(
                "",
                kpi_text(a.kpi, check.scenario, lang),
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
                kpi_text(a.kpi, check.scenario, lang),
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
            st.markdown(_money(f"{_WEIGHTS[remark.weight]} {text}"))


# ---- the way there
# -----------------------------------------------------------------------------------------


def _chosen(check: KpiCheck, key: str, lang: Lang) -> KpiAnswer:
    """Draw the choice of one KPI and return its answer."""
    names = [answer.kpi.id for answer in check.answers]
    by_id = {answer.kpi.id: answer for answer in check.answers}
    if len(names) == 1:
        return check.answers[0]
    picked = st.selectbox(
        say(lang, "kpi.which"),
        names,
        key=f"{key}_{lang}_{'_'.join(names)}",
        format_func=lambda n: (
            kpi_text(by_id[n].kpi, check.scenario, lang) if n in by_id else str(n)
        ),
    )
    return by_id[picked if picked in by_id else names[0]]


def _path(result: Result, ready: Ready, lang: Lang) -> None:
    check = ready.check
    if check is None:
        return
    answer = _chosen(check, "kpi_path", lang)
    found = calls.path_of(check.scenario, answer.kpi.id)
    if found is None:
        st.info(say(lang, "kpi.no_path"))
        return
    kpi, scenario = answer.kpi, check.scenario

    def show(value: float) -> str:
        return value_text(value, kpi.metric, scenario, lang)

    unit = metric_unit(kpi.metric)
    if found.growth == found.growth:
        st.markdown(
            _money(
                say(
                    lang,
                    "kpi.path_growth",
                    growth=formats.percent(found.growth),
                    baseline=show(answer.baseline.value) if answer.baseline else "",
                    source=baseline_words(answer.baseline, scenario, lang),
                )
            )
        )
    figure(
        "kpi_path_chart",
        say(lang, "kpi.path_chart", kpi=metric_name(kpi.metric, lang)),
        data_path(found, show, lang),
        spec_path(lang, theme(), formats.axis(unit, scenario.currency, lang)),
    )
    notes = [
        say(lang, "kpi.path_note"),
        *([] if found.stop is None else [stop_sentence(found.stop, kpi, scenario, lang)]),
    ]
    st.caption(_money((" " if lang == "en" else "").join(notes)))
    months = [say(lang, "kpi.month", month=m + 1) for m in range(len(found.required))]
    rows = [
        Row("", say(lang, f"kpi.line_{name}"), tuple(show(float(v)) for v in values))
        for name, values in (
            ("required", found.required),
            ("median", found.median),
            ("stop", found.line),
        )
    ]
    figure_table("kpi_path_table", rows, ["", *months], say(lang, "kpi.view_path"))


def _levers(result: Result, ready: Ready, lang: Lang) -> None:
    check = ready.check
    if check is None:
        return
    scenario = check.scenario
    moving = movable(scenario)
    if not moving:
        st.info(say(lang, "kpi.no_levers"))
        return
    found, together = calls.levers_of(scenario)
    names = [TOGETHER, *(kpi.id for kpi in moving)] if len(moving) > 1 else [moving[0].id]
    by_id = {kpi.id: kpi for kpi in moving}
    which = names[0]
    if len(names) > 1:
        which = st.selectbox(
            say(lang, "kpi.which"),
            names,
            key=f"kpi_lever_{lang}_{'_'.join(names)}",
            format_func=lambda n: (
                kpi_text(by_id[n], scenario, lang)
                if n in by_id
                else say(lang, "kpi.together_funnel")
            ),
        )
    heads = [
        say(lang, "kpi.lever"),
        say(lang, "table.today"),
        *(say(lang, "kpi.at_odds", odds=formats.percent(goal, 0)) for goal in PROBABILITIES),
        say(lang, "kpi.usual"),
    ]
    rows = [
        Row("", one.lever.words.of(lang), lever_cells(one, which, scenario, lang)) for one in found
    ]
    figure_table(
        "kpi_levers",
        rows,
        heads,
        say(lang, "kpi.view_levers"),
        title=say(lang, "kpi.levers_title"),
        note=say(lang, "kpi.levers_note"),
    )
    st.markdown(_money(shared_sentence(together, which, lang)))
    if which == TOGETHER and len(moving) < len(scenario.kpis):
        st.caption(say(lang, "kpi.levers_without"))


# ---- definitions
# -------------------------------------------------------------------------------------------


def _words(result: Result, ready: Ready, lang: Lang) -> None:
    check = ready.check
    if check is None:
        return
    answer = _chosen(check, "kpi_words", lang)
    scenario = check.scenario
    found = calls.definitions_of(scenario, answer.kpi.id)
    if len(found) > 1:
        heads = [
            say(lang, "kpi.way"),
            "P10",
            say(lang, "kpi.typical"),
            "P90",
            say(lang, "kpi.odds"),
        ]
        rows = [
            Row(
                "",
                say(lang, f"kpi.way_{one.way}"),
                (
                    *(
                        value_text(v, answer.kpi.metric, scenario, lang)
                        for v in (one.low, one.median, one.high)
                    ),
                    believed_probability(one.probability, check, lang),
                ),
            )
            for one in found
        ]
        figure_table(
            "kpi_definitions",
            rows,
            heads,
            say(lang, "kpi.definitions"),
            title=say(lang, "kpi.definitions"),
            note=say(lang, "kpi.definitions_note"),
        )
    else:
        st.caption(say(lang, "kpi.definitions_one"))
    st.markdown(f"**{say(lang, 'kpi.contract_title')}**")
    for speech in (lang, *(other for other in LANGS if other != lang)):
        st.code(contract_sentence(answer, scenario, speech), language=None, wrap_lines=True)


# ---- evidence
# ----------------------------------------------------------------------------------------------


def _evidence(result: Result, ready: Ready, lang: Lang) -> None:
    kpi_history.draw(lang)
    st.markdown(f"##### {say(lang, 'kpi.promise_title')}")
    st.markdown(say(lang, "kpi.promise_lead"))
    with st.grid(3, min_column_width=200):
        for name in ("believed", "record_trust"):
            with st.container():
                field(f"promise.{name}", note=False)
    scenario = state.scenario()
    if not scenario.kpis:
        _promise(scenario, lang)
    if ready.check is not None:
        check = ready.check
        heads = [say(lang, "kpi.kpi"), *(say(lang, f"kpi.believed_{belief}") for belief in BELIEFS)]
        rows = [
            Row(
                "",
                kpi_text(a.kpi, scenario, lang),
                tuple(believed_probability(a.by_belief[belief], check, lang) for belief in BELIEFS),
            )
            for a in check.answers
        ]
        if len(rows) > 1:
            rows.append(
                Row(
                    "",
                    say(lang, "kpi.together"),
                    tuple(
                        believed_probability(check.joint_by_belief[belief], check, lang)
                        for belief in BELIEFS
                    ),
                )
            )
        figure_table(
            "kpi_effects",
            rows,
            heads,
            say(lang, "kpi.effects_title"),
            title=say(lang, "kpi.effects_title"),
            note=say(lang, "kpi.effects_note"),
        )
        told = record_sentence(check, lang)
        if told:
            st.markdown(told)
    with st.expander(
        say(lang, "kpi.sceptical_title"), key="kpi_sceptical", on_change="rerun"
    ) as fold:
        if fold.open:
            _sceptical(scenario, lang)


def _sceptical(scenario: Scenario, lang: Lang) -> None:
    st.markdown(effects.note().of(lang))
    for knot in effects.knots(scenario.as_of):
        st.markdown(
            "- "
            + say(
                lang,
                "kpi.knot",
                share=formats.percent(knot.share, 1),
                change=formats.percent(knot.change),
            )
            + f" · {knot.row.scope} · {source_text(knot.row.provenance, scenario, lang)}"
        )
    uplift, row = effects.claimed(scenario.as_of)
    st.markdown(
        f"- :orange-badge[{say(lang, 'kpi.claim')}]"
        f" {say(lang, 'kpi.claim_default', change=formats.percent(uplift))} · {row.scope} ·"
        f" {source_text(row.provenance, scenario, lang)}"
    )
    share, row = effects.real(scenario.as_of)
    st.markdown(
        f"- {say(lang, 'kpi.real_default', share=formats.percent(share, 0))} · {row.scope} ·"
        f" {source_text(row.provenance, scenario, lang)}"
    )


# ---- the diary
# ---------------------------------------------------------------------------------------------


def _diary(result: Result, ready: Ready, lang: Lang) -> None:
    st.markdown(say(lang, "kpi.diary_lead"))
    if ready.check is not None:
        today = dt.datetime.now(tz=dt.UTC).date()
        entry = diary.entry_of(ready.check, diary_words(ready.check, lang), today)
        st.download_button(
            say(lang, "kpi.diary_save"),
            diary.diary_text(entry),
            file_name=f"forecast-{today.isoformat()}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            key="diary_save",
        )
    uploads = st.file_uploader(
        say(lang, "kpi.diary_open"), type=["json"], accept_multiple_files=True, key="diary_files"
    )
    entries: list[tuple[str, DiaryEntry]] = []
    for upload in (uploads or [])[:_LONGEST_DIARY]:
        try:
            entries.append((upload.file_id, diary.read_diary(upload.getvalue(), upload.name)))
        except InputError as error:
            st.error(literal(error.sentences(lang)[0]))
    filled = [_actuals(name, entry, lang) for name, entry in entries]
    found = diary.score(filled)
    if found is None:
        return
    score = say(
        lang,
        "kpi.diary_score",
        known=found.known,
        met=found.met,
        brier=formats.number(found.brier, 3),
        always=formats.number(found.always, 3),
    )
    st.markdown(f"**{score}**")
    rows = [
        Row(
            "",
            f"{formats.percent(low, 0)} – {formats.percent(high, 0)}",
            (str(count), formats.percent(said, 0), formats.percent(came, 0)),
        )
        for low, high, count, said, came in found.bins
    ]
    figure_table(
        "diary_bins",
        rows,
        [
            say(lang, "kpi.diary_bin"),
            say(lang, "kpi.diary_count"),
            say(lang, "kpi.diary_said"),
            say(lang, "kpi.diary_came"),
        ],
        say(lang, "kpi.diary_bins"),
        note=say(lang, "kpi.diary_note"),
    )


def _came(key: str, value: float | None) -> None:
    tab.diary_came[key] = value


def _actuals(name: str, entry: DiaryEntry, lang: Lang) -> DiaryEntry:
    """Draw one entry with a field for what came of each KPI; return it filled in."""
    came: dict[str, float | None] = {}
    with st.container(border=True):
        st.markdown(_money(f"**{entry.made.isoformat()} · {entry.name}**"))
        for said in entry.said:
            left, right = st.columns([3, 2], vertical_alignment="bottom")
            percent = (
                metric_unit(said.metric) == "rate"
                if said.metric in (*FUNNEL, *OPERATIONAL)
                else False
            )
            key = f"diary_{name}_{said.kpi}"
            told_in: dict[str, float | None] = tab.diary_came
            label = f"{say(lang, 'kpi.diary_actual')}{' (%)' if percent else ''}"
            kind = RATE if percent else PLAIN
            with right:
                number(label, told_in.get(key, said.came), partial(_came, key), key=key, kind=kind)
            came[said.kpi] = told_in.get(key, said.came)
            told = entry.with_actuals(came)
            mine = next(one for one in told.said if one.kpi == said.kpi)
            was = formats.percent(said.odds, 0 if _FINE <= said.odds <= 1 - _FINE else 2)
            words = f"{said.words} · {say(lang, 'kpi.diary_was', odds=was)}"
            if mine.met is not None and mine.fell is not None:
                words += (
                    f" · {say(lang, 'kpi.diary_met' if mine.met else 'kpi.diary_missed')} ·"
                    f" {say(lang, 'kpi.diary_fell', place=formats.percent(mine.fell, 0))}"
                )
            left.markdown(_money(words))
        filled = entry.with_actuals(came)
        st.download_button(
            say(lang, "kpi.diary_keep"),
            diary.diary_text(filled),
            file_name=f"forecast-{entry.made.isoformat()}.json",
            mime="application/json",
            on_click="ignore",
            key=f"diary_keep_{name}",
            icon=":material/download:",
        )
    return filled
