"""What if payouts stop: an event for certain in a month, beside the plan."""

import pytest

from funnel_sim.decisions.cash.what_if import cash_events, cash_what_ifs, happening_in
from funnel_sim.errors import InputError
from tests.conftest import neutral

STORE = neutral({"plan.start_month": 1, "cash.owner_draw": 9_000.0})


def test_each_event_of_cash_is_tried():
    found = cash_what_ifs(STORE, 4, paths=256)
    assert [one.event.fields["effect"] for one in found.events] == [
        "payout_held",
        "reserve",
        "payout_rule",
    ]


def test_payouts_that_are_frozen_lower_the_balance_by_what_does_not_come():
    """10,000 a month come in day by day, the owner takes 9,000 on the last day: 1,000 is left after
    each month, 3,000 at the end of March. Frozen for 90 days (2.96 months) from 1 April nothing
    comes until the last days of June: 3,000 − 2 × 9,000 at the end of May is the lowest.
    """
    found = cash_what_ifs(STORE, 4, paths=256)
    held = found.events[0]
    assert found.below.value == 0.0 and held.below.value == 1.0
    assert held.lowest.quantiles[0.50].value == pytest.approx(3_000.0 - 18_000.0)
    alone, with_it = found.lowest.quantiles[0.05].value, held.lowest.quantiles[0.05].value
    assert held.capital.value == pytest.approx(alone - with_it)


def test_it_happens_in_the_month_that_is_chosen_and_in_no_other():
    event = cash_events(STORE)[0]
    made = happening_in(STORE, event, 7).shocks[-1]
    assert (made.probability, made.month_from, made.month_to) == (1.0, 7, 7)


def test_a_month_after_the_plan_is_refused():
    with pytest.raises(InputError):
        happening_in(STORE, cash_events(STORE)[0], 61)
