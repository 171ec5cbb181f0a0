"""Every basis of a metric by hand, on one order book."""

import itertools

import numpy as np
import pytest

from funnel_sim.chance.simulation import simulate
from funnel_sim.model.bases import SALES, SPEND, Basis, formula_of, is_figure
from funnel_sim.model.economics import evaluate, figures
from funnel_sim.model.values import Values
from funnel_sim.scenario.presets import preset

STORE = preset("amazon-de-kitchen")


def steady(key):
    return float(
        np.asarray(figures(Values(STORE), {"steady": [key]})[key, "steady"]).reshape(-1)[0]
    )


def test_roas_on_every_basis_by_hand():
    book = evaluate(STORE).steady
    ads, sales, spend = book["attributed_sales"], book["gross_sales"], book["ad_spend"]
    per_consumer = book["order_consumer"] / book["order_gross"]
    net = (book["order_gross"] - book["order_output_tax"]) / book["order_gross"]
    refunded = -book["refunds"] / (sales + book["output_tax"])
    assert steady("roas") == pytest.approx(ads / spend)
    assert steady(Basis(sales="all").key("roas")) == pytest.approx(sales / spend)
    assert steady(Basis(tax="in").key("roas")) == pytest.approx(ads * per_consumer / spend)
    assert steady(Basis(tax="out").key("roas")) == pytest.approx(ads * net / spend)
    assert steady(Basis(refunds="out").key("roas")) == pytest.approx(ads * (1 - refunded) / spend)
    assert steady(Basis(attribution=0.7).key("roas")) == pytest.approx(0.7 * ads / spend)
    assert steady(Basis(spend_tax="in").key("roas")) == pytest.approx(
        ads / (book["media_spend"] * 1.19)
    )  # German VAT
    assert steady(Basis(fee=True).key("roas")) == pytest.approx(
        ads / (spend - book["operator_fee"])
    )


def test_gmv_without_tax_and_refunds_is_the_net_revenue():
    assert steady(Basis(tax="out", refunds="out").key("gmv")) == pytest.approx(
        evaluate(STORE).steady["net_revenue"]
    )


def test_acos_is_one_over_roas_on_every_basis():
    for tax, refunds, sales, spend in itertools.product(
        ("usual", "in", "out"), ("in", "out"), ("ads", "all"), ("usual", "in", "out")
    ):
        basis = Basis(tax=tax, refunds=refunds, sales=sales, spend_tax=spend)
        assert steady(basis.key("acos")) * steady(basis.key("roas")) == pytest.approx(1.0), basis


def test_unpaid_orders_count_where_asked():
    store = STORE.replace(
        {
            "conversion.payment_success_rate": 0.8,
            "conversion.cvr": None,
            "conversion.add_to_cart_rate": 0.4,
            "conversion.checkout_rate": 0.3,
        }
    )
    one, other = (
        figures(Values(store), {"steady": [key]})[key, "steady"].item()
        for key in ("gmv", Basis(cancelled="in").key("gmv"))
    )
    assert other == pytest.approx(one / 0.8)


@pytest.mark.parametrize("metric", sorted(SALES | SPEND))
def test_the_usual_basis_is_the_metric_itself(metric):
    assert Basis().key(metric) == metric
    assert formula_of(metric).key == metric


def test_an_unknown_figure_is_not_known():
    assert is_figure("roas@sales=all") and not is_figure("ltv@tax=in") and not is_figure("nothing")


def test_months_a_to_b_add_up():
    run = simulate(
        STORE,
        month=["gmv", "ad_spend", "attributed_sales"],
        spans={(2, 4): ["gmv", "roas"], (3, 3): ["roas"]},
        total=[],
        paths=1024,
    )
    assert run.of("gmv", (2, 4)) == pytest.approx(run.of("gmv", "month")[1:4].sum(axis=0))
    assert run.of("roas", (2, 4)) == pytest.approx(
        run.of("attributed_sales", "month")[1:4].sum(axis=0)
        / run.of("ad_spend", "month")[1:4].sum(axis=0)
    )
    assert run.of("roas", (3, 3)) == pytest.approx(
        (run.of("attributed_sales", "month") / run.of("ad_spend", "month"))[2]
    )


@pytest.mark.parametrize("sales", ["usual", "ads", "all"])
def test_where_nothing_is_sold_nothing_is_refunded(sales):
    """A month without sales has sales of zero on every basis; a ratio of them has no figure as
    before.
    """
    quiet = STORE.replace(
        {
            "plan.start_month": 1,
            "plan.season": [0.0, *[12 / 11] * 11],
            "fulfilment.return_rate": 0.1,
        }
    )
    for tax, cancelled in itertools.product(("usual", "in", "out"), ("in", "out")):
        key = Basis(tax=tax, refunds="out", cancelled=cancelled, sales=sales).key("gmv")
        months = np.asarray(figures(Values(quiet), {"month": [key]})[key, "month"])[:, 0]
        assert months[0] == 0 and (months[1:] > 0).all(), key
    assert np.isnan(
        np.asarray(
            figures(Values(quiet), {"month": ["aov@refunds=out"]})["aov@refunds=out", "month"]
        )[0]
    ).all()


def test_an_amount_at_home_is_its_own_formula_over_flows_at_home():
    """On a basis of its own it has a formula to take over; else it goes by its name, also where it
    is worked out step by step and has none.
    """
    assert formula_of("gmv@tax=out,currency=home").expression == (
        formula_of("gmv@tax=out").expression
    )
    assert formula_of("profit@currency=home").expression == "profit"
    assert formula_of("list_cost@currency=home").expression == "list_cost"
    with pytest.raises(KeyError):
        formula_of("roas@currency=home")
