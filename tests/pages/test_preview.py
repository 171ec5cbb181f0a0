"""The title that a chat shows of a link: what the server sends before any script runs."""

import asyncio
from urllib.parse import quote

import pytest
from streamlit import file_util
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from funnel_sim.scenario.links import encode
from funnel_sim.scenario.presets import preset
from funnel_sim.ui.server.preview import previewed, title_of

NAMED = encode(preset("amazon-de-kitchen").replace({"name": "A & <b>"}))


def sent(path, query="", method="GET"):
    """Return status, headers and body of what Streamlit's own files answer, previewed."""
    handler = previewed(create_streamlit_static_handler(file_util.get_static_dir(), None))
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [],
        "extensions": {"http.response.pathsend": {}},
    }
    out = []

    async def receive():  # nobody leaves before the answer is there
        await asyncio.Event().wait()

    async def send(message):
        out.append(message)

    asyncio.run(handler(scope, receive, send))
    headers = dict(out[0]["headers"])
    return out[0]["status"], headers, b"".join(one.get("body", b"") for one in out[1:])


@pytest.mark.parametrize("path", ["/", "/shared-verdict", "/quote-test"])
def test_a_link_is_told_by_name_and_shop_before_it_is_opened(path):
    status, headers, body = sent(path, f"lang=en&by={quote('Mr Wang')}&s={NAMED}")
    text = body.decode()
    assert status == 200 and int(headers[b"content-length"]) == len(body)
    assert b"etag" not in headers  # the same file is another page at another address
    for told in ("<title>", '<meta property="og:title" content="'):
        assert f"{told}A &amp; &lt;b&gt; · Amazon Germany · " in text
    assert "from Mr Wang · Funnel Sim" in text
    assert "<b>" not in text.split("</title>")[0] and "Streamlit</title>" not in text
    assert '<div id="root">' in text  # the page itself is as it was


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/shared-verdict", "Verdict · "),  # the address that a sent link opens on
        ("/quote-test", "Quote test · "),
        ("/kpi-check", "KPI check · "),
        ("/verdict", ""),
    ],
)
def test_the_title_names_the_page(path, page):
    assert title_of(path, f"lang=en&s={NAMED}") == f"A & <b> · Amazon Germany · {page}Funnel Sim"


@pytest.mark.parametrize("query", ["", "lang=en", "lang=en&s=broken", "s=" + "9" * 20_000])
def test_an_address_without_a_scenario_is_called_by_the_products_name(query):
    assert title_of("/quote-test", query) == "Funnel Sim"
    assert "<title>Funnel Sim</title>" in sent("/quote-test", query)[2].decode()


def test_what_is_no_page_passes_as_it_is():
    status, headers, body = sent("/favicon.png", f"s={NAMED}")
    assert status == 200 and body[:4] == b"\x89PNG" and b"etag" in headers
    status, headers, body = sent("/", f"s={NAMED}", "HEAD")
    assert status == 200 and body == b""
