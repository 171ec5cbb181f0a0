"""Go on, renegotiate or leave?"""

from dataclasses import replace

import numpy as np
import pytest

from funnel_sim.decisions.review.renewal import ALONE, _advice, _without, next_quote, renewal
from funnel_sim.errors import InputError
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

BEFORE = [12500.0, 11800, 13900, 12000, 12600, 12300, 12900, 12100, 12400, 12700, 12200, 12500]


def found(factor, base, months=4, others=(), kpis=(), **clauses):
    option = Option.model_validate(
        {"id": "a", "base": base, "fee_currency": "sales", "renewal_months": 6, "setup": 5000.0,
         **clauses}
    )  # fmt: skip
    gmv = [*BEFORE, *[12500.0 * factor] * months]
    store = preset("amazon-de-kitchen").replace(
        {
            "history.first_month": "2025-01",
            "history.engagement_from": "2026-01",
            "history.seen_gmv": gmv,
            "history.seen_orders": [one / 30 for one in gmv],
            "kpis": list(kpis),
            "options": [option.model_dump(mode="json"), *others],
        }
    )
    return renewal(store, option, paths=1024)


@pytest.mark.slow
def test_an_effect_worth_more_than_its_fee_is_renewed_and_at_a_high_fee_renegotiated():
    cheap, dear = found(1.4, 300.0), found(1.4, 3000.0)
    assert cheap.advice == "renew" and cheap.best == "a"
    assert dear.advice == "renegotiate" and dear.best == ALONE
    # what it is worth does not hang on what it costs; setup is over
    assert cheap.worth == pytest.approx(dear.worth, rel=0.02)
    assert cheap.fee == pytest.approx(300) and dear.fee == pytest.approx(3000)
    assert 300 < cheap.worth < 3000


def test_what_it_is_worth_is_fee_and_gain_together():
    one = found(1.2, 300.0)
    first = one.options[0]
    assert first.option.id == "a" and one.months == 6
    assert one.worth == pytest.approx((first.paid + first.gain) / 6)
    assert first.gain == pytest.approx(first.brought - first.paid, rel=1e-6)


@pytest.mark.slow
def test_more_effect_is_worth_more():
    worths = [found(factor, 300.0).worth for factor in (1.0, 1.2, 1.4)]
    assert worths == sorted(worths) and worths[2] > 2 * worths[0]


def test_harm_is_left_however_cheap():
    one = found(0.6, 1.0)
    assert one.advice == "leave" and one.worth <= 0 and one.best == ALONE


@pytest.mark.slow
def test_what_was_paid_once_is_over_and_what_is_paid_again_is_not():
    once = {"name": "photos", "amount": 900.0, "every": "once"}
    monthly = {"name": "tool", "amount": 50.0, "every": "month"}
    clauses = {"instalments": [{"amount": 700.0, "month": 1}], "trial": 2, "trial_base": 0.0}
    plain = found(1.2, 300.0)
    assert found(1.2, 300.0, extras=[once], **clauses).fee == pytest.approx(plain.fee)
    assert found(1.2, 300.0, extras=[once, monthly]).fee == pytest.approx(plain.fee + 50)
    # a total maximum runs from the start of the contract: used up is used up (it was taken as one
    # of the term that ends until the bill and the renewal told different fees)
    assert found(1.2, 300.0, total_cap=1.0).fee == 0


def test_the_option_that_gains_most_is_best_unless_it_is_not_compared():
    # the same, without a fee: it gains what staying gains, and the fee
    cheap = {"id": "b", "base": 0.0, "fee_currency": "sales", "term": 6, "ramp": 0.0,
             "effect": {"dist": "uniform", "low": 0.9, "high": 1.0}}  # fmt: skip
    one = found(1.2, 300.0, others=[cheap])
    gains = {row.option.id: row.gain for row in one.options}
    assert list(gains)[:2] == ["a", "b"] and 0 < gains["a"] < gains["b"] and one.best == "b"
    out = found(1.2, 300.0, others=[{**cheap, "compared": False}])
    assert "b" not in {row.option.id for row in out.options} and out.best == "a"


@pytest.mark.slow
def test_the_store_of_the_next_term_sells_what_it_would_without_the_effect():
    """Of what came since, alone is what is left when the middle belief is taken out; the next term
    adds what is believed of that, at the same margin.
    """
    few, many = found(1.2, 300.0), found(1.5, 300.0)

    def added(one, factor):
        belief = one.effect.found.belief
        return factor / (1 + np.median(belief)) * np.mean(belief)

    ratio = many.options[0].brought / few.options[0].brought
    assert ratio == pytest.approx(added(many, 1.5) / added(few, 1.2), rel=0.05)


def test_without_months_since_the_mark_nothing_is_known():
    with pytest.raises(InputError):
        renewal(preset("amazon-de-kitchen"), Option(id="a", base=1.0))


@pytest.mark.slow
def test_a_bonus_whose_window_ended_is_not_billed_in_the_next_term():
    """Months are counted from the contract's start: a window of months 4–9 ended before month 13;
    one of months 16–21 falls in months 4–9 of the next term, once.
    """
    plain = found(1.2, 300.0, term=12, kpis=[])
    reward = {"kpi": "g", "form": "fixed", "amount": 600.0}
    kpi = {"id": "g", "metric": "gmv", "target": 1.0, "window": "average"}
    over = {**kpi, "month_from": 4, "month_to": 9}
    gone = found(1.2, 300.0, term=12, kpis=[over], rewards=[reward])
    assert gone.fee == pytest.approx(plain.fee) and gone.advice == plain.advice
    # 600 once in six months: 100 a month more
    due = {**kpi, "month_from": 13, "month_to": 18}
    assert found(1.2, 300.0, term=12, kpis=[due], rewards=[reward]).fee == pytest.approx(400)
    # by month: three of the window's months 10–15 lie in the next term, 3 × 600 / 6
    part = {**kpi, "month_from": 10, "month_to": 15}
    monthly = {**reward, "each": "month"}
    assert found(1.2, 300.0, term=12, kpis=[part], rewards=[monthly]).fee == pytest.approx(600)
    last = {**kpi, "month_from": 1, "month_to": 12}
    assert found(1.2, 300.0, term=12, kpis=[last], rewards=[monthly]).fee == pytest.approx(300)
    # a penalty (the target cannot be met) and an instalment likewise
    high = {**over, "target": 1e9}
    missed = {"kpi": "g", "kind": "penalty", "form": "fixed", "amount": 60.0}
    assert found(1.2, 300.0, term=12, kpis=[high], rewards=[missed]).fee == pytest.approx(300)
    high = {**due, "target": 1e9}
    assert found(1.2, 300.0, term=12, kpis=[high], rewards=[missed]).fee == pytest.approx(290)
    part = [{"kpi": "g", "amount": 600.0}]
    assert found(1.2, 300.0, term=12, kpis=[over], instalments=part).fee == pytest.approx(300)
    assert found(1.2, 300.0, term=12, kpis=[due], instalments=part).fee == pytest.approx(400)


def test_other_options_keep_the_window_that_they_name_and_the_new_quote_its_kpi():
    kpi = {"id": "g", "metric": "gmv", "target": 1.0, "window": "average",
           "month_from": 13, "month_to": 18}  # fmt: skip
    reward = {"kpi": "g", "form": "fixed", "amount": 600.0}
    other = {"id": "b", "base": 300.0, "fee_currency": "sales", "term": 6, "rewards": [reward]}
    one = found(1.2, 300.0, term=12, kpis=[kpi], rewards=[reward], others=[other])
    assert one.fee == pytest.approx(400)
    assert one.options[1].paid == pytest.approx(1800)  # its month 18 lies after these six
    assert [row.kpi for row in next_quote(one).rewards] == ["g"]


@pytest.mark.slow
def test_a_total_maximum_goes_on_with_what_is_left_of_it():
    """Four months at 300 came. A term of 4: 1,200 of 1,500 are used up, 300 are left for six
    months. A term of 12: eight more at 300 use up 3,600 before the next begins.
    """

    def fee(**clauses):
        return found(1.2, 300.0, setup=0.0, **clauses).fee

    assert fee(term=4, total_cap=1500.0) == pytest.approx(300 / 6)
    assert fee(term=4, total_cap=1200.0) == pytest.approx(0)
    assert fee(term=4, total_cap=9000.0) == pytest.approx(300)
    assert fee(term=12, total_cap=3600.0) == pytest.approx(0)
    assert fee(term=12, total_cap=3900.0) == pytest.approx(300 / 6)


def test_a_running_share_goes_on_at_the_tier_that_was_reached():
    """Four months at 12,500 × 1.2 = 15,000 came to 60,000: the tier up to 60,000 is used up."""
    low = {"share_tiers": [{"upto": 60000.0, "rate": 0.5}, {"rate": 0.0}], "term": 4}
    assert found(1.2, 300.0, share_period="running", **low).fee == pytest.approx(300)
    assert found(1.2, 300.0, share_period="month", **low).fee > 1000


def test_a_yearly_fee_falls_in_the_contracts_own_months():
    """Months 1, 13, 25: none in months 5–10 of a term of 4, one in months 13–18."""
    yearly = [{"name": "tool", "amount": 600.0, "every": "year"}]
    assert found(1.2, 300.0, term=4, extras=yearly).fee == pytest.approx(300)
    assert found(1.2, 300.0, term=12, extras=yearly).fee == pytest.approx(400)


@pytest.mark.slow
def test_what_was_measured_is_worth_more_than_what_is_believed_of_it():
    one = found(1.2, 300.0, ramp=0.0)  # all of it has arrived
    assert one.effect.found.whole[1] > float(np.median(one.effect.found.belief)) > 0
    assert one.measured > one.worth
    assert found(0.6, 1.0).measured is None  # nothing above zero was measured
    assert found(1.2, 300.0).measured is None  # half has arrived: more is believed


def test_the_bill_so_far_stands_beside_the_fee_that_is_expected():
    one = found(1.2, 300.0)  # four months at 300, setup of 5000 once: (4 * 300 + 5000) / 4
    assert one.billed == pytest.approx(1550.0) and one.fee == pytest.approx(300.0)


def test_an_own_team_costs_what_it_is_paid_and_no_fee():
    team = {"id": "t", "kind": "own_team", "compared": True, "people": 1.0, "pay": 5000.0}
    one = found(1.2, 300.0, others=[team])
    stays, own = one.options[0], next(row for row in one.options if row.option.id == "t")
    assert own.paid == 0 and own.cost > 0
    assert own.cost == pytest.approx(own.brought - own.gain)
    assert stays.cost == pytest.approx(stays.paid)


def test_a_lower_fee_is_asked_for_only_where_no_fee_at_all_would_be_signed():
    stays = found(1.4, 3000.0).options[0]
    assert _advice(stays, 100.0, 0.5) == "renegotiate"
    assert stays.better_free >= 0.5
    unsure = replace(stays, gain=-10.0, better=0.1, better_free=0.49)
    assert _advice(unsure, 100.0, 0.5) == "leave"
    assert _advice(replace(unsure, better_free=0.5), 100.0, 0.5) == "renegotiate"
    assert _advice(replace(unsure, better_free=0.5), 0.0, 0.5) == "leave"
    assert _advice(replace(unsure, gain=10.0, better=0.5), 100.0, 0.8) == "renew"


def test_the_store_of_the_next_term_has_its_months_since_the_mark_less_the_effect():
    """A quarter more since the mark: 12,500 becomes 10,000; what came before stays, and a month
    that is not known stays unknown.
    """
    store = neutral(
        {
            "history.first_month": "2026-01",
            "history.engagement_from": "2026-04",
            "history.seen_gmv": [9000.0, 10_000.0, 11_000.0, 12_500.0, None, 12_500.0],
            "history.seen_orders": [90.0, 100.0, 110.0, 125.0, 100.0, 125.0],
        }
    )
    moved = _without(store, 0.25, 6, [], []).history
    assert list(moved.seen_gmv) == [9000.0, 10_000.0, 11_000.0, 10_000.0, None, 10_000.0]
    assert list(moved.seen_orders) == pytest.approx([90.0, 100.0, 110.0, 100.0, 80.0, 100.0])
