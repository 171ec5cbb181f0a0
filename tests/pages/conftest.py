"""What the tests of pages share."""

import inspect
from collections import OrderedDict
from collections.abc import Hashable
from functools import cache
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner

from funnel_sim.ui.server.latency import set_aside_what_stays
from tests.pages import failures, lent

_OWN_ANSWERS = frozenset({"tests.pages.test_remembered"})
_COMMON: dict[str, OrderedDict[Hashable, Any]] = {}


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


@pytest.fixture(autouse=True)
def _answers_are_lent_from_tab_to_tab(request, monkeypatch):
    """But not where a test changes the product under the page, nor where tabs themselves are
    tested.
    """
    changes = "monkeypatch" in inspect.signature(request.function).parameters
    if not changes and request.module.__name__ not in _OWN_ANSWERS:
        lent.lend(monkeypatch, _COMMON)
