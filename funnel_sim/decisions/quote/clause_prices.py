"""What each clause is worth to each side: the contract with it less the contract without it, in the
same futures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.chance.estimates import Estimate, Figure, estimate
from funnel_sim.chance.heavy import without_means
from funnel_sim.decisions.quote.contract import STOPPED
from funnel_sim.decisions.quote.effect import Case, OptionBelief
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.no_mean import Reasons, either_way
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.model.arrays import Array
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.kpi_metrics import STEADY_METRICS
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

CLAUSES: tuple[str, ...] = (
    "setup",
    "base",
    "trial_base",
    "share",
    "baseline",
    "season",
    "clawback",
    "spend",
    "orders",
    "floor",
    "bonus",
    "cap",
    "penalty",
    "penalty_limit",
    "instalments",
    "passed_on",
    "rebate",
    "extras",
    "total_cap",
    "tax",
    "stop_loss",
    "trial",
    "exit",
    "notice",
    "renewal",
)
STOP_SHARES: tuple[float, ...] = (0.6, 0.7, 0.8, 0.9, 1.0)
_NEVER = 1e-9
"""A threshold below which nothing falls that has a figure at all."""
STOP_MONTHS: tuple[int, ...] = (1, 2, 3)
_ONLY: dict[str, dict[str, Any]] = {
    "setup": {"setup": 0.0},
    "base": {"base": 0.0, "trial_base": None},
    "trial_base": {"trial_base": None},
    "share": {"share_tiers": []},
    "baseline": {"share_over": "all"},
    "season": {"baseline_season": False},
    "clawback": {"clawback": False},
    "spend": {"spend_rate": 0.0},
    "orders": {"order_fee": 0.0},
    "floor": {"floor": None},
    "cap": {"cap": None},
    "penalty_limit": {"penalty_limited": False},
    "instalments": {"instalments": []},
    "passed_on": {"passed_on": 0.0},
    "rebate": {"rebate_to_client": 0.0},
    "extras": {"extras": []},
    "total_cap": {"total_cap": None},
    "tax": {"fee_tax": 0.0},
    "stop_loss": {"stop_loss": False},
    "trial": {"trial": 0, "trial_base": None},
    "exit": {"exit_fixed": 0.0, "exit_months": 0.0, "exit_share": 0.0},
    "notice": {"notice": 0},
    "renewal": {"renewal": "ends"},
}


@dataclass(frozen=True)
class ClausePrice:
    """A clause that the contract has (or, `there` False, that could be added): what having it
    changes, for the client's gain and for the agency's profit, money of the sales currency over the
    plan.

    A difference that has no mean has a median.
    """

    key: str
    there: bool
    client: Estimate
    agency: Estimate


def without_clause(option: Option, key: str) -> Option:
    """Return the contract with one clause taken out.

    Args:
        option: the terms of the contract.
        key: the key of the clause.
    """
    if key in ("bonus", "penalty"):
        return option.but(rewards=[one for one in option.rewards if one.kind != key])
    return option.but(**_ONLY[key])


def has(option: Option, key: str) -> bool:
    """Say whether a contract has a clause that does something.

    Args:
        option: the terms of the contract.
        key: the key of the clause.
    """
    if key in ("baseline", "season", "clawback") and not option.share_tiers:
        return False
    if key == "rebate" and not option.rebate_rate:
        return False
    if key == "season" and option.share_over != "baseline":
        return False
    if key == "penalty_limit" and not any(one.kind == "penalty" for one in option.rewards):
        return False
    if key == "notice" and option.patience is None and not option.decided_by:
        return False
    return without_clause(option, key) != option


def over_baseline(option: Option, *, season: bool | None = None) -> Option:
    """Return a contract whose share counts only what exceeds the baseline.

    The baseline takes the place of a threshold: tiers at 0 % before the first that pays are
    dropped and the bounds of the others come down by as much, since otherwise a share would
    start only at the sum of baseline and threshold.

    Args:
        option: the terms of the contract; returned with its tiers where it has a baseline already.
        season: whether the baseline follows the season; as it stands where None.

    Examples:
        >>> tiers = [{"upto": 22000.0, "rate": 0.0}, {"upto": 30000.0, "rate": 0.05}, {"rate": 0.1}]
        >>> made = over_baseline(Option.model_validate({"id": "a", "share_tiers": tiers}))
        >>> made.share_over, [(one.upto, one.rate) for one in made.share_tiers]
        ('baseline', [(8000.0, 0.05), (None, 0.1)])
    """
    fields: dict[str, Any] = {"share_over": "baseline"}
    if season is not None:
        fields["baseline_season"] = season
    if option.share_over == "all":
        fields["share_tiers"] = past_threshold(option)
    return option.but(**fields)


def past_threshold(option: Option) -> list[dict[str, float | None]]:
    """Return the tiers of a share without those at 0 % before the first that pays, their bounds
    counted from there; as they stand where no tier pays.

    Args:
        option: the terms of the contract.
    """
    tiers = option.share_tiers
    first = next((place for place, tier in enumerate(tiers) if tier.rate), 0)
    start = (tiers[first - 1].upto or 0.0) if first else 0.0
    return [
        tier.model_dump(mode="json")
        | {"upto": None if tier.upto is None else float(f"{tier.upto - start:.12g}")}
        for tier in tiers[first:]
    ]


def protection(scenario: Scenario, option: Option) -> dict[str, Option]:
    """Return the contract with each protective clause that it lacks, added one at a time as it is
    usually asked for.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.

    Returns:
        Contracts by the key of the clause that was added.
    """

    def usual(name: str) -> Any:
        return alternatives.default(scenario, "protection", name).value

    decides = option.decided_by or first_kpi(scenario, option)
    added: dict[str, Mapping[str, Any]] = {}
    if not option.stop_loss and decides:
        # a KPI named here for the first time has one threshold, that of the stop-loss; a contract
        # that had one keeps it for trial, renewal and patience
        added["stop_loss"] = {
            "stop_loss": True,
            "decided_by": decides,
            "miss_share": option.misses_below if option.decided_by else option.miss_share,
            "stop_share": usual("stop_share"),
            "stop_months": int(usual("stop_months")),
        }
    if not option.trial and decides and usual("trial") <= option.term:
        added["trial"] = {"trial": int(usual("trial")), "trial_exit": True, "decided_by": decides}
    if option.share_tiers and option.share_over == "all":
        added["baseline"] = {
            "share_over": "baseline",
            "share_tiers": past_threshold(option),
        }
    if option.share_tiers and option.share_over == "baseline" and not option.baseline_season:
        added["season"] = {"baseline_season": True}
    if (
        option.share_tiers
        and not option.clawback
        and option.share_basis in ("gmv", "sales", "ad_sales")
    ):
        added["clawback"] = {"clawback": True}
    if option.rebate_rate and option.rebate_to_client < 1:
        added["rebate"] = {"rebate_to_client": 1.0}
    return {key: option.but(**change) for key, change in added.items()}


def first_kpi(scenario: Scenario, option: Option) -> str:
    """Return the KPI that a contract names first, else the scenario's first that has months.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.

    Returns:
        Its id; "" where there is none.
    """
    named = [kpi for _, kpi in option.kpis_named()] + [
        kpi.id for kpi in scenario.kpis if kpi.metric not in STEADY_METRICS
    ]
    return named[0] if named else ""


def named_bonuses(scenario: Scenario, option: Option) -> float:
    """Return what the bonuses come to that a contract names as an amount or as a share of the base
    fee, where all of them fall due in one month: a maximum below it would take them back.

    Args:
        scenario: the store with the KPIs that the contract names.
        option: the terms of the contract.

    Returns:
        The sum [currency of the contract].
    """
    by_id = {kpi.id: kpi for kpi in scenario.kpis}
    out = 0.0
    for one in option.rewards:
        if one.kind != "bonus" or one.form not in ("fixed", "base"):
            continue
        first, last = by_id[one.kpi].months if one.kpi in by_id else (1, 1)
        months = last - first + 1 if one.each == "window" else 1
        out += one.amount if one.form == "fixed" else one.amount * option.base * months
    return out


def prices(
    scenario: Scenario,
    option: Option,
    belief: OptionBelief | float = "believed",
    paths: int | None = None,
) -> list[ClausePrice]:
    """Return what each clause of a contract is worth to both sides, then what each protective
    clause would be worth that it lacks.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.
        belief: the effect that is taken: a belief, or a relative change of first orders [fraction].
        paths: how many draws; the scenario's own where None.

    Returns:
        One price a clause, over the plan [sales currency].
    """
    there = {key: without_clause(option, key) for key in CLAUSES if has(option, key)}
    added = protection(scenario, option)
    variants = [option, *there.values(), *added.values()]
    now, *others = outcomes(scenario, [Case(one, belief) for one in variants], paths=paths)
    out = []
    for (key, is_there), other in zip(
        [*((key, True) for key in there), *((key, False) for key in added)], others, strict=True
    ):
        one, two = (now, other) if is_there else (other, now)
        out.append(ClausePrice(key, is_there, *variant_worth(one, two)))
    return out


def variant_worth(one: Outcome, two: Outcome) -> tuple[Estimate, Estimate]:
    """Return what one form of a contract leaves over another, within each future.

    Args:
        one: the form.
        two: the form that it is compared with, in the same futures.

    Returns:
        (to the client, to the agency), over the plan [sales currency].
    """
    sets, (client, agency) = one.plan.replicates, lacks(one, two)
    return without_means(estimate(one.gain - two.gain, sets), client), without_means(
        estimate(_agency(one) - _agency(two), sets), agency
    )


def lacks(one: Outcome, two: Outcome) -> tuple[Reasons, Reasons]:
    """Return what leaves the difference of two forms of a contract without a mean: their fees;
    where they differ in length, what they bring too.

    Args:
        one: the form.
        two: the form that it is compared with.

    Returns:
        (for the client, for the agency).
    """
    fee, agency = (
        either_way((*one.no_mean.fee, *two.no_mean.fee)),
        either_way((*one.no_mean.agency, *two.no_mean.agency)),
    )
    if np.array_equal(one.last, two.last):
        return fee, agency
    return either_way((*one.no_mean.gain, *two.no_mean.gain)), agency


def _agency(found: Outcome) -> Array:
    return found.income - found.serving


@dataclass(frozen=True)
class StopLossEffect:
    """A stop-loss at a share of the KPI and a number of months.

    `saved` what it changes in the client's gain on average (NaN where there is no mean: it changes
    nothing in most futures, so that a median tells nothing), `stopped` the share of futures that it
    ends, `good_ended` of those that would have left the client better off, the share that it ends,
    `bad_ended` of the others.
    """

    share: float
    months: int
    saved: Figure
    stopped: float
    good_ended: Figure | None
    bad_ended: Figure | None


def stop_losses(
    scenario: Scenario,
    option: Option,
    belief: OptionBelief | float = "believed",
    paths: int | None = None,
) -> list[StopLossEffect]:
    """Return what a stop-loss does by threshold and months, against the same contract without one.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.
        belief: the effect that is taken: a belief, or a relative change of first orders [fraction].
        paths: how many draws; the scenario's own where None.

    Returns:
        One entry for each threshold and number of months; none where there is no KPI to go by.
    """
    decides = option.decided_by or first_kpi(scenario, option)
    if not decides:
        return []
    # a KPI named here for the first time decides about the stop-loss only: the threshold of trial,
    # renewal and patience is set so that no month misses
    plain = option.but(
        stop_loss=False,
        decided_by=decides,
        miss_share=option.misses_below if option.decided_by else _NEVER,
    )
    grid = [(share, months) for share in STOP_SHARES for months in STOP_MONTHS]
    made = [
        plain.but(stop_loss=True, stop_share=share, stop_months=months) for share, months in grid
    ]
    without_it, *found = outcomes(
        scenario, [Case(one, belief) for one in (plain, *made)], paths=paths
    )
    return [
        _stop(share, months, one, without_it)
        for (share, months), one in zip(grid, found, strict=True)
    ]


def _stop(share: float, months: int, with_it: Outcome, without_it: Outcome) -> StopLossEffect:
    sets = with_it.plan.replicates
    stopped = with_it.why == STOPPED
    good = without_it.gain > 0
    return StopLossEffect(
        share,
        months,
        variant_worth(with_it, without_it)[0].mean,
        float(stopped.mean()),
        _among(stopped, good, sets),
        _among(stopped, ~good, sets),
    )


def _among(what: Any, of: Any, sets: int) -> Figure | None:
    """Return the share of some futures in which something holds, with its error from the
    replicates; None where there are none.
    """
    if not of.any():
        return None
    value = float(what[of].mean())
    hit, all_of = (what & of).reshape(sets, -1).sum(axis=1), of.reshape(sets, -1).sum(axis=1)
    spread = hit - value * all_of
    return Figure(
        value, float(spread.std(ddof=1)) / float(all_of.mean()) / float(np.sqrt(sets)), sets
    )
