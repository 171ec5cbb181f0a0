"""Many inputs, two at a time: worker processes that can hang, swell or die without harm to the
count; faults by kind, each with the numbers that make it again.
"""

import hashlib
import json
import multiprocessing as mp
import os
import re
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.connection import Connection, wait
from typing import Any

from tests.fuzz.luck import Luck
from tests.fuzz.steps import MEGABYTES, SECONDS, Steps, TooLongError, bounded

KINDS = (
    "scenarios",
    "tables",
    "links",
    "actual_months",
    "contracts",
    "portfolios",
    "commands",
    "widgets",
)
STUCK = 900.0
"""Seconds on the clock after which a worker that says nothing is ended: what the alarm cannot
interrupt.

Generous, for a busy machine gives it a tenth of a processor.
"""
_HOME = os.sep + "funnel_sim" + os.sep


@dataclass(frozen=True)
class Fault:
    """What went wrong: in which step, which exception, where in the product, and what it said."""

    step: str
    error: str
    place: str
    text: str = ""
    trace: str = field(default="", repr=False)

    @property
    def kind(self) -> tuple[str, str, str]:
        """What makes two faults the same one."""
        wrong = re.sub(r"[\d.,e+-]+", "#", self.text)[:60] if self.error == "WrongError" else ""
        return self.error, self.place, wrong


@dataclass(frozen=True)
class Outcome:
    """One input done: accepted or refused, or its fault; the slowest step in processor seconds, and
    the memory that was needed in MB.
    """

    number: int
    accepted: bool
    fault: Fault | None
    seconds: float
    slowest: tuple[float, str]
    megabytes: float


def module_of(kind: str) -> Any:
    """Return the module of a kind of input: it has `make` and `go`."""
    return import_module(f"tests.fuzz.{kind}")


def luck_of(kind: str, seed: int, number: int) -> Luck:
    """Return the chance of one input; it depends on nothing else."""
    return Luck(f"{seed}/{kind}/{number}")


def fault_of(error: BaseException, steps: Steps) -> Fault:
    """Return what an exception says about the product."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if _HOME in frame.filename
    ]
    place = (
        ""
        if not frames
        else f"funnel_sim/{frames[-1].filename.rpartition(_HOME)[2]}:{frames[-1].name}"
    )
    if (
        isinstance(error, TooLongError | MemoryError) and frames
    ):  # where it happened to be is chance: the outermost place counts
        place = f"funnel_sim/{frames[0].filename.rpartition(_HOME)[2]}:{frames[0].name}"
    return Fault(
        steps.step,
        type(error).__name__,
        place,
        " ".join(str(error).split())[:200],
        "".join(traceback.format_exception(error)[-12:])[-3000:],
    )


def put_through(
    kind: str,
    content: bytes,
    luck: Luck | None,
    limit: float = SECONDS,
    megabytes: int = MEGABYTES,
    only: str = "",
) -> tuple[Steps, Fault | None, float]:
    """Put one input through the product within bounds; without luck every step is taken, or of the
    dearer ones `only` one.
    """
    steps, fault = Steps(luck, limit, only), None
    with bounded(megabytes) as used:
        try:
            module_of(kind).go(content, steps)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever it is, it is the find
            fault = fault_of(error, steps)
        needed = used()
    if fault is None and needed > megabytes:
        fault = Fault(steps.step, "Memory", "", f"{needed:.0f} MB")
    return steps, fault, needed


def one(kind: str, seed: int, number: int, limit: float = SECONDS) -> Outcome:
    """Make input `number` and put it through; once more where a step took too long, for processor
    time too grows with what else the machine does.
    """
    found = _once(kind, seed, number, limit)
    return (
        _once(kind, seed, number, limit)
        if found.fault is not None and found.fault.error == "TooLongError"
        else found
    )


def _once(kind: str, seed: int, number: int, limit: float) -> Outcome:
    luck = luck_of(kind, seed, number)
    try:
        content = module_of(kind).make(luck)
    except Exception as error:  # a fault of these pages, told like the others
        return Outcome(
            number, False, fault_of(error, Steps(luck, step="make")), 0.0, (0.0, ""), 0.0
        )
    steps, fault, megabytes = put_through(kind, content, luck, limit)
    slowest = max(((seconds, name) for name, seconds in steps.seconds.items()), default=(0.0, ""))
    return Outcome(number, steps.accepted, fault, sum(steps.seconds.values()), slowest, megabytes)


def _work(kind: str, seed: int, limit: float, pipe: Connection) -> None:
    while (number := pipe.recv()) is not None:
        pipe.send(one(kind, seed, number, limit))


@dataclass
class Tally:
    """What a run found."""

    kind: str
    seed: int
    tried: int = 0
    accepted: int = 0
    refused: int = 0
    faults: dict[tuple[str, str, str], list[tuple[int, Fault]]] = field(default_factory=dict)
    slowest: tuple[float, str, int] = (0.0, "", 0)
    largest: tuple[float, int] = (0.0, 0)
    processor: float = 0.0

    def add(self, found: Outcome) -> None:
        """Count one input."""
        self.tried += 1
        self.processor += found.seconds
        if found.fault is not None:
            self.faults.setdefault(found.fault.kind, []).append((found.number, found.fault))
        elif found.accepted:
            self.accepted += 1
        else:
            self.refused += 1
        self.slowest = max(self.slowest, (*found.slowest, found.number))
        self.largest = max(self.largest, (found.megabytes, found.number))


class _Worker:
    """A process that puts one input through after the other, and is replaced where it dies or says
    nothing for too long.
    """

    def __init__(self, kind: str, seed: int, limit: float):
        self.what = (kind, seed, limit)
        self._start()

    def _start(self) -> None:
        context = mp.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(*self.what, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def give(self, number: int | None) -> bool:
        """Begin with an input; say whether there was one."""
        if number is None:
            return False
        self.number, self.since = number, time.monotonic()
        self.pipe.send(number)
        return True

    def taken(self, *, ready: bool) -> Outcome | None:
        """Return what became of the input; None as long as nothing has."""
        what = "stuck"
        if ready:
            try:
                found: Outcome = self.pipe.recv()
            except EOFError:
                what = "died"
            else:
                if found.fault is not None and found.fault.error == "TooLongError":
                    self._anew()  # a thread may still be at it
                return found
        elif time.monotonic() - self.since < STUCK:
            return None
        self._anew()
        return Outcome(self.number, False, Fault("?", what, "the worker"), 0.0, (0.0, ""), 0.0)

    def _anew(self) -> None:
        self.end()
        self._start()

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def run(
    kind: str,
    count: int,
    seed: int,
    seconds: float,
    workers: int = 2,
    limit: float = SECONDS,
    tell: Callable[[Tally], None] | None = None,
) -> Tally:
    """Put inputs 0 to count − 1 of a seed through, until they are done or the time is over; `tell`
    is called every thousand, and at each new kind of fault.
    """
    os.environ |= dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"
    ) | {"MALLOC_ARENA_MAX": "2"}
    tally, todo, started = Tally(kind, seed), iter(range(count)), time.monotonic()
    busy = [_Worker(kind, seed, limit) for _ in range(min(workers, count))]
    for worker in busy:
        worker.give(next(todo))
    while busy:
        ready = wait([worker.pipe for worker in busy], timeout=1.0)
        for worker in list(busy):
            found = worker.taken(ready=worker.pipe in ready)
            if found is None:
                continue
            fresh = found.fault is not None and found.fault.kind not in tally.faults
            tally.add(found)
            if tell is not None and (fresh or tally.tried % 1000 == 0):
                tell(tally)
            over = time.monotonic() - started >= seconds
            if over or not worker.give(next(todo, None)):
                busy.remove(worker)
                worker.end()
    return tally


def smaller(kind: str, content: bytes, fault: Fault, limit: float = SECONDS) -> bytes:
    """Return a smaller input with the same fault: parts left out one after the other, as long as it
    stays.
    """

    def still(trial: bytes) -> bool:
        found = put_through(kind, trial, None, limit, only=fault.step)[1]
        return found is not None and found.kind == fault.kind

    if not still(content):
        return content
    if content.lstrip()[:1] == b"{":
        try:
            return _smaller_json(content, still)
        except (ValueError, RecursionError):
            return content
    if kind in ("tables", "portfolios") and content[:4] != b"PK\x03\x04":
        return _smaller_lines(content, still)
    return content


def _smaller_json(content: bytes, still: Callable[[bytes], bool]) -> bytes:
    data = json.loads(content)

    def write() -> bytes:
        return json.dumps(data, indent=1).encode()

    def visit(node: Any) -> None:
        for key in (
            list(node)
            if isinstance(node, dict)
            else list(range(len(node) - 1, -1, -1))
            if isinstance(node, list)
            else []
        ):
            kept = node.pop(key)
            if still(write()):
                continue
            if isinstance(node, dict):
                node[key] = kept
            else:
                node.insert(key, kept)
            if isinstance(kept, dict | list) and len(kept) <= 200:
                visit(kept)

    visit(data)
    small = write()
    return small if still(small) else content


def _smaller_lines(content: bytes, still: Callable[[bytes], bool]) -> bytes:
    lines, step = content.splitlines(keepends=True), 64
    while step:
        at = 0
        while at < len(lines):
            trial = lines[:at] + lines[at + step :]
            if trial and still(b"".join(trial)):
                lines = trial
            else:
                at += step
        step //= 2
    return b"".join(lines)


def name_of(fault: Fault, content: bytes) -> str:
    """Return a name for a kept input: what goes wrong, and a few digits of its content."""
    place = fault.place.rpartition("/")[2].replace(".py:", "-").strip("_")
    return (
        re.sub(r"[^A-Za-z0-9-]+", "-", f"{fault.step}-{fault.error}-{place}").lower().strip("-")
        + "-"
        + hashlib.sha256(content).hexdigest()[:6]
    )
