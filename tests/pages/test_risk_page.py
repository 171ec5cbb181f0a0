"""The Risk page and the ranges under every number, by AppTest, in both languages."""

import logging

import pytest

from funnel_sim.chance.streams import LIVE
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.ui.session import chance_answers
from tests.pages.numbers import numbers
from tests.pages.test_pages import LANGS, button, number, page, texts

logging.getLogger("streamlit").setLevel(logging.CRITICAL)
PAYOUT_EVENTS = ("payout_held", "reserve", "payout_rule")
FEW = links.encode(preset("amazon-de-kitchen").replace({"chance.paths": 1024}))
"""The first scenario with few paths, for tests that only look whether something is drawn."""


def open_view(test, view, lang="en"):
    test.segmented_control(key=f"risk_view_{lang}").set_value(view).run()
    return test.run()


def open_range(test, path, *, more=False):
    """Open what stands behind a number's range button, as a click would."""
    start = f"r:{test.session_state['page']}:en:{test.session_state['revision']}:{path}:"
    test.session_state[f"{start}open"] = True
    if more:
        test.session_state[f"{start}more"] = True
    return test.run()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("view", ["odds", "drivers", "events", "compare"])
def test_each_view_draws(view, lang):
    test = open_view(page("risk_and_odds", lang), view, lang)
    assert not test.exception and not test.error
    charts = {"odds": 2, "drivers": 1, "events": 0, "compare": 0}  # nothing to compare yet
    assert len(test.get("vega_lite_chart")) == charts[view]


@pytest.mark.sampled(15)
@pytest.mark.parametrize(
    "metric",
    [
        "margin",
        "cm3",
        "net_revenue",
        "gmv",
        "paid_orders",
        "roas",
        "acos",
        "cac",
        "ltv_cac",
        "carts",
        "ad_spend",
        "payback_months",
        "refunds",
        "return_rate",
        "landed_cost",
    ],
)
def test_each_figure_draws_in_each_view(metric):
    test = page("risk_and_odds", "en", FEW)
    test.selectbox(key="risk_metric_en").set_value(metric).run()
    for view in ("odds", "drivers", "compare"):
        open_view(test, view)
        assert not test.exception and not test.error, view


def test_the_headline_says_the_odds_that_the_core_finds():
    test = page("risk_and_odds")
    odds = chance_answers.distribution_of(test.session_state["scenario"], "profit", 0.0, LIVE)
    assert f"The probability of a loss over 12 months is {odds.estimate.loss.value:.1%}" in texts(
        test
    )
    assert "16,384 simulation runs" in texts(test) and "reliable digits" in texts(test)


def test_a_store_without_uncertainty_says_so():
    sure = preset("amazon-de-kitchen")
    changes = {path: point_value(value) for path, value in sure.quantities() if is_range(value)}
    sure = sure.replace(changes | {"chance.month_noise": False, "chance.counting": False})
    test = page("risk_and_odds", "en", links.encode(sure))
    assert "in every simulation" in texts(test) and not test.exception
    for view in ("drivers", "events", "compare"):
        assert not open_view(test, view).exception


@pytest.mark.slow
def test_a_store_without_orders_survives():
    none = preset("amazon-de-kitchen").replace(
        {"conversion.cvr": 0.0, "channels.organic.channel_cvr": 0.0}
    )
    test = page("risk_and_odds", "zh", links.encode(none))
    test.selectbox(key="risk_metric_zh").set_value("roas").run()
    for view in ("odds", "drivers", "events", "compare"):
        test.segmented_control(key="risk_view_zh").set_value(view).run()
        assert not test.run().exception and not test.error, view


def test_a_number_typed_on_a_range_moves_the_range_along():
    test = page("risk_and_odds")
    number(test, "Conversion rate").set_value(8.0).run()
    cvr = test.session_state["scenario"].conversion.cvr
    assert (cvr.likely, cvr.low, cvr.high) == (
        0.08,
        pytest.approx(0.04),
        pytest.approx(0.16),
    )  # half and twice, as in the preset (spreads.csv)
    assert "The range moved along" in texts(test)
    button(test, "Restore the range").click().run()
    assert (
        test.session_state["scenario"].conversion.cvr == preset("amazon-de-kitchen").conversion.cvr
    )
    number(test, "Conversion rate").set_value(8.0).run()
    number(test, "Price").set_value(31.0).run()
    assert test.session_state["scenario"].product.price.likely == 31.0


def test_low_likely_and_high_make_a_range():
    plain = preset("amazon-de-kitchen").replace({"product.price": 29.99})
    test = open_range(page("risk_and_odds", "en", links.encode(plain)), "product.price")
    assert [n.value for n in numbers(test) if n.label in ("Low", "Likely", "High")] == [
        None,
        29.99,
        None,
    ]
    number(test, "Low").set_value(27.0).run()
    assert test.session_state["scenario"].product.price == 29.99  # not complete yet
    number(test, "High").set_value(33.0).run()
    price = test.session_state["scenario"].product.price
    # a price is above zero: low, likely and high make the shape for prices (ADR 0021; it was
    # "pert")
    assert (price.dist, price.low, price.likely, price.high, price.meaning) == (
        "logpert",
        27.0,
        29.99,
        33.0,
        "p80",
    )
    button(test, "No range: use only the likely value").click().run()
    assert test.session_state["scenario"].product.price == 29.99


def test_low_above_high_is_refused_and_the_last_range_kept():
    test = open_range(page("risk_and_odds"), "conversion.cvr")
    before = test.session_state["scenario"].conversion.cvr
    number(test, "Low").set_value(15.0).run()
    assert "low, likely and high must rise in this order" in texts(test)
    assert test.session_state["scenario"].conversion.cvr == before
    number(test, "Low").set_value(9.0).run()
    assert "must rise" not in texts(test)
    assert test.session_state["scenario"].conversion.cvr.low == pytest.approx(0.09)


def test_shape_and_meaning_are_behind_a_click():
    test = open_range(page("risk_and_odds"), "conversion.cvr", more=True)
    shape = next(s for s in test.selectbox if s.label == "Shape")
    shape.set_value("uniform").run()
    flat = test.session_state["scenario"].conversion.cvr
    assert (flat.dist, flat.low, flat.high) == ("uniform", pytest.approx(0.05), pytest.approx(0.2))
    meaning = next(c for c in test.segmented_control if c.label == "What low and high are")
    meaning.set_value("limits").run()
    assert test.session_state["scenario"].conversion.cvr.meaning == "limits"
    next(s for s in test.selectbox if s.label == "Shape").set_value("normal").run()
    assert test.session_state["scenario"].conversion.cvr.dist == "normal"
    assert not test.exception


def test_counts_make_an_honest_range():
    test = open_range(page("risk_and_odds"), "conversion.cvr")
    next(c for c in test.segmented_control if c.label == "Where does it come from?").set_value(
        "beta"
    ).run()
    number(test, "Hits").set_value(37.0).run()
    number(test, "Out of").set_value(1200.0).run()
    counts = test.session_state["scenario"].conversion.cvr
    assert (counts.dist, counts.successes, counts.trials) == ("beta", 37.0, 1200.0)
    assert not test.exception
    number(test, "Conversion rate").set_value(4.0).run()
    assert test.session_state["scenario"].conversion.cvr == 0.04
    assert "replaced the range" in texts(test)
    button(test, "Restore the range").click().run()
    assert test.session_state["scenario"].conversion.cvr == counts


def test_a_pasted_column_makes_a_sample_and_a_word_in_it_is_named():
    test = open_range(page("risk_and_odds"), "conversion.cvr")
    next(c for c in test.segmented_control if c.label == "Where does it come from?").set_value(
        "sample"
    ).run()
    test.text_area[0].set_value("rate\n9.1\n10.4\n11\n8.7").run()
    assert test.session_state["scenario"].conversion.cvr.values == [0.091, 0.104, 0.11, 0.087]
    test.text_area[0].set_value("8,5\n9,5\n10,2").run()  # decimal commas
    assert test.session_state["scenario"].conversion.cvr.values == [0.085, 0.095, 0.102]
    test.text_area[0].set_value("9.1\n10.4\n11\n8.7").run()
    test.text_area[0].set_value("9.1\nten\n11").run()
    assert "must be a number" in texts(test)
    assert test.session_state["scenario"].conversion.cvr.values == [0.091, 0.104, 0.11, 0.087]


def test_events_are_added_changed_and_removed():
    test = open_view(page("risk_and_odds"), "events")
    next(s for s in test.selectbox if s.label == "Event to start from").set_value("suspended").run()
    button(test, "Add this event").click().run()
    [event] = test.session_state["scenario"].shocks
    assert (event.id, event.effect, event.month_to) == ("suspended", "suspended", 12)
    number(test, "Probability").set_value(130.0).run()
    assert "130% — must be at most 100%" in texts(test)
    number(test, "Probability").set_value(30.0).run()
    assert test.session_state["scenario"].shocks[0].probability == 0.3
    assert "**If it happens**, the profit of the horizon is" in texts(test)
    before = chance_answers.distribution_of(
        preset("amazon-de-kitchen"), "profit", 0.0, LIVE
    ).estimate.loss.value
    assert (
        chance_answers.distribution_of(
            test.session_state["scenario"], "profit", 0.0, LIVE
        ).estimate.loss.value
        > before
    )
    next(b for b in test.button if b.key and b.key.endswith("shocks.suspended.drop")).click().run()
    assert test.session_state["scenario"].shocks == []
    assert not test.exception


@pytest.mark.slow
def test_every_event_to_start_from_works(monkeypatch):
    monkeypatch.setattr(
        "funnel_sim.ui.session.chance_answers.LIVE", 1024
    )  # what each event does is simulated twice over, at every click
    test = open_view(page("risk_and_odds", "en", FEW), "events")
    names = next(s for s in test.selectbox if s.label == "Event to start from").options
    for _ in names:
        template = next(s for s in test.selectbox if s.label == "Event to start from")
        template.set_value(
            [
                "fee_rise",
                "tariff",
                "suspended",
                "stockout",
                "clicks",
                "freight",
                "returns",
                "rival",
                *PAYOUT_EVENTS,
            ][len(test.session_state["scenario"].shocks)]
        ).run()
        button(test, "Add this event").click().run()
    assert len(test.session_state["scenario"].shocks) == len(names) == 8 + len(PAYOUT_EVENTS)
    assert not test.exception and not test.error
    assert not open_view(test, "drivers").exception


def test_inputs_that_move_together():
    test = open_view(page("risk_and_odds"), "events")
    button(test, "Add a pair").click().run()
    [pair] = test.session_state["scenario"].chance.correlations
    assert pair.rank == 0.5
    number(test, "Rank correlation").set_value(1.5).run()
    assert "must lie between -1 and 1" in texts(test)
    number(test, "Rank correlation").set_value(-0.4).run()
    assert test.session_state["scenario"].chance.correlations[0].rank == -0.4
    told = str([d.proto for d in open_view(test, "drivers").get("bidi_component")])
    assert "taken as one group" in told and not test.exception


def test_two_scenarios_on_the_same_draws():
    test = open_view(page("risk_and_odds"), "compare")
    assert "Both are the same" in texts(test)
    number(test, "Price").set_value(31.0).run()
    assert "Probability that the present numbers are better: over 99.98%" in texts(test)
    assert (
        "They differ in: Price." in texts(test)
        and "conversion does not follow a price by itself" in test.warning[0].value
    )
    test.button(key="risk_keep").click().run()
    assert "Both are the same" in texts(test)
    number(test, "Price").set_value(29.0).run()
    assert "are better: under 0.02%" in texts(test)
    test.segmented_control(key="risk_base_en_kept").set_value("preset").run()
    assert not test.exception


@pytest.mark.slow
def test_more_futures_are_simulated_on_request():
    test = page("risk_and_odds")
    next(s for s in test.selectbox if s.label == "Simulation runs").set_value(131_072).run()
    test.run()
    assert "131,072 simulation runs" in texts(test)
    assert (
        test.session_state["scenario"].chance.paths == 131_072 > LIVE
    )  # and so it travels in link and file
    again = page("risk_and_odds", "en", links.encode(test.session_state["scenario"]))
    assert "131,072 simulation runs" in texts(again)
    number(test, "Price").set_value(30.5).run()
    assert not test.exception


@pytest.mark.sampled(3)
@pytest.mark.parametrize("key", ["loss", "p5", "p50", "p95", "mean", "worst"])
def test_a_key_figure_says_what_it_means(key):
    test = page("risk_and_odds", "zh")
    test.session_state["risk_explained"] = key
    test.run()
    assert "95% 区间" in texts(test) and not test.exception


def test_a_damaged_sample_or_an_unknown_currency_history_is_a_sentence():
    odd = preset("amazon-de-kitchen").replace({"currency": "CHF", "chance.fx_walk": True})
    test = page("risk_and_odds", "en", links.encode(odd))
    assert not test.exception
    assert "no known history" in texts(test)


@pytest.mark.slow
def test_a_range_on_a_divisor_that_reaches_zero_shows_the_middle_and_says_why():
    """Profit per click price: a flat 80 % interval 0.1 to 1.2 starts below zero, and the average
    gain has no end.
    """
    wide = preset("tiktok-us-beauty").replace(
        {"channels.ads.cpc": {"dist": "uniform", "low": 0.1, "high": 1.2, "meaning": "p80"}}
    )
    for lang, words in (("en", "has no usable average here"), ("zh", "没有可用的平均值")):
        test = page("risk_and_odds", lang, links.encode(wide))
        assert words in texts(test) and not test.exception
        for view in ("drivers", "events", "compare"):
            assert not open_view(test, view, lang).exception, view


def test_what_the_odds_leave_out_is_named_and_given_a_range_by_a_click():
    test = page(
        "risk_and_odds",
        "en",
        links.encode(preset("ozon-ru-electronics").replace({"channels.ads.cpc": 9.0})),
    )
    assert "The probabilities do not include uncertainty in" in texts(test)
    give = test.button(key="risk_give_channels.ads.cpc")
    assert "20%" in give.label
    give.click().run()
    cpc = test.session_state["scenario"].get("channels.ads.cpc")
    assert (cpc.dist, cpc.low, cpc.likely, cpc.high) == ("logpert", 7.5, 9.0, 10.8)
    assert not test.exception
