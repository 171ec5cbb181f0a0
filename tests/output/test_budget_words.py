"""The ad budget in words: each kind of answer in both languages, names, charts' tables."""

import dataclasses
import re

import pytest

from funnel_sim.decisions.budget.answer import budget_answer, taken
from funnel_sim.decisions.found import find
from funnel_sim.output.charts.budget import data_curve, data_split, spec_curve, spec_split
from funnel_sim.output.documents.chapters.budget import budget_chapter
from funnel_sim.output.documents.leave_behind import Letter
from funnel_sim.output.exports import _html, _pdf
from funnel_sim.output.words import formats
from funnel_sim.output.words.budget import (
    BudgetNames,
    budget_sentences,
    chance_sentences,
    headline,
    line_heads,
    line_rows,
    method_sentence,
    names_of,
    rest_sentences,
)
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say

KITCHEN = preset("amazon-de-kitchen")
ADS = KITCHEN.channels[0]
TWO = KITCHEN.but(channels=[ADS, ADS.but(id="b", budget=400.0, cpc=0.5), *KITCHEN.channels[1:]])
LANGS = ("zh", "en")
CHEAPEST = {"budget.budget_goal": "cheapest", "budget.gmv_target": 12_000.0}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("store", "changes", "key"),
    [
        (TWO, {}, ("比现在的", "more than today's")),
        (KITCHEN, {}, ("只有一个广告渠道", "one ad channel only")),
        (TWO, {"budget.budget_total": 900.0}, ("现在 ", "today ")),
        (TWO, {"budget.budget_goal": "gmv", "budget.profit_floor": -500.0}, ("不低于", "at least")),
        (TWO, CHEAPEST, ("最少要花", "takes at least")),
    ],
)  # fmt: skip
def test_each_question_has_its_sentence(store, changes, key, lang):
    one = store.replace(changes)
    found = budget_answer(one)
    told = budget_sentences(found, names_of(one, lang), lang)
    assert key[LANGS.index(lang)] in told[0]
    assert all(text and "{" not in text for text in told)


@pytest.mark.parametrize("lang", LANGS)
def test_amounts_of_profit_are_in_the_currency_of_results_and_budgets_are_not(lang):
    one = TWO.replace({"shown_in": "home"})
    found, names = budget_answer(one), names_of(one, lang)
    told = headline(found, names, lang)
    assert formats.whole_money(found.profit[1], one.shown, lang) in told
    assert formats.money(found.total, "EUR", lang) in told
    both = {"currency": "EUR", "shown": "CNY"}
    said = say(lang, "budget.currencies", **both)
    assert said in rest_sentences(found, names, lang)
    assert said not in rest_sentences(found, names_of(TWO, lang), lang)


@pytest.mark.parametrize("lang", LANGS)
def test_rows_have_a_cell_a_head_and_alike_names_are_told_apart(lang):
    found, names = budget_answer(TWO), names_of(TWO, lang)
    rows = line_rows(found, names, lang)
    assert all(len(row.cells) == len(line_heads(found, lang)) for row in rows)
    same = TWO.replace({"channels.ads.name": "A", "channels.b.name": "A"})
    assert set(names_of(same, lang).of.values()) == {"A (ads)", "A (b)"}


@pytest.mark.parametrize("lang", LANGS)
def test_ads_that_are_typed_with_orders_are_said_to_be_left_out(lang):
    typed = {
        "id": "x",
        "name": "Mall ads",
        "kind": "orders",
        "known_spend": 50.0,
        "known_sales": 5.0,
    }
    store = TWO.replace({"channels": [*TWO.plain()["channels"], typed]})
    told = rest_sentences(budget_answer(store), names_of(store, lang), lang)
    assert any("Mall ads" in one for one in told)


@pytest.mark.parametrize("lang", LANGS)
def test_how_it_was_found_is_said_as_it_was(lang):
    found, names = budget_answer(TWO), BudgetNames({})
    bent = dataclasses.replace(found.lines[0], concave=False)
    told = {
        method_sentence(one, names, lang)
        for one in (
            found,
            dataclasses.replace(found, proven=False),
            dataclasses.replace(found, lines=(bent, *found.lines[1:])),
            dataclasses.replace(found, additive=False),
        )
    }
    assert len(told) == 4


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_hold_what_the_answer_says(lang, theme):
    found, names = budget_answer(TWO), names_of(TWO, lang)
    axis = formats.axis("money", "EUR", lang)
    bars = data_split(found, names, lang).dropna(subset=["value"])
    assert sorted(bars[bars.kind == "best"].value) == sorted(line.best for line in found.lines)
    curve = data_curve(found, names, lang)
    marked = curve.dropna(subset=["point"])
    assert marked.profit.tolist() == [found.profit[0], found.profit[1]]
    for spec in (spec_split(lang, theme, axis), spec_curve(lang, theme, axis, axis)):
        assert spec["layer"]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_report_has_a_chapter_where_something_was_asked(lang):
    asked = TWO.replace({"budget.budget_total": 900.0})
    found, nothing = find(asked, 1024), find(TWO, 1024)
    assert budget_chapter(nothing, lang) == [] and nothing.budget is None
    chapter = budget_chapter(found, lang)
    assert chapter[1].text == headline(budget_answer(asked), names_of(asked, lang), lang)
    only = Letter(chosen=("budget",))
    page = _html(asked, found, lang, only).decode()
    assert say(lang, "report.group_budget") in page and say(lang, "budget.curve_title") in page
    assert _pdf(asked, found, lang, only).startswith(b"%PDF")


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "changes",
    [
        {"budget.budget_total": 5000.0},
        {"budget.budget_total": 1500.0, "budget.budget_step": 50.0},
        CHEAPEST,
        {"budget.budget_goal": "gmv", "budget.profit_floor": -500.0},
    ],
)
def test_what_a_cut_takes_from_each_adds_up_to_what_the_sentence_cuts(changes):
    """Six channels, so that the smaller ones are told together; amounts of the sentence are read
    from it, those of channels that get more count against it.
    """
    some = [
        ADS.but(id=f"c{n}", budget=200.0 + 90 * n, cpc=0.4 + 0.06 * n, channel_cvr=0.05 + 0.005 * n)
        for n in range(6)
    ]
    one = KITCHEN.but(channels=[*some, *KITCHEN.channels[1:]]).replace(changes)
    found = budget_answer(one)
    told = next(t for t in budget_sentences(found, names_of(one, "en"), "en") if "shrinks by" in t)
    start, cuts = told.split("; profit")[0].split(": ", 1)
    amounts = re.findall(r"€([\d,]+(?:\.\d+)?) (less|more)", cuts)
    signed = [float(a.replace(",", "")) * (1 if way == "less" else -1) for a, way in amounts]
    assert len(signed) == 4
    assert round(sum(signed), 2) == round(found.total - found.total_cut, 2)
    assert formats.money(found.total - found.total_cut, "EUR", "en") in start
    assert formats.money(found.total, "EUR", "en") in start
    step = changes.get("budget.budget_step")
    assert step is None or all(line.cut % step == 0 for line in found.lines)


@pytest.mark.parametrize("lang", LANGS)
def test_a_split_that_more_likely_loses_is_called_so(lang):
    """Better 49, 50, 51 % of the draws: worse than even, even and a little better, with a middle
    below zero only in the first; the share that is neither is none.
    """
    found = budget_answer(TWO)
    names = names_of(TWO, lang)
    keys = {}
    for better, middle in ((0.19, -5.0), (0.49, -5.0), (0.5, 0.0), (0.51, 5.0), (0.8, 5.0)):
        gain = dataclasses.replace(found.chance, better=better, worse=1 - better, honest=middle)
        told = chance_sentences(dataclasses.replace(found, chance=gain), names, lang)
        worse = formats.percent(1 - better, 0)
        keys[better] = next(
            key
            for key in ("worth", "worse", "not_worth")
            if say(lang, f"budget.{key}", worse=worse) in told
        )
    assert list(keys.values()) == ["worse", "worse", "not_worth", "not_worth", "worth"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_probability_of_what_a_goal_promises_is_told_after_the_split_is_taken_too(lang):
    one = TWO.replace(CHEAPEST)
    for store in (one, taken(one, budget_answer(one))):
        found = budget_answer(store)
        told = chance_sentences(found, names_of(store, lang), lang)
        target = formats.whole_money(12_000.0, store.shown, lang)
        kept = formats.percent(found.chance.promise.kept, 0)
        assert target in told[0] and kept in told[0]


@pytest.mark.parametrize("lang", LANGS)
def test_an_optimism_as_large_as_the_gain_says_what_to_make_of_it(lang):
    found, names = budget_answer(TWO), names_of(TWO, lang)
    told = {}
    for optimism in (99.0, 100.0):
        gain = dataclasses.replace(found.chance, seen=100.0, optimism=optimism)
        told[optimism] = chance_sentences(dataclasses.replace(found, chance=gain), names, lang)[-1]
    both = {"seen": formats.whole_money(100.0, TWO.shown, lang)}
    shown = {x: formats.whole_money(x, TWO.shown, lang) for x in told}
    assert told[99.0] == say(lang, "budget.optimism", optimism=shown[99.0])
    assert told[100.0] == say(lang, "budget.optimism_all", optimism=shown[100.0], **both)


@pytest.mark.parametrize("lang", LANGS)
def test_of_one_channel_the_next_money_that_loses_says_what_it_loses(lang):
    found = budget_answer(KITCHEN.replace({"budget.budget_total": 9000.0}))
    line = found.lines[0]
    assert line.next_best < 0 < line.gets_next
    loss = formats.whole_money(-line.next_best, KITCHEN.shown, lang)
    told = budget_sentences(found, names_of(KITCHEN, lang), lang)
    assert say(lang, "budget.next_loses", loss=loss) in told
