"""The page of cash by AppTest: every part in both languages, the first step, terms, refusals."""

import json

import pytest

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.cash.answer import cash_answer
from funnel_sim.decisions.cash.quote_cash import quote_cash
from funnel_sim.output.words.cash import cash_tiles
from funnel_sim.output.words.cash_answers import quote_cash_sentence
from funnel_sim.scenario import links
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.presets import preset
from funnel_sim.ui.pages.cash.terms import FOLDS
from funnel_sim.ui.pages.cash_flow import PARTS
from funnel_sim.words import say
from tests.pages.numbers import numbers
from tests.pages.test_pages import LANGS, number, page, texts

STORE = preset("amazon-de-kitchen")
QUOTE = {"id": "quote", "kind": "quote", "name": "A", "setup": 10_000.0, "base": 8000.0}
CHARTS = {
    "balance": 2, "flows": 1, "bridge": 1, "cycle": 1, "levers": 1, "quote": 1, "what_if": 0,
    "currency": 1,
}  # fmt: skip


def cash(lang="en", changes=None):
    return page("cash_flow", lang, links.encode(STORE.replace(changes or {})))


def open_part(test, part):
    box = next(one for one in test.segmented_control if str(one.key).startswith("cash_view"))
    return box.set_value(part).run()


@pytest.mark.sampled(8)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", PARTS)
def test_each_part_draws(part, lang):
    test = open_part(cash(lang, {"options": [QUOTE]}), part)
    assert not test.exception and not test.error
    assert len(test.get("vega_lite_chart")) == CHARTS[part]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("opening", [0.0, 200_000.0])
def test_the_head_says_the_answer_and_three_figures(lang, opening):
    test = cash(lang, {"cash.opening_cash": opening})
    said = texts(test).replace("\\", "")
    store = STORE.replace({"cash.opening_cash": opening})
    for tile in cash_tiles(cash_answer(store, paths=LIVE), lang):
        assert tile.name in said and tile.value in said
    assert say(lang, "cash.state_first") in said if opening == 0 else True


def test_one_click_begins_with_what_is_needed():
    test = cash()
    button = next(one for one in test.button if one.key == "cash_take_needed")
    test = button.click().run()
    assert not test.exception
    typed = test.session_state["scenario"].cash.opening_cash
    assert typed > 0 and number(test, "Cash on the first day").value == typed
    assert say("en", "cash.state_good") in texts(test)
    assert not any(one.key == "cash_take_needed" for one in test.button)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("fold", FOLDS)
@pytest.mark.parametrize("lang", LANGS)
def test_every_fold_opens_and_shows_its_fields(fold, lang):
    test = cash(lang)
    before = len(numbers(test)) + len(test.selectbox) + len(test.toggle)
    test.session_state[f"cash_fold_{fold}"] = True
    test.run()
    assert not test.exception and not test.error
    assert len(numbers(test)) + len(test.selectbox) + len(test.toggle) > before


def test_a_term_that_does_nothing_is_not_asked_for():
    test = cash(changes={"cash.ads_billing": "monthly", "cash.ads_due_days": 5})
    test.session_state["cash_fold_ads"] = True
    labels = [one.label for one in numbers(test.run())]
    assert "Ads due, days" in labels
    assert not any(label.startswith("Billing threshold") for label in labels)


def test_the_origin_of_a_preset_stands_below_its_term():
    test = cash()
    test.session_state["cash_fold_payout"] = True
    assert "assumed" in texts(test.run()) or "http" in texts(test)


def test_a_refused_term_is_said_and_the_last_good_one_counts():
    test = cash()
    test.session_state["cash_fold_payout"] = True
    test.run()
    before = test.session_state["scenario"].cash.reserve_rate
    number(test, "Reserve held back").set_value(120.0).run()
    assert "100%" in texts(test)
    assert test.session_state["scenario"].cash.reserve_rate == before


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("fold", "path", "typed", "rule"),
    [
        ("payout", "payout_delay_days", 400.0, "365"),
        ("goods", "transit_days", -5.0, "0"),
        ("payout", "reserve_rate", 120.0, "100%"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(fold, path, typed, rule, lang):
    test = cash(lang)
    test.session_state[f"cash_fold_{fold}"] = True
    test.run()
    before = test.session_state["scenario"].cash
    label = spec_of(f"cash.{path}").label.of(lang)
    number(test, label).set_value(typed).run()
    told = [one for one in test.markdown if ":material/error:" in one.value]
    assert any(rule in one.value and f"{typed:g}" in one.value for one in told), told
    assert test.session_state["scenario"].cash == before


@pytest.mark.parametrize("lang", LANGS)
def test_orders_to_the_supplier_stand_below_the_calendar(lang):
    def tables(changes):
        test = open_part(cash(lang, changes), "flows")
        return " ".join(
            str(json.loads(one.proto.json or "null")) for one in test.get("bidi_component")
        )

    title = say(lang, "cash.orders", currency="EUR")
    assert title in tables({})
    assert title not in tables({"cash.stocking": "as_sold"})


def test_without_a_quote_the_way_to_one_is_told():
    test = open_part(cash(), "quote")
    assert say("en", "cash.quote_none") in texts(test)
    assert any(one.key == "cash_quote_go" for one in test.button)


def test_another_month_of_the_bridge_is_asked_for():
    test = open_part(cash(), "bridge")
    box = next(one for one in test.selectbox if str(one.key).startswith("cash_month"))
    test = box.set_value(box.options[0]).run()
    assert not test.exception and test.session_state["cash_month"] == 1
    assert "2026-12-31" in texts(test)


@pytest.mark.slow
def test_growth_is_worked_out_when_its_fold_is_open():
    test = open_part(cash(), "levers")
    assert "growth_of" not in test.session_state["remembered"]
    test.session_state["cash_growth"] = True
    test = test.run()
    assert not test.exception and test.session_state["remembered"]["growth_of"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_head_tells_of_the_quote_and_leads_to_its_part(lang):
    test = cash(lang, {"options": [QUOTE], "cash.opening_cash": 200_000.0})
    assert say(lang, "cash.without_quote", told="")[:4] in texts(test)
    button = next(one for one in test.button if one.key == "cash_quote_see")
    test = button.click().run()
    assert not test.exception and not test.error
    assert say(lang, "cash.quote_by_month") in texts(test) or test.get("vega_lite_chart")
    assert test.session_state["cash_view"] == "quote"


@pytest.mark.slow
def test_the_quote_page_tells_what_it_does_to_the_cash():
    store = STORE.replace({"options": [QUOTE], "cash.opening_cash": 50_000.0})
    test = page("quote_test", "en", links.encode(store))
    found = quote_cash(store, store.options[0], paths=LIVE)
    told = quote_cash_sentence(found, say("en", "page.cash_flow"), LIVE, "en")
    assert told in texts(test).replace("\\", "")
    assert any(one.key == "quote_cash_see" for one in test.button)


@pytest.mark.slow
def test_an_event_of_cash_becomes_one_of_the_scenarios():
    test = open_part(cash(), "what_if")
    had = len(test.session_state["scenario"].shocks)
    test = next(one for one in test.button if one.key == "cash_add_payout_held").click().run()
    assert not test.exception and not test.error
    shocks = test.session_state["scenario"].shocks
    assert len(shocks) == had + 1 and shocks[-1].effect == "payout_held"
