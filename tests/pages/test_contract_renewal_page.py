"""The page of contract renewal: the verdict with its reasons, what to ask for, a new quote with the
known effect; several providers on one yardstick; in both languages.
"""

import pytest

from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.quantity import is_range
from funnel_sim.words import say
from tests.pages.after_signing import BEFORE, store
from tests.pages.numbers import numbers
from tests.pages.test_fee_settlement_page import tables
from tests.pages.test_pages import LANGS, page, texts


def at(lang="en", part="term", **changes):
    test = page("contract_renewal", lang)
    test.session_state["scenario"] = store(**changes)
    test.session_state["renewal_part"] = part
    test.session_state["revision"] += 1
    return test.run()


def button(test, key):
    return next(one for one in test.button if one.key == key)


@pytest.mark.parametrize("lang", LANGS)
def test_a_verdict_with_reasons_options_and_days(lang):
    test = at(lang)
    told = texts(test)
    assert not test.exception and not test.error
    heads = {"en": ("Renew:", "Renegotiate:", "Leave:"), "zh": ("续约：", "重新谈价：", "不续：")}
    assert any(one in told for one in heads[lang])
    # a term of 6 months from March ends with August, notice a month before
    assert "2026-07-31" in told and "2026-08-31" in told
    assert len(tables(test)) == 2  # the options, and how their price comes about


@pytest.mark.parametrize("lang", LANGS)
def test_the_known_effect_goes_into_a_new_quote_and_can_be_undone(lang):
    test = at(lang)
    button(test, "renewal_new_quote").click().run()
    made = test.session_state["scenario"].options
    assert len(made) == 2 and is_range(made[1].effect) and made[1].setup == 0
    assert made[1].name == say(lang, "renewal.new_name", name="Agency")
    assert made[1].effect.low < made[1].effect.likely < made[1].effect.high
    # the contract that the months went by stays the signed one
    assert test.session_state["scenario"].signed_option().id == "quote"
    button(test, "undo").click().run()
    assert len(test.session_state["scenario"].options) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_what_to_ask_for_is_worked_out_when_asked(lang):
    test = at(lang)
    test.session_state["renewal_ask"] = True
    test.run()
    assert not test.exception and not test.error
    ways = [one for one in test.button if str(one.key).startswith("renewal_way_")]
    if ways:
        ways[0].click().run()
        assert len(test.session_state["scenario"].options) == 2


@pytest.mark.parametrize("lang", LANGS)
def test_providers_from_files_on_one_yardstick(lang):
    test = at(lang, "providers")
    assert not test.exception and any(say(lang, "providers.few") == one.value for one in test.info)
    worse = [*BEFORE, 10000.0, 10100.0, 9900.0, 10000.0]
    other = store(name="Other shop", **{"history.seen_gmv": worse, "history.reply_hours": 4.0})
    dropped = ("other.json", to_text(other).encode(), "application/json")
    test.get("file_uploader")[0].set_value([dropped]).run()
    assert not test.exception
    assert "Other shop" in texts(test) and len(tables(test)) == 1


def test_how_the_service_was_is_typed():
    test = at(part="providers")
    box = next(one for one in numbers(test) if str(one.key).startswith("providers_reply_hours"))
    box.set_value(3.5).run()
    assert test.session_state["scenario"].history.reply_hours == 3.5


@pytest.mark.parametrize("lang", LANGS)
def test_without_months_or_a_contract_the_way_to_them_is_told(lang):
    test = at(lang, options=[])
    assert any(one.label == say(lang, "after.to_contract") for one in test.button)
    test = at(lang, **{"history.engagement_from": ""})
    assert any(one.label == say(lang, "after.to_actuals") for one in test.button)
