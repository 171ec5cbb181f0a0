"""Files as sellers have them (tests/evidence/cases, invented in the form of real exports and of
public bug reports), each against what was worked out by hand.
"""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.orders.transactions import transactions
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables.tables import load_table, read_table

CASES = Path(__file__).with_name("cases")
NAN = float("nan")
HISTORIES = {  # file: months, then each figure by month
    "quiet_months_dropped.csv": (
        6,
        {"gmv": [1860, 540, 600, 580, 1860, 1800]},
    ),  # one row an order; 15 Feb, 15 Mar and 15 Apr had none
    "orders_file_as_history.csv": (4, {"gmv": [250, 250, 250, 250], "orders": [10, 10, 10, 10]}),
    "shopify_compare_trailing_space.csv": (3, {"gmv": [1000.5, 1100, 900], "orders": [10, 11, 9]}),
    "swiss_typographic_apostrophe.csv": (3, {"gmv": [12345.5, 11800.2, 13900]}),
    "german_windows_1252.csv": (3, {"orders": [410, 390, 452], "refunds": [100, 110, 90]}),
    "date_beside_month_number.csv": (3, {"gmv": [310, 280, 310]}),
    "buyers_taken_as_orders.csv": (3, {"orders": [410, 420, 430], "gmv": [41e6, 42e6, 43e6]}),
    "french_months.csv": (
        6,
        {"gmv": [100.5, 110.5, 120.5, 130.5, NAN, 130.5]},
    ),  # no row in May: from sums by month an absent one is unknown
    "preamble_lines.csv": (3, {"gmv": [1000, 1100, 900]}),
    "sep_hint.csv": (3, {"gmv": [12345.5, 11800.2, 13900]}),
    "indian_grouping.csv": (4, {"gmv": [123456.78, 98765.43, 203456, 145000]}),
    "numeric_cells_three_decimals.xlsx": (3, {"gmv": [12.345, 9.125, 7.875]}),
    "first_sheet_is_a_cover.xlsx": (3, {"orders": [4, 5, 3]}),
}
# file: orders that were not paid back whole, customers, what they came to less what went back
ORDERS = {
    "parentheses_with_currency.csv": (3, 2, 190),  # 100 + 50 + 70 + 70 − 100
    "order_total_on_every_item.csv": (3, 2, 90),  # A1 60 once, A2 10, A4 20; A3 was cancelled
    "unit_price_and_quantity.csv": (3, 2, 55),  # 45 + 5 + 30 − 25
    "status_says_cancelled.csv": (2, 2, 150),  # 100 and 80 − 30; 2 cancelled, 3 refunded
    "shopify_continuation_lines.csv": (2, 2, 60),  # 30 and 40 − 10
    "month_names_in_orders.csv": (3, 2, 34),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_histories(name):
    months, expected = HISTORIES[name]
    found = history(load_table(CASES / name))
    assert len(found.months) == months
    for role, values in expected.items():
        assert found.figures[role].tolist() == pytest.approx(values, nan_ok=True), role


@pytest.mark.parametrize("name", ORDERS)
def test_orders(name):
    count, customers, net = ORDERS[name]
    table = load_table(CASES / name)
    bought = transactions(table, dt.date(2026, 11, 27))
    assert (len(bought.orders), bought.orders["customer"].nunique()) == (count, customers)
    assert bought.orders["amount"].sum() == pytest.approx(net)
    found = orders(table)
    assert found.sold - found.back == pytest.approx(net)


@pytest.mark.parametrize("name", ORDERS)
def test_no_row_and_no_amount_is_lost(name):
    """Rows of the file = rows of orders, of returns and left out; what is left out of a sale says
    how much it was.
    """
    found = orders(load_table(CASES / name))
    assert found.rows == int(found.frame["rows"].sum() + found.returns["rows"].sum()) + sum(
        one.rows for one in found.left_out
    )
    assert all(np.isfinite(one.amount) for one in found.left_out)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("orders_in_two_currencies.csv", "currency: JPY, USD"),
        ("id_of_the_order_taken_as_customer.csv", "no customer column recognised"),
    ],
)
def test_what_cannot_be_told_is_refused(name, told):
    with pytest.raises(InputError, match=told):
        transactions(load_table(CASES / name), dt.date(2026, 11, 27))


def test_formulas_without_saved_values_are_told_and_a_currency_is_named():
    found = history(load_table(CASES / "formulas_without_values.xlsx"))
    assert found.figures.keys() == {
        "orders"
    } and "gmv: 3 formulas without a saved value (first: B2)" in found.findings[0].sentence("en")
    assert history(load_table(CASES / "history_in_vnd.csv")).currency == "VND"


def test_what_else_a_column_could_be_is_said_with_values_and_the_option_that_chooses():
    text = (
        b"order id,buyer,date,subtotal,order total\n1,ann,2026-01-05,50,60\n2,bo,2026-01-06,10,12\n"
    )
    found = orders(read_table(text, "x.csv"))
    [told] = [one.sentence("en") for one in found.findings if one.kind == "choice_amount"]
    assert (
        "“order total” (60, 12)" in told
        and "“subtotal” (50, 10)" in told
        and "--amount NAME" in told
        and found.sold == 72
    )
    chosen = orders(read_table(text, "x.csv"), {"amount": "subtotal"})
    assert chosen.sold == 60 and not [
        one for one in chosen.findings if one.kind.startswith("choice")
    ]
    assert not [
        one
        for one in orders(read_table(text.replace(b"subtotal", b"shop tax"), "x.csv")).findings
        if one.kind.startswith("choice")
    ]
