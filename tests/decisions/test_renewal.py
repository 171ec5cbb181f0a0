"""Go on, renegotiate or leave?"""

import pytest

from funnel_sim.decisions.review.renewal import ALONE, renewal
from funnel_sim.errors import InputError
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option

BEFORE = [12500.0, 11800, 13900, 12000, 12600, 12300, 12900, 12100, 12400, 12700, 12200, 12500]


def found(factor, base, months=4):
    option = Option.model_validate(
        {"id": "a", "base": base, "fee_currency": "sales", "renewal_months": 6, "setup": 5000.0}
    )
    gmv = [*BEFORE, *[12500.0 * factor] * months]
    store = preset("amazon-de-kitchen").replace(
        {
            "history.first_month": "2025-01",
            "history.engagement_from": "2026-01",
            "history.seen_gmv": gmv,
            "history.seen_orders": [one / 30 for one in gmv],
            "options": [option.model_dump(mode="json")],
        }
    )
    return renewal(store, option, paths=1024)


def test_an_effect_worth_more_than_its_fee_is_renewed_and_at_a_high_fee_renegotiated():
    cheap, dear = found(1.4, 300.0), found(1.4, 3000.0)
    assert cheap.advice == "renew" and cheap.best == "a"
    assert dear.advice == "renegotiate" and dear.best == ALONE
    # what it is worth does not hang on what it costs; setup is over
    assert cheap.worth == pytest.approx(dear.worth, rel=0.02)
    assert cheap.fee == pytest.approx(300) and dear.fee == pytest.approx(3000)
    assert 300 < cheap.worth < 3000


def test_what_it_is_worth_is_fee_and_gain_together():
    one = found(1.2, 300.0)
    first = one.options[0]
    assert first.option.id == "a" and one.months == 6
    assert one.worth == pytest.approx((first.paid + first.gain) / 6)
    assert first.gain == pytest.approx(first.brought - first.paid, rel=1e-6)


def test_more_effect_is_worth_more():
    worths = [found(factor, 300.0).worth for factor in (1.0, 1.2, 1.4)]
    assert worths == sorted(worths) and worths[2] > 2 * worths[0]


def test_without_months_since_the_mark_nothing_is_known():
    with pytest.raises(InputError):
        renewal(preset("amazon-de-kitchen"), Option(id="a", base=1.0))
