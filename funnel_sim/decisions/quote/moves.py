"""What may be asked for of a quote: parts of the fee to lower, what could be paid by results,
rights and limits; which of these changes go together, and the contract with them.

Read `moves`. Why so: docs/decisions/0047.
"""

import datetime as dt
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, Literal, TypedDict, cast

from funnel_sim.decisions.quote import clause_prices
from funnel_sim.decisions.quote.effect import full_month
from funnel_sim.decisions.quote.fee_cap import cap_level, spoken, varies
from funnel_sim.reference import provenance
from funnel_sim.reference.contract_items import usual_notice
from funnel_sim.scenario.kpi_templates import fresh_id
from funnel_sim.scenario.kpis import MOST_KPIS
from funnel_sim.scenario.quote_rows import MOST_ROWS
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.stored import read_data

MoveKind = Literal["fee", "results", "clause"]
FEES: tuple[str, ...] = ("base", "setup", "share", "spend", "orders", "instalments", "bonus")
"""Parts of a fee whose level is negotiable, the one that is usually largest first."""
RESULTS: tuple[str, ...] = (
    "by_results_half",
    "by_results_all",
    "setup_by_results",
    "instalments_by_results",
)
"""What the quote pays in any case and would be paid when a KPI is met."""
CLAUSES: tuple[str, ...] = (
    "stop_loss",
    "stop_from",
    "trial",
    "baseline",
    "season",
    "clawback",
    "rebate",
    "cap",
    "floor",
    "extras",
    "exit",
    "notice",
    "renewal",
    "ad_budget",
)
"""Rights and limits, in the order in which they are told."""
KEYS: tuple[str, ...] = (*FEES, *RESULTS, *CLAUSES)
_DAYS_A_MONTH = 365 / 12
_ROUNDING = 1e-9


class OfferSettings(TypedDict):
    """The table of data/counter_offer.toml, each entry explained there."""

    as_of: dt.date
    by_results: list[float]
    most_changes: int
    checked: int
    thinned: int
    steps: list[float]
    first_level: float
    next_to_nothing: float


@cache
def offer_settings() -> OfferSettings:
    """Return what a counter-offer takes for granted (data/counter_offer.toml).

    >>> offer_settings()["by_results"]
    [0.5, 1.0]
    """
    text = read_data("counter_offer.toml")
    return cast("OfferSettings", tomllib.loads(text))


@dataclass(frozen=True)
class Move:
    """One change to a quote: what it is, the fields of the contract that it sets, and for a fee the
    share of its level that is left.
    """

    key: str
    fields: Mapping[str, Any]
    left: float | None = None

    @property
    def kind(self) -> MoveKind:
        """Whether it lowers a fee, makes it depend on results, or is a clause."""
        return "fee" if self.key in FEES else "results" if self.key in RESULTS else "clause"


def promised_months(scenario: Scenario, option: Option) -> tuple[int, int]:
    """Return the months in which a promise can be looked at: from when all of it should have
    arrived until the contract, or the plan, is over.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the quote.

    Returns:
        (first, last), counted from 1.
    """
    last = min(option.term, scenario.plan.horizon_months)
    return min(full_month(option), last), last


def with_promise(scenario: Scenario, option: Option) -> tuple[Scenario, str]:
    """Return the scenario in which an option's pay can depend on what it promises.

    The KPI is the month's sales against a usual month, by the uplift that was promised: the one
    that the contract pays by already, so that one promise has one window; else in the months from
    when all of it should have arrived, where the same KPI is used again if there is one. A store
    without a promise keeps its own first KPI, and has none where there is none.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the quote.

    Returns:
        (the scenario, the KPI's id; "" without one).
    """
    if option.claimed is None or option.claimed <= 0:
        return scenario, clause_prices.first_kpi(scenario, option)
    first, last = promised_months(scenario, option)
    promised = {
        "metric": "gmv",
        "target": option.claimed,
        "relative": True,
        "window": "average",
        "comparator": "at_least",
    }
    told = promised | {"month_from": first, "month_to": last}
    plain = scenario.plain()["kpis"]
    paid_by = {kpi for _, kpi in option.kpis_named()}

    def alike(one: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
        return all(one.get(name) == value for name, value in asked.items())

    own = [one["id"] for one in plain if one["id"] in paid_by and alike(one, promised)]
    same = next(iter([*own, *(one["id"] for one in plain if alike(one, told))]), None)
    if same is not None:
        return scenario, same
    if len(plain) >= MOST_KPIS:
        return scenario, clause_prices.first_kpi(scenario, option)
    name = fresh_id("promise", [one["id"] for one in plain])
    return scenario.replace({"kpis": [*plain, told | {"id": name}]}), name


def needed_for(scenario: Scenario, told: Scenario, made: Option) -> Scenario:
    """Return the scenario with the KPIs of another one that a contract names and it lacks.

    Args:
        scenario: the scenario that gets them.
        told: the scenario that has them.
        made: the contract.
    """
    named, had = {name for _, name in made.kpis_named()}, {kpi.id for kpi in scenario.kpis}
    more = [kpi.model_dump(mode="json") for kpi in told.kpis if kpi.id in named - had]
    return scenario.replace({"kpis": [*scenario.plain()["kpis"], *more]}) if more else scenario


def lowered(option: Option, key: str, left: float, *, typed: bool = False) -> Move:
    """Return the move that leaves a share of one part of the fee, rounded down to figures that one
    would say; a base or a setup fee of which the level was typed or shown stays at that level.

    Args:
        option: the terms of the quote.
        key: the part of the fee.
        left: the share that is left [fraction].
        typed: whether the level is one that somebody reads in a box.

    Examples:
        >>> lowered(Option(id="a", base=8437.0), "base", 8111.0 / 8437.0, typed=True).fields
        {'base': 8111.0}
        >>> (
        ...     lowered(Option(id="a", base=8437.0), "base", 1.0).fields,
        ...     lowered(Option(id="a", base=8437.0), "base", 0.5).fields,
        ... )
        ({'base': 8400.0}, {'base': 4200.0})
    """

    def level(value: float) -> float:
        return float(f"{value * left:.9g}") if typed else spoken(value * left)

    match key:
        case "base":
            fields: dict[str, Any] = {"base": level(option.base)}
            if option.trial_base is not None:
                fields["trial_base"] = spoken(option.trial_base * left)
            if option.floor is not None and option.floor > fields["base"]:
                fields["floor"] = fields[
                    "base"
                ]  # a minimum fee above the new base would undo the reduction
        case "share":
            fields = {
                "share_tiers": [
                    tier.but(rate=spoken(tier.rate * left)).model_dump(mode="json")
                    for tier in option.share_tiers
                ]
            }
        case "instalments":
            fields = {
                "instalments": [
                    one.but(amount=spoken(one.amount * left)).model_dump(mode="json")
                    for one in option.instalments
                ]
            }
        case "bonus":
            kept = [
                one.but(amount=spoken(one.amount * left)) if one.kind == "bonus" else one
                for one in option.rewards
                if left > 0 or one.kind != "bonus"
            ]
            fields = {"rewards": [one.model_dump(mode="json") for one in kept]}
        case _:
            name = {"setup": "setup", "spend": "spend_rate", "orders": "order_fee"}[key]
            now = getattr(option, name)
            fields = {name: level(now) if key == "setup" else spoken(now * left)}
    return Move(key, fields, left)


def moves(scenario: Scenario, option: Option, kpi: str, fee_a_month: float) -> list[Move]:
    """Return what may be asked for of a quote, in order: each part of the fee at nothing, what
    could be paid by results, and every clause.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the quote.
        kpi: the id of the KPI that pay by results can go by; "" without one.
        fee_a_month: the fee of a month in which the promise holds, at which a maximum is set
            [currency of the contract].

    Returns:
        The moves, none of them made.
    """
    out = [lowered(option, key, 0.0) for key, there in _fees(option).items() if there]
    out += _by_results(option, kpi)
    found: dict[str, Mapping[str, Any]] = {
        key: _different(option, other)
        for key, other in clause_prices.protection(scenario, option).items()
    }
    found |= _stop_from(scenario, option, there=option.stop_loss or "stop_loss" in found)
    if varies(option) and option.cap is None and fee_a_month > 0:
        found["cap"] = {"cap": cap_level(scenario, option, fee_a_month)}
    if option.floor is not None:
        found["floor"] = {"floor": None}
    if option.extras:
        found["extras"] = {"extras": []}
    leaves = (
        option.patience is not None
    )  # exit costs and notice matter only where the client would leave early
    if leaves and (option.exit_fixed or option.exit_months or option.exit_share):
        found["exit"] = {"exit_fixed": 0.0, "exit_months": 0.0, "exit_share": 0.0}
    row = usual_notice(scenario.as_of)
    usual = math.ceil(
        provenance.typical_or_middle(row.low, row.typical, row.high) / _DAYS_A_MONTH - _ROUNDING
    )
    if option.notice > usual and (leaves or (option.decided_by and option.renewal != "ends")):
        found["notice"] = {"notice": usual}
    # without a KPI that decides, the contract is renewed in any case
    if option.renewal == "automatic" and option.decided_by:
        found["renewal"] = {"renewal": "ends"}
    if option.ad_budget > 1.0:
        found["ad_budget"] = {"ad_budget": 1.0}
    return out + [Move(key, found[key]) for key in CLAUSES if key in found]


def _stop_from(scenario: Scenario, option: Option, *, there: bool) -> dict[str, Mapping[str, Any]]:
    """Return that a stop-loss (`there` or asked for with it) counts only from the first month with
    all of the promise; nothing where it does already, or where that month is never looked at.
    """
    full, last = full_month(option), promised_months(scenario, option)[1]
    fits = there and bool(option.claimed) and option.stop_from < full <= last
    return {"stop_from": {"stop_from": full}} if fits else {}


def _fees(option: Option) -> dict[str, bool]:
    return {
        "base": option.base > 0,
        "setup": option.setup > 0,
        "share": any(tier.rate > 0 for tier in option.share_tiers),
        "spend": option.spend_rate > 0,
        "orders": option.order_fee > 0,
        "instalments": any(one.amount > 0 for one in option.instalments),
        "bonus": any(one.kind == "bonus" and one.amount > 0 for one in option.rewards),
    }


def _by_results(option: Option, kpi: str) -> list[Move]:
    """Return what is paid anyway and could be paid when the KPI is met: a part of the base in each
    month that meets it, the setup and dated instalments once.
    """
    if not kpi:
        return []
    out = []
    rewards = [one.model_dump(mode="json") for one in option.rewards]
    for key, part in zip(RESULTS, offer_settings()["by_results"], strict=False):
        bonus = spoken(option.base * part)
        if bonus > 0 and len(rewards) < MOST_ROWS:
            row = {
                "kpi": kpi,
                "kind": "bonus",
                "form": "fixed",
                "amount": bonus,
                "each": "month",
                "bound": "from",
            }
            fields: dict[str, Any] = {
                "base": max(option.base - bonus, 0.0) if part < 1 else 0.0,
                "rewards": [*rewards, row],
            }
            if option.trial_base is not None:
                fields["trial_base"] = min(option.trial_base, fields["base"])
            if option.floor is not None:
                fields["floor"] = None
            out.append(Move(key, fields))
    due = [one.model_dump(mode="json") for one in option.instalments]
    if option.setup > 0 and len(due) < MOST_ROWS:
        out.append(
            Move(
                "setup_by_results",
                {
                    "setup": 0.0,
                    "instalments": [*due, {"amount": option.setup, "month": None, "kpi": kpi}],
                },
            )
        )
    if any(one["month"] is not None for one in due):
        out.append(
            Move(
                "instalments_by_results",
                {
                    "instalments": [
                        one | ({"month": None, "kpi": kpi} if one["month"] is not None else {})
                        for one in due
                    ]
                },
            )
        )
    return out


def _different(option: Option, other: Option) -> dict[str, Any]:
    mine, theirs = option.model_dump(mode="json"), other.model_dump(mode="json")
    return {name: value for name, value in theirs.items() if value != mine[name]}


_SHARED = ("miss_share", "decided_by")


def can_be_combined(one: Move, other: Move) -> bool:
    """Return whether two moves can be made together: they do not set the same field, unless both
    set it to the same value and neither has a level.

    Args:
        one: a move.
        other: the other one.
    """
    both = (one.fields.keys() & other.fields.keys()) - set(_SHARED)
    if {one.key, other.key} == {"share", "baseline"}:
        both -= {"share_tiers"}  # lower rates, and their threshold dropped: `applied` does both
    return all(
        one.left is None and other.left is None and one.fields[name] == other.fields[name]
        for name in both
    )


def displaced(taken: Move, chosen: Iterable[Move]) -> list[Move]:
    """Return those of some moves that one more takes the place of: they cannot be made with it.

    Args:
        taken: the move that is chosen last.
        chosen: the moves that were chosen before.

    Returns:
        The moves that go, in the order in which they were chosen.

    Examples:
        >>> off, by_results = (
        ...     Move("base", {"base": 0.0}, 0.0),
        ...     Move("by_results_all", {"base": 0.0}),
        ... )
        >>> [one.key for one in displaced(by_results, [off, Move("extras", {"extras": []})])]
        ['base']
    """
    return [one for one in chosen if one.key != taken.key and not can_be_combined(taken, one)]


def applied(option: Option, chosen: Iterable[Move]) -> Option:
    """Return a quote with some changes made.

    Args:
        option: the terms of the quote.
        chosen: the moves.

    Raises:
        ValueError: if two of them set the same field to different values.
    """
    every = sorted(chosen, key=lambda move: KEYS.index(move.key))
    if not all(can_be_combined(one, other) for one, other in combinations(every, 2)):
        raise ValueError("changes to the same field")
    fields: dict[str, Any] = {}
    for move in every:
        fields |= move.fields
    lower = next((move for move in every if move.key == "share"), None)
    if lower is not None and any(move.key == "baseline" for move in every):
        fields["share_tiers"] = clause_prices.past_threshold(option.but(**lower.fields))
    return option.but(**fields)
