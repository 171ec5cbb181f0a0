"""What serving takes in hours, by hand; nothing named is the prior, draws and all."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.chance.streams import plan_of
from funnel_sim.decisions.quote.effect import Drawn
from funnel_sim.decisions.quote.fee_from_cost import serving_cost
from funnel_sim.decisions.quote.serving_hours import (
    _added,
    _multiples,
    named,
    serving_hours,
    tools_cost,
    usual_price,
)
from funnel_sim.decisions.quote.store_alone import orders_without_operator
from funnel_sim.reference import serving
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

STORE = preset("amazon-de-kitchen")
MONTH = 173.3  # 40 × 52 ÷ 12


def ends(option: Option) -> tuple[float, float, float]:
    found = serving_hours(STORE, option)
    return found.total("low"), found.total("likely"), found.total("high")


def test_nothing_named_is_the_prior_itself():
    """1 ÷ 8, 1 ÷ 4 and 1 ÷ 2 of a person; the very range that was drawn before."""
    found = serving_hours(STORE, Option(id="a"))
    assert found.people == alternatives.serving(STORE, "full", "people").value
    assert ends(Option(id="a")) == pytest.approx((MONTH / 8, MONTH / 4, MONTH / 2))
    assert not named(Option(id="a", scope_tools=True))


@pytest.mark.parametrize("service", ["full", "ads", "coaching", "listing"])
def test_each_service_starts_from_its_own_prior(service):
    found = serving_hours(STORE, Option(id="a", service=service))
    assert found.people == alternatives.serving(STORE, service, "people").value


def test_factors_multiply_and_add_by_hand():
    """Two platforms (× 1.6, 1.8, 2.0), three sites (each further (1.2, 1.6, 2.0 − 1) ÷ 2.5), and a
    manager (2, 4.5, 7 hours).
    """
    option = Option(id="a", scope_platforms=2, scope_sites=3, scope_manager=True)
    site = [1 + 2 * (end - 1) / 2.5 for end in (1.2, 1.6, 2.0)]
    assert ends(option) == pytest.approx(
        (
            MONTH / 8 * 1.6 * site[0] + 2.0,
            MONTH / 4 * 1.8 * site[1] + 4.5,
            MONTH / 2 * 2.0 * site[2] + 7.0,
        )
    )


def test_products_grow_by_a_power():
    """24 products are four times the usual 6: 4^0.41 = 1.765."""
    one = serving_hours(STORE, Option(id="a", scope_products=24))
    assert one.total("likely") == pytest.approx(MONTH / 4 * 4**0.41)
    assert serving_hours(STORE, Option(id="a", scope_products=6)).total("likely") == pytest.approx(
        MONTH / 4
    )


def test_customer_service_is_orders_times_contacts_times_minutes():
    """Orders × 0.067 × 8 ÷ 60 hours."""
    orders = orders_without_operator(STORE)
    line = serving_hours(STORE, Option(id="a", scope_support=True)).lines[-1]
    assert (line.low, line.likely, line.high) == pytest.approx(
        (orders * 0.04 * 5 / 60, orders * 0.067 * 8 / 60, orders * 0.07 * 15 / 60)
    )


def test_languages_write_each_product_once_a_quarter():
    """Two further languages × 6 products ÷ 3 months × 0.75 to 1.5 hours = 3 to 6 hours."""
    line = serving_hours(STORE, Option(id="a", scope_languages=3)).lines[-1]
    assert (line.low, line.likely, line.high) == pytest.approx((3.0, 4.5, 6.0))


@pytest.mark.parametrize(("term", "share"), [(2, 1.0), (3, 1.0), (4, 0.75), (12, 0.25)])
def test_a_launch_is_spread_over_the_term(term, share):
    """Three months of 2.0 times the hours, then as usual: 1 + (2 − 1) × min(3, term) ÷ term."""
    found = serving_hours(STORE, Option(id="a", scope_stage="launch", term=term))
    assert found.total("likely") == pytest.approx(MONTH / 4 * (1 + share))


def test_putting_right_is_spread_over_the_term():
    """8 to 15 hours once, over 10 months."""
    line = serving_hours(STORE, Option(id="a", scope_stage="troubled", term=10)).lines[-1]
    assert (line.low, line.high) == pytest.approx((0.8, 1.5))


def test_typed_people_are_the_people():
    found = serving_hours(STORE, Option(id="a", serving_people=0.5, scope_platforms=4))
    assert (found.people, found.typed, found.mean) == (0.5, True, pytest.approx(0.5 * MONTH))


def test_one_number_in_view_cost_and_draws():
    """Mean hours ÷ month are the people of the cost, and the mean of what is drawn."""
    option = Option(id="quote", scope_platforms=3, scope_manager=True, serving_pay=1000.0)
    option = option.but(serving_on_cost=0.0)
    hours, cost = serving_hours(STORE, option), serving_cost(STORE, option)
    assert cost.people == pytest.approx(hours.mean / hours.month)
    drawn = np.asarray(Drawn(STORE, plan_of(8192, 1)).serving(option))
    assert drawn.mean() == pytest.approx(cost.total, rel=0.01)


def test_tools_cost_money_and_no_hours():
    """29, 79 and 229 USD a month, in the cost currency; hours stay."""
    option = Option(id="a", scope_tools=True)
    tools = tools_cost(STORE, option)
    assert tools.high / tools.low == pytest.approx(229 / 29)
    more = serving_cost(STORE, option).total - serving_cost(STORE, Option(id="a")).total
    assert more == pytest.approx((tools.low + tools.likely + tools.high) / 3)
    assert ends(option) == ends(Option(id="a"))
    typed = option.but(serving_other=600.0)  # what was typed holds the tools too
    assert tools_cost(STORE, typed) == 0.0
    assert serving_cost(STORE, typed).other == 600.0


def test_the_usual_price_by_hand():
    """3,000 ÷ (1 − 0.5) and ÷ (1 − 0.6)."""
    found = usual_price(STORE, 3000.0, 60.0)
    assert (found.low, found.high, found.hour) == (6000.0, 7500.0, 50.0)


def test_modules_of_own_staff_lie_within_the_prior():
    """Ads 13–21.7, listings 6 ÷ 3 × 0.75–1.5, stock 4–9, messages 7.6–10.1: 26.1 to 43.8 hours;
    the prior says 21.7 to 86.7.
    """
    spans = serving.modules(STORE.as_of).values()
    low, high = sum(one.low for one in spans), sum(one.high for one in spans)
    assert (low, high) == pytest.approx((26.1, 43.8))
    least, _, most = ends(Option(id="a"))
    assert least < low < high < most


def test_every_hour_has_its_cost_and_source():
    """8,500 to 18,000 CNY a month are 49 to 104 CNY an hour and so on; US pay by the year."""
    costs = {one.words.en: one for one in serving.hourly_costs(STORE.as_of)}
    us = costs["Customer service, United States (pay alone)"]
    assert us.pay.likely == pytest.approx(42830 / 12 / MONTH)
    assert all(one.pay.rows and one.pay.low <= one.pay.high for one in costs.values())


FIELDS = st.fixed_dictionaries(
    {
        "scope_platforms": st.none() | st.integers(1, 6),
        "scope_sites": st.none() | st.integers(1, 10),
        "scope_languages": st.none() | st.integers(1, 6),
        "scope_support": st.booleans(),
        "scope_offsite": st.booleans(),
        "scope_manager": st.booleans(),
        "scope_hard": st.booleans(),
        "scope_stage": st.sampled_from(["running", "launch", "troubled"]),
        "service": st.sampled_from(["full", "ads", "coaching", "listing"]),
        "term": st.integers(1, 36),
    }
)


@settings(max_examples=60, deadline=None)
@given(FIELDS)
def test_more_to_serve_never_takes_less(given_fields):
    option = Option(id="a", **given_fields)
    low, likely, high = ends(option)
    least, middle, most = ends(Option(id="a", service=option.service))
    assert low >= least - 1e-9
    assert likely >= middle - 1e-9
    assert high >= most - 1e-9
    assert low <= likely <= high
    lines = serving_hours(STORE, option).lines
    assert math.isclose(sum(one.likely for one in lines), likely)


@pytest.mark.parametrize(
    ("scope", "factors"),
    [({}, []), ({"scope_platforms": 1, "scope_sites": 1}, []),
     ({"scope_platforms": 2}, ["platforms"]), ({"scope_sites": 2}, ["sites"]),
     ({"scope_products": 40, "scope_hard": True}, ["products", "hard"]),
     ({"scope_stage": "launch"}, ["launch"])],
)  # fmt: skip
def test_only_what_is_more_than_one_of_a_kind_multiplies_the_hours(scope, factors):
    found = dict(_multiples(neutral(), Option(id="a", **scope)))
    assert list(found) == factors
    more = {key: 3 if value == 2 else value for key, value in scope.items()}
    three = dict(_multiples(neutral(), Option(id="a", **more)))
    for key in set(found) & {"platforms", "sites"}:  # the third takes as much as the second
        assert three[key].likely - 1 == pytest.approx(2 * (found[key].likely - 1))


def test_a_second_language_adds_hours_and_a_third_as_many_again():
    """By product; twice the products take twice as long. One language adds nothing."""
    assert not list(_added(neutral(), Option(id="a", scope_languages=1)))

    def added(languages, products=None):
        option = Option(id="a", scope_languages=languages, scope_products=products)
        [(name, span)] = _added(neutral(), option)
        assert name == "languages"
        return span.likely

    assert added(2, 10) > 0
    assert added(3, 10) == pytest.approx(2 * added(2, 10))
    assert added(2, 20) == pytest.approx(2 * added(2, 10))
    usual = serving.span("usual", "products", neutral().as_of).likely
    assert added(2) == pytest.approx(added(2, 10) * usual / 10)
    months = serving.setting("added", "languages", "months")
    each = serving.span("added", "languages", neutral().as_of).likely
    assert added(2, 10) == pytest.approx(each * 10 / months)
