"""Cash: what a change of an input costs at 16,384 futures of twelve months, day by day, against an
empty page and against the simulation of the profit alone.

One Chromium for the empty page, its redraws and the simulations taken in turn, so that the
machine's mood falls on all alike. The redraw of the page itself is in redraw.py.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._goals import finish, report
from benchmarks.redraw import time_change
from funnel_sim.chance.cash import simulate_cash
from funnel_sim.chance.simulation import simulate
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from tests.browser.chromium import browser, free_port

PATHS, ROUNDS = 16_384, 9
GOAL = 5
_MONEY: dict[str, Any] = {
    "cash.opening_cash": 50_000.0,
    "cash.payout_basis": "delivery",
    "cash.delivery_days": 5.0,
    "cash.payout_delay_days": 7.0,
    "cash.payout_cycle": "fortnightly",
    "cash.reserve_rate": 0.1,
    "cash.reserve_days": 30.0,
    "cash.refund_days": 15,
    "cash.vat_months": 3,
    "cash.vat_due_days": 10,
    "cash.ads_billing": "monthly",
    "cash.ads_due_days": 20,
    "cash.deposit_rate": 0.3,
}
_GOODS: dict[str, Any] = {
    "cash.stocking": "periodic",
    "cash.order_every_days": 30,
    "cash.safety_days": 20,
    "cash.production_days": {"dist": "pert", "low": 15.0, "likely": 20.0, "high": 40.0},
    "cash.transit_days": {"dist": "pert", "low": 25.0, "likely": 35.0, "high": 60.0},
}


def cases() -> dict[str, Scenario]:
    """Return a store with neutral terms, with goods bought as sold, and with goods ordered ahead
    on drawn lead times, and the last with orders that need cash.
    """
    store = preset("amazon-de-kitchen")
    ahead = store.replace(_MONEY | _GOODS)
    return {
        "neutral": store,
        "as sold": store.replace(_MONEY),
        "ordered ahead": ahead,
        "cash limits orders": ahead.replace({"cash.orders_need_cash": True}),
    }


def took(work: Callable[[], object]) -> float:
    """Return the milliseconds that something takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Measure and report."""
    found = cases()
    port = free_port()
    page = str(Path(__file__).with_name("empty_page.py"))
    options = ["--server.address", "127.0.0.1", "--server.headless", "true"]
    options += ["--server.port", str(port), "--browser.gatherUsageStats", "false"]
    server = subprocess.Popen([sys.executable, "-m", "streamlit", "run", page, *options])
    times: dict[str, list[float]] = {name: [] for name in ("empty", "profit", *found)}
    try:
        with browser() as chromium:
            empty = chromium.new_page(viewport={"width": 1366, "height": 1400})
            for _ in range(50):
                try:
                    empty.goto(f"http://127.0.0.1:{port}/")
                    break
                except Exception:  # the server is still starting
                    time.sleep(0.2)
            empty.wait_for_selector("text=shown 1", timeout=60_000)
            for i in range(ROUNDS + 2):
                shown = (
                    "document.querySelector('[data-testid=stMarkdown]')?.textContent.includes('shown"
                    f" {i + 2}')"
                )
                now = {"empty": time_change(empty, "number", str(i + 2), shown, "spinbutton")}
                now["profit"] = took(lambda: simulate(found["neutral"], ["profit"], paths=PATHS))
                for name, store in found.items():
                    now[name] = took(lambda store=store: simulate_cash(store, paths=PATHS))
                if i >= 2:
                    for name, one in now.items():
                        times[name].append(one)
    finally:
        server.terminate()
        server.wait()
    middle = {name: statistics.median(many) for name, many in times.items()}
    told = ", ".join(f"{name} {one:.0f} ms" for name, one in middle.items())
    sys.stdout.write(f"{told} (medians of {ROUNDS})\n")
    for name in found:
        ratio = middle[name] / middle["profit"]
        sys.stdout.write(f"cash ({name}) against simulate(profit): {ratio:.2g} ×\n")
    finish(
        [
            report(f"cash, {name}, against an empty page", middle[name] / middle["empty"], GOAL)
            for name in found
        ]
    )


if __name__ == "__main__":
    main()
