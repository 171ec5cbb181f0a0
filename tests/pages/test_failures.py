"""The net under the tests of pages: whatever fails on a page, in its frame or outside of it, fails
the test that drew it.
"""

import pytest

from funnel_sim.ui import shell
from funnel_sim.ui.pages import unit_economics
from tests.pages.failures import PageFailedError
from tests.pages.test_pages import app, number, page


def failing(*_, **__):
    raise ZeroDivisionError("made to fail")


def test_a_page_whose_drawing_fails_fails_the_test_though_streamlit_holds_no_exception(monkeypatch):
    test = app()
    monkeypatch.setattr("funnel_sim.ui.pages.unit_economics.draw", failing)
    with pytest.raises(PageFailedError):
        test.switch_page("pages/unit_economics.py").run()
    assert not test.exception  # what the tests looked at: it cannot tell


def test_a_page_that_fails_after_a_click_fails_the_test(monkeypatch):
    test = page("unit_economics")
    monkeypatch.setattr(shell, "result_of", failing)
    with pytest.raises(PageFailedError):
        number(test, "Price").set_value(31.0).run()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_fails_outside_the_frame_fails_the_test(monkeypatch, lang):
    monkeypatch.setattr(shell.frame, "draw", failing)
    with pytest.raises(PageFailedError, match="outside the frame"):
        app(lang)


def test_a_page_that_does_not_fail_passes():
    assert not page("unit_economics").error and unit_economics.draw is not failing
