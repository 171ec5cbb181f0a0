"""The page of a portfolio by AppTest: example, own scenario, upload, table, row to scenario and
back, link, undo; in both languages.
"""

import pytest

from funnel_sim.ui.pages.product_portfolio import SECTIONS
from funnel_sim.words import say
from tests.pages.test_pages import LANGS, page, texts


def portfolio(lang="en", view=""):
    test = page("product_portfolio", lang)
    test = test.button(key="portfolio_example_go").click().run()
    if view:
        test.session_state["portfolio_view"] = view
        test = test.run()
    return test


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("view", [one.name for one in SECTIONS])
def test_each_part_draws(view, lang):
    test = portfolio(lang, view)
    assert not test.exception and not test.error
    assert say(lang, "shop.example") in texts(test)
