"""Markets side by side, dependence and the cash of all on the screen, by AppTest."""

import sys

import pytest
from streamlit.testing.v1 import AppTest

from funnel_sim.decisions.portfolio.markets import markets
from funnel_sim.output.words.markets import market_sentences, place_name
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from funnel_sim.ui.session.markets import PATHS
from funnel_sim.words import say
from tests.pages.test_pages import LANGS, page, texts

STORE = preset("amazon-us-kitchen").replace({"product.unit_cost": 60.0})
FIRST = ("amazon-uk-home", "amazon-de-kitchen", "amazon-jp-home", "amazon-fr-kitchen")


@pytest.fixture(autouse=True)
def _main_stays_the_main_module():
    """AppTest puts its script in place of the main module; processes that a later test starts would
    import it.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


def opened(lang="en", store=STORE):
    test = page("side_by_side", lang, links.encode(store))
    test.session_state["compare_markets"] = True
    return test.run()


def widget(some, key):
    return next(one for one in some if str(one.key).startswith(key))


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_fold_carries_the_product_to_places_of_its_platform(lang):
    test = opened(lang)
    assert not test.exception and not test.error
    said = texts(test).replace("\\", "")
    found = markets(STORE, FIRST, paths=PATHS, currency="USD")
    for told in market_sentences(found, lang):
        assert told in said
    assert len(test.get("vega_lite_chart")) == 2
    chosen = widget(test.multiselect, "markets_chosen").value
    assert tuple(chosen) == FIRST
    assert place_name(FIRST[0], lang) in "".join(widget(test.multiselect, "markets_chosen").options)


def test_nothing_is_carried_until_the_fold_is_open():
    test = page("side_by_side", "en", links.encode(STORE))
    assert not any(str(one.key).startswith("markets_") for one in test.multiselect)


@pytest.mark.slow
def test_other_places_price_and_traffic_are_another_answer():
    test = opened()
    test = widget(test.multiselect, "markets_chosen").set_value(["shopee-th"]).run()
    test = widget(test.segmented_control, "markets_price").set_value("margin").run()
    test = widget(test.segmented_control, "markets_volume").set_value("orders").run()
    assert not test.exception
    found = markets(
        STORE, ["shopee-th"], price="margin", volume="orders", paths=PATHS, currency="USD"
    )
    said = texts(test).replace("\\", "")
    assert all(told in said for told in market_sentences(found, "en"))


def test_without_a_place_it_says_so():
    test = opened()
    test = widget(test.multiselect, "markets_chosen").set_value([]).run()
    assert say("en", "markets.choose_first") in [one.value for one in test.info]


def test_a_place_is_opened_as_the_scenario_or_put_beside():
    test = opened()
    test = widget(test.multiselect, "markets_chosen").set_value(["amazon-de-kitchen"]).run()
    test = widget(test.button, "markets_keep").click().run()
    beside = test.session_state["compared"]
    assert [one.scenario.preset for one in beside] == ["amazon-de-kitchen"]
    test = widget(test.button, "markets_open").click().run()
    now = test.session_state["scenario"]
    assert (now.preset, now.product.unit_cost, now.currency) == ("amazon-de-kitchen", 60.0, "EUR")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("every", [False, True])
def test_fields_say_where_they_come_from(lang, every):
    test = opened(lang)
    if every:
        test = widget(test.toggle, "markets_every").set_value(True).run()
    assert not test.exception and not test.error


# ---- sections that a page of a portfolio puts in -------------------------------------------------


def _drawn(lang, what, rows):
    from funnel_sim.chance.portfolio import simulate_portfolio
    from funnel_sim.reference.provenance import DATA_DATE
    from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
    from funnel_sim.ui.pages.portfolio.dependence import dependence_section, pooled_section

    names = ("amazon-de-kitchen", "tiktok-us-beauty", "amazon-us-kitchen")
    made = [PortfolioRow(f"r{n}", names[n % 3], product=f"p{n % 2}") for n in range(rows)]
    portfolio = Portfolio(tuple(made), DATA_DATE)
    if what == "pooled":
        pooled_section(portfolio, lang)
    else:
        drawn = simulate_portfolio(portfolio, 256) if what == "drawn" else None
        dependence_section(portfolio, lang, drawn)


def drawn(lang, what, rows):
    test = AppTest.from_function(_drawn, args=(lang, what, rows), default_timeout=60)
    return test.run()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("what", ["point", "drawn"])
def test_each_kind_of_dependence_draws(lang, what):
    test = drawn(lang, what, 4)
    kinds = widget(test.segmented_control, "dependence_by")
    assert len(kinds.options) == 6
    for label in kinds.options:
        test = widget(test.segmented_control, "dependence_by").set_value(label).run()
        assert not test.exception and not test.error
        assert len(test.get("vega_lite_chart")) == 1


def test_one_row_is_told_by_its_channels():
    test = drawn("en", "point", 1)
    assert not test.exception
    assert set(widget(test.segmented_control, "dependence_by").options) == {"Channels"} | {
        "Where customers come from"
    }


@pytest.mark.parametrize("lang", LANGS)
def test_the_cash_of_all_draws(lang):
    test = drawn(lang, "pooled", 2)
    assert not test.exception and not test.error
    assert len(test.get("vega_lite_chart")) == 1
    assert not test.button


def test_the_cash_of_many_rows_is_drawn_on_a_click_and_of_too_many_refused():
    test = drawn("en", "pooled", 21)
    assert len(test.button) == 1
    assert say("en", "pooled.many", most=200, rows="201") in [
        one.value for one in drawn("en", "pooled", 201).info
    ]
