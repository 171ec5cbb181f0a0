"""Twenty quotes at market prices (rows of data/parameters/agency_pricing.csv) on seventeen presets,
as small sellers are asked.
"""

from typing import Any

from funnel_sim.reference import studies
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario

LOW = "monthly retainer (full operation, small sellers; low end)"
LOW_SHARE = "share on top of a low retainer (full operation, small sellers)"
PLATFORM = (
    ("setup", "setup/fixed fee (platform-run full service)"),
    ("share", "pure revenue share (platform-run full service)"),
)
Row = tuple[str, str, str]
TWENTY: tuple[tuple[str, str, tuple[Row, ...]], ...] = (
    ("amazon-us-kitchen", "full", (("base", LOW, "low"), ("share", LOW_SHARE, "low"))),
    ("amazon-us-electronics", "full", (("base", LOW, "high"), ("share", LOW_SHARE, "high"))),
    ("amazon-us-beauty", "full", (("base", LOW, "low"), ("share", LOW_SHARE, "high"))),
    ("amazon-uk-home", "full", (("base", LOW, "high"), ("share", LOW_SHARE, "low"))),
    ("amazon-de-kitchen", "full", (("base", LOW, "low"), ("share", LOW_SHARE, "low"))),
    (
        "amazon-de-electronics",
        "full",
        (("base", "monthly retainer (Tmall partner full-service)", "low"),),
    ),
    ("amazon-jp-beauty", "full", (("base", LOW, "low"), ("share", LOW_SHARE, "low"))),
    ("shopee-my-crossborder", "full", (("base", LOW, "low"), ("share", LOW_SHARE, "low"))),
    (
        "lazada-my-audio",
        "full",
        (("share", "pure revenue share or commission part (代运营 佣金 / 提成)", "typical"),),
    ),
    (
        "tiktok-us-beauty",
        "full",
        (("setup", PLATFORM[0][1], "typical"), ("share", PLATFORM[1][1], "typical")),
    ),
    ("tiktok-uk-home", "full", (("base", LOW, "low"), ("share", LOW_SHARE, "low"))),
    (
        "ebay-us-auto",
        "full",
        (
            ("base", "monthly retainer + % of GMV (代运营 服务费)", "low"),
            ("share", LOW_SHARE, "low"),
        ),
    ),
    (
        "walmart-us-home",
        "full",
        (("base", "monthly retainer (Amazon agencies for Chinese sellers)", "low"),),
    ),
    ("mercadolibre-mx", "full", (("base", LOW, "low"), ("share", LOW_SHARE, "low"))),
    ("ozon-ru-electronics", "full", (("base", LOW, "high"), ("share", LOW_SHARE, "low"))),
    ("etsy-us-jewelry", "full", (("base", LOW, "low"), ("share", LOW_SHARE, "low"))),
    ("shopify-us-beauty", "full", (("base", LOW, "low"), ("share", LOW_SHARE, "low"))),
    ("shopify-us-beauty", "ads", (("spend", "% of ad spend", "low"),)),
    (
        "amazon-us-electronics",
        "ads",
        (("base", "monthly retainer (出海 social and ads account operation)", "low"),),
    ),
    ("amazon-de-electronics", "coaching", (("base", "hours", "low"),)),
)
"""Preset, service, and the clauses as (clause, service of the row, end of its range); "hours": four
hours a week at the low end of a freelance hour.
"""
_HOURS = 17.3


def _price(clause: str, service: str, end: str) -> tuple[float, str]:
    if service == "hours":
        return (
            _HOURS
            * (studies.prior("pay", "freelance_hourly_rate", "Shopify consultants").low or 0.0),
            "USD",
        )
    row = next(
        one for one in studies.agency_prices() if (one.clause, one.service) == (clause, service)
    )
    value = getattr(row, end)
    assert value is not None, row
    return float(value), row.unit.partition(" ")[0]


def twenty() -> list[tuple[str, Scenario]]:
    """Return each preset with its one quote, money turned into its cost currency."""
    out = []
    for name, service, clauses in TWENTY:
        scenario = preset(name)
        quote: dict[str, Any] = {"id": "quote", "service": service}
        for clause, row, end in clauses:
            value, unit = _price(clause, row, end)
            if clause == "share":
                quote |= {"share_tiers": [{"rate": value}], "share_basis": "gmv"}
            elif clause == "spend":
                quote["spend_rate"] = value
            else:
                quote[clause] = round(
                    value * exchange(unit, scenario.cost_currency, scenario.as_of), 2
                )
        out.append((name, scenario.replace({"options": [quote]})))
    return out
