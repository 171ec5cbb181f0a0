"""The page of the monthly review by AppTest: the head, every part in both languages, what is
missing, a quarter.
"""

import pytest

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.review.periods import period_of
from funnel_sim.decisions.review.reviewed import AGAINST, change_of, review_of
from funnel_sim.output.words.review_head import tiles
from funnel_sim.scenario import links
from funnel_sim.ui.session.reviews import known_at
from funnel_sim.words import say
from tests.engaged import OWN, engaged
from tests.pages.test_pages import LANGS, page, texts

PARTS = (("kpis", 0), ("change", 1), ("leak", 0), ("effect", 1), ("report", 0))


def review(lang="en", scenario=None):
    return page("monthly_review", lang, links.encode(scenario or engaged()))


def open_part(test, part, lang="en"):
    box = next(one for one in test.segmented_control if one.key.startswith(f"review_view_{lang}"))
    box.set_value(part).run()
    return test.run()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("part", "charts"), PARTS)
def test_each_part_draws(part, charts, lang):
    test = open_part(review(lang), part, lang)
    assert not test.exception and not test.error
    assert len(test.get("vega_lite_chart")) == charts


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_head_says_the_verdict_and_three_figures(lang):
    test = review(lang)
    said = texts(test)
    found = review_of(engaged(), paths=LIVE)
    for tile in tiles(found, lang):
        assert tile.name in said and tile.value in said.replace("\\", "")
    assert say(lang, "review.head_act") in said


def test_without_months_the_way_to_them_is_told():
    test = page("monthly_review", "en")
    assert say("en", "after.no_actuals") in texts(test)
    assert not any(one.key.startswith("review_view") for one in test.segmented_control)


def test_another_period_is_reviewed_with_what_was_known_then():
    test = review()
    box = next(one for one in test.selectbox if one.key.startswith("review_period"))
    assert box.options == ["2026-07", "2026-06", "2026-05", "2026-04", "2026-Q3", "2026-Q2"]
    box.set_value("2026-Q2").run()
    said = texts(test)
    assert not test.exception and "2026-Q2: profit" in said and "2026-07" not in said
    test = open_part(test, "leak")
    assert "No step is broken in 2026-04, 2026-05, 2026-06" in texts(test)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("against", ["before", "year", "mark", "plan", "other"])
def test_a_change_is_split_against_each_thing(against):
    test = open_part(review(scenario=engaged(OWN)), "change")
    box = next(one for one in test.selectbox if one.key.startswith("review_against"))
    test = box.set_value(against).run()
    assert not test.exception and not test.error
    assert len(test.get("vega_lite_chart")) == 1
    if against in AGAINST:  # what the page was told is of the months chosen, and of no others
        told = test.session_state["remembered"]["change_known"]
        [(_, period, _), shown] = next(one for one in told.items() if one[0][-1] == against)
        months = known_at.__wrapped__(test.session_state["scenario"], period)
        assert shown["profit"] == change_of(*months, against)["profit"]
    if against == "other":
        which = next(one for one in test.selectbox if one.key.startswith("review_other"))
        assert which.options[:2] == ["2026-06", "2026-05"] and "2025-Q3" in which.options
        test = which.set_value("2025-Q3").run()
        assert not test.exception and test.session_state["review_other"] == "2025-Q3"
    figures = next(one for one in test.selectbox if one.key.startswith("review_figure"))
    test = figures.set_value("paid_orders").run()
    assert not test.exception and "Orders: " in texts(test)


def test_months_that_a_comparison_lacks_are_named():
    store = engaged({"history.engagement_from": "2025-06"})
    test = review(scenario=store)
    box = next(one for one in test.selectbox if one.key.startswith("review_period"))
    test = open_part(box.set_value("2025-06").run(), "change")
    chosen = next(one for one in test.selectbox if one.key.startswith("review_against"))
    test = chosen.set_value("year").run()
    assert "2024-06" in texts(test)
    assert any(one.key == "review_enter_months" for one in test.button)


def test_a_triggered_stop_loss_is_told_in_red():
    # July's sales are 36,358 of 55,000: below 0.8 in one month, which is enough here
    rows = engaged().plain()["options"]
    test = review(scenario=engaged({"options": [rows[0] | {"stop_months": 1}]}))
    assert any("2026-07" in str(one.value) for one in test.error)
    assert "the stop-loss was triggered in 2026-07" in texts(test)


def test_without_kpis_the_way_to_them_is_told():
    test = review(scenario=engaged({"kpis": [], "options": []}))
    assert say("en", "review.no_kpis") in texts(test)
    assert say("en", "review.tile_no_contract") in texts(test)


def test_what_the_profit_lacks_is_named():
    test = review(scenario=engaged({"history.seen_ad_spend": [], "history.seen_ad_sales": []}))
    assert "not known: ad spend" in texts(test)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_report_is_made_and_offered(lang):
    test = open_part(review(lang), "report", lang)
    pills = next(one for one in test.get("button_group") if one.key.startswith("review_formats"))
    pills.set_value(["html", "xlsx"]).run()
    next(one for one in test.button if one.key == "review_make").click().run()
    assert not test.exception and not test.error
    offered = [one.proto.label for one in test.get("download_button")]
    at_once = say(lang, "review.pdf_at_once", period=period_of(engaged()).name)
    assert offered[0] == at_once and len(offered) == 1 + 2  # beside what was made
    assert set(next(iter(test.session_state["review_taken"].values()))) == {"html", "xlsx"}


def test_a_part_that_is_shut_is_not_worked_out():
    test = review()
    kept = test.session_state["remembered"]
    assert "change_known" not in kept
    assert all(key[-1] is False for key in kept["leaks_known"])  # without what would be enough
    test = open_part(test, "change")
    assert len(test.session_state["remembered"]["change_known"]) == 1


def test_the_ledger_of_the_period_opens():
    test = review()
    next(one for one in test.button if one.key == "review_how_profit").click().run()
    assert not test.exception


def test_a_channel_is_called_as_the_shop_calls_it_and_is_text():
    rows = engaged().plain()["history"]["by_channel"]
    strange = engaged({"history.by_channel": [*rows, rows[0] | {"channel": "a*b*_c_"}]})
    said = texts(open_part(review("zh", strange), "leak", "zh"))
    assert "访问到下单（广告）" in said and "（ads）" not in said
    assert "a\\*b\\*\\_c\\_" in said


@pytest.mark.parametrize("lang", LANGS)
def test_an_example_is_no_plan_and_its_cost_is_marked(lang):
    test = open_part(review(lang), "change", lang)
    assert say(lang, "review.with_example_cost") in texts(test)
    box = next(one for one in test.selectbox if one.key.startswith("review_against"))
    test = box.set_value("plan").run()
    assert not test.exception and not test.get("vega_lite_chart")
    assert any(one.key == "review_enter_plan" for one in test.button)
