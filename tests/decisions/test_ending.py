"""Months after a stop-loss ended the contract: no fee, no KPI judged, no effect of the agency, and
another term begins after them; worked by hand, alike in bill, KPIs, effect, renewal, providers.
"""

import math

import pytest

from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.decisions.review.effect import effect_of
from funnel_sim.decisions.review.ending import ending_of
from funnel_sim.decisions.review.providers import provider
from funnel_sim.decisions.review.renewal import renewal
from funnel_sim.decisions.review.settlement import settled
from funnel_sim.decisions.review.standing import standing
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.providers import left_out_sentences
from funnel_sim.output.words.renewal import assumed_sentences
from funnel_sim.output.words.review_dates import date_lines
from funnel_sim.output.words.review_effect import effect_rows, effect_sentences
from funnel_sim.output.words.settlement_kpis import kpi_rows
from funnel_sim.words import LANGS
from tests.pages.after_signing import BEFORE, CONTRACT, KPI, store

AFTER = ("2026-05", "2026-06")
ENDING = CONTRACT | {"stop_loss": True, "stop_months": 2, "stop_share": 0.95, "decided_by": "g",
                     "share_tiers": [], "share_over": "all", "clawback": False}  # fmt: skip


def ended_store(**changes):
    """March and April stay below 0.95 · 13,000 = 12,350 and end it; May and June boom."""
    gmv = [*BEFORE, 11_000.0, 12_000.0, 30_000.0, 31_000.0]
    return store(ENDING, **{"history.seen_gmv": gmv} | changes)


@pytest.fixture(scope="module")
def ended():
    scenario = ended_store()
    return scenario, scenario.options[0]


def test_how_it_ended(ended):
    scenario, option = ended
    found = ending_of(scenario, option)
    assert (found.month, found.after, found.by) == ("2026-04", AFTER, "stop")
    assert ending_of(scenario, None) is None
    assert ending_of(store(), store().options[0]) is None
    early = store(ENDING, **{"history.seen_gmv": [*BEFORE, 11_000.0, 12_000.0, None, None]})
    assert ending_of(early, early.options[0]).month == "2026-04"
    term = store(CONTRACT | {"term": 3, "renewal": "ends"})
    assert ending_of(term, term.options[0]).by == "term"


def test_the_bill_has_two_months_of_the_base(ended):
    scenario, option = ended
    found = bill_of(scenario, option)
    # 400 + 400 + 0 + 0; the bonus for the average of four months lies after the end
    assert [str(found.due(month)) for month in (1, 2, 3, 4)] == ["400.00", "400.00", "0.00", "0.00"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_settlement_judges_no_kpi_after_the_end(ended, lang):
    scenario, option = ended
    rows = kpi_rows(settled(bill_of(scenario, option)), scenario, lang)
    # March and April missed; of May and June nothing; the window of four months was cut short
    assert [(row.when, row.state) for row in rows[:2]] == [
        ("2026-03", "missed"),
        ("2026-04", "missed"),
    ]
    assert [row.state for row in rows[2:]] == ["ended"] and rows[2].value == "–"


def test_the_kpis_stand_where_they_stood_at_the_end(ended):
    scenario, option = ended
    found = standing(scenario, option, paths=64)
    [row] = found.rows
    assert found.month == "2026-04" and row.now == 12_000 and found.ended.month == "2026-04"
    assert row.attained == pytest.approx(12 / 13) and row.so_far == pytest.approx(11_500)
    assert (row.health, row.probability, row.rest, row.left) == ("ended", None, None, 0)
    assert "2026-04" in date_lines(found, "en")[0]
    assert found.joint is None and found.dates == () and found.stop.triggered == "2026-04"
    over = ended_store(kpis=[KPI | {"month_to": 2}])
    [done] = standing(over, over.options[0], paths=64).rows
    assert done.decided and done.health == "bad"  # 11,500 of 13,000 when its window was over


def test_the_effect_is_that_of_the_months_under_contract(ended):
    scenario, option = ended
    found = effect_of(scenario, option)
    short = ended_store(**{"history.seen_gmv": [*BEFORE, 11_000.0, 12_000.0, None, None]})
    alike = effect_of(short, short.options[0])
    assert found.found.whole == pytest.approx(alike.found.whole)
    assert found.ended.after == found.not_judged == AFTER and found.taken_out == ()
    runs_on = effect_of(scenario, option.but(stop_loss=False))
    assert runs_on.found.whole[1] > found.found.whole[1] + 0.5  # the boom was counted in
    assert all(math.isfinite(value) for value in found.came)


def test_another_term_is_signed_anew_and_the_boom_is_the_stores_own(ended):
    scenario, option = ended
    found = renewal(scenario, option, paths=512)
    assert found.terms.begins == 5  # four months came
    assert found.billed == pytest.approx(400)  # 800 over two months, not over four
    assert found.steps.months == 2 and found.steps.came == pytest.approx(11_500)
    seen = found.store.history.of("gmv", ["2026-04", *AFTER])
    middle = found.steps.middle
    assert seen == pytest.approx([12_000 / (1 + middle), 30_000, 31_000])


def test_a_provider_is_held_against_its_own_months(ended):
    scenario, option = ended
    one = provider("A", scenario, option)
    assert one.months == 2 and one.fees == pytest.approx(800)


@pytest.mark.parametrize("lang", LANGS)
def test_it_is_said_alike_everywhere(ended, lang):
    scenario, option = ended
    effect = effect_of(scenario, option)
    [said] = ended_sentences(effect.ended, lang)
    assert "2026-04" in said and all(month in said for month in AFTER)
    assert said in effect_sentences(effect, scenario, lang)
    assert said in assumed_sentences(renewal(scenario, option, paths=512), lang)
    assert any(said in one for one in left_out_sentences([provider("A", scenario, option)], lang))
    marks = [row.cells[3] for row in effect_rows(effect, scenario, lang)]
    assert marks[1] == "" and marks[2] == marks[3] != ""
