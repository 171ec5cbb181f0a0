"""What is settled of a bill, and where a difference to the other side's amount comes from."""

from decimal import Decimal

import pytest

from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.decisions.review.otherwise import otherwise
from funnel_sim.decisions.review.quarrels import quarrels
from funnel_sim.decisions.review.settlement import disputed, settled
from funnel_sim.errors import InputError
from funnel_sim.output.words.dispute import otherwise_name
from funnel_sim.output.words.not_measured import unmeasured_sentences
from funnel_sim.output.words.settlement_kpis import usual_month_sentences
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral
from tests.decisions.test_bill import CONTRACT, store

# base 100 a month and 10 % of sales: 200, 300, 250; paid 200 and 350
MONTHS = {
    "gmv": [1000.0, 2000.0, 1500.0],
    "orders": [10.0, 20.0, 15.0],
    "refunds": [100.0, 400.0, 0.0],
    "fees_paid": [200.0, 350.0, None],
}
CLAUSES = {"base": 100.0, "share_tiers": [{"rate": 0.1}]}


def case(clauses=CLAUSES, figures=MONTHS, kpis=(), changes=None):
    scenario = store(figures, kpis, changes=changes)
    return scenario, bill_of(scenario, Option.model_validate({**CONTRACT, **clauses}))


def test_all_months_or_some_of_them():
    _, bill = case()
    whole = settled(bill)
    assert (whole.due, whole.paid, whole.owed) == (
        Decimal("750.00"),
        Decimal("550"),
        Decimal("200"),
    )
    assert whole.unpaid_months == ("2026-05",)
    one = settled(bill, ["2026-04"])
    assert (one.line("base"), one.line("share")) == (Decimal("100.00"), Decimal("200.00"))
    assert (one.due, one.paid, one.owed) == (Decimal("300.00"), Decimal("350"), Decimal("-50"))
    with pytest.raises(InputError):
        settled(bill, ["2026-09"])


def test_an_open_month_leaves_only_its_own_settlement_open():
    _, bill = case(figures=MONTHS | {"gmv": [1000.0, None, 1500.0]})
    assert settled(bill).due is None and settled(bill).owed is None
    assert settled(bill, ["2026-03", "2026-05"]).due == Decimal("450.00")
    assert settled(bill, ["2026-03"]).lacks == {}
    assert settled(bill).lacks == {"gmv": ("2026-04",)}


def test_the_definition_that_explains_a_difference_comes_first():
    # after refunds the share is of 4500 − 500: 400 instead of 450, 50 less
    scenario, bill = case()
    others = otherwise(scenario, bill)
    found = disputed(settled(bill), Decimal("700.00"), others)
    assert found.difference == Decimal("-50.00")
    assert found.explained is not None and found.explained.way in ("basis", "refunds_out")
    assert found.explained.lines == {"share": Decimal("-50.00")}


def test_of_some_months_only_what_changes_in_them_counts():
    # March alone: 10 % of 900 instead of 1000, 10 less
    scenario, bill = case()
    found = disputed(settled(bill, ["2026-03"]), Decimal("190.00"), otherwise(scenario, bill))
    assert found.explained is not None and found.explained.amount == Decimal("-10.00")


@pytest.mark.parametrize(
    ("theirs", "kind", "what"),
    [
        ("450.00", "left_out", "base"),  # 750 less three bases
        ("1050.00", "twice", "base"),
        ("500.00", "month", "2026-05"),  # 750 less the 250 of May
    ],
)
def test_a_line_or_a_month_left_out_or_charged_twice(theirs, kind, what):
    _, bill = case()
    found = disputed(settled(bill), Decimal(theirs), ())
    assert found.explained is not None
    assert (found.explained.kind, found.explained.what) == (kind, what)


def test_refunds_that_were_not_taken_off_explain_a_difference():
    # with claw-back March is 10 % of 1000 − 100 − 50: 85; as first billed 90
    clauses = CLAUSES | {"clawback": True}
    _, bill = case(clauses, MONTHS | {"refunded_later": [50.0, None, None]})
    found = disputed(settled(bill, ["2026-03"]), Decimal("190.00"), ())
    assert found.ours == Decimal("185.00") and found.explained is not None
    assert found.explained.kind == "issued" and found.explained.lines == {"share": Decimal("5.00")}


def test_of_one_line_alone():
    scenario, bill = case()
    found = disputed(settled(bill), Decimal("400.00"), otherwise(scenario, bill), line="share")
    assert found.ours == Decimal("450.00") and found.explained is not None
    assert disputed(settled(bill), Decimal("301.00"), (), line="base").explained is None


KPI = {"id": "g", "metric": "gmv", "target": 1800.0, "window": "average", "month_to": 3}


def explained(theirs, clauses, kpis=(), changes=None, months=()):
    scenario, bill = case(clauses, kpis=kpis, changes=changes)
    every = (*otherwise(scenario, bill), *quarrels(scenario, bill))
    return disputed(settled(bill, months), Decimal(theirs), every).explained


@pytest.mark.parametrize(
    ("reward", "theirs", "way"),
    [
        # March 1000, April 2000, May 1500: the average of 1500 misses 1800
        ({"kind": "bonus", "each": "window"}, "818.00", "due 2026-03"),
        ({"kind": "penalty", "each": "window"}, "750.00", "undone 2026-05"),
        # by month only April meets 1800: 750 + 68; two bonuses are one too many
        ({"kind": "bonus", "each": "month"}, "886.00", "due 2026-03"),
        ({"kind": "bonus", "each": "month"}, "750.00", "undone 2026-04"),
        # March and May cost 68 each: 750 − 136 = 614
        ({"kind": "penalty", "each": "month"}, "682.00", "undone 2026-03"),
        ({"kind": "penalty", "each": "month"}, "546.00", "due 2026-04"),
    ],
)
def test_a_bonus_or_a_penalty_more_or_less_explains_a_difference(reward, theirs, way):
    clauses = CLAUSES | {"rewards": [{"kpi": "g", "form": "fixed", "amount": 68.0, **reward}]}
    scenario, bill = case(clauses, kpis=[KPI])
    others = quarrels(scenario, bill)
    told = disputed(settled(bill), Decimal(theirs), others).reasons
    exact = [one for one in told if one.kind == "reward" and one.left == 0]
    assert exact and exact[0].what == "0" and (reward["each"] == "month" or len(exact) == 1)
    ways = {one.way: one.difference for one in others}
    sign = 1 if (reward["kind"] == "bonus") == way.startswith("due") else -1
    assert ways[way] == sign * Decimal("68.00")


def test_a_bonus_whose_months_lie_ahead_may_be_charged_in_one_that_is_over():
    """Judged in months 5 and 6, of which none is there yet: 68 in any of the three months are 68
    too many. The months between (4) are none of the bill's.
    """
    ahead = KPI | {"month_from": 5, "month_to": 6, "window": "every"}
    rows = [{"kpi": "g", "form": "fixed", "amount": 68.0, "each": "month"}]
    scenario, bill = case(CLAUSES | {"rewards": rows}, kpis=[ahead])
    ways = {one.way: one.difference for one in quarrels(scenario, bill) if one.kind == "reward"}
    assert ways == dict.fromkeys(("due 2026-03", "due 2026-04", "due 2026-05"), Decimal("68.00"))


def test_of_some_months_a_bonus_charged_in_one_of_them():
    clauses = CLAUSES | {"rewards": [{"kpi": "g", "form": "fixed", "amount": 68.0}]}
    found = explained("368.00", clauses, [KPI], months=["2026-04"])  # 100 + 200 + 68
    assert (found.kind, found.what, found.way) == ("reward", "0", "due 2026-04")


def test_the_share_on_all_instead_of_what_is_over_the_baseline():
    # over 800: 200 + 1200 + 700 = 2100, 10 % of it and 300; on all 4500 it is 450 and 300
    clauses = CLAUSES | {"share_over": "baseline", "baseline": 800.0}
    found = explained("750.00", clauses)
    assert (found.kind, found.what, found.amount) == ("share", "all", Decimal("240.00"))


def in_yuan(changes, months, clauses=CLAUSES):
    """Return a store with a bill in yuan, and its months' settlement."""
    scenario = preset("amazon-us-kitchen").replace(
        {
            "history.first_month": months,
            "history.engagement_from": months,
            "history.seen_gmv": MONTHS["gmv"],
            "history.seen_orders": MONTHS["orders"],
            **changes,
        }
    )
    bill = bill_of(scenario, Option.model_validate({"id": "a", **clauses}))
    return scenario, settled(bill)


@pytest.mark.parametrize(
    ("theirs", "rate"),
    [
        # 10 % of 4500 dollars at 6.7046 is 3017.07 and three bases 300: 3317.07. Dated rates of the
        # quarter around: 6.7046 (10-02) and 6.7351 (09-30). At 6.72 it is 3024 + 300
        ("3324.00", "6.7200"),
        ("3330.80", "6.73511"),  # 3030.80 / 450 is over 6.7351: not a rate of these days
        ("3444.00", None),  # 6.9867 is within a tenth of ours, and no rate of these days
        ("3317.20", "6.70489"),  # four digits would make 0.14 more, not 0.13
    ],
)
def test_another_exchange_rate_is_told_within_the_dated_rates_and_never_as_a_finding(theirs, rate):
    # the definition changed: a rate was solved for within a tenth of ours, and called exact
    scenario, whole = in_yuan({"fx_rate": 6.7046}, "2026-08")
    assert whole.due == Decimal("3317.07")
    told = disputed(whole, Decimal(theirs), quarrels(scenario, whole.bill))
    rates = [one for one in told.reasons if one.kind == "rate"]
    within = rate is not None and Decimal(rate) <= Decimal("6.7351")
    assert [one.what for one in rates] == ([rate] if within else [])
    assert told.explained is None and not told.exact
    for one in rates:  # the digits that are told make the amount that is told
        at = round((Decimal(one.what) - Decimal("6.7046")) * 450, 2)
        assert at == one.amount == told.difference and one.left == 0


def test_where_one_dated_rate_is_known_no_other_is_told():
    scenario, whole = in_yuan({"fx_rate": 6.7046}, "2025-01")
    assert not [one for one in quarrels(scenario, whole.bill) if one.kind == "rate"]


GROWTH = {
    "id": "g",
    "metric": "gmv",
    "target": 0.2,
    "relative": True,
    "window": "average",
    "month_to": 3,
}


def growth(refunds):
    """Return a store whose contract pays for 20 % over the three months before, with their refunds
    and those of the three months since: 900 a month before, 1000, 2000 and 1500 since.
    """
    figures = {
        "gmv": [900.0] * 3 + MONTHS["gmv"],
        "orders": [9.0] * 3 + MONTHS["orders"],
        "refunds": refunds,
    }
    scenario = store(figures, [GROWTH], mark="2026-06")
    reward = {"kpi": "g", "kind": "bonus", "form": "fixed", "each": "month", "amount": 68.0}
    clauses = {**CONTRACT, "base": 100.0, "rewards": [reward]}
    return scenario, bill_of(scenario, Option.model_validate(clauses))


@pytest.mark.parametrize(
    ("before", "lacks"),
    [
        # net 900 − 90 a month asks for 972 a month: 1000 − 20 meets it, and 1000 misses 1080 gross
        ([90.0] * 3, ()),
        ([90.0, None, 90.0], ("2026-04",)),
        ([None] * 3, ("2026-03", "2026-04", "2026-05")),
    ],
)
def test_a_definition_is_a_reason_only_where_its_figures_were_measured(before, lacks):
    scenario, bill = growth([*before, 20.0, 20.0, 20.0])
    [net] = [one for one in otherwise(scenario, bill) if one.way == "refunds_out"]
    told = disputed(settled(bill), Decimal("504.00"), otherwise(scenario, bill))  # 300 + 3 × 68
    ways = [one.way for one in told.exact]
    if lacks:
        assert net.lacks == {"refunds": lacks} and net.total is None
        assert net in told.unknown and "refunds_out" not in ways
    else:
        assert net.difference == Decimal("68.00") and not net.lacks
        assert "refunds_out" in ways
    assert not [one for one in told.reasons if one.way == "cancelled_in"]  # never typed


def test_a_definition_that_was_not_measured_is_named_with_what_lacks():
    scenario, bill = growth([None] * 3 + [20.0] * 3)
    told = disputed(settled(bill), Decimal("504.00"), otherwise(scenario, bill))
    # one sentence a missing figure, where each definition had the months again
    for lang, part in (("zh", "缺 2026-03、2026-04、2026-05 的退款"), ("en", "lacking refunds")):
        sentences = unmeasured_sentences(told.unknown, bill, lang)
        assert len(sentences) == len({name for one in told.unknown for name in one.lacks})
        [refunds] = [one for one in sentences if part in one and "2026-03" in one]
        for one in told.unknown:
            if "refunds" in one.lacks:
                assert otherwise_name(one, bill, lang) in refunds


def test_what_is_as_we_say_or_open_needs_no_reason():
    _, bill = case()
    assert disputed(settled(bill), Decimal("750.00"), ()).reasons == ()
    _, bill = case(figures=MONTHS | {"gmv": [None, 1.0, 1.0]})
    assert disputed(settled(bill), Decimal("1.00"), ()) is None


def test_events_and_counts_that_the_scenario_holds_are_billed():
    # an appeal of 80 in April; the KPI counted 4 and 2 against at least 3: a bonus of 10 in March
    kpi = {"id": "n", "metric": "listings_live", "target": 3.0, "window": "every", "month_to": 2}
    kpi |= {"seen": 2.0, "seen_of": 10.0, "seen_months": 2, "per_month": 1.0}
    extras = [{"name": "appeal", "amount": 80.0, "every": "event", "chance": 0.5}]
    reward = {"kpi": "n", "form": "fixed", "amount": 10.0, "each": "month"}
    changes = {
        "history.charged": [{"month": "2026-04", "place": 1}],
        "history.counted": [{"kpi": "n", "values": [4.0, 2.0]}],
    }
    figures = {"gmv": [1.0, 1.0], "orders": [1.0, 1.0]}
    _, bill = case({"extras": extras, "rewards": [reward]}, figures, [kpi], changes)
    assert [str(bill.due(month)) for month in (1, 2)] == ["10.00", "80.00"]


@pytest.mark.parametrize(("largest", "told"), [(1400.0, "can make it due"), (1399.0, "99% of")])
def test_a_baseline_of_three_months_is_named_with_the_largest_month_before(largest, told):
    # the mean of the last three months is 1,000, +40 % of it 1,400
    shop = neutral(
        {
            "history.first_month": "2025-11",
            "history.engagement_from": "2026-03",
            "history.seen_gmv": [largest, 1000.0, 1000.0, 1000.0, 1000.0],
            "kpis": [{"id": "g", "metric": "gmv", "target": 0.4, "relative": True}],
        }
    )
    paid = {"kpi": "g", "form": "fixed", "amount": 100.0, "each": "month"}
    option = Option.model_validate({"id": "a", "rewards": [paid]})
    (text,) = usual_month_sentences(bill_of(shop, option), shop, "en")
    assert "2025-12, 2026-01, 2026-02" in text and told in text
    assert ("season alone" in text) == (largest >= 1400)


def reasons(theirs, clauses=CLAUSES, kpis=()):
    scenario, bill = case(clauses, kpis=kpis)
    every = (*otherwise(scenario, bill), *quarrels(scenario, bill))
    return disputed(settled(bill), Decimal(theirs), every)


@pytest.mark.parametrize(
    ("theirs", "kind", "what", "months"),
    [
        # 750 is three bases of 100 and shares of 100, 200, 150
        ("550.00", "line_less", "share", {"2026-04"}),  # 200 less
        ("950.00", "line_more", "share", {"2026-04"}),
        ("1000.00", "month_twice", "2026-05", {""}),  # 100 + 150 more
        ("850.00", "line_more", "base", {"2026-03", "2026-04", "2026-05"}),  # one base more
        ("650.00", "line_less", "base", {"2026-03", "2026-04", "2026-05"}),
    ],
)
def test_one_line_of_one_month_once_more_or_once_less(theirs, kind, what, months):
    told = reasons(theirs).exact
    found = [one for one in told if (one.kind, one.what) == (kind, what)]
    assert {one.way for one in found} == months and all(one.left == 0 for one in told)


def test_every_reason_that_explains_alike_is_kept():
    """100 more is a base of any month, and the share of March: none of them is the one."""
    kinds = {(one.kind, one.what) for one in reasons("850.00").exact}
    assert {("line_more", "base"), ("line_more", "share")} <= kinds


def test_a_rest_of_a_cent_leaves_nothing_explained():
    assert reasons("850.01").exact == () and reasons("850.01").reasons[0].left == Decimal("0.01")


def test_a_line_that_stands_in_one_month_is_told_once():
    """A setup of 40 in the first month: charged twice it is 790 + 40."""
    found = reasons("830.00", CLAUSES | {"setup": 40.0}).exact
    assert [(one.kind, one.what) for one in found] == [("twice", "setup")]


def test_tax_on_sales_or_on_fees_explains_a_difference():
    """US sales of 1,000, 2,000 and 1,500 with 7 % on top: 31.50 more of the share of 10 %; 7 % on
    fees of 750: 52.50.
    """
    scenario = preset("shopify-us-beauty").replace(
        {
            "tax.situation": "outside_price",
            "tax.tax_rate": 0.07,
            "history.first_month": "2026-03",
            "history.engagement_from": "2026-03",
            "history.seen_gmv": MONTHS["gmv"],
            "history.seen_orders": MONTHS["orders"],
        }
    )
    bill = bill_of(scenario, Option.model_validate({**CONTRACT, **CLAUSES}))
    assert settled(bill).due == Decimal("750.00")
    every = quarrels(scenario, bill)
    for theirs, kind in (("781.50", "taxed"), ("802.50", "fee_tax")):
        assert disputed(settled(bill), Decimal(theirs), every).explained.kind == kind
