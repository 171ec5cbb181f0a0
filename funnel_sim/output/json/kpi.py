"""The odds of KPIs, for machines."""

from collections.abc import Sequence
from typing import Any

from funnel_sim.decisions.kpi.check import OFFERED, KpiAnswer, KpiCheck
from funnel_sim.decisions.kpi.definitions import Definition
from funnel_sim.decisions.kpi.levers import LeverNeeded, Shared
from funnel_sim.decisions.kpi.path import Path
from funnel_sim.decisions.kpi.review import Remark
from funnel_sim.decisions.kpi.stop_loss import OfferedStopLoss
from funnel_sim.decisions.kpi.store_history import FittedChange
from funnel_sim.output.json.numbers import currency_json, plain_number, probability_json
from funnel_sim.output.words.kpi import metric_unit, typed_currency
from funnel_sim.output.words.kpi_contract import contract_sentence
from funnel_sim.output.words.kpi_offers import OTHER_FORM
from funnel_sim.output.words.kpi_remarks import remark_sentence
from funnel_sim.words import LANGS, say


def check_json(
    check: KpiCheck,
    remarks: list[Remark],
    levers: list[LeverNeeded],
    shared: Shared,
    paths: dict[str, Path],
    definitions: dict[str, list[Definition]],
    changes: Sequence[FittedChange],
    findings: Sequence[str],
) -> dict[str, Any]:
    """Return everything that was found, for machines.

    Args:
        remarks: contradictions and gaps.
        levers: what each lever would need.
        paths: by id of the KPI.
        definitions: by id of the KPI.
        changes: what the store's history changed; empty without a history.
        findings: what was told of its file, as sentences.
    """
    scenario, plan = check.scenario, check.simulation.plan
    return {
        "model_version": check.simulation.model_version,
        "seed": plan.seed,
        "paths": plan.paths,
        **currency_json(scenario),
        "verdict": check.verdict,
        "joint": probability_json(check.joint),
        "left_out": list(check.left_out),
        "joint_by_effect": {
            belief: probability_json(found) for belief, found in check.joint_by_belief.items()
        },
        "joint_by_month": [plain_number(v) for v in check.joint_by_month],
        "breaks_first": None if check.first_to_break is None else check.first_to_break.kpi.id,
        "rests_on": check.rests_on,
        "history_months": check.history_months,
        "funnel_over_baseline": check.calibration,
        "effect_believed": scenario.promise.believed,
        "record": (
            None
            if check.record is None
            else {
                "claim_real_before": check.record.before,
                "claim_real_after": check.record.after,
                "met": check.record.met,
                "shown": check.record.shown,
                "counted_as": check.record.counted,
            }
        ),
        "kpis": [
            _answer_json(
                answer, check, paths.get(answer.kpi.id), definitions.get(answer.kpi.id, [])
            )
            for answer in check.answers
        ],
        "levers": [
            {
                "lever": one.lever.key,
                "today": one.current,
                "needed": {
                    name or "together": {f"{goal:g}": value for goal, value in by.items()}
                    for name, by in one.values.items()
                },
            }
            for one in levers
        ],
        "shared_gap": {
            "levers": list(shared.levers),
            "factor": {
                name or "together": {f"{goal:g}": value for goal, value in by.items()}
                for name, by in shared.factor.items()
            },
        },
        "remarks": [
            {
                "key": one.key,
                "weight": one.weight,
                "kpis": list(one.kpis),
                **{lang: remark_sentence(one, scenario, lang) for lang in LANGS},
            }
            for one in remarks
        ],
        "set_from_history": [
            {"input": one.path, "before": one.before, "after": one.after} for one in changes
        ],
        "found_in_history": list(findings),
        "scenario": scenario.plain(),
    }


def _answer_json(
    answer: KpiAnswer, check: KpiCheck, path: Path | None, definitions: list[Definition]
) -> dict[str, Any]:
    base = answer.baseline
    return {
        "id": answer.kpi.id,
        "metric": answer.kpi.metric,
        "figure": answer.key,
        "comparator": answer.kpi.comparator,
        "target": answer.target,
        "currency": (
            typed_currency(answer.kpi.metric, check.scenario)
            if metric_unit(answer.kpi.metric) == "money"
            else None
        ),
        "baseline": None if base is None else {"value": base.value, "source": base.source},
        **probability_json(answer.probability),
        "verdict": answer.verdict,
        "odds_by_effect": {
            belief: probability_json(found) for belief, found in answer.by_belief.items()
        },
        "odds_by_month": [plain_number(v) for v in answer.by_month],
        "share_of_outcomes_below_target": answer.place,
        "target_with_odds": {f"{p:g}": plain_number(answer.offers[p]) for p in OFFERED},
        "no_worse_than": (
            None
            if answer.floor is None
            else {"value": plain_number(answer.floor.value), "source": answer.floor.source}
        ),
        "instead": {
            f"{p:g}": (
                None
                if answer.offers[p] is not None
                else {"form": OTHER_FORM, **{lang: say(lang, "kpi.other_form") for lang in LANGS}}
            )
            for p in OFFERED
        },
        "quantiles_5_to_95": [plain_number(v) for v in answer.quantiles],
        "months_p10_p50_p90": [[plain_number(v) for v in row] for row in answer.months],
        "breaks_first": answer.breaks_first,
        "without_the_figure": answer.undefined,
        "path": (
            None
            if path is None
            else {
                "required": [plain_number(v) for v in path.required],
                "stop_line": [plain_number(v) for v in path.line],
                "growth_a_month": plain_number(path.growth),
                "stop_loss": None if path.stop is None else stop_json(path.stop),
            }
        ),
        "definitions": [
            {
                "way": one.way,
                "p10": plain_number(one.low),
                "p50": plain_number(one.median),
                "p90": plain_number(one.high),
                **probability_json(one.probability),
            }
            for one in definitions
        ],
        "contract": {lang: contract_sentence(answer, check.scenario, lang) for lang in LANGS},
    }


def stop_json(stop: OfferedStopLoss) -> dict[str, Any]:
    """Return a stop-loss for machines: its line, and how often it trips."""
    return {
        "share_of_usual_month": stop.line.share,
        "months": stop.line.months,
        "by": stop.line.by,
        "usual_month": plain_number(stop.usual),
        "season": [plain_number(float(v)) for v in stop.season],
        "unchanged_store": probability_json(stop.unchanged),
        "as_believed": probability_json(stop.believed),
        "failing_store": stop.failing,
        "offered": stop.offered,
    }
