"""ACoS and ROAS as the platform's console counts them: which of both a promise means, and how
probable it is by either.
"""

import pytest

from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.console import agreed_metric, by_the_books, counted_otherwise
from funnel_sim.decisions.kpi.definitions import definitions
from funnel_sim.decisions.kpi.measured import break_even_of
from funnel_sim.decisions.kpi.review import remarks
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words.kpi_contract import contract_sentence
from funnel_sim.output.words.kpi_remarks import both_counts_sentence
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS

ACOS = {"id": "a", "metric": "acos_console", "comparator": "at_most", "target": 0.3, "month_to": 3}


def german(**more):
    return preset("amazon-de-kitchen").replace({"kpis": [ACOS | more]})


@pytest.mark.parametrize(
    ("shop", "metric", "meant"),
    [
        ("amazon-de-kitchen", "acos", "acos_console"),
        ("amazon-de-kitchen", "roas", "roas_console"),
        ("amazon-de-kitchen", "tacos", "tacos"),
        ("amazon-us-kitchen", "acos", "acos"),
        ("amazon-us-kitchen", "roas", "roas"),
    ],
)
def test_a_promise_means_the_console_where_it_counts_otherwise(shop, metric, meant):
    assert agreed_metric(preset(shop), metric) == meant


def test_both_counts_are_of_the_same_months():
    """19 % VAT inside the price and nothing lost on the ad bill: ours = 1.19 × the console's in
    every month, so that "at most 30 %" by the console is "at most 35.7 %" by our accounts.
    """
    scenario = german()
    typed, books = definitions(scenario, scenario.kpis[0], 1024)
    assert (typed.way, books.way, books.kpi.metric) == ("typed", "books", "acos")
    assert books.median == pytest.approx(1.19 * typed.median)
    assert books.probability.value < typed.probability.value
    same = scenario.replace({"kpis": [ACOS | {"metric": "acos", "target": 0.3 * 1.19}]})
    assert definitions(same, same.kpis[0], 1024)[0].probability == typed.probability
    assert check(scenario, paths=1024).answers[0].probability == typed.probability


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("metric", ["acos_console", "acos"])
def test_both_probabilities_stand_in_one_sentence(lang, metric):
    scenario = german(metric=metric)
    found = check(scenario, paths=1024)
    ways = definitions(scenario, scenario.kpis[0], 1024)
    told = both_counts_sentence(found.answers[0], ways, found, lang)
    assert told.count("%") >= 5 and "{" not in told  # the target, two medians, two probabilities


def test_nothing_is_told_where_both_say_the_same_or_the_basis_was_chosen():
    us = preset("amazon-us-kitchen").replace({"kpis": [ACOS]})
    assert counted_otherwise(us, us.kpis[0]) is None
    chosen = Kpi.model_validate(ACOS | {"metric": "acos", "sales_tax": "in"})
    assert counted_otherwise(german(), chosen) is None
    assert counted_otherwise(german(), german().kpis[0]).metric == "acos"


@pytest.mark.parametrize("lang", LANGS)
def test_a_sentence_for_the_contract_has_one_basis(lang):
    """By the seller's accounts no report of the platform decides; by the console it does."""
    report = {"zh": "以平台的【报表名称】为准", "en": "read from the platform's"}[lang]
    booked = {"zh": "按卖家入账金额", "en": "as booked by the seller"}[lang]
    for metric, by_report in (("acos", False), ("acos_console", True)):
        scenario = german(metric=metric)
        told = contract_sentence(check(scenario, paths=256).answers[0], scenario, lang)
        assert (report in told, booked in told) == (by_report, not by_report)
    assert not by_the_books(german(), Kpi(id="g", metric="gmv", target=1.0))
    us = preset("amazon-us-kitchen")
    assert not by_the_books(us, Kpi(id="a", metric="acos", target=1.0))


@pytest.mark.parametrize(("share", "loses"), [(0.999, False), (1.001, True)])
def test_the_console_breaks_even_at_its_own_figure(share, loses):
    """A target between the console's break-even and ours is met while every ad order loses."""
    limit = evaluate(preset("amazon-de-kitchen")).steady["break_even_acos_console"]
    scenario = german(target=limit * share)
    assert break_even_of(scenario, scenario.kpis[0]) == pytest.approx(limit)
    found = {one.key for one in remarks(scenario)}
    assert ("acos_loses_console" in found) is loses and "acos_loses" not in found
