"""The months that a list of orders tells, and figures that are levels: by hand, one case each side
of every bound.
"""

import pandas as pd
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import MOST_MONTHS
from funnel_sim.evidence.tables.tables import read_table


def load(text, **more):
    return history(read_table(text.encode(), "x.csv"), **more)


def told(found, kind):
    return [(one.month, dict(one.parts)) for one in found.findings if one.kind == kind]


def listed(days, head="order id,date,amount", row="{n},{day},10"):
    """Return a list with an order on each of some days."""
    lines = [row.format(n=n, day=day) for n, day in enumerate(days, 1)]
    return "\n".join([head, *lines]) + "\n"


def every(first, last):
    return [str(day.date()) for day in pd.date_range(first, last)]


def test_orders_add_up_by_month_and_a_month_without_one_is_zero():
    days = [*every("2026-01-01", "2026-01-31"), *every("2026-03-01", "2026-03-31")]
    found = load(listed(days))
    assert found.months == ("2026-01", "2026-02", "2026-03") and found.grain == "day"
    assert found.figures["gmv"].tolist() == [310, 0, 310]
    assert found.figures["orders"].tolist() == [31, 0, 31]
    assert found.covered.tolist() == [1, 1, 1] and found.rows == 62
    assert set(found.figures) == {"gmv", "orders"}
    [(_, summary)] = told(found, "from_orders")
    assert (summary["orders"], summary["value"], summary["back"]) == (62, 620.0, 0.0)
    assert (summary["first"], summary["last"]) == ("2026-01-01", "2026-03-31")


def test_refunds_fall_in_the_month_of_their_order_and_returns_in_their_own():
    head = "order id,date,amount,refund amount"
    rows = [f"{day.replace('-', '')},{day},10,0" for day in every("2026-01-01", "2026-02-28")]
    rows += ["a,2026-01-05,10,4", "b,2026-01-06,10,10", "c,2026-02-07,-6,0"]
    found = load("\n".join([head, *rows]) + "\n")
    assert found.figures["refunds"].tolist() == [14, 6]
    assert found.figures["returned_orders"].tolist() == [1, 0]  # of a part of it none went back
    assert found.figures["gmv"].tolist() == [330, 280]


def test_units_are_a_figure_where_every_order_has_them():
    days = every("2026-01-01", "2026-01-31")
    head, row = "order id,date,amount,quantity", "{n},{day},10,2"
    assert load(listed(days, head, row)).figures["units"].tolist() == [62]
    one_without = listed(days, head, row).replace("31,2026-01-31,10,2", "31,2026-01-31,10,")
    assert "units" not in load(one_without).figures


@pytest.mark.parametrize(
    ("first", "missing"),
    # at one order a day, e⁻² = 14 % of months begin two days late by chance, e⁻³ = 5 % (4.98 %)
    [("2026-01-03", None), ("2026-01-04", 3)],
)
def test_days_before_the_first_order_are_missing_where_chance_hardly_leaves_them(first, missing):
    found = load(listed(every(first, "2026-02-28")))
    assert found.covered.tolist() == [1 if missing is None else 1 - missing / 31, 1]
    whole = ("partial_orders", {"missing": missing, "day": first})
    kind, parts = whole if missing else ("open_first", {"day": first})
    assert told(found, kind) == [("2026-01", parts)]
    assert not told(found, "open_last")


@pytest.mark.parametrize(("last", "missing"), [("2026-02-26", None), ("2026-02-25", 3)])
def test_days_after_the_last_order_too(last, missing):
    found = load(listed(every("2026-01-01", last)))
    assert found.covered.tolist() == [1, 1 if missing is None else 1 - missing / 28]
    kind = "partial_orders" if missing else "open_last"
    assert [(month, parts["day"]) for month, parts in told(found, kind)] == [("2026-02", last)]
    assert not told(found, "open_first")


def test_a_slower_pace_leaves_more_days_empty_by_chance():
    """An order every other day: e⁻²·⁵ = 8 % for five days, e⁻³ for six."""
    for day, whole in (("2026-01-06", True), ("2026-01-07", False)):
        days = every(day, "2026-03-31")[::2]
        assert (load(listed(days)).covered[0] == 1) == whole


@pytest.mark.parametrize(("months", "refused"), [(MOST_MONTHS, False), (MOST_MONTHS + 1, True)])
def test_a_list_spans_ten_years(months, refused):
    last = str(pd.Period("2010-01", "M") + months - 1)
    text = listed(["2010-01-15", f"{last}-15"])
    if refused:
        with pytest.raises(InputError, match="121"):
            load(text)
    else:
        assert len(load(text).months) == months


def test_what_is_left_out_of_a_list_is_told_with_its_rows():
    text = listed(every("2026-01-01", "2026-01-31"), "order id,date,amount,order status",
                  "{n},{day},10,paid")  # fmt: skip
    found = load(text + "x,2026-01-05,7,cancelled\nx,2026-01-05,8,cancelled\n")
    [(_, parts)] = told(found, "left_cancelled")
    assert (parts["count"], parts["orders"], parts["value"]) == (2, 1, 15.0)
    assert parts["rows"] == "33, 34"


# ---- levels, sums and gaps of a table by day


def test_a_price_is_the_mean_of_its_days_and_sales_are_their_sum():
    """A week of 20 whose first three days lie in January, four days in February of 20 and a day of
    30: (4 · 20 + 30) / 5 there.
    """
    text = "date,gmv,average price\n2026-01-29 - 2026-02-04,70,20\n2026-02-05 - 2026-02-05,5,30\n"
    found = load(text)
    assert found.figures["gmv"].tolist() == pytest.approx([30, 45])
    assert found.figures["average_price"].tolist() == pytest.approx([20, 22])
    gap = load(text + "2026-02-06 - 2026-02-06,5,\n2026-03-01 - 2026-03-31,31,\n")
    assert gap.figures["average_price"][:2].tolist() == pytest.approx([20, 22])
    assert pd.isna(gap.figures["average_price"][2])


def test_a_month_known_by_one_day_has_that_days_price():
    found = load("date,gmv,average price\n2026-01-31,7,20\n2026-02-01,5,30\n2026-02-02,5,\n")
    assert found.figures["average_price"].tolist() == [20, 30]


def test_days_of_a_month_that_no_row_covers_are_counted():
    text = "date,gmv\n" + "".join(f"{day},1\n" for day in every("2026-01-01", "2026-01-30"))
    found = load(text + "2026-03-01,1\n")
    assert found.covered.tolist() == pytest.approx([30 / 31, 0, 1 / 31])
    assert told(found, "partial") == [
        ("2026-01", {"covered": 30, "days": 31}),
        ("2026-03", {"covered": 1, "days": 31}),
    ]
    assert [month for month, _ in told(found, "gap")][:1] == ["2026-02"]
    whole = load(text + "2026-01-31,1\n")
    assert whole.covered.tolist() == [1] and not told(whole, "partial")


def test_a_total_is_told_beside_what_was_counted_and_so_are_undated_sales():
    found = load("month,gmv\n2026-01,100\n2026-02,110\nTotal,210\nsome day,7\n")
    assert found.figures["gmv"].tolist() == [100, 110]
    assert told(found, "totals_value") == [("", {"value": 210.0, "counted": 210.0})]
    assert told(found, "left_value") == [("", {"value": 7.0, "counted": 210.0})]


@pytest.mark.parametrize(
    ("odd", "is_odd"), [(300.0, False), (301.0, True), (33.0, True), (34.0, False)]
)
def test_of_few_months_one_is_odd_beyond_three_times_the_others(odd, is_odd):
    found = load(f"month,gmv\n2026-01,100\n2026-02,100\n2026-03,{odd}\n2026-04,100\n")
    assert [month for month, _ in told(found, "outlier")] == (["2026-03"] if is_odd else [])
    two = load(f"month,gmv\n2026-01,100\n2026-02,{odd}\n")
    assert not told(two, "outlier")


@pytest.mark.parametrize(
    ("odd", "is_odd"), [(129.0, False), (130.0, True), (78.0, False), (77.0, True)]
)
def test_of_six_even_months_one_is_odd_from_its_distance(odd, is_odd):
    """They do not differ, so that 5 % is the deviation: e^(3.5 · 1.4826 · 0.05) = 1.296."""
    rows = "".join(f"2026-{month:02d},100\n" for month in range(1, 6))
    found = load(f"month,gmv\n{rows}2026-06,{odd}\n")
    assert [month for month, _ in told(found, "outlier")] == (["2026-06"] if is_odd else [])
