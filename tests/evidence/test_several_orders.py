"""Several files of orders of one shop, each sum by hand."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.cli import main
from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.orders.several import together
from funnel_sim.evidence.orders.transactions import bought, of_customers
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.presets import preset

HEAD = "order id,date,buyer,amount,refund,status\n"
UNTIL = dt.date(2026, 6, 1)


def read(name, rows, head=HEAD):
    return of_customers(read_table((head + rows).encode(), name), None)


def kinds(found):
    return [one.kind for one in found.findings if one.kind != "of_file"]


def test_the_same_order_in_two_files_counts_once_as_the_later_one_has_it():
    """2 was 10 in January's file and had 4 of it paid back in February's, which reaches further: 60
    + (10 − 4) + 5 = 71; the one left out is the 10 of January's.
    """
    january = read("jan.csv", "1,2026-01-05,ann,60,,paid\n2,2026-01-31,bo,10,,paid\n")
    february = read("feb.csv", "2,2026-01-31,bo,10,4,paid\n3,2026-02-01,ann,5,,paid\n")
    for files in ([january, february], [february, january]):
        found = together(files)
        assert (found.sold, found.back, found.rows) == (75, 4, 4)
        assert [(one.reason, one.rows, one.orders, one.amount) for one in found.left_out] == [
            ("duplicate", 1, 1, 10)
        ]
        assert kinds(found) == ["orders_twice", "orders_differ"]
        told = [one.sentence("en") for one in found.findings if one.kind.startswith("orders_")]
        assert told[0] == (
            "1 orders stand both in feb.csv and in jan.csv; they count once, as feb.csv has them:"
            " 10.00."
        )
        assert "after refunds 6.00 in feb.csv" in told[1] and "10.00 in jan.csv" in told[1]
        of_buyers = bought(found, UNTIL)
        assert of_buyers.orders["amount"].sum() == 71
        assert (of_buyers.counted.orders, of_buyers.counted.duplicates) == (3, 1)


def test_a_gap_between_files_is_named_and_a_quiet_day_is_not():
    """Twenty orders in the first twenty days; none for ten days: exp(−10 × 40 / 50) = 0.0003 of
    chance at their pace of 0.8 a day; one day without: exp(−0.98) = 0.38.
    """
    first = read("a.csv", "".join(f"{n},2026-01-{1 + n:02d},b{n % 5},5,,paid\n" for n in range(20)))
    for start, gap in ((31, True), (22, False)):
        rows = "".join(
            f"{n + 50},{dt.date(2026, 1, start) + dt.timedelta(n)},b{n % 5},5,,paid\n"
            for n in range(20)
        )
        found = together([read("b.csv", rows), first])
        assert ("files_gap" in kinds(found)) is gap
        if gap:
            [told] = [one.sentence("en") for one in found.findings if one.kind == "files_gap"]
            assert "10 days from 2026-01-21 to 2026-01-30 (between a.csv and b.csv)" in told


def test_files_without_order_numbers_may_not_hold_the_same_days():
    head = "date,buyer,amount\n"
    one = read("a.csv", "2026-01-05,ann,60\n2026-01-31,bo,10\n", head)
    later = read("b.csv", "2026-02-01,ann,60\n", head)
    again = read("c.csv", "2026-01-31,bo,10\n2026-02-03,ann,1\n", head)
    assert together([one, later]).sold == 130
    with pytest.raises(InputError, match="both hold orders from 2026-01-31 to 2026-01-31"):
        together([one, again])


def test_money_of_two_files_is_one_currency():
    head = "order id,date,buyer,amount,currency\n"
    usd = read("a.csv", "1,2026-01-05,ann,60,USD\n", head)
    eur = read("b.csv", "2,2026-01-06,ann,60,EUR\n", head)
    with pytest.raises(InputError, match="several currencies"):
        together([usd, eur])


def test_a_return_in_both_files_is_taken_off_once():
    """Two returns of order 9, one of them in both files: 60 + 5 − 8 − 3 = 54."""
    one = read("a.csv", "1,2026-01-05,ann,60,,paid\n9,2026-01-07,ann,-8,,paid\n")
    other = read(
        "b.csv", "2,2026-01-08,ann,5,,paid\n9,2026-01-07,ann,-8,,paid\n8,2026-01-09,ann,-3,,paid\n"
    )
    found = together([one, other])
    assert (found.sold, found.back) == (65, 11)
    assert bought(found, UNTIL).orders["amount"].sum() == 54


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_however_a_file_is_cut_into_overlapping_ones_the_orders_are_the_same(data):
    """Any cover of the rows by files gives the whole file's orders, and loses no row."""
    count = data.draw(st.integers(3, 15))
    rows = [
        f"{n},2026-0{1 + n % 3}-{1 + 2 * n % 27:02d},b{n % 4},{5 + n},{n % 3},paid\n"
        for n in range(count)
    ]
    cut = data.draw(st.integers(1, count - 1))
    overlap = data.draw(st.integers(0, cut))
    files = [rows[:cut], rows[cut - overlap :]]
    whole = orders(read_table((HEAD + "".join(rows)).encode(), "whole.csv"))
    found = together([read(f"{n}.csv", "".join(part)) for n, part in enumerate(files)])
    for column in ("order", "sold", "back", "day", "customer"):
        assert (
            found.frame.sort_values("order")[column].tolist()
            == whole.frame.sort_values("order")[column].tolist()
        )
    assert found.rows == count + overlap
    assert found.rows == int(found.frame["rows"].sum() + found.returns["rows"].sum()) + sum(
        one.rows for one in found.left_out
    )


@pytest.mark.slow
def test_the_command_line_reads_several_files(tmp_path, capsys):
    scenario = tmp_path / "s.json"
    scenario.write_text(to_text(preset("amazon-us-kitchen")), "utf-8")
    paths = []
    for name, first in (("a", 0), ("b", 40)):
        rows = "".join(
            f"{n},2026-0{1 + n // 28}-{1 + n % 28:02d},b{n % 60},{20 + n % 7},,paid\n"
            for n in range(first, first + 80)
        )
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text(HEAD + rows, "utf-8")
    for lang, told in (
        ("en", "40 orders stand both in b.csv and in a.csv"),
        ("zh", "40 笔订单同时在"),
    ):
        args = ["ltv", str(scenario), "--paths", "256", "--lang", lang, "--transactions"]
        assert main([*args, *map(str, paths)]) == 0
        out = capsys.readouterr().out
        assert told in out
