"""Write the locks from pyproject.toml: `make lock`, or `python scripts/lock.py [--upgrade] [--package NAME]`.

requirements.lock (the app), requirements-dev.lock (on top: tests and checks) and requirements-bench.lock (on top: the benchmarks' peers) hold every package with
its version and the hashes of all its files, for every Python and system that is supported. Versions stay as they are unless an upgrade is asked for.
Why these and not uv.lock: docs/decisions/0038-a-product-that-can-be-installed.md.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LAYERS = (
    ("requirements.lock", (), "Every package of the app"),
    ("requirements-dev.lock", ("--group", "dev"), "On top of requirements.lock: what tests, checks and `make dist` need"),
    ("requirements-bench.lock", ("--group", "bench"), "On top of requirements-dev.lock: the peers that benchmarks/ measures against"),
)


def blocks(text: str) -> list[str]:
    """Return one block for each package of a lock: its line and the lines of its hashes."""
    return re.findall(r"^[A-Za-z0-9][^\\\n]*(?: \\\n {4}--hash=\S+)+", text, re.MULTILINE)


def pins(text: str) -> list[str]:
    """Return the lines of a lock without the hashes: "numpy==2.4.6", some with a condition behind it."""
    return [block.split(" \\")[0] for block in blocks(text)]


def resolved(groups: tuple[str, ...], before: str, options: list[str]) -> str:
    """Return what uv resolves, starting from the pins of before."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "lock.txt"
        out.write_text(before, "utf-8")
        uv = Path(sys.executable).with_name("uv")
        subprocess.run(
            [uv, "pip", "compile", "pyproject.toml", *groups, "--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header",
             "--no-annotate", "--quiet", "--output-file", out, *options],
            cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return out.read_text("utf-8")


def main() -> int:
    """Write the three locks."""
    parser = argparse.ArgumentParser(description="Write the locks from pyproject.toml.")
    parser.add_argument("--upgrade", action="store_true", help="the newest versions that pyproject.toml allows")
    parser.add_argument("--package", action="append", default=[], metavar="NAME", help="the newest version of this package only (repeatable)")
    options = parser.parse_args()
    wanted = ["--upgrade"] * options.upgrade + [part for name in options.package for part in ("--upgrade-package", name)]
    below: list[str] = []
    before, file_below = "", ""
    for name, groups, told in LAYERS:
        before += "\n".join(line for line in (ROOT / name).read_text("utf-8").splitlines() if not line.startswith(("#", "-r"))) + "\n"
        found = blocks(resolved(groups, before, wanted))
        lines = [
            f"# {told}, exactly and with the hashes of its files. Written by `make lock` from pyproject.toml.",
            *([f"-r {file_below}"] * bool(file_below)),
        ]
        (ROOT / name).write_text("\n".join([*lines, *(block for block in found if block not in below)]) + "\n", "utf-8")
        below, file_below = found, name
        before = "\n".join(found) + "\n"  # what a layer below has chosen holds for those above
        wanted = [] if options.upgrade else wanted
    return 0


if __name__ == "__main__":
    sys.exit(main())
