"""What cannot be computed names where it is changed, one click away, on every page that says so."""

import pytest

from funnel_sim.errors import refuse
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from funnel_sim.ui.session import quote_answers
from funnel_sim.ui.widgets.refusals import page_of
from funnel_sim.words import say
from tests.pages.test_pages import LANGS, page


@pytest.mark.parametrize("lang", LANGS)
def test_a_kpi_that_stops_a_quote_is_one_click_away(lang, monkeypatch):
    """Its counts are typed on the KPI page and nowhere on this one."""

    def stopped(scenario):
        raise refuse("kpis.live.per_month", None, "kpi_counts_example")

    monkeypatch.setattr(quote_answers, "quotes_of", stopped)
    told = preset("amazon-de-kitchen").replace({"options": [{"id": "quote", "base": 3000.0}]})
    test = page("quote_test", lang, links.encode(told))
    assert test.error and not test.exception
    words = say(lang, "shell.change_on", page=say(lang, "page.kpi_check"))
    [button] = [one for one in test.button if one.label == words]
    button.click().run()
    assert test.session_state["page"] == "kpi-check" and not test.exception


def test_a_field_is_changed_where_it_is_typed():
    assert page_of(refuse("kpis.a.count_value", None, "kpi_counts").problems[0].where) == (
        "kpi_check"
    )
    assert (page_of("options.q.base"), page_of("channels.ads.cpc")) == ("quote_test", "my_shop")
    assert page_of("file") is None and page_of("-") is None
