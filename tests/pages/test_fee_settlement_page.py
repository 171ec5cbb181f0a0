"""The page of fee settlement: what is owed, line by line; months chosen; paid typed; a dispute; the
files; in both languages.
"""

import pytest

from funnel_sim.words import say
from tests.pages.after_signing import CONTRACT, store
from tests.pages.numbers import numbers
from tests.pages.test_pages import LANGS, page, texts

# over 10,000 after refunds: 1300, 2900 (13500 − 600), 3700, 4400; 5 % of them: 65, 145, 185, 220;
# four bases 1600 and the bonus 250 (the average is 13,600): 2465, of which 1000 was paid
DUE, PAID, OWED = "€2,465.00", "€1,000.00", "€1,465.00"


def at(lang="en", **changes):
    test = page("fee_settlement", lang)
    test.session_state["scenario"] = store(**changes)
    test.session_state["revision"] += 1
    return test.run()


def tables(test):
    return [
        one for one in test.get("bidi_component") if one.proto.component_name == "funnel_sim_table"
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_owed_and_where_it_comes_from(lang):
    test = at(lang)
    told = texts(test)
    assert not test.exception and not test.error
    for amount in (DUE, PAID, OWED):
        assert amount in told
    assert "€5.00" in told  # what the later refund of 100 takes off April: 5 % of it


def test_the_contract_that_was_signed_is_billed_wherever_it_stands():
    """Two quotes, the second signed: its 2465 are due, not four bases of 9 = 36."""
    other = {"id": "other", "name": "Other", "fee_currency": "sales", "base": 9.0}
    test = at(options=[other, CONTRACT], **{"history.signed": "quote"})
    told = texts(test)
    assert not test.exception
    assert DUE in told and "€36.00" not in told


@pytest.mark.parametrize("lang", LANGS)
def test_after_the_signed_quote_is_removed_no_other_one_is_billed_by(lang):
    """The only one left is not signed: no amount of it (36) is told, and the page asks."""
    other = {"id": "other", "name": "Other", "fee_currency": "sales", "base": 9.0}
    test = at(lang, options=[other], **{"history.signed": "quote"})
    told = texts(test)
    assert not test.exception
    assert "€36.00" not in told and say(lang, "after.choose_contract") in told


@pytest.mark.parametrize("lang", LANGS)
def test_the_contract_that_is_billed_by_is_named(lang):
    assert say(lang, "settlement.by_contract", name="Agency") in texts(at(lang))


def test_some_months_alone():
    test = at()
    pills = test.pills[0]
    pills.set_value(["2026-04"]).run()
    # April: 400 + 145 = 545, 500 of it paid
    told = texts(test)
    assert "€545.00" in told and "€45.00" in told and DUE not in told


@pytest.mark.parametrize("lang", LANGS)
def test_what_was_paid_is_typed_and_can_be_undone(lang):
    test = at(lang)
    box = next(one for one in numbers(test) if one.label == "2026-05")
    box.set_value(1465.0).run()
    assert test.session_state["scenario"].history.of("fees_paid", ["2026-05"]) == [1465.0]
    told = texts(test)
    assert say(lang, "settlement.says_even", months=4, due=DUE, paid=DUE, rest="€0.00") in told


@pytest.mark.parametrize("lang", LANGS)
def test_the_other_sides_amount_is_explained(lang):
    # without the claw-back 5 % of 500 · 4 + 100 = 105 more
    test = at(lang)
    test.session_state["settle_fold_dispute"] = True
    test.run()
    label = say(lang, "settlement.dispute_theirs", code="EUR")
    next(one for one in numbers(test) if one.label == label).set_value(2570.0).run()
    told = texts(test)
    assert not test.exception and "€105.00" in told
    assert say(lang, "settlement.dispute_exact", reason="", amount="").split(":")[0][:6] in told


@pytest.mark.parametrize("lang", LANGS)
def test_a_missing_figure_is_named_with_the_way_to_it(lang):
    gmv = [*store().history.seen_gmv]
    gmv[-1] = None
    test = at(lang, **{"history.seen_gmv": gmv})
    assert not test.exception
    assert any("2026-06" in one.value for one in test.warning)
    assert any(one.label == say(lang, "after.to_actuals") for one in test.button)


@pytest.mark.parametrize("lang", LANGS)
def test_without_months_or_a_contract_the_way_to_them_is_told(lang):
    test = at(lang, options=[])
    assert any(one.label == say(lang, "after.to_contract") for one in test.button)
    test = at(lang, **{"history.engagement_from": ""})
    assert any(one.label == say(lang, "after.to_actuals") for one in test.button)


def test_events_and_counts_are_typed_where_the_contract_asks_for_them():
    extras = [{"name": "Appeal", "amount": 80.0, "every": "event", "chance": 0.2}]
    test = at(contract=CONTRACT | {"extras": extras})
    asked = next(one for one in test.pills if "Appeal" in one.label)
    asked.set_value(["2026-04"]).run()
    assert test.session_state["scenario"].history.fell() == {0: ["2026-04"]}
    assert "€2,545.00" in texts(test)


@pytest.mark.parametrize("lang", LANGS)
def test_other_definitions_are_worked_out_when_asked_for(lang):
    test = at(lang)
    before = len(tables(test))
    test.session_state["settle_fold_otherwise"] = True
    test.run()
    assert not test.exception and len(tables(test)) == before + 1
