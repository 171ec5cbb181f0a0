"""What the tests of pages share."""

import pytest

from funnel_sim.ui.latency import set_aside_what_stays


@pytest.fixture(scope="session", autouse=True)
def _loaded_before_the_first_visitor():
    """As `make app` does it: libraries are loaded and set aside from the search for rubbish, which Streamlit asks for after every run."""
    set_aside_what_stays()
