"""What each row of a list of orders adds to its order: states, repeated totals, refunds, units that
went back, dates and customers, one small list each, counted by hand.
"""

import tomllib
from importlib import resources

import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.orders.states import state_of
from funnel_sim.evidence.tables.tables import read_table

WORDS = tomllib.loads(
    resources.files("funnel_sim").joinpath("data", "order_columns.toml").read_text("utf-8")
)["states"]


def read(text, **more):
    return orders(read_table(text.strip().encode(), "x.csv"), **more)


def of(found, *columns):
    """Return the orders' figures, row by row."""
    return [tuple(row) for row in found.frame[list(columns)].to_numpy().tolist()]


def left(found):
    return {one.reason: (one.rows, one.orders, one.amount) for one in found.left_out}


# ---- states


@pytest.mark.parametrize(
    ("word", "kind"), [(word, kind) for kind, words in WORDS.items() for word in words]
)
def test_every_known_state_says_what_it_is_however_it_is_written(word, kind):
    """The longest known word counts: "partially refunded" is no "partially"."""
    assert state_of(word) == kind
    assert state_of(f"  {word.upper()} ") == kind or word.upper().lower() != word
    assert state_of(f"{word} (2026)") == kind


def test_a_state_that_only_begins_like_a_known_one_is_not_known():
    assert state_of("paidout") == "" and state_of("xpaid") == ""
    assert state_of("paid-out") == "counted"


def test_an_exports_own_words_come_first():
    own = {"cancelled": ["paid"]}
    assert state_of("paid", own) == "cancelled" and state_of("shipped", own) == "counted"


def test_what_is_not_counted_is_left_out_by_its_state():
    found = read(
        """
order id,date,amount,order status
1,2026-01-05,10,paid
2,2026-01-05,20,cancelled
3,2026-01-05,40,unpaid
4,2026-01-05,80,test
5,2026-01-05,160,blue
6,2026-01-05,320,cancelled
"""
    )
    assert of(found, "order", "sold") == [("1", 10.0), ("5", 160.0)]
    assert left(found) == {"cancelled": (2, 2, 340.0), "unpaid": (1, 1, 40.0), "test": (1, 1, 80.0)}
    assert [one.parts["names"] for one in found.findings if one.kind == "states"] == ["blue"]
    assert found.rows == 6


def test_of_several_states_the_one_that_weighs_most_counts():
    head = "order id,date,amount,order status,payment status\n"
    for first, second, there in (
        ("shipped", "paid", 1), ("shipped", "cancelled", 0), ("cancelled", "shipped", 0),
        ("unpaid", "shipped", 0), ("blue", "cancelled", 0),
    ):  # fmt: skip
        text = head + f"1,2026-01-05,10,{first},{second}\n2,2026-01-05,7,paid,paid\n"
        assert len(read(text).frame) == 1 + there


def test_a_day_of_cancellation_is_one():
    found = read("order id,date,amount,cancelled at\n1,2026-01-05,10,\n2,2026-01-05,7,2026-01-06\n")
    assert of(found, "order") == [("1",)] and left(found)["cancelled"] == (1, 1, 7.0)


@pytest.mark.parametrize(
    ("state", "refund", "back"),
    [
        ("paid", "0", 0.0),
        ("paid", "30", 30.0),
        ("paid", "130", 100.0),  # never more than was sold
        ("refunded", "0", 100.0),  # all of it, where no amount says less
        ("refunded", "30", 30.0),
        ("refunded", "100", 100.0),
        ("refunded", "99.999", 100.0),  # less than a coin away
        ("partially refunded", "0", 0.0),
    ],
)
def test_what_went_back_is_the_refund_or_all_of_a_refunded_order(state, refund, back):
    text = f"order id,date,amount,order status,refund amount\n1,2026-01-05,100,{state},{refund}\n"
    assert of(read(text, decimal="."), "sold", "back") == [(100.0, back)]


# ---- the amounts of an order of several rows


def several(*rows):
    return "order id,date,amount\n" + "".join(f"{row}\n" for row in rows)


def test_a_total_that_stands_on_every_row_counts_once():
    text = several("1,2026-01-05,60", "1,2026-01-05,60.00", "2,2026-01-06,10", "1,2026-01-05,60.0 ")
    found = read(text)
    assert of(found, "order", "sold", "rows") == [("1", 60.0, 3), ("2", 10.0, 1)]
    told = [one.parts for one in found.findings if one.kind == "repeated"]
    assert told == [{"count": 1, "value": 120.0}]
    apart = read(text, repeated=False)
    assert of(apart, "order", "sold") == [("1", 180.0), ("2", 10.0)]


def test_amounts_that_differ_are_each_rows_own():
    found = read(several("1,2026-01-05,60", "1,2026-01-05,61", "2,2026-01-06,10"))
    assert of(found, "sold") == [(121.0,), (10.0,)]
    # also where it is said that totals repeat: these are none
    said = read(several("1,2026-01-05,60", "1,2026-01-05,61"), repeated=True)
    assert of(said, "sold") == [(121.0,)]
    # half a coin and more is a difference
    near = several("1,2026-01-05,60.000", "1,2026-01-05,60.004", "1,2026-01-05,60.001")
    assert of(read(near, decimal="."), "sold")[0][0] == pytest.approx(60, abs=0.01)
    far = several("1,2026-01-05,60.000", "1,2026-01-05,60.006")
    assert of(read(far, repeated=True, decimal="."), "sold")[0][0] == pytest.approx(120.006)


def test_the_rows_own_amounts_tell_whether_a_total_repeats():
    head = "order id,date,order total,line total\n"
    total = head + "1,2026-01-05,30,10\n1,2026-01-05,30,20\n2,2026-01-06,5,5\n"
    assert of(read(total), "sold") == [(30.0,), (5.0,)]
    each = head + "1,2026-01-05,30,30\n1,2026-01-05,30,30.00\n2,2026-01-06,5,5\n"
    assert of(read(each), "sold") == [(60.0,), (5.0,)]


def test_units_times_price_stand_where_no_amount_does():
    found = read(
        "order id,date,unit price,quantity\n1,2026-01-05,10,3\n1,2026-01-05,2,1\n2,2026-01-06,5,\n"
    )
    assert of(found, "order", "sold", "units") == [("1", 32.0, 4.0)]
    assert left(found)["unreadable"][:2] == (1, 1)
    assert "times" in {one.kind for one in found.findings}


def test_amounts_of_rows_are_no_product_though_a_row_lacks_one():
    found = read("order id,date,line total\n1,2026-01-05,10\n1,2026-01-05,\n2,2026-01-06,5\n")
    assert of(found, "order", "sold") == [("1", 10.0), ("2", 5.0)]
    assert "times" not in {one.kind for one in found.findings}


def test_a_row_equal_to_an_earlier_one_in_all_is_left_out_and_one_that_differs_is_not():
    head = "order id,date,amount,sku,line total\n"
    found = read(
        head
        + "1,2026-01-05,30,a,10\n1,2026-01-05,30,a,10\n1,2026-01-05,30,b,10\n2,2026-01-05,30,a,10\n"
    )
    assert left(found)["duplicate"][:2] == (1, 1)
    assert [row[1] for row in of(found, "order", "rows")] == [2, 1]


def test_a_row_that_adds_up_others_is_no_order():
    found = read("order id,date,amount\n1,2026-01-05,30\n2,2026-01-06,12\nTotal,,42\n")
    assert found.sold == 42 and left(found) == {"total": (1, 1, 42.0)}
    undated = read("order id,date,amount\n1,2026-01-05,30\n2,,12\n")
    assert left(undated) == {"undated": (1, 1, 12.0)}


# ---- amounts that go back


def test_amounts_below_zero_take_off_their_order_and_alone_they_are_a_return():
    found = read(
        several("1,2026-01-05,60", "1,2026-01-07,-15", "2,2026-01-06,-9", "3,2026-01-08,4")
    )
    assert of(found, "order", "sold", "back", "minus") == [
        ("1", 60.0, 15.0, 15.0),
        ("3", 4.0, 0.0, 0.0),
    ]
    assert found.returns[["order", "amount"]].to_numpy().tolist() == [["2", 9.0]]
    assert (found.sold, found.back) == (64, 24)
    # more than was sold is not taken off
    assert of(read(several("1,2026-01-05,60", "1,2026-01-07,-75")), "back") == [(60.0,)]


def test_the_day_of_an_order_is_its_first():
    found = read(several("1,2026-01-07,60", "1,2026-01-05,10"))
    assert found.frame["day"].dt.strftime("%m-%d").tolist() == ["01-05"]


def test_a_refund_that_stands_on_every_row_counts_once_with_its_total_and_else_by_row():
    head = "order id,date,order total,refund amount,sku\n"
    same = head + "1,2026-01-05,60,6,a\n1,2026-01-05,60,6,b\n2,2026-01-06,9,0,a\n"
    assert of(read(same), "sold", "back")[0] == (60.0, 6.0)
    apart = head + "1,2026-01-05,60,6,a\n1,2026-01-05,60,5,b\n2,2026-01-06,9,0,a\n"
    assert of(read(apart), "sold", "back")[0] == (60.0, 11.0)


# ---- what other rows of an order say


def test_rows_of_an_order_know_what_one_of_them_says():
    found = read(
        "order id,date,amount,customer id,order status\n"
        "1,2026-01-05,60,Ann,paid\n1,,15,,\n2,2026-01-06,5,,paid\n2,,6,BOB,\n3,2026-01-07,7,,paid\n"
    )
    assert of(found, "order", "customer", "sold") == [
        ("1", "ann", 75.0),
        ("2", "bob", 11.0),
        ("3", "", 7.0),
    ]
    # a state counts for all rows of its order
    found = read(
        "order id,date,amount,order status\n1,2026-01-05,60,cancelled\n1,2026-01-05,15,\n"
        "2,2026-01-06,5,paid\n"
    )
    assert of(found, "order") == [("2",)] and left(found)["cancelled"] == (2, 1, 75.0)


def test_without_order_numbers_each_row_is_an_order():
    found = read("date,customer id,amount\n2026-01-05,ann,60\n2026-01-05,ann,61\n")
    assert of(found, "sold") == [(60.0,), (61.0,)]
    # and rows without a number too
    found = read(
        "order id,date,amount\n,2026-01-05,60\n,2026-01-05,61\n7,2026-01-05,1\n7,2026-01-05,2\n"
    )
    assert of(found, "sold") == [(60.0,), (61.0,), (3.0,)]


def test_money_of_two_currencies_is_no_sum():
    head = "order id,date,amount,currency\n1,2026-01-05,60,USD\n"
    assert read(head + "2,2026-01-06,10,USD\n").currency == "USD"
    with pytest.raises(InputError) as error:
        read(head + "2,2026-01-06,10,EUR\n")
    assert "EUR, USD" in error.value.sentences("en")[0]


def test_a_list_of_nothing_but_other_rows_says_why():
    text = "order id,date,amount,order status\n1,2026-01-05,60,cancelled\n2,2026-01-06,10,unpaid\n"
    with pytest.raises(InputError) as error:
        read(text)
    assert error.value.problems[0].rule == "no_orders_there"


def test_examples_are_the_first_rows_as_a_spreadsheet_numbers_them():
    rows = "".join(f"{i},2026-01-05,{i},{'unpaid' if i % 2 else 'paid'}\n" for i in range(1, 9))
    found = read("order id,date,amount,order status\n" + rows)
    # row 1 holds the headings: order 1 stands in row 2, order 3 in row 4
    assert found.left_out[0].examples[:3] == (2, 4, 6)


@pytest.mark.parametrize(
    "rows",
    [
        ("1,2026-01-05,10", "1,2026-01-05,10", "2,2026-01-05,20", "3,2026-01-05,30"),
        # the two rows do not stand together, however far apart they are
        ("1,2026-01-05,10", "2,2026-01-05,20", "3,2026-01-05,30", "1,2026-01-05,10"),
        # more rows of an order than are compared each with each
        ("1,2026-01-05,10", *[f"1,2026-01-05,{n}" for n in range(11, 20)], "1,2026-01-05,10"),
    ],
)
def test_a_row_that_stands_there_twice_counts_once_wherever_it_stands(rows):
    found = read("order id,date,amount\n" + "\n".join(rows))
    assert left(found)["duplicate"][0] == 1
    assert found.rows == len(rows)
    differ = [*rows[:-1], rows[-1].replace("2026-01-05", "2026-01-06")]
    if rows[-1] in rows[:-1]:  # another day, another row
        assert "duplicate" not in left(read("order id,date,amount\n" + "\n".join(differ)))


def test_six_states_that_are_not_known_are_told_by_five_of_their_names():
    names = [f"strange {letter}" for letter in "abcdef"]
    text = "order id,date,amount,order status\n" + "\n".join(
        f"{place},2026-01-05,10,{name}" for place, name in enumerate(names)
    )
    [told] = [one for one in read(text).findings if one.kind == "states"]
    assert told.parts["names"] == ", ".join(names[:5]) and told.parts["count"] == 6


def test_amounts_that_an_export_signs_keep_their_sign():
    """Amazon's settlement: 40.00 sold, 10.00 paid back, 4.00 of that taken back again: 6.00 went
    back, not 14.00.
    """
    head = (
        "settlement-id,transaction-type,order-id,amount-type,amount-description,amount,posted-date"
    )
    rows = (
        "1,Order,111-1,ItemPrice,Principal,40.00,2026-01-07",
        "1,Refund,111-1,ItemPrice,Principal,-10.00,2026-02-10",
        "1,Refund,111-1,ItemPrice,Principal,4.00,2026-02-11",
    )
    assert of(read("\n".join((head, *rows))), "sold", "back") == [(40.0, 6.0)]
