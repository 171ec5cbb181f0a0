"""What a seller reads first: whole orders at break-even, the home currency, own work, ads that lose
on every order, the console's figures; by hand.
"""

from dataclasses import replace

import pytest

from funnel_sim.model.economics import evaluate
from funnel_sim.output.words import headlines
from funnel_sim.output.words.formats import for_machines
from funnel_sim.output.words.headlines import (
    ads_sentence,
    console_sentence,
    figure_name,
    groups,
    ratios,
    shown,
    typed_orders,
    typed_sentence,
    work_assumed,
    work_sentence,
)
from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.output.words.shares import share_text
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from tests.conftest import neutral

FREE = {"id": "free", "kind": "orders", "known_sales": 100.0}
BOUGHT = {"id": "ads", "kind": "orders", "known_sales": 50.0, "cost_per_order": 50.0}


def store(*channels, **changes):
    return evaluate(
        Scenario.read(
            neutral({"product.unit_cost": 60.0, **changes}).plain() | {"channels": list(channels)}
        )
    )


def test_break_even_orders_are_rounded_up_beside_the_exact_ones():
    # 40 an order for 1,010 of fixed costs: 25.25 orders, so 26; exactly 25 at 1,000
    [orders, *_] = ratios(
        store(FREE, **{"fixed.other_monthly": 1010.0}), ("break_even_orders",), "en"
    )
    assert orders.value == "26" and "25.25" in orders.more
    assert (
        ratios(store(FREE, **{"fixed.other_monthly": 1000.0}), ("break_even_orders",), "en")[
            0
        ].value
        == "25"
    )


def test_money_in_the_home_currency_is_money_times_the_rate():
    result = store(FREE, **{"cost_currency": "CNY", "fx_rate": 8.0, "product.unit_cost": 480.0})
    assert result.steady["profit"] == pytest.approx(4000.0)
    home = replace(result, scenario=result.scenario.but(shown_in="home"))
    assert shown(result, "profit", "en") == "$4,000.00"
    assert shown(home, "profit", "en") == "CN¥32,000.00"
    assert shown(home, "gross_margin", "en") == shown(result, "gross_margin", "en")
    beside = result.scenario.home
    assert shown(result, "profit", "en", currency=beside) == "CN¥32,000.00"


def test_ads_that_lose_on_every_order_are_said_even_where_free_orders_pay_for_them():
    """An order leaves 40 before ads and costs 50 of them: it loses 10; 100 free orders earn 4,000,
    so the store is at 3,500.
    """
    result = store(FREE, BOUGHT)
    assert result.steady["profit"] == pytest.approx(3500.0)
    told = ads_sentence(result, "en")
    assert "10.00" in told and "50.00" in told and "40.00" in told and "still earns" in told
    assert "still earns" not in ads_sentence(store(BOUGHT), "en")
    assert ads_sentence(store(FREE, BOUGHT | {"cost_per_order": 40.0}), "en") == ""
    assert "10.00" in ads_sentence(store(FREE, BOUGHT | {"cost_per_order": 50.0}), "zh")


def test_profit_before_and_after_own_work_are_both_named():
    result = store(FREE, **{"fixed.own_hours": 20.0, "fixed.own_hour_pay": 50.0})
    told = work_sentence(result, "en")
    # from 1,000 on in whole units (decision of 2026-11-27: cents stand in the ledger only)
    assert "$4,000 " in told and "$3,000 " in told and "$1,000)" in told
    assert "not counted" in work_sentence(store(FREE), "en")


def test_the_consoles_figures_stand_only_where_they_differ():
    assert console_sentence(store(BOUGHT), "en") == ""
    taxed = {"product.price": 119.0, "tax.situation": "marketplace_remits", "tax.tax_rate": 0.19}
    told = console_sentence(store(BOUGHT, **taxed), "en")  # 50 over 119 and over 100
    assert "42.0%" in told and "50.0%" in told and "marketplace keeps" in told


def test_without_orders_nothing_is_said():
    assert headlines.sentences(store(FREE | {"known_sales": 0.0}), "en") == []


def test_what_typed_orders_come_to_in_all():
    """100 free and 60 bought at 50: 160 first orders and 3,000 of ads.

    A fifth comes back a month later, a fifth of these again, and so on: 160 × (0.2 + 0.04 + …) =
    160 ÷ 4 = 40.
    """
    more = BOUGHT | {"known_sales": 60.0}
    result = store(FREE, more)
    assert typed_orders(result) == {
        "orders": 160.0,
        "first": 160.0,
        "repeat": 0.0,
        "ad_spend": 3000.0,
    }
    assert "160 orders" in typed_sentence(result, "en") and "none are assumed" in typed_sentence(
        result, "en"
    )
    again = store(
        FREE, more, **{"customers.repeat_probability": 0.2, "customers.repeat_interval": 1}
    )
    found = typed_orders(again)
    assert (
        found["first"] == pytest.approx(160.0)
        and found["repeat"] == pytest.approx(40.0)
        and found["orders"] == pytest.approx(200.0)
    )
    told = typed_sentence(again, "en")
    assert (
        "200 orders" in told
        and "160" in told
        and "40" in told
        and "3,000" in told
        and "beside them" in told
    )
    assert "200" in typed_sentence(again, "zh")
    traffic = evaluate(neutral())
    assert typed_orders(traffic) is None and typed_sentence(traffic, "en") == ""


def test_hours_that_a_preset_assumes_are_no_headline_until_somebody_types_them():
    """60 hours at 60 CNY are an assumption of the preset: named in the sentence as one, and no
    figure of the block; 40 typed hours are both.
    """
    name = next(card.id for card in preset_cards() if point_value(preset(card.id).fixed.own_hours))
    assumed, typed = (
        evaluate(preset(name).replace(one)) for one in ({}, {"fixed.own_hours": 40.0})
    )
    assert work_assumed(assumed) and not work_assumed(typed)
    assert (
        "assumed" in work_sentence(assumed, "en")
        and "假设" in work_sentence(assumed, "zh")
        and "assumed" not in work_sentence(typed, "en")
    )
    assert "profit_after_work" not in {key for _, group in groups(assumed) for key in group}
    assert "profit_after_work" in {key for _, group in groups(typed) for key in group}


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [
        ("vat_due", -540.34, "VAT refund"),
        ("vat_due", 540.34, "VAT due"),
        ("vat_due", 0.0, "VAT due"),
    ],
)
def test_tax_below_zero_is_a_refund(key, value, name):
    result = store(FREE)
    [one] = ratios(replace(result, steady={**result.steady, key: value}), (key,), "en")
    assert one.name == name and "-" not in one.value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (999.99, "$999.99"),
        (1000.0, "$1,000"),  # whole units from 1,000 on, as tiles have them
        (1000.5, "$1,001"),
        (-24290.18, "-$24,290"),
    ],
)
@pytest.mark.parametrize("key", ["break_even_sales", "profit", "vat_due"])
def test_large_amounts_of_the_groups_have_no_cents(key, value, text):
    result = store(FREE)
    [one] = ratios(replace(result, steady={**result.steady, key: value}), (key,), "en")
    shown = text.lstrip("-") if key == "vat_due" else text  # below zero it is a refund
    assert for_machines(one.value).replace("\u2060", "") == shown


def test_money_that_comes_home_is_in_the_blocks_currency_and_says_what_it_has_not_paid():
    """100 orders of 100 come home: 10,000 in the sales currency, 80,000 at 8."""
    result = store(FREE, **{"cost_currency": "CNY", "fx_rate": 8.0, "product.unit_cost": 480.0})
    both = (result, replace(result, scenario=result.scenario.but(shown_in="home")))
    here, home = (ratios(one, ("proceeds_home",), "en")[0] for one in both)
    assert (
        here.value.endswith("$10,000")
        and home.value.endswith("80,000")
        and "before goods" in here.more
    )


@pytest.mark.parametrize(
    ("name", "tile", "counted"),
    [
        ("amazon-de-kitchen", "GMV (with tax)", "GMV (with tax)"),
        ("amazon-us-kitchen", "GMV (with tax)", "GMV (without tax)"),
    ],
)
def test_gmv_says_its_tax_in_every_title(name, tile, counted):
    """A German price holds its tax; an American one has it on top: what shoppers pay has it, what
    quotes and KPIs count has not.
    """
    scenario = preset(name).replace(
        {"kpis": [{"id": "gmv", "metric": "gmv", "target": 0.2, "relative": True}]}
    )
    assert figure_name("gmv", scenario, "en") == tile
    assert kpi_text(scenario.kpis[0], scenario, "en").startswith(f"{counted} +20%")
    assert counted in share_text(
        scenario, Option.model_validate({"id": "a", "share_tiers": [{"rate": 0.05}]}), "en"
    )
    assert "税" in figure_name("gmv", scenario, "zh") and "税" in kpi_text(
        scenario.kpis[0], scenario, "zh"
    )
