"""A preset's traffic, customers, months and fixed costs."""

import datetime as dt
from typing import Any

from funnel_sim.reference import border, customs, exchange_rates, platform_fees, provenance, studies
from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.scenario.preset_parts.build import (
    Build,
    assumed,
    assumption,
    benchmark,
    in_bulk,
)
from funnel_sim.scenario.shown import HOME


def put_channels(build: Build, row: dict[str, Any], on: dt.date) -> None:
    """Put the channels of traffic with their prices and rates.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        on: the day for which parameters are asked.
    """

    def channel(key: str, kind: str, entries: dict[str, Any], names: dict[str, str]) -> None:
        build.channels.append({"id": key, "name": "", "kind": kind})
        for entry, value in entries.items():
            figure, origin = benchmark(value, on)
            build.put(f"channels.{key}.{names.get(entry, entry)}", figure, origin)

    if "orders" in row:
        channel("orders", "orders", row["orders"], {})
        return
    ads = dict(row["ads"])
    cvr, origin = benchmark(ads.pop("cvr"), on)
    build.put("conversion.cvr", cvr, origin)
    channel("ads", "cpc", ads, {})
    channel("organic", "organic", row["organic"], {"cvr": "channel_cvr"})
    if "affiliates" in row:
        channel(
            "creators", "share", row["affiliates"], {"cvr": "channel_cvr", "rate": "affiliate_rate"}
        )
    if "list" in row:
        channel("list", "list", row["list"], {"cvr": "channel_cvr"})
    build.put(
        "conversion.landing_rate",
        row.get("landing", 1.0),
        assumed("inside a marketplace every click lands"),
    )
    if "add_to_cart" in row:
        rate, origin = benchmark(row["add_to_cart"], on)
        build.put("conversion.add_to_cart_rate", rate, origin)


def put_customers(build: Build, row: dict[str, Any], on: dt.date) -> None:
    """Put how often customers buy again.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        on: the day for which parameters are asked.
    """
    if "repeat" in row:
        rate, origin = benchmark(row["repeat"]["rate"], on)
        build.put("customers.repeat_probability", rate, origin)
        build.put("customers.repeat_interval", row["repeat"]["interval"], assumed())
        return
    few = studies.prior("retention", "share_of_customers_with_a_second_order", "Olist", on)
    build.put("customers.repeat_probability", few.typical, few.provenance)
    build.put("customers.repeat_interval", int(assumption("repeat_interval_months")), assumed())


def put_months(build: Build, row: dict[str, Any], on: dt.date) -> None:
    """Put the first month of the plan and the season of its market.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        on: the day from which the plan begins.
    """
    build.put(
        "plan.start_month",
        provenance.first_month(on).month,
        assumed("the first whole calendar month from the day asked for"),
    )
    if "season" not in row:
        build.put(
            "plan.season", [1.0] * 12, assumed("no monthly index found for this market: no season")
        )
        return
    rows = [studies.prior("seasonality", f"month_{m:02d}", row["season"], on) for m in range(1, 13)]
    raw = [r.typical or 1.0 for r in rows]
    mean = sum(raw) / len(raw)
    build.put("plan.season", [round(value / mean, 4) for value in raw], rows[0].provenance)


def put_fixed(
    build: Build, row: dict[str, Any], rule: platform_fees.CommissionRule, on: dt.date
) -> None:
    """Put the fixed costs: the marketplace's plan, own hours, software, compliance.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        rule: the fee table of its platform.
        on: the day for which parameters are asked.
    """
    if rule.subscription_month:
        plan = rule.subscription_month
        if rule.currency != build.data["currency"]:
            plan = round(
                plan
                * exchange_rates.fx(rule.currency, on).cny_per_unit
                / exchange_rates.fx(build.data["currency"], on).cny_per_unit,
                2,
            )
        build.put("fixed.platform_monthly", plan, rule.provenance)
    put_compliance(build, row, on)
    if "own" in row:
        own = row["own"]
        build.put(
            "fixed.own_hours",
            float(own["hours"]),
            assumed("listings, customers, stock, books: what this line takes in a month"),
        )
        build.put(
            "fixed.own_hours_per_order",
            float(own.get("per_order", 0.0)),
            assumed("making and packing"),
        )
        pay = round(assumption("own_hour_pay_cny"), 2)
        build.put(
            "fixed.own_hour_pay",
            pay,
            assumed("about 10,500 CNY a month of 174 hours, an operations clerk in a coastal city"),
        )
    build.put(
        "fixed.saas_monthly",
        row.get("saas", assumption("saas_monthly_cny")),
        assumed("research and ERP tools"),
    )


def compliance_of(name: str, on: dt.date) -> tuple[customs.ComplianceItem, ...]:
    """Return the compliance items that a preset's fixed costs are added up from.

    Args:
        name: its id.
        on: the day.

    Returns:
        The items, each in its own currency.
    """
    row = preset_rows()[name]
    return border.compliance_of_goods(
        row["market"], row["customs"], row["platform"], on, stocked=in_bulk(row)
    )


def put_compliance(build: Build, row: dict[str, Any], on: dt.date) -> None:
    """Put the monthly and the one-off cost of compliance: the typical figures of the items that
    apply, in the home currency.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        on: the day for which parameters are asked.
    """
    items = border.compliance_of_goods(
        row["market"], row["customs"], row["platform"], on, stocked=in_bulk(row)
    )

    def home(value: float, currency: str) -> float:
        return round(value * exchange_rates.exchange(currency, HOME, on))

    months = [(item, item.monthly_typical) for item in items if item.monthly_typical]
    if months:
        note = "; ".join(f"{item.item_en} {value:g} {item.currency}" for item, value in months)
        build.put(
            "fixed.compliance_monthly",
            sum(home(value, item.currency) for item, value in months),
            border.combined([i.provenance for i, _ in months], note),
        )
    else:
        build.put("fixed.compliance_monthly", 0, assumed("no item of the compliance table applies"))
    once = [(item, item.one_off_typical) for item in items if item.one_off_typical]
    if once:
        note = "; ".join(f"{item.item_en} {value:g} {item.currency}" for item, value in once)
        rows = [
            {
                "name": "",
                "group": "compliance",
                "amount": sum(home(value, item.currency) for item, value in once),
                "month": 1,
            }
        ]
        build.put("fixed.one_off", rows, border.combined([i.provenance for i, _ in once], note))
