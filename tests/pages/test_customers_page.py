"""The Customers page by AppTest: each view in both languages, a file of orders read, fitted and
used, and files that say too little.
"""

import logging

import numpy as np
import pandas as pd
import pytest

from funnel_sim.model.economics import evaluate
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from tests.evidence import cdnow
from tests.pages.numbers import numbers
from tests.pages.test_pages import LANGS, page, texts

logging.getLogger("streamlit").setLevel(logging.CRITICAL)


def open_view(test, view, lang="en"):
    test.segmented_control(key=f"customers_view_{lang}").set_value(view).run()
    return test.run()


def upload(test, content, name="orders.csv"):
    test.file_uploader(key="orders_file").set_value((name, content, "text/csv")).run()
    return test


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("view", "charts"), [("payback", 1), ("cohorts", 1), ("budget", 1), ("orders", 0)]
)
def test_each_view_draws(view, charts, lang):
    test = open_view(page("cac_and_ltv", lang), view, lang)
    assert not test.exception and not test.error
    assert len(test.get("vega_lite_chart")) == charts


def test_the_headline_holds_cac_against_ltv_and_says_the_definition():
    test = page("cac_and_ltv")
    worth = evaluate(preset("amazon-de-kitchen")).steady[
        "ltv"
    ]  # €8.12 until duty, fees and compliance followed the tables
    assert f"A new customer from ads costs €7.00 and brings €{worth:.2f} in 12 months" in texts(
        test
    )
    assert "Probability that LTV : CAC is below 1" in texts(
        test
    ) and "Contribution margin 2, 12 months" in texts(test)


def test_a_customer_that_does_not_pay_is_warned_in_plain_words():
    test = page(
        "cac_and_ltv",
        "zh",
        links.encode(preset("amazon-de-kitchen").replace({"channels.ads.cpc": 3.0})),
    )
    assert "只带来" in texts(test) and "买一位亏一位" in test.warning[0].value


def test_a_store_that_buys_no_customers():
    scenario = preset("amazon-de-kitchen").replace({"channels.ads.budget": 0.0})
    test = page("cac_and_ltv", "en", links.encode(scenario))
    for view in ("payback", "cohorts", "budget", "orders"):
        assert not open_view(test, view).exception and not test.error
    assert "no paid CAC" in "".join(i.value for i in test.info) or "No channel pays" in texts(test)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "no LTV here to compare the cost of a customer with: Paid orders = 0"),
        ("zh", "这里没有 LTV，获客花费无从比较"),
    ],
)
def test_ads_that_bring_nobody_say_that_there_is_no_ltv(lang, words):
    nobody = preset("amazon-de-kitchen").replace({"effect.effect_add_to_cart": 0.0})
    test = page("cac_and_ltv", lang, links.encode(nobody))
    assert not open_view(test, "budget", lang).exception and not test.error
    assert words in texts(test)


def test_diminishing_returns_have_a_last_budget_worth_spending():
    scenario = preset("amazon-de-kitchen").replace(
        {
            "channels.ads.elasticity": 0.3,
            "channels.ads.reference_budget": 2500.0,
            "product.unit_cost": 30.0,
        }
    )
    test = open_view(page("cac_and_ltv", "en", links.encode(scenario)), "budget")
    assert "one more customer costs more than it brings" in texts(test)


def test_orders_are_read_counted_fitted_and_used():
    rows = pd.read_csv(
        cdnow.DATA,
        sep=r"\s+",
        header=None,
        names=["master", "customer", "date", "cds", "amount"],
        dtype=str,
    )
    test = upload(
        open_view(page("cac_and_ltv"), "orders"),
        rows[["customer", "date", "amount"]].to_csv(index=False).encode(),
    )
    assert not test.exception and not test.error
    assert "6,919 rows: 6,696 orders of 2,357 customers" in texts(test)
    test.button(key="orders_use").click().run()
    customers = test.session_state["scenario"].customers
    assert customers.retention == "bgnbd" and 0.2 < customers.bgnbd_r.median < 0.3
    assert len(test.session_state["scenario"].chance.correlations) >= 3
    assert "Differing pace (BG/NBD)" in texts(test) and not test.exception


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n", "no date column recognised"),
        (b"customer,date,amount\nAnn,2026-01-01,3\n", "too few customers"),
        (b"\x00\x00", "neither readable"),
    ],
)
def test_a_file_that_says_too_little_is_refused_and_nothing_changes(content, words):
    test = open_view(page("cac_and_ltv"), "orders")
    before = test.session_state["scenario"]
    upload(test, content)
    assert words in "".join(e.value for e in test.error) and not test.exception
    assert test.session_state["scenario"] == before


def test_a_cohort_table_is_fitted_and_used():
    test = open_view(page("cac_and_ltv"), "orders")
    test.session_state["orders_cohort"] = True
    test.run()
    alive = test.text_input(key="orders_alive_en")
    alive.set_value("1000 many").run()
    assert "Use numbers only" in test.error[0].value
    test.text_input(key="orders_alive_en").set_value("1000 1200 900").run()
    assert "can only fall or stay the same" in test.error[0].value
    test.text_input(key="orders_alive_en").set_value(
        "1000, 631, 468, 382, 326, 289, 262, 241"
    ).run()
    test.button(key="orders_use_sbg").click().run()
    customers = test.session_state["scenario"].customers
    assert customers.retention == "sbg" and round(customers.sbg_alpha.median, 3) == 0.704
    assert not test.exception


def test_small_steps_are_worth_something():
    assert "Repurchase rate one point higher: €" in texts(page("cac_and_ltv"))


def test_too_few_orders_offer_the_wide_prior():
    test = upload(
        open_view(page("cac_and_ltv"), "orders"), b"customer,date,amount\nAnn,2026-01-05,3\n"
    )
    test.button(key="orders_prior").click().run()
    rate = test.session_state["scenario"].customers.repeat_probability
    assert rate.low < rate.likely < rate.high and rate.meaning == "p80"
    assert "the likely repurchase rate stays at" in texts(test)


def cdnow_page():
    rows = pd.read_csv(
        cdnow.DATA,
        sep=r"\s+",
        header=None,
        names=["master", "customer", "date", "cds", "amount"],
        dtype=str,
    )
    test = open_view(page("cac_and_ltv", "en", links.encode(preset("shopify-us-beauty"))), "orders")
    return upload(test, rows[["customer", "date", "amount"]].to_csv(index=False).encode())


def test_a_mean_order_unlike_the_scenarios_is_said_before_and_after_use():
    """CDNOW's mean order is $37.34, the preset's $79.00; once price and file agree, nothing is
    said; of another fit neither.
    """
    test = cdnow_page()

    def gaps():
        return [w.value for w in test.warning if "Your file's average order is" in w.value]

    price = test.session_state["scenario"].product.price
    assert (
        len(gaps()) == 1 and "the scenario's is \\$79.00" in gaps()[0] and "too high" in gaps()[0]
    )
    assert "to be in the sales currency (USD)" in texts(test)
    test.button(key="orders_use").click().run()
    assert len(gaps()) == 1 and test.session_state["scenario"].product.price == price
    open_view(test, "cohorts")
    assert len(gaps()) == 1
    open_view(test, "orders")
    assert len(gaps()) == 1
    test.session_state["scenario"] = test.session_state["scenario"].replace({"product.price": 37.5})
    assert not test.run().exception and not gaps()
    test.session_state["scenario"] = preset("shopify-us-beauty")
    test.run()
    assert "average order is" not in "".join(w.value for w in open_view(test, "cohorts").warning)


def test_the_fit_is_said_in_plain_words_and_the_view_after_use_is_highlighted():
    test = cdnow_page()
    assert "Of 100 new customers about" in texts(test) and "buy again within 12 months" in texts(
        test
    )
    assert "Repeat orders in that time:" in texts(test)
    test.button(key="orders_use").click().run()
    assert test.segmented_control(key="customers_view_en").value == "payback" and test.get(
        "vega_lite_chart"
    )
    assert not [n for n in numbers(test) if n.label.startswith("Months between orders")]
    open_view(test, "orders")
    assert test.session_state["customers_view"] == "orders" and test.get("file_uploader")


def test_the_wide_range_says_where_it_comes_from():
    test = upload(
        open_view(page("cac_and_ltv"), "orders"), b"customer,date,amount\nAnn,2026-01-05,3\n"
    )
    assert (
        "in the benchmark table stores' repurchase rates run from 9.9% to 65.2%, with 27.1% in the"
        " middle" in texts(test)
    )


def test_a_cohort_table_asks_for_its_interval_and_refuses_what_it_cannot_read():
    test = open_view(page("cac_and_ltv", "en", links.encode(preset("shopify-us-beauty"))), "orders")
    test.session_state["orders_cohort"] = True
    test.run()
    assert "3 months apart" in texts(test)
    next(n for n in numbers(test) if n.label.startswith("Months between orders")).set_value(1).run()
    assert test.session_state[
        "scenario"
    ].customers.repeat_interval == 1 and "1 month apart" in texts(test)
    for typed, told in (
        ("1,000 631 468", "1,000 — could be one number"),
        ("10 5 3", "10 — too few customers"),
        ("1000", "1000 — needs at least 3 numbers"),
    ):
        test.text_input(key="orders_alive_en").set_value(typed).run()
        assert told in test.error[0].value and not test.exception


def test_a_gain_without_end_is_said():
    test = page(
        "cac_and_ltv",
        "en",
        links.encode(preset("shopify-us-beauty").replace({"customers.repeat_probability": 0.992})),
    )
    assert texts(test).count("almost without limit") == 3


def lists(count=400):
    """Orders of buyers of whom no model of repeat orders need be found."""
    chance = np.random.default_rng(4)
    buyer = np.minimum(chance.geometric(0.02, count), 200)
    day = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.sort(chance.integers(0, 300, count)), "D")
    rows = [f"{n},b{buyer[n]},{day[n].date()},{20 + n % 7},{25 + n % 7}\n" for n in range(count)]
    return "order id,buyer,date,subtotal,order total\n", rows


@pytest.mark.parametrize("lang", LANGS)
def test_two_amounts_are_asked_for_before_anything_is_computed(lang):
    head, rows = lists()
    test = upload(
        open_view(page("cac_and_ltv", lang), "orders", lang), "".join([head, *rows]).encode()
    )
    [question] = test.radio
    assert question.value is None and "order total” (25, 26, 27)" in question.options[0]
    counted = "400 rows" if lang == "en" else "400 行"
    assert not test.exception and not test.error and counted not in texts(test)
    question.set_value("subtotal").run()
    assert not test.exception and counted in texts(test)
    assert ("as chosen" if lang == "en" else "按您的选择") in texts(test)


def test_two_files_of_one_shop_count_an_order_once():
    head, rows = lists()
    head = head.replace("subtotal", "note")
    first, second = head + "".join(rows[:240]), head + "".join(rows[200:])
    test = open_view(page("cac_and_ltv"), "orders")
    test.file_uploader(key="orders_file").set_value(
        [("a.csv", first.encode(), "text/csv"), ("b.csv", second.encode(), "text/csv")]
    ).run()
    assert not test.exception
    assert "40 orders stand both in b.csv and in a.csv" in texts(test)
    assert "440 rows" in texts(test)


@pytest.mark.parametrize("lang", LANGS)
def test_a_file_whose_reading_was_stopped_is_said_and_can_be_read(lang):
    head, _ = lists()
    test = open_view(page("cac_and_ltv", lang), "orders", lang)
    test.file_uploader(key="orders_file").set_value([("a.csv", head.encode(), "text/csv")])
    test.run()
    file = test.file_uploader(key="orders_file").value[0].file_id
    before = test.session_state["scenario"]
    test.session_state["stopped"] = frozenset({file})
    test.run()
    assert ("a.csv was not read" if lang == "en" else "a.csv 未读取") in texts(test)
    assert test.session_state["scenario"] == before and not test.error
    test.button(key=f"read_again_{file}").click().run()
    assert test.error and "not read" not in texts(test)  # a heading alone holds no rows
