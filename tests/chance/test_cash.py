"""Cash in many futures: the draws of `simulate`, the point answer, errors that cover."""

import numpy as np
import pytest

from funnel_sim.chance.cash import BANDS, cash_of, simulate_cash
from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import quantile
from funnel_sim.chance.simulation import blocks, futures, simulate
from funnel_sim.chance.streams import plan_of
from funnel_sim.model.cash.amounts import CASH_WANTED
from funnel_sim.model.cash.run import KINDS, Extra, cash_run
from funnel_sim.model.economics import book_of, with_uplift
from funnel_sim.model.values import Values
from funnel_sim.scenario.cash import CashTerms
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value

TERMS = {
    "cash.opening_cash": 60_000.0,
    "cash.payout_basis": "delivery",
    "cash.delivery_days": 5.0,
    "cash.payout_delay_days": 7.0,
    "cash.payout_cycle": "fortnightly",
    "cash.reserve_rate": 0.1,
    "cash.reserve_days": 30.0,
    "cash.refund_days": 20,
    "cash.stocking": "periodic",
    "cash.order_every_days": 30,
    "cash.safety_days": 20,
    "cash.production_days": {"dist": "pert", "low": 15.0, "likely": 20.0, "high": 40.0},
    "cash.transit_days": {"dist": "pert", "low": 25.0, "likely": 35.0, "high": 60.0},
    "cash.deposit_rate": 0.3,
    "cash.vat_months": 3,
    "cash.vat_due_days": 10,
}


def store():
    """Return a store whose goods are ordered ahead."""
    return preset("amazon-de-kitchen").but(cash=CashTerms()).replace(TERMS)


def bought_as_sold():
    """Return the same with goods that are bought as they are sold."""
    return store().replace({"cash.stocking": "as_sold"})


def certain(scenario):
    """Return a scenario in which nothing is drawn."""
    points = {path: point_value(value) for path, value in scenario.quantities() if is_range(value)}
    off = {"chance.month_noise": False, "chance.counting": False, "chance.fx_walk": False}
    return scenario.replace(points | off | {"shocks": []})


@pytest.mark.parametrize("make", [store, bought_as_sold])
def test_without_width_every_future_is_the_point_answer(make):
    scenario = certain(make())
    assert Sources(scenario).certain
    many, one = simulate_cash(scenario, paths=256), cash_of(scenario).run
    assert many.lowest == pytest.approx(one.lowest[0], abs=1e-9)
    assert (many.lowest_day == one.lowest_day[0]).all()
    assert many.month_end == pytest.approx(np.repeat(one.month_end, 256, axis=1), abs=1e-9)
    assert many.bands == pytest.approx(np.repeat(one.weekly, len(BANDS), axis=1), abs=1e-9)
    assert many.profit == pytest.approx(one.profit.sum(), abs=1e-9)
    for kind in KINDS:
        assert many.mean_flows[kind] == pytest.approx(one.flows[kind][:, 0], abs=1e-9), kind
    assert many.ever_below.value in (0.0, 1.0) and not many.ever_below.error


def test_the_profit_of_a_future_is_that_of_the_simulation():
    scenario = bought_as_sold()
    found = simulate_cash(scenario, paths=1024, seed=3)
    profit = simulate(scenario, ["profit"], paths=1024, seed=3).of("profit")
    assert found.profit == pytest.approx(profit, abs=1e-6)
    assert (found.profit == found.profit_full).all() and not found.lost_orders.any()


def test_a_stock_out_takes_profit_and_never_brings_any_here():
    found = simulate_cash(store(), paths=1024)
    out = found.lost_orders > 0
    assert out.mean() > 0.05
    assert found.profit_full == pytest.approx(
        simulate(store(), ["profit"], paths=1024).of("profit"), abs=1e-6
    )
    assert (found.profit[out] < found.profit_full[out]).all()
    assert (found.profit[~out] == found.profit_full[~out]).all()


def test_many_paths_are_each_path_alone():
    scenario = store().replace({"cash.orders_need_cash": True, "cash.opening_cash": 9_000.0})
    sources, plan = Sources(scenario), plan_of(256, 5)
    _, draws, values = next(blocks(sources, plan))
    together = cash_run(values, paths=256)
    assert (together.served < 1).any()
    for path in (0, 17, 101, 255):
        alone = sources.model_values(draws.part(slice(path, path + 1)))
        one = cash_run(alone, paths=1)
        assert (one.month_end[:, 0] == together.month_end[:, path]).all()
        assert one.lowest[0] == together.lowest[path]
        assert one.lowest_day[0] == together.lowest_day[path]
        assert (one.weekly[:, 0] == together.weekly[:, path]).all()
        for kind in KINDS:
            assert (one.flows[kind][:, 0] == together.flows[kind][:, path]).all(), kind


def test_futures_drawn_before_are_the_same_futures():
    scenario = store()
    kept = futures(scenario, 1024, 7)
    one, two = (
        simulate_cash(scenario, drawn_before=kept),
        simulate_cash(scenario, paths=1024, seed=7),
    )
    assert (one.lowest == two.lowest).all() and (one.bands == two.bands).all()


def test_a_lever_moves_the_numbers_of_every_path():
    scenario = bought_as_sold()
    sooner = simulate_cash(
        scenario,
        paths=1024,
        moved=lambda values: Values(
            values.scenario,
            {**values.given, "cash.payout_delay_days": 0.0},
            by_chance=values.by_chance,
            by_month=values.by_month,
        ),
    )
    typed = simulate_cash(scenario.replace({"cash.payout_delay_days": 0.0}), paths=1024)
    assert (sooner.lowest == typed.lowest).all()


def test_the_bands_are_percentiles_of_the_balance():
    found = simulate_cash(bought_as_sold(), paths=1024)
    assert found.band_days[:3].tolist() == [6, 13, 20] and found.bands.shape == (52, len(BANDS))
    assert (np.diff(found.bands, axis=1) >= 0).all()
    run = [
        cash_run(v, paths=w.stop - w.start) for w, _, v in futures(bought_as_sold(), 1024).blocks
    ]
    week = np.sort(np.concatenate([one.weekly[20] for one in run]))
    assert found.bands[20].tolist() == [quantile(week, p) for p in BANDS]


@pytest.mark.slow
def test_errors_cover_the_truth():
    # the probability of a balance below zero, of twenty seeds against one of many paths
    scenario = bought_as_sold().replace({"cash.opening_cash": 40_000.0})
    truth = simulate_cash(scenario, paths=65_536, seed=99).ever_below.value
    assert 0.05 < truth < 0.95
    found = [simulate_cash(scenario, paths=1024, seed=seed).ever_below for seed in range(20)]
    inside = sum(abs(one.value - truth) <= one.margin for one in found)
    assert inside >= 17


def test_the_probability_by_month_is_below_that_of_any_day():
    found = simulate_cash(bought_as_sold().replace({"cash.opening_cash": 40_000.0}), paths=1024)
    assert len(found.below) == 12
    assert max(one.value for one in found.below) <= found.ever_below.value
    assert found.below_zero.any(axis=0).mean() == pytest.approx(found.ever_below.value)


def test_amounts_of_a_caller_come_on_their_days():
    scenario = certain(bought_as_sold())
    fee = np.full((12, 1), -3_000.0)
    extra = {"fee": Extra(fee, 10, "home"), "deposit": Extra(np.eye(12)[:, :1] * -500, -31)}
    one, two = cash_of(scenario).run, cash_of(scenario, extra).run
    assert one.balance is not None and two.balance is not None and two.day_flows is not None
    rate = float(scenario.fx_rate)
    paid = two.day_flows["extra"][:, 0]
    assert paid[0] == pytest.approx(-500.0)  # 31 days before the end of January, not before day 0
    assert paid[40] == pytest.approx(-3_000.0 / rate)  # 10 February
    assert two.balance[-1, 0] - one.balance[-1, 0] == pytest.approx(-500 - 12 * 3_000.0 / rate)


def test_a_book_with_more_orders_is_read_in_place_of_the_scenario_s_own():
    scenario = certain(bought_as_sold())
    values = Values(scenario)
    book = book_of(values, steady=False, wanted=CASH_WANTED)
    more = with_uplift(values, book, np.full((12, 1), 1.2), CASH_WANTED)
    one, two = cash_run(values, book), cash_run(values, more)
    assert two.profit_full.sum() > one.profit_full.sum()
    assert two.flows["payout"][:, 0] == pytest.approx(1.2 * one.flows["payout"][:, 0], rel=0.05)


def test_a_reserve_by_month_acts_on_the_cycles_of_that_month():
    # an event that holds everything back in March: nothing is paid out of its cycles
    scenario = certain(bought_as_sold())
    held = np.full((12, 1), 0.1)
    held[2] = 1.0
    run = cash_run(Values(scenario, by_month={"cash.reserve_rate": held}), by_day=True)
    usual = cash_run(Values(scenario), by_day=True)
    assert run.day_flows is not None and usual.day_flows is not None
    march = slice(31 + 28, 31 + 28 + 31)
    released = usual.day_flows["payout"][march, 0].sum()
    assert run.day_flows["payout"][march, 0].sum() < 0.15 * released
    assert run.bridge is not None and run.balance is not None
    assert np.abs(sum(run.bridge.values()) - run.balance).max() < 0.005
    assert run.balance[-1, 0] == pytest.approx(usual.balance[-1, 0], abs=0.005)
