"""Payment terms that cannot hold are refused with the field named; old files and links open."""

import json

import pytest

from funnel_sim.errors import InputError
from funnel_sim.reference.payouts import payouts
from funnel_sim.scenario import files
from funnel_sim.scenario.cash import CashTerms, idle_term
from funnel_sim.scenario.cash_payout import LONGEST_USUAL_WAIT
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.links import decode, encode, fingerprint
from funnel_sim.scenario.own_numbers import own_numbers
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.plan import month_lengths
from funnel_sim.scenario.presets import preset

STORE = preset("amazon-de-kitchen").but(cash=CashTerms())


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"transit_days": -1.0}, "cash.transit_days", "must be at least 0"),
        ({"production_days": -3}, "cash.production_days", "must be at least 0"),
        ({"refund_days": -1}, "cash.refund_days", "must be at least 0"),
        ({"refund_days": 366}, "cash.refund_days", "must be at most 365"),
        ({"reserve_rate": 1.01}, "cash.reserve_rate", "must be at most 1"),
        ({"deposit_rate": 1.5}, "cash.deposit_rate", "must be at most 1"),
        ({"hedged_share": 2.0}, "cash.hedged_share", "must be at most 1"),
        ({"credit_limit": -1.0}, "cash.credit_limit", "must be at least 0"),
        ({"payout_cycle": "yearly"}, "cash.payout_cycle", "must be one of"),
        ({"stocking": "periodic"}, "cash.order_every_days", "need the number of days"),
        ({"stocking": "reorder_point"}, "cash.cover_days", "need the days"),
        ({"vat_months": 5}, "cash.vat_months", "part of a year"),
        ({"payout_delay_days": 365.0}, "cash.payout_delay_days", "no order of the 365 days"),
        (
            {"payout_basis": "delivery", "delivery_days": 2.0, "ship_days": 3},
            "cash.delivery_days",
            "cannot come before the shipment",
        ),
    ],
)
def test_terms_that_cannot_hold_are_refused_by_name(changes, field, words):
    with pytest.raises(InputError) as refused:
        STORE.replace({f"cash.{name}": value for name, value in changes.items()})
    (problem,) = refused.value.problems
    assert problem.where == field and words in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"payout_delay_days": 364.0},
        {"reserve_rate": 1.0},
        {"refund_days": 365},
        {"vat_months": 6},
        {"stocking": "periodic", "order_every_days": 1},
        {"payout_basis": "delivery", "delivery_days": 3.0, "ship_days": 3},
        {"opening_cash": -5000.0},
    ],
)
def test_terms_at_the_edge_hold(changes):
    made = STORE.replace({f"cash.{name}": value for name, value in changes.items()})
    assert decode(encode(made)).scenario == made


def test_a_payout_after_the_horizon_is_told_for_a_short_plan():
    with pytest.raises(InputError, match="31 days of the plan"):
        STORE.replace(
            {"plan.horizon_months": 1, "plan.start_month": 1, "cash.payout_delay_days": 62.0}
        )


def test_a_plan_of_a_month_may_see_no_payout():
    short = {"plan.horizon_months": 1, "plan.start_month": 1, "cash.payout_delay_days": 61.0}
    assert STORE.replace(short).cash.payout_delay_days == 61


def test_currencies_without_a_rate_are_refused():
    with pytest.raises(InputError, match="fx_rate"):
        STORE.replace({"fx_rate": 1.0, "cash.kept_in": "home"})


def test_a_file_from_before_the_terms_takes_those_of_its_preset():
    plain = json.loads(files.to_text(STORE))
    (where,) = (one for one in (plain, *plain.values()) if isinstance(one, dict) and "cash" in one)
    del where["cash"]
    opened = files.from_bytes(json.dumps(plain).encode())
    assert opened == preset("amazon-de-kitchen") and opened.cash != CashTerms()
    plain["scenario"]["preset"] = ""  # one of its own keeps every payment on the day it is earned
    assert files.from_bytes(json.dumps(plain).encode()).cash == CashTerms()


def test_neutral_terms_do_not_change_a_preset_s_fingerprint_and_others_do():
    assert fingerprint(STORE) == fingerprint(STORE.replace({"cash.transit_days": 0.0}))
    assert fingerprint(STORE) != fingerprint(STORE.replace({"cash.transit_days": 30.0}))


def test_a_link_carries_the_terms_that_are_not_neutral():
    made = STORE.replace({"cash.reserve_rate": 0.1, "cash.kept_in": "home"})
    whole = made.replace({"preset": ""})
    assert decode(encode(made)).scenario == made and decode(encode(whole)).scenario == whole


def test_terms_are_none_of_the_numbers_behind_a_verdict_on_profit():
    made = STORE.replace({"cash.payout_delay_days": 14.0})
    assert own_numbers(made) == own_numbers(STORE)


def test_a_term_is_idle_only_where_another_one_makes_it_so():
    # with everything in use, nothing is idle but what belongs to the other ways
    used = CashTerms(
        stocking="periodic",
        order_every_days=30,
        payout_basis="delivery",
        fulfilment_paid="invoiced",
        ads_billing="monthly",
    )
    idle = {name for name in specs_of(CashTerms) if idle_term(used, name)}
    assert idle == {"cover_days", "ship_days", "ads_prepaid_days", "ads_threshold"}


def test_days_are_days_and_every_term_has_its_help():
    for name, spec in specs_of(CashTerms).items():
        assert (spec.unit is Unit.DAYS) == name.endswith("_days"), name
        assert spec.help_en and spec.help_zh, name


@pytest.mark.parametrize(
    ("start", "first", "lengths"),
    [(11, "2026-11-01", [30, 31, 31]), (12, "2026-12-01", [31, 31, 28]), (10, "2027-10-01", [31])],
)
def test_a_plan_begins_with_the_next_of_its_start_months(start, first, lengths):
    day, found = month_lengths(preset("amazon-de-kitchen").as_of.replace(2026, 11, 27), start, 3)
    assert day.isoformat() == first and found[: len(lengths)] == lengths


def test_no_usual_rule_of_a_platform_waits_longer_than_a_short_plan_may():
    assert max(rule.days for rule in payouts()) < LONGEST_USUAL_WAIT
