"""Start the app and warm it up: `funnel-sim serve [--port 8501]`, or `python -m funnel_sim.ui.serve` where the command is not on the path.

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
from typing import Any

from funnel_sim.ui.home import HOME

_PATIENCE = 60.0
_LAST_PORT = 65535
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
    server = subprocess.Popen(command(port, address), cwd=HOME)
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
    streamlit(["run", str(HOME / "app.py"), *arguments], prog_name="streamlit")


def options(parser: argparse.ArgumentParser) -> None:
    """Add where to serve, and the function that does it."""
    parser.add_argument("--port", type=_port, default=8501, help="where the app answers (default: 8501)")
    parser.add_argument("--address", default="127.0.0.1", help="who may reach it (default: 127.0.0.1, this machine only; 0.0.0.0: the network)")
    parser.set_defaults(run=serve)


def _port(text: str) -> int:
    """Return a number that a port can have; raises ArgumentTypeError else."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 1 to {_LAST_PORT}")
    return int(text)


def serve(asked: Any) -> str:
    """Serve at the port and address asked for until interrupted; return what is left to say.

    Raises SystemExit with the server's exit code where it ends by itself, and with a sentence where it does not come up.
    """
    try:
        server = start(asked.port, asked.address)
    except RuntimeError as error:
        raise SystemExit(str(error)) from None
    sys.stdout.write(f"Funnel Sim: http://{asked.address}:{asked.port}\n")
    sys.stdout.flush()
    try:
        code = server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
        return ""
    if code:
        raise SystemExit(code)
    return ""


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Start Funnel Sim.")
    options(parser)
    serve(parser.parse_args())
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == [_HERE]:
        serve_here(sys.argv[2:])
    sys.exit(main())
