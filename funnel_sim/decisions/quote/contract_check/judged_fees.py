"""Judges of what a contract pays: the share, its limits, further fees and when they are due; each
says good, bad or open with its figures.
"""

from collections.abc import Callable, Mapping

from funnel_sim.chance.estimates import quantiles
from funnel_sim.decisions.quote.base_periods import base_of_month, base_periods
from funnel_sim.decisions.quote.contract import OUTSIDE
from funnel_sim.decisions.quote.contract_check.evidence import ContractEvidence
from funnel_sim.decisions.quote.contract_check.findings import Amount, Judgement, State
from funnel_sim.decisions.quote.store_alone import baseline, share_without_operator
from funnel_sim.errors import InputError
from funnel_sim.reference import exchange_rates
from funnel_sim.reference.contract_items import standard, usual_prices
from funnel_sim.scenario.quotes import Option


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


FEE_JUDGES: Mapping[str, Callable[[ContractEvidence], Judgement]] = {
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
}
"""Those of fees, by the item."""
