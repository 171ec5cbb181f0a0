"""What presentation and slides tell of a fee: how it comes about."""

import pytest

from funnel_sim.decisions.found import Found
from funnel_sim.decisions.quote.our_offer import our_offer
from funnel_sim.model.economics import evaluate
from funnel_sim.output.documents.story import our_next_steps, points
from funnel_sim.output.words import formats
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say

KPI = {"id": "g", "metric": "gmv", "target": 0.4, "relative": True, "month_to": 3}
NEVER = KPI | {"id": "h", "target": 9.0}
OFFER = {
    "id": "q",
    "base": 15_000.0,
    "claimed": 0.225,
    "term": 6,
    "renewal": "ends",
    "decided_by": "h",
    "rewards": [{"kpi": "g", "form": "base", "amount": 0.5}],
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_cost_of_an_offer_is_shown_as_its_arithmetic(lang):
    """15,000 a month for 12 months is not what it costs: it ends after 6 of them, and a bonus is
    added; the lines add up to the cost on the slide.
    """
    scenario = preset("tiktok-us-beauty").replace({"kpis": [KPI, NEVER], "options": [OFFER]})
    ours = our_offer(scenario, scenario.options[0], paths=512)
    held = ours.as_is.held
    lines, rate, lasts = points("charge", Found(evaluate(scenario)), ours, lang)
    assert sum(held.lines.values()) == pytest.approx(held.paid)
    for value in (*held.lines.values(), held.paid):
        assert formats.whole_money(round(value), "USD", lang) in lines
    each = 15_000.0 / scenario.options[0].rate(scenario)
    assert formats.whole_money(round(each), "USD", lang) in rate
    assert held.lasts == 6.0 and "6.0" in lasts and say(lang, "story.charge_end_4") in lasts
    assert held.lines["base"] == pytest.approx(6 * each, rel=0.02)  # the rate is drawn


def test_a_promise_is_rounded_in_one_way():
    assert formats.promised(0.225) == "+22.5%" and formats.promised(0.22) == "+22%"


@pytest.mark.parametrize(("ramp", "month", "late"), [(2.0, 3, False), (12.5, 14, True)])
def test_the_month_to_look_at_a_promise_is_never_before_all_of_it_is_there(ramp, month, late):
    """1 + 2 months is month 3; 1 + 12.5 is month 14, after a term of 12: said, not brought
    forward.
    """
    quote = {"id": "a", "base": 1500.0, "claimed": 0.3, "ramp": ramp, "term": 12}
    store = preset("shopify-us-beauty").replace({"options": [quote]})
    last = our_next_steps(our_offer(store, store.options[0], paths=1024), "en")[-1]
    assert f"month {month}" in last and ("after the term of 12 months" in last) == late
