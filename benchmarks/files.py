"""A file of a million order lines: reading it as a table and as orders, against pandas' and
pyarrow's
plain read of the same bytes, in one run; and the memory that it takes against the size of the file.

The plain reads guess types and know nothing of what the cells mean; pandas' read as text is what a
table of text costs at the least.
"""

import gc
import io
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from benchmarks._goals import finish, report
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.tables.tables import read_table

ROWS = 1_000_000
ROUNDS = 3
TIMES, MEMORY = 2.0, 4.0  # of issue J


def made() -> bytes:
    """Return a file as a shop's back office writes it: two lines an order, prices, states, a
    currency, a note.
    """
    chance = np.random.default_rng(1)
    seconds = chance.integers(0, 365 * 24 * 3600, ROWS // 2).repeat(2)
    day = pd.Timestamp("2025-01-01") + pd.to_timedelta(seconds, unit="s")
    buyer = chance.integers(0, 80_000, ROWS // 2).repeat(2)
    return (
        pd.DataFrame(
            {
                "Order ID": np.arange(ROWS) // 2 + 10**9,
                "Buyer Username": [f"u{one}" for one in buyer],
                "Order Date": day.strftime("%Y-%m-%d %H:%M:%S"),
                "Quantity": chance.integers(1, 5, ROWS),
                "Unit Price": np.round(chance.gamma(2, 20, ROWS), 2),
                "Order Status": (
                    chance.choice(
                        ["Completed", "Cancelled", "Shipped"], ROWS // 2, p=[0.8, 0.05, 0.15]
                    ).repeat(2)
                ),
                "Currency": "USD",
                "Note": "thank you",
            }
        )
        .to_csv(index=False)
        .encode()
    )


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of a run, the quickest of some: what else the machine does only adds."""
    taken = []
    for _ in range(ROUNDS):
        gc.collect()
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def memory(work: Callable[[], object]) -> tuple[float, float]:
    """Return the most bytes held at a time, and what is left of them: of Python and NumPy plus of
    Arrow, which is looked at every two milliseconds.
    """
    gc.collect()
    before = pa.total_allocated_bytes()
    seen, done = [0], threading.Event()

    def look() -> None:
        while not done.wait(0.002):
            seen[0] = max(seen[0], pa.total_allocated_bytes() - before)

    watch = threading.Thread(target=look)
    tracemalloc.start()
    watch.start()
    kept = work()
    done.set()
    watch.join()
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    arrow = pa.total_allocated_bytes() - before
    del kept
    return most + max(seen[0], arrow), held + arrow


def main() -> None:
    """Print seconds and ratios, then whether the goals are met."""
    content = made()
    text = seconds(lambda: pd.read_csv(io.BytesIO(content), dtype=str))
    typed = seconds(lambda: pd.read_csv(io.BytesIO(content)))
    arrow = seconds(lambda: pyarrow.csv.read_csv(io.BytesIO(content)))
    table = read_table(content, "orders.csv")
    reading = seconds(lambda: read_table(content, "orders.csv"))
    meaning = seconds(lambda: orders(table))
    most, held = memory(lambda: read_table(content, "orders.csv"))
    on_top, _ = memory(lambda: orders(table))
    print(
        f"{ROWS:,} rows, {len(content) / 1e6:.1f} MB: pandas as text {text:.2f} s, pandas"
        f" {typed:.2f} s, pyarrow {arrow:.2f} s; table {reading:.2f} s, orders {meaning:.2f} s"
        " on top"
    )
    print(
        f"memory of the table: {most / len(content):.1f} × the file at the most,"
        f" {held / len(content):.1f} × kept"
    )
    met = [
        report("table against pandas' read as text", reading / text, TIMES),
        report("table against pandas' plain read", reading / typed, TIMES),
        report("table against pyarrow's plain read", reading / arrow, TIMES),
        report("table and orders against pandas' plain read", (reading + meaning) / typed, TIMES),
        report("table and orders against pyarrow's plain read", (reading + meaning) / arrow, TIMES),
        report("memory of the table against the file", most / len(content), MEMORY),
        report("memory with its orders", (held + on_top) / len(content), MEMORY),
    ]
    finish(met)


if __name__ == "__main__":
    main()
