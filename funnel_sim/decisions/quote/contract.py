"""A contract in every path: how long it lasts, and what is paid month by month.

What each clause means: docs/contracts.md.

Amounts are in the contract's own currency until the end; arrays are of shape (months, paths). Read
`duration_of`, then `bill`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model import commission
from funnel_sim.model.arrays import Array, Number, as_array
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.quotes import Option

Truth = NDArray[np.bool_]
LINES: tuple[str, ...] = (
    "setup",
    "base",
    "share",
    "spend",
    "orders",
    "floor",
    "bonus",
    "cap",
    "penalty",
    "instalments",
    "passed_on",
    "rebate",
    "extras",
    "total_cap",
    "exit",
    "tax",
)
"""What is paid, in the order in which it is worked out."""
RUNNING = ("base", "share", "spend", "orders")
OUTSIDE = ("passed_on", "rebate")
"""Lines that are money of third parties: no fee, so outside minimum, maximum, total maximum and
tax.
"""
NOT_INCOME = (*OUTSIDE, "tax")
STAYED, STOPPED, TRIAL, GAVE_NOTICE, NOT_RENEWED = range(5)
_OPEN = 10_000
_MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class KpiPath:
    """One KPI in every path, as a contract looks at it.

    `attained`: value over target (target over value where less is better), NaN without a figure;
    `month_met` each month for itself; `window_met` the whole window (None where it ends after the
    plan); `window` its months; `paid_in` the month in which an instalment for it falls due, shape
    (paths,); `gap`: how much better than the month's target the figure is, in money of the sales
    currency. `month_beyond` and `window_beyond`: the same as met, but what stands exactly on the
    target does not count; None where no reward asks for it. `every`: each month has to meet it,
    so that months do not make up for one another.
    """

    attained: Array
    month_met: Truth
    window_met: Truth | None
    window: tuple[int, int]
    paid_in: Array
    gap: Array | None
    month_beyond: Truth | None = None
    window_beyond: Truth | None = None
    every: bool = False

    def met_by(self, reward: Reward) -> tuple[Truth, Truth | None]:
        """Return by month and over the window where a reward takes the KPI as met: from its target
        on, or only beyond it.
        """
        if reward.bound == "from" or self.month_beyond is None:
            return self.month_met, self.window_met
        return self.month_beyond, self.window_beyond


@dataclass(frozen=True)
class Duration:
    """How long it lasts: `running` (months, paths), `last` the last month, `why` it ended, `left`
    the months of the term that an early exit leaves, 0 without one (paths).
    """

    running: Truth
    last: NDArray[np.int64]
    why: NDArray[np.int64]
    left: NDArray[np.int64]


def duration_of(option: Option, attained: Array | None, months: int, paths: int) -> Duration:
    """Return how long an option lasts in each path.

    Args:
        option: the terms of the contract.
        attained: what the KPI that decides about leaving attains of its target [fraction], shape
            (months, paths); None without one.
        months: how many months there are.
        paths: how many paths.

    Examples:
        >>> import numpy as np
        >>> option = Option(id="a", stop_loss=True, decided_by="gmv", stop_months=2)
        >>> duration_of(option, np.array([[0.9], [0.7], [0.7], [1.0]]), 4, 1).last.tolist()
        [3]
    """
    if attained is None and paths > 1:  # nothing tells one path from another
        alone = duration_of(option, None, months, 1)
        return Duration(
            np.repeat(alone.running, paths, axis=1),
            *(np.repeat(one, paths) for one in (alone.last, alone.why, alone.left)),
        )
    last = np.full(paths, _OPEN)
    why, left = np.zeros(paths, np.int64), np.zeros(paths, np.int64)
    streak, stop_streak = np.zeros(paths, np.int64), np.zeros(paths, np.int64)
    term_end = np.full(paths, option.term)
    none = np.zeros((months, paths), bool)
    misses = none if attained is None else ~(attained >= option.misses_below - 1e-12)
    stop_misses = none if attained is None else ~(attained >= option.stop_share - 1e-12)
    for month in range(1, months + 1):
        miss = misses[month - 1]
        free = last == _OPEN
        if option.patience is not None:
            streak = np.where(miss & (month >= option.stop_from), streak + 1, 0)
        if option.stop_loss:
            stop_streak = np.where(
                stop_misses[month - 1] & (month >= option.stop_from), stop_streak + 1, 0
            )

        def end(where: Truth, at: Any, reason: int) -> None:
            nonlocal last, why, free
            if not where.any():
                return
            last = np.where(where, at, last)
            why = np.where(where, reason, why)
            free = free & ~where

        # who does not renew has given no notice: until the term is over both rights stay
        may_leave = free | ((why == NOT_RENEWED) & (month <= last) & (option.renewal != "open"))
        if option.stop_loss:
            end(may_leave & (stop_streak >= option.stop_months), month, STOPPED)
        if option.trial and option.trial_exit and month == option.trial:
            end(may_leave & (why != STOPPED) & miss, month, TRIAL)
        if option.patience is not None:
            gone, until = free & (streak >= option.patience), np.full(paths, month + option.notice)
            if option.renewal != "open":
                until = np.minimum(until, term_end)
            left = np.where(gone, np.maximum(term_end - until, 0), left)
            end(gone, until, GAVE_NOTICE)
        if option.renewal == "open":
            end(
                free & miss & (month >= term_end - option.notice),
                np.maximum(term_end, month + option.notice),
                NOT_RENEWED,
            )
        else:
            ahead = option.notice if option.renewal == "automatic" else 0
            decided = term_end <= month + ahead
            end(free & miss & decided, term_end, NOT_RENEWED)
            terms = np.where(
                free & decided, (month + ahead - term_end) // option.renewal_months + 1, 0
            )  # several terms have to be added only where the notice is longer than the first term
            term_end = term_end + terms * option.renewal_months
    each = np.arange(1, months + 1)[:, None]
    return Duration(
        each <= last,
        np.minimum(last, months),
        np.where(last <= months, why, STAYED),
        np.where(last <= months, left, 0),
    )


@dataclass(frozen=True)
class Flows:
    """What the fees of a contract are counted on, each of shape (months, paths), money in the sales
    currency.

    `basis` the sales that are shared, `spend` ad spend without tax, `orders` paid orders, `fx` the
    contract's currency per unit of the sales currency, `season` of each month, shape (months, 1),
    `baseline` of the share a month, one number or of shape (paths,); `kpis` by id; `happened` where
    an extra that comes by events falls, by its place.
    """

    basis: Array
    spend: Array
    orders: Array
    fx: Array
    season: Array
    baseline: Array | float
    kpis: Mapping[str, KpiPath]
    happened: Mapping[int, Truth]


def shared_basis(option: Option, basis: Number, baseline: Number, season: Number) -> Number:
    """Return the sales that are shared: all of them, or what lies over the baseline of the month.

    Args:
        option: the terms of the contract.
        basis: sales by month, shape (months, paths), or terms.
        baseline: of a month, same currency.
        season: index of the month [1].

    Returns:
        Sales of the same shape.
    """
    if option.share_over != "baseline":
        return basis
    return np.maximum(basis - baseline * (season if option.baseline_season else 1.0), 0.0)


def share_due(option: Option, amount: Number) -> Array:
    """Return the share on an amount of sales, by its tiers; nothing below zero.

    Args:
        option: the terms of the contract.
        amount: sales [sales currency], any shape, or terms.

    Returns:
        The share, same currency and shape.
    """
    bounds = [tier.upto for tier in option.share_tiers if tier.upto is not None]
    rates = [tier.rate for tier in option.share_tiers]
    amount = np.maximum(amount, 0.0)
    if option.share_mode == "whole":
        return as_array(
            amount * commission.step(amount, bounds, rates, closed=option.share_bound == "upto")
        )
    return commission.marginal(amount, bounds, rates)


def share_of_sales(option: Option, flows: Flows, running: Truth) -> Array:
    """Return the share of sales by month.

    Args:
        option: the terms of the contract.
        flows: what the store brings, by month.
        running: in which months the contract runs, shape (months, paths).

    Returns:
        The share [currency of the contract], shape (months, paths).
    """
    if not option.share_tiers:
        return np.zeros(running.shape)
    basis = np.where(running, shared_basis(option, flows.basis, flows.baseline, flows.season), 0.0)
    if option.share_period == "month":
        return as_array(share_due(option, basis) * flows.fx)
    return as_array(
        np.diff(share_due(option, np.cumsum(basis, axis=0)), axis=0, prepend=0.0) * flows.fx
    )


def rebate_kept(option: Option, flows: Flows, running: Truth) -> Array:
    """Return the media rebate on ad spend that the agency keeps.

    Args:
        option: the terms of the contract.
        flows: what the store brings, by month.
        running: in which months the contract runs, shape (months, paths).

    Returns:
        The rebate [sales currency], shape (months, paths).
    """
    return np.asarray(option.rebate_rate * (1.0 - option.rebate_to_client) * flows.spend * running)


@dataclass(frozen=True)
class BillBasis:
    """What the lines of a contract are counted on: arrays of shape (months, paths), or one month as
    terms that write their formula.

    `month` from 1, `on` 1 where the contract runs, `fx` its currency per unit of the sales
    currency. What looks at other months or at KPIs is asked for: `share` of sales, `rewarded` by
    kind and base, `capped` what is due under a total maximum, `falls` whether an extra by its place
    falls; `exit` is what leaving early costs.
    """

    month: Any
    on: Any
    spend: Any
    orders: Any
    fx: Any
    zero: Any
    share: Callable[[], Any]
    rewarded: Callable[[str, Any], Any]
    capped: Callable[[Any, Any], Any]
    instalment: Callable[[Any], Any]
    happened: Callable[[int], Any]
    exit: Any = None


def lines_of(option: Option, at: BillBasis) -> dict[str, Array]:  # noqa: PLR0912 - one clause after the other, in the order of LINES
    """Return the lines of `LINES` that a contract has, in the order in which they are worked out.

    Args:
        option: the contract, or what stands for it with terms in place of its numbers.
        at: the months, flows and rewards that the lines are counted on.

    Returns:
        By line, shape (months, paths) or terms [currency of the contract]; what takes off has a
        minus.
    """
    on, zero = at.on, at.zero
    trial = np.less_equal(at.month, option.trial)
    out: dict[str, Any] = {}
    if option.setup:
        out["setup"] = np.where(np.equal(at.month, 1), option.setup, 0.0) * on
    if option.base or option.trial_base:
        out["base"] = (
            option.base
            if option.trial_base is None
            else np.where(trial, option.trial_base, option.base)
        ) * on
    if option.share_tiers:
        out["share"] = at.share()
    if option.spend_rate:
        out["spend"] = option.spend_rate * at.spend * at.fx * on
    if option.order_fee:
        out["orders"] = option.order_fee * at.orders * on
    fee = sum_of_lines(out, RUNNING, zero)
    if option.floor is not None:
        out["floor"] = np.where(trial, 0.0, np.maximum(option.floor - fee, 0.0)) * on
    if any(one.kind == "bonus" for one in option.rewards):
        out["bonus"] = at.rewarded("bonus", out.get("base", zero))
    if option.cap is not None:
        out["cap"] = -np.maximum(
            sum_of_lines(out, (*RUNNING, "floor", "bonus"), zero) - option.cap, 0.0
        )
    if any(one.kind == "penalty" for one in option.rewards):
        taken = at.rewarded("penalty", out.get("base", zero))
        most = np.maximum(sum_of_lines(out, (*RUNNING, "floor", "bonus", "cap"), zero), 0.0)
        out["penalty"] = -(np.minimum(taken, most) if option.penalty_limited else taken)
    if option.instalments:
        out["instalments"] = _added(
            np.where(np.equal(at.month, at.instalment(one)), one.amount, 0.0) * on
            for one in option.instalments
        )
    if option.passed_on:
        out["passed_on"] = option.passed_on * on
    if option.rebate_rate and option.rebate_to_client:
        out["rebate"] = -(option.rebate_rate * option.rebate_to_client) * at.spend * at.fx * on
    if option.extras:
        out["extras"] = _added(
            _extra(one, at, place) * on for place, one in enumerate(option.extras)
        )
    if option.total_cap is not None:
        due = sum_of_lines(out, [name for name in out if name not in OUTSIDE], zero)
        out["total_cap"] = at.capped(due, option.total_cap) - due
    if at.exit is not None:
        out["exit"] = at.exit
    if option.fee_tax:
        out["tax"] = option.fee_tax * sum_of_lines(
            out, [name for name in out if name not in OUTSIDE], zero
        )
    return out


def _added(parts: Iterable[Any]) -> Any:
    total: Any = 0.0
    for part in parts:
        total = total + part
    return total


def _extra(one: Any, at: BillBasis, place: int) -> Any:
    """Return what an extra comes to: in the first month, each month, once a year, or where its
    event falls.
    """
    match one.every:
        case "month":
            return one.amount
        case "once":
            return np.where(np.equal(at.month, 1), one.amount, 0.0)
        case "year":
            return np.where(np.equal(np.remainder(at.month, _MONTHS_A_YEAR), 1), one.amount, 0.0)
    return np.where(at.happened(place), one.amount, 0.0)


def bill(option: Option, flows: Flows, life: Duration) -> dict[str, Array]:
    """Return the lines of `LINES` that a contract has, in every path.

    Args:
        option: the terms of the contract.
        flows: what the store brings, by month.
        life: how long the contract lasts.

    Returns:
        By line, shape (months, paths) [currency of the contract]; what takes off has a minus.
    """
    running = life.running
    months, paths = running.shape
    month = np.arange(1, months + 1)[:, None]
    early = life.left > 0
    penalty = (
        option.exit_fixed
        + option.exit_months * option.base
        + option.exit_share * option.base * life.left
    )
    out = lines_of(
        option,
        BillBasis(
            month=month,
            on=running.astype(np.float64),
            spend=flows.spend,
            orders=flows.orders,
            fx=flows.fx,
            zero=np.zeros((months, paths)),
            share=lambda: share_of_sales(option, flows, running),
            rewarded=lambda kind, base: _rewards(option, kind, flows, running, base),
            capped=_capped,
            instalment=lambda one: (
                one.month if one.month is not None else flows.kpis[one.kpi].paid_in
            ),
            happened=lambda place: flows.happened[place],
            exit=np.where((month == life.last) & early, penalty, 0.0) if early.any() else None,
        ),
    )
    return {name: np.broadcast_to(out[name], (months, paths)) for name in LINES if name in out}


def up_to_maximum(due: Number, most: Number, so_far: Number) -> Array:
    """Return what is paid of an amount so that, with what was paid before, it never passes a
    maximum.

    Args:
        due: the amount [money].
        most: the maximum [money].
        so_far: what was paid before [money].

    Returns:
        The payment, of the broadcast shape or a term.
    """
    return as_array(np.minimum(due, most - so_far))


def _capped(due: Array, most: float) -> Array:
    """Return what is paid of each month's amount so that the sum never passes `most`."""
    paid, so_far = np.empty_like(due), np.zeros(due.shape[1])
    for index, amount in enumerate(due):
        paid[index] = up_to_maximum(amount, most, so_far)
        so_far = so_far + paid[index]
    return paid


def _rewards(option: Option, kind: str, flows: Flows, running: Truth, base: Array) -> Array:
    total = np.zeros(running.shape)
    for reward in option.rewards:
        if reward.kind == kind:
            total = total + _reward(reward, flows.kpis[reward.kpi], flows, running, base)
    return total


def _over_window(over: Array, *, every: bool) -> Array:
    """Return the excess or shortfall of a window, never below zero: that of its sum, or the months'
    own added.
    """
    if every:
        return as_array(np.maximum(over, 0.0).sum(axis=0))
    return as_array(np.maximum(over.sum(axis=0), 0.0))


def _reward(reward: Reward, kpi: KpiPath, flows: Flows, running: Truth, base: Array) -> Array:
    """Return one bonus or penalty by month, never below zero."""
    months = len(running)
    first, last = kpi.window
    month = np.arange(1, months + 1)[:, None]
    inside = (month >= first) & (month <= last)
    wanted = reward.kind == "bonus"
    month_met, window_met = kpi.met_by(reward)
    sign = 1.0 if wanted else -1.0
    on = {"base": base, "sales": np.where(running, flows.basis, 0.0) * flows.fx}
    over = None if kpi.gap is None else sign * kpi.gap * flows.fx
    if reward.each == "month":
        hit = inside & running & (month_met if wanted else ~month_met)
        match reward.form:
            case "fixed":
                amount: Any = reward.amount
            case "excess":
                amount = 0.0 if over is None else reward.amount * np.maximum(over, 0.0)
            case _:
                amount = reward.amount * on[reward.form]
        return np.asarray(np.where(hit, amount, 0.0))
    if window_met is None:
        return np.zeros(running.shape)
    hit = (month == last) & running & (window_met if wanted else ~window_met)
    match reward.form:
        case "fixed":
            amount = reward.amount
        case "excess":
            amount = (
                0.0
                if over is None
                else reward.amount * _over_window(over[first - 1 : last], every=kpi.every)
            )
        case _:
            amount = reward.amount * on[reward.form][first - 1 : last].sum(axis=0)
    return np.asarray(np.where(hit, amount, 0.0))


def sum_of_lines(lines: Mapping[str, Array], names: Iterable[str], zero: Array) -> Array:
    """Return the sum of some lines, by month and path; lines that the contract lacks are zero.

    Args:
        lines: amounts by line.
        names: which lines.
        zero: what a sum of no lines is.

    Returns:
        The sum, of the shape of the lines.
    """
    out = zero
    for name in names:
        if name in lines:
            out = lines[name] if out is zero else out + lines[name]
    return out
