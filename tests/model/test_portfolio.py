"""The ledger of a portfolio: the sum of its scenarios, in whatever order its rows stand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.errors import InputError
from funnel_sim.model import portfolio as model
from funnel_sim.model.economics import evaluate
from funnel_sim.model.ledger import LINE_KEYS
from funnel_sim.model.portfolio import portfolio_figures
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.paths import spec_of, varying_paths
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset

KEYS = (*LINE_KEYS, "profit", "paid_orders", "gmv")
BASES = ("amazon-de-kitchen", "tiktok-my-beauty", "mercadolibre-br")
CHANGES = {
    "product.price": st.integers(500, 20_000).map(lambda cents: cents / 100),
    "product.unit_cost": st.integers(0, 30_000).map(lambda cents: cents / 100),
    "fulfilment.return_rate": st.integers(0, 50).map(lambda percent: percent / 100),
    "fx_rate": st.integers(750, 950).map(lambda rate: rate / 100),
    "customers.repeat_probability": st.integers(0, 60).map(lambda percent: percent / 100),
    "customers.referral": st.integers(0, 20).map(lambda percent: percent / 100),
    "plan.horizon_months": st.integers(3, 5),
    "product.price_includes_tax": st.booleans(),
    "conversion.demand_elasticity": st.sampled_from([0.0, 0.8, 2.5]),
    "conversion.reference_price": st.sampled_from([15.0, 40.0]),
    "fixed.one_off": st.just([{"amount": 500.0, "month": 1, "group": "staff"}]),
}
SOME = st.fixed_dictionaries({}, optional=CHANGES)


def by_hand(portfolio, over):
    """Return the figures of each row from its own scenario."""
    results = [evaluate(portfolio.scenario_of(n)).over(over) for n in range(len(portfolio.rows))]
    return {key: np.array([one[key] for one in results], dtype=float) for key in KEYS}


@pytest.mark.parametrize("over", ["steady", "total"])
@settings(max_examples=12, deadline=None)
@given(rows=st.lists(st.tuples(st.sampled_from(BASES), SOME), min_size=1, max_size=6))
def test_the_ledger_is_the_sum_of_the_scenarios(rows, over):
    made = Portfolio(
        tuple(PortfolioRow(str(n), base, some) for n, (base, some) in enumerate(rows)), DATA_DATE
    )
    found, alone = portfolio_figures(made, KEYS, over), by_hand(made, over)
    for key in KEYS:
        np.testing.assert_allclose(found[key], alone[key], rtol=1e-9, atol=1e-9, err_msg=key)
        total = float(np.sum(alone[key]))
        assert float(np.sum(found[key])) == pytest.approx(total, rel=1e-9, abs=1e-9)


JOINED = {
    "conversion.cvr": (0.0, 0.05, 0.2, 1.0, 1.1),
    "conversion.add_to_cart_rate": (0.05, 0.2, 1.0),
    "conversion.payment_success_rate": (0.0, 0.5, 1.0),
    "conversion.demand_elasticity": (0.0, 1.5),
    "conversion.reference_price": (0.0, 20.0),
    "product.voucher": (1e6,),
    "channels.ads.channel_cvr": (0.05, 0.5),
    "channels.ads.elasticity": (0.0, 0.3),
    "channels.ads.reference_budget": (500.0,),
    "commission.commission_cap": (0.1, 5.0),
    "commission.commission_minimum": (0.0, 1.0),
    "customers.referral": (0.0, 0.5, 0.99),
    "customers.repeat_probability": (0.0, 0.5),
    "fx_rate": (0.5, 7.5, 9.0),
    "payment.bank_rate": (7.0, 8.0),
    "product.price": (0.0, 5e-7, 12.0, 1e12),
}
FEW = st.fixed_dictionaries(
    {}, optional={path: st.sampled_from(some) for path, some in JOINED.items()}
).filter(lambda some: len(some) <= 4)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(changes=st.lists(FEW, min_size=1, max_size=5))
def test_rows_are_refused_where_scenarios_are_and_equal_them_elsewhere(changes):
    """Fields that rules join, several rows at once: each row is judged as its own scenario is."""
    store, rows, wrong = preset(BASES[0]), [], set()
    for number, some in enumerate(changes):
        row = PortfolioRow(f"{number}", BASES[0], some, place="row")
        try:
            store.replace(some)
        except InputError:
            wrong.add(row.name)
        rows.append(row)
    told: set[str] = set()
    try:
        Portfolio(tuple(rows), DATA_DATE)
    except InputError as error:
        told = {one.where.split("(")[1].split(")")[0] for one in error.problems}
    assert told == wrong
    good = tuple(row for row in rows if row.name not in wrong)
    if good:
        made = Portfolio(good, DATA_DATE)
        found, alone = portfolio_figures(made, KEYS), by_hand(made, "steady")
        for key in KEYS:
            np.testing.assert_allclose(found[key], alone[key], rtol=1e-9, atol=1e-9, err_msg=key)


@pytest.mark.slow
@pytest.mark.parametrize("over", ["steady", "total"])
@pytest.mark.parametrize("name", BASES)
def test_every_number_of_a_row_tells_as_in_the_scenario(name, over):
    """Each field that may vary, at nothing, at half and a little beside what it is."""
    store, rows = preset(name), []
    for path in varying_paths(store):
        spec = spec_of(path)
        if path.startswith(("chance.", "cash.", "verdicts.", "promise.")) or spec is None:
            continue
        for value in (0.0, 0.5, spec.domain[0]):
            row = PortfolioRow(f"{path}={value}", name, {path: value})
            try:
                store.replace(row.changes)
            except InputError:
                with pytest.raises(InputError):
                    Portfolio((row,), DATA_DATE)
                continue
            rows.append(row)
    rows = list({row.name: row for row in rows}.values())
    made = Portfolio(tuple(rows), DATA_DATE)
    found, alone = portfolio_figures(made, KEYS, over), by_hand(made, over)
    for key in KEYS:
        np.testing.assert_allclose(found[key], alone[key], rtol=1e-9, atol=1e-9, err_msg=key)


def test_a_banks_own_rate_is_held_against_each_rows_exchange_rate():
    """At 8.0 CNY for a euro a bank that gives 7.5 keeps a sixteenth; at 9.0 one that gives 8.8
    keeps 2.2 %, one that gives 8.0 a ninth.
    """
    rows = tuple(
        PortfolioRow(name, BASES[0], {"fx_rate": rate, "payment.bank_rate": bank})
        for name, rate, bank in (("a", 8.0, 7.5), ("b", 9.0, 8.8), ("c", 9.0, 8.0))
    )
    made = Portfolio(rows, DATA_DATE)
    for key, values in by_hand(made, "steady").items():
        np.testing.assert_allclose(
            portfolio_figures(made, KEYS)[key], values, rtol=1e-9, atol=1e-9, err_msg=key
        )
    assert [group.rows.tolist() for group in made.groups] == [[0], [1, 2]]


def test_the_order_of_rows_changes_no_digit(monkeypatch):
    rows = [
        PortfolioRow(f"r{n}", BASES[n % 2], {"product.price": 10.0 + n, "product.unit_cost": n / 3})
        for n in range(40)
    ]
    one = portfolio_figures(Portfolio(tuple(rows), DATA_DATE), KEYS)
    monkeypatch.setattr(model, "ROWS_AT_ONCE", 7)
    other = portfolio_figures(Portfolio(tuple(rows[::-1]), DATA_DATE), KEYS)
    for key in KEYS:
        assert one[key].tolist() == other[key][::-1].tolist()


def test_a_row_without_a_figure_has_none():
    """Without visits there is no order, so no cost of one."""
    rows = (
        PortfolioRow(
            "none", BASES[0], {"channels.ads.budget": 0.0, "channels.organic.impressions": 0.0}
        ),
        PortfolioRow("some", BASES[0]),
    )
    found = portfolio_figures(Portfolio(rows, DATA_DATE), ["paid_orders", "cac"])
    assert found["paid_orders"][0] == 0 and np.isnan(found["cac"]).tolist() == [True, False]


def test_a_figure_that_is_none_is_refused():
    with pytest.raises(InputError, match="profitt"):
        portfolio_figures(Portfolio((PortfolioRow("a", BASES[0]),), DATA_DATE), ["profitt"])
