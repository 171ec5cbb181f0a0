"""The address of the start page, told from that of any page as Streamlit makes it up."""

import pytest
from streamlit.runtime.context_util import maybe_add_page_path, maybe_trim_page_path

from funnel_sim.ui import frame
from funnel_sim.ui.session import address
from funnel_sim.ui.widgets import private_window

PATHS = [
    *frame.MOVED,
    *(place.path for place in frame.PLACES),
    address.SHARED,
    private_window.PATH,
]


class Pages:
    """What Streamlit asks of its pages, in the order in which the app names them."""

    def __init__(self, here: str, paths: list[str]) -> None:
        self.current_page_script_hash = here
        self.paths = paths

    def get_pages(self):
        return {path: {"url_pathname": path} for path in self.paths}


@pytest.mark.parametrize("start", ["https://host", "http://127.0.0.1:8601", "https://host/shop"])
@pytest.mark.parametrize("page", [path for path in PATHS if path])
@pytest.mark.parametrize("paths", [PATHS, PATHS[::-1]], ids=["moved first", "moved last"])
def test_the_start_page_is_told_from_any_page(start, page, paths):
    pages = Pages(page, paths)
    seen = maybe_add_page_path(maybe_trim_page_path(f"{start}/{page}", pages), pages)
    assert address.start_of(seen, page, PATHS) == start


def test_streamlit_leaves_a_part_of_an_address_whose_end_is_another_page():
    """What the rule is for: should Streamlit cure it, this test says so."""
    pages = Pages("export-files", PATHS)
    seen = maybe_trim_page_path("https://host/export-files", pages)
    assert seen == "https://host/export-"
