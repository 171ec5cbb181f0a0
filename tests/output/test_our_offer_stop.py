"""A guarantee that throws out an agency which keeps its promise is told with its probability."""

import pytest

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.contract import STOPPED
from funnel_sim.decisions.quote.our_offer import our_offer
from funnel_sim.output.documents.blocks import Paragraph
from funnel_sim.output.documents.term_sheet import term_sheet
from funnel_sim.output.words import formats
from funnel_sim.output.words.our_offer import guarantees_note, offer_reasons, stopped_sentence
from funnel_sim.output.words.quote import warnings
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say

KPI = {"id": "g", "metric": "gmv", "target": 0.3, "relative": True, "month_to": 12}
QUOTE = {"id": "quote", "base": 1500.0, "claimed": 0.3, "decided_by": "g", "ramp": 2.0}


def offer(**terms):
    store = preset("shopify-us-beauty").replace({"kpis": [KPI], "options": [QUOTE | terms]})
    return our_offer(store, store.options[0], paths=1024)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_stop_loss_that_ends_a_kept_promise_is_told(lang):
    """Below 80 % of +30 %, two months in a row from month 1: it ends most kept promises, which
    stands beside the offer, and beside the table where it is only one that could be added.
    """
    strict = offer(stop_loss=True)
    share = strict.as_is.held.ended[STOPPED]
    assert share > 0.5
    text = stopped_sentence(strict.as_is.held, lang)
    assert formats.percent(share, 0) in text and text in offer_reasons(strict, lang)
    without = offer()
    assert not stopped_sentence(without.as_is.held, lang)
    added = next(one for one in without.guarantees if one.option.stop_loss)
    assert stopped_sentence(added.held, lang) in guarantees_note(without, lang)
    assert stopped_sentence(added.held, lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_stop_loss_that_a_kept_promise_passes_is_not_warned_of(lang):
    """At 20 % of the target, for six months in a row, a kept promise is hardly ever stopped."""
    loose = offer(stop_loss=True, stop_share=0.2, stop_months=6)
    assert loose.as_is.held.ended[STOPPED] < 0.05
    assert not stopped_sentence(loose.as_is.held, lang)


def test_what_the_threshold_means_is_said_beside_the_table():
    assert "at least 50% of the simulations" in guarantees_note(offer(), "en")


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_verdict_and_term_sheet_say_the_same_of_a_kept_promise_that_is_stopped(lang):
    """One sentence, one number: beside the client's verdict and under the clauses of the sheet;
    neither has it where nothing is promised, so that nothing can be kept.
    """
    for claimed in (0.3, None):
        quote = QUOTE | {"stop_loss": True, "claimed": claimed}
        store = preset("shopify-us-beauty").replace({"kpis": [KPI], "options": [quote]})
        option, answers = store.options[0], compare(store, LIVE)
        answer = answers.of("quote")
        found = [one for one in term_sheet(store, option, lang) if isinstance(one, Paragraph)]
        lead = say(lang, "sheet.simulated")
        told = [one.text for one in found if one.title == lead]
        assert told == ([stopped_sentence(answer.claimed, lang)] if claimed else [])
        assert not claimed or told[0] in warnings(answer, store, lang)
