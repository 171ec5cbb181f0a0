"""What a price brings, for machines."""

import math
from collections.abc import Sequence
from typing import Any

from funnel_sim.decisions.economics.best_price import BestPrice, Held
from funnel_sim.output.json.numbers import currency_json, plain_number
from funnel_sim.output.words.best_price import price_sentences
from funnel_sim.reference.price_settings import elasticity_prior
from funnel_sim.scenario.files import MODEL_VERSION


def price_json(found: BestPrice, also: Sequence[Held] = ()) -> dict[str, Any]:
    """Return the best price with its band, the curve, and what other prices take.

    Args:
        found: what the price brings.
        also: further prices, told before those of the table.
    """
    prior = elasticity_prior(found.scenario.as_of)
    reference = found.scenario.conversion.reference_price
    band = None
    if found.band is not None:
        names = ("p10", "p50", "p90")
        band = {
            name: None if math.isinf(value) else value
            for name, value in zip(names, found.band, strict=True)
        }
    curve = found.curve
    return {
        "model_version": MODEL_VERSION,
        **currency_json(found.scenario),
        "orders_answer_to_the_price": found.answers,
        "elasticity": found.elasticity,
        "reference_price_paid": reference if reference is None else _plain(reference),
        "today": {
            "price": found.now,
            "profit": plain_number(found.profit_now),
            "paid_orders": plain_number(found.orders_now),
        },
        "best_price": None
        if found.price is None
        else {
            "price": found.price,
            "profit": plain_number(found.profit),
            "paid_orders": plain_number(found.orders),
            "gain": plain_number(found.gain),
            "outside_trusted_prices": found.outside,
        },
        "best_price_over_draws": band,
        "share_of_draws_without_a_best_price": found.without,
        "trusted_prices": list(found.trusted),
        "conversion_is_100_percent_below": found.full,
        "prices": [_held(found, one) for one in (*also, *found.held)],
        "curve": {
            "price": curve.price.tolist(),
            "profit": curve.profit.tolist(),
            "paid_orders": curve.orders.tolist(),
            "p10": None if curve.low is None else curve.low.tolist(),
            "p90": None if curve.high is None else curve.high.tolist(),
        },
        "suggested_elasticity": {
            "low": prior.low,
            "typical": prior.typical,
            "high": prior.high,
            "as_of": prior.provenance.as_of,
            "weak": prior.provenance.weak,
            "source": prior.provenance.source,
            "note": prior.provenance.note,
        },
        "said": price_sentences(found, "en"),
    }


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def _held(found: BestPrice, one: Held) -> dict[str, float | None]:
    allowed = (
        None if one.needed is None or not found.orders_now else one.needed / found.orders_now - 1
    )
    return {
        "price": one.price,
        "orders_that_keep_the_profit": one.needed,
        "change_of_orders_allowed": allowed,
        "orders_expected": one.expected,
        "profit_expected": one.profit,
        "elasticity_that_keeps_the_profit": one.turns,
    }
