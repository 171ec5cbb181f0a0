"""What a first visit takes: bytes over the wire, and seconds to the first words on a line of
5 Mbit/s, as Chromium counts them.

The line's speed and the 40 ms that a message takes each way are Chromium's own throttle, so the
second figure rests on the machine less than a bare time would: what is left is said beside it, the
same visit without the throttle. Requests to any other server count as a miss.
"""

import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, CDPSession

from benchmarks._goals import finish, report
from funnel_sim.ui.server.serve import start
from tests.browser.chromium import browser, free_port

ROUNDS = 5
BITS_A_SECOND, LATENCY_MS = 5_000_000, 40
MOST_MB, MOST_SECONDS = 0.8, 2.5
FIRST_WORDS = (
    "[...document.querySelectorAll('h1, h2, [data-testid=stMarkdown] p')]"
    ".some(e => e.innerText.trim())"
)


@dataclass
class Visit:
    """Bytes of a visit, seconds until its first words, requests and those to other servers."""

    size: int = 0
    seconds: float = 0.0
    requests: int = 0
    elsewhere: int = 0


def listen(wire: CDPSession, visit: Visit, own: str) -> None:
    """Count into `visit` what comes over the wire."""

    def finished(event: dict[str, Any]) -> None:
        visit.size += int(event["encodedDataLength"])

    def asked(event: dict[str, Any]) -> None:
        address = str(event["request"]["url"])
        visit.requests += 1
        visit.elsewhere += not address.startswith((own, "data:", "blob:"))

    def framed(event: dict[str, Any]) -> None:
        response = event["response"]
        text = str(response["payloadData"])
        visit.size += len(text) * 3 // 4 if response["opcode"] == 2 else len(text)  # base64

    wire.on("Network.loadingFinished", finished)
    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.webSocketFrameReceived", framed)


def visited(one: Browser, url: str, *, slow: bool) -> Visit:
    """Return what a new visitor's first page takes."""
    context = one.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    visit = Visit()
    listen(wire, visit, url)
    if slow:
        limits = {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BITS_A_SECOND / 8,
            "uploadThroughput": BITS_A_SECOND / 8,
        }
        wire.send("Network.emulateNetworkConditions", limits)
    page.goto(f"{url}/?lang=zh", wait_until="commit")
    page.wait_for_function(FIRST_WORDS, polling=20)
    visit.seconds = float(page.evaluate("performance.now()")) / 1000
    page.wait_for_timeout(4000)
    context.close()
    return visit


def main() -> None:
    """Measure, print, and end with 1 on a miss where CHECK=1."""
    port = free_port()
    server = start(port)
    url = f"http://127.0.0.1:{port}"
    try:
        with browser() as one:
            visited(one, url, slow=False)  # the server compresses each file once
            plain = [visited(one, url, slow=False) for _ in range(ROUNDS)]
            slow = [visited(one, url, slow=True) for _ in range(ROUNDS)]
    finally:
        server.terminate()
        server.wait()
    size = statistics.median(visit.size for visit in slow) / 1e6
    seconds = statistics.median(visit.seconds for visit in slow)
    bare = statistics.median(visit.seconds for visit in plain)
    elsewhere = max(visit.elsewhere for visit in (*plain, *slow))
    sys.stdout.write(f"{slow[0].requests} requests; without the throttle {bare:.2f} s\n")
    finish(
        [
            report("first visit over the wire", size, MOST_MB, unit="MB"),
            report("first words at 5 Mbit/s", seconds, MOST_SECONDS, unit="s"),
            report("requests to other servers", elsewhere, 0, unit=""),
        ]
    )


if __name__ == "__main__":
    main()
