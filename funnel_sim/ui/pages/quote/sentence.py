"""The offer as one sentence with blanks: what most quotes say, typed where it is read."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from funnel_sim.decisions.kpi.console import OURS, agreed_metric, differs
from funnel_sim.decisions.quote.moves import promised_months
from funnel_sim.decisions.quote.store_alone import baseline
from funnel_sim.output.words import formats
from funnel_sim.output.words.counter_offer import monthly_kpi
from funnel_sim.output.words.kpi import kpi_text, window_text
from funnel_sim.output.words.rewards import reward_text
from funnel_sim.output.words.shares import share_text, starts_at
from funnel_sim.output.words.tables import defined
from funnel_sim.scenario.kpi_metrics import STEADY_METRICS
from funnel_sim.scenario.kpi_templates import fresh_id
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets import promise
from funnel_sim.ui.widgets.fields import choice_changed, field, label_of, widget_key
from funnel_sim.ui.widgets.hints import hints
from funnel_sim.ui.widgets.number import GROWTH, RATE, SHORT, NumberKind, number
from funnel_sim.units import PERCENT
from funnel_sim.words import Lang, say

SPOKEN = frozenset(
    {"setup", "base", "fee_currency", "term", "notice", "renewal", "claimed", "stop_loss", "ramp"}
)
"""Fields of a contract that stand in the sentence, and nowhere else on the page."""
_WITH_THRESHOLD = 2
_WIDE, _MONEY, _SHORT, _CODE = 236, 102, 74, 86


def simple_share(option: Option) -> bool:
    """Say whether the share of sales is none, one rate of GMV, or one rate above a threshold: what
    the sentence can say. A share over a baseline, or of other sales, is none of these.
    """
    tiers = option.share_tiers
    if tiers and (option.share_over == "baseline" or option.share_basis != "gmv"):
        return False
    return len(tiers) <= 1 or (
        len(tiers) == _WITH_THRESHOLD and tiers[0].rate == 0 and option.share_mode == "marginal"
    )


def monthly_bonus(option: Option, scenario: Scenario) -> tuple[int, Reward, Kpi] | None:
    """Return the first bonus that is a fixed amount for each month in which GMV grows by so much,
    with its place and its KPI.
    """
    by_id = {kpi.id: kpi for kpi in scenario.kpis}
    for place, reward in enumerate(option.rewards):
        kpi = by_id[reward.kpi]
        plain = reward.kind == "bonus" and reward.form == "fixed" and reward.each == "month"
        if plain and kpi.metric == "gmv" and kpi.relative and kpi.comparator == "at_least":
            return place, reward, kpi
    return None


def draw(option: Option, scenario: Scenario, lang: Lang) -> None:
    """Draw the sentence of one quote."""
    path = f"options.{option.id}"
    with st.container(key="quote_sentence", gap="small"):
        with _line():
            _promise(option, scenario, lang)
        promise.problems(option, lang)
        with _line():
            promise.words("s_setup", lang)
            _blank(f"{path}.setup", _MONEY)
            promise.words("s_base", lang)
            _blank(f"{path}.base", _MONEY)
            promise.words("s_currency", lang)
            _currency(option, path, scenario)
        with _line():
            if simple_share(option):
                _share(option, path, scenario, lang)
            else:
                told = share_text(scenario, option, lang)
                if option.share_over == "baseline":
                    amount = formats.compact(baseline(scenario, option), scenario.currency, lang)
                    key = "s_baseline" if option.baseline is not None else "s_baseline_unsaid"
                    told = say(lang, f"quote.{key}", share=told, amount=amount)
                why = _fixed_or_moving(option, scenario, lang)
                st.markdown(said(told), width="content", help=why)
                promise.words("s_bonus_more", lang)
        if _shares_all(option):
            _of_what(option, path, scenario, lang)
        with _line():
            _bonus(option, path, scenario, lang)
        with _line():
            promise.words("s_term", lang)
            _blank(f"{path}.term", _SHORT)
            promise.words("s_notice", lang)
            _blank(f"{path}.notice", _SHORT)
            promise.words("s_renewal", lang)
            _blank(f"{path}.renewal", _WIDE)
            _stop(option, path, scenario, lang)
        st.caption(say(lang, "quote.s_empty"))
        hints(_meanings(option, path, scenario, lang), "quote_hints")
    for place in (*(f"{path}.{name}" for name in ("share_tiers", "rewards")), "quote_sentence"):
        problem = state.problem_at(place)
        if problem is not None:
            told = " ".join(one.short(lang, place) for one in problem.problems)
            st.markdown(said(f":red[:material/error: {told} {say(lang, 'field.kept')}]"))


def _meanings(option: Option, path: str, scenario: Scenario, lang: Lang) -> dict[str, str]:
    """Return what each blank means, by its label."""
    found = {
        label_of(f"{path}.{name}", spec, scenario, lang): spec.help.of(lang)
        for name, spec in specs_of(Option).items()
        if name in SPOKEN and spec.help.of(lang)
    }
    acos = defined(["ACoS"], lang)["ACoS"]
    return (
        found
        | promise.meanings(lang)
        | {
            say(lang, "quote.l_over", currency=scenario.currency): say(lang, "quote.h_over"),
            say(lang, "quote.l_share"): say(lang, "quote.h_share"),
            say(lang, "quote.l_bonus_growth"): say(lang, "quote.h_bonus_growth"),
            say(lang, "quote.l_bonus", currency=option.currency(scenario)): say(
                lang, "quote.h_bonus"
            ),
            say(lang, "quote.l_acos"): acos,
        }
    )


def _currency(option: Option, path: str, scenario: Scenario) -> None:
    """Draw in which currency the fees are; another one converts them."""
    spec = specs_of(Option)["fee_currency"]
    codes = {"cost": scenario.cost_currency, "sales": scenario.currency}
    key = widget_key(f"{path}.fee_currency_typed")
    if not tab.has(key):
        tab.put(key, option.fee_currency)
    with st.container(width=_CODE):
        st.selectbox(
            spec.label.of(state.lang()),
            list(codes) if len(set(codes.values())) > 1 else [option.fee_currency],
            key=key,
            format_func=lambda code: codes.get(code, str(code)),
            on_change=lambda: choice_changed(f"{path}.fee_currency", key),
        )


def _line() -> Any:
    return st.container(horizontal=True, vertical_alignment="center", gap="xsmall")


def _blank(path: str, width: int) -> None:
    with st.container(width=width):
        field(path, note=False)


def _number(
    path: str,
    label: str,
    value: float | None,
    changed: Callable[[Any], bool | None],
    factor: float = 1.0,
    width: int = _SHORT,
    kind: NumberKind | None = None,
    empty: str | None = None,
) -> None:
    with st.container(width=width):
        number(
            label,
            value,
            changed,
            key=widget_key(path),
            kind=kind or (RATE if factor == PERCENT else SHORT),
            place=path,
            empty=empty,
        )


def _put(changes: dict[str, Any], place: str, *, anew: bool = False) -> None:
    """Write changes to the scenario; `anew`: widgets elsewhere show the same, so that all are
    seeded again.
    """
    if state.change_all(changes, place) and anew:
        tab.revision += 1


# ---- the share of sales
# -------------------------------------------------------------------------------------------


def _share(option: Option, path: str, scenario: Scenario, lang: Lang) -> None:
    tiers = option.share_tiers
    rate = tiers[-1].rate if tiers else None
    bound = tiers[0].upto if len(tiers) > 1 else None

    def put(bound: float | None, rate: float | None) -> None:
        _put({f"{path}.share_tiers": share_rows(bound, rate)}, f"{path}.share_tiers")

    promise.words("s_over", lang)
    label = say(lang, "quote.l_over", currency=scenario.currency)
    held = tab.quote_bound

    def bound_typed(value: float | None) -> None:
        held[option.id] = value
        put(value, rate)

    _number(
        f"{path}.share_bound_typed",
        label,
        bound if bound else held.get(option.id),
        bound_typed,
        width=_MONEY,
    )
    promise.words("s_over_2", lang, currency=scenario.currency)
    _number(
        f"{path}.share_rate_typed",
        say(lang, "quote.l_share"),
        rate,
        lambda value: put(bound if bound else held.get(option.id), value),
        PERCENT,
    )
    promise.words("s_share", lang, why=_fixed_or_moving(option, scenario, lang))


def share_rows(bound: float | None, rate: float | None) -> list[dict[str, Any]]:
    """Return the tiers of one rate, of what lies above a threshold where there is one.

    Args:
        bound: the threshold a month [sales currency]; None or 0 for all sales.
        rate: the share [fraction]; None or 0 for none.
    """
    rows: list[dict[str, Any]] = [] if not rate else [{"upto": None, "rate": rate}]
    return [{"upto": bound, "rate": 0.0}, *rows] if rows and bound else rows


def _fixed_or_moving(option: Option, scenario: Scenario, lang: Lang) -> str | None:
    """Return why a threshold and a baseline of one amount differ in worth, where there is one."""
    least = starts_at(scenario, option)
    if least is None:
        return None
    amount = formats.compact(least, scenario.currency, lang)
    return said(say(lang, "quote.s_fixed_or_moving", amount=amount))


def _shares_all(option: Option) -> bool:
    """Say whether a share is of all GMV because nobody said above what."""
    return simple_share(option) and len(option.share_tiers) == 1 and option.share_tiers[0].rate > 0


def _of_what(option: Option, path: str, scenario: Scenario, lang: Lang) -> None:
    """Say that a share is of all GMV, and ask whether the quote means what is added."""
    rate = formats.percent(option.share_tiers[0].rate)
    usual = formats.compact(baseline(scenario, option.but(baseline=None)), scenario.currency, lang)
    with _line():
        st.markdown(
            said(f":material/help: {say(lang, 'quote.share_of_all', rate=rate)}"), width="content"
        )
        st.button(
            say(lang, "quote.share_of_added", usual=usual),
            key=f"quote_share_added_{option.id}",
            on_click=_put,
            args=({f"{path}.share_over": "baseline"}, f"{path}.share_tiers"),
            kwargs={"anew": True},
        )


# ---- a bonus by the month's KPI, made in place
# -----------------------------------------------------------------------


def _bonus(option: Option, path: str, scenario: Scenario, lang: Lang) -> None:
    found = monthly_bonus(option, scenario)
    others = [one for one in option.rewards if found is None or one is not found[1]]
    for one in others:
        st.markdown(said(reward_text(one, option, scenario, lang)), width="content")
    if others:
        promise.words("s_bonus_more", lang)
    if found is None and any(one.kind == "bonus" for one in others):
        return
    growth = found[2].target if found else tab.quote_growth.get(option.id)
    as_promised = None if option.claimed is None else formats.exact(option.claimed * PERCENT)
    promise.words("s_bonus", lang)
    _number(
        f"{path}.bonus_growth",
        say(lang, "quote.l_bonus_growth"),
        growth,
        lambda value: _bonus_put(option.id, growth=value),
        PERCENT,
        kind=GROWTH,
        empty=as_promised,
    )
    promise.words("s_bonus_2", lang)
    label = say(lang, "quote.l_bonus", currency=option.currency(scenario))
    _number(
        f"{path}.bonus_amount",
        label,
        found[1].amount if found else None,
        lambda value: _bonus_put(option.id, amount=value or 0.0),
        width=_MONEY,
    )
    if found and found[2].months != (whole := _whole_term(option, scenario)):
        first, last = found[2].months
        promise.words("s_bonus_months", lang, first=first, last=min(last, whole[1]))


def _whole_term(option: Option, scenario: Scenario) -> tuple[int, int]:
    """Return the months in which a bonus "for each month" counts: all of the contract within the
    plan, also those in which the promise is still on its way (ADR 0084).
    """
    return 1, min(option.term, scenario.plan.horizon_months)


def _bonus_put(name: str, *, growth: float | None = None, amount: float | None = None) -> None:
    """Write the bonus: its KPI is made in place, over all months of the plan, and goes when the
    bonus goes and nothing else names it.
    """
    scenario = state.scenario()
    option = next(one for one in scenario.options if one.id == name)
    found = monthly_bonus(option, scenario)
    held: dict[str, float | None] = tab.quote_growth
    if growth is not None:
        held[name] = growth
    wanted = (
        growth
        if growth is not None
        else found[2].target
        if found
        else held.get(name, option.claimed)
    )
    money = amount if amount is not None else found[1].amount if found else 0.0
    rewards = [one.model_dump(mode="json") for one in option.rewards]
    kpis = scenario.plain()["kpis"]
    if found:
        rewards.pop(found[0])
        named = [
            *(one.kpi for one in option.rewards if one is not found[1]),
            option.decided_by,
            *(one.kpi for one in option.instalments),
        ]
        others = [
            kpi for other in scenario.options if other.id != name for _, kpi in other.kpis_named()
        ]
        if found[2].id.startswith("bonus") and found[2].id not in (*named, *others):
            kpis = [one for one in kpis if one["id"] != found[2].id]
    if money and wanted is not None:
        first, last = _whole_term(option, scenario)
        told = {
            "metric": "gmv",
            "target": wanted,
            "relative": True,
            "window": "average",
            "month_from": first,
            "month_to": last,
        }
        same = next(
            (
                one["id"]
                for one in kpis
                if all(one.get(key) == value for key, value in told.items())
            ),
            None,
        )
        made = same or fresh_id("bonus", [one["id"] for one in kpis])
        kpis = kpis if same else [*kpis, told | {"id": made}]
        rewards.append(
            {"kpi": made, "kind": "bonus", "form": "fixed", "amount": money, "each": "month"}
        )
    if not (money and wanted is None):
        _put({"kpis": kpis, f"options.{name}.rewards": rewards}, f"options.{name}.rewards")


# ---- stop-loss, promise, record
# ------------------------------------------------------------------------------------


def _stop(option: Option, path: str, scenario: Scenario, lang: Lang) -> None:
    key = widget_key(f"{path}.stop_typed")
    if not tab.has(key):
        tab.put(key, option.stop_loss)
    st.toggle(
        say(lang, "quote.l_stop"),
        key=key,
        help=specs_of(Option)["stop_loss"].help.of(lang),
        on_change=lambda: _stop_put(option.id, bool(tab.typed(key))),
    )
    judged = next((one for one in scenario.kpis if one.id == option.decided_by), None)
    if option.stop_loss and judged is not None:
        text = monthly_kpi if judged.window in ("average", "every") else kpi_text
        told = say(lang, "quote.stop_by", kpi=text(judged, scenario, lang))
        st.markdown(said(told), width="content")
        change = say(lang, "quote.stop_change")
        if st.button(change, key=widget_key(f"{path}.stop_kpi"), type="tertiary"):
            tab.kpi_opened[judged.id] = True
            shell.go("kpi_check")


def _stop_put(name: str, wanted: bool) -> None:
    """Agree on a stop-loss, or no more; where no KPI decides, it looks at the store's first KPI,
    else at a usual month of today.
    """
    scenario = state.scenario()
    option = next(one for one in scenario.options if one.id == name)
    changes: dict[str, Any] = {f"options.{name}.stop_loss": wanted}
    if wanted and not option.decided_by:
        able = [kpi.id for kpi in scenario.kpis if kpi.metric not in STEADY_METRICS]
        if not able:
            kpis = scenario.plain()["kpis"]
            made = fresh_id("gmv_today", [one["id"] for one in kpis])
            told = {
                "id": made,
                "metric": "gmv",
                "target": 0.0,
                "relative": True,
                "month_to": min(option.term, scenario.plan.horizon_months),
            }
            changes["kpis"], able = [*kpis, told], [made]
            state.notice("warning", say(state.lang(), "quote.stop_made"))
        changes[f"options.{name}.decided_by"] = able[0]
    _put(changes, "quote_sentence", anew=True)


def _promise(option: Option, scenario: Scenario, lang: Lang) -> None:
    promise.uplift(option, scenario, lang)
    acos = promised_acos(scenario)
    by_console = differs(scenario, "acos" if acos is None else acos.metric)
    books = by_console and acos is not None and acos.metric == "acos"
    key = "s_acos_books" if books else "s_acos_console" if by_console else "s_acos"
    promise.words("s_months_and", lang, month=promise.month_of_all(option, scenario))
    promise.words(key, lang)
    _number(
        "quote.acos",
        say(lang, "quote.l_acos"),
        None if acos is None else acos.target,
        _acos_put,
        PERCENT,
    )
    if acos is None:
        promise.words("s_percent", lang)
    else:
        promise.words("s_percent_window", lang, window=window_text(acos, lang))
    promise.record(option, scenario, lang)


def promised_acos(scenario: Scenario) -> Kpi | None:
    """Return the store's promise on ACoS: at most so much."""
    return next(
        (
            kpi
            for kpi in scenario.kpis
            if OURS.get(kpi.metric, kpi.metric) == "acos"
            and kpi.comparator == "at_most"
            and not kpi.relative
        ),
        None,
    )


def _acos_put(value: float | None) -> None:
    scenario = state.scenario()
    now, kpis = promised_acos(scenario), scenario.plain()["kpis"]
    if now is not None:
        named = {kpi for option in scenario.options for _, kpi in option.kpis_named()}
        if value is None and now.id in named:
            return
        kpis = [
            one if one["id"] != now.id else one | {"target": value}
            for one in kpis
            if not (value is None and one["id"] == now.id)
        ]
    elif value is not None:
        quote = promise.promised_by(scenario)
        last = scenario.plan.horizon_months
        first, last = (1, last) if quote is None else promised_months(scenario, quote)
        made = {
            "metric": agreed_metric(scenario, "acos"),
            "comparator": "at_most",
            "target": value,
            "window": "average",
            "month_from": first,
            "month_to": last,
        }
        kpis = [*kpis, made | {"id": fresh_id("acos", [one["id"] for one in kpis])}]
    _put({"kpis": kpis}, "quote_sentence")
