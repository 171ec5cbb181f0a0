"""One served app and one Chromium for all journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from funnel_sim.ui.server import serve
from tests.browser.chromium import browser as chromium
from tests.browser.chromium import free_port
from tests.browser.settled import patient, watched

PATIENCE = 300.0  # seconds
SEEN = 30_000  # milliseconds in which what is expected has to be seen, also on a busy machine
expect.set_options(timeout=SEEN)


@pytest.fixture(scope="session", autouse=True)
def _a_server_may_take_its_time() -> Iterator[None]:
    """A busy machine needs more than the minute after which the product gives up to start one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serve, "_PATIENCE", PATIENCE)
        yield


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """Serve the app on a free port."""
    port = free_port()
    server = serve.start(port)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    with chromium() as one:
        yield watched(one)


@pytest.fixture(autouse=True)
def _patient(request: pytest.FixtureRequest) -> Iterator[None]:
    """Click as a person who looks first, but in the tests of somebody in a hurry."""
    if request.node.get_closest_marker("hurried"):
        yield
        return
    with patient():
        yield


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a fresh context, as a new visitor."""
    context = browser.new_context(viewport={"width": 1366, "height": 900}, accept_downloads=True)
    yield context.new_page()
    context.close()
