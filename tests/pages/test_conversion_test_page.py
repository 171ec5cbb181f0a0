"""Compare two rates by AppTest: the answer changes with what is typed, nothing typed enters the
scenario, wrong counts are refused in words.
"""

import logging

import pytest

from funnel_sim.model.economics import evaluate
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from tests.pages.numbers import numbers
from tests.pages.test_pages import LANGS, page, texts

logging.getLogger("streamlit").setLevel(logging.CRITICAL)
COUNTS = {"a_visits": 5000, "a_orders": 200, "b_visits": 5000, "b_orders": 236}


def field(test, name):
    return next(
        n for n in numbers(test) if n.key.startswith(f"rates_{name}_{test.session_state['lang']}_")
    )


def typed(test, **numbers):
    for name, value in numbers.items():
        field(test, name).set_value(value).run()
    return test


def open_view(test, view):
    test.segmented_control(key=f"rates_view_{test.session_state['lang']}").set_value(view).run()
    return test.run()


@pytest.mark.parametrize(
    ("lang", "ask", "answer"),
    [
        (
            "en",
            "Did the new listing convert better?",
            "B (new) converts better than A (old): +0.72 pp (+18.0%)",
        ),
        (
            "zh",
            "新链接的转化真的更好吗？",
            "B（新版）的转化比 A（旧版）好：实测差 +0.72 个百分点（+18.0%）",
        ),
    ],
)
def test_the_headline_asks_and_then_answers(lang, ask, answer):
    test = page("conversion_test", lang)
    assert ask in texts(test) and len(test.get("vega_lite_chart")) == 0
    typed(test, **COUNTS)
    assert not test.exception and not test.error
    assert answer in texts(test) and len(test.get("vega_lite_chart")) == 1


def test_the_verdict_follows_the_numbers():
    test = typed(page("conversion_test"), **COUNTS | {"b_orders": 210})
    assert "No verdict yet" in texts(test) and "about 69,000 more visits are needed" in texts(
        test
    )  # 68,950 by the table, rounded up to three digits
    typed(test, b_orders=150)
    assert "B (new) converts worse than A (old)" in texts(test)
    typed(test, b_orders=236, decide=97.0)
    assert "No verdict yet" in texts(test)


@pytest.mark.parametrize(
    ("lang", "name", "rule"),
    [
        ("en", "Orders of B (new)", "cannot be more than the visits (5000)"),
        ("zh", "B（新版）订单数", "不能超过访问数（5000）"),
    ],
)
def test_more_orders_than_visits_are_refused_beside_the_name(lang, name, rule):
    test = typed(page("conversion_test", lang), **COUNTS | {"b_orders": 5001})
    assert name in test.error[0].value and rule in test.error[0].value
    assert field(test, "b_orders").value == 5001  # nothing typed is lost
    typed(test, b_orders=5000)
    assert not test.error


def test_what_is_typed_stays_in_the_tab_and_out_of_the_scenario():
    test = typed(page("conversion_test"), **COUNTS, margin=3.0)
    assert test.session_state["scenario"] == preset("amazon-de-kitchen")
    test.switch_page("pages/cac_and_ltv.py").run()
    test.switch_page("pages/conversion_test.py").run()
    assert field(test, "b_orders").value == 236 and field(test, "margin").value == 3.0
    test.segmented_control(key="language").set_value("zh").run()
    assert field(test, "b_orders").value == 236
    test.button(key="rates_reset").click().run()
    assert (
        field(test, "margin").value
        == pytest.approx(evaluate(preset("amazon-de-kitchen")).per("cm2", "order"), abs=0.01)
        and field(test, "b_orders").value == 236
    )
    assert "这里填的数字只留在本页签" in texts(test)


def test_defaults_are_those_of_the_open_scenario():
    own = {
        "conversion.cvr": 0.1,
        "channels.ads.budget": 1400.0,
        "channels.organic.impressions": 100000.0,
        "channels.organic.ctr": 0.02,
        "channels.organic.channel_cvr": 0.11,
    }
    dear = preset("amazon-de-kitchen").replace(own | {"channels.ads.cpc": 1.4})
    test = open_view(page("conversion_test", "en", links.encode(dear)), "plan")
    assert field(test, "visit_cost").value == pytest.approx(1.4)
    # 1,400 / 1.40 = 1,000 clicks at 10 % and 2,000 at 11 %: 320 orders of 3,000 visits
    assert field(test, "rate").value == pytest.approx(100 * 320 / 3000, abs=0.005)


def test_a_test_is_planned():
    test = open_view(page("conversion_test"), "plan")
    typed(test, rate=4.0, visits_month=10000, fee=300.0)
    assert not test.exception and not test.error
    assert "from 4.00% to 4.40%, a test needs 78,950 visits" in texts(
        test
    ) and "7.9 months" in texts(test)
    typed(test, effect=20.0)
    assert "from 4.00% to 4.80%" in texts(test)
    typed(test, effect=3000.0)
    assert "a rate must lie between 0% and 100%" in test.error[0].value


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_every_choice_can_be_changed(lang):
    test = typed(page("conversion_test", lang), **COUNTS)
    for name, choice in (("prior", "uniform"), ("prior", "store"), ("interval", "highest_density")):
        next(s for s in test.selectbox if s.key.startswith(f"rates_{name}_")).set_value(
            choice
        ).run()
        assert not test.exception and not test.error
    assert field(test, "prior_orders").value == 1
    typed(test, level=90.0, inner=50.0, alpha=10.0, power=90.0, share_b=30.0)
    assert not test.exception and not test.error
    assert "90%" in texts(test) and test.session_state["rates"]["alpha"] == pytest.approx(0.1)


def test_margins_of_their_own_part_rate_and_money():
    test = typed(page("conversion_test"), **COUNTS)
    next(t for t in test.toggle if t.key.startswith("rates_own_margin")).set_value(True).run()
    typed(test, a_margin=8.0, b_margin=5.0)
    assert not test.exception and not test.error
    assert "The version that converts better is not the one that earns more here" in texts(test)


def test_an_example_is_marked_as_made_up():
    test = page("conversion_test")
    test.button(key="rates_example").click().run()
    assert "made-up numbers" in texts(test)
    typed(test, b_orders=237)
    assert "made-up numbers" not in texts(test)
    test.button(key="rates_forget").click().run()
    assert field(test, "a_visits").value is None and "Did the new listing convert better?" in texts(
        test
    )


def test_a_believed_range_of_ones_own():
    test = open_view(page("conversion_test"), "plan")
    test.segmented_control(
        key=next(c.key for c in test.segmented_control if c.key.startswith("rates_belief"))
    ).set_value("own").run()
    typed(test, low=-30.0, high=-10.0)
    assert not test.error and "you would keep the old version" in texts(test)
    typed(test, high=-40.0)
    assert "must be at least -30%" in test.error[0].value
