"""Files of the screen leave compressed, and its fonts hold what is shown: a first visit is a
quarter of what Streamlit sends.

Streamlit 1.67 sends its own scripts as they lie on the disk and leaves compression to a proxy,
since its own would be done anew for every visitor. Here each file is compressed once in the life of
a process and kept; there are some three hundred, which come to six megabytes
(docs/decisions/0081-hosting.md). The fonts of icons and letters are replaced by those that
scripts/make_screen_fonts.py cut.
"""

import asyncio
import re
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from importlib import resources
from typing import Any

import brotli

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_STATIC = re.compile(r"/static/(js|css|media)/[^/]+\.(js|css|svg|json|ttf)$")
_FONTS = (
    (re.compile(r"/static/media/MaterialSymbols-Rounded\.[^/]*\.woff2$"), "ScreenIcons.woff2"),
    (re.compile(r"/static/media/SourceSansVF-Upright\.[^/]*\.woff2$"), "ScreenText.woff2"),
)
_FINE = 200
_BROTLI_QUALITY, _GZIP_LEVEL = 9, 9
_GZIP_WINDOW = 31  # of zlib: the largest window, in gzip's frame
_MOST_KEPT = 1000
_FOREVER = b"public, immutable, max-age=31536000"


def coding_for(accepted: str) -> str:
    """Return how a browser wants a file compressed: "br", "gzip", or "" for not at all.

    Args:
        accepted: its Accept-Encoding.

    Examples:
        >>> coding_for("gzip, deflate, br, zstd"), coding_for("gzip;q=1.0, br;q=0")
        ('br', 'gzip')
        >>> coding_for("identity")
        ''
    """
    wanted = set()
    for part in accepted.lower().split(","):
        name, _, weight = part.strip().partition(";")
        if not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight):
            wanted.add(name.strip())
    return next((one for one in ("br", "gzip") if one in wanted), "")


def packed(body: bytes, coding: str) -> bytes:
    """Return a file compressed.

    Args:
        body: the file.
        coding: "br" or "gzip".
    """
    if coding == "br":
        return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    return packer.compress(body) + packer.flush()


def font_of(path: str) -> bytes | None:
    """Return the font that is sent in place of one of Streamlit's; None where it sends its own.

    Args:
        path: the path of the address.
    """
    return next((_font(name) for pattern, name in _FONTS if pattern.search(path)), None)


@cache
def _font(name: str) -> bytes:
    return resources.files("funnel_sim").joinpath("data", "fonts", name).read_bytes()


def compressed(inner: App) -> App:
    """Return what answers as `inner` does, the screen's own files compressed.

    Args:
        inner: the application (ASGI) of the server.
    """
    kept: dict[tuple[str, str], tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await inner(scope, receive, send)
            return
        path, head_only = str(scope["path"]), scope["method"] == "HEAD"
        font = font_of(path)
        if font is not None:
            headers = [(b"content-type", b"font/woff2"), (b"cache-control", _FOREVER)]
            await _send(send, headers, font, head_only)
            return
        asked = {name.lower(): value for name, value in scope["headers"]}
        coding = coding_for(asked.get(b"accept-encoding", b"").decode("latin-1"))
        if not coding or head_only or b"range" in asked or not _STATIC.search(path):
            await inner(scope, receive, send)
            return
        if (path, coding) not in kept:
            status, headers, body = await _whole(inner, scope, receive)
            told = dict(headers)
            if status != _FINE or b"immutable" not in told.get(b"cache-control", b""):
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": body})
                return
            dropped = (b"content-length", b"accept-ranges", b"etag", b"last-modified")
            headers = [one for one in headers if one[0] not in dropped]
            headers += [(b"content-encoding", coding.encode()), (b"vary", b"Accept-Encoding")]
            body = await asyncio.to_thread(packed, body, coding)
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[path, coding] = headers, body
        await _send(send, *kept[path, coding], head_only)

    return answer


async def _whole(
    inner: App, scope: Message, receive: Receive
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Return status, headers and the whole body of an answer."""
    got: list[Message] = []

    async def kept(message: Message) -> None:
        got.append(message)

    # the file as bytes, not as a path that the server would send by itself; and the whole of it
    # whatever the browser holds of it, as the answer is kept for others
    conditions = (b"if-none-match", b"if-modified-since", b"if-range")
    plain = [one for one in scope["headers"] if one[0].lower() not in conditions]
    await inner({**scope, "extensions": {}, "headers": plain}, receive, kept)
    start = got[0]
    body = b"".join(one.get("body", b"") for one in got[1:])
    return start["status"], [(name.lower(), value) for name, value in start["headers"]], body


async def _send(
    send: Send, headers: list[tuple[bytes, bytes]], body: bytes, head_only: bool
) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": _FINE, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": b"" if head_only else body})
