"""A store's history taken over where orders and ad spend were typed: in whatever form they stand,
the steady month is the history's, and what shoppers' visits convert at is left alone.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.decisions.economics.known import with_ads_as, with_orders
from funnel_sim.decisions.kpi.store_history import (
    as_rows,
    fit_funnel,
    with_changes,
    with_months,
)
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.in_force import ADS_AS
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral

SHOP = preset("shopee-my-crossborder").replace({"product.price": 29.9, "product.unit_cost": 12.0})
ONE = with_orders(SHOP).scenario


def of_file(*rows: str, heads: str = "month,orders,gmv,ad_spend,visits"):
    return history(read_table("\n".join([heads, *rows]).encode(), "x.csv"))


MONTHS = of_file(
    "2026-06,1120,33600,4200,28000",
    "2026-07,1045,31350,4050,27100",
    "2026-08,,,,",
    "2026-09,1210,36300,4500,29900",
    "2026-10,1305,39150,4800,31200",
)
"""Of the last three that are known: 3,560 / 3 orders, 106,800 / 3 GMV, 13,350 / 3 = 4,450."""


def typed(**ads):
    """One channel of typed orders that carries these ads, another one without."""
    main, other = (channel.id for channel in ONE.channels[:2])
    nothing = dict.fromkeys(ADS_AS, 0.0)
    rows = {
        **{f"channels.{main}.{name}": value for name, value in (nothing | ads).items()},
        **{f"channels.{other}.{name}": value for name, value in nothing.items()},
    }
    return ONE.replace(
        rows | {f"channels.{main}.known_sales": 700.0, f"channels.{other}.known_sales": 300.0}
    )


def in_force(scenario):
    """Each channel's forms of ad spend that are above zero."""
    return {
        channel.id: [name for name in ADS_AS if getattr(channel, name)]
        for channel in scenario.channels
        if any(getattr(channel, name) for name in ADS_AS)
    }


def is_of_the_file(scenario, orders=3560 / 3, gmv=35_600.0, spend=4450.0):
    month = evaluate(scenario).steady
    assert month["paid_orders"] == pytest.approx(orders)
    assert month["ad_spend"] == pytest.approx(spend)
    assert month["gmv"] == pytest.approx(gmv)


FORMS = [
    {"known_spend": 4200.0},
    {"cost_per_order": 6.0},
    {"acos_rate": 0.2},
    {"tacos_rate": 0.14},
    {"known_spend": 3000.0, "cost_per_order": 1.0},  # they add up
    {"acos_rate": 0.1, "tacos_rate": 0.1},
    {},
]


@pytest.mark.parametrize("ads", FORMS, ids=lambda ads: "+".join(ads) or "none")
def test_the_ad_spend_of_a_history_is_counted_once(ads):
    """Typed 4,200 a month and a file of 4,450: 4,450, never 8,650; in the form that was in force,
    and in no channel that carried none.
    """
    before = with_months(typed(**ads), MONTHS)
    fitted, _ = fit_funnel(before)
    is_of_the_file(fitted)
    main = ONE.channels[0].id
    assert in_force(fitted) == {main: [next(iter(ads), "known_spend")]}


def test_ad_spend_of_the_month_is_that_of_the_file_to_the_cent():
    fitted, changes = fit_funnel(with_months(typed(known_spend=4200.0), MONTHS))
    assert fitted.channels[0].known_spend == pytest.approx(4450.0)
    spent = [one for one in changes if one.path.rpartition(".")[2] in ADS_AS]
    [one] = spent
    assert one.path.endswith("known_spend") and (one.before, one.after) == (
        4200.0,
        pytest.approx(4450.0),
    )
    assert one.months == ("2026-07", "2026-09", "2026-10")


def test_each_channel_keeps_its_part_of_the_ad_spend():
    """1,000 of the month here, 2 an order there: at the orders of the file, of which each channel
    has its share as before (7 to 5), the 4,450 are parted as 1,000 to 2 · orders there.
    """
    two = typed(known_spend=1000.0)
    main, other = (channel.id for channel in two.channels[:2])
    two = two.replace(
        {f"channels.{other}.cost_per_order": 2.0, f"channels.{other}.known_sales": 500.0}
    )
    fitted, _ = fit_funnel(with_months(two, MONTHS))
    is_of_the_file(fitted)
    flows = evaluate(fitted).channels
    there = flows[other]["orders"]
    assert flows[main]["orders"] / there == pytest.approx(7 / 5)
    assert flows[main]["spend"] == pytest.approx(4450.0 * 1000.0 / (1000.0 + 2.0 * there))
    assert flows[other]["spend"] == pytest.approx(4450.0 - flows[main]["spend"])
    assert in_force(fitted) == {main: ["known_spend"], other: ["cost_per_order"]}


@pytest.mark.parametrize("path", ["known_spend", "cost_per_order"])
def test_a_form_is_not_taken_without_those_that_it_replaces(path):
    """3,000 of the month and 1 an order become 4,450 of the month: one row, and both change."""
    before = with_months(typed(known_spend=3000.0, cost_per_order=1.0), MONTHS)
    fitted, changes = fit_funnel(before)
    inside = f"channels.{ONE.channels[0].id}"
    rows = [one.path for one in as_rows(before, fitted, changes)]
    assert (f"{inside}.{path}" in rows) == (path == "known_spend")
    some = with_changes(before, fitted, changes, {f"{inside}.known_spend"})
    assert (some.channels[0].known_spend, some.channels[0].cost_per_order) == (
        pytest.approx(4450.0),
        0.0,
    )


def test_a_share_of_sales_that_cannot_be_typed_is_ad_spend_of_the_month():
    """Of a channel that sells 1 order of a thousand, 4,450 would be more than ten times its own
    sales.
    """
    small = typed(acos_rate=0.2)
    main, other = (channel.id for channel in small.channels[:2])
    small = small.replace(
        {f"channels.{main}.known_sales": 1.0, f"channels.{other}.known_sales": 999.0}
    )
    fitted, _ = fit_funnel(with_months(small, MONTHS))
    is_of_the_file(fitted)
    assert in_force(fitted) == {main: ["known_spend"]}


def test_orders_that_were_not_typed_yet_are_those_of_the_file():
    empty = typed().replace({f"channels.{c.id}.known_sales": 0.0 for c in ONE.channels[:2]})
    is_of_the_file(fit_funnel(with_months(empty, MONTHS))[0])


def test_no_conversion_is_proposed_where_orders_are_typed():
    """Typed orders convert at nothing: the rates kept beside them, for the day they are used again,
    are none of the file's.
    """
    before = with_months(typed(known_spend=4200.0), MONTHS)
    fitted, changes = fit_funnel(before)
    assert not [one.path for one in changes if "cvr" in one.path or "cart" in one.path]
    assert fitted.conversion == before.conversion


def test_where_traffic_is_in_force_orders_over_visits_are_those_of_the_file():
    """1,045 + 1,210 + 1,305 of 27,100 + 29,900 + 31,200 visits: 4.04 % of all of them, whatever ads
    and organic visits convert at by themselves.
    """
    fitted, _ = fit_funnel(with_months(SHOP, MONTHS))
    is_of_the_file(fitted)
    month = evaluate(fitted).steady
    assert month["paid_orders"] / month["visits"] == pytest.approx(3560 / 88_200)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    months=st.lists(
        st.tuples(st.integers(50, 5000), st.floats(5.0, 200.0), st.floats(0.0, 0.5)),
        min_size=3,
        max_size=8,
    ),
    way=st.sampled_from([None, *ADS_AS]),
    channels=st.sampled_from([1, 2]),
    sold=st.floats(50.0, 20_000.0),
    share=st.floats(0.05, 0.95),
)
def test_the_steady_month_is_the_historys_whatever_stood_before(months, way, channels, sold, share):
    """The law: N months of orders, GMV and ad spend taken over give their mean, by traffic or by
    typed orders, in each form of ad spend, in one channel or two.
    """
    rows = [
        f"2025-{place + 1:02d},{orders},{orders * price:.2f},{orders * price * part:.2f}"
        for place, (orders, price, part) in enumerate(months)
    ]
    found = of_file(*rows, heads="month,orders,gmv,ad_spend")
    before = SHOP
    if way is not None:
        main, other = (channel.id for channel in ONE.channels[:2])
        before = typed(known_spend=500.0).replace(
            {
                f"channels.{main}.known_sales": sold * share,
                f"channels.{other}.known_sales": sold * (1 - share),
            }
        )
        if channels == 1:
            before = before.replace(
                {"channels": [row for row in before.plain()["channels"] if row["id"] == main]}
            )
        before = with_ads_as(before, way)
    before = with_months(before, replace(found, covered=tuple(1.0 for _ in found.months)))
    last = [
        found.figures[name][-before.history.baseline_months :].mean()
        for name in (
            "orders",
            "gmv",
            "ad_spend",
        )
    ]
    is_of_the_file(fit_funnel(before)[0], *last)


def test_without_ad_spend_in_the_history_typed_spend_stays():
    channel = {"id": "typed", "kind": "orders", "known_sales": 50.0, "known_spend": 400.0}
    store = neutral(
        {"channels": [channel], "history.first_month": "2026-01",
         "history.seen_gmv": [6000.0] * 3, "history.seen_orders": [60.0] * 3}
    )  # fmt: skip
    fitted, _ = fit_funnel(store)
    assert fitted.channels[0].known_sales == pytest.approx(60)
    assert fitted.channels[0].known_spend == 400
