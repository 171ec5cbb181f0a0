"""A currency chosen on the screen: amounts, labels and rate change together."""

import pytest

from funnel_sim.model.economics import evaluate
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from tests.pages.test_pages import number, page, texts


def basics(lang="en"):
    start = preset("tiktok-us-beauty").replace({"product.unit_cost": 22.56, "fx_rate": 7.05})
    test = page("my_shop", lang, links.encode(start))
    test.session_state["theme_basics"] = True
    return test.run(), start


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_dollars_for_costs_convert_them_and_keep_the_profit(lang):
    test, start = basics(lang)
    field = next(
        one
        for one in test.text_input
        if one.label == ("Cost currency" if lang == "en" else "成本币种")
    )
    test = field.set_value("usd").run()
    now = test.session_state["scenario"]
    assert not test.exception and (now.cost_currency, now.fx_rate, now.product.unit_cost) == (
        "USD",
        1.0,
        3.2,
    )  # 22.56 / 7.05
    assert evaluate(now).steady["profit"] == pytest.approx(
        evaluate(start).steady["profit"], abs=1e-6
    )
    shown = number(test, "Unit cost (USD)" if lang == "en" else "采购成本 (USD)")
    assert shown.value == 3.2 and "CNY → USD" in texts(test) + "".join(
        one.value for one in test.success
    )


def test_a_rate_that_is_not_known_is_asked_for():
    test, _ = basics()
    test = (
        next(one for one in test.text_input if one.label == "Cost currency").set_value("KZT").run()
    )
    assert test.session_state[
        "scenario"
    ].cost_currency == "CNY" and "type how many KZT one CNY is" in texts(test)
    test = number(test, "KZT / 1 CNY").set_value(5.0).run()
    test = next(one for one in test.button if one.label == "Convert at this rate").click().run()
    now = test.session_state["scenario"]
    assert (now.cost_currency, now.product.unit_cost) == (
        "KZT",
        pytest.approx(112.8),
    ) and not test.exception
