"""What the contract check says of fees, by hand: each judge on terms and futures written down."""

from types import SimpleNamespace

import numpy as np
import pytest

from funnel_sim.decisions.quote.contract_check.findings import Amount
from funnel_sim.decisions.quote.contract_check.judged_fees import (
    _baseline_season,
    _before_results,
    _cap,
    _clawback,
    _fee_tax,
    _fees_range,
    _hidden_fees,
    _penalty,
    _prepayment,
    _rebate,
    _share_all,
    prepaid_at_risk,
)
from funnel_sim.reference.contract_items import standard, usual_prices
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

NO_EFFECT = standard("no_effect")  # half a percent of the fees
TIERS = {"share_tiers": [{"upto": 5000.0, "rate": 0.0}, {"rate": 0.1}]}
FROM_ONE = {"share_tiers": [{"rate": 0.1}]}


def case(terms=None, *, months=24, lines=None, paid=1200.0, found=True, **more):
    """Two years of which 1,200 are paid in all, unless said otherwise."""
    told = {name: np.asarray(value, float) for name, value in (lines or {}).items()}
    as_is = SimpleNamespace(lines=told, paid=np.full(10, paid), rebate=np.full(4, 48.0))

    def line(*names, until=None):
        return sum(float(told[name][:until].sum()) for name in names if name in told)

    plain = {
        "option": Option.model_validate({"id": "a", "term": 12, **(terms or {})}),
        "scenario": neutral(), "found": {"as_is": as_is} if found else {}, "paid": paid, "fx": 1.0,
        "line": line, "year": lambda value: value * 12 / months, "variable": True,
        "a_year": lambda better, worse: {}, "first_result": 3, "paid_if": lambda name: paid,
    }  # fmt: skip
    return SimpleNamespace(**(plain | more))


def said(judgement):
    return judgement.state, judgement.case


def amounts(judgement):
    return {name: pytest.approx(one.value) for name, one in judgement.figures.items()}


def cost(value):
    return lambda better, worse: {"cost": Amount(value, "money")}


# ---- the share


def test_a_share_of_all_sales_is_bad_unless_its_first_step_pays_nothing():
    assert said(_share_all(case())) == ("good", "none")
    assert said(_share_all(case({"share_tiers": [{"rate": 0.0}]}))) == ("good", "none")
    assert said(_share_all(case({**FROM_ONE, "share_over": "all"}))) == ("bad", "bad")
    unknown = case({**FROM_ONE, "share_over": "all"}, found=False)
    assert said(_share_all(unknown)) == ("bad", "plain")
    # the neutral store sells 10,000 alone: from 5,000 on, 500 are paid without any effect
    low = _share_all(case({**TIERS, "share_over": "all"}))
    assert said(low) == ("bad", "bad_threshold")
    assert low.figures["cost"].value > 0 and low.figures["usual"].value == pytest.approx(10_000)
    high = {"share_tiers": [{"upto": 20_000.0, "rate": 0.0}, {"rate": 0.1}], "share_over": "all"}
    assert said(_share_all(case(high))) == ("good", "good_threshold")


@pytest.mark.parametrize(("base", "found"), [(None, ("good", "good")), (9_000.0, "low"),
                                             (10_000.0, ("good", "good"))])  # fmt: skip
def test_a_baseline_below_what_is_sold_anyway_is_bad(base, found):
    told = _share_all(case({**FROM_ONE, "share_over": "baseline", "baseline": base}))
    assert said(told) == (("bad", "low_baseline") if found == "low" else found)
    assert ("cost" in told.figures) == (found == "low")
    assert told.figures["term"].value == 12


def test_a_season_is_asked_of_a_baseline_where_it_moves_half_a_percent_of_the_fees():
    """600 a year are paid: 3 are half a percent."""
    over = {**FROM_ONE, "share_over": "baseline"}
    assert said(_baseline_season(case(FROM_ONE | {"share_over": "all"}))) == ("good", "none")
    assert said(_baseline_season(case())) == ("good", "none")
    assert said(_baseline_season(case({**over, "baseline_season": True}))) == ("good", "good")
    assert NO_EFFECT == 0.005
    for value, told in ((2.9, ("good", "no_effect")), (3.1, ("bad", "bad")),
                        (-2.9, ("good", "no_effect")), (-3.1, ("bad", "bad"))):  # fmt: skip
        assert said(_baseline_season(case(over, a_year=cost(value)))) == told
    assert said(_baseline_season(case(over, found=False))) == ("bad", "plain")
    # of fees of nothing half a cent counts as nothing
    assert said(_baseline_season(case(over, paid=0.0, a_year=cost(0.004))))[1] == "no_effect"
    assert said(_baseline_season(case(over, paid=0.0, a_year=cost(0.006))))[1] == "bad"


def test_a_clawback_is_asked_of_shares_that_returns_do_not_lower():
    assert said(_clawback(case())) == ("good", "none")
    for basis in ("net_revenue", "cm3"):
        assert said(_clawback(case({**FROM_ONE, "share_basis": basis}))) == ("good", "good")
    gmv = {**FROM_ONE, "share_basis": "gmv"}
    assert said(_clawback(case({**gmv, "clawback": True}))) == ("good", "good")
    assert said(_clawback(case(gmv))) == ("bad", "plain")
    worth = _clawback(case(gmv, a_year=cost(7.0)))
    assert said(worth) == ("bad", "bad") and amounts(worth) == {"cost": 7.0}


# ---- limits


def test_a_cap_is_asked_where_fees_may_rise_by_half_a_percent():
    """1,200 on average: up to 1,206 in a good future or by what is claimed moves nothing."""
    assert said(_cap(case(variable=False))) == ("good", "none")
    assert said(_cap(case({"cap": 100.0}))) == ("good", "good")
    assert said(_cap(case({"total_cap": 100.0}))) == ("good", "good")
    assert said(_cap(case(found=False))) == ("bad", "plain")
    assert said(_cap(case())) == ("good", "no_effect")
    for claimed, told in ((1205.9, ("good", "no_effect")), (1206.1, ("bad", "bad"))):
        assert said(_cap(case(paid_if=lambda name, v=claimed: v))) == told
    high = case(paid_if=lambda name: 1200.0)
    high.found["as_is"].paid = np.repeat([1100.0, 1600.0], [5, 5])
    found = _cap(high)
    assert said(found) == ("bad", "bad")
    assert amounts(found) == {"expected": 600.0, "high": 800.0, "claimed": 600.0}


def test_penalties_are_asked_for_and_that_they_are_limited():
    reward = {"kpi": "k", "kind": "penalty", "form": "fixed", "amount": 5.0}
    assert said(_penalty(case())) == ("bad", "none")
    assert said(_penalty(case({"rewards": [reward | {"kind": "bonus"}]}))) == ("bad", "none")
    lines = {"penalty": [-3.0, -4.0]}
    limited = _penalty(case({"rewards": [reward], "penalty_limited": True}, lines=lines))
    assert said(limited) == ("good", "good") and amounts(limited) == {"taken": 7.0}
    assert said(_penalty(case({"rewards": [reward], "penalty_limited": False}))) == (
        "bad", "unlimited",
    )  # fmt: skip


# ---- further fees


def test_further_fees_are_told_a_year_and_as_a_share():
    """30 and 90 of 1,200 in two years: 60 a year, a tenth."""
    extra = {"extras": [{"amount": 5.0}]}
    lines = {"extras": [10.0, 20.0], "passed_on": [40.0, 50.0], "base": [1.0, 2.0]}
    assert said(_hidden_fees(case(lines=lines))) == (None, "")
    assert said(_hidden_fees(case(extra, found=False))) == ("bad", "plain")
    found = _hidden_fees(case(extra, lines=lines))
    assert said(found) == ("bad", "bad") and amounts(found) == {"cost": 60.0, "share": 0.1}
    assert said(_hidden_fees(case({"passed_on": 5.0}, lines=lines))) == ("bad", "bad")
    assert amounts(_hidden_fees(case(extra, lines=lines, paid=0.0)))["share"] == 0.0


def test_a_rebate_is_told_as_it_is_shared():
    """48 are kept in two years and 12 passed on: 24 and 6 a year."""
    lines = {"rebate": [-5.0, -7.0]}
    kept = _rebate(case({"rebate_rate": 0.1, "rebate_to_client": 0.5}, lines=lines))
    assert said(kept) == ("good", "kept")
    assert amounts(kept) == {"rate": 0.1, "kept": 24.0, "passed": 6.0}
    passed = {"rebate_rate": 0.1, "rebate_to_client": 1.0}
    assert said(_rebate(case(passed, lines=lines))) == ("good", "passed")
    assert said(_rebate(case(passed, found=False))) == ("good", "passed_plain")
    assert said(_rebate(case({"rebate_rate": 0.1}, found=False)))[1] in (
        "kept_plain", "passed_plain",
    )  # fmt: skip


def test_a_rebate_that_nobody_discloses_is_bad_until_it_is_answered():
    plain = _rebate(case())
    assert said(plain) == (None, "plain") and plain.unanswered == "bad" and not plain.figures
    told = case()
    told.found["rebate"] = SimpleNamespace(rebate=np.full(4, 100.0))
    assert said(_rebate(told)) == (None, "undisclosed") and amounts(_rebate(told)) == {"cost": 50.0}
    yes = _rebate(case({"says_yes": ["rebate"]}))
    assert said(yes) == (None, "") and yes.unanswered == "open"
    assert said(_rebate(case({"says_no": ["rebate"]}))) == (None, "plain")


def test_fees_are_held_against_the_ends_of_what_is_asked_elsewhere():
    on = neutral().as_of
    rows = usual_prices("spend", on)
    ends = [end for row in rows for end in (row.low, row.typical, row.high) if end is not None]
    for value, state in ((max(ends), "good"), (max(ends) + 0.001, "bad")):
        found = _fees_range(case({"spend_rate": value}))
        assert said(found) == (state, state) and found.prices == tuple(rows)
        assert amounts(found) == {"spend": value, "spend_low": min(ends), "spend_high": max(ends)}
        assert found.figures["spend"].unit == "rate"
    assert said(_fees_range(case())) == ("open", "none")
    # of several tiers the highest rate is looked at; one clause above its ends is enough
    share = {"share_tiers": [{"upto": 9.0, "rate": 0.9}, {"rate": 0.01}], "spend_rate": min(ends)}
    found = _fees_range(case(share))
    assert found.state == "bad" and found.figures["share"].value == 0.9
    money = _fees_range(case({"base": 1.0})).figures
    assert money["base"].unit == "fee" and money["base_high"].value > money["base_low"].value > 1


# ---- when they are due


def test_what_is_due_before_results_is_held_against_all_that_is_paid():
    """Until month 3: bases of 3 · 100, and an instalment of month 3; half of 1,200 is 600."""
    lines = {"base": [100.0] * 12, "share": [500.0] * 12}
    found = _before_results(case({"base": 100.0}, lines=lines))
    assert said(found) == ("good", "good")
    assert amounts(found) == {"share": 0.25, "due": 300.0, "month": 3}
    assert said(_before_results(case(lines=lines, paid=599.0))) == ("bad", "late")
    assert said(_before_results(case(lines=lines, paid=600.0))) == ("good", "good")
    assert amounts(_before_results(case(lines=lines, paid=200.0)))["share"] == 1.0
    assert said(_before_results(case(lines=lines, paid=0.0))) == ("open", "none")
    assert said(_before_results(case(lines=lines, found=False))) == ("open", "none")
    dated = {"instalments": [{"amount": 50.0, "month": 3}, {"amount": 70.0, "month": 4}]}
    upfront = _before_results(case(dated, lines=lines))
    assert said(upfront) == ("bad", "bad") and upfront.figures["due"].value == 350.0
    assert said(_before_results(case({"setup": 1.0}, lines=lines))) == ("bad", "bad")
    # where a part waits for a KPI, what is due by date is no fault by itself
    waits = {"instalments": [*dated["instalments"], {"amount": 9.0, "kpi": "k"}]}
    assert said(_before_results(case(waits, lines=lines))) == ("good", "good")
    assert _before_results(case(waits, lines=lines, fx=2.0)).figures["due"].value == 325.0


@pytest.mark.parametrize(
    ("terms", "most", "month"),
    [
        ({"base": 100.0}, 100.0, 1),
        ({"base": 100.0, "due_base": "arrears"}, 0.0, 1),
        ({"base": 100.0, "due_every": 3}, 300.0, 1),
        # 1,200 once are served by 100 a month; 600 more in month 7 with 600 of them served,
        # and of 1,800 in all 150 a month: 600 + 1,200 − 6 · 150 = 900
        ({"setup": 1200.0, "instalments": [{"amount": 600.0, "month": 7}]}, 1200.0, 1),
        ({"setup": 100.0, "instalments": [{"amount": 1100.0, "month": 2}]}, 1100.0, 2),
        ({"deposit": 70.0}, 70.0, 1),
    ],
)
def test_what_is_paid_ahead_by_hand(terms, most, month):
    assert prepaid_at_risk(Option.model_validate({"id": "a", "term": 12, **terms})) == (most, month)


def test_two_months_ahead_are_usual():
    assert said(_prepayment(case())) == ("good", "none")
    assert standard("prepaid_months") == 2
    for every, told in ((2, ("good", "good")), (3, ("bad", "bad"))):
        found = _prepayment(case({"base": 100.0, "due_every": every}))
        assert said(found) == told
        assert amounts(found) == {"risk": 100.0 * every, "month": 1, "most": 200.0, "of": 2}
    with_deposit = _prepayment(case({"base": 100.0, "deposit": 100.0}))
    assert said(with_deposit) == ("good", "good_deposit")
    more = _prepayment(case({"base": 100.0, "deposit": 101.0}))
    assert said(more) == ("bad", "bad_deposit")
    # setup and what is due by date count by the month: (600 + 600) / 12 = 100
    dated = {"setup": 600.0, "instalments": [{"amount": 600.0, "month": 12}]}
    assert amounts(_prepayment(case(dated)))["most"] == 200.0


def test_a_tax_on_the_fee_is_told_and_where_none_is_what_one_percent_would_be():
    """Of 1,200, 200 are outside of it: 1,000 in two years, a hundredth of it 5 a year."""
    taxed = _fee_tax(case({"fee_tax": 0.06}, lines={"tax": [30.0, 42.0]}))
    assert said(taxed) == ("good", "good") and amounts(taxed) == {"rate": 0.06, "cost": 36.0}
    assert said(_fee_tax(case(found=False))) == (None, "")
    assert amounts(_fee_tax(case(lines={"passed_on": [150.0, 100.0], "rebate": [-50.0]}))) == {
        "cost": 5.0
    }
