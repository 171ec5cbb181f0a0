"""Mutation testing of the rooms that compute: small faults put into the source, one at a time, and
whether the tests of the room notice.

    python -m tests.mutants --count 40 --seed 1

Each mutant is one change of one expression: a comparison's end, a sign, a number, `min` for `max`,
`and` for `or`, a condition turned round. A sample is drawn by seed, so that a run can be had again
and the next seed looks elsewhere. Each is put into a copy of the tree, where the tests that are
named after its file and the file's own examples run first, then all of its room; the first failure
ends it. Printed: the score, and each survivor with its line. Some survivors change nothing that can
be seen (a bound that no number meets); they are for a person to judge.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("model", "chance", "decisions", "evidence")
NEEDED = ("funnel_sim", "tests", "pages", "app.py", "pyproject.toml")
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
_SHORT = 8


@dataclass(frozen=True)
class Mutant:
    """One change: in which file, at which line, what stood there and what stands there now."""

    path: Path
    line: int
    before: str
    after: str
    source: str
    text: str

    @property
    def room(self) -> str:
        """The room whose tests should notice."""
        return self.path.parent.name

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
    raw = text.encode()
    for node in ast.walk(tree):
        if id(node) in left_out or not isinstance(node, ast.expr):
            continue
        for changed in _changes(node):
            first, last = (
                starts[node.lineno - 1] + node.col_offset,
                starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0),
            )
            before, after = ast.unparse(node), ast.unparse(ast.fix_missing_locations(changed))
            made = (raw[:first] + b"(" + after.encode() + b")" + raw[last:]).decode()
            try:
                ast.parse(made)
            except SyntaxError:  # where no bracket may stand
                continue
            yield Mutant(
                path, node.lineno, before, after, made, lines[node.lineno - 1].decode().strip()
            )


def _not_run(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node that say something and compute nothing: annotations, texts with
    values, decorators, what a module lists or checks for itself.
    """
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
        case ast.Constant(value=int()):
            changed.value += 1
        case ast.Constant(value=float()):
            changed.value = changed.value * 1.25 if changed.value else 1.0
        case _:
            return
    yield changed


def all_mutants() -> list[Mutant]:
    """Return every mutant of the rooms, file by file."""
    files = [path for room in ROOMS for path in sorted((ROOT / "funnel_sim" / room).glob("*.py"))]
    return [
        one for path in files for one in mutants_of(path.relative_to(ROOT), path.read_text("utf-8"))
    ]


def runs_of(mutant: Mutant, home: Path) -> list[list[str]]:
    """Return what is run for a mutant, the likeliest first: tests named after its file and its
    examples, then those of its room.
    """
    named = sorted(
        str(path.relative_to(home))
        for path in (home / "tests" / mutant.room).glob(f"test_*{mutant.path.stem.rstrip('s')}*.py")
    )
    return [[*named, str(mutant.path)], [f"tests/{mutant.room}"]]


def outcome_of(
    run: list[str], home: Path, seconds: float | None
) -> "subprocess.CompletedProcess[bytes]":
    """Run tests in a copy, up to the first that fails; bytecode would hide a change within the same
    second.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-x", *run]
    return subprocess.run(
        command,
        cwd=home,
        capture_output=True,
        timeout=seconds,
        check=False,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )


def is_killed(mutant: Mutant, home: Path, seconds: float) -> bool:
    """Put a mutant into the copy at `home`, run its tests, and put the file back; a run that takes
    longer than `seconds` counts as killed.
    """
    file = home / mutant.path
    file.write_text(mutant.source, "utf-8")
    try:
        for run in runs_of(mutant, home):
            if outcome_of(run, home, seconds).returncode:
                return True
    except subprocess.TimeoutExpired:
        return True
    finally:
        shutil.copyfile(ROOT / mutant.path, file)
    return False


def main(arguments: list[str] | None = None) -> int:
    """Draw a sample, run it, and print the score and the survivors; returns 1 where the score is
    below `--least`, 2 where tests fail without a mutant.
    """
    read = argparse.ArgumentParser(
        prog="python -m tests.mutants",
        description="A sample of small faults, and how many of them the tests notice.",
    )
    read.add_argument("--count", type=int, default=40, help="how many mutants")
    read.add_argument("--seed", type=int, default=1)
    read.add_argument("--room", choices=ROOMS, help="one room only")
    read.add_argument("--workers", type=int, default=2)
    read.add_argument(
        "--seconds", type=float, default=600.0, help="after which a run counts as killed"
    )
    read.add_argument(
        "--least", type=float, default=0.0, help="share killed below which this fails"
    )
    asked = read.parse_args(arguments)
    there = [one for one in all_mutants() if asked.room in (None, one.room)]
    sample = random.Random(asked.seed).sample(there, min(asked.count, len(there)))  # no secret
    homes: Queue[Path] = Queue()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(asked.workers):
            home = Path(folder) / str(number)
            for name in NEEDED:
                copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
                home.mkdir(exist_ok=True)
                copied(ROOT / name, home / name)
            homes.put(home)
        for room in sorted({one.room for one in sample}):  # else every mutant would count as killed
            done = outcome_of([f"tests/{room}", f"funnel_sim/{room}"], homes.queue[0], None)
            if done.returncode:
                print(
                    done.stdout.decode()[-2000:], f"tests/{room} fails without a mutant", sep="\n"
                )
                return 2

        def tried(mutant: Mutant) -> bool:
            home = homes.get()
            try:
                killed = is_killed(mutant, home, asked.seconds)
            finally:
                homes.put(home)
            print("killed  " if killed else "SURVIVED", mutant, flush=True)
            return killed

        with ThreadPoolExecutor(asked.workers) as pool:
            killed = list(pool.map(tried, sample))
    for room in ROOMS:
        of_room = [was for was, one in zip(killed, sample, strict=True) if one.room == room]
        if of_room:
            print(f"{room}: {sum(of_room)} of {len(of_room)} killed")
    score = sum(killed) / len(killed)
    print(
        f"score: {sum(killed)} of {len(killed)} killed, {score:.0%}; seed {asked.seed},"
        f" {len(there):,} mutants in all"
    )
    return int(score < asked.least)


if __name__ == "__main__":
    sys.exit(main())
