"""What of a preset is uncertain: noise, events, ranges."""

import datetime as dt
from dataclasses import replace
from typing import Any

from funnel_sim.reference.benchmarks import Store, between_sellers
from funnel_sim.reference.provenance import first_source
from funnel_sim.scenario.paths import may_vary
from funnel_sim.scenario.preset_parts.build import Build, assumed, assumption


def put_chance(build: Build) -> None:
    """Put the noise of the months."""
    build.put(
        "chance.month_noise",
        True,
        assumed("months of every store differ; how much follows from the number of products"),
    )
    build.put("chance.counting", True, assumed("orders come one by one"))
    build.put("chance.products", int(assumption("products")), assumed())


def put_ranges(build: Build, on: dt.date) -> None:
    """Turn every figure of which it is known how much sellers differ into a range around the
    preset's own value, its median.

    Ranges are symmetric on the logarithm: half of the futures lie below the preset's value, as the
    point calculation has it, and nothing that something is divided by comes near zero.

    Args:
        build: the scenario in the making, every field put.
        on: the day for which parameters are asked.
    """
    data = build.data
    store = Store(data["platform"], data["market"], data["category"], data["currency"], on)
    sections = ("product", "conversion", "fulfilment", "customers")
    holders: list[tuple[str, dict[str, Any], str]] = [
        (section, data[section], "") for section in sections if section in data
    ]
    holders += [
        (f"channels.{channel['id']}", channel, channel["kind"]) for channel in build.channels
    ]
    for place, holder, kind in holders:
        for name, value in holder.items():
            path = f"{place}.{name}"
            is_number = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
            found = between_sellers(store, path, kind) if is_number and may_vary(path) else None
            if found is not None:
                holder[name] = around(float(value), found.factor)
                origin = build.origins[path]
                build.origins[path] = replace(
                    origin,
                    note=f"{origin.note} Range: {first_source(found.provenance.source)}".strip(),
                )


def around(value: float, factor: float) -> dict[str, Any]:
    """Return a range whose median is a value above zero, its P10 and P90 a factor below and above.

    Args:
        value: the median, any unit.
        factor: the factor [1], above 1.

    Returns:
        The range as plain data.

    Examples:
        >>> around(10.0, 1.25)["low"], around(10.0, 1.25)["high"]
        (8.0, 12.5)
    """
    low, high = float(f"{value / factor:.4g}"), float(f"{value * factor:.4g}")
    return {"dist": "logpert", "low": low, "likely": value, "high": high, "meaning": "p80"}
