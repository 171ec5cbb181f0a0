"""The page on the ad budget by AppTest: the answer in both languages, question and bounds, taking
the split over, months of channels, refusals.
"""

import pytest

from funnel_sim.decisions.budget.answer import budget_answer
from funnel_sim.output.words.budget import headline, names_of, next_sentences
from funnel_sim.scenario import links
from funnel_sim.scenario.budget import BudgetTerms
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say
from tests.pages.test_pages import LANGS, number, page, texts

KITCHEN = preset("amazon-de-kitchen")
ADS = KITCHEN.channels[0]
STORE = KITCHEN.but(
    channels=[
        ADS.but(name="Products"),
        ADS.but(id="brand", name="Brands", budget=700.0, channel_cvr=0.05),
        *KITCHEN.channels[1:],
    ]
)


def budget(lang="en", changes=None, store=STORE):
    return page("ad_budget", lang, links.encode(store.replace(changes or {})))


def pressed(test, key):
    return next(one for one in test.button if one.key == key).click().run()


@pytest.mark.parametrize("lang", LANGS)
def test_the_answer_stands_on_top(lang):
    test = budget(lang)
    assert not test.exception and not test.error
    said = texts(test).replace("\\", "")
    assert headline(budget_answer(STORE), names_of(STORE, lang), lang) in said
    assert len(test.get("vega_lite_chart")) == 2


def test_taking_the_split_sets_the_budgets_and_can_be_undone():
    found = budget_answer(STORE)
    test = pressed(budget(), "budget_take")
    assert not test.exception
    now = {one.id: one.budget for one in test.session_state["scenario"].channels}
    assert {line.name: now[line.name] for line in found.lines} == {
        line.name: line.best for line in found.lines
    }
    assert say("en", "budget.taken") in test.success[0].value
    test = pressed(test, "undo")
    assert test.session_state["scenario"].channels[1].budget == 700.0


def test_a_total_that_is_typed_changes_the_answer():
    test = budget()
    test = number(test, "Total budget a month").set_value(1500.0).run()
    assert not test.exception and test.session_state["scenario"].budget.budget_total == 1500.0
    one = STORE.replace({"budget.budget_total": 1500.0})
    said = texts(test).replace("\\", "")
    assert headline(budget_answer(one), names_of(one, "en"), "en") in said


@pytest.mark.parametrize("lang", LANGS)
def test_where_the_next_money_goes_is_asked_of_an_amount_in_the_shops_currency(lang):
    test = budget(lang)
    name = BudgetTerms.declared("next_spend").label.of(lang)
    test = number(test, f"{name} (EUR)").set_value(850.0).run()
    assert not test.exception and test.session_state["scenario"].budget.next_spend == 850.0
    one = STORE.replace({"budget.next_spend": 850.0})
    told = next_sentences(budget_answer(one), names_of(one, lang), lang)
    assert "850" in told[0] and told[0] in texts(test).replace("\\", "")


@pytest.mark.parametrize("goal", ["gmv", "cheapest"])
def test_each_goal_asks_for_what_it_needs(goal):
    target = {"budget.gmv_target": 15_000.0} if goal == "cheapest" else {}
    test = budget(changes={"budget.budget_goal": goal} | target)
    assert not test.exception and not test.error
    label = "Profit floor a month" if goal == "gmv" else "GMV target a month"
    assert number(test, label) is not None


def test_a_goal_without_its_number_says_so_and_leaves_the_field():
    test = budget(changes={"budget.budget_goal": "cheapest"})
    assert not test.exception and "GMV target" in test.error[0].value
    test = number(test, "GMV target a month").set_value(15_000.0).run()
    assert not test.error and len(test.get("vega_lite_chart")) == 2


def test_bounds_are_rows_and_those_of_channels_that_are_gone_can_be_taken_away():
    test = budget()
    add = next(one for one in test.button if str(one.key).endswith("budget.bounds.add"))
    test = add.click().run()
    assert [one.channel for one in test.session_state["scenario"].budget.bounds] == ["ads"]
    assert not test.exception
    test = budget(changes={"budget.bounds": [{"channel": "gone", "low": 5.0}]})
    assert test.error
    test = pressed(test, "budget_forget")
    assert not test.error and test.session_state["scenario"].budget.bounds == []


def test_bounds_that_leave_no_split_are_told():
    test = budget(changes={"budget.bounds": [{"channel": "ads", "low": 90_000.0}]})
    assert not test.exception and "90,000" in test.error[0].value


@pytest.mark.parametrize("lang", LANGS)
def test_a_shop_without_ads_is_led_to_its_channels(lang):
    test = budget(lang, store=preset("temu-full-managed-home"))
    assert not test.exception and say(lang, "budget.no_ads") in texts(test)


def _with_file(lang, content):
    test = budget(lang)
    test.session_state["budget_upload"] = True
    test = test.run()
    return test.file_uploader[0].set_value(("months.csv", content, "text/csv")).run()


@pytest.mark.parametrize("lang", LANGS)
def test_months_of_channels_are_shown_fitted_and_taken_over(lang):
    rows = "".join(
        f"2026-{n:02},Brands,{300 + 60 * n},{round((300 + 60 * n) ** 0.6)}\n" for n in range(1, 11)
    )
    test = _with_file(lang, f"date,channel,spend,orders\n{rows}".encode())
    assert not test.exception and not test.error
    test = pressed(test, "budget_take_curves")
    assert not test.exception
    made = test.session_state["scenario"]
    assert made.channels[1].elasticity.likely == pytest.approx(0.4, abs=0.03)
    assert made.budget.bound("brand").seen_high == 900.0
    assert say(lang, "budget.curves_taken") in test.success[0].value


def test_a_file_without_channels_is_refused_in_a_sentence():
    test = _with_file("en", b"date,spend,orders\n2026-01,5,1\n")
    assert not test.exception and "names channels" in test.error[0].value
