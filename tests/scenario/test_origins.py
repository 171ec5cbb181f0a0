"""Where a number comes from, whatever currency it is shown in."""

import pytest

from funnel_sim.decisions.economics.currencies import in_currency
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value

SWITCHES = (
    (("cost_currency", "USD"),),
    (("cost_currency", "EUR"),),
    (("currency", "GBP"), ("cost_currency", "USD")),
    (("cost_currency", "USD"), ("currency", "CNY")),
    (("cost_currency", "USD"), ("cost_currency", "CNY")),
)


@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", [card.id for card in preset_cards()])
@pytest.mark.parametrize("switches", SWITCHES)
def test_what_was_only_converted_is_nobodys_own_number(name, switches):
    store = shown = preset(name)
    for which, code in switches:
        shown = in_currency(shown, which, code)
    for path, _ in store.quantities():
        assert origin_of(shown, path).kind == origin_of(store, path).kind, path
    for path in ("fixed.one_off", "commission.tiers", "commission.fixed_bands"):
        assert origin_of(shown, path).kind == origin_of(store, path).kind, path


def test_the_number_of_the_example_is_told_in_the_currency_that_is_shown():
    store = preset("tiktok-us-beauty")
    dollars = in_currency(store, "cost_currency", "USD").replace({"product.unit_cost": 3.2})
    origin = origin_of(dollars, "product.unit_cost")
    assert origin.kind == "yours"
    per_dollar = point_value(store.fx_rate)
    assert point_value(origin.preset_value) * per_dollar == pytest.approx(
        point_value(store.product.unit_cost)
    )
