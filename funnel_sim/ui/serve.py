"""Start the app and warm it up: `python -m funnel_sim.ui.serve [--port 8501]`.

A cold Streamlit 1.67 process with a folder named pages/ answers its very first request by the old
rules of that folder (docs/decisions/0004-pages-folder.md). One run of the script, asked for here
before any visitor comes, ends that for the life of the process.

The server's process loads all libraries before it opens its port and takes them out of the search for
rubbish. Done in a visitor's run instead, that would keep what belongs to this visitor as well
(docs/decisions/0016-nothing-is-kept.md).
"""

import argparse
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0
_HERE = "--here"  # first argument of the process that serves; the others are Streamlit's


def command(port: int, address: str) -> list[str]:
    """Return the command that serves the app."""
    return [
        sys.executable, "-m", "funnel_sim.ui.serve", _HERE, "--server.port", str(port), "--server.address", address,
        "--server.headless", "true", "--server.scriptHealthCheckEnabled", "true",
    ]  # fmt: skip


def start(port: int, address: str = "127.0.0.1") -> "subprocess.Popen[bytes]":
    """Start the server, wait until it answers, run the script once; return its process.

    Raises RuntimeError where it does not come up.
    """
    server = subprocess.Popen(command(port, address), cwd=ROOT)
    base = f"http://127.0.0.1:{port}/_stcore"
    deadline = time.monotonic() + _PATIENCE
    for page in ("health", "script-health-check"):
        while not _answers(f"{base}/{page}"):
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                raise RuntimeError(f"the app did not start on port {port}")
            time.sleep(0.2)
    return server


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def serve_here(arguments: Sequence[str]) -> None:
    """Serve in this process, everything being loaded before there is a visitor; `arguments` are those of `streamlit run`. Does not return."""
    from streamlit.web.cli import main as streamlit  # noqa: PLC0415 - only the process that serves needs it

    from funnel_sim.ui.latency import set_aside_what_stays  # noqa: PLC0415

    set_aside_what_stays()
    streamlit(["run", str(ROOT / "app.py"), *arguments], prog_name="streamlit")


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Start Funnel Sim.")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--address", default="127.0.0.1")
    options = parser.parse_args()
    server = start(options.port, options.address)
    sys.stdout.write(f"Funnel Sim: http://{options.address}:{options.port}\n")
    sys.stdout.flush()
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        return server.wait()


if __name__ == "__main__":
    if sys.argv[1:2] == [_HERE]:
        serve_here(sys.argv[2:])
    sys.exit(main())
