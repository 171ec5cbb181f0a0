"""The contract check by AppTest: a quote made by a click, the grade, answers that travel, several
quotes, bad input, both languages.
"""

import logging
import re

import pytest

from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.output.documents.amendments import amendments
from funnel_sim.output.documents.blocks import Paragraph
from funnel_sim.output.documents.counter_draft import OURS
from funnel_sim.output.words.contract_check import clause_text
from funnel_sim.reference.contract_items import GROUPS, items
from funnel_sim.scenario import links
from funnel_sim.scenario.kpi_templates import templates
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say
from tests.pages.test_pages import LANGS, page, texts

logging.getLogger("streamlit").setLevel(logging.CRITICAL)
QUOTE = {
    "id": "quote",
    "name": "Harbour",
    "setup": 10_000.0,
    "base": 8_000.0,
    "share_tiers": [{"upto": None, "rate": 0.08}],
    "renewal": "automatic",
}
STORE = preset("amazon-us-kitchen").replace(
    {"kpis": next(t for t in templates() if t.id == "three_promises").made()}
)
SIGNED = STORE.replace({"options": [QUOTE]})


def contract(lang="en", scenario=SIGNED):
    """The contract check beside the quote's verdict, with all its folds open."""
    test = page("quote_test", lang, links.encode(scenario))
    test.session_state["quote_part"] = "contract"
    for fold in (
        "how",
        "asked",
        *(f"group_{group}" for group in GROUPS),
        *(f"judged_{item.id}" for item in items()),
    ):
        test.session_state[f"contract_{fold}"] = True
    return test.run()


def question(test, item):
    return next(box for box in test.segmented_control if (box.key or "").endswith(f".{item}"))


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_quote_there_is_nothing_to_check_and_a_click_begins_one(lang):
    test = contract(lang, STORE)
    assert not test.exception and not test.error
    assert ("Dispute risk" if lang == "en" else "争议风险") not in texts(test)
    test.button(key="quote_begin").click().run()
    assert not test.exception and not test.error
    assert [(one.id, one.kind) for one in test.session_state["scenario"].options] == [
        ("quote", "quote")
    ]


def test_a_quote_beside_an_alternative_gets_an_id_of_its_own():
    test = contract(scenario=STORE.replace({"options": [{"id": "quote", "kind": "own_team"}]}))
    test.button(key="quote_begin").click().run()
    assert [one.id for one in test.session_state["scenario"].options] == ["quote", "quote_2"]
    assert not test.exception and not test.error


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_whole_page_draws(lang):
    test = contract(lang)
    assert not test.exception and not test.error and not test.warning
    said = texts(test)
    for item in items():
        if item.question is not None and item.id not in ("exit", "rebate"):
            assert item.question.of(lang) in said
    assert said.index("Judged from" if lang == "en" else "由报价和模拟判断") < said.index(
        "Answer from the contract" if lang == "en" else "请按合同文本回答"
    )
    assert ("against you" if lang == "en" else "对您不利") in said
    assert len(test.code) >= len(
        [item for item in items() if item.question and item.id != "rebate"]
    )
    if lang == "en":
        assert not re.search(r"[\u4e00-\u9fff]", said)
    assert not re.search(
        r"(?<!\\)\$", "\n".join(str(e.value) for e in (*test.markdown, *test.caption))
    )


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_an_answer_is_written_and_can_be_taken_back(lang):
    test = contract(lang)
    before = texts(test)
    question(test, "brushing").set_value("yes").run()
    option = test.session_state["scenario"].options[0]
    assert option.says_yes == ["brushing"] and option.says_no == []
    assert texts(test) != before and not test.exception and not test.error
    question(test, "brushing").set_value("no").run()
    option = test.session_state["scenario"].options[0]
    assert option.says_yes == [] and option.says_no == ["brushing"]
    question(test, "brushing").set_value("unknown").run()
    option = test.session_state["scenario"].options[0]
    assert option.says_yes == [] and option.says_no == []


@pytest.mark.slow
def test_answers_survive_language_page_and_link():
    test = contract()
    question(test, "accounts").set_value("yes").run()
    test.segmented_control(key="language").set_value("zh").run()
    assert question(test, "accounts").value == "yes"
    test.switch_page("pages/kpi_check.py").run()
    test.switch_page("pages/quote_test.py").run()
    assert question(test, "accounts").value == "yes"
    assert links.decode(links.encode(test.session_state["scenario"])).scenario.options[
        0
    ].says_yes == ["accounts"]


@pytest.mark.slow
def test_the_grade_follows_the_answers():
    test = contract(
        scenario=STORE.replace(
            {
                "kpis": [],
                "options": [{"id": "quote", "base": 100.0, "stop_loss": False, "trial": 3}],
            }
        )
    )
    first = test.session_state["scenario"]
    assert "Dispute risk" in texts(test)
    for name in ("brushing", "accounts"):
        question(test, name).set_value("yes").run()
    question(test, "data_access").set_value("no").run()
    assert "Dispute risk E" in texts(test)
    assert test.session_state["scenario"] != first


@pytest.mark.slow
def test_what_is_in_order_opens():
    test = contract()
    test.session_state["contract_good"] = True
    before = len(test.code)
    test.run()
    assert not test.exception and not test.error
    assert len(test.code) > before


@pytest.mark.slow
def test_one_of_several_quotes_is_chosen():
    both = STORE.replace({"options": [QUOTE, {"id": "other", "base": 50.0}]})
    test = contract(scenario=both)
    assert "Harbour :small" in texts(test)
    next(box for box in test.selectbox if box.key.startswith("contract_which")).set_value(
        "other"
    ).run()
    assert "Harbour :small" not in texts(test) and not test.exception
    question(test, "ip").set_value("no").run()
    assert [one.says_no for one in test.session_state["scenario"].options] == [[], ["ip"]]


@pytest.mark.parametrize("lang", LANGS)
def test_what_cannot_be_simulated_is_said(lang):
    test = contract(lang, SIGNED.replace({"options.quote.claimed": 8.9, "conversion.cvr": 0.5}))
    assert not test.exception
    assert len(test.error) == 1  # in place of the verdict beside it
    assert len(test.warning) == 1
    assert "Traceback" not in texts(test)


@pytest.mark.slow
def test_a_name_is_never_markup():
    test = contract(scenario=SIGNED.replace({"options.quote.name": "A $1 [b](c) *d*"}))
    assert not test.exception
    assert "A \\$1 \\[b\\](c) \\*d\\*" in texts(test)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_what_is_ticked_goes_into_the_amendments(lang):
    """All that is against the reader is ticked at first; what the own simulation found is no clause
    to send, and has no box to tick (issue 19: nine boxes were ticked beside "8 items").
    """
    test = contract(lang)
    check = check_contract(test.session_state["scenario"], "quote")
    bad = [one for one in check.findings if one.judged and one.state == "bad"]
    ticked = [box for box in test.checkbox if str(box.key).startswith("contract_tick_quote_")]
    sent = [one for one in bad if one.item.id not in OURS]
    assert sum(box.value for box in ticked) == len(sent) > 0
    labels = [one.label for one in test.get("download_button")]
    assert say(lang, f"contract.amend_{lang}", count=len(sent)) in labels
    assert not any(f"_{one}_" in str(box.key) for box in ticked for one in OURS)
    first = next(box for box in ticked if box.value)
    first.uncheck().run()
    assert (
        not test.exception and len(test.session_state["contract_ticks"]["quote"]) == len(sent) - 1
    )
    told = [one.text for one in amendments(check, bad, lang) if isinstance(one, Paragraph)]
    labels = [one.label for one in test.get("download_button")]
    left = [one for one in sent if f"contract_tick_quote_{one.item.id}_" not in str(first.key)]
    assert say(lang, f"contract.amend_{lang}", count=len(left)) in labels
    assert len(told) == len(sent) + 2 and clause_text(sent[0], check, lang) in told
