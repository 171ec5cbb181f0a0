"""Our offer in one line: what is understood stands in the offer, of another line nothing does; the
client's platform, chosen at the door, opens the page.
"""

import pytest

from funnel_sim.scenario.quote_rows import ShareTier
from funnel_sim.words import say
from tests.pages.test_pages import app, texts


def begun(lang="en", place=None):
    """Sales, through its door; `place` chosen there."""
    test = app(lang)
    if place is None:
        return test.button(key="door_pitch").click().run()
    box = next(one for one in test.selectbox if str(one.key).startswith("door_pitch_place"))
    return box.set_value(place).run()


def line(test):
    return next(one for one in test.text_input if "offer_line" in str(one.key))


def offer(test):
    [one] = test.session_state["scenario"].options
    return one


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "3,000 setup fee, 6,000 a month, 5% of sales above 20,000, sales +25%, 6 months"),
        ("zh", "启动费3000，每月6000，超过2万的部分提成5%，销售+25%，合同6个月"),
    ],
)
def test_what_is_understood_stands_in_the_offer(lang, text):
    test = line(begun(lang)).set_value(text).run()
    assert not test.exception
    now = offer(test)
    assert (now.setup, now.base, now.claimed, now.term) == (3000.0, 6000.0, 0.25, 6)
    assert now.share_tiers == [ShareTier(upto=20000.0, rate=0.0), ShareTier(rate=0.05)]
    assert test.session_state["scenario"].promise.claimed == 0.25
    assert line(test).value == ""  # it stands in the blanks now
    test.button(key="undo").click().run()  # one step
    assert (offer(test).base, offer(test).claimed) == (0.0, None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_of_a_line_with_a_part_that_is_not_understood_nothing_is_taken(lang):
    text = {"en": "6,000 a month, with a stop-loss", "zh": "每月6000，含止损"}[lang]
    test = line(begun(lang)).set_value(text).run()
    assert not test.exception
    assert offer(test).base == 0.0
    assert line(test).value == text
    assert {"en": "with a stop-loss", "zh": "含止损"}[lang] in texts(test)
    assert say(lang, "ours.line_typed") in texts(test)  # the verdict names what is not counted
    test = line(test).set_value({"en": "6,000 a month", "zh": "每月6000"}[lang]).run()
    assert offer(test).base == 6000.0
    assert {"en": "with a stop-loss", "zh": "含止损"}[lang] not in texts(test)


def test_a_share_beyond_all_sales_is_refused_by_the_offer():
    test = line(begun()).set_value("250% of sales").run()
    assert not test.exception
    assert offer(test).share_tiers == []
    assert line(test).value == "250% of sales"


def test_fees_marked_in_dollars_are_in_dollars():
    test = line(begun(place=("TikTok Shop", "US"))).set_value("$2,000 a month").run()
    now = offer(test)
    assert (now.base, now.currency(test.session_state["scenario"])) == (2000.0, "USD")


def test_the_clients_platform_chosen_at_the_door_opens_our_offer():
    test = begun(place=("TikTok Shop", "US"))
    assert not test.exception
    scenario = test.session_state["scenario"]
    assert (scenario.platform, scenario.market) == ("TikTok Shop", "US")
    assert test.session_state["role"] == "sales"
    assert say("en", "ours.title") in texts(test)
