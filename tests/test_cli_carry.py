"""`carry`: the report in both languages, what machines get, the portfolio file, what is refused."""

import io
import json

import pytest

from funnel_sim.cli import main
from funnel_sim.decisions.portfolio.markets import markets
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words.markets import market_name, market_sentences, place_name
from funnel_sim.scenario.carried_goods import nearest_presets
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.portfolio_files import load_portfolio
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS, say

DE, TIKTOK = "amazon-de-kitchen", "tiktok-us-beauty"
MINE = preset("amazon-us-kitchen").replace({"product.unit_cost": 60.0, "conversion.cvr": 0.12})


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    return main([*map(str, arguments)], out, err), out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    place = tmp_path_factory.mktemp("carry") / "mine.json"
    place.write_text(to_text(MINE), "utf-8")
    return place


def test_machines_get_every_field_with_its_origin_source_and_date(file):
    code, out, err = run("carry", file, "--to", DE, "--to", TIKTOK, "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert data["currency"] == "CNY" and data["here"]["name"] == "here"
    [germany] = [one for one in data["places"] if one["name"] == DE]
    assert {one["from"] for one in germany["fields"].values()} == {"own", "target", "moved"}
    cpc = germany["fields"]["channels.ads.cpc"]
    assert cpc["from"] == "moved" and cpc["ratio"] == pytest.approx(0.68 / 1.18)
    assert len(cpc["sources"]) == 2 and all(one["as_of"] for one in cpc["sources"])
    assert germany["fields"]["product.unit_cost"] | {"sources": []} == {
        "from": "own",
        "typed": True,
        "before": 60.0,
        "value": 60.0,
        "ratio": None,
        "why": None,
        "weak": False,
        "doubt": 0.0,
        "price_over_level_counted": 1.0,
        "sources": [],
    }
    there = evaluate(Scenario.read(germany["scenario"])).steady
    assert germany["profit_per_month"] == pytest.approx(there["profit"] * 7.5259)
    total = sum(one["profit_per_month"] for one in (data["here"], *data["places"]))
    assert data["total"]["profit_per_month"] == pytest.approx(total)
    assert data["ranked_by"] == "cautious" and data["chance"]["paths"] == 1024
    assert germany["evidence"] == {"clicks": "weak", "sales": "weak"}
    assert germany["cautious_profit_per_month"] < germany["profit_per_month"]


def test_futures_are_told_where_they_are_asked_for(file):
    data = json.loads(run("carry", file, "--to", DE, "--paths", 256, "--json")[1])
    assert data["chance"]["paths"] == 256
    assert 0 <= data["places"][0]["odds_of_loss"] <= 1


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_says_what_the_comparison_says(file, lang):
    code, out, _ = run("carry", file, "--to", DE, "--to", "shopee-id-fashion", "--lang", lang)
    found = markets(MINE, [DE, "shopee-id-fashion"], paths=1024)
    assert code == 0
    for told in market_sentences(found, lang):
        assert told in out
    for one in found.every:
        assert market_name(one, found, lang) in out
    assert place_name("shopee-id-fashion", lang) in out  # its price is far above the level there
    assert say(lang, "markets.dear", places=place_name("shopee-id-fashion", lang)) in out


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("fields", ["all", "none"])
def test_fields_are_told_as_asked(file, lang, fields):
    out = run("carry", file, "--to", DE, "--fields", fields, "--lang", lang)[1]
    long = run("carry", file, "--to", DE, "--lang", lang)[1]
    assert len(out) > len(long) if fields == "all" else len(out) < len(long)


@pytest.mark.slow
def test_all_are_one_preset_of_every_other_platform_and_market(file):
    data = json.loads(run("carry", file, "--to", "all", "--json")[1])
    assert {one["name"] for one in data["places"]} == set(nearest_presets(MINE))


def test_the_places_are_saved_as_rows_of_a_portfolio(file, tmp_path):
    place = tmp_path / "items.json"
    code, out, err = run("carry", file, "--to", DE, "--save", place, "--json")
    kept = load_portfolio(place)
    assert code == 0 and str(place) in err
    assert [row.name for row in kept.rows] == ["here", DE]
    assert kept.scenario_of(1) == Scenario.read(json.loads(out)["places"][0]["scenario"])
    assert run("portfolio", place, "--json")[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [("--to", "moon"), ("--to", DE, "--save", "x.csv"), ("--to", DE, "--currency", "Q")],
)
def test_what_is_wrong_is_told_in_one_line(file, arguments):
    code, out, err = run("carry", file, *arguments)
    assert (code, out) == (2, "") and err.count("\n") == 1
