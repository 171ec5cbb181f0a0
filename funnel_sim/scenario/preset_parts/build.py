"""A preset while it is put together: its fields, and where each value comes from."""

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from funnel_sim.reference import platform_fees, studies
from funnel_sim.reference.provenance import DATA_DATE, Provenance, typical_or_middle
from funnel_sim.stored import read_data

LITRES = {"cubic foot": 28.316846592, "cubic metre": 1000.0, "litre": 1.0}


HOME_COUNTRY = "CN"


CHOSEN = (
    "assumed, chosen to be consistent with the other figures of the example; no evidence of the"
    " market."
)


TAXED = {
    "fees": "tax.tax_on_fees",
    "fulfilment": "tax.tax_on_fulfilment",
    "ads": "tax.tax_on_ads",
    "payment": "payment.payment_tax",
}


@dataclass
class Build:
    """A scenario in the making: plain values, and where each comes from."""

    data: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Provenance] = field(default_factory=dict)
    channels: list[dict[str, Any]] = field(default_factory=list)

    def put(self, path: str, value: Any, origin: Provenance) -> None:
        """Set the field at a path of the scenario, and say where its value comes from.

        Args:
            path: the address of the field, such as "product.price".
            value: what is put there, in the unit of the field.
            origin: where it comes from.
        """
        section, _, name = path.rpartition(".")
        if section.startswith("channels."):
            channel = next(c for c in self.channels if c["id"] == section.removeprefix("channels."))
            channel[name] = value
        elif section:
            self.data.setdefault(section, {})[name] = value
        else:
            self.data[name] = value
        self.origins[path] = origin


def assumed(note: str = "") -> Provenance:
    """Return the origin of a value that is assumed, with a note on why."""
    return Provenance("preset", DATA_DATE, DATA_DATE.isoformat(), "assumed", True, "assumed", note)


@cache
def _assumptions() -> dict[str, float]:
    """Return what presets assume where no source exists (data/assumptions.toml)."""
    text = read_data("assumptions.toml")
    return tomllib.loads(text)


def assumption(name: str) -> float:
    """Return what is assumed where no source exists (data/assumptions.toml); raises KeyError for an
    unknown name.
    """
    return float(_assumptions()[name])


def in_bulk(row: dict[str, Any]) -> bool:
    """Return whether the goods of a preset are shipped in bulk, not parcel by parcel."""
    return "parcel" not in row and "parcel_value" not in row


def seat_of(row: dict[str, Any]) -> str:
    """Return the country of the seller, which decides some fees."""
    return str(row.get("seat", HOME_COUNTRY))


def net_of(row: dict[str, Any], kind: str, on: dt.date) -> tuple[float, str]:
    """Return what is left of a published fee once the tax in it is recovered, and a sentence that
    says so.

    Args:
        row: what data/presets.toml says of the preset.
        kind: the kind of fee, such as "fees" or "fulfilment".
        on: the day for which parameters are asked.

    Returns:
        (the part of the fee that is left [fraction], the sentence; 1 and "" where nothing is
        recovered).
    """
    tax = platform_fees.fee_tax(row["platform"], row["market"], seat_of(row), kind, on)
    if tax is None or tax.charged != "included" or not recovers(row, tax):
        return 1.0, ""
    return (
        1 / (1 + tax.rate),
        f"published with {tax.rate:.0%} {tax.tax}, which a registered seller recovers",
    )


def recovers(row: dict[str, Any], tax: platform_fees.FeeTax) -> bool:
    """Return whether the seller of a preset gets a tax on fees back.

    Args:
        row: what data/presets.toml says of the preset.
        tax: the tax on a kind of fee.
    """
    registered = row.get("registered", True) and row.get("situation") != "not_registered"
    return tax.recovered == "yes" or (tax.recovered == "registered" and registered)


def benchmark(entry: Any, on: dt.date) -> tuple[float, Provenance]:
    """Return a number and its origin: a bare number was chosen to fit the other figures, a text
    names a benchmark.

    Args:
        entry: a number, or the text that names a benchmark.
        on: the day for which parameters are asked.

    Returns:
        (the number in the unit of the field, its origin).
    """
    if not isinstance(entry, str):
        return float(entry), assumed(CHOSEN)
    found = studies.benchmark(*benchmark_key(entry), on)
    value = typical_or_middle(found.low, found.typical, found.high)
    origin = found.provenance
    if found.typical is None:
        origin = Provenance(
            "benchmark",
            origin.start,
            origin.as_of,
            "derived",
            origin.weak,
            origin.source,
            f"middle of the range. {origin.note}",
        )
    return round(value, 6), origin


def benchmark_key(entry: str) -> tuple[str, str, str, str]:
    """Return what names a benchmark: scope, category, market and metric of "scope|category|market|
    metric".
    """
    scope, category, market, metric = entry.split("|")
    return scope, category, market, metric
