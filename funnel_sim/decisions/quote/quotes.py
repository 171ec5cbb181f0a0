"""Is this quote worth signing?

Every option in the same futures: what it brings, what it costs, who earns, and at which effect that
turns.

One simulation of carrying on alone; each option then multiplies the first orders of each path by
what it brings there, its contract is worked out month by month, and what the customer has gained is
the difference within the path. Read `outcomes` from top to bottom; `compare` is the answer.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, cast

import numpy as np
from scipy.special import ndtr, ndtri

from funnel_sim.chance import operational
from funnel_sim.chance.distributions import drawable
from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import (
    Estimate,
    Figure,
    estimate,
    monthly_quantiles,
    odds,
    quantiles,
)
from funnel_sim.chance.heavy import without_means
from funnel_sim.chance.history import sales_figure
from funnel_sim.chance.simulation import blocks
from funnel_sim.chance.streams import Plan, normals_by_month, plan_of, uniforms
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.growth import Level, at_own, level_of
from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.quote import no_mean
from funnel_sim.decisions.quote.contract import (
    LINES,
    NOT_INCOME,
    RUNNING,
    Flows,
    KpiPath,
    Lasting,
    Truth,
    bill,
    lasting,
    rebate_kept,
    total_of,
)
from funnel_sim.decisions.quote.no_mean import NoMean, Reasons, middle
from funnel_sim.errors import refuse
from funnel_sim.model import demand
from funnel_sim.model.arrays import Array, column
from funnel_sim.model.bases import Basis
from funnel_sim.model.economics import (
    Book,
    Over,
    Values,
    book_of,
    figures,
    figures_of,
    leading_to,
    lifted,
)
from funnel_sim.model.linear import by_month
from funnel_sim.model.metrics import FLOWS
from funnel_sim.model.sheet import is_dust
from funnel_sim.scenario import alternatives, effects
from funnel_sim.scenario.kpis import MONEY_METRICS, OPERATIONAL, Kpi
from funnel_sim.scenario.quantity import is_range, likely
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import OperatorEffect, Scenario, specs_of

Belief = Literal["believed", "claimed", "none"]
Verdict = Literal["sign", "renegotiate", "walk_away"]
Turn = Literal["nothing", "fee", "form", "doubt", "below_cost", "effect", "never"]
_CLAIM_SHARE = 4
PAID = ("quote", "flat_fee")
"""Kinds of option with somebody on the other side, who claims an effect and earns a fee."""
SEARCH_PATHS = 1024
"""Paths for searches: one effect after another is tried on them."""
_HALF = 0.5


@dataclass(frozen=True)
class Case:
    """One option under one effect: what is believed of it, what it claims, none, or a relative
    change given.
    """

    option: Option
    effect: Belief | float = "believed"


@dataclass(frozen=True)
class Outcome:
    """One case in every future, money in the sales currency over all months of the plan, arrays of
    shape (paths,) unless said otherwise.

    `effect` the relative change of first orders; `gain` net gain against carrying on alone,
    `by_month` the same month by month (months, paths); `brought` the profit added before fees and
    own costs; `saved` what the client's own hours saved are worth, where it says what an hour is;
    `paid` all that the contract costs, `income` what of it is the agency's and the media `rebate`
    that it keeps, `serving` what serving costs it; `own` the client's own costs; `sales` gross
    sales; `added_cm3`; `last` the last month and `why` it ended (decisions/quote/contract.py);
    `lines` the mean of each line by month, shape (months,), the median where the fee has no mean;
    `no_mean` what leaves its amounts without one.
    """

    case: Case
    plan: Plan
    effect: Array
    gain: Array
    by_month: Array
    brought: Array
    saved: Array
    paid: Array
    income: Array
    rebate: Array
    serving: Array
    own: Array
    sales: Array
    added_cm3: Array
    last: Array
    why: Array
    lines: Mapping[str, Array]
    no_mean: NoMean = NoMean()


def alone(scenario: Scenario) -> Scenario:
    """Return the store as it is carried on without any operator: no operator's fee, no operator's
    effect; a store that already sells keeps its earlier customers.
    """
    return scenario.but(
        effect=OperatorEffect(),
        fixed=scenario.fixed.but(operator_monthly=0.0, operator_rate=0.0),
        history=scenario.history.but(had_customers=kpis.established(scenario)),
    )


def orders_alone(scenario: Scenario) -> float | None:
    """Return the orders of a usual month of carrying on alone, by which an own team is sized."""
    return kpis.steady_figure(alone(scenario), "paid_orders")


def options_of(scenario: Scenario, store: Context | None = None) -> list[Option]:
    """Return what is compared: quotes and alternatives, an own team sized to the store; `store` is
    what is known of it alone, where that is at hand.
    """
    return alternatives.options(
        scenario, (Context(alone(scenario)) if store is None else store).figure("paid_orders")
    )


def option_of(scenario: Scenario, name: str) -> Option:
    """Return one option by its id, compared or not, an own team sized to the store; raises KeyError
    for one that is not there.
    """
    return alternatives.option_of(scenario, name, orders_alone(scenario))


def basis_key(scenario: Scenario, option: Option) -> str:
    """Return the figure that an option's share is counted on."""
    refunds: Literal["in", "out"] = "out" if option.clawback else "in"
    match option.share_basis:
        case "gmv":
            return Basis(
                tax="out" if sales_figure(scenario) != "gmv" else "usual", refunds=refunds
            ).key("gmv")
        case "sales":
            return Basis(tax="out", refunds=refunds).key("gmv")
        case "ad_sales":
            return Basis(tax="out", refunds=refunds, sales="ads").key("gmv")
        case _:
            return option.share_basis


def baseline(scenario: Scenario, option: Option) -> float:
    """Return the baseline of an option's share, a month: the contract's, else a usual month of
    carrying on alone.
    """
    return _baseline(Context(alone(scenario)), option)


def _baseline(store: Context, option: Option) -> float:
    """Return the same where what is known of the store alone is at hand."""
    return (
        store.figure(basis_key(store.scenario, option)) or 0.0
        if option.baseline is None
        else option.baseline
    )


def arrival(option: Option, ramp: Any, months: int) -> Array:
    """Return the share of an effect that has arrived by month, shape (months, paths): nothing
    before month 1 + delay, then a straight line.

    >>> arrival(Option(id="a", delay=1), 2.0, 4).ravel().tolist()
    [0.0, 0.0, 0.5, 1.0]
    """
    month = column([float(m) for m in range(1, months + 1)])
    share = demand.arrived(ramp, np.maximum(month - option.delay, 1.0))
    return np.asarray(share * (month > option.delay))


def faded(share: Array, life: Lasting, half_life: float) -> Array:
    """Return the share of an effect by month, fading from the last month on."""
    months = share.shape[0]
    month = np.arange(1, months + 1)[:, None]
    after = np.maximum(month - life.last, 0)
    at_the_end = np.take_along_axis(
        np.broadcast_to(share, (months, life.last.size)), (life.last - 1)[None, :], axis=0
    )
    left = (
        np.where(after > 0, 0.0, 1.0)
        if half_life == 0
        else np.power(_HALF, after / max(half_life, 1e-9))
    )
    return np.where(after > 0, at_the_end * left, share)


# ---- what is drawn for an option
# -------------------------------------------------------------------------------


_DEFAULT_STREAMS = {"people": "serving_people", "pay": "serving_pay", "on_cost": "on_cost"}
"""Streams of what serving costs where a quote does not say: one for all quotes, those of the first,
so that the same service costs the same whoever offers it.
"""


class _Drawn:
    """What the ranges and the luck of an option come to, over all paths of a plan."""

    def __init__(self, scenario: Scenario, plan: Plan):
        self.scenario, self.plan = scenario, plan
        self.which = range(plan.replicates)

    @cached_property
    def _common(self) -> Array:
        return np.asarray(
            ndtri(uniforms(self.plan, self.which, ["options.effect"])["options.effect"])
        )

    def number(self, option: Option, name: str) -> Any:
        """Return a field's number, drawn where it is a range."""
        value = getattr(option, name)
        return self.draw(f"options.{option.id}.{name}", value, specs_of(Option)[name].domain)

    def draw(self, name: str, value: Any, domain: tuple[float, float]) -> Any:
        """Return a number, or the draws of a range."""
        if not is_range(value):
            return likely(value)
        return drawable(value, domain).values(uniforms(self.plan, self.which, [name])[name])

    def effect(self, case: Case) -> Array:
        """Return the relative change of first orders that a case brings, shape (paths,)."""
        option, paths = case.option, self.plan.paths
        if not isinstance(case.effect, str):
            return np.full(paths, float(case.effect))
        if case.effect == "none":
            return np.zeros(paths)
        if case.effect == "claimed":
            return np.full(paths, claim(self.scenario, option))
        if isinstance(option.effect, (int, float)):
            return np.full(paths, float(option.effect))
        name = f"options.{option.id}.effect"
        tie = alternatives.alike(self.scenario)
        own = np.asarray(ndtri(uniforms(self.plan, self.which, [name])[name]))
        luck = self._even(
            math.sqrt(tie) * self._common + math.sqrt(1.0 - tie) * own, f"{name}.within"
        )
        if option.effect is None:
            return (
                drawable(
                    effects.sceptical(option.service, self.scenario.as_of), (0.0, 10.0)
                ).values(luck)
                - 1.0
            )
        return drawable(option.effect, specs_of(Option)["effect"].domain).values(luck)

    def _even(self, mixed: Array, name: str) -> Array:
        """Return the ranks of a mixture within each replicate as shares in (0, 1): each replicate
        then holds the whole distribution, its rare ends too, and what moves together still does.
        """
        each = mixed.reshape(self.plan.replicates, -1)
        within = uniforms(self.plan, self.which, [name])[name].reshape(
            each.shape
        )  # where in its share of the distribution: else no replicate could tell another's error
        return ((each.argsort(axis=1).argsort(axis=1) + within) / each.shape[1]).reshape(-1)

    def serving(self, option: Option) -> Any:
        """Return what serving costs the agency a month, in the cost currency."""

        def either(name: str, own: str) -> Any:
            given = getattr(option, own)
            if given is not None:
                return self.draw(f"options.{option.id}.{own}", given, (0.0, 1e12))
            value = alternatives.serving(self.scenario, option.service, name).value
            return self.draw(f"options.quote.{_DEFAULT_STREAMS[name]}", value, (0.0, 1e12))

        people, pay, on_cost = (
            either("people", "serving_people"),
            either("pay", "serving_pay"),
            either("on_cost", "serving_on_cost"),
        )
        return people * pay * (1.0 + on_cost) + self.number(option, "serving_other")

    def happened(self, option: Option, months: int) -> dict[int, Truth]:
        """Return where the extras that come by events fall, shape (months, paths)."""
        out: dict[int, Truth] = {}
        for index, extra in enumerate(option.extras):
            if extra.every == "event":
                normals = normals_by_month(
                    self.plan, self.which, f"options.{option.id}.extra.{index}", months
                )
                out[index] = np.asarray(ndtr(normals) < extra.chance)
        return out


def claim(scenario: Scenario, option: Option) -> float:
    """Return the uplift that an option claims; where it names none what case studies claim, at most
    what the visitors allow.
    """
    return (
        min(effects.claimed(scenario.as_of)[0], most_effect(scenario))
        if option.claimed is None
        else option.claimed
    )


def most_effect(scenario: Scenario) -> float:
    """Return the uplift at which every visitor of the best channel would buy."""
    rates = [scenario.conversion.cvr, *(channel.channel_cvr for channel in scenario.channels)]
    top = max((likely(rate) for rate in rates if rate is not None), default=0.0)
    return 1.0 / top - 1.0 if top > 0 else math.inf


def _part(value: Any, where: slice) -> Any:
    return value[..., where] if isinstance(value, np.ndarray) and value.ndim else value


def drawn_inputs(scenario: Scenario, options: Sequence[Option], plan: Plan) -> dict[str, Array]:
    """Return what is drawn and could be known before signing, by path, shape (paths,): the store's
    ranges, each option's effect and ranges.
    """
    base = alone(scenario)
    sources, which = Sources(base), range(plan.replicates)
    streams = uniforms(plan, which, sources.inputs)
    out = dict(sources.values(streams))
    drawn = _Drawn(base, plan)
    for option in options:
        if option.effect is None or is_range(option.effect):
            out[f"options.{option.id}.effect"] = drawn.effect(Case(option))
        for name in (
            "ramp",
            "people",
            "pay",
            "on_cost",
            "hours",
            "hour_rate",
            "tools_monthly",
            "start_cost",
            "hours_saved",
            "hour_worth",
        ):
            if is_range(getattr(option, name)):
                out[f"options.{option.id}.{name}"] = drawn.number(option, name)
    return out


# ---- the simulation
# --------------------------------------------------------------------------------------------


def outcomes(
    scenario: Scenario,
    cases: Sequence[Case],
    *,
    paths: int | None = None,
    moved: Callable[[Values], Values] | None = None,
    store: Context | None = None,
) -> list[Outcome]:
    """Return what each case comes to in every future; the same futures for all of them.

    `moved` changes the numbers of every path for the options, not for carrying on alone (another ad
    budget, another price); `store` is what is known of the store alone, where that is at hand.
    Raises InputError for a claim that would need more buyers than visitors.
    """
    return _Futures(scenario, [case.option for case in cases], paths, moved, store=store).outcomes(
        cases
    )


class _Futures:
    """Carrying on alone in every future, and what each of some options is there; asked more than
    once, it keeps what is small; without `both_sides` what serving costs is not drawn.
    """

    def __init__(
        self,
        scenario: Scenario,
        options: Sequence[Option],
        paths: int | None,
        moved: Callable[[Values], Values] | None = None,
        *,
        both_sides: bool = True,
        store: Context | None = None,
    ):
        at = Context(alone(scenario)) if store is None else store
        self.base, self.moved = at.scenario, moved
        self.months = self.base.plan.horizon_months
        self.plan = plan_of(scenario.chance.paths if paths is None else paths, scenario.chance.seed)
        self.drawn = _Drawn(scenario, self.plan)
        self.options = {id(option): option for option in options}
        self.terms = {
            key: _Terms(at, option, self.drawn, self.months, both_sides=both_sides)
            for key, option in self.options.items()
        }
        self.store = no_mean.of_store(self.base)
        self.fees = {
            key: no_mean.of_fee(
                self.base, self.store, self.options[key], one.basis, list(one.keys.values())
            )
            for key, one in self.terms.items()
        }
        asked: set[str] = {"profit", "cm3", "gross_sales", "media_spend", "paid_orders"}
        for one in self.terms.values():
            asked |= one.asked
        self.wanted = leading_to(frozenset(asked))
        self.needs_steady = any("@" in key for key in asked) or any(
            one.kpis or one.usual for one in self.terms.values()
        )
        self.kept: list[_Block] = []

    def outcomes(self, cases: Sequence[Case]) -> list[Outcome]:
        """Return what each case comes to; each of an option that was named at the beginning."""
        made = [
            _Made(
                self.base,
                case,
                self.drawn,
                self.terms[id(case.option)],
                self.plan,
                self.months,
                self._no_mean(case),
            )
            for case in cases
        ]
        for block in self.kept or self._blocks():
            for each in made:
                each.work(block, self.wanted)
        return [each.outcome() for each in made]

    def _no_mean(self, case: Case) -> NoMean:
        """Return what leaves the amounts of a case without a mean."""
        fee, option = self.fees[id(case.option)], case.option
        if not (fee or self.store.profit or self.store.fx):
            return NoMean()
        effect = self.drawn.effect(case)
        moved = self.moved is not None or option.ad_budget != 1.0
        return no_mean.of_option(
            self.store,
            fee,
            option,
            brings=moved or bool(effect.any()),
            takes=moved or bool((effect < 0).any()),
        )

    def _blocks(self) -> Iterator["_Block"]:
        budgets = {option.ad_budget for option in self.options.values()}
        for where, _, values in blocks(Sources(self.base), self.plan, 1 + len(budgets)):
            book = book_of(values, steady=False, wanted=self.wanted)
            steady = (
                book_of(values, steady=True, wanted=self.wanted)
                if self.needs_steady
                else dict(values.symbols)
            )
            before = _Store(values, book, steady)
            others = values if self.moved is None else self.moved(values)
            stores: dict[float, _Store] = {} if self.moved is not None else {1.0: before}
            for budget in budgets - set(stores):
                theirs = replace(others, budget_scale=others.budget_scale * budget)
                stores[budget] = _Store(
                    theirs, book_of(theirs, steady=False, wanted=self.wanted), steady
                )
            block = _Block(where, before, stores, others)
            if self.plan.paths <= SEARCH_PATHS:
                self.kept.append(block)
            yield block


@dataclass(frozen=True)
class _Block:
    """Some of the paths: which, the store carried on alone, the store at each ad budget that an
    option asks for, and the numbers at the planned one.
    """

    where: slice
    before: "_Store"
    stores: Mapping[float, "_Store"]
    others: Values


@dataclass(frozen=True)
class _Store:
    """A block of paths of the store: its numbers, its months, its steady month."""

    values: Values
    book: Book
    steady: Book
    _known: dict[str, Array] = field(default_factory=dict)

    def months(self, book: Book, *keys: str) -> list[Array]:
        """Return figures by month of this store, or of what an option makes of it: flows as they
        stand in the book, others by their formula.
        """
        found = self.figures(book, {"month": [key for key in keys if key not in FLOWS]})
        return [
            (
                found[key, "month"]
                if key not in FLOWS
                else _known(None if book[key] is None else by_month(book[key]))
            )
            for key in keys
        ]

    def before(self, key: str) -> Array:
        """Return one figure by month as it is without any option."""
        if key not in self._known:
            [self._known[key]] = self.months(self.book, key)
        return self._known[key]

    def levels(self, usual: Mapping[str, float | None], paths: int) -> dict[str, Level]:
        """Return the usual month of figures in each path, by figure, where the likely store has
        one.
        """
        found = self.figures(self.book, {"steady": tuple(usual)}) if usual else {}
        out = {
            key: level_of(key.partition("@")[0], usual[key], value, paths)
            for (key, _), value in found.items()
        }
        return {key: level for key, level in out.items() if level is not None}

    def figures(
        self, book: Book, asked: Mapping[Over, Sequence[str]]
    ) -> dict[tuple[str, Over], Array]:
        """Return figures of this store's months, or of those that an option makes of them; NaN
        where there is none.
        """
        asked = {over: some for over, some in asked.items() if some}
        found = figures_of(self.values, book, self.steady, asked) if asked else {}
        return {name: _known(value) for name, value in found.items()}


def _known(value: Any) -> Array:
    return np.asarray(np.nan if value is None else value, np.float64)


class _Terms:
    """What all cases of one option share: its numbers in every path, and what its contract looks
    at.
    """

    def __init__(
        self, at: Context, option: Option, drawn: _Drawn, months: int, *, both_sides: bool = True
    ):
        scenario = at.scenario
        _plausible(scenario, option)
        self.basis = basis_key(scenario, option)
        self.baseline = _baseline(at, option) if option.share_over == "baseline" else 0.0
        named = {name for _, name in option.kpis_named()}
        self.kpis = [kpi for kpi in scenario.kpis if kpi.id in named]
        self.targets = {kpi.id: kpis.target_of(at, kpi) for kpi in self.kpis}
        self.keys = {
            kpi.id: kpis.key_of(scenario, kpi) for kpi in self.kpis if kpi.metric not in OPERATIONAL
        }
        self.needed = {
            name
            for kpi in self.kpis
            if kpi.metric in OPERATIONAL
            for name in operational.needs(kpi)
        }
        self.asked = {*self.keys.values(), *self.needed, self.basis}
        grown = {self.keys[kpi.id] for kpi in self.kpis if kpis.is_growth(kpi)}
        self.usual = {
            key: at.figure(key)
            for key in grown | ({self.basis} if option.share_over == "baseline" else set())
        }
        self.with_fee = any(
            name in leading_to(frozenset(self.keys.values())) for name in ("profit", "operator_fee")
        )
        self.ramp = drawn.number(option, "ramp")
        monthly = (
            drawn.number(option, "people")
            * drawn.number(option, "pay")
            * (1.0 + drawn.number(option, "on_cost"))
        )
        self.own_monthly = (
            monthly
            + drawn.number(option, "hours") * drawn.number(option, "hour_rate")
            + drawn.number(option, "tools_monthly")
        )
        self.own_start = drawn.number(option, "start_cost")
        self.saves = option.hour_worth is not None and option.hours_saved != 0
        self.saved = (
            0.0
            if option.hour_worth is None
            else drawn.number(option, "hours_saved") * drawn.number(option, "hour_worth")
        )
        self.serving = drawn.serving(option) if option.kind in PAID and both_sides else 0.0
        self.happened = drawn.happened(option, months)
        plan = scenario.plan
        self.season = column([plan.season[(plan.start_month - 1 + m) % 12] for m in range(months)])
        self.half_life = alternatives.half_life(scenario, option)


class _Made:
    """One case while it is worked out, block by block."""

    def __init__(
        self,
        scenario: Scenario,
        case: Case,
        drawn: _Drawn,
        terms: _Terms,
        plan: Plan,
        months: int,
        lacks: NoMean,
    ):
        self.scenario, self.case, self.plan, self.months, self.terms, self.lacks = (
            scenario,
            case,
            plan,
            months,
            terms,
            lacks,
        )
        self.effect = drawn.effect(case)
        n = plan.paths
        self.kept: dict[str, Array] = {
            name: np.empty(n)
            for name in (
                "gain",
                "brought",
                "saved",
                "paid",
                "income",
                "rebate",
                "serving",
                "own",
                "sales",
                "added_cm3",
                "last",
                "why",
            )
        }
        self.by_month = np.empty((months, n))
        self.lines: dict[str, Array] = {}
        self.each_line: dict[str, Array] = {}  # by path too, where the fee has no mean

    def work(self, block: _Block, wanted: frozenset[str]) -> None:
        """Work out one block of paths, at the ad budget that the option asks for."""
        where, before, others, store = (
            block.where,
            block.before,
            block.others,
            block.stores[self.case.option.ad_budget],
        )
        option, terms, months, paths = (
            self.case.option,
            self.terms,
            self.months,
            where.stop - where.start,
        )
        shape = (months, paths)
        effect = self.effect[where]
        share = np.broadcast_to(arrival(option, _part(terms.ramp, where), months), shape)
        book = lifted(store.values, store.book, 1.0 + effect * share, wanted)
        to_cost = np.broadcast_to(
            store.values.by_month.get("fx_rate", store.values.symbols["fx_rate"]), shape
        )
        fx = to_cost if option.fee_currency == "cost" else np.ones(shape)
        basis, spend, orders = (
            np.broadcast_to(value, shape)
            for value in store.months(book, terms.basis, "media_spend", "paid_orders")
        )
        levels = before.levels(terms.usual, paths)
        baseline = (
            at_own(terms.basis, terms.baseline, levels[terms.basis])
            if option.share_over == "baseline" and terms.basis in levels
            else terms.baseline
        )
        flows = Flows(
            basis,
            spend,
            orders,
            fx,
            terms.season,
            baseline,
            {},
            {i: h[:, where] for i, h in terms.happened.items()},
        )
        if terms.kpis:
            flows = replace(flows, kpis=self._kpi_paths(flows, book, store, where, levels))
        decides = flows.kpis[option.decided_by].attained if option.decided_by else None
        life = lasting(option, decides, months, paths)
        lines = bill(option, flows, life)
        if not life.running.all():
            share = faded(share, life, terms.half_life)
            if option.ad_budget != 1.0:  # the budget that was asked for ends with the engagement
                theirs = replace(
                    others,
                    budget_scale=others.budget_scale
                    * np.where(life.running, option.ad_budget, 1.0),
                )
                store = _Store(theirs, book_of(theirs, steady=False, wanted=wanted), store.steady)
            book = lifted(store.values, store.book, 1.0 + effect * share, wanted)
        zero = np.zeros(shape)
        profit, sales, cm3 = store.months(book, "profit", "gross_sales", "cm3")
        brought = zero + (profit - before.before("profit"))
        own = _part(terms.own_monthly, where) * life.running / to_cost
        own[0] += _part(terms.own_start, where) / to_cost[0]
        paid = total_of(lines, LINES, zero) / fx
        saved = _part(terms.saved, where) * life.running / to_cost if terms.saves else None
        gain = brought - paid - own if saved is None else brought + saved - paid - own
        rebate = rebate_kept(option, flows, life.running)
        income = paid - total_of(lines, NOT_INCOME, zero) / fx + rebate
        self.by_month[:, where] = gain
        for name, value in (
            ("gain", gain),
            ("brought", brought),
            ("paid", paid),
            ("income", income),
            ("rebate", rebate),
            ("own", own),
            ("serving", _part(terms.serving, where) * life.running / to_cost),
            ("sales", zero + sales),
            ("added_cm3", zero + (cm3 - before.before("cm3"))),
        ):
            self.kept[name][where] = value.sum(axis=0)
        self.kept["saved"][where] = 0.0 if saved is None else saved.sum(axis=0)
        self.kept["last"][where], self.kept["why"][where] = life.last, life.why
        for name, line in lines.items():
            if self.lacks.fee:
                self.each_line.setdefault(name, np.zeros((months, self.plan.paths)))[:, where] = (
                    line / fx
                )
            self.lines[name] = self.lines.get(name, 0.0) + (line / fx).sum(axis=1) / self.plan.paths

    def _kpi_paths(
        self, flows: Flows, book: Book, store: _Store, where: slice, levels: Mapping[str, Level]
    ) -> dict[str, KpiPath]:
        """Return every KPI that the contract names, as it comes out under the full engagement; the
        monthly fees before bonuses stand in the ledger.
        """
        option, terms, months = self.case.option, self.terms, self.months
        always = Lasting(
            np.ones(flows.basis.shape, bool),
            *(np.full(flows.basis.shape[1], n) for n in (months, 0, 0)),
        )
        told = dict(book)
        if terms.with_fee:  # the fee before bonuses stands in the ledger of a KPI that counts it
            plain = bill(
                option.but(rewards=[], instalments=[], extras=[], total_cap=None), flows, always
            )
            fee = (
                total_of(plain, (*RUNNING, "floor", "cap"), np.zeros(flows.basis.shape)) / flows.fx
            )
            told |= {"operator_fee": -fee, "profit": by_month(book["profit"]) - fee}
        spans = {
            kpi.months
            for kpi in terms.kpis
            if kpi.id in terms.keys
            and kpi.window in ("average", "total")
            and kpi.months[1] <= months
        }
        asked: dict[Over, Sequence[str]] = {"month": tuple({*terms.keys.values(), *terms.needed})}
        for span in spans:
            asked[span] = tuple(
                {
                    terms.keys[kpi.id]
                    for kpi in terms.kpis
                    if kpi.id in terms.keys and kpi.months == span
                }
            )
        found = store.figures(told, asked)
        shape = flows.basis.shape

        def of(key: str, over: Over) -> Array:
            value = found[key, over]
            return (
                np.broadcast_to(value, shape)
                if over == "month"
                else np.broadcast_to(value, (1, shape[1]))[0]
            )

        out = {}
        for kpi in terms.kpis:
            level = levels.get(terms.keys[kpi.id]) if kpis.is_growth(kpi) else None
            one = kpis.drawn(self.scenario, kpi, of, months, self.plan, spans, where, level)
            beyond = any(
                reward.kpi == kpi.id and reward.bound == "above" for reward in option.rewards
            )
            out[kpi.id] = path_of(kpi, terms.targets[kpi.id], one, months, beyond=beyond)
        return out

    def outcome(self) -> Outcome:
        """Return the case, worked out."""
        lines = {
            name: np.median(line, axis=1) for name, line in self.each_line.items()
        } or self.lines
        return Outcome(
            self.case,
            self.plan,
            self.effect,
            by_month=self.by_month,
            lines=lines,
            no_mean=self.lacks,
            **self.kept,
        )


def path_of(
    kpi: Kpi, target: float, drawn: kpis.Draws, months: int, *, beyond: bool = False
) -> KpiPath:
    """Return a KPI as a contract looks at it, from its draws and its absolute target; also where it
    goes `beyond` it, if a reward asks for that.
    """
    first, last = kpi.months
    each = kpis.month_target(kpi, target)
    month_met = np.asarray(kpis.met(kpi, each, drawn.months))
    with np.errstate(divide="ignore", invalid="ignore"):
        if each > 0:
            attained = (
                drawn.months / each
                if kpi.comparator == "at_least"
                else np.where(
                    drawn.months > 0, each / drawn.months, np.where(month_met, np.inf, 0.0)
                )
            )
        else:
            attained = np.where(month_met, 1.0, 0.0)
    attained = np.where(np.isnan(drawn.months), np.nan, attained)
    inside = last <= months
    window_met = np.asarray(kpis.met(kpi, target, drawn.value)) if inside else None
    paths = drawn.months.shape[1]
    if kpi.window == "by":
        reached = month_met[: min(last, months)]
        paid_in = np.where(reached.any(axis=0), reached.argmax(axis=0) + 1, 0)
        if window_met is not None:  # what was reached before the last month is met in it
            month_met = np.array(month_met)
            month_met[last - 1] = window_met
    else:
        paid_in = (
            np.where(window_met, last, 0) if window_met is not None else np.zeros(paths, np.int64)
        )
    better = drawn.months - each if kpi.comparator == "at_least" else each - drawn.months
    # a month without the figure misses by no amount
    gap = (
        np.where(np.isnan(better), 0.0, better * drawn.size)
        if kpi.metric in MONEY_METRICS
        else None
    )
    window = (last, last) if kpi.window == "by" else (first, last)
    if not beyond:
        return KpiPath(attained, month_met, window_met, window, paid_in, gap)
    month_beyond = np.asarray(kpis.met(kpi, each, drawn.months, beyond=True))
    window_beyond = np.asarray(kpis.met(kpi, target, drawn.value, beyond=True)) if inside else None
    if kpi.window == "by" and window_beyond is not None:
        month_beyond[last - 1] = window_beyond
    return KpiPath(
        attained, month_met, window_met, window, paid_in, gap, month_beyond, window_beyond
    )


def refuse_unknown_share(scenario: Scenario, option: Option) -> None:
    """Raise InputError for a share, or a reward, of sales from ads where nobody knows which sales
    those are.
    """
    key = basis_key(scenario, option)
    shares = option.share_tiers or any(reward.form == "sales" for reward in option.rewards)
    if shares and figures(Values(scenario), {"steady": [key]})[key, "steady"] is None:
        raise refuse(f"options.{option.id}.share_basis", option.share_basis, "share_unknown")


def _plausible(scenario: Scenario, option: Option) -> None:
    """Refuse a claim, or an effect believed, that would need more buyers than visitors, and a share
    that is not known.
    """
    refuse_unknown_share(scenario, option)
    most = most_effect(scenario)
    for name, value in (("claimed", option.claimed), ("effect", option.effect)):
        effect = 0.0 if value is None else likely(value)
        if effect > most:
            raise refuse(
                f"options.{option.id}.{name}",
                f"{effect * 100:+.3g}%",
                "claim_buyers",
                cvr=f"{100 / (1 + most):.3g}%",
            )


# ---- the answer
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """What one case comes to, over all futures; money in the sales currency over the months of the
    plan.

    `gain` against carrying on alone; `better` the odds that it is above zero; `paid`, `own`,
    `brought`, `saved`, `income`, `serving` means, each the median where it has no mean (`no_mean`),
    as in all that follows; `take_of_sales` and `take_of_added` what is paid over gross sales and
    over the CM3 added (None where none is added); `payback` the median month from which the
    cumulative gain stays at or above zero (None where it does not in half of the futures),
    `pays_back` the odds that it does within the plan; `at_risk` mean and 90th percentile of how far
    the cumulative gain falls below zero; `agency` the agency's income less its cost; `one_sided`
    the share of futures in which the agency earns and the client loses; `lasts` the mean months;
    `ended` the share of futures by why it ended; `cumulative` percentiles (QUANTILES) of the
    cumulative gain by month; `lines` means by line (where the fee has none, sums of the months'
    medians); `rebate` the mean media rebate that the agency keeps (the median where the fee has
    none), which is in its income.
    """

    case: Case
    paths: int
    gain: Estimate
    better: Figure
    paid: float
    own: float
    brought: float
    saved: float
    income: float
    serving: float
    take_of_sales: float | None
    take_of_added: float | None
    payback: int | None
    pays_back: float
    at_risk: tuple[float, float]
    agency: Estimate
    one_sided: Figure
    lasts: float
    ended: tuple[float, ...]
    cumulative: Array
    lines: Mapping[str, float]
    rebate: float
    no_mean: NoMean = NoMean()


def summary(found: Outcome, *, course: bool = True) -> Summary:
    """Return what a case comes to; without its `course` over the months where nobody looks at it."""
    sets = found.plan.replicates
    cumulative = np.cumsum(found.by_month, axis=0)
    under = np.maximum(-cumulative.min(axis=0), 0.0)
    back = _payback_months(cumulative)
    within = np.isfinite(back)
    half = float(quantiles(back, (0.5,))[0])
    agency = found.income - found.serving
    lacks = found.no_mean
    gain = without_means(estimate(found.gain, sets), lacks.gain)
    falls: Reasons = (
        lacks.gain if math.isnan(gain.worst.value) else ()
    )  # what it falls by is without bound only where it may lose without bound
    sales, added = middle(found.sales, lacks.sales), middle(found.added_cm3, lacks.brought)
    paid = middle(found.paid, lacks.fee)
    return Summary(
        found.case,
        found.plan.paths,
        gain,
        odds(found.gain > 0, sets),
        paid,
        middle(found.own, lacks.cost),
        middle(found.brought, lacks.brought),
        middle(found.saved, lacks.cost),
        middle(found.income, lacks.fee),
        middle(found.serving, lacks.cost),
        paid / sales if sales > 0 else None,
        paid / added if added > 0 and not is_dust(added, sales) else None,
        int(half) if math.isfinite(half) else None,
        float(within.mean()),
        (middle(under, falls), float(quantiles(under, (0.9,))[0])),
        without_means(estimate(agency, sets), lacks.agency),
        odds((agency > 0) & (found.gain < 0), sets),
        float(found.last.mean()),
        tuple(float((found.why == reason).mean()) for reason in range(5)),
        monthly_quantiles(cumulative) if course else np.empty((0, 0)),
        {name: float(line.sum()) for name, line in found.lines.items()},
        middle(found.rebate, lacks.fee),
        lacks,
    )


def _payback_months(cumulative: Array) -> Array:
    """Return in each path the first month from which the cumulative gain stays at or above zero;
    infinite where it ends below.

    >>> _payback_months(np.array([[-5.0, 1.0], [-1.0, -1.0], [2.0, -1.0]])).tolist()
    [3.0, inf]
    """
    below = cumulative < 0
    months = len(cumulative)
    last_below = np.where(below.any(axis=0), months - below[::-1].argmax(axis=0), 0)
    return np.where(last_below >= months, np.inf, last_below + 1.0)


@dataclass(frozen=True)
class Turning:
    """Effects (relative changes of first orders, once all has arrived) at which things turn; None:
    not between −20 % and +600 %.

    `break_even` the mean gain is zero, `sign` the verdict becomes "sign". `course` how the mean
    gain goes along the effects tried (the median where there is no mean): it "crosses" zero
    upwards, is above or below it "always" or "never", or "falls" below it where more orders mean
    more loss.
    """

    break_even: float | None
    sign: float | None
    course: Literal["crosses", "always", "never", "falls"] = "crosses"


@dataclass(frozen=True)
class Band:
    """The fee, a month in which the engagement runs, that suits both: from what serving costs a
    lean agency (`low`; `typical` on average) to the highest at which the client would sign (`high`,
    which is `Miss.most`); `now` what is paid.

    `even` is the fee that leaves the client's mean gain at zero (the median where there is no
    mean), which may be too high to be signed for it loses too often. A media rebate that the agency
    keeps is taken off what serving costs it, down to zero: so much less does it need from the
    client.
    """

    low: float
    high: float
    now: float
    typical: float
    even: float

    @property
    def exists(self) -> bool:
        """Whether any fee suits both sides."""
        return self.high >= self.low

    @property
    def doubtful_to(self) -> float:
        """The fee asked below which, where none suits both, there is doubt rather than a plain no.

        Up to `low` it pays for serving nowhere, so that what it is for has to be asked. Above that
        it may come down to `high` where what is missing is no more than what a lean agency serves
        cheaper than a typical one.
        """
        return max(self.low, self.high + self.typical - self.low)


@dataclass(frozen=True)
class Miss:
    """By how much an option misses the verdict "sign", money of the sales currency a month in which
    the engagement runs.

    `short` by how much a fee lower by a fixed amount would have to be lower, below zero where there
    is that much to spare; `most` the highest average fee at which it would be signed, below zero
    where not even for nothing. `believed` the mean effect believed, `needed` the one from which it
    would be signed (None: none was found). `turns` the one change that makes it "sign": "nothing"
    is needed; a lower "fee", from which the agency still earns; a fee that suits both on average,
    but only in another "form", by results; a fee below the cost of serving even for a lean agency,
    while the fee asked is so low too (under `Band.doubtful_to`) that there is "doubt" (who does the
    work?), or is not ("below_cost"); another "effect"; or "never".
    """

    short: float
    most: float
    believed: float
    needed: float | None
    turns: Turn


@dataclass(frozen=True)
class Answer:
    """One option: what it comes to as believed and as claimed (None where nobody claims anything),
    the verdict, where it turns, and the fee that suits both sides.
    """

    option: Option
    believed: Summary
    claimed: Summary | None
    verdict: Verdict
    turning: Turning
    band: Band
    miss: Miss

    @property
    def score(self) -> float:
        """What is to spare a month before it would not be signed, below zero what is missing: the
        higher the better; what is claimed is not in it.
        """
        return -self.miss.short


@dataclass(frozen=True)
class Answers:
    """All options; `beats[a][b]` the odds that option a leaves more than option b, ties counted by
    half.
    """

    scenario: Scenario
    plan: Plan
    options: tuple[Answer, ...]
    beats: Mapping[str, Mapping[str, float]]
    sales_alone: float
    profit_alone: float

    @property
    def best(self) -> Answer | None:
        """The option with the highest mean gain (median where one has no mean), None where carrying
        on alone is better than all.
        """
        top = max(self.options, key=lambda one: self.level(one.believed.gain).value, default=None)
        return top if top is not None and self.level(top.believed.gain).value > 0 else None

    @property
    def by_median(self) -> bool:
        """Whether options are compared by their medians, because one of them has no mean: mean and
        median are not held against each other.
        """
        return any(one.believed.gain.heavy for one in self.options)

    def level(self, gain: Estimate) -> Figure:
        """Return what options are compared by: the mean, or the median of all where one has no
        mean.
        """
        return gain.quantiles[0.5] if self.by_median else gain.mean

    @property
    def ranked(self) -> tuple[Answer, ...]:
        """The options from the best to the worst, by their score."""
        return tuple(sorted(self.options, key=lambda one: -one.score))

    def of(self, name: str) -> Answer:
        """Return the answer on one option."""
        return next(one for one in self.options if one.option.id == name)


def worth_signing(scenario: Scenario, found: Summary) -> bool:
    """Say whether a case is worth signing: the mean gain above zero (the median where it has no
    mean), and the odds of being better off at least those that were asked for.
    """
    return found.gain.centre.value > 0 and found.better.value >= scenario.comparison.sign_odds


def verdict_of(scenario: Scenario, believed: Summary, miss: Miss) -> Verdict:
    """Return the verdict: sign where it is worth it as believed, renegotiate where something is
    left to negotiate, else walk away.

    Something is left where another fee, or another form of fee, would make it worth it and leave
    the agency no loss; and where a lower fee would, and the fee asked is under `Band.doubtful_to`.
    Along a fixed fee it only gets worse: up to `Miss.most` "sign", then "renegotiate", for good
    where `most` covers what serving costs a lean agency, else up to `Band.doubtful_to`. A claim
    alone changes nothing. Where there is nobody to negotiate with (own team, consultant by the
    hour, tools), it is worth it or not.
    """
    if worth_signing(scenario, believed):
        return "sign"
    return "renegotiate" if miss.turns in ("fee", "form", "doubt") else "walk_away"


def miss_of(scenario: Scenario, found: Outcome, turning: Turning) -> tuple[Miss, Band]:
    """Return by how much an option misses being signed, the one change that turns it, and the fee
    that suits both sides.

    A fee lower by x in each running month leaves gain + x · months · (1 + tax on fees) in each
    future: x is the least at which the mean is zero and the share of futures above zero is as
    asked. Where there is no mean, the median is zero at the median of −gain / (months · (1 + tax)).
    Clauses that look at the fee itself (caps, bonuses by the base) are taken as they are.
    """
    option, need = found.case.option, scenario.comparison.sign_odds
    lacks, months = found.no_mean, float(found.last.mean())
    worth = found.last * (1.0 + option.fee_tax)
    each = -found.gain / worth
    for_the_centre = (
        middle(each, lacks.gain) if lacks.gain else -float(found.gain.mean()) / float(worth.mean())
    )
    place = min(found.gain.size, math.ceil(need * found.gain.size)) - 1
    short = max(for_the_centre, float(np.partition(each, place)[place]))
    fees, cost = (
        found.income - found.rebate,
        found.serving - found.rebate,
    )  # a media rebate is earned without the client paying it
    now = middle(fees / found.last, lacks.fee) if lacks.fee else float(fees.mean()) / months
    lean = float(
        np.quantile(cost / found.last, alternatives.default(scenario, "serving", "lean").value)
    )
    typical = (
        middle(cost / found.last, lacks.agency) if lacks.agency else float(cost.mean()) / months
    )
    band = Band(max(lean, 0.0), now - short, now, max(typical, 0.0), now - for_the_centre)
    left = found.gain + fees * (1.0 + option.fee_tax)  # before what the client pays the agency
    by_results = band.even >= band.low and float((left > 0).mean()) >= need
    turns: Turn = (
        "nothing"
        if short < 0
        else (
            "effect"
            if option.kind not in PAID and turning.sign is not None
            else (
                "never"
                if option.kind not in PAID
                else (
                    "fee"
                    if band.exists
                    else (
                        "form"
                        if by_results
                        else (
                            ("doubt" if now < band.doubtful_to else "below_cost")
                            if band.high > 0
                            else "effect"
                            if turning.sign is not None
                            else "never"
                        )
                    )
                )
            )
        )
    )
    return Miss(short, band.high, float(found.effect.mean()), turning.sign, turns), band


def compare(scenario: Scenario, paths: int | None = None, store: Context | None = None) -> Answers:
    """Return the answer on every option of a scenario, against carrying on alone, in the same
    futures; `store` is what is known of the store alone, where that is at hand.

    >>> from funnel_sim.scenario.presets import preset
    >>> quote = {"id": "quote", "base": 100000.0, "claimed": 0.2}
    >>> found = compare(preset("amazon-de-kitchen").replace({"options": [quote]}), paths=1024)
    >>> found.of("quote").verdict
    'walk_away'
    """
    store = Context(alone(scenario)) if store is None else store
    options = options_of(scenario, store)
    found = outcomes(scenario, [Case(option) for option in options], paths=paths, store=store)
    runs = {one.case.option.id: one for one in found}
    # a claim is one number, not a distribution: a quarter of the futures tells as much of it
    few = found[0].plan.paths // _CLAIM_SHARE if found else 0
    claiming = [option for option in options if option.kind in PAID]
    claims = {
        one.case.option.id: one
        for one in (
            outcomes(
                scenario,
                [Case(option, "claimed") for option in claiming],
                paths=max(few, SEARCH_PATHS),
                store=store,
            )
            if claiming
            else []
        )
    }
    turning = turnings(scenario, options, store)
    answers = []
    for option in options:
        believed, told = runs[option.id], claims.get(option.id)
        mine, theirs = summary(believed), None if told is None else summary(told, course=False)
        miss, band = miss_of(scenario, believed, turning[option.id])
        answers.append(
            Answer(
                option,
                mine,
                theirs,
                verdict_of(scenario, mine, miss),
                turning[option.id],
                band,
                miss,
            )
        )
    gains = {option.id: runs[option.id].gain for option in options}
    beats = {
        a: {
            b: float((gains[a] > gains[b]).mean() + (gains[a] == gains[b]).mean() / 2)
            for b in gains
            if b != a
        }
        for a in gains
    }
    still = store.figure("gross_sales"), store.figure("profit")
    plan = plan_of(scenario.chance.paths if paths is None else paths, scenario.chance.seed)
    return Answers(scenario, plan, tuple(answers), beats, still[0] or 0.0, still[1] or 0.0)


def turnings(
    scenario: Scenario, options: Sequence[Option], store: Context | None = None
) -> dict[str, Turning]:
    """Return for each option the effects at which its mean gain (median where it has no mean) is
    zero and at which it becomes worth signing.

    A few effects are tried, then where a test fails and passes again closer ones: where a straight
    line between the two ends meets zero, and the middle in turn.
    """
    looked: dict[str, dict[float, tuple[float, float]]] = {option.id: {} for option in options}

    futures = _Futures(
        scenario, options, SEARCH_PATHS, both_sides=False, store=store
    )  # only the client's gain is looked at

    def look(at: Mapping[str, Sequence[float]]) -> None:
        cases = [Case(option, effect) for option in options for effect in at[option.id]]
        for one in futures.outcomes(cases) if cases else []:
            looked[one.case.option.id][cast("float", one.case.effect)] = (
                middle(one.gain, one.no_mean.gain),
                float((one.gain > 0).mean()),
            )

    most = most_effect(scenario)
    tried = tuple(effect for effect in _GRID if effect < most) + (
        (most,) if most < _GRID[-1] else ()
    )
    look({option.id: tried for option in options})
    need = scenario.comparison.sign_odds
    tests: tuple[_Test, ...] = (
        lambda told: told[0],
        lambda told: min(told[0], told[1] - need + 1e-12),
    )
    for turn in range(_ROUNDS):
        more: dict[str, list[float]] = {}
        for option in options:
            known = looked[option.id]
            brackets = [
                (test, ends)
                for test in tests
                if (ends := _crossing(known, test)) is not None and ends[1] - ends[0] > _FINE
            ]
            new = {_next(known, test, ends, turn) for test, ends in brackets}
            more[option.id] = sorted(new - set(known))
        look(more)
    out = {}
    for option in options:
        known = looked[option.id]
        mean, sign = (_crossing(known, test) for test in tests)
        break_even = _between(known, mean)
        at = None if sign is None else sign[1]
        if (
            sign is not None
            and break_even is not None
            and sign == mean
            and min(known[end][1] for end in sign) >= need
        ):
            at = break_even  # the odds are enough on both sides: only the mean decides
        out[option.id] = Turning(
            break_even, at, _course(known) if break_even is None else "crosses"
        )
    return out


def _course(looked: Mapping[float, tuple[float, float]]) -> Literal["always", "never", "falls"]:
    above = [looked[effect][0] > 0 for effect in sorted(looked)]
    return "always" if all(above) else "falls" if above[0] else "never"


_Test = Callable[[tuple[float, float]], float]
_GRID = (-0.2, 0.0, 0.1, 0.3, 1.0, 6.0)
_FINE = 2e-3
_ROUNDS = 6
_APART = 0.02


def _next(
    looked: Mapping[float, tuple[float, float]], test: _Test, ends: tuple[float, float], turn: int
) -> float:
    """Return the effect to be tried next between two: just beyond where a straight line meets zero,
    on either side in turn, or the middle where the line says nothing.
    """
    low, high = (test(looked[end]) for end in ends)
    width = ends[1] - ends[0]
    if turn % 3 == 2 or not high > low:
        return round(ends[0] + width / 2, 7)
    at = ends[0] + width * (-low / (high - low))
    aside = max(_FINE / 2, width * _APART)
    return round(
        min(
            ends[1] - width * 1e-3,
            max(ends[0] + width * 1e-3, at + (aside if turn % 2 == 0 else -aside)),
        ),
        7,
    )


def _crossing(
    looked: Mapping[float, tuple[float, float]], test: Callable[[tuple[float, float]], float]
) -> tuple[float, float] | None:
    """Return the last effect that fails and the first that passes from there on; None where the
    largest fails or the least passes.
    """
    effects_ = sorted(looked)
    failing = [effect for effect in effects_ if not test(looked[effect]) > 0]
    if not failing or failing[-1] == effects_[-1]:
        return None
    return failing[-1], effects_[effects_.index(failing[-1]) + 1]


def _between(
    looked: Mapping[float, tuple[float, float]], ends: tuple[float, float] | None
) -> float | None:
    if ends is None:
        return None
    low, high = (looked[end][0] for end in ends)
    return ends[0] + (ends[1] - ends[0]) * (-low / (high - low) if high > low else 1.0)
