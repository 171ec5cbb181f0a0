"""Contract check: the grade on top, what contract and simulation show, the questions that are left,
and the sentence to add for each.
"""

import json
from functools import partial
from typing import Any

import streamlit as st

from funnel_sim.decisions.quote.contract_check.findings import ContractCheck, Finding
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.json.contract_check import contract_check_json
from funnel_sim.output.words.contract_check import (
    amount_text,
    clause_text,
    finding_sentence,
    grade_about,
    grade_sentence,
    practice_texts,
    run_note,
    to_markdown,
)
from funnel_sim.reference.contract_items import GROUPS
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.kpi_templates import fresh_id
from funnel_sim.scenario.quotes import NEW_QUOTE, Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said, typed
from funnel_sim.ui.session import calls, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.fields import source_text, widget_key
from funnel_sim.ui.widgets.in_view import stays
from funnel_sim.words import LANGS, Lang, say

_ANSWERS = ("yes", "no", "unknown")
_COLOURS = {"bad": "red", "open": "orange", "good": "green"}
_ICONS = {"bad": ":material/warning:", "open": ":material/help:", "good": ":material/check_circle:"}
_GRADES = {"A": "green", "B": "green", "C": "orange", "D": "red", "E": "red"}
_SIGNED_KINDS = ("quote", "flat_fee", "consultant")


def quotes_of(scenario: Scenario) -> list[Option]:
    """Return the options of a scenario that come with a contract: quotes first."""
    found = [option for option in scenario.options if option.kind in _SIGNED_KINDS]
    return sorted(found, key=lambda option: option.kind != "quote")


def _chosen(scenario: Scenario) -> Option | None:
    quotes = quotes_of(scenario)
    wanted = tab.contract_option
    return next((option for option in quotes if option.id == wanted), quotes[0] if quotes else None)


def prepare(result: Result) -> ContractCheck | InputError | None:
    """Return what is shown of the quote that was chosen; None without a quote."""
    option = _chosen(result.scenario)
    if option is None:
        return None
    try:
        return calls.contract_of(result.scenario, option.id)
    except InputError as error:
        return error


def draw(result: Result, ready: ContractCheck | InputError | None) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    st.subheader(say(lang, "contract.title"))
    stays("contract_line")
    if ready is None:
        st.markdown(say(lang, "contract.lead"))
        st.info(say(lang, "contract.no_quote"))
        st.button(
            say(lang, "contract.create"),
            type="primary",
            icon=":material/add:",
            key="contract_create",
            on_click=_create,
        )
        return
    _which(scenario, lang)
    if isinstance(ready, InputError):
        for sentence in ready.sentences(lang):
            st.error(literal(sentence))
        return
    _grade(ready, lang)
    _judged(ready, lang)
    _asked(ready, lang)
    _downloads(ready, lang)


def _create() -> None:
    scenario = state.scenario()
    if quotes_of(scenario):
        return
    row: dict[str, Any] = {
        "id": fresh_id("quote", [option.id for option in scenario.options]),
        "kind": "quote",
    } | NEW_QUOTE
    if state.change_all({"options": [*scenario.plain()["options"], row]}, "options"):
        tab.revision += 1
        return
    error = state.problem_at("options")
    state.problems_forget("options")
    if error is not None:
        state.notice("error", error.sentences(state.lang())[0])


def _which(scenario: Scenario, lang: Lang) -> None:
    quotes = {option.id: option for option in quotes_of(scenario)}
    if len(quotes) < 2:
        return
    now = _chosen(scenario)
    key = f"contract_which_{lang}_{'_'.join(quotes)}_{tab.revision}"
    st.selectbox(
        say(lang, "contract.which"),
        list(quotes),
        key=key,
        index=list(quotes).index(now.id) if now is not None else 0,
        format_func=lambda name: (
            _label(quotes[name], list(quotes.values()), lang) if name in quotes else str(name)
        ),
        on_change=lambda: Tab.contract_option.put(tab.typed(key)),
    )


def _label(option: Option, options: list[Option], lang: Lang) -> str:
    name = option_name(option, lang)
    return (
        f"{name} ({option.id})"
        if sum(option_name(one, lang) == name for one in options) > 1
        else name
    )


def _grade(check: ContractCheck, lang: Lang) -> None:
    word = say(lang, "contract.grade", grade=check.grade.id)
    with st.container(key="contract_line"):
        counts = say(lang, "contract.counts", bad=check.count("bad"), open=check.count("open"))
        st.markdown(
            said(
                f"### :{_GRADES[check.grade.id]}-badge[{word}]"
                f" {typed(option_name(check.option, lang))} :small[{counts}]"
            )
        )
    st.markdown(said(grade_sentence(check, lang)))
    if check.problem is not None:
        st.warning(
            said(" ".join([say(lang, "contract.unsimulated"), *check.problem.sentences(lang)]))
        )
    elif check.of("fees_range").case == "none":
        st.info(say(lang, "contract.no_fees"))
    with st.expander(
        say(lang, "contract.how_graded"), key="contract_how", on_change="rerun"
    ) as fold:
        if fold.open:
            small = (
                [grade_about(lang)]
                if check.problem is not None
                else [run_note(check, lang), grade_about(lang)]
            )
            st.caption(said(" ".join(small)))


# ---- findings
# --------------------------------------------------------------------------------------------------


def _head(finding: Finding, lang: Lang, *, group: bool = True) -> str:
    item = finding.item
    shown = say(lang, f"contract.state_{finding.state}")
    weight = (
        ""
        if finding.state == "good"
        else f" :gray-badge[{say(lang, f'contract.weight_{item.weight}')}]"
    )
    place = f" :gray-badge[{say(lang, f'contract.group_{item.group}')}]" if group else ""
    return (
        f"**{_ICONS[finding.state]} {item.name.of(lang)}**"
        f" :{_COLOURS[finding.state]}-badge[{shown}]{weight}{place}"
    )


def _cost(finding: Finding) -> float:
    """Return what a finding costs a year, nothing where it has no price."""
    return max(finding.figures["cost"].value, 0.0) if "cost" in finding.figures else 0.0


def _judged(check: ContractCheck, lang: Lang) -> None:
    judged = [one for one in check.findings if one.judged]
    st.markdown(f"#### {say(lang, 'contract.judged_title')}")
    found = sorted(
        (one for one in judged if one.state != "good"),
        key=lambda one: (-_cost(one), -one.item.weight, one.item.id),
    )
    for one in found:
        cost = f" · {said(amount_text(one.figures['cost'], check, lang))}" if _cost(one) > 0 else ""
        title = (
            f"{one.item.name.of(lang)}"
            f" :{_COLOURS[one.state]}-badge[{say(lang, f'contract.state_{one.state}')}]{cost}"
        )
        with st.expander(
            title, key=f"contract_judged_{one.item.id}", on_change="rerun", icon=_ICONS[one.state]
        ) as fold:
            if fold.open:
                st.markdown(said(f"{_head(one, lang)}\n\n{finding_sentence(one, check, lang)}"))
                _beneath(one, check, lang)
    good = [one for one in judged if one.state == "good"]
    if not good:
        return
    with st.expander(
        say(lang, "contract.good_title", count=len(good)),
        icon=":material/check_circle:",
        key="contract_good",
        on_change="rerun",
    ) as fold:
        if not fold.open:
            return
        for one in good:
            st.markdown(
                said(f"**{one.item.name.of(lang)}** · {finding_sentence(one, check, lang)}")
            )
            _beneath(one, check, lang)


def _beneath(finding: Finding, check: ContractCheck, lang: Lang) -> None:
    """Draw why an item matters, what is usual, and the sentence to copy in both languages."""
    lines = [f"{say(lang, 'contract.why')}{say(lang, 'contract.colon')}{finding.item.why.of(lang)}"]
    lines += [
        f"{say(lang, 'contract.practice')}{say(lang, 'contract.colon')}{text}"
        f" {source_text(source, check.scenario, lang)}"
        for text, source in practice_texts(finding, lang)
    ]
    weak: dict[str, str] = {}
    for row in finding.prices:
        weak.setdefault(source_text(row.provenance, check.scenario, lang), "")
    if weak:
        lines.append(
            f"{say(lang, 'contract.prices')}{say(lang, 'contract.colon')}{' / '.join(weak)}"
        )
    st.caption(said("  \n".join(lines)))
    st.code(clause_text(finding, check, lang), language=None, wrap_lines=True)
    other = next(one for one in LANGS if one != lang)
    with st.popover(
        say(lang, "contract.other_language"),
        key=f"contract_other_{lang}_{finding.item.id}",
        type="tertiary",
        icon=":material/translate:",
        on_change="rerun",
    ) as fold:
        if fold.open:
            st.code(clause_text(finding, check, other), language=None, wrap_lines=True)


def _asked(check: ContractCheck, lang: Lang) -> None:
    st.markdown(f"#### {say(lang, 'contract.asked_title')}")
    st.caption(say(lang, "contract.asked_lead"))
    for group in (
        GROUPS
    ):  # a place that an answer does not change, so that a question stays where it was clicked
        asked = sorted(
            (one for one in check.findings if not one.judged and one.item.group == group),
            key=lambda one: (-one.item.weight, one.item.id),
        )
        if not asked:
            continue
        left = sum(one.answer == "unknown" for one in asked)
        title = say(
            lang,
            "contract.group_left",
            group=say(lang, f"contract.group_{group}"),
            left=left,
            all=len(asked),
        )
        opened: dict[str, bool] = tab.contract_opened  # a fold whose title changes would else close
        with st.expander(
            title,
            key=f"contract_group_{group}",
            on_change="rerun",
            expanded=opened.get(group, False),
        ) as fold:
            opened[group] = bool(fold.open)
            if not fold.open:
                continue
            with st.grid(2, min_column_width=330, gap="small"):
                for one in asked:
                    with st.container(border=True):
                        _question(one, check, lang)


def _question(finding: Finding, check: ContractCheck, lang: Lang) -> None:
    item = finding.item
    assert item.question is not None, item.id
    found = finding_sentence(finding, check, lang)
    st.markdown(said(f"{_head(finding, lang, group=False)}\n\n{item.question.of(lang)}"))
    key = widget_key(f"contract.{check.option.id}.{item.id}")
    st.segmented_control(
        item.question.of(lang),
        _ANSWERS,
        key=key,
        default=finding.answer,
        required=True,
        label_visibility="collapsed",
        format_func=lambda answer: say(lang, f"contract.answer_{answer}"),
        on_change=_answered,
        args=(check.option.id, item.id, key),
    )
    if found:
        st.markdown(said(found))
    _beneath(finding, check, lang)


def _answered(option: str, item: str, key: str) -> None:
    """Write an answer to the scenario, so that it travels in files and links."""
    answer = tab.typed(key)
    now = next((one for one in state.scenario().options if one.id == option), None)
    if now is None:
        return
    lists = {"yes": now.says_yes, "no": now.says_no}
    changes = {
        f"options.{option}.says_{name}": [
            *(one for one in answered if one != item),
            *([item] if answer == name else []),
        ]
        for name, answered in lists.items()
    }
    place = f"options.{option}.{item}"
    if not state.change_all(changes, place):
        error = state.problem_at(place)
        state.problems_forget(place)
        if error is not None:
            state.notice("error", error.sentences(state.lang())[0])


def _downloads(check: ContractCheck, lang: Lang) -> None:
    name = f"contract-check-{check.option.id}"
    with st.container(horizontal=True):
        st.download_button(
            say(lang, "contract.download"),
            data=partial(to_markdown, check, lang),
            file_name=f"{name}-{lang}.md",
            mime="text/markdown",
            icon=":material/download:",
            on_click="ignore",
            key=f"contract_md_{lang}",
        )
        st.download_button(
            say(lang, "contract.download_json"),
            data=partial(_machine, check),
            file_name=f"{name}.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
            key=f"contract_json_{lang}",
        )


def _machine(check: ContractCheck) -> str:
    return json.dumps(contract_check_json(check), ensure_ascii=False, allow_nan=False, indent=2)
