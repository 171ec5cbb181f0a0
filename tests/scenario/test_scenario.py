"""The scenario: complete once it exists, refused with the field, the value and the rule."""

import pytest

from funnel_sim.errors import InputError
from funnel_sim.scenario.paths import field_paths, spec_of
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS
from tests.conftest import neutral


def refused(changes):
    with pytest.raises(InputError) as caught:
        neutral(changes)
    return caught.value


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("product.price", -5.0, "above"),
        ("product.price", 0.0, "above"),
        ("product.price", 1e300, "at_most"),
        ("product.price", "", "number"),
        ("product.price", None, "number"),
        ("product.unit_cost", "abc", "number"),
        ("product.discount_rate", 1.0, "below"),
        ("fulfilment.return_rate", 1.01, "at_most"),
        ("fulfilment.return_rate", -0.01, "at_least"),
        ("tax.situation", "somebody", "choice"),
        ("currency", "EURO", "currency"),
        ("currency", 5, "text"),
        ("plan.horizon_months", 37, "at_most"),
        ("plan.horizon_months", 2.5, "whole"),
        ("plan.start_month", 0, "at_least"),
        ("plan.season", [1.0] * 11, "season"),
        ("plan.season", [2.0] * 12, "season"),
        ("plan.season", [1.0] * 11 + ["x"], "number"),
        ("plan.budget_plan", [-1.0], "at_least"),
        ("plan.budget_plan", [1.0] * 37, "budget_plan"),
        ("commission.tiers", [], "steps"),
        ("commission.tiers", [{"upto": 10.0, "rate": 0.1}], "steps"),
        (
            "commission.tiers",
            [{"upto": 10.0, "rate": 0.1}, {"upto": 5.0, "rate": 0.1}, {"upto": None, "rate": 0.1}],
            "steps",
        ),
        (
            "commission.tiers",
            [{"upto": 10.0, "rate": 0.1}, {"upto": None, "rate": 0.1}],
            "flat_tiers",
        ),
        ("commission.tiers", [{"upto": None, "rate": 1.5}], "below"),
        ("tax.import_tax_recoverable", True, "recovery"),
        ("tax.import_tax_recoverable", "yes", "switch"),
        ("conversion.checkout_rate", 0.5, "conversion_both"),
        ("conversion.add_to_cart_rate", 0.1, "carts_few"),
        ("conversion.cvr", None, "conversion_missing"),
        ("channels.orders.ctr", None, "ctr_missing"),
        ("channels.orders.channel_add_to_cart_rate", 0.5, "carts_few"),
        (
            "commission.commission_cap",
            1e-6,
            None,
        ),  # the smallest amount of money: below it nothing is paid (ADR 0023)
        ("commission.commission_cap", 0.9e-6, "at_least"),
        ("fx_rate", 2.0, "fx_same"),
        ("customers.referral", 0.99, None),
        ("as_of", "yesterday", "date"),
        ("name", "x" * 201, "text_long"),
    ],
)
def test_one_wrong_value_is_one_problem_in_both_languages(path, value, rule):
    if rule is None:
        assert neutral({path: value})
        return
    error = refused({path: value})
    assert [p.rule for p in error.problems] == [rule]
    assert error.problems[0].where.startswith(path)
    for lang in LANGS:
        sentence = error.sentences(lang)[0]
        assert path in sentence
        assert "\n" not in sentence and "{" not in sentence


def test_diminishing_returns_need_their_reference_budget():
    error = refused({"channels.orders.elasticity": 0.2})
    assert [(p.where, p.rule) for p in error.problems] == [
        ("channels.orders.reference_budget", "reference_missing")
    ]


def test_referral_that_would_grow_for_ever_is_refused():
    error = refused(
        {"customers.repeat_probability": 0.5, "customers.referral": 0.5}
    )  # 0.5 / (1 - 0.5) = 1
    assert error.problems[0].rule == "referral_explodes"
    assert neutral({"customers.repeat_probability": 0.5, "customers.referral": 0.49})


def test_all_problems_are_found_at_once():
    plain = neutral().plain()
    plain["product"] |= {"price": -1, "unit_cost": "x", "colour": "red"}
    plain["currency"] = "??"
    with pytest.raises(InputError) as caught:
        Scenario.read(plain)
    assert {(p.where, p.rule) for p in caught.value.problems} == {
        ("product.price", "above"),
        ("product.unit_cost", "number"),
        ("product.colour", "unknown_field"),
        ("currency", "currency"),
    }


def test_channels_are_counted_and_told_apart():
    plain = neutral().plain()
    one = plain["channels"][0]
    for rows, rule in (
        ([], "channels_count"),
        ([one, one], "channels_twice"),
        ([one | {"id": f"c{i}"} for i in range(13)], "channels_count"),
    ):
        with pytest.raises(InputError) as caught:
            Scenario.read(plain | {"channels": rows})
        assert caught.value.problems[0].rule == rule


def test_unknown_paths_are_refused_everywhere():
    for path in ("product.colour", "nothing", "channels.tv.cpc", "product.price.low"):
        with pytest.raises(InputError):
            neutral({path: 1.0})
    with pytest.raises(InputError):
        neutral().get("product.colour")


def test_replace_leaves_the_original_alone():
    one = neutral()
    two = one.replace({"product.price": 50.0, "channels.orders.ctr": 0.5})
    assert (one.product.price, two.product.price) == (100.0, 50.0)
    assert two.get("channels.orders.ctr") == 0.5
    with pytest.raises(ValueError, match="frozen"):
        one.product.price = 1.0  # type: ignore[misc]


def test_plain_data_gives_the_scenario_back():
    for name in ("amazon-de-kitchen", "shopify-us-beauty", "ozon-ru-clothing"):
        scenario = preset(name)
        assert Scenario.read(scenario.plain()) == scenario


def test_every_path_is_readable_and_declared():
    scenario = preset("shopify-us-beauty")
    for path, spec in field_paths(scenario):
        scenario.get(path)
        assert spec_of(path) is spec


def test_a_cap_below_the_minimum_and_clicks_without_impressions_are_refused():
    error = refused({"commission.commission_minimum": 5.0, "commission.commission_cap": 2.0})
    assert [(p.where, p.rule) for p in error.problems] == [("commission.commission_cap", "cap_low")]
    error = refused({"channels.orders.kind": "cpc", "channels.orders.ctr": 0.0})
    assert [(p.where, p.rule) for p in error.problems] == [("channels.orders.ctr", "ctr_zero")]


@pytest.mark.parametrize(("of", "currency", "rate"), [("sales", "EUR", 1.0), ("cost", "CNY", 8.0)])
def test_a_contract_has_its_currency_and_rate_from_the_scenario(of, currency, rate):
    option = {"id": "a", "base": 100.0, "fee_currency": of}
    scenario = preset("amazon-de-kitchen").replace({"fx_rate": 8.0, "options": [option]})
    assert (scenario.options[0].currency(scenario), scenario.options[0].rate(scenario)) == (
        currency,
        rate,
    )


def test_the_season_follows_the_calendar_past_december():
    """From November on: months 1 to 3 are November, December, January; their mean is (1.3 + 1.5 +
    0.7) / 3.
    """
    season = [0.7, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 1.0, 1.0, 1.1, 1.3, 1.5]
    plan = preset("amazon-de-kitchen").replace({"plan.start_month": 11, "plan.season": season}).plan
    assert [plan.season_at(month) for month in (1, 2, 3, 15)] == [1.3, 1.5, 0.7, 0.7]
    assert plan.mean_season(1, 3) == pytest.approx((1.3 + 1.5 + 0.7) / 3)
