"""Write the locks from pyproject.toml: `make lock`, or `python scripts/lock.py [--upgrade]
[--package NAME]`.

requirements.lock (the app), requirements-dev.lock (on top: tests and checks), and on top of that
requirements-bench.lock (the benchmarks' peers) and requirements-docs.lock (the site of
documentation), which may stand in one environment, hold every package with its version and the
hashes of all its files, for every Python and system that is supported. Versions stay as they are
unless an upgrade is asked for. Why these and not uv.lock:
docs/decisions/0038-a-product-that-can-be-installed.md.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Each lock with the one below it, the groups of pyproject.toml in it, and what it is for.
LAYERS = (
    ("requirements.lock", "", (), "Every package of the app"),
    (
        "requirements-dev.lock",
        "requirements.lock",
        ("--group", "dev"),
        "On top of requirements.lock: what tests, checks and `make dist` need",
    ),
    (
        "requirements-bench.lock",
        "requirements-dev.lock",
        ("--group", "bench"),
        "On top of requirements-dev.lock: the peers that benchmarks/ measures against",
    ),
    (
        "requirements-docs.lock",
        "requirements-dev.lock",
        ("--group", "docs"),
        "On top of requirements-dev.lock: what `make docs` needs",
    ),
)


def blocks(text: str) -> list[str]:
    """Return one block for each package of a lock: its line and the lines of its hashes."""
    return re.findall(r"^[A-Za-z0-9][^\\\n]*(?: \\\n {4}--hash=\S+)+", text, re.MULTILINE)


def pins(text: str) -> list[str]:
    """Return the lines of a lock without the hashes: "numpy==2.4.6", some with a condition behind
    it.
    """
    return [block.split(" \\")[0] for block in blocks(text)]


def resolved(groups: tuple[str, ...], before: str, options: list[str]) -> str:
    """Return what uv resolves, starting from the pins of before."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "lock.txt"
        out.write_text(before, "utf-8")
        uv = Path(sys.executable).with_name("uv")
        subprocess.run(
            [
                uv,
                "pip",
                "compile",
                "pyproject.toml",
                *groups,
                "--universal",
                "--python-version",
                "3.11",
                "--generate-hashes",
                "--no-emit-index-url",
                "--no-header",
                "--no-annotate",
                "--quiet",
                "--output-file",
                out,
                *options,
            ],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return out.read_text("utf-8")


def main() -> int:
    """Write the locks."""
    parser = argparse.ArgumentParser(description="Write the locks from pyproject.toml.")
    parser.add_argument(
        "--upgrade", action="store_true", help="the newest versions that pyproject.toml allows"
    )
    parser.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="NAME",
        help="the newest version of this package only (repeatable)",
    )
    options = parser.parse_args()
    wanted = ["--upgrade"] * options.upgrade + [
        part for name in options.package for part in ("--upgrade-package", name)
    ]
    found: dict[str, list[str]] = {"": []}
    # what a lock above in the list has chosen holds for those after it, so that two on the same one
    # can stand side by side
    chosen = ""
    for name, file_below, groups, told in LAYERS:
        place = ROOT / name
        own = place.read_text("utf-8").splitlines() if place.exists() else []
        before = chosen + "\n".join(line for line in own if not line.startswith(("#", "-r"))) + "\n"
        found[name] = blocks(resolved(groups, before, wanted))
        lines = [
            (
                f"# {told}, exactly and with the hashes of its files. Written by `make lock` from"
                " pyproject.toml."
            ),
            *([f"-r {file_below}"] * bool(file_below)),
        ]
        place.write_text(
            "\n".join([*lines, *(block for block in found[name] if block not in found[file_below])])
            + "\n",
            "utf-8",
        )
        chosen = "\n".join(dict.fromkeys(block for one in found.values() for block in one)) + "\n"
        wanted = [] if options.upgrade else wanted
    return 0


if __name__ == "__main__":
    sys.exit(main())
