"""Events that move payments: what is missing on which day, by hand, and that the profit stays.

The neutral store sells 100 orders of 100 a month, twelve months from January: 10,000 a month, paid
out on the day of the order. An event that is certain begins with April (30 days; May 31, June 30).
"""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.chance.cash import simulate_cash
from funnel_sim.chance.draws import Sources
from funnel_sim.chance.simulation import plan_of_scenario, simulate
from funnel_sim.errors import InputError
from funnel_sim.model.cash.run import cash_run
from funnel_sim.reference.cash_terms import cash_term
from funnel_sim.reference.events import event_templates
from funnel_sim.reference.payouts import payout_rule
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.reference.studies import prior
from funnel_sim.scenario.unused import unused
from funnel_sim.units import DAYS_A_MONTH
from tests.conftest import neutral
from tests.scenario.test_cash_parameters import DD7

APRIL, MAY, JUNE, JULY = 3, 4, 5, 6
"""Months, counted from 0."""


def store(events, **terms):
    """Return the neutral store with some events, each certain and in April unless it says else."""
    scenario = neutral({"plan.start_month": 1} | {f"cash.{k}": v for k, v in terms.items()})
    rows = [
        {"id": f"e{n}", "probability": 1.0, "month_from": 4, "month_to": 4} | event
        for n, event in enumerate(events)
    ]
    return scenario.read(scenario.plain() | {"shocks": rows})


def run(scenario, *, by_day=True):
    """Return the cash of a few futures of a scenario, day by day."""
    sources = Sources(scenario)
    draws = sources.draw(plan_of_scenario(scenario, 256, None), range(1))
    return cash_run(sources.model_values(draws), by_day=by_day, paths=next(_sizes(draws)))


def _sizes(draws):
    for group in (draws.given, draws.uniforms, draws.normals):
        for one in group.values():
            yield one.shape[-1]


def missing(events, **terms):
    """Return what the balance of each day lacks against the same store without the events."""
    with_them, without = run(store(events, **terms)), run(_plain(terms))
    days = without.days.horizon
    return (without.balance[:days, :1] - with_them.balance[:days])[:, 0], with_them


def _plain(terms):
    quiet = {"effect": "payout_held", "size": 1.0, "probability": 0.0}
    return store([quiet], **terms)


def day(cash, month):
    return int(cash.days.starts[month])


def test_a_payout_rule_of_ten_more_days_lacks_ten_days_of_sales_once():
    gap, cash = missing([{"effect": "payout_rule", "days": 10, "length": 36.0}])
    first = day(cash, APRIL)
    assert np.all(gap[:first] == 0)
    # April: 333.33 a day; on its first ten days nothing comes, then as much as before
    for after in range(10):
        assert gap[first + after] == pytest.approx(10_000 / 30 * (after + 1))
    assert gap[first + 9 : first + 30] == pytest.approx(10_000 / 30 * 10)
    # in May the ten last days of April come in while those of May are awaited: 31 days share 10,000
    assert gap[day(cash, JUNE) - 1] == pytest.approx(10_000 / 31 * 10)


@pytest.mark.parametrize("way", ["Amazon FBA", "warehouse"])
def test_from_order_based_to_seven_days_after_delivery_is_the_gap_that_sellers_reported(way):
    """Amazon, North America, 12 March 2026: the money of an order came with its shipment and comes
    on the eighth day after its delivery. FBA: 3 + 8 - 1 = 10 days later, a hired warehouse 4 + 8 -
    1 = 11, slow mail 7 + 8 - 1 = 14: sellers reported one gap of 10 to 14 days.
    """
    before, after = (payout_rule("Amazon", "US", d) for d in (DD7 - dt.timedelta(1), DD7))
    assert (before.counted_from, after.counted_from) == ("shipment", "delivery")
    shipped, delivered = (cash_term(term, way) for term in ("ship_days", "delivery_days"))
    reported = prior("loss_events", "payout_rule_gap", "Amazon", DATA_DATE)
    later = delivered.typical + after.hold_days - shipped.typical - before.hold_days
    assert reported.low <= later <= reported.high
    slow = cash_term("delivery_days", "warehouse").high + after.hold_days - 1 - before.hold_days
    assert slow == reported.high == 14
    gap, cash = missing(
        [{"effect": "payout_rule", "days": later, "length": 36.0}],
        payout_basis="shipment",
        ship_days=int(shipped.typical),
        payout_delay_days=before.hold_days,
    )
    # once: what is missing at the end of the year is that many days of December's sales, no more
    assert gap[day(cash, 12) - 1] == pytest.approx(later * 10_000 / 31)
    assert gap.max() == pytest.approx(later * 10_000 / 30)
    # the two rules themselves, each from the first day, differ by the same
    terms = {"ship_days": int(shipped.typical), "delivery_days": delivered.typical}
    old = run(_plain(terms | {"payout_basis": "shipment", "payout_delay_days": before.hold_days}))
    new = run(_plain(terms | {"payout_basis": "delivery", "payout_delay_days": after.hold_days}))
    last = old.days.horizon - 1
    assert (old.balance[last] - new.balance[last])[0] == pytest.approx(later * 10_000 / 31)


def test_every_two_weeks_the_gap_is_the_same_on_average():
    """Paid every 14 days the balance lacks 10 days of sales on the average of the days of a year,
    and on single days between nothing and a whole fortnight's payout more.
    """
    gap, _ = missing(
        [{"effect": "payout_rule", "days": 10, "length": 36.0, "month_from": 1, "month_to": 1}],
        payout_cycle="fortnightly",
    )
    whole = slice(14 * 8, 14 * 25)  # whole cycles, months of 30 and 31 days
    assert gap[whole].mean() == pytest.approx(10 * 10_000 / 30.5, rel=0.02)
    assert gap[whole].min() >= -1e-6 and gap[whole].max() <= 14 * 10_000 / 30 + 1e-6


def test_a_hold_of_ninety_days_pays_nothing_for_ninety_days_and_then_everything():
    length = prior("loss_events", "payout_hold_duration", "Amazon", DATA_DATE).typical
    assert length == 90
    held = {"effect": "payout_held", "size": 1.0, "length": length / DAYS_A_MONTH}
    gap, cash = missing([held])
    first = day(cash, APRIL)
    # April 30 + May 31 + 29 days of June (0.9589 × 30 = 28.77 of them begun) = 90
    assert np.all(np.diff(cash.balance[first - 1 : first + 90, 0]) == 0)
    assert gap[first + 89] == pytest.approx(10_000 + 10_000 + 10_000 / 30 * 29)
    assert np.abs(gap[first + 90 :]).max() < 1e-6  # released with the payout of the next day
    assert np.all(gap[:first] == 0)


def test_half_of_the_payouts_frozen():
    gap, cash = missing([{"effect": "payout_held", "size": 0.5, "length": 2.0}])
    assert gap[day(cash, JUNE) - 1] == pytest.approx((10_000 + 10_000) / 2)
    assert abs(gap[day(cash, JUNE)]) < 1e-6


def test_two_holds_at_once_freeze_what_either_does():
    """30 % and 50 %: 1 - 0.7 × 0.5 = 65 % of April's 10,000."""
    events = [{"effect": "payout_held", "size": size, "length": 1.0} for size in (0.3, 0.5)]
    gap, cash = missing(events)
    assert gap[day(cash, MAY) - 1] == pytest.approx(6_500)


def test_a_reserve_that_is_raised_ties_up_its_share_of_the_days_it_is_held():
    """10 % for 20 days from April to May: 20 × 333.33 × 0.1 = 666.67 are tied up; 20 days after the
    last of it was held everything is back.
    """
    gap, cash = missing([{"effect": "reserve", "size": 0.1, "days": 20, "length": 2.0}])
    first = day(cash, APRIL)
    assert gap[first] == pytest.approx(10_000 / 30 * 0.1)
    assert gap[first + 25] == pytest.approx(20 * 10_000 / 30 * 0.1)
    assert gap[day(cash, JUNE) - 1] == pytest.approx(20 * 10_000 / 31 * 0.1)
    assert np.abs(gap[day(cash, JUNE) + 20 :]).max() < 1e-6


def test_a_reserve_on_top_of_one_never_holds_more_than_everything():
    gap, _ = missing(
        [{"effect": "reserve", "size": 1.0, "days": 20, "length": 2.0}],
        reserve_rate=0.4,
        reserve_days=20,
    )
    assert gap.max() == pytest.approx(20 * 10_000 / 30 * 0.6)


EVENTS = [
    {"effect": "payout_held", "size": 1.0, "length": 3.0},
    {"effect": "reserve", "size": 0.3, "days": 90, "length": 6.0},
    {"effect": "payout_rule", "days": 12, "length": 36.0},
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one["effect"])
def test_the_profit_keeps_every_digit_and_the_odds_of_cash_get_worse(event):
    quiet, loud = (
        store(
            [event | {"probability": odds, "month_from": 2, "month_to": 6}],
            opening_cash=2_500,
            payout_delay_days=5,
        ).replace({"product.unit_cost": 95.0, "chance.counting": True})
        for odds in (0.0, 0.5)
    )
    one, other = (simulate(s, ["profit"], paths=512).of("profit") for s in (quiet, loud))
    assert np.array_equal(one, other)
    calm, stormy = (simulate_cash(s, paths=512) for s in (quiet, loud))
    assert np.all(stormy.lowest <= calm.lowest + 1e-9) and (stormy.lowest < calm.lowest).any()
    assert stormy.ever_below.value >= calm.ever_below.value


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(EVENTS), min_size=1, max_size=3),
    st.sampled_from(["daily", "weekly", "fortnightly", "half_month", "monthly"]),
    st.integers(0, 40),
    st.sampled_from([0.0, 0.1]),
    st.sampled_from([0.0, 3_000.0]),
)
def test_profit_and_cash_are_explained_on_every_day_and_all_is_paid_in_the_end(
    events, cycle, delay, reserve, least
):
    terms = {
        "payout_cycle": cycle,
        "payout_delay_days": delay,
        "reserve_rate": reserve,
        "reserve_days": 30,
        "payout_minimum": least,
    }
    cash = run(store(events, **terms))
    explained = sum(cash.bridge.values())
    assert np.abs(explained - cash.balance).max() < 1e-6
    assert cash.balance[-1] == pytest.approx(cash.profit.sum(axis=0), abs=1e-6)


def test_what_a_file_may_say():
    plain = store([]).plain()

    def read(**event):
        rows = [{"id": "e", "probability": 0.1, "month_to": 12} | event]
        return store([]).read(plain | {"shocks": rows})

    rule = read(effect="payout_rule", days=7)  # a size is not asked for
    assert rule.shocks[0].size == 0.0
    assert unused(rule, "shocks.e.size") and not unused(rule, "shocks.e.days")
    held = read(effect="payout_held", size=1.0)
    assert unused(held, "shocks.e.days") and not unused(held, "shocks.e.size")
    for wrong in (
        {"effect": "payout_held", "size": 1.1},
        {"effect": "payout_held"},
        {"effect": "reserve", "size": 1.2, "days": 5},
        {"effect": "payout_rule", "days": 366},
        {"effect": "payout_rule", "days": -1},
    ):
        with pytest.raises(InputError):
            read(**wrong)


def test_templates_of_cash_have_their_sources():
    found = {one.id: one for one in event_templates()}
    assert found["payout_held"].fields["length"] == pytest.approx(90 / DAYS_A_MONTH, abs=0.01)
    assert found["payout_rule"].fields["days"] == 12.0 and "size" not in found["payout_rule"].fields
    assert found["reserve"].fields["size"] == 0.1 and found["reserve"].fields["days"] == 90.0
    for name in ("payout_held", "payout_rule", "reserve"):
        assert found[name].provenance is not None
