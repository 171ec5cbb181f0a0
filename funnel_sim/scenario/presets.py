"""Presets: platform, market and category joined into a complete scenario, every field with its
origin.

A preset is built, not stored: fees, taxes, rates and benchmarks are asked for by date, the product
around them is plausible and marked as assumed. `origins` says for every field where its value
comes from; a field that nobody set keeps its neutral default.
"""

import datetime as dt
from functools import lru_cache
from typing import Any

from funnel_sim.errors import refuse
from funnel_sim.reference import customs, exchange_rates, platform_fees
from funnel_sim.reference.preset_cards import PresetCard, preset_cards, preset_rows
from funnel_sim.reference.provenance import DATA_DATE, Provenance, day_asked
from funnel_sim.scenario.preset_parts.border import put_goods, put_tax
from funnel_sim.scenario.preset_parts.build import Build
from funnel_sim.scenario.preset_parts.cash import put_cash
from funnel_sim.scenario.preset_parts.chance import put_chance, put_ranges
from funnel_sim.scenario.preset_parts.fulfilment import put_announced, put_fulfilment
from funnel_sim.scenario.preset_parts.platform import put_commission, put_payment, put_taxes_on_fees
from funnel_sim.scenario.preset_parts.trade import (
    put_channels,
    put_customers,
    put_fixed,
    put_months,
)
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import HOME


def preset(name: str, on: dt.date = DATA_DATE) -> Scenario:
    """Return the complete scenario of a preset.

    Args:
        name: its id, such as "amazon-de-kitchen".
        on: the day for which its parameters are asked.

    Raises:
        InputError: if the name is unknown, the day lies before its parameters are known, or in no
            year of `provenance.YEARS`.

    Examples:
        >>> preset("amazon-de-kitchen").tax.tax_rate
        0.19
    """
    return _built(name, on)[0]


def origins(name: str, on: dt.date = DATA_DATE) -> dict[str, Provenance]:
    """Return where each value of a preset comes from.

    Args:
        name: its id.
        on: the day for which its parameters are asked.

    Returns:
        Sources by field path.

    Raises:
        InputError: as in `preset`.
    """
    return _built(name, on)[1]


@lru_cache(maxsize=256)
def _built(name: str, on: dt.date) -> tuple[Scenario, dict[str, Provenance]]:
    return built_from(name, row_of(name), on)


def row_of(name: str) -> dict[str, Any]:
    """Return what data/presets.toml says of a preset.

    Args:
        name: its id.

    Raises:
        InputError: if there is none of that name.
    """
    if name not in preset_rows():
        raise refuse("preset", name, "preset", known=", ".join(sorted(preset_rows())))
    return preset_rows()[name]


def built_from(
    name: str, row: dict[str, Any], on: dt.date
) -> tuple[Scenario, dict[str, Provenance]]:
    """Return the scenario of a preset and where each value comes from, with facts of other goods in
    its row.

    Args:
        name: the id that the scenario bears.
        row: what data/presets.toml says of it, or the same with another price, origin or weight.
        on: the day for which its parameters are asked.

    Returns:
        (the scenario, sources by field path).

    Raises:
        InputError: as in `preset`.
    """
    build = Build()
    tax_rule = customs.tax(row["market"], day_asked(on))
    rule = platform_fees.commission(row["platform"], row["fee_market"], row["fee_category"], on)
    _where(build, name, row, tax_rule, on)
    put_goods(build, row)
    put_tax(build, row, tax_rule, on)
    put_commission(build, row, rule, on)
    put_payment(build, row, rule, on)
    put_fulfilment(build, row, on)
    put_taxes_on_fees(build, row, on)
    put_channels(build, row, on)
    put_customers(build, row, on)
    put_months(build, row, on)
    put_announced(build, row, tax_rule, rule, on)
    put_fixed(build, row, rule, on)
    put_cash(build, row, on)
    put_chance(build)
    build.data["channels"] = build.channels
    put_ranges(build, on)
    return Scenario.read(build.data), build.origins


def _where(
    build: Build, name: str, row: dict[str, Any], tax_rule: customs.TaxRule, on: dt.date
) -> None:
    currency = tax_rule.currency
    build.data |= {
        "name": "",
        "preset": name,
        "as_of": on.isoformat(),
        "platform": row["platform"],
        "market": row["market"],
        "category": row["fee_category"],
        "currency": currency,
        "cost_currency": HOME,
    }
    level = exchange_rates.fx(currency, on)
    build.put("fx_rate", level.cny_per_unit, level.provenance)


def platforms() -> list[str]:
    """Return the platforms that have a preset, in the order of the file."""
    return list(dict.fromkeys(card.platform for card in preset_cards()))


def markets(platform: str) -> list[str]:
    """Return the markets of a platform that have a preset."""
    return list(dict.fromkeys(card.market for card in preset_cards() if card.platform == platform))


def products(platform: str, market: str) -> list[PresetCard]:
    """Return the presets of one platform and market.

    Args:
        platform: where it is sold, such as "Amazon".
        market: the country of sale.

    Returns:
        Their cards, in the order of the data.
    """
    return [card for card in preset_cards() if (card.platform, card.market) == (platform, market)]
