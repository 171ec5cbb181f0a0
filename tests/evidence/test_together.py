"""Several files of one store: joined by month, what two report twice compared, holes filled by
another file, currencies that do not add up.
"""

import numpy as np
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import as_template
from funnel_sim.evidence.store.together import Source, together
from funnel_sim.evidence.tables.findings import Finding, in_runs
from funnel_sim.evidence.tables.tables import read_table

SALES = "month,gmv,orders\n2026-01,1000,10\n2026-02,1100,11\n2026-03,900,9\n"
ADS = "month,clicks,ad_spend\n2026-02,400,200\n2026-03,420,210\n2026-04,380,190\n"


def source(name, text):
    return Source(name, history(read_table(text.encode(), name), beside_others=True))


def kinds(found):
    return [one.kind for one in found.findings if one.kind != "of_file"]


def test_a_file_of_ads_is_not_told_to_lack_sales_that_another_file_has():
    sales = history(read_table(b"month,gmv\n2026-01,100\n2026-02,120\n", "sales.csv"))
    ads = history(
        read_table(b"month,ad_spend\n2026-01,9\n2026-02,8\n", "ads.csv"), beside_others=True
    )
    assert "no_sales" in {one.kind for one in ads.findings}
    both = together([Source("sales.csv", sales), Source("ads.csv", ads)])
    inner = [one.parts.get("finding", one).kind for one in both.findings]
    assert "no_sales" not in inner
    assert both.figures["ad_spend"].tolist() == [9.0, 8.0]


@pytest.mark.parametrize(
    ("cells", "months"),
    [
        ([f"01/{m:02}/25" for m in range(1, 13)] + ["01/01/26"], 13),  # the day comes first
        ([f"{m:02}/01/25" for m in range(1, 13)] + ["01/01/26"], 13),  # the month does
        ([f"01/{m:02}/26" for m in range(1, 13)], None),  # could be days of January: asked
    ],
)
def test_firsts_of_months_over_a_turn_of_the_year_are_months(cells, months):
    file = ("date,gmv\n" + "".join(f"{one},100\n" for one in cells)).encode()
    if months is None:
        with pytest.raises(InputError):
            history(read_table(file, "x.csv"))
    else:
        assert len(history(read_table(file, "x.csv")).months) == months


def test_sales_and_ads_are_joined_by_month():
    found = together([source("sales.csv", SALES), source("ads.csv", ADS)])
    assert found.months == ("2026-01", "2026-02", "2026-03", "2026-04")
    assert found.figures["gmv"].tolist()[:3] == [1000, 1100, 900] and np.isnan(
        found.figures["gmv"][3]
    )
    assert found.figures["ad_spend"].tolist()[1:] == [200, 210, 190] and np.isnan(
        found.figures["ad_spend"][0]
    )
    # since the gaps of each figure are named: April has no sales and no orders, January no ads
    gaps = {(one.month, one.role) for one in found.findings}
    assert set(kinds(found)) == {"gap"} and found.rows == 6
    assert {("2026-04", "gmv"), ("2026-04", "orders"), ("2026-01", "ad_spend")} <= gaps
    assert all(month in ("2026-01", "2026-04") for month, _ in gaps)


def test_the_same_sales_in_two_reports_count_once():
    found = together([source("a.csv", SALES), source("b.csv", SALES)])
    assert found.figures["gmv"].tolist() == [1000, 1100, 900]
    assert kinds(found) == ["reported_twice", "reported_twice"]


def test_reports_that_differ_are_told_with_both_sums():
    """1,000 + 1,100 + 900 = 3,000 against 1,000 + 1,300 + 900 = 3,200."""
    found = together([source("a.csv", SALES), source("b.csv", SALES.replace("1100", "1300"))])
    assert found.figures["gmv"].tolist() == [1000, 1100, 900]
    [one] = [one for one in found.findings if one.kind == "reports_differ"]
    assert (one.role, one.parts["value"], one.parts["against"]) == ("gmv", 3000, 3200)
    assert "a.csv says 3,000, b.csv 3,200" in one.sentence("en")


def test_years_in_two_files_follow_one_another_and_holes_are_named():
    found = together(
        [
            source("b.csv", "month,gmv\n2026-03,5\n2026-04,6\n"),
            source("a.csv", "month,gmv\n2025-12,3\n2026-01,4\n"),
        ]
    )
    assert found.months == ("2025-12", "2026-01", "2026-02", "2026-03", "2026-04")
    assert found.figures["gmv"][[0, 1, 3, 4]].tolist() == [3, 4, 5, 6] and kinds(found) == ["gap"]


def test_a_month_that_one_file_begins_late_is_taken_from_the_other():
    days = "".join(f"2026-02-{day:02d},10\n" for day in range(15, 29)) + "".join(
        f"2026-03-{day:02d},10\n" for day in range(1, 32)
    )
    found = together([source("days.csv", "date,gmv\n" + days), source("months.csv", SALES)])
    assert found.figures["gmv"].tolist() == [
        1000,
        1100,
        310,
    ]  # February is whole in the second file only
    assert "partial" not in [
        getattr(one.parts.get("finding"), "kind", "") for one in found.findings
    ]


def test_files_in_two_currencies_are_refused():
    with pytest.raises(InputError, match="USD, EUR"):
        together(
            [
                source("a.csv", "month,gmv (USD)\n2026-01,5\n"),
                source("b.csv", "month,ad spend (EUR)\n2026-01,5\n"),
            ]
        )
    assert (
        together(
            [
                source("a.csv", "month,gmv (USD)\n2026-01,5\n"),
                source("b.csv", "month,ad spend ($)\n2026-01,5\n"),
            ]
        ).currency
        == "USD"
    )


def test_the_products_own_file_reads_back_the_same():
    found = together([source("sales.csv", SALES), source("ads.csv", ADS)])
    again = source("again.csv", as_template(found)).history
    assert again.months == found.months
    for role, values in found.figures.items():
        assert np.array_equal(again.figures[role], values, equal_nan=True)


def test_months_in_a_row_that_lack_are_told_once_a_file_and_figure():
    """Twelve months of 2024 without GMV, and two apart that stay as they are."""
    gaps = [Finding("gap", f"2024-{month:02}", "gmv") for month in range(1, 13)]
    nested = [Finding("of_file", parts={"name": "ads.csv", "finding": one}) for one in gaps]
    apart = [Finding("gap", "2025-03", "gmv"), Finding("gap", "2025-05", "gmv")]
    found = in_runs([*gaps, *nested, *apart, Finding("no_sales")])
    assert [one.kind for one in found] == ["gap_run", "of_file", "gap", "gap", "no_sales"]
    assert found[0].parts == {"last": "2024-12", "count": 12}
    assert found[1].parts["finding"] == found[0]
    two = [Finding("gap", "2024-12"), Finding("gap", "2025-01")]
    assert in_runs(two) == two  # two are no run
    assert len(in_runs([*two, Finding("gap", "2025-02")])) == 1  # over a turn of the year


def test_months_that_lack_in_two_files_are_runs_of_their_own():
    """One file lacks January to March, another April to June: six months in a row, of no file."""
    named = [
        Finding("of_file", parts={"name": name, "finding": Finding("gap", f"2024-{month:02}")})
        for name, months in (("a.csv", (1, 2, 3)), ("b.csv", (4, 5, 6)))
        for month in months
    ]
    found = in_runs(named)
    assert [one.parts["name"] for one in found] == ["a.csv", "b.csv"]
    assert [one.parts["finding"].parts for one in found] == [
        {"last": "2024-03", "count": 3},
        {"last": "2024-06", "count": 3},
    ]
    # told month by month in turn, each file's run is still its own
    assert len(in_runs([named[0], named[3], named[1], named[4], named[2], named[5]])) == 2


def test_a_gap_of_sales_is_named_though_ads_cover_the_month():
    """By day without February, ads by month: the month is covered, its sales are not known."""
    days = "date,gmv,orders\n" + "".join(
        f"2026-{month:02}-{day:02},100,4\n"
        for month, last in ((1, 31), (3, 31))
        for day in range(1, last + 1)
    )
    ads = "month,ad_spend,clicks\n2026-01,50,90\n2026-02,50,90\n2026-03,50,90\n"
    found = together([source("d.csv", days), source("a.csv", ads)])
    assert found.grain == "mixed" and (found.covered == 1).all()
    told = {(one.month, one.role) for one in found.findings if one.kind == "gap"}
    assert told == {("2026-02", "gmv"), ("2026-02", "orders")}
