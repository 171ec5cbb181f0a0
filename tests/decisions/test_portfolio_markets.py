"""Markets side by side: ranking, price and volume by choice, what limits each, the sum."""

import numpy as np
import pytest

from funnel_sim.chance.cash import cash_of
from funnel_sim.decisions.portfolio.markets import HERE, PARTS, markets
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.model.ledger import LINES
from funnel_sim.model.portfolio import portfolio_figures
from funnel_sim.reference.portfolio_settings import most_markets
from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.scenario.carried import carry
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value

PLACES = ["amazon-de-kitchen", "tiktok-us-beauty", "shopee-th", "shopify-us-beauty"]
EUR = 7.5259


@pytest.fixture(scope="module")
def mine():
    return preset("amazon-us-kitchen").replace({"product.unit_cost": 60.0, "conversion.cvr": 0.12})


@pytest.fixture(scope="module")
def found(mine):
    return markets(mine, PLACES, paths=512)


@pytest.mark.slow
def test_each_place_is_its_scenario_in_one_currency(found, mine):
    germany = next(one for one in found.every if one.name == "amazon-de-kitchen")
    alone = evaluate(germany.scenario).steady
    assert found.currency == "CNY" and found.here.scenario == mine
    assert germany.profit == pytest.approx(alone["profit"] * EUR)
    assert germany.per_order == pytest.approx(alone["order_profit"] * EUR)
    assert (germany.margin, germany.break_even_acos) == (alone["margin"], alone["break_even_acos"])
    low = cash_of(germany.scenario).run.lowest[0]
    assert germany.cash_low == pytest.approx(float(low) * EUR)


@pytest.mark.slow
def test_places_stand_by_what_nine_futures_in_ten_reach(found, mine):
    """P10 of the plan of each row, a month; on request, and without futures, the likely profit."""
    cautious = [one.cautious for one in found.rows]
    assert cautious == sorted(cautious, reverse=True) and len(cautious) == len(PLACES)
    names = [row.name for row in found.portfolio.rows]
    for one in found.every:
        low = found.simulation.percentiles[names.index(one.name)][0]
        assert one.cautious == low / one.scenario.plan.horizon_months
    for likely in (markets(mine, PLACES), markets(mine, PLACES, paths=256, rank="likely")):
        profits = [one.profit for one in likely.rows]
        assert likely.rank == "likely" and profits == sorted(profits, reverse=True)


def test_the_evidence_on_a_place_and_what_moves_it(found):
    """Where the product stays nothing was moved; Temu sells no clicks."""
    by_name = {one.name: one for one in found.every}
    germany = by_name["amazon-de-kitchen"]
    assert found.here.grade == "own" and not found.here.moved_by
    assert germany.grades == {"clicks": "weak", "sales": "weak"} and germany.grade == "weak"
    assert set(germany.moved_by) == {"clicks", "sales"}
    dear = germany.scenario.replace(
        {"channels.ads.cpc": germany.scenario.get("channels.ads.cpc").high}
    )
    expected = (evaluate(dear).steady["profit"] - evaluate(germany.scenario).steady["profit"]) * EUR
    assert germany.moved_by["clicks"] == pytest.approx(expected, rel=1e-3) and expected < 0


def test_a_place_of_which_nothing_is_known_is_graded_so(mine):
    assert markets(mine, ["temu-half-managed-us"]).rows[0].grade == "none"


def test_the_place_where_it_is_is_told_apart(found):
    assert found.here.name == HERE and HERE not in {one.name for one in found.rows}


def test_what_becomes_of_what_shoppers_pay_adds_up_to_all_of_it(found):
    assert {line for some in PARTS.values() for line in some} | {"gross_sales", "output_tax"} == {
        line.formula.key for line in LINES
    }
    for one in found.every:
        assert sum(one.shares.values()) == pytest.approx(1.0)
        assert one.shares["profit"] * one.gmv == pytest.approx(one.profit)


def test_what_limits_a_place_is_what_takes_most_more_than_at_home(found):
    """VAT is in the price of Germany and on top of it in the US."""
    germany = next(one for one in found.rows if one.name == "amazon-de-kitchen")
    grew = {k: v - found.here.shares[k] for k, v in germany.shares.items() if k != "profit"}
    assert germany.limit == max(grew, key=grew.get) == "tax"
    rest = {k: v for k, v in found.here.shares.items() if k not in ("goods", "profit")}
    assert found.here.limit == max(rest, key=rest.get)


def test_the_sum_is_that_of_the_rows_of_the_portfolio(found):
    rows = portfolio_figures(found.portfolio, ["profit"])["profit"]
    told = {one.name: one for one in found.every}
    for row, value in zip(found.portfolio.rows, rows, strict=True):
        one = told[row.name]
        in_cny = value * point_value(one.scenario.fx_rate)  # costs of every row are in CNY
        assert one.profit == pytest.approx(in_cny, rel=1e-9)
    assert found.profit == pytest.approx(sum(one.profit for one in found.every))
    total = found.simulation.total
    assert total.shape == (512,)
    assert found.here.loss == found.simulation.loss[0]


def test_the_blended_margin_lies_between_the_places_margins(found):
    margins = [one.margin for one in found.every]
    assert min(margins) < found.margin < max(margins)


def test_the_price_that_keeps_the_margin_keeps_it(mine):
    kept = markets(mine, PLACES, price="margin")
    home = evaluate(mine).steady["margin"]
    assert all(one.kept_margin for one in kept.rows)
    assert [one.margin for one in kept.rows] == pytest.approx([home] * len(PLACES))


def test_orders_that_stay_are_the_orders_of_home(mine):
    kept = markets(mine, PLACES, volume="orders")
    assert [one.orders for one in kept.rows] == pytest.approx([kept.here.orders] * len(PLACES))
    traffic = kept.rows[0].carried.fields["channels.ads.budget"]
    assert traffic.why == "traffic" and traffic.ratio != 1


def test_the_price_of_the_place_is_its_examples_markup_on_the_own_cost(mine):
    kept = markets(mine, ["shopee-th"], price="local")
    row = preset_rows()["shopee-th"]
    expected = row["price"] / row["unit_cost"] * 60.0
    assert kept.rows[0].price == pytest.approx(expected, rel=1e-5)
    assert kept.rows[0].price_level == pytest.approx(1.0, rel=1e-5)
    assert markets(mine, ["shopee-th"]).rows[0].price_level == pytest.approx(
        point_value(mine.product.price) * 6.7046 / 0.19957 / expected, rel=1e-2
    )


@pytest.mark.slow
def test_the_order_of_places_changes_nothing(mine):
    one = markets(mine, PLACES, paths=256)
    two = markets(mine, PLACES[::-1], paths=256)
    assert [(o.name, o.profit, o.loss) for o in one.every] == [
        (o.name, o.profit, o.loss) for o in two.every
    ]
    assert np.array_equal(one.simulation.total, two.simulation.total)


def test_the_place_where_it_is_is_not_told_twice(mine):
    assert (
        markets(mine, ["amazon-us-kitchen", "shopee-th", "shopee-th"]).rows[0].name == "shopee-th"
    )
    assert len(markets(mine, ["amazon-us-kitchen"]).every) == 1


def test_a_scenario_of_no_preset_is_carried_too(mine):
    own = mine.replace({"preset": ""})
    found = markets(own, ["amazon-de-kitchen"])
    assert found.rows[0].scenario.product.unit_cost == 60.0
    assert found.rows[0].carried.fields["product.inbound_freight"].why == "example_size"


def test_too_many_places_and_unknown_ones_are_refused(mine):
    with pytest.raises(InputError) as many:
        markets(mine, [f"p{n}" for n in range(most_markets() + 1)])
    assert many.value.problems[0].rule == "markets_most"
    with pytest.raises(InputError) as unknown:
        markets(mine, ["amazon-moon"])
    assert unknown.value.problems[0].rule == "preset"
    with pytest.raises(InputError) as currency:
        markets(mine, PLACES, currency="XXX")
    assert currency.value.problems[0].rule == "fx_unknown"


def test_goods_that_cost_nothing_have_no_level_of_a_place(mine):
    free = mine.replace({"product.unit_cost": 0.0})
    found = markets(free, ["amazon-de-kitchen", "temu-half-managed-us"])
    assert [one.price_level for one in found.rows] == [None]
    assert set(found.refused) == {"temu-half-managed-us"}  # its price would be nothing


def test_the_lowest_balance_begins_with_nothing_everywhere(mine):
    """Money at hand is in one place only, so that it would say nothing of another."""
    rich = mine.replace({"cash.opening_cash": 90_000.0})
    one, two = (markets(store, ["shopee-th"]) for store in (mine, rich))
    assert one.here.cash_low == two.here.cash_low < 0
    assert one.rows[0].cash_low == two.rows[0].cash_low


@pytest.mark.slow
def test_the_price_keeps_the_margin_at_as_many_orders(mine):
    kept = markets(mine, PLACES, price="margin", volume="orders")
    home = evaluate(mine).steady
    assert [one.margin for one in kept.rows] == pytest.approx([home["margin"]] * len(PLACES))
    assert [one.orders for one in kept.rows] == pytest.approx([home["paid_orders"]] * len(PLACES))


def test_with_its_own_price_and_budget_a_product_is_carried_as_it_is(mine):
    """Nothing is looked for: the place is what carrying alone makes of it, and no price is kept."""
    [there] = markets(mine, ["amazon-de-kitchen"]).rows
    assert there.scenario == carry(mine, "amazon-de-kitchen").scenario and there.kept_margin
