"""Run the steps of the Dockerfile on a bare root, where no container engine is.

Each stage of the Dockerfile becomes a directory with the system that its FROM names (made by
debootstrap, once), in which its RUN steps run by chroot, its COPY steps copy what .dockerignore
lets through, and ENV, WORKDIR and USER hold. Then the ENTRYPOINT is started as the image's user,
HEALTHCHECK is asked until it says yes, and SIGTERM has to end it.

Usage (as root): python scripts/try_image.py DIRECTORY [--bind PATH ...]. DIRECTORY takes about
2 GB; --bind shows a path of this machine inside, to be read only, such as the settings of a package
registry.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUITES = {"debian:bookworm-slim": "bookworm"}
PATIENCE = 120.0


@dataclass
class Stage:
    """A stage: its root, and what holds for the steps that follow."""

    root: Path
    place: str = "/"
    user: str = "0"
    env: dict[str, str] = field(default_factory=dict)
    entry: list[str] = field(default_factory=list)
    health: str = ""


def said(text: str) -> None:
    """Say what is being done."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def steps() -> list[tuple[str, str]]:
    """Return the Dockerfile's steps: word and rest, without comments."""
    out = []
    for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            out.append((word.upper(), rest.strip()))
    return out


def let_through() -> list[str]:
    """Return what .dockerignore lets into the build."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    return [one[1:] for one in lines if one.startswith("!")]


def bare(image: str, into: Path) -> None:
    """Put the bare system that an image names into a directory."""
    cached = into.parent / f"bare-{SUITES[image]}"
    if not (cached / "bin").exists():
        subprocess.run(
            ["debootstrap", "--variant=minbase", SUITES[image], str(cached)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    shutil.rmtree(into, ignore_errors=True)
    subprocess.run(["cp", "-a", str(cached), str(into)], check=True)


def inside(stage: Stage, command: list[str], binds: list[str]) -> list[str]:
    """Return a command that runs inside a stage, in namespaces of its own."""
    root = shlex.quote(str(stage.root))
    mounts = [f"mount --bind /proc {root}/proc", f"mount --bind /dev {root}/dev"]
    for one in binds:
        target = stage.root / one.lstrip("/")
        if Path(one).is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        at = shlex.quote(str(target))
        mounts.append(f"mount --bind {shlex.quote(one)} {at} && mount -o remount,bind,ro {at}")
    env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"} | stage.env
    passed = {k: v for k, v in os.environ.items() if k.lower().endswith("_proxy") or "PIP_" in k}
    given = " ".join(shlex.quote(f"{k}={v}") for k, v in (passed | env).items())
    step = f"cd {shlex.quote(stage.place)} && exec {shlex.join(command)}"
    user = f"--userspec={stage.user}:{stage.user} " if stage.user != "0" else ""
    run = f"exec env -i {given} chroot {user}{root} /bin/sh -c {shlex.quote(step)}"
    return ["unshare", "--mount", "--", "/bin/sh", "-c", " && ".join([*mounts, run])]


def copy(stage: Stage, rest: str, stages: dict[str, Stage]) -> None:
    """Do a COPY step."""
    words = rest.split()
    source = ROOT
    allowed: list[str] | None = let_through()
    if words[0].startswith("--from="):
        source, allowed = stages[words.pop(0).removeprefix("--from=")].root, None
    *named, into = words
    target = stage.root / (into if into.startswith("/") else f"{stage.place}/{into}").lstrip("/")
    for one in named:
        if allowed is not None and one.split("/")[0] not in allowed:
            raise SystemExit(f"COPY {one}: .dockerignore keeps it out of the build")
        origin = source / one.lstrip("/")
        if origin.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(origin, target, symlinks=True, dirs_exist_ok=True, ignore=ignored)
        else:
            at = target / origin.name if into.endswith("/") else target
            at.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(origin, at)


def build(into: Path, binds: list[str]) -> Stage:
    """Build all stages; return the last."""
    stages: dict[str, Stage] = {}
    last = Stage(into)
    for word, rest in steps():
        said(f"{word} {rest}")
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            last = Stage(into / (name or "image"))
            bare(image, last.root)
            shutil.copy2("/etc/resolv.conf", last.root / "etc" / "resolv.conf")
            stages[name] = last
        elif word == "RUN":
            subprocess.run(inside(last, ["/bin/sh", "-c", rest], binds), check=True)
        elif word == "COPY":
            copy(last, rest, stages)
        elif word == "WORKDIR":
            last.place = rest
            (last.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif word == "ENV":
            last.env |= dict(one.split("=", 1) for one in shlex.split(rest))
        elif word == "USER":
            last.user = rest
        elif word == "ENTRYPOINT":
            last.entry = json.loads(rest)
        elif word == "HEALTHCHECK":
            last.health = rest.partition("CMD ")[2]
        elif word != "EXPOSE":
            raise SystemExit(f"{word}: no step that this script knows")
    return last


def try_out(image: Stage, binds: list[str]) -> None:
    """Start the image, ask for its health, and end it."""
    server = subprocess.Popen(inside(image, image.entry, binds))
    deadline = time.monotonic() + PATIENCE
    asking = inside(image, ["/bin/sh", "-c", image.health], binds)
    try:
        while subprocess.run(asking, check=False).returncode:
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the image does not answer")
            time.sleep(1)
        who = Path(f"/proc/{server.pid}/status").read_text()
        uid = next(one.split()[1] for one in who.splitlines() if one.startswith("Uid"))
        if uid != image.user:
            raise SystemExit(f"runs as {uid}, not as {image.user}")
    finally:
        server.terminate()
    if server.wait(timeout=30) not in (0, -15):
        raise SystemExit(f"ended with {server.returncode} when it was told to stop")
    said("answers, as its own user, and stops when told")


def main() -> None:
    """Build and try."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--bind", action="append", default=[])
    asked = parser.parse_args()
    asked.directory.mkdir(parents=True, exist_ok=True)
    try_out(build(asked.directory.resolve(), asked.bind), asked.bind)


if __name__ == "__main__":
    main()
