"""By how much an offer misses, what turns it, and what a case comes to: from futures written by
hand, four of them, as often as a simulation needs paths.
"""

import numpy as np
import pytest

from funnel_sim.chance.streams import plan_of
from funnel_sim.decisions.quote.answer import FeeBand, miss_of, quote_verdict, worth_signing
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.decisions.quote.summary import summary
from funnel_sim.decisions.quote.turning import Turning
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

PLAN = plan_of(256, 1)
NOWHERE, SOMEWHERE = Turning(None, None), Turning(0.1, 0.2)


def futures(*values):
    """Return four futures' values, or one for all, in every replicate alike."""
    four = values if len(values) == 4 else (values[0],) * 4
    return np.tile(np.array(four, float), PLAN.paths // 4)


def outcome(option=None, *, months=1, **figures):
    """Return a case: figures by name, a number for all futures or four of them."""
    named = {"gain": 0.0, "brought": 0.0, "saved": 0.0, "paid": 0.0, "income": 0.0, "rebate": 0.0,
             "serving": 0.0, "own": 0.0, "sales": 0.0, "added_cm3": 0.0, "effect": 0.0}  # fmt: skip
    arrays = {
        name: futures(*(value if isinstance(value, tuple) else (value,)))
        for name, value in (named | figures).items()
        if name != "by_month"
    }
    by_month = figures.get("by_month")
    course = (
        arrays["gain"][None, :]
        if by_month is None
        else np.array([futures(*row) for row in by_month])
    )
    return Outcome(
        Case(option or Option(id="q", base=1.0)), PLAN, by_month=course,
        last=futures(months), why=futures(0.0), lines={}, **arrays,
    )  # fmt: skip


def shop(need):
    return neutral({"comparison.sign_odds": need})


# ---- by how much it misses


@pytest.mark.parametrize(
    ("need", "short"),
    # −110, 0, 110, 220 over ten months with 10 % of tax: 10, 0, −10, −20 a month; the mean is 5 to
    # spare, and a share of so many futures has 20, 10, 0 to spare, or lacks 10
    [(0.25, -5.0), (0.5, -5.0), (0.51, 0.0), (0.75, 0.0), (0.76, 10.0), (0.99, 10.0)],
)
def test_what_is_missing_is_the_mean_or_the_share_of_futures_whichever_is_more(need, short):
    option = Option(id="q", base=1.0, fee_tax=0.1)
    found = outcome(
        option, months=10, gain=(-110.0, 0.0, 110.0, 220.0), income=100.0, rebate=20.0, serving=50.0
    )
    miss, band = miss_of(shop(need), found, SOMEWHERE)
    assert miss.short == pytest.approx(short) and band.now == pytest.approx(8)
    assert miss.most == band.high == pytest.approx(8 - short)
    assert band.even == pytest.approx(8 + 5)  # the fee at which the mean is zero
    assert (band.low, band.typical) == pytest.approx((3, 3))  # 50 less the rebate of 20
    assert miss.needed == 0.2


def test_a_rebate_beyond_the_cost_of_serving_leaves_no_cost():
    _, band = miss_of(shop(0.5), outcome(serving=5.0, rebate=9.0), NOWHERE)
    assert (band.low, band.typical) == (0, 0)


def test_a_lean_agency_serves_at_the_low_end_of_the_cost():
    _, band = miss_of(shop(0.5), outcome(serving=(1.0, 2.0, 3.0, 10.0)), NOWHERE)
    assert 1 <= band.low < 2.5 and band.typical == pytest.approx(4)


FORM = (-1.0, -1.0, -1.0, 20.0)  # 4.25 on average, but lost in three of four futures


@pytest.mark.parametrize(
    ("gain", "fee", "serving", "turning", "turns"),
    [
        (0.01, 10.0, 50.0, NOWHERE, "nothing"),
        (-2.0, 10.0, 8.0, NOWHERE, "fee"),  # 8 would be signed, and serving takes 8
        (-2.0, 10.0, 8.25, NOWHERE, "below_cost"),
        (-2.0, 8.0, 8.25, NOWHERE, "doubt"),  # so low that it pays for serving nowhere
        (-2.0, 8.25, 8.25, NOWHERE, "below_cost"),
        (-9.9, 10.0, 5.0, NOWHERE, "below_cost"),
        (-10.0, 10.0, 5.0, NOWHERE, "never"),  # not even for nothing
        (-10.0, 10.0, 5.0, SOMEWHERE, "effect"),
        (FORM, 10.0, 10.0, NOWHERE, "form"),  # by results 14.25 would do
        (FORM, 10.0, 14.25, NOWHERE, "form"),
        (FORM, 10.0, 14.26, NOWHERE, "doubt"),
        (FORM, 1.5, 5.0, NOWHERE, "form"),
        (FORM, 1.0, 5.0, NOWHERE, "never"),  # nothing is left to pay by results in three of four
    ],
)
def test_what_turns_an_offer(gain, fee, serving, turning, turns):
    found = outcome(gain=gain, income=fee, serving=serving)
    miss, _ = miss_of(shop(0.5), found, turning)
    assert miss.turns == turns
    signed = summary(found)
    verdict = {
        "nothing": "sign",
        "fee": "renegotiate",
        "form": "renegotiate",
        "doubt": "renegotiate",
    }
    assert quote_verdict(shop(0.5), signed, miss) == verdict.get(turns, "walk_away")


@pytest.mark.parametrize(("turning", "turns"), [(SOMEWHERE, "effect"), (NOWHERE, "never")])
def test_where_nobody_is_paid_only_the_effect_turns_it(turning, turns):
    own = Option(id="own_team", kind="own_team")
    miss, _ = miss_of(shop(0.5), outcome(own, gain=-1.0), turning)
    assert not own.paid and miss.turns == turns


def test_the_band_of_fees():
    assert FeeBand(5.0, 5.0, 0.0, 0.0, 0.0).exists and not FeeBand(5.0, 4.9, 0.0, 0.0, 0.0).exists
    # serving costs a lean agency 5 and a typical one 7: 2 above what would be signed, or to 5
    assert FeeBand(5.0, 4.0, 0.0, 7.0, 0.0).doubtful_to == 6
    assert FeeBand(5.0, 2.0, 0.0, 7.0, 0.0).doubtful_to == 5


# ---- worth signing


@pytest.mark.parametrize(
    ("gain", "need", "worth"),
    [
        ((1.0, 1.0, -1.0, -0.5), 0.5, True),
        ((1.0, 1.0, -1.0, -0.5), 0.51, False),  # half of the futures, not more
        ((1.0, 1.0, -1.0, -1.0), 0.5, False),  # nothing on average
        ((0.0, 0.0, 0.0, 1.0), 0.25, True),
        ((0.0, 0.0, 0.0, 1.0), 0.26, False),  # none is better off than alone
    ],
)
def test_it_is_signed_for_a_gain_on_average_in_enough_futures(gain, need, worth):
    assert worth_signing(shop(need), summary(outcome(gain=gain))) == worth


# ---- what a case comes to


def test_what_a_case_comes_to_by_hand():
    found = summary(
        outcome(
            months=3, gain=(1.0, -2.0, 3.0, -4.0), paid=10.0, income=(9.0, 9.0, 1.0, 9.0),
            serving=4.0, sales=200.0, added_cm3=40.0, own=2.0, brought=12.0, saved=5.0, rebate=1.0,
            # the second future falls to −5 and ends at −2, the fourth to −6; the third to −1
            by_month=[(1.0, -5.0, -1.0, -6.0), (0.0, 2.0, 1.0, 1.0), (0.0, 1.0, 3.0, 1.0)],
        )
    )  # fmt: skip
    assert (found.take_of_sales, found.take_of_added) == (0.05, 0.25)
    assert found.gain.mean.value == -0.5 and found.better.value == 0.5 and found.lasts == 3
    # from month 1 and from month 2 on; two never: half of the futures
    assert found.pays_back == 0.5 and found.payback == 2
    assert found.at_risk == pytest.approx((3, 6))  # (0 + 5 + 1 + 6) / 4; nine of ten up to 6
    assert found.one_sided.value == 0.5  # the agency earns 5 where the client loses
    assert found.agency.mean.value == pytest.approx((5 + 5 - 3 + 5) / 4)
    assert (found.paid, found.own, found.brought, found.saved, found.rebate) == (10, 2, 12, 5, 1)


def test_a_share_of_nothing_is_not_told_and_what_never_pays_back_has_no_month():
    found = summary(outcome(gain=-1.0, paid=10.0))
    assert found.take_of_sales is None and found.take_of_added is None
    assert found.payback is None and found.pays_back == 0
    assert summary(outcome(gain=0.0)).payback == 1  # never below zero
    assert summary(outcome(paid=10.0, sales=100.0, added_cm3=-5.0)).take_of_added is None
    # neither an agency without a profit nor a client without a loss is one-sided
    for income, gain in ((4.0, -1.0), (5.0, 0.0)):
        assert summary(outcome(income=income, serving=4.0, gain=gain)).one_sided.value == 0
