"""Two replicas behind the proxy's own configuration, as Debian packages that proxy."""

import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from funnel_sim.ui.server.settings import Settings
from tests.browser.proxy import NGINX, PATIENCE, Site, proxied

DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
pytestmark = pytest.mark.skipif(
    not Path(NGINX).exists(), reason="nginx is not installed and could not be (make proxy)"
)


def get(url: str, **headers: str):
    """Return status, headers and body of an answer, whatever its status."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with DIRECTLY.open(request, timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    """Two replicas that count."""
    with proxied(tmp_path_factory.mktemp("site"), Settings(counters=True), 2) as one:
        yield one


def drawn(port: int) -> float:
    """Return how many pages a replica has drawn."""
    text = get(f"http://127.0.0.1:{port}/metrics")[2].decode()
    return sum(
        float(n) for n in re.findall(r"^funnel_sim_redraw_seconds_count.* (\S+)$", text, re.M)
    )


def visit(page: Page, url: str) -> None:
    """Open a page and wait until it is drawn."""
    page.goto(url)
    expect(page.get_by_role("heading").first).to_be_visible(timeout=PATIENCE * 1000)


def test_a_visitor_stays_with_one_replica_and_both_are_used(site: Site, browser: Browser):
    served = set()
    for _ in range(12):  # all on one of two replicas by luck: once in 2,048
        before = {port: drawn(port) for port in site.replicas}
        context = browser.new_context()
        page = context.new_page()
        visit(page, f"{site.url}/?lang=en")
        visit(page, f"{site.url}/method-and-sources?lang=en")
        cookies = {one["name"]: one for one in context.cookies()}
        assert re.fullmatch(r"[0-9a-f]{32}", cookies["funnel_replica"]["value"])
        assert cookies["funnel_replica"]["httpOnly"]
        context.close()
        used = {port for port in site.replicas if drawn(port) > before[port]}
        assert len(used) == 1, "one visitor, two replicas"
        served |= used
        if len(served) == len(site.replicas):
            break
    assert served == set(site.replicas)


def test_what_leaves_the_proxy(site: Site):
    assert get(f"{site.url}/healthz")[0] == 200
    assert get(f"{site.url}/metrics")[0] == 404  # for whoever runs it, not for visitors
    assert get(f"{site.url}/MP_verify_abc123.txt")[2] == b"abc123"
    status, headers, body = get(f"{site.url}/?s={'x' * 30_000}", **{"Accept-Encoding": "gzip"})
    assert status == 200 and headers["content-encoding"] == "gzip" and len(body) < 8_000
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin" and "strict" not in str(headers).lower()
    script = re.search(rb'src="\./(static/js/[^"]+)"', get(f"{site.url}/")[2])
    assert script is not None
    told = get(f"{site.url}/{script[1].decode()}", **{"Accept-Encoding": "br"})[1]
    assert told["content-encoding"] == "br" and "immutable" in told["cache-control"]
    log = site.log.read_text()
    assert "xxx" not in log and "?" not in log and "/healthz" not in log


def test_an_upload_above_the_limit_is_refused_before_it_is_sent(site: Site):
    port = int(site.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as one:
        one.sendall(
            b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: x\r\n"
            b"Content-Length: 300000000\r\nContent-Type: text/csv\r\n\r\n"
        )
        assert b" 413 " in one.recv(4096).split(b"\r\n")[0]


def test_too_many_requests_at_once_are_held_back(site: Site):
    port = int(site.url.rpartition(":")[2])
    request = b"HEAD /no-such-file.js HTTP/1.1\r\nHost: x\r\n\r\n"

    def refused(count: int) -> int:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as one:
            one.sendall(request * count)
            got = b""
            while got.count(b"HTTP/1.1 ") < count:
                got += one.recv(1 << 16)
            return got.count(b"HTTP/1.1 429 ")

    assert sum(refused(100) for _ in range(6)) > 0
    deadline = time.monotonic() + PATIENCE
    while refused(200):  # it passes by itself: a page with its hundred files would be served again
        assert time.monotonic() < deadline
        time.sleep(4)


def test_a_replica_that_dies_takes_nobody_else_along(site: Site, page: Page):
    port, process = next(iter(site.replicas.items()))
    process.kill()
    process.wait()
    visit(page, f"{site.url}/method-and-sources?lang=en")
    assert port not in {one for one in site.replicas if site.replicas[one].poll() is None}


@pytest.mark.slow
def test_the_app_lies_below_the_root_of_its_host(tmp_path, page: Page):
    with proxied(tmp_path, Settings(base_path="tools/funnel"), 1) as site:
        assert get(f"{site.url}/healthz")[0] == 200
        failed = []
        page.on("response", lambda one: failed.append(one.url) if one.status >= 500 else None)
        visit(page, f"{site.url}/tools/funnel/?lang=en")
        page.get_by_role("button", name="Skip").click()
        page.get_by_role("link", name="Unit economics").first.click()
        page.wait_for_url(re.compile(r"/tools/funnel/unit-economics\?"))
        expect(page).to_have_title(re.compile("^Unit economics"), timeout=PATIENCE * 1000)
        assert not failed
