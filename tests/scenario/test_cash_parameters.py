"""Payout rules, filing, billing of ads, freight and terms: the tables are whole."""

import datetime as dt

import pytest

from funnel_sim.errors import InputError
from funnel_sim.reference import customs
from funnel_sim.reference.cash_terms import (
    ads_billing,
    cash_term,
    cash_terms,
    filing,
    filings,
    transits,
)
from funnel_sim.reference.payouts import WAIT, payout_rule, payouts
from funnel_sim.reference.provenance import DATA_DATE, review_months

DD7 = dt.date(2026, 3, 12)
"""The day on which Amazon's North America changed to seven days after delivery."""


def test_a_rule_gives_the_days_that_its_source_gives():
    """Hold, half a cycle and the bank lie within the days from the event to the bank, two days of
    rounding aside (working days; TikTok Shop's days end when the payout is sent).
    """
    for rule in payouts():
        bank = rule.bank_days or 0.0
        ends = [d for d in (rule.days_low, rule.days_typical, rule.days_high) if d is not None]
        assert ends and ends == sorted(ends), rule
        sent = 0.0 if "initiated" not in rule.provenance.note else bank
        if rule.provenance.evidence == "derived" and rule.days_high is not None:
            assert ends[0] - 2 <= rule.days - sent <= ends[-1] + 2, rule
            if rule.days_typical is not None:
                assert rule.days == pytest.approx(rule.days_typical, abs=2), rule
        assert 0 <= (rule.reserve_rate or 0.0) <= 1
        assert (rule.minimum is None) == (rule.minimum_currency == "")
        assert rule.hold_days is None or (
            (rule.hold_low or 0.0) <= rule.hold_days <= (rule.hold_high or rule.hold_days)
        ), rule


def test_by_hand_amazon_us():
    """DD+7: delivered on 6 January, free on 14 January, which is 8 days; every two weeks adds 7 on
    average, the bank 5: 8 + 7 + 5 = 20.
    """
    rule = payout_rule("Amazon", "US")
    assert (rule.hold_days, WAIT[rule.cycle], rule.bank_days, rule.days) == (8.0, 7.0, 5.0, 20.0)


@pytest.mark.parametrize(
    ("when", "counted_from", "hold"),
    [(DD7 - dt.timedelta(days=1), "shipment", 0.0), (DD7, "delivery", 8.0)],
)
def test_amazon_us_on_each_side_of_the_change(when, counted_from, hold):
    rule = payout_rule("Amazon", "US", when)
    assert (rule.counted_from, rule.hold_days) == (counted_from, hold)


def test_new_sellers_wait_no_less_than_established_ones():
    for rule in payouts():
        if rule.sellers == "new" and rule.platform not in ("Stripe", "PayPal"):
            market = "US" if rule.markets == ("*",) else rule.markets[0]
            assert rule.days >= payout_rule(rule.platform, market).days, rule


def test_a_market_without_a_rule_is_refused_with_what_is_missing():
    with pytest.raises(InputError) as caught:
        payout_rule("Ozon", "US")
    assert "payout Ozon US established" in caught.value.sentences("en")[0]
    with pytest.raises(InputError):
        filing("XX")
    with pytest.raises(InputError):
        ads_billing("XX")
    with pytest.raises(InputError):
        cash_term("deposit_rate", "XX")


def test_every_market_with_a_tax_has_its_filing_and_its_freight():
    taxed = {rule.market for rule in customs.tax_rules() if rule.rate > 0}
    assert taxed == {row.market for row in filings()}
    for row in filings():
        assert row.months in (1, 2, 3, 6, 12) and 0 < row.due_days < 100, row


@pytest.mark.parametrize(
    ("market", "months", "due"),
    [
        ("DE", 1, 10),  # the 10th after the month
        ("GB", 3, 37),  # one month and seven days: 31 March to 7 May
        ("IT", 3, 46),  # the 16th of the second month: 31 March to 16 May
        ("ES", 3, 20),
        ("FR", 1, 19),
        ("SE", 3, 42),  # the 12th of the second month: 31 March to 12 May
        ("AU", 3, 28),
        ("JP", 12, 60),
        ("PH", 3, 25),
    ],
)
def test_days_of_filing_by_hand(market, months, due):
    row = filing(market)
    assert (row.months, row.due_days) == (months, due)


def test_ranges_rise_and_air_is_faster_than_rail_and_rail_than_sea():
    for way in transits():
        assert 0 < way.days_low <= way.days_typical <= way.days_high, way
    for term in cash_terms():
        assert 0 <= term.low <= term.typical <= term.high, term
    by = {(way.market, way.mode): way.days_typical for way in transits()}
    for market in {market for market, mode in by if mode == "rail"} - {"RU"}:
        assert by[market, "rail"] < by[market, "sea"]
    for market in {market for market, mode in by if mode == "air"}:
        assert by[market, "air"] < by[market, "sea"]


def test_money_comes_back_after_it_was_spent_and_not_before_the_parcel_is_there():
    assert (
        cash_term("refund_days", "own stock").typical
        > cash_term("delivery_days", "warehouse").typical
    )
    assert (
        cash_term("refund_days", "parcels").typical
        > cash_term("delivery_days", "parcels overseas").typical
    )


def test_rules_of_payout_and_freight_are_looked_at_every_few_months():
    assert review_months()["payout"] <= 3 and review_months()["transit"] <= 3
    overdue = [rule for rule in payouts() if rule.provenance.overdue(dt.date(2026, 7, 1))]
    assert any(rule.provenance.start == DD7 for rule in overdue)
    assert not any(r.provenance.overdue(DATA_DATE) for r in payouts() if r.provenance.start is None)
