"""Events: whether, when and for how long they happen, and what each does to the ledger, by hand.

The neutral store sells 100 orders a month at 100, twelve months: 120,000 gross.
"""

import numpy as np
import pytest

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.simulation import simulate
from funnel_sim.errors import InputError
from funnel_sim.reference.events import event_templates
from tests.conftest import neutral


def with_event(effect, size, **more):
    """Return the neutral store with an event that is certain, in months 4 and 5, and some costs for
    it to move.
    """
    event = {
        "id": "it",
        "effect": effect,
        "probability": 1.0,
        "month_from": 4,
        "month_to": 4,
        "length": 2.0,
        "size": size,
    } | more
    store = {
        "product.unit_cost": 10.0,
        "product.inbound_freight": 5.0,
        "tax.duty_rate": 0.1,
        "fulfilment.fulfilment_per_order": 8.0,
        "fulfilment.return_rate": 0.1,
        "commission.tiers": [{"upto": None, "rate": 0.15}],
        "payment.payment_rate": 0.02,
        "customers.repeat_probability": 0.0,
    }
    ads = {"id": "ads", "kind": "cpc", "budget": 500.0, "cpc": 1.0, "channel_cvr": 0.1}
    scenario = neutral(store)
    return scenario.read(
        scenario.plain() | {"channels": [*scenario.plain()["channels"], ads], "shocks": [event]}
    )


def months(scenario, key):
    return simulate(scenario, month=[key], paths=256).of(key, "month")[:, 0]


# effect, size, ledger line, its value in a plain month (150 orders: 100 from the list, 50 from
# ads), its value in months 4 and 5
EFFECTS = [
    (
        "commission",
        0.05,
        "commission",
        -150 * 15 + 15 * 15,
        -150 * 20 + 15 * 20,
    ),  # 15 % → 20 % of 100; returns bring theirs back
    ("fulfilment", 0.25, "fulfilment", -150 * 8, -150 * 10),
    ("freight", 0.40, "goods_freight", -150 * 5, -150 * 7),
    ("tariff", 0.20, "goods_duty", -150 * 1.5, -150 * 4.5),  # CIF value 15: 10 % → 30 %
    ("clicks", 0.25, "first_orders", 150, 140),  # clicks at 1.25: 400 of them, 40 orders
    ("clicks", 0.25, "ads", -500, -500),
    ("suspended", 1.0, "gross_sales", 15_000, 0),
    ("suspended", 1.0, "ads", -500, 0),
    ("stockout", 0.5, "gross_sales", 15_000, 7_500),
    ("stockout", 0.5, "ads", -500, -500),
    ("demand", 0.2, "gross_sales", 15_000, 12_000),
    ("returns", 0.05, "refunds", -1_500, -2_250),
]


@pytest.mark.parametrize(("effect", "size", "line", "plain", "during"), EFFECTS)
def test_what_an_event_does_in_its_months(effect, size, line, plain, during):
    found = months(with_event(effect, size), line)
    assert found[[3, 4]] == pytest.approx([during, during])
    assert np.delete(found, [3, 4]) == pytest.approx([plain] * 10)


def test_a_fall_of_the_sales_currency_makes_costs_from_home_dearer():
    scenario = neutral({"cost_currency": "CNY", "fx_rate": 5.0, "product.unit_cost": 10.0})
    event = {
        "id": "fall",
        "effect": "fx",
        "probability": 1.0,
        "month_from": 2,
        "month_to": 2,
        "length": 1.0,
        "size": 0.2,
    }
    found = months(scenario.read(scenario.plain() | {"shocks": [event]}), "goods_purchase")
    assert found[:3] == pytest.approx([-200, -250, -200])  # 10 CNY at 4 instead of 5


def test_half_a_month_counts_half():
    found = months(with_event("demand", 0.4, length=1.5), "gross_sales")
    assert found[2:6] == pytest.approx([15_000, 9_000, 12_000, 15_000])


def test_a_suspended_store_has_no_repeat_orders_either():
    scenario = with_event("suspended", 1.0)
    again = scenario.replace({"customers.repeat_probability": 0.3})
    assert months(again, "repeat_orders")[[3, 4]].tolist() == [0, 0]
    assert months(again, "repeat_orders")[2] > 30


def test_probability_and_month_are_as_named():
    result = simulate(
        with_event("suspended", 1.0, probability=0.3, month_from=2, month_to=5, length=1.0),
        month=["gross_sales"],
    )
    sales = result.of("gross_sales", "month")
    gone = sales == 0
    assert gone.any(axis=0).mean() == pytest.approx(0.3, abs=0.002)
    assert gone.sum(axis=0).max() == 1
    assert gone.mean(axis=1)[1:5] == pytest.approx([0.075] * 4, abs=0.004)
    assert not gone[[0, 5, 11]].any()


def test_two_events_add_up_and_a_new_one_leaves_the_others_draws():
    one = with_event("suspended", 1.0, probability=0.3, month_from=1, month_to=12)
    rows = one.plain()["shocks"]
    both = one.read(
        one.plain()
        | {"shocks": [{**rows[0], "id": "other", "effect": "returns", "size": 0.1}, *rows]}
    )
    before, after = (
        simulate(s, month=["gross_sales"], paths=1024).of("gross_sales", "month")
        for s in (one, both)
    )
    assert (before == after).all()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"probability": 1.3}, "at most 1"),
        ({"probability": -0.1}, "at least 0"),
        ({"length": 0.0}, "above 0"),
        ({"size": -1.0}, "at least 0"),
        ({"month_from": 6, "month_to": 3}, "must not lie before"),
        ({"month_from": 0}, "at least 1"),
        ({"effect": "flood"}, "must be one of"),
        ({"id": "Big Bang"}, "lower-case"),
        ({"probability": {"dist": "uniform", "low": 0.5, "high": 1.5}}, "at most 1"),
    ],
)
def test_wrong_events_are_refused(change, rule):
    with pytest.raises(InputError, match=rule):
        with_event(**({"effect": "suspended", "size": 1.0} | change))


@pytest.mark.parametrize(
    ("effect", "size"),
    [
        ("stockout", 1.01),
        ("suspended", 2.0),
        ("demand", 1.5),
        ("fx", 1.0),
        ("commission", 5.0),
        ("returns", 1.2),
        ("demand", {"dist": "uniform", "low": 0.5, "high": 1.5}),
    ],
)
def test_no_more_than_everything_can_be_lost(effect, size):
    with pytest.raises(InputError, match="at most"):
        with_event(effect, size)


def test_half_a_month_is_half_the_month_at_each_price():
    """Clicks 40 % dearer for half of month 5: half of the 500 buys 250, the other half 250 / 1.4 =
    178.6 clicks.
    """
    found = months(with_event("clicks", 0.4, length=1.5), "paid_clicks")
    assert found[3:5] == pytest.approx([500 / 1.4, 250 + 250 / 1.4])
    back = months(with_event("returns", 0.95, length=1.5), "refunds")  # from 10 % to at most 100 %
    assert back[3:5] == pytest.approx([-15_000, -(0.1 + 0.5 * 0.9) * 15_000])


def test_an_event_whose_months_lie_past_the_horizon_may_not_come():
    """Months 3 to 9, each as likely, and a horizon of 4: it comes in two of seven futures, as the
    sentence beside it says.
    """
    scenario = with_event("suspended", 1.0, month_from=3, month_to=9, length=1.0).replace(
        {"plan.horizon_months": 4}
    )
    sales = simulate(scenario, month=["gross_sales"]).of("gross_sales", "month")
    assert (sales == 0).any(axis=0).mean() == pytest.approx(2 / 7, abs=2e-3)


@pytest.mark.parametrize("template", event_templates(), ids=lambda one: one.id)
def test_events_to_start_from_are_whole_and_nothing_of_them_is_cut(template):
    scenario = neutral()
    scenario = scenario.read(
        scenario.plain() | {"shocks": [{"id": template.id, **template.fields, "month_to": 12}]}
    )
    assert all(one.cut == 0 for one in Sources(scenario).inputs.values())
    assert template.words.zh and template.words.en
