"""No percentage of a loss: the difference stands in its place, on screen and in files."""

import io

import openpyxl
import pytest

from funnel_sim.decisions.review.reviewed import review_of
from funnel_sim.decisions.review.standing import standing
from funnel_sim.output.words.formats import joined
from funnel_sim.output.words.review_head import change_text
from funnel_sim.output.words.review_kpis import kpi_cells, kpi_workings
from funnel_sim.output.workbook.cells import Sheet
from funnel_sim.output.workbook.review_book import _put_change, review_book
from funnel_sim.words import LANGS
from tests.conftest import neutral
from tests.engaged import engaged

PROFIT = {"id": "p", "metric": "profit", "target": 100.0, "window": "month", "month_to": 2}


def losses():
    """Price 30 on costs of 40 in rent: orders alone move a loss. GMV 300, 600, 1,200."""
    gmv = [300.0] * 12 + [600.0, 900.0]
    return neutral(
        {
            "history.first_month": "2025-01",
            "history.engagement_from": "2026-01",
            "history.seen_gmv": gmv,
            "history.seen_orders": [one / 30 for one in gmv],
            "history.seen_refunds": [0.0] * 14,
            "history.seen_ad_spend": [5000.0] * 12 + [4000.0, 6000.0],
            "kpis": [PROFIT],
        }
    )


@pytest.mark.parametrize("lang", LANGS)
def test_a_kpi_of_losses_tells_the_difference(lang):
    scenario = losses()
    row = standing(scenario, paths=256).rows[0]
    assert row.now < row.month_ago < 0 and row.year_ago < 0
    cells = kpi_cells(row, scenario, lang)
    assert "%" not in cells.before and "%" not in cells.year
    assert cells.before.lstrip().startswith("−")  # deeper in loss: the difference is below zero
    told = joined(kpi_workings(standing(scenario, paths=256), scenario, lang)[0])
    assert "− 1" not in told and "÷ −" not in told


@pytest.mark.parametrize(
    ("now", "then", "value", "rate"),
    [
        (-1703.0, -1348.0, -355.0, False),  # worse by 355, not "+26 %"
        (-996.0, -1703.0, 707.0, False),
        (50.0, 0.0, 50.0, False),
        (110.0, 100.0, 0.1, True),
        (-50.0, 100.0, -1.5, True),
    ],
)
def test_a_cell_of_the_workbook(now, then, value, rate):
    sheet = Sheet("x", "x")
    cells = [sheet.put(0, column, one, "money") for column, one in enumerate((now, then))]
    _put_change(sheet, 0, 2, *cells, "money")
    content, look = sheet.cells[0, 2]
    assert float(content.value) == pytest.approx(value)
    assert (look == "rate") is rate


def test_words_tell_no_percentage_of_a_loss():
    assert change_text(-1703.0, -1348.0) == "" and change_text(1.0, 0.0) == ""


@pytest.mark.slow
def test_the_workbook_has_no_percentage_where_the_figure_before_was_a_loss():
    found = review_of(engaged(), paths=256)
    book = openpyxl.load_workbook(io.BytesIO(review_book(found, "en")))
    sheet = book.worksheets[0]
    seen = 0
    by_name = {one.now: one for one in found.figures if one.now is not None}
    for row in sheet.iter_rows(min_row=8):
        if isinstance(row[1].value, float | int) and row[1].value in by_name:
            one = by_name[row[1].value]
            for column, then in ((4, one.before), (5, one.year_ago)):
                if then is not None:
                    seen += 1
                    assert ("%" in row[column].number_format) is (then > 0)
    assert seen
