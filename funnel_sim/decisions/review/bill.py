"""What is owed: a contract's bill for the actual months, line by line, to the cent.

The lines are worked out by the engine of the simulation (decisions/quote/contract.py) on what the
months were; targets and baselines are those that the term sheet shows. A figure that nobody typed
leaves its lines open and is named; nothing is billed on a guess. Read `bill_of`.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from functools import cached_property

import numpy as np
from babel.numbers import get_currency_precision

from funnel_sim.decisions.kpi.measured import key_of
from funnel_sim.decisions.quote.contract import (
    NOT_RENEWED,
    Duration,
    Flows,
    bill,
    duration_of,
    shared_basis,
)
from funnel_sim.decisions.quote.store_alone import basis_key
from funnel_sim.decisions.quote.worked_examples import share_baseline
from funnel_sim.decisions.review.actuals import Ledger, actual_ledger, lacking
from funnel_sim.decisions.review.kpis_seen import Seen, deciding_kpi, kpis_seen
from funnel_sim.decisions.review.open_lines import fees_lack, leave_open
from funnel_sim.decisions.review.rounding import UNDER_TOTAL, in_cents
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array, column
from funnel_sim.scenario.kpi_metrics import OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.units import EVERY_DIGIT

_DUST = 9  # digits behind the point to which a float is taken before it is rounded to cents
_TURNED = "turned"  # the KPI of a reward that is counted otherwise


@dataclass(frozen=True)
class Bill:
    """A contract's bill for actual months, amounts in the contract's currency (`code`).

    `lines` and `issued` hold each line by month, shape (months,): as it is owed now, and as it was
    before the refunds that came later; NaN where a figure lacks. `running` says in which months the
    contract runs, `why` how it ended (decisions/quote/contract.py). `basis`, `spend`, `orders` and
    `fx` are what was counted on, `shared` the sales that the share is on; `happened` the months in
    which an extra that is charged by event fell, by its place. `paid` is what was paid already, in
    `code`, NaN where not typed. `lacks` are the figures of the series without which lines are
    open, with their months.
    """

    option: Option
    code: str
    digits: int
    months: tuple[str, ...]
    running: tuple[bool, ...]
    last: int
    why: int
    lines: Mapping[str, Array]
    issued: Mapping[str, Array]
    basis: Array
    shared: Array
    baseline: float
    season: Array
    spend: Array
    orders: Array
    fx: Array
    kpis: Mapping[str, Seen]
    happened: Mapping[int, Collection[str]]
    paid: Array
    lacks: Mapping[str, tuple[str, ...]]
    assumed: tuple[str, ...]
    ledger: Ledger = field(repr=False, compare=False)

    def amount(self, line: str, month: int) -> Decimal | None:
        """Return a line of a month in cents; None where it is open.

        Args:
            line: the line of the contract.
            month: which month, counted from 1.
        """
        value = float(self._rounded[line][month - 1])
        return cents(value, self.digits)

    @cached_property
    def _rounded(self) -> Mapping[str, Array]:
        return _in_cents(self, self.lines)

    @cached_property
    def _issued(self) -> Mapping[str, Array]:
        return _in_cents(self, self.issued)

    def issued_amount(self, line: str, month: int) -> Decimal | None:
        """Return a line of a month in cents before the refunds that came later.

        Args:
            line: the line of the contract.
            month: which month, counted from 1.
        """
        return cents(float(self._issued[line][month - 1]), self.digits)

    def due(self, month: int) -> Decimal | None:
        """Return what a month comes to: the sum of its lines in cents; None where one is open."""
        return _sum(self.amount(line, month) for line in self.lines)

    def correction(self, month: int) -> Decimal | None:
        """Return what later refunds change in a month's bill; None where it is open."""
        before = _sum(self.issued_amount(line, month) for line in self.issued)
        now = self.due(month)
        return None if before is None or now is None else now - before

    @property
    def total(self) -> Decimal | None:
        """What all months come to; None where one is open."""
        return _sum(self.due(month) for month in range(1, len(self.months) + 1))

    @property
    def settled(self) -> Decimal:
        """What was paid already, as far as it was typed."""
        known = [cents(float(one), self.digits) for one in self.paid if not math.isnan(one)]
        return sum((one for one in known if one is not None), Decimal(0))

    @property
    def balance(self) -> Decimal | None:
        """What is still owed, below zero where more was paid; None where the bill is open."""
        return None if self.total is None else self.total - self.settled


def _in_cents(found: Bill, lines: Mapping[str, Array]) -> dict[str, Array]:
    """Return the lines of all months in whole cents; NaN where one is open."""

    def to(value: float, how: str) -> float:
        made = cents(float(value), found.digits, how)
        return math.nan if made is None else float(made)

    out = {name: np.zeros(len(found.months)) for name in lines}
    paid = 0.0
    for place, ran in enumerate(found.running):
        if not ran:
            for name, line in lines.items():
                out[name][place] = line[place]
            continue
        month: dict[str, float] = {}
        for name, line in lines.items():
            exact = float(line[place])
            month[name] = (
                exact
                if math.isnan(exact)
                else float(
                    in_cents(
                        found.option,
                        name,
                        month,
                        exact,
                        place + 1,
                        paid,
                        lambda value: to(float(value), ROUND_HALF_UP),
                        lambda value: to(float(value), ROUND_UP),
                    )
                )
            )
            out[name][place] = month[name]
        paid += sum(month.get(name, 0.0) for name in (*UNDER_TOTAL, "total_cap"))
    return out


def cents(value: float, digits: int, how: str = ROUND_HALF_UP) -> Decimal | None:
    """Return an amount rounded half up to a currency's digits; None for one that is not known.

    Args:
        value: the amount.
        digits: digits after the decimal mark, 2 for most currencies.
        how: of `decimal`, half up where nothing else is asked for.

    Examples:
        >>> cents(2.675, 2), cents(-0.005, 2), cents(1234.5, 0), cents(float("nan"), 2)
        (Decimal('2.68'), Decimal('-0.01'), Decimal('1235'), None)
        >>> cents(1.5e30, 2) == 15 * 10**29
        True
    """
    if not math.isfinite(value):
        return None
    near = Decimal(repr(round(value, _DUST)))
    rounded = near.quantize(Decimal(1).scaleb(-digits), how, EVERY_DIGIT)
    return rounded if rounded else rounded.copy_abs()


def _sum(parts: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def bill_of(
    scenario: Scenario,
    option: Option,
    months: Sequence[str] | None = None,
    *,
    counted: Mapping[str, Sequence[float | None]] | None = None,
    happened: Mapping[int, Collection[str]] | None = None,
    fx: Sequence[float] | None = None,
    turned: tuple[int, int, bool] | None = None,
) -> Bill:
    """Return the bill of an option's contract for the actual months of a scenario.

    Args:
        scenario: holds the series (its mark is the contract's first month) and the KPIs.
        option: whose contract it is.
        months: the engagement's months from the first on; None: all that the series has.
        counted: by id, the months of KPIs that the funnel does not produce; None: the scenario's.
        happened: by the place of an extra that is charged by event, the months in which it fell;
            None: the scenario's.
        fx: the contract's currency per unit of the sales currency by month; None: the scenario's
            rate in each month.
        turned: a reward that is counted otherwise: its place from 0, the month from 1 and whether
            it falls due there.

    Raises:
        InputError: no month of the engagement is known, or more than a plan holds.

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen").replace(
    ...     {
    ...         "history.first_month": "2026-01",
    ...         "history.engagement_from": "2026-02",
    ...         "history.seen_gmv": [900.0, 1000.0, 1200.0],
    ...         "history.seen_orders": [30.0, 33.0, 40.0],
    ...     }
    ... )
    >>> option = Option.model_validate(
    ...     {"id": "a", "base": 300, "fee_currency": "sales", "share_tiers": [{"rate": 0.05}]}
    ... )
    >>> found = bill_of(store, option)
    >>> [str(found.due(month)) for month in (1, 2)], str(found.total)  # 300 + 5 % of 1000, of 1200
    (['350.00', '360.00'], '710.00')
    """
    names = tuple(scenario.history.engaged() if months is None else months)
    if not scenario.history.engagement_from:
        raise refuse("history.engagement_from", None, "review_no_mark")
    history = scenario.history
    counted = history.counted_months() if counted is None else counted
    happened = history.fell() if happened is None else happened
    now, before = (
        _worked(scenario, option, names, counted, happened, fx, turned, refunded_later=later)
        for later in (True, False)
    )
    return replace(now, issued=before.lines)


def _worked(
    scenario: Scenario,
    option: Option,
    names: Sequence[str],
    counted: Mapping[str, Sequence[float | None]],
    happened: Mapping[int, Collection[str]],
    fx: Sequence[float] | None,
    turned: tuple[int, int, bool] | None,
    *,
    refunded_later: bool,
) -> Bill:
    """Return the bill with or without the refunds that came later."""
    ledger = actual_ledger(scenario, names, refunded_later=refunded_later)
    count = ledger.count
    key = basis_key(ledger.scenario, option)
    rates = np.full(count, option.rate(scenario)) if fx is None else np.asarray(fx, np.float64)
    plan = ledger.scenario.plan  # whose first month is the calendar month of the mark
    season = np.array([plan.season_at(month + 1) for month in range(count)])
    flows = Flows(
        ledger.month(key)[:, None],
        ledger.month("media_spend")[:, None],
        ledger.month("paid_orders")[:, None],
        rates[:, None],
        column(season.tolist()),
        share_baseline(scenario, option),
        {},
        {
            place: np.array([[name in happened.get(place, ())] for name in names])
            for place, one in enumerate(option.extras)
            if one.every == "event"
        },
    )
    unparted = _unparted(scenario, option, names)
    if unparted:
        flows = replace(
            flows, basis=np.where(np.isin(names, unparted)[:, None], np.nan, flows.basis)
        )
    seen = kpis_seen(scenario, option, ledger, flows, counted)
    flows = replace(flows, kpis={name: one.path for name, one in seen.items()})
    billed, flows = (option, flows) if turned is None else _turned(option, flows, turned)
    decides = deciding_kpi(option, seen)
    life = _not_renewed(option, duration_of(option.but(patience=None), decides, count, 1))
    ran = life.running[:, 0]
    lines = {
        name: np.where(ran, line[:, 0], 0.0) for name, line in bill(billed, flows, life).items()
    }
    leave_open(option, lines, seen, ledger.months, int(ran.sum()))
    lacks = dict(fees_lack(option, ledger, key)) | ({"refunds": unparted} if unparted else {})
    for one in seen.values():
        if one.unknown and one.kpi.metric not in (*OPERATIONAL, *STEADY_METRICS):
            lacks |= lacking(ledger, key_of(ledger.scenario, one.kpi))
        elif one.unknown:
            lacks[f"kpi.{one.kpi.id}"] = one.unknown
    code = scenario.cost_currency if option.fee_currency == "cost" else scenario.currency
    return Bill(
        option,
        code,
        int(get_currency_precision(code)),
        ledger.months,
        tuple(bool(one) for one in life.running[:, 0]),
        int(life.last[0]),
        int(life.why[0]),
        lines,
        lines,
        flows.basis[:, 0],
        np.where(
            life.running,
            np.asarray(shared_basis(option, flows.basis, flows.baseline, flows.season)),
            0.0,
        )[:, 0],
        float(np.asarray(flows.baseline)),
        season,
        flows.spend[:, 0],
        flows.orders[:, 0],
        rates,
        seen,
        happened,
        np.array(scenario.history.of("fees_paid", names)),
        lacks,
        ledger.assumed,
        ledger,
    )


def _unparted(scenario: Scenario, option: Option, names: Sequence[str]) -> tuple[str, ...]:
    """Return the months whose share cannot be counted because only sales after refunds are known:
    those before refunds, or how much of the sales from ads went back, follow from the refunds.
    """
    if not option.share_tiers and all(one.form != "sales" for one in option.rewards):
        return ()
    apart = option.clawback if option.share_basis == "ad_sales" else not option.clawback
    if not apart or option.share_basis not in ("gmv", "sales", "ad_sales"):
        return ()
    return tuple(name for name in names if name in scenario.history.after_refunds)


def _turned(option: Option, flows: Flows, turned: tuple[int, int, bool]) -> tuple[Option, Flows]:
    """Return the contract with one reward on a KPI of its own, which is met in one month, or not;
    elsewhere it stays as it came.
    """
    place, month, due = turned
    reward = option.rewards[place]
    path = flows.kpis[reward.kpi]
    months, whole = path.met_by(reward)
    met_ = due == (reward.kind == "bonus")
    first, last = path.window
    if reward.each == "month":
        months = months.copy()
        months[month - 1] = met_
        window = (min(first, month), max(last, month))
        outside = [*range(window[0], first), *range(last + 1, window[1] + 1)]
        for other in outside:  # months that the window lacks stay without the reward
            if other != month and other <= len(months):  # a window may lie wholly ahead
                months[other - 1] = reward.kind != "bonus"
    else:
        whole, window = np.array([met_]), (min(first, month), month)
    other_path = replace(
        path,
        month_met=months,
        window_met=whole,
        window=window,
        month_beyond=None,
        window_beyond=None,
    )
    rewards = list(option.rewards)
    rewards[place] = reward.but(kpi=_TURNED)
    kpis = {**flows.kpis, _TURNED: other_path}
    return option.but(rewards=rewards), replace(flows, kpis=kpis)


def _not_renewed(option: Option, life: Duration) -> Duration:
    """Return how long a contract runs that ends with its term unless it is signed again: nothing of
    a new signature is known here, so nothing is billed after the term.
    """
    months = life.running.shape[0]
    if option.renewal != "ends" or option.term >= months:
        return life
    over = life.last > option.term
    return replace(
        life,
        running=life.running & (np.arange(1, months + 1)[:, None] <= option.term),
        last=np.minimum(life.last, option.term),
        why=np.where(over, NOT_RENEWED, life.why),
        left=np.where(over, 0, life.left),
    )
