"""What a chat shows of a link before anybody opens it: the title of the page that the server sends,
with the scenario's name, its shop and, on a sent link, who sent it.

Streamlit sends one page for every address, called "Streamlit", and writes the real title only once
its script runs in a browser; what previews links runs none. So the page is changed on its way out.
No figure stands in it: nothing is simulated before somebody looks, and a chat may have others in
it.
"""

import html
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from streamlit.web.server.starlette import starlette_static_routes as routes

from funnel_sim.errors import InputError
from funnel_sim.reference.places import country_words
from funnel_sim.scenario.links import decode
from funnel_sim.ui.session.address import SHARED
from funnel_sim.words import LANGS, Lang, say

Message = MutableMapping[str, Any]
App = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]
NAME = "Funnel Sim"
_LONGEST_NAME = 60
_PAGES = {SHARED: "shared_verdict", "quote-test": "quote_test", "kpi-check": "kpi_check"}
"""Last parts of addresses whose page is named in the title."""


def title_of(path: str, query: str) -> str:
    """Return the title of an address: name and shop of its scenario and the page; the product's
    name where it holds none, or one that cannot be read.

    Args:
        path: the path of the address, such as "/quote-test".
        query: what follows the question mark.

    Examples:
        >>> from funnel_sim.scenario.links import encode
        >>> from funnel_sim.scenario.presets import preset
        >>> named = preset("amazon-de-kitchen").replace({"name": "Agency Nova"})
        >>> title_of("/quote-test", f"lang=en&s={encode(named)}")
        'Agency Nova · Amazon Germany · Quote test · Funnel Sim'
        >>> title_of("/", "lang=en&s=broken")
        'Funnel Sim'
    """
    asked = parse_qs(query)
    lang = _lang(asked)
    parts: list[str] = []
    try:
        scenario = decode(asked["s"][0]).scenario
    except (InputError, KeyError):
        pass
    else:
        shop = (scenario.platform, country_words(scenario.market).of(lang))
        parts = [scenario.name, " ".join(one for one in shop if one)]
    page = _PAGES.get(path.rstrip("/").rpartition("/")[2])
    if parts and page:
        parts.append(say(lang, f"page.{page}"))
    if parts and asked.get("by"):
        parts.append(say(lang, "preview.by", name=asked["by"][0][:_LONGEST_NAME]))
    return " · ".join(part for part in (*parts, NAME) if part)


def _lang(asked: dict[str, list[str]]) -> Lang:
    given = asked.get("lang", [""])[0]
    return next((one for one in LANGS if one == given), "zh")


def with_title(page: str, title: str, about: str) -> str:
    """Return a page of HTML with its title and what previews look for.

    Args:
        page: the page as it is sent.
        title: the title, as text.
        about: one sentence on the product, as text.

    Examples:
        >>> with_title("<head><title>Streamlit</title></head>", "A & B", "C")[:36]
        '<head><title>A &amp; B</title><meta '
    """
    shown, said = html.escape(title, quote=True), html.escape(about, quote=True)
    made = (
        f"<title>{shown}</title>"
        f'<meta property="og:title" content="{shown}"><meta property="og:type" content="website">'
        f'<meta property="og:site_name" content="{NAME}">'
        f'<meta property="og:description" content="{said}">'
        f'<meta name="description" content="{said}">'
    )
    return re.sub(r"<title>.*?</title>", lambda _: made, page, count=1, flags=re.DOTALL)


def previewed(inner: App) -> App:
    """Return what answers for pages as `inner` does, each page of HTML with the title of its
    address.

    Args:
        inner: the application (ASGI) that sends Streamlit's own files.
    """

    async def answer(
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await inner(scope, receive, send)
            return
        head: list[Message] = []
        body = bytearray()

        async def changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                kinds = [value for name, value in message["headers"] if name == b"content-type"]
                if message["status"] == _FINE and any(b"text/html" in kind for kind in kinds):
                    head.append(message)
                    return
            elif head and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                await _send_page(head[0], bytes(body), scope, send)
                return
            await send(message)

        # files are sent through `changed`, not by their path past it
        await inner({**scope, "extensions": {}}, receive, changed)

    return answer


_FINE = 200


async def _send_page(
    head: Message, body: bytes, scope: Message, send: Callable[[Message], Awaitable[None]]
) -> None:
    query = scope.get("query_string", b"").decode("latin-1")
    title = title_of(str(scope.get("path", "")), query)
    about = say(_lang(parse_qs(query)), "preview.about")
    page = with_title(body.decode("utf-8"), title, about).encode("utf-8")
    # the page differs by address: what says that a file is the same does not hold of it
    dropped = (b"content-length", b"etag", b"last-modified")
    headers = [(name, value) for name, value in head["headers"] if name not in dropped]
    headers.append((b"content-length", str(len(page)).encode()))
    await send({**head, "headers": headers})
    await send({"type": "http.response.body", "body": page})


def installed() -> None:
    """Make Streamlit's server of this process send its pages with their titles."""
    made = routes.create_streamlit_static_handler

    def handler(directory: str, base_url: str | None) -> Any:
        return previewed(made(directory, base_url))

    routes.create_streamlit_static_handler = handler
