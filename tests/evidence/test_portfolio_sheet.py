"""A portfolio as a spreadsheet that is read again as the same one; the example; what is typed into
a cell.
"""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from funnel_sim.decisions.portfolio.products import products
from funnel_sim.errors import InputError
from funnel_sim.evidence.portfolio.columns import column_fields, heading_of
from funnel_sim.evidence.portfolio.example import example_portfolio, example_rows
from funnel_sim.evidence.portfolio.reading import read_portfolio
from funnel_sim.evidence.portfolio.sheet import (
    csv_sheet,
    fields_without_cell,
    without_cell,
    xlsx_sheet,
)
from funnel_sim.evidence.portfolio.typed import typed_cell
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_edits import opened_row, taken_back, with_change
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import moved, point_value
from funnel_sim.scenario.typed_numbers import TypedNumber

DE, TEMU = "amazon-de-kitchen", "temu-half-managed-us"
MIXED = Portfolio(
    (
        PortfolioRow("Mug", DE, {"product.price": 24.9, "conversion.cvr": 0.083}, group="厨房"),
        PortfolioRow("=SUM(A1)", DE, {"channels.ads.cpc": 0.61, "channels.organic.ctr": 0.02}),
        PortfolioRow("007", TEMU, {"plan.horizon_months": 6, "tax.import_tax_recoverable": False}),
        PortfolioRow("-5 °C bag", DE, {"fulfilment.return_rate": 0.0}, market="DE, AT"),
    ),
    DATA_DATE,
)


def again(content, name, **how):
    return read_portfolio(content, name, DATA_DATE, **how).portfolio


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rows_come_back_as_they_were(lang):
    assert again(csv_sheet(MIXED, lang).encode("utf-8-sig"), "x.csv") == MIXED
    assert again(xlsx_sheet(MIXED, lang), "x.xlsx") == MIXED


@given(
    price=st.floats(0.01, 1e6),
    rate=st.floats(1e-6, 0.999),
    name=st.text("abc 杯=+-@'\"\n,;", min_size=1, max_size=12),
)
@settings(max_examples=40, deadline=None)
def test_every_digit_and_every_name_survives(price, rate, name):
    name = " ".join(name.split())
    if not name:
        return
    row = PortfolioRow(name, DE, {"product.price": price, "fulfilment.return_rate": rate})
    one = Portfolio((row,), DATA_DATE)
    assert again(csv_sheet(one, "en").encode(), "x.csv") == one


def test_no_cell_of_a_spreadsheet_is_a_formula():
    sheet = load_workbook(io.BytesIO(xlsx_sheet(MIXED, "en"))).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "\n'=SUM(A1)," in csv_sheet(MIXED, "en")


def test_what_no_cell_holds_is_counted():
    pert = {"dist": "pert", "low": 0.05, "likely": 0.08, "high": 0.12}
    rows = (MIXED.rows[0], PortfolioRow("Wide", DE, {"conversion.cvr": pert}))
    assert without_cell(Portfolio(rows, DATA_DATE)) == 1 and without_cell(MIXED) == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_of_a_range_the_likely_value_is_written_and_read_again_with_the_same_figures(lang):
    opened = opened_row(MIXED, 0)
    typed = opened.replace({"product.price": moved(opened.product.price, 31.0)})
    back = taken_back(MIXED, 0, typed)
    tuned = with_change(back, 1, "conversion.cvr", {"dist": "uniform", "low": 0.05, "high": 0.07})
    for content, name in (
        (csv_sheet(tuned, lang).encode(), "x.csv"),
        (xlsx_sheet(tuned, lang), "x.xlsx"),
    ):
        read = again(content, name)
        assert point_value(read.scenario_of(0).product.price) == 31.0
        assert read.rows[1].changes["conversion.cvr"] == pytest.approx(0.06)  # (0.05 + 0.07) / 2
        assert products(read).total.profit == pytest.approx(products(tuned).total.profit)
    told = fields_without_cell(tuned, lang)
    assert ("=SUM(A1)", heading_of("conversion.cvr", lang), True) in told


def test_each_heading_leads_back_to_its_own_field():
    for lang in ("zh", "en"):
        headings = [heading_of(one, lang) for one in column_fields()]
        assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_shows_a_loss_and_is_told_from_own_rows(lang):
    example = example_portfolio(lang)
    found = products(example)
    assert 0 < found.losing.size < len(example.rows) and found.total.profit > 0
    assert example_rows(example) == len(example.rows) and example_rows(MIXED) == 0


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("product.price", "25,99", 25.99),
        ("product.price", "€ 31", 31.0),
        ("product.unit_cost", "1.2k", 1200.0),
        ("conversion.cvr", "8", 0.08),
        ("conversion.cvr", "8.5%", 0.085),
        ("plan.horizon_months", "24", 24),
        ("channels.ads.budget", "3万", 30_000.0),
        ("tax.import_tax_recoverable", "no", False),
    ],
)
def test_a_cell_is_read_as_people_type(path, text, value):
    found = typed_cell(preset(DE), path, text)
    assert found == value and type(found) is type(value)


def test_what_is_unclear_is_asked_and_what_is_no_number_refused():
    leap = typed_cell(preset(DE), "product.price", "2599", 25.99)
    assert isinstance(leap, TypedNumber) and leap.why == "leap"
    with pytest.raises(InputError):
        typed_cell(preset(DE), "product.price", "cheap")
    with pytest.raises(InputError):
        typed_cell(preset(DE), "product.prise", "1")


@pytest.mark.parametrize(("name", "base"), [("Name", "Base"), ("名称", "基准方案")])
def test_a_file_with_several_faults_names_all_of_them(name, base):
    text = (
        f"{name},{base},product.price\n"
        "Mug,amazon-de-kitchen,cheap\n"
        "Pan,amazon-de-kichen,20\n"
        "Pot,amazon-de-kitchen,-5\n"
        "Cup,amazon-de-kitchen,20\n"
    )
    with pytest.raises(InputError) as refused:
        again(text.encode(), "x.csv")
    found = refused.value.problems
    assert [one.where.split(":")[1].split(" ")[0] for one in found] == ["2", "3", "4"]
    assert found[1].where.endswith(f": {base}") and found[1].value == "amazon-de-kichen"
    assert str(found[1].parts["known"]).split(", ")[0] == "amazon-de-kitchen"
