"""Mutation testing of the rooms that compute: small faults put into the source, one at a time, and
whether the tests notice.

    python -m tests.mutants --each 10 --seed 1

Each mutant is one change of one expression: a comparison's end, a sign, a number, `min` for `max`,
`and` for `or`, a condition turned round. As many are drawn by seed from every room, so that a run
can be had again and the next seed looks elsewhere. Each is put into a copy of the tree, where the
tests that reach its line run (`tests.reach`), the likeliest and quickest first; the first failure
ends it. One that passes them all also meets the tests that reach its file, up to `--budget` seconds
of them: a line that is run once and remembered is reached by one test and used by many. Printed:
the score of each room with its interval of 95 %, and each survivor with its line. Some survivors
change nothing that can be seen (a bound that no number meets); a person judges them, and writes
them down with the reason in `equivalent_mutants.toml`, which takes them out of the sample.
"""

import argparse
import ast
import copy
import itertools
import math
import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from tests.reach import ROOMS, Reach, file_of, reach_of

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "mutants" / "reach.json"
NOT_COPIED = (".git", ".venv", ".hypothesis", ".*_cache", "__pycache__", "build", "dist", "screens")
PRELOADED = ("hypothesis", "numpy", "openpyxl", "pandas", "pydantic", "pytest", "scipy.optimize")
PRELOADED_TOO = ("scipy.special", "scipy.stats")
_OPERATORS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_TWINS = {
    "min": "max",
    "max": "min",
    "minimum": "maximum",
    "maximum": "minimum",
    "any": "all",
    "all": "any",
}
_OF_NO_FIGURE = ("strict", "repr", "compare", "maxsize")  # named arguments that change no answer
_MANY = 1_000  # from which on one more is nothing
_TOLERANCE = 1e-6  # up to which a number only says what counts as the same
_SHORT = 8
_PATIENCE = 20  # by the clock, times the processor time that tests may use
_Z = 1.959964  # of a normal distribution, 95 % on both sides


@dataclass(frozen=True)
class Mutant:
    """One change: in which file, at which lines, what stood there and what stands there now."""

    path: Path
    line: int
    last_line: int
    before: str
    after: str
    text: str
    bytes_from: int
    bytes_to: int

    @property
    def room(self) -> str:
        """The room whose tests should notice."""
        return self.path.parts[1]

    def put_into(self, raw: bytes) -> bytes:
        """Return the file's text with the change."""
        return raw[: self.bytes_from] + f"({self.after})".encode() + raw[self.bytes_to :]

    def __str__(self) -> str:
        """Return the place and the change in one line, with the whole line where the change is
        small.
        """
        within = f"  in  {self.text}" if len(self.before) < _SHORT else ""
        return f"{self.path}:{self.line}: {self.before}  →  {self.after}{within}"


def mutants_of(path: Path, text: str) -> Iterator[Mutant]:
    """Yield every mutant of one file, in the order of its expressions.

    >>> [str(one) for one in mutants_of(Path("x.py"), "low = min(a, 3) < b")]
    ['x.py:1: min(a, 3) < b  →  min(a, 3) <= b', 'x.py:1: min(a, 3)  →  max(a, 3)',
     'x.py:1: 3  →  4  in  low = min(a, 3) < b']
    """
    tree = ast.parse(text)
    left_out = {
        id(inner)
        for node in ast.walk(tree)
        for outer in _not_run(node)
        for inner in ast.walk(outer)
    }
    lines = text.encode().splitlines(keepends=True)
    starts = [sum(len(line) for line in lines[:number]) for number in range(len(lines) + 1)]
    for node in ast.walk(tree):
        if id(node) in left_out or not isinstance(node, ast.expr):
            continue
        for changed in _changes(node):
            first, last = (
                starts[node.lineno - 1] + node.col_offset,
                starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0),
            )
            before, after = ast.unparse(node), ast.unparse(ast.fix_missing_locations(changed))
            yield Mutant(
                path,
                node.lineno,
                node.end_lineno or node.lineno,
                before,
                after,
                lines[node.lineno - 1].decode().strip(),
                first,
                last,
            )


def _not_run(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node that say something and compute nothing: annotations, texts with
    values, decorators, what a module lists or checks for itself (`zip(..., strict=True)` too), how
    a record is printed or compared with another, how many answers are remembered.
    """
    if isinstance(node, ast.keyword):
        return [node.value] if node.arg in _OF_NO_FIGURE else []
    if isinstance(node, ast.AnnAssign):
        return [node.annotation]
    if isinstance(node, ast.FunctionDef):
        arguments = [
            *node.args.args,
            *node.args.kwonlyargs,
            *node.args.posonlyargs,
            node.args.vararg,
            node.args.kwarg,
        ]
        return [
            *node.decorator_list,
            *([node.returns] if node.returns else []),
            *(one.annotation for one in arguments if one and one.annotation),
        ]
    if isinstance(node, ast.ClassDef):
        return list(node.decorator_list)
    return [node] if isinstance(node, ast.JoinedStr | ast.Assert | ast.Raise) else []


def _changes(node: ast.expr) -> Iterator[ast.expr]:
    changed = copy.deepcopy(node)
    match changed:
        case ast.Compare(ops=[operator]) if type(operator) in _OPERATORS:
            changed.ops = [_OPERATORS[type(operator)]()]
        case ast.BinOp(op=operator) | ast.BoolOp(op=operator) if type(operator) in _OPERATORS:
            changed.op = _OPERATORS[type(operator)]()
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            changed = changed.operand
        case ast.IfExp():
            changed.test = ast.UnaryOp(ast.Not(), changed.test)
        case ast.Call(func=ast.Name() as name) if name.id in _TWINS:
            name.id = _TWINS[name.id]
        case ast.Call(func=ast.Attribute() as name) if name.attr in _TWINS:
            name.attr = _TWINS[name.attr]
        case ast.Constant(value=bool()):
            changed.value = not changed.value
        case ast.Constant(value=int() | float() as number):
            changed.value = _another(number)
        case _:
            return
    yield changed


def _another(number: float) -> float:
    """Return a number that is not the given one, and so far off that it can matter.

    One more than a small count; a quarter more of a figure, and of a count from a thousand on, of
    which one more or less is nothing (a million rows, a block of 4,096 draws). A tolerance (up to a
    millionth) becomes a hundredth: a quarter more of it lies below every digit that is shown, and
    that would be a mutant which nothing can notice.

    >>> [_another(one) for one in (3, 4000, 0.5, 0.0, 1e-9, 1e-5)]
    [4, 5000, 0.625, 1.0, 0.01, 1.25e-05]
    """
    if isinstance(number, int):
        return number + 1 if abs(number) < _MANY else number + number // 4
    if not number:
        return 1.0
    return 0.01 if abs(number) <= _TOLERANCE else number * 1.25


def all_mutants() -> list[Mutant]:
    """Return every mutant of the rooms, file by file."""
    files = [path for room in ROOMS for path in sorted((ROOT / "funnel_sim" / room).rglob("*.py"))]
    return [
        one for path in files for one in mutants_of(path.relative_to(ROOT), path.read_text("utf-8"))
    ]


def equivalents() -> set[tuple[str, str, str, str]]:
    """Return the mutants that a person has found to change nothing: file, line, before, after."""
    rows = tomllib.loads((ROOT / "tests" / "equivalent_mutants.toml").read_text("utf-8"))
    return {(one["path"], one["text"], one["before"], one["after"]) for one in rows["mutants"]}


def sample_of(there: list[Mutant], each: int, seed: int) -> list[Mutant]:
    """Return `each` mutants of every room (all, where there are fewer), drawn by seed; none that is
    no Python (where no bracket may stand).
    """
    drawn = []
    for room in ROOMS:
        mixed = [one for one in there if one.room == room]
        random.Random(seed).shuffle(mixed)
        drawn += list(itertools.islice(filter(_parses, mixed), each))
    return drawn


def _parses(mutant: Mutant) -> bool:
    try:
        ast.parse(mutant.put_into((ROOT / mutant.path).read_bytes()))
    except SyntaxError:
        return False
    return True


def wilson(killed: int, tried: int) -> tuple[float, float]:
    """Return the interval of 95 % of a share, by Wilson's score.

    >>> [round(end, 3) for end in wilson(34, 40)]
    [0.709, 0.929]
    """
    share, square = killed / tried, _Z**2 / tried
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * math.sqrt(share * (1 - share) / tried + square / (4 * tried))
    return middle - half, middle + half


def runs_of(mutant: Mutant, reach: Reach, budget: float) -> Iterator[list[str]]:
    """Yield what is run for a mutant: the tests that reach its line, then those of its file, and
    those named after it, which may look at nothing but a number that stands in it.

    Args:
        mutant: the mutant.
        reach: which tests reach which line.
        budget: seconds of tests, of processor time, in each of the two runs, the tests named after
            the file and the quickest first; a line that no test reaches by itself (it runs when the
            module is loaded) has only the second.
    """
    name, path = mutant.path.stem.rstrip("s"), mutant.path.as_posix()

    def by_chance(test: str) -> tuple[bool, float]:
        return name not in Path(file_of(test)).stem, reach.seconds[test]

    first = reach.of_line(path, mutant.line, mutant.last_line)
    named = {test for test in reach.seconds if Path(file_of(test)).stem == f"test_{name}s"}
    named |= {test for test in reach.seconds if Path(file_of(test)).stem == f"test_{name}"}
    for tests in (first, (reach.of_file(path) | named) - first):
        ordered = sorted(tests, key=by_chance)
        passed = itertools.accumulate(reach.seconds[test] for test in ordered)
        within = [test for test, end in zip(ordered, passed, strict=True) if end <= budget]
        if ordered:
            yield within or ordered[:1]


def _run(home: str, tests: list[str], said: str, seconds: int) -> None:
    """Run tests in a process of its own, up to the first that fails, and leave with its status.

    The process is a fork of one that has loaded the libraries, not the product. The system ends it
    where it has used so many seconds of processor time.
    """
    os.chdir(home)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "funnel_sim")]:
        del sys.modules[name]
    sys.path[:] = [home, *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
    sys.dont_write_bytecode = True  # it would hide a change within the same second
    import pytest

    status = pytest.main(["-q", "-x", "--no-header", "--tb=line", *tests])
    sys.stdout.flush()
    os._exit(int(status))


def status_of(home: Path, tests: list[str], seconds: float) -> int:
    """Return pytest's status for tests in a copy, below zero where the system ended them.

    Args:
        home: the copy.
        tests: what is run there.
        seconds: processor time after which the system ends them: on a busy machine tests take
            longer by the clock, and that says nothing of a fault.

    Raises:
        TimeoutError: if they wait for something and use no time, long past any load.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED, *PRELOADED_TOO])
    process = context.Process(
        target=_run, args=(str(home), tests, str(home / "said.txt"), math.ceil(seconds))
    )
    process.start()
    process.join(_PATIENCE * seconds)
    if process.is_alive():
        process.kill()
        process.join()
        raise TimeoutError(f"{seconds:,.0f} s of processor time not used: {' '.join(tests)}")
    return process.exitcode or 0


def is_killed(mutant: Mutant, home: Path, reach: Reach, budget: float) -> bool:
    """Put a mutant into the copy at `home`, run its tests, and put the file back.

    A run that uses ten times the processor time it took, and a minute more, counts as killed; so
    does a module that can no longer be loaded. Tests that cannot be found (their names come from
    the source) say nothing: then their whole files are run.
    """
    file = home / mutant.path
    before = file.read_bytes()
    file.write_bytes(mutant.put_into(before))
    try:
        for tests in runs_of(mutant, reach, budget):
            longest = 60 + 10 * sum(reach.seconds[test] for test in tests)
            status = status_of(home, tests, longest)
            if status == _USAGE:
                files = list(dict.fromkeys(file_of(test) for test in tests))
                status = status_of(home, files, longest + 600)
            if status not in (_ALL_PASSED, _NONE_FOUND):
                return True
    finally:
        file.write_bytes(before)
    return False


_ALL_PASSED, _USAGE, _NONE_FOUND = 0, 4, 5  # what pytest returns


def told(killed: dict[Mutant, bool], population: dict[str, int]) -> tuple[list[str], float]:
    """Return the scores in words, and the score over all rooms.

    The rooms count by how many mutants they have: a room of four thousand more than one of one
    thousand, though as many of each were tried.
    """
    lines, score, variance = [], 0.0, 0.0
    rooms = [room for room in ROOMS if any(one.room == room for one in killed)]
    every = sum(population[room] for room in rooms)
    for room in rooms:
        results = [was for one, was in killed.items() if one.room == room]
        there, tried = sum(results), len(results)
        low, high = wilson(there, tried)
        lines.append(
            f"{room}: {there} of {tried} killed, {there / tried:.1%} ({low:.1%} to {high:.1%});"
            f" {population[room]:,} mutants in all"
        )
        weight, likely = population[room] / every, (there + 2) / (tried + 4)
        score += weight * there / tried
        variance += weight**2 * likely * (1 - likely) / tried
    lines.append(
        f"score: {score:.1%} ± {_Z * math.sqrt(variance):.1%}, the rooms weighted by their mutants"
    )
    return lines, score


def main(arguments: list[str] | None = None) -> int:
    """Draw a sample, run it, and print the scores and the survivors; returns 1 where the score is
    below `--least`, 2 where tests fail without a mutant.
    """
    read = argparse.ArgumentParser(
        prog="python -m tests.mutants",
        description="A sample of small faults, and how many of them the tests notice.",
    )
    read.add_argument("--each", type=int, default=10, help="how many mutants of each room")
    read.add_argument("--seed", type=int, default=1)
    read.add_argument("--room", choices=ROOMS, help="one room only")
    read.add_argument("--workers", type=int, default=1)
    read.add_argument(
        "--budget",
        type=float,
        default=60.0,
        help="seconds of tests, of processor time, for each of the two runs",
    )
    read.add_argument(
        "--least", type=float, default=0.0, help="share killed below which this fails"
    )
    asked = read.parse_args(arguments)
    known = equivalents()
    there = [
        one
        for one in all_mutants()
        if asked.room in (None, one.room)
        and (one.path.as_posix(), one.text, one.before, one.after) not in known
    ]
    sample = sample_of(there, asked.each, asked.seed)
    homes: Queue[Path] = Queue()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(asked.workers):
            home = Path(folder).resolve() / str(number)
            shutil.copytree(ROOT, home, ignore=shutil.ignore_patterns(*NOT_COPIED))
            homes.put(home)
        began = time.monotonic()
        reach, failing = reach_of(homes.queue[0], KEPT)
        if failing:  # else every mutant would count as killed
            print(failing, "the tests fail without a mutant", sep="\n")
            return 2
        print(
            f"{len(reach.seconds):,} tests, {sum(reach.seconds.values()):,.0f} s of processor time;"
            f" which lines they reach took {time.monotonic() - began:,.0f} s",
            flush=True,
        )

        def tried(mutant: Mutant) -> bool:
            home, start = homes.get(), time.monotonic()
            try:
                killed = is_killed(mutant, home, reach, asked.budget)
            finally:
                homes.put(home)
            print(
                "killed  " if killed else "SURVIVED",
                f"{time.monotonic() - start:4.0f} s ",
                mutant,
                flush=True,
            )
            return killed

        with ThreadPoolExecutor(asked.workers) as pool:
            killed = dict(zip(sample, pool.map(tried, sample), strict=True))
    population = {room: sum(one.room == room for one in there) for room in ROOMS}
    lines, score = told(killed, population)
    print(*lines, f"seed {asked.seed}, {asked.each} of each room", sep="\n")
    return int(score < asked.least)


if __name__ == "__main__":
    sys.exit(main())
