"""Fit the weights of data/month_models.csv to real monthly series: `python
scripts/fit_month_models.py --series FILE [--half 0|1]`.

FILE has a heading `series,kind,values`, the values of a series separated by spaces. Weights
minimise the Brier score of the question that the product answers (does the mean of the next three
months reach (1 + g) × the mean of the last three, g from -20 % to +40 %?) over windows of all
series: one set for histories of 3 months, one for 6, 12 and 24 together. They are drawn toward
those that maximise the log score of that mean, and those toward the plain likelihood of 24 months.
"""

import argparse
import csv
import datetime as dt
import itertools
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp, ndtr

sys.path.insert(0, str(Path(__file__).parent.parent))
from funnel_sim.evidence.store.outlook import MonthModels, Structure, predictive
from funnel_sim.words import Words

LENGTHS = (3, 6, 12, 24)
STEP = 7
MEMORIES = [
    (1.0, 0.0, 1.0),
    (0.98, 0.9, 0.1),
    (0.9, 0.3, 0.7),
    (0.9, 0.6, 0.4),
    (0.9, 0.9, 0.1),
    (0.7, 0.5, 0.5),
    (0.7, 0.9, 0.1),
    (0.4, 0.7, 0.3),
    (1.0, 0.05, 1.0),
    (1.0, 0.3, 1.0),
    (1.0, 3.0, 1.0),
]
SEASONS = (0.0, 0.5, 3.0)
DRIFTS = (0.0, 0.01)
SCALES = np.geomspace(0.015, 1.0, 11)
DRAWN_TO = 1e-3
BRIER_DRAWN_TO = 2e-6
LEAST_WEIGHT = 2e-5
FLOOR = 0.02


GROWTHS = np.arange(-0.20, 0.401, 0.1)
Part = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def series(file: Path) -> list[np.ndarray]:
    """Return the series of a file."""
    with file.open(encoding="utf-8") as text:
        return [np.array([float(v) for v in row["values"].split()]) for row in csv.DictReader(text)]


def windows(every: list[np.ndarray], length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return histories of one length, and the mean of the three months that followed each."""
    pairs = [
        (one[t - length : t], one[t : t + 3].mean())
        for one in every
        for t in range(max(LENGTHS), len(one) - 2, STEP)
    ]
    pairs = [(h, f) for h, f in pairs if h.mean() > 0]
    return np.array([h for h, _ in pairs]), np.array([f for _, f in pairs])


def scores(every: list[np.ndarray], length: int, models: MonthModels) -> Part:
    """Return log likelihoods of the histories and log densities of what came, shape (windows,
    structures); odds of each target by each structure; what was met.
    """
    histories, came = windows(every, length)
    likelihood, mean, covariance = predictive(histories, 3, models)
    floor = FLOOR * histories.mean(axis=1)
    level = np.log(np.maximum(histories, floor[:, None])).mean(axis=1)
    target = np.log(np.maximum(came, floor)) - level
    variance = covariance.mean(axis=(1, 2))
    centre = (
        mean.mean(axis=2) + (np.einsum("kaa->k", covariance) / 3 - variance) / 2
    )  # the mean of months lies above the exponential of their mean log
    density = -0.5 * np.square(target[:, None] - centre) / variance - 0.5 * np.log(
        2 * np.pi * variance
    )
    last = histories[:, -3:].mean(axis=1)
    with np.errstate(divide="ignore"):
        limits = np.log(np.maximum((1 + GROWTHS) * last[:, None], 1e-300)) - level[:, None]
    odds = ndtr((centre[:, None, :] - limits[:, :, None]) / np.sqrt(variance)).astype(np.float32)
    met = came[:, None] >= (1 + GROWTHS) * last[:, None]
    return likelihood, density, odds, met.astype(np.float32)


def plain(likelihood: np.ndarray, rounds: int = 60) -> np.ndarray:
    """Return the weights that maximise the likelihood of the histories (EM)."""
    weight = np.full(likelihood.shape[1], 1 / likelihood.shape[1])
    for _ in range(rounds):
        share = likelihood + np.log(weight + 1e-300)
        weight = np.exp(share - logsumexp(share, axis=1, keepdims=True)).mean(axis=0)
    return weight


def by_log_score(parts: list[Part], start: np.ndarray) -> np.ndarray:
    """Return the weights that maximise the log score of what came; a little of a uniform score is
    mixed in, so that one wild month does not decide.
    """
    x0 = np.log(start + 1e-6)
    count = sum(len(likelihood) for likelihood, *_ in parts)

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        log_weight = x - logsumexp(x)
        value, slope = 0.0, np.zeros_like(x)
        for likelihood, density, *_ in parts:
            before, both = likelihood + log_weight, likelihood + density + log_weight
            a, b = logsumexp(before, axis=1), logsumexp(both, axis=1)
            score = np.logaddexp(b - a, np.log(1e-3))
            value -= score.sum()
            believed = np.exp(b - a - score)[:, None]
            slope -= ((np.exp(both - b[:, None]) - np.exp(before - a[:, None])) * believed).sum(
                axis=0
            )
        slope = slope - np.exp(log_weight) * slope.sum()
        return (
            value / count + DRAWN_TO * np.square(x - x0).mean(),
            slope / count + 2 * DRAWN_TO * (x - x0) / x.size,
        )

    x = minimize(loss, x0, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
    return np.exp(x - logsumexp(x))


def by_brier(parts: list[Part], start: np.ndarray) -> np.ndarray:
    """Return the weights that minimise the Brier score of the odds."""
    x0 = np.log(start + 1e-6)
    count = sum(met.size for *_, met in parts)

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        log_weight = x - logsumexp(x)
        value, slope = 0.0, np.zeros_like(x)
        for likelihood, _, odds, met in parts:
            before = likelihood + log_weight
            share = np.exp(before - logsumexp(before, axis=1, keepdims=True)).astype(np.float32)
            mixed = np.einsum("igk,ik->ig", odds, share)
            off = mixed - met
            value += float(np.square(off).sum())
            pull = np.einsum("ig,igk->ik", 2 * off, odds)
            slope += (share * (pull - (share * pull).sum(axis=1, keepdims=True))).sum(axis=0)
        return (
            value / count + BRIER_DRAWN_TO * np.square(x - x0).mean(),
            slope / count + 2 * BRIER_DRAWN_TO * (x - x0) / x.size,
        )

    x = minimize(loss, x0, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
    return np.exp(x - logsumexp(x))


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--series", type=Path, required=True)
    parser.add_argument(
        "--half",
        type=int,
        choices=(0, 1),
        default=None,
        help="fit to every second series only, to try the others",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(__file__).parent.parent / "funnel_sim" / "data" / "month_models.csv",
    )
    options = parser.parse_args()
    every = series(options.series)
    if options.half is not None:
        every = every[options.half :: 2]
    structures = tuple(
        Structure(m, level, noise, season, drift, round(float(scale), 5))
        for (m, level, noise), season, drift, scale in itertools.product(
            MEMORIES, SEASONS, DRIFTS, SCALES
        )
    )
    flat = np.full(len(structures), 1 / len(structures))
    models = MonthModels(structures, flat, flat, Words("", ""))
    parts = {length: scores(every, length, models) for length in LENGTHS}
    start = plain(parts[24][0])
    short, long = (
        by_brier(chosen, by_log_score(chosen, start))
        for chosen in ([parts[3]], [parts[length] for length in (6, 12, 24)])
    )
    with options.out.open("w", encoding="utf-8", newline="") as file:
        file.write(
            f"# Weights fitted {dt.datetime.now(tz=dt.UTC).date()} to {len(every)} monthly series"
            " (micro and industry) of the M3 forecasting\n"
        )
        file.write(
            "# competition (Makridakis and Hibon 2000; R package Mcomp). Firms and industries of"
            " the 1980s and 1990s, not online stores: evidence measured, fit to stores WEAK.\n"
        )
        file.write(
            f"# zh: 权重于 {dt.datetime.now(tz=dt.UTC).date()} 由 M3 预测竞赛的 {len(every)}"
            " 条月度序列（微观与行业；Makridakis 与 Hibon 2000）拟合。它们是 1980–90"
            " 年代的企业和行业，不是网店：实测，但用于店铺证据较弱。\n"
        )
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["memory", "level", "noise", "season", "drift", "scale", "short", "long"])
        for one, a, b in zip(structures, short, long, strict=True):
            if max(a, b) >= LEAST_WEIGHT:
                out.writerow(
                    [
                        one.memory,
                        one.level,
                        one.noise,
                        one.season,
                        one.drift,
                        one.scale,
                        f"{a:.6f}",
                        f"{b:.6f}",
                    ]
                )


if __name__ == "__main__":
    main()
