"""Presets: complete scenarios from sourced figures, every one of them sensible."""

import datetime as dt

import pytest

from funnel_sim.chance.distributions import drawable
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.origins import origin_of, typical_of_field
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.presets import markets, origins, platforms, preset, products
from funnel_sim.scenario.quantity import is_range

NAMES = [card.id for card in preset_cards()]


def test_there_are_enough_and_of_every_platform_asked_for():
    assert len(NAMES) >= 20
    wanted = {
        "Amazon",
        "Shopee",
        "Lazada",
        "TikTok Shop",
        "eBay",
        "Walmart",
        "Mercado Libre",
        "Ozon",
        "Etsy",
        "Shopify",
    }
    assert wanted <= set(platforms())
    assert {"US", "GB", "DE", "JP"} <= set(markets("Amazon"))
    assert all(len(products("Amazon", market)) >= 2 for market in ("US", "GB", "DE", "JP"))


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_is_plausible_and_every_filled_field_has_an_origin(name):
    scenario = preset(name)
    result = evaluate(scenario)
    assert result.steady["paid_orders"] > 20
    assert -0.25 < result.steady["margin"] < 0.5
    clicks = any(
        channel.kind == "cpc" for channel in scenario.channels
    )  # none where the platform brings the buyers (Temu)
    assert (result.steady["tacos"] > 0) is clicks and result.steady["tacos"] < 0.6
    assert result.per("cm2", "order") > 0
    for path, source in origins(name).items():
        scenario.get(path)
        assert source.evidence
        assert origin_of(scenario, path).kind in ("source", "assumed")


def test_fees_and_taxes_come_from_the_tables():
    scenario = preset("amazon-de-kitchen")
    assert (scenario.tax.tax_rate, scenario.tax.situation) == (0.19, "marketplace_remits")
    assert [t.rate for t in scenario.commission.tiers] == [0.15]
    assert scenario.fulfilment.fulfilment_per_unit == pytest.approx(
        3.40 * 1.015, abs=1e-4
    )  # FBA DE small parcel, 0.48 kg, + 1.5 %
    # 27.54 EUR per cubic metre and month until September, 52.20 from October × 2 litres, mean of
    # the year (by month since 0.6: before, Jan–Sep alone)
    mean = (9 * 27.54 + 3 * 52.20) / 12
    assert scenario.fulfilment.storage_per_unit_month == pytest.approx(mean * 2 / 1000, abs=1e-4)
    us = preset("amazon-us-clothing")
    assert [(t.upto, t.rate) for t in us.commission.tiers] == [
        (15.0, 0.05),
        (20.0, 0.10),
        (None, 0.17),
    ]
    assert us.tax.situation == "outside_price"


def test_a_preset_is_asked_for_by_date():
    assert preset("amazon-de-kitchen", dt.date(2026, 7, 1)).as_of == dt.date(2026, 7, 1)
    with pytest.raises(InputError) as caught:
        preset("amazon-de-kitchen", dt.date(2020, 1, 1))
    assert caught.value.problems[0].rule == "no_parameter_yet"


def test_an_unknown_preset_names_those_that_exist():
    with pytest.raises(InputError) as caught:
        preset("amazon-mars")
    assert "amazon-de-kitchen" in caught.value.sentences("en")[0]


def test_changed_fields_are_the_users():
    scenario = preset("amazon-de-kitchen").replace({"product.price": 25.0})
    assert origin_of(scenario, "product.price").kind == "yours"
    assert (
        origin_of(scenario, "product.price").preset_value
        == preset("amazon-de-kitchen").product.price
    )
    assert origin_of(scenario, "tax.tax_rate").kind == "source"
    assert origin_of(scenario, "product.units_per_order").kind == "default"
    assert origin_of(scenario.replace({"preset": ""}), "tax.tax_rate").kind == "yours"


def test_typical_ranges_fit_platform_and_category():
    found = typical_of_field(preset("amazon-us-clothing"), "fulfilment.return_rate")
    assert (found.low, found.high) == (0.20, 0.40)  # Amazon listing, clothing
    assert found.outside(0.5) and not found.outside(0.3)
    assert typical_of_field(preset("amazon-us-clothing"), "product.price") is None


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", NAMES)
def test_ranges_of_a_preset_lie_around_its_own_values_and_off_zero(name):
    """P10 and P90 are a factor below and above: the value is their geometric middle, hence the
    median of the draws.
    """
    scenario, ranged = preset(name), 0
    for path, value in scenario.quantities():
        if not is_range(value) or path.startswith(("shocks.", "options.")):
            continue
        ranged += 1
        spec = spec_of(path)
        assert spec is not None
        assert value.dist == "logpert" and value.meaning == "p80"
        assert value.likely**2 == pytest.approx(value.low * value.high, rel=1e-3), (
            path
        )  # ends have four digits
        one = drawable(value, spec.domain)
        assert one.quantile(0.5) == pytest.approx(value.likely, rel=2e-3), path
        assert one.quantile(1e-9) > value.low / 10, path
    assert ranged >= 2


def test_two_rival_averages_are_no_spread_of_sellers():
    """Amazon's CPC has only averages, 0.98 and 1.18: they differ by a fifth, sellers by far more.

    Conversion: excellent listings 20 %, typical 10 %.
    """
    scenario = preset("amazon-us-kitchen")
    assert scenario.get("channels.ads.cpc") == 1.05  # a plain number: no range
    cvr = scenario.conversion.cvr
    assert (cvr.low, cvr.likely, cvr.high) == (0.0545, 0.109, 0.218)  # 0.109 / 2, 0.109 × 2
    assert (scenario.product.price.low, scenario.product.price.high) == (
        pytest.approx(36.99 / 1.14, rel=1e-3),
        pytest.approx(36.99 * 1.14, rel=1e-3),
    )
