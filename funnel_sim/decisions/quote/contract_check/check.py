"""Is this contract safe to sign?

Every item of data/contract_items.toml, judged from contract and simulation or asked, with what it
costs on the same draws.

Read `check_contract` from top to bottom: `ContractEvidence` holds what the judges look at
(contract, KPIs, one simulation of all variants), each judge says good, bad or open with its
figures, answers decide the rest, and the grade follows from the weights.
"""

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.kpi.console import OURS
from funnel_sim.decisions.quote.contract_check.evidence import ContractEvidence
from funnel_sim.decisions.quote.contract_check.findings import (
    Amount,
    ContractCheck,
    ContractFinding,
    Judgement,
    State,
)
from funnel_sim.decisions.quote.contract_check.judged_leaving import suspension
from funnel_sim.decisions.quote.contract_check.judges import JUDGES
from funnel_sim.decisions.quote.record import with_promise_of
from funnel_sim.decisions.quote.store_alone import baseline
from funnel_sim.errors import refuse
from funnel_sim.reference.contract_items import SEVERE, Grade, Item, grades, items
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

PATHS = LIVE
"""Paths of the contract check: those of the price of clauses, so that a clause has the same worth
in both.
"""

_RATES = ("acos", "return_rate")
_STATES: tuple[State, ...] = ("bad", "open", "good")


def _finding(item: Item, case: ContractEvidence) -> ContractFinding:
    said = JUDGES[item.id](case) if item.id in JUDGES else Judgement(None, "")
    state = said.state
    if state is None:
        yes, no = (item.id in answers for answers in (case.option.says_yes, case.option.says_no))
        state = said.unanswered if yes == no else "bad" if yes == (item.bad == "yes") else "good"
    points = {"bad": float(item.weight), "open": item.open, "good": 0.0}[state]
    return ContractFinding(
        item,
        state,
        said.state is not None,
        points,
        said.case,
        said.figures,
        said.kpis,
        said.remarks,
        said.prices,
    )


def _concerns(item: Item, option: Option) -> bool:
    """Say whether an item can be in a contract at all: nobody gets a rebate on ad spend that the
    client pays itself.
    """
    return item.id != "rebate" or option.ads_through or option.rebate_rate > 0


def _at_stake(finding: ContractFinding) -> float:
    """Return the money of a finding, which orders findings of the same weight."""
    counted = ("cost",) if finding.case.endswith("_noise") else ("cost", "worth")
    return max(
        (abs(finding.figures[name].value) for name in counted if name in finding.figures),
        default=0.0,
    )


def grade_of(risk: float, severe: int) -> Grade:
    """Return the best grade that allows both a risk and a number of severe findings.

    Args:
        risk: share of all points [fraction].
        severe: how many findings are severe.

    Examples:
        >>> grade_of(0.0, 0).id, grade_of(0.0, 1).id, grade_of(0.9, 0).id
        ('A', 'C', 'E')
    """
    return next(
        (grade for grade in grades() if risk <= grade.upto and severe <= grade.severe), grades()[-1]
    )


def _clauses(case: ContractEvidence) -> dict[str, Amount]:
    """Return the amounts that sentences to add ask for, in the contract's currency unless they are
    a baseline of sales.
    """
    # an amount of zero is left out of the sentence
    return {
        "baseline": Amount(baseline(case.scenario, case.option), "money"),
        "cap": Amount(case.cap, "fee"),
        "suspension": Amount(suspension(case.scenario, case.option) * case.fx, "fee"),
    }


def _scoped(scenario: Scenario, option: Option) -> Scenario:
    """Return the scenario with the KPIs of one contract: those that it names; where it names none,
    all of them if it is the only quote, else none.
    """
    named = {kpi for _, kpi in option.kpis_named()}
    alone = sum(one.kind == "quote" for one in scenario.options) <= 1
    kept = [kpi for kpi in scenario.kpis if kpi.id in named or (not named and alone)]
    return scenario.only(options=[one for one in scenario.options if one.id == option.id]).but(
        kpis=kept
    )


def _promised(scenario: Scenario, option: Option) -> dict[str, float]:
    """Return what is promised of a rate at most, by metric: what this contract names, or no other
    one does.
    """
    others = {
        kpi for one in scenario.options if one.id != option.id for _, kpi in one.kpis_named()
    } - {kpi for _, kpi in option.kpis_named()}
    return {
        OURS.get(kpi.metric, kpi.metric): kpi.target
        for kpi in reversed(scenario.kpis)
        if OURS.get(kpi.metric, kpi.metric) in _RATES
        and kpi.comparator == "at_most"
        and not kpi.relative
        and kpi.id not in others
    }


def check_contract(scenario: Scenario, option_id: str, paths: int = PATHS) -> ContractCheck:
    """Return every item of an option's contract, judged or asked, with its grade.

    Args:
        scenario: the store and its plan, as typed.
        option_id: the id of the option.
        paths: how many draws.

    Raises:
        InputError: if there is no such option.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> found = check_contract(
        ...     preset("amazon-de-kitchen").replace({"options": [{"id": "quote", "base": 8000.0}]}),
        ...     "quote",
        ...     1024,
        ... )
        >>> found.of("stop_loss").state, found.of("brushing").state, found.grade.id
        ('bad', 'open', 'D')
    """
    try:
        option = alternatives.option_of(scenario, option_id)
    except KeyError:
        raise refuse("options", option_id, "option_unknown") from None
    promised = _promised(scenario, option)
    scenario = with_promise_of(_scoped(scenario, option), option)
    case = ContractEvidence(scenario, option, paths)
    findings = [_finding(item, case) for item in items(scenario.as_of) if _concerns(item, option)]
    risk = sum(one.points for one in findings) / sum(one.item.weight for one in findings)
    severe = sum(one.state == "bad" and one.item.weight >= SEVERE for one in findings)
    ordered = sorted(
        findings,
        key=lambda one: (-one.points, _STATES.index(one.state), -one.item.weight, -_at_stake(one)),
    )
    shown = next(iter(case.found.values())).plan.paths if case.found else paths
    no_mean = tuple(
        dict.fromkeys(reason.path for one in case.found.values() for reason in one.no_mean.gain)
    )
    return ContractCheck(
        scenario,
        option,
        shown,
        tuple(ordered),
        risk,
        grade_of(risk, severe),
        _clauses(case),
        case.decider,
        case.problem,
        no_mean,
        case.stop,
        promised,
    )
