"""Own months beside an example's funnel: the mark stays, the shop can be set, the brief mixes
nothing.
"""

import pytest

from funnel_sim.decisions.economics.whose import own_of
from funnel_sim.decisions.kpi.store_history import fit_funnel
from funnel_sim.output.documents.brief import brief_markdown
from funnel_sim.scenario.own_numbers import own_numbers
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS

EXAMPLE = preset("shopify-us-beauty")
MINE = {"product.price": 41.5, "product.unit_cost": 60.0}
MONTHS = {
    "history.first_month": "2026-01",
    "history.seen_gmv": [25_000.0] * 6,
    "history.seen_orders": [600.0] * 6,
    "history.seen_visits": [28_000.0] * 6,
    "history.seen_ad_spend": [7_500.0] * 6,
    "history.seen_clicks": [12_000.0] * 6,
}


def test_months_alone_do_not_make_the_form_the_readers_own():
    own = own_numbers(EXAMPLE.replace(MINE))
    assert own.example
    beside = EXAMPLE.replace(MINE | MONTHS)
    assert own_numbers(beside).example and own_numbers(beside).missing == own.missing
    fitted, _ = fit_funnel(beside)
    assert not own_numbers(fitted).example
    assert not own_of(fitted).example
    # 600 orders of 28,000 visits, 7,500 for 12,000 clicks: no longer the example's
    typed = EXAMPLE.replace(MINE | {"conversion.cvr": 0.02})
    assert not own_numbers(typed).example


@pytest.mark.parametrize("lang", LANGS)
def test_the_brief_holds_no_figure_of_the_example_beside_own_months(lang):
    """7,500 a month of ads is the store's; nobody said what they bring: no ROAS of an example."""
    alone = brief_markdown(EXAMPLE, lang)
    assert "ROAS" in alone
    beside = brief_markdown(EXAMPLE.replace(MONTHS), lang)
    assert "7,500" in beside and "25,000" in beside
    line = [one for one in beside.splitlines() if "ROAS" in one]
    assert all("ROAS 1." not in one and "ROAS 2." not in one for one in line)
    known = EXAMPLE.replace(MONTHS | {"history.seen_ad_sales": [15_000.0] * 6})
    assert "2.00" in brief_markdown(known, lang)  # 15,000 / 7,500
