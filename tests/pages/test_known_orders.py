"""What a seller asks first, on screen by AppTest: orders typed and back, home currency, two
budgets, a percentile of one's choice, GA4's steps.
"""

import pytest

from funnel_sim.decisions.economics.assumed_orders import named_only
from funnel_sim.decisions.economics.known import typed_total, with_month
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words import formats
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say
from tests.pages.test_pages import LANGS, number, page, texts


def switch(test, name):
    return next(one for one in test.segmented_control if str(one.key).startswith(f"known_{name}_"))


@pytest.mark.parametrize("lang", LANGS)
def test_orders_are_typed_and_the_rates_come_back(lang):
    test = page("my_shop", lang)
    switch(test, "sales").set_value("orders").run()
    assert not test.exception and not test.error
    scenario = test.session_state["scenario"]
    assert {channel.kind for channel in scenario.channels} == {"orders"}
    assert len(test.success) == 1
    # ads 1,300 ÷ 0.70 × 10 % = 185.7 and 100,000 × 2 % × 11 % = 220 without: 406 are typed; 12.5
    # repeat orders come on top
    told = next(
        one.value
        for one in test.caption
        if ("Steady month in all" if lang == "en" else "稳定月合计") in one.value
    )
    assert "418" in told and "406" in told and "12.5" in told and "1,300" in told
    switch(test, "ads").set_value("tacos_rate").run()
    assert not test.exception and test.session_state["scenario"].channels[0].tacos_rate > 0
    for name in ("unit_economics", "risk_and_odds", "cac_and_ltv", "kpi_check"):
        test.switch_page(f"pages/{name}.py").run()
        assert not test.exception and not test.error, name
    test.switch_page("pages/my_shop.py").run()
    switch(test, "sales").set_value("rate").run()
    assert number(test, "Conversion rate" if lang == "en" else "转化率").value == 10.0


def test_typed_orders_move_no_field_of_my_shop():
    """Each box keeps its key and its place; what orders ask for more comes last."""
    test = page("my_shop", "en")

    def form():
        return [(one.key, one.label) for one in test.text_input if ":my-shop:" in str(one.key)][:6]

    before = form()
    assert [label.partition(" (")[0] for _, label in before] == [
        "Price", "Unit cost", "Orders a month", "Ad spend a month", "Cost per click",
        "Conversion rate",
    ]  # fmt: skip
    number(test, "Orders a month").set_value(900.0).run()
    assert form() == before and not test.exception
    assert switch(test, "sales").value == "orders"
    number(test, "Conversion rate").set_value(12.0).run()  # typed last, it is what counts
    assert form() == before and switch(test, "sales").value == "rate"
    scenario = test.session_state["scenario"]
    assert {one.kind for one in scenario.channels} == {"cpc", "organic"}
    assert float(scenario.conversion.cvr) == pytest.approx(0.12)


def test_what_a_browser_sends_along_is_not_typed():
    """Typed orders empty the box of the conversion rate. A browser that has not seen that yet sends
    the old rate with the next number: it is no rate that somebody typed, so orders stay in force.
    """
    test = page("my_shop", "en")
    number(test, "Orders a month").set_value(900.0).run()
    rate = next(one for one in test.text_input if one.label.startswith("Conversion rate"))
    assert rate.value == ""
    rate.set_value("10.00")
    number(test, "Ad spend a month").set_value(2500.0)
    test.run()
    scenario = test.session_state["scenario"]
    assert evaluate(scenario).steady["paid_orders"] == pytest.approx(900.0)
    assert scenario.channels[0].known_spend == 2500.0
    rate = next(one for one in test.text_input if one.label.startswith("Conversion rate"))
    assert rate.value == ""
    number(test, "Ad spend a month").set_value(2600.0).run()  # the browser has seen it since
    rate = next(one for one in test.text_input if one.label.startswith("Conversion rate"))
    rate.set_value("10.00").run()  # and this is typed
    assert switch(test, "sales").value == "rate" and not test.exception


def test_the_ledger_and_tiles_in_the_home_currency():
    test = page("unit_economics", "zh")
    switch_home = next(one for one in test.segmented_control if one.key == "shown_in_sales")
    switch_home.set_value("home").run()
    assert not test.exception and "结果以 CNY 显示" in texts(test)


@pytest.mark.parametrize("lang", LANGS)
def test_two_budgets_on_the_customers_page(lang):
    test = page("cac_and_ltv", lang)
    test.session_state["customers_view"] = "budget"
    test.run()
    assert not test.exception
    assert ("marginal ROAS" if lang == "en" else "增量 ROAS") in texts(test)
    assert ("Without a horizon" if lang == "en" else "不限期限") in texts(test)


def test_a_percentile_of_ones_choice_on_the_risk_page():
    test = page("risk_and_odds", "zh")
    assert "P20" in texts(test)
    number(test, "自选百分位").set_value(35).run()
    assert not test.exception and "P35" in texts(test)


def test_the_steps_of_ga4_open_in_one_click_and_change_nothing():
    test = page("my_shop", "en")
    test.session_state["theme_conversion"] = True
    test.run()
    next(one for one in test.segmented_control if str(one.key).startswith("way_")).set_value(
        "steps"
    ).run()
    for name in ("cart", "checkout"):
        next(one for one in test.toggle if str(one.key).startswith(f"split_{name}")).set_value(
            True
        ).run()
        assert not test.exception and not test.error
    found = test.session_state["scenario"].conversion
    assert (
        found.product_view_rate == 1.0
        and found.add_to_cart_rate is None
        and found.checkout_completion_rate is not None
    )
    assert float(found.cart_of_views_rate) * float(found.checkout_completion_rate) == pytest.approx(
        0.1
    )


@pytest.mark.parametrize("lang", LANGS)
def test_a_total_is_shared_out_by_the_share_of_ads_and_taken_over_numbers_are_called_so(lang):
    test = page("my_shop", lang)
    switch(test, "sales").set_value("orders").run()
    word = "taken over from the funnel" if lang == "en" else "由漏斗换算"
    assert sum(word in one.value for one in test.caption) >= 2 and "0.0" not in " ".join(
        one.value for one in test.caption if word in one.value
    )
    # typed once, in the row of numbers: the same two fields as on the quote page
    number(test, say(lang, "shop.orders")).set_value(500.0).run()
    number(test, say(lang, "shop.share")).set_value(40.0).run()
    assert not test.exception and not test.error
    scenario = test.session_state["scenario"]
    ads, free = (c.known_sales for c in scenario.channels)
    assert evaluate(scenario).steady["paid_orders"] == pytest.approx(500.0)
    assert ads / (ads + free) == pytest.approx(0.4)
    before = test.session_state["scenario"]
    switch(test, "ads").set_value("known_spend").run()
    assert test.session_state["scenario"].channels[0].kind == "orders"
    switch(test, "ads").set_value("budget").run()
    told = " ".join(one.value for one in test.warning)
    assert (
        before.channels[0].kind == "orders"
        and test.session_state["scenario"].channels[0].kind == "cpc"
    )
    assert ("conversion rate is in use again" if lang == "en" else "也换回了「转化率」") in told


@pytest.mark.parametrize("lang", LANGS)
def test_a_share_of_ads_that_nobody_typed_is_shown_as_assumed(lang):
    test = page("quote_test", lang)
    test.session_state["scenario"] = with_month(preset("amazon-de-kitchen"), 900.0)
    test.session_state["revision"] += 1
    test.run()
    label = say(lang, "shop.share")
    box = next(one for one in test.text_input if one.label == label)
    share = formats.percent(typed_total(test.session_state["scenario"])[1], 0)
    assert not box.value and box.placeholder == say(lang, "shop.share_assumed", share=share)
    assert any(say(lang, "shop.no_click")[:12] in one.value for one in test.caption)
    box.set_value("30").run()
    assert typed_total(test.session_state["scenario"])[1] == pytest.approx(0.3)
    assert next(one for one in test.text_input if one.label == label).value == "30"
    assert not test.exception and not test.error


@pytest.mark.parametrize("lang", LANGS)
def test_a_pitch_says_why_its_share_of_ads_is_another_one_than_the_clients(lang):
    """A pitch counts only what the ads buy until other sources are switched on: all of the typed
    orders, where a client's own page assumes the example's share.
    """
    example = preset("amazon-de-kitchen")
    pitch = with_month(named_only(example), 500.0)
    test = page("quote_test", lang, links.encode(pitch))
    box = next(one for one in test.text_input if one.label == say(lang, "shop.share"))
    assert box.placeholder == say(lang, "shop.share_assumed", share="100%")
    share = typed_total(with_month(example, 500.0))[1]
    told = say(lang, "shop.all_by_ads", share=formats.percent(share, 0))
    assert 0.4 < share < 0.5 and any(told in one.value for one in test.caption)
    box.set_value("46").run()
    assert not test.exception and not any(told in one.value for one in test.caption)
