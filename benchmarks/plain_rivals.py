"""The question of benchmarks/kpi_calibration.py and the plain answers to it: series, windows,
targets, rivals that anyone can write down, and scores. scripts/fit_month_models.py learns from the
same windows.
"""

import csv
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy import stats

LENGTHS = (3, 6, 12, 24)
GROWTHS = np.round(np.arange(-0.20, 0.401, 0.05), 2)
AHEAD = 3
STEP = 11
FEW = 1000
BINS, BIN_FEWEST = 10, 200
CHANCE_DRAWS = 20
_FLOOR = 0.02  # of the mean: what a month counts as at least, before its logarithm is taken
_USUAL_VARIANCE, _USUAL_MONTHS = 0.04, 4  # what the error of smoothing is shrunk toward
_ALPHAS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
Window = tuple[np.ndarray, float]
Odds = np.ndarray


def series_of(file: Path) -> list[np.ndarray]:
    """Return the series of a file, each an array in time order; what is no number, or below zero,
    ends the script with a sentence.
    """
    with file.open(encoding="utf-8-sig") as text:
        rows = [
            [float(v) for v in row["values"].replace(";", " ").split()]
            for row in csv.DictReader(text)
        ]
    series = [np.array(row) for row in rows if row]
    if any((one < 0).any() or not np.isfinite(one).all() for one in series):
        sys.exit("series must hold numbers of zero or more")
    return series


def windows(series: Sequence[np.ndarray], length: int, step: int) -> list[Window]:
    """Return histories of one length and the mean of the three months that followed; long series
    are asked of the same months whatever the length.
    """
    out = []
    for values in series:
        first = max(LENGTHS) if len(values) >= max(LENGTHS) + AHEAD else length
        for at in range(first, len(values) - AHEAD + 1, step):
            history = values[at - length : at]
            if history.sum() > 0 and values[at - AHEAD : at].sum() > 0:
                out.append((history, float(values[at : at + AHEAD].mean())))
    return out


def enough(
    series: Sequence[np.ndarray], length: int, step: int = STEP, half: int | None = None
) -> list[Window]:
    """Return windows at most `step` months apart, closer where there are fewer than a thousand; of
    every second series where `half` says which, as far apart as for all of them (so that both
    halves are asked of the same months of the year).
    """
    apart = step
    for closer in (step, 7, 5, 3, 1):
        apart = min(apart, closer)
        if len(windows(series, length, apart)) >= FEW:
            break
    return windows(series if half is None else series[half::2], length, apart)


def some(pairs: list[Window], most: int) -> list[Window]:
    """Return at most so many of the windows, at random (evenly they would be of the same months of
    the year in each series), in their order.
    """
    if len(pairs) <= most:
        return pairs
    chosen = np.sort(np.random.default_rng(7).choice(len(pairs), most, replace=False))
    return [pairs[int(at)] for at in chosen]


def targets(history: np.ndarray) -> np.ndarray:
    """Return what the mean of the next months must reach for each growth."""
    return np.asarray((1 + GROWTHS) * history[-AHEAD:].mean())


def met(history: np.ndarray, came: float) -> np.ndarray:
    """Return which targets were reached, 0 or 1; equal is reached, whatever the last digit."""
    return np.asarray(came >= targets(history) * (1 - 1e-12), dtype=float)


def independent(history: np.ndarray) -> Odds:
    """Return the odds of independent months around their mean."""
    n, spread = len(history), history.std(ddof=1)
    error = max(spread * np.sqrt(1 / AHEAD + 1 / n), 1e-9 * history.mean())
    return np.asarray(stats.t.sf((targets(history) - history.mean()) / error, n - 1))


def independent_plain(history: np.ndarray) -> Odds:
    """Return the odds of independent normal months with the history's mean and deviation taken as
    known: the form that is usually meant.
    """
    error = max(float(history.std(ddof=1)) / np.sqrt(AHEAD), 1e-9 * history.mean())
    return np.asarray(stats.norm.sf((targets(history) - history.mean()) / error))


def logs_of(history: np.ndarray) -> np.ndarray:
    """Return log months, the least of them a fiftieth of the mean."""
    return np.asarray(np.log(np.maximum(history, _FLOOR * history.mean())))


def random_walk(history: np.ndarray) -> Odds:
    """Return the odds of a random walk of the logarithm from the last month."""
    logs = logs_of(history)
    steps = np.diff(logs)
    weights = np.arange(AHEAD, 0, -1) / AHEAD
    error = max(float(np.sqrt(np.mean(steps**2) * np.sum(weights**2))), 1e-9)
    return np.asarray(stats.t.sf((np.log(targets(history)) - logs[-1]) / error, len(steps)))


def smoothing(history: np.ndarray) -> Odds:
    """Return the odds of exponential smoothing of the logarithm, its constant the one of the least
    squared error, the error shrunk toward 20 % by four months.
    """
    logs, best = logs_of(history), None
    for alpha in _ALPHAS:
        level = float(logs[0] if len(logs) <= AHEAD else logs[:AHEAD].mean())
        squares = 0.0
        for value in logs[1:]:
            off = float(value) - level
            squares, level = squares + off * off, level + alpha * off
        if best is None or squares < best[0]:
            best = (squares, level, alpha)
    assert best is not None
    squares, level, alpha = best
    count = len(logs) - 1
    variance = (squares + _USUAL_MONTHS * _USUAL_VARIANCE) / (count + _USUAL_MONTHS)
    weights = (1 + alpha * np.arange(AHEAD - 1, -1, -1)) / AHEAD
    error = float(np.sqrt(variance * np.square(weights).sum()))
    return np.asarray(stats.t.sf((np.log(targets(history)) - level) / error, count + _USUAL_MONTHS))


def same_months_last_year(history: np.ndarray) -> Odds:
    """Return the odds of the same three months a year ago, their error from a year of differences
    (from month to month where there is no second year).
    """
    logs = logs_of(history)
    mean = np.log(np.exp(logs[-12 : -12 + AHEAD]).mean())
    if len(logs) >= 24:
        steps = logs[12:] - logs[:-12]
        error = np.sqrt(steps.mean() ** 2 + steps.var() / AHEAD)
    else:
        error = np.sqrt(np.mean(np.diff(logs) ** 2) / AHEAD)
    return np.asarray(stats.t.sf((np.log(targets(history)) - mean) / max(float(error), 1e-9), 5))


PLAIN: dict[str, Callable[[np.ndarray], Odds]] = {
    "random walk": random_walk,
    "independent, plain": independent_plain,
    "independent months": independent,
    "smoothing": smoothing,
}


def rivals(every: Sequence[Window], truth: np.ndarray) -> dict[str, np.ndarray]:
    """Return the odds of all plain rivals on windows of one length, by name.

    Args:
        every: the windows.
        truth: what was met, shape (windows, targets). "average frequency" is read off it: how often
            the ratio of next to last reached the target in this very file, which no one knows
            beforehand, so a strong rival.
    """
    found = {"average frequency": np.broadcast_to(truth.mean(axis=0), truth.shape)}
    found |= {
        name: np.array([rival(history) for history, _ in every]) for name, rival in PLAIN.items()
    }
    if len(every[0][0]) >= 12:
        found["same months last year"] = np.array(
            [same_months_last_year(history) for history, _ in every]
        )
    return found


def brier(odds: np.ndarray, came: np.ndarray) -> float:
    """Return the mean squared difference of odds and what happened (Brier 1950)."""
    return float(np.square(odds - came).mean())


def _binned(odds: np.ndarray) -> np.ndarray:
    return np.clip((odds * BINS).astype(int), 0, BINS - 1)


def calibration_error(odds: np.ndarray, came: np.ndarray) -> float:
    """Return the mean gap between stated and observed frequency over ten bins, weighted by their
    size.
    """
    which = _binned(odds)
    return float(sum(abs((odds - came)[which == b].sum()) for b in range(BINS)) / odds.size)


def error_by_chance(odds: np.ndarray) -> float:
    """Return the mean calibration error that true odds would show: what happened drawn from the
    odds themselves, one uniform number a window. A lower bound, for windows of one series, or of
    the same months, depend on each other.
    """
    generator = np.random.default_rng(1)
    return float(
        np.mean(
            [
                calibration_error(odds, (odds >= generator.random((len(odds), 1))).astype(float))
                for _ in range(CHANCE_DRAWS)
            ]
        )
    )


def over_confidence(odds: np.ndarray, came: np.ndarray) -> float:
    """Return by how much the worst of ten bins with 200 cases was too sure: said above one half and
    came less often, or said below and came more often.
    """
    which, worst = _binned(odds), 0.0
    for one in range(BINS):
        mine = which == one
        if mine.sum() >= BIN_FEWEST:
            said, happened = float(odds[mine].mean()), float(came[mine].mean())
            worst = max(worst, said - happened if said > 0.5 else happened - said)
    return worst
