"""When each remark on a set of KPIs is made: one case on either side of what decides it."""

import pytest

from funnel_sim.decisions.kpi.review import remarks
from tests.conftest import neutral

RAMP = {"plan.ramp_months": 1.0, "plan.ramp_start": 0.5}
EARLY = {"id": "k", "metric": "roas", "target": 3.0, "month_from": 3, "month_to": 6}
ADS = {"id": "ads", "kind": "cpc", "budget": 1000.0, "cpc": 2.0, "channel_cvr": 0.2}


def told(*kpis, ads=True, **changes):
    """Return the remarks on some KPIs of a store whose 500 clicks become 100 orders at 100: 10,000
    for 1,000, ROAS 10, ACoS 10 %.
    """
    more = {"conversion.cvr": 0.2, "channels": [ADS]} if ads else {}
    store = neutral(more | {"kpis": list(kpis)} | changes)
    return {one.key: one for one in remarks(store)}


def kpi(metric, target, name="k", **more):
    return {"id": name, "metric": metric, "target": target, **more}


# ---- a cold start


@pytest.mark.parametrize(
    ("changes", "cold"),
    [
        ({}, True),
        ({"plan.ramp_months": 0.0}, False),
        ({"plan.ramp_months": 0.5}, True),
        ({"plan.ramp_start": 1.0}, False),
        ({"plan.ramp_start": 0.99}, True),
        ({"history.first_month": "2026-01", "history.seen_gmv": [10_000.0]}, False),
    ],
)
def test_a_new_store_is_cold_while_it_ramps_up_and_has_no_months(changes, cold):
    assert ("cold_start" in told(EARLY, **RAMP | changes)) == cold


@pytest.mark.parametrize(
    ("metric", "month", "cold"),
    [
        ("roas", 3, True), ("roas", 4, False), ("acos", 1, True), ("tacos", 1, True),
        ("mer", 1, True), ("return_rate", 1, True), ("gmv", 1, False), ("cvr", 1, False),
    ],
)  # fmt: skip
def test_ratios_of_ads_and_returns_are_early_in_the_first_three_months(metric, month, cold):
    found = told(EARLY | {"metric": metric, "month_from": month, "target": 0.1}, **RAMP)
    assert ("cold_start" in found) == cold
    if cold:
        assert found["cold_start"].kpis == ("k",) and found["cold_start"].parts["months"] == 1


# ---- what a set of KPIs leaves out


@pytest.mark.parametrize(
    ("other", "margin", "returns"),
    [
        ("orders", True, True), ("profit", False, False), ("margin", False, False),
        ("cm1", False, False), ("cm2", False, False), ("cm3", False, False),
        ("net_revenue", False, False), ("acos", False, True), ("tacos", False, True),
        ("roas", False, True), ("mer", False, True), ("return_rate", True, False),
    ],
)  # fmt: skip
def test_sales_alone_lack_a_margin_and_returns(other, margin, returns):
    found = told(kpi("gmv", 11_000.0), kpi(other, 0.2, "o"))
    assert ("gmv_without_margin" in found) == margin
    assert ("gmv_without_returns" in found) == returns
    assert "one_only" not in found
    alone = told(kpi(other, 0.2))
    assert "gmv_without_margin" not in alone and "one_only" in alone


@pytest.mark.parametrize(
    ("field", "key", "weight"),
    [
        ("says_date", "no_date", "note"),
        ("says_source", "no_source", "note"),
        ("says_definition", "no_definition", "serious"),
    ],
)
def test_what_a_kpi_does_not_say_is_told(field, key, weight):
    every = {"says_date": True, "says_source": True, "says_definition": True}
    assert not {"no_date", "no_source", "no_definition"} & told(kpi("gmv", 1.0) | every).keys()
    found = told(kpi("gmv", 1.0) | every | {field: False})
    assert {name: found[name].weight for name in found if name.startswith("no_")} == {key: weight}


# ---- ads and margins


@pytest.mark.parametrize(
    ("metric", "comparator", "target", "key", "loses"),
    [
        # goods cost 60 of 100: ads may take 40 % of sales, ROAS of 2.5 breaks even
        ("acos", "at_most", 0.4, "acos_loses", False),
        ("acos", "at_most", 0.401, "acos_loses", True),
        ("acos", "at_least", 0.5, "acos_loses", False),
        ("roas", "at_least", 2.5, "roas_loses", False),
        ("roas", "at_least", 2.49, "roas_loses", True),
        ("roas", "at_most", 2.0, "roas_loses", False),
    ],
)
def test_a_target_of_ads_loses_beyond_break_even(metric, comparator, target, key, loses):
    found = told(kpi(metric, target, comparator=comparator), **{"product.unit_cost": 60.0})
    assert (key in found) == loses


@pytest.mark.parametrize(
    ("metric", "comparator", "target", "below"),
    [
        ("gmv", "at_least", 9_999.0, True), ("gmv", "at_least", 10_000.0, False),
        ("gmv", "at_most", 9_999.0, False),
        ("acos", "at_most", 0.101, True), ("acos", "at_most", 0.1, False),
        ("acos", "at_least", 0.05, False),
    ],
)  # fmt: skip
def test_a_target_that_the_store_meets_today_is_below_it(metric, comparator, target, below):
    assert ("below_today" in told(kpi(metric, target, comparator=comparator))) == below


# ---- bounds and products that cannot both hold


@pytest.mark.parametrize(
    ("low", "high", "window", "opposed"),
    [
        (12_000.0, 11_000.0, {}, True),
        (11_000.0, 11_000.0, {}, False),
        (12_000.0, 11_000.0, {"month_to": 4}, False),
        (12_000.0, 11_000.0, {"window": "every"}, False),
    ],
)
def test_two_bounds_of_one_figure_oppose_each_other_in_one_window(low, high, window, opposed):
    found = told(kpi("gmv", low), kpi("gmv", high, "h", comparator="at_most", **window))
    assert ("opposed" in found) == opposed
    assert not opposed or found["opposed"].kpis == ("k", "h")


@pytest.mark.parametrize(
    ("gmv", "comparator", "key"),
    [
        # 120 orders at 100 are 12,000: 2 % are allowed
        (11_900.0, "at_least", ""), (11_700.0, "at_least", "product_implied"),
        (11_800.0, "at_most", ""), (11_700.0, "at_most", "product_opposed"),
        (13_000.0, "at_least", ""),
    ],
)  # fmt: skip
def test_orders_times_order_value_are_sales(gmv, comparator, key):
    found = told(kpi("paid_orders", 120.0), kpi("aov", 100.0, "v"),
                 kpi("gmv", gmv, "g", comparator=comparator))  # fmt: skip
    assert {name for name in found if name.startswith("product_")} == ({key} if key else set())


@pytest.mark.parametrize(("gmv", "opposed"), [(12_200.0, False), (12_300.0, True)])
def test_the_most_of_both_is_less_than_the_product_at_least(gmv, opposed):
    most = {"comparator": "at_most"}
    found = told(kpi("paid_orders", 120.0, **most), kpi("aov", 100.0, "v", **most),
                 kpi("gmv", gmv, "g"))  # fmt: skip
    assert ("product_opposed" in found) == opposed
    mixed = told(kpi("paid_orders", 120.0, **most), kpi("aov", 100.0, "v"), kpi("gmv", gmv, "g"))
    assert not any(name.startswith("product") for name in mixed)


# ---- growth


@pytest.mark.parametrize(
    ("target", "growth"), [(10_000.0, None), (10_001.0, 0.0001), (15_000.0, 0.5)]
)
def test_more_sales_ask_more_of_the_funnel(target, growth):
    found = told(kpi("gmv", target)).get("growth_needs")
    assert (found is None) == (growth is None)
    if found is not None:
        assert found.parts["growth"] == pytest.approx(growth) and found.weight == "serious"
        assert found.parts["factor"] == pytest.approx(growth) and found.parts["budget"] == 0


@pytest.mark.parametrize(
    ("limit", "budget", "weight"), [(1_500.0, 0.5, "note"), (1_499.0, 0.499, "serious")]
)
def test_a_budget_that_grows_as_much_asks_nothing_more(limit, budget, weight):
    found = told(kpi("gmv", 15_000.0), kpi("ad_spend", limit, "s", comparator="at_most"))
    one = found["growth_needs"]
    assert (one.parts["budget"], one.weight) == (pytest.approx(budget), weight)
    assert one.parts["factor"] == pytest.approx(1.5 / (1 + budget) - 1) and one.kpis == ("k", "s")


def test_a_total_is_asked_by_the_month():
    found = told(kpi("gmv", 45_000.0, window="total", month_to=3))["growth_needs"]
    assert found.parts["growth"] == pytest.approx(0.5)


def test_growth_at_a_ratio_of_ads_takes_for_granted_that_returns_do_not_fall():
    growth, ratio = kpi("gmv", 15_000.0), kpi("acos", 0.1, "a", comparator="at_most")
    assert "growth_flat_ads" in told(growth, ratio)
    assert "growth_flat_ads" not in told(growth)
    assert "growth_flat_ads" not in told(growth, ratio | {"comparator": "at_least"})
    falling = {"channels.ads.elasticity": 0.3, "channels.ads.reference_budget": 1000.0}
    assert "growth_flat_ads" not in told(growth, ratio, **falling)
    assert "growth_flat_ads" not in told(kpi("gmv", 10_000.0), ratio)
    assert told(growth, ads=False).keys().isdisjoint({"growth_needs", "growth_flat_ads"})


def test_a_season_helps_growth_and_a_budget_that_is_planned_too():
    """Half more is asked of two months that sell a quarter more anyway: 1.5 / 1.25 = 1.2; with a
    budget of 1 and 1.4 times today's, 1.2 on average, nothing is left.
    """
    season = {"plan.season": [1.25] * 6 + [0.75] * 6}
    growth = kpi("gmv", 15_000.0, window="average", month_from=1, month_to=2)
    one = told(growth, **season)["growth_needs"].parts
    assert (one["season"], one["factor"]) == pytest.approx((0.25, 0.2))
    more = told(growth, **season, **{"plan.budget_plan": [1.0, 1.4]})["growth_needs"].parts
    assert (more["budget"], more["factor"]) == pytest.approx((0.2, 0.0))
    # the last one that is planned holds on: 1.4 and 1.4
    late = growth | {"month_from": 3, "month_to": 4}
    held = told(late, **{"plan.budget_plan": [1.0, 1.4]})["growth_needs"].parts
    assert held["budget"] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("acos", "roas", "key"),
    [
        # at most 20 % is a ROAS of 5 at least
        (("at_most", 0.2), ("at_least", 4.0), "acos_roas_acos"),
        (("at_most", 0.2), ("at_least", 6.0), "acos_roas_roas"),
        (("at_most", 0.2), ("at_least", 5.0), "acos_roas_same"),
        (("at_least", 0.2), ("at_least", 6.0), "acos_roas_opposed"),
        (("at_least", 0.2), ("at_least", 5.0), None),
        (("at_least", 0.2), ("at_most", 6.0), None),
        (("at_most", 0.2), ("at_most", 6.0), None),
    ],
)
def test_acos_is_one_over_roas(acos, roas, key):
    found = told(
        kpi("acos", acos[1], "a", comparator=acos[0]), kpi("roas", roas[1], "r", comparator=roas[0])
    )
    assert {one for one in found if one.startswith("acos_roas")} == ({key} if key else set())
    if key:
        assert found[key].parts["means"] == (pytest.approx(5.0), "roas")
        weight = {"acos_roas_same": "note", "acos_roas_opposed": "contradiction"}
        assert found[key].weight == weight.get(key, "serious")


@pytest.mark.parametrize(("comparator", "said"), [("at_most", True), ("at_least", False)])
def test_acos_alone_is_told_as_roas(comparator, said):
    found = told(kpi("acos", 0.2, comparator=comparator))
    assert ("acos_is_roas" in found) == said
    if said:
        assert found["acos_is_roas"].parts["means"] == (pytest.approx(5.0), "roas")
    assert "acos_is_roas" not in told(
        kpi("acos", 0.2, comparator=comparator), kpi("roas", 4.0, "r")
    )


@pytest.mark.parametrize(("known", "said"), [(9_700.0, True), (9_900.0, False), (10_300.0, True)])
def test_a_store_that_does_not_sell_what_its_months_say_is_not_fitted(known, said):
    """10,000 a month against months of about as much: 2 % apart are near enough."""
    found = told(**{"history.first_month": "2025-01", "history.seen_gmv": [known] * 12})
    assert ("not_fitted" in found) == said
    if said:
        assert found["not_fitted"].parts["share"] == pytest.approx(10_000 / known - 1, abs=0.002)
