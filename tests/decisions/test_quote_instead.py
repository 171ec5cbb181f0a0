"""What is worth more than a quote: the best ad budget of the store alone, the other options."""

from types import SimpleNamespace

import pytest

from funnel_sim.decisions.quote.instead import better_options, own_budget
from funnel_sim.scenario.presets import preset


def answers(**gains):
    """Return answers of which the gain is a number: {name: (gain, verdict)}."""
    listed = [
        SimpleNamespace(
            option=SimpleNamespace(id=name),
            verdict=verdict,
            believed=SimpleNamespace(gain=SimpleNamespace(value=gain)),
        )
        for name, (gain, verdict) in gains.items()
    ]
    return SimpleNamespace(
        options=listed,
        level=lambda gain: gain,
        of=lambda name: next(one for one in listed if one.option.id == name),
    )


def names(found):
    return [one.option.id for one in found]


def test_better_options_are_signed_leave_more_and_come_best_first():
    """The quote leaves 100: 100 is not more, 500 is not signed, and the quote is not its own
    alternative.
    """
    found = answers(
        quote=(100.0, "sign"),
        same=(100.0, "sign"),
        more=(101.0, "sign"),
        most=(300.0, "sign"),
        refused=(500.0, "walk"),
    )
    assert names(better_options(found, "quote")) == ["most", "more"]


def test_beside_a_quote_at_a_loss_only_what_gains_is_better():
    """A quote that loses 100 is beaten by nothing at all; what gains nothing is no option."""
    found = answers(quote=(-100.0, "walk"), less=(-50.0, "sign"), none=(0.0, "sign"))
    assert names(better_options(found, "quote")) == []
    found = answers(quote=(-100.0, "walk"), some=(1.0, "sign"))
    assert names(better_options(found, "quote")) == ["some"]


def test_a_store_without_ads_has_no_better_budget():
    store = preset("amazon-de-kitchen").replace({"channels.ads.budget": 0.0})
    assert own_budget(store, paths=256) is None


@pytest.mark.parametrize(("cost", "least", "most"), [(0.0, 1.25, 3.0), (250.0, 0.0, 0.0)])
def test_goods_that_cost_nothing_ask_for_more_ads_and_dear_ones_for_none(cost, least, most):
    """Goods of 250 yuan are sold at 30 euros: each order loses money before ads, and no ads at all
    are the best; with goods that cost nothing more than the plan's are. The budget is the level
    times the plan's 1,300 a month.
    """
    store = preset("amazon-de-kitchen").replace({"product.unit_cost": cost})
    found = own_budget(store, paths=256)
    assert found is not None
    assert least <= found.level <= most
    assert found.budget == pytest.approx(found.level * 1300.0)
    assert found.gain.centre.value > 0
    assert found.better.value >= store.comparison.sign_odds
