"""Our own offer for machines."""

from typing import Any

from funnel_sim.decisions.quote.our_offer import Form, OurOffer
from funnel_sim.output.json.numbers import (
    currency_json,
    estimate_json,
    plain_number,
    probability_json,
)
from funnel_sim.output.words.our_offer import guarantee_name, offer_sentence
from funnel_sim.words import LANGS


def our_offer_json(found: OurOffer) -> dict[str, Any]:
    """Return an agency's own offer for machines: money of the sales currency over the plan, fees a
    month in which the engagement runs.

    `you_keep` is the agency's own margin, with the serving cost of the scenario: not for the
    client.
    """
    return {
        "option": found.option.id,
        **currency_json(found.scenario),
        "promised": plain_number(found.promised),
        "promise_typed": found.typed,
        "as_is": _form_json(found.as_is, found),
        "guarantees": [_form_json(one, found) for one in found.guarantees],
        "kpi_made": next(
            (one.model_dump(mode="json") for one in found.scenario.kpis if one.id == found.kpi),
            None,
        ),
        "words": {lang: offer_sentence(found, lang) for lang in LANGS},
    }


def _form_json(one: Form, found: OurOffer) -> dict[str, Any]:
    return {
        "change": None if one.move is None else one.move.key,
        "sets": {} if one.move is None else dict(one.move.fields),
        "worth_signing_from": plain_number(one.needed),
        "break_even": plain_number(one.turning.break_even),
        "fits_the_promise": one.fits,
        "fee_a_month": plain_number(one.paid),
        "highest_fee_a_month": plain_number(one.most),
        "promise_holds": {
            "client": estimate_json(one.held.gain),
            "better_off": probability_json(one.held.better),
            "you_keep": estimate_json(one.held.agency),
        },
        "nothing_comes": {
            "client": estimate_json(one.failed.gain),
            "you_keep": estimate_json(one.failed.agency),
        },
        "words": {lang: guarantee_name(one, found, lang) for lang in LANGS},
    }
