"""A file of a million order lines: reading it as a table, as orders and as a history, against the
plain read of the same bytes by pyarrow (two threads), pandas and, where it is installed, polars.

The plain reads guess types and know nothing of what the cells mean. Times are processor seconds of
all threads, the least of some rounds in which each is run once after the other, so that what else
the machine does weighs on all alike; wall seconds are printed beside them. Memory is measured each
in a process of its own: what it takes at the most while it reads the file from disk, less what it
took before, against the size of the file.
"""

import argparse
import gc
import io
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd
import pyarrow.csv

from benchmarks._goals import finish, report
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables.tables import load_table, read_table

ROWS = 1_000_000
ROUNDS = 5
TIMES, MEMORY = 2.0, 4.0  # of the issue about files
_FEW = (
    b"Order ID,Buyer Username,Order Date,Quantity,Unit Price,Order Status,Currency,Note\n"
    b"1,u1,2026-01-05 10:20:30,1,5.50,Completed,USD,thank you\n"
)


def made(rows: int) -> bytes:
    """Return a file as a shop's back office writes it: two lines an order, prices, states, a
    currency, a note.
    """
    chance = np.random.default_rng(1)
    seconds = chance.integers(0, 365 * 24 * 3600, rows // 2).repeat(2)
    day = pd.Timestamp("2025-01-01") + pd.to_timedelta(seconds, unit="s")
    buyer = chance.integers(0, 80_000, rows // 2).repeat(2)
    return (
        pd.DataFrame(
            {
                "Order ID": np.arange(len(day)) // 2 + 10**9,
                "Buyer Username": [f"u{one}" for one in buyer],
                "Order Date": day.strftime("%Y-%m-%d %H:%M:%S"),
                "Quantity": chance.integers(1, 5, len(day)),
                "Unit Price": np.round(chance.gamma(2, 20, len(day)), 2),
                "Order Status": (
                    chance.choice(
                        ["Completed", "Cancelled", "Shipped"], len(day) // 2, p=[0.8, 0.05, 0.15]
                    ).repeat(2)
                ),
                "Currency": "USD",
                "Note": "thank you",
            }
        )
        .to_csv(index=False)
        .encode()
    )


def times(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, tuple[float, float]]:
    """Return processor and wall seconds of each piece of work, the least of some rounds."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, run in work.items():
            gc.collect()
            processor, wall = time.process_time(), time.perf_counter()
            found = run()
            taken[name].append((time.process_time() - processor, time.perf_counter() - wall))
            del found
    return {
        name: (min(p for p, _ in some), min(w for _, w in some)) for name, some in taken.items()
    }


def resident() -> int:
    """Return the bytes that this process takes now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0


def taken_by(stage: str, path: str) -> float:
    """Return the most bytes that reading a file takes beyond what was taken before; the modules are
    loaded, and a file of one row read, beforehand.
    """
    history(read_table(_FEW, "x.csv"))
    before, most, done = resident(), [0], threading.Event()

    def look() -> None:
        while not done.wait(0.002):
            most[0] = max(most[0], resident())

    watch = threading.Thread(target=look)
    watch.start()
    if stage == "pyarrow":
        kept: object = pyarrow.csv.read_csv(path)
    else:
        table = load_table(path)
        kept = {"table": lambda: None, "orders": lambda: orders(table)}.get(
            stage, lambda: history(table)
        )()
    most[0] = max(most[0], resident())
    done.set()
    watch.join()
    del kept
    return float(most[0] - before)


def main() -> None:
    """Print seconds, memory and ratios, then whether the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="order lines of the file")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds, of which the least")
    parser.add_argument("--stage", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        sys.stdout.write(f"{taken_by(*options.stage)}\n")
        return
    content = made(options.rows)
    table = read_table(content, "orders.csv")
    work: dict[str, Callable[[], object]] = {
        "pyarrow": lambda: pyarrow.csv.read_csv(io.BytesIO(content)),
        "pandas": lambda: pd.read_csv(io.BytesIO(content)),
        "table": lambda: read_table(content, "orders.csv"),
        "orders": lambda: orders(table),
        "history": lambda: history(table),
    }
    try:
        import polars

        work["polars"] = lambda: polars.read_csv(content)
    except ImportError:
        pass
    taken = times(work, options.rounds)
    processor = {name: one for name, (one, _) in taken.items()}
    print(f"{options.rows:,} rows, {len(content) / 1e6:.1f} MB; processor (wall) seconds: ", end="")
    print(", ".join(f"{name} {one:.3f} ({wall:.3f})" for name, (one, wall) in taken.items()))
    met = []
    for plain in ("pyarrow", "pandas", "polars"):
        for name, stages in (
            ("table", ("table",)),
            ("table and orders", ("table", "orders")),
            ("table and history", ("table", "history")),
        ):
            if plain in processor:
                ratio = sum(processor[one] for one in stages) / processor[plain]
                met.append(report(f"{name} against {plain}'s plain read", ratio, TIMES))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_bytes(content)
        for stage in ("pyarrow", "table", "orders", "history"):
            command = [sys.executable, __file__, "--stage", stage, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            ratio = float(done.stdout) / len(content)
            if stage == "pyarrow":
                print(f"memory of pyarrow's plain read: {ratio:.1f} × the file")
            else:
                met.append(report(f"memory up to the {stage} against the file", ratio, MEMORY))
    finish(met)


if __name__ == "__main__":
    main()
