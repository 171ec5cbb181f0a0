"""One field of a product that is carried to another market: what it becomes, and where from."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario.paths import spec_of

Kind = Literal["own", "target", "moved"]
Why = Literal[
    "converted",
    "margin",
    "local_price",
    "supply_price",
    "traffic",
    "same_benchmark",
    "no_benchmark",
    "freight",
    "other_goods",
    "example_size",
    "category",
    "parcel_way",
    "no_clicks",
    "ads_there",
]
"""What is to be said of a field beside where it comes from: converted at `ratio`; a price that
keeps the margin, or at the level of the place; a price that a platform pays its suppliers, by the
example's markup on the cost; traffic multiplied by `ratio` so that orders stay; one benchmark for
both markets, or none that compares them, so that the own rate stays; freight by weight; the duty,
the size or the fee category of the example's goods, not of these; a way of parcels that leaves no
freight; a platform that sells no clicks; orders that cost ads there and none here."""


@dataclass(frozen=True)
class CarriedField:
    """One field of a carried product.

    `kind`: "own" (of the scenario that is carried), "target" (of the preset), "moved" (the own
    figure times `ratio`, the ratio of two dated benchmarks or of two examples). `value` and
    `before` are plain data, `before` None where the scenario has no such field. `typed`: the own
    figure is the reader's, not an example's. `sources` are the rows that it rests on: of "moved"
    here and there. `ratio` is a factor [1], for "converted" the rate of exchange. `doubt`: by how
    much the range was widened because its evidence is weak or none compares the two markets
    [standard deviation of the logarithm], 0 where it was not; `dear`: the price over the level of
    the place where that lowered the low end of the range, else 1.
    """

    path: str
    kind: Kind
    value: Any
    before: Any = None
    typed: bool = False
    sources: tuple[Provenance, ...] = ()
    why: Why | None = None
    ratio: float | None = None
    doubt: float = 0.0
    dear: float = 1.0

    @property
    def weak(self) -> bool:
        """Whether what it rests on is weak evidence or assumed."""
        return any(one.weak or one.evidence == "assumed" for one in self.sources)


_LEFT_BEHIND = (
    "name",
    "preset",
    "as_of",
    "shown_in",
    "kpis",
    "promise",
    "verdicts",
    "history",
    "options",
    "comparison",
    "shocks",
)
"""Parts that are not told field by field."""


def leaves(plain: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield (path, value) of every field, channels by their id."""
    for name, value in plain.items():
        if name in _LEFT_BEHIND:
            continue
        if name == "channels":
            for channel in value:
                for part, one in channel.items():
                    if part != "id":
                        yield f"channels.{channel['id']}.{part}", one
        elif isinstance(value, dict) and "dist" not in value:
            for part, one in value.items():
                yield f"{name}.{part}", one
        else:
            yield name, value


def is_amount(value: Any) -> bool:
    """Say whether plain data is a number above zero, or a range."""
    if isinstance(value, dict):
        return "dist" in value
    return isinstance(value, int | float) and not isinstance(value, bool) and value != 0


def _largest(value: Any) -> float:
    """Return the largest number that plain data of a quantity names."""
    if isinstance(value, dict):
        named = (one for name, one in value.items() if name in _VALUES)
        return max((_largest(one) for one in named), default=0.0)
    if isinstance(value, list):
        return max((_largest(one) for one in value), default=0.0)
    return float(value) if isinstance(value, int | float) else 0.0


_VALUES = ("low", "likely", "high", "mean", "median", "values")
"""Parts of a range that are values of its field, not how wide it is or how many were counted."""


def within_domain(path: str, value: Any, factor: float) -> float:
    """Return a factor, lowered where it would lead a rate out of its domain.

    Args:
        path: of the field.
        value: plain data of its quantity.
        factor: by what it is multiplied [1].

    Returns:
        The factor, or the largest one with which no number of it leaves the domain.
    """
    largest = _largest(value)
    return factor if inside_domain(path, largest * factor) else _limit(path) / largest


def inside_domain(path: str, number: float) -> bool:
    """Say whether a number is not above what a field may hold.

    Args:
        path: of the field.
        number: in the unit of the field.
    """
    return number <= _limit(path)


def _limit(path: str) -> float:
    spec = spec_of(path)
    return math.inf if spec is None else spec.domain[1]
