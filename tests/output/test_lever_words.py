"""What a lever must do in words: a room is not told as an improvement below zero."""

import pytest

from funnel_sim.decisions.kpi.levers import Shared
from funnel_sim.decisions.kpi.review import Remark
from funnel_sim.output.words.kpi_levers import better, shared_sentence
from funnel_sim.output.words.kpi_remarks import remark_sentence
from funnel_sim.scenario.presets import preset


@pytest.mark.parametrize(
    ("factor", "en", "zh"),
    [
        (1.0301, "must improve by 3.1%", "要改善 3.1%"),  # a need is rounded up
        (1.03, "must improve by 3.0%", "要改善 3.0%"),
        (1.0, "may stay as it is", "保持现状即可"),
        (0.97, "may be 3.0% worse", "可以变差 3.0%"),
        (0.9699, "may be 3.0% worse", "可以变差 3.0%"),  # a room down: 3.01 %
    ],
)
def test_a_need_and_a_room(factor, en, zh):
    assert (better(factor, "en"), better(factor, "zh")) == (en, zh)


def test_no_lever_sentence_improves_by_less_than_nothing():
    found = Shared({"all": {0.5: 0.97, 0.8: 1.05}}, ("cvr", "cpc"))
    assert shared_sentence(found, "all", "en") == (
        "If these share the gap (conversion, click price): for a probability of 50% each may be"
        " 3.0% worse, for a probability of 80% each must improve by 5.0%."
    )
    remark = Remark(
        "growth_needs", "note", (), {"growth": 0.1, "budget": 0.2, "season": 0.0, "factor": -0.08}
    )
    said = remark_sentence(remark, preset("amazon-de-kitchen"), "en")
    assert said.endswith("may be 8.0% worse.") and "improve" not in said
