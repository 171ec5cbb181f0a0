"""What the tests of pages share."""

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from funnel_sim.ui.session.latency import set_aside_what_stays
from tests.pages import failures


@pytest.fixture(scope="session", autouse=True)
def _loaded_before_the_first_visitor():
    """As `make app` does it: libraries are loaded and set aside from the search for rubbish, which
    Streamlit asks for after every run.
    """
    set_aside_what_stays()


@pytest.fixture(scope="session", autouse=True)
def _packages_scanned_once():
    """A server asks every installed package once whether it brings components; AppTest asks for
    each app anew, which took half the time of these tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner,
            "scan_component_manifests",
            cache(manifest_scanner.scan_component_manifests),
        )
        yield


@pytest.fixture(autouse=True)
def _a_page_that_fails_fails_its_test(monkeypatch):
    failures.watch(monkeypatch)
