"""Make a release: `make release VERSION=x.y.z`, or `python scripts/release.py x.y.z`.

The tree must be clean and CHANGELOG.md must say under "Unreleased" what is new. That section gets
the version and the day, the version is written into funnel_sim/__init__.py, the only place where it
stands, and both are committed and tagged. Nothing is pushed.
"""

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

PLACE = Path("funnel_sim") / "__init__.py"
CHANGELOG = Path("CHANGELOG.md")
UNRELEASED = "## [Unreleased]\n"
_STANDS = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)


def git(*arguments: str) -> str:
    """Return what a git command prints."""
    return subprocess.run(
        ["git", *arguments], capture_output=True, encoding="utf-8", check=True
    ).stdout


def numbers(version: str) -> tuple[int, ...]:
    """Return a version's three numbers; raises SystemExit for anything else.

    >>> numbers("0.10.2") > numbers("0.9.0")
    True
    """
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version, re.ASCII):
        raise SystemExit(f"{version} is no version: three numbers with dots, such as 1.4.0")
    return tuple(int(part) for part in version.split("."))


def released(text: str, version: str, day: dt.date) -> str:
    """Return the changelog with what was unreleased under a version, and a new empty section above
    it; raises SystemExit where there is nothing to release.
    """
    if text.count(UNRELEASED) != 1:
        raise SystemExit(f"{CHANGELOG} needs one line {UNRELEASED.strip()!r}")
    before, after = text.split(UNRELEASED)
    entries = after.split("\n## ")[0]
    if not re.search(r"^- ", entries, re.MULTILINE):
        raise SystemExit(
            f"{CHANGELOG} says nothing under {UNRELEASED.strip()!r}: what is new in {version}?"
        )
    if f"## [{version}]" in text:
        raise SystemExit(f"{CHANGELOG} has a section of {version} already")
    return f"{before}{UNRELEASED}\n## [{version}] - {day.isoformat()}\n{after}"


def main(version: str) -> int:
    """Check, write, commit and tag."""
    if git("status", "--porcelain"):
        raise SystemExit("There are changes that are not committed: commit or set them aside first")
    if git("tag", "--list", f"v{version}"):
        raise SystemExit(f"The tag v{version} is there already")
    source = PLACE.read_text("utf-8")
    now = _STANDS.findall(source)[0]
    if numbers(version) <= numbers(now):
        raise SystemExit(f"{version} does not come after {now}")
    changelog = released(CHANGELOG.read_text("utf-8"), version, dt.datetime.now(tz=dt.UTC).date())
    CHANGELOG.write_text(changelog, "utf-8", newline="\n")
    PLACE.write_text(_STANDS.sub(f'__version__ = "{version}"', source), "utf-8", newline="\n")
    git("commit", "--quiet", "--message", f"Release {version}", str(CHANGELOG), str(PLACE))
    git("tag", "--annotate", f"v{version}", "--message", f"Funnel Sim {version}")
    sys.stdout.write(
        f"{version} is committed and tagged v{version}. To publish: git push --follow-tags\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
