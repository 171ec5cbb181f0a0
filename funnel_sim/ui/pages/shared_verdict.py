"""A link that was sent opens here: who sent it, when, what comes out; nothing can be changed until
"change it" is pressed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.words.headlines import orders_sentence
from funnel_sim.output.words.kpi import reason_sentence as kpi_reason
from funnel_sim.output.words.kpi import verdict_sentence as kpi_sentence
from funnel_sim.output.words.our_offer import offer_name, offer_reasons, offer_sentence, offer_word
from funnel_sim.output.words.quote import in_short, reason_sentences, verdict_sentence
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import frame, shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.roles import STRIP, role
from funnel_sim.ui.session import kpi_answers, own_numbers, quote_answers, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.figures import strip
from funnel_sim.ui.widgets.whose import example_note
from funnel_sim.words import Lang, say


@dataclass(frozen=True)
class SharedVerdict:
    """One answer: what it is about, the answer in a sentence, why, and the page on which it stands
    in full.
    """

    about: str
    told: str
    why: Sequence[str]
    page: str


def prepare(result: Result) -> list[SharedVerdict]:
    """Return the answers that the scenario has: its quotes, its KPIs, what an order earns."""
    lang = state.lang()
    made: tuple[Callable[[Result, Lang], list[SharedVerdict]], ...] = (_quotes, _kpis, _orders)
    found: list[SharedVerdict] = []
    for one in made:
        try:
            found += one(result, lang)
        except InputError as error:
            found.append(SharedVerdict("", error.sentences(lang)[0], (), "my_shop"))
    return found


def _quotes(result: Result, lang: Lang) -> list[SharedVerdict]:
    scenario = result.scenario
    if not any(option.kind == "quote" and option.compared for option in scenario.options):
        return []
    if tab.sent_offer:
        return _offers(scenario, lang)
    answers = quote_answers.quotes_of(scenario)
    found = []
    for one in answers.options:
        if one.option.kind == "quote" and one.option.priced:
            told = (
                say(lang, f"quote.{one.verdict}")
                + say(lang, "present.dash")
                + verdict_sentence(one, answers, lang)
            )
            why = [in_short(one.option, scenario, lang), *reason_sentences(one, answers, lang)[:2]]
            found.append(
                SharedVerdict(
                    option_name(one.option, lang),
                    told,
                    [line for line in why if line],
                    "quote_test",
                )
            )
    return found


def _offers(scenario: Scenario, lang: Lang) -> list[SharedVerdict]:
    """Return the offers as the agency says them that sent the link."""
    mine = [one for one in scenario.options if one.kind == "quote" and one.compared]
    told = []
    for one in (offer for offer in mine if offer.priced):
        offer = quote_answers.ours_of(scenario, one.id)
        head, text = offer_word(offer, lang), offer_sentence(offer, lang)
        why = [in_short(one, scenario, lang), *offer_reasons(offer, lang)]
        told.append(
            SharedVerdict(
                offer_name(one, lang),
                say(lang, "present.headed", head=head, text=text),
                [line for line in why if line],
                "quote_test",
            )
        )
    return told


def _kpis(result: Result, lang: Lang) -> list[SharedVerdict]:
    if not result.scenario.kpis or tab.sent_offer:
        return []
    check, _ = kpi_answers.check_of(result.scenario)
    told = say(
        lang,
        "present.headed",
        head=say(lang, f"kpi.{check.verdict}"),
        text=kpi_sentence(check, lang),
    )
    return [
        SharedVerdict(
            say(lang, "page.kpi_check"),
            told,
            [why] if (why := kpi_reason(check, lang)) else [],
            "kpi_check",
        )
    ]


def _orders(result: Result, lang: Lang) -> list[SharedVerdict]:
    told = orders_sentence(result, lang) or say(lang, "economics.no_orders")
    return [SharedVerdict(say(lang, "page.unit_economics"), told, (), "unit_economics")]


def draw(result: Result, verdicts: list[SharedVerdict]) -> None:
    """Draw the page.

    Args:
        verdicts: on quotes, KPIs and an order, as `prepare` found them.
    """
    lang, scenario = state.lang(), result.scenario
    by, day = tab.sent
    st.subheader(literal(frame.told(scenario, lang)))
    who = say(lang, "shared.by", by=by) if by else say(lang, "shared.unnamed")
    when = say(lang, "shared.on", day=day) if day else ""
    st.caption(literal(" · ".join(part for part in (who, when) if part)))
    strip(result, STRIP[role()])
    example_note(own_numbers.own_of(scenario), lang, sent=True)
    for one in verdicts:
        with st.container(border=True):
            if one.about:
                st.caption(literal(one.about))
            st.markdown(said(f"#### {one.told}"))
            if one.why:
                st.markdown(said("\n".join(f"- {line}" for line in one.why)))
    own = own_numbers.own_of(scenario) if tab.sent_offer else own_numbers.own_of_verdicts(scenario)
    rests = say(lang, "shared.rests", own=own.yours, of=own.yours + own.others)
    st.caption(literal(rests))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            say(lang, "shared.change"), key="shared_change", type="primary", icon=":material/edit:"
        ):
            shell.go(verdicts[0].page if verdicts else "my_shop")
        st.caption(say(lang, "shared.note"), width="content")
