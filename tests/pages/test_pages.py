"""The pages by AppTest, in both languages: they draw, they answer, they keep what was typed, they
refuse with a sentence.
"""

import logging
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from funnel_sim.model.economics import evaluate
from funnel_sim.output.words import formats
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.price_prior import suggested_elasticity
from funnel_sim.words import say
from tests.pages.numbers import numbers

logging.getLogger("streamlit").setLevel(logging.CRITICAL)
ROOT = Path(__file__).resolve().parents[2]
LANGS = ("zh", "en")
PAGES = (
    "start",
    "my_shop",
    "unit_economics",
    "risk_and_odds",
    "cash_flow",
    "ad_budget",
    "cac_and_ltv",
    "conversion_test",
    "method_and_sources",
    "actual_months",
    "monthly_review",
    "fee_settlement",
    "contract_renewal",
    "product_portfolio",
)


def app(lang="en", s="") -> AppTest:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    test.query_params["lang"] = lang
    if s:
        test.query_params["s"] = s
    return test.run()


def page(name, lang="en", s="") -> AppTest:
    test = app(lang, s)
    return test if name == "start" else test.switch_page(f"pages/{name}.py").run()


def another_shop(test, name, *, asked=False) -> AppTest:
    """Choose platform with market, then the product; each is in place at once."""
    wanted = preset(name)
    place = next(one for one in test.selectbox if str(one.key).startswith("shop_place_"))
    test = place.set_value((wanted.platform, wanted.market)).run()
    if asked or test.session_state["scenario"].preset == name:
        return test
    product = next(one for one in test.selectbox if str(one.key).startswith("shop_product_"))
    return product.set_value(name).run()


def number(test, label):
    return next(n for n in numbers(test) if n.label.startswith(label))


def texts(test) -> str:
    kinds = (
        test.markdown,
        test.title,
        test.subheader,
        test.caption,
        test.error,
        test.warning,
        test.info,
    )
    return "\n".join(str(e.value) for kind in kinds for e in kind)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_draws_in_both_languages(name, lang):
    test = page(name, lang)
    assert not test.exception and not test.error
    assert test.session_state["lang"] == lang


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Of €29.99 that a shopper pays"), ("zh", "买家付 €29.99")]
)
def test_five_numbers_change_the_headline(lang, words):
    test = page("unit_economics", lang)
    assert words in texts(test)
    number(test, "Price" if lang == "en" else "售价").set_value(34.99).run()
    assert words.replace("29.99", "34.99") in texts(test)
    assert (
        test.session_state["scenario"].product.price.likely == 34.99
    )  # the preset's range moved along


def test_what_was_typed_survives_a_change_of_page_and_of_language():
    test = page("my_shop")
    number(test, "Price").set_value(33.0).run()
    number(test, "Conversion rate").set_value(8.5).run()
    test.switch_page("pages/unit_economics.py").run()
    assert number(test, "Price").value == 33.0
    test.segmented_control(key="language").set_value("zh").run()
    assert test.session_state["lang"] == "zh"
    assert number(test, "售价").value == 33.0
    test.switch_page("pages/my_shop.py").run()
    assert number(test, "转化率").value == 8.5


def test_a_link_opens_the_same_scenario_and_a_damaged_one_says_so():
    mine = preset("etsy-us-jewelry").replace({"product.price": 47.0})
    test = page("unit_economics", "en", links.encode(mine))
    assert test.session_state["scenario"] == mine
    broken = app("zh", links.encode(mine)[:-8])
    assert "已损坏" in broken.error[0].value
    assert not broken.exception


@pytest.mark.parametrize(
    ("lang", "label", "rule"), [("en", "Price", "must be above 0"), ("zh", "售价", "必须大于 0")]
)
def test_a_refused_value_is_said_and_the_last_good_one_counts(lang, label, rule):
    test = page("my_shop", lang)
    number(test, label).set_value(-4.0).run()
    assert rule in texts(test)
    assert test.session_state["scenario"].product.price == preset("amazon-de-kitchen").product.price
    assert number(test, label).value == -4.0  # nothing typed is lost
    number(test, label).set_value(24.0).run()
    assert rule not in texts(test)
    assert test.session_state["scenario"].product.price.likely == 24.0


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "theme",
    [
        "product",
        "tax",
        "commission",
        "payment",
        "fulfilment",
        "channels",
        "conversion",
        "customers",
        "fixed",
        "plan",
        "effect",
        "chance",
        "basics",
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_every_theme_opens_and_shows_its_fields_with_their_origin(theme, lang):
    test = page("my_shop", lang)
    before = len(numbers(test)) + len(test.toggle) + len(test.selectbox) + len(test.text_input)
    test.session_state[f"theme_{theme}"] = True
    test.run()
    assert not test.exception and not test.error
    assert (
        len(numbers(test)) + len(test.toggle) + len(test.selectbox) + len(test.text_input) > before
    )


def test_tiers_one_offs_and_channels_are_added_and_removed():
    test = page("my_shop")
    for theme in ("commission", "fixed", "channels"):
        test.session_state[f"theme_{theme}"] = True
    test.run()
    button(test, "Add a tier", 0).click().run()
    assert len(test.session_state["scenario"].commission.tiers) == 2
    assert test.session_state["scenario"].commission.commission_mode == "marginal"
    button(test, "Add a one-off cost").click().run()
    number(test, "Amount").set_value(700.0).run()
    assert test.session_state["scenario"].fixed.one_off[0].amount == 700.0
    button(test, "Add a channel").click().run()
    assert [c.id for c in test.session_state["scenario"].channels] == [
        "ads",
        "organic",
        "channel_1",
    ]
    drop = next(b for b in test.button if b.key and b.key.endswith("channels.channel_1.drop"))
    drop.click().run()
    assert [c.id for c in test.session_state["scenario"].channels] == ["ads", "organic"]
    assert not test.exception


def button(test, label, index=0):
    return [b for b in test.button if b.label == label][index]


def test_a_list_field_takes_text_and_refuses_what_is_no_number():
    test = page("my_shop")
    test.session_state["theme_plan"] = True
    test.run()
    budget = next(t for t in test.text_input if t.label.startswith("Budget by month"))
    budget.set_value("1, 1.5, 2").run()
    assert test.session_state["scenario"].plan.budget_plan == [1.0, 1.5, 2.0]
    season = next(t for t in test.text_input if t.label.startswith("Season index"))
    season.set_value("high low").run()
    assert "must be a number" in texts(test)
    assert len(test.session_state["scenario"].plan.season) == 12


def test_conversion_can_be_given_in_steps_and_back():
    test = page("my_shop")
    test.session_state["theme_conversion"] = True
    test.run()
    way = next(c for c in test.segmented_control if c.label == "What do you know?")
    way.set_value("steps").run()
    conversion = test.session_state["scenario"].conversion
    assert (
        conversion.cvr is None
        and conversion.add_to_cart_rate * conversion.checkout_rate == pytest.approx(0.1)
    )
    next(c for c in test.segmented_control if c.label == "What do you know?").set_value("cvr").run()
    assert test.session_state["scenario"].conversion.cvr == pytest.approx(0.1)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("view", ["waterfall", "targets", "price", "heat", "months"])
def test_the_views_below_draw(view, lang):
    test = page("unit_economics", lang)
    open_view(test, view, lang)
    assert not test.exception and not test.error
    assert len(test.get("vega_lite_chart")) == (0 if view == "targets" else 1)


def test_where_no_setting_has_a_profit_the_map_says_why():
    """Who comes back at an own pace orders more than twice within the horizon: each of two orders
    brings half a customer, so each customer at least one more.
    """
    endless = preset("amazon-de-kitchen").replace(
        {
            "customers.referral": 0.5,
            "customers.retention": "bgnbd",
            "customers.bgnbd_r": 1.07,
            "customers.bgnbd_alpha": 0.143,
            "customers.bgnbd_a": 1.0,
            "customers.bgnbd_b": 1e12,
        }
    )
    test = page("unit_economics", s=links.encode(endless))
    open_view(test, "heat")
    assert not test.exception and not test.get("vega_lite_chart")
    assert "No setting has a profit that is known: each customer brings" in texts(test)


def open_view(test, view, lang="en"):
    test.segmented_control(key=f"economics_view_{lang}").set_value(view).run()
    test.run()  # the view's own widgets


def test_targets_can_be_chosen():
    test = page("unit_economics")
    open_view(test, "targets")
    test.selectbox(key="target_metric_en").set_value("margin").run()
    assert number(test, "…to").value == pytest.approx(20.0)
    number(test, "…to").set_value(45.0).run()
    assert test.session_state["target_values"]["margin"] == pytest.approx(0.45)
    test.segmented_control(key="target_over_en").set_value("total").run()
    assert not test.exception
    # the figure follows the preset, whose duty, fees and compliance follow the tables (9.45 % until
    # 2026-11)
    today = formats.percent(evaluate(preset("amazon-de-kitchen")).horizon["margin"], 1)
    assert f"Net margin is {today} today: the target of 45.0% is missed." in texts(test)


def test_a_promised_roas_is_answered_and_what_it_is_worth():
    test = page("unit_economics")  # the door of KPIs leads to their own page now
    test.session_state["view"], test.session_state["target_metric"] = "targets", "roas"
    test.run()
    assert "ROAS is 3.60 today: the target of 3.00 is met." in texts(test)
    level = evaluate(preset("amazon-de-kitchen")).steady["break_even_roas"]  # 3.20 until 2026-11
    assert (
        f"Even at that target each ad order loses money: break-even ROAS is {level:.2f}"
        in texts(test)
    )


def test_a_rate_is_refused_in_the_percent_it_was_typed_in():
    test = page("my_shop")
    number(test, "Conversion rate").set_value(900.0).run()
    assert "900% — must be at most 100%" in texts(test)


def test_an_emptied_number_is_refused_not_zero():
    test = page("my_shop")
    number(test, "Unit cost").set_value(None).run()
    assert "must be a number" in texts(test)
    assert test.session_state["scenario"].product.unit_cost.likely == 42.0


def test_the_doors_lead_somewhere():
    for door, words in (
        ("quote", "The verdict comes here"),
        ("kpi", "Type what was promised"),
        ("signed", say("en", "page.actual_months")),
    ):
        test = app().button(key=f"door_{door}").click().run()
        assert not test.exception
        assert words in texts(test)
    test = app().button(key="door_pitch").click().run()
    assert any(n.label.startswith("Price") for n in numbers(test))


def test_a_product_is_picked_by_platform_market_and_category():
    test = another_shop(page("my_shop", "zh"), "ozon-ru-clothing")
    assert test.session_state["scenario"] == preset("ozon-ru-clothing")


def test_a_store_that_loses_on_each_new_customer_is_warned():
    dear = preset("amazon-de-kitchen").replace({"channels.ads.cpc": 3.0, "product.unit_cost": 90.0})
    test = page("unit_economics", "en", links.encode(dear))
    assert "each one bought loses money" in test.warning[0].value
    assert "each order loses" in texts(test)


def test_no_orders_is_said_in_words():
    none = preset("amazon-de-kitchen").replace(
        {"conversion.cvr": 0.0, "channels.organic.channel_cvr": 0.0}
    )
    test = page("unit_economics", "zh", links.encode(none))
    assert not test.exception and not test.error
    assert "没有订单" in texts(test)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("part", ["definitions", "formulas", "inputs", "parameters"])
def test_method_shows_each_part(part, lang):
    test = page("method_and_sources", lang)
    test.segmented_control(key="method_part").set_value(part).run()
    assert not test.exception and not test.error
    if part == "parameters":
        for topic in (
            "tax",
            "commission",
            "payment",
            "fulfilment",
            "payout",
            "benchmark",
            "prior",
            "fx",
        ):
            test.segmented_control(key="method_topic").set_value(topic).run()
            assert not test.exception and not test.error
            assert len(test.dataframe[0].value) > 10


def test_an_explanation_opens_for_every_figure():
    test = page("unit_economics")
    for key in ("profit", "commission", "ltv", "clicks", "order_output_tax"):
        test.session_state["explained"] = [key]
        test.session_state["explain_open"] = True
        test.run()
        assert not test.exception and not test.error
        assert "With today's numbers:" in texts(test)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("frequency", "Orders a year"),
        ("sbg", "sBG α"),
        ("bgnbd", "BG/NBD r"),
        ("table", "Orders by month after the first"),
    ],
)
def test_a_way_of_coming_back_is_chosen_and_starts_from_what_is_there(kind, label):
    test = page("my_shop")
    test.session_state["theme_customers"] = True
    test.run()
    before = test.session_state["scenario"].customers
    next(s for s in test.selectbox if s.label == "How customers come back").set_value(kind).run()
    test.run()
    assert not test.exception and not test.error
    assert test.session_state["scenario"].customers.retention == kind
    labels = [n.label for n in numbers(test)] + [t.label for t in test.text_input]
    assert any(text.startswith(label) for text in labels)
    assert not any(text.startswith("Repurchase rate") for text in labels)
    from funnel_sim.model.economics import evaluate

    share = evaluate(test.session_state["scenario"]).steady["repeat_rate"]
    if kind != "table":
        assert share == pytest.approx(float(before.repeat_probability), rel=1e-3)
    next(s for s in test.selectbox if s.label == "How customers come back").set_value(
        "constant"
    ).run()
    assert test.session_state["scenario"].customers.retention == "constant"


@pytest.mark.parametrize("lang", LANGS)
def test_orders_are_let_answer_to_the_price_and_stop_again(lang):
    """Off: what a new price takes, and the suggestion with its weak source. On: from today's price
    on, the best price; the price that is moved then moves orders. Off again: as before.
    """
    test = page("unit_economics", lang)
    open_view(test, "price", lang)
    assert not test.exception and not test.error
    assert say(lang, "price.off") in texts(test) and "studylib" in texts(test)
    assert len(test.get("vega_lite_chart")) == 1
    before = test.session_state["scenario"]
    test.button(key="price_switch").click().run()
    on = test.session_state["scenario"]
    assert on.conversion.demand_elasticity == suggested_elasticity(on.as_of)
    assert on.conversion.reference_price == before.product.price_paid
    assert not test.exception and say(lang, "price.off") not in texts(test)
    assert evaluate(on).steady["profit"] == evaluate(before).steady["profit"]
    label = say(lang, "price.new", currency="EUR")
    number(test, label).set_value(35.0).run()
    assert "35.00" in texts(test) and not test.error
    number(test, label).set_value(0.0).run()  # no price: not taken, and no page that fails
    assert not test.exception and test.session_state["price_tried"] == 35.0
    test.button(key="price_switch").click().run()
    assert test.session_state["scenario"] == before


def test_what_the_price_does_to_orders_is_said_above_all_views():
    store = preset("amazon-de-kitchen").replace({"conversion.demand_elasticity": 2.0})
    dearer = store.replace({"product.price": 35.0})
    test = page("unit_economics", s=links.encode(dearer))
    assert "they are multiplied by 0.73" in texts(test)  # (29.99 / 35)²
    assert "multiplied by" not in texts(page("unit_economics", s=links.encode(store)))
