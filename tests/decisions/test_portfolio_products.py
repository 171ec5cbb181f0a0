"""Products of a portfolio: loss makers first, what turns each, totals that add up."""

import numpy as np
import pytest

from funnel_sim.decisions.portfolio.products import products
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import TAGS, Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset

BASES = ("amazon-de-kitchen", "amazon-us-kitchen", "tiktok-my-beauty", "mercadolibre-br")


def portfolio(*, currency="CNY", reverse=False):
    """Four bases at six costs each, from a fifth of today's to five times it."""
    rows = []
    for base in BASES:
        cost = preset(base).product.unit_cost
        likely = cost if isinstance(cost, float) else cost.point
        for times in (0.2, 0.6, 1.0, 2.0, 3.5, 5.0):
            rows.append(
                PortfolioRow(
                    f"{base}/{times}",
                    base,
                    {"product.unit_cost": likely * times},
                    product=str(times),
                )
            )
    return Portfolio(tuple(rows[::-1] if reverse else rows), DATA_DATE, currency)


@pytest.fixture(scope="module")
def found():
    return products(portfolio())


def with_profit(made, index, changes):
    """Return a row's profit with further changes, from its own scenario."""
    return evaluate(made.scenario_of(index).replace(changes)).steady["profit"]


def test_each_row_is_its_scenario_and_the_total_their_sum_at_their_rates(found):
    made, total = found.portfolio, 0.0
    for index in range(len(made.rows)):
        scenario = made.scenario_of(index)
        alone = evaluate(scenario).steady
        assert found.profit[index] == pytest.approx(alone["profit"], rel=1e-9)
        assert found.per_order[index] == pytest.approx(
            alone["profit"] / alone["paid_orders"], rel=1e-9
        )
        total += alone["profit"] * float(scenario.fx_rate)
    assert found.total.profit == pytest.approx(total, rel=1e-9)


def test_loss_makers_stand_first_and_lose_what_they_lose_together(found):
    shown = found.profit_shown[found.worst_first]
    assert (np.diff(shown) >= 0).all() and 0 < found.losing.size < shown.size
    assert found.losing.tolist() == found.worst_first[: found.losing.size].tolist()
    assert found.total.lost == pytest.approx(shown[shown < 0].sum())
    assert found.total.losing == found.losing.size


def test_each_turning_value_brings_its_row_to_nothing(found):
    """Price and cost in the row's own scenario; ads by clicks that cost less, at as many of them,
    so that orders stay.
    """
    turned = 0
    for place, index in enumerate(found.losing.tolist()):
        made, scale = found.portfolio, abs(found.profit[index])
        price, cost = found.turning.price[place], found.turning.unit_cost[place]
        assert price > _point(made.scenario_of(index).get("product.price"))
        assert with_profit(made, index, {"product.price": float(price)}) == pytest.approx(
            0.0, abs=1e-6 * scale
        )
        if np.isfinite(cost):
            turned += 1
            assert with_profit(made, index, {"product.unit_cost": float(cost)}) == pytest.approx(
                0.0, abs=1e-6 * scale
            )
        else:
            assert with_profit(made, index, {"product.unit_cost": 0.0}) < 0
    assert turned


@pytest.mark.parametrize("base", [one for one in BASES if one != "tiktok-my-beauty"])
def test_the_ad_share_at_which_a_row_breaks_even_is_one_at_its_orders(base):
    """Clicks and budget are doubled, so as many clicks at twice the cost, until the store loses
    money; at the share told, with as many clicks for less, as many orders come and nothing is lost.
    """
    store = preset(base)
    paths = [
        f"channels.{one.id}.{name}"
        for one in store.channels
        if one.kind == "cpc"
        for name in ("cpc", "budget")
    ]
    now = evaluate(store).steady
    for _ in range(6):
        store = store.replace({path: 2.0 * _point(store.get(path)) for path in paths})
        now = evaluate(store).steady
        if now["profit"] < 0:
            break
    found = products(Portfolio((PortfolioRow("a", "mine"),), DATA_DATE, bases={"mine": store}))
    share = found.turning.ad_share[0]
    left = share / now["tacos"]
    turned = evaluate(store.replace({p: _point(store.get(p)) * left for p in paths})).steady
    assert turned["paid_orders"] == pytest.approx(now["paid_orders"], rel=1e-9)
    assert turned["profit"] == pytest.approx(0.0, abs=1e-6 * abs(now["profit"]))
    assert turned["tacos"] == pytest.approx(share, rel=1e-9)


def test_where_even_free_ads_do_not_help_there_is_no_share():
    dear = PortfolioRow("dear", BASES[0], {"product.unit_cost": 5_000.0})
    assert np.isnan(products(Portfolio((dear,), DATA_DATE)).turning.ad_share).all()


def _point(value):
    return value if isinstance(value, float) else value.point


def test_totals_by_each_tag_add_up(found):
    for tag in TAGS:
        some = found.by_tag[tag]
        assert sum(one.profit for one in some) == pytest.approx(found.total.profit, rel=1e-9)
        assert sum(one.rows for one in some) == found.total.rows
        assert sum(one.lost for one in some) == pytest.approx(found.total.lost, rel=1e-9)
    assert {one.name for one in found.by_tag["market"]} == {preset(one).market for one in BASES}


def test_the_order_of_rows_changes_no_answer(found):
    other = products(portfolio(reverse=True))
    names = [found.portfolio.rows[index].name for index in found.losing]
    assert names == [other.portfolio.rows[index].name for index in other.losing]
    np.testing.assert_array_equal(found.turning.price, other.turning.price)


def test_the_share_with_a_sale_is_that_of_orders_that_come_by_chance():
    """Orders by chance around none and around 2 a month: 0 and 1 − e^−2 have one, on average
    0.4323.
    """
    store = preset("amazon-de-kitchen").replace(
        {"channels": [{"id": "a", "name": "", "kind": "orders", "known_sales": 2.0}]}
    )
    rows = (
        PortfolioRow("some", "mine"),
        PortfolioRow("none", "mine", {"channels.a.known_sales": 0.0}),
    )
    found = products(Portfolio(rows, DATA_DATE, bases={"mine": store}))
    orders = found.orders.tolist()
    assert orders[1] == 0 and found.selling_share == pytest.approx((1 - np.exp(-orders[0])) / 2)
