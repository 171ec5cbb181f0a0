"""What events come to, month by month, when several meet: by hand. A month that an event covers by
half has half of what adds up, and of a price or rate the value whose inverse lies half way.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from funnel_sim.chance import noise
from funnel_sim.chance.draws import Sources, _counter, _Effects, _product
from funnel_sim.chance.shocks import Happening
from funnel_sim.chance.streams import plan_of
from funnel_sim.model.demand import PayoutsHeld
from tests.conftest import neutral

COVERED = np.array([[1.0], [0.5], [0.0]])  # the first month whole, half of the second
NUMBERS = {
    "fx_rate": 5.0,
    "tax.duty_rate": 0.1,
    "fulfilment.return_rate": 0.9,
    "product.inbound_freight": 5.0,
    "fulfilment.fulfilment_per_order": 8.0,
    "fulfilment.fulfilment_per_unit": 2.0,
    "fulfilment.parcel_per_order": 3.0,
    "cash.reserve_rate": 0.2,
    "cash.reserve_days": 14.0,
    "cash.payout_delay_days": 7.0,
}


def effects(*events):
    """Return what (effect, size, days) come to, each in the same months."""
    told = _Effects({}, NUMBERS.__getitem__)
    for effect, size, days in events:
        told.add(Happening(SimpleNamespace(effect=effect), COVERED, size, days))
    return told


@pytest.mark.parametrize(
    ("effect", "size", "path", "months"),
    [
        # half of the month at 4 for one unit of the sales currency: 1 / (0.5 / 5 + 0.5 / 4) = 4.444
        ("fx", 0.2, "fx_rate", [4.0, 40 / 9, 5.0]),
        ("tariff", 0.2, "tax.duty_rate", [0.3, 0.2, 0.1]),
        # no more than every order comes back: a tenth is left to add
        ("returns", 0.3, "fulfilment.return_rate", [1.0, 0.95, 0.9]),
        ("returns", 0.04, "fulfilment.return_rate", [0.94, 0.92, 0.9]),
        ("freight", 0.4, "product.inbound_freight", [7.0, 6.0, 5.0]),
        ("fulfilment", 0.5, "fulfilment.fulfilment_per_order", [12.0, 10.0, 8.0]),
        ("fulfilment", 0.5, "fulfilment.fulfilment_per_unit", [3.0, 2.5, 2.0]),
        ("fulfilment", 0.5, "fulfilment.parcel_per_order", [4.5, 3.75, 3.0]),
        ("reserve", 0.1, "cash.reserve_rate", [0.3, 0.25, 0.2]),
        ("reserve", 0.9, "cash.reserve_rate", [1.0, 0.6, 0.2]),
    ],
)
def test_a_field_is_moved_by_the_share_of_the_month(effect, size, path, months):
    found = effects((effect, size, 0.0)).by_month[path]
    assert found[:, 0] == pytest.approx(months)


@pytest.mark.parametrize(("days", "held"), [(30.0, [30, 30, 14]), (10.0, [14, 14, 14])])
def test_a_reserve_is_held_for_the_longer_time_in_every_month_that_it_touches(days, held):
    assert effects(("reserve", 0.1, days)).by_month["cash.reserve_days"][:, 0].tolist() == held


def test_a_payout_rule_adds_its_days_to_every_month_that_it_touches_and_two_add_up():
    one, two = ("payout_rule", 0.0, 10.0), ("payout_rule", 0.0, 5.0)
    path = "cash.payout_delay_days"
    assert effects(one).by_month[path][:, 0].tolist() == [17, 17, 7]
    assert effects(one, two).by_month[path][:, 0].tolist() == [22, 22, 7]


def test_payouts_that_are_held_are_kept_event_by_event():
    found = effects(("payout_held", 0.5, 0.0), ("payout_held", 0.2, 0.0))
    assert [type(one) for one in found.held] == [PayoutsHeld, PayoutsHeld]
    by_chance = found.by_chance(None)
    assert len(by_chance.payouts_held) == 2 and not found.by_month


def test_a_second_event_starts_from_what_the_first_has_left():
    """Of a tariff of 10 %: 0.2 and 0.3 more; of freight 5: · 1.4 · 1.1; of returns 0.9: 0.06 first,
    then no more than the 0.04 that are left.
    """
    found = effects(
        ("tariff", 0.2, 0.0), ("tariff", 0.3, 0.0), ("freight", 0.4, 0.0), ("freight", 0.1, 0.0),
        ("returns", 0.06, 0.0), ("returns", 0.5, 0.0),
    ).by_month  # fmt: skip
    assert found["tax.duty_rate"][:, 0] == pytest.approx([0.6, 0.35, 0.1])
    assert found["product.inbound_freight"][:, 0] == pytest.approx([7.7, 6.3, 5.0])
    assert found["fulfilment.return_rate"][:, 0] == pytest.approx([1.0, 0.93 + 0.035, 0.9])


def test_what_is_lost_is_multiplied_and_what_is_charged_more_adds_up():
    """Half lost and then a fifth leave 0.4; of a month covered by half 0.75 · 0.9 = 0.675."""
    left = pytest.approx([0.4, 0.675, 1.0])
    gone = effects(("suspended", 0.5, 0.0), ("suspended", 0.2, 0.0))
    assert gone.traffic[:, 0] == left and gone.later[:, 0] == left and gone.conversion is None
    dry = effects(("stockout", 0.5, 0.0), ("stockout", 0.2, 0.0))
    assert dry.conversion[:, 0] == left and dry.later[:, 0] == left and dry.traffic is None
    weak = effects(("demand", 0.5, 0.0), ("demand", 0.2, 0.0))
    assert weak.conversion[:, 0] == left and weak.later is None
    # both together: those who come, and those of them who buy
    both = effects(("suspended", 0.5, 0.0), ("stockout", 0.2, 0.0))
    assert both.later[:, 0] == left
    dearer = effects(("commission", 0.05, 0.0), ("commission", 0.02, 0.0))
    assert dearer.commission[:, 0] == pytest.approx([0.07, 0.035, 0.0])
    # a click at 1.25 for half a month: 1 / (0.5 + 0.5 / 1.25) = 1.111
    clicks = effects(("clicks", 0.25, 0.0))
    assert clicks.clicks[:, 0] == pytest.approx([1.25, 1 / 0.9, 1.0])
    assert _product(None, COVERED) is COVERED


def test_each_source_is_counted_by_its_own_draws():
    """At the median draw a Poisson count of 9.5 expected is 9, of 100 it is 100; in a month of its
    own only that month's draws are looked at.
    """
    normals = {"months.count.ads": np.array([[0.0, 0.0], [0.0, 8.0]]), "months.demand": np.ones(1)}
    count = _counter(normals)
    assert count("ads", None, np.array([[9.5], [100.0]]))[:, 0].tolist() == [9.0, 100.0]
    assert count("ads", 0, np.array([9.5, 9.5])).tolist() == [9.0, 9.0]
    assert count("ads", 1, np.array([9.5, 9.5]))[1] > 40
    assert _counter({"months.demand": np.ones(1)}) is None


def streams(**chance):
    plain = {"chance.month_noise": False, "chance.counting": False, "chance.fx_walk": False}
    changes = plain | {f"chance.{name}": value for name, value in chance.items() if name[0] != "_"}
    if chance.get("_abroad"):
        changes |= {"cost_currency": "CNY", "fx_rate": 7.0}
    if chance.get("_history"):
        changes |= {"history.first_month": "2025-01", "history.seen_gmv": [9e3, 1e4, 1.1e4] * 4}
    return set(Sources(neutral(changes)).month_streams)


COUNTS = {"months.count.orders", "months.count.repeat", "months.count.referred"}


@pytest.mark.parametrize(
    ("chance", "names"),
    [
        ({}, set()),
        ({"month_noise": True}, {"months.demand"}),
        ({"counting": True}, COUNTS),
        # an exchange rate that walks moves nothing where there is one currency
        ({"fx_walk": True}, set()),
        ({"fx_walk": True, "_abroad": True}, {"months.fx"}),
        ({"_abroad": True}, set()),
        # the store's own months hold the chance of small numbers, and move whatever is asked for
        ({"counting": True, "_history": True}, {"months.demand"}),
    ],
)
def test_months_differ_by_what_is_asked_for(chance, names):
    assert streams(**chance) == names


def test_what_is_no_range_moves_with_nothing():
    """A price that is a range and a cost that is a number, named as moving together."""
    wide = {"dist": "uniform", "low": 90.0, "high": 110.0}
    pair = [{"a": "product.price", "b": "product.unit_cost", "rank": 0.5}]
    one = neutral({"product.price": wide, "chance.correlations": pair})
    assert Sources(one).joined == () and Sources(one).alone == ("product.price",)
    both = one.replace({"product.unit_cost": wide | {"low": 1.0, "high": 2.0}})
    [group] = Sources(both).joined
    assert set(group.paths) == {"product.price", "product.unit_cost"} and not Sources(both).alone


@pytest.mark.parametrize("typed", [None, 0.2])
def test_the_exchange_rate_walks_by_the_volatility_that_is_typed_else_by_its_history(typed):
    """From 7 for one, as `noise.walk` goes with 20 % a year, or with what the pair is known for."""
    store = neutral(
        {"cost_currency": "CNY", "fx_rate": 7.0, "chance.fx_walk": True,
         "chance.fx_volatility": typed, "chance.month_noise": False, "chance.counting": False}
    )  # fmt: skip
    sources, plan = Sources(store), plan_of(256, 1)
    draws = sources.draw(plan, range(plan.replicates))
    usual = noise.typical_volatility("USD", "CNY", store.as_of).value
    walked = noise.walk(draws.normals["months.fx"], usual if typed is None else typed)
    assert sources.model_values(draws).by_month["fx_rate"] == pytest.approx(7.0 * walked)
    assert usual != 0.2 and walked.std() > 0
