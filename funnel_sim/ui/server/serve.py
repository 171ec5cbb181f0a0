"""Start the app and warm it up: `funnel-sim serve [--port 8501]`, or `python -m
funnel_sim.ui.server.serve` where the command is not on the path.

A cold Streamlit 1.67 process with a folder named pages/ answers its very first request by the old
rules of that folder (docs/decisions/0004-pages-folder.md). The process that serves switches them
off before it opens its port; one run of the script, asked for here, warms it up.

The server's process loads all libraries before it opens its port and takes them out of the search
for rubbish. Done in a visitor's run instead, that would keep what belongs to this visitor as well
(docs/decisions/0016-nothing-is-kept.md).
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

from funnel_sim.errors import InputError, refuse
from funnel_sim.ui.server.home import HOME
from funnel_sim.ui.server.settings import BASE, COUNTERS, EMBED, LOG, Settings, settings_of

_PATIENCE = 60.0
_LAST_PORT = 65_535
_DIRECTLY = urllib.request.build_opener(
    urllib.request.ProxyHandler({})
)  # a proxy has no way to this machine
_HERE = "--here"  # first argument of the process that serves; the others are Streamlit's


def command(port: int, address: str, base_path: str = "") -> list[str]:
    """Return the command that serves the app.

    Args:
        port: where it listens.
        address: on which network; 127.0.0.1 for this machine only.
        base_path: where it lies below the root of its host.
    """
    return [
        sys.executable,
        "-m",
        "funnel_sim.ui.server.serve",
        _HERE,
        "--server.port",
        str(port),
        "--server.address",
        address,
        "--server.headless",
        "true",
        "--server.scriptHealthCheckEnabled",
        "true",
        "--server.baseUrlPath",
        base_path,
    ]


def start(
    port: int, address: str = "127.0.0.1", settings: Settings | None = None
) -> "subprocess.Popen[bytes]":
    """Start the server, wait until it answers, run the script once; return its process.

    Args:
        port: where it listens.
        address: on which network; 127.0.0.1 for this machine only.
        settings: how it answers; as the environment says by default.

    Raises:
        InputError: where the address is not this machine's or the port is taken.
        RuntimeError: where the app does not come up.
    """
    if not _here(address):
        raise refuse("address", address, "address")
    host = _own(address)
    if _taken(port, host):
        raise refuse("port", port, "port_taken")
    asked = settings or settings_of()
    server = subprocess.Popen(
        command(port, address, asked.base_path), cwd=HOME, env=os.environ | asked.environment()
    )
    place = f"{asked.base_path}/_stcore" if asked.base_path else "_stcore"
    base = f"http://{f'[{host}]' if ':' in host else host}:{port}/{place}"
    deadline = time.monotonic() + _PATIENCE
    try:
        for page in ("health", "script-health-check"):
            while not _answers(f"{base}/{page}"):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the app did not start on port {port}")
                time.sleep(0.2)
    except BaseException:  # also where somebody interrupts the start: no server stays behind
        server.kill()
        server.wait()
        raise
    return server


def _here(address: str) -> bool:
    """Return whether this machine can listen at an address."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as one:
            one.bind((address, 0))
    except (OSError, UnicodeError):
        return False
    return True


def _own(address: str) -> str:
    """Return where this machine reaches a server that listens at an address.

    >>> _own("0.0.0.0"), _own("::"), _own("10.1.2.3")
    ('127.0.0.1', '::1', '10.1.2.3')
    """
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}.get(
        address, address
    )


def _taken(port: int, host: str) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as one:
        one.settimeout(1)
        return one.connect_ex((host, port)) == 0


def _answers(url: str) -> bool:
    try:
        with _DIRECTLY.open(url, timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def serve_here(arguments: Sequence[str]) -> None:
    """Serve in this process, everything being loaded before there is a visitor; `arguments` are
    those of `streamlit run`.

    Does not return.
    """
    from streamlit.web.cli import main as streamlit

    from funnel_sim.ui.server.latency import set_aside_what_stays
    from funnel_sim.ui.server.outgoing import installed

    pages_of_the_script_only()
    set_aside_what_stays()
    installed(settings_of())
    streamlit(["run", str(HOME / "app.py"), *arguments], prog_name="streamlit")


def pages_of_the_script_only() -> None:
    """Have Streamlit leave the folder pages/ alone from the first run on: no visitor, however early
    after the start, is told that there is no such page.
    """
    from streamlit.runtime.pages_manager import PagesManager

    PagesManager.uses_pages_directory = False


def options(parser: argparse.ArgumentParser) -> None:
    """Add where to serve, and the function that does it."""
    parser.add_argument("--port", default="8501", help="where the app answers (default: 8501)")
    parser.add_argument(
        "--address",
        default="127.0.0.1",
        help="who may reach it (default: 127.0.0.1, this machine only; 0.0.0.0: the network)",
    )
    parser.add_argument(
        "--base-path",
        default=os.environ.get(BASE, ""),
        help=f"where it lies below the root of its host, as in example.com/PATH (or {BASE})",
    )
    parser.add_argument(
        "--embed-in",
        default=os.environ.get(EMBED, ""),
        help=f"sites that may show it in a frame, such as https://wiki.example.com (or {EMBED})",
    )
    parser.add_argument(
        "--counters",
        action="store_true",
        default=None,
        help=f"count redraws, seconds and errors for Prometheus at /metrics (or {COUNTERS}=1)",
    )
    parser.add_argument(
        "--log",
        default=os.environ.get(LOG, ""),
        help=f"lines for readers (text) or for programs (json) (or {LOG})",
    )
    parser.set_defaults(run=serve)


def _port(text: str) -> int:
    """Return a number that a port can have; raises InputError else.

    >>> _port("8600")
    8600
    >>> _port("86k")
    Traceback (most recent call last):
    ...
    funnel_sim.errors.InputError: port: 86k — must lie between 1 and 65535
    """
    if not (
        text.isascii()
        and text.isdigit()
        and len(text) <= len(str(_LAST_PORT))
        and 1 <= int(text) <= _LAST_PORT
    ):
        raise refuse("port", text, "between", least=1, most=_LAST_PORT)
    return int(text)


def serve(asked: Any) -> str:
    """Serve at the port and address asked for until this process is told to stop; return what is
    left to say.

    Raises:
        InputError: where the port is taken or is none, or the address is not this machine's.
        SystemExit: with a sentence or the server's exit code, where the app does not come up or
            ends by itself.
    """
    port = _port(asked.port)
    counted = "1" if asked.counters else os.environ.get(COUNTERS, "")
    settings = settings_of(
        {EMBED: asked.embed_in, BASE: asked.base_path, COUNTERS: counted, LOG: asked.log}
    )
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # a container or a service manager stops it as Ctrl+C does
    try:
        server = start(port, asked.address, settings)
    except RuntimeError as error:
        raise SystemExit(str(error)) from None
    except KeyboardInterrupt:
        return ""
    try:
        sys.stdout.write(
            f"Funnel Sim: http://{asked.address}:{port}/{settings.base_path}".rstrip("/") + "\n"
        )
        sys.stdout.flush()
        code = server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
        return ""
    if code:
        raise SystemExit(code)
    return ""


def main() -> None:
    """Serve as `funnel-sim serve` does.

    Raises:
        SystemExit: with a sentence, where it cannot serve.
    """
    parser = argparse.ArgumentParser(description="Start Funnel Sim.")
    options(parser)
    try:
        serve(parser.parse_args())
    except InputError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    if sys.argv[1:2] == [_HERE]:
        serve_here(sys.argv[2:])
    main()
