"""Is it the agency's doing? By hand, by law, and with what lacks."""

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from scipy import stats

from funnel_sim.decisions.review.effect import (
    Measured,
    _log_likelihood,
    _weighted_quantiles,
    drop,
    effect_of,
    measured,
)
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.review import settings
from funnel_sim.scenario.effects import sceptical
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.store_months import month_name, month_number

STEADY = [1000.0, 1040, 980, 1010, 970, 1030, 1020, 990, 1005, 1015, 985, 1025]
SHOP = preset("amazon-de-kitchen")


def quick(*months, **more):
    """Measure without saying how many more months would tell."""
    return measured(*months, look_ahead=False, **more)


def store(before, after, mark="2026-01", **more):
    first = f"{2025 - (len(before) - 1) // 12}-{12 - (len(before) - 1) % 12:02d}"
    return SHOP.replace(
        {
            "history.first_month": first,
            "history.seen_gmv": [*before, *after],
            "history.engagement_from": mark,
            "plan.season": [1.0] * 12,
            **{f"history.{name}": value for name, value in more.items()},
        }
    )


# ---- the numbers


def test_a_steady_store_that_sells_half_more_worked_and_one_that_sells_half_less_was_harmed():
    more = measured(STEADY, [1500.0] * 3)
    assert more.verdict == "worked" and more.needed == 0
    low, middle, high = more.whole
    assert low < 0.5 < high and abs(middle - 0.5) < 0.05
    less = measured(STEADY, [500.0] * 3)
    assert less.verdict == "harmed" and less.whole[1] == pytest.approx(-0.5, abs=0.05)


def test_nothing_done_cannot_be_told():
    found = measured(STEADY, [1000.0, 1010, 995])
    assert found.verdict == "not_yet" and 0.2 < found.above_zero < 0.8
    assert found.whole[0] < 0 < found.whole[2]


def test_an_effect_that_shows_later_says_how_many_months_more():
    small = [50.0, 61, 45, 55, 40, 58, 49, 62, 44, 53, 47, 57]  # orders a month
    soon = measured(small, [70.0], counts=1.0)
    assert soon.verdict == "not_yet" and soon.needed == 1
    # a second month with the same effect over what the store would have done alone tells it
    alone = measured(small, [70.0, math.nan], counts=1.0).alone[1, 1]
    again = measured(small, [70.0, alone * (1 + soon.whole[1])], counts=1.0)
    assert again.verdict == "worked" and again.needed == 0
    assert measured(STEADY, [1003.0]).needed is None  # next to nothing is never told


def test_what_came_is_what_alone_is_times_the_effect():
    found = measured(STEADY, [1500.0, 1600.0])
    # the middle of each month: what came over the middle of alone, less one
    assert found.by_month[1] == pytest.approx(np.array([1500, 1600]) / found.alone[1] - 1, abs=1e-3)
    assert found.extra[0] < found.extra[1] < found.extra[2]
    assert found.extra[1] == pytest.approx(3100 - 3100 / (1 + found.whole[1]), rel=1e-6)


@pytest.mark.slow
@given(st.floats(0.5, 2.0), st.floats(0.01, 1e4))
def test_units_do_not_matter_and_more_that_came_is_more_effect(factor, unit):
    base = measured(STEADY, [1000.0 * factor] * 2, look_ahead=False)
    scaled = measured([v * unit for v in STEADY], [1000.0 * factor * unit] * 2, look_ahead=False)
    assert scaled.whole == pytest.approx(base.whole, rel=1e-6, abs=1e-9)
    assert scaled.above_zero == pytest.approx(base.above_zero, abs=1e-9)
    more = measured(STEADY, [1000.0 * factor * 1.1] * 2, look_ahead=False)
    assert more.above_zero >= base.above_zero and more.whole[1] > base.whole[1]


def test_few_orders_tell_nothing_and_one_more_than_few_may():
    least = int(settings("effect")["fewest_counts"])
    before = [least / 3] * 3  # just enough before
    assert measured(before, [float(least) - 1], counts=1.0).verdict == "few"
    assert measured(before, [10.0 * least], counts=1.0).verdict == "worked"
    assert measured([3.0, 2, 4, 3, 2, 3], [60.0], counts=1.0).verdict == "few"


def test_small_counts_widen_the_interval():
    one, many = ([v / 50 for v in STEADY], STEADY)
    narrow = measured(many, [1000.0], counts=1.0).whole
    wide = measured([round(v) for v in one], [20.0], counts=1.0).whole
    assert wide[2] - wide[0] > 1.5 * (narrow[2] - narrow[0])


def test_the_belief_lies_between_the_sceptical_start_and_what_the_months_say():
    start = float(np.mean(sceptical().values)) - 1
    found = measured(STEADY, [1500.0] * 6)
    assert start < float(np.mean(found.belief)) < 0.6
    assert float(np.mean(measured(STEADY, [1000.0] * 6).belief)) == pytest.approx(start, abs=0.03)
    assert (
        measured(STEADY, [1500.0] * 6, arrived=[0.0] * 6).belief.tolist()
        == (np.array(sceptical().values) - 1).tolist()
    )


def test_a_promise_below_what_came_is_likely_reached_and_one_above_is_not():
    found = measured(STEADY, [1300.0] * 6)
    assert found.reaches(0.1) > 0.9 and found.reaches(0.6) < 0.1
    assert found.reaches(0.0) == pytest.approx(found.above_zero)


def log_effect(size, spread):
    """Return a result whose log effect is the same in every draw."""
    logs = np.full(8, math.log1p(size))
    return Measured(
        np.zeros((3, 1)), np.zeros((3, 1)), (0, 0, 0), (0, 0, 0), 0.5, logs, "not_yet", None,
        logs, spread,
    )  # fmt: skip


@pytest.mark.parametrize(("promise", "arrived"), [(0.1, 1.0), (0.1, 0.5), (0.3, 1.0)])
@pytest.mark.parametrize("spread", [0.05, 0.12])
def test_what_no_history_foretells_is_allowed_for(promise, arrived, spread):
    # 94 % of stores: only a season not seen moves the logarithm; 6 %: something breaks, by 0.6
    over = math.log(1.2 / (1 + promise * arrived))
    by_hand = 0.94 * stats.norm.cdf(over / spread) + 0.06 * stats.norm.cdf(over / 0.6)
    assert log_effect(0.2, spread).reaches(promise, arrived) == pytest.approx(by_hand)


@given(st.floats(0.6, 1.6))
def test_it_is_told_from_95_percent_on_and_from_5_percent_down(factor):
    found = quick(STEADY, [1000.0 * factor] * 2)
    told = "worked" if found.above_zero >= 0.95 else "harmed" if found.above_zero <= 0.05 else None
    assert found.verdict == (told or "not_yet")
    assert found.needed == (0 if told else None)


def test_a_season_counts_as_seen_from_a_year_on_or_where_it_was_typed():
    assert quick(STEADY, [1000.0]).spread == settings("effect")["seen_season"]
    assert quick(STEADY[:11], [1000.0]).spread == settings("effect")["unseen_season"]
    assert quick([*STEADY[:11], math.nan], [1000.0]).spread > quick(STEADY, [1.0]).spread
    typed = quick(STEADY[:3], [1000.0], seasoned=True)
    assert typed.spread == settings("effect")["seen_season"]


@pytest.mark.parametrize(
    ("before", "came", "few"),
    [(10.0, 30.0, False), (9.9, 30.0, True), (10.0, 29.9, True), (9.9, 29.9, True)],
)
@pytest.mark.parametrize("each", [1.0, 20.0])  # what an order brings
def test_thirty_orders_before_and_since_are_needed(before, came, few, each):
    found = quick([before * each] * 3, [came * each], counts=1 / each)
    assert (found.verdict == "few") == few


def test_small_counts_add_the_variance_of_their_counting():
    """100 orders are expected and 1,207 were seen: 1 / 100 + 1 / 1,207 more variance of the log."""
    plain, counted = (quick(STEADY, [1000.0], counts=counts).logs.var() for counts in (None, 0.1))
    more = 1 / 100 + 1 / (sum(STEADY) / 10)
    assert counted - plain == pytest.approx(more, rel=0.2)
    # very many orders add nothing, and their number is not drawn one by one
    assert quick(STEADY, [1000.0], counts=1e6).logs.var() == pytest.approx(plain, rel=0.02)


@pytest.mark.parametrize("counts", [None, 0.1])
def test_a_store_that_sold_nothing_since_lost_all_that_it_would_have_sold(counts):
    found = quick(STEADY, [0.0, 0.0], counts=counts)
    alone = found.alone[1].sum()
    assert found.extra[1] == pytest.approx(-alone, rel=0.01)
    assert found.whole[1] == pytest.approx(-1, abs=0.01)
    one_order = quick(STEADY, [10.0, 0.0], counts=counts)
    assert one_order.extra[1] == pytest.approx(10 - alone, rel=0.01)


def test_a_factor_moves_what_the_store_would_have_sold_alone():
    plain, twice = (quick(STEADY, [1000.0] * 2, factors=one) for one in (None, [1.0, 2.0]))
    assert twice.alone[:, 0] == pytest.approx(plain.alone[:, 0])
    assert twice.alone[:, 1] == pytest.approx(2 * plain.alone[:, 1])
    assert twice.whole[1] == pytest.approx((1 + plain.whole[1]) * 2 / 3 - 1, abs=0.01)


def test_a_month_that_is_not_known_counts_on_neither_side():
    gap = quick(STEADY, [1200.0, math.nan, 1100.0])
    alone = gap.alone[1]
    assert gap.extra[1] == pytest.approx(2300 - alone[0] - alone[2], rel=0.01)
    assert np.isnan(gap.by_month[:, 1]).all() and np.isfinite(gap.by_month[:, [0, 2]]).all()


@pytest.mark.parametrize(
    ("came", "arrived", "effect"),
    [(1.0, 1.0, 0.0), (1.5, 1.0, 0.5), (1.25, 0.5, 0.5), (1.0, 0.5, 0.0)],
)
def test_the_belief_is_the_prior_that_explains_what_came(came, arrived, effect):
    """Either nothing or half more, as likely: a quarter more in months with half of the effect
    speaks for half more.
    """
    prior = np.repeat([1.0, 1.5], 500)
    alone = quick(STEADY, [1000.0] * 6).alone[1]
    found = quick(STEADY, alone * came, arrived=[arrived] * 6, prior=prior)
    assert float(np.mean(np.isclose(found.belief, effect))) > 0.95
    assert found.belief.shape == prior.shape


def test_what_is_believed_moves_without_steps():
    """The sceptical effect is 400 values, far apart where they are large (52, 61, 72, 90 %): a
    percent more that came moves the middle by about one and never jumps to the next value.
    """
    came = np.arange(1400.0, 1700.0, 10.0)
    middles = np.array([np.median(quick(STEADY, [one] * 6).belief) for one in came])
    steps = np.diff(middles)
    assert steps.min() > 0.002
    assert steps.max() < 0.025


@given(
    st.lists(st.floats(-0.5, 3.0), min_size=2, max_size=60),
    st.data(),
)
def test_the_mean_and_the_ends_of_what_is_believed_stay(values, data):
    weight = data.draw(st.lists(st.floats(0.001, 1.0), min_size=len(values), max_size=len(values)))
    found = _weighted_quantiles(np.array(values), np.array(weight))
    assert found.size == len(values)
    assert found.mean() == pytest.approx(np.average(values, weights=weight), abs=1e-9)
    assert min(values) - 1e-9 <= found.min()
    assert found.max() <= max(values) + 1e-9


# ---- of a scenario


def test_the_effect_of_a_scenario_begins_at_its_mark():
    found = effect_of(store(STEADY, [1500.0] * 3))
    assert (found.figure, found.known, found.verdict) == ("gmv", 12, "worked")
    assert found.months == ("2026-01", "2026-02", "2026-03")
    assert found.found.whole == pytest.approx(measured(STEADY, [1500.0] * 3).whole)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([1000.0, 1000.0], [2000.0], "no_baseline"),
        ([None, 1000.0, None, 1000.0], [2000.0], "no_baseline"),
        (STEADY, [None, None], "no_months"),
    ],
)
def test_what_lacks_is_said(before, after, verdict):
    found = effect_of(store(before, after))
    assert found.verdict == verdict and found.found is None


def test_a_month_that_is_taken_out_moves_nothing_and_one_that_is_only_marked_is_told():
    after = [1000.0, 10.0, 1010.0]
    stock_out = [{"month": "2026-02", "event": "stock_out"}]
    found = effect_of(store(STEADY, after, marked=stock_out))
    assert found.taken_out == ("2026-02",) and found.verdict == "not_yet"
    assert math.isnan(found.found.by_month[1, 1])
    only = [{"month": "2026-02", "event": "stock_out", "taken_out": False}]
    told = effect_of(store(STEADY, after, marked=only))
    assert told.taken_out == () and told.mentioned[0].month == "2026-02"
    assert told.found.whole[1] < -0.25


def test_twice_the_ad_budget_is_not_the_agencys_doing():
    spend = {"seen_ad_spend": [100.0] * 12 + [200.0] * 3}
    plain = effect_of(store(STEADY, [1200.0] * 3))
    richer = effect_of(store(STEADY, [1200.0] * 3, **spend))
    assert plain.budget is None and all(one > 1 for one in richer.budget)
    assert richer.found.whole[1] < plain.found.whole[1]
    same = effect_of(store(STEADY, [1200.0] * 3, seen_ad_spend=[100.0] * 15))
    # within a thousandth: the outlook of model version 6 holds slopes, learnt up and down apart
    assert same.budget == pytest.approx([1.0] * 3, abs=1e-3)
    assert same.found.whole == pytest.approx(plain.found.whole, abs=2e-3)


def test_a_month_of_other_ad_spend_is_adjusted_by_the_share_that_ads_brought():
    # 400 of 1,000 sold came through ads; spent 150 where 100 is usual. Changed on purpose (issue
    # 19): no channel says how dear more clicks get, so that the quote test's 0.3 is assumed here
    # too: 1 + 0.4 · (1.5^0.7 − 1) = 1 + 0.4 · 0.32820 = 1.13128
    after = {"seen_ad_spend": [100.0] * 12 + [150.0], "seen_ad_sales": [400.0] * 12 + [900.0]}
    found = effect_of(store([1000.0] * 12, [1200.0], **after))
    assert found.ads.measured and found.ads.share == pytest.approx(0.4)
    assert (found.ads.elasticity, found.ads.assumed) == (0.3, True)
    assert found.budget == pytest.approx([1.13128], abs=1e-3)  # and a slope of a thousandth at most
    assert found.found.whole[1] == pytest.approx(1.2 / 1.13128 - 1, abs=0.01)
    # dearer clicks: 1 + 0.4 · (1.5^0.5 − 1) = 1.0899
    curve = {"channels.ads.elasticity": 0.5, "channels.ads.reference_budget": 100.0}
    dear = store([1000.0] * 12, [1200.0], **after).replace(curve)
    assert not effect_of(dear).ads.assumed
    assert effect_of(dear).budget == pytest.approx([1.0 + 0.4 * (math.sqrt(1.5) - 1.0)], abs=1e-3)
    # no spend: what ads sold is gone
    none = {"seen_ad_spend": [100.0] * 12 + [0.0], "seen_ad_sales": after["seen_ad_sales"]}
    assert effect_of(store([1000.0] * 12, [600.0], **none)).budget == pytest.approx([0.6])


def test_ad_spend_that_follows_its_own_season_is_no_other_budget():
    year = [100.0] * 10 + [200.0, 200.0]  # twice as much in November and December, every year
    sold = [1000.0] * 10 + [1500.0, 1500.0]
    shares = {"seen_ad_spend": year * 3, "seen_ad_sales": [400.0] * 36}
    found = effect_of(store(sold * 2, sold, **shares))
    assert found.budget == pytest.approx([1.0] * 12, abs=0.05)


def test_the_share_of_ads_is_the_scenarios_only_where_no_month_before_shows_it():
    spend = {"seen_ad_spend": [100.0] * 12 + [150.0]}
    later = spend | {"seen_ad_sales": [None] * 12 + [500.0]}
    for more in (spend, later):
        found = effect_of(store([1000.0] * 12, [1200.0], **more)).ads
        assert not found.measured and 0 < found.share < 1
    one = spend | {"seen_ad_sales": [None] * 11 + [300.0, 500.0]}
    found = effect_of(store([1000.0] * 12, [1200.0], **one)).ads
    assert found.measured and found.share == pytest.approx(0.3)


def test_ad_clicks_of_visits_stand_in_for_sales_from_ads():
    # 300 of 1,000 visits were bought: 30 %; where more clicks than visits are told it is the form's
    spend = {"seen_ad_spend": [100.0] * 12 + [150.0], "seen_visits": [1000.0] * 13}
    found = effect_of(store([1000.0] * 12, [1200.0], **spend, seen_clicks=[300.0] * 13)).ads
    assert (found.source, found.measured) == ("clicks", True) and found.share == pytest.approx(0.3)
    wrong = effect_of(store([1000.0] * 12, [1200.0], **spend, seen_clicks=[1001.0] * 13)).ads
    assert wrong.source == "form"


def test_the_share_of_the_form_is_the_one_that_the_form_shows():
    # the form's own usual month, not one fitted to the months: ads ÷ all sales of evaluate
    shop = store([1000.0] * 12, [1200.0], seen_ad_spend=[100.0] * 12 + [150.0])
    steady = evaluate(shop).steady
    own = steady["paid_channel_orders"] / steady["paid_orders"]
    assert effect_of(shop).ads.share == pytest.approx(own)


@pytest.mark.slow
@settings_of(max_examples=15, deadline=None)
@given(
    st.sampled_from(["orders", "cpc"]),
    st.floats(1.0, 5000.0),
    st.integers(0, 20_000),
    st.floats(0.05, 20.0),
    st.floats(0.01, 0.9),
    st.floats(5.0, 500.0),
)
def test_what_is_typed_in_the_shops_form_moves_no_verdict(kind, orders, budget, cpc, cvr, price):
    """Price, orders, budget, CPC and CVR are measured by the months: the form has no say."""
    spend = [100.0 + month for month in range(12)] + [150.0, 160.0]
    seen = store(
        STEADY, [1200.0, 1300.0], seen_ad_spend=spend, seen_ad_sales=[400.0] * 14,
        seen_orders=[50.0] * 14,
    )  # fmt: skip
    typed = seen.replace(
        {
            "channels.ads.kind": kind,
            "channels.ads.known_sales": orders / 2,
            "channels.ads.known_spend": budget,
            "channels.organic.kind": "orders",
            "channels.organic.known_sales": orders / 2,
            "channels.ads.budget": budget,
            "channels.ads.cpc": cpc,
            "conversion.cvr": cvr,
            "product.price": price,
        }
    )
    one, other = effect_of(seen), effect_of(typed)
    assert other.found.whole == one.found.whole
    assert other.found.above_zero == one.found.above_zero and other.ads == one.ads


def test_a_typed_season_is_taken_out_where_no_year_was_seen():
    season = [2.0] + [10 / 11] * 11  # January sells twice a usual month
    flat = effect_of(store([1000.0] * 6, [2200.0]))
    assert flat.found.whole[1] > 0.8
    seasonal = effect_of(store([1000.0] * 6, [2200.0]).replace({"plan.season": season}))
    assert abs(seasonal.found.whole[1]) < 0.1  # 2200 ≈ 1000 / (10 / 11) · 2


def test_the_claim_of_the_option_is_what_is_promised():
    option = Option(id="a", claimed=0.3, ramp=0.0)
    found = effect_of(store(STEADY, [1500.0] * 3), option)
    assert found.promise == 0.3 and found.reached > 0.8
    assert effect_of(store(STEADY, [1500.0] * 3)).promise is None
    assert effect_of(store(STEADY, [1050.0] * 3), option).reached < 0.2


def test_without_a_mark_there_is_no_effect():
    with pytest.raises(InputError, match="engagement_from"):
        effect_of(store(STEADY, [1.0], mark=""))


def test_a_review_of_three_years_is_the_longest():
    longest = int(settings("effect")["longest"])
    assert len(effect_of(store(STEADY, [1000.0] * longest)).months) == longest
    with pytest.raises(InputError, match="engagement_from"):
        effect_of(store(STEADY, [1000.0] * (longest + 1)))


def test_orders_stand_in_where_sales_are_known_in_too_few_months():
    orders = [100.0] * 12 + [150.0] * 3
    for known, figure in ((2, "orders"), (3, "gmv")):
        sales = [None] * (12 - known) + STEADY[:known]
        found = effect_of(store(sales, [1500.0] * 3, seen_orders=orders))
        assert (found.figure, found.known) == (figure, 12 if figure == "orders" else known)
    # neither has enough: the one that is known better is told
    short = effect_of(store([None] * 11 + [1.0], [1.0], seen_orders=[None] * 10 + [1.0] * 3))
    assert (short.figure, short.known, short.verdict) == ("orders", 2, "no_baseline")


@pytest.mark.parametrize(("each", "verdict"), [(3.0, "worked"), (2.0, "few")])
def test_few_orders_behind_large_sales_tell_nothing(each, verdict):
    # 12 months of 3 orders are 36, of 2 only 24; since the mark there are enough of them
    orders = [each] * 12 + [40.0]
    assert effect_of(store([1000.0] * 12, [40_000.0], seen_orders=orders)).verdict == verdict
    # of months without orders nothing is counted
    gaps = [None] * 6 + [each] * 6 + [40.0]
    assert effect_of(store([1000.0] * 12, [40_000.0], seen_orders=gaps)).verdict == verdict


def test_the_ad_budget_is_held_against_the_usual_one_month_by_month():
    spend = [100.0] * 12 + [100.0, None, 200.0, 500.0, 900.0]
    found = effect_of(store(STEADY, [1200.0] * 5, seen_ad_spend=spend)).budget
    assert found[0] == pytest.approx(1, abs=1e-3) and found[1] == 1.0  # not known: not adjusted
    assert 1 < found[2] < found[3] and found[4] == pytest.approx(
        found[3]
    )  # asked for five times at most
    none = effect_of(store(STEADY, [1200.0] * 2, seen_ad_spend=[0.0] * 12 + [100.0] * 2))
    assert none.budget is None
    assert effect_of(store(STEADY, [1200.0], seen_ad_spend=[100.0] * 12 + [None])).budget is None


@pytest.mark.parametrize(
    ("mark", "factor"), [("2026-01", 2.0), ("2026-12", 10 / 11), ("2026-06", 10 / 11)]
)
def test_each_month_has_its_own_season(mark, factor):
    season = [2.0] + [10 / 11] * 11
    first = month_number(mark) - 6
    plain = SHOP.replace(
        {
            "history.first_month": month_name(first),
            "history.engagement_from": mark,
            "history.seen_gmv": [1000.0] * 7,
            "plan.season": season,
        }
    )
    before = [1000.0 / season[(first + i) % 12] for i in range(6)]
    found = effect_of(plain).found
    by_hand = measured(before, [1000.0], factors=[factor], seasoned=True)
    assert found.whole == pytest.approx(by_hand.whole)


@pytest.mark.slow
def test_marks_and_left_out_months_before_the_engagement_are_no_baseline():
    odd = [*STEADY[:-1], 5000.0]
    plain = effect_of(store([*STEADY[:-1], None], [1000.0]))
    assert effect_of(store(odd, [1000.0])).found.whole[1] < plain.found.whole[1] - 0.02
    for more in ({"left_out": ["2025-12"]}, {"marked": [{"month": "2025-12", "event": "other"}]}):
        found = effect_of(store(odd, [1000.0], **more))
        assert found.known == 11 and found.found.whole == pytest.approx(plain.found.whole)


# ---- noise or signal


def test_a_month_is_held_against_those_before_it_that_were_not_left_out():
    months = [1000.0, 1010, 990, 5000, 700]
    kept = drop(store(months, [1.0]), "2025-12")
    out = drop(store(months, [1.0], left_out=["2025-11"]), "2025-12")
    assert out.expected[1] < 1100 < kept.expected[1] and out.expected[2] < kept.expected[2]
    assert out.signal == (out.below <= 0.05) and kept.signal == (kept.below <= 0.05)
    assert drop(store(months, [1.0]), "2025-10") is None  # two months before it
    assert drop(store(months, [1.0]), "2025-11").came == 5000.0
    assert drop(store(months, [1.0], left_out=["2025-12"]), "2025-12") is not None


def test_orders_tell_of_a_drop_where_sales_are_not_known():
    seen = store([1000.0] * 3, [None], seen_orders=[10.0, 11, 10, 4])
    assert (drop(seen, "2026-01").figure, drop(seen, "2026-01").came) == ("orders", 4.0)
    assert drop(store([1000.0] * 3, [None]), "2026-01") is None
    assert drop(store([1000.0] * 3, [0.0]), "2026-01").below < 1e-6


def test_a_month_within_the_usual_swing_is_noise_and_one_far_below_a_signal():
    found = store(STEADY, [960.0, 500.0])
    assert not drop(found, "2026-01").signal
    low = drop(found, "2026-02")
    assert low.signal and low.below < 0.05 and low.came < low.expected[0]
    assert drop(found, "2030-01") is None
    assert drop(store([1000.0, 1000.0], [1.0]), "2026-01") is None


@pytest.mark.slow
def test_what_no_month_tells_says_which_effect_would_be():
    # just below `least` no number of months tells it, just above it some number does
    alone = measured(STEADY, [1003.0]).alone[1][0]
    small = measured(STEADY, [alone * 1.005])
    assert small.needed is None and small.least is not None and 0.005 < small.least < 1.0
    above = measured(STEADY, [alone * (1.0 + small.least * 1.1)])
    below = measured(STEADY, [alone * (1.0 + small.least * 0.9)])
    assert above.needed is not None and below.needed is None
    fall = measured(STEADY, [alone * 0.995])
    assert fall.least is not None and fall.least < 0
    # half a year has not shown its season: 12 % are allowed for in place of 5 %
    short = measured(STEADY[:6], [alone * 1.005])
    assert short.least > 2 * small.least


def test_one_month_has_one_interval():
    one = measured(STEADY, [1100.0], counts=0.1)  # some 100 orders: they alone move by 10 %
    assert one.by_month[:, 0] == pytest.approx(one.whole)
    two = measured(STEADY, [1100.0, 1100.0], counts=0.1)
    assert two.by_month[:, 0] != pytest.approx(two.whole)
    left = measured(STEADY, [np.nan, 1100.0], counts=0.1)
    assert left.by_month[:, 1] == pytest.approx(left.whole) and np.isnan(left.by_month[0, 0])


def test_the_likelihood_of_many_effects_is_that_of_each_and_needs_little_memory():
    """20,301 effects by 512 draws took 480 MB at once (quote --record); a fraction in blocks."""
    logs = np.linspace(-0.2, 0.3, 512)
    effects = np.linspace(0.5, 2.0, 20_301)
    tracemalloc.start()
    every = _log_likelihood(logs, 0.1, 0.8, effects)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert every[:3].tolist() == _log_likelihood(logs, 0.1, 0.8, effects[:3]).tolist()
    assert every[-1] == _log_likelihood(logs, 0.1, 0.8, effects[-1:])[0]
    assert peak < 80_000_000
