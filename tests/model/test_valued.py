"""Money as an owner at home counts it: each month at its own rate; by hand and by laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.chance.drivers import flips
from funnel_sim.chance.simulation import simulate
from funnel_sim.errors import InputError
from funnel_sim.model.economics import figures
from funnel_sim.model.ledger import LINE_KEYS
from funnel_sim.model.values import Values
from funnel_sim.scenario.presets import preset

STORE = preset("amazon-de-kitchen").replace({"fx_rate": 8.0, "plan.horizon_months": 3})
MONEY = ("profit", "gross_sales", "cm2", "ads", "gmv", "cac", "aov", "ltv", "gmv@tax=out")


def walked(rates):
    """Return the numbers of the store with a rate a month."""
    return Values(STORE, by_month={"fx_rate": np.array(rates)[:, None]})


def test_each_month_counts_at_its_own_rate():
    """Rates 8, 10 and 6: what the months bring, times 8/8, 10/8 and 6/8, is what they are worth at
    today's 8.
    """
    values = walked([8.0, 10.0, 6.0])
    found = figures(values, {"month": ["profit"], "total": ["profit@currency=home"]})
    months = np.asarray(found["profit", "month"])[:, 0]
    by_hand = months[0] * 1.0 + months[1] * 1.25 + months[2] * 0.75
    home = found["profit@currency=home", "total"]
    assert float(np.asarray(home).item()) == pytest.approx(by_hand, rel=1e-12)


def test_what_is_paid_at_home_does_not_move_with_the_rate():
    """Software is paid at home, 800 a month: 100 in the sales currency at 8, 80 at 10; at home both
    are 800, so 100 at today's rate.
    """
    store = STORE.replace({"fixed.saas_monthly": 800.0, "fixed.platform_monthly": 0.0,
                           "payment.payout_fee": 0.0})  # fmt: skip
    values = Values(store, by_month={"fx_rate": np.array([8.0, 10.0, 6.0])[:, None]})
    found = figures(values, {"month": ["saas", "saas@currency=home"]})
    assert np.asarray(found["saas", "month"])[:, 0] == pytest.approx([-100.0, -80.0, -800 / 6])
    assert np.asarray(found["saas@currency=home", "month"])[:, 0] == pytest.approx([-100.0] * 3)


@pytest.mark.parametrize("over", ["total", "month", "end", (1, 2), "steady"])
def test_at_a_fixed_rate_nothing_changes(over):
    keys = {key: f"{key}{',' if '@' in key else '@'}currency=home" for key in MONEY}
    found = figures(Values(STORE), {over: [*keys, *keys.values()]})
    for key, home in keys.items():
        one, other = found[key, over], found[home, over]
        assert np.asarray(one) == pytest.approx(np.asarray(other)), key


@given(st.lists(st.floats(4.0, 16.0), min_size=3, max_size=3))
def test_lines_at_home_add_up_to_the_profit_at_home(rates):
    values = walked(rates)
    keys = [f"{key}@currency=home" for key in (*LINE_KEYS, "profit")]
    found = figures(values, {"total": keys})
    every = [float(np.asarray(found[key, "total"]).item()) for key in keys]
    assert sum(every[:-1]) == pytest.approx(every[-1], rel=1e-9, abs=1e-6)


@given(st.floats(4.0, 16.0))
def test_a_rate_that_is_another_one_all_along_scales_what_was_earned(rate):
    """With one rate r in all months money at home is the ledger's times r/8."""
    found = figures(walked([rate] * 3), {"total": ["profit", "profit@currency=home"]})
    keys = ("profit", "profit@currency=home")
    one, other = (float(np.asarray(found[key, "total"]).item()) for key in keys)
    assert other == pytest.approx(one * rate / 8.0, rel=1e-9)


def test_rates_and_ratios_have_no_home_currency():
    for key in ("roas@currency=home", "margin@currency=home", "paid_orders@currency=home"):
        with pytest.raises(InputError, match="figure"):
            figures(Values(STORE), {"total": [key]})


def test_futures_of_a_store_shown_at_home_are_those_of_the_ledger_at_their_rates():
    """Path by path: the months of the book, times the walk, added up."""
    walk = STORE.replace({"chance.fx_walk": True, "shown_in": "home"})
    home = simulate(walk, ["profit", "roas"], month=["profit"], paths=1024)
    sales = simulate(walk.replace({"shown_in": "sales"}), ["profit", "roas"], month=["profit"],
                     paths=1024)  # fmt: skip
    assert home.of("profit") == pytest.approx(home.of("profit", "month").sum(axis=0), rel=1e-9)
    assert not np.allclose(home.of("profit"), sales.of("profit"))
    assert home.of("roas") == pytest.approx(sales.of("roas"), rel=0, abs=0)
    apart = simulate(walk, ["profit"], paths=1024, at_home=False)
    assert (apart.of("profit") == sales.of("profit")).all()


def test_a_loss_at_home_is_a_loss_at_that_futures_rates():
    """Only the sign of the months' sum at their own rates decides."""
    walk = STORE.replace({"chance.fx_walk": True, "shown_in": "home", "chance.fx_volatility": 0.4})
    found = simulate(walk, ["profit"], paths=1024)
    assert found.estimate("profit").loss.value == pytest.approx((found.of("profit") < 0).mean())


def test_where_the_profit_turns_does_not_depend_on_the_currency():
    """At one rate for all months zero is zero in every currency."""
    wide = {"product.price": {"dist": "uniform", "low": 20.0, "high": 40.0, "meaning": "limits"}}
    store = STORE.replace(wide)
    here, home = (
        flips(store.replace({"shown_in": way}), paths=["product.price"])[0].value
        for way in ("sales", "home")
    )
    assert here == pytest.approx(home, rel=1e-9)


def test_a_store_in_one_currency_is_shown_at_todays_rate_alone():
    one = STORE.replace({"cost_currency": "EUR", "fx_rate": 1.0})
    here, home = (
        simulate(one.replace({"shown_in": way}), ["profit"], paths=1024).of("profit")
        for way in ("sales", "home")
    )
    assert (here == home).all()


def test_a_steady_order_at_home_is_worth_what_its_rate_says():
    """In a path whose rate is 10 an order's profit at home is 10/8 of that in the ledger."""
    values = Values(STORE, {"fx_rate": np.array([[8.0, 10.0]])})
    found = figures(values, {"steady": ["order_profit", "order_profit@currency=home"]})
    keys = ("order_profit", "order_profit@currency=home")
    one, home = (np.broadcast_to(found[key, "steady"], (1, 2))[0] for key in keys)
    assert home == pytest.approx([one[0], one[1] * 1.25])
