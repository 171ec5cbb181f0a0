"""What an audit with pencil and paper found, held for good."""

import numpy as np
import pytest

from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.clause_prices import protection, stop_losses
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.summary import summary
from funnel_sim.output.json.quote import answers_json
from funnel_sim.output.words.quote import nothing_sentence, turning_sentence, verdict_sentence
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral

CALM = {"chance.month_noise": False, "chance.counting": False}


def test_the_error_of_a_drawn_effect_is_told():
    # nothing else is drawn: each replicate must still differ, or the mean would be told to the cent
    # and move with the number of futures
    scenario = preset("amazon-de-kitchen").replace(
        CALM | {"options": [{"id": "quote", "base": 500.0}]}
    )
    found = {
        paths: summary(outcomes(scenario, [Case(scenario.options[0])], paths=paths)[0]).gain.mean
        for paths in (1024, 4096, 16384)
    }
    for few, many in ((1024, 4096), (4096, 16384)):
        assert found[few].error > 0
        assert abs(found[few].value - found[many].value) < 4 * float(
            np.hypot(found[few].error, found[many].error)
        )


def test_at_the_upper_end_of_the_fair_fee_the_client_neither_gains_nor_loses():
    # tax follows the fee: what is left for it is divided by 1 + tax
    option = {
        "id": "quote",
        "effect": 0.1,
        "ramp": 0.0,
        "fee_tax": 0.2,
        "passed_on": 50.0,
        "base": 1000.0,
        "fee_currency": "sales",
    }
    scenario = neutral(
        CALM | {"conversion.cvr": 0.5, "channels.orders.impressions": 200.0, "options": [option]}
    )
    first = compare(scenario, 256).of("quote").band
    # 10,000 a month, 10 % more is 1,000; less 50 passed on is 950, over 1.2
    assert first.high == pytest.approx(950 / 1.2)
    at_the_end = compare(scenario.replace({"options.quote.base": first.high}), 256).of("quote")
    assert at_the_end.believed.gain.mean.value == pytest.approx(0.0, abs=1e-6)
    assert at_the_end.band.high == pytest.approx(first.high)


def test_where_each_order_loses_money_more_of_them_are_no_gain():
    scenario = neutral(
        CALM
        | {
            "product.price": 10.0,
            "product.unit_cost": 30.0,
            "conversion.cvr": 0.5,
            "channels.orders.impressions": 200.0,
            "options": [{"id": "quote", "effect": -0.5, "base": 100.0, "ramp": 0.0}],
        }
    )
    found = compare(scenario, 256)
    answer = found.of("quote")
    assert answer.verdict == "sign"
    assert (answer.turning.break_even, answer.turning.course) == (None, "falls")
    assert "each order loses money" in turning_sentence(answer, found, "en")


def test_a_stop_loss_is_held_against_the_contract_as_it_is():
    kpi = {
        "id": "gmv",
        "metric": "gmv",
        "target": 20000.0,
        "window": "average",
        "month_from": 1,
        "month_to": 3,
    }
    option = {
        "id": "quote",
        "effect": 0.0,
        "base": 100.0,
        "decided_by": "gmv",
        "stop_share": 0.9,
        "patience": 3,
        "term": 12,
        "notice": 1,
    }
    scenario = neutral(
        CALM | {"kpis": [kpi], "options": [option]}
        # attained is one half in every month: patience of 3 and a month of notice end it with month
        # 4
    )
    rows = {
        (one.share, one.months): one
        for one in stop_losses(scenario, scenario.options[0], paths=256)
    }
    assert rows[0.6, 1].saved.value == pytest.approx(
        300.0
    )  # ends with month 1 in place of 4, whatever its threshold
    assert rows[0.9, 1].saved.value == pytest.approx(300.0)
    assert rows[0.6, 3].saved.value == pytest.approx(100.0)
    added = protection(scenario, scenario.options[0])["stop_loss"]
    assert added.misses_below == 0.9


def test_nothing_for_nothing_is_neither_a_gain_nor_a_loss():
    scenario = neutral(
        CALM | {"plan.horizon_months": 1, "options": [{"id": "quote", "effect": 0.0}]}
    )
    found = compare(scenario, 256)
    assert (
        verdict_sentence(found.of("quote"), found, "en")
        == "At the effect you believe, it leaves as much as running the store without an agency"
        " over 1 month on average."
    )


def test_an_effect_that_nobody_typed_is_not_called_believed():
    """No effect typed: the cautious default, whose median is that of the sceptical distribution
    (+1.7 %, priors.csv); typed: the effect you believe.
    """
    for typed, en, zh in (
        (None, "At the cautious default effect (median +1.7%)", "按默认的保守效果（中位数 +1.7%）"),
        (0.1, "At the effect you believe", "按您相信的效果"),
    ):
        found = compare(
            preset("amazon-de-kitchen").replace(
                {"options": [{"id": "quote", "base": 500.0, "effect": typed}]}
            ),
            256,
        )
        assert verdict_sentence(found.of("quote"), found, "en").startswith(en)
        assert verdict_sentence(found.of("quote"), found, "zh").startswith(zh)


@pytest.mark.slow
def test_what_is_paid_for_nothing_is_said_by_what_the_fee_is_made_of():
    """A monthly fee is due anyway and pays for no chance; a share above a baseline does; a share of
    all sales is paid on those there are anyway.
    """
    share = {"share_tiers": [{"rate": 0.05}]}
    for quote, told in (
        ({"base": 500.0}, {"Fixed"}),
        (share, {"sales, orders"}),
        (share | {"share_over": "baseline"}, {"by chance"}),
        (share | {"base": 1.0}, {"Fixed", "sales, orders"}),
    ):
        found = compare(
            preset("amazon-de-kitchen").replace({"options": [{"id": "quote"} | quote]}), 256
        )
        text = nothing_sentence(found.of("quote"), 100.0, found.scenario, "en")
        assert {word for word in ("Fixed", "sales, orders", "by chance") if word in text} == told


def test_nobody_claims_anything_for_a_team_of_ones_own():
    found = compare(
        preset("amazon-de-kitchen").replace({"options": [{"id": "quote", "base": 500.0}]}), 1024
    )
    for one in found.options:
        assert (one.claimed is None) == (one.option.kind in ("own_team", "consultant", "tools"))
        assert one.claimed is not None or one.verdict in ("sign", "walk_away")


def test_money_is_called_money_for_machines():
    from funnel_sim.decisions.quote.measure_first import measure_first

    scenario = preset("amazon-de-kitchen").replace({"options": [{"id": "quote", "base": 500.0}]})
    told = answers_json(compare(scenario, 1024), {}, {}, {}, measure_first(scenario, paths=1024))
    assert set(told["measure_first"]["inputs"][0]["worth"]) == {"value", "standard_error"}
    assert "steady_month" in told["alone"]


def test_the_same_service_costs_the_same_whoever_offers_it():
    """Two quotes of one service that say nothing of their cost are served at the same cost, to the
    last digit, lean and typical; one that says its own is not.
    """
    quotes = [
        {"id": "quote", "base": 500.0},
        {"id": "other", "base": 700.0, "name": "B"},
        {"id": "own", "base": 500.0, "serving_people": 0.1},
    ]
    found = compare(preset("amazon-de-kitchen").replace({"options": quotes}), 1024)
    one, two, own = (found.of(name) for name in ("quote", "other", "own"))
    assert (one.band.low, one.band.typical, one.believed.serving) == (
        two.band.low,
        two.band.typical,
        two.believed.serving,
    )
    assert own.band.low != one.band.low
