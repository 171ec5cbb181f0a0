"""Tax, duty and what else a market asks of goods at its border."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from funnel_sim.reference.provenance import Provenance, ask, cell_number, flag, rows_of, source


@dataclass(frozen=True)
class TaxRule:
    """Tax on consumer sales in one market: rate on the net price, and who remits it."""

    market: str
    country_en: str
    country_zh: str
    currency: str
    tax_name_en: str
    tax_name_zh: str
    rate: float
    price_includes_tax: bool | None
    marketplace_remits: str
    provenance: Provenance


@dataclass(frozen=True)
class DutyRow:
    """One duty of an importing country: which goods and origins, how it is charged, which lines are
    exempt.

    `layer` groups rows of which only one is due (the longest customs line wins); `name` is what a
    reader sees. `rate` a fraction, None where it was not found; `per` says what rate and amount
    mean (data/parameters/README.md).
    """

    importer: str
    origin: str
    customs_line: str
    layer: str
    name: str
    rate: float | None
    per: str
    amount: float | None
    currency: str
    limit: float | None
    limit_currency: str
    base: str
    exempt_lines: str
    unless_layer: str
    replaces: str
    provenance: Provenance

    @property
    def adds(self) -> bool:
        """Say whether the row is a plain share of the value that enters a sum of duties."""
        return self.rate is not None and self.per in ("ad_valorem", "ad_valorem_total_with_general")


@dataclass(frozen=True)
class ImportFee:
    """A fee at the border that is no duty; `role` says which input it fills: "entry_fee",
    "harbour", "clearance", "insurance" or "" (none).
    """

    importer: str
    fee: str
    role: str
    mode: str
    rate: float | None
    amount: float | None
    base: str
    minimum: float | None
    maximum: float | None
    currency: str
    per: str
    provenance: Provenance


@dataclass(frozen=True)
class CustomsLine:
    """How a product is classified in an importing country, and why."""

    product: str
    product_zh: str
    product_en: str
    material: str
    importer: str
    customs_line: str
    general_rate: float | None
    compound_rate: str
    provenance: Provenance


@dataclass(frozen=True)
class ComplianceItem:
    """What registering, representing, testing or insuring costs in a market, for goods of some
    customs lines.

    `when`: "sale" (whoever sells there), "stock" (who imports and stocks there), "own_shop_parcel",
    "instead" (in place of other rows) or "optional". One-off and monthly amounts in `currency`.
    """

    market: str
    item_zh: str
    item_en: str
    customs_line: str
    exempt_lines: str
    when: str
    platform: str
    one_off_low: float | None
    one_off_typical: float | None
    one_off_high: float | None
    monthly_low: float | None
    monthly_typical: float | None
    monthly_high: float | None
    currency: str
    provenance: Provenance


@cache
def tax_rules() -> tuple[TaxRule, ...]:
    """Return every dated tax rule."""
    return tuple(
        TaxRule(
            r["market"],
            r["country_en"],
            r["country_zh"],
            r["currency"],
            r["tax_name_en"],
            r["tax_name_zh"],
            float(r["rate"]),
            flag(r["price_includes_tax"]),
            r["marketplace_remits"],
            source("tax", r),
        )
        for r in rows_of("tax")
    )


@cache
def duty_rows() -> tuple[DutyRow, ...]:
    """Return every duty row, in force or not."""
    return tuple(
        DutyRow(
            r["importer"],
            r["origin"],
            r["customs_line"],
            r["layer"],
            r["name"],
            cell_number(r["rate"]),
            r["per"],
            cell_number(r["amount"]),
            r["currency"],
            cell_number(r["limit"]),
            r["limit_currency"],
            r["base"],
            r["exempt_lines"],
            r["unless_layer"],
            r["replaces"],
            source("duty", r),
        )
        for r in rows_of("duty")
    )


@cache
def import_fee_rows() -> tuple[ImportFee, ...]:
    """Return every import fee, in force or not."""
    return tuple(
        ImportFee(
            r["importer"],
            r["fee"],
            r["role"],
            r["mode"],
            cell_number(r["rate"]),
            cell_number(r["amount"]),
            r["base"],
            cell_number(r["minimum"]),
            cell_number(r["maximum"]),
            r["currency"],
            r["per"],
            source("import_fees", r),
        )
        for r in rows_of("import_fees")
    )


@cache
def customs_lines() -> tuple[CustomsLine, ...]:
    """Return every classification of a product."""
    return tuple(
        CustomsLine(
            r["product"],
            r["product_zh"],
            r["product_en"],
            r["material"],
            r["importer"],
            r["customs_line"],
            cell_number(r["general_rate"]),
            r["compound_rate"],
            source("customs_line", r),
        )
        for r in rows_of("customs_lines")
    )


@cache
def compliance_items() -> tuple[ComplianceItem, ...]:
    """Return every compliance item."""
    return tuple(
        ComplianceItem(
            r["market"],
            r["item_zh"],
            r["item_en"],
            r["customs_line"],
            r["exempt_lines"],
            r["when"],
            r["platform"],
            cell_number(r["one_off_low"]),
            cell_number(r["one_off_typical"]),
            cell_number(r["one_off_high"]),
            cell_number(r["monthly_low"]),
            cell_number(r["monthly_typical"]),
            cell_number(r["monthly_high"]),
            r["currency"],
            source("compliance", r),
        )
        for r in rows_of("compliance")
    )


def tax(market: str, on: dt.date) -> TaxRule:
    """Return the tax rule of a market on a day.

    Args:
        market: the country of sale.
        on: the day of the sale.

    Returns:
        The rule, its rate as a fraction of the net amount.

    Raises:
        InputError: if no rule is known for that day.

    Examples:
        >>> [
        ...     tax("DE", dt.date.fromisoformat(day)).rate
        ...     for day in ("2020-06-30", "2020-07-01", "2021-01-01")
        ... ]
        [0.19, 0.16, 0.19]
    """
    return ask((r for r in tax_rules() if r.market == market), on, f"tax {market}")


def digits(line: str) -> str:
    """Return the digits of a customs line, however it is written.

    >>> digits("8507.60.0020"), digits("7323 93 00")
    ('8507600020', '73239300')
    """
    return "".join(c for c in line if c.isdigit())


def prefix_length(lines: str, line: str) -> int:
    """Return how many digits of a customs line the longest of some prefixes fixes.

    Args:
        lines: "*" (every line) or prefixes separated by "|".
        line: the customs line.

    Returns:
        The number of digits, 0 for "*"; −1 where no prefix fits.

    Examples:
        >>> (
        ...     prefix_length("61|6104.63", "6104.63.2011"),
        ...     prefix_length("*", "9503"),
        ...     prefix_length("62", "6104"),
        ... )
        (6, 0, -1)
    """
    number = digits(line)
    return max(
        (
            len(digits(one))
            for one in lines.split("|")
            if one == "*" or (digits(one) and number.startswith(digits(one)))
        ),
        default=-1,
    )


def importers(market: str, on: dt.date) -> tuple[str, ...]:
    """Return under which names a market stands in the tables of customs: its own, and the customs
    union it belongs to.

    Args:
        market: the country.
        on: the day on which the rows have to be in force.

    Returns:
        One or two names.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> importers("DE", DATA_DATE), importers("US", DATA_DATE)
        (('DE', 'EU'), ('US',))
    """
    unions = [
        r["importer"]
        for r in rows_of("customs_unions")
        if r["market"] == market and source("duty", r).holds(on)
    ]
    return (market, *unions)


_PARCELS = frozenset(
    {
        "parcel_tax",
        "parcel_vat",
        "parcel_tax_uncertified",
        "parcel_icms",
        "de_minimis_parcel",
        "handling_fee",
    }
)


def duties(
    importer: str, origin: str, line: str, on: dt.date, *, parcel: bool = False
) -> tuple[DutyRow, ...]:
    """Return the duties on goods of an origin and customs line in force on a day.

    Of one layer the row with the longest customs line is due, then the one that names the origin.
    Left out are exempt lines, a layer that another one lifts (`unless_layer`), lists whose lines
    are not known here (`ad_valorem_if_listed`), a preferential rate where there is a general one
    (it needs a proof of origin), and what only parcels to consumers meet.

    Args:
        importer: the country of import.
        origin: the country that made the goods.
        line: their customs line.
        on: the day of import.
        parcel: whether the duties that only parcels to consumers meet are wanted, and only these.

    Returns:
        One row a layer, the general rate first; empty where nothing is known or due.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> [(row.name, row.rate) for row in duties("US", "CN", "8507.60.0020", DATA_DATE)]
        [('General rate', 0.034), ('Section 301 four-year review', 0.25),
         ('Section 301 forced labour', 0.125)]
    """
    names = importers(importer, on)
    best: dict[str, tuple[tuple[int, bool, dt.date], DutyRow]] = {}
    for row in duty_rows():
        if (
            row.importer not in names
            or row.origin not in ("*", origin)
            or not row.provenance.holds(on)
            or row.per == "ad_valorem_if_listed"
        ):
            continue
        if (row.layer in _PARCELS) is not parcel:
            continue
        length = prefix_length(row.customs_line, line)
        if length < 0:
            continue
        rank = (length, row.origin != "*", row.provenance.start or dt.date.min)
        key = f"{row.layer} {row.per}" if parcel else f"{row.layer} {row.adds}"
        if key not in best or rank > best[key][0]:
            best[key] = (rank, row)
    found = [
        row
        for _, row in best.values()
        if not (row.exempt_lines and prefix_length(row.exempt_lines, line) >= 0)
    ]
    layers = [row.layer for row in found]
    due = [
        row
        for row in found
        if not (row.unless_layer and any(layer.startswith(row.unless_layer) for layer in layers))
    ]
    if any(row.layer == "general" and row.rate is not None for row in due):
        due = [row for row in due if row.layer != "preferential"]
    return tuple(
        sorted(
            due,
            key=lambda row: (
                row.layer != "general",
                row.provenance.start or dt.date.min,
                row.layer,
            ),
        )
    )


def added_rate(row: DutyRow, general: float) -> float:
    """Return what a row adds to a general rate.

    A row that tops the general rate up to a total adds what is missing.

    Args:
        row: the row of a layer.
        general: the general rate [fraction of the customs value].

    Returns:
        The rate added [fraction]; 0 for a row that is no share of the value.
    """
    if not row.adds or row.rate is None:
        return 0.0
    return (
        max(0.0, round(row.rate - general, 6))
        if row.per == "ad_valorem_total_with_general"
        else row.rate
    )


def duty_total(rows: Iterable[DutyRow]) -> float:
    """Return the sum of the general rate and of all layers that are shares of the value.

    >>> from funnel_sim.reference.provenance import DATA_DATE
    >>> duty_total(duties("US", "CN", "9503.00.0073", DATA_DATE))
    0.125
    """
    every = list(rows)
    general = sum(
        row.rate or 0.0 for row in every if row.layer in ("general", "preferential") and row.adds
    )
    return round(
        general
        + sum(
            added_rate(row, general)
            for row in every
            if row.layer not in ("general", "preferential")
        ),
        6,
    )


def import_fees(importer: str, on: dt.date) -> tuple[ImportFee, ...]:
    """Return the fees at the border of a country in force on a day, those of every country
    included.

    Args:
        importer: the country of import.
        on: the day of import.

    Returns:
        The rows, amounts in their own currency.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> [
        ...     (fee.minimum, fee.maximum)
        ...     for fee in import_fees("US", DATA_DATE)
        ...     if fee.fee == "merchandise_processing_fee"
        ... ]
        [(34.58, 670.86)]
    """
    names = (*importers(importer, on), "*")
    return tuple(
        row for row in import_fee_rows() if row.importer in names and row.provenance.holds(on)
    )


def customs_line(product: str, importer: str, on: dt.date) -> CustomsLine:
    """Return how a product is classified in a country on a day.

    Args:
        product: the product, as the presets name it.
        importer: the country of import.
        on: the day of import.

    Raises:
        InputError: if no line is known for that day.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> customs_line("power_bank", "US", DATA_DATE).customs_line
        '8507.60.0020'
    """
    names = importers(importer, on)
    return ask(
        (r for r in customs_lines() if r.product == product and r.importer in names),
        on,
        f"customs line {product} {importer}",
    )


def compliance(market: str, on: dt.date) -> tuple[ComplianceItem, ...]:
    """Return what compliance may cost in a market on a day, its customs union included.

    Args:
        market: the country of sale.
        on: the day on which the rows have to be in force.

    Returns:
        The items, amounts in their own currency.
    """
    names = importers(market, on)
    return tuple(
        row for row in compliance_items() if row.market in names and row.provenance.holds(on)
    )
