"""Months of channels from files of both languages, and what is wrong with those that hold none."""

import io

import openpyxl
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.store.channel_spend import channel_spend
from funnel_sim.evidence.tables.tables import read_table

MANY = "".join(f"2026-01,c{n},5,1\n" for n in range(25))


def read(text, name="x.csv", **how):
    return channel_spend(read_table(text.encode(), name), **how)


def test_days_of_an_english_file_become_months():
    rows = "\n".join(
        f"2026-{month:02}-{day:02},{name},{spend},{spend * 3}"
        for month, days in ((1, 31), (2, 28))
        for day in range(1, days + 1)
        for name, spend in (("Meta", 10 * month), ("Google", 4))
    )
    meta, google = read(f"date,channel,spend,sales\n{rows}\n")
    assert (meta.name, meta.months) == ("Meta", ("2026-01", "2026-02"))
    assert meta.spend.tolist() == [310.0, 560.0] and meta.brought.tolist() == [930.0, 1680.0]
    assert google.spend.tolist() == [124.0, 112.0] and meta.calendar == [1, 2]


@pytest.mark.parametrize(
    "head", ["月份,渠道,花费,订单数", "日期,广告类型,广告费,订单数", "月份,投放渠道,推广费,订单数"]
)
def test_chinese_headings(head):
    found = read(f"{head}\n2026-01,站内,500.5,20\n2026-02,站内,900.5,31\n")
    assert found[0].spend.tolist() == [500.5, 900.5] and found[0].result == "orders"


def test_a_workbook_and_the_first_measure_that_there_is():
    book = openpyxl.Workbook()
    for row in (
        ("Month", "Channel", "Cost", "Clicks", "Attributed sales", "Orders"),
        ("2026-01", "Brand", 120.0, 300, 700.0, 20),
        ("2026-02", "Brand", 150.0, 340, 800.0, 24),
    ):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    found = channel_spend(read_table(content.getvalue(), "x.xlsx"))
    assert found[0].result == "ad_sales" and found[0].brought.tolist() == [700.0, 800.0]


def test_months_without_spend_or_sales_are_left_out_and_counted():
    found = read(
        "month,channel,spend,orders\n2026-01,a,5,1\n2026-02,a,0,3\n2026-03,a,7,0\n2026-04,a,9,2\n"
    )
    assert found[0].months == ("2026-01", "2026-04") and found[0].left_out == 2


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("month,spend,orders\n2026-01,5,1\n", "curves_channel"),
        ("month,channel,orders\n2026-01,a,1\n", "curves_none"),
        ("month,channel,spend\n2026-01,a,1\n", "curves_none"),
        ("month,channel,spend,orders\n" + MANY, "curves_many"),
    ],
)  # fmt: skip
def test_files_without_what_is_needed_are_refused(text, rule):
    with pytest.raises(InputError) as error:
        read(text)
    assert error.value.problems[0].rule == rule
    assert all("{" not in one for lang in ("zh", "en") for one in error.value.sentences(lang))


def test_what_is_unclear_in_one_channel_is_told_with_its_name():
    text = 'month,channel,spend,orders\n2026-01,Meta,"5,000",120\n2026-02,Meta,"6,000",130\n'
    with pytest.raises(InputError) as error:
        read(text)
    assert error.value.problems[0].where.startswith("Meta: ")
    assert read(text, decimal=".")[0].spend.tolist() == [5000.0, 6000.0]
