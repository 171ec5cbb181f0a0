"""Sales before refunds, whatever a file calls them (ADR 0087)."""

import numpy as np
import pytest

from funnel_sim.decisions.kpi.store_history import with_actuals
from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.kept import kept_months
from funnel_sim.evidence.store.months import as_template
from funnel_sim.evidence.store.together import Source, together
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.scenario.edited_months import with_figure, without_month
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option

REPORT = (
    "Month,Orders,Gross sales,Discounts,Returns,Net sales,Shipping charges,Taxes,Total sales\n"
    "2026-06-01,40,1000.00,-50.00,-80.00,870.00,30.00,61.00,961.00\n"
    "2026-07-01,44,1100.00,0.00,-100.00,1000.00,30.00,70.00,1100.00\n"
)


def found(text, name="x.csv", **how):
    return history(read_table(text.encode(), name), **how)


def without(text, *names):
    """Return a file without some of its columns."""
    rows = [line.split(",") for line in text.splitlines()]
    keep = [place for place, one in enumerate(rows[0]) if one not in names]
    return "\n".join(",".join(row[place] for place in keep) for row in rows) + "\n"


@pytest.mark.parametrize(
    ("gone", "net"),
    [
        ((), False),  # gross less discounts: 1,000 − 50; 1,100 − 0
        (("Gross sales",), False),  # net plus returns: 870 + 80; 1,000 + 100
        (("Gross sales", "Discounts", "Shipping charges"), False),
        (("Gross sales", "Discounts", "Returns"), True),  # 870; 1,000, and nobody says what is back
    ],
)
def test_a_report_of_shopify_gives_sales_before_refunds_and_tax(gone, net):
    read = found(without(REPORT, *gone))
    gross = [870, 1000] if net else [950, 1100]
    assert read.figures["gmv"] == pytest.approx(gross)
    assert read.after_refunds == (frozenset({"2026-06", "2026-07"}) if net else frozenset())
    assert ("after_refunds" in {one.kind for one in read.findings}) is net


def test_tax_is_taken_out_of_total_sales_and_told_where_it_cannot_be():
    """961 − 61 + 80 of returns = 980, shipping of 30 in it, for the file names no net sales."""
    bare = without(REPORT, "Gross sales", "Discounts", "Net sales")
    assert found(bare).figures["gmv"] == pytest.approx([980, 1130])
    assert "holds_tax" not in {one.kind for one in found(bare).findings}
    worse = found(without(bare, "Taxes"))
    assert worse.figures["gmv"] == pytest.approx([1041, 1200])  # 961 + 80; 1,100 + 100
    assert "holds_tax" in {one.kind for one in worse.findings}


def test_a_store_whose_prices_hold_tax_keeps_it_in_its_sales():
    """1,000 − 50 + 61; 1,100 + 70."""
    assert found(REPORT, taxed=True).figures["gmv"] == pytest.approx([1011, 1170])


def test_days_on_which_more_went_back_than_was_sold_have_tax_below_zero():
    """Total −107 holds tax of −7, so −100; plus 150 back are 50 before refunds."""
    text = "Day,Orders,Returns,Taxes,Total sales\n2026-06-01,1,-150.00,-7.00,-107.00\n" + "".join(
        f"2026-06-{day:02},1,0,0,100.00\n" for day in range(2, 31)
    )
    assert found(text).figures["gmv"] == pytest.approx([50 + 29 * 100])


PLAIN = (
    "Month,Orders,Total sales,Refunds,Sessions\n2026-06,40,1000,80,900\n2026-07,44,1100,100,950\n"
)
DAILY = "Date,Orders,Total sales,Refunds,Sessions\n" + "".join(
    f"2026-06-{day:02},{1 + (day < 11)},{25 if day < 11 else 37.5},{8 if day < 11 else 0},30\n"
    for day in range(1, 31)
)  # 10 · 25 + 20 · 37.5 = 1,000; 80 back; 40 orders; 900 visits


def test_the_same_columns_mean_the_same_by_day_and_by_month():
    daily, monthly = found(DAILY), found(PLAIN)
    for role in ("gmv", "orders", "refunds", "visits"):
        assert daily.figures[role][0] == pytest.approx(monthly.figures[role][0])
    assert daily.figures.keys() == monthly.figures.keys()
    assert not daily.after_refunds and not monthly.after_refunds
    both = together([Source("d", daily), Source("m", monthly)])
    assert both.figures["gmv"].tolist() == [1000, 1100]
    assert "reports_differ" not in {one.kind for one in both.findings}


def test_a_heading_that_may_be_either_is_told_and_can_be_turned():
    assert "before_refunds" in {one.kind for one in found(PLAIN).findings}
    turned = found(PLAIN, after_refunds=True)
    assert turned.figures["gmv"].tolist() == [1080, 1200]  # 1,000 + 80; 1,100 + 100
    assert found(REPORT, chosen={"gmv": "Total sales"}).figures["gmv"].tolist() == [1041, 1200]


def test_no_column_that_names_a_figure_is_dropped_without_a_word():
    text = without(REPORT, "Returns").replace("Taxes", "Returned orders")
    read = found(text)
    assert "returned_orders" in read.figures
    [told] = [one for one in found(REPORT).findings if one.kind == "not_used"]
    assert told.role == "gmv" and told.parts["columns"] == "Net sales, Total sales"


def test_refunds_of_another_file_are_added_back():
    sales = found(without(REPORT, "Gross sales", "Discounts", "Returns"))
    refunds = found("month,refunds\n2026-06,80\n", beside_others=True)
    both = together([Source("sales", sales), Source("refunds", refunds)])
    assert both.figures["gmv"].tolist() == [950, 1000] and both.after_refunds == {"2026-07"}


STORE = preset("shopify-us-beauty").replace({"history.engagement_from": "2026-06"})
TERMS = Option.model_validate(
    {"id": "a", "base": 0, "fee_currency": "sales", "share_tiers": [{"rate": 0.06}]}
)


def test_the_bill_takes_refunds_off_once():
    """Whole report: 6 % of (950 − 80) = 52.20. Net sales alone: 6 % of 870, the same; without a
    claw-back 6 % of 950 = 57.00, and open where nobody knows the 950.
    """
    whole = with_actuals(STORE, found(REPORT))
    net = with_actuals(STORE, found(without(REPORT, "Gross sales", "Discounts", "Returns")))
    back, in_full = TERMS.but(clawback=True), TERMS.but(clawback=False)
    assert net.history.after_refunds == ["2026-06", "2026-07"]
    assert [str(bill_of(one, back).due(1)) for one in (whole, net)] == ["52.20", "52.20"]
    assert str(bill_of(whole, in_full).due(1)) == "57.00"
    unknown = bill_of(net, in_full)
    assert unknown.due(1) is None and unknown.lacks["refunds"] == ("2026-06", "2026-07")


def test_refunds_that_are_typed_later_are_added_back_once():
    """870 + 80 = 950: 52.20 with the claw-back as before, 57.00 without."""
    net = with_actuals(STORE, found(without(REPORT, "Gross sales", "Discounts", "Returns")))
    typed = net.replace(with_figure(net.history, "2026-06", "refunds", 80.0))
    assert typed.history.seen_gmv == [950, 1000] and typed.history.after_refunds == ["2026-07"]
    assert str(bill_of(typed, TERMS.but(clawback=True)).due(1)) == "52.20"
    assert str(bill_of(typed, TERMS.but(clawback=False)).due(1)) == "57.00"
    again = typed.replace(with_figure(typed.history, "2026-06", "refunds", 90.0))
    assert again.history.seen_gmv == [950, 1000]  # a correction of refunds moves no sales


def test_sales_that_are_typed_anew_are_before_refunds_and_a_month_gone_is_not_marked():
    net = with_actuals(STORE, found(without(REPORT, "Gross sales", "Discounts", "Returns")))
    typed = net.replace(with_figure(net.history, "2026-06", "gmv", 950.0))
    assert typed.history.after_refunds == ["2026-07"]
    less = net.replace(without_month(net.history, "2026-06"))
    assert less.history.after_refunds == ["2026-07"]


def test_a_file_of_refunds_joins_months_that_are_after_refunds():
    net = with_actuals(STORE, found(without(REPORT, "Gross sales", "Discounts", "Returns")))
    joined = with_actuals(net, found("month,refunds\n2026-07,100\n", beside_others=True))
    assert joined.history.seen_gmv == [870, 1100] and joined.history.after_refunds == ["2026-06"]
    whole = with_actuals(net, found(REPORT))
    assert whole.history.seen_gmv == [950, 1100] and not whole.history.after_refunds


def test_the_mark_survives_the_products_own_file():
    net = with_actuals(STORE, found(without(REPORT, "Gross sales", "Discounts", "Returns")))
    kept = kept_months(net.history)
    again = found(as_template(kept))
    assert again.after_refunds == kept.after_refunds == {"2026-06", "2026-07"}
    np.testing.assert_array_equal(again.figures["gmv"], kept.figures["gmv"])


def test_revenue_of_analytics_is_before_refunds_where_it_says_so():
    text = (
        "# Start date: 20260101\n# End date: 20260228\nMonth,Sessions,Transactions,"
        "Purchase revenue,Refund amount\n2026-01,500,9,400,50\n2026-02,400,8,300,0\n"
    )
    assert found(text).figures["gmv"].tolist() == [450, 300]
    gross = text.replace("Purchase revenue", "Gross purchase revenue")
    assert found(gross).figures["gmv"].tolist() == [400, 300]
