"""Money of several currencies: refused unless the user says into what, then converted at one dated
rate a currency, and told.
"""

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.cli import main
from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.store.columns import money_named
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.together import Source, together
from funnel_sim.evidence.tables.money import Into, into, rate_of
from funnel_sim.evidence.tables.tables import load_table, read_table
from funnel_sim.reference.exchange_rates import exchange

DAY = dt.date(2026, 11, 22)
USD = Into("USD", DAY)
HEAD = "order id,date,buyer,amount,currency\n"


def table(text):
    return read_table(text.encode(), "x.csv")


def told(found, kind):
    return [one for one in found.findings if one.kind == kind]


def test_orders_are_converted_at_the_rate_in_force_on_the_day_and_each_currency_is_told():
    found = orders(
        table(HEAD + "1,2026-01-05,a,60,USD\n2,2026-01-06,b,1000,JPY\n3,2026-01-06,c,500,JPY\n"),
        into=USD,
    )
    # on 22 November 2026 the rows of 2 October are in force: 0.042522 / 6.7046 CNY = 0.0063422
    # dollars a yen
    assert (
        found.frame["sold"].tolist()
        == pytest.approx([60, 1000 * 0.042522 / 6.7046, 500 * 0.042522 / 6.7046])
        and found.currency == "USD"
    )
    [one] = told(found, "converted")
    assert (one.parts["count"], one.parts["code"], one.parts["value"], one.parts["day"]) == (
        2,
        "JPY",
        pytest.approx(1500),
        "2026-10-02",
    )
    assert (
        one.parts["result"] == pytest.approx(9.5134, abs=1e-4)
        and one.parts["rate"] == "0.00634221"
        and "ecb.europa.eu" in one.sentence("en")
    )
    [kept] = told(found, "kept")
    assert (kept.parts["count"], kept.parts["value"]) == (1, 60)


def test_the_day_before_a_newer_rate_the_older_one_holds():
    assert (
        rate_of("EUR", Into("CNY", dt.date(2026, 10, 1)), "x").value == 8.20
    )  # of 1 January, a rough one
    assert rate_of("EUR", Into("CNY", dt.date(2026, 10, 1)), "x").weak
    assert rate_of("EUR", Into("CNY", dt.date(2026, 10, 2)), "x").value == 7.5259


def test_what_went_back_is_converted_too():
    rows = "1,2026-01-05,a,100,EUR\n2,2026-01-06,b,1000,JPY\n3,2026-01-07,b,-500,JPY\n"
    found = orders(table(HEAD + rows), into=USD)
    yen = exchange("JPY", "USD", DAY)
    assert found.returns["amount"].tolist() == pytest.approx(
        [500 * yen]
    ) and found.back == pytest.approx(500 * yen)
    assert [
        (one.role, one.parts["count"], one.parts["code"]) for one in told(found, "converted")
    ] == [
        ("", 1, "EUR"),
        ("", 1, "JPY"),
        ("refunds", 1, "JPY"),
    ]


def test_a_line_of_an_order_has_the_currency_of_its_order_and_a_row_of_totals_needs_none():
    text = (
        "order id,date,buyer,quantity,unit"
        " price,currency\n1,2026-01-05,a,2,10,EUR\n1,,,1,5,\n2,2026-01-06,b,1,7,USD\nTotal,,,,32,\n"
    )
    found = orders(table(text), into=USD)
    assert found.frame["sold"].tolist() == pytest.approx([25 * exchange("EUR", "USD", DAY), 7])


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (
            "1,2026-01-05,a,60,USD\n2,2026-01-06,b,10,PKR\n",
            "PKR — no rate of exchange to USD is known here for 2026-11-22",
        ),
        (
            "1,2026-01-05,a,60,USD\n2,2026-01-06,b,10,JPY\n3,2026-01-06,c,10,\n",
            "rows 4 have an amount but no currency",
        ),
        (
            "1,2026-01-05,a,€60,USD\n2,2026-01-06,b,10,JPY\n",
            "rows 2 name two currencies for one amount",
        ),
        (
            "1,2026-01-05,a,60,USD\n1,2026-01-05,a,10,JPY\n",
            "x.csv: 1: JPY, USD — one order has amounts in several currencies",
        ),
        (
            "1,2026-01-05,a,¥60,\n2,2026-01-06,b,10,EUR\n",
            "the sign in rows 2 may mean several currencies",
        ),
    ],
)
def test_what_cannot_be_converted_is_refused_in_a_sentence(rows, why):
    with pytest.raises(InputError, match=why):
        orders(table(HEAD + rows), into=USD)


def test_a_shared_sign_is_the_one_that_the_file_or_the_choice_names():
    text = "order id,date,buyer,amount\n1,2026-01-05,a,$60\n2,2026-01-06,b,€10\n"
    assert orders(table(text), into=USD).frame["sold"].tolist() == pytest.approx(
        [60, 10 * exchange("EUR", "USD", DAY)]
    )
    singapore = orders(table(HEAD + "1,2026-01-05,a,$60,SGD\n2,2026-01-06,b,10,EUR\n"), into=USD)
    assert singapore.frame["sold"].tolist() == pytest.approx(
        [60 * exchange("SGD", "USD", DAY), 10 * exchange("EUR", "USD", DAY)]
    )


def test_a_history_is_converted_figure_by_figure():
    text = "month,gmv,ad_spend\n2026-01,€100,$5\n2026-02,€50,$6\n"
    assert money_named(table(text)) == ("$", "EUR")
    with pytest.raises(InputError, match="--convert-to"):
        history(table(text))
    found = history(table(text), into=USD)
    assert found.figures["gmv"].tolist() == pytest.approx(
        [100 * 7.5259 / 6.7046, 50 * 7.5259 / 6.7046]
    )
    assert found.figures["ad_spend"].tolist() == [5, 6] and found.currency == "USD"
    assert [(one.kind, one.role, one.parts["count"]) for one in found.findings] == [
        ("converted", "gmv", 2),
        ("kept", "ad_spend", 2),
    ]


def test_the_heading_of_one_column_names_the_currency_of_the_others():
    found = history(table("month,gmv (EUR),ad_spend\n2026-01,100,5\n"), into=USD)
    assert found.figures["ad_spend"].tolist() == pytest.approx([5 * exchange("EUR", "USD", DAY)])


def test_a_file_that_names_no_currency_is_taken_as_it_stands_and_says_so():
    found = history(table("month,gmv\n2026-01,100\n"), into=USD)
    assert found.figures["gmv"].tolist() == [100] and [one.kind for one in found.findings] == [
        "taken_as"
    ]


def test_files_in_two_currencies_are_joined_once_each_is_converted():
    files = {
        "sales.csv": "month,gmv (EUR)\n2026-01,100\n",
        "ads.csv": "month,ad_spend (USD)\n2026-01,5\n",
    }
    apart = [
        Source(name, history(read_table(text.encode(), name), beside_others=True))
        for name, text in files.items()
    ]
    with pytest.raises(InputError, match="EUR, USD"):
        together(apart)
    one = together(
        [
            Source(name, history(read_table(text.encode(), name), beside_others=True, into=USD))
            for name, text in files.items()
        ]
    )
    assert one.currency == "USD" and one.figures["gmv"].tolist() == pytest.approx(
        [100 * exchange("EUR", "USD", DAY)]
    )


def test_a_currency_that_is_unknown_is_refused():
    assert into("eur", DAY).code == "EUR"
    with pytest.raises(InputError, match="no rate of exchange"):
        into("XXX", DAY)


CODES = ("USD", "EUR", "JPY", "GBP", "MYR")


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from(CODES)), min_size=1, max_size=12),
    st.sampled_from(CODES),
)
def test_nothing_is_lost_when_money_is_converted(rows, code):
    """Σ amount × rate over the rows = what the orders come to = Σ over the currencies of what is
    told.
    """
    text = HEAD + "".join(
        f"{place},2026-01-05,b{place},{amount}.25,{named}\n"
        for place, (amount, named) in enumerate(rows)
    )
    found = orders(table(text), into=Into(code, DAY))
    assert found.sold == pytest.approx(
        sum((amount + 0.25) * exchange(named, code, DAY) for amount, named in rows)
    )
    stated = sum(
        one.parts["result" if one.kind.startswith("converted") else "value"]
        for one in found.findings
        if one.kind.startswith(("converted", "kept"))
    )
    assert stated == pytest.approx(found.sold)
    assert sum(
        one.parts["count"] for one in found.findings if one.kind.startswith(("converted", "kept"))
    ) == len(rows)


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "scenario.json"
    kpis = [{"id": "gmv", "metric": "gmv", "target": 0.4, "relative": True}]
    path.write_text(
        json.dumps({"funnel_sim": 1, "preset": "shopee-my-crossborder", "changes": {"kpis": kpis}}),
        "utf-8",
    )
    return path


def test_the_command_line_offers_and_converts(tmp_path, capsys, scenario):
    path = tmp_path / "h.csv"
    path.write_text(
        "month,currency,gmv,orders\n"
        + "".join(
            f"2026-{m:02d},{code},{v},40\n"
            for m, code, v in [(1, "SGD", 900), (2, "MYR", 3000), (3, "SGD", 950), (4, "SGD", 900)]
        )
    )
    assert main(["kpi", str(scenario), "--history", str(path), "--paths", "1000"]) == 2
    assert "--convert-to" in capsys.readouterr().err
    assert (
        main(
            [
                "kpi",
                str(scenario),
                "--history",
                str(path),
                "--convert-to",
                "myr",
                "--paths",
                "1000",
                "--json",
            ]
        )
        == 0
    )
    findings = json.loads(capsys.readouterr().out)["found_in_history"]
    # 900 + 950 + 900 = 2,750 SGD at 5.2387 / 1.6415 = 3.19141 MYR: 8,776.38
    assert any(
        "amounts in SGD: 3, 2,750.00 in all; at 3.19141 MYR each (rate of 2026-10-02" in one
        and "8,776.38 MYR" in one
        for one in findings
    )


def test_orders_in_another_currency_than_the_scenario_are_said_on_the_command_line(
    tmp_path, capsys, scenario
):
    path = tmp_path / "o.csv"
    days = pd.date_range("2026-01-01", periods=60)
    path.write_text(
        HEAD
        + "".join(f"{i},{day.date()},b{i % 25},{10 + i}.50,SGD\n" for i, day in enumerate(days))
    )
    assert main(["ltv", str(scenario), "--transactions", str(path), "--paths", "1000"]) == 0
    assert "The file is in SGD, the scenario in MYR" in capsys.readouterr().out
    assert (
        main(
            [
                "ltv",
                str(scenario),
                "--transactions",
                str(path),
                "--convert-to",
                "MYR",
                "--paths",
                "1000",
            ]
        )
        == 0
    )
    out = capsys.readouterr().out
    assert "The file is in SGD" not in out and "Amounts in SGD: 60" in out


def test_what_went_back_by_units_is_converted_with_its_order():
    """Of two pieces at 150,000 one went back: half of what the order is in the other currency, as
    it is half of it in its own.
    """
    path = Path(__file__).parent / "exports" / "shopee_id.csv"
    found = orders(load_table(path), into=USD)
    sold = found.frame.set_index("order")["sold"]
    back = found.frame.set_index("order")["back"]
    assert back["2602033C"] == pytest.approx(sold["2602033C"] / 2)
    assert back.drop("2602033C").eq(0).all()


def test_months_that_name_no_currency_are_told_with_the_only_one_that_others_name():
    found = history(table("month,gmv\n2026-01,€100\n2026-02,50\n"), into=USD)
    [told] = [one for one in found.findings if one.kind.startswith("converted")]
    assert (told.parts["code"], told.parts["count"]) == ("EUR", 2)
    assert told.parts["value"] == pytest.approx(150.0)
    assert found.figures["gmv"].sum() == pytest.approx(told.parts["result"])


def test_a_rate_that_was_typed_counts_before_that_of_the_day_and_is_told_as_typed():
    """1,000 USD at 0.9 are 900 EUR, whatever the table says of the day."""
    at = into("EUR", DAY, {"USD": 0.9})
    table = read_table(b"month,gmv (USD),orders\n2026-01,1000,10\n2026-02,500,5\n", "s.csv")
    found = history(table, into=at)
    assert found.figures["gmv"].tolist() == [900.0, 450.0] and found.currency == "EUR"
    [told] = [one for one in found.findings if one.kind.startswith("converted")]
    assert told.kind == "converted_typed" and told.parts["exact"] == 0.9
    assert (told.parts["file"], told.parts["first"], told.parts["last"]) == (
        "s.csv",
        "2026-01",
        "2026-02",
    )
    assert "the rate that you typed" in told.sentence("en")
    assert "您填的汇率" in told.sentence("zh")


def test_a_sign_of_several_currencies_is_read_at_a_rate_that_was_typed_for_it():
    table = read_table(b"month,gmv,orders\n2026-01,$1000,10\n2026-02,$500,5\n", "s.csv")
    with pytest.raises(InputError, match=r"\$"):
        history(table, into=into("EUR", DAY))
    found = history(table, into=into("EUR", DAY, {"$": 0.5}))
    assert found.figures["gmv"].tolist() == [500.0, 250.0]


def test_a_currency_that_the_table_does_not_know_is_read_at_a_typed_rate():
    table = read_table(b"month,gmv (KZT),orders\n2026-01,1000,10\n2026-02,500,5\n", "s.csv")
    with pytest.raises(InputError, match="KZT"):
        history(table, into=into("EUR", DAY))
    found = history(table, into=into("EUR", DAY, {"kzt": 0.002}))
    assert found.figures["gmv"].tolist() == [2.0, 1.0]


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf"), 1e9])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(InputError, match="rate USD"):
        into("EUR", DAY, {"USD": rate})
