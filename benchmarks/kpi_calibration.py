"""Are the odds calibrated?

`python benchmarks/kpi_calibration.py --series FILE`, FILE with a heading `series,kind,values`.

Given 3, 6, 12 or 24 months of history: the odds that the mean of the next three months reaches (1 +
g) × the mean of the last three, g from -20 % to +40 %, held against what happened. Beside ours:
always quoting the average frequency (of this very file: a strong rival), a random walk, independent
months around their mean (plain, and with the error of the mean by Student's t), and ETS of
statsmodels (the best of simple, damped trend and yearly season by AICc), all on the same windows.
"""

import argparse
import csv
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from scipy import stats

from benchmarks._goals import finish, report
from funnel_sim.evidence.store.outlook import outlook

LENGTHS = (3, 6, 12, 24)
GROWTHS = np.round(np.arange(-0.20, 0.401, 0.05), 2)
AHEAD = 3
FEW = 1000
Window = tuple[np.ndarray, float]
Odds = Callable[[np.ndarray], np.ndarray]


def read(file: Path) -> list[np.ndarray]:
    """Return the series of a file, each an array in time order; what is no number, or below zero,
    ends the file with a sentence.
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


def windows(series: list[np.ndarray], length: int, step: int) -> list[Window]:
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


def enough(series: list[np.ndarray], length: int, step: int) -> list[Window]:
    """Return windows at most `step` months apart, closer where there are fewer than a thousand."""
    found = windows(series, length, step)
    for closer in (7, 5, 3, 1):
        if len(found) < FEW and closer < step:
            found = windows(series, length, closer)
    return found


def targets(history: np.ndarray) -> np.ndarray:
    """Return what the mean of the next months must reach for each growth."""
    return np.asarray((1 + GROWTHS) * history[-AHEAD:].mean())


def ours(history: np.ndarray) -> np.ndarray:
    """Return the product's odds."""
    found = outlook(history, AHEAD)
    return np.array([found.odds(limit, 1, AHEAD) for limit in targets(history)])


def independent(history: np.ndarray) -> np.ndarray:
    """Return the odds of independent months around their mean."""
    n, spread = len(history), history.std(ddof=1)
    error = max(spread * np.sqrt(1 / AHEAD + 1 / n), 1e-9 * history.mean())
    return np.asarray(stats.t.sf((targets(history) - history.mean()) / error, n - 1))


def independent_plain(history: np.ndarray) -> np.ndarray:
    """Return the odds of independent normal months with the history's mean and deviation taken as
    known: the form that is usually meant.
    """
    error = max(float(history.std(ddof=1)) / np.sqrt(AHEAD), 1e-9 * history.mean())
    return np.asarray(stats.norm.sf((targets(history) - history.mean()) / error))


def _logs(history: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(np.maximum(history, 0.02 * history.mean())))


def random_walk(history: np.ndarray) -> np.ndarray:
    """Return the odds of a random walk of the logarithm from the last month."""
    logs = _logs(history)
    steps = np.diff(logs)
    weights = np.arange(AHEAD, 0, -1) / AHEAD
    error = max(float(np.sqrt(np.mean(steps**2) * np.sum(weights**2))), 1e-9)
    return np.asarray(stats.t.sf((np.log(targets(history)) - logs[-1]) / error, len(steps)))


def ets(history: np.ndarray) -> np.ndarray:
    """Return the odds of exponential smoothing (statsmodels), the best form by AICc."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    logs = _logs(history)
    forms: list[dict[str, object]] = [{}]
    if len(logs) >= 6:
        forms.append({"trend": "add", "damped_trend": True})
    if len(logs) >= 24:
        forms.append({"seasonal": "add", "seasonal_periods": 12})
    best = None
    for form in forms:
        try:
            found = ETSModel(logs, error="add", **form).fit(disp=False, maxiter=60)
        except Exception:  # a form that cannot be fitted is not in the running
            continue
        merit = found.aicc if np.isfinite(found.aicc) else found.aic
        if best is None or merit < best[0]:
            best = (merit, found)
    if best is None:
        return np.full(len(GROWTHS), 0.5)
    months = np.exp(np.asarray(best[1].simulate(AHEAD, anchor="end", repetitions=500, rng=1)))
    return np.array([(months.mean(axis=0) >= limit).mean() for limit in targets(history)])


def brier(odds: np.ndarray, came: np.ndarray) -> float:
    """Return the mean squared difference of odds and what happened (Brier 1950)."""
    return float(np.square(odds - came).mean())


def calibration_error(odds: np.ndarray, came: np.ndarray) -> float:
    """Return the mean gap between stated and observed frequency over ten bins, weighted by their
    size.
    """
    which = np.clip((odds * 10).astype(int), 0, 9)
    return float(sum(abs((odds - came)[which == b].sum()) for b in range(10)) / odds.size)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--series", type=Path, default=None, help="CSV with a heading series,kind,values"
    )
    parser.add_argument(
        "--step", type=int, default=11, help="months between two windows of a series"
    )
    options = parser.parse_args()
    if options.series is None:
        sys.stdout.write("left out: needs --series FILE with real monthly series\n")
        return
    warnings.simplefilter("ignore")
    results = []
    series = read(options.series)
    for length in LENGTHS:
        every = enough(series, length, options.step)
        if not every:
            sys.stdout.write(f"{length} months of history: no series is long enough\n")
            continue
        came = np.array([mean >= targets(history) for history, mean in every], dtype=float)
        rivals: dict[str, Odds] = {
            "random walk": random_walk,
            "independent, plain": independent_plain,
            "independent months": independent,
            "ETS (statsmodels)": ets,
        }
        found = {
            "ours": np.array([ours(history) for history, _ in every]),
            "average frequency": np.broadcast_to(came.mean(axis=0), came.shape),
        }
        found |= {
            name: np.array([rival(history) for history, _ in every])
            for name, rival in rivals.items()
        }
        sys.stdout.write(
            f"{length} months of history, {len(every)} windows × {len(GROWTHS)} targets\n"
        )
        for name, odds in found.items():
            sys.stdout.write(
                f"  {name:20} Brier {brier(odds, came):.4f}  calibration error"
                f" {calibration_error(odds, came):.4f}\n"
            )
        best = min(brier(odds, came) for name, odds in found.items() if name != "ours")
        results.append(
            report(
                f"{length} months: Brier, ours against the best other",
                brier(found["ours"], came) / best,
                0.95,
            )
        )
        results.append(
            report(
                f"{length} months: calibration error",
                calibration_error(found["ours"], came),
                0.03,
                unit="",
            )
        )
        sys.stdout.flush()
    finish(results)


if __name__ == "__main__":
    main()
