"""The judges of a contract: one a judged item, by its id; each says good, bad or open with its
figures.
"""

import math
from collections.abc import Callable, Mapping

from funnel_sim.chance.estimates import quantiles
from funnel_sim.decisions.kpi.definitions import definitions
from funnel_sim.decisions.kpi.measured import baseline_of, is_added_up
from funnel_sim.decisions.quote.base_periods import base_of_month, base_periods
from funnel_sim.decisions.quote.contract import OUTSIDE, STOPPED, TRIAL
from funnel_sim.decisions.quote.contract_check.evidence import ContractEvidence
from funnel_sim.decisions.quote.contract_check.findings import Amount, Judgement, State
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.no_mean import mean_or_median
from funnel_sim.decisions.quote.record import promise_of
from funnel_sim.decisions.quote.store_alone import (
    baseline,
    share_without_operator,
    without_operator,
)
from funnel_sim.errors import InputError
from funnel_sim.model.bases import SALES, SPEND
from funnel_sim.model.economics import evaluate
from funnel_sim.reference import exchange_rates, provenance
from funnel_sim.reference.contract_items import standard, usual_notice, usual_prices, usual_term
from funnel_sim.reference.stop_loss import rules
from funnel_sim.scenario.fields import LONGEST_HORIZON
from funnel_sim.scenario.kpis import OPERATIONAL, Kpi
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.units import DAYS_A_MONTH, MONTHS_A_YEAR

"""Paths of the definitions of a KPI, of which only how far apart their medians lie is told."""


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
    missing = [kpi for kpi in case.scenario.kpis if not kpi.says_definition]
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


def _costs(case: ContractEvidence, better: str) -> Judgement:
    """Return that a clause is missing, with what it would save a year where that is known."""
    worth = case.a_year(better, "as_is")
    return Judgement("bad", "bad" if worth else "plain", worth)


def _share_all(case: ContractEvidence) -> Judgement:
    option = case.option
    if not option.share_tiers:
        return Judgement("good", "none")
    pays_from = next((n for n, tier in enumerate(option.share_tiers) if tier.rate), None)
    if pays_from is None:
        return Judgement("good", "none")
    if option.share_over == "all" and not pays_from:
        return Judgement("bad", "bad" if case.found else "plain", case.a_year("over", "as_is"))
    usual = baseline(case.scenario, option.but(baseline=None))
    unearned = share_without_operator(case.scenario, option, usual)
    figures = {
        "usual": Amount(usual, "money"),
        "baseline": Amount(baseline(case.scenario, option), "money"),
        "term": Amount(option.term, "months"),
    }
    over = option.share_over == "baseline"
    if unearned > standard("no_effect") * usual:
        return Judgement(
            "bad",
            "low_baseline" if over else "bad_threshold",
            figures | {"cost": Amount(unearned, "money")},
        )
    return Judgement("good", "good" if over else "good_threshold", figures)


def _baseline_season(case: ContractEvidence) -> Judgement:
    option = case.option
    if not option.share_tiers or option.share_over == "all":
        return Judgement("good", "none")
    if option.baseline_season:
        return Judgement("good", "good")
    worth = case.a_year("over", "as_is") if case.found else {}
    if worth and all(
        abs(one.value) < standard("no_effect") * max(1.0, case.year(case.paid))
        for one in worth.values()
    ):
        return Judgement("good", "no_effect")
    return Judgement("bad", "bad" if worth else "plain", worth)


def _clawback(case: ContractEvidence) -> Judgement:
    option = case.option
    if not option.share_tiers:
        return Judgement("good", "none")
    if option.clawback or option.share_basis in ("net_revenue", "cm3"):
        return Judgement("good", "good")
    return _costs(case, "clawback")


def _cap(case: ContractEvidence) -> Judgement:
    if not case.variable:
        return Judgement("good", "none")
    if case.option.cap is not None or case.option.total_cap is not None:
        return Judgement("good", "good")
    if not case.found:
        return Judgement("bad", "plain")
    claimed = case.paid_if("claimed")
    high = float(quantiles(case.found["as_is"].paid, (0.9,))[0])
    if max(claimed, high) - case.paid < standard("no_effect") * max(1.0, case.paid):
        return Judgement("good", "no_effect")
    return Judgement(
        "bad",
        "bad",
        {
            name: Amount(case.year(v), "money")
            for name, v in (("expected", case.paid), ("high", high), ("claimed", claimed))
        },
    )


def _penalty(case: ContractEvidence) -> Judgement:
    if not any(one.kind == "penalty" for one in case.option.rewards):
        return Judgement("bad", "none")
    figures = {"taken": Amount(-case.line("penalty"), "money")}
    return (
        Judgement("good", "good", figures)
        if case.option.penalty_limited
        else Judgement("bad", "unlimited", figures)
    )


def _hidden_fees(case: ContractEvidence) -> Judgement:
    if not (case.option.extras or case.option.passed_on):
        return Judgement(None, "")
    if not case.found:
        return Judgement("bad", "plain")
    amount = case.line("extras", "passed_on")
    share = amount / case.paid if case.paid > 0 else 0.0
    return Judgement(
        "bad", "bad", {"cost": Amount(case.year(amount), "money"), "share": Amount(share, "rate")}
    )


def _rebate(case: ContractEvidence) -> Judgement:
    option = case.option
    if option.rebate_rate:
        key, plain = (
            ("passed", "passed_plain") if option.rebate_to_client == 1 else ("kept", "kept_plain")
        )
        figures = {"rate": Amount(option.rebate_rate, "rate")}
        if not case.found:
            return Judgement("good", plain, figures)
        kept = float(case.found["as_is"].rebate.mean())
        figures |= {
            "kept": Amount(case.year(kept), "money"),
            "passed": Amount(case.year(-case.line("rebate")), "money"),
        }
        return Judgement("good", key, figures)
    if "rebate" in option.says_yes and "rebate" not in option.says_no:
        return Judgement(None, "")
    figures = (
        {"cost": Amount(case.year(float(case.found["rebate"].rebate.mean())), "money")}
        if "rebate" in case.found
        else {}
    )
    return Judgement(None, "undisclosed" if figures else "plain", figures, unanswered="bad")


def _fees_range(case: ContractEvidence) -> Judgement:
    option, scenario = case.option, case.scenario
    asked = {
        "base": option.base,
        "share": max((tier.rate for tier in option.share_tiers), default=0.0),
        "spend": option.spend_rate,
        "setup": option.setup,
    }
    figures: dict[str, Amount] = {}
    over, used = [], []
    for clause, value in asked.items():
        if not value > 0:
            continue
        money = clause in ("base", "setup")
        rows = usual_prices(clause, case.scenario.as_of)
        ends = []
        for row in rows:
            factor = 1.0
            if money:
                try:
                    own = option.currency(scenario)
                    factor = exchange_rates.exchange(
                        row.unit.split(" ", maxsplit=1)[0], own, scenario.as_of
                    )
                except InputError:
                    continue
            ends += [end * factor for end in (row.low, row.typical, row.high) if end is not None]
        if not ends:
            continue
        unit = "fee" if money else "rate"
        figures |= {
            clause: Amount(value, unit),
            f"{clause}_low": Amount(min(ends), unit),
            f"{clause}_high": Amount(max(ends), unit),
        }
        over += [clause] if value > max(ends) else []
        used += list(rows)
    if not figures:
        return Judgement("open", "none")
    state: State = "bad" if over else "good"
    return Judgement(state, state, figures, prices=tuple(used))


def _before_results(case: ContractEvidence) -> Judgement:
    option, until = case.option, case.first_result
    if not case.found or not case.paid > 0:
        return Judgement("open", "none")
    dated = (
        sum(
            one.amount for one in option.instalments if one.month is not None and one.month <= until
        )
        / case.fx
    )
    due = case.line("setup", "base", "floor", until=until) + dated
    share = min(1.0, due / case.paid)
    upfront = option.setup > 0 or any(one.month is not None for one in option.instalments)
    waits = any(one.kpi for one in option.instalments)
    figures = {
        "share": Amount(share, "rate"),
        "due": Amount(due, "money"),
        "month": Amount(until, "months"),
    }
    if upfront and not waits:
        return Judgement("bad", "bad", figures)
    return (
        Judgement("bad", "late", figures)
        if share > standard("before_results")
        else Judgement("good", "good", figures)
    )


def prepaid_at_risk(option: Option) -> tuple[float, int]:
    """Return the most that is paid and not yet served: base fees that are due in advance, from the
    first day of their period on; setup and instalments due by date count as served evenly over the
    term; a deposit counts in full. Where the contract does not say when the base is due, it is
    taken as due in advance.

    Args:
        option: the terms of the contract.

    Returns:
        (the amount [currency of the contract], the month in which it is reached).

    Examples:
        >>> prepaid_at_risk(Option(id="a", base=100.0, term=12))
        (100.0, 1)
        >>> prepaid_at_risk(Option(id="a", setup=1200.0, base=100.0, term=12))
        (1300.0, 1)
        >>> prepaid_at_risk(Option(id="a", base=100.0, term=12, due_every=3, deposit=50.0))
        (350.0, 1)
    """
    dated = [(one.amount, one.month) for one in option.instalments if one.month is not None]
    ahead = option.setup + sum(amount for amount, _ in dated)
    billed = {
        month: first + length - 1
        for first, length in base_periods(option, option.term)
        for month in range(first, first + length)
    }
    most, when = 0.0, 1
    for month in range(1, option.term + 1):
        base = 0.0
        if option.due_base != "arrears":
            base = sum(base_of_month(option, one) for one in range(month, billed[month] + 1))
        paid = option.setup + sum(amount for amount, due in dated if due <= month)
        risk = paid - ahead * (month - 1) / option.term + base + option.deposit
        if risk > most:
            most, when = risk, month
    return most, when


def _prepayment(case: ContractEvidence) -> Judgement:
    option = case.option
    risk, month = prepaid_at_risk(option)
    if not risk > 0:
        return Judgement("good", "none")
    dated = sum(one.amount for one in option.instalments if one.month is not None)
    usual = (option.setup + dated) / option.term + option.base
    most = standard("prepaid_months") * usual
    figures = {
        "risk": Amount(risk, "fee"),
        "month": Amount(month, "months"),
        "most": Amount(most, "fee"),
        "of": Amount(standard("prepaid_months"), "months"),
    }
    state: State = "bad" if risk > most else "good"
    case_told = {"bad": "bad_deposit", "good": "good_deposit"}[state] if option.deposit else state
    return Judgement(state, case_told, figures)


def _fee_tax(case: ContractEvidence) -> Judgement:
    if case.option.fee_tax > 0:
        return Judgement(
            "good",
            "good",
            {
                "rate": Amount(case.option.fee_tax, "rate"),
                "cost": Amount(case.year(case.line("tax")), "money"),
            },
        )
    if not case.found:
        return Judgement(None, "")
    return Judgement(
        None, "percent", {"cost": Amount(case.year(case.paid - case.line(*OUTSIDE)) / 100, "money")}
    )


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


def _cases(case: ContractEvidence) -> Judgement:
    promise = promise_of(case.scenario, case.option)
    if promise.record_met is None or not promise.record_shown or case.option.record_measured:
        return Judgement(None, "")  # nothing that the other side showed
    figures = {
        "met": Amount(promise.record_met, "count"),
        "shown": Amount(promise.record_shown, "count"),
    }
    return Judgement(None, "record", figures)


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


JUDGES: Mapping[str, Callable[[ContractEvidence], Judgement]] = {
    "vague_kpi": _vague_kpi,
    "definition": _definition,
    "baseline": _baseline,
    "one_kpi": _one_kpi,
    "kpi_season": _kpi_season,
    "low_odds": _low_odds,
    "share_all": _share_all,
    "baseline_season": _baseline_season,
    "clawback": _clawback,
    "cap": _cap,
    "penalty": _penalty,
    "hidden_fees": _hidden_fees,
    "rebate": _rebate,
    "fees_range": _fees_range,
    "before_results": _before_results,
    "prepayment": _prepayment,
    "fee_tax": _fee_tax,
    "stop_loss": _stop_loss,
    "trial": _trial,
    "auto_renewal": _auto_renewal,
    "exit_penalty": _exit_penalty,
    "notice": _notice,
    "term": _term,
    "cases": _cases,
    "brushing": _brushing,
}
"""What judges an item; an item without one is asked."""
