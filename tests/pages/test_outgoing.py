"""What leaves the server: compressed files, cut fonts, headers, counters and lines of a log."""

import asyncio
import io
import json
import logging
import re
import zlib
from pathlib import Path

import brotli
import pytest
from fontTools.ttLib import TTFont
from streamlit import file_util
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from funnel_sim.errors import InputError
from funnel_sim.ui.frame import PLACES
from funnel_sim.ui.server import counters as counted
from funnel_sim.ui.server.compressed import coding_for, font_of
from funnel_sim.ui.server.outgoing import outgoing
from funnel_sim.ui.server.settings import BASE, COUNTERS, EMBED, LOG, Settings, settings_of
from scripts.make_screen_fonts import icons, ligatures

STATIC = Path(file_util.get_static_dir())
SCRIPT = next(iter(sorted((STATIC / "static" / "js").glob("protobuf.*.js"))))
ADDRESS = f"/static/js/{SCRIPT.name}"


PLAIN = Settings()


def asked(path, settings=PLAIN, method="GET", app=None, **headers):
    """Return status, headers and body of an answer."""
    app = app or outgoing(create_streamlit_static_handler(str(STATIC), None), settings)
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        "extensions": {},
    }
    out = []

    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        out.append(message)

    asyncio.run(app(scope, receive, send))
    told = {name.lower().decode(): value.decode() for name, value in out[0]["headers"]}
    return out[0]["status"], told, b"".join(one.get("body", b"") for one in out[1:])


@pytest.mark.parametrize(
    ("accepts", "coding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", lambda body: zlib.decompress(body, 31)),
        ("br;q=0, gzip;q=0.5", "gzip", lambda body: zlib.decompress(body, 31)),
    ],
)
def test_a_script_leaves_as_small_as_the_browser_can_read_it(accepts, coding, unpack):
    app = outgoing(create_streamlit_static_handler(str(STATIC), None), Settings())
    for _ in range(2):  # the second is the one that was kept
        status, told, body = asked(ADDRESS, app=app, accept_encoding=accepts)
        assert status == 200 and told["content-encoding"] == coding
        assert unpack(body) == SCRIPT.read_bytes() and int(told["content-length"]) == len(body)
        assert len(body) < SCRIPT.stat().st_size / 5
        assert "immutable" in told["cache-control"] and told["vary"] == "Accept-Encoding"
        assert "javascript" in told["content-type"] and "etag" not in told


def test_what_is_not_asked_for_compressed_is_sent_as_it_is():
    status, told, body = asked(ADDRESS)
    assert (status, body) == (200, SCRIPT.read_bytes()) and "content-encoding" not in told
    status, told, body = asked(ADDRESS, accept_encoding="br", range="bytes=0-9")
    assert (status, body) == (206, SCRIPT.read_bytes()[:10]) and "content-encoding" not in told
    status, told, body = asked(ADDRESS, method="HEAD", accept_encoding="br")
    assert (status, body) == (200, b"")


def test_a_file_that_is_not_there_is_not_kept_under_its_name():
    app = outgoing(create_streamlit_static_handler(str(STATIC), None), Settings())
    for _ in range(2):
        _, told, _ = asked("/static/js/none.js", app=app, accept_encoding="br")
        assert "content-encoding" not in told and "immutable" not in told["cache-control"]


@pytest.mark.parametrize("accepts", ["identity", "", "br;q=0", "*"])
def test_no_coding_that_was_not_named(accepts):
    assert coding_for(accepts) == ""


def test_every_icon_that_is_shown_is_in_the_font_that_is_sent():
    sent = font_of("/static/media/MaterialSymbols-Rounded.abc.woff2")
    (whole,) = (STATIC / "static" / "media").glob("MaterialSymbols-Rounded.*.woff2")
    assert len(sent) < whole.stat().st_size / 8
    held, asked_for = ligatures(TTFont(io.BytesIO(sent))), icons()
    assert asked_for <= held, "run scripts/make_screen_fonts.py again"
    menu = {place.icon for place in PLACES}  # put together from a name: found by its quotes
    assert menu <= asked_for and {"undo", "redo", "ios_share", "chevron_right"} <= asked_for


def test_the_font_of_letters_has_those_of_european_names_and_prices():
    held = TTFont(
        io.BytesIO(font_of("/static/media/SourceSansVF-Upright.ttf.x.woff2"))
    ).getBestCmap()
    assert {ord(one) for one in "Aéßñçøžł€£¥−–—“”’…×·→%0123456789"} <= set(held)
    assert font_of("/static/media/SourceSansVF-Italic.ttf.x.woff2") is None


def test_headers_allow_nothing_from_elsewhere_and_no_frame_but_the_named():
    _, told, body = asked("/")
    policy = dict(one.split(" ", 1) for one in told["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'" and policy["frame-ancestors"] == "'self'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert policy["script-src"].count("'sha256-") == len(re.findall(rb"<script>", body)) > 0
    assert told["x-content-type-options"] == "nosniff" and told["x-frame-options"] == "SAMEORIGIN"
    _, told, _ = asked("/", Settings(embed_in=("https://a.example", "https://*.b.example")))
    assert told["content-security-policy"].endswith("'self' https://a.example https://*.b.example")
    assert "x-frame-options" not in told


def test_counters_are_told_only_where_they_were_asked_for():
    assert b"funnel_sim_sessions" not in asked("/metrics")[2]
    status, told, body = asked("/metrics", Settings(counters=True))
    assert status == 200 and told["content-type"].startswith("text/plain")
    assert b"funnel_sim_sessions" in body and told["cache-control"] == "no-store"


def lines(monkeypatch, log, run):
    """Return what the log holds after `run`, each line read as JSON."""
    monkeypatch.setenv(LOG, log)
    monkeypatch.setenv(COUNTERS, "1")
    written = io.StringIO()
    writer = logging.StreamHandler(written)
    writer.setFormatter(counted.JsonLines())
    logger = logging.getLogger("funnel_sim.server")
    monkeypatch.setattr(logger, "handlers", [writer])
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "level", logging.INFO)
    logger.manager._clear_cache() if hasattr(logger.manager, "_clear_cache") else None
    run()
    return [json.loads(one) for one in written.getvalue().splitlines()]


def test_a_redraw_and_a_failure_are_counted_without_what_was_typed(monkeypatch):
    counted.counters.cache_clear()

    def run():
        with counted.redraw(lambda: "quote-test"):
            pass
        with pytest.raises(ValueError, match="secret"), counted.redraw(lambda: "quote-test"):
            raise ValueError("secret of a visitor")

    drawn, failed, ended = lines(monkeypatch, "json", run)
    assert (drawn["event"], drawn["page"], drawn["outcome"]) == ("redraw", "quote-test", "drawn")
    assert (failed["event"], failed["kind"], ended["outcome"]) == ("failed", "ValueError", "failed")
    assert failed["steps"] and "secret" not in json.dumps([drawn, failed, ended])
    text = counted.counters().text().decode()
    assert 'funnel_sim_redraw_seconds_count{page="quote-test"} 2.0' in text
    assert 'failures_total{kind="ValueError",page="quote-test"} 1.0' in text


def test_a_page_whose_failure_was_said_is_no_page_that_was_drawn(monkeypatch):
    """The frame says it in one sentence and goes on: the line of the log does not."""

    def run():
        with counted.redraw(lambda: "cash-flow"):
            counted.failed("cash-flow", ValueError("told on the page"))
        with counted.redraw(lambda: "cash-flow"):
            pass

    _failed, first, second = lines(monkeypatch, "json", run)
    assert (first["outcome"], second["outcome"]) == ("failed", "drawn")


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        (EMBED, "javascript:x", "embed-in"),
        (EMBED, "https://a.example; script-src *", "embed-in"),
        (BASE, "a/../b", "base-path"),
        (COUNTERS, "maybe", "counters"),
        (LOG, "xml", "log"),
    ],
)
def test_a_setting_that_is_none_is_refused_by_its_name(name, value, field):
    with pytest.raises(InputError, match=f"^{field}: "):
        settings_of({name: value})


def test_settings_come_back_from_the_environment_they_become():
    for one in (Settings(), Settings(("https://a.example",), "x/y", counters=True, log="json")):
        assert settings_of(one.environment()) == one
