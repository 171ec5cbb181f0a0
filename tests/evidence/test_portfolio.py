"""A portfolio from a spreadsheet: headings in both languages, cells as people type them, refusals
with file, line, column and rule.
"""

import csv
import io

import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.portfolio.columns import template_bases
from funnel_sim.evidence.portfolio.reading import read_portfolio
from funnel_sim.evidence.portfolio.template import csv_template, xlsx_template
from funnel_sim.model.portfolio import portfolio_figures
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset

KITCHEN = "amazon-de-kitchen"


def read(rows, name="items.csv", **options):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return read_portfolio(text.getvalue().encode(), name, DATA_DATE, **options)


def changes(head, *cells):
    return read([["Name", "Base", *head], ["a", KITCHEN, *cells]]).portfolio.rows[0].changes


def refused(rows):
    with pytest.raises(InputError) as caught:
        read(rows)
    return caught.value.sentences("en")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_read_as_the_presets_that_it_shows(lang, kind):
    content = csv_template(lang).encode() if kind == "csv" else xlsx_template(lang)
    found = read_portfolio(content, f"t.{kind}", DATA_DATE)
    plain = Portfolio(tuple(PortfolioRow(one, one) for one in template_bases()), DATA_DATE)
    assert found.left_out == () and [row.base for row in found.portfolio.rows] == list(
        template_bases()
    )
    one = portfolio_figures(found.portfolio, ["profit"])["profit"]
    assert one == pytest.approx(portfolio_figures(plain, ["profit"])["profit"], rel=1e-9)


def test_headings_are_names_of_both_languages_or_paths():
    assert changes(
        ["售价", "Unit cost", "fulfilment.return_rate", "Exchange rate"], 20, 9, 0.1, 8
    ) == {
        "product.price": 20.0,
        "product.unit_cost": 9.0,
        "fulfilment.return_rate": 0.1,
        "fx_rate": 8.0,
    }


def test_a_channels_column_means_the_one_bought_channel():
    assert changes(["CPC"], 0.4) == changes(["Cost per click (CPC)"], 0.4)
    assert changes(["点击单价（CPC）"], 0.4) == {"channels.ads.cpc": 0.4}
    two = {
        "channels": [
            {"id": one, "name": one, "kind": "cpc", "budget": 1.0, "cpc": 1.0} for one in "ab"
        ]
    }
    base = preset(KITCHEN).replace(two)
    rows = [["Name", "Base", "Monthly ad budget"], ["x", "mine", "5"]]
    with pytest.raises(InputError, match=r"items.csv:2: Monthly ad budget.*\(a, b\)"):
        read(rows, bases={"mine": base})


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("Price", "25,99", 25.99),
        ("Price", "1,200.50", 1200.5),
        ("Price", "€24.9", 24.9),
        ("Unit cost", "¥30", 30.0),
        ("Conversion rate", "8%", 0.08),
        ("Conversion rate", "0.08", 0.08),
        ("Return rate", "0", 0.0),
        ("plan.horizon_months", "6", 6),
        ("Price includes tax", "否", False),
        ("product.origin", "VN", "VN"),
    ],
)
def test_cells_are_read_as_people_type(column, cell, value):
    [(_, found)] = changes([column], cell).items()
    assert found == value and type(found) is type(value)


def test_an_empty_cell_keeps_what_the_base_has():
    assert changes(["Price", "Unit cost"], "", "-") == {}


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("Price", "dear", "dear — is no amount that can be read"),
        ("Price", "$24.90", "$24.90 — is in another currency: this field is in EUR"),
        ("Price", "25,999", "25999 / 25.999"),
        ("Price", "0", "must be above 0"),
        ("Conversion rate", "8", "must be at most 1"),
        ("plan.horizon_months", "6.5", "whole"),
        ("product.origin", "x" * 300, "200 characters"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_with_its_line(column, cell, told):
    [sentence] = refused([["Name", "Base", column], ["a", KITCHEN, ""], ["b", KITCHEN, cell]])
    assert "items.csv:3" in sentence and told in sentence


def test_every_wrong_cell_is_told():
    wrong = refused([["Name", "Base", "Price"], ["a", KITCHEN, "x"], ["b", KITCHEN, "y"]])
    assert [one.split(" ")[0] for one in wrong] == ["items.csv:2:", "items.csv:3:"]


def test_headings_that_say_nothing_are_told_and_slips_are_refused():
    assert read([["Name", "Base", "Shelf"], ["a", KITCHEN, "3"]]).left_out == ("Shelf",)
    assert (
        "no column that this program knows"
        in refused([["Name", "Base", "Prize"], ["a", KITCHEN, "3"]])[0]
    )
    assert "needs columns for name and base" in refused([["Name", "Price"], ["a", "3"]])[0]
    assert (
        "same field as the column Price"
        in refused([["Name", "Base", "Price", "售价"], ["a", KITCHEN, "3", "4"]])[0]
    )


def test_an_unknown_base_and_a_name_that_stands_twice_are_told_with_their_lines():
    told = refused([["Name", "Base"], ["a", "nowhere"], ["b", KITCHEN], ["b", KITCHEN]])
    assert "items.csv:2 (a): Base" in " ".join(told) and "items.csv:4 (b): Name" in " ".join(told)


def test_thousands_of_rows_are_read():
    rows = [
        [f"s{n}", KITCHEN, f"{10 + n / 7:.2f}", f"{(n % 900 + 1) / 100:.2f}%"] for n in range(5000)
    ]
    made = read([["Name", "Base", "Price", "Conversion rate"], *rows]).portfolio
    assert len(made.rows) == 5000 and made.rows[4999].changes["product.price"] == 724.14


@pytest.mark.parametrize(
    ("head", "path"),
    [
        ("卖价", "product.price"), ("销售价", "product.price"), ("售价格", "product.price"),
        ("进货价", "product.unit_cost"), ("退款率", "fulfilment.return_rate"),
        ("Unit price", "product.price"), ("COGS", "product.unit_cost"),
    ],
)  # fmt: skip
def test_everyday_headings_are_known(head, path):
    found = read([["Name", "Base", head], ["a", KITCHEN, "0.2"]])
    assert dict(found.portfolio.rows[0].changes) == {path: 0.2}


@pytest.mark.parametrize("head", ["活动价", "平台最低价", "Cost of storage", "Refund rate 30 d"])
def test_a_heading_that_speaks_of_a_price_or_a_rate_is_refused_where_it_is_none_of_ours(head):
    with pytest.raises(InputError) as error:
        read([["Name", "Base", head], ["a", KITCHEN, "3"]])
    assert error.value.problems[0].rule == "portfolio_column"
