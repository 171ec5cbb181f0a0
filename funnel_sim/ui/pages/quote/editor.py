"""The whole contract as forms: quotes and alternatives, added, changed, copied, left out and
removed.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from funnel_sim.output.words import formats
from funnel_sim.output.words.quote import in_short
from funnel_sim.output.words.quote_amounts import belief_of
from funnel_sim.output.words.quote_usual import default_sentences, usual_rows
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.promise import Promise
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quote_effect import Service
from funnel_sim.scenario.quote_templates import QuoteTemplate, quote_templates
from funnel_sim.scenario.quotes import ALTERNATIVES, MOST_QUOTES, NEW_QUOTE, Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.roles import quote_name
from funnel_sim.ui.session import quote_answers, state
from funnel_sim.ui.session.quotes import begin, copy, quotes_in, save
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets import fee_from_cost, measured_record, ranges, scope
from funnel_sim.ui.widgets.contract_rows import kpi_choice, rows
from funnel_sim.ui.widgets.fields import field, source_text, widget_key
from funnel_sim.ui.widgets.folds import kept_fold
from funnel_sim.words import Lang, say

_OWN: dict[str, tuple[str, ...]] = {
    "own_team": ("people", "pay", "on_cost", "start_cost", "tools_monthly"),
    "consultant": ("hours", "hour_rate", "start_cost"),
    "tools": ("tools_monthly", "start_cost"),
    "quote": ("start_cost", "tools_monthly"),
    "flat_fee": ("start_cost", "tools_monthly"),
}
_SAVES = ("hours_saved", "hour_worth")


def ready_made(scenario: Scenario, lang: Lang, *, first: bool) -> None:
    """Draw the ready-made quotes to begin with, and the fee typed among the inputs as one.

    Args:
        first: whether there is no quote yet.
    """
    full = len(quotes_in(scenario)) >= MOST_QUOTES
    if full:
        st.caption(say(lang, "quote.full", most=MOST_QUOTES))
        return
    if not first:
        st.button(
            say(lang, "quote.begin"),
            key="quote_begin_more",
            icon=":material/edit:",
            on_click=begin_blank,
        )
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
    typed = point_value(scenario.fixed.operator_monthly), point_value(scenario.fixed.operator_rate)
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


def begin_blank() -> None:
    """Begin a quote of which nothing is typed yet; what was promised for the store is promised in
    it.
    """
    scenario = state.scenario()
    made: dict[str, Any] = {"id": scenario.fresh_option()}
    if scenario.promise.claimed is not None:
        made["claimed"] = scenario.promise.claimed
    begin(
        {"options": [*scenario.plain()["options"], made], "kpis": scenario.plain()["kpis"]}, set()
    )


def is_blank(option: Option) -> bool:
    """Say whether nothing was typed into a quote yet: neither a fee nor a promise."""
    told = {"id", "name", "ramp", *NEW_QUOTE}
    new = Option(id=option.id)
    return all(
        getattr(option, name) == getattr(new, name)
        for name in type(option).model_fields
        if name not in told
    )


def _add(template: QuoteTemplate) -> None:
    """Begin a ready-made quote; it takes the place of one into which nothing was typed."""
    empty = [one.id for one in quotes_in(state.scenario()) if is_blank(one)]
    for name in empty:
        drop(name)
    scenario = state.scenario()
    changes = template.added_to(scenario, lambda one, other: exchange(one, other, scenario.as_of))
    had = {kpi.id for kpi in scenario.kpis}
    begin(changes, {kpi["id"] for kpi in changes["kpis"]} - had)


def _take_over() -> None:
    scenario = state.scenario()
    monthly, rate = (
        point_value(scenario.fixed.operator_monthly),
        point_value(scenario.fixed.operator_rate),
    )
    made: dict[str, Any] = {
        "id": scenario.fresh_option(),
        "base": monthly,
    }
    if rate:
        made |= {"share_tiers": [{"upto": None, "rate": rate}], "share_basis": "net_revenue"}
    begin(
        {
            "options": [*scenario.plain()["options"], made],
            "fixed.operator_monthly": 0.0,
            "fixed.operator_rate": 0.0,
        },
        set(),
    )


def drop(name: str) -> None:
    """Remove an option, and the KPIs that came with it and no other contract names.

    A signed contract stays named: nothing counts as signed until another one is chosen.
    """
    scenario = state.scenario()
    brought: set[str] = tab.quote_brought.pop(name, set())
    others = {
        kpi for option in scenario.options if option.id != name for _, kpi in option.kpis_named()
    }
    plain = scenario.plain()
    kept = [kpi for kpi in plain["kpis"] if kpi["id"] not in brought - others]
    changes: dict[str, Any] = {
        "options": [row for row in plain["options"] if row["id"] != name],
        "kpis": kept,
    }
    gone = next((one for one in scenario.options if one.id == name), None)
    if gone is not None and not is_blank(gone) and [gone] == quotes_in(scenario):
        changes |= _promise_gone(scenario, gone)
    tab.quote_growth.pop(name, None)
    tab.quote_bound.pop(name, None)
    if any(one.id == name and is_blank(one) for one in scenario.options):  # nobody signed that
        named = scenario.history.signed
        changes["history.signed"] = "" if named == name else named
    save(changes)


def _promise_gone(scenario: Scenario, quote: Option) -> dict[str, Any]:
    """Return what takes the promise of the only quote away with it, where the store's own promise
    says the same: it was typed in that quote, and the next one is another agency's.
    """
    now, new = scenario.promise, Promise()
    pairs = {
        "claimed": quote.claimed,
        "promise_ramp": point_value(quote.ramp),
        "record_met": quote.record_met,
        "record_shown": quote.record_shown,
    }
    return {
        f"promise.{name}": getattr(new, name)
        for name, value in pairs.items()
        if value is not None and getattr(now, name) == value
    }


def _adopt(option: Option, changes: dict[str, Any] | None = None) -> None:
    save(
        {
            "options": [
                *state.scenario().plain()["options"],
                option.model_dump(mode="json") | (changes or {}),
            ]
        }
    )


def options_list(scenario: Scenario, lang: Lang, shown: str = "") -> None:
    """Draw quotes and alternatives, each in a fold, all but the one that is shown above.

    Args:
        shown: id of the option that is drawn above.
    """
    quotes = [option for option in quotes_in(scenario) if option.id != shown]
    every = [*quotes, *(_alternative(scenario, kind) for kind in ALTERNATIVES)]
    for option in every:
        title = literal(quote_name(option, lang))
        if not option.compared:
            st.button(
                say(lang, "quote.show_again", name=title),
                key=f"quote_again_{option.id}",
                type="tertiary",
                icon=":material/visibility:",
                on_click=compared,
                args=(option.id, True),
            )
            continue
        alone = option.kind == "quote" and len(quotes) == 1
        short = in_short(option, scenario, lang)
        title = f"{title} — {said(short)}" if short else title
        icon = ":material/description:" if option.kind == "quote" else ":material/alt_route:"
        with kept_fold(
            title, f"quote_one_{option.id}", tab.quote_opened, option.id, icon=icon, first=alone
        ) as fold:
            if fold.open:
                one(option, scenario, lang)
    with st.expander(
        say(lang, "quote.add"), key="quote_more", on_change="rerun", icon=":material/add:"
    ) as fold:
        if fold.open:
            ready_made(scenario, lang, first=False)
    with st.expander(
        say(lang, "quote.settings"),
        key="quote_settings",
        on_change="rerun",
        icon=":material/settings:",
    ) as fold:
        if fold.open:
            fields("comparison", ("sign_odds", "alike"), None)
            evidence(scenario, ("fading", "protection", "incentives"), lang)


def _alternative(scenario: Scenario, kind: Any) -> Option:
    own = next((option for option in scenario.options if option.kind == kind), None)
    return (
        alternatives.alternative(
            scenario, kind, quote_answers.without_operator_of(scenario).figure("paid_orders")
        )
        if own is None
        else own
    )


def compared(name: str, wanted: bool) -> None:
    """Put an option into the comparison, or leave it out.

    Args:
        name: id of the option.
        wanted: whether it is compared.
    """
    if state.change(f"options.{name}.compared", wanted):
        tab.revision += 1


def one(
    option: Option,
    scenario: Scenario,
    lang: Lang,
    spoken: frozenset[str] = frozenset(),
    *,
    private: bool = False,
) -> None:
    """Draw one option's forms, without the fields that stand elsewhere on the page; `private`: what
    serving costs is its reader's own affair and no part of a shared screen.

    Args:
        spoken: fields that stand elsewhere on the page.
    """
    if option.id not in [one.id for one in scenario.options]:  # an alternative by its defaults
        evidence(scenario, (option.kind,), lang)
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
            if "fee_currency" not in spoken:
                field(f"{path}.fee_currency", note=False)
    _part(
        "brings",
        option,
        lang,
        lambda: fields(
            path,
            _left(
                ("service", "claimed", "effect", "delay", "ramp", "half_life", "ad_budget"), spoken
            ),
            option,
            ranged=("effect", "ramp"),
        ),
        open_=True,
    )
    if option.kind in ("quote", "flat_fee"):
        _part("fees", option, lang, lambda: _fees(option, lang, spoken), open_=True)
        _part("lasts", option, lang, lambda: _lasts(option, lang, spoken))
        _part("kpis", option, lang, lambda: _by_kpi(option, lang))
        _part("beside", option, lang, lambda: _beside(option))
    _part(
        "own",
        option,
        lang,
        lambda: fields(
            path, (*_OWN[option.kind], *_SAVES), option, ranged=(*_OWN[option.kind], *_SAVES)
        ),
        open_=option.kind not in ("quote", "flat_fee"),
    )
    if option.kind in ("quote", "flat_fee"):
        _part("scope", option, lang, lambda: scope.form(option, lang))
    if option.kind == "quote" and not private:
        _part("record", option, lang, lambda: measured_record.draw(option, lang))
    if option.kind in ("quote", "flat_fee") and not private:
        _part("serving", option, lang, lambda: _serving(option, scenario, lang))
    elif option.kind not in ("quote", "flat_fee"):
        evidence(scenario, (option.kind,), lang, option)
    with st.container(horizontal=True):
        if option.kind == "quote":
            st.button(
                say(lang, "quote.remove"),
                icon=":material/delete:",
                key=widget_key(f"{path}.drop"),
                on_click=drop,
                args=(option.id,),
            )
            st.button(
                say(lang, "quote.copy"),
                icon=":material/content_copy:",
                key=widget_key(f"{path}.copy"),
                disabled=len(quotes_in(scenario)) >= MOST_QUOTES,
                on_click=copy,
                args=(option,),
            )
        else:
            st.button(
                say(lang, "quote.reset"),
                icon=":material/restart_alt:",
                key=widget_key(f"{path}.drop"),
                on_click=drop,
                args=(option.id,),
            )
        st.button(
            say(lang, "quote.hide"),
            icon=":material/visibility_off:",
            key=widget_key(f"{path}.hide"),
            on_click=compared,
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


def fields(
    path: str, names: tuple[str, ...], option: Option | None, *, ranged: tuple[str, ...] = ()
) -> None:
    """Draw fields of a section in a grid; some of them with their range.

    Args:
        path: of the section, "options.quote".
        names: of its fields, in order.
        option: whose defaults stand in empty fields; None where it is no option.
        ranged: those of the fields that may be a range.
    """
    with st.grid(3, min_column_width=190, gap="small"):
        for name in names:
            with st.container():
                field(f"{path}.{name}", note=False, ranged=name in ranged)
    if option is not None and "service" in names and option.kind == "quote":
        if "ramp" not in names:  # its number stands in the sentence, its range here
            ranges.editor(f"{path}.ramp")
        st.caption(said(belief_of(option, state.lang(), state.scenario().as_of)))


def _left(names: tuple[str, ...], spoken: frozenset[str]) -> tuple[str, ...]:
    """Return the fields that do not stand elsewhere on the page: two widgets of one field would be
    one too many.
    """
    return tuple(name for name in names if name not in spoken)


def _fees(option: Option, lang: Lang, spoken: frozenset[str]) -> None:
    path = f"options.{option.id}"
    fields(
        path,
        _left(
            ("setup", "base", "spend_rate", "order_fee", "floor", "cap", "total_cap", "fee_tax"),
            spoken,
        ),
        None,
    )
    rows(option, "share_tiers", shown="share_tiers" not in spoken)
    if option.share_tiers:
        names: tuple[str, ...] = ("share_basis", "share_over", "clawback")
        if len(option.share_tiers) > 1:
            names = (*names, "share_mode", "share_bound", "share_period")
        if option.share_over == "baseline":
            names = (*names, "baseline", "baseline_season")
        fields(path, names, None)
    _when_paid(option, path, lang)
    with st.expander(
        say(lang, "quote.usual"),
        key=f"quote_usual_{option.id}",
        on_change="rerun",
        icon=":material/menu_book:",
    ) as fold:
        if fold.open:
            _usual(lang)


def _when_paid(option: Option, path: str, lang: Lang) -> None:
    """Draw when the fees that the contract has are due, and its deposit."""
    names: list[str] = []
    if option.base or option.trial_base:
        days = [] if option.due_base == "unsaid" else ["due_base_days"]
        names += ["due_base", *days, "due_every"]
        if option.due_base != "arrears" and (option.due_every > 1 or option.due_refund_days):
            names.append("due_refund_days")
    if option.setup:
        names.append("due_setup_days")
    names += ["due_results_days", "deposit", *(["deposit_days"] if option.deposit else [])]
    st.markdown(f"**{say(lang, 'quote.when_paid')}**", help=say(lang, "quote.when_paid_help"))
    fields(path, tuple(names), None)


def _usual(lang: Lang) -> None:
    for clause in ("base", "share", "spend", "setup", "contract"):
        for text, row in usual_rows(clause, lang, state.scenario().as_of):
            st.caption(said(f"{text} — {source_text(row.provenance, state.scenario(), lang)}"))


def _lasts(option: Option, lang: Lang, spoken: frozenset[str]) -> None:
    path = f"options.{option.id}"
    fields(
        path,
        _left(
            (
                "term",
                "notice",
                "renewal",
                *(("renewal_months",) if option.renewal != "open" else ()),
                "trial",
                *(("trial_base", "trial_exit") if option.trial else ()),
            ),
            spoken,
        ),
        None,
    )
    _to_kpis(option, "decided_by", lang)
    spec = specs_of(Option)["decided_by"]
    kpi_choice(
        f"{path}.decided_by",
        spec.label.of(lang),
        option.decided_by,
        lambda kpi: _decides(option, kpi),
        spec.help.of(lang),
    )
    if option.decided_by:
        fields(
            path,
            _left(
                ("stop_loss", "stop_share", "stop_months", "stop_from", "miss_share", "patience"),
                spoken,
            ),
            None,
        )
    fields(path, ("exit_fixed", "exit_months", "exit_share"), None)


def _to_kpis(option: Option, place: str, lang: Lang) -> None:
    """Draw the way to the page where the KPIs that a contract goes by are added and changed."""
    if not state.scenario().kpis:
        st.caption(say(lang, "quote.kpis_first"))
    key = widget_key(f"options.{option.id}.{place}.to_kpis")
    icon = ":material/arrow_forward:"
    if st.button(say(lang, "quote.to_kpis"), key=key, type="tertiary", icon=icon):
        shell.go("kpi_check")


def _decides(option: Option, kpi: str) -> None:
    changes: dict[str, Any] = {f"options.{option.id}.decided_by": kpi}
    if not kpi:
        changes[f"options.{option.id}.stop_loss"] = False
    state.change_all(changes, f"options.{option.id}.decided_by")


def _by_kpi(option: Option, lang: Lang) -> None:
    _to_kpis(option, "rewards", lang)
    rows(option, "rewards")
    if any(one.kind == "penalty" for one in option.rewards):
        field(f"options.{option.id}.penalty_limited", note=False)
    rows(option, "instalments")


def _beside(option: Option) -> None:
    rebate = ("ads_through", "rebate_rate", *(("rebate_to_client",) if option.rebate_rate else ()))
    fields(f"options.{option.id}", ("passed_on", *rebate), None)
    rows(option, "extras")


def _serving(option: Option, scenario: Scenario, lang: Lang) -> None:
    names = ("serving_people", "serving_pay", "serving_on_cost", "serving_other")
    fields(f"options.{option.id}", names, option, ranged=names)
    fee_from_cost.draw(option, scenario, lang)
    evidence(scenario, ("serving",), lang, services=(option.service,))


def evidence(
    scenario: Scenario,
    kinds: tuple[str, ...],
    lang: Lang,
    option: Option | None = None,
    services: tuple[Service, ...] | None = None,
) -> None:
    """Draw what defaults rest on; of an option that was changed, only those that still stand in it.

    Args:
        kinds: of option.
        option: the one that was changed; None for what holds of all.
        services: of the agency; None for all.
    """
    usual = (
        None
        if option is None
        else alternatives.alternative(
            scenario, option.kind, quote_answers.without_operator_of(scenario).figure("paid_orders")
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
