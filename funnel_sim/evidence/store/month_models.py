"""Ways in which the months of a store may move, and how much each is believed of a history before
its months are compared with it (data/month_models.csv, data/month_models.toml).

A structure says how the logarithm of a month's expected sales moves. A chain says how often a month
sells nothing at all though others do, and for how long. Both have prior weights, learnt on pooled
series by scripts/fit_month_models.py; the weights lean on features of the history (its length, the
share of months without sales, the size of its counts, how much it swings, its trend).
"""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model.arrays import Array
from funnel_sim.stored import read_data
from funnel_sim.words import Words

YEAR = 12
_MOMENTUM_KEPT = 0.7  # share of a change of pace that is left a month later
_SLOPE_KEPT = 0.9  # share of a steady growth that is left a month later
_MIDDLE = 1.5  # -ln of a usual scale: where the feature "scale" is nought
_LEAST_SHARE = 0.1  # of the mean: below it a month counts as that in the features
_RARE = 1e-12


@dataclass(frozen=True)
class Structure:
    """One way in which months may move.

    `memory` of the level from month to month (1: it wanders), and the variances of level, noise
    and season in squares of `scale`; `drift` is the standard deviation of the growth a month,
    `momentum` that of a change of pace which dies away, in `scale`; `slope` a growth a month that
    is expected, and fades in the months to come. The unknown level has the variance `loose` around
    that of the history, moved by `shift` (months are picked up when they sell: what comes after is
    less). `counted` structures are of the expected count, the others of the month itself.
    """

    memory: float
    level: float
    noise: float
    season: float
    drift: float
    scale: float
    momentum: float = 0.0
    slope: float = 0.0
    loose: float = 4.0
    shift: float = 0.0
    counted: bool = False

    def covariance(self, months: Array) -> Array:
        """Return the covariance of log months at some places in time, shape (months, months).

        Args:
            months: places, one step a month: up to 0 of the history, above 0 of months to come, in
                which trends die away, so that a far month is no wild guess.
        """
        away = np.abs(months[:, None] - months[None, :])
        first = months.min()
        if self.memory < 1:
            moving = np.power(self.memory, away)
        else:
            moving = np.minimum(months[:, None], months[None, :]) - first
        out = self.level * moving + self.noise * (away == 0) + self.season * same_month(away)
        if self.momentum:
            out = out + self.momentum**2 * _paced(months)
        trend = _fading(months)
        out = out * self.scale**2 + self.drift**2 * np.outer(trend, trend)
        return np.asarray(out + self.loose)

    def expected(self, length: int, ahead: int) -> Array:
        """Return the expected log month less the level, of a history and of the months after it.

        Args:
            length: months of the history.
            ahead: months after it.

        Returns:
            Log months, shape (length + ahead,).
        """
        half = (length - 1) / 2
        fading = np.cumsum(_SLOPE_KEPT ** np.arange(1, ahead + 1))
        return self.shift + self.slope * np.concatenate([np.arange(length) - half, half + fading])

    def attributes(self) -> list[float]:
        """Return what the gate knows of a structure, in the order of the data's `attributes`."""
        size = float(np.log(self.scale)) + _MIDDLE
        wanders = 1.0 if self.memory >= 1 and self.level > 0 else 0.5 * (0.9 <= self.memory < 1)
        return [
            float(self.counted),
            size,
            wanders,
            float(self.season > 0),
            float(self.drift > 0),
            float(self.momentum > 0),
            self.level / (self.level + self.noise),
            self.slope * 25,
            float(self.loose < 1),
            size**2 / 2,
        ]


def same_month(away: Array) -> Array:
    """Return the correlation of the season of two months so many months apart: 1 in the same month
    of the year, else what makes twelve sum to nothing.

    Args:
        away: months apart, any shape.

    Returns:
        Correlations [1], the same shape.
    """
    return np.where(away % YEAR == 0, 1.0, -1.0 / (YEAR - 1))


def _fading(months: Array) -> Array:
    """Return how far a trend reaches: the place in time, each month to come a tenth less than the
    one before it.
    """
    ahead = np.maximum(months, 0.0)
    more = (1.0 - _SLOPE_KEPT**ahead) / -np.log(_SLOPE_KEPT)
    return np.where(months > 0, more, months)


def _paced(months: Array) -> Array:
    """Return the covariance of a level whose pace of growth has the variance 1 and forgets: the
    sum of the paces of all months since the first; no new pace begins in the months to come.
    """
    since = months - months.min()
    steps = np.arange(round(float(since.max())) + 1)
    ahead = np.maximum(steps + months.min(), 0.0)
    ahead = np.where(ahead > 0, steps - steps[ahead <= 0].max(initial=0), 0)
    away = np.where(
        (ahead[:, None] > 0) & (ahead[None, :] > 0),
        ahead[:, None] + ahead[None, :],
        np.abs(steps[:, None] - steps[None, :]),
    )
    whole = np.tril(np.ones((steps.size, steps.size)))
    whole[:, 0] = 0.0
    summed = whole @ (_MOMENTUM_KEPT**away) @ whole.T
    at = np.rint(since).astype(int)
    return np.asarray(summed[np.ix_(at, at)])


@dataclass(frozen=True)
class Chain:
    """How months without any sales come and go: the chance that one follows a month with sales
    (`closes`), and that sales follow a month without (`reopens`).
    """

    closes: float
    reopens: float

    def log_likelihood(self, sold: NDArray[np.bool_]) -> float:
        """Return the log probability of which months sold, given the first.

        Args:
            sold: whether each month of a history sold anything, shape (months,).

        Returns:
            A natural logarithm.
        """
        before, after = sold[:-1], sold[1:]
        shut = np.where(before, self.closes, 1.0 - self.reopens)
        return float(np.log(np.maximum(np.where(after, 1.0 - shut, shut), _RARE)).sum())

    def closed(self, ahead: int, *, sold_last: bool) -> Array:
        """Return the chance of each month ahead to be without sales.

        Args:
            ahead: how many months.
            sold_last: whether the month before the first sold anything.

        Returns:
            Probabilities, shape (ahead,).
        """
        out, chance = np.empty(ahead), 0.0 if sold_last else 1.0
        for month in range(ahead):
            chance = chance * (1.0 - self.reopens) + (1.0 - chance) * self.closes
            out[month] = chance
        return out


NEVER = Chain(0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Gate:
    """How features of a history move the prior weights: each is linear in the features.

    `least` and `most` are the features' bounds on the series learnt from (beyond, a feature counts
    as its bound); `structures` has the shape (features, attributes), `chains` (1 + features, 1 +
    chains: the last for months without sales that are small counts), `trust` (1 + features,): the
    log of the power that the likelihood is taken to.
    """

    least: Array
    most: Array
    structures: Array
    chains: Array
    trust: Array


@dataclass(frozen=True, eq=False)
class MonthModels:
    """Structures and their log weights, chains, the gate and where they come from; each object is
    its own key of caches. Without a gate the weights are the same for each history.
    """

    structures: tuple[Structure, ...]
    log_weight: Array
    source: Words
    chains: tuple[Chain, ...] = (NEVER,)
    gate: Gate | None = None
    most_counted: float = 200.0
    least_logged: float = 5.0
    longest_counted: int = 36
    attributes: Array = field(init=False)

    def __post_init__(self) -> None:
        """Work out the structures' attributes once."""
        rows = np.array([one.attributes() for one in self.structures])
        object.__setattr__(self, "attributes", rows)

    def priors(self, seen: Array) -> tuple[Array, Array, float, float]:
        """Return what is believed before the months are compared with the structures.

        Args:
            seen: the known months in order of time, shape (months,).

        Returns:
            (log weights of structures, of chains, of months without sales that are small counts,
            the power of the likelihood).
        """
        if self.gate is None:
            return self.log_weight, np.zeros(len(self.chains)), 0.0, 1.0
        gate = self.gate
        x = np.clip(features(seen), gate.least, gate.most)
        one = np.concatenate([[1.0], x])
        chains = one @ gate.chains
        power = float(np.exp(np.clip(one @ gate.trust, *TRUST)))
        return (
            self.log_weight + self.attributes @ (x @ gate.structures),
            chains[:-1],
            float(chains[-1]),
            power,
        )


TRUST = (-3.0, 0.3)
"""Between which logarithms the power of the likelihood lies."""


def whole_numbers(values: Array) -> bool:
    """Return whether all are whole numbers, as counts of orders are.

    Args:
        values: any numbers, shape (months,).

    Returns:
        Whether they are.
    """
    return bool(np.all(values == np.rint(values)))


def features(seen: Array) -> Array:
    """Return what the gate looks at in a history, in the order of the data's `features`.

    Args:
        seen: the known months in order of time, shape (months,): at least three, not all zero.
    """
    n, mean = seen.size, float(seen.mean())
    steps = np.diff(np.log(np.maximum(seen, _LEAST_SHARE * mean)))
    squares = float(np.square(steps).sum())
    length = float(np.log(n / 8.5))
    size = float(np.log(min(mean, 1000.0) if whole_numbers(seen) else 1000.0)) / 3 - 1.2
    noise = float(np.log(np.sqrt(squares / steps.size) + 0.03)) + 1
    recent = float(np.log(max(float(seen[-3:].mean()) / mean, 0.05)))
    least = _LEAST_SHARE * mean
    trend = float(
        np.log(max(seen[n // 2 :].mean(), least)) - np.log(max(seen[: n // 2].mean(), least))
    )
    return np.array(
        [
            length,
            float(np.mean(seen == 0)),
            size,
            noise,
            recent,
            abs(recent),
            float(np.log(seen.max() / mean)),
            float((steps[1:] * steps[:-1]).sum()) / (squares + 1e-6),
            float(np.exp(-(n - 3) / 3)) - 0.4,
            length * noise,
            trend,
            noise**2 - 1,
            size**2 - 1,
            abs(trend) - 0.3,
        ]
    )


FEATURES = (
    "length", "zeros", "size", "noise", "recent", "recent_size", "peak", "echo", "short",
    "length_noise", "trend", "noise_square", "size_square", "trend_size",
)  # fmt: skip
ATTRIBUTES = (
    "counted", "scale", "wanders", "season", "drift", "momentum", "level", "slope", "firm",
    "scale_square",
)  # fmt: skip


def _table(rows: Mapping[str, Sequence[float] | float], names: Sequence[str]) -> Array:
    return np.array([rows[name] for name in names], dtype=np.float64)


@cache
def month_models() -> MonthModels:
    """Return the structures, chains and weights as they were fitted."""
    return _read(read_data("month_models.csv"), read_data("month_models.toml"))


def read_models(folder: Path) -> MonthModels:
    """Return structures, chains and weights out of a folder.

    Args:
        folder: holds `month_models.csv` and `month_models.toml`.
    """
    return _read(
        (folder / "month_models.csv").read_text("utf-8"),
        (folder / "month_models.toml").read_text("utf-8"),
    )


_NUMBERS = (
    "memory", "level", "noise", "season", "drift", "scale", "momentum", "slope", "loose", "shift",
)  # fmt: skip


def _structure(row: Mapping[str, str]) -> Structure:
    numbers: dict[str, Any] = {name: float(row[name]) for name in _NUMBERS}
    return Structure(**numbers, counted=row["counted"] == "1")


def _read(table: str, text: str) -> MonthModels:
    lines = [line for line in table.splitlines() if line[:1] != "#"]
    rows = list(csv.DictReader(lines))
    told = tomllib.loads(text)
    gate = told["gate"]
    least, most = _table(gate["bounds"], FEATURES).T
    return MonthModels(
        tuple(_structure(row) for row in rows),
        np.array([float(row["log_weight"]) for row in rows]),
        Words(told["source_zh"], told["source_en"]),
        tuple(Chain(*pair) for pair in told["chains"]),
        Gate(
            least,
            most,
            _table(gate["structures"], FEATURES),
            _table(gate["chains"], ("base", *FEATURES)),
            _table(gate["trust"], ("base", *FEATURES)),
        ),
        told["most_counted"],
        told["least_logged"],
        told["longest_counted"],
    )
