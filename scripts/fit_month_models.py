"""Fit the weights of data/month_models.csv and data/month_models.toml to real monthly series:
`python scripts/fit_month_models.py --series FOLDER [--half 0|1] [--without SET] [--out FOLDER]`.

FOLDER holds files with a heading `series,kind,values`, the values of a series separated by spaces;
each file is a set. Which structures and chains there are is read from the data as it stands; their
weights, and how these lean on features of a history, are learnt anew: they minimise the Brier score
of the question that the product answers (does the mean of the next three months reach (1 + g) × the
mean of the last three, g from -20 % to +40 %?) over windows of all series, histories of 3, 6, 12
and 24 months. A cell (set × length) counts by the power SET_POWER of its number of series and in
units of the Brier score of the best plain rival; all weights are drawn toward none.

`--half` fits to every second series and `--without` leaves a set out, both to try what is learnt on
what was not seen: `benchmarks/kpi_calibration.py --models FOLDER`.
"""

import argparse
import csv
import datetime as dt
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammainc, logsumexp, ndtr, ndtri
from scipy.stats import qmc

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.plain_rivals import (
    AHEAD,
    GROWTHS,
    LENGTHS,
    Window,
    enough,
    met,
    rivals,
    series_of,
    some,
)
from funnel_sim.evidence.store.month_models import (
    ATTRIBUTES,
    FEATURES,
    TRUST,
    Chain,
    MonthModels,
    features,
    read_models,
)
from funnel_sim.evidence.store.months_given import roots
from funnel_sim.evidence.store.outlook import parts_of

DATA = Path(__file__).resolve().parents[1] / "funnel_sim" / "data"
MOST_WINDOWS = 300  # of a cell
SET_POWER = 0.3
DRAWN_WEIGHTS, DRAWN_GATE, DRAWN_TRUST = 3e-5, 5e-4, 1e-2
START_NEVER, START_TRUST = 2.0, -0.2
FIRST_ROUNDS, ROUNDS = 40, 120
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
NODE_WEIGHTS = NODE_WEIGHTS / NODE_WEIGHTS.sum()
FUTURES = ndtri(qmc.Sobol(AHEAD, scramble=True, rng=1).random(64).T)
NEAR, WIDTH, LEFT = 0.93, 0.03, 0.15
"""From which ratio to the best rival a cell counts whole, how gently, and what it counts below."""


@dataclass
class Cell:
    """What a set's windows of one length say of each structure: log likelihoods and odds of each
    target where months without sales tell nothing of the level (`open_…`, the odds by how many of
    the months ahead are open) and where they are small counts (`count_…`); the chains' log
    likelihoods and chances of so many open months; features; what was met; which structures apply.
    """

    open_likelihood: np.ndarray
    open_odds: np.ndarray
    count_likelihood: np.ndarray
    count_odds: np.ndarray
    chain_likelihood: np.ndarray
    open_months: np.ndarray
    x: np.ndarray
    met: np.ndarray
    which: np.ndarray
    best: float
    weight: float

    def half(self, which: int) -> "Cell":
        """Return the first or the second half of the windows, which lie in order of series."""
        middle = len(self.x) // 2
        rows = slice(0, middle) if which == 0 else slice(middle, None)
        names = (
            "open_likelihood", "open_odds", "count_likelihood", "count_odds", "chain_likelihood",
            "open_months", "x", "met",
        )  # fmt: skip
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


def open_months(chain: Chain, *, sold_last: bool) -> np.ndarray:
    """Return the chance that 0, 1, 2, 3 of the months ahead are open."""
    out = np.zeros(AHEAD + 1)
    states = {(sold_last, 0): 1.0}
    for _ in range(AHEAD):
        found: dict[tuple[bool, int], float] = {}
        for (sells, count), chance in states.items():
            shut = chain.closes if sells else 1.0 - chain.reopens
            found[False, count] = found.get((False, count), 0.0) + chance * shut
            found[True, count + 1] = found.get((True, count + 1), 0.0) + chance * (1 - shut)
        states = found
    for (_, count), chance in states.items():
        out[count] += chance
    return out


def odds_of(
    mean: np.ndarray, covariance: np.ndarray, limits: np.ndarray, unit: float | None
) -> np.ndarray:
    """Return the odds that the sum of 1, 2 or 3 months reaches each limit, shape (structures, 3,
    limits): the sum is taken as lognormal with the moments of its logarithm in 64 futures, and
    where months are counts of a unit as Poisson around that.
    """
    months = np.exp(mean[:, :, None] + roots(covariance) @ FUTURES)
    logs = np.log(np.cumsum(months, axis=1))
    centre, spread = logs.mean(axis=2), np.maximum(logs.std(axis=2), 1e-4)
    out = np.empty((len(mean), AHEAD, limits.size), np.float32)
    if unit is None:
        off = (centre[:, :, None] - np.log(limits)) / spread[:, :, None]
        return np.asarray(ndtr(off), np.float32)
    least, place = np.unique(np.ceil(limits / unit - 1e-9), return_inverse=True)
    rate = np.exp(np.clip(centre[:, :, None] + spread[:, :, None] * NODES, -12, 12)) / unit
    for at, count in enumerate(least):
        reached = gammainc(count, rate) @ NODE_WEIGHTS if count > 0 else np.ones(centre.shape)
        out[:, :, place == at] = reached[:, :, None]
    return out


def cell_of(pairs: Sequence[Window], models: MonthModels, best: float, weight: float) -> Cell:
    """Return what the structures say of the windows of a cell."""
    count, structures, targets = len(pairs), len(models.structures), GROWTHS.size
    open_likelihood = np.full((count, structures), -np.inf)
    count_likelihood = np.full((count, structures), -np.inf)
    open_odds = np.zeros((count, structures, AHEAD, targets), np.float32)
    count_odds = np.zeros((count, structures, targets), np.float32)
    chains = np.zeros((count, len(models.chains)))
    ahead = np.zeros((count, len(models.chains), AHEAD + 1))
    for row, (history, _) in enumerate(pairs):
        limits = (1 + GROWTHS) * history[-AHEAD:].sum()
        parts, unit = parts_of(history, AHEAD, models)
        for part in parts:
            odds = odds_of(
                part.given.mean + part.level,
                part.given.covariance,
                limits,
                unit if part.counted else None,
            )
            if part.may_close:
                open_likelihood[row, part.structures] = part.given.likelihood
                open_odds[row, part.structures] = odds
            else:
                count_likelihood[row, part.structures] = part.given.likelihood
                count_odds[row, part.structures] = odds[:, -1]
        sold = history > 0
        chains[row] = [one.log_likelihood(sold) for one in models.chains]
        ahead[row] = [open_months(one, sold_last=bool(sold[-1])) for one in models.chains]
    which = np.flatnonzero(
        np.isfinite(open_likelihood).any(0) | np.isfinite(count_likelihood).any(0)
    )
    return Cell(
        open_likelihood[:, which],
        open_odds[:, which],
        count_likelihood[:, which],
        count_odds[:, which],
        chains,
        ahead,
        np.array([features(history) for history, _ in pairs]),
        np.array([met(history, came) for history, came in pairs]),
        which,
        best,
        weight,
    )


@dataclass
class Weights:
    """All that is learnt, as one vector."""

    models: MonthModels

    @property
    def sizes(self) -> tuple[tuple[int, ...], ...]:
        """Shapes of the log weights, the gate of structures, of chains, and the trust."""
        x, chains = len(FEATURES), len(self.models.chains) + 1
        return (
            (len(self.models.structures),),
            (x, len(ATTRIBUTES)),
            (x + 1, chains),
            (x + 1,),
        )

    def parted(self, vector: np.ndarray) -> list[np.ndarray]:
        """Return the four parts of the vector."""
        ends = np.cumsum([int(np.prod(size)) for size in self.sizes])
        return [
            one.reshape(size)
            for one, size in zip(np.split(vector, ends[:-1]), self.sizes, strict=True)
        ]

    def joined(self, parts: Sequence[np.ndarray]) -> np.ndarray:
        """Return the vector of four parts."""
        return np.concatenate([one.ravel() for one in parts])

    def start(self) -> np.ndarray:
        """Return where the fit begins, and what it is drawn toward."""
        parts = [np.zeros(size) for size in self.sizes]
        parts[2][0, 0], parts[3][0] = START_NEVER, START_TRUST
        return self.joined(parts)

    def loss(self, vector: np.ndarray, cell: Cell) -> tuple[float, np.ndarray]:
        """Return the Brier score of a cell by its weight, and its gradient."""
        log_weight, gate, chain_gate, trust = self.parted(vector)
        own = self.models.attributes[cell.which]
        count = len(cell.x)
        one = np.concatenate([np.ones((count, 1)), cell.x], axis=1)
        lean = one @ trust
        power = np.exp(np.clip(lean, *TRUST))[:, None]
        prior = log_weight[cell.which] + (cell.x @ gate) @ own.T
        chains = one @ chain_gate
        shares = cell.chain_likelihood + chains[:, :-1]
        closing = logsumexp(shares, axis=1, keepdims=True)
        share = np.exp(shares - closing)
        months = np.einsum("nc,ncm->nm", share, cell.open_months)
        opened = prior + power * cell.open_likelihood + closing
        counts = prior + power * cell.count_likelihood + chains[:, -1:]
        most = np.maximum(opened.max(axis=1), counts.max(axis=1))[:, None]
        opened, counts = np.exp(opened - most), np.exp(counts - most)
        whole = opened.sum(axis=1, keepdims=True) + counts.sum(axis=1, keepdims=True)
        opened, counts = opened / whole, counts / whole
        single = np.float32
        by_structure = np.einsum(
            "nm,nkmg->nkg", months[:, 1:].astype(single), cell.open_odds, optimize=True
        )
        said = np.einsum(
            "nk,nkg->ng", opened.astype(single), by_structure, optimize=True
        ) + np.einsum("nk,nkg->ng", counts.astype(single), cell.count_odds, optimize=True)
        scale = cell.weight / cell.met.size
        off = said - cell.met
        value = scale * float(np.square(off).sum())
        pull = (2 * scale * off).astype(single)
        of_open = np.einsum("ng,nkg->nk", pull, by_structure, optimize=True)
        of_counts = np.einsum("ng,nkg->nk", pull, cell.count_odds, optimize=True)
        mean = ((opened * of_open) + (counts * of_counts)).sum(axis=1, keepdims=True)
        d_open, d_counts = opened * (of_open - mean), counts * (of_counts - mean)
        d_prior = d_open + d_counts
        d_weight = np.zeros(self.sizes[0])
        d_weight[cell.which] = d_prior.sum(axis=0)
        d_months = np.einsum(
            "nk,nkmg,ng->nm", opened.astype(single), cell.open_odds, pull, optimize=True
        )
        d_share = np.einsum("nm,ncm->nc", d_months, cell.open_months[:, :, 1:])
        d_chain = share * (d_share - (share * d_share).sum(axis=1, keepdims=True))
        d_chain = d_chain + share * d_open.sum(axis=1, keepdims=True)
        d_chain = np.concatenate([d_chain, d_counts.sum(axis=1, keepdims=True)], axis=1)
        likelihoods = [
            np.where(np.isfinite(one), one, 0.0)
            for one in (cell.open_likelihood, cell.count_likelihood)
        ]
        d_trust = (d_open * likelihoods[0] + d_counts * likelihoods[1]).sum(axis=1) * power[:, 0]
        d_trust = d_trust * ((lean > TRUST[0]) & (lean < TRUST[1]))
        slopes = [d_weight, cell.x.T @ (d_prior @ own), one.T @ d_chain, one.T @ d_trust]
        return value, self.joined(slopes)

    def fitted(self, cells: Sequence[Cell]) -> np.ndarray:
        """Return the vector that minimises the weighed Brier scores of all cells. Cells that are
        far better than any rival on series left out (each half fitted without the other) weigh
        less: what they could still gain is not needed.
        """
        ratios = np.zeros(len(cells))
        for of, other in ((0, 1), (1, 0)):
            found = self._least([cell.half(of) for cell in cells], self.start(), FIRST_ROUNDS)
            for place, cell in enumerate(cells):
                seen = replace(cell.half(other), weight=1.0)
                ratios[place] += self.loss(found, seen)[0] / cell.best / 2
        shares = [cell.weight * cell.best for cell in cells]
        shares = [
            share * (LEFT + 1.0 / (1.0 + np.exp(-(ratio - NEAR) / WIDTH)))
            for share, ratio in zip(shares, ratios, strict=True)
        ]
        for cell, share in zip(cells, shares, strict=True):
            cell.weight = share / sum(shares) / cell.best
        return self._least(cells, self.start(), ROUNDS)

    def _least(self, cells: Sequence[Cell], begin: np.ndarray, rounds: int) -> np.ndarray:
        start = self.start()
        drawn = self.joined(
            [
                np.full(size, strength)
                for size, strength in zip(
                    self.sizes,
                    (DRAWN_WEIGHTS, DRAWN_GATE, DRAWN_GATE, DRAWN_TRUST),
                    strict=True,
                )
            ]
        )

        def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
            away = vector - start
            value, slope = float((drawn * np.square(away)).sum()), 2 * drawn * away
            for cell in cells:
                more, by = self.loss(vector, cell)
                value, slope = value + more, slope + by
            return value, slope

        options = {"maxiter": rounds}
        found: Any = minimize(loss, begin, jac=True, method="L-BFGS-B", options=options)
        return np.asarray(found.x)


def write(
    folder: Path,
    models: MonthModels,
    vector: np.ndarray,
    cells: Sequence[Cell],
    sets: dict[str, int],
) -> None:
    """Write the two files."""
    log_weight, gate, chains, trust = Weights(models).parted(vector)
    names = ("memory", "level", "noise", "season", "drift", "scale", "momentum", "slope", "loose")
    with (folder / "month_models.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(
            "# Ways in which months may move (docs/decisions/0080); weights fitted by"
            " scripts/fit_month_models.py, see month_models.toml\n"
        )
        out = csv.writer(file, lineterminator="\n")
        out.writerow([*names, "shift", "counted", "log_weight"])
        for one, weight in zip(models.structures, log_weight, strict=True):
            row = [getattr(one, name) for name in names]
            out.writerow([*row, one.shift, int(one.counted), f"{weight:.4f}"])
    x = np.concatenate([cell.x for cell in cells])
    bounds = np.quantile(x, [0.005, 0.995], axis=0)
    told = tomllib.loads((DATA / "month_models.toml").read_text("utf-8"))
    today = dt.datetime.now(tz=dt.UTC).date()
    whole = ", ".join(f"{name} {count}" for name, count in sets.items())
    head = [
        "# Written by scripts/fit_month_models.py (docs/decisions/0080). How the weights of",
        "# data/month_models.csv lean on a history. Sets and their numbers of series:",
        f"# {whole}",
        f'as_of = "{today}"',
        f"series = {sum(sets.values())}",
        f'source_en = "{told["source_en"]}"',
        f'source_zh = "{told["source_zh"]}"',
        f"most_counted = {models.most_counted} # mean month up to which months are counts",
        f"least_logged = {models.least_logged} # mean month from which logarithms are tried too",
        f"longest_counted = {models.longest_counted} # months of a history of small counts",
        "# chance that a month without any sales follows one with sales; that sales come back",
        f"chains = {[[one.closes, one.reopens] for one in models.chains]}",
    ]

    def table(name: str, rows: Sequence[str], values: np.ndarray) -> list[str]:
        def told_of(row: np.ndarray) -> str:
            whole = ", ".join(f"{float(one):.4f}" for one in np.atleast_1d(row))
            return f"[{whole}]" if np.ndim(row) else whole

        return ["", f"[gate.{name}]"] + [
            f"{row} = {told_of(value)}" for row, value in zip(rows, values, strict=True)
        ]

    body = [
        *table("bounds", FEATURES, bounds.T),
        *table("structures", FEATURES, gate),
        *table("chains", ("base", *FEATURES), chains),
        *table("trust", ("base", *FEATURES), trust),
    ]
    text = "\n".join(head + body) + "\n"
    (folder / "month_models.toml").write_text(text, encoding="utf-8")


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--series", type=Path, required=True, help="folder of sets")
    parser.add_argument("--half", type=int, choices=(0, 1), default=None)
    parser.add_argument("--without", default="", help="a set to leave out")
    parser.add_argument("--out", type=Path, default=DATA)
    options = parser.parse_args()
    models = read_models(DATA)
    cells, sets = [], {}
    for file in sorted(options.series.glob("*.csv")):
        if file.stem == options.without:
            continue
        every = series_of(file)
        sets[file.stem] = len(every if options.half is None else every[options.half :: 2])
        for length in LENGTHS:
            pairs = enough(every, length, half=options.half)
            if not pairs:
                continue
            truth = np.array([met(history, came) for history, came in pairs])
            best = min(
                float(np.square(odds - truth).mean()) for odds in rivals(pairs, truth).values()
            )
            cells.append(
                cell_of(some(pairs, MOST_WINDOWS), models, best, sets[file.stem] ** SET_POWER)
            )
        sys.stdout.write(f"{file.stem}: {sets[file.stem]} series\n")
        sys.stdout.flush()
    whole = sum(cell.weight for cell in cells)
    for cell in cells:
        cell.weight /= whole * cell.best
    vector = Weights(models).fitted(cells)
    options.out.mkdir(parents=True, exist_ok=True)
    write(options.out, models, vector, cells, sets)


if __name__ == "__main__":
    main()
