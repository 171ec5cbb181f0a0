"""Which column is what, by name and by content; the row of headings; two columns for one role."""

import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.store.columns import list_columns, recognised
from funnel_sim.evidence.tables.amounts import is_number
from funnel_sim.evidence.tables.choices import DATE, NUMBER, TEXT, asked, choice, shown
from funnel_sim.evidence.tables.columns import by_content, by_name, different
from funnel_sim.evidence.tables.headings import recognise
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.evidence.tables.vocabulary import heading_row, known_headings
from funnel_sim.words import Words

NAMES = {"amount": ["order total", "total", "=sum"], "tax": ["total tax"], "fee": ["cost"]}


def table(text):
    return read_table(text.encode(), "x.csv")


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["Total"], {"amount": ["Total"]}),
        # names in the order in which they are likely, wherever the columns stand
        (["Total", "Order total"], {"amount": ["Order total", "Total"]}),
        # a part of a heading is a name where no other role has a longer one
        (["Total tax paid"], {"tax": ["Total tax paid"]}),
        (["My total"], {"amount": ["My total"]}), (["Subtotal"], {}),
        # "=sum" and names of four letters must be the whole heading
        (["Sum"], {"amount": ["Sum"]}), (["Sum of it"], {}),
        (["Cost"], {"fee": ["Cost"]}), (["Cost of it"], {}),
        # whole names come before parts
        (["Total of day", "Total"], {"amount": ["Total", "Total of day"]}),
        # an ignored word keeps a part from being taken, and no whole name
        (["Total refund"], {}), (["Order total refund", "Total"], {"amount": ["Total"]}),
    ],
)  # fmt: skip
def test_a_column_is_what_its_heading_says(columns, found):
    told = by_name(columns, NAMES, ["refund"])
    assert {role: some for role, some in told.items() if some} == found


@pytest.mark.parametrize(("numbers", "holds"), [(10, True), (8, True), (1, False)])
def test_most_of_the_different_cells_must_be_what_a_role_needs(numbers, holds):
    cells = [str(n) for n in range(numbers)] + [f"x{n}" for n in range(10 - numbers)]
    found = table("a,b\n" + "\n".join(f"{cell},1" for cell in cells))
    assert by_content(found, "a", is_number, 0.8) == holds
    assert by_content(found, "a", is_number, numbers / 10)  # exactly that share is enough
    if numbers < 10:
        assert not by_content(found, "a", is_number, numbers / 10 + 0.01)


def test_cells_that_say_nothing_count_for_nothing_and_equal_ones_once():
    found = table("a,b\n5,1\n5,1\n-,1\nn/a,1\nNULL,1\n无,1\n--,1\nx,1\n")
    assert different(found, "a").tolist() == ["5", "x"]
    assert by_content(found, "a", is_number, 0.5) and not by_content(found, "a", is_number, 0.51)
    empty = table("a,b\n-,1\n,2\n")
    assert not by_content(empty, "a", None) and by_content(empty, "b", None)


def test_two_hundred_different_cells_are_looked_at_also_behind_thousands_that_say_nothing():
    rows = [f"n{n}" for n in range(300)]
    assert (
        different(table("a,b\n" + "\n".join(f"{one},1" for one in rows)), "a").tolist()
        == (rows[:200])
    )
    late = ["-"] * 5_500 + rows
    found = different(table("a,b\n" + "\n".join(f"{one},1" for one in late)), "a")
    assert found.tolist() == rows[:200]


@pytest.mark.parametrize(
    ("records", "place"),
    [
        ([["month", "gmv"], ["2026-01", "5"]], 0),
        ([["Report", ""], ["month", "gmv"], ["2026-01", "5"]], 1),
        # one known heading is enough only where its row is fuller than the first
        ([["a", ""], ["gmv", "x"]], 1), ([["a", "b"], ["gmv", "x"]], 0),
        # of two rows with as many the first
        ([["month", "gmv"], ["month", "orders"]], 0), ([["gmv", "x"], ["month", "orders"]], 1),
        # a title alone stands above the first row of several cells
        ([["title", ""], ["", "of it"], ["a", "b"]], 2), ([["a", ""], ["b", ""]], 0),
        ([["a", "b"], ["c", "d"]], 0), ([], 0),
    ],
)  # fmt: skip
def test_the_row_of_headings(records, place):
    assert heading_row(records) == place


def test_headings_are_known_as_wholes():
    assert known_headings("Month", "GMV", "", "gmv of it") == 2


@pytest.mark.parametrize(
    ("columns", "role", "column"),
    [
        (("GMV",), "gmv", "GMV"), (("x", "gmv (USD)"), "gmv", "gmv (USD)"),
        (("Total visits of all",), "visits", "Total visits of all"),
    ],
)  # fmt: skip
def test_roles_of_a_stores_months_by_heading(columns, role, column):
    assert recognise(columns) == {role: column}
    assert recognise(columns, lambda _column, asked_: asked_ != role) == {}


# ---- two columns for one role

NAME = Words("金额", "Amount")


def chosen(kind, text, others=("b",)):
    return choice(table(text), "amount", NAME, kind, "a", list(others), ["--column {name}"])


@pytest.mark.parametrize(
    ("kind", "rows", "clear"),
    [
        # the other says the same, to the cent, or in a day next to it, or by names that pair
        (NUMBER, "5,5.00\n7,7\n9,9.004\n", True), (NUMBER, "5,5.01\n7,7.01\n9,9.01\n", False),
        (NUMBER, "5,4\n7,6\n9,8\n", False),
        (DATE, "2026-01-05,2026-01-06\n2026-01-07,2026-01-07\n", True),
        (DATE, "2026-01-05,2026-01-07\n2026-01-07,2026-01-09\n", False),
        (DATE, "2026-01-05,2026-01\n2026-02-07,2026-02\n", True),
        (DATE, "2026-01-05,2026-02\n2026-02-07,2026-03\n", False),
        (TEXT, "ann,1\nbob,2\nann,1\n", True), (TEXT, "ann,1\nann,2\nann,3\nbob,1\nbob,2\n", False),
        # the other is mostly empty
        (NUMBER, "5,\n7,\n9,8\n6,\n4,\n3,\n2,\n1,\n8,\n10,\n11,\n", True),
    ],
)  # fmt: skip
def test_a_column_is_clearly_better_where_the_other_says_the_same_or_nothing(kind, rows, clear):
    found = chosen(kind, "a,b\n" + rows)
    assert found.clear == clear and found.columns == ("a", "b")


def test_only_rivals_are_asked_about_and_the_first_three_values_are_shown():
    text = "a,b,c\n5,5,4\n7,7,6\n7,7,6\n9,9,8\n2,2,1\n"
    found = chosen(NUMBER, text, ("b", "c"))
    assert (found.columns, found.clear) == (("a", "c"), False)
    assert shown(table(text), "a") == "“a” (5, 7, 9)"
    assert choice(table(text), "amount", NAME, NUMBER, "a", []) is None
    with pytest.raises(InputError) as refused:
        asked(table(text), [found], [])
    [problem] = refused.value.problems
    assert (problem.where, problem.rule) == ("x.csv", "column_unclear")
    assert problem.parts["columns"] == "“a” (5, 7, 9); “c” (4, 6, 8)"
    assert problem.parts["ways"] == "--column c"
    [told] = asked(table(text), [found], ["amount"])
    assert told.kind == "chosen" and told.parts["others"] == "“c” (4, 6, 8)"
    [clear] = asked(table(text), [chosen(NUMBER, text)], [])
    assert clear.kind == "choice" and clear.parts["column"] == "“a” (5, 7, 9)"


def test_a_role_is_as_likely_as_the_longest_of_its_names_in_a_heading():
    """The heading holds "total" and "total amount paid" (17 letters), and "amount paid" (11): the
    first role has the longest name, though also one that is shorter than the other's.
    """
    names = {"amount": ["total", "total amount paid"], "paid": ["amount paid"]}
    found = by_name(["Our total amount paid here"], names, [])
    assert {role: some for role, some in found.items() if some} == {
        "amount": ["Our total amount paid here"]
    }


def test_of_a_stores_months_only_the_date_is_taken_for_its_name_alone():
    """No cell is a day and none a figure: the date is asked about, the orders are not there."""
    assert recognised(table("Date,Orders\nspring,many\nsummer,few\n")) == {"date": "Date"}
    assert recognised(table("Date,Orders\nspring,5\nsummer,6\n")) == {
        "date": "Date",
        "orders": "Orders",
    }


def test_a_column_that_settles_what_could_be_several_is_named_though_it_was_taken_anyway():
    """Two columns of days: the one that is chosen settles the question; sales have one column."""
    two = table(
        "order id,date,paid at,gmv\n1,2026-01-05,2026-01-09,10\n2,2026-01-15,2026-02-01,20\n"
    )
    taken = {"date": "date", "gmv": "gmv"}
    assert recognised(two) == taken and list_columns(two, None) == {}
    assert list_columns(two, taken) == {"date": "date"}
    assert list_columns(two, {"gmv": "gmv"}) == {}
    one = table("order id,date,gmv\n1,2026-01-05,10\n2,2026-01-15,20\n")
    assert list_columns(one, taken) == {}
