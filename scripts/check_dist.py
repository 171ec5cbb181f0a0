"""Look through the wheel and the sdist of a folder, then run the wheel from an empty one: `python
scripts/check_dist.py dist`.

Nothing is fetched: the wheel is unpacked beside the packages of the environment that runs this. CI
installs it with its dependencies (.github/workflows/ci.yml).
"""

import configparser
import email
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

from smoke import run_all

ROOT = Path(__file__).resolve().parents[1]
LICENCES = {"LICENSE", "NOTICE", "funnel_sim/data/fonts/OFL.txt"}
MOVED = {
    "app.py": "funnel_sim/screen/app.py",
    ".streamlit/config.toml": "funnel_sim/screen/.streamlit/config.toml",
}


def source_files(folder: str) -> dict[str, Path]:
    """Return every file below a folder of the tree, by its path from the top, without what Python
    leaves there.
    """
    return {
        path.relative_to(ROOT).as_posix(): path
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def expected() -> dict[str, Path]:
    """Return what the wheel has to hold outside of its own description, and the file in the tree
    that it equals.
    """
    pages = {f"funnel_sim/screen/{name}": path for name, path in source_files("pages").items()}
    return (
        source_files("funnel_sim") | pages | {inside: ROOT / name for name, inside in MOVED.items()}
    )


def wheel_problems(wheel: Path) -> list[str]:
    """Return what is missing in a wheel, too much, or not as it stands in the tree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted, found = expected(), []
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        about = next(name for name in names if name.endswith(".dist-info/METADATA")).removesuffix(
            "/METADATA"
        )
        inside = {name for name in names if not name.startswith(f"{about}/")}
        found += [f"missing: {name}" for name in sorted(wanted.keys() - inside)] + [
            f"too much: {name}" for name in sorted(inside - wanted.keys())
        ]
        found += [
            f"differs: {name}"
            for name in sorted(wanted.keys() & inside)
            if archive.read(name) != wanted[name].read_bytes()
        ]
        found += [
            f"no licence: {name}"
            for name in sorted(LICENCES)
            if f"{about}/licenses/{name}" not in names
        ]
        told = email.message_from_string(archive.read(f"{about}/METADATA").decode("utf-8"))
        commands = configparser.ConfigParser()
        commands.read_string(archive.read(f"{about}/entry_points.txt").decode("utf-8"))
    found += [
        f"{key}: {told[key]}"
        for key, value in (("Version", version()), ("License-Expression", project["license"]))
        if told[key] != value
    ]
    asked = [
        f"{one}; extra == '{extra}'"
        for extra, packages in project["optional-dependencies"].items()
        for one in packages
    ]
    if sorted(told.get_all("Requires-Dist", [])) != sorted([*project["dependencies"], *asked]):
        found.append(f"Requires-Dist: {told.get_all('Requires-Dist')}")
    if dict(commands["console_scripts"]) != project["scripts"]:
        found.append(f"entry points: {dict(commands['console_scripts'])}")
    return found


def sdist_problems(sdist: Path) -> list[str]:
    """Return what is missing in an sdist or does not belong there, git knowing what the tree
    holds.
    """
    tracked = set(
        subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split("\0")
    ) - {""}
    with tarfile.open(sdist) as archive:
        inside = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    return [f"missing: {name}" for name in sorted(tracked - inside)] + [
        f"too much: {name}" for name in sorted(inside - tracked - {"PKG-INFO"})
    ]


def version() -> str:
    """Return the version that stands in the package."""
    return re.findall(
        r'^__version__ = "(.+)"$',
        (ROOT / "funnel_sim" / "__init__.py").read_text("utf-8"),
        re.MULTILINE,
    )[0]


def main(folder: str) -> int:
    """Say what is wrong, or what was looked at."""
    (wheel,), (sdist,) = Path(folder).glob("*.whl"), Path(folder).glob("*.tar.gz")
    found = [
        f"{one.name}: {problem}"
        for one, check in ((wheel, wheel_problems), (sdist, sdist_problems))
        for problem in check(one)
    ]
    sys.stderr.write("".join(f"{one}\n" for one in found))
    if found:
        return 1
    with tempfile.TemporaryDirectory() as unpacked:
        zipfile.ZipFile(wheel).extractall(unpacked)
        done = run_all([sys.executable, "-m", "funnel_sim"], unpacked, version())
    sys.stdout.write(
        f"{wheel.name} ({len(expected())} files, {wheel.stat().st_size / 1e6:.1f} MB) and"
        f" {sdist.name}: complete; run from an empty folder: {', '.join(done)}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
