"""Two periods on equal footing, and the plan's own fees by month as parts of a change."""

import pytest

from funnel_sim.decisions.review.actuals import actual_ledger
from funnel_sim.decisions.review.alike import on_one_footing
from funnel_sim.decisions.review.month_drivers import between_months
from funnel_sim.scenario.presets import preset

SERIES = {
    "gmv": [80_000.0, 82_000.0, 90_000.0, 99_000.0],
    "orders": [2300.0, 2350.0, 2500.0, 2700.0],
    "units": [2500.0, 2600.0, 2750.0, 3000.0],
    "visits": [19_000.0, 19_500.0, 19_800.0, 20_000.0],
    "ad_spend": [8500.0, 8600.0, 9000.0, 9500.0],
    "clicks": [8000.0, 8100.0, 8500.0, 9000.0],
    "refunds": [None, None, 4500.0, 5940.0],
}


def shop(**changes):
    series = SERIES | changes
    return preset("amazon-us-kitchen").replace(
        {
            "history.first_month": "2026-07",
            "history.engagement_from": "2026-09",
            **{f"history.seen_{name}": values for name, values in series.items()},
        }
    )


def test_refunds_of_one_period_stand_in_the_other_at_the_same_ratio():
    # 5940 / 99,000 = 6 % in October; August 6 % of 82,000 = 4920
    even, figures = on_one_footing(shop(), ["2026-08"], ["2026-10"])
    assert figures == ("refunds",)
    assert even.history.of("refunds", ["2026-08", "2026-10"]) == pytest.approx([4920.0, 5940.0])
    assert on_one_footing(shop(), ["2026-09"], ["2026-10"]) == (shop(), ())  # both measured
    assert on_one_footing(shop(), ["2026-07"], ["2026-08"]) == (shop(), ())  # neither


def test_what_one_period_measured_is_no_part_and_its_profit_is_one_figure():
    store = shop()
    for first in (["2026-08"], ["2026-09"]):  # without refunds, and with them
        found = between_months(store, first, ["2026-10"], ["profit"])["profit"]
        names = {part.driver.id for part in found.parts}
        assert ("returns" in names) == (first == ["2026-09"])
        assert ("alike.refunds" in found.assumed) == (first == ["2026-08"])
        came = actual_ledger(store, ["2026-10"]).month("profit")[0]
        assert found.after == pytest.approx(came, rel=1e-12)
        assert sum(part.amount for part in found.parts) == pytest.approx(found.change)


def test_the_plans_storage_of_the_peak_is_named_and_no_unexplained_rest():
    # from October on the plan's storage and delivery cost more: that is known, month by month
    store = shop()
    found = between_months(store, ["2026-09"], ["2026-10"], ["profit", "gmv"])
    parts = {part.driver.id: part.amount for part in found["profit"].parts}
    each = [actual_ledger(store, [month]).month("storage")[0] for month in ("2026-09", "2026-10")]
    assert parts["plan_storage"] < 0.5 * (each[1] - each[0]) < 0
    assert abs(parts.get("rest", 0.0)) < 0.05 * abs(parts["plan_storage"])
    assert not {"plan_storage", "plan_delivery"} & {one.driver.id for one in found["gmv"].parts}
    typed = shop(logistics=[9000.0, 9100.0, 9900.0, 11_000.0])
    found = between_months(typed, ["2026-09"], ["2026-10"], ["profit"])["profit"]
    assert not {"plan_storage", "plan_delivery"} & {one.driver.id for one in found.parts}


COMMISSION = [None, None, None, 17_000.0]


def test_commission_of_one_period_stands_in_the_other_at_the_same_multiple_of_the_forms_rates():
    """What October measured, 17,000, is a multiple of what the form's rates make of it; August,
    without any, stands at that multiple: no part of the change is made of a rate that only one
    month measured.
    """
    store = shop(commission=COMMISSION)
    filled = on_one_footing(shop(), ["2026-08"], ["2026-10"])[0]  # refunds alone
    form = [
        -actual_ledger(filled, [month]).month("commission")[0] for month in ("2026-08", "2026-10")
    ]
    even, figures = on_one_footing(store, ["2026-08"], ["2026-10"])
    assert set(figures) == {"refunds", "commission"}
    assert even.history.of("commission", ["2026-08"])[0] == pytest.approx(
        17_000 / form[1] * form[0]
    )
    found = between_months(store, ["2026-08"], ["2026-10"], ["profit"])["profit"]
    parts = {part.driver.id: part.amount for part in found.parts}
    assert abs(parts.get("commission", 0.0)) < 1 and "alike.commission" in found.assumed
    assert sum(parts.values()) == pytest.approx(found.change)
    assert found.after == pytest.approx(actual_ledger(store, ["2026-10"]).month("profit")[0])
    both = shop(commission=[None, None, 15_000.0, 17_000.0])
    assert on_one_footing(both, ["2026-09"], ["2026-10"])[1] == ()


def test_a_commission_that_the_form_has_no_rate_for_is_a_part_of_its_own():
    """The form charges none: 12,000 in September and 17,000 in October take 5,000 off the profit;
    against a month without any, September stands at October's share of GMV, 17,000 / 99,000.
    """
    none = {"commission.tiers": [{"rate": 0.0}], "commission.commission_minimum": 0.0}
    store = shop(commission=[None, None, 12_000.0, 17_000.0]).replace(none)
    assert actual_ledger(shop().replace(none), ["2026-10"]).month("commission")[0] == 0
    found = between_months(store, ["2026-09"], ["2026-10"], ["profit"])["profit"]
    parts = {part.driver.id: part.amount for part in found.parts}
    assert parts["commission"] == pytest.approx(-5000)
    assert abs(parts.get("rest", 0.0)) < 100  # next to 5,000
    one = shop(commission=COMMISSION).replace(none)
    even, _ = on_one_footing(one, ["2026-08"], ["2026-10"])
    assert even.history.of("commission", ["2026-08"])[0] == pytest.approx(17_000 / 99_000 * 82_000)
