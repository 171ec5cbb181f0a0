"""Periods that stand twice in a file: asked about where the rows name weeks or months, added up
where they name days.
"""

import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables.tables import read_table


def gmv(text, **how):
    return history(read_table(text.encode(), "x.csv"), **how).figures["gmv"].tolist()


@pytest.mark.parametrize(
    ("heading", "dates"),
    [
        ("month", ("2026-01", "2026-02", "2026-02", "2026-03")),
        ("date", ("2026-01-01", "2026-02-01", "2026-02-01", "2026-03-01")),  # first days
        ("date", ("2026-01-31", "2026-02-28", "2026-02-28", "2026-03-31")),  # last days
        ("月份", ("2026年1月", "2026年2月", "2026年2月", "2026年3月")),
    ],
)
def test_a_month_that_stands_twice_is_asked_about(heading, dates):
    """100, 20, 30, 50, February twice: 20 where the first row counts, 20 + 30 where they add up."""
    rows = "\n".join(f"{date},{sum_}" for date, sum_ in zip(dates, (100, 20, 30, 50), strict=True))
    text = f"{heading},gmv\n{rows}\n"
    with pytest.raises(InputError) as caught:
        gmv(text)
    [told] = caught.value.sentences("en")
    assert "2026-02" in told and "4" in told  # the month, and the line of its second row
    assert gmv(text, repeated="once") == [100, 20, 50]
    assert gmv(text, repeated="add") == [100, 50, 50]


def test_days_within_their_months_add_up_without_a_question():
    """5 January twice: two sales of a day, 60 + 60."""
    assert gmv("date,gmv\n2026-01-05,60\n2026-01-05,60\n2026-02-05,10\n2026-03-05,7\n") == [
        120,
        10,
        7,
    ]


def test_another_column_of_dates_or_words_tells_rows_apart():
    """A day beside its month, or a product: 60 + 40 in January."""
    days = "day,month,gmv\n2026-01-05,2026-01,60\n2026-01-06,2026-01,40\n2026-02-05,2026-02,10\n"
    products = "month,product,gmv\n2026-01,lamp,60\n2026-01,desk,40\n2026-02,lamp,10\n"
    assert gmv(days) == gmv(products) == [100, 10]
