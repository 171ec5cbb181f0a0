"""Where does it leak? The arithmetic by hand, laws, and a store with one broken step."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from funnel_sim.decisions.review.leak import FEWEST, leaks
from funnel_sim.decisions.review.step_rates import Rate, chance_of, enough_of, holm, spread_of
from funnel_sim.decisions.review.usual_period import as_period
from funnel_sim.errors import InputError
from funnel_sim.model.economics import figures
from funnel_sim.model.values import Values
from funnel_sim.scenario.presets import preset
from tests.engaged import engaged

SHOP = preset("amazon-de-kitchen")
MONTHS = 6


def rate(base, now, out_of=10_000.0, months=MONTHS):
    return Rate(
        np.full(months, base * out_of), np.full(months, out_of), np.array([now * out_of]),
        np.array([out_of]),
    )  # fmt: skip


def test_without_spread_the_chance_is_that_of_counting():
    # 10,000 · 5 % = 500 expected, 450 came; error √(0.05 · 0.95 · (1 / 10,000 + 1 / 60,000))
    found = chance_of(rate(0.05, 0.045), 1e-9, 10.0)
    error = math.sqrt(0.05 * 0.95 * (1 / 10_000 + 1 / 60_000))
    assert found == pytest.approx(stats.norm.cdf(-0.005 / error), abs=0.003)


@given(st.floats(0.005, 0.5), st.floats(0.3, 1.5), st.floats(0.0, 0.2))
def test_less_is_rarer_and_a_wider_spread_makes_it_less_rare(base, ratio, spread):
    low, high = (chance_of(rate(base, base * r), spread, 9.0) for r in (ratio, ratio * 1.1))
    assert 0 <= low <= high <= 1
    if ratio < 0.9:
        wide = chance_of(rate(base, base * ratio), spread + 0.1, 9.0)
        assert wide >= chance_of(rate(base, base * ratio), spread, 9.0) - 1e-9


def test_the_spread_is_the_priors_where_months_only_count_and_grows_with_theirs():
    even = np.full(6, 500.0)
    small, free = spread_of(even, even * 20, 0.06)
    assert small < 0.06 and free == 4 + 5
    swings = even * np.array([0.7, 1.3, 0.8, 1.2, 0.9, 1.1])
    assert spread_of(swings, even * 20, 0.06)[0] > 0.12


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_makes_rarer_and_keeps_the_order(chances):
    found = holm(chances)
    assert all(a >= c - 1e-12 and a <= 1 for a, c in zip(found, chances, strict=True))
    order = sorted(range(len(chances)), key=lambda i: chances[i])
    assert [found[i] for i in order] == sorted(found)


def test_enough_is_found_in_nine_of_ten_and_much_less_is_not():
    base = rate(0.05, 0.05, out_of=50_000.0)
    counts = enough_of(base, 0.05, 9.0, 5)
    rng = np.random.default_rng(3)

    def found(size):
        hits = 0
        for _ in range(300):
            now = 0.05 * 0.7 * math.exp(rng.normal(0, 0.05))
            came = Rate(
                base.base_of,
                base.base_out_of,
                np.array([rng.binomial(size, now)]),
                np.array([size]),
            )
            hits += chance_of(came, 0.05, 9.0) <= 0.01
        return hits / 300

    assert found(counts) > 0.85 and found(counts // 4) < 0.75
    assert enough_of(base, 0.5, 9.0, 5) is None  # rates that halve and double by themselves


def store(now, channels=(), **more):
    """Return a shop of seven months; the last one has the rates named, the others usual ones."""
    usual = {"ctr": 0.02, "cart": 0.1, "checkout": 0.4, "paid": 0.95}
    impressions, visits = 800_000.0, 40_000.0
    figures: dict[str, list[float]] = {}
    for month in range(7):
        rates = usual | (now if month == 6 else {})
        swing = 1 + 0.02 * (month % 3 - 1)
        carts = visits * rates["cart"] * swing
        placed = carts * rates["checkout"]
        row = {
            "impressions": impressions,
            "clicks": impressions * rates["ctr"] * swing,
            "visits": visits,
            "carts": carts,
            "orders": placed * rates["paid"],
            "cancelled": placed * (1 - rates["paid"]),
            "gmv": placed * rates["paid"] * 30.0,
            "ad_spend": 5000.0,
        }
        for name, value in row.items():
            figures.setdefault(name, []).append(round(value))
    series = {f"history.seen_{name}": values for name, values in figures.items()}
    return SHOP.replace(
        {
            "history.first_month": "2026-01",
            "history.engagement_from": "2026-07",
            "history.by_channel": list(channels),
            **series,
            **more,
        }
    )


@pytest.mark.parametrize("step", ["ctr", "cart", "checkout", "paid"])
def test_the_broken_step_is_named_first_and_no_other(step):
    usual = {"ctr": 0.02, "cart": 0.1, "checkout": 0.4, "paid": 0.95}[step]
    found = leaks(store({step: usual * 0.7}))
    assert [one.step for one in found.broken] == [step]
    first = found.steps[0]
    assert first.ratio == pytest.approx(0.7, abs=0.03)
    # orders would be what they are over the ratio
    orders = found.steps[0].orders
    now = store({step: usual * 0.7}).history.seen_orders[-1]
    assert orders == pytest.approx(now * (1 / first.ratio - 1), rel=0.01)
    assert first.money > 0


def test_an_unchanged_store_has_no_broken_step_and_says_what_lacks():
    found = leaks(store({}))
    assert found.broken == () and found.baseline[0] == "2026-01" and len(found.baseline) == 6
    # nobody typed what came back either: a step since returns are looked at
    assert found.missing == ("repeat", "returned") and "landing" in found.unfit  # visits > clicks
    assert all(one.enough is not None for one in found.steps)


def test_a_better_step_is_no_leak():
    assert leaks(store({"cart": 0.2})).broken == ()


def test_a_step_of_one_channel_is_told_with_its_own_share_of_the_orders():
    months = [40_000.0] * 7
    ads = {
        "channel": "ads",
        "seen_visits": months,
        "seen_orders": [800.0] * 6 + [480.0],
        "seen_ad_spend": [5000.0] * 7,
    }
    found = leaks(store({}, [ads]))
    assert [(one.step, one.channel) for one in found.broken] == [("order", "ads")]
    assert found.steps[0].orders == pytest.approx(320, rel=0.05)


def test_much_spend_and_few_orders_is_told():
    ads = {"channel": "ads", "seen_orders": [10.0] * 7, "seen_ad_spend": [5000.0] * 7}
    mail = {"channel": "mail", "seen_orders": [500.0] * 7, "seen_ad_spend": [10.0] * 7}
    found = leaks(store({}, [ads, mail])).costly
    assert [one.channel for one in found] == ["ads"]
    assert found[0].leaves < 500


def test_a_month_taken_out_is_no_baseline_and_two_months_are_none():
    out = store({}).replace({"history.left_out": ["2026-01", "2026-02", "2026-03"]})
    assert len(leaks(out).baseline) == FEWEST and leaks(out).steps
    fewer = out.replace({"history.left_out": [f"2026-0{m}" for m in range(1, 5)]})
    assert leaks(fewer).steps == ()


def test_without_any_month_it_is_refused():
    with pytest.raises(InputError):
        leaks(SHOP)


def year(same_of, out_of=10_000.0, base=500.0):
    """Return a year at 5 %, of which one calendar month had another count, and a month now."""
    of = np.full(12, base)
    of[3] = same_of
    return Rate(
        of, np.full(12, out_of), np.array([400.0]), np.array([out_of]), of[3:4], np.array([out_of])
    )  # fmt: skip


def test_the_expected_rate_goes_half_of_the_way_to_the_same_month():
    # 11 · 500 + 300 = 5,800 of 120,000 = 4.8333 %; the same month 300.5 / 10,001 = 3.0047 %;
    # 4.8333 % · √(3.0047 / 4.8333) = 3.8109 %
    found = year(300.0)
    assert found.season == pytest.approx(math.sqrt((300.5 / 10_001) / (5800 / 120_000)))
    assert found.baseline == pytest.approx(0.038109, abs=1e-5)
    plain = Rate(found.base_of, found.base_out_of, found.now_of, found.now_out_of)
    assert plain.season == 1 and plain.baseline == pytest.approx(5800 / 120_000)


def test_a_month_that_is_always_weak_is_no_leak():
    # now 4 %, the year 4.83 %, the same month 3 %: season; had that month been usual, a signal
    spread, free = spread_of(np.full(12, 500.0), np.full(12, 10_000.0), 0.02)
    weak, usual = (chance_of(year(same), spread, free) for same in (300.0, 500.0))
    assert weak > 0.5 and usual < 0.01


def test_a_season_of_which_nothing_was_seen_makes_less_certain():
    # the same month at the year's rate: nothing moves but the doubt
    even = year(500.0)
    plain = Rate(even.base_of, even.base_out_of, even.now_of, even.now_out_of)
    assert chance_of(even, 0.06, 10.0) > chance_of(plain, 0.06, 10.0)


def test_a_season_that_three_months_share_is_not_averaged_away():
    # 9 months at 5 %, 3 at 4 %; now three months at 4 %: the year's 4.75 %, and half of the way to
    # the same months 4.75 · √(4 / 4.75) = 4.36 %; what is left, 8.6 %, is the other half
    of, out = np.array([500.0] * 9 + [400.0] * 3), np.full(12, 10_000.0)
    rate = Rate(of, out, of[9:], out[9:], of[9:], out[9:])
    assert rate.baseline == pytest.approx(0.0435890, abs=1e-5)
    assert rate.now / rate.baseline == pytest.approx(1 - 0.0823, abs=1e-3)
    spread, free = spread_of(of, out, 0.02)
    assert chance_of(rate, spread, free) > 0.15
    assert rate.seen_season == pytest.approx(math.log(1200.5 / 30_001 * 120_000 / 5700))


def test_a_share_stays_a_share_at_any_season():
    full = np.full(12, 9_900.0)
    out = np.full(12, 10_000.0)
    found = Rate(full, out, full[:1], out[:1], np.array([10_000.0]), out[:1])
    assert found.baseline < 1 and 0 <= chance_of(found, 0.05, 10.0) <= 1


def test_a_scenario_takes_the_same_calendar_months_where_it_has_them():
    found = leaks(engaged(), ["2026-07"])
    assert found.seasonal and all(one.rate.same_of.size == 1 for one in found.steps)
    # July 2025 is left out: no month before is the same one
    short = leaks(engaged({"history.left_out": ["2025-07"]}), ["2026-07"])
    assert not short.seasonal and len(short.baseline) == 11


def test_returns_that_doubled_are_a_leak_and_fewer_are_none():
    # 299 of 4,965 orders came back before = 6.0 %, 67 of 548 now = 12.2 %; expected now 33, error
    # of counting √(548 · 0.06 · 0.94) = 5.6: six of them, and the spread of months beside it
    before = [50.0, 49.0, 51.0, 50.0, 48.0, 51.0]
    orders = [828.0, 827.0, 828.0, 827.0, 828.0, 827.0]

    def came(now):
        return leaks(
            store(
                {},
                **{
                    "history.seen_carts": [],
                    "history.seen_cancelled": [],
                    "history.seen_orders": [*orders, 548.0],
                    "history.seen_visits": [20_000.0] * 6 + [13_240.0],
                    "history.seen_impressions": [],
                    "history.seen_gmv": [one * 30.0 for one in (*orders, 548.0)],
                    "history.seen_returned_orders": [*before, now],
                },
            )
        )

    [found] = came(67.0).broken
    assert found.step == "returned"
    assert found.rate.baseline == pytest.approx(299 / 4965)
    assert found.ratio == pytest.approx((67 / 548) / (299 / 4965))
    assert found.money > 0 and found.orders is None
    assert came(36.0).broken == () and came(5.0).broken == ()


def test_refunds_in_money_stand_for_returned_orders():
    # 600 of 20,000 of sales = 3 % of them: 20 of the month's 666.7 orders at 30 each
    money = {"history.seen_refunds": [1400.0] * 6 + [4000.0]}
    found = next(one for one in leaks(store({}, **money)).steps if one.step == "returned")
    sales = np.array(store({}).history.seen_gmv)
    orders = np.array(store({}).history.seen_orders)
    assert found.rate.now == pytest.approx(4000 / sales[-1], rel=1e-9)
    back = (1400 / sales[:6] * orders[:6]).sum()
    assert found.rate.baseline == pytest.approx(back / orders[:6].sum(), rel=1e-9)
    assert found.broken


def test_the_money_of_returns_is_the_models_with_the_return_rate_of_before():
    shop = store({}, **{"history.seen_refunds": [1400.0] * 6 + [4000.0]})
    found = next(one for one in leaks(shop).steps if one.step == "returned")
    period = as_period(shop, ["2026-07"])
    rate_now = period.store.get("fulfilment.return_rate")
    back = period.store.replace({"fulfilment.return_rate": rate_now / found.ratio})
    values = [Values(one, commission_scale=period.commission) for one in (period.store, back)]
    now, then = (
        float(np.asarray(figures(one, {"steady": ["profit"]})["profit", "steady"]).reshape(-1)[0])
        for one in values
    )
    assert found.money == pytest.approx(then - now) and found.money > 0
    # what no longer comes back stays as sales, less what the model loses on each order that does
    assert found.money < 4000


def test_more_is_worse_mirrors_less_is_worse():
    # 1 − x of a share: what is returned above is what is kept below, for the same variance
    up = Rate(
        np.full(6, 600.0), np.full(6, 10_000.0), np.array([700.0]), np.array([10_000.0]),
        rising=True,
    )  # fmt: skip
    down = Rate(up.base_of, up.base_out_of, up.now_of, up.now_out_of)
    assert chance_of(up, 0.08, 9.0) == pytest.approx(1 - chance_of(down, 0.08, 9.0), abs=1e-9)
    # 6 % before, 7 % now; √(0.06 · 0.94 · (1 / 10,000 + 1 / 60,000)) = 0.00256, no other spread
    error = math.sqrt(0.06 * 0.94 * (1 / 10_000 + 1 / 60_000))
    assert chance_of(up, 1e-9, 9.0) == pytest.approx(stats.norm.sf(0.01 / error), abs=2e-4)


def test_enough_returns_are_found_in_nine_of_ten():
    base = Rate(
        np.full(6, 600.0), np.full(6, 10_000.0), np.array([600.0]), np.array([10_000.0]),
        rising=True,
    )  # fmt: skip
    counts = enough_of(base, 0.05, 9.0, 5)
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(300):
        now = 0.06 / 0.7 * math.exp(rng.normal(0, 0.05))
        back = np.array([rng.binomial(counts, now)])
        came = Rate(base.base_of, base.base_out_of, back, np.array([counts]), rising=True)
        hits += chance_of(came, 0.05, 9.0) <= 0.01
    assert hits / 300 > 0.85
