"""What to offer instead: the smallest set of changes to a quote with which its verdict becomes
"sign", and what each change is worth alone.

Everything stands on the draws of the verdict. Read `moves` (what may be asked for), then
`counter_offer`. Why so: docs/decisions/0047.
"""

import datetime as dt
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, Literal, TypedDict, cast

import numpy as np

from funnel_sim.chance.estimates import Estimate
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.quote import clause_prices
from funnel_sim.decisions.quote.answer import QuoteVerdict, miss_of, quote_verdict
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import Outcome, outcomes
from funnel_sim.decisions.quote.no_mean import mean_or_median
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.decisions.quote.summary import Summary, summary
from funnel_sim.decisions.quote.turning import Turning
from funnel_sim.model.arrays import Array
from funnel_sim.reference import provenance
from funnel_sim.reference.contract_items import usual_notice
from funnel_sim.scenario.kpi_templates import fresh_id
from funnel_sim.scenario.kpis import MOST_KPIS
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quote_rows import MOST_ROWS
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.stored import read_data

MoveKind = Literal["fee", "results", "clause"]
Reach = Literal["already", "sign", "below_cost", "none"]
FEES: tuple[str, ...] = ("base", "setup", "share", "spend", "orders", "instalments")
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
_HALF_A_STEP = 5.0
_ROUNDING = 1e-9
_HALVINGS = 10
_FEW = 2048
"""Paths by which the level of a maximum is set."""


class OfferSettings(TypedDict):
    """The table of data/counter_offer.toml, each entry explained there."""

    as_of: dt.date
    by_results: list[float]
    most_changes: int
    checked: int
    thinned: int
    steps: list[float]
    first_level: float


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


@dataclass(frozen=True)
class ContractChange:
    """A move made alone: what it leaves the client and the agency over the quote, money of the
    sales currency over the plan, and the fees that the agency loses by it (`cost`, the mean; the
    median where there is none).

    `helps`: it brings the quote nearer to "sign" and leaves the client more; what does not is never
    proposed. `signs`: it is enough alone (a part of the fee: where all of it goes). `first`: what a
    part of the fee leaves the client where it comes down to the level that is asked for first; None
    for every other change.
    """

    move: Move
    client: Estimate
    agency: Estimate
    cost: float
    helps: bool
    signs: bool
    first: Estimate | None = None


@dataclass(frozen=True)
class Offer:
    """A set of changes with what the quote then is, evaluated anew on all draws.

    `option` the contract with them, `found` what it comes to, `verdict` its verdict, `short` the
    sum that is missing until it is signed, over the plan (below zero what is to spare), `cost` the
    fees that the agency loses, `covers` whether the fees still pay for what serving costs a lean
    agency (or the quote itself did not).
    """

    moves: tuple[Move, ...]
    option: Option
    found: Summary
    verdict: QuoteVerdict
    short: float
    cost: float
    covers: bool


@dataclass(frozen=True)
class CounterOffer:
    """What to offer instead of a quote.

    `reach`: the quote is "already" signed as it is; a set makes it "sign"; one does, yet leaves the
    agency less than serving costs even a lean one ("below_cost"); or "none" does. `ways` sets that
    make it "sign" from which nothing can be left out, the one to propose first: the fewest changes,
    of these the one that costs the agency least; then, where they differ, one without a lower fee
    and one by results. `nearest` where none does: the set that comes nearest, which is not to be
    signed either. `changes` every move alone; `scenario` the one in which all of it was evaluated,
    with the KPI that a move needs where the store has none (`kpi`, else empty).
    """

    scenario: Scenario
    option: Option
    as_is: Offer
    reach: Reach
    ways: tuple[Offer, ...]
    nearest: Offer | None
    changes: tuple[ContractChange, ...]
    kpi: str = ""

    def move(self, key: str) -> Move | None:
        """Return a move as it stands alone, or as the first way has it; None where there is
        none.
        """
        proposed = [one for way in self.ways[:1] for one in way.moves]
        return next(
            (one for one in [*proposed, *(each.move for each in self.changes)] if one.key == key),
            None,
        )


# ---- what may be asked for
# ------------------------------------------------------------------------------------


def with_promise(scenario: Scenario, option: Option) -> tuple[Scenario, str]:
    """Return the scenario in which an option's pay can depend on what it promises.

    The KPI is the month's sales against a usual month, by the uplift that was promised, in the
    months from when all of it should have arrived. A KPI that is the same is used again; a store
    without a promise keeps its own first KPI, and has none where there is none.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the quote.

    Returns:
        (the scenario, the KPI's id; "" without one).
    """
    months = min(option.term, scenario.plan.horizon_months)
    first = min(1 + option.delay + math.ceil(point_value(option.ramp)), months)
    if option.claimed is None or option.claimed <= 0:
        return scenario, clause_prices.first_kpi(scenario, option)
    told = {
        "metric": "gmv",
        "target": option.claimed,
        "relative": True,
        "window": "average",
        "month_from": first,
        "month_to": months,
    }
    plain = scenario.plain()["kpis"]
    same = next(
        (
            one["id"]
            for one in plain
            if all(one.get(name) == value for name, value in told.items())
            and one["comparator"] == "at_least"
        ),
        None,
    )
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


def lowered(option: Option, key: str, left: float) -> Move:
    """Return the move that leaves a share of one part of the fee, rounded down to figures that one
    would say.

    Args:
        option: the terms of the quote.
        key: the part of the fee.
        left: the share that is left [fraction].

    Examples:
        >>> (
        ...     lowered(Option(id="a", base=8437.0), "base", 1.0).fields,
        ...     lowered(Option(id="a", base=8437.0), "base", 0.5).fields,
        ... )
        ({'base': 8400.0}, {'base': 4200.0})
    """
    match key:
        case "base":
            fields: dict[str, Any] = {"base": _said(option.base * left)}
            if option.trial_base is not None:
                fields["trial_base"] = _said(option.trial_base * left)
            if option.floor is not None and option.floor > fields["base"]:
                fields["floor"] = fields[
                    "base"
                ]  # a minimum fee above the new base would undo the reduction
        case "share":
            fields = {
                "share_tiers": [
                    tier.but(rate=_said(tier.rate * left)).model_dump(mode="json")
                    for tier in option.share_tiers
                ]
            }
        case "instalments":
            fields = {
                "instalments": [
                    one.but(amount=_said(one.amount * left)).model_dump(mode="json")
                    for one in option.instalments
                ]
            }
        case _:
            name = {"setup": "setup", "spend": "spend_rate", "orders": "order_fee"}[key]
            fields = {name: _said(getattr(option, name) * left)}
    return Move(key, fields, left)


def _said(value: float) -> float:
    """Return an amount rounded down to a figure that one would say: two digits, or half a step of
    the second.
    """
    if value <= 0:
        return 0.0
    step = _HALF_A_STEP * 10.0 ** (math.floor(math.log10(value)) - 2)
    return float(f"{math.floor(value / step + _ROUNDING) * step:.6g}")


def moves(scenario: Scenario, option: Option, kpi: str, fee_a_month: float) -> list[Move]:
    """Return what may be asked for of a quote, in order: each part of the fee at nothing, what
    could be paid by results, and every clause.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the quote.
        kpi: the id of the KPI that pay by results can go by; "" without one.
        fee_a_month: the mean fee of a running month [currency of the contract], at which a maximum
            is set.

    Returns:
        The moves, none of them made.
    """
    out = [lowered(option, key, 0.0) for key, there in _fees(option).items() if there]
    out += _by_results(option, kpi)
    found: dict[str, Mapping[str, Any]] = {
        key: _different(option, other)
        for key, other in clause_prices.protection(scenario, option).items()
    }
    if _varies(option) and option.cap is None and fee_a_month > 0:
        due = option.base + clause_prices.named_bonuses(
            scenario, option
        )  # never less than is named
        found["cap"] = {"cap": max(_said(fee_a_month), option.floor or 0.0, due)}
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


def _fees(option: Option) -> dict[str, bool]:
    return {
        "base": option.base > 0,
        "setup": option.setup > 0,
        "share": any(tier.rate > 0 for tier in option.share_tiers),
        "spend": option.spend_rate > 0,
        "orders": option.order_fee > 0,
        "instalments": any(one.amount > 0 for one in option.instalments),
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
        bonus = _said(option.base * part)
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
    return option.but(**fields)


# ---- what it comes to
# -----------------------------------------------------------------------------------------


_NOWHERE = Turning(None, None)


class _Desk:
    """One quote and whatever is evaluated of it, in the same futures as its verdict; `others` forms
    of it that are evaluated with it at once.
    """

    def __init__(
        self,
        scenario: Scenario,
        option: Option,
        paths: int,
        store: Context,
        others: Sequence[Option] = (),
    ):
        self.scenario, self.option, self.paths, self.store = scenario, option, paths, store
        self.now, *self.others = self.run([option, *others])
        _, self.band = miss_of(scenario, self.now, _NOWHERE)

    def run(self, options: Sequence[Option]) -> list[Outcome]:
        return outcomes(
            self.scenario, [Case(one) for one in options], paths=self.paths, store=self.store
        )

    def signed(self, found: Outcome) -> bool:
        """Say whether a form of the quote is worth signing."""
        enough = float((found.gain > 0).mean()) >= self.scenario.comparison.sign_odds
        return mean_or_median(found.gain, found.no_mean.gain) > 0 and enough

    def lost(self, found: Outcome) -> float:
        """Return the fees that the agency loses, and the rebate that it keeps no more."""
        return _income(self.now) - _income(found)

    def short(self, found: Outcome) -> float:
        """Return the sum, paid once, with which a contract would just be signed: the mean (median
        where there is none) and the probability that is asked for.
        """
        gain, need = found.gain, self.scenario.comparison.sign_odds
        place = min(gain.size, math.ceil(need * gain.size)) - 1
        return max(
            -mean_or_median(gain, found.no_mean.gain), float(np.partition(-gain, place)[place])
        )

    def offer(self, chosen: Sequence[Move], found: Outcome) -> Offer:
        told = summary(found, course=False)
        miss, band = miss_of(self.scenario, found, _NOWHERE)
        covers = band.now >= min(band.low, self.band.now) - _ROUNDING
        if (
            self.band.now < self.band.low
            # not signed even at the fee that was asked: it may then come down to the fee at which
            # the verdict speaks of a doubt
        ):
            covers = self.band.now < self.band.doubtful_to
        return Offer(
            tuple(chosen),
            found.case.option,
            told,
            quote_verdict(self.scenario, told, miss),
            self.short(found),
            self.lost(found),
            covers,
        )

    def offers(self, sets: Sequence[Sequence[Move]]) -> list[Offer]:
        if not sets:
            return []
        found = self.run([applied(self.option, one) for one in sets])
        return [self.offer(one, each) for one, each in zip(sets, found, strict=True)]


def _income(found: Outcome) -> float:
    return mean_or_median(found.income, found.no_mean.fee)


def priced(
    scenario: Scenario, option: Option, paths: int = LIVE, store: Context | None = None
) -> tuple[Scenario, str, Offer, list[ContractChange]]:
    """Return every change to a quote made alone, worked out on the draws of its verdict.

    Args:
        scenario: the store with the quote's KPIs.
        option: the terms of the quote.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.

    Returns:
        (the scenario with the KPI that pay by results needs, that KPI's id, the quote as it is, the
        changes).
    """
    desk, name, changes, _ = _alone(scenario, option, paths, store)
    return desk.scenario, name, desk.offer((), desk.now), changes


def negotiable(
    scenario: Scenario, option: Option, paths: int = LIVE, store: Context | None = None
) -> tuple[Scenario, str, Context, list[Move]]:
    """Return every change that can be made to a quote, with what they are evaluated in.

    Args:
        scenario: the store with the quote's KPIs.
        option: the terms of the quote.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.

    Returns:
        (the scenario with the KPI that pay by results needs, that KPI's id, the context of the
        store alone, the changes).
    """
    told, kpi = with_promise(scenario, option)
    at = store if store is not None and told is scenario else Context(without_operator(told))
    return told, kpi, at, moves(told, option, kpi, _fee_a_month(told, option, min(paths, _FEW), at))


def _alone(
    scenario: Scenario, option: Option, paths: int, store: Context | None
) -> tuple[_Desk, str, list[ContractChange], list[Outcome]]:
    told, kpi, at, asked = negotiable(scenario, option, paths, store)
    level = offer_settings()["first_level"]
    cuts = [move.key for move in asked if move.left is not None]
    forms = [applied(option, [move]) for move in asked]
    forms += [applied(option, [lowered(option, key, level)]) for key in cuts]
    desk = _Desk(told, option, paths, at, forms)
    found = desk.others[: len(asked)]
    first = {
        key: clause_prices.variant_worth(one, desk.now)[0]
        for key, one in zip(cuts, desk.others[len(asked) :], strict=True)
    }
    changes, now = [], desk.short(desk.now)
    for move, one in zip(asked, found, strict=True):
        client, agency = clause_prices.variant_worth(one, desk.now)
        helps = client.centre.value > _ROUNDING and desk.short(one) < now - _ROUNDING
        changes.append(
            ContractChange(
                move,
                client,
                agency,
                desk.lost(one),
                helps,
                desk.signed(one),
                first.get(move.key),
            )
        )
    return desk, kpi, changes, found


def _fee_a_month(scenario: Scenario, option: Option, paths: int, store: Context) -> float:
    """Return what is paid in a running month, in the contract's currency; nothing where no maximum
    could be set by it.
    """
    if option.cap is not None or not _varies(option):
        return 0.0
    [found] = outcomes(scenario, [Case(option)], paths=paths, store=store)
    in_contract = point_value(scenario.fx_rate) if option.fee_currency == "cost" else 1.0
    return max(miss_of(scenario, found, _NOWHERE)[1].now, 0.0) * in_contract


def _varies(option: Option) -> bool:
    """Say whether a fee grows with sales, ads or KPIs."""
    return bool(
        option.share_tiers
        or option.spend_rate
        or option.order_fee
        or any(one.kind == "bonus" for one in option.rewards)
    )


def worth_of_move(
    scenario: Scenario,
    option: Option,
    move: Move,
    paths: int = LIVE,
    store: Context | None = None,
) -> Estimate:
    """Return what one change alone leaves the client over the quote as it is.

    Args:
        scenario: the scenario that the move was made for.
        option: the terms of the quote.
        move: the change.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.

    Returns:
        Money over the plan [sales currency].
    """
    at = Context(without_operator(scenario)) if store is None else store
    desk = _Desk(scenario, option, paths, at, [applied(option, [move])])
    return clause_prices.variant_worth(desk.others[0], desk.now)[0]


def evaluated(
    scenario: Scenario,
    option: Option,
    chosen: Sequence[Move],
    paths: int = LIVE,
    store: Context | None = None,
) -> tuple[Offer, Offer]:
    """Return a quote as it is and with some changes, each with its verdict.

    Args:
        scenario: the scenario that the moves were made for.
        option: the terms of the quote.
        chosen: the moves.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.

    Returns:
        (as it is, with the changes).
    """
    desk = _Desk(
        scenario, option, paths, Context(without_operator(scenario)) if store is None else store
    )
    return desk.offer((), desk.now), (
        desk.offers([chosen])[0] if chosen else desk.offer((), desk.now)
    )


def beside_quote(
    scenario: Scenario,
    option: Option,
    made: Option,
    paths: int = LIVE,
    store: Context | None = None,
) -> Offer:
    """Return what another form of a quote comes to beside the quote itself; its `moves` are not
    told.

    Args:
        scenario: the store with the quote's KPIs.
        option: the terms of the quote.
        made: the other form.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.
    """
    at = Context(without_operator(scenario)) if store is None else store
    desk = _Desk(scenario, option, paths, at, [made])
    return desk.offer((), desk.others[0])


def counter_offer(
    scenario: Scenario, option: Option, paths: int = LIVE, store: Context | None = None
) -> CounterOffer:
    """Return the smallest set of changes with which a quote becomes "sign", of equal ones the one
    that costs the agency least.

    The search is bounded: sets are ranked by what their changes leave alone in each future, the
    best of each kind are simulated, and what is proposed is what was simulated. Two calls give the
    same.

    Args:
        scenario: the store with the quote's KPIs.
        option: the terms of the quote.
        paths: futures; those of the verdict, so that it is the same verdict.
        store: what is known of the store alone, where that is at hand.

    >>> from funnel_sim.scenario.presets import preset
    >>> quote = {"id": "quote", "base": 6000.0, "claimed": 0.2, "effect": 0.2}
    >>> store = preset("amazon-de-kitchen").replace({"options": [quote]})
    >>> found = counter_offer(store, store.options[0], paths=1024)
    >>> found.reach, [move.key for move in found.ways[0].moves]
    ('sign', ['base'])
    """
    desk, kpi, changes, found = _alone(scenario, option, paths, store)
    as_is = desk.offer((), desk.now)

    def told(
        reach: Reach, ways: Sequence[Offer] = (), nearest: Offer | None = None
    ) -> CounterOffer:
        return CounterOffer(
            desk.scenario, option, as_is, reach, tuple(ways), nearest, tuple(changes), kpi
        )

    if as_is.verdict == "sign":
        return told("already")
    useful = [(change, one) for change, one in zip(changes, found, strict=True) if change.helps]
    if not useful:
        return told("none")
    fails = frozenset(change.move.key for change in changes if not change.signs)
    ways = _ways(desk, useful, fails)
    if as_is.verdict == "renegotiate" and not (
        ways and ways[0].covers
    ):  # a fee by results may suit both sides where no lower fixed fee does
        forms = _all_together(desk, [pair for pair in useful if pair[0].move.kind != "fee"])
        suits = next((one for one in forms if one.verdict == "sign" and one.covers), None)
        ways = ways if suits is None else [_without_needless(desk, suits, fails)]
    if ways:
        return told("sign" if ways[0].covers else "below_cost", ways)
    steps = _all_together(desk, useful)
    signed = next((one for one in steps if one.verdict == "sign"), None)
    if signed is not None:
        kept = _without_needless(desk, signed, fails)
        return told("sign" if kept.covers else "below_cost", [kept])
    best = min(
        [*steps, *(desk.offer([change.move], one) for change, one in useful)],
        key=lambda offer: offer.short,
    )
    return told("none", nearest=best)


# ---- the search
# -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Tried:
    """A set by what its changes leave alone: whether the agency's cost would be covered, and the
    fees that it loses.
    """

    moves: tuple[Move, ...]
    covers: bool
    cost: float

    @property
    def order(self) -> tuple[bool, int, float]:
        return not self.covers, len(self.moves), self.cost


class _Alone:
    """What each useful change leaves alone in some or all of the futures: sets are ranked, and fees
    are set, by it without simulating them.
    """

    def __init__(
        self, desk: _Desk, useful: Sequence[tuple[ContractChange, Outcome]], part: int = 1
    ):
        self.desk, self.sets = desk, max(desk.now.plan.replicates // part, 1)
        self.now = self._of(desk.now)
        self.gains = {change.move.key: self._of(one) - self.now for change, one in useful}
        self.costs = {change.move.key: change.cost for change, _ in useful}
        self.fees = float((desk.now.income - desk.now.rebate).mean())
        self.lasts = float(desk.now.last.mean())
        self.shorter = {
            change.move.key: self.lasts - float(one.last.mean()) for change, one in useful
        }
        self.need = desk.scenario.comparison.sign_odds

    def _of(self, found: Outcome) -> Array:
        return found.gain[
            : found.gain.size * self.sets // found.plan.replicates
        ]  # whole replicates only, because each of them samples the whole distribution evenly

    def signed(self, gain: Array) -> bool:
        return (
            mean_or_median(gain, self.desk.now.no_mean.gain) > 0
            and float((gain > 0).mean()) >= self.need
        )

    def part(self, gain: Array, by: Array) -> float | None:
        """Return which part of a change is enough on top of a gain, 0 to 1; None where not all of
        it is.
        """
        if not self.signed(gain + by):
            return None
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            half = (low + high) / 2
            low, high = (low, half) if self.signed(gain + half * by) else (half, high)
        return high

    def tried(self, clauses: Sequence[Move], fees: Sequence[Move]) -> _Tried | None:
        """Return the set of some clauses and some parts of the fee, these lowered by one and the
        same share until it is signed; None where it is not, or is without the fees.
        """
        gain = self.now + sum((self.gains[move.key] for move in clauses), np.zeros_like(self.now))
        cost = sum(self.costs[move.key] for move in clauses)
        chosen = list(clauses)
        if fees:
            if self.signed(gain):
                return None
            part = self.part(
                gain, sum((self.gains[move.key] for move in fees), np.zeros_like(self.now))
            )
            if part is None:
                return None
            chosen += [lowered(self.desk.option, move.key, 1.0 - part) for move in fees]
            cost += part * sum(self.costs[move.key] for move in fees)
        elif not self.signed(gain):
            return None
        months = max(self.lasts - sum(self.shorter[move.key] for move in clauses), 1.0)
        covers = (self.fees - cost) / months >= min(self.desk.band.low, self.desk.band.now)
        return _Tried(tuple(chosen), covers, cost)


def _ranked(known: _Alone, useful: Sequence[tuple[ContractChange, Outcome]]) -> list[_Tried]:
    """Return every set of few changes that should be signed, the one to propose first: nothing is
    added to a set that is one already.
    """
    fees = [change.move for change, _ in useful if change.move.kind == "fee"]
    others = [change.move for change, _ in useful if change.move.kind != "fee"]
    most = offer_settings()["most_changes"]
    out: list[_Tried] = []
    enough: list[set[str]] = []
    for size in range(1, most + 1):
        for lower in range(size + 1):
            for group in combinations(fees, lower):
                for clauses in combinations(others, size - lower):
                    every = (*group, *clauses)
                    if any(one <= {move.key for move in every} for one in enough):
                        continue
                    if not all(
                        can_be_combined(one, other) for one, other in combinations(every, 2)
                    ):
                        continue
                    found = known.tried(clauses, group)
                    if found is not None:
                        out.append(found)
        enough = [{move.key for move in one.moves} for one in out]
    return sorted(out, key=lambda one: one.order)


def _ways(
    desk: _Desk, useful: Sequence[tuple[ContractChange, Outcome]], fails: frozenset[str]
) -> list[Offer]:
    """Return the sets to propose: the smallest and cheapest, then one that leaves the level of the
    fee, and one by results, where they differ.
    """
    rules = offer_settings()
    tried = _ranked(_Alone(desk, useful, rules["thinned"]), useful)
    whole = _Alone(desk, useful)
    own = {change.move.key: change.move for change, _ in useful}
    picked: list[tuple[Move, ...]] = []
    for turn, fits in enumerate((_only_fees, *_KINDS)):
        new = [
            one.moves
            for one in tried
            if fits(one.moves) and one.moves not in picked and (one.covers or turn <= 1)
        ]
        picked += new[: rules["checked"]]
    exact: list[tuple[Move, ...]] = []
    for chosen in picked:
        clauses = [move for move in chosen if move.left is None]
        found = whole.tried(clauses, [own[move.key] for move in chosen if move.left is not None])
        exact.append(chosen if found is None else found.moves)
    offers = _simulated(desk, exact)
    best = [
        min((one for one in offers if fits(one.moves)), key=_order, default=None) for fits in _KINDS
    ]
    made: list[Offer] = []
    for way in best:
        if (
            way is None
            or (made and not way.covers)
            or any(
                {move.key for move in one.moves} <= {move.key for move in way.moves} for one in made
            )
        ):
            continue
        kept = _without_needless(desk, way, fails)
        if kept.moves not in [one.moves for one in made]:
            made.append(kept)
    return made


_KINDS: tuple[Callable[[tuple[Move, ...]], bool], ...] = (
    lambda chosen: True,
    lambda chosen: all(move.kind != "fee" for move in chosen),
    lambda chosen: any(move.kind == "results" for move in chosen),
)
"""The ways to propose: the first of all, one that leaves the level of the fee, one by results."""


def _only_fees(chosen: tuple[Move, ...]) -> bool:
    """Say whether nothing but the level of the fee changes: what these leave alone adds up."""
    return all(move.kind == "fee" for move in chosen)


def _simulated(desk: _Desk, picked: Sequence[Sequence[Move]]) -> list[Offer]:
    """Return those of some sets that make the quote "sign" when they are simulated; where none
    does, the first with a fee comes down further, step by step.
    """
    found = desk.offers(picked)
    fine = [one for one in found if one.verdict == "sign"]
    if fine:
        return fine
    levels = [one.moves for one in found if any(move.left is not None for move in one.moves)]
    again = [
        [
            lowered(desk.option, move.key, move.left * step) if move.left is not None else move
            for move in levels[0]
        ]
        for step in offer_settings()["steps"]
        if levels
    ]
    return [one for one in desk.offers(again) if one.verdict == "sign"][:1]


def _all_together(desk: _Desk, useful: Sequence[tuple[ContractChange, Outcome]]) -> list[Offer]:
    """Return the changes made one after the other, what is worth most to the client first, until
    nothing can be added: each with what it then is.
    """
    every: list[Move] = []
    for change, _ in sorted(useful, key=lambda pair: -pair[0].client.centre.value):
        if all(can_be_combined(change.move, move) for move in every):
            every.append(change.move)
    return desk.offers([every[: count + 1] for count in range(len(every))])


def _order(offer: Offer) -> tuple[bool, int, float]:
    return not offer.covers, len(offer.moves), offer.cost


def _without_needless(desk: _Desk, offer: Offer, fails: frozenset[str] = frozenset()) -> Offer:
    """Return a set without the changes that it does not need: of what can be left out, what costs
    the agency most goes first; `fails` changes that are known not to be enough alone.
    """
    while len(offer.moves) > 1:
        fewer = [[move for move in offer.moves if move is not left] for left in offer.moves]
        open_ = [one for one in fewer if len(one) > 1 or one[0].key not in fails]
        enough = [one for one in desk.offers(open_) if one.verdict == "sign"]
        if not enough:
            return offer
        offer = min(enough, key=_order)
    return offer
