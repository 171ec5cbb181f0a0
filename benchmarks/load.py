"""Thirty users at once, each changing an input every five seconds for five minutes, on one process
and on two behind the proxy: errors, the 95th percentile of an answer beside that of one user,
memory, and the number of users at which each of the two saturates.

The users speak the app's own protocol over a websocket, as a browser does, without drawing: what is
measured is the server (and, with two processes, the proxy of deploy/). All of them run on this one
machine, the users too. `--minutes 1 --users 10 --steps 5,10` for a quick look.
"""

import argparse
import asyncio
import hashlib
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from benchmarks._goals import finish, report
from benchmarks.redraw import offered, promised
from funnel_sim.scenario.links import encode
from funnel_sim.ui.server.serve import start
from funnel_sim.ui.server.settings import Settings
from tests.browser.chromium import free_port
from tests.browser.proxy import proxied

PAUSE = 5.0
# each page, the scenario it opens with, the fold to open, and how the changed field's label begins
WORK = (
    ("unit-economics", "", "", "Price"),
    ("risk-and-odds", "", "", "Price"),
    ("my-shop", "", "", "Price"),
    ("cac-and-ltv", "", "", "LTV discount"),
    ("kpi-check", encode(promised(0.4)), "", "Target"),
    ("quote-test", encode(offered(20000.0)), "Quote 1", "Monthly base"),
)
SLOWER, GROWS = 3.0, 1.15


class User:
    """One tab: it opens a page, then changes the price again and again."""

    def __init__(self, port: int, number: int):
        self.port, self.number = port, number
        self.page, self.link, self.fold, self.label = WORK[number % len(WORK)]
        self.took: list[float] = []
        self.errors: list[str] = []
        self.box = self.folded = ""
        self.hash = ""
        self.cookie = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()

    async def run(self, seconds: float, delay: float) -> None:
        """Work until the time is over."""
        await asyncio.sleep(delay)
        address = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        async with connect(
            address,
            subprotocols=["streamlit"],
            max_size=None,
            ping_interval=None,
            origin=f"http://127.0.0.1:{self.port}",
            additional_headers={"Cookie": f"funnel_replica={self.cookie}"},
        ) as socket:
            await self._ask(socket, None)
            if self.fold:
                await self._ask(socket, None)
            if not self.box:
                raise RuntimeError(f"{self.page} shows no field '{self.label}'")
            ends = time.perf_counter() + seconds
            value = 30.0 + self.number * 0.1
            while time.perf_counter() < ends:
                await asyncio.sleep(PAUSE)
                value = round(value + 0.01, 2)
                began = time.perf_counter()
                await self._ask(socket, value)
                self.took.append(time.perf_counter() - began)

    async def _ask(self, socket: Any, value: float | None) -> None:
        message = BackMsg()
        message.rerun_script.query_string = f"lang=en&s={self.link}" if self.link else "lang=en"
        message.rerun_script.page_script_hash = self.hash
        message.rerun_script.page_name = self.page if not self.hash else ""
        if value is not None:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.string_value = self.box, f"{value:.2f}"
        if self.folded:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.bool_value = self.folded, True
        await socket.send(message.SerializeToString())
        while True:
            content = await asyncio.wait_for(socket.recv(), 60)
            told = ForwardMsg()
            told.ParseFromString(content)
            self._look(told)
            if told.WhichOneof("type") == "script_finished" and told.script_finished in (0, 2):
                return

    def _look(self, told: Any) -> None:
        kind = told.WhichOneof("type")
        if kind == "navigation":  # the page that is shown, which a change goes back to
            self.hash = told.navigation.page_script_hash
        if kind == "delta" and told.delta.WhichOneof("type") == "add_block":
            block = told.delta.add_block
            if (
                self.fold
                and block.WhichOneof("type") == "expandable"
                and block.expandable.label.startswith(self.fold)
            ):
                self.folded = block.id or block.expandable.id
        if kind == "delta" and told.delta.WhichOneof("type") == "new_element":
            element = told.delta.new_element
            if (
                element.WhichOneof("type") == "text_input"
                and not self.box
                and element.text_input.label.startswith(self.label)
            ):
                self.box = element.text_input.id
            if element.WhichOneof("type") == "exception" or (
                element.WhichOneof("type") == "alert" and "wrong" in element.alert.body
            ):
                self.errors.append(element.exception.message or element.alert.body)


def memory(pid: int) -> float:
    """Return what a process holds, in MB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return float(found[1]) / 1024 if found else 0.0


def percentile(values: list[float], share: float) -> float:
    """Return a percentile of some times, in milliseconds."""
    return 1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))]


@dataclass
class Served:
    """Where the app is served, and by which processes."""

    port: int
    pids: list[int]

    def held(self) -> float:
        """Return what all processes hold, in MB."""
        return sum(memory(pid) for pid in self.pids)


@contextmanager
def serving(replicas: int) -> Iterator[Served]:
    """Serve the app by one process, or by several behind the proxy."""
    if replicas == 1:
        port = free_port()
        server = start(port)
        try:
            yield Served(port, [server.pid])
        finally:
            server.terminate()
            server.wait()
        return
    with (
        tempfile.TemporaryDirectory() as place,
        proxied(Path(place), Settings(), replicas) as site,
    ):
        pids = [process.pid for process in site.replicas.values()]
        yield Served(int(site.url.rpartition(":")[2]), pids)


async def crowd(served: Served, users: int, seconds: float) -> tuple[list[User], list[float]]:
    """Return the users after their work, and the memory every ten seconds."""
    people = [User(served.port, number) for number in range(users)]
    held: list[float] = []

    async def watch() -> None:
        while True:
            held.append(served.held())
            await asyncio.sleep(10)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(one.run(seconds, PAUSE * one.number / users) for one in people))
    watching.cancel()
    return people, held


def measured(name: str, replicas: int, options: argparse.Namespace) -> list[bool]:
    """Measure and report one way to serve: one user, many, and how many are too many."""
    with serving(replicas) as served:
        alone: list[float] = []
        for number in range(len(WORK)):  # one user on each page, one after the other
            one = User(served.port, number)
            asyncio.run(one.run(25, 0))
            alone += one.took
        people, held = asyncio.run(crowd(served, options.users, options.minutes * 60))
        took = [t for one in people for t in one.took]
        errors = [e for one in people for e in one.errors]
        bound = SLOWER * percentile(alone, 0.95)
        half = len(held) // 2
        sys.stdout.write(
            f"{name}, one user: median {1000 * statistics.median(alone):.0f} ms, P95"
            f" {percentile(alone, 0.95):.0f} ms; {options.users} users, {len(took)} changes: median"
            f" {1000 * statistics.median(took):.0f} ms, P95 {percentile(took, 0.95):.0f} ms; memory"
            f" {held[0]:.0f} MB at first, {held[half]:.0f} half way, {held[-1]:.0f} at the end\n"
        )
        carried = 0
        for users in options.steps:
            crowded, _ = asyncio.run(crowd(served, users, options.step_minutes * 60))
            slow = percentile([t for one in crowded for t in one.took], 0.95)
            errors += [e for one in crowded for e in one.errors]
            sys.stdout.write(f"  {users} users: P95 {slow:.0f} ms (at most {bound:.0f})\n")
            sys.stdout.flush()
            if slow > bound:
                break
            carried = users
    sys.stdout.write(f"{name} carries {carried} users, one change in five seconds each\n")
    return [
        report(f"{name}: errors", float(len(errors)), 0, unit=""),
        report(
            f"{name}: P95 with {options.users} users against one",
            percentile(took, 0.95) / percentile(alone, 0.95),
            SLOWER,
        ),
        report(f"{name}: memory at the end against half way", held[-1] / held[half], GROWS),
    ]


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument(
        "--steps", type=lambda text: [int(n) for n in text.split(",")], default=[5, 10, 20, 30, 45]
    )
    parser.add_argument("--step-minutes", type=float, default=1.0)
    options = parser.parse_args()
    met = measured("one process", 1, options)
    met += measured("two processes behind the proxy", 2, options)
    finish(met)


if __name__ == "__main__":
    main()
