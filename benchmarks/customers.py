"""One million transactions to a BG/NBD fit: ours against the lifetimes package, on the same data,
in one run.

Customers live by the model itself, so both must find the parameters they were made from. Timed is
the way from a table of (customer, date, amount) to the fitted parameters; for lifetimes its own
summary and fit.
"""

import datetime as dt
import statistics
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd

from benchmarks._goals import finish, report
from funnel_sim.evidence.orders import bgnbd
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.evidence.orders.transactions import transactions

TRUTH = {"r": 0.6, "alpha": 8.0, "a": 0.9, "b": 3.0}  # weeks
WEEKS = 78
ROUNDS = 3


def make(seed: int = 1) -> pd.DataFrame:
    """Return about a million orders of customers who first bought in the first 26 weeks."""
    generator = np.random.default_rng(seed)
    count = 286_000
    pace = generator.gamma(TRUTH["r"], 1 / TRUTH["alpha"], count)
    stop = generator.beta(TRUTH["a"], TRUTH["b"], count)
    day = generator.integers(0, 26 * 7, count).astype(float)
    rows = [pd.DataFrame({"customer": np.arange(count), "day": day})]
    alive = np.ones(count, dtype=bool)
    while alive.any():
        alive &= generator.random(count) >= stop if len(rows) > 1 else True
        day = day + np.where(alive, generator.exponential(1, count) / pace * 7, 0)
        alive &= day < WEEKS * 7
        if alive.any():
            rows.append(pd.DataFrame({"customer": np.flatnonzero(alive), "day": day[alive]}))
    out = pd.concat(rows, ignore_index=True)
    dates = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.floor(out.day), unit="D")
    return pd.DataFrame(
        {
            "customer": out.customer.astype(str),
            "date": dates.dt.strftime("%Y-%m-%d"),
            "amount": "10.00",
        }
    )


UNTIL = dt.date(2024, 1, 1) + dt.timedelta(days=WEEKS * 7)


def ours(orders: pd.DataFrame) -> tuple[dict[str, float], float]:
    """Return our fit, in weeks, and the seconds of the fit alone."""
    found = transactions(Table("orders", tuple(orders.columns), orders), UNTIL)
    histories = found.histories()
    began = time.perf_counter()
    fitted = bgnbd.fit(*histories)
    return dict(zip(fitted.names, fitted.values, strict=True)), time.perf_counter() - began


def theirs(orders: pd.DataFrame) -> tuple[dict[str, float], float]:
    """Return the fit of lifetimes, in weeks, and the seconds of the fit alone."""
    from lifetimes import BetaGeoFitter
    from lifetimes.utils import summary_data_from_transaction_data

    summary = summary_data_from_transaction_data(
        orders, "customer", "date", observation_period_end=UNTIL.isoformat(), freq="D"
    )
    fitter = BetaGeoFitter()
    began = time.perf_counter()
    fitter.fit(summary["frequency"], summary["recency"] / 7, summary["T"] / 7)
    return {name: float(fitter.params_[name]) for name in TRUTH}, time.perf_counter() - began


def main() -> None:
    """Measure and report."""
    warnings.simplefilter("ignore")
    orders = make()
    times: dict[str, list[float]] = {"ours": [], "lifetimes": []}
    alone: dict[str, list[float]] = {"ours": [], "lifetimes": []}
    found: dict[str, dict[str, float]] = {}
    for _ in range(ROUNDS):
        for name, fit in (("ours", ours), ("lifetimes", theirs)):
            began = time.perf_counter()
            found[name], took = fit(orders)
            times[name].append(time.perf_counter() - began)
            alone[name].append(took)
    mine, other = (statistics.median(times[name]) for name in ("ours", "lifetimes"))
    fits = {name: statistics.median(part) for name, part in alone.items()}
    sys.stdout.write(
        f"{len(orders)} transactions of {orders.customer.nunique()} customers: ours {mine:.2f} s,"
        f" lifetimes {other:.2f} s\n"
    )
    for name, value in TRUTH.items():
        sys.stdout.write(
            f"  {name}: made from {value:g}, ours {found['ours'][name]:.3f}, lifetimes"
            f" {found['lifetimes'][name]:.3f}\n"
        )
    finish(
        [
            report(
                "a million transactions, the fit alone, ours against lifetimes",
                fits["ours"] / fits["lifetimes"],
                0.2,
            ),
            report("from the table to the fit, ours against lifetimes", mine / other, 0.2),
        ]
    )


if __name__ == "__main__":
    main()
