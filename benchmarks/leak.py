"""Is the broken step found, and is an unchanged store left alone?

`python benchmarks/leak.py`: made-up stores of six to twelve months whose days differ by more than
counting; in half of them one step is 30 % worse in the last months (returns: 43 % more). Those
months hold the visits that the answer itself calls enough for that store. Beside ours: a
two-proportion z-test of each step at 5 %, as most dashboards' alerts do. Then stores whose weak
months come back every year.
"""

import argparse
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from scipy import stats

from benchmarks._goals import finish, report
from funnel_sim.decisions.review.step_rates import (
    RISING,
    Rate,
    chance_of,
    enough_of,
    holm,
    spread_of,
)
from funnel_sim.reference.review import settings

# rates of a usual small store: clicks of impressions, carts of visits, orders of carts, paid of
# placed, repeat of paid, returned of paid
STEPS = {
    "ctr": 0.02,
    "cart": 0.09,
    "checkout": 0.35,
    "paid": 0.93,
    "repeat": 0.2,
    "returned": 0.06,
}
BROKEN = ("ctr", "cart", "checkout", "paid", "repeat", "returned")
WORSE = 0.7
DAYS = 30
SHOWN = 400_000
SEASON_COUNTS = 50_000


def month(rng: np.random.Generator, rate: float, out_of: int, spread: float, days: float) -> int:
    """Return how many of so many in a month whose rate, and whose days' rates, differ by chance."""
    of_month = rate * math.exp(rng.normal(-(spread**2) / 2, spread))
    each = rng.multinomial(out_of, np.full(DAYS, 1 / DAYS))
    rates = np.clip(of_month * np.exp(rng.normal(-(days**2) / 2, days, DAYS)), 0.0, 1.0)
    return int(rng.binomial(each, rates).sum())


def store(
    rng: np.random.Generator,
    sizes: list[int],
    broken: str,
    last: int,
    spread: float,
    days: float,
) -> dict[str, Rate]:
    """Return the counts of a made-up store with so many impressions a month; one step is broken in
    the last ones.
    """
    rows: dict[str, list[tuple[int, int]]] = {name: [] for name in STEPS}
    for place, impressions in enumerate(sizes):
        counts = {"ctr": int(impressions * rng.lognormal(0, 0.15)), "cart": int(impressions * 0.04)}
        for name, rate in STEPS.items():
            out_of = counts[name]
            now = rate * (worse_of(name) if name == broken and place >= len(sizes) - last else 1.0)
            # a share near one differs in what it lacks
            made = (
                out_of - month(rng, 1 - now, out_of, spread, days)
                if rate > 0.5
                else month(rng, now, out_of, spread, days)
            )
            rows[name].append((made, out_of))
            following = {
                "cart": ["checkout"],
                "checkout": ["paid"],
                "paid": ["repeat", "returned"],
            }.get(name, [])
            counts.update(dict.fromkeys(following, made))
    out = {}
    for name, counted in rows.items():
        made, of = np.array(counted, dtype=float).T
        if (of > 0).all() and made[:-last].sum() > 0:
            out[name] = Rate(
                made[:-last], of[:-last], made[-last:], of[-last:], rising=name in RISING
            )
    return out


def worse_of(step: str) -> float:
    """Return what the rate of a broken step is multiplied by: 30 % less, or 1 / 0.7 where
    more is worse.
    """
    return 1.0 / WORSE if step in RISING else WORSE


def badness(name: str, rate: Rate) -> float:
    """Return how bad a step is, the less the worse."""
    ratio = rate.now / rate.baseline
    return 1.0 / ratio if name in RISING and ratio > 0 else ratio


def ours(rates: dict[str, Rate]) -> list[str]:
    """Return the steps called broken, the worst first."""
    prior, family = settings("leak")["prior_spread"], settings("leak")["family"]
    chances = [
        chance_of(rate, *spread_of(rate.base_of, rate.base_out_of, prior))
        for rate in rates.values()
    ]
    told = [
        (name, badness(name, rate))
        for (name, rate), chance in zip(rates.items(), holm(chances), strict=True)
        if chance <= family
    ]
    return [name for name, _ in sorted(told, key=lambda row: row[1])]


def plain(rates: dict[str, Rate]) -> list[str]:
    """Return the steps that a two-proportion z-test at 5 % calls broken."""
    out = []
    for name, rate in rates.items():
        n, m = float(rate.base_out_of.sum()), float(rate.now_out_of.sum())
        whole = float(rate.base_of.sum() + rate.now_of.sum()) / (n + m)
        error = math.sqrt(max(whole * (1 - whole) * (1 / n + 1 / m), 1e-18))
        z = (rate.now - rate.baseline) / error
        if stats.norm.cdf(-z if name in RISING else z) <= 0.05:
            out.append((name, badness(name, rate)))
    return [name for name, _ in sorted(out, key=lambda row: row[1])]


def enough(rates: dict[str, Rate], impressions: int) -> int:
    """Return the impressions a month at which every step has the counts that the answer calls
    enough; 0 where no number is.
    """
    prior = settings("leak")["prior_spread"]
    most = 0.0
    for rate in rates.values():
        counts = enough_of(rate, *spread_of(rate.base_of, rate.base_out_of, prior), len(rates))
        if counts is None:
            return 0
        most = max(most, impressions * counts / float(rate.base_out_of.mean()))
    return math.ceil(most)


def seasonal(rng: np.random.Generator, weak: float, last: int, broken: str) -> dict[str, Rate]:
    """Return the counts of a store of a year whose carts and checkouts are weaker in the calendar
    months looked at, then and a year ago; one step is broken in the last ones.
    """
    out = {}
    for name, rate in STEPS.items():
        made = []
        for place in range(12 + last):
            season = 1.0 - weak if name in ("cart", "checkout") and place % 12 < last else 1.0
            worse = worse_of(name) if name == broken and place >= 12 else 1.0
            share = rate * season * worse
            made.append(
                SEASON_COUNTS - month(rng, 1 - share, SEASON_COUNTS, 0.04, 0.3)
                if share > 0.5
                else month(rng, share, SEASON_COUNTS, 0.04, 0.3)
            )
        of, out_of = np.array(made, dtype=float), np.full(12 + last, float(SEASON_COUNTS))
        out[name] = Rate(
            of[:12], out_of[:12], of[12:], out_of[12:], of[:last], out_of[:last], name in RISING
        )
    return out


def seasons(rng: np.random.Generator, stores: int) -> list[bool]:
    """Measure stores whose weak months come back every year; return whether the goals are met."""
    results = []
    for weak, last in ((0.15, 1), (0.15, 3), (0.3, 1), (0.3, 3)):
        alarm = np.mean([bool(ours(seasonal(rng, weak, last, ""))) for _ in range(stores)])
        right = np.mean(
            [
                ours(seasonal(rng, weak, last, step))[:1] == [step]
                for place in range(stores)
                for step in [BROKEN[place % len(BROKEN)]]
            ]
        )
        sys.stdout.write(
            f"a year before, {last} looked at, these {weak:.0%} weaker every year:"
            f" named first {right:.3f}\n"
        )
        results.append(report("  false alarm", float(alarm), 0.05, unit=""))
    return results


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stores", type=int, default=400)
    options = parser.parse_args()
    rng = np.random.default_rng(7)
    results = []
    for months, last, spread, days in (
        (6, 1, 0.0, 0.0),
        (6, 1, 0.04, 0.2),
        (6, 3, 0.06, 0.3),
        (12, 3, 0.06, 0.5),
        (12, 3, 0.10, 0.3),
    ):
        right = dict.fromkeys(("ours", "z-test"), 0)
        alarm = dict.fromkeys(("ours", "z-test"), 0)
        asked, none = 0, 0
        shown: list[int] = []
        for place in range(options.stores):
            before = [SHOWN] * months
            probe = store(rng, before + [SHOWN] * last, "", last, spread, days)
            size = enough(probe, SHOWN)
            # an alarm is false at any store; only where some number is enough must a break be found
            none += not size
            asked += bool(size)
            shown += [size] if size else []
            target = BROKEN[place % len(BROKEN)]
            for kind, step in (("broken", target), ("same", "")):
                if kind == "broken" and not size:
                    continue
                sizes = [SHOWN] * months + [size or SHOWN] * last
                fresh = store(rng, sizes, step, last, spread, days)
                rates = {
                    name: Rate(
                        probe[name].base_of,
                        probe[name].base_out_of,
                        fresh[name].now_of,
                        fresh[name].now_out_of,
                        rising=name in RISING,
                    )
                    for name in fresh
                }
                for name, judge in (("ours", ours), ("z-test", plain)):
                    if kind == "broken":
                        right[name] += judge(rates)[:1] == [target]
                    else:
                        alarm[name] += bool(judge(rates))
        if not asked:
            sys.stdout.write(f"{months} months, spread {spread:.0%}: no number is enough\n")
            continue
        sys.stdout.write(
            f"{months} months before, {last} looked at, rates differ by {spread:.0%} a month and"
            f" {days:.0%} a day; enough: {int(np.median(shown)):,} impressions a month (none in"
            f" {none} of {options.stores})\n"
        )
        for name in right:
            sys.stdout.write(
                f"  {name:8} named first {right[name] / asked:.3f}"
                f"  any alarm in an unchanged store {alarm[name] / options.stores:.3f}\n"
            )
        results += [
            report("  named first", right["ours"] / asked, 0.9, unit="", at_most=False),
            report("  false alarm", alarm["ours"] / options.stores, 0.05, unit=""),
        ]
        sys.stdout.flush()
    finish(results + seasons(rng, options.stores))


if __name__ == "__main__":
    main()
