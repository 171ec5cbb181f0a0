"""Is "it worked" said where nothing was done, and recognised where something was?

`python benchmarks/effect.py --series FILE`, FILE with a heading `series,kind,values`.

Given 3, 6, 12 or 24 months before a mark and the months after it: the effect of nothing, of +20 %
and of +40 %, put on top of what really came. "It worked" is a probability of an effect above
zero of 95 % or more. Beside ours, on the same windows: a structural time series as CausalImpact
takes it (local level, with a season from 24 months on; statsmodels), and the plain comparison of
before and after (Welch's t on logarithms). Whole numbers are taken as counts of orders.
"""

import importlib.util
import argparse
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from scipy import stats

from benchmarks._goals import finish, report
from benchmarks.kpi_calibration import read
from funnel_sim.decisions.review.effect import measured
from funnel_sim.errors import InputError

LENGTHS = (3, 6, 12, 24)
PUT_IN = (0.0, 0.2, 0.4)
TOLD = 0.95
Window = tuple[np.ndarray, np.ndarray, bool]
# of one window and one effect: low, middle, high of the effect, probability above zero, told
Answer = tuple[float, float, float, float, bool]


def windows(series: list[np.ndarray], length: int, after: int, most: int) -> list[Window]:
    """Return at most so many windows, drawn evenly over all series and places."""
    found = [
        (values, at)
        for values in series
        for at in range(length, len(values) - after + 1)
        if values[at - length : at].sum() > 0
        and values[max(0, at - 3) : at].sum() > 0
        and values[at : at + after].sum() > 0
    ]
    picks = np.random.default_rng(1).permutation(len(found))[:most]
    return [
        (
            found[i][0][found[i][1] - length : found[i][1]],
            found[i][0][found[i][1] : found[i][1] + after],
            bool((found[i][0] == np.round(found[i][0])).all()),
        )
        for i in sorted(picks)
    ]


def ours(before: np.ndarray, after: np.ndarray, counts: bool) -> list[Answer]:
    """Return the product's answer to each effect put in."""
    out = []
    for effect in PUT_IN:
        try:
            found = measured(
                before, after * (1 + effect), counts=1.0 if counts else None, look_ahead=False
            )
        except InputError:
            out.append((np.nan, np.nan, np.nan, 0.5, False))
            continue
        out.append((*found.whole, found.above_zero, found.verdict == "worked"))
    return out


def structural(before: np.ndarray, after: np.ndarray, counts: bool) -> list[Answer]:
    """Return the answer of a local level model of the logarithms (statsmodels)."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    logs = np.log(np.maximum(before, 0.02 * before.mean()))
    form = {"level": "local level"} | ({"seasonal": 12} if len(logs) >= 24 else {})
    try:
        found = UnobservedComponents(logs, **form).fit(disp=False, maxiter=80)
        drawn = found.simulate(
            len(after), anchor="end", repetitions=400, rng=np.random.default_rng(1)
        )
        alone = np.exp(np.clip(np.asarray(drawn).reshape(len(after), -1), -700, 700)).sum(axis=0)
    except (ValueError, np.linalg.LinAlgError):  # a form that cannot be fitted tells nothing
        return [(np.nan, np.nan, np.nan, 0.5, False)] * len(PUT_IN)
    out = []
    for effect in PUT_IN:
        relative = after.sum() * (1 + effect) / alone - 1
        low, middle, high = np.quantile(relative, (0.1, 0.5, 0.9))
        above = float((relative > 0).mean())
        out.append((low, middle, high, above, above >= TOLD))
    return out


def before_and_after(before: np.ndarray, after: np.ndarray, counts: bool) -> list[Answer]:
    """Return the answer of Welch's t on the logarithms of the months before and after."""
    out = []
    for effect in PUT_IN:
        one, two = (
            np.log(np.maximum(values, 0.02 * before.mean()))
            for values in (before, after * (1 + effect))
        )
        parts = one.var(ddof=1) / one.size, two.var(ddof=1) / two.size
        error = max(float(np.sqrt(sum(parts))), 1e-9)
        degrees = max(
            sum(parts) ** 2
            / max(parts[0] ** 2 / (one.size - 1) + parts[1] ** 2 / (two.size - 1), 1e-300),
            1.0,
        )
        gap = two.mean() - one.mean()
        width = stats.t.ppf(0.9, degrees) * error
        above = float(stats.t.cdf(gap / error, degrees))
        out.append((*np.expm1([gap - width, gap, gap + width]), above, above >= TOLD))
    return out


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=Path, nargs="+", default=None)
    parser.add_argument("--after", type=int, default=6, help="months since the mark")
    parser.add_argument("--most", type=int, default=400, help="windows of each length")
    parser.add_argument("--plain", action="store_true", help="leave the structural model out")
    options = parser.parse_args()
    if options.series is None:
        sys.stdout.write("left out: needs --series FILE with real monthly series\n")
        return
    warnings.simplefilter("ignore")
    rivals: dict[str, Callable[[np.ndarray, np.ndarray, bool], list[Answer]]] = {"ours": ours}
    if not options.plain:
        if importlib.util.find_spec("statsmodels"):
            rivals["structural (statsmodels)"] = structural
        else:
            sys.stdout.write("structural time series left out: statsmodels is not installed\n")
    rivals["before and after"] = before_and_after
    series = [values for file in options.series for values in read(file)]
    results = []
    for length in LENGTHS:
        every = windows(series, length, options.after, options.most)
        if not every:
            sys.stdout.write(f"{length} months before the mark: no series is long enough\n")
            continue
        sys.stdout.write(f"{length} months before, {options.after} after, {len(every)} windows\n")
        for name, rival in rivals.items():
            found = np.array([rival(*window) for window in every], dtype=float)
            nothing = found[:, 0]
            known = np.isfinite(nothing[:, 1])
            cover = ((nothing[:, 0] <= 0) & (nothing[:, 2] >= 0))[known].mean()
            told = found[:, :, 4].mean(axis=0)
            bias = [
                float(np.median(found[known, place, 1])) - effect
                for place, effect in enumerate(PUT_IN)
            ]
            sys.stdout.write(
                f"  {name:25} said of nothing {told[0]:.3f}  80 % interval covers {cover:.3f}"
                f"  recognised +20 % {told[1]:.2f}, +40 % {told[2]:.2f}"
                f"  bias {bias[0]:+.3f} {bias[1]:+.3f} {bias[2]:+.3f}\n"
            )
            if name == "ours":
                results += [
                    report(f"{length} months: said of nothing", told[0], 0.05, unit=""),
                    report(
                        f"{length} months: cover off 0.80", abs(float(cover) - 0.8), 0.05, unit=""
                    ),
                    report(
                        f"{length} months: bias of +40 % / effect", abs(bias[2]) / 0.4, 0.1, unit=""
                    ),
                ]
        sys.stdout.flush()
    finish(results)


if __name__ == "__main__":
    main()
