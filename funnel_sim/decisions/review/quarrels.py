"""What else the other side may have counted than a bill says: a bonus or penalty that fell due or
not, the share on all sales or on what is over the baseline, tax on sales or fees, another exchange
rate.
"""

import datetime as dt
from collections.abc import Iterator

from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.decisions.review.otherwise import Otherwise
from funnel_sim.reference.exchange_rates import exchange, fx_levels
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.scenario import Scenario

RATE_STEP = 0.1
"""By how much an exchange rate is moved to see what hangs on it."""
_AROUND = dt.timedelta(days=92)
"""How far from the months dated exchange rates are looked for: a quarter."""
_MONTH = dt.timedelta(days=30)


def quarrels(scenario: Scenario, found: Bill) -> tuple[Otherwise, ...]:
    """Return what a bill comes to where the other side counts a reward, the share's base or the
    exchange rate otherwise; those that change nothing, or leave it open, are left out.

    Args:
        scenario: the store with its series of months.
        found: the bill.

    Returns:
        One entry a way: `kind` "reward" (`what` its place, `way` "due" or "undone" and the month),
        "share" (`what` what is shared), "taxed" (sales with the tax on top of the price), "fee_tax"
        (`what` the rate of a tax on the fees), or "rate" (the bill at a rate higher by
        `RATE_STEP`, `what` the lowest and the highest rate known around the months).
    """
    cases = [
        *_rewards(scenario, found),
        *_share(scenario, found),
        *_tax(scenario, found),
        *_rate(scenario, found),
    ]
    return tuple(one for one in cases if one.total is not None and one.difference)


def _made(kind: str, what: str, way: str, found: Bill, bill: Bill) -> Otherwise:
    total = bill.total
    gap = None if total is None or found.total is None else total - found.total
    return Otherwise(kind, what, way, total, gap, bill)


def _rewards(scenario: Scenario, found: Bill) -> Iterator[Otherwise]:
    """Yield each bonus and penalty turned in each month: due where it was not, and the reverse."""
    for place, reward in enumerate(found.option.rewards):
        months = range(1, len(found.months) + 1)
        for month in months if reward.each == "month" else reversed(months):
            if not found.running[month - 1]:
                continue
            due = _falls(found, reward, month)
            bill = bill_of(
                scenario,
                found.option,
                found.months,
                happened=found.happened,
                fx=found.fx.tolist(),
                turned=(place, month, not due),
            )
            way = f"{'undone' if due else 'due'} {found.months[month - 1]}"
            yield _made("reward", str(place), way, found, bill)


def _falls(found: Bill, reward: Reward, month: int) -> bool:
    path = found.kpis[reward.kpi].path
    first, last = path.window
    months, whole = path.met_by(reward)
    wanted = reward.kind == "bonus"
    if reward.each == "month":
        return first <= month <= last and bool(months[month - 1, 0]) == wanted
    return month == last and whole is not None and bool(whole[0]) == wanted


def _share(scenario: Scenario, found: Bill) -> Iterator[Otherwise]:
    option = found.option
    if not option.share_tiers or option.share_over != "baseline":
        return
    whole = option.but(share_over="all")
    fx = found.fx.tolist()
    bill = bill_of(scenario, whole, found.months, happened=found.happened, fx=fx)
    yield _made("share", "all", "", found, bill)


def _tax(scenario: Scenario, found: Bill) -> Iterator[Otherwise]:
    """Yield sales with the tax that lies outside the price, and the fees with the store's tax where
    the contract has none on them.
    """
    rate = float(point_value(scenario.tax.tax_rate))
    if rate <= 0:
        return
    fx = found.fx.tolist()
    happened, months = found.happened, found.months
    if scenario.tax.situation == "outside_price" and found.option.share_tiers:
        history = scenario.history
        gmv = [
            value * (1.0 + rate) if value is not None and month in months else value
            for month, value in zip(history.names(), history.seen_gmv, strict=False)
        ]
        store = scenario.replace({"history.seen_gmv": gmv})
        yield _made(
            "taxed", "", "", found, bill_of(store, found.option, months, happened=happened, fx=fx)
        )
    if not found.option.fee_tax:
        taxed = found.option.but(fee_tax=rate)
        bill = bill_of(scenario, taxed, months, happened=happened, fx=fx)
        yield _made("fee_tax", str(rate), "", found, bill)


def _rate(scenario: Scenario, found: Bill) -> Iterator[Otherwise]:
    """Yield the bill at another exchange rate, where dated rates around the months differ: any
    difference is some rate, so that only one that was quoted is worth telling.
    """
    ours = {float(one) for one in found.fx}
    if found.code == scenario.currency or len(ours) > 1:
        return
    first, last = (dt.date.fromisoformat(f"{found.months[at]}-01") for at in (0, -1))
    known = {
        *ours,
        *_dated(scenario.currency, found.code, first - _AROUND, last + _AROUND + _MONTH),
    }
    if len(known) < 2:
        return
    fx = (found.fx * (1.0 + RATE_STEP)).tolist()
    bill = bill_of(scenario, found.option, found.months, happened=found.happened, fx=fx)
    yield _made("rate", f"{min(known)} {max(known)}", "", found, bill)


def _dated(one: str, other: str, first: dt.date, last: dt.date) -> list[float]:
    """Return the rates of two currencies on the days from one to another that a quotation is dated
    on; a level that is only assumed is none.
    """
    days = {
        level.provenance.start
        for level in fx_levels()
        if level.currency in (one, other) and level.provenance.evidence != "assumed"
    }
    return [
        exchange(one, other, day)
        for day in sorted(day for day in days if day is not None)
        if first <= day <= last
    ]
