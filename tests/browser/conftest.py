"""One served app and one Chromium for all journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from funnel_sim.ui.session.serve import start
from tests.browser.chromium import browser as chromium
from tests.browser.chromium import free_port


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """Serve the app on a free port."""
    port = free_port()
    server = start(port)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a fresh context, as a new visitor."""
    context = browser.new_context(viewport={"width": 1366, "height": 900}, accept_downloads=True)
    yield context.new_page()
    context.close()
