"""A zero beside a figure that cannot be without it is a gap of its source, no fact."""

import math

import pytest

from funnel_sim.decisions.kpi.store_history import with_actuals
from funnel_sim.decisions.review.actuals import actual_ledger
from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.together import Source, together
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.output.words.actual_months import at_odds_sentences
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option

STORE = preset("shopify-us-beauty").replace({"history.engagement_from": "2026-06"})


def found(text, **how):
    return history(read_table(text.encode(), "x.csv"), **how)


@pytest.mark.parametrize(
    ("row", "orders", "gmv"),
    [
        ("0,30909", math.nan, 30909),
        ("730,0", 730, math.nan),
        ("0,0", 0, 0),  # a month without any sale is one
        ("1,30909", 1, 30909),
    ],
)
def test_an_impossible_zero_is_told_and_not_taken(row, orders, gmv):
    read = found(f"month,orders,gmv\n2026-06,700,29000\n2026-07,{row}\n")
    assert [read.figures[name][1] for name in ("orders", "gmv")] == pytest.approx(
        [orders, gmv], nan_ok=True
    )
    told = [one for one in read.findings if one.kind == "zero_beside"]
    assert len(told) == (math.isnan(orders) or math.isnan(gmv))
    for one in told:
        assert one.month == "2026-07" and "2026-07" in one.sentence("zh")


def test_two_files_that_are_at_odds_only_together():
    sales = found("month,gmv\n2026-06,29000\n2026-07,30909\n", beside_others=True)
    orders = found("month,orders\n2026-06,700\n2026-07,0\n", beside_others=True)
    both = together([Source("a", sales), Source("b", orders)])
    assert math.isnan(both.figures["orders"][1]) and both.figures["gmv"][1] == 30909
    assert [one.month for one in both.findings if one.kind == "zero_beside"] == ["2026-07"]
    alone = found("month,orders,gmv\n2026-06,700,29000\n2026-07,0,30909\n", beside_others=True)
    assert math.isnan(together([Source("c", alone)]).figures["orders"][1])


def test_a_zero_that_was_typed_is_told_and_counted_nowhere():
    """A fee of 2 on each order is open, not nothing; the profit is not that of sales at no cost."""
    store = STORE.replace(
        {
            "history.first_month": "2026-06",
            "history.seen_gmv": [29000.0, 30909.0],
            "history.seen_orders": [700.0, 0.0],
            "history.seen_refunds": [0.0, 0.0],
        }
    )
    ledger = actual_ledger(store, ["2026-06", "2026-07"])
    assert ledger.missing["orders"] == ("2026-07",)
    assert math.isnan(ledger.month("profit")[1])
    option = Option.model_validate(
        {"id": "a", "base": 300, "fee_currency": "sales", "order_fee": 2.0}
    )
    bill = bill_of(store, option)
    assert (str(bill.due(1)), bill.due(2)) == ("1700.00", None)  # 300 + 2 · 700
    assert bill.lacks == {"orders": ("2026-07",)}
    assert "2026-07" in at_odds_sentences(store, ["2026-07"], "zh")[0]
    joined = with_actuals(STORE, found("month,orders,gmv\n2026-06,700,29000\n2026-07,0,30909\n"))
    assert joined.history.seen_orders == [700.0, None]
