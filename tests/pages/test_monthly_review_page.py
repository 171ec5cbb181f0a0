"""The page of the monthly review by AppTest: the head, every part in both languages, what is
missing, a quarter.
"""

import pytest

from funnel_sim.scenario import links
from tests.engaged import engaged
from tests.pages.test_pages import LANGS, page

PARTS = (("kpis", 0), ("change", 1), ("leak", 0), ("effect", 1), ("report", 0))


def review(lang="en", scenario=None):
    return page("monthly_review", lang, links.encode(scenario or engaged()))


def open_part(test, part, lang="en"):
    box = next(one for one in test.segmented_control if one.key.startswith(f"review_view_{lang}"))
    box.set_value(part).run()
    return test.run()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("part", "charts"), PARTS)
def test_each_part_draws(part, charts, lang):
    test = open_part(review(lang), part, lang)
    assert not test.exception and not test.error
    assert len(test.get("vega_lite_chart")) == charts
