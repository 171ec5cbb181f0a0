"""A contract check, for machines."""

from typing import Any

from funnel_sim.decisions.quote.contract_check.findings import Amount, ContractCheck
from funnel_sim.model.economics import evaluate
from funnel_sim.output.json.numbers import currency_json, plain_number
from funnel_sim.output.words.contract_check import clause_text, finding_sentence, grade_sentence
from funnel_sim.reference.contract_items import SEVERE
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS


def _amount_json(amount: Amount, check: ContractCheck) -> dict[str, Any]:
    unit = {"money": check.scenario.currency, "fee": check.option.currency(check.scenario)}.get(
        amount.unit, amount.unit
    )
    error = {} if amount.figure is None else {"standard_error": plain_number(amount.figure.error)}
    return {"value": plain_number(amount.value), "unit": unit} | error


def contract_check_json(check: ContractCheck) -> dict[str, Any]:
    """Return the whole check for machines."""
    scenario: Scenario = check.scenario
    return {
        "model_version": evaluate(scenario).model_version,
        "seed": scenario.chance.seed,
        "paths": check.paths,
        **currency_json(scenario),
        "option": check.option.id,
        "grade": check.grade.id,
        "risk": check.risk,
        "severe": check.count("bad", SEVERE),
        "reason": {lang: grade_sentence(check, lang) for lang in LANGS},
        "problem": (
            None
            if check.problem is None
            else {lang: check.problem.sentences(lang) for lang in LANGS}
        ),
        "without_mean_because_of": list(check.no_mean),
        "findings": [
            {
                "id": one.item.id,
                "group": one.item.group,
                "weight": one.item.weight,
                "points": one.points,
                "state": one.state,
                "judged": one.judged,
                "case": one.case,
                "answer": None if one.judged or one.item.question is None else one.answer,
                "figures": {
                    name: _amount_json(amount, check) for name, amount in one.figures.items()
                },
                "kpis": list(one.kpis),
                "remarks": [each.key for each in one.remarks],
                "words": {
                    lang: {
                        "name": one.item.name.of(lang),
                        "found": finding_sentence(one, check, lang),
                        "why": one.item.why.of(lang),
                        "sentence": clause_text(one, check, lang),
                    }
                    for lang in LANGS
                },
                "sources": [
                    *(each.row.provenance.source for each in one.item.practice),
                    *(row.provenance.source for row in one.prices),
                    *(each.url for each in one.item.sources),
                ],
            }
            for one in check.findings
        ],
        "scenario": scenario.plain(),
    }
