"""Before signing, by AppTest: the brief, what is to be served, the record of each quote, in both
languages.
"""

import pytest

from funnel_sim.output.words.quote import reason_sentences
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.quantity import Sample
from funnel_sim.ui.session import quote_answers
from tests.decisions.test_record import past
from tests.pages.numbers import numbers
from tests.pages.test_pages import page, texts
from tests.pages.test_quote_page import with_quotes

LANGS = ("zh", "en")
QUOTE = {"id": "quote", "base": 8000.0}


def record_blank(test):
    return next(one for one in test.text_input if "record" in str(one.key))


@pytest.mark.parametrize("lang", LANGS)
def test_the_brief_is_on_the_quote_page_before_any_quote_and_on_the_export_page(lang):
    for name, where in (("quote_test", "quote"), ("export_files", "export")):
        test = page(name, lang)
        test.session_state[f"brief_{where}"] = True
        test.run()
        assert not test.exception and not test.error
        assert test.checkbox(key=f"brief_private_{where}").value is False
        assert ("33 项" if lang == "zh" else "33 lines") in texts(test)


def test_sales_has_no_brief_to_its_rivals():
    test = page("export_files", "en")
    test.session_state["role"] = "sales"
    test.session_state["brief_export"] = True
    test.run()
    assert not [one for one in test.checkbox if str(one.key).startswith("brief_private")]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_what_is_to_be_served_is_typed_and_the_hours_follow(lang):
    test = with_quotes(QUOTE, lang=lang, view="sides")
    before = texts(test)
    test.session_state["quote_part_scope_quote"] = True
    test.run()
    label = "几个平台" if lang == "zh" else "Platforms"
    next(one for one in numbers(test) if one.label.startswith(label)).set_value(3).run()
    assert not test.exception and not test.error
    option = test.session_state["scenario"].options[0]
    assert option.scope_platforms == 3
    # 22 to 87 hours; × (1 + 2 × 0.6) = 48, × (1 + 2 × 1) = 260
    shown = {"zh": ("约 22 至 87", "约 48 至 260"), "en": ("22 to 87", "48 to 260")}[lang]
    assert shown[0] in before and shown[1] in texts(test)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_each_quote_has_its_own_record(lang):
    test = with_quotes(QUOTE, {"id": "quote_2", "base": 6000.0}, lang=lang)
    record_blank(test).set_value("3/4").run()
    scenario = test.session_state["scenario"]
    assert not test.exception
    own, other = scenario.options
    assert (own.record_met, own.record_shown) == (3.0, 4.0)
    assert (other.record_met, other.record_shown) == (None, None)
    mark = {"zh": "4 家客户中 3 家", "en": "3 of 4"}[lang]
    assert mark in texts(test)
    record_blank(test).set_value("").run()
    own = test.session_state["scenario"].options[0]
    assert (own.record_met, own.record_shown) == (None, None)
    record_blank(test).set_value("abc").run()
    assert test.session_state["scenario"].options[0].record_met is None


@pytest.mark.slow
def test_the_kpi_check_looks_at_the_record_of_the_quote_that_is_shown():
    test = with_quotes(QUOTE, {"id": "quote_2", "base": 6000.0})
    record_blank(test).set_value("3/4").run()
    test.switch_page("pages/kpi_check.py").run()
    assert record_blank(test).value == "3/4"
    scenario = test.session_state["scenario"]
    scenario = scenario.replace(
        {"options.quote_2.record_met": 9.0, "options.quote_2.record_shown": 9.0}
    )
    test.session_state["scenario"], test.session_state["quote_shown"] = scenario, "quote_2"
    test.session_state["revision"] += 1
    test.run()
    assert not test.exception and record_blank(test).value == "9/9"


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_a_measured_record_becomes_the_effect_of_the_next_quote(lang):
    test = with_quotes(QUOTE, lang=lang)
    test.session_state["quote_part_record_quote"] = True
    test.run()
    content = to_text(past(0.4)[1]).encode()
    test.file_uploader(key="record_files_quote").set_value(
        [("past.json", content, "application/json")]
    ).run()
    assert not test.exception and not test.error
    assert ("中位数" if lang == "zh" else "has a median of") in texts(test)
    next(one for one in test.button if "take_record" in str(one.key)).click().run()
    assert not test.exception and not test.error
    scenario = test.session_state["scenario"]
    assert isinstance(scenario.options[0].effect, Sample)
    told = {"zh": "实测", "en": "measured"}[lang]
    assert told in texts(test)
    answers = quote_answers.quotes_of(scenario)
    assert reason_sentences(answers.of("quote"), answers, lang)


def test_a_file_that_holds_nothing_to_measure_is_refused():
    test = with_quotes(QUOTE)
    test.session_state["quote_part_record_quote"] = True
    test.run()
    test.file_uploader(key="record_files_quote").set_value(
        [("x.json", b"{}", "application/json")]
    ).run()
    assert not test.exception and test.error
    assert test.session_state["scenario"].options[0].effect is None


@pytest.mark.parametrize("lang", LANGS)
def test_the_other_side_is_a_group_of_questions(lang):
    test = page("quote_test", lang)
    test = with_quotes(QUOTE, lang=lang)
    test.session_state["quote_part"] = "contract"
    test.session_state["contract_opened"] = {"asked": True, "party": True}
    test.session_state["contract_asked"] = True
    test.session_state["contract_group_party"] = True
    test.run()
    assert not test.exception and not test.error
    assert ("国家企业信用信息公示系统" if lang == "zh" else "Publicity System") in texts(test)
