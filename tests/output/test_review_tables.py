"""The tables of a review and how their figures come about, by hand."""

from functools import cache

import pytest

from funnel_sim.decisions.review.drivers import Driver, Split
from funnel_sim.decisions.review.reviewed import review_of
from funnel_sim.output.documents.chapters.review import list_rows
from funnel_sim.output.words.formats import joined
from funnel_sim.output.words.kpi import metric_name
from funnel_sim.output.words.review_drivers import (
    driver_name,
    driver_rows,
    promise_sentence,
    told_parts,
)
from funnel_sim.output.words.review_effect import effect_workings
from funnel_sim.output.words.review_head import (
    effect_tile,
    owed_tile,
    review_sentence,
    tiles,
    verdict_of,
)
from funnel_sim.output.words.review_kpis import kpi_rows, kpi_workings, window_rows
from funnel_sim.output.words.review_leak import channel_words, judged_text, step_rows
from funnel_sim.scenario.quotes import Option
from funnel_sim.words import LANGS, say
from tests.engaged import engaged, series


@cache
def review():
    return review_of(engaged(), paths=1024)


@pytest.mark.slow
def test_the_usual_table():
    found = review()
    gmv, acos, orders = kpi_rows(found.standing, found.scenario, "en")
    # 36,358 / 55,000 = 66.1 %; 36,358 / 49,613 = −26.7 %; 36,358 / 58,173 = −37.5 %
    assert [joined(one) for one in gmv.cells] == [
        "€36,358.00", "≥ €55,000.00", "66%", "−26.7%", "−37.5%", "× bad"
    ]  # fmt: skip
    # 6,000 / 14,543 = 41.26 % of sales from ads as the dashboard shows them, with tax
    assert acos.cells[1].startswith("≤") and acos.tone == "bad"
    assert orders.cells[-1] == "× bad"


@pytest.mark.slow
def test_health_is_a_sign_and_a_word_in_both_languages():
    found = review()
    for lang in LANGS:
        for row in kpi_rows(found.standing, found.scenario, lang):
            sign, word = row.cells[-1].split(" ")
            assert sign in "✓!×?" and word in [
                say(lang, f"review.health_{one}") for one in ("good", "watch", "bad", "unknown")
            ]


def test_what_the_rest_must_bring_is_worked_out():
    # 57,055 + 54,817 + 58,173 + 36,358 = 206,403; (55,000 · 6 − 206,403) / 2 = 61,798.50
    found = review()
    assert sum(series()["gmv"][12:]) == 206_403
    told = kpi_workings(found.standing, found.scenario, "en")[0]
    assert "(€55,000 × 6 − €206,403 that came) ÷ 2 = €61,798.50" in joined(told)
    assert "€36,358.00 ÷ €55,000.00 = 66%" in told
    assert "a year ago €49,613: €36,358.00 ÷ €49,613 − 1 = −26.7%" in joined(told)
    row = window_rows(found.standing, found.scenario, "en")[0]
    assert row.cells[-1] == "€61,798.50 (2 left)" and row.cells[3] == "0%"


def test_the_effect_in_all_is_worked_out():
    found = review().effect
    told = joined(effect_workings(found, review().scenario, "en")[0])
    alone = 206_403 / (1 + found.found.whole[1])
    assert f"€206,403 came; the store alone would have brought €{alone:,.0f}" in told


def test_what_is_next_to_nothing_is_told_together_and_all_adds_up():
    split = review().changes["before"]["profit"]
    large, rest = told_parts(split)
    assert sum(part.amount for part in large) + rest == pytest.approx(split.change)
    least = 1e-3 * max(abs(split.change), abs(split.before))
    assert all(abs(part.amount) >= least for part in large) and len(large) < len(split.parts)
    rows = driver_rows(split, review().scenario, "en")
    assert rows[-1].kind == "total" and rows[-1].cells[1] == "100%"
    assert rows[-2].name == say("en", "drivers.others")


def test_shares_are_not_told_of_a_change_that_is_less_than_its_parts():
    split = review().changes["mark"]["profit"]
    assert max(abs(part.amount) for part in split.parts) > abs(split.change)
    assert all(row.cells[1] == "–" for row in driver_rows(split, review().scenario, "en"))


def test_a_step_is_a_signal_noise_or_cannot_be_told():
    steps = {(one.step, one.channel): one for one in review().leaks.steps}
    assert judged_text(steps["checkout", ""], "en") == "signal"
    assert judged_text(steps["cart", ""], "en") == "noise"
    repeat = steps["repeat", ""]
    assert judged_text(repeat, "en") == "too few to tell" and repeat.counts < repeat.enough
    rows = {row.name: row for row in step_rows(review().leaks, review().scenario, "en")}
    more = -(-(repeat.enough - int(repeat.counts)) // 1)
    assert rows["orders to repeat orders"].cells[-1] == f"{more} more orders a month"


@pytest.mark.slow
def test_a_step_that_no_number_would_show_says_so():
    wild = [round(one * factor) for one, factor in zip(
        series()["carts"], [1.6, 0.5, 1.5, 0.4, 1.7, 0.6] * 3, strict=False)]  # fmt: skip
    found = review_of(engaged({"history.seen_carts": wild}), paths=1024)
    row = next(
        row for row in step_rows(found.leaks, found.scenario, "en") if row.name == "visits to carts"
    )
    assert row.cells[-2:] == ("too few to tell", "never in these months alone")


@pytest.mark.slow
def test_more_paid_than_owed_is_overpaid_on_the_tile_too():
    paid = [None] * 12 + [9000.0, 9000.0, None, None]
    found = review_of(engaged({"history.seen_fees_paid": paid}), paths=1024)
    tile = owed_tile(found.bill, found.period, "en")
    # 10,256.12 owed in all, 18,000 paid
    assert (tile.name, tile.value) == ("Overpaid to the agency", "€7,743.88")


@pytest.mark.slow
def test_an_open_bill_is_no_amount():
    gone = [float(one) for one in series()["gmv"][:-1]] + [None]
    found = review_of(engaged({"history.seen_gmv": gone}), paths=1024)
    tile = owed_tile(found.bill, found.period, "en")
    assert tile.value == "open" and "not known: gross sales (GMV)" in tile.more[-1]


@pytest.mark.slow
def test_an_effect_that_shows_stands_as_a_figure_and_one_that_does_not_as_words():
    assert effect_tile(review().effect, "en").value == "cannot be told yet"
    strong = [round(one * (1.6 if n >= 12 else 1)) for n, one in enumerate(series()["gmv"])]
    strong[-1] = strong[-2]
    found = review_of(engaged({"history.seen_gmv": strong}), paths=1024)
    tile = effect_tile(found.effect, "en")
    assert found.effect.verdict == "worked" and tile.value.startswith("+")
    assert tile.more[0].startswith("80% interval +")
    told = review_sentence(
        found.period, found.figures, found.effect, found.leaks, found.standing, found.scenario, "zh"
    )
    assert "服务商的效果已看得出来（+" in told


@pytest.mark.slow
def test_a_profit_of_a_loss_before_has_no_change_in_percent():
    cost = {"product.unit_cost": 400.0}
    found = review_of(engaged(cost), paths=1024)
    profit = next(one for one in found.figures if one.key == "profit")
    assert profit.before < 0
    assert "%" not in tiles(found, "en")[0].more[0].split("GMV")[0]


@pytest.mark.parametrize("lang", LANGS)
def test_the_headline_and_the_card_tell_the_same_amount(lang):
    found = review()
    assert tiles(found, lang)[0].value in verdict_of(found, lang)


def test_a_channel_called_what_it_brings_is_told_once():
    store = engaged()
    named = next(
        one.id for one in store.channels if channel_words(one.id, store, "zh") == "自然流量"
    )
    assert driver_name(Driver("traffic", named), store, "zh") == "自然流量"
    assert driver_name(Driver("conversion", named), store, "zh") == "转化率（自然流量）"


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_list_suggests_from_drivers_and_kpis_where_nothing_leaks(lang):
    found = review_of(engaged(), None, "2026-06", paths=1024)
    assert not found.leaks.broken
    told = [what for _, what, *_ in list_rows(found, lang) if what]
    bad = [row.kpi.metric for row in found.standing.rows if row.health == "bad"]
    assert told and all(any(metric_name(one, lang) in what for what in told) for one in bad)


def test_the_promise_stands_in_money_beside_the_plan():
    # the plan's GMV of 20,000 a month and +30 %: 6,000 more, 26,000
    splits = {"gmv": Split("gmv", 20_000.0, 24_000.0, (), ())}
    option = Option(id="a", claimed=0.3)
    told = promise_sentence(splits, option, engaged(), "en")
    assert "€20,000" in told and "€6,000" in told and "€26,000" in told
    assert promise_sentence(splits, Option(id="a"), engaged(), "en") == ""
    assert promise_sentence(splits, None, engaged(), "en") == ""
    assert promise_sentence({}, option, engaged(), "en") == ""
