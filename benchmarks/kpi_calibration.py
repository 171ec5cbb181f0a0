"""Are the odds calibrated?

`python benchmarks/kpi_calibration.py --series FILE…`, each with a heading `series,kind,values` and
one set of series (or folders of such files).

Given 3, 6, 12 or 24 months of history: the odds that the mean of the next three months reaches (1 +
g) × the mean of the last three, g from -20 % to +40 %, held against what happened: Brier score
against the best plain rival (benchmarks/plain_rivals.py), mean gap of stated and observed frequency
(calibration error; "by chance" is what true odds would show on as many windows), and by how much
the worst bin of 200 cases was too sure. `--models FOLDER` takes weights that
scripts/fit_month_models.py wrote elsewhere (for series that were left out of them), `--half` every
second series, `--ets` adds ETS of statsmodels (the best of simple, damped trend and yearly season
by AICc; slow).
"""

import argparse
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks._goals import finish, report
from benchmarks.plain_rivals import (
    AHEAD,
    GROWTHS,
    LENGTHS,
    STEP,
    brier,
    calibration_error,
    enough,
    error_by_chance,
    logs_of,
    met,
    over_confidence,
    rivals,
    series_of,
    some,
    targets,
)
from funnel_sim.evidence.store.month_models import MonthModels, month_models, read_models
from funnel_sim.evidence.store.outlook import outlook

GOAL_RATIO, GOAL_ERROR, GOAL_OVER = 0.95, 0.03, 0.05


def ours(history: np.ndarray, models: MonthModels) -> np.ndarray:
    """Return the product's odds."""
    return np.array(outlook(history, AHEAD, models=models).odds_of(targets(history), 1, AHEAD))


def ets(history: np.ndarray) -> np.ndarray:
    """Return the odds of exponential smoothing (statsmodels), the best form by AICc."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    logs = logs_of(history)
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


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=Path, nargs="*", default=[], help="files or folders")
    parser.add_argument("--models", type=Path, default=None, help="folder of month_models.*")
    parser.add_argument("--half", type=int, choices=(0, 1), default=None)
    parser.add_argument("--step", type=int, default=STEP, help="months between two windows")
    parser.add_argument("--most", type=int, default=1_000_000, help="windows of a cell at most")
    parser.add_argument("--ets", action="store_true", help="ETS of statsmodels as a rival too")
    options = parser.parse_args()
    if not options.series:
        sys.stdout.write("left out: needs --series FILE… with real monthly series\n")
        return
    warnings.simplefilter("ignore")
    models = month_models() if options.models is None else read_models(options.models)
    files = [
        file
        for one in options.series
        for file in (sorted(one.glob("*.csv")) if one.is_dir() else [one])
    ]
    results, rows = [], []
    for file in files:
        series = series_of(file)
        for length in LENGTHS:
            every = some(enough(series, length, options.step, options.half), options.most)
            name = f"{file.stem}, {length} months"
            if not every:
                sys.stdout.write(f"{name}: no series is long enough\n")
                continue
            came = np.array([met(history, mean) for history, mean in every])
            found = rivals(every, came)
            if options.ets:
                found["ETS (statsmodels)"] = np.array([ets(history) for history, _ in every])
            best = min(found, key=lambda name: brier(found[name], came))
            odds = np.array([ours(history, models) for history, _ in every])
            sys.stdout.write(f"{name}: {len(every)} windows × {len(GROWTHS)} targets\n")
            for rival, said in {"ours": odds, **found}.items():
                sys.stdout.write(
                    f"  {rival:22} Brier {brier(said, came):.4f}  calibration error"
                    f" {calibration_error(said, came):.4f}  too sure by"
                    f" {over_confidence(said, came):.3f}\n"
                )
            scores = (
                brier(odds, came) / brier(found[best], came),
                calibration_error(odds, came),
                over_confidence(odds, came),
            )
            results += [
                report(f"{name}: Brier, ours against {best}", scores[0], GOAL_RATIO),
                report(f"{name}: calibration error", scores[1], GOAL_ERROR, unit=""),
                report(f"{name}: too sure in the worst bin", scores[2], GOAL_OVER, unit=""),
            ]
            rows.append((file.stem, length, len(every), best, *scores, error_by_chance(odds)))
            sys.stdout.flush()
    sys.stdout.write(
        "\nset | months | windows | best rival | Brier ratio | error | too sure | error by chance\n"
    )
    for row in rows:
        name, length, count, best, ratio, error, over, chance = row
        sys.stdout.write(
            f"{name} | {length} | {count} | {best} | {ratio:.3f} | {error:.3f} | {over:.3f}"
            f" | {chance:.3f}\n"
        )
    ratios = np.array([row[4:7] for row in rows])
    if len(ratios):
        goals = np.array([GOAL_RATIO, GOAL_ERROR, GOAL_OVER])
        sys.stdout.write(
            f"cells {len(ratios)}; of each goal met {(ratios <= goals).sum(axis=0).tolist()}, all"
            f" three {int((ratios <= goals).all(axis=1).sum())}; worse than the best rival"
            f" {int((ratios[:, 0] > 1).sum())}; mean ratio {ratios[:, 0].mean():.3f}\n"
        )
    finish(results)


if __name__ == "__main__":
    main()
