"""The Customers page by AppTest: each view in both languages, a file of orders read, fitted and used, and files that say too little."""

import logging

import pandas as pd
import pytest

from funnel_sim.inputs import links
from funnel_sim.inputs.presets import preset
from tests.evidence import cdnow
from tests.pages.test_pages import LANGS, page, texts

logging.getLogger("streamlit").setLevel(logging.CRITICAL)


def open_view(test, view, lang="en"):
    test.segmented_control(key=f"customers_view_{lang}").set_value(view).run()
    return test.run()


def upload(test, content, name="orders.csv"):
    test.file_uploader(key="orders_file").set_value((name, content, "text/csv")).run()
    return test


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("view", "charts"), [("payback", 1), ("cohorts", 1), ("budget", 1), ("orders", 0)])
def test_each_view_draws(view, charts, lang):
    test = open_view(page("customers", lang), view, lang)
    assert not test.exception and not test.error
    assert len(test.get("vega_lite_chart")) == charts


def test_the_headline_holds_cac_against_ltv_and_says_the_definition():
    test = page("customers")
    assert "A new customer from ads costs €7.00 and brings €8.12 in 12 months" in texts(test)
    assert "LTV : CAC is below 1 in" in texts(test) and "Contribution margin 2, 12 months" in texts(test)


def test_a_customer_that_does_not_pay_is_warned_in_plain_words():
    test = page("customers", "zh", links.encode(preset("amazon-de-kitchen").replace({"channels.ads.cpc": 3.0})))
    assert ("只带来" in texts(test) and "每买来一个客户" in test.warning[0].value) or test.warning


def test_a_store_that_buys_no_customers():
    scenario = preset("amazon-de-kitchen").replace({"channels.ads.budget": 0.0})
    test = page("customers", "en", links.encode(scenario))
    for view in ("payback", "cohorts", "budget", "orders"):
        assert not open_view(test, view).exception and not test.error
    assert "no cost of a bought one" in "".join(i.value for i in test.info) or "No channel buys" in texts(test)


def test_diminishing_returns_have_a_last_budget_worth_spending():
    scenario = preset("amazon-de-kitchen").replace({"channels.ads.elasticity": 0.3, "channels.ads.reference_budget": 2500.0})
    test = open_view(page("customers", "en", links.encode(scenario)), "budget")
    assert "the next customer costs more than it brings" in texts(test)


def test_orders_are_read_counted_fitted_and_used():
    rows = pd.read_csv(cdnow.DATA, sep=r"\s+", header=None, names=["master", "customer", "date", "cds", "amount"], dtype=str)
    test = upload(open_view(page("customers"), "orders"), rows[["customer", "date", "amount"]].to_csv(index=False).encode())
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
        (b"a,b\n1,2\n", "no column of dates recognised"),
        (b"customer,date,amount\nAnn,2026-01-01,3\n", "too few customers"),
        (b"\x00\x00", "neither readable"),
    ],
)
def test_a_file_that_says_too_little_is_refused_and_nothing_changes(content, words):
    test = open_view(page("customers"), "orders")
    before = test.session_state["scenario"]
    upload(test, content)
    assert words in "".join(e.value for e in test.error) and not test.exception
    assert test.session_state["scenario"] == before


def test_a_cohort_table_is_fitted_and_used():
    test = open_view(page("customers"), "orders")
    test.session_state["orders_cohort"] = True
    test.run()
    alive = test.text_input(key="orders_alive_en")
    alive.set_value("1000 many").run()
    assert "Numbers only" in test.error[0].value
    test.text_input(key="orders_alive_en").set_value("1000 1200 900").run()
    assert "cannot become more" in test.error[0].value
    test.text_input(key="orders_alive_en").set_value("1000, 631, 468, 382, 326, 289, 262, 241").run()
    test.button(key="orders_use_sbg").click().run()
    customers = test.session_state["scenario"].customers
    assert customers.retention == "sbg" and round(customers.sbg_alpha.median, 3) == 0.704
    assert not test.exception


def test_small_steps_are_worth_something():
    assert "One point more repurchase rate: €" in texts(page("customers"))


def test_too_few_orders_offer_the_wide_prior():
    test = upload(open_view(page("customers"), "orders"), b"customer,date,amount\nAnn,2026-01-05,3\n")
    test.button(key="orders_prior").click().run()
    rate = test.session_state["scenario"].customers.repeat_probability
    assert rate.low < rate.likely < rate.high and rate.meaning == "p80"
    assert "stays likely at" in texts(test)
