"""Is this contract safe to sign?

Every item of data/contract_items.toml, judged from contract and simulation or asked, with what it
costs on the same draws.

Read `check_contract` from top to bottom: `_Case` holds what the judges look at (contract, KPIs, one
simulation of all variants), each judge says good, bad or open with its figures, answers decide the
rest, and the grade follows from the weights.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from funnel_sim.chance.estimates import Figure, quantiles
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.kpi.definitions import definitions
from funnel_sim.decisions.kpi.review import Remark, remarks
from funnel_sim.decisions.kpi.stop_loss import StopLoss, stop_loss
from funnel_sim.decisions.quote import clause_prices
from funnel_sim.decisions.quote.contract import OUTSIDE, RUNNING, STOPPED, TRIAL, Flows, shared
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import Outcome, outcomes
from funnel_sim.decisions.quote.no_mean import middle
from funnel_sim.decisions.quote.store_alone import alone, baseline
from funnel_sim.errors import InputError, refuse
from funnel_sim.model.bases import SALES, SPEND
from funnel_sim.model.economics import evaluate
from funnel_sim.reference import parameters
from funnel_sim.reference.contract_items import (
    SEVERE,
    Grade,
    Item,
    grades,
    items,
    standard,
    usual_notice,
    usual_prices,
    usual_term,
)
from funnel_sim.reference.parameters import AgencyPrice
from funnel_sim.reference.stop_loss import rules
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.fields import LONGEST_HORIZON
from funnel_sim.scenario.kpis import OPERATIONAL, STEADY_METRICS, Kpi
from funnel_sim.scenario.quantity import likely
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

State = Literal["bad", "open", "good"]
PATHS = LIVE
"""Paths of the contract check: those of the price of clauses, so that a clause has the same worth
in both.
"""
_FEW = 4096
"""Paths of the definitions of a KPI, of which only how far apart their medians lie is told."""
_YEAR = 12
_PERCENT = 0.01
_DAYS_A_MONTH = 365 / 12
_STATES: tuple[State, ...] = ("bad", "open", "good")


class Amount(NamedTuple):
    """A figure of a finding: `unit` "money" (sales currency), "fee" (contract currency), "rate",
    "odds", "months", "ratio" or "kpi:" and its metric; with its error where it was simulated.
    """

    value: float
    unit: str
    figure: Figure | None = None


@dataclass(frozen=True)
class Finding:
    """What was found of one item: `case` names its sentence ("" where nothing but the answer is
    known), `judged` whether contract or simulation say so; `points` what it counts.
    """

    item: Item
    state: State
    judged: bool
    points: float
    case: str = ""
    figures: Mapping[str, Amount] = field(default_factory=dict)
    kpis: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    prices: tuple[AgencyPrice, ...] = ()

    @property
    def answer(self) -> Literal["yes", "no", "unknown"]:
        """What was answered to the item's question."""
        if self.judged or self.state == "open":
            return "unknown"
        other: Literal["yes", "no"] = "no" if self.item.bad == "yes" else "yes"
        return self.item.bad or "unknown" if self.state == "bad" else other


@dataclass(frozen=True)
class ContractCheck:
    """Every item of one option's contract, the gravest first; `risk` the points found over all
    points; `clauses` figures that sentences to add are filled from; `stop` the stop-loss to ask
    for, None where no line is; `problem` why nothing could be simulated; `no_mean` the inputs that
    leave amounts without a mean, so that medians stand for them.
    """

    scenario: Scenario
    option: Option
    paths: int
    findings: tuple[Finding, ...]
    risk: float
    grade: Grade
    clauses: Mapping[str, Amount]
    decider: Kpi | None
    problem: InputError | None = None
    no_mean: tuple[str, ...] = ()
    stop: StopLoss | None = None

    def of(self, name: str) -> Finding:
        """Return the finding of one item."""
        return next(one for one in self.findings if one.item.id == name)

    def count(self, state: State, weight: int | None = None) -> int:
        """Return how many findings have a state, and a weight where one is named."""
        return sum(
            one.state == state and weight in (None, one.item.weight) for one in self.findings
        )


class _Said(NamedTuple):
    """What a judge says; without a state the answer to the question decides, and `unanswered` holds
    while there is none.
    """

    state: State | None
    case: str
    figures: Mapping[str, Amount] = {}
    kpis: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    prices: tuple[AgencyPrice, ...] = ()
    unanswered: State = "open"


# ---- what the judges look at
# ---------------------------------------------------------------------------------------


class _Case:
    """One contract and what it comes to: its variants in the same futures, its KPIs, and money by
    the year.
    """

    def __init__(self, scenario: Scenario, option: Option, paths: int):
        self.scenario, self.option, self.paths = scenario, option, paths
        self.months = scenario.plan.horizon_months
        able = [kpi for kpi in scenario.kpis if kpi.metric not in STEADY_METRICS]
        named = next((kpi for kpi in able if kpi.id == option.decided_by), None)
        self.decider = named or next(iter(able), None)
        self.problem: InputError | None = None
        try:
            self.found = self._outcomes()
        except InputError as error:
            self.problem, self.found = error, {}

    def _outcomes(self) -> dict[str, Outcome]:
        option = self.option
        cases = {"as_is": Case(option), "claimed": Case(option, "claimed")}
        cases["clawback"] = Case(option.but(clawback=True))
        cases["over"] = Case(option.but(share_over="baseline", baseline_season=True))
        if option.ads_through and not option.rebate_rate:
            cases["rebate"] = Case(option.but(rebate_rate=_PERCENT, rebate_to_client=0.0))
        # a clause is taken out or added as in clause_prices, so that it has one worth wherever it
        # is shown
        added = clause_prices.protection(self.scenario, option) if self.decider is not None else {}
        for clause in ("stop_loss", "trial"):
            if clause in added:
                cases |= {clause: Case(added[clause]), f"no_{clause}": Case(option)}
            elif self.decider is not None and clause_prices.has(option, clause):
                cases |= {
                    clause: Case(option),
                    f"no_{clause}": Case(clause_prices.without(option, clause)),
                }
        if "stop_loss" in cases:  # the clause by itself, on the store as it is
            with_it = cases["stop_loss"].option
            cases["unchanged"] = Case(
                with_it.but(trial_exit=False, patience=None, renewal="open"), "none"
            )
        return dict(
            zip(cases, outcomes(self.scenario, list(cases.values()), paths=self.paths), strict=True)
        )

    @cached_property
    def fx(self) -> float:
        """What one unit of the sales currency is in the contract's currency."""
        return likely(self.scenario.fx_rate) if self.option.fee_currency == "cost" else 1.0

    def year(self, value: float) -> float:
        """Return an amount of the plan as an amount a year."""
        return value * _YEAR / self.months

    def worth(self, better: str, worse: str) -> Figure | None:
        """Return what one variant leaves over another, over the plan, with its error; None where
        nothing was simulated, or where there is no mean.

        Of variants that last equally long the median stands for a mean that does not exist; one
        that ends the contract changes nothing in most futures, and there a median tells nothing.
        """
        if better not in self.found or worse not in self.found:
            return None
        one, two = self.found[better], self.found[worse]
        found = clause_prices.worth(one, two)[0]
        return None if found.heavy and (one.last != two.last).any() else found.centre

    def a_year(self, better: str, worse: str) -> dict[str, Amount]:
        """Return what a variant would save a year, as the figure "cost"; nothing where nothing was
        simulated.
        """
        found = self.worth(better, worse)
        if found is None:
            return {}
        scale = self.year(1.0)
        return {
            "cost": Amount(
                found.value * scale,
                "money",
                replace(found, value=found.value * scale, error=found.error * scale),
            )
        }

    def line(self, *names: str, until: int | None = None) -> float:
        """Return the mean of lines of the fee over the plan, or its first months, in the sales
        currency.
        """
        lines = self.found["as_is"].lines if self.found else {}
        return sum(float(lines[name][:until].sum()) for name in names if name in lines)

    @property
    def paid(self) -> float:
        """The mean of all that is paid over the plan (the median where there is no mean), in the
        sales currency.
        """
        return self.paid_if("as_is") if self.found else 0.0

    def paid_if(self, case: str) -> float:
        """Return the same of any variant."""
        return middle(self.found[case].paid, self.found[case].no_mean.fee)

    def monthly(self, case: str = "as_is") -> float:
        """Return the mean fee of a running month without setup, instalments and exit, in the sales
        currency.
        """
        if case not in self.found:
            return 0.0
        one = self.found[case]
        return sum(
            float(one.lines[name].sum())
            for name in (*RUNNING, "floor", "bonus", "cap")
            if name in one.lines
        ) / float(one.last.mean())

    @property
    def first_result(self) -> int:
        """The month at whose end a result can first be seen: the first KPI's last month, else when
        the effect has arrived.
        """
        ends = [kpi.months[1] for kpi in self.scenario.kpis]
        return (
            min(ends) if ends else max(1, self.option.delay + math.ceil(likely(self.option.ramp)))
        )

    @cached_property
    def at(self) -> Context:
        """What the scenario comes to without chance."""
        return Context(self.scenario)

    @cached_property
    def check(self) -> kpis.Check | None:
        """The odds of the KPIs; None without KPIs, or where they cannot be tested."""
        try:
            return kpis.check(self.at, self.paths) if self.scenario.kpis else None
        except InputError:
            return None

    @cached_property
    def stop(self) -> StopLoss | None:
        """The stop-loss to ask for, against today's level; None where no KPI has months or a usual
        month above zero, or where every line trips too often.
        """
        try:
            found = None if self.decider is None else stop_loss(self.at, self.decider)
        except InputError:
            return None
        return found if found is not None and found.offered else None

    @cached_property
    def remarks(self) -> list[Remark]:
        """What is vague in the KPIs."""
        return remarks(self.at)

    @property
    def variable(self) -> bool:
        """Whether the fee grows with sales, ads or KPIs."""
        option = self.option
        return bool(
            option.share_tiers
            or option.spend_rate
            or option.order_fee
            or any(one.kind == "bonus" for one in option.rewards)
        )


# ---- the judges: one a judged item, by its id
# ----------------------------------------------------------------------


def _needs_kpis(case: _Case) -> _Said | None:
    return None if case.scenario.kpis else _Said("open", "no_kpi")


def _vague_kpi(case: _Case) -> _Said:
    rates = {kpi.id for kpi in case.scenario.kpis if not kpis.is_added_up(kpi.metric)}
    told = [
        one
        for one in case.remarks
        if one.key in ("no_date", "no_source")
        or (one.key == "no_definition" and one.kpis[0] in rates)
    ]
    return _needs_kpis(case) or (
        _Said("bad", "bad", remarks=tuple(told)) if told else _Said("good", "good")
    )


def _definition(case: _Case) -> _Said:
    missing = [kpi for kpi in case.scenario.kpis if not kpi.says_definition]
    if not missing:
        return _needs_kpis(case) or _Said("good", "good")
    fewer = case.scenario.but(chance=case.scenario.chance.but(paths=min(case.paths, _FEW)))
    widest: tuple[float, dict[str, Amount], tuple[str, ...]] | None = None
    for kpi in (
        one for one in missing if one.metric in SALES | SPEND and one.metric not in OPERATIONAL
    ):
        try:
            ways = [one for one in definitions(fewer, kpi) if math.isfinite(one.median)]
        except InputError:
            continue
        if len(ways) < 2:
            continue
        low, high = (pick(ways, key=lambda one: one.median) for pick in (min, max))
        chances = sorted(one.odds.value for one in ways)
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
        return _Said("bad", "plain", kpis=tuple(kpi.id for kpi in missing))
    return _Said("bad", "bad", widest[1], widest[2])


def _baseline(case: _Case) -> _Said:
    scenario, option = case.scenario, case.option
    if option.share_tiers and option.share_over == "baseline" and option.baseline is None:
        return _Said("bad", "share", {"value": Amount(baseline(scenario, option), "money")})
    grown = [kpi for kpi in scenario.kpis if kpi.relative or kpis.is_added_up(kpi.metric)]
    without = next((kpi for kpi in grown if kpi.baseline is None), None)
    if without is None:
        return _needs_kpis(case) or _Said("good", "good" if grown else "none")
    now = kpis.baseline_of(scenario, without)
    if now is None:
        return _Said("bad", "unknown", kpis=(without.id,))
    return _Said(
        "bad",
        f"bad_{now.source}",
        {"value": Amount(now.value, f"kpi:{without.metric}")},
        (without.id,),
    )


def _one_kpi(case: _Case) -> _Said:
    told = tuple(
        one
        for one in case.remarks
        if one.key in ("one_only", "gmv_without_margin", "gmv_without_returns")
    )
    return _needs_kpis(case) or (
        _Said("bad", "bad", remarks=told) if told else _Said("good", "good")
    )


def season_of(scenario: Scenario, kpi: Kpi) -> float:
    """Return the mean season index of a KPI's months."""
    first, last = kpi.months
    return sum(
        scenario.plan.season[(scenario.plan.start_month - 2 + month) % _YEAR]
        for month in range(first, last + 1)
    ) / (last - first + 1)


def _kpi_season(case: _Case) -> _Said:
    if not case.scenario.kpis:
        return _Said("open", "no_kpi")
    grown = [
        kpi
        for kpi in case.scenario.kpis
        if kpis.is_added_up(kpi.metric)
        and kpi.metric not in OPERATIONAL
        and kpi.comparator == "at_least"
    ]
    if not grown:
        return _Said("good", "none")
    most = max(grown, key=lambda kpi: season_of(case.scenario, kpi))
    index = season_of(case.scenario, most)
    figures = {"season": Amount(index - 1.0, "rate")}
    if case.check is not None:
        found = next(one for one in case.check.answers if one.kpi.id == most.id).by_belief["none"]
        figures["alone"] = Amount(found.value, "odds", found)
    state: State = "bad" if index - 1.0 > standard("season") else "good"
    return _Said(state, state if "alone" in figures else "plain", figures, (most.id,))


def _low_odds(case: _Case) -> _Said:
    found = case.check
    if found is None:
        return _Said("open", "untested" if case.scenario.kpis else "no_kpi")
    state: State = "good" if found.joint.value >= case.scenario.verdicts.realistic else "bad"
    figures = {
        "odds": Amount(found.joint.value, "odds", found.joint),
        "wanted": Amount(case.scenario.verdicts.realistic, "rate"),
    }
    return _Said(state, state, figures, (found.hardest.kpi.id,))


def _costs(case: _Case, better: str) -> _Said:
    """Return that a clause is missing, with what it would save a year where that is known."""
    worth = case.a_year(better, "as_is")
    return _Said("bad", "bad" if worth else "plain", worth)


def _share_all(case: _Case) -> _Said:
    option = case.option
    if not option.share_tiers:
        return _Said("good", "none")
    pays_from = next((n for n, tier in enumerate(option.share_tiers) if tier.rate), None)
    if pays_from is None:
        return _Said("good", "none")
    if option.share_over == "all" and not pays_from:
        return _Said("bad", "bad" if case.found else "plain", case.a_year("over", "as_is"))
    usual = baseline(case.scenario, option.but(baseline=None))
    unearned = shared_alone(case.scenario, option, usual)
    figures = {
        "usual": Amount(usual, "money"),
        "baseline": Amount(baseline(case.scenario, option), "money"),
        "term": Amount(option.term, "months"),
    }
    over = option.share_over == "baseline"
    if unearned > standard("no_effect") * usual:
        return _Said(
            "bad",
            "low_baseline" if over else "bad_threshold",
            figures | {"cost": Amount(unearned, "money")},
        )
    return _Said("good", "good" if over else "good_threshold", figures)


def shared_alone(
    scenario: Scenario, option: Option, usual: float, months: int | None = None
) -> float:
    """Return the share over the term (or so many months) if every month is a usual one of the store
    alone, in the sales currency: what is paid without anything being added.

    >>> from funnel_sim.scenario.presets import preset
    >>> above = Option.model_validate(
    ...     {"id": "a", "term": 3, "share_tiers": [{"upto": 800.0, "rate": 0.0}, {"rate": 0.1}]}
    ... )
    >>> shared_alone(preset("amazon-de-kitchen"), above, 1000.0)
    60.0
    """
    flat = np.full((option.term if months is None else months, 1), usual)
    flows = Flows(
        flat, flat, flat, np.ones_like(flat), np.ones_like(flat), baseline(scenario, option), {}, {}
    )
    return float(shared(option, flows, np.ones(flat.shape, dtype=bool)).sum())


def _baseline_season(case: _Case) -> _Said:
    option = case.option
    if not option.share_tiers or option.share_over == "all":
        return _Said("good", "none")
    if option.baseline_season:
        return _Said("good", "good")
    worth = case.a_year("over", "as_is") if case.found else {}
    if worth and all(
        abs(one.value) < standard("no_effect") * max(1.0, case.year(case.paid))
        for one in worth.values()
    ):
        return _Said("good", "no_effect")
    return _Said("bad", "bad" if worth else "plain", worth)


def _clawback(case: _Case) -> _Said:
    option = case.option
    if not option.share_tiers:
        return _Said("good", "none")
    if option.clawback or option.share_basis in ("net_revenue", "cm3"):
        return _Said("good", "good")
    return _costs(case, "clawback")


def _cap(case: _Case) -> _Said:
    if not case.variable:
        return _Said("good", "none")
    if case.option.cap is not None or case.option.total_cap is not None:
        return _Said("good", "good")
    if not case.found:
        return _Said("bad", "plain")
    claimed = case.paid_if("claimed")
    high = float(quantiles(case.found["as_is"].paid, (0.9,))[0])
    if max(claimed, high) - case.paid < standard("no_effect") * max(1.0, case.paid):
        return _Said("good", "no_effect")
    return _Said(
        "bad",
        "bad",
        {
            name: Amount(case.year(v), "money")
            for name, v in (("expected", case.paid), ("high", high), ("claimed", claimed))
        },
    )


def _penalty(case: _Case) -> _Said:
    if not any(one.kind == "penalty" for one in case.option.rewards):
        return _Said("bad", "none")
    figures = {"taken": Amount(-case.line("penalty"), "money")}
    return (
        _Said("good", "good", figures)
        if case.option.penalty_limited
        else _Said("bad", "unlimited", figures)
    )


def _hidden_fees(case: _Case) -> _Said:
    if not (case.option.extras or case.option.passed_on):
        return _Said(None, "")
    if not case.found:
        return _Said("bad", "plain")
    amount = case.line("extras", "passed_on")
    share = amount / case.paid if case.paid > 0 else 0.0
    return _Said(
        "bad", "bad", {"cost": Amount(case.year(amount), "money"), "share": Amount(share, "rate")}
    )


def _rebate(case: _Case) -> _Said:
    option = case.option
    if option.rebate_rate:
        key, plain = (
            ("passed", "passed_plain") if option.rebate_to_client == 1 else ("kept", "kept_plain")
        )
        figures = {"rate": Amount(option.rebate_rate, "rate")}
        if not case.found:
            return _Said("good", plain, figures)
        kept = float(case.found["as_is"].rebate.mean())
        figures |= {
            "kept": Amount(case.year(kept), "money"),
            "passed": Amount(case.year(-case.line("rebate")), "money"),
        }
        return _Said("good", key, figures)
    if "rebate" in option.says_yes and "rebate" not in option.says_no:
        return _Said(None, "")
    figures = (
        {"cost": Amount(case.year(float(case.found["rebate"].rebate.mean())), "money")}
        if "rebate" in case.found
        else {}
    )
    return _Said(None, "undisclosed" if figures else "plain", figures, unanswered="bad")


def rate_between(one: str, other: str, scenario: Scenario) -> float:
    """Return what one unit of a currency is in another, at the exchange level of the data; raises
    InputError for one that it does not know.
    """
    if one == other:
        return 1.0
    first, second = (parameters.fx(code, scenario.as_of).cny_per_unit for code in (one, other))
    return first / second


def _fees_range(case: _Case) -> _Said:
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
                    own = (
                        scenario.cost_currency
                        if option.fee_currency == "cost"
                        else scenario.currency
                    )
                    factor = rate_between(row.unit.split(" ", maxsplit=1)[0], own, scenario)
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
        return _Said("open", "none")
    state: State = "bad" if over else "good"
    return _Said(state, state, figures, prices=tuple(used))


def _before_results(case: _Case) -> _Said:
    option, until = case.option, case.first_result
    if not case.found or not case.paid > 0:
        return _Said("open", "none")
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
        return _Said("bad", "bad", figures)
    return (
        _Said("bad", "late", figures)
        if share > standard("before_results")
        else _Said("good", "good", figures)
    )


def _fee_tax(case: _Case) -> _Said:
    if case.option.fee_tax > 0:
        return _Said(
            "good",
            "good",
            {
                "rate": Amount(case.option.fee_tax, "rate"),
                "cost": Amount(case.year(case.line("tax")), "money"),
            },
        )
    if not case.found:
        return _Said(None, "")
    return _Said(
        None, "percent", {"cost": Amount(case.year(case.paid - case.line(*OUTSIDE)) / 100, "money")}
    )


def _stop_loss(case: _Case) -> _Said:
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
        return _Said("bad", "loose" if figures else "loose_plain", figures)
    state: State = "good" if option.stop_loss else "bad"
    if not figures:
        return _Said(state, f"{state}_plain")
    if (
        "unchanged" in figures and figures["unchanged"].value > rules().most_unchanged
    ):  # a right to leave at any time: what it spares is no protection against failure
        return _Said(state, "good_noise" if option.stop_loss else "bad_noise", figures)
    if not option.stop_loss and found is not None and not found.value > 0:
        return _Said("bad", "bad_costs", figures)
    return _Said(state, state, figures)


def _trial(case: _Case) -> _Said:
    option = case.option
    figures: dict[str, Amount] = {}
    found = case.worth("trial", "no_trial")
    if found is not None:
        figures = {
            "worth": Amount(found.value, "money", found),
            "odds": Amount(float((case.found["trial"].why == TRIAL).mean()), "odds"),
        }
    if not option.trial:
        return _Said("bad", "bad" if figures else "plain", figures)
    return _Said("good", "good", figures) if option.trial_exit else _Said("bad", "bound", figures)


def _auto_renewal(case: _Case) -> _Said:
    option = case.option
    if option.renewal != "automatic":
        return _Said("good", "good")
    figures = _renewed(case)
    if not figures:
        return _Said("bad", "plain")
    return _Said("bad", "bad_loses" if figures["left"].value < 0 else "bad", figures)


def _renewed(case: _Case) -> dict[str, Amount]:
    """Return what a year that nobody stopped in time comes to: its fee, and what it leaves; nothing
    where the plan cannot reach so far.
    """
    option, scenario = case.option, case.scenario
    last = option.term + min(_YEAR, option.renewal_months)
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
        middle(months.sum(axis=0), found.no_mean.gain)
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
    """Return what leaving costs when notice is given in a month, in the contract's currency.

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


def _exit_penalty(case: _Case) -> _Said:
    option, month = case.option, case.first_result
    if not (option.exit_fixed or option.exit_months or option.exit_share):
        return _Said("good", "good")
    return _Said(
        "bad",
        "bad",
        {
            "cost": Amount(exit_penalty(option, month), "fee"),
            "most": Amount(exit_penalty(option, 1), "fee"),
            "month": Amount(month, "months"),
        },
    )


def _notice(case: _Case) -> _Said:
    row = usual_notice(case.scenario.as_of)
    usual = math.ceil(parameters.middle(row.low, row.typical, row.high) / _DAYS_A_MONTH)
    figures = {
        "notice": Amount(case.option.notice, "months"),
        "usual": Amount(usual, "months"),
        "cost": Amount(case.option.notice * case.monthly(), "money"),
    }
    state: State = "bad" if case.option.notice > usual else "good"
    return _Said(state, state, figures)


def _term(case: _Case) -> _Said:
    row = usual_term(case.scenario.as_of)
    most = row.high or parameters.middle(row.low, row.typical, row.high)
    bound = case.option.term * case.monthly() + case.option.setup / case.fx
    figures = {
        "term": Amount(case.option.term, "months"),
        "usual": Amount(most, "months"),
        "cost": Amount(bound, "money"),
    }
    state: State = "bad" if case.option.term > most else "good"
    return _Said(state, state, figures)


def _brushing(case: _Case) -> _Said:
    return _Said(None, "cost", {"cost": Amount(suspension(case.scenario, case.option), "money")})


def suspension(scenario: Scenario, option: Option) -> float:
    """Return what a month without sales costs in a usual month, in the sales currency: the margin
    after ads that is lost, and the base fee that goes on.
    """
    lost = max(evaluate(alone(scenario)).steady["cm3"] or 0.0, 0.0)
    return lost + option.base / (likely(scenario.fx_rate) if option.fee_currency == "cost" else 1.0)


JUDGES: Mapping[str, Callable[[_Case], _Said]] = {
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
    "fee_tax": _fee_tax,
    "stop_loss": _stop_loss,
    "trial": _trial,
    "auto_renewal": _auto_renewal,
    "exit_penalty": _exit_penalty,
    "notice": _notice,
    "term": _term,
    "brushing": _brushing,
}
"""What judges an item; an item without one is asked."""


# ---- the answer
# ----------------------------------------------------------------------------------------------------


def _finding(item: Item, case: _Case) -> Finding:
    said = JUDGES[item.id](case) if item.id in JUDGES else _Said(None, "")
    state = said.state
    if state is None:
        yes, no = (item.id in answers for answers in (case.option.says_yes, case.option.says_no))
        state = said.unanswered if yes == no else "bad" if yes == (item.bad == "yes") else "good"
    points = {"bad": float(item.weight), "open": item.open, "good": 0.0}[state]
    return Finding(
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


def _at_stake(finding: Finding) -> float:
    """Return the money of a finding, which orders findings of the same weight."""
    counted = ("cost",) if finding.case.endswith("_noise") else ("cost", "worth")
    return max(
        (abs(finding.figures[name].value) for name in counted if name in finding.figures),
        default=0.0,
    )


def grade_of(risk: float, severe: int) -> Grade:
    """Return the grade of a risk (share of all points) and a number of severe findings: the best
    that allows both.

    >>> grade_of(0.0, 0).id, grade_of(0.0, 1).id, grade_of(0.9, 0).id
    ('A', 'C', 'E')
    """
    return next(
        (grade for grade in grades() if risk <= grade.upto and severe <= grade.severe), grades()[-1]
    )


def _clauses(case: _Case) -> dict[str, Amount]:
    """Return the amounts that sentences to add ask for, in the contract's currency unless they are
    a baseline of sales.
    """
    # an amount of zero means that there is none to name
    return {
        "baseline": Amount(baseline(case.scenario, case.option), "money"),
        "cap": Amount(case.monthly("claimed") * case.fx, "fee"),
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


def check_contract(scenario: Scenario, option_id: str, paths: int = PATHS) -> ContractCheck:
    """Return every item of an option's contract, judged or asked, with its grade; raises InputError
    where there is no such option.

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
    scenario = _scoped(scenario, option)
    case = _Case(scenario, option, paths)
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
    )
