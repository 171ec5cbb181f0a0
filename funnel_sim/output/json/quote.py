"""The answers on quotes, for machines."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from funnel_sim.decisions.quote.answer import Answers, OptionAnswer
from funnel_sim.decisions.quote.clause_prices import ClausePrice, StopLossEffect
from funnel_sim.decisions.quote.effect import claim
from funnel_sim.decisions.quote.fee_from_cost import serving_cost
from funnel_sim.decisions.quote.incentives import Incentives, SideChoice
from funnel_sim.decisions.quote.measure_first import MeasureFirst
from funnel_sim.decisions.quote.record import claim_belief
from funnel_sim.decisions.quote.serving_hours import serving_hours, usual_price
from funnel_sim.decisions.quote.summary import Summary
from funnel_sim.output.json.numbers import (
    currency_json,
    estimate_json,
    figure_json,
    plain_number,
    probability_json,
)
from funnel_sim.output.words.quote import no_fee_sentence, reason_sentences, verdict_sentence
from funnel_sim.scenario.alternatives import begun_quotes
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS

NO_FEE = "no_fee"
"""Why a quote has no verdict yet, for machines."""


def answers_json(
    answers: Answers,
    prices: dict[str, list[ClausePrice]],
    stops: dict[str, list[StopLossEffect]],
    choices: dict[str, Incentives],
    measured: MeasureFirst,
    typed: Scenario | None = None,
) -> dict[str, Any]:
    """Return everything that was found, for machines.

    Args:
        typed: the scenario as typed, with quotes of which no fee is typed yet; these have no
            verdict. That of the answers where it is None.
        prices: of clauses, by id of the quote.
        stops: effects of stop-losses, by id of the quote.
        choices: what each side would choose, by id of the quote.
    """
    scenario = answers.scenario
    return {
        "model_version": MODEL_VERSION,
        "seed": answers.plan.seed,
        "paths": answers.plan.paths,
        **currency_json(scenario),
        "months": scenario.plan.horizon_months,
        "alone": {
            "steady_month": {"gross_sales": answers.sales_alone, "profit": answers.profit_alone}
        },
        "best": None if answers.best is None else answers.best.option.id,
        "options": [
            _answer_json(
                answers,
                one,
                prices.get(one.option.id, []),
                stops.get(one.option.id, []),
                choices.get(one.option.id),
            )
            | {"beats": dict(answers.beats[one.option.id])}
            | _in_words(one, answers)
            for one in answers.options
        ]
        + [begun_json(one) for one in begun_quotes(scenario if typed is None else typed)],
        "measure_first": {
            "choice_now": measured.choice or None,
            "everything": plain_number(measured.everything),
            "without_mean_because_of": list(measured.no_mean),
            "inputs": [
                {"input": one.path, "worth": figure_json(one.worth)} for one in measured.inputs
            ],
        },
        "scenario": (scenario if typed is None else typed).plain(),
    }


def begun_json(option: Option) -> dict[str, Any]:
    """Return a quote of which no fee is typed, for machines: no verdict, and why."""
    return {
        "id": option.id,
        "name": option.name,
        "kind": option.kind,
        "verdict": None,
        "reason": NO_FEE,
        **{str(lang): [no_fee_sentence(lang)] for lang in LANGS},
    }


def _in_words(one: OptionAnswer, answers: Answers) -> dict[str, Any]:
    return {
        str(lang): [verdict_sentence(one, answers, lang), *reason_sentences(one, answers, lang)]
        for lang in LANGS
    }


def _answer_json(
    answers: Answers,
    one: OptionAnswer,
    prices: Sequence[ClausePrice],
    stops: Sequence[StopLossEffect],
    choices: Incentives | None,
) -> dict[str, Any]:
    return {
        "id": one.option.id,
        "name": one.option.name,
        "kind": one.option.kind,
        "verdict": one.verdict,
        "believed": _summary_json(one.believed),
        "claimed": None if one.claimed is None else _summary_json(one.claimed),
        "claimed_effect": None if one.claimed is None else claim(answers.scenario, one.option),
        "rank": [each.option.id for each in answers.ranked].index(one.option.id) + 1,
        "to_spare_a_month": one.score,
        "most_a_month": one.miss.most if one.option.paid else None,
        "turned_by": one.miss.turns,
        "effect_believed": one.miss.believed,
        "service": one.option.service,
        "breaks_even_at": one.turning.break_even,
        "course": one.turning.course,
        "sign_from": one.turning.sign,
        "fair_fee_a_month": (
            None
            if not one.option.paid
            else {
                "low": one.band.low,
                "high": one.band.high,
                "signed_up_to": one.miss.most,
                "now": one.band.now,
                "even": one.band.even,
                "doubtful_to": one.band.doubtful_to,
                "typical_cost": one.band.typical,
                "exists": one.band.exists,
            }
        ),
        "serving_hours": (
            serving_hours_json(answers.scenario, one.option) if one.option.paid else None
        ),
        "record": _record_json(answers, one),
        "clauses": [
            {
                "clause": p.key,
                "in_contract": p.there,
                "client": estimate_json(p.client),
                "agency": estimate_json(p.agency),
            }
            for p in prices
        ],
        "stop_loss": [
            {
                "under": s.share,
                "months": s.months,
                "saved": figure_json(s.saved),
                "stopped": s.stopped,
                "good_ended": None if s.good_ended is None else s.good_ended.value,
                "bad_ended": None if s.bad_ended is None else s.bad_ended.value,
            }
            for s in stops
        ],
        "incentives": (
            None
            if choices is None
            else {
                "budget": _choice_json(choices.budget),
                "elasticity_assumed": choices.assumed,
                "discount": None if choices.discount is None else _choice_json(choices.discount),
                "discount_pays_client_from": choices.client_from,
                "discount_pays_agency_from": choices.agency_from,
            }
        ),
        "contract": one.option.model_dump(mode="json"),
    }


def serving_hours_json(scenario: Scenario, option: Option) -> dict[str, Any]:
    """Return the hours a month that serving takes, factor by factor, and the usual price."""
    found, cost = serving_hours(scenario, option), serving_cost(scenario, option)
    price = usual_price(scenario, cost.total, found.mean)
    return {
        "factors": [
            {
                "factor": line.factor,
                "hours": [line.low, line.likely, line.high],
                "weak": line.basis is not None and line.basis.weak,
                "sources": (
                    [] if line.basis is None else [row.provenance.source for row in line.basis.rows]
                ),
            }
            for line in found.lines
        ],
        "hours": [found.total("low"), found.total("likely"), found.total("high")],
        "mean_hours": found.mean,
        "cost_a_month": price.cost,
        "usual_price_a_month": [price.low, price.high],
        "currency": scenario.cost_currency,
    }


def _record_json(answers: Answers, one: OptionAnswer) -> dict[str, Any] | None:
    found = claim_belief(answers.scenario, one.option)
    if found is None:
        return None
    return {
        "met": found.met,
        "shown": found.shown,
        "trust": found.trust,
        "claim_real_before": found.before,
        "claim_real_at_least": found.least,
        "claim_real_at_most": found.most,
        "measured": found.measured,
    }


def _choice_json(choice: SideChoice) -> dict[str, Any]:
    return {
        "levels": list(choice.levels),
        "client_gain": [plain_number(float(v)) for v in choice.client],
        "agency_profit": [plain_number(float(v)) for v in choice.agency],
        "client_chooses": choice.clients,
        "agency_chooses": choice.agencys,
        "difference_costs": choice.costs,
    }


def _summary_json(found: Summary) -> dict[str, Any]:
    reasons: tuple[str, ...] = ("stayed", "stop_loss", "after_trial", "notice", "not_renewed")
    return {
        "paths": found.paths,
        "net_gain": estimate_json(found.gain),
        "better_off": probability_json(found.better),
        "fees": found.paid,
        "own_costs": found.own,
        "brought": found.brought,
        "own_time_saved": found.saved,
        "take_of_sales": plain_number(found.take_of_sales),
        "take_of_added_cm3": plain_number(found.take_of_added),
        "payback_month": found.payback,
        "pays_back": found.pays_back,
        "cash_at_risk": {"mean": found.at_risk[0], "p90": found.at_risk[1]},
        "agency": {
            "income": found.income,
            "rebate_kept": found.rebate,
            "serving": found.serving,
            "profit": estimate_json(found.agency),
        },
        "agency_earns_client_loses": probability_json(found.one_sided),
        "lasts_months": found.lasts,
        "ended": dict(zip(reasons, found.ended, strict=True)),
        "lines": dict(found.lines),
        "cumulative": [
            [plain_number(float(v)) for v in row] for row in np.asarray(found.cumulative)
        ],
    }
