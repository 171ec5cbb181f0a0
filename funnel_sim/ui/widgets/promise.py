"""What an agency promises, typed once: how far sales rise, in how many months, and how many of its
cases kept the promise. A quote, the KPI check and the contract check read the same.
"""

from typing import Any

import streamlit as st

from funnel_sim.decisions.quote.effect import full_month
from funnel_sim.decisions.quote.record import promise_of
from funnel_sim.errors import InputError
from funnel_sim.output.words import formats
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.moved_ranges import along
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.promise import Promise
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.typed_numbers import typed_record
from funnel_sim.ui.markup import said
from funnel_sim.ui.session import state
from funnel_sim.ui.session.quotes import promised_ramp
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import widget_key
from funnel_sim.ui.widgets.number import RISE, SHORT, number
from funnel_sim.words import Lang, say

_SHORT = 74


def promised_by(scenario: Scenario) -> Option | None:
    """Return the quote whose promise the KPI check shows: the one looked at last, else the
    first.
    """
    quotes = [one for one in scenario.options if one.kind == "quote"]
    return next((one for one in quotes if one.id == tab.quote_shown), next(iter(quotes), None))


def uplift(option: Option | None, scenario: Scenario, lang: Lang) -> None:
    """Draw the words and blanks of the promised uplift and of the months until all of it is there.

    Args:
        option: the quote that holds the promise; None where the KPIs alone do.
    """
    path = "promise" if option is None else f"options.{option.id}"
    words("s_claimed", lang)
    _blank(
        f"{path}.claimed_typed",
        specs_of(Promise)["claimed"].label.of(lang) + " (%)",
        scenario.promise.claimed if option is None else option.claimed,
        lambda value: put_claimed(option, value),
        percent=True,
        help_=specs_of(Promise)["claimed"].help.of(lang),
    )
    words("s_ramp", lang)
    ramp = promised_ramp(scenario) if option is None else point_value(option.ramp)
    usual = float(alternatives.usual_ramp(scenario).value)
    assumed = ramp == usual
    _blank(
        f"{path}.ramp_typed",
        specs_of(Promise)["promise_ramp"].label.of(lang),
        None if assumed else ramp,
        lambda value: _put_ramp(option, value),
        help_=specs_of(Promise)["promise_ramp"].help.of(lang),
        empty=say(lang, "quote.ramp_usual", months=formats.number(round(usual))),
    )


def month_of_all(option: Option | None, scenario: Scenario) -> int:
    """Return the first month in which all of a promise should be there.

    Args:
        option: the quote that holds the promise; None where the KPIs alone do.
    """
    return full_month(option or Option(id="promise", ramp=promised_ramp(scenario)))


def record(option: Option | None, scenario: Scenario, lang: Lang) -> None:
    """Draw the blank of a quote's record, one text such as 8/10; while it has none of its own, that
    of the scenario's promise.

    Args:
        option: the quote whose record it is; None for that of the scenario's own promise.
    """
    words("s_record", lang)
    promise = scenario.promise if option is None else promise_of(scenario, option)
    key = widget_key("promise.record" if option is None else f"options.{option.id}.record")
    if not tab.has(key):
        known = promise.record_met is not None and promise.record_shown is not None
        tab.put(key, f"{promise.record_met:g}/{promise.record_shown:g}" if known else "")
    with st.container(width=_SHORT):
        st.text_input(
            say(lang, "quote.l_record"),
            key=key,
            placeholder="8/10",
            autocomplete="off",
            help=say(lang, "quote.record_help"),
            on_change=_put_record,
            args=(key, None if option is None else option.id),
        )
    words("s_record_3", lang)


def meanings(lang: Lang) -> dict[str, str]:
    """Return what each blank of the promise means, by its label."""
    specs = specs_of(Promise)
    return {
        specs["claimed"].label.of(lang) + " (%)": specs["claimed"].help.of(lang),
        specs["promise_ramp"].label.of(lang): specs["promise_ramp"].help.of(lang),
        say(lang, "quote.l_record"): say(lang, "quote.record_help"),
    }


def words(key: str, lang: Lang, *, why: str | None = None, **parts: object) -> None:
    """Draw words of the sentence between its blanks.

    Args:
        key: of the sentence's part in the catalogue.
        why: what is told of them at a touch.
    """
    st.markdown(said(say(lang, f"quote.{key}", **parts)), width="content", help=why)


def problems(option: Option | None, lang: Lang) -> None:
    """Draw what was refused of the promise.

    Args:
        option: the quote that holds the promise; None where the KPIs alone do.
    """
    path = "promise" if option is None else f"options.{option.id}"
    for place in (f"{path}.claimed", f"{path}.ramp", "promise.record"):
        problem = state.problem_at(place)
        if problem is not None:
            told = " ".join(one.short(lang, place) for one in problem.problems)
            st.markdown(said(f":red[:material/error: {told} {say(lang, 'field.kept')}]"))


def _blank(
    path: str,
    label: str,
    value: float | None,
    changed: Any,
    *,
    percent: bool = False,
    help_: str,
    empty: str | None = None,
) -> None:
    with st.container(width=_SHORT):
        number(
            label,
            value,
            changed,
            key=widget_key(path),
            kind=RISE if percent else SHORT,
            place=path.removesuffix("_typed"),
            help_=help_,
            empty=empty,
        )


def put_claimed(option: Option | None, value: float | None) -> bool:
    """Write the promised uplift wherever the same one stood.

    Args:
        option: the quote that holds the promise; None where the KPIs alone do.
        value: relative [fraction]; None for none promised.
    """
    place = "promise.claimed" if option is None else f"options.{option.id}.claimed"
    return state.change_all(claimed_changes(option, value), place)


def claimed_changes(option: Option | None, value: float | None) -> dict[str, Any]:
    """Return what a promised uplift changes: every place where the same one stood.

    Args:
        option: the quote that holds the promise; None where the KPIs alone do.
        value: relative [fraction]; None for none promised.

    Returns:
        New values by path.
    """
    scenario = state.scenario()
    before = scenario.promise.claimed if option is None else _now(scenario, option).claimed
    changes: dict[str, Any] = {
        f"options.{one.id}.claimed": value
        for one in scenario.options
        if one.kind == "quote" and _same(one, option, one.claimed in (None, before))
    }
    if option is None or scenario.promise.claimed in (None, before):
        changes["promise.claimed"] = value
    if option is None:
        changes["promise.promise_ramp"] = promised_ramp(scenario)
    return changes


def _put_ramp(option: Option | None, value: float | None) -> bool:
    scenario = state.scenario()
    before = (
        scenario.promise.promise_ramp
        if option is None
        else point_value(_now(scenario, option).ramp)
    )
    usual = float(alternatives.usual_ramp(scenario).value)
    months = usual if value is None else value
    changes: dict[str, Any] = {
        f"options.{one.id}.ramp": along(f"options.{one.id}.ramp", one.ramp, months)
        for one in scenario.options
        if one.kind == "quote" and _same(one, option, point_value(one.ramp) == before)
    }
    changes["promise.promise_ramp"] = months
    place = "promise.ramp" if option is None else f"options.{option.id}.ramp"
    return state.change_all(changes, place)


def _now(scenario: Scenario, option: Option) -> Option:
    return next(one for one in scenario.options if one.id == option.id)


def _same(one: Option, option: Option | None, alike: bool) -> bool:
    """Say whether a change is for a quote too: the one it was typed for, and from the KPI check
    every quote that said the same.
    """
    return one.id == option.id if option is not None else alike


def _put_record(key: str, name: str | None) -> None:
    """Write a record to its quote, and to the scenario's promise where that has none or the same
    one, so that a single quote and the KPI check say the same.
    """
    try:
        found = typed_record(str(tab.typed(key) or ""), "promise.record")
    except InputError as error:
        state.refused("promise.record", error)
        return
    met, shown = (None, None) if found is None else found
    scenario = state.scenario()
    now = scenario.promise.record_met, scenario.promise.record_shown
    whole = {"promise.record_met": met, "promise.record_shown": shown}
    option = next((one for one in scenario.options if one.id == name), None)
    if option is None:
        state.change_all(whole, "promise.record")
        return
    own = {
        f"options.{name}.record_met": met,
        f"options.{name}.record_shown": shown,
        f"options.{name}.record_trust": None,
        f"options.{name}.record_measured": False,
    }
    alone = sum(one.kind == "quote" for one in scenario.options) == 1
    shared = alone or now in ((None, None), (option.record_met, option.record_shown))
    state.change_all(own | (whole if shared else {}), "promise.record")
