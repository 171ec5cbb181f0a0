"""An example's cost is marked beside every profit of a review, and what the scenario says in place
of months that nobody knows.
"""

import io

import pytest
from pptx import Presentation

from funnel_sim.cli import review as cli_review
from funnel_sim.decisions.review.borrowed import UNIT_COST, borrowed, example_cost
from funnel_sim.decisions.review.reviewed import review_of
from funnel_sim.output.documents.review_report import review_report
from funnel_sim.output.exports import REVIEW_FORMATS
from funnel_sim.output.words.borrowed import marked_name
from funnel_sim.output.words.review_head import verdict_of
from funnel_sim.words import LANGS, say
from tests.engaged import LAST, OWN, engaged, series
from tests.output.test_review_report import pdf_text, plain
from tests.output.test_slides import words_on


def parts_of(found, lang):
    """Return the texts of a review that tell a profit, by where they stand."""
    deck = Presentation(io.BytesIO(REVIEW_FORMATS["pptx"].made(found, lang)))
    told = cli_review._told(found, lang)  # the command line's parts
    return {
        "head": verdict_of(found, lang),
        "command line": " ".join(line for lines in told for line in lines),
        "report": str(review_report(found, lang)),
        "slides": str([words_on(slide) for slide in deck.slides]),
    }


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_an_examples_cost_is_marked_wherever_profit_stands(lang):
    mark = say(lang, "review.with_example_cost")
    example = review_of(engaged(), paths=1024)
    own = review_of(engaged(OWN), paths=1024)
    assert "plan" not in example.changes and "plan" in own.changes
    for where, text in parts_of(example, lang).items():
        assert mark in text, where
    for where, text in parts_of(own, lang).items():
        assert mark not in text, where
    assert plain(mark) in pdf_text(REVIEW_FORMATS["pdf"].made(example, lang))


def test_purchase_costs_of_every_month_are_the_shops_own():
    months = len(series()["gmv"])
    assert example_cost(engaged(), [LAST])
    assert not example_cost(engaged(OWN), [LAST])
    known = [9000.0] * months
    assert not example_cost(engaged({"history.seen_goods_cost": known}), [LAST])
    assert example_cost(engaged({"history.seen_goods_cost": [*known[:-1], None]}), [LAST])


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_a_profit_that_is_not_known_is_printed_only_with_what_was_assumed(lang):
    gone = [*series()["refunds"][:-1], None]
    store = engaged(OWN | {"history.seen_refunds": gone})
    assert borrowed(store, [LAST], "profit") == ("refunds",)
    assert borrowed(store, [LAST], "gmv") == ()
    assert borrowed(engaged(), [LAST], "profit") == (UNIT_COST,)
    found = review_of(store, paths=1024)
    assert say(lang, "review.head_no_profit", period=LAST) in verdict_of(found, lang)
    # the definition changed: the month's refunds stand at the ratio of the months before, not at
    # the form's rate, which nobody measured
    name = marked_name(say(lang, "drivers.figure_profit"), ["alike.refunds"], lang)
    split = found.changes["before"]["profit"]
    assert split.assumed == ("alike.refunds",)
    assert not any(part.driver.id == "returns" for part in split.parts)
    assert name in str(review_report(found, lang)[:14])  # the first page
