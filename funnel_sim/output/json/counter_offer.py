"""The counter-offer for machines."""

from typing import Any

from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.decisions.quote.changes import Offer
from funnel_sim.decisions.quote.counter_offer import CounterOffer
from funnel_sim.decisions.quote.instead import OwnBudget, better_options
from funnel_sim.output.json.numbers import (
    currency_json,
    estimate_json,
    plain_number,
    probability_json,
)
from funnel_sim.output.words.counter_offer import change_name, counter_sentence
from funnel_sim.words import LANGS


def instead_json(answers: Answers, name: str, budget: OwnBudget | None) -> dict[str, Any]:
    """Return what is worth more than a quote without signing it, for machines.

    Args:
        name: id of the quote.
        budget: the ad budget that is best for the store alone; None where no other is better.
    """
    others = [
        {"option": one.option.id, "net_gain": estimate_json(one.believed.gain)}
        for one in better_options(answers, name)
    ]
    own = (
        None
        if budget is None
        else {
            "relative_to_plan": budget.level,
            "budget_a_month": budget.budget,
            "net_gain": estimate_json(budget.gain),
            "better_off": probability_json(budget.better),
            "elasticity_assumed": budget.assumed,
        }
    )
    return {"own_ad_budget": own, "better_options": others}


# ---- for machines
# -----------------------------------------------------------------------------------------------


def counter_json(found: CounterOffer) -> dict[str, Any]:
    """Return a counter-offer for machines: money of the sales currency over the plan, contract
    amounts as the contract has them.
    """
    return {
        "option": found.option.id,
        **currency_json(found.scenario),
        "reach": found.reach,
        "verdict_as_quoted": found.as_is.verdict,
        "ways": [_offer_json(one) for one in found.ways],
        "nearest": None if found.nearest is None else _offer_json(found.nearest),
        "ordinary": None if found.ordinary is None else _offer_json(found.ordinary),
        "changes": [
            {
                "change": one.move.key,
                "kind": one.move.kind,
                "sets": dict(one.move.fields),
                "client": estimate_json(one.client),
                "agency": estimate_json(one.agency),
                "fees_lost": plain_number(one.cost),
                "helps": one.helps,
                "signs_alone": one.signs,
                "words": {
                    lang: change_name(one.move, found.option, found.scenario, lang)
                    for lang in LANGS
                },
            }
            for one in found.changes
        ],
        "kpi_made": next(
            (one.model_dump(mode="json") for one in found.scenario.kpis if one.id == found.kpi),
            None,
        ),
        "words": {lang: counter_sentence(found, lang) for lang in LANGS},
    }


def _offer_json(offer: Offer) -> dict[str, Any]:
    return {
        "changes": [
            {"change": move.key, "sets": dict(move.fields), "left": move.left}
            for move in offer.moves
        ],
        "verdict": offer.verdict,
        "on_paper": offer.paper or None,
        "net_gain": estimate_json(offer.found.gain),
        "better_off": probability_json(offer.found.better),
        "short": plain_number(offer.short),
        "fees_lost": plain_number(offer.cost),
        "covers_serving": offer.covers,
        "contract": offer.option.model_dump(mode="json"),
    }
