"""What every answer tells the browser to allow: nothing from elsewhere, nobody's frame but those
that were named, and no address passed on to other sites.
"""

import hashlib
import re
from base64 import b64encode
from functools import cache
from pathlib import Path

from streamlit import file_util

from funnel_sim.ui.server.compressed import App, Message, Receive, Send
from funnel_sim.ui.server.settings import Settings

_POLICY = {
    "default-src": ("'self'",),
    # charts are programs that the browser compiles from their description
    "script-src": ("'self'", "'unsafe-eval'", "'wasm-unsafe-eval'", "blob:"),
    "style-src": ("'self'", "'unsafe-inline'"),
    "img-src": ("'self'", "data:", "blob:"),
    "font-src": ("'self'", "data:"),
    "media-src": ("'self'", "data:", "blob:"),
    "connect-src": ("'self'", "data:", "blob:"),
    "worker-src": ("'self'", "blob:"),
    "frame-src": ("'self'", "blob:", "data:"),
    "object-src": ("'none'",),
    "base-uri": ("'self'",),
    "form-action": ("'self'",),
}


_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@cache
def inline_scripts() -> tuple[str, ...]:
    """Return the scripts that stand in Streamlit's own page, as the policy names them: by their
    hash, so that no other script in a page would run.
    """
    page = Path(file_util.get_static_dir(), "index.html").read_bytes()
    found = (hashlib.sha256(one).digest() for one in _INLINE.findall(page))
    return tuple(f"'sha256-{b64encode(one).decode()}'" for one in found)


def headers_of(settings: Settings) -> list[tuple[bytes, bytes]]:
    """Return the headers of every answer.

    Args:
        settings: who may show the app in a frame.

    Examples:
        >>> told = dict(headers_of(Settings(embed_in=("https://wiki.example.com",))))
        >>> told[b"content-security-policy"].decode().split("; ")[-1]
        "frame-ancestors 'self' https://wiki.example.com"
        >>> b"x-frame-options" in told, dict(headers_of(Settings()))[b"x-frame-options"]
        (False, b'SAMEORIGIN')
    """
    policy = _POLICY | {
        "script-src": (*_POLICY["script-src"], *inline_scripts()),
        "frame-ancestors": ("'self'", *settings.embed_in),
    }
    out = {
        "content-security-policy": "; ".join(" ".join((k, *v)) for k, v in policy.items()),
        "x-content-type-options": "nosniff",
        # an address holds the scenario: no other site is told it
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
    }
    if not settings.embed_in:
        out["x-frame-options"] = "SAMEORIGIN"
    return [(name.encode(), value.encode()) for name, value in out.items()]


def with_headers(inner: App, settings: Settings) -> App:
    """Return what answers as `inner` does, with the headers of `headers_of`.

    Args:
        inner: the application (ASGI) of the server.
        settings: who may show the app in a frame.
    """
    added = headers_of(settings)
    names = {name for name, _ in added}

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [one for one in message["headers"] if one[0].lower() not in names]
                message = {**message, "headers": [*own, *added]}
            await send(message)

        await inner(scope, receive, told if scope["type"] == "http" else send)

    return answer
