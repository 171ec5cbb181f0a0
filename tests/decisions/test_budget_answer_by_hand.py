"""What an answer on an ad budget says, where all of it can be written down: sales of 3√b and 4√b,
of which 1 and 0.25 are earned, less what they cost (`tests.decisions.test_budget_goals`).

Of a total T the most is earned by 0.9 T and 0.1 T: profit √10 · √T − T, highest at T = 2.5.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from funnel_sim.chance.streams import plan_of
from funnel_sim.decisions.budget.answer import (
    _additive,
    _answer,
    _curve,
    _peak,
    _price,
    _promised,
    bounds_of,
    next_amount,
    smaller,
)
from funnel_sim.decisions.budget.responses import GMV, PROFIT
from funnel_sim.errors import InputError
from funnel_sim.reference.budget_settings import budget_settings
from funnel_sim.scenario.budget import BudgetTerms
from tests.decisions.test_budget_goals import Roots, bounds


class Told(Roots):
    """The same as items of one store without a range."""

    wholes, assumed, drawn = np.array([0, 0]), np.array([True, False]), False


def answer(responses=None, **terms):
    return _answer(responses or Told(), BudgetTerms(**terms), plan_of(256, 1), "")


def earned(*amounts):
    return 3 * math.sqrt(amounts[0]) + math.sqrt(amounts[1]) - sum(amounts)


def test_an_answer_by_hand():
    found = answer(budget_total=100.0)
    one, two = found.lines
    assert (found.total, found.total_now, found.next_amount) == (100.0, 25.0, 100.0)
    assert found.profit == pytest.approx((earned(16, 9), earned(90, 10)), abs=0.001)
    assert found.gmv == pytest.approx((24.0, 3 * 90**0.5 + 4 * 10**0.5), abs=0.002)
    assert found.gain == found.profit[1] - found.profit[0]
    assert found.gain_in_gmv == found.gmv[1] - found.gmv[0]
    assert [line.now for line in found.lines] == [16.0, 9.0]
    assert [line.best for line in found.lines] == pytest.approx([90.0, 10.0], abs=0.011)
    # a third less is 66.67: 60 and 6.67; a hundred more 180 and 20
    assert (found.total_cut, one.cut, two.cut) == pytest.approx((66.67, 60.0, 6.67), abs=0.011)
    assert (one.gets_next, two.gets_next) == pytest.approx((90.0, 10.0), abs=0.03)
    # a hundred more on one of them: beside today, and beside the best split
    assert one.next_now == pytest.approx(3 * (116**0.5 - 4) - 100)
    assert two.next_now == pytest.approx(109**0.5 - 3 - 100)
    assert one.next_best == pytest.approx(3 * (190**0.5 - 90**0.5) - 100, abs=0.001)
    assert two.next_best == pytest.approx(110**0.5 - 10**0.5 - 100, abs=0.001)
    # today's split scaled to the smaller total: 16 : 9
    assert found.profit_cut == pytest.approx(earned(60, 6.67), abs=0.001)
    assert found.profit_even == pytest.approx(earned(66.67 * 0.64, 66.67 * 0.36), abs=0.001)
    # the last unit brings 3 / (2√90) − 1 of either
    assert found.price == pytest.approx(3 / (2 * 90**0.5) - 1, abs=1e-4)
    assert (
        found.additive
        and found.proven
        and found.chance is None
        and found.without_chance == "certain"
    )
    assert [line.assumed for line in found.lines] == [True, False]
    assert [line.outside for line in found.lines] == [True, False]  # 90 is not 8 to 32; 10 is


def test_todays_split_that_leaves_the_bounds_is_held_against_nothing():
    """Scaled to 66.67 the second item has 24."""
    for high, fits in ((24.1, True), (23.9, False)):
        found = answer(budget_total=100.0, bounds=[{"channel": "b", "high": high}])
        assert (found.profit_even is not None) == fits
    for low, fits in ((42.6, True), (42.7, False)):
        found = answer(budget_total=100.0, bounds=[{"channel": "a", "low": low}])
        assert (found.profit_even is not None) == fits
    # where nothing is spent today there is nothing to scale
    nothing = Told()
    nothing.now = np.zeros(2)
    found = answer(nothing, budget_total=100.0)
    assert found.profit_even is None and found.profit[0] == 0.0 and found.total_now == 0.0
    assert found.lines[0].best == pytest.approx(90.0, abs=0.011)


def test_a_store_without_a_mean_says_so_whether_or_not_it_is_drawn():
    for drawn in (False, True):
        told = Told()
        told.drawn = drawn
        found = _answer(told, BudgetTerms(), plan_of(256, 1), "heavy")
        assert (found.chance, found.without_chance) == (None, "heavy")


def test_where_a_smaller_total_cannot_be_nothing_is_cut():
    found = answer(budget_total=100.0, bounds=[{"channel": "a", "low": 67.0}])
    assert found.profit_cut is None and math.isnan(found.lines[0].cut)
    full = answer(budget_total=100.0, bounds=[{"channel": "a", "high": 60.0},
                                              {"channel": "b", "high": 60.0}])  # fmt: skip
    assert math.isnan(full.lines[0].gets_next) and full.lines[0].cut == pytest.approx(60.0, abs=0.1)


def test_the_last_unit_is_that_of_the_items_with_room_on_both_sides():
    best = np.array([9.0, 4.0])  # slopes 3/6 − 1 = −0.5 and 1/4 − 1 = −0.75
    assert _price(Told(), best, bounds()) == pytest.approx(-0.625, abs=1e-5)
    assert _price(Told(), best, bounds(high=(9.0, 9.0))) == pytest.approx(-0.75, abs=1e-5)
    assert _price(Told(), best, bounds(low=(0.0, 4.0))) == pytest.approx(-0.5, abs=1e-5)
    assert math.isnan(_price(Told(), best, bounds(low=(9.0, 0.0), high=(99.0, 4.0))))
    # next to nothing a cent to either side, and never below nothing: √0.0108 / 0.0108 − 1
    small = _price(Told(), np.array([9.0, 0.0008]), bounds(high=(9.0, 9.0)))
    assert small == pytest.approx(0.0108**0.5 / 0.0108 - 1)


def test_parts_that_do_not_add_up_are_told():
    """9 and 4 beside today's 16 and 9: −11 of sales; and a whole that lies a thousandth off."""
    best = np.array([9.0, 4.0])
    whole = Told().together(np.stack([Told().now, best]))
    assert _additive(Told(), best, whole)
    for figure in (PROFIT, GMV):
        off = whole.copy()
        off[figure, 1] += 0.001
        assert not _additive(Told(), best, off)
    near = whole.copy()
    near[GMV, 1] += 1e-5  # less than a millionth of 24
    assert _additive(Told(), best, near)


def test_the_curve_goes_from_a_quarter_of_the_peak_to_two_and_a_half_totals():
    known = budget_settings()
    found = _curve(Told(), bounds(), 100.0, known)
    assert found.peak == pytest.approx(2.5, abs=0.05)
    assert found.peak_profit == pytest.approx(2.5, abs=1e-3)
    assert found.totals[0] == pytest.approx(0.25 * found.peak) and found.totals[-1] == 250.0
    at = found.totals.tolist().index(100.0)
    assert found.profit[at] == pytest.approx(earned(90, 10), abs=0.05)
    assert (np.diff(found.gmv) > 0).all()
    # within the bounds 3 at least and 40 at most: one of 2.25, and the other no less than 1
    held = _curve(Told(), bounds((2.0, 1.0), (30.0, 10.0)), 20.0, known)
    assert (held.totals[0], held.totals[-1]) == (3.0, 40.0) and held.peak == pytest.approx(
        3.25, abs=0.01
    )
    # profit still rises at the end: no peak, and no profit of it
    rising = _curve(Told(), bounds(high=(1.0, 0.1)), 0.8, known)
    assert rising.peak is None and math.isnan(rising.peak_profit)
    assert (rising.totals[0], rising.totals[-1]) == pytest.approx((0.2, 1.1))
    # at least one unit of money is looked at, and today's where that is more
    assert _curve(Told(), bounds(), 0.5, known).totals[-1] == pytest.approx(62.5)


def test_the_peak_is_found_between_far_ends():
    assert _peak(Told(), 0.0, 1e5, bounds()) == pytest.approx(2.5, rel=0.05)
    assert _peak(Told(), 10.0, 1e5, bounds()) == pytest.approx(10.0)
    assert _peak(Told(), 0.0, 2.0, bounds()) is None


@pytest.mark.parametrize(
    ("total", "step", "amount"),
    [(1300.0, None, 1000.0), (0.4, None, 1.0), (0.0, None, 1.0), (99.0, 40.0, 40.0),
     (1300.0, 300.0, 900.0), (9.0, 25.0, 25.0)],
)  # fmt: skip
def test_the_next_amount_is_in_whole_steps(total, step, amount):
    assert next_amount(total, step) == amount


@pytest.mark.parametrize(
    ("total", "step", "less"),
    [(300.0, None, 200.0), (100.0, None, 66.67), (300.0, 40.0, 220.0), (90.0, 100.0, 90.0),
     (100.0, 100.0, 0.0), (250.0, 100.0, 150.0)],
)  # fmt: skip
def test_a_third_less_is_in_whole_steps_and_one_at_least(total, step, less):
    assert smaller(total, 1 / 3, step) == pytest.approx(less)


def test_what_a_goal_promises():
    assert _promised(BudgetTerms(budget_goal="profit", profit_floor=3.0)) is None
    assert _promised(BudgetTerms(budget_goal="gmv", profit_floor=3.0)) == (PROFIT, 3.0)
    assert _promised(BudgetTerms(budget_goal="gmv")) == (PROFIT, 0.0)
    assert _promised(BudgetTerms(budget_goal="cheapest", gmv_target=9.0)) == (GMV, 9.0)
    assert _promised(BudgetTerms(budget_goal="cheapest")) is None


def test_a_bound_of_an_item_that_is_not_there_names_those_that_are():
    many = SimpleNamespace(names=tuple(f"c{place}" for place in range(13)))
    asked = BudgetTerms(bounds=[{"channel": "other", "low": 1.0}])
    with pytest.raises(InputError, match=r"c11 …"):
        bounds_of(many, asked)
    many.names = many.names[:12]
    with pytest.raises(InputError) as told:
        bounds_of(many, asked)
    assert "…" not in str(told.value) and "c11" in str(told.value)
    found = bounds_of(Told(), BudgetTerms(bounds=[{"channel": "b", "low": 2.0, "high": 5.0}]))
    assert found.low.tolist() == [0.0, 2.0] and found.high.tolist() == [math.inf, 5.0]
