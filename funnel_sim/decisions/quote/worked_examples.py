"""Worked examples of a contract: one normal month, and all months to the end of the first KPI's
window, at four levels of that KPI.

Each level is one path of the same engine that works out the simulation
(decisions/quote/contract.py), with the same month again and again: the usual month of the store
carried on alone, its orders multiplied until the KPI stands at the level. Read `examples`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from babel.numbers import get_currency_precision

from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.kpi import draws as kpi_draws
from funnel_sim.decisions.kpi.draws import KpiDraws
from funnel_sim.decisions.kpi.measured import Baseline, baseline_of, key_of, months_added, target_of
from funnel_sim.decisions.quote import kpi_in_contract, store_alone
from funnel_sim.decisions.quote.contract import (
    RUNNING,
    Duration,
    Flows,
    bill,
    duration_of,
    sum_of_lines,
)
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import book_of, figures, figures_of, steady_with_uplift
from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.keys import Book
from funnel_sim.model.metrics import FORMULAS
from funnel_sim.model.values import Values
from funnel_sim.model.wanted import leading_to
from funnel_sim.scenario.fields import LONGEST_HORIZON
from funnel_sim.scenario.kpi_metrics import CASH_METRICS, OPERATIONAL
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

SHARES: tuple[float, ...] = (0.5, 1.0, 1.5)
"""Levels as shares of the target: what is attained of it."""
_ROUNDS = 110
_MOST = 1e4
_NEAR = 1e-6
_RATE_DIGITS, _FINE_DIGITS, _DIGITS = 4, 4, 2


@dataclass(frozen=True)
class Agreed:
    """A KPI's absolute target, a month's share of it, and its baseline, with the digits that a
    contract shows; typed numbers stay as typed.
    """

    target: float
    month: float
    baseline: Baseline | None


@dataclass(frozen=True)
class ExampleLevel:
    """One level: `share` of the target that is attained (None: the baseline), the KPI's `value` in
    each month, and `scale`, what the orders of the usual month are multiplied by.

    `basis`, `spend` (sales currency) and `orders` of each month; `values` of every KPI that the
    contract names, whether each is `met`, and whether it is better than its target (`beyond`);
    `month` the lines of one normal month; `life` how long the engagement lasts within the months
    shown, `lines` what is paid in each of them, shape (months,). In the contract's currency.
    """

    share: float | None
    value: float
    scale: float
    basis: float
    spend: float
    orders: float
    values: Mapping[str, float]
    met: Mapping[str, bool]
    beyond: Mapping[str, bool]
    month: Mapping[str, float]
    life: Duration
    lines: Mapping[str, Array]

    @property
    def lasts(self) -> int:
        """The last month in which the engagement runs."""
        return int(self.life.last[0])

    @property
    def why(self) -> int:
        """Why it ended (decisions/quote/contract.py), 0 where it runs on."""
        return int(self.life.why[0])


@dataclass(frozen=True)
class Examples:
    """The worked examples of one option; `kpi` is the one whose levels are shown, `named` whether
    the contract names it (else it is GMV against its usual month).

    `months` are worked out; `scaled` says whether the orders were multiplied to reach the levels,
    or the KPI does not follow from them; `usual` is the KPI in the usual month; `fx` the contract's
    currency per unit of the sales currency; `baseline` that of the share, 0 where none is taken
    off.
    """

    option: Option
    kpi: Kpi
    named: bool
    scaled: bool
    months: int
    usual: float
    fx: float
    baseline: float
    agreed: Mapping[str, Agreed]
    levels: Sequence[ExampleLevel]


def _digits(scenario: Scenario) -> int:
    return int(get_currency_precision(scenario.currency))


def tidy(scenario: Scenario, metric: str, value: float) -> float:
    """Return a value with the digits that a contract shows of such a metric.

    Args:
        scenario: the store and its plan, for its currency.
        metric: which figure, such as "profit".
        value: the value, in the unit of the metric.

    Returns:
        The rounded value.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> (
        ...     tidy(preset("amazon-de-kitchen"), "gmv", 1234.5678),
        ...     tidy(preset("amazon-de-kitchen"), "roas", 3.4567),
        ... )
        (1234.57, 3.46)
    """
    match _unit_of(metric):
        case "money":
            return round(value, _digits(scenario))
        case "rate":
            return round(value, _RATE_DIGITS)
        case "ratio":
            return round(value, _DIGITS if abs(value) >= 1 else _FINE_DIGITS)
        case _:
            return round(value, 1)


def _unit_of(metric: str) -> str:
    """Return the unit of a KPI's metric: of a formula, of a figure of the funnel, of one that is
    counted, or of the input that it is (the return rate).
    """
    if metric in CASH_METRICS:
        return "money"
    if metric in OPERATIONAL:
        return "count" if metric in ("listings_live", "stock_days", "account_health") else "rate"
    if metric in FORMULAS:
        return FORMULAS[metric].unit
    if metric in FUNNEL_WORDS:
        return FUNNEL_WORDS[metric][0]
    spec = spec_of(f"fulfilment.{metric}")
    return "rate" if spec is None else spec.unit.value


def agreed(scenario: Scenario, kpi: Kpi) -> Agreed:
    """Return what a contract says of a KPI: target and baseline against the store carried on alone.

    Args:
        scenario: the store and its plan, as typed.
        kpi: what is measured, its target, window and basis.

    Raises:
        InputError: if a relative target has no baseline.
    """
    store = store_alone.without_operator(scenario)
    base = baseline_of(store, kpi)
    if base is not None and base.source != "typed":
        base = replace(base, value=tidy(scenario, kpi.metric, base.value))
    target = target_of(store, kpi)
    if kpi.relative and base is not None:
        target = tidy(scenario, kpi.metric, base.value * (1.0 + kpi.target) * months_added(kpi))
    return Agreed(target, kpis.month_target(kpi, target), base)


def share_baseline(scenario: Scenario, option: Option) -> float:
    """Return the baseline of the share as a contract shows it.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.

    Returns:
        Per month, in the unit of what is shared; 0 where the share is on all sales.

    Raises:
        InputError: if it would follow from sales of ads that nobody knows.
    """
    if not option.share_tiers or option.share_over != "baseline":
        return 0.0
    if option.baseline is not None:
        return option.baseline
    store_alone.refuse_unknown_share(store_alone.without_operator(scenario), option)
    return round(store_alone.baseline(scenario, option), _digits(scenario))


def named_kpis(scenario: Scenario, option: Option) -> list[Kpi]:
    """Return the KPIs that a contract names, in the scenario's order.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.

    Returns:
        The KPIs.
    """
    names = {name for _, name in option.kpis_named()}
    return [kpi for kpi in scenario.kpis if kpi.id in names]


def examples(scenario: Scenario, option: Option) -> Examples:
    """Return the worked examples of an option's contract.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.

    Raises:
        InputError: if its share is of sales of ads that nobody knows.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> found = examples(preset("amazon-de-kitchen"), Option(id="a", base=1000.0, term=3))
        >>> [level.lines["base"].tolist() for level in found.levels][0], found.named
        ([1000.0, 1000.0, 1000.0], False)
    """
    option = option.but(patience=None)
    known = {kpi.id: agreed(scenario, kpi) for kpi in named_kpis(scenario, option)}
    kpi, is_named = _chosen(scenario, option, known), True
    if kpi is None:
        kpi, is_named = (
            Kpi(
                id="usual_gmv",
                metric="gmv",
                target=0.0,
                relative=True,
                month_to=min(option.term, LONGEST_HORIZON),
            ),
            False,
        )
        known = known | {kpi.id: agreed(scenario, kpi)}
    month = _Month(scenario, option, [*named_kpis(scenario, option), *([] if is_named else [kpi])])
    goal, base = known[kpi.id].month, known[kpi.id].baseline
    wanted: list[tuple[float | None, float]] = [
        (share, _attaining(kpi, goal, share)) for share in SHARES
    ]
    scales = (
        None if kpi.metric in OPERATIONAL else month.scales(kpi, [value for _, value in wanted])
    )
    levels = [
        (share, value, 1.0 if scales is None else scales[index])
        for index, (share, value) in enumerate(wanted)
    ]
    usual = month.usual(kpi, base)
    if is_named:
        start = usual if base is None else base.value
        scale = (
            [1.0]
            if scales is None
            else month.scales(kpi, [start])
            if math.isfinite(start)
            else None
        )
        if scale is not None and math.isfinite(start):
            levels = [(None, start, scale[0]), *levels]
    worked = [_level(option, month, kpi, known, one, kpi.months[1]) for one in levels]
    return Examples(
        option,
        kpi,
        is_named,
        scales is not None,
        kpi.months[1],
        usual,
        month.fx,
        month.baseline,
        known,
        worked,
    )


def _chosen(scenario: Scenario, option: Option, known: Mapping[str, Agreed]) -> Kpi | None:
    """Return the KPI whose levels are shown: the one that decides about leaving, else the first
    that the contract names; one whose target is above zero.
    """
    by_id = {kpi.id: kpi for kpi in scenario.kpis}
    order = [option.decided_by, *(name for _, name in option.kpis_named())]
    return next((by_id[name] for name in order if name in by_id and known[name].month > 0), None)


def _attaining(kpi: Kpi, goal: float, share: float) -> float:
    """Return the value that attains a share of the target: less of it where less is better.

    >>> _attaining(Kpi(id="a", metric="acos", comparator="at_most", target=0.2), 0.2, 0.5)
    0.4
    """
    return goal * share if kpi.comparator == "at_least" else goal / share


class _Month:
    """The usual month of the store carried on alone, with the ad budget that the option asks
    for.
    """

    def __init__(self, scenario: Scenario, option: Option, asked: Sequence[Kpi]):
        self.scenario, self.option, self.store = (
            scenario,
            option,
            store_alone.without_operator(scenario),
        )
        self.kpis = asked
        self.fx = option.rate(scenario)
        store_alone.refuse_unknown_share(self.store, option)
        self.baseline = share_baseline(scenario, option)
        self.keys = {
            kpi.id: key_of(self.store, kpi) for kpi in asked if kpi.metric not in OPERATIONAL
        }
        self.basis_key = store_alone.basis_key(self.store, option)
        self.with_fee = any(
            name in leading_to(frozenset(self.keys.values())) for name in ("profit", "operator_fee")
        )
        self.values = Values(self.store, budget_scale=option.ad_budget)
        self.wanted = leading_to(
            frozenset({*self.keys.values(), self.basis_key, "media_spend", "paid_orders", "profit"})
        )
        self.book = book_of(self.values, steady=True, wanted=self.wanted)

    def figures(self, scale: Array) -> dict[str, Array]:
        """Return every figure asked for with the month's orders multiplied, each of the shape of
        `scale`; NaN where there is none.
        """
        book = steady_with_uplift(self.book, scale[None, :], self.wanted)
        found = self._read(book, (self.basis_key, "media_spend", "paid_orders"), scale)
        # as in the simulation: a KPI that includes the operator's fee is computed from a ledger
        # with the fee before bonuses
        if self.with_fee:
            option = self.option.but(
                rewards=[], instalments=[], extras=[], total_cap=None, setup=0.0, trial=0
            )
            flows = self.flows(found[self.basis_key], found["media_spend"], found["paid_orders"], 1)
            lines = bill(option, flows, _running(1, scale.size))
            fee = (
                sum_of_lines(lines, (*RUNNING, "floor", "cap"), np.zeros((1, scale.size))) / self.fx
            )
            book |= {"operator_fee": -fee, "profit": book["profit"] - fee}
        return found | self._read(book, tuple(self.keys.values()), scale)

    def _read(self, book: Book, keys: Sequence[str], scale: Array) -> dict[str, Array]:
        found = (
            figures_of(self.values, book, book, {"steady": tuple(dict.fromkeys(keys))})
            if keys
            else {}
        )
        return {
            key: np.broadcast_to(
                np.asarray(np.nan if value is None else value, np.float64), (1, scale.size)
            )[0]
            for (key, _), value in found.items()
        }

    def flows(self, basis: Array, spend: Array, orders: Array, months: int) -> Flows:
        """Return flows that are the same in every month, without any season."""
        shape = (months, basis.size)
        one, two, three = (np.broadcast_to(part, shape) for part in (basis, spend, orders))
        none = {index: np.zeros(shape, bool) for index, _ in enumerate(self.option.extras)}
        return Flows(
            one, two, three, np.full(shape, self.fx), np.ones((months, 1)), self.baseline, {}, none
        )

    def usual(self, kpi: Kpi, base: Baseline | None) -> float:
        """Return a KPI in the usual month; its baseline where it does not follow from the
        funnel.
        """
        if kpi.id not in self.keys:
            return math.nan if base is None else base.value
        return float(self.figures(np.ones(1))[self.keys[kpi.id]][0])

    def scales(self, kpi: Kpi, wanted: Sequence[float]) -> list[float] | None:
        """Return what the month's orders must be multiplied by for each value of a KPI; None where
        more or fewer orders do not bring it about.
        """
        key, goal = self.keys[kpi.id], np.array(wanted)
        low, high = np.full(goal.shape, -math.log(_MOST)), np.full(goal.shape, math.log(_MOST))
        ends = [self.figures(np.exp(end))[key] for end in (low, high)]
        if not (np.isfinite(ends[0]).all() and np.isfinite(ends[1]).all()) or np.allclose(
            ends[0], ends[1]
        ):
            return None
        sign = np.where(ends[1] > ends[0], 1.0, -1.0)
        for _ in range(_ROUNDS):
            middle = (low + high) / 2
            under = sign * (self.figures(np.exp(middle))[key] - goal) < 0
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        scale = np.exp(high)
        if not np.allclose(self.figures(scale)[key], goal, rtol=_NEAR, atol=_NEAR):
            return None
        return [float(one) for one in scale]


@dataclass(frozen=True)
class UsualMonth:
    """One usual month of the store carried on alone at an option's ad budget: what is shared
    (`basis`) and `spend` in the sales currency, `orders`, and the `lines` of its bill in the
    contract's.
    """

    basis: float
    spend: float
    orders: float
    lines: Mapping[str, float]


def usual_month(scenario: Scenario, option: Option) -> UsualMonth:
    """Return the usual month of an option's contract, with the digits that a contract shows: no
    trial, and nothing that falls due once or by a KPI.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.

    Raises:
        InputError: if its share is of sales of ads that nobody knows.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> usual_month(
        ...     preset("amazon-de-kitchen"), Option(id="a", base=1000.0, order_fee=2.0)
        ... ).lines
        {'base': 1000.0, 'orders': 836.6}
    """
    month = _Month(scenario, option, [])
    found = month.figures(np.ones(1))
    digits = _digits(scenario)
    basis, spend = (round(float(found[key][0]), digits) for key in (month.basis_key, "media_spend"))
    orders = round(float(found["paid_orders"][0]), 1)
    plain = option.but(
        setup=0.0,
        trial=0,
        rewards=[],
        instalments=[],
        total_cap=None,
        extras=[one for one in option.extras if one.every == "month"],
    )
    flows = month.flows(np.array([basis]), np.array([spend]), np.array([orders]), 1)
    lines = bill(plain, flows, _running(1, 1))
    return UsualMonth(
        basis, spend, orders, {name: float(line[0, 0]) for name, line in lines.items()}
    )


def usual_spend(scenario: Scenario, option: Option) -> float:
    """Return the ad spend of the usual month of an option's contract, as `usual_month` has it:
    known whatever the fee is a share of.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.

    Returns:
        The spend [sales currency per month].
    """
    values = Values(store_alone.without_operator(scenario), budget_scale=option.ad_budget)
    spend = figures(values, {"steady": ["media_spend"]})["media_spend", "steady"]
    return round(float(np.asarray(spend).reshape(-1)[0]), _digits(scenario))


def _running(months: int, paths: int) -> Duration:
    return Duration(
        np.ones((months, paths), bool),
        np.full(paths, months),
        np.zeros(paths, np.int64),
        np.zeros(paths, np.int64),
    )


def _level(
    option: Option,
    month: _Month,
    kpi: Kpi,
    known: Mapping[str, Agreed],
    at: tuple[float | None, float, float],
    months: int,
) -> ExampleLevel:
    """Return one level, worked out by the engine for one normal month and for all months."""
    share, value, scale = at
    found = month.figures(np.array([scale]))
    digits = _digits(month.scenario)
    basis, spend = (round(float(found[key][0]), digits) for key in (month.basis_key, "media_spend"))
    orders = round(float(found["paid_orders"][0]), 1)
    values = {}
    for one in month.kpis:
        base = known[one.id].baseline
        if one.id == kpi.id:
            values[one.id] = value
        elif one.id in month.keys:
            values[one.id] = float(found[month.keys[one.id]][0])
        else:
            values[one.id] = math.nan if base is None else base.value
    met, beyond = (
        {
            one.id: bool(
                kpi_draws.met(one, known[one.id].month, np.array([values[one.id]]), beyond=more)[0]
            )
            for one in month.kpis
        }
        for more in (False, True)
    )

    def flows(count: int, *, single: bool = False) -> Flows:
        plain = month.flows(np.array([basis]), np.array([spend]), np.array([orders]), count)
        paths = {}
        for one in month.kpis:
            seen = values[one.id]
            draws = KpiDraws(np.array([seen * months_added(one)]), np.full((count, 1), seen))
            moved = one.but(window="month", month_from=1, month_to=1) if single else one
            paths[one.id] = kpi_in_contract.kpi_path(
                moved,
                known[one.id].month if single else known[one.id].target,
                draws,
                count,
                beyond=True,
            )
        return Flows(
            plain.basis,
            plain.spend,
            plain.orders,
            plain.fx,
            plain.season,
            plain.baseline,
            paths,
            plain.happened,
        )

    lone = {
        "setup": 0.0,
        "trial": 0,
        "instalments": [],
        "total_cap": None,
        "rewards": [one for one in option.rewards if one.each == "month"],
        "extras": [one for one in option.extras if one.every == "month"],
    }
    normal = bill(option.but(**lone), flows(1, single=True), _running(1, 1))
    every = flows(months)
    life = duration_of(
        option, every.kpis[option.decided_by].attained if option.decided_by else None, months, 1
    )
    lines = bill(option, every, life)
    return ExampleLevel(
        share,
        value,
        scale,
        basis,
        spend,
        orders,
        values,
        met,
        beyond,
        {name: float(line[0, 0]) for name, line in normal.items()},
        life,
        {name: np.asarray(line[:, 0]) for name, line in lines.items()},
    )
