"""Judges of what a contract says of its KPIs and of what they rest on: each says good, bad or open
with its figures.
"""

import math
from collections.abc import Callable, Mapping

from funnel_sim.decisions.kpi.definitions import definitions
from funnel_sim.decisions.kpi.measured import baseline_of, is_added_up
from funnel_sim.decisions.quote.contract_check.evidence import ContractEvidence
from funnel_sim.decisions.quote.contract_check.findings import Amount, Judgement, State
from funnel_sim.decisions.quote.record import promise_of
from funnel_sim.decisions.quote.store_alone import baseline
from funnel_sim.errors import InputError
from funnel_sim.model.bases import SALES, SPEND
from funnel_sim.reference.contract_items import standard
from funnel_sim.scenario.kpi_metrics import CASH_METRICS, OPERATIONAL
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario


def _needs_kpis(case: ContractEvidence) -> Judgement | None:
    return None if case.scenario.kpis else Judgement("open", "no_kpi")


def _vague_kpi(case: ContractEvidence) -> Judgement:
    rates = {kpi.id for kpi in case.scenario.kpis if not is_added_up(kpi.metric)}
    told = [
        one
        for one in case.remarks
        if one.key in ("no_date", "no_source")
        or (one.key == "no_definition" and one.kpis[0] in rates)
    ]
    return _needs_kpis(case) or (
        Judgement("bad", "bad", remarks=tuple(told)) if told else Judgement("good", "good")
    )


def _definition(case: ContractEvidence) -> Judgement:
    missing = [
        kpi
        for kpi in case.scenario.kpis
        if not kpi.says_definition and kpi.metric not in CASH_METRICS
    ]
    if not missing:
        return _needs_kpis(case) or Judgement("good", "good")
    record = None if case.check is None else case.check.record
    widest: tuple[float, dict[str, Amount], tuple[str, ...]] | None = None
    for kpi in (
        one for one in missing if one.metric in SALES | SPEND and one.metric not in OPERATIONAL
    ):
        try:
            ways = [
                one
                for one in definitions(case.scenario, kpi, case.paths, record)
                if math.isfinite(one.median)
            ]
        except InputError:
            continue
        if len(ways) < 2:
            continue
        low, high = (pick(ways, key=lambda one: one.median) for pick in (min, max))
        chances = sorted(one.probability.value for one in ways)
        spread = (high.median - low.median) / (abs(high.median) or 1.0)
        if widest is None or spread > widest[0]:
            figures = {
                "low": Amount(low.median, f"kpi:{kpi.metric}"),
                "high": Amount(high.median, f"kpi:{kpi.metric}"),
                "least": Amount(chances[0], "odds"),
                "most": Amount(chances[-1], "odds"),
            }
            widest = spread, figures, (kpi.id,)
    if widest is None:
        return Judgement("bad", "plain", kpis=tuple(kpi.id for kpi in missing))
    return Judgement("bad", "bad", widest[1], widest[2])


def _baseline(case: ContractEvidence) -> Judgement:
    scenario, option = case.scenario, case.option
    if option.share_tiers and option.share_over == "baseline" and option.baseline is None:
        return Judgement("bad", "share", {"value": Amount(baseline(scenario, option), "money")})
    grown = [kpi for kpi in scenario.kpis if kpi.relative or is_added_up(kpi.metric)]
    without = next((kpi for kpi in grown if kpi.baseline is None), None)
    if without is None:
        return _needs_kpis(case) or Judgement("good", "good" if grown else "none")
    now = baseline_of(scenario, without)
    if now is None:
        return Judgement("bad", "unknown", kpis=(without.id,))
    return Judgement(
        "bad",
        f"bad_{now.source}",
        {"value": Amount(now.value, f"kpi:{without.metric}")},
        (without.id,),
    )


def _one_kpi(case: ContractEvidence) -> Judgement:
    told = tuple(
        one
        for one in case.remarks
        if one.key in ("one_only", "gmv_without_margin", "gmv_without_returns")
    )
    return _needs_kpis(case) or (
        Judgement("bad", "bad", remarks=told) if told else Judgement("good", "good")
    )


def season_of(scenario: Scenario, kpi: Kpi) -> float:
    """Return the mean season index of a KPI's months.

    Args:
        scenario: the store and its plan, as typed.
        kpi: what is measured, its target, window and basis.

    Returns:
        The mean [1].
    """
    return scenario.plan.mean_season(*kpi.months)


def _kpi_season(case: ContractEvidence) -> Judgement:
    if not case.scenario.kpis:
        return Judgement("open", "no_kpi")
    grown = [
        kpi
        for kpi in case.scenario.kpis
        if is_added_up(kpi.metric)
        and kpi.metric not in OPERATIONAL
        and kpi.comparator == "at_least"
    ]
    if not grown:
        return Judgement("good", "none")
    most = max(grown, key=lambda kpi: season_of(case.scenario, kpi))
    index = season_of(case.scenario, most)
    figures = {"season": Amount(index - 1.0, "rate")}
    if case.check is not None:
        found = next(one for one in case.check.answers if one.kpi.id == most.id).by_belief["none"]
        figures["alone"] = Amount(found.value, "odds", found)
    state: State = "bad" if index - 1.0 > standard("season") else "good"
    return Judgement(state, state if "alone" in figures else "plain", figures, (most.id,))


def _low_odds(case: ContractEvidence) -> Judgement:
    found = case.check
    if found is None:
        return Judgement("open", "untested" if case.scenario.kpis else "no_kpi")
    state: State = "good" if found.joint.value >= case.scenario.verdicts.realistic else "bad"
    figures = {
        "odds": Amount(found.joint.value, "odds", found.joint),
        "wanted": Amount(case.scenario.verdicts.realistic, "rate"),
    }
    return Judgement(state, state, figures, (found.hardest.kpi.id,))


def _cases(case: ContractEvidence) -> Judgement:
    promise = promise_of(case.scenario, case.option)
    if promise.record_met is None or not promise.record_shown or case.option.record_measured:
        return Judgement(None, "")  # nothing that the other side showed
    figures = {
        "met": Amount(promise.record_met, "count"),
        "shown": Amount(promise.record_shown, "count"),
    }
    return Judgement(None, "record", figures)


KPI_JUDGES: Mapping[str, Callable[[ContractEvidence], Judgement]] = {
    "vague_kpi": _vague_kpi,
    "definition": _definition,
    "baseline": _baseline,
    "one_kpi": _one_kpi,
    "kpi_season": _kpi_season,
    "low_odds": _low_odds,
    "cases": _cases,
}
"""Those of KPIs, by the item."""
