"""A contract worked out one path, one month and one clause at a time, from docs/contracts.md alone.

Slow on purpose: plain floats, ifs and loops, to hold the fast engine against. Months count from 1;
a list's first entry is month 1.
"""

import math
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.quotes import Option


@dataclass
class KpiOfPath:
    """One KPI in one path: attained share and truth by month, truth of the window (None: it ends
    after the plan), its months, the month an instalment falls due (0: never), its gap.
    """

    attained: list[float]
    month_met: list[bool]
    window_met: bool | None
    window: tuple[int, int]
    paid_in: int
    gap: list[float] | None
    month_beyond: list[bool] | None = None
    window_beyond: bool | None = None
    every: bool = False


@dataclass
class FlowsOfPath:
    """What fees are counted on in one path, month by month."""

    basis: list[float]
    spend: list[float]
    orders: list[float]
    fx: list[float]
    season: list[float]
    baseline: float
    kpis: dict[str, KpiOfPath] = field(default_factory=dict)
    happened: dict[int, list[bool]] = field(default_factory=dict)


@dataclass
class End:
    """The last month (None: beyond every month looked at), why it ended, and the months of the term
    that an early exit leaves.
    """

    last: int | None
    why: str
    left: int


def how_long(option: Option, attained: list[float] | None, months: int) -> End:
    """Go through the months until someone ends it."""
    term_ends = option.term
    not_renewed = False
    missed_in_a_row = 0
    below_in_a_row = 0
    for m in range(1, months + 1):
        misses = attained is not None and (
            math.isnan(attained[m - 1])
            or attained[m - 1]
            < (option.stop_share if option.miss_share is None else option.miss_share)
        )
        below = attained is not None and (
            math.isnan(attained[m - 1]) or attained[m - 1] < option.stop_share
        )
        below_in_a_row = below_in_a_row + 1 if below and m >= option.stop_from else 0
        missed_in_a_row = missed_in_a_row + 1 if misses and m >= option.stop_from else 0
        if option.stop_loss and below_in_a_row >= option.stop_months:
            return End(m, "stopped", 0)
        if option.trial > 0 and option.trial_exit and m == option.trial and misses:
            return End(m, "trial", 0)
        if not_renewed:  # no notice: until the term is over only stop-loss and trial end it
            if m >= term_ends:
                return End(term_ends, "not renewed", 0)
            continue
        if option.patience is not None and missed_in_a_row >= option.patience:
            last = m + option.notice
            if option.renewal != "open":
                last = min(last, term_ends)
            return End(last, "notice", max(term_ends - last, 0))
        if option.renewal == "open":
            if m >= term_ends - option.notice and misses:
                return End(max(term_ends, m + option.notice), "not renewed", 0)
        else:
            ahead = option.notice if option.renewal == "automatic" else 0
            if misses and term_ends - ahead <= m:
                not_renewed = True
                if m >= term_ends:
                    return End(term_ends, "not renewed", 0)
                continue
            while term_ends - ahead <= m:
                term_ends += option.renewal_months
    return End(term_ends, "not renewed", 0) if not_renewed else End(None, "stayed", 0)


def share_of(option: Option, amount: float) -> float:
    """The share of one amount by the tiers."""
    amount = max(amount, 0.0)
    if option.share_mode == "whole":
        for tier in option.share_tiers:
            if (
                tier.upto is None
                or amount < tier.upto
                or (amount == tier.upto and option.share_bound == "upto")
            ):
                return amount * tier.rate
    due, below = 0.0, 0.0
    for tier in option.share_tiers:
        upto = math.inf if tier.upto is None else tier.upto
        if amount > below:
            due += (min(amount, upto) - below) * tier.rate
        below = upto
    return due


def reward_of(reward: Reward, flows: FlowsOfPath, base: list[float], m: int) -> float:
    """What one reward comes to in month m, before its sign, in the contract's currency."""
    kpi = flows.kpis[reward.kpi]
    first, last = kpi.window
    if reward.each == "month":
        if not first <= m <= last:
            return 0.0
        met, tested = kpi.month_met[m - 1], [m]
        if reward.bound == "above":
            assert kpi.month_beyond is not None
            met = kpi.month_beyond[m - 1]
    else:
        if m != last or kpi.window_met is None:
            return 0.0
        met, tested = kpi.window_met, list(range(first, last + 1))
        if reward.bound == "above":
            met = bool(kpi.window_beyond)
    if met != (reward.kind == "bonus"):
        return 0.0
    if reward.form == "fixed":
        return reward.amount
    if reward.form == "base":
        return reward.amount * sum(base[t - 1] for t in tested)
    if reward.form == "sales":
        return reward.amount * sum(flows.basis[t - 1] * flows.fx[t - 1] for t in tested)
    if kpi.gap is None:
        return 0.0
    sign = 1.0 if reward.kind == "bonus" else -1.0
    if kpi.every:  # months do not make up for one another
        return reward.amount * sum(
            max(sign * kpi.gap[t - 1] * flows.fx[t - 1], 0.0)
            for t in tested
            if not math.isnan(kpi.gap[t - 1])
        )
    over = sum(
        0.0 if math.isnan(kpi.gap[t - 1]) else kpi.gap[t - 1] * flows.fx[t - 1] for t in tested
    )
    return reward.amount * max(over if reward.kind == "bonus" else -over, 0.0)


def bill_of(option: Option, flows: FlowsOfPath, end: End, months: int) -> dict[str, list[float]]:
    """Every line of the bill in every month of the plan, in the contract's currency."""
    names = [
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
    ]
    lines = {name: [0.0] * months for name in names}
    basis_before = 0.0
    total = 0.0
    for m in range(1, months + 1):
        if end.last is not None and m > end.last:
            break
        i = m - 1
        in_trial = m <= option.trial
        now = dict.fromkeys(names, 0.0)
        if m == 1:
            now["setup"] = option.setup
        now["base"] = (
            option.trial_base if in_trial and option.trial_base is not None else option.base
        )
        lines["base"][i] = now["base"]
        if option.share_tiers:
            counted = flows.basis[i]
            if option.share_over == "baseline":
                counted = max(
                    counted - flows.baseline * (flows.season[i] if option.baseline_season else 1.0),
                    0.0,
                )
            if option.share_period == "month":
                now["share"] = share_of(option, counted) * flows.fx[i]
            else:
                now["share"] = (
                    share_of(option, basis_before + counted) - share_of(option, basis_before)
                ) * flows.fx[i]
                basis_before += counted
        now["spend"] = option.spend_rate * flows.spend[i] * flows.fx[i]
        now["orders"] = option.order_fee * flows.orders[i]
        fees = now["base"] + now["share"] + now["spend"] + now["orders"]
        if option.floor is not None and not in_trial:
            now["floor"] = max(option.floor - fees, 0.0)
        now["bonus"] = sum(
            reward_of(one, flows, lines["base"], m) for one in option.rewards if one.kind == "bonus"
        )
        before_cap = fees + now["floor"] + now["bonus"]
        if option.cap is not None:
            now["cap"] = -max(before_cap - option.cap, 0.0)
        taken_off = sum(
            reward_of(one, flows, lines["base"], m)
            for one in option.rewards
            if one.kind == "penalty"
        )
        if option.penalty_limited:
            taken_off = min(taken_off, max(before_cap + now["cap"], 0.0))
        now["penalty"] = -taken_off
        for part in option.instalments:
            if part.month == m or (part.kpi and flows.kpis[part.kpi].paid_in == m):
                now["instalments"] += part.amount
        now["passed_on"] = option.passed_on
        now["rebate"] = -option.rebate_rate * option.rebate_to_client * flows.spend[i] * flows.fx[i]
        for place, extra in enumerate(option.extras):
            due = {"once": m == 1, "year": m % 12 == 1, "month": True, "event": False}[extra.every]
            if extra.every == "event":
                due = flows.happened[place][i]
            if due:
                now["extras"] += extra.amount
        due_now = sum(
            now[name]
            for name in names[: names.index("total_cap")]
            if name not in ("passed_on", "rebate")
        )
        if option.total_cap is not None:
            now["total_cap"] = -max(total + due_now - option.total_cap, 0.0)
        total += due_now + now["total_cap"]
        if m == end.last and end.left > 0:
            now["exit"] = (
                option.exit_fixed
                + option.exit_months * option.base
                + option.exit_share * option.base * end.left
            )
        now["tax"] = option.fee_tax * sum(
            now[name] for name in names if name not in ("passed_on", "rebate", "tax")
        )
        for name in names:
            lines[name][i] = now[name]
    return lines


def cents_of(option: Option, lines: dict[str, list[float]], end: End) -> list[dict[str, Decimal]]:
    """Every line of every month in cents: each rounded half up by itself, but minimum, maximum and
    total maximum are worked out on the rounded lines and rounded away from zero.
    """

    def cents(value: float | Decimal, how: str) -> Decimal:
        exact = value if isinstance(value, Decimal) else Decimal(repr(round(float(value), 9)))
        return exact.quantize(Decimal("0.01"), how)

    out = []
    paid = Decimal(0)
    months = len(lines["base"])
    for m in range(1, months + 1):
        now = {name: cents(line[m - 1], ROUND_HALF_UP) for name, line in lines.items()}
        if end.last is None or m <= end.last:
            running = now["base"] + now["share"] + now["spend"] + now["orders"]
            if option.floor is not None and m > option.trial:
                least = Decimal(repr(option.floor))
                now["floor"] = cents(max(least - running, Decimal(0)), ROUND_UP)
            fee = running + now["floor"] + now["bonus"]
            if option.cap is not None:
                over = fee - Decimal(repr(option.cap))
                now["cap"] = -cents(max(over, Decimal(0)), ROUND_UP)
            if option.penalty_limited:
                most = max(fee + now["cap"], Decimal(0))
                now["penalty"] = max(now["penalty"], -most)
            due = fee + now["cap"] + now["penalty"]
            due += now["setup"] + now["instalments"] + now["extras"]
            if option.total_cap is not None:
                over = paid + due - Decimal(repr(option.total_cap))
                now["total_cap"] = -cents(max(over, Decimal(0)), ROUND_UP)
            paid += due + now["total_cap"]
        out.append(now)
    return out
