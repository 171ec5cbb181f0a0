"""The page of a portfolio in words, its charts, and its results as files."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from openpyxl import load_workbook

from funnel_sim.chance.portfolio import simulate_portfolio
from funnel_sim.decisions.portfolio.products import products
from funnel_sim.evidence.portfolio.example import example_portfolio
from funnel_sim.output.charts.portfolio import (
    SHOWN,
    best_and_worst,
    data_profit,
    data_spread,
    spec_profit,
)
from funnel_sim.output.words import formats
from funnel_sim.output.words.portfolio import chance_sentences, tag_words, total_rows
from funnel_sim.output.words.portfolio_page import (
    currencies_offered,
    currency_sentence,
    hidden_sentences,
    portfolio_tiles,
    risk_rows,
)
from funnel_sim.output.words.portfolio_results import result_heads, result_rows, results_csv
from funnel_sim.output.workbook.portfolio_results import results_xlsx
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say

DE, US = "amazon-de-kitchen", "amazon-us-kitchen"
LANGS = ("zh", "en")


def shelf(*prices, base=DE):
    rows = (PortfolioRow(f"Item {at}", base, {"product.price": p}) for at, p in enumerate(prices))
    return Portfolio(tuple(rows), DATA_DATE)


@pytest.mark.parametrize("lang", LANGS)
def test_the_head_tells_month_year_and_what_is_lost(lang):
    found = products(shelf(12.0, 45.0))
    tiles = {one.key: one for one in portfolio_tiles(found, lang)}
    assert tiles["profit"].value == formats.whole_money(found.total.profit, "CNY", lang)
    # twelve steady months: 12 times the month
    assert formats.whole_money(12 * found.total.profit, "CNY", lang) in tiles["profit"].more
    assert tiles["lost"].value == formats.whole_money(found.total.lost, "CNY", lang)
    assert tiles["lost"].tone == "bad" and "1" in tiles["lost"].more
    none = {one.key: one for one in portfolio_tiles(products(shelf(45.0)), lang)}
    assert none["lost"].tone == "" and none["profit"].tone == ""


def test_how_one_currency_is_made_is_said():
    here = shelf(30.0)
    assert currency_sentence(here, "en").startswith("Totals in CNY: each row in EUR at the")
    assert "2026-" in currency_sentence(here.in_currency("USD"), "en")
    assert currency_sentence(here.in_currency("EUR"), "en") == "All amounts are in EUR."
    mixed = Portfolio((*here.rows, PortfolioRow("b", "temu-full-managed-home")), DATA_DATE)
    assert currency_sentence(mixed, "en").startswith("Totals in CNY: each row in EUR at the")
    assert currencies_offered(mixed) == ["CNY", "EUR"]


def test_a_blended_margin_is_taken_apart_where_parts_differ_much():
    rows = (PortfolioRow("a", DE, {"product.price": 45.0}), PortfolioRow("b", US))
    found = products(Portfolio(rows, DATA_DATE))
    [told] = hidden_sentences(found, "en")
    high, low = (formats.percent(float(one)) for one in found.margin)
    assert f"{low} in United States" in told and f"{high} in Germany" in told
    assert hidden_sentences(products(shelf(30.0, 30.0)), "en") == []
    # 1 % of what is sold hides nothing
    small = {"channels.ads.budget": 1.0, "channels.organic.impressions": 10.0}
    tiny = (PortfolioRow("b", US), PortfolioRow("a", DE, small | {"product.price": 12.0}))
    assert hidden_sentences(products(Portfolio(tiny, DATA_DATE)), "en") == []
    alike = (PortfolioRow("a", DE), PortfolioRow("b", US))  # 18.4 % and 18.1 %
    assert hidden_sentences(products(Portfolio(alike, DATA_DATE)), "en") == []


def test_markets_and_categories_are_told_in_words():
    found = products(example_portfolio("zh"))
    assert tag_words(found, "market", "zh")["DE"] == "德国"
    assert [row.name for row in total_rows(found, "market", "zh")][-1] == "美国"
    zh, en = (set(tag_words(found, "category", lang).values()) for lang in LANGS)
    assert not zh & en


def test_bars_are_all_rows_or_the_ends_of_many():
    few, many = products(shelf(20.0, 30.0, 40.0)), products(shelf(*np.linspace(12, 60, 40)))
    assert best_and_worst(few) == ([2, 1, 0], [])
    best, worst = best_and_worst(many)
    assert best == list(range(39, 39 - SHOWN, -1)) and worst == list(range(SHOWN))
    bars = data_profit(many, worst, "en")
    assert bars["value"].is_monotonic_increasing and bars["name"][0] == "Item 0"
    assert spec_profit("en", "light", formats.axis("money", "CNY", "en"))["layer"]
    spread = data_spread(many, "en")
    assert spread["share"].sum() == pytest.approx(1.0, abs=0.06)
    assert set(spread["kind"].dropna()) == {"gain", "loss"}


def test_rows_by_risk_are_those_of_the_simulation():
    some = shelf(12.0, 60.0, 27.0)
    odds = simulate_portfolio(some, 1024)
    rows = risk_rows(odds, "en")
    assert rows[0].name == "Item 0"
    assert rows[0].cells[0] == formats.percent(float(odds.loss[0]))
    assert rows[0].cells[2] == formats.whole_money(float(odds.percentiles[0, 1]), "CNY", "en")


# ---- results as files
# --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("simulated", [False, True])
def test_results_hold_every_row_worst_first(lang, simulated):
    some = shelf(45.0, 12.0)
    found = products(some)
    odds = simulate_portfolio(some, 256) if simulated else None
    heads, rows = result_heads(found, odds, lang), result_rows(found, odds)
    assert len(heads) == len(rows[0]) == (24 if simulated else 20)
    assert [row[0] for row in rows] == ["Item 1", "Item 0"]
    read = list(csv.reader(io.StringIO(results_csv(found, odds, lang))))
    assert read[0] == heads and read[1][0] == "Item 1" and float(read[1][10]) < 0
    assert read[2][15] == ""  # a row that loses nothing has no turning price
    assert float(read[1][15]) == pytest.approx(found.turning.price[0])


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_of_results_names_its_sources(lang):
    some = shelf(45.0, 12.0)
    some = replace(some, bases={"mine": preset(US).replace({"name": "Mine"})})
    some = some.with_rows((*some.rows, PortfolioRow("=1+1", "mine")))
    book = load_workbook(io.BytesIO(results_xlsx(products(some), None, lang)))
    assert len(book.sheetnames) == 5
    first = book[say(lang, "portfolio_results.sheet")]
    names = [cell.value for cell in first["A"]][1:]
    assert sorted(names) == ["=1+1", "Item 0", "Item 1"]
    assert all(c.data_type != "f" for row in first.iter_rows() for c in row)
    sources = book[say(lang, "portfolio_results.sources")]
    bases = {cell.value for cell in sources["A"]}
    assert {DE, "mine"} <= bases
    assert any("http" in str(cell.value) for cell in sources["F"])


@pytest.mark.parametrize("lang", LANGS)
def test_no_loss_in_any_future_is_said_as_a_bound(lang):
    odds = simulate_portfolio(shelf(60.0, 70.0), 256)
    assert not (odds.total < 0).any()
    [told, *_] = chance_sentences(odds, lang)
    # no case of 256: below 3/256 = 1.17 %, rounded up
    assert say(lang, "risk.below", value="2%") in told
    assert "0.0%" not in told
