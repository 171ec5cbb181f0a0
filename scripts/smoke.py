"""Run an installed Funnel Sim from an empty folder: `python scripts/smoke.py COMMAND...`, for
example `python scripts/smoke.py /somewhere/bin/funnel-sim`.

Every step either answers as it should or raises.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

PATIENCE = 120.0
PRESET = "amazon-de-kitchen"


def run_all(
    command: Sequence[str], path: str | None = None, version: str | None = None
) -> list[str]:
    """Run every step with a command that starts the product, `path` being where Python finds it if
    it is not installed; return what was run.
    """
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | (
        {"PYTHONPATH": path} if path else {}
    )
    with tempfile.TemporaryDirectory() as empty:

        def ask(*arguments: str) -> str:
            done = subprocess.run(
                [*command, *arguments],
                cwd=empty,
                env=surroundings,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            if done.returncode:
                raise SystemExit(
                    f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}"
                )
            return done.stdout

        told = ask("--version").split()[-1]
        if version and told != version:
            raise SystemExit(f"--version says {told}, not {version}")
        if PRESET not in ask("presets"):
            raise SystemExit("presets: the list is not complete")
        (Path(empty) / "mine.json").write_text(ask("preset", PRESET), "utf-8")
        if json.loads(ask("evaluate", "mine.json", "--json"))["currency"] != "EUR":
            raise SystemExit("evaluate: not the preset's currency")
        made = ask("files", "mine.json", "--lang", "zh").split()  # fonts, words, pictures
        if len(made) != 5 or any((Path(empty) / name).stat().st_size < 1000 for name in made):
            raise SystemExit(f"files: {made}")
        _served([*command, "serve"], empty, surroundings)
    return ["--version", "presets", "preset", "evaluate", "files", "serve"]


def _served(command: Sequence[str], empty: str, surroundings: dict[str, str]) -> None:
    """Start the app, ask for its health, its first page and its script, and stop it; nothing may be
    left at the port.
    """
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = subprocess.Popen([*command, "--port", str(port)], cwd=empty, env=surroundings)
    try:
        deadline = time.monotonic() + PATIENCE
        for page in ("_stcore/health", "_stcore/script-health-check", ""):
            while (status := _status(f"http://127.0.0.1:{port}/{page}")) != 200:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(
                        f"serve: /{page} answers {status}, the process {server.poll()}"
                    )
                time.sleep(0.3)
    finally:
        if sys.platform == "win32":  # there no process can be asked to stop
            subprocess.run(
                ["taskkill", "/F", "/T", "/PID", str(server.pid)], check=False, capture_output=True
            )
        else:
            server.send_signal(signal.SIGTERM)
        server.wait(30)
    if _status(f"http://127.0.0.1:{port}/_stcore/health"):
        raise SystemExit("serve: something still answers after the end")


def _status(url: str) -> int:
    """Return the status of a page, 0 where nobody answers."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            url, timeout=60
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


if __name__ == "__main__":
    sys.stdout.write(f"from an empty folder: {', '.join(run_all(sys.argv[1:]))}\n")
