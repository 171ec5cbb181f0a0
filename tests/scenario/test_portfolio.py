"""A portfolio: what a row may be, what is refused with which words, files that give it back."""

import json

import pytest

from funnel_sim.errors import InputError
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.moved_ranges import along
from funnel_sim.scenario.portfolio import MOST_ROWS, Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_files import (
    load_portfolio,
    portfolio_from_bytes,
    portfolio_text,
)
from funnel_sim.scenario.portfolio_rates import rates_of
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value

KITCHEN = "amazon-de-kitchen"


def made(*rows, **options):
    return Portfolio(tuple(rows), DATA_DATE, **options)


def refusal(*rows, **options):
    with pytest.raises(InputError) as caught:
        made(*rows, **options)
    return caught.value.sentences("en")


def changed(**changes):
    return PortfolioRow("Mug", KITCHEN, {k.replace("__", "."): v for k, v in changes.items()})


def test_a_row_is_its_base_with_what_differs():
    found = made(changed(product__price=24.0, plan__horizon_months=6)).scenario_of(0)
    base = preset(KITCHEN)
    price = along("product.price", base.product.price, 24.0)  # the base's range, moved along
    assert found == base.replace({"product.price": price, "plan.horizon_months": 6})


def test_a_tag_that_is_empty_is_the_bases_own():
    one = made(
        PortfolioRow("a", KITCHEN, market="Austria", group="new"), PortfolioRow("b", KITCHEN)
    )
    kitchen = preset(KITCHEN)
    assert one.tags("market") == ["Austria", kitchen.market]
    assert one.tags("platform") == [kitchen.platform] * 2
    assert one.tags("group") == ["new", ""]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"product.price": 0.0}, "product.price): 0.0 — must be above 0"),
        ({"product.price": float("nan")}, "product.price): nan"),
        ({"product.price": 1e13}, "must be at most"),
        ({"product.price": "a"}, "product.price): a — must be a number"),
        ({"product.price": True}, "must be a number"),
        ({"product.pricee": 1.0}, "product.pricee: is not a field"),
        ({"channels.none.cpc": 1.0}, "channels.none.cpc"),
        ({"conversion.cvr": 1.5}, "conversion.cvr): 1.5 — must be at most 1"),
        ({"conversion.cvr": 0.5, "conversion.add_to_cart_rate": 0.4}, "0.4"),
        ({"payment.bank_rate": 99.0}, "payment.bank_rate): 99"),
        ({"currency": "USD"}, "the currency was changed without its rate"),
        ({"plan.horizon_months": 0}, "plan.horizon_months): 0 — must be at least 1"),
        ({"channels.ads.elasticity": 0.3, "channels.ads.reference_budget": None}, "reference"),
    ],
)
def test_a_row_that_is_no_scenario_is_refused_by_name_and_field(changes, told):
    row = PortfolioRow("Mug", KITCHEN, changes, place="rows.7")
    [sentence, *_] = refusal(PortfolioRow("fine", KITCHEN), row)
    assert "rows.7 (Mug)" in sentence and told in sentence


def test_what_a_row_may_be_is_what_a_scenario_may_be():
    """At each bound of the price's domain the row is refused exactly where the scenario is."""
    for price in (1e-7, 1e-6, 1e12, 1.0000001e12):
        row = PortfolioRow("a", KITCHEN, {"product.price": price})
        try:
            preset(KITCHEN).replace(row.changes)
        except InputError:
            assert refusal(row)
        else:
            assert point_value(made(row).scenario_of(0).product.price) == price


def test_of_many_conversion_rates_each_wrong_one_is_found():
    """With carts of 20 % and every order paid, rates up to 20 % hold; 21 % and 30 % do not."""
    rates = (0.05, 0.21, 0.2, 0.3, 0.1)
    rows = [
        PortfolioRow(
            f"r{rate}", KITCHEN, {"conversion.cvr": rate, "conversion.add_to_cart_rate": 0.2}
        )
        for rate in rates
    ]
    told = refusal(*rows)
    assert len(told) == 2 and {"r0.21", "r0.3"} == {
        name
        for name in ("r0.05", "r0.21", "r0.2", "r0.3", "r0.1")
        if any(f"({name})" in t for t in told)
    }


def test_names_are_their_own_and_bases_are_known():
    twice = PortfolioRow("Mug", KITCHEN)
    assert "stands in two rows" in refusal(twice, twice)[0]
    assert "is missing" in refusal(PortfolioRow(" ", KITCHEN))[0]
    assert "neither a preset nor a base" in refusal(PortfolioRow("a", "nowhere"))[0]
    assert "holds 1 to 100,000 rows" in refusal()[0]
    too_many = (PortfolioRow(str(n), KITCHEN) for n in range(MOST_ROWS + 1))
    assert "100001" in refusal(*too_many)[0]


def test_a_currency_without_a_rate_is_refused():
    assert "no exchange rate" in refusal(PortfolioRow("a", KITCHEN), currency="XAF")[0]


def test_totals_are_at_the_rows_own_rate_or_the_dated_one():
    """Costs in CNY: the row's 8.5 CNY for a euro. Shown in EUR itself: 1."""
    rows = (changed(fx_rate=8.5), PortfolioRow("own", KITCHEN))
    at_home, abroad = made(*rows), made(*rows, currency="EUR")
    assert rates_of(at_home, at_home.groups[0]).tolist() == [8.5, preset(KITCHEN).fx_rate]
    assert rates_of(abroad, abroad.groups[0]).tolist() == [1.0, 1.0]


def test_rows_that_differ_in_numbers_share_a_call_and_others_do_not():
    rows = (
        changed(product__price=20.0),
        PortfolioRow("b", KITCHEN, {"product.unit_cost": 9.0}),
        PortfolioRow("c", KITCHEN, {"plan.horizon_months": 3}),
        PortfolioRow("d", "amazon-de-electronics"),
    )
    assert [group.rows.tolist() for group in made(*rows).groups] == [[0, 1], [2], [3]]


def test_a_file_gives_the_portfolio_back(tmp_path):
    mine = preset("tiktok-us-beauty").replace({"product.price": 33.0})
    rows = (
        changed(product__price={"dist": "pert", "low": 20.0, "likely": 24.0, "high": 30.0}),
        PortfolioRow("杯子", "mine", product="杯子", market="US", group="g"),
    )
    portfolio = made(*rows, currency="USD", bases={"mine": mine})
    file = tmp_path / "all.json"
    file.write_text(portfolio_text(portfolio), "utf-8")
    again = load_portfolio(file)
    assert again == portfolio and again.rows[1].place == "rows.2"


def test_a_base_beside_the_file_is_read(tmp_path):
    (tmp_path / "mine.json").write_text(
        to_text(preset(KITCHEN).replace({"product.price": 77.0})), "utf-8"
    )
    content = json.dumps(
        {"funnel_sim_portfolio": 1, "rows": [{"name": "a", "base": "mine.json"}]}
    ).encode()
    assert portfolio_from_bytes(content, folder=tmp_path).scenario_of(0).product.price == 77.0
    with pytest.raises(InputError, match="neither a preset"):
        portfolio_from_bytes(content)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "not a portfolio file"),
        ({"funnel_sim": 1}, "not a portfolio file"),
        ({"funnel_sim_portfolio": 2, "rows": []}, "2"),
        ({"funnel_sim_portfolio": 1}, "rows: is missing"),
        ({"funnel_sim_portfolio": 1, "rows": []}, "holds 1 to"),
        ({"funnel_sim_portfolio": 1, "rows": [3]}, "rows.1"),
        ({"funnel_sim_portfolio": 1, "rows": [{"name": 3}]}, "rows.1.name: 3 — must be text"),
        ({"funnel_sim_portfolio": 1, "rows": [{"names": ""}]}, "rows.1.names"),
        ({"funnel_sim_portfolio": 1, "row": []}, "row: is not a field"),
        ({"funnel_sim_portfolio": 1, "rows": [{}], "bases": {"x": {"funnel_sim": 9}}}, "bases.x"),
    ],
)
def test_a_file_that_is_none_is_refused(data, told):
    with pytest.raises(InputError) as caught:
        portfolio_from_bytes(json.dumps(data).encode())
    assert told in str(caught.value)


def test_what_is_no_json_is_refused_with_its_line():
    with pytest.raises(InputError, match="line 2"):
        portfolio_from_bytes(b'{"rows":\n !}')


@pytest.mark.parametrize("part", ["name", "product", "group"])
def test_a_row_whose_text_cannot_be_written_is_refused(part):
    """Half of a surrogate pair, a control character: the file, the link or the workbook of such a
    portfolio could not be written.
    """
    for text, mark in (("a\ud800", "U+D800"), ("a\x00b", "U+0000")):
        row = {"name": "Mug", "base": "amazon-de-kitchen", part: text}
        plain = {"funnel_sim_portfolio": 1, "as_of": DATA_DATE.isoformat(), "rows": [row]}
        with pytest.raises(InputError) as caught:
            portfolio_from_bytes(json.dumps(plain).encode())
        assert mark in caught.value.sentences("zh")[0]
        with pytest.raises(InputError):
            Portfolio((PortfolioRow(**row),), DATA_DATE)
    row = {"name": "Mug", "base": "amazon-de-kitchen", part: "Mug\nblue\tone"}
    plain = {"funnel_sim_portfolio": 1, "as_of": DATA_DATE.isoformat(), "rows": [row]}
    found = portfolio_from_bytes(json.dumps(plain).encode())  # a cell of two lines
    assert getattr(found.rows[0], part) == "Mug blue one"


def test_a_number_of_four_hundred_digits_is_refused():
    """It is beyond all floating-point numbers; it ended in an OverflowError."""
    for value in (10**400, -(10**400)):
        with pytest.raises(InputError):
            Portfolio(
                (PortfolioRow("Mug", "amazon-de-kitchen", {"product.price": value}),), DATA_DATE
            )


def test_a_base_whose_name_cannot_be_written_is_refused():
    store = preset("amazon-de-kitchen")
    with pytest.raises(InputError):
        Portfolio((PortfolioRow("Mug", "a\ud800"),), DATA_DATE, bases={"a\ud800": store})


def test_an_empty_base_is_missing_and_a_wrong_one_is_told_what_is_near():
    rules = {}
    for base in ("", "  ", "amazon-de-kitchn"):
        with pytest.raises(InputError) as error:
            Portfolio((PortfolioRow("A", base),), DATA_DATE)
        rules[base] = error.value.problems[0].rule
    assert list(rules.values()) == ["missing", "missing", "portfolio_base"]
