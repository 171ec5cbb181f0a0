"""One step in a portfolio: it refuses what a whole portfolio refuses, a row goes out as a scenario
and comes back as it was, a link gives the same rows again.
"""

import base64
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.errors import InputError
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.budget import BudgetBound, BudgetTerms
from funnel_sim.scenario.moved_ranges import with_numbers
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_edits import (
    free_name,
    of_scenarios,
    opened_row,
    taken_back,
    with_added,
    with_change,
    with_copy,
    with_row,
    without_row,
)
from funnel_sim.scenario.portfolio_files import portfolio_from_bytes, portfolio_text
from funnel_sim.scenario.portfolio_links import (
    LONGEST_PORTFOLIO_LINK,
    MOST_LINKED,
    decode_portfolio,
    encode_portfolio,
)
from funnel_sim.scenario.presets import preset

DE, US = "amazon-de-kitchen", "amazon-us-kitchen"
ROWS = (
    PortfolioRow("Mug", DE, {"product.price": 24.0}, group="Kitchen"),
    PortfolioRow("Rack", US, {"channels.ads.cpc": 1.2, "conversion.cvr": 0.09}),
    PortfolioRow("Bottle", DE),
)
SHELF = Portfolio(ROWS, DATA_DATE)


def refused(made):
    with pytest.raises(InputError) as found:
        made()
    return [problem.rule for problem in found.value.problems]


def test_a_step_gives_what_the_whole_portfolio_would_be():
    dearer = with_change(SHELF, 2, "product.price", 31.0)
    row = PortfolioRow("Bottle", DE, {"product.price": 31.0})
    assert dearer == Portfolio((*ROWS[:2], row), DATA_DATE)
    assert [group.rows.tolist() for group in dearer.groups] == [[0, 2], [1]]
    assert SHELF.rows == ROWS  # the one that was given stays


def test_an_emptied_change_is_the_bases_again():
    assert with_change(SHELF, 0, "product.price", None).rows[0].changes == {}
    plain = with_change(SHELF, 0, "product.price", None).scenario_of(0)
    assert plain == preset(DE, DATA_DATE)


@pytest.mark.parametrize(
    ("step", "rule"),
    [
        (lambda: with_change(SHELF, 0, "product.price", -1.0), "above"),
        (lambda: with_change(SHELF, 0, "product.prise", 1.0), "unknown_field"),
        (lambda: with_row(SHELF, 0, PortfolioRow("Rack", DE)), "portfolio_twice"),
        (lambda: with_row(SHELF, 0, PortfolioRow(" ", DE)), "missing"),
        (lambda: with_row(SHELF, 0, PortfolioRow("Mug", "nowhere")), "portfolio_base"),
        (lambda: without_row(Portfolio(ROWS[:1], DATA_DATE), 0), "portfolio_rows"),
    ],
)
def test_a_step_refuses_what_a_portfolio_refuses(step, rule):
    assert rule in refused(step)


def test_copies_have_names_of_their_own_and_stand_behind_theirs():
    twice = with_copy(with_copy(SHELF, 0), 0)
    assert [row.name for row in twice.rows] == ["Mug", "Mug 3", "Mug 2", "Rack", "Bottle"]
    assert free_name(SHELF, "Mug") == "Mug 2" and free_name(SHELF, "Cup") == "Cup"
    assert [row.name for row in without_row(twice, 1).rows] == ["Mug", "Mug 2", "Rack", "Bottle"]
    assert with_added(SHELF, PortfolioRow("Cup", US)).rows[-1] == PortfolioRow("Cup", US)


@pytest.mark.parametrize("index", range(len(ROWS)))
def test_a_row_that_goes_out_and_comes_back_is_the_same(index):
    back = taken_back(SHELF, index, opened_row(SHELF, index))
    assert back == SHELF


@given(
    price=st.floats(5, 90).map(lambda one: round(one, 2)),
    returns=st.floats(0, 0.4).map(lambda one: round(one, 4)),
    months=st.integers(1, 36),
)
@settings(max_examples=20, deadline=None)
def test_what_is_changed_outside_is_what_differs_in_the_row(price, returns, months):
    changes = {
        "product.price": price,
        "fulfilment.return_rate": returns,
        "plan.horizon_months": months,
    }
    back = taken_back(SHELF, 1, opened_row(SHELF, 1).replace(changes))
    assert back.scenario_of(1) == SHELF.scenario_of(1).replace(changes)


def test_a_range_a_quote_and_the_shown_currency_come_back_too():
    pert = {"dist": "pert", "low": 0.05, "likely": 0.08, "high": 0.12}
    out = opened_row(SHELF, 0).replace(
        {
            "conversion.cvr": pert,
            "options": [{"id": "quote", "kind": "quote", "base": 8000.0}],
            "shown_in": "home",
        }
    )
    row = taken_back(SHELF, 0, out).rows[0]
    assert set(row.changes) == {"product.price", "conversion.cvr", "options"}
    assert taken_back(SHELF, 0, out).scenario_of(0) == out.replace(
        {"name": "", "shown_in": "sales"}
    )


def test_other_channels_make_the_scenario_the_rows_own_base():
    out = opened_row(SHELF, 1)
    more = [
        *out.plain()["channels"],
        {"id": "mail", "kind": "organic", "impressions": 900.0, "ctr": 0.01},
    ]
    out = out.replace({"channels": more})
    back = taken_back(SHELF, 1, out)
    assert back.rows[1].base == "Rack" and back.rows[1].changes == {}
    assert back.scenario_of(1) == out
    again = taken_back(back, 1, with_numbers(opened_row(back, 1), {"product.price": 50.0}))
    assert again.rows[1].changes == {"product.price": 50.0} and again.rows[1].base == "Rack"


def test_scenarios_become_rows_with_names_of_their_own():
    mine = preset(DE).replace({"name": "Mine", "product.price": 33.0})
    found = of_scenarios([("Mine", mine), ("Mine", preset(US)), (DE, mine)])
    assert [row.name for row in found.rows] == ["Mine", "Mine 2", f"{DE} 2"]
    assert found.scenario_of(0) == mine and found.currency == "CNY"


# ---- links
# --------------------------------------------------------------------------------------------


def test_a_link_holds_rows_tags_and_own_bases():
    mine = preset(DE).replace({"name": "Mine", "product.price": 33.0})
    rows = (*ROWS, PortfolioRow("Own", "mine", {"product.unit_cost": 30.0}, product="杯"))
    whole = Portfolio(rows, DATA_DATE, "EUR", {"mine": mine})
    assert decode_portfolio(encode_portfolio(whole)) == whole


def test_a_link_holds_what_is_asked_of_the_ad_budget():
    """Typed on the page of the ad budget, and lost where a link was opened; links of before, which
    know nothing of it, open as they did.
    """
    terms = BudgetTerms(
        budget_total=5000.0,
        budget_goal="gmv",
        profit_floor=-100.0,
        bounds=[BudgetBound(channel="Mug", low=50.0)],
    )
    asked = Portfolio(ROWS, DATA_DATE, budget=terms)
    assert decode_portfolio(encode_portfolio(asked)).budget == terms
    assert encode_portfolio(Portfolio(ROWS, DATA_DATE)) == encode_portfolio(
        Portfolio(ROWS, DATA_DATE, budget=BudgetTerms())
    )
    assert decode_portfolio(packed(GOOD)).budget == BudgetTerms()


def test_a_long_portfolio_has_no_link():
    many = tuple(PortfolioRow(f"{n}", DE) for n in range(MOST_LINKED + 1))
    assert encode_portfolio(Portfolio(many, DATA_DATE)) is None
    assert encode_portfolio(Portfolio(many[:MOST_LINKED], DATA_DATE)) is not None


def packed(body):
    raw = json.dumps(body).encode()
    return "1" + base64.urlsafe_b64encode(zlib.compress(raw)).rstrip(b"=").decode()


GOOD = {"m": "1", "on": DATA_DATE.isoformat(), "c": "CNY", "b": {}, "r": [["Mug", DE, {}]]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2abc",
        "1!!!",
        encode_portfolio(SHELF)[:-9],
        packed([]),
        packed(GOOD | {"r": [["Mug", DE]]}),
        packed(GOOD | {"r": [["Mug", DE, []]]}),
        packed(GOOD | {"r": [["Mug", DE, {}, *"123456"]]}),
        packed(GOOD | {"r": [[1, DE, {}]]}),
        packed(GOOD | {"b": {"x": "3nothing"}}),
    ],
)
def test_a_damaged_link_is_refused_in_a_sentence(text):
    assert refused(lambda: decode_portfolio(text)) == ["link_damaged"]


@pytest.mark.parametrize(
    ("asked", "rule"),
    [([], "group"), ({"budget_total": -1.0}, "at_least"), ({"x": 1}, "unknown_field")],
)
def test_a_link_that_asks_for_what_may_not_be_is_refused(asked, rule):
    assert refused(lambda: decode_portfolio(packed(GOOD | {"q": asked}))) == [rule]


def test_a_good_link_of_the_same_form_opens():
    assert decode_portfolio(packed(GOOD)).rows == (PortfolioRow("Mug", DE),)
    assert refused(lambda: decode_portfolio("1" + "A" * LONGEST_PORTFOLIO_LINK)) == ["link_long"]
    assert "above" in refused(
        lambda: decode_portfolio(packed(GOOD | {"r": [["Mug", DE, {"product.price": -3}]]}))
    )


def test_that_numbers_are_exact_stays_in_steps_and_travels():
    exact = SHELF.with_exact(True)
    assert exact != SHELF and with_change(exact, 0, "product.price", 31.0).exact
    assert decode_portfolio(encode_portfolio(exact)) == exact
    assert portfolio_from_bytes(portfolio_text(exact).encode()) == exact
    assert (
        '"exact"' not in portfolio_text(SHELF)
        and not decode_portfolio(encode_portfolio(SHELF)).exact
    )
