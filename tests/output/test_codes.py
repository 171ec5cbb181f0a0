"""Codes and fractions of the data tables in words and per cents, and whose benchmark a range is."""

import datetime as dt
import re

import pytest

from funnel_sim.output.words.codes import CODED, RATES, benchmark_words, cell_text, layer_words
from funnel_sim.reference import studies
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.reference.studies import benchmarks
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.upkeep import TABLES
from funnel_sim.ui.pages.method_and_sources import parameter_table
from funnel_sim.words import LANGS, catalogue


@pytest.mark.parametrize("lang", LANGS)
def test_no_code_of_any_table_is_shown_as_it_is(lang):
    """Every value of a coded column has its words: none keeps an underscore, none is left in
    English in Chinese.
    """
    for topic, rows in TABLES.items():
        for row in rows():
            for column in CODED & vars(row).keys():
                value = vars(row)[column]
                if isinstance(value, str) and value:
                    text = cell_text(column, value, "", lang)
                    assert "_" not in text and (lang == "en" or re.search(r"[一-鿿]", text)), (
                        topic,
                        column,
                        value,
                    )


def test_a_fraction_is_a_per_cent_and_an_amount_is_not():
    assert (
        cell_text("rate", 0.034, "", "en") == "3.4%" and cell_text("amount", 0.5, "", "en") == "0.5"
    )
    assert [cell_text("low", 0.05, unit, "en") for unit in ("fraction", "gmv", "USD", "ratio")] == [
        "5%",
        "5%",
        "0.05",
        "0.05",
    ]
    assert (
        cell_text("fixed_bands", ((None, 0.3),), "", "en") == "0.3"
        and cell_text("tiers", ((None, 0.3),), "", "en") == "30%"
    )
    assert cell_text("rate", None, "", "en") == "" and cell_text("on_tax", True, "", "zh") == "是"


@pytest.mark.parametrize("lang", LANGS)
def test_the_duty_table_on_screen_reads_as_words(lang):
    table = parameter_table("duty", lang, dt.date(2026, 11, 27)).astype(str)
    text = " ".join(" ".join(row[:14]) for row in table.to_numpy().tolist())
    assert (
        "ad_valorem" not in text
        and "customs_value" not in text
        and "section_" not in text
        and "%" in text
    )
    assert RATES.isdisjoint(CODED)


@pytest.mark.parametrize(
    ("market", "scope", "row_market", "another"),
    [
        ("US", "Amazon Ads", "US", False),
        ("DE", "Amazon Ads", "US", True),
        ("TH", "Lazada ads", "SEA", False),
        ("US", "Lazada ads", "SEA", True),
        ("DE", "TikTok ads", "ALL", False),
    ],
)
def test_a_benchmark_of_another_market_says_so(market, scope, row_market, another):
    row = next(
        one
        for one in studies.benchmarks()
        if (one.scope, one.market, one.category) == (scope, row_market, "all")
    )
    assert ("from another market" in benchmark_words(row, market, "en")) is another
    chinese = benchmark_words(row, market, "zh")
    assert ("其他市场" in chinese) is another and "全部品类" in chinese and "all" not in chinese


def test_every_layer_of_duty_of_a_preset_and_every_source_of_a_benchmark_has_chinese_words():
    layers = {
        layer.name
        for card in preset_cards()
        for layer in preset(card.id).tax.duty_layers
        if layer.name.startswith("Section")
    }
    assert layers and all(layer_words(name, "zh") != name for name in layers)
    scopes = {row.scope for row in benchmarks()}
    left = {
        scope
        for scope in scopes
        if "who."
        + scope.lower().replace(" ", "_").replace("-", "_").replace("(", "").replace(")", "")
        not in catalogue("zh")
    }
    assert not left
