"""The contract check beside a quote's verdict: its grade, what contract and simulation show as a
table to tick, the questions that are left, and the sentence to add for each.
"""

import json
from functools import partial

import streamlit as st

from funnel_sim.decisions.quote.contract_check.findings import ContractCheck, ContractFinding
from funnel_sim.errors import InputError
from funnel_sim.output.documents.amendments import amendments_docx, delivered
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
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said, typed
from funnel_sim.ui.pages.quote.views import DOCX
from funnel_sim.ui.roles import quote_name
from funnel_sim.ui.session import quote_answers, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.fields import source_text, widget_key
from funnel_sim.ui.widgets.folds import kept_fold
from funnel_sim.ui.widgets.refusals import elsewhere, refusal
from funnel_sim.words import LANGS, Lang, say

_ANSWERS = ("yes", "no", "unknown")
_COLOURS = {"bad": "red", "open": "orange", "good": "green"}
_ICONS = {"bad": ":material/warning:", "open": ":material/help:", "good": ":material/check_circle:"}
_GRADES = {"A": "green", "B": "green", "C": "orange", "D": "red", "E": "red"}
_SHOWN = 60  # letters of a sentence before it is opened
_SIGNED_KINDS = ("quote", "flat_fee", "consultant")


def signed(scenario: Scenario) -> list[Option]:
    """Return the options of a scenario that come with a contract: quotes first."""
    found = [option for option in scenario.options if option.kind in _SIGNED_KINDS]
    return sorted(found, key=lambda option: option.kind != "quote")


def prepare(scenario: Scenario, shown: str) -> ContractCheck | InputError | None:
    """Return what is checked: the contract that was chosen, else the one whose verdict is shown;
    None where there is none.

    Args:
        shown: id of the quote whose verdict is shown.
    """
    every = {option.id: option for option in signed(scenario)}
    names = (tab.contract_option, shown, *every)
    option = next((every[name] for name in names if name in every), None)
    if option is None:
        return None
    try:
        return quote_answers.contract_of(scenario, option.id)
    except InputError as error:
        return error


def draw(ready: ContractCheck | InputError | None, scenario: Scenario, lang: Lang) -> None:
    """Draw the check of one contract.

    Args:
        ready: the check, or why it cannot be computed; None while there is no contract.
    """
    if ready is None:
        return
    if isinstance(ready, InputError):
        refusal(ready, lang, "contract")
        return
    _which(ready, scenario, lang)
    _grade(ready, lang)
    _judged(ready, lang)
    _asked(ready, lang)
    _downloads(ready, lang)


def grade_badge(check: ContractCheck, lang: Lang) -> str:
    """Return the grade as a coloured mark."""
    word = say(lang, "contract.grade", grade=check.grade.id)
    return f":{_GRADES[check.grade.id]}-badge[{word}]"


def _which(check: ContractCheck, scenario: Scenario, lang: Lang) -> None:
    quotes = {option.id: option for option in signed(scenario)}
    if len(quotes) < 2:
        return
    key = f"contract_which_{lang}_{'_'.join(quotes)}_{tab.revision}"
    st.selectbox(
        say(lang, "contract.which"),
        list(quotes),
        key=key,
        index=list(quotes).index(check.option.id),
        format_func=lambda name: (
            _label(quotes[name], list(quotes.values()), lang) if name in quotes else str(name)
        ),
        on_change=lambda: Tab.contract_option.put(tab.typed(key)),
    )


def _label(option: Option, options: list[Option], lang: Lang) -> str:
    name = quote_name(option, lang)
    return (
        f"{name} ({option.id})"
        if sum(quote_name(one, lang) == name for one in options) > 1
        else name
    )


def _grade(check: ContractCheck, lang: Lang) -> None:
    counts = say(lang, "contract.counts", bad=check.count("bad"), open=check.count("open"))
    name = typed(quote_name(check.option, lang))
    st.markdown(said(f"##### {grade_badge(check, lang)} {name} :small[· {counts}]"))
    st.markdown(said(grade_sentence(check, lang)))
    if check.problem is not None:
        st.warning(
            said(" ".join([say(lang, "contract.unsimulated"), *check.problem.sentences(lang)]))
        )
        elsewhere(check.problem, lang, "contract")
    elif check.of("fees_range").case == "none":
        st.info(say(lang, "contract.no_fees"))


# ---- findings
# --------------------------------------------------------------------------------------------------


def _head(finding: ContractFinding, lang: Lang, *, group: bool = True) -> str:
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


def _judged(check: ContractCheck, lang: Lang) -> None:
    judged = [one for one in check.findings if one.judged]
    found = sorted(
        (one for one in judged if one.state != "good"),
        key=lambda one: (-check.cost(one), -one.item.weight, one.item.id),
    )
    st.markdown(f"**{say(lang, 'contract.table_title')}**")
    ticks = _ticks(check, found)
    with st.container(key="contract_table", gap=None):
        for one in found:
            _row(one, check, ticks, lang)
    if found:
        _amendments(check, [one for one in found if one.item.id in ticks], lang)
    good = [one for one in judged if one.state == "good"]
    if not good:
        return
    with kept_fold(
        say(lang, "contract.good_title", count=len(good)),
        "contract_good",
        tab.contract_opened,
        "good",
        icon=":material/check_circle:",
    ) as fold:
        if not fold.open:
            return
        for one in good:
            st.markdown(
                said(f"**{one.item.name.of(lang)}** · {finding_sentence(one, check, lang)}")
            )
            _beneath(one, check, lang)


def _ticks(check: ContractCheck, found: list[ContractFinding]) -> set[str]:
    """Return the findings whose sentences are to go to the other side: all that are against the
    reader, until somebody ticks.
    """
    every: dict[str, set[str]] = tab.contract_ticks
    if check.option.id not in every:
        every[check.option.id] = {one.item.id for one in delivered(found) if one.state == "bad"}
    return every[check.option.id]


def _row(one: ContractFinding, check: ContractCheck, ticks: set[str], lang: Lang) -> None:
    """Draw one finding in a line: tick and clause, what it is worth, its sentence."""
    name, option = one.item.id, check.option.id
    clause, worth, sentence = st.columns(
        [6, 3, 5], vertical_alignment="center", gap="xsmall", wrap=False
    )
    if delivered([one]):
        key = f"contract_tick_{option}_{name}_{lang}"
        tab.seed(key, name in ticks)
        clause.checkbox(one.item.name.of(lang), key=key, on_change=_tick, args=(option, name, key))
    else:  # what the own simulation found is no sentence for the other side
        clause.markdown(literal(one.item.name.of(lang)), help=say(lang, "contract.not_sent"))
    cost = amount_text(one.figures["cost"], check, lang) if check.cost(one) > 0 else ""
    worth.markdown(said(f"**{cost}**" if cost else _weight(one, lang)))
    with sentence.popover(
        literal(clause_text(one, check, lang)[:_SHOWN]),
        key=f"contract_judged_{name}",
        type="tertiary",
        on_change="rerun",
        width="stretch",
    ) as fold:
        if fold.open:
            st.markdown(said(f"{_head(one, lang)}\n\n{finding_sentence(one, check, lang)}"))
            _beneath(one, check, lang)


def _weight(one: ContractFinding, lang: Lang) -> str:
    """Return how grave a finding without a price is, or that it is not known, as a mark."""
    told = "state_open" if one.state == "open" else f"weight_{one.item.weight}"
    return f":{_COLOURS[one.state]}-badge[{say(lang, f'contract.{told}')}]"


def _tick(option: str, name: str, key: str) -> None:
    ticks: set[str] = tab.contract_ticks.setdefault(option, set())
    if tab.typed(key):
        ticks.add(name)
    else:
        ticks.discard(name)


def _amendments(check: ContractCheck, ticked: list[ContractFinding], lang: Lang) -> None:
    """Offer the sentences of what is ticked as a Word file in either language."""
    sent = delivered(ticked)
    with st.container(horizontal=True, vertical_alignment="center"):
        for speech in (lang, *(other for other in LANGS if other != lang)):
            st.download_button(
                say(lang, f"contract.amend_{speech}", count=len(sent)),
                partial(amendments_docx, check, tuple(ticked), speech),
                file_name=f"amendments-{check.option.id}-{speech}.docx",
                mime=DOCX,
                on_click="ignore",
                disabled=not sent,
                key=f"contract_amend_{speech}",
                icon=":material/description:",
                type="primary" if speech == lang else "secondary",
            )


def _beneath(finding: ContractFinding, check: ContractCheck, lang: Lang) -> None:
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
    if finding.item.sources:
        told = " / ".join(f"[{one.words.of(lang)}]({one.url})" for one in finding.item.sources)
        lines.append(f"{say(lang, 'contract.look_up')}{say(lang, 'contract.colon')}{told}")
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
    asked = [one for one in check.findings if not one.judged]
    left = sum(one.answer == "unknown" for one in asked)
    title = say(lang, "contract.asked_left", left=left, all=len(asked))
    with kept_fold(
        title, "contract_asked", tab.contract_opened, "asked", icon=":material/help:"
    ) as fold:
        if fold.open:
            st.caption(say(lang, "contract.asked_lead"))
            with st.container(gap="xsmall"):
                _groups(check, lang)


def _groups(check: ContractCheck, lang: Lang) -> None:
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
        with kept_fold(title, f"contract_group_{group}", tab.contract_opened, group) as fold:
            if not fold.open:
                continue
            with st.grid(2, min_column_width=280, gap="small"):
                for one in asked:
                    with st.container(border=True):
                        _question(one, check, lang)


def _question(finding: ContractFinding, check: ContractCheck, lang: Lang) -> None:
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


def _how_graded(check: ContractCheck, lang: Lang) -> None:
    with st.popover(
        say(lang, "contract.how_graded"), key="contract_how", on_change="rerun"
    ) as fold:
        if fold.open:
            small = (
                [grade_about(lang)]
                if check.problem is not None
                else [run_note(check, lang), grade_about(lang)]
            )
            st.caption(said(" ".join(small)))


def _downloads(check: ContractCheck, lang: Lang) -> None:
    name = f"contract-check-{check.option.id}"
    with st.container(horizontal=True):
        _how_graded(check, lang)
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
