"""What the odds leave out: decisive inputs without a range are named, and none is silent where the
odds are 0 or 100 %.
"""

import numpy as np
import pytest

from funnel_sim.chance.left_out import MOST, left_out, offered_share
from funnel_sim.chance.simulation import simulate
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words.chance import left_out_sentence
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from tests.conftest import neutral

NAMES = [card.id for card in preset_cards()]
OZON = preset("ozon-ru-electronics").replace({"channels.ads.cpc": 9.0})


def test_the_swing_is_that_of_the_point_calculation():
    """CPC 9 ± 20 %: profit at 9 / 1.2 less profit at 9 · 1.2."""
    found = {one.path: one for one in left_out(OZON)}["channels.ads.cpc"]
    at = [
        evaluate(OZON.replace({"channels.ads.cpc": value})).horizon["profit"]
        for value in (7.5, 10.8)
    ]
    assert found.swing == pytest.approx(at[0] - at[1], rel=1e-6)
    assert (found.offered["low"], found.offered["likely"], found.offered["high"]) == (
        7.5,
        9.0,
        10.8,
    )
    assert found.share == pytest.approx(offered_share()) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("cost", "price", "named"),
    [
        # 1,200 orders: a cost of c moves the profit of 1,200 (100 − c) by 1,200 c (1.2 − 1 / 1.2) =
        # 440 c, a tenth of it from c = 21.43 on
        (21.0, 100.0, False),
        (22.0, 100.0, True),
        # a price that may be 20 to 180 moves it by far more than ten times 440 · 22
        (22.0, {"dist": "uniform", "low": 20.0, "high": 180.0}, False),
    ],
)
def test_an_input_decides_from_a_tenth_of_the_profit_or_of_the_widest_swing(cost, price, named):
    store = neutral({"product.unit_cost": cost, "product.price": price})
    found = {one.path: one.swing for one in left_out(store)}
    assert ("product.unit_cost" in found) == named
    if named:
        assert found["product.unit_cost"] == pytest.approx(440 * cost, rel=1e-3)


@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", NAMES)
def test_they_are_ranked_few_and_without_a_range_and_vanish_when_the_offer_is_taken(name):
    scenario = preset(name)
    found = left_out(scenario)
    assert len(found) <= MOST and [one.swing for one in found] == sorted(
        (one.swing for one in found), reverse=True
    )
    for one in found:
        assert point_value(scenario.get(one.path)) == scenario.get(one.path) > 0  # a plain number
    taken = scenario.replace({one.path: one.offered for one in found})
    assert not {one.path for one in left_out(taken)} & {one.path for one in found}
    assert evaluate(taken).horizon["profit"] == pytest.approx(
        evaluate(scenario).horizon["profit"]
    )  # the point stays


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", NAMES)
def test_no_preset_has_certain_odds_without_saying_what_they_leave_out(name):
    scenario = preset(name)
    loss = simulate(scenario, ["profit"], paths=2048).estimate("profit").loss.value
    if 0.0005 <= loss <= 0.9995:
        return
    for lang, words in (
        ("en", "The probabilities do not include uncertainty in"),
        ("zh", "没有计入"),
    ):
        assert words in left_out_sentence(scenario, left_out(scenario), lang)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NAMES)
def test_point_and_simulation_agree_about_the_middle(name):
    """The preset's own profit lies between P35 and P65 of its futures, chance from month to month
    left out.
    """
    quiet = preset(name).replace({"chance.month_noise": False, "chance.counting": False})
    profit = simulate(quiet, ["profit"], paths=4096).of("profit")
    rank = float(np.mean(profit < evaluate(quiet).horizon["profit"]))
    assert 0.35 < rank < 0.65


def test_an_exchange_rate_is_offered_what_it_moves_in_a_year_and_none_where_there_is_one_currency():
    offers = {one.path: one for one in left_out(preset("amazon-jp-home"))}
    assert 0.05 < offers["fx_rate"].share < 0.25
    home = preset("amazon-jp-home").replace({"cost_currency": "JPY", "fx_rate": 1.0})
    assert "fx_rate" not in {one.path for one in left_out(home)}
