"""A rate typed for a file of months in another currency: on the command line, kept with the months,
told in the report and to machines.
"""

import json

import pytest

from funnel_sim.decisions.kpi.store_history import with_actuals
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.together import Source, together
from funnel_sim.evidence.tables.money import into
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.output.words.actual_months import converted_sentences
from funnel_sim.scenario import files, links
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS
from tests.output.test_review import run

STORE = preset("amazon-de-kitchen").replace(
    {"options": [{"id": "a", "name": "A", "fee_currency": "sales", "share_tiers": [{"rate": 0.1}]}]}
)
SALES = b"month,gmv (USD),orders\n2026-01,1000,10\n2026-02,2000,20\n"
ADS = b"month,ad_spend\n2026-01,100\n2026-02,110\n"


@pytest.fixture
def given(tmp_path):
    scenario, sales, ads = (tmp_path / one for one in ("s.json", "sales.csv", "ads.csv"))
    scenario.write_text(files.to_text(STORE), encoding="utf-8")
    sales.write_bytes(SALES)
    ads.write_bytes(ADS)
    return str(scenario), str(sales), str(ads)


def bill(given, *more):
    scenario, sales, ads = given
    return run("bill", scenario, "--actuals", sales, ads, "--from", "2026-01", *more)


@pytest.mark.parametrize("rate", ["USD=0.9", "sales.csv:USD=0.9", "usd=0.9"])
def test_a_bill_goes_by_the_rate_of_the_command_line(given, rate):
    """10 % of (1,000 + 2,000) USD at 0.9 are 270.00 EUR; the ads are in euros and stay."""
    code, out, err = bill(given, "--rate", rate, "--json")
    assert code == 0, err
    made = json.loads(out)
    assert made["settlement"]["due"] == "270.00"
    assert made["converted"] == [
        {
            "file": "sales.csv",
            "code": "USD",
            "into": "EUR",
            "rate": 0.9,
            "day": None,
            "figures": ["gmv"],
            "first": "2026-01",
            "last": "2026-02",
        }
    ]
    assert "the rate that you typed" in err


@pytest.mark.parametrize("lang", LANGS)
def test_bill_and_review_say_the_rate_in_words(given, lang):
    words = {"zh": "1 USD = 0.9 EUR 折算（您填的汇率）", "en": "1 USD = 0.9 EUR, the rate that you"}
    code, out, _ = bill(given, "--rate", "USD=0.9", "--lang", lang)
    assert code == 0 and words[lang] in out


@pytest.mark.parametrize("rate", ["GBP=0.9", "other.csv:USD=0.9", "USD", "USD=x", "=0.9", "USD=0"])
def test_a_rate_of_no_money_or_of_no_number_is_refused(given, rate):
    code, _, err = bill(given, "--rate", "USD=0.9", rate)
    assert code == 2 and "rate" in err


def test_without_a_typed_rate_the_day_of_the_dated_one_is_kept(given):
    made = json.loads(bill(given, "--convert-to", "EUR", "--json")[1])
    assert made["converted"][0]["day"] and made["converted"][0]["rate"] != 0.9


def read(sales=SALES, rate=0.9, name="sales.csv"):
    table = read_table(sales, name)
    found = history(table, into=into("EUR", STORE.as_of, {"USD": rate}))
    ads = history(read_table(ADS, "ads.csv"), beside_others=True)
    return together([Source(name, found), Source("ads.csv", ads)])


def test_the_rate_travels_in_file_and_link_and_is_said_of_the_months_that_are_there():
    made = with_actuals(STORE, read(), "2026-01")
    assert files.from_bytes(files.to_text(made).encode()) == made
    assert links.decode(links.encode(made)).scenario == made
    assert converted_sentences(made.history, "en") == [
        "“sales.csv”, 2026-01 to 2026-02: gross sales (GMV) were in USD and were read at "
        "1 USD = 0.9 EUR, the rate that you typed."
    ]


def test_another_file_of_the_same_months_takes_the_place_of_the_rate():
    first = with_actuals(STORE, read(), "2026-01")
    again = with_actuals(first, read(rate=0.8, name="newer.csv"))
    assert [(one.file, one.rate) for one in again.history.converted] == [("newer.csv", 0.8)]
    # of one of its two months only: the other still stands on the first file
    partly = with_actuals(first, read(SALES.rsplit(b"\n", 2)[0] + b"\n", 0.8, "newer.csv"))
    assert [one.file for one in partly.history.converted] == ["sales.csv", "newer.csv"]


@pytest.mark.parametrize("rate", ["GBP=0.9", "other.csv:USD=0.9"])
def test_kpi_and_ltv_refuse_a_rate_that_no_file_uses(given, tmp_path, rate):
    scenario, sales, _ = given
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "customer,date,amount (USD)\nada,2026-01-05,10\nada,2026-02-07,10\nbo,2026-01-09,20\n",
        encoding="utf-8",
    )
    ltv = ("ltv", scenario, "--transactions", str(orders))
    for command in (("kpi", scenario, "--history", sales), ltv):
        code, out, err = run(*command, "--rate", "USD=0.9", rate)
        assert code == 2 and rate in err and not out, (command, err)
        assert "USD=0.9" not in run(*command, "--rate", "USD=0.9")[2], command
