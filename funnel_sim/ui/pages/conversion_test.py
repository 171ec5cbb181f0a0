"""Compare two rates: results of two versions typed and answered; a test planned before it is run.

What is typed here lives in this tab's memory only, never in the scenario; what is not typed follows
the open scenario and the defaults.
"""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from funnel_sim.decisions.conversion_test.arms import Arm, StoreTerms, store_terms
from funnel_sim.decisions.conversion_test.compare import RateComparison
from funnel_sim.decisions.conversion_test.trial import Trial
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.rates import data_rates, spec_rates
from funnel_sim.output.words import formats
from funnel_sim.output.words.conversion_test import (
    answer_sentences,
    basis_sentence,
    caution_sentences,
    detail_sentences,
    gap_heads,
    gap_rows,
    need_heads,
    need_rows,
    needed_sentence,
    rate_text,
    trial_rows,
    trial_sentences,
    verdict_sentence,
    version_heads,
    version_rows,
)
from funnel_sim.reference.rate_settings import (
    INTERVALS,
    PRIORS,
    Settings,
    example,
    name_of,
    prior_source,
    prior_words,
    refused_setting,
    setting,
    settings,
)
from funnel_sim.scenario.fields import Unit
from funnel_sim.ui.markup import said
from funnel_sim.ui.session import calls, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.words import Lang, say

VIEWS = ("compare", "plan")
_COUNTS = ("a_visits", "a_orders", "b_visits", "b_orders")
_CHOICES = ("decide", "level", "inner", "alpha", "power")
_STORE = ("visits_month", "margin", "visit_cost", "bought", "fee")
_SHARES = frozenset(
    {"rate", "bought", "low", "high"}
)  # typed in percent; so is every setting that is a share
_OWN_RANGE = {"low": -0.1, "high": 0.1}  # where a range of one's own starts


@dataclass(frozen=True)
class Ready:
    """What the page shows, computed before anything is drawn; `refused` is what was wrong with the
    numbers typed.
    """

    view: str
    store: StoreTerms
    chosen: Settings | None
    found: RateComparison | None = None
    trial: Trial | None = None
    refused: InputError | None = None


def typed() -> dict[str, Any]:
    """Return what this tab holds: numbers by name, only those that were typed."""
    return tab.rates


def prepare(result: Result) -> Ready:
    """Return the answer to what is typed now."""
    view = tab.rates_view
    own, default = typed(), store_terms(result)
    store = StoreTerms(
        *(
            own.get(name, getattr(default, name))
            for name in ("visits_month", "margin", "rate", "visit_cost", "bought", "fee")
        )
    )
    chosen: Settings | None = None
    try:
        chosen = settings(
            **{
                name: own[name]
                for name in Settings.__dataclass_fields__
                if own.get(name) is not None
            }
        )
        if view == "plan":
            if store.rate is None:
                raise refused_setting("rate", None, "missing")
            belief = (
                (own.get("low", _OWN_RANGE["low"]), own.get("high", _OWN_RANGE["high"]))
                if own.get("belief") == "own"
                else None
            )
            return Ready(
                view, store, chosen, trial=calls.trial_of(store.rate, store, chosen, belief)
            )
        if all(own.get(name) is None for name in _COUNTS):
            return Ready(view, store, chosen)
        for name in _COUNTS:
            if own.get(name) is None:
                raise refused_setting(name, None, "missing")
        arms = [
            Arm(own[f"{one}_visits"], own[f"{one}_orders"], *_own_margin(one, store))
            for one in ("a", "b")
        ]
        return Ready(view, store, chosen, found=calls.rates_of(arms[0], arms[1], store, chosen))
    except InputError as error:
        return Ready(view, store, chosen, refused=error)


def _own_margin(one: str, store: StoreTerms) -> tuple[float | None, float | None]:
    """Return a version's own margin per order and its spread, where the two earn differently."""
    own = typed()
    return (
        (own.get(f"{one}_margin", store.margin), own.get(f"{one}_margin_sd"))
        if own.get("own_margin")
        else (None, None)
    )


def draw(result: Result, ready: Ready) -> None:
    """Draw the page."""
    lang = state.lang()
    key = f"rates_view_{lang}"
    if tab.typed(key) != ready.view:
        tab.put(key, ready.view)
    _headline(result, ready, lang)
    st.segmented_control(
        say(lang, "economics.view"),
        VIEWS,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda view: say(lang, f"rates.view_{view}"),
        on_change=lambda: Tab.rates_view.put(tab.typed(key)),
    )
    if ready.view == "plan":
        _plan(result, ready, lang)
    else:
        _compare(result, ready, lang)
    _choices(ready, lang)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say(lang, "rates.reset"),
            key="rates_reset",
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=_reset,
        )
    st.caption(say(lang, "rates.in_tab"))


def _headline(result: Result, ready: Ready, lang: Lang) -> None:
    currency = result.scenario.shown
    if ready.refused is not None:
        st.markdown(f"#### {say(lang, 'rates.title')}")
        for problem in ready.refused.problems:
            name = f"{problem.label.of(lang)}: " if problem.label else ""
            st.error(said(name + problem.short(lang, problem.where)))
    elif ready.found is not None:
        st.markdown(
            said(
                "\n\n".join(
                    [
                        f"#### {verdict_sentence(ready.found, lang)}",
                        *answer_sentences(ready.found, currency, lang),
                    ]
                )
            )
        )
    elif ready.trial is not None:
        first, *rest = trial_sentences(ready.trial, currency, lang)
        st.markdown(said(f"#### {first}\n\n" + "\n\n".join(rest)))
        if ready.trial.cost is None:
            st.info(say(lang, "rates.plan_no_money"))
    else:
        st.markdown(f"#### {say(lang, 'rates.lead')}")


# ---- results of two versions
# -------------------------------------------------------------------------------------


def _compare(result: Result, ready: Ready, lang: Lang) -> None:
    with st.grid(4, min_column_width=150):
        for name in _COUNTS:
            _number(name, None, lang, whole=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        if all(typed().get(name) is None for name in _COUNTS):
            st.button(
                say(lang, "rates.example"),
                key="rates_example",
                icon=":material/science:",
                on_click=_example,
            )
        else:
            st.button(
                say(lang, "rates.forget"),
                key="rates_forget",
                type="tertiary",
                icon=":material/backspace:",
                on_click=_forget,
            )
        if {name: typed().get(name) for name in _COUNTS} == example():
            st.caption(say(lang, "rates.example_note"))
    if ready.found is not None:
        _answer(result, ready.found, lang)
    with st.expander(
        say(lang, "rates.more"),
        icon=":material/payments:",
        expanded=bool(typed().get("own_margin")),
    ):
        _store_fields(result, lang, ("visits_month", "margin", "fee"))
        st.toggle(
            say(lang, "rates.own_margin"),
            value=bool(typed().get("own_margin")),
            key=_key("own_margin", lang),
            on_change=_took,
            args=("own_margin", lang),
        )
        if typed().get("own_margin"):
            with st.grid(4, min_column_width=150):
                for one in ("a", "b"):
                    _number(
                        f"{one}_margin", ready.store.margin, lang, unit=result.scenario.currency
                    )
                    _number(
                        f"{one}_margin_sd",
                        None,
                        lang,
                        unit=result.scenario.currency,
                        told=say(lang, "rates.margin_sd_help"),
                    )


def _answer(result: Result, found: RateComparison, lang: Lang) -> None:
    currency = result.scenario.shown
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container():
            figure(
                "rates_chart",
                say(lang, "rates.chart"),
                data_rates(found, lang, rate_text),
                spec_rates(lang, theme()),
                say(lang, "rates.chart_note"),
            )
        with st.container():
            heads = [say(lang, "rates.versions"), *version_heads(found, lang)]
            figure_table(
                "rates_versions", version_rows(found, lang), heads, say(lang, "rates.versions")
            )
            st.markdown(
                said("\n".join(f"- {one}" for one in detail_sentences(found, currency, lang)))
            )
    figure_table(
        "rates_gap",
        gap_rows(found, currency, lang),
        [say(lang, "rates.gap"), *gap_heads(found, lang)],
        say(lang, "rates.gap"),
    )
    figure_table(
        "rates_needs",
        need_rows(found, lang),
        ["", *need_heads(lang)],
        say(lang, "rates.needs"),
        title=say(lang, "rates.needs"),
    )
    with st.grid(2, min_column_width=200):
        _setting("effect", lang)
        _setting("share_b", lang)
    lines = [
        needed_sentence(found.wanted, lang, measured=False),
        needed_sentence(found.measured, lang, measured=True),
        *caution_sentences(lang),
    ]
    st.markdown(said("\n".join(f"- {one}" for one in lines)))
    st.caption(said(basis_sentence(found, lang)))


# ---- before a test
# -----------------------------------------------------------------------------------------------


def _plan(result: Result, ready: Ready, lang: Lang) -> None:
    default = store_terms(result)
    with st.grid(4, min_column_width=170):
        _number(
            "rate",
            default.rate,
            lang,
            share=True,
            told=_from_scenario("rate", default.rate, result, lang),
        )
        _setting("effect", lang)
        _setting("share_b", lang)
        _setting("horizon", lang)
    _store_fields(result, lang, _STORE)
    key = _key("belief", lang)
    st.segmented_control(
        say(lang, "rates.plan_belief"),
        ("sceptical", "own"),
        default=typed().get("belief", "sceptical"),
        key=key,
        required=True,
        format_func=lambda one: say(lang, f"rates.belief_{one}"),
        on_change=_took,
        args=("belief", lang),
        help=say(lang, "rates.plan_belief_note"),
    )
    if typed().get("belief") == "own":
        with st.grid(2, min_column_width=170):
            for name, value in _OWN_RANGE.items():
                _number(name, value, lang, share=True)
    if ready.trial is not None:
        title = say(lang, "rates.trial")
        figure_table(
            "rates_trial",
            trial_rows(ready.trial, result.scenario.shown, lang),
            ["", ""],
            title,
            title=title,
        )
        st.markdown(said("\n".join(f"- {one}" for one in caution_sentences(lang))))


def _store_fields(result: Result, lang: Lang, names: tuple[str, ...]) -> None:
    default, currency = store_terms(result), result.scenario.currency
    with st.grid(min(5, len(names)), min_column_width=150):
        for name in names:
            value = getattr(default, name)
            about = {"bought": "bought_help", "fee": "fee_help", "margin": "margin_help"}.get(name)
            told = " ".join(
                filter(
                    None,
                    [
                        say(lang, f"rates.{about}") if about else "",
                        "" if name == "fee" else _from_scenario(name, value, result, lang),
                    ],
                )
            )
            unit = currency if name in ("margin", "visit_cost", "fee") else ""
            _number(
                name,
                value,
                lang,
                share=name == "bought",
                unit=unit,
                told=told,
                label=say(lang, "rates.margin") if name == "margin" else "",
            )


def _from_scenario(name: str, value: float | None, result: Result, lang: Lang) -> str:
    if name in ("margin", "visit_cost"):
        text = formats.money(value, result.scenario.currency, lang)
    else:
        text = (
            (rate_text(value) if name in _SHARES else formats.count(value))
            if value is not None
            else formats.NOTHING
        )
    return say(lang, "rates.from_scenario", value=text)


# ---- fields that write to the tab
# --------------------------------------------------------------------------------


def _choices(ready: Ready, lang: Lang) -> None:
    with st.expander(say(lang, "rates.choices"), icon=":material/tune:"):
        with st.grid(3, min_column_width=200):
            for name in _CHOICES:
                _setting(name, lang)
        if ready.view == "plan":
            return
        with st.grid(3, min_column_width=200):
            prior = typed().get("prior", "jeffreys")
            st.selectbox(
                name_of("prior").of(lang),
                PRIORS,
                index=PRIORS.index(prior),
                key=_key("prior", lang),
                on_change=_took,
                args=("prior", lang),
                format_func=lambda one: prior_words(one).of(lang),
                help=said(say(lang, "rates.prior_note", source=prior_source(prior))),
            )
            if prior == "store":
                _setting("prior_orders", lang)
            st.selectbox(
                name_of("interval").of(lang),
                INTERVALS,
                index=INTERVALS.index(typed().get("interval", "equal_tailed")),
                key=_key("interval", lang),
                on_change=_took,
                args=("interval", lang),
                format_func=lambda one: say(lang, f"rates.{one}"),
                help=say(lang, "rates.interval_help"),
            )


def _setting(name: str, lang: Lang) -> None:
    """Draw one setting; its help says the default, why, and whence."""
    default = setting(name)
    value = (
        formats.percent(default.value, 0)
        if default.unit == "share"
        else formats.number(default.value)
    )
    told = say(
        lang,
        "rates.default",
        value=value,
        why=default.why.of(lang),
        kind=say(lang, f"rates.kind_{default.kind}"),
        source=default.source,
    )
    _number(name, default.value, lang, share=default.unit == "share", told=told)


def _number(
    name: str,
    default: float | None,
    lang: Lang,
    *,
    share: bool = False,
    whole: bool = False,
    unit: str = "",
    told: str = "",
    label: str = "",
) -> None:
    """Draw a number of this tab, seeded with what was typed, else with its default; emptied, it is
    the default again.
    """
    value: Any = typed().get(name, default)
    mark = " (%)" if share else f" ({unit})" if unit else ""
    kind = NumberKind(
        Unit.RATE if share else Unit.FACTOR, unit, whole, None if share or unit else 0
    )
    number(
        f"{label or name_of(name).of(lang)}{mark}",
        value,
        lambda new: _given(name, new),
        key=_key(name, lang),
        kind=kind,
        help_=said(told),
    )


def _key(name: str, lang: Lang) -> str:
    return f"rates_{name}_{lang}_{tab.revision}_{tab.rates_again}"


def _took(name: str, lang: Lang) -> None:
    """Keep what was chosen."""
    _given(name, tab.typed(_key(name, lang)))


def _given(name: str, value: Any) -> None:
    if value is None:
        typed().pop(name, None)
        tab.rates_again += name not in _COUNTS  # the default comes back into the field
    else:
        typed()[name] = value


def _example() -> None:
    typed().update(example())
    tab.rates_again += 1


def _forget() -> None:
    for name in _COUNTS:
        typed().pop(name, None)
    tab.rates_again += 1


def _reset() -> None:
    kept = {name: typed()[name] for name in _COUNTS if name in typed()}
    typed().clear()
    typed().update(kept)
    tab.rates_again += 1
