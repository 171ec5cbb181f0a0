"""What a server tells whoever runs it: redraws, their seconds and their failures by page, as
counters for Prometheus and as lines of a log; nothing of a visitor, a scenario or an address.

Both are off until they are asked for (`serve --counters`, `--log json`; settings.py).
"""

import json
import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from streamlit import runtime

from funnel_sim.ui.server.compressed import App, Message, Receive, Send
from funnel_sim.ui.server.settings import settings_of

METRICS = "/metrics"
_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # bounds of the histogram
_LOG = logging.getLogger("funnel_sim.server")
_FAILED, _DRAWN = "failed", "drawn"
_NOW = threading.local()  # how the redraw at work in this thread comes out


class Counters:
    """Redraws and their seconds by page, failures by page and kind, sessions that are open."""

    def __init__(self) -> None:
        """Start at zero."""
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "funnel_sim_redraw_seconds",
            "Seconds that the script took to draw a page",
            ("page",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.failures = Counter(
            "funnel_sim_redraw_failures",
            "Redraws that ended in an error, by page and kind of error",
            ("page", "kind"),
            registry=self.registry,
        )
        self.sessions = Gauge(
            "funnel_sim_sessions", "Tabs that are connected", registry=self.registry
        )
        self.sessions.set_function(_sessions)

    def text(self) -> bytes:
        """Return all of it in the text form of Prometheus."""
        return generate_latest(self.registry)


def _sessions() -> float:
    if not runtime.exists():
        return 0.0
    return float(runtime.get_instance()._session_mgr.num_active_sessions())


@cache
def counters() -> Counters:
    """Return the counters of this process."""
    return Counters()


@contextmanager
def redraw(page: Callable[[], str]) -> Iterator[None]:
    """Time what is drawn inside, and count a failure that leaves it.

    Args:
        page: says the page's name at the end, one of ours; never text from an address.
    """
    asked = settings_of()
    if not asked.counters and asked.log != "json":
        yield
        return
    began, _NOW.outcome = time.perf_counter(), _DRAWN
    try:
        yield
    except Exception as error:
        failed(page(), error)
        raise
    finally:
        taken = time.perf_counter() - began
        if asked.counters:
            counters().seconds.labels(page()).observe(taken)
        if asked.log == "json":
            _LOG.info("redraw", extra={"told": _told(page(), _NOW.outcome, taken)})


def _told(page: str, outcome: str, taken: float) -> dict[str, Any]:
    return {"page": page, "outcome": outcome, "seconds": round(taken, 3)}


def failed(page: str, error: BaseException) -> None:
    """Count a failure and write where it happened; what the error says may hold what somebody typed
    and is left out of the lines for programs.

    Args:
        page: the page's name.
        error: what went wrong.
    """
    _NOW.outcome = _FAILED
    asked = settings_of()
    if asked.counters:
        counters().failures.labels(page, type(error).__name__).inc()
    if asked.log == "json":
        _LOG.error("failed", extra={"told": {"page": page, **_where(error)}})
    else:
        _LOG.error("page failed", exc_info=error)


def _where(error: BaseException) -> dict[str, Any]:
    steps = traceback.extract_tb(error.__traceback__)
    return {
        "kind": type(error).__name__,
        "steps": [f"{one.filename}:{one.lineno} {one.name}" for one in steps],
    }


class JsonLines(logging.Formatter):
    """A line of JSON a record: time, level, logger, event, and what an event of ours tells."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line of JSON.

        Args:
            record: what is logged.
        """
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.msg if record.name == _LOG.name else record.getMessage(),
        }
        line |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[1]:
            line |= _where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def log_as(form: str) -> None:
    """Write the log of this process to its error stream in the form asked for.

    Args:
        form: "text" or "json".
    """
    if form != "json":
        return
    writer = logging.StreamHandler()
    writer.setFormatter(JsonLines())
    for name in (_LOG.name, "streamlit", "uvicorn.error"):
        one = logging.getLogger(name)
        one.handlers = [writer]
        one.propagate = False
    _LOG.setLevel(logging.INFO)


def with_metrics(inner: App) -> App:
    """Return what answers as `inner` does, and /metrics with the counters.

    Whoever may read them is the proxy's to say: the one in deploy/ does not pass the path on.

    Args:
        inner: the application (ASGI) of the server.
    """

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != METRICS:
            await inner(scope, receive, send)
            return
        headers = [(b"content-type", CONTENT_TYPE_LATEST.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": counters().text()})

    return answer
