"""Tax, commission, demand, retention: by hand, at the edges, and arrays equal loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.model import commission, demand, retention, tax
from funnel_sim.model.customer_value import lifetime_value, payback

MONEY = st.floats(0, 1e5)


class TestTax:
    def test_the_four_situations_by_hand(self):
        # 119 entered with 19 % inside: 119 · 0.19 / 1.19 = 19 is tax, 100 is left
        assert tax.factors(0.19, "seller_remits", True).output_tax * 119 == pytest.approx(19)
        kept = tax.factors(0.19, "marketplace_remits", True)
        assert (kept.gross * 119, kept.output_tax, kept.withheld * 119) == (
            pytest.approx(100),
            0,
            pytest.approx(19),
        )
        outside = tax.factors(0.08, "outside_price", False)
        assert (outside.consumer * 100, outside.gross * 100, outside.output_tax) == (
            pytest.approx(108),
            100,
            0,
        )
        assert tax.factors(0.19, "not_registered", True) == tax.TaxFactors(1.0, 1.0, 0.0, 0.0)

    @given(
        st.floats(0, 0.5),
        MONEY,
        st.sampled_from(["seller_remits", "marketplace_remits", "outside_price"]),
    )
    def test_entered_with_or_without_tax_is_the_same_money(self, rate, net, situation):
        with_tax, without = tax.factors(rate, situation, True), tax.factors(rate, situation, False)
        for name in ("consumer", "gross", "output_tax", "withheld"):
            assert getattr(with_tax, name) * net * (1 + rate) == pytest.approx(
                getattr(without, name) * net, abs=1e-6
            )

    @given(
        st.floats(0, 0.5),
        st.booleans(),
        st.sampled_from(["seller_remits", "marketplace_remits", "outside_price"]),
    )
    def test_what_the_shopper_pays_is_net_plus_tax_whoever_remits(self, rate, inside, situation):
        f = tax.factors(rate, situation, inside)
        net = f.gross - f.output_tax
        assert f.consumer == pytest.approx(net + f.output_tax + f.withheld)
        assert f.output_tax + f.withheld == pytest.approx(net * rate)


class TestCommission:
    @pytest.mark.parametrize(
        ("price", "fee"),
        # 15 % to 100, 8 % above (marginal): 100.01 -> 15 + 0.01 · 0.08
        [(0, 0), (100, 15.0), (100.01, 15.0008), (250, 15 + 150 * 0.08)],
    )
    def test_marginal(self, price, fee):
        assert float(commission.marginal(price, [100.0], [0.15, 0.08])) == pytest.approx(fee)

    @pytest.mark.parametrize(
        ("price", "fee"),
        # Amazon US clothing: 5 % to 15, 10 % to 20, 17 % above; the whole price is re-rated
        [(14.99, 0.7495), (15, 0.75), (15.01, 1.501), (20, 2.0), (20.01, 3.4017)],
    )
    def test_whole_amount(self, price, fee):
        got = commission.percentage(price, "whole", [15.0, 20.0], [0.05, 0.10, 0.17], 0.0, None)
        assert float(got) == pytest.approx(fee)

    @pytest.mark.parametrize(("price", "fee"), [(1, 0.30), (2, 0.30), (2.01, 0.3015), (100, 12.0)])
    def test_minimum_then_cap(self, price, fee):
        assert float(commission.percentage(price, "flat", [], [0.15], 0.30, 12.0)) == pytest.approx(
            fee
        )

    @pytest.mark.parametrize(("price", "fixed"), [(10.0, 0.30), (10.01, 0.40)])
    def test_fixed_fee_by_price_band(self, price, fixed):
        assert float(commission.step(price, [10.0], [0.30, 0.40])) == fixed

    def test_kept_on_a_refund(self):
        # Amazon US: the lesser of 5.00 and 20 % of the fee
        assert [
            float(commission.kept_on_refund(fee, 0.2, 5.0)) for fee in (4.50, 25.0, 30.0)
        ] == pytest.approx([0.9, 5.0, 5.0])

    @given(
        st.lists(st.floats(0, 500), min_size=1, max_size=20),
        st.sampled_from(["flat", "marginal", "whole"]),
    )
    def test_array_equals_loop(self, prices, mode):
        bounds, rates = ([], [0.12]) if mode == "flat" else ([50.0, 200.0], [0.2, 0.1, 0.05])
        together = commission.percentage(np.array(prices), mode, bounds, rates, 1.0, 30.0)
        assert together.tolist() == [
            float(commission.percentage(p, mode, bounds, rates, 1.0, 30.0)) for p in prices
        ]

    @given(st.floats(0, 1000), st.floats(0, 1000))
    def test_marginal_fee_never_falls_with_the_price(self, a, b):
        low, high = sorted((a, b))
        assert (
            commission.marginal(low, [50.0], [0.2, 0.05])
            <= commission.marginal(high, [50.0], [0.2, 0.05]) + 1e-12
        )


class TestDemand:
    def test_cpc_by_hand(self):
        # 1,000 / 0.50 = 2,000 clicks; CTR 1 % -> 200,000 impressions
        flow = demand.traffic(
            "cpc",
            budget=1000.0,
            price=0.5,
            elasticity=0.0,
            reference=1.0,
            impressions=0.0,
            ctr=0.01,
        )
        assert (float(flow.spend), float(flow.clicks), float(flow.impressions)) == (
            1000,
            2000,
            200_000,
        )

    def test_cpm_by_hand(self):
        # 1,000 · 1000 / 8 = 125,000 impressions; CTR 2 % -> 2,500 clicks
        flow = demand.traffic(
            "cpm",
            budget=1000.0,
            price=8.0,
            elasticity=0.0,
            reference=1.0,
            impressions=0.0,
            ctr=0.02,
        )
        assert (float(flow.impressions), float(flow.clicks)) == (125_000, 2500)

    def test_diminishing_returns_by_hand(self):
        # price at 4 × the reference budget with elasticity 0.5: 1 · 4^0.5 = 2, so 4,000 buys 2,000
        assert float(demand.bought(4000.0, 1.0, 0.5, 1000.0)) == pytest.approx(2000)
        assert float(demand.bought(0.0, 1.0, 0.5, 1000.0)) == 0

    @given(st.floats(1, 1e5), st.floats(1, 1e5), st.floats(0, 0.9))
    def test_more_budget_buys_more_but_never_more_than_in_proportion(self, a, b, elasticity):
        low, high = sorted((a, b))
        least, most = (float(demand.bought(x, 1.0, elasticity, 500.0)) for x in (low, high))
        assert least <= most * (1 + 1e-9)
        assert most <= least * high / low * (1 + 1e-9)

    def test_steps_by_hand(self):
        # 1,000 clicks · 0.8 · 0.1 · 0.5 · 0.9 = 36 paid orders; 80 carts
        steps = demand.convert(np.array([1000.0]), demand.Rates(0.8, None, 0.1, 0.5, 0.9), 1.0, 1.0)
        assert (steps.visits[0], steps.carts[0], steps.orders[0]) == (800, 80, pytest.approx(36))

    def test_no_rate_exceeds_one(self):
        steps = demand.convert(np.array([100.0]), demand.Rates(1.0, 0.8, None, None, 1.0), 2.0, 2.0)
        assert steps.orders[0] == 100

    def test_ramp_by_hand(self):
        # starts at 40 %, mature after 3 months: 0.4, 0.6, 0.8, 1, 1
        month = np.arange(1.0, 6.0).reshape(-1, 1)
        assert demand.ramp(0.4, 3.0, month).ravel() == pytest.approx([0.4, 0.6, 0.8, 1, 1])
        assert demand.ramp(0.4, 0.0, month).ravel() == pytest.approx([1] * 5)


class TestRetention:
    def test_a_month_without_goods_has_no_referred_customers_either(self):
        """100 a month, half of them back a month later, one new customer for each ten orders;
        nothing can be delivered in month 2.

        Month 2: 0 of 50 repeat and 0 of 10 referred: 100 new. Month 3: the 100 of month 2 order 50
        again, and their 100 orders refer 10: 110 new.
        """
        new, repeat = retention.cohorts(
            np.full((3, 1), 100.0), [1.0, 0.5, 0.0], 0.1, later=np.array([[1.0], [0.0], [1.0]])
        )
        assert new.ravel().tolist() == [100.0, 100.0, 110.0]
        assert repeat.ravel().tolist() == [0.0, 0.0, 50.0]

    def test_repeat_orders_by_hand(self):
        # 100 new each month, g = 1, 0.5, 0.25: month 3 repeats 100 · 0.5 + 100 · 0.25 = 75
        new, repeat = retention.cohorts(np.full((3, 1), 100.0), [1.0, 0.5, 0.25, 0.125], 0.0)
        assert new.ravel().tolist() == [100, 100, 100]
        assert repeat.ravel().tolist() == [0, 50, 75]

    def test_referral_by_hand(self):
        # month 2: 100 + 0.1 · 100 = 110 new; repeats 100 · 0.5 = 50; month 3: 100 + 0.1 · 160 = 116
        # new
        new, _ = retention.cohorts(np.full((3, 1), 100.0), [1.0, 0.5, 0.0, 0.0], 0.1)
        assert new.ravel().tolist() == [100, 110, 116]

    @pytest.mark.parametrize("referral", [0.0, 0.1, np.array([0.0, 0.1, 0.2])])
    @pytest.mark.parametrize("wide", ["acquired", "ages", "later", "count", "before", "nothing"])
    def test_cohorts_have_as_many_paths_as_anything_given(self, wide, referral):
        """Whatever has three paths and whatever has one: the same as if all had three."""

        def given(name, value):
            return np.broadcast_to(value, (*np.shape(value)[:-1], 3 if name == wide else 1))

        def count(source, month, expected):
            luck = given("count", np.full((3, 1), 2.0)) + (0 if source == "repeat" else 1)
            return expected + (luck if month is None else luck[month])

        acquired, ages = np.full((3, 1), 100.0), [1.0, np.full(1, 0.5), np.full(1, 0.25)]
        before = retention.Before(
            given("before", np.full(1, 80.0)),
            given("before", np.full(1, 90.0)),
            [given("before", np.full(1, 9.0))] * 3,
        )
        more = {"later": given("later", np.full((3, 1), 0.9)), "count": count, "before": before}
        new, repeat = retention.cohorts(
            given("acquired", acquired),
            [1.0, *(given("ages", age) for age in ages[1:])],
            referral,
            **more,
        )
        every = retention.Before(np.full(3, 80.0), np.full(3, 90.0), [np.full(3, 9.0)] * 3)
        full = {
            "later": np.full((3, 3), 0.9),
            "count": lambda source, month, expected: (
                expected + (2.0 if source == "repeat" else 3.0)
            ),
            "before": every,
        }
        wanted = retention.cohorts(
            np.full((3, 3), 100.0), [1.0, np.full(3, 0.5), np.full(3, 0.25)], referral, **full
        )
        for one, other in zip((new, repeat), wanted, strict=True):
            assert one.shape[0] == 3
            assert (np.broadcast_to(one, (3, 3)) == other).all()

    @given(st.floats(0, 0.8), st.floats(0, 0.15), st.sampled_from([1, 2, 3]))
    def test_the_months_settle_at_the_steady_state(self, p, q, interval):
        months = 600
        new, repeat = retention.cohorts(
            np.full((months, 1), 10.0), retention.geometric(p, interval, months), q
        )
        steady_new, steady_repeat = retention.steady(np.array([[10.0]]), p, q)
        assert new[-1, 0] == pytest.approx(steady_new[0, 0], rel=1e-6)
        assert repeat[-1, 0] == pytest.approx(steady_repeat[0, 0], rel=1e-6, abs=1e-9)

    def test_lifetime_value_by_hand(self):
        # 20 an order, bought again with 0.5 each month; three months are the first and the two
        # after: 20 · (1 + 0.5 + 0.25) = 35 (model 3; 2 counted three before)
        assert lifetime_value(20.0, retention.geometric(0.5, 1, 3), 0.0, True) == 35
        assert lifetime_value(20.0, retention.geometric(0.5, 1, 3), 0.0, False) == 15
        # one order 12 months later at 10 % a year: 20 / 1.1
        assert lifetime_value(20.0, [0.0] * 12 + [1.0], 0.1, True) == pytest.approx(20 / 1.1)

    def test_payback(self):
        # by the end of month n, the first being that of the first order: 20 · (1 − 0.5^n); 19.9
        # needs 0.5^n ≤ 0.005, so n = 8; 20 is never reached
        # (model 3 counts months from 1, as the plan does; 2 counted from 0)
        ages = retention.geometric(0.5, 1, 12)
        costs = (10.0, 10.01, 15.0, 19.9, 20.0, None)
        assert [payback(10.0, ages, cost) for cost in costs] == [1, 2, 2, 8, None, None]


@pytest.mark.parametrize(
    ("cost", "month"),
    [(10.0, 1), (10.5, 2), (15.0, 2), (15.5, 3), (20.0, 3), (20.5, None), (None, None)],
)
def test_payback_is_the_first_month_that_covers_the_cost(cost, month):
    """At 10 an order, after 1, 0.5 and 0.5 orders: 10, 15 and 20 have come in."""
    assert payback(10.0, [1.0, 0.5, 0.5], cost) == month
