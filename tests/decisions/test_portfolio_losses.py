"""Parts of a portfolio lost as an event: by hand, and as the portfolio without these rows."""

import pytest

from funnel_sim.chance.portfolio import simulate_portfolio
from funnel_sim.decisions.portfolio.dependence import dependence, dependences
from funnel_sim.decisions.portfolio.losses import losses, losses_of
from funnel_sim.errors import InputError
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_loss import LossEvent

ROWS = tuple(
    PortfolioRow(name, base, product=name)
    for name, base in (("a", "amazon-de-kitchen"), ("b", "tiktok-us-beauty"), ("c", "shopee-th"))
)
ITEMS = Portfolio(ROWS, DATA_DATE)


@pytest.fixture(scope="module")
def simulated():
    return simulate_portfolio(ITEMS, 256)


def test_two_rows_lost_at_once_leave_the_portfolio_of_the_third(simulated):
    """Each row's draws are its own, so what is left is what the third brings alone."""
    found = losses(dependence(ITEMS, "product", simulated), ["a", "b"], simulated)
    [alone] = (Portfolio((ROWS[2],), DATA_DATE),)
    third = simulate_portfolio(alone, 256)
    assert found.after.quantiles[0.5].value == pytest.approx(third.estimate().quantiles[0.5].value)
    assert found.left == pytest.approx(dependence(alone, "product").profit)
    total = dependence(ITEMS, "product").profit
    assert found.cost == pytest.approx(total - found.left)


def test_an_event_is_weighed_with_how_likely_it_is(simulated):
    """A tenth of the futures lose the parts: a tenth of its cost, and of the two probabilities."""
    found = losses(dependence(ITEMS, "product", simulated), ["a"], simulated)
    assert found.expected(0.1) == pytest.approx(found.cost / 10)
    with_, without = found.after.loss.value, found.now.loss.value
    assert found.loss(0.1) == pytest.approx(0.1 * with_ + 0.9 * without)
    assert losses(dependence(ITEMS, "product"), ["a"]).loss(0.1) is None


def test_nothing_lost_costs_nothing_and_no_part_is_made_up():
    by_product = dependence(ITEMS, "product")
    assert losses(by_product, []).cost == 0.0
    with pytest.raises(InputError):
        losses(by_product, ["z"])
    by_channel = dependence(ITEMS, "channel")
    with pytest.raises(InputError):
        losses(by_channel, [one.name for one in by_channel.shares[:2]])


def test_the_events_of_a_portfolio_are_each_worked_out_and_what_is_gone_is_named(simulated):
    events = [
        LossEvent("product", ("a", "b"), 0.2),
        LossEvent("market", ()),
        LossEvent("product", ("a", "once")),
        LossEvent("group", ("x",)),
    ]
    asked = ITEMS.with_losses(events)
    both, one, none = losses_of(asked, dependences(asked, simulated), simulated)
    by_product = dependence(ITEMS, "product", simulated)
    assert both.losses == losses(by_product, ["a", "b"], simulated) and both.gone == ()
    assert one.losses == losses(by_product, ["a"], simulated) and one.gone == ("once",)
    assert none.losses is None and none.gone == ("x",)  # no row has a group
