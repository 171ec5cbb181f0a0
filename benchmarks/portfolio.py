"""A portfolio: 100,000 rows against a ledger of the same rows written by hand in NumPy, and the
simulation of rows in two processes against one.

The hand-written loop goes block by block too, so that neither has the cache on its side, and knows
one store only: what a product for every store costs beside it is the ratio. It is held to the
portfolio's figures first. A process takes about 1.6 s to start; there are rows enough for that
not to decide. What two processes could at most gain here is measured beside it, with the same work
and without a portfolio's sums: where something else runs, or two cores are halves of one, it is
less than twice. Memory is held to be linear in rows, and a simulation's to grow far less than
they do.
"""

import multiprocessing
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._goals import finish, report
from funnel_sim.chance.portfolio import PortfolioJob, simulate_portfolio
from funnel_sim.chance.streams import plan_of
from funnel_sim.decisions.portfolio.products import products
from funnel_sim.model.ledger import LINE_KEYS
from funnel_sim.model.portfolio import portfolio_figures
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value

Array = NDArray[np.float64]
BASE, ROWS, BLOCK, ROUNDS = "amazon-de-kitchen", 100_000, 2048, 9
SIMULATED, PATHS = 2400, 4096
GOAL, FASTER = 3.0, 1.8
FEW_ROWS, FEW_SIMULATED, LINEAR, GROWS = 25_000, 64, 1.1, 1.5
KEYS = (*LINE_KEYS, "profit", "paid_orders")
VARIED = {
    "product.price": (15.0, 60.0),
    "product.unit_cost": (15.0, 90.0),
    "product.inbound_freight": (2.0, 12.0),
    "fulfilment.return_rate": (0.0, 0.25),
    "conversion.cvr": (0.03, 0.15),
    "channels.ads.cpc": (0.3, 1.2),
    "channels.ads.budget": (100.0, 3000.0),
}


def columns(count: int) -> dict[str, Array]:
    """Return the numbers of some rows by path."""
    chance = np.random.default_rng(1)
    return {path: chance.uniform(*ends, count) for path, ends in VARIED.items()}


def portfolio_of(numbers: dict[str, Array]) -> Portfolio:
    """Return the rows as a portfolio."""
    lists = {path: values.tolist() for path, values in numbers.items()}
    count = len(next(iter(lists.values())))
    return Portfolio(
        tuple(
            PortfolioRow(f"r{n}", BASE, {path: some[n] for path, some in lists.items()})
            for n in range(count)
        ),
        DATA_DATE,
    )


def by_hand(numbers: dict[str, Array]) -> dict[str, Array]:
    """Return the ledger of the steady month, written out for this store alone.

    Its fields that are 0 or 1 (discount, voucher, landing rate, chargebacks, diminishing returns)
    are left out, as whoever writes for one store would.
    """
    store = preset(BASE)

    def has(path: str) -> float:
        return float(point_value(store.get(path)))

    fx, tax = has("fx_rate"), has("tax.tax_rate")
    ship = has("product.units_per_shipment")
    impressions = has("channels.organic.impressions") * has("channels.organic.ctr")
    free = impressions * has("channels.organic.channel_cvr")
    rate = store.commission.tiers[0].rate
    out = {key: np.zeros(numbers["product.price"].size) for key in KEYS}
    for start in range(0, ROWS, BLOCK):
        part = slice(start, start + BLOCK)
        price, cost, inbound, back, cvr, cpc, budget = (values[part] for values in numbers.values())
        first = budget / cpc * cvr + free
        orders = first / (1.0 - has("customers.repeat_probability"))
        returned = orders * back
        net = price / (1.0 + tax)
        purchase, freight, packing = cost / fx, inbound / fx, has("product.packaging") / fx
        insurance = (purchase + freight) * has("tax.insurance_rate")
        duty = (purchase + freight + insurance) * has("tax.duty_rate")
        entry = has("tax.clearance_per_shipment") / ship + insurance
        landed = purchase + freight + duty + packing + entry
        fee = np.maximum(price * rate, has("commission.commission_minimum"))
        kept = np.minimum(
            fee * has("commission.refund_kept_rate"), has("commission.refund_kept_cap")
        )
        book = {
            "gross_sales": orders * net,
            "refunds": -returned * net,
            "goods_purchase": -orders * purchase,
            "goods_freight": -orders * freight,
            "goods_duty": -orders * duty,
            "goods_entry": -orders * entry,
            "goods_packaging": -orders * packing,
            "goods_recovered": returned * has("fulfilment.resellable_share") * landed,
            "fulfilment": -orders * has("fulfilment.fulfilment_per_unit"),
            "storage": -orders
            * (has("fulfilment.storage_per_unit_month") * has("fulfilment.months_in_storage")),
            "returns_handling": -returned * has("fulfilment.return_handling"),
            "commission": -orders * fee + returned * (fee - kept),
        }
        paid_out = (
            sum(
                book[key]
                for key in ("gross_sales", "refunds", "fulfilment", "storage", "returns_handling")
            )
            + book["commission"]
        )
        book["fx_cost"] = -np.maximum(paid_out, 0.0) * has("payment.fx_spread")
        book["ads"] = -budget
        profit = sum(book.values())
        for key, value in book.items():
            out[key][part] = value
        fixed = {
            "compliance": -has("fixed.compliance_monthly") / fx,
            "saas": -has("fixed.saas_monthly") / fx - has("fixed.platform_monthly"),
        }
        for key, amount in fixed.items():
            out[key][part] = amount
        out["profit"][part] = profit + sum(fixed.values())
        out["paid_orders"][part] = orders
    return out


def took(work: Callable[[], Any]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak(work: Callable[[], Any]) -> int:
    """Return the bytes that something holds at most at one time."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def ledger_of(count: int) -> None:
    """Make that many rows and work out their ledger."""
    portfolio_figures(portfolio_of(columns(count)), KEYS)


def some_blocks(job: PortfolioJob) -> float:
    """Return the seconds that the blocks of a small job take, in this process."""
    return took(lambda: [job.block(number) for number in range(job.blocks)])


def possible() -> float:
    """Return how many times as much two processes do as one here, of the same work."""
    few = portfolio_of(columns(8 * FEW_SIMULATED))
    job = PortfolioJob(few, plan_of(PATHS, 1), 0.3)
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(some_blocks, [job, job]))  # both are started, and everything is loaded
        alone = pool.submit(some_blocks, job).result()
        both = took(lambda: list(pool.map(some_blocks, [job, job])))
    return 2 * alone / both


def main() -> None:
    """Measure and report."""
    numbers = columns(ROWS)
    checked = took(lambda: portfolio_of(numbers))
    portfolio = portfolio_of(numbers)
    grouped = took(lambda: portfolio.groups)
    ours, hand = portfolio_figures(portfolio, KEYS), by_hand(numbers)
    apart = max(float(np.max(np.abs(ours[key] - hand[key]))) for key in KEYS)
    times: dict[str, list[float]] = {"by hand": [], "portfolio": []}
    for _ in range(ROUNDS):
        times["by hand"].append(took(lambda: by_hand(numbers)))
        times["portfolio"].append(took(lambda: portfolio_figures(portfolio, KEYS)))
    middle = {name: statistics.median(many) for name, many in times.items()}
    told = took(lambda: products(portfolio))
    sys.stdout.write(
        f"{ROWS:,} rows: made and checked {checked:.2f} s, grouped {grouped:.2f} s, ledger"
        f" {middle['portfolio']:.3f} s, by hand {middle['by hand']:.3f} s, with every loss maker's"
        f" turning values {told:.2f} s\n"
    )
    few = portfolio_of({path: values[:SIMULATED] for path, values in numbers.items()})
    one = took(lambda: simulate_portfolio(few, PATHS))
    two = took(lambda: simulate_portfolio(few, PATHS, workers_used=2))
    most = possible()
    sys.stdout.write(
        f"{SIMULATED} rows × {PATHS:,} futures: {one:.1f} s in one process, {two:.1f} s in two,"
        f" {one / two:.2f} times as fast; this machine lets two processes do {most:.2f} times as"
        " much as one\n"
    )
    held = {count: peak(lambda n=count: ledger_of(n)) for count in (FEW_ROWS, ROWS)}
    less, more = (
        portfolio_of({path: values[:count] for path, values in numbers.items()})
        for count in (FEW_SIMULATED, 4 * FEW_SIMULATED)
    )
    drawn = [peak(lambda rows=one: simulate_portfolio(rows, PATHS)) for one in (less, more)]
    sys.stdout.write(
        f"memory: {held[ROWS] / 1e6:.0f} MB for {ROWS:,} rows and their ledger,"
        f" {drawn[1] / 1e6:.0f} MB for the simulation of {4 * FEW_SIMULATED}\n"
    )
    finish(
        [
            report("figures apart from those by hand", apart, 1e-9, unit="EUR"),
            report(
                "the ledger of a portfolio against one by hand",
                middle["portfolio"] / middle["by hand"],
                GOAL,
            ),
            report(
                "memory a row, 100,000 rows against 25,000",
                held[ROWS] / ROWS / (held[FEW_ROWS] / FEW_ROWS),
                LINEAR,
            ),
            report("memory of a simulation, 256 rows against 64", drawn[1] / drawn[0], GROWS),
            report("one process against two", one / two, FASTER, at_most=False),
        ]
    )


if __name__ == "__main__":
    main()
