"""What is said of markets side by side, of dependence and of the cash of all; the charts' data."""

from dataclasses import replace

import numpy as np
import pytest

from funnel_sim.chance.portfolio import simulate_portfolio
from funnel_sim.chance.portfolio_cash import pooled_cash
from funnel_sim.decisions.portfolio.dependence import dependence, dependences, of_scenario
from funnel_sim.decisions.portfolio.markets import markets
from funnel_sim.output.charts.markets import (
    SHOWN,
    data_parts,
    data_pooled,
    data_profits,
    data_shares,
    spec_bars,
    spec_shares,
)
from funnel_sim.output.words import formats
from funnel_sim.output.words.dependence import (
    dependence_heads,
    dependence_rows,
    dependence_sentences,
    pooled_sentences,
    share_name,
)
from funnel_sim.output.words.markets import (
    carried_sentences,
    field_heads,
    field_rows,
    limit_text,
    market_heads,
    market_name,
    market_rows,
    market_sentences,
    source_text,
)
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.carried import carry
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS, say

MINE = preset("amazon-us-kitchen").replace({"product.unit_cost": 60.0})
PLACES = ["amazon-de-kitchen", "amazon-de-clothing", "shopee-id-fashion", "temu-half-managed-us"]
ROWS = (
    PortfolioRow("a", "amazon-de-kitchen", product="pan"),
    PortfolioRow("b", "amazon-de-kitchen", {"product.unit_cost": 99.0}, product="pot"),
    PortfolioRow("c", "tiktok-us-beauty", product="pan"),
)
ITEMS = Portfolio(ROWS, DATA_DATE)


@pytest.fixture(scope="module")
def found():
    return markets(MINE, PLACES, paths=256)


@pytest.mark.parametrize("lang", LANGS)
def test_a_place_is_named_with_its_goods_only_beside_another_one_there(found, lang):
    names = {one.name: market_name(one, found, lang) for one in found.every}
    assert len(set(names.values())) == len(names)
    of_goods = say(lang, "markets.of_goods", place="", goods="").strip()[:3]
    assert of_goods in names["amazon-de-kitchen"] and of_goods not in names["shopee-id-fashion"]


@pytest.mark.parametrize("lang", LANGS)
def test_rows_have_a_cell_for_each_head(found, lang):
    for some in (found, replace(found, simulation=None)):
        heads = market_heads(some, lang)
        assert {len(row.cells) for row in market_rows(some, lang)} == {len(heads) - 1}
    carried = found.rows[0].carried
    for every in (False, True):
        rows = field_rows(carried, MINE, lang, every=every)
        assert {len(row.cells) for row in rows} == {len(field_heads(lang)) - 1}
    whole = field_rows(carried, MINE, lang, every=True)
    assert len(whole) > len(field_rows(carried, MINE, lang))


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_to_be_checked_is_said(found, lang):
    said = " ".join(market_sentences(found, lang))
    shopee = next(one for one in found.rows if one.name == "shopee-id-fashion")
    name = market_name(shopee, found, lang)
    assert shopee.price_level > 1.25
    assert say(lang, "markets.dear", places=name) in said
    assert say(lang, "markets.size_of_others", places="")[:8] in said
    odd = markets(MINE.replace({"product.customs_line": "0101.21.0000"}), ["amazon-de-kitchen"])
    name = market_name(odd.rows[0], odd, lang)
    assert say(lang, "markets.duty_of_others", places=name) in market_sentences(odd, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_a_limit_is_what_grew_in_points(found, lang):
    germany = next(one for one in found.rows if one.name == "amazon-de-kitchen")
    grew = 100 * (germany.shares["tax"] - found.here.shares["tax"])
    told = say(lang, "unit.points", value=f"{grew:.1f}")
    assert limit_text(germany, found.here, lang) == f"{say(lang, 'markets.part_tax')} +{told}"
    assert "%" in limit_text(found.here, found.here, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_moved_figures_name_both_dated_sources(lang):
    told = carry(MINE, "amazon-de-kitchen").fields["channels.ads.cpc"]
    said = source_text(told, lang)
    assert "https://adverio.io" in said and "→" in said and "2026" in said
    assert say(lang, "markets.weak") in said
    assert "https" not in source_text(told, lang, short=True)


@pytest.mark.parametrize("lang", LANGS)
def test_channels_that_are_left_out_are_named(lang):
    there = carry(MINE, "temu-half-managed-us")
    assert say(lang, "channel.ads") in carried_sentences(there, MINE, lang)[1]


@pytest.mark.parametrize("lang", LANGS)
def test_the_charts_show_what_the_places_are(found, lang):
    shares = data_shares(found, lang)
    for _, row in shares.groupby("place"):
        assert row["share"].sum() == pytest.approx(1.0)
    assert list(data_profits(found, lang)["value"]) == [one.profit for one in found.every]
    assert "layer" in spec_shares(lang, "light", 5)
    assert "layer" in spec_bars(lang, "dark", formats.axis("money", "CNY", lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("paths", [None, 256])
def test_every_kind_of_dependence_is_said(lang, paths):
    drawn = None if paths is None else simulate_portfolio(ITEMS, paths)
    for one in dependences(ITEMS, drawn):
        first, *_ = dependence_sentences(one, ITEMS, lang)
        assert share_name(one, one.shares[0], ITEMS, lang) in first
        rows = dependence_rows(one, ITEMS, lang)
        assert {len(row.cells) for row in rows} == {len(dependence_heads(one, lang)) - 1}
        assert len(data_parts(one, ITEMS, lang)) == min(SHOWN, len(one.shares))


@pytest.mark.parametrize("lang", LANGS)
def test_losses_are_said_beside_what_earns(lang):
    one = dependence(ITEMS, "product")
    said = dependence_sentences(one, ITEMS, lang)
    assert said[0].startswith(say(lang, "dependence.rests_alone", name="").split("pan")[0][:4])
    assert any(formats.whole_money(-one.lost, "CNY", lang) in told for told in said)


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_that_earns_is_said(lang):
    store = preset("amazon-de-kitchen").replace({"product.unit_cost": 990.0})
    one = dependence(of_scenario(store, "EUR"), "market")
    told = dependence_sentences(one, of_scenario(store, "EUR"), lang)
    assert told == [
        say(
            lang,
            "dependence.nothing",
            losing=1,
            lost=formats.whole_money(-one.profit, "EUR", lang),
        )
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_the_cash_of_all_is_said_with_its_day(lang):
    one = pooled_cash(ITEMS)
    [told] = pooled_sentences(one, lang)
    assert one.lowest_day.isoformat() in told
    assert formats.whole_money(one.saved, "CNY", lang) in told
    rich = replace(ITEMS, rows=(replace(ROWS[0], changes={"cash.opening_cash": 1e7}),))
    fine = pooled_cash(rich, 256)
    assert fine.pooled == 0
    said = pooled_sentences(fine, lang)
    assert len(said) == 2  # money at hand was typed, so that the probability counts
    data = data_pooled(one, lambda x: f"{x:.0f}", lang)
    weekly = one.balance[6::7]
    assert np.array_equal(data["p50"].to_numpy(), weekly)
