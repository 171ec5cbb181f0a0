"""The server's application as it answers: counters, titles, compressed files, headers, in this
order from the inside out.
"""

from typing import Any

from streamlit.web.server.starlette import starlette_server as server

from funnel_sim.ui.server import preview
from funnel_sim.ui.server.compressed import App, compressed
from funnel_sim.ui.server.counters import log_as, with_metrics
from funnel_sim.ui.server.headers import with_headers
from funnel_sim.ui.server.settings import Settings

_MAKER = "create_starlette_app"  # what Streamlit's server calls, by its name there


def outgoing(inner: App, settings: Settings) -> App:
    """Return what answers as `inner` does, as whoever runs the server wants it.

    Args:
        inner: Streamlit's application (ASGI).
        settings: what was decided for this server.
    """
    counted = with_metrics(inner) if settings.counters else inner
    return with_headers(compressed(counted), settings)


def installed(settings: Settings) -> None:
    """Make Streamlit's server of this process answer so.

    Args:
        settings: what was decided for this server.
    """
    preview.installed()
    log_as(settings.log)
    made = vars(server)[_MAKER]

    def application(runtime: Any) -> Any:
        return outgoing(made(runtime), settings)

    vars(server)[_MAKER] = application
