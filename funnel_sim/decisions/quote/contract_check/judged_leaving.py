"""Judges of how a contract ends: stop-loss, trial, renewal, notice, and what leaving costs; each
says good, bad or open with its figures.
"""

import math
from collections.abc import Callable, Mapping

from funnel_sim.decisions.quote.contract import STOPPED, TRIAL
from funnel_sim.decisions.quote.contract_check.evidence import ContractEvidence
from funnel_sim.decisions.quote.contract_check.findings import Amount, Judgement, State
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.no_mean import mean_or_median
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference import provenance
from funnel_sim.reference.contract_items import standard, usual_notice, usual_term
from funnel_sim.reference.stop_loss import rules
from funnel_sim.scenario.fields import LONGEST_HORIZON
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.units import DAYS_A_MONTH, MONTHS_A_YEAR


def _stop_loss(case: ContractEvidence) -> Judgement:
    option = case.option
    figures: dict[str, Amount] = {}
    found = case.worth("stop_loss", "no_stop_loss")
    if found is not None:
        odds = float((case.found["stop_loss"].why == STOPPED).mean())
        figures = {"worth": Amount(found.value, "money", found), "odds": Amount(odds, "odds")}
    if "unchanged" in case.found:
        clause = case.found["unchanged"].case.option
        figures |= {
            "unchanged": Amount(float((case.found["unchanged"].why == STOPPED).mean()), "odds"),
            "share": Amount(clause.stop_share, "rate"),
            "months": Amount(clause.stop_months, "months"),
        }
    never = option.stop_from + option.stop_months - 1 > option.term
    if option.stop_loss and (
        never
        or option.stop_months > standard("loosest_stop_months")
        or option.stop_share < standard("loosest_stop_share")
    ):
        return Judgement("bad", "loose" if figures else "loose_plain", figures)
    state: State = "good" if option.stop_loss else "bad"
    if not figures:
        return Judgement(state, f"{state}_plain")
    # a line that trips this often without any failure is a right to leave at any time: what it
    # saves is no measure of the protection
    if "unchanged" in figures and figures["unchanged"].value > rules().most_unchanged:
        return Judgement(state, "good_noise" if option.stop_loss else "bad_noise", figures)
    if not option.stop_loss and found is not None and not found.value > 0:
        return Judgement("bad", "bad_costs", figures)
    return Judgement(state, state, figures)


def _trial(case: ContractEvidence) -> Judgement:
    option = case.option
    figures: dict[str, Amount] = {}
    found = case.worth("trial", "no_trial")
    if found is not None:
        figures = {
            "worth": Amount(found.value, "money", found),
            "odds": Amount(float((case.found["trial"].why == TRIAL).mean()), "odds"),
            "trial": Amount(case.found["trial"].case.option.trial, "months"),
            "below": Amount(case.found["trial"].case.option.misses_below, "rate"),
        }
    if not option.trial:
        return Judgement("bad", "bad" if figures else "plain", figures)
    return (
        Judgement("good", "good", figures)
        if option.trial_exit
        else Judgement("bad", "bound", figures)
    )


def _auto_renewal(case: ContractEvidence) -> Judgement:
    option = case.option
    if option.renewal != "automatic":
        return Judgement("good", "good")
    figures = _renewed(case)
    if not figures:
        return Judgement("bad", "plain")
    return Judgement("bad", "bad_loses" if figures["left"].value < 0 else "bad", figures)


def _renewed(case: ContractEvidence) -> dict[str, Amount]:
    """Return what a year that nobody stopped in time comes to: its fee, and what it leaves; nothing
    where the plan cannot reach so far.
    """
    option, scenario = case.option, case.scenario
    last = option.term + min(MONTHS_A_YEAR, option.renewal_months)
    if last > LONGEST_HORIZON or case.problem is not None:
        return {}
    stays = option.but(
        decided_by="", stop_loss=False, trial_exit=False, patience=None, renewal="open"
    )
    try:
        longer = scenario.but(plan=scenario.plan.but(horizon_months=max(last, case.months)))
        [found] = outcomes(longer, [Case(stays)], paths=case.paths)
    except InputError:
        return {}
    months = found.by_month[option.term : last]
    gain = (
        mean_or_median(months.sum(axis=0), found.no_mean.gain)
        if found.no_mean.gain
        else float(months.mean(axis=1).sum())
    )
    fee = sum(float(line[option.term : last].sum()) for line in found.lines.values())
    return {
        "cost": Amount(fee, "money"),
        "left": Amount(gain, "money"),
        "lost": Amount(max(-gain, 0.0), "money"),
        "months": Amount(last - option.term, "months"),
    }


def exit_penalty(option: Option, month: int) -> float:
    """Return what leaving costs when notice is given in a month.

    Args:
        option: the terms of the contract.
        month: the month of the notice, counted from 1.

    Returns:
        The penalty [currency of the contract].

    Examples:
        >>> exit_penalty(
        ...     Option(id="a", base=100.0, term=12, notice=1, exit_months=2, exit_share=0.5), 3
        ... )
        600.0
    """
    left = max(option.term - (month + option.notice), 0)
    return (
        option.exit_fixed
        + option.exit_months * option.base
        + option.exit_share * option.base * left
        if left
        else 0.0
    )


def _exit_penalty(case: ContractEvidence) -> Judgement:
    option, month = case.option, case.first_result
    if not (option.exit_fixed or option.exit_months or option.exit_share):
        return Judgement("good", "good")
    return Judgement(
        "bad",
        "bad",
        {
            "cost": Amount(exit_penalty(option, month), "fee"),
            "most": Amount(exit_penalty(option, 1), "fee"),
            "month": Amount(month, "months"),
        },
    )


def _notice(case: ContractEvidence) -> Judgement:
    row = usual_notice(case.scenario.as_of)
    usual = math.ceil(provenance.typical_or_middle(row.low, row.typical, row.high) / DAYS_A_MONTH)
    figures = {
        "notice": Amount(case.option.notice, "months"),
        "usual": Amount(usual, "months"),
        "cost": Amount(case.option.notice * case.monthly(), "money"),
    }
    state: State = "bad" if case.option.notice > usual else "good"
    return Judgement(state, state, figures)


def _term(case: ContractEvidence) -> Judgement:
    row = usual_term(case.scenario.as_of)
    most = row.high or provenance.typical_or_middle(row.low, row.typical, row.high)
    bound = case.option.term * case.monthly() + case.option.setup / case.fx
    figures = {
        "term": Amount(case.option.term, "months"),
        "usual": Amount(most, "months"),
        "cost": Amount(bound, "money"),
    }
    state: State = "bad" if case.option.term > most else "good"
    return Judgement(state, state, figures)


def _brushing(case: ContractEvidence) -> Judgement:
    return Judgement(
        None, "cost", {"cost": Amount(suspension(case.scenario, case.option), "money")}
    )


def suspension(scenario: Scenario, option: Option) -> float:
    """Return what a month without sales costs in a usual month: the margin after ads that is lost,
    and the base fee that goes on.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.

    Returns:
        The loss [sales currency].
    """
    lost = max(evaluate(without_operator(scenario)).steady["cm3"] or 0.0, 0.0)
    return lost + option.base / option.rate(scenario)


LEAVING_JUDGES: Mapping[str, Callable[[ContractEvidence], Judgement]] = {
    "stop_loss": _stop_loss,
    "trial": _trial,
    "auto_renewal": _auto_renewal,
    "exit_penalty": _exit_penalty,
    "notice": _notice,
    "term": _term,
    "brushing": _brushing,
}
"""Those of how a contract ends, by the item."""
