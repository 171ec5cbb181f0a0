"""A number typed where a range stood: one rule for a field on screen and for a row."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.errors import InputError
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.moved_ranges import along, as_changes, with_numbers
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_edits import opened_row, taken_back
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import (
    BetaCounts,
    Lognormal,
    LogPert,
    Normal,
    Pert,
    Sample,
    Triangular,
    Uniform,
    is_range,
    point_value,
)

KITCHEN = preset("amazon-de-kitchen")
PRICE = "product.price"


def row_of(changes, base=KITCHEN):
    return Portfolio((PortfolioRow("a", "s", changes),), DATA_DATE, bases={"s": base})


def test_a_row_moves_the_range_as_the_field_on_screen_does():
    """26.30 / 29.99 / 34.19 at 27.25: ends times 27.25 ÷ 29.99 = 0.908636, so 23.8971 and 31.0663;
    the field writes exactly that.
    """
    price = row_of({PRICE: 27.25}).scenario_of(0).product.price
    assert (price.low, price.likely, price.high) == (23.8971, 27.25, 31.0663)
    assert price == KITCHEN.replace({PRICE: along(PRICE, KITCHEN.product.price, 27.25)}).get(PRICE)


@pytest.mark.parametrize(
    ("before", "value", "ends"),
    [
        (Pert(low=0.2, likely=0.5, high=0.8), 0.75, (0.3, 1.0)),  # 1.2 would be above 100 %
        (Triangular(low=0.2, likely=0.5, high=0.6), 0.25, (0.1, 0.3)),
        (Uniform(low=0.2, high=0.8), 0.25, (0.1, 0.4)),
        (Uniform(low=0.2, high=0.8), 0.75, (0.5, 1.0)),  # ± 0.45 would be above: ± 0.25 is left
    ],
)
def test_an_end_stays_in_the_domain_and_the_likely_value_what_was_typed(before, value, ends):
    found = along("fulfilment.return_rate", before, value)
    assert (found["low"], found["high"]) == ends
    store = KITCHEN.replace({"fulfilment.return_rate": found})
    assert point_value(store.fulfilment.return_rate) == value


@pytest.mark.parametrize(
    ("before", "value"),
    [
        (12.0, 15.0),
        (BetaCounts(successes=3.0, trials=10.0), 0.4),
        (Sample(values=[1.0, 2.0]), 1.2),
        (Pert(low=1.0, likely=2.0, high=3.0), 0.0),
        (Normal(mean=0.0, sd=1.0), 2.0),
        (Uniform(low=1.0, high=3.0), -2.0),
    ],
)
def test_what_cannot_be_moved_is_the_number(before, value):
    assert along("product.unit_cost", before, value) == value


RANGE = st.builds(
    lambda kind, at, down, up: {
        "pert": Pert(low=at * down, likely=at, high=at * up),
        "logpert": LogPert(low=at * down, likely=at, high=at * up, meaning="p80"),
        "uniform": Uniform(low=at * down, high=at * up),
        "normal": Normal(mean=at, sd=at * (1 - down)),
        "lognormal": Lognormal(median=at, sigma=up - 1),
    }[kind],
    st.sampled_from(["pert", "logpert", "uniform", "normal", "lognormal"]),
    st.floats(0.01, 50),
    st.floats(0.1, 1),
    st.floats(1, 1.9),
)
PATHS = (PRICE, "product.unit_cost", "conversion.cvr", "channels.ads.cpc", "fx_rate")
NUMBERS = st.dictionaries(st.sampled_from(PATHS), st.floats(0.001, 60), min_size=1)


@settings(max_examples=60, deadline=None)
@given(ranges=st.dictionaries(st.sampled_from(PATHS), RANGE), numbers=NUMBERS)
def test_a_row_is_the_scenario_in_which_its_numbers_were_typed(ranges, numbers):
    """Typed one after another, a range that a rule forbids left out, in whatever order they stand;
    every likely value is the number.
    """
    try:
        base = KITCHEN.replace(ranges)
        base.replace(numbers)
    except InputError:
        return
    row = row_of(numbers, base).scenario_of(0)
    assert row == row_of(dict(reversed(numbers.items())), base).scenario_of(0)
    typed = base.replace(numbers)
    for path in sorted(numbers):
        try:
            typed = typed.replace({path: along(path, base.get(path), numbers[path])})
        except InputError:
            continue
    assert row == typed
    for path, value in numbers.items():
        assert point_value(row.get(path)) == pytest.approx(value, rel=1e-11)


@settings(max_examples=60, deadline=None)
@given(ranges=st.dictionaries(st.sampled_from(PATHS), RANGE), numbers=NUMBERS, exact=st.booleans())
def test_a_scenario_taken_back_is_the_row(ranges, numbers, exact):
    """Whether its numbers were typed, which moves ranges, or stand there exactly."""
    try:
        base = KITCHEN.replace(ranges)
        made = base.replace(numbers) if exact else with_numbers(base, numbers)
    except InputError:
        return
    back = taken_back(row_of({}, base), 0, made.replace({"name": "a"}))
    assert opened_row(back, 0) == made.replace({"name": "a"})


def test_a_row_says_as_little_as_it_can_and_an_exact_number_by_a_range_of_no_width():
    typed = with_numbers(KITCHEN, {PRICE: 27.25, "tax.tax_rate": 0.2})
    changes = {path: typed.plain()["product"]["price"] for path in (PRICE,)}
    assert as_changes(KITCHEN, changes | {"tax.tax_rate": 0.2}) == {
        PRICE: 27.25,
        "tax.tax_rate": 0.2,
    }
    exact = as_changes(KITCHEN, {PRICE: 27.25})
    assert exact[PRICE]["low"] == exact[PRICE]["high"] == 27.25
    assert row_of(exact).scenario_of(0).product.price == 27.25
    assert is_range(row_of({PRICE: 27.25}).scenario_of(0).product.price)


def test_part_of_what_a_row_changes_as_a_whole_moves_nothing():
    """The row writes its channels anew, and a click price within them: that is a number."""
    channels = list(KITCHEN.plain()["channels"])
    row = row_of({"channels": channels, "channels.ads.cpc": 0.9}).scenario_of(0)
    assert row.get("channels.ads.cpc") == 0.9


def test_a_portfolio_whose_numbers_are_exact_moves_no_range_and_keeps_those_that_are_typed():
    """Price 27.25 typed: 27.25 alone; a range typed at the cost and those of the base stay."""
    cost = {"dist": "pert", "low": 30.0, "likely": 40.0, "high": 60.0}
    loose = row_of({PRICE: 27.25, "product.unit_cost": cost})
    exact = loose.with_exact(True)
    store = exact.scenario_of(0)
    assert store.product.price == 27.25
    assert store.product.unit_cost == Pert(low=30.0, likely=40.0, high=60.0)
    assert store.conversion.cvr == KITCHEN.conversion.cvr and is_range(KITCHEN.conversion.cvr)
    assert exact.is_exact(0, PRICE) and not exact.is_exact(0, "product.unit_cost")
    assert not loose.is_exact(0, PRICE) and exact.with_exact(False) == loose


def test_a_row_opened_and_taken_back_is_the_same_in_a_portfolio_whose_numbers_are_exact():
    """A number stays a number, and a range that happens to be the base's moved along a range."""
    moved = along(PRICE, KITCHEN.product.price, 27.25)
    for changes in ({PRICE: 27.25}, {PRICE: moved}):
        exact = row_of(changes).with_exact(True)
        back = taken_back(exact, 0, opened_row(exact, 0))
        assert back.scenario_of(0) == exact.scenario_of(0)
        assert dict(back.rows[0].changes) == changes
