"""A numeric input: a plain number, or a range (a distribution) around a point value.

A range that is bounded knows its bounds; where a low and a high are given, `meaning` says whether
they are hard limits or the ends of an 80 % interval (P10 and P90). The point calculation uses the
point value; the simulation draws from the whole range. A range of no width is its value.
"""

import itertools
import math
from abc import ABC, abstractmethod
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Tag, field_validator, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.checked import Checked

Meaning = Literal["limits", "p80"]
_FEWEST_SAMPLE = 2
_LARGEST_SAMPLE = 10_000


class _Range(Checked, ABC):
    @property
    @abstractmethod
    def point(self) -> float:
        """The value that the point calculation uses."""

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest value that the range can give, infinite where open."""
        return -math.inf, math.inf


def _in_order(*ends: float) -> None:
    if any(a > b for a, b in itertools.pairwise(ends)):
        shown = " / ".join(f"{e:g}" for e in ends)
        raise PydanticCustomError(
            "range_order", "low, likely and high out of order", {"shown": shown}
        )


class Uniform(_Range):
    """Every value between `low` and `high` is equally probable; the point value is the middle."""

    dist: Literal["uniform"] = "uniform"
    low: float
    high: float
    meaning: Meaning = "limits"

    @model_validator(mode="after")
    def _check(self) -> Self:
        _in_order(self.low, self.high)
        return self

    @property
    def point(self) -> float:
        """The middle, (low + high) / 2."""
        return (self.low + self.high) / 2

    @property
    def bounds(self) -> tuple[float, float]:
        """`low` and `high` where they are limits; open where they are P10 and P90."""
        return (self.low, self.high) if self.meaning == "limits" else (-math.inf, math.inf)


class _ThreePoint(_Range):
    low: float
    likely: float
    high: float
    meaning: Meaning = "limits"

    @model_validator(mode="after")
    def _check(self) -> Self:
        _in_order(self.low, self.likely, self.high)
        return self

    @property
    def point(self) -> float:
        """The mode (not the mean)."""
        return self.likely

    @property
    def bounds(self) -> tuple[float, float]:
        """`low` and `high` where they are limits; open where they are P10 and P90."""
        return (self.low, self.high) if self.meaning == "limits" else (-math.inf, math.inf)


class Triangular(_ThreePoint):
    """A triangular density from `low` up to `likely` and down to `high`."""

    dist: Literal["triangular"] = "triangular"


class Pert(_ThreePoint):
    """Beta-PERT: a smooth density from `low` over the mode `likely` to `high`."""

    dist: Literal["pert"] = "pert"


class LogPert(_ThreePoint):
    """Beta-PERT on the logarithm, for prices and for what is divided by: never zero, and as far up
    as down where it is doubled or halved.

    `low` is above 0. Bounded on both sides, so that the value and its reciprocal have every moment.
    Where `likely` is the geometric middle of `low` and `high`, half of the draws lie below it.
    """

    dist: Literal["logpert"] = "logpert"

    @field_validator("low")
    @classmethod
    def _positive(cls, value: float) -> float:
        return _above_zero("low", value)

    @property
    def bounds(self) -> tuple[float, float]:
        """`low` and `high` where they are limits; above zero, and open upwards, where they are P10
        and P90.
        """
        return (
            (self.low, self.high)
            if self.meaning == "limits"
            else (math.nextafter(0.0, 1.0), math.inf)
        )


class Normal(_Range):
    """A normal distribution around `mean` with standard deviation `sd`."""

    dist: Literal["normal"] = "normal"
    mean: float
    sd: float

    @field_validator("sd")
    @classmethod
    def _positive(cls, sd: float) -> float:
        return _not_negative("sd", sd)

    @property
    def point(self) -> float:
        """The mean."""
        return self.mean


class Lognormal(_Range):
    """exp of a normal: `median` of the value itself, `sigma` the deviation of its logarithm."""

    dist: Literal["lognormal"] = "lognormal"
    median: float
    sigma: float

    @field_validator("median")
    @classmethod
    def _positive(cls, value: float) -> float:
        return _above_zero("median", value)

    @field_validator("sigma")
    @classmethod
    def _spread(cls, value: float) -> float:
        return _not_negative("sigma", value)

    @property
    def point(self) -> float:
        """The median."""
        return self.median

    @property
    def bounds(self) -> tuple[float, float]:
        """Above zero, to infinity."""
        return math.nextafter(0.0, 1.0), math.inf


class BetaCounts(_Range):
    """A rate known from counts: `successes` of `trials`, as 37 orders of 1,200 visits.

    The spread is the Beta posterior with Jeffreys' prior, Beta(successes + ½, failures + ½): few
    counts give a wide range, and none at all is not taken for a rate of zero.
    """

    dist: Literal["beta"] = "beta"
    successes: float
    trials: float

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.successes < 0 or self.trials <= 0 or self.successes > self.trials:
            raise PydanticCustomError(
                "counts", "successes of trials", {"shown": f"{self.successes:g} / {self.trials:g}"}
            )
        return self

    @property
    def point(self) -> float:
        """The observed rate, successes / trials."""
        return self.successes / self.trials

    @property
    def bounds(self) -> tuple[float, float]:
        """Between zero and one, neither reached."""
        return math.nextafter(0.0, 1.0), math.nextafter(1.0, 0.0)


class Sample(_Range):
    """Observed values, all equally probable; the point value is their median."""

    dist: Literal["sample"] = "sample"
    values: list[float]

    @field_validator("values")
    @classmethod
    def _enough(cls, values: list[float]) -> list[float]:
        if not _FEWEST_SAMPLE <= len(values) <= _LARGEST_SAMPLE:
            raise PydanticCustomError(
                "sample_size",
                "a sample has 2 to 10,000 values",
                {"shown": str(len(values)), "least": _FEWEST_SAMPLE, "most": _LARGEST_SAMPLE},
            )
        return values

    @property
    def point(self) -> float:
        """The median of the values."""
        ordered = sorted(self.values)
        half, odd = divmod(len(ordered), 2)
        return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest value."""
        return min(self.values), max(self.values)


def _above_zero(name: str, value: float) -> float:
    if not value > 0:
        raise PydanticCustomError(
            "range_positive", "must be above 0", {"part": name, "shown": f"{value:g}"}
        )
    return value


def _not_negative(name: str, value: float) -> float:
    if value < 0:
        raise PydanticCustomError(
            "range_spread", "must not be negative", {"part": name, "shown": f"{value:g}"}
        )
    return value


Range = Uniform | Triangular | Pert | LogPert | Normal | Lognormal | BetaCounts | Sample
RANGES: dict[str, type[_Range]] = {
    "uniform": Uniform,
    "triangular": Triangular,
    "pert": Pert,
    "logpert": LogPert,
    "normal": Normal,
    "lognormal": Lognormal,
    "beta": BetaCounts,
    "sample": Sample,
}


def _which(value: object) -> str:
    if isinstance(value, _Range):
        return str(getattr(value, "dist", "number"))
    if isinstance(value, dict):
        kind = value.get("dist")
        return kind if isinstance(kind, str) and kind in RANGES else "unknown"
    return "number"


Quantity = Annotated[
    Annotated[float, Tag("number")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[Triangular, Tag("triangular")]
    | Annotated[Pert, Tag("pert")]
    | Annotated[LogPert, Tag("logpert")]
    | Annotated[Normal, Tag("normal")]
    | Annotated[Lognormal, Tag("lognormal")]
    | Annotated[BetaCounts, Tag("beta")]
    | Annotated[Sample, Tag("sample")],
    Discriminator(_which),
]


def point_value(value: "float | Range") -> float:
    """Return the point value of a quantity: a number itself, the mode, mean or median of a range
    (`point`).

    >>> point_value(0.03), point_value(Pert(low=0.02, likely=0.03, high=0.05))
    (0.03, 0.03)
    """
    return value.point if isinstance(value, _Range) else float(value)


def ends(value: "float | Range") -> tuple[float, ...]:
    """Return the low and the high that a range was given by, whatever they mean; nothing for the
    other ranges.
    """
    return (value.low, value.high) if isinstance(value, Uniform | _ThreePoint) else ()


def is_range(value: object) -> bool:
    """Say whether a value is a range rather than a plain number."""
    return isinstance(value, _Range)


def bounds(value: "float | Range") -> tuple[float, float]:
    """Return the least and greatest value known in advance (infinite where open).

    >>> bounds(Pert(low=0.02, likely=0.03, high=0.05))
    (0.02, 0.05)
    """
    return value.bounds if isinstance(value, _Range) else (float(value), float(value))


def moved(value: Range, likely_now: float) -> "float | Range":
    """Return a range moved along to another point value, relatively as wide; counts and samples
    are evidence and cannot be moved.

    Args:
        value: the range.
        likely_now: its new point value, in the unit of the range.

    Returns:
        The range, or only the number where the range cannot be moved.

    Examples:
        >>> moved(Pert(low=0.02, likely=0.03, high=0.06), 0.06)
        Pert(low=0.04, likely=0.06, high=0.12, meaning='limits', dist='pert')
    """
    before = value.point
    if not before or isinstance(value, BetaCounts | Sample) or likely_now * before < 0:
        return likely_now
    factor = likely_now / before
    scaled = {
        name: getattr(value, name) * factor
        for name in ("low", "high", "sd")
        if hasattr(value, name)
    } | {name: likely_now for name in ("mean", "median") if hasattr(value, name)}
    if hasattr(
        value, "likely"
    ):  # where an end equals the point value, rounding must not put it beyond the point value
        scaled |= {
            "low": min(scaled["low"], likely_now),
            "likely": likely_now,
            "high": max(scaled["high"], likely_now),
        }
    if not likely_now:
        return 0.0
    return value.but(**scaled)
