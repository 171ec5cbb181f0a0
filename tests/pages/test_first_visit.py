"""What somebody meets who sees the product for the first time: links of an offer opened by hand, an
offer of which no fee is typed yet, the months of a promise that nobody typed.
"""

import pytest

from funnel_sim.scenario.alternatives import usual_ramp
from funnel_sim.scenario.links import encode
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say
from tests.pages.test_pages import app, page, texts
from tests.pages.test_shared_screen import at

BEGUN = {"options": [{"id": "quote", "claimed": 0.2}], "chance.paths": 1024}
"""A promise, and no fee."""


def pasted(text, lang="en"):
    """A link typed into the start page."""
    test = app(lang)
    test.text_input(key="link_text").set_value(text)
    label = say(lang, "start.open_link")
    return next(one for one in test.button if one.label == label).click().run()


def test_the_link_of_an_offer_is_opened_by_hand_too():
    """It says "as=offer" before its "s=": until 0.8 "offer" was read as the scenario, and the link
    called damaged.
    """
    mine = preset("etsy-us-jewelry").replace({"product.price": 47.0})
    test = pasted(f"https://host/shared-verdict?lang=en&by=Ross=&as=offer&s={encode(mine)}#top")
    assert not test.error
    assert test.session_state["scenario"] == mine


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_broken_link_is_told_in_whole_sentences(lang):
    code = encode(preset("etsy-us-jewelry").replace({"product.price": 47.0}))[:-8]
    told = pasted(f"https://host/?s={code}", lang).error[0].value
    stop = {"zh": "。现在显示", "en": ". What you see"}[lang]
    assert stop in told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_offer_without_a_fee_is_called_worth_signing_nowhere(lang):
    """What costs nothing is worth signing at any uplift: that is no offer, and neither the window
    of sales nor the link says so.
    """
    claim = say(lang, "ours.fits_any_claim")[-8:]
    worth = say(lang, "ours.line_any", promised="|").split("|")[0][:8]
    test = at("private_margin", lang, BEGUN, role="sales")
    assert not test.exception
    assert say(lang, "ours.need_fee") in [one.value.replace("\\", "") for one in test.info]
    sent = at("shared_verdict", lang, BEGUN, role="sales", sent_offer=True)
    assert not sent.exception
    for told in (texts(test), texts(sent)):
        assert claim not in told and worth not in told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_months_of_a_promise_that_nobody_typed_are_the_usual_ones_behind_every_door(lang):
    """Until 0.8 the door of a KPI began with 3 months, as if they had been typed, the door of a
    quote with the usual ones: the same KPI had two probabilities.
    """
    usual = float(usual_ramp(preset("amazon-de-kitchen")).value)
    assert usual != 3.0
    test = app(lang).button(key="door_kpi").click().run()
    box = next(one for one in test.text_input if "promise.ramp_typed" in str(one.key))
    assert box.value == ""  # grey: the usual months
    template = next(b for b in test.button if str(b.key).startswith("kpi_template_"))
    test = template.click().run()
    assert not test.exception
    by_kpi = test.session_state["scenario"]
    assert by_kpi.kpis and by_kpi.promise.promise_ramp == usual
    box = next(one for one in test.text_input if "promise.ramp_typed" in str(one.key))
    assert box.value == ""
    quote = app(lang).button(key="door_quote").click().run().session_state["scenario"]
    assert quote.promise.promise_ramp == usual


def test_months_of_an_older_file_with_kpis_stay():
    kpi = {"id": "gmv", "metric": "gmv", "target": 0.2, "relative": True, "month_to": 3}
    test = page("kpi_check", "en", encode(preset("amazon-de-kitchen").replace({"kpis": [kpi]})))
    assert test.session_state["scenario"].promise.promise_ramp == 3.0
    box = next(one for one in test.text_input if "promise.ramp_typed" in str(one.key))
    assert box.value == "3"
