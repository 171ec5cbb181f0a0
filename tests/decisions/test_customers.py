"""CAC against LTV: definitions by hand, the budget beyond which the next customer does not pay, and
fits carried into the simulation.
"""

import datetime as dt
import json
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from funnel_sim.chance.simulation import simulate
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.customer.budget_curve import budget_curve
from funnel_sim.decisions.customer.contribution import cohort_orders, contribution
from funnel_sim.decisions.customer.fitted import (
    Fitted,
    backtest,
    fit_transactions,
    order_gap,
    with_fit,
)
from funnel_sim.decisions.customer.gains import gains
from funnel_sim.decisions.customer.worth import customer_worth, wide_prior
from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.fits import Fit
from funnel_sim.evidence.orders.transactions import transactions
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.model import retention
from funnel_sim.model.economics import evaluate
from funnel_sim.output.json.customer import worth_json
from funnel_sim.reference import studies
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral
from tests.evidence import cdnow


def test_without_orders_there_is_no_ltv_and_the_budget_says_none():
    """Ads whose visitors never buy: no customer, no LTV to hold the next one's cost against, and no
    budget up to which one pays.
    """
    nobody = store(channel_cvr=0.0).replace(
        {"channels.orders.impressions": 0.0, "channels.creators.impressions": 0.0}
    )
    assert evaluate(nobody).steady["ltv"] is None
    found = budget_curve(nobody)
    assert found is not None and found.ltv is None and found.last_worth is None
    told = worth_json(customer_worth(nobody, 256), found, None)
    assert told["budget"]["ltv"] is None and told["no_figure"]["ltv"] == "Paid orders = 0"
    json.dumps(told, allow_nan=False)


def test_an_ltv_without_end_says_why_it_is_none():
    """Renewals by sBG with α ≤ 1 and no discount: the later orders add up without end (Fader and
    Hardie 2007).
    """
    endless = store().replace(
        {"customers.retention": "sbg", "customers.sbg_alpha": 0.5, "customers.sbg_beta": 2.0}
    )
    told = worth_json(customer_worth(endless, 256), None, None)
    assert (
        told["ltv"]["without_horizon"] is None
        and "have no finite total" in told["no_figure"]["ltv_unlimited"]
    )
    assert set(told["no_figure"]) == {"ltv_unlimited"}


def store(**ads):
    """Return a store with 100 free orders a month and ads: 500 a month at 1 a click, 10 %
    conversion: 50 customers.
    """
    base = neutral({"product.unit_cost": 60.0, "fixed.operator_monthly": 300.0})
    paid = {"id": "ads", "kind": "cpc", "budget": 500.0, "cpc": 1.0, "channel_cvr": 0.1} | ads
    share = {
        "id": "creators",
        "kind": "share",
        "impressions": 1000.0,
        "ctr": 0.1,
        "channel_cvr": 0.2,
        "affiliate_rate": 0.15,
    }
    return base.read(base.plain() | {"channels": [*base.plain()["channels"], paid, share]})


def test_three_definitions_of_cac_by_hand():
    """Ads 500 for 50; creators 20 orders at 15 % of 100 = 300; 170 new customers; operator 300: 10,
    800/170, 1100/170; creators 15 each.
    """
    found = customer_worth(store(), paths=256).acquisition
    assert (found.paid, found.blended, found.loaded) == (
        pytest.approx(10),
        pytest.approx(800 / 170),
        pytest.approx(1100 / 170),
    )
    assert found.by_channel == {"ads": pytest.approx(10), "creators": pytest.approx(15)}


def test_a_channels_cac_bears_the_tax_on_fees_that_cannot_be_recovered():
    """500 for 50 customers with 20 % of tax on the invoice of the ads: 600 / 50 = 12, as the CAC of
    all ads.
    """
    scenario = store()
    found = customer_worth(scenario.replace({"tax.tax_on_fees": 0.2}), paths=256).acquisition
    assert found.by_channel["ads"] == pytest.approx(12) == found.paid


def test_the_odds_of_a_customer_who_does_not_pay():
    """CAC = 10 · CPC; a customer brings 40 (100 less 60), once: LTV : CAC below 1 from a CPC of 4
    on, below 3 from 4/3 on.
    """
    found = customer_worth(store(cpc={"dist": "uniform", "low": 1.0, "high": 5.0}), paths=4096)
    assert found.below_one.value == pytest.approx(0.25, abs=0.002)
    assert found.below_three.value == pytest.approx((5 - 4 / 3) / 4, abs=0.002)
    assert found.ltv.mean.value == pytest.approx(40) and found.ltv.sd.value == pytest.approx(0)


def test_the_last_budget_worth_spending_by_hand():
    """Clicks b^0.5 · 500^0.5 at elasticity 0.5; customers 0.1 · that; the next one costs 20 ·
    (b/500)^0.5: 40 at b = 2,000.
    """
    curve = budget_curve(store(elasticity=0.5, reference_budget=500.0))
    assert curve.now == 500 and curve.ltv == pytest.approx(40)
    assert curve.last_worth == pytest.approx(2000, rel=0.01)
    here = int(np.argmin(np.abs(curve.budgets - 500)))
    assert curve.marginal[here] == pytest.approx(20 * (curve.budgets[here] / 500) ** 0.5, rel=0.01)
    assert curve.cac[here] == pytest.approx(10 * (curve.budgets[here] / 500) ** 0.5, rel=1e-9)


def test_without_diminishing_returns_every_budget_pays_and_without_ads_there_is_none():
    assert budget_curve(store()).last_worth is None
    assert budget_curve(neutral()) is None


@pytest.fixture(scope="module")
def fitted():
    rows = pd.read_csv(
        cdnow.DATA,
        sep=r"\s+",
        header=None,
        names=["master", "customer", "date", "cds", "amount"],
        dtype=str,
    )
    table = read_table(
        rows[["customer", "date", "amount"]].to_csv(index=False).encode(), "cdnow.csv"
    )
    return fit_transactions(transactions(table, dt.date(1997, 9, 30)))


def test_the_fit_in_months_is_the_published_one_in_weeks(fitted):
    """r, a, b have no unit: 0.243, 0.793, 2.426; α is 4.414 weeks, 4.414 · 12 · 7 / 365 months."""
    assert [round(fitted.pace[name], 3) for name in ("r", "a", "b")] == [0.243, 0.793, 2.426]
    assert fitted.pace["alpha"] == pytest.approx(4.414 * 12 * 7 / 365, rel=1e-3)
    assert fitted.spending is not None


@pytest.mark.parametrize(("shared", "rank"), [(0.0210, 0.020), (0.0209, None), (-0.0210, -0.020)])
def test_parameters_of_a_fit_are_linked_from_a_rank_correlation_of_two_hundredths(shared, rank):
    """6/π · asin(0.0210/2) = 0.02005, cut to 0.020, which counts; 0.0209 gives 0.01996, cut to
    0.019, which does not. The errors are 0.1 and 0.2, so the covariance is 0.02 times the
    correlation.
    """
    covariance = np.diag([0.01, 0.04, 1.0, 1.0])
    covariance[0, 1] = covariance[1, 0] = shared * 0.1 * 0.2
    pace = Fit(("r", "alpha", "a", "b"), (0.2, 1.0, 0.8, 2.4), covariance, 0.0, 1000)
    found = Fitted(pace, None, None, dt.date(2026, 1, 1), 50.0, None, None).correlations()
    linked = [{"a": "customers.bgnbd_r", "b": "customers.bgnbd_alpha", "rank": rank}]
    assert found == ([] if rank is None else linked)


def test_the_fit_reaches_the_months_and_its_error_the_interval(fitted):
    scenario = with_fit(
        neutral({"plan.horizon_months": 13, "customers.ltv_horizon": 13}), fitted
    )  # the first month and the 12 after it
    result = evaluate(scenario)
    upto = float(retention.expected_orders(12.0, *fitted.pace.values))
    assert result.monthly["repeat_orders"][-1] == pytest.approx(100 * upto, rel=1e-9)
    drawn = simulate(scenario, ["ltv"], keep_inputs=True)
    logs = np.log([drawn.inputs[f"customers.bgnbd_{name}"] for name in fitted.pace.names])
    assert logs.std(axis=1) == pytest.approx(list(fitted.pace.errors.values()), rel=0.01)
    wished = fitted.pace.covariance / np.outer(*[list(fitted.pace.errors.values())] * 2)
    assert np.corrcoef(logs) == pytest.approx(
        wished, abs=0.02
    )  # as the parameters hang together in the fit
    independent = fitted.pace.draws(20_000, np.random.default_rng(3))
    worth, error = fitted.repeat_worth()
    values = worth * np.exp(
        np.random.default_rng(4).normal(0, error, 2000)
    )  # what a repeat order is worth, beside how often it comes
    exact = np.std(
        [
            100 * (1 + v * float(retention.expected_orders(12.0, *p)))
            for v, p in zip(values, independent.T[:2000], strict=True)
        ]
    )
    assert drawn.of("ltv").std() == pytest.approx(exact, rel=0.08)


def test_a_backtest_on_cdnow_misses_by_less_than_a_tenth():
    """Fitted on the first 39 weeks; the next 39 brought 1,882 orders.

    The season is the US online index of the priors (2013-2018), not CDNOW's own.
    """
    rows = pd.read_csv(
        cdnow.DATA,
        sep=r"\s+",
        header=None,
        names=["master", "customer", "date", "cds", "amount"],
        dtype=str,
    )
    table = read_table(
        rows[["customer", "date", "amount"]].to_csv(index=False).encode(), "cdnow.csv"
    )
    every = [
        studies.prior("seasonality", f"month_{m:02d}", "US; online").typical for m in range(1, 13)
    ]
    season = [value / (sum(every) / 12) for value in every]
    found = backtest(transactions(table, dt.date(1998, 6, 30)), 39, season)
    assert found.actual == 1882
    assert abs(found.miss) < 0.10
    assert found.without_season / found.actual - 1 == pytest.approx(-0.12, abs=0.01)
    flat = backtest(transactions(table, dt.date(1998, 6, 30)), 39, [1.0] * 12)
    assert flat.expected == pytest.approx(flat.without_season)


def test_too_few_customers_leave_the_scenario_alone():
    table = read_table(b"customer,date,amount\nAnn,2026-01-05,3\nBob,2026-01-06,4\n", "few.csv")
    with pytest.raises(InputError, match="at least 50"):
        fit_transactions(transactions(table, dt.date(2026, 3, 1)), "few.csv")


def test_all_one_time_buyers_are_said():
    rows = "customer,date,amount\n" + "".join(
        f"c{i},2026-01-{1 + i % 28:02d},10\n" for i in range(200)
    )
    with pytest.raises(InputError, match="bought again"):
        fit_transactions(transactions(read_table(rows.encode(), "once.csv"), dt.date(2026, 3, 1)))


def test_presets_have_a_worth():
    found = customer_worth(preset("shopify-us-beauty"), paths=512)
    assert found.ltv.mean.value > 0 and 0 <= found.below_one.value <= found.below_three.value <= 1


def test_what_a_point_of_repurchase_is_worth_by_hand():
    """100 customers a month bring 40 an order; p from 0 to 1 %: repeat orders 100 · 0.01/0.99 =
    1.0101, profit + 40.404; LTV + 40 · 0.0101 over 12 months, ages 0 … 11.
    """
    scenario = neutral({"product.unit_cost": 60.0})
    found = {one.key: one for one in gains(scenario)}
    assert found["repeat"].profit == pytest.approx(40 * 100 * 0.01 / 0.99)
    assert found["repeat"].ltv == pytest.approx(40 * sum(0.01**k for k in range(1, 12)))
    assert found["referral"].profit == pytest.approx(40 * 100 * (1 / 0.99 - 1))
    assert found["sends.orders"].profit == pytest.approx(40 * 1000)


def test_the_way_to_payback_by_hand():
    """CAC 10; a customer brings 40 with the first order, 20 and 10 after: paid back at once in
    every draw; 40, 60, 70 by the end of months 1, 2, 3 (model 3: three months are three columns).
    """
    scenario = store().replace(
        {
            "customers.retention": "table",
            "customers.age_orders": [0.5, 0.25],
            "customers.ltv_horizon": 3,
        }
    )
    found = contribution(scenario)
    assert found.cumulative[1] == pytest.approx(
        [40, 60, 70]
    ) and found.cac.tolist() == pytest.approx([10, 10, 10])
    assert found.paid_back.tolist() == [1.0, 1.0, 1.0]
    dear = contribution(
        scenario.replace({"channels.ads.cpc": {"dist": "uniform", "low": 3.0, "high": 8.0}})
    )
    assert dear.paid_back == pytest.approx([0.2, 0.6, 0.8], abs=0.002)  # CAC uniform 30–80
    assert contribution(neutral()) is None


def test_the_way_to_payback_takes_little_memory():
    """120 months of 16,384 futures are 15.7 MB of numbers once; block by block there is room for
    no more than three times that (all at once took four times).
    """
    scenario = store().replace(
        {
            "customers.retention": "bgnbd",
            "customers.bgnbd_r": {"dist": "uniform", "low": 0.2, "high": 0.4},
            "customers.bgnbd_alpha": 3.0,
            "customers.bgnbd_a": 0.8,
            "customers.bgnbd_b": 2.5,
            "customers.ltv_horizon": 120,
        }
    )
    tracemalloc.start()
    try:
        contribution(scenario, 16_384)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * 120 * 16_384 * 8


def test_cohorts_add_up_to_the_months():
    scenario = preset("shopify-us-beauty").replace({"customers.referral": 0.0})
    result = evaluate(scenario)
    assert np.nansum(cohort_orders(scenario, result), axis=0) == pytest.approx(
        result.monthly["paid_orders"]
    )


def test_what_a_repeat_order_is_worth_scales_the_ltv_and_not_the_months():
    """Contribution 40 an order; half buy again a month later, a quarter in the second; three
    months: 40 · (1 + 1.5 · 0.75) = 85 instead of 70.
    """
    base = neutral(
        {"product.unit_cost": 60.0, "customers.repeat_probability": 0.5, "customers.ltv_horizon": 3}
    )
    more = base.replace({"customers.repeat_order_value": 1.5})
    assert evaluate(base).steady["ltv"] == pytest.approx(70)
    assert evaluate(more).steady["ltv"] == pytest.approx(85)
    assert evaluate(more).steady["profit"] == evaluate(base).steady["profit"]
    assert (
        float(simulate(more, [], steady=["ltv"], paths=256).of("ltv", "steady")[0])
        == evaluate(more).steady["ltv"]
    )


def test_the_mean_of_all_repeat_orders_enters_the_scenario_as_their_worth(fitted):
    """CDNOW's first 39 weeks: 2,457 repeat orders of 38.767 on average, 35.918 an order; customers
    drawn again with replacement differ as the error says.
    """
    worth, error = fitted.repeat_worth()
    assert worth == pytest.approx(
        38.76672 / 35.91812, rel=1e-6
    ) and fitted.average == pytest.approx(35.91812, rel=1e-6)
    p, q, gamma = fitted.spending.values
    assert p * gamma / (q - 1) == pytest.approx(
        35.14, abs=0.01
    )  # a mean over customers: as if who orders often spent like who orders rarely
    rows = pd.read_csv(
        cdnow.DATA,
        sep=r"\s+",
        header=None,
        names=["master", "customer", "date", "cds", "amount"],
        dtype=str,
    )
    orders = transactions(
        read_table(rows[["customer", "date", "amount"]].to_csv(index=False).encode(), "cdnow.csv"),
        dt.date(1997, 9, 30),
    ).orders
    again = orders.day > orders.groupby("customer").day.transform("min")
    each = (
        pd.DataFrame(
            {
                "who": orders.customer,
                "a": orders.amount * again,
                "b": again * 1.0,
                "c": orders.amount,
                "d": 1.0,
            }
        )
        .groupby("who")
        .sum()
        .to_numpy()
    )
    drawn = (
        np.random.default_rng(5).multinomial(len(each), [1 / len(each)] * len(each), size=2000)
        @ each
    )
    assert error == pytest.approx(
        np.log(drawn[:, 0] / drawn[:, 1] / drawn[:, 2] * drawn[:, 3]).std(), rel=0.06
    )
    assert with_fit(neutral(), fitted).customers.repeat_order_value.median == pytest.approx(worth)


def test_the_odds_are_those_of_the_steady_month_as_the_payback_is():
    """In a store that starts at a tenth of its conversion the horizon's CAC is higher; the ratio
    shown is that of the steady month.
    """
    young = store(cpc={"dist": "uniform", "low": 3.0, "high": 3.5}).replace(
        {"plan.ramp_start": 0.1, "plan.ramp_months": 11}
    )
    found = customer_worth(young, paths=1024)
    assert found.below_one.value == 0.0 and found.ratio.quantiles[0.05].value > 40 / 35 - 0.01
    assert simulate(young, ["ltv_cac"], paths=1024).of("ltv_cac").max() < 1


def test_the_wide_prior_is_as_wide_as_stores_differ():
    """Benchmarks of repurchase: 9.9 % to 65.2 %, median 27.1 %; around 3 %: 1.096 % to 7.218 %."""
    wide = wide_prior(neutral({"customers.repeat_probability": 0.03})).customers.repeat_probability
    assert (wide.low, wide.likely, wide.high, wide.meaning) == (
        pytest.approx(0.03 * 0.099 / 0.271),
        0.03,
        pytest.approx(0.03 * 0.652 / 0.271),
        "p80",
    )
    assert (
        wide_prior(neutral()) is None
        and wide_prior(neutral({"customers.repeat_probability": wide})) is None
    )


def test_a_file_whose_mean_order_is_not_the_scenarios_by_hand():
    """Order 100 of 2 units at 50, unit cost 20, 10 an order: margin 50.

    At 40 an order: 0.8 units, 40 − 16 − 10 = 14, so the LTV is 50/14 − 1 too high.
    """
    changes = {
        "product.price": 50.0,
        "product.units_per_order": 2.0,
        "product.unit_cost": 20.0,
        "fulfilment.fulfilment_per_order": 10.0,
    }
    result = evaluate(neutral(changes))
    found = order_gap(result, 40.0)
    assert (found.of_file, found.of_scenario) == (40.0, pytest.approx(100))
    assert (found.margin, found.margin_there) == (pytest.approx(50), pytest.approx(14))
    assert found.too_high == pytest.approx(50 / 14 - 1)
    assert order_gap(result, 150.0).too_high == pytest.approx(50 / 80 - 1)
    assert order_gap(result, 15.0).too_high is None  # 0.3 units: 15 − 6 − 10 brings nothing
    assert order_gap(result, 91.0) is None and order_gap(result, 109.0) is None


def test_shipping_charged_stays_as_units_follow_the_mean_order():
    """An order of 100 of which 10 are shipping, no cost: at 55 the goods are 45, and all of it is
    margin.
    """
    assert order_gap(
        evaluate(neutral({"product.price": 90.0, "product.shipping_charged": 10.0})), 55.0
    ).margin_there == pytest.approx(55)


def test_the_fit_says_who_buys_again_and_what_was_seen(fitted):
    """CDNOW: 946 of 2,357 bought again in the first 39 weeks, 2,457 orders; within 12 months 1 − (α
    / (α + 12))^r.
    """
    r, alpha = fitted.pace["r"], fitted.pace["alpha"]
    assert fitted.again_within(12) == pytest.approx(1 - (alpha / (alpha + 12)) ** r)
    assert fitted.seen.again == pytest.approx(946 / 2357) and fitted.seen.repeats == 2457
    assert fitted.seen.again_expected == pytest.approx(fitted.seen.again, abs=0.01)
    assert (
        fitted.seen.repeats_expected == pytest.approx(2457, rel=0.02)
        and 7 < fitted.seen.months < 39 * 7 * 12 / 365
    )


def test_a_step_into_growth_without_end_is_not_worth_a_figure():
    """At 99 % a point of referral makes 0.01 / (1 − 0.99) = 1 (a hair below it in floating point):
    refused, as a point of repurchase is.
    """
    found = {
        one.key: one
        for one in gains(neutral({"product.unit_cost": 60.0, "customers.repeat_probability": 0.99}))
    }
    assert found["referral"].endless and found["referral"].profit is None
    assert found["repeat"].endless and found["repeat"].ltv is None
    near = {
        one.key: one
        for one in gains(
            neutral({"product.unit_cost": 60.0, "customers.repeat_probability": 0.975})
        )
    }
    assert not near["repeat"].endless and near["repeat"].profit == pytest.approx(
        4000 * (1 / 0.015 - 1 / 0.025)
    )  # 67 orders each: told
    beyond = {
        one.key: one
        for one in gains(
            neutral({"product.unit_cost": 60.0, "customers.repeat_probability": 0.985})
        )
    }
    assert (
        beyond["repeat"].endless and not beyond["sends.orders"].endless
    )  # 1 / (1 − 0.995) = 200 orders each
    table = {
        "customers.retention": "table",
        "customers.age_orders": [9.0] * 11,
        "customers.referral": 0.005,
    }
    assert {one.key: one.endless for one in gains(neutral(table))}[
        "referral"
    ]  # 100 orders a customer, 1.5 of them another


def test_the_odds_of_the_ratio_and_of_payback_come_from_the_same_draws():
    """LTV of contribution margin 2, not discounted, with the first order: a customer either reaches
    its cost or the ratio is below 1.
    """
    scenario = preset("shopify-us-beauty")
    assert (
        scenario.customers.ltv_basis,
        scenario.customers.ltv_discount,
        scenario.customers.ltv_first_order,
    ) == ("cm2", 0.0, True)
    assert contribution(scenario).paid_back[-1] + customer_worth(
        scenario, LIVE
    ).below_one.value == pytest.approx(1, abs=1e-12)


def test_the_cost_drawn_is_the_one_that_is_told():
    """The line of a customer's cost stands at the stated CAC, its band is that of the ranges: the
    median of a skewed range is another number.
    """
    from funnel_sim.decisions.customer.contribution import contribution
    from funnel_sim.output.charts.customers import data_payback

    scenario = preset("tiktok-us-beauty")
    found = contribution(scenario, 1024)
    stated = evaluate(scenario).steady["cac"]
    assert found.stated == stated != found.cac[1]
    frame = data_payback(found, scenario.currency, "en")
    assert set(frame["cost_middle"].dropna()) == {stated}
    assert found.cac[0] < stated < found.cac[2]


@pytest.mark.slow
def test_a_backtest_takes_the_season_of_repeat_orders_and_not_of_first_ones():
    """CDNOW's 39 weeks of 1997 that are fitted end in September, the next 39 in June: only July to
    September are of the first alone. At an index of a half in these and 1 elsewhere, each repeat
    order of theirs counts twice, so that what is expected grows by their share of repeat orders;
    first orders, which all fall in January to March, count for nothing.
    """
    rows = pd.read_csv(
        cdnow.DATA,
        sep=r"\s+",
        header=None,
        names=["master", "customer", "date", "cds", "amount"],
        dtype=str,
    )
    day = pd.to_datetime(rows["date"], format="%Y%m%d")
    first = day.groupby(rows["customer"]).transform("min")
    end = day.min() + pd.Timedelta(weeks=39)
    # two rows of one customer on one day are one order
    again = pd.DataFrame({"who": rows["customer"], "day": day})[(day > first) & (day < end)]
    again = again.drop_duplicates()
    share = again["day"].dt.month.between(7, 9).mean()
    table = read_table(
        rows[["customer", "date", "amount"]].to_csv(index=False).encode(), "cdnow.csv"
    )
    season = [1.0] * 6 + [0.5] * 3 + [1.0] * 3
    found = backtest(transactions(table, dt.date(1998, 6, 30)), 39, season)
    assert 0.2 < share < 0.5
    assert found.expected == pytest.approx(found.without_season * (1 + share), rel=1e-9)
    assert found.miss == pytest.approx(found.expected / 1882 - 1)
