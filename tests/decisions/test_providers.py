"""Several providers on one yardstick."""

from dataclasses import replace

import pytest

from funnel_sim.decisions.review.actuals import actual_ledger
from funnel_sim.decisions.review.providers import apart, provider, providers
from funnel_sim.errors import InputError
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option

BEFORE = [12500.0, 11800, 13900, 12000, 12600, 12300, 12900, 12100, 12400, 12700, 12200, 12500]


def file(name, factor, base=500.0, before=BEFORE):
    option = Option.model_validate(
        {"id": name, "base": base, "fee_currency": "sales", "decided_by": "g"}
    )
    gmv = [*before, *[12500.0 * factor] * 3]
    store = preset("amazon-de-kitchen").replace(
        {
            "history.first_month": f"2025-{13 - len(before):02d}",
            "history.engagement_from": "2026-01",
            "history.seen_gmv": gmv,
            "history.seen_orders": [one / 30 for one in gmv],
            "history.seen_refunds": [one * 0.05 for one in gmv],
            "kpis": [
                {"id": "g", "metric": "gmv", "target": 14000.0, "window": "average", "month_to": 3}
            ],
            "options": [option.model_dump(mode="json")],
        }
    )
    return name, store, option


def test_the_larger_effect_comes_first_and_what_cannot_be_told_last():
    found = providers(
        [file("small", 1.05), file("unknown", 2.0, before=BEFORE[:2]), file("large", 1.4)]
    )
    assert [one.name for one in found] == ["large", "small", "unknown"]
    assert apart(found[0], found[1]) and not apart(found[0], found[2])
    assert found[2].added is None and found[2].fee_per_added is None
    assert [(one.met, one.settled) for one in found] == [(1, 1), (0, 1), (1, 1)]


def test_what_a_unit_of_added_margin_cost():
    name, store, option = file("a", 1.4)
    one = provider(name, store, option)
    assert one.fees == pytest.approx(1500)
    margin = actual_ledger(store, store.history.engaged()).month("cm2").sum()
    effect = one.effect.found.whole[1]
    # of 1.4 times the sales, 0.4 / 1.4 of the margin would not be there
    assert one.added[1] == pytest.approx(margin * effect / (1 + effect))
    assert one.fee_per_added == pytest.approx(1500 / one.added[1])


def test_what_is_left_after_the_fees():
    one = provider(*file("a", 1.4))
    assert one.net == pytest.approx(one.added[1] - 1500)  # three months at 500
    lacks = replace(one, fees=None)
    assert lacks.net is None and replace(one, added=None).net is None


def test_nothing_added_has_no_price():
    one = provider(*file("a", 0.8))
    assert one.added[1] < 0 and one.fee_per_added is None


@pytest.mark.parametrize(
    ("first", "second", "are_apart"),
    [
        ((0.3, 0.4, 0.5), (0.1, 0.2, 0.29), True),
        ((0.3, 0.4, 0.5), (0.1, 0.2, 0.3), False),  # touching intervals tell nothing
        ((0.1, 0.4, 0.5), (0.2, 0.25, 0.3), False),
    ],
)
def test_intervals_that_touch_tell_none_from_the_other(first, second, are_apart):
    name, store, option = file("a", 1.2)
    plain = provider(name, store, option)

    def with_whole(whole):
        found = replace(plain.effect.found, whole=whole)
        return replace(plain, effect=replace(plain.effect, found=found))

    one, other = with_whole(first), with_whole(second)
    assert apart(one, other) == apart(other, one) == are_apart


def test_fees_are_told_in_the_currency_of_sales():
    # 500 a month at 8 of the contract's currency for one of sales: 3 · 500 / 8
    name, store, option = file("a", 1.4)
    store = store.replace({"cost_currency": "CNY", "fx_rate": 8.0})
    one = provider(name, store, option.but(fee_currency="cost"))
    assert one.fees == pytest.approx(1500 / 8)


def test_an_open_bill_has_no_fees_and_an_open_window_is_not_settled():
    name, store, option = file("a", 1.4)
    rate = option.but(spend_rate=0.1)  # nobody typed ad spend
    open_one = provider(name, store, rate)
    assert open_one.fees is None and open_one.fee_per_added is None
    later = store.replace({"kpis.g.month_to": 4})
    assert (provider(name, later, option).met, provider(name, later, option).settled) == (0, 0)
    gap = store.replace({"history.seen_gmv": [*BEFORE, None, 17_500.0, 17_500.0]})
    assert (provider(name, gap, option).met, provider(name, gap, option).settled) == (0, 0)


def test_one_provider_is_no_comparison():
    with pytest.raises(InputError):
        providers([file("a", 1.1)])
