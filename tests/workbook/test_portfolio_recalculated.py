"""The totals of a portfolio's workbook, worked out by LibreOffice: what the page says, by every
tag, for words that a criterion takes for another one too; a row changed in the file moves them.
"""

import io
import re

import openpyxl
import pytest

from funnel_sim.decisions.portfolio.products import products
from funnel_sim.output.workbook.portfolio_results import results_xlsx
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import TAGS, Portfolio, PortfolioRow
from funnel_sim.words import say
from tests.workbook.recalculate import recalculated

US, DE = "amazon-us-kitchen", "amazon-de-kitchen"
WORDS = ("a", "A", "b", "b", "c*", "cd", "01", "1", "<d", "", "", "x=1")


def portfolio():
    rows = (
        PortfolioRow(
            f"Row {n}", US if n % 2 else DE, {"product.price": 20.0 + 3 * n},
            product=f"Product {n // 3}", group=word,
        )
        for n, word in enumerate(WORDS)
    )  # fmt: skip
    return Portfolio(tuple(rows), DATA_DATE)


def changed(content):
    """Return the file with the first row's profit a thousand higher."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[say("en", "portfolio_results.sheet")]
    head = say("en", "portfolio_results.profit_shown", currency="CNY")
    column = next(cell.column for cell in sheet[1] if cell.value == head)
    sheet.cell(2, column).value += 1000.0
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    content = results_xlsx(products(portfolio()), None, "en")
    folder = tmp_path_factory.mktemp("portfolio")
    out = recalculated({"as_made": content, "changed": changed(content)}, folder)
    return {name: openpyxl.load_workbook(path, data_only=True) for name, path in out.items()}


def test_totals_by_every_tag_are_those_of_the_page(files):
    found = products(portfolio())
    sheet = files["as_made"][say("en", "portfolio_results.totals")]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    expected = [("", found.total)]
    expected += [(tag, one) for tag in TAGS for one in found.by_tag[tag]]
    assert len(lines) == len(expected)
    for line, (tag, one) in zip(lines, expected, strict=True):
        assert line[3:] == pytest.approx(
            [one.rows, one.losing, one.orders, one.profit, one.margin, one.lost, one.net_revenue]
        ), (tag, one.name)


def test_a_row_changed_in_the_file_moves_the_totals_and_is_said(files):
    found = products(portfolio())
    totals = files["changed"][say("en", "portfolio_results.totals")]
    assert totals["G2"].value == pytest.approx(found.total.profit + 1000.0)
    told = {name: [cell.value for cell in book[say("en", "portfolio_report.summary")]["B"]]
            for name, book in files.items()}  # fmt: skip
    kept, stale = say("en", "portfolio_report.kept"), say("en", "portfolio_report.stale")
    assert kept in told["as_made"] and stale not in told["as_made"]
    assert stale in told["changed"] and kept not in told["changed"]
    errors = re.compile(r"^(#|Err:)")
    assert not [c.value for book in files.values() for sheet in book for row in sheet.iter_rows()
                for c in row if isinstance(c.value, str) and errors.match(c.value)]  # fmt: skip
