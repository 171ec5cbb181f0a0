"""Lines of a bill that stay open, for a figure behind them is not known: nothing is billed on a
guess.
"""

import math
from collections.abc import Mapping, Sequence

from funnel_sim.decisions.review.actuals import Ledger, lacking
from funnel_sim.decisions.review.kpis_seen import Seen, is_open
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.quotes import Option

_AFTER = {
    "bonus": ("bonus", "cap", "penalty", "total_cap", "tax"),
    "penalty": ("penalty", "total_cap", "tax"),
    "instalments": ("instalments", "total_cap", "tax"),
}
"""Lines that an unknown one leaves open too."""


def leave_open(
    option: Option,
    lines: dict[str, Array],
    seen: Mapping[str, Seen],
    names: Sequence[str],
    ran: int,
) -> None:
    """Leave open, in place, what hangs on months of a KPI that nobody typed, in the first `ran`
    months, those in which the contract runs.

    Args:
        option: whose contract it is.
        lines: the amounts of each line, shape (months,), which are changed.
        seen: its KPIs as they came, by id.
        names: the names of the months.
        ran: how many of them the contract runs.
    """
    months = names[:ran]
    for reward in option.rewards:
        one = seen[reward.kpi]
        first, last = one.path.window
        if reward.each == "month" and one.kpi.window != "by":
            for month, name in enumerate(months, 1):
                if name in one.unknown and first <= month <= last:
                    _blank(lines, reward.kind, month, ran)
        elif last <= len(months) and (
            is_open(one, months, beyond=reward.bound == "above")
            or (reward.form == "excess" and _lacks_excess(one, months) and _is_due(one, reward))
        ):
            _blank(lines, reward.kind, last, ran)
    for part in option.instalments:
        if part.month is None:
            last = seen[part.kpi].kpi.months[1]
            if last <= len(months) and is_open(seen[part.kpi], months, beyond=False):
                _blank(lines, "instalments", last, ran)


def _is_due(one: Seen, reward: Reward) -> bool:
    whole = one.path.met_by(reward)[1]
    return whole is not None and bool(whole[0]) == (reward.kind == "bonus")


def _lacks_excess(one: Seen, months: Sequence[str]) -> bool:
    first, last = one.path.window
    return one.path.gap is not None and any(
        name in one.unknown for name in months[first - 1 : last]
    )


def _blank(lines: dict[str, Array], line: str, month: int, ran: int) -> None:
    """Leave a line of a month open, and what comes after it; what is left under a total maximum is
    open in all later months of the `ran` too.
    """
    for name in _AFTER[line]:
        if name not in lines:
            continue
        later = "total_cap" in lines and name in ("total_cap", "tax")
        lines[name][month - 1 : ran if later else month] = math.nan


def fees_lack(option: Option, ledger: Ledger, key: str) -> dict[str, tuple[str, ...]]:
    """Return what the fees themselves are counted on and nobody typed.

    Args:
        option: whose contract it is.
        ledger: the actual months.
        key: the figure that a share is counted on.

    Returns:
        Figures of the series that lack, each with its months.
    """
    asked = []
    if option.share_tiers or any(one.form == "sales" for one in option.rewards):
        asked.append(key)
    if option.spend_rate or option.rebate_rate * option.rebate_to_client:
        asked.append("media_spend")
    if option.order_fee:
        asked.append("paid_orders")
    out: dict[str, tuple[str, ...]] = {}
    for one in asked:
        out |= lacking(ledger, one)
    return out
