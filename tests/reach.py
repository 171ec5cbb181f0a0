"""Which tests reach a line of the rooms that compute, and how long each takes.

One run of the tests under coverage, each test a context of its own, kept as
`build/mutants/reach.json`. The next run repeats only what may have changed: test files that are
new or differ, and those that reach a source file which differs. `tests.mutants` asks it which tests
could notice a fault on a line.

    python -m tests.reach OUT tests/model tests/chance/test_noise.py
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOMS = ("model", "chance", "decisions", "evidence")
SUITE = (
    *(f"tests/{room}" for room in ROOMS),
    *(f"funnel_sim/{room}" for room in ROOMS),
    "tests/test_known_answers.py",
    "tests/scenario",
    "tests/output/test_bill_workings.py",
)
"""What is run: the rooms' own tests and examples, the published answers, the scenario's tests, and
those that read a bill's formulas (decisions/review/written_bill.py) with numbers.
"""


@dataclass
class Reach:
    """What each test reaches.

    Attributes:
        seconds: processor time of each test under coverage, by its node id: a busy machine
            makes no test longer.
        lines: of each source file, the tests that reach each line.
        digests: of each file that was read, what it held.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, frozenset[str]]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    def of_line(self, path: str, first: int, last: int) -> frozenset[str]:
        """Return the tests that reach a statement which stands on these lines."""
        there = self.lines.get(path, {})
        return frozenset().union(*(there.get(line, ()) for line in range(first, last + 1)))

    def of_file(self, path: str) -> frozenset[str]:
        """Return the tests that reach any line of a file."""
        return frozenset().union(*self.lines.get(path, {}).values())

    def without(self, files: set[str]) -> "Reach":
        """Return what is known of the tests that stand in other files than these."""

        def kept(tests: Iterable[str]) -> frozenset[str]:
            return frozenset(test for test in tests if file_of(test) not in files)

        return Reach(
            {test: self.seconds[test] for test in kept(self.seconds)},
            {
                path: {line: kept(tests) for line, tests in there.items()}
                for path, there in self.lines.items()
            },
        )

    def and_of(self, other: "Reach") -> "Reach":
        """Return what both know."""
        lines = {
            path: {
                line: self.lines.get(path, {}).get(line, frozenset())
                | other.lines.get(path, {}).get(line, frozenset())
                for line in {*self.lines.get(path, {}), *other.lines.get(path, {})}
            }
            for path in {*self.lines, *other.lines}
        }
        return Reach(self.seconds | other.seconds, lines)

    def write(self, file: Path) -> None:
        """Keep it; lines that the same tests reach share one list."""
        tests = list(self.seconds)
        number = {test: place for place, test in enumerate(tests)}
        sets: dict[frozenset[str], int] = {}
        lines = {
            path: {line: sets.setdefault(reached, len(sets)) for line, reached in there.items()}
            for path, there in self.lines.items()
        }
        told = {
            "seconds": self.seconds,
            "sets": [sorted(number[test] for test in reached) for reached in sets],
            "lines": lines,
            "digests": self.digests,
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told), "utf-8")

    @classmethod
    def read(cls, file: Path) -> "Reach":
        """Return what was kept, nothing where no file is."""
        if not file.exists():
            return cls()
        told = json.loads(file.read_text("utf-8"))
        tests = list(told["seconds"])
        sets = [frozenset(tests[place] for place in one) for one in told["sets"]]
        lines = {
            path: {int(line): sets[place] for line, place in there.items()}
            for path, there in told["lines"].items()
        }
        return cls(told["seconds"], lines, told["digests"])


def file_of(test: str) -> str:
    """Return the file in which a test stands.

    >>> file_of("tests/model/test_pace.py::test_one[tests/x::y]")
    'tests/model/test_pace.py'
    """
    return test.partition("::")[0]


def is_of_rooms(path: str) -> bool:
    """Say whether a source file is one of those whose lines are looked at.

    >>> is_of_rooms("funnel_sim/model/tax.py"), is_of_rooms("funnel_sim/data/presets.toml")
    (True, False)
    """
    return path.startswith(tuple(f"funnel_sim/{room}/" for room in ROOMS))


def digests_of(home: Path) -> dict[str, str]:
    """Return what every file holds that a test of the suite can depend on."""
    files = [
        path
        for top in ("funnel_sim", "tests")
        for path in sorted((home / top).rglob("*"))
        if path.is_file()
        and "__pycache__" not in path.parts
        and not path.relative_to(home).as_posix().startswith(("funnel_sim/ui", "funnel_sim/output"))
    ]
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def suite_files(home: Path) -> list[str]:
    """Return every file of the suite that may hold tests or examples."""
    found = [
        path
        for part in SUITE
        for path in ([home / part] if (home / part).is_file() else (home / part).rglob("*.py"))
    ]
    return sorted({path.relative_to(home).as_posix() for path in found})


def stale_files(before: Reach, now: dict[str, str], files: list[str]) -> set[str]:
    """Return the test files whose tests may reach other lines than before.

    One of them differs, or a source file that it reaches differs; all of them where something
    differs that every test may read (data, shared helpers, rooms above and below).
    """
    differ = {path for path in {*now, *before.digests} if now.get(path) != before.digests.get(path)}
    stale = {path for path in files if path in differ}
    for path in differ - stale:
        room = path.rpartition("/")[0]
        if path == "tests/conftest.py" or (
            path.startswith("funnel_sim/") and not is_of_rooms(path)
        ):
            return set(files)
        if path.startswith("tests/") and room != "tests":
            stale |= {one for one in files if one.startswith(f"{room}/")}
    for path in differ:
        stale |= {file_of(test) for test in before.of_file(path)} & set(files)
    return stale


def reach_of(home: Path, kept: Path) -> tuple[Reach, str]:
    """Return what the tests of the tree at `home` reach, from `kept` as far as that still holds.

    Args:
        home: the tree whose tests are run.
        kept: where the map was kept, and is kept again.

    Returns:
        The map, and what the failing tests said: empty where all pass, else the map is not kept.
    """
    now, files = digests_of(home), suite_files(home)
    before = Reach.read(kept)
    stale = stale_files(before, now, files)
    gone = {file_of(test) for test in before.seconds} - set(files)
    found = before.without(stale | gone)
    if stale:
        part = kept.with_name("part.json")
        part.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "tests.reach", str(part), *sorted(stale)],
            cwd=home,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            return found, (done.stdout + done.stderr).decode()[-3000:]
        found = found.and_of(Reach.read(part))
        part.unlink()
    found.digests = now
    found.write(kept)
    return found, ""


def run(out: Path, files: list[str]) -> int:
    """Run test files under coverage in this process and write which lines each test reaches.

    Args:
        out: where the map is written, if every test passes.
        files: test files, or folders of them, relative to the folder this runs in.

    Returns:
        0, or what pytest returns for failures.
    """
    import coverage
    import pytest

    measured = coverage.Coverage(
        data_file=None,
        config_file=False,
        source=[str(Path("funnel_sim", room).absolute()) for room in ROOMS],
    )
    seconds: dict[str, float] = {}

    class Contexts:
        """Tells coverage which test runs, and takes its time."""

        def pytest_runtest_logstart(self, nodeid: str) -> None:
            measured.switch_context(nodeid)
            seconds[nodeid] = -_used()

        def pytest_runtest_logfinish(self, nodeid: str) -> None:
            seconds[nodeid] += _used()
            measured.switch_context("")

    measured.start()
    status = pytest.main(["-q", *files], plugins=[Contexts()])
    measured.stop()
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return int(status)
    data = measured.get_data()
    lines = {
        Path(path).relative_to(Path.cwd()).as_posix(): {
            line: frozenset(contexts) - {""}
            for line, contexts in data.contexts_by_lineno(path).items()
        }
        for path in data.measured_files()
    }
    Reach(seconds, lines).write(out)
    return 0


def _used() -> float:
    """Return the processor time, in seconds, of this process and of those it has waited for."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), sys.argv[2:]))
