"""On which day a contract is paid: every clause by hand, the slow reference, and the law that
payments add up to the bill.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.decisions.cash.fee_days import dated_fees
from funnel_sim.decisions.quote.base_periods import base_periods
from funnel_sim.decisions.quote.contract import (
    GAVE_NOTICE,
    LINES,
    STAYED,
    Duration,
    Flows,
    bill,
)
from funnel_sim.output.words.clauses import clauses
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option

STARTS = [0, 31, 59, 90, 120, 151, 181]
"""January to June of a year without a leap day, and the first of July."""


def life(last, months=6, paths=1, why=None):
    """Return a contract that runs until month `last` (None: beyond the plan)."""
    until = np.full(paths, months if last is None else last)
    ended = STAYED if last is None else (GAVE_NOTICE if why is None else why)
    return Duration(
        np.arange(1, months + 1)[:, None] <= until,
        until,
        np.full(paths, ended),
        np.zeros(paths, np.int64),
    )


def lines_of(option, lived, sales=0.0):
    shape = lived.running.shape
    flat = np.ones(shape)
    return bill(option, Flows(flat * sales, flat, flat, flat, flat, 0.0, {}, {}), lived)


def paid(last=None, sales=0.0, **clauses):
    """Return (line, day, amount) of one path."""
    option = Option.model_validate({"id": "a", "term": 6, **clauses})
    lived = life(last)
    return [
        (one.line, one.day, float(one.amount[0]))
        for one in dated_fees(option, lines_of(option, lived, sales), lived, STARTS)
    ]


def test_a_contract_that_says_nothing_pays_the_base_on_the_first_of_each_month():
    assert paid(last=3, base=100.0) == [("base", day, 100.0) for day in (0, 31, 59)]


def test_in_advance_and_in_arrears_count_from_the_two_ends_of_a_period():
    ahead = paid(last=2, base=100.0, due_base="advance", due_base_days=5)
    assert ahead == [("base", -5, 100.0), ("base", 26, 100.0)]
    # January ends on day 30, February on day 58
    after = paid(last=2, base=100.0, due_base="arrears", due_base_days=10)
    assert after == [("base", 40, 100.0), ("base", 68, 100.0)]


def test_a_quarter_paid_ahead_comes_back_for_the_months_not_served():
    """Two quarters at 3 × 100; it ends with month 4, so months 5 and 6 come back 30 days after
    April (day 119).
    """
    assert paid(last=4, base=100.0, due_every=3, due_refund_days=30) == [
        ("base", 0, 300.0),
        ("base", 90, 300.0),
        ("refund", 149, -200.0),
    ]


def test_a_quarter_in_arrears_is_billed_with_the_last_month_served():
    assert paid(last=4, base=100.0, due_base="arrears", due_every=3) == [
        ("base", 89, 300.0),
        ("base", 119, 100.0),
    ]


def test_a_year_in_arrears_is_not_billed_before_it_ends():
    """A term of 12 months in a plan of 6: the year ends on day 364 and what is served by then is
    due 10 days later; a quarter that ends with the plan (day 180) is due within 10 days of it.
    """
    year = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]
    option = Option(id="a", term=12, base=100.0, due_base="arrears", due_every=12, due_base_days=10)
    for last, due in ((None, (374, 600.0)), (5, (160, 500.0)), (6, (190, 600.0))):
        lived = life(last)
        [one] = dated_fees(option, lines_of(option, lived), lived, year)
        assert (one.day, float(one.amount[0])) == due
    quarters = option.but(due_every=3)
    lived = life(None)
    fees = dated_fees(quarters, lines_of(quarters, lived), lived, year)
    assert [(one.day, float(one.amount[0])) for one in fees] == [(99, 300.0), (190, 300.0)]


def test_a_period_never_reaches_over_the_end_of_a_term():
    assert base_periods(Option(id="a", term=4, due_every=3, renewal_months=2), 6) == [
        (1, 3),
        (4, 1),
        (5, 2),
    ]
    assert base_periods(Option(id="a", term=4, due_every=3, renewal="open"), 6) == [
        (1, 3),
        (4, 1),
        (5, 3),
    ]


def test_what_is_paid_ahead_beyond_the_plan_is_paid():
    """A year is paid on the first day, though the plan holds six months of it."""
    assert paid(base=100.0, term=12, due_every=12) == [("base", 0, 1200.0)]


def test_the_trials_own_base_is_billed_in_its_months():
    assert paid(last=3, base=100.0, trial=1, trial_base=40.0, due_every=3) == [("base", 0, 240.0)]


def test_setup_results_and_tax():
    """Setup 200 a week after signing; 10 % of sales of 1,000 two weeks after each month's end; 6 %
    of tax on both.
    """
    assert paid(
        last=2,
        sales=1000.0,
        setup=200.0,
        share_tiers=[{"rate": 0.1}],
        fee_tax=0.06,
        due_setup_days=7,
        due_results_days=14,
    ) == [
        ("setup", 7, 212.0),
        ("results", 44, pytest.approx(106)),
        ("results", 72, pytest.approx(106)),
    ]


def test_instalments_by_date_and_yearly_fees_fall_on_the_first_of_their_month():
    found = paid(
        instalments=[{"amount": 500.0, "month": 3}],
        extras=[
            {"amount": 30.0, "every": "year"},
            {"amount": 20.0, "every": "once"},
            {"amount": 5.0, "every": "month"},
        ],
        due_results_days=1,
    )
    assert found[0] == ("extras", 0, 50.0)
    assert ("instalments", 59, 500.0) in found
    assert [one for one in found if one[0] == "results"] == [
        ("results", day, 5.0) for day in (31, 59, 90, 120, 151, 181)
    ]


def test_a_deposit_is_given_back_after_the_end_and_not_before():
    assert paid(last=2, deposit=1000.0, deposit_days=60) == [
        ("deposit", 0, 1000.0),
        ("deposit_back", 118, -1000.0),
    ]
    assert paid(deposit=1000.0) == [("deposit", 0, 1000.0)]


def test_a_total_maximum_takes_off_the_months_bill():
    """Base 100 is paid ahead; the maximum of 150 brings month 2's bill down by 50 at its end."""
    assert paid(last=2, base=100.0, total_cap=150.0) == [
        ("base", 0, 100.0),
        ("base", 31, 100.0),
        ("results", 58, -50.0),
    ]


contracts = st.fixed_dictionaries(
    {
        "base": st.sampled_from([0.0, 100.0, 333.33]),
        "setup": st.sampled_from([0.0, 250.0]),
        "term": st.integers(1, 7),
        "trial_base": st.sampled_from([None, 20.0]),
        "share_tiers": st.sampled_from([[], [{"rate": 0.1}]]),
        "instalments": st.lists(
            st.fixed_dictionaries({"amount": st.just(70.0), "month": st.integers(1, 6)}), max_size=2
        ),
        "extras": st.lists(
            st.fixed_dictionaries(
                {"amount": st.just(9.0), "every": st.sampled_from(["once", "month", "year"])}
            ),
            max_size=2,
        ),
        "total_cap": st.sampled_from([None, 300.0]),
        "passed_on": st.sampled_from([0.0, 12.0]),
        "fee_tax": st.sampled_from([0.0, 0.06]),
        "deposit": st.sampled_from([0.0, 500.0]),
        "due_base": st.sampled_from(["unsaid", "advance", "arrears"]),
        "due_every": st.integers(1, 12),
        "due_base_days": st.integers(0, 30),
        "due_results_days": st.integers(0, 60),
        "renewal": st.sampled_from(["ends", "automatic", "open"]),
        "renewal_months": st.integers(1, 4),
    }
)


@given(contracts, st.lists(st.integers(1, 6), min_size=3, max_size=3))
def test_payments_of_a_contract_that_ended_add_up_to_its_bill(clauses, lasts):
    option = Option.model_validate({"id": "a", "trial": 1, **clauses})
    until = np.array(lasts)
    lived = Duration(
        np.arange(1, 7)[:, None] <= until,
        until,
        np.full(3, GAVE_NOTICE),
        np.zeros(3, np.int64),
    )
    lines = lines_of(option, lived, sales=1000.0)
    owed = sum(lines[name].sum(axis=0) for name in LINES if name in lines)
    fees = dated_fees(option, lines, lived, STARTS)
    np.testing.assert_allclose(sum(one.amount for one in fees), owed, atol=1e-9)
    assert [one.day for one in fees] == sorted(one.day for one in fees)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_contract_that_says_nothing_has_no_clause_on_payment(lang):
    store = preset("amazon-de-kitchen")

    def keys(**more):
        return [one.key for one in clauses(store, Option(id="a", base=100.0, **more), lang)]

    assert not {"payment", "deposit"} & set(keys())
    assert "payment" in keys(due_base="advance", due_every=3)
    assert "payment" in keys(due_results_days=15)
    assert "deposit" in keys(deposit=10.0)


def test_the_clause_on_payment_in_words():
    store = preset("amazon-de-kitchen")
    option = Option(
        id="a", base=100.0, setup=5.0, due_base="advance", due_every=3, due_base_days=5,
        due_setup_days=7, due_results_days=15, due_refund_days=10,
    )  # fmt: skip
    [found] = [one.text for one in clauses(store, option, "en") if one.key == "payment"]
    assert found == (
        "The base of each period of 3 months is paid in advance, 5 days before its first day. If"
        " the engagement ends within such a period, the base of the months not served is given back"
        " 10 days after its end. The setup fee is paid 7 days after signing. Shares, bonuses and"
        " all else of a month are settled 15 days after the month's last day."
    )


def test_days_without_a_word_on_before_or_after_are_none():
    """Not said is the first day of the period, whatever number stands in the box of days."""
    plain, typed = (paid(last=2, base=100.0, due_base_days=days) for days in (0, 10))
    assert typed == plain and min(day for _, day, _ in typed) == 0
