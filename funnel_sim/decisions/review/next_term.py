"""A contract as it goes on in its next term: months are counted from its start, so what hangs on a
month, on the sales so far or on the fees so far begins where the running term leaves it.

Read `going_on`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.kpi.measured import months_added
from funnel_sim.decisions.quote.contract import OUTSIDE, RUNNING
from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.decisions.review.ending import ending_of
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quote_rows import Instalment, ShareTier
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.units import MONTHS_A_YEAR

_NO_FEE = (*OUTSIDE, "exit", "tax")
"""Lines that no total maximum bounds, and itself what follows from it."""
_LONGEST_ID = 24


@dataclass(frozen=True)
class GoingOn:
    """The clauses of the next term, its months counted anew from 1.

    `begins` is its first month as the contract counts (13 after a term of 12); `option` the terms;
    `kpis` those of the store, with the windows that are left; `names` the id that a KPI of the
    contract had, by its id now; `left` what is left under the total maximum [contract's currency],
    None where none is agreed; `over` whether rewards or instalments fell before it and are not due
    again.
    """

    begins: int
    option: Option
    kpis: tuple[Kpi, ...]
    names: dict[str, str]
    left: float | None
    over: bool


def running_term_end(option: Option, done: int) -> int:
    """Return the last month of the term that runs in the month after the last one that came.

    Args:
        option: the terms of the contract.
        done: how many months came.

    Returns:
        The month, counted from 1 at the contract's start.

    >>> running_term_end(Option(id="a", term=6, renewal_months=3), 8)
    9
    """
    end = option.term
    while option.renewal != "open" and end <= done:
        end += option.renewal_months
    return end


def within_term(kpi: Kpi, last: int) -> Kpi:
    """Return a KPI with the months of its window that lie in a contract, a total with their part of
    its target; as it is where it ends in time, or begins after it.

    Args:
        kpi: with the window as it was agreed.
        last: the contract's last month, counted from 1.

    >>> kpi = Kpi(id="g", metric="gmv", target=1200.0, window="total", month_to=12)
    >>> cut = within_term(kpi, 6)
    >>> cut.months, cut.target, within_term(kpi, 12) == kpi
    ((1, 6), 600.0, True)
    """
    first, end = kpi.months
    if end <= last or first > last:
        return kpi
    whole, length = months_added(kpi), last - first + 1
    part = length / whole if whole > 1 and not kpi.relative else 1.0  # growth is no sum
    return kpi.but(month_to=last, target=kpi.target * part)


def going_on(scenario: Scenario, option: Option, kpis: Sequence[Kpi], term: int) -> GoingOn:
    """Return the clauses of a contract in its next term.

    Setup, trial and what is charged once are over. A KPI window counts with those of its months
    that lie in the next term, a total with their part of its target; one that ended before pays
    nothing again. Instalments by date and yearly fees fall in the contract's own months. Under a
    total maximum only what is left of it can be paid, and tiers of a running share begin at the
    sales so far. What the months until the running term's end come to is taken as the mean of
    those that came.

    Args:
        scenario: the store with its series of months.
        option: the contract.
        kpis: those of the store, with absolute targets.
        term: months of the next term.

    Raises:
        InputError: if there is no mark, or more months than a plan holds.
    """
    done = len(scenario.history.engaged())
    ended = ending_of(scenario, option) is not None  # signed again, it goes on from here
    before = done if ended else max(running_term_end(option, done - 1), done)
    looks_back = (
        option.total_cap is not None
        or option.share_period == "running"
        or any(one.kpi for one in option.instalments)
    )
    found = bill_of(scenario, option) if looks_back and done else None
    left = None if option.total_cap is None else _left(option.total_cap, found, before)
    still = {one.id: moved for one in kpis if (moved := _from_month(one, before)) is not None}
    rewards = [one for one in option.rewards if one.kpi in still]
    parts: list[Instalment] = [
        *_by_date(option, before, term),
        *_yearly(option, before, term),
        *(
            one
            for one in option.instalments
            if one.kpi in still and not _is_paid(found, one.kpi, done)
        ),
    ]
    others = {
        row
        for other in scenario.options
        if other.id != option.id and other.compared
        for row in [one.kpi for one in other.rewards] + [one.kpi for one in other.instalments]
    }
    named = {one.kpi for one in rewards} | {one.kpi for one in parts if one.kpi}
    over = len(rewards) < len(option.rewards) or len(parts) < len(option.instalments)
    now = {name: _new_id(name, kpis) if name in others else name for name in named}
    here = [still[one.id] if one.id in named and one.id not in others else one for one in kpis] + [
        still[name].but(id=now[name]) for name in sorted(named & others)
    ]
    changed = option.but(
        setup=0.0,
        trial=0,
        trial_base=None,
        trial_exit=False,
        stop_from=max(option.stop_from - before, 1),
        instalments=[one.but(kpi=now[one.kpi]) if one.kpi else one for one in parts],
        rewards=[one.but(kpi=now[one.kpi]) for one in rewards],
        extras=[one for one in option.extras if one.every in ("month", "event")],
        share_tiers=_tiers(option, found, before),
        total_cap=left,
        term=term,
    )
    names = {new: old for old, new in now.items()}
    return GoingOn(before + 1, changed, tuple(here), names, left, over)


def _new_id(name: str, kpis: Sequence[Kpi]) -> str:
    """Return an id that no KPI has."""
    taken, place = {one.id for one in kpis}, 2
    while (made := f"{name[: _LONGEST_ID - 3]}_{place}") in taken:
        place += 1
    return made


def _from_month(kpi: Kpi, before: int) -> Kpi | None:
    """Return a KPI with what is left of its window after so many months; None for nothing."""
    first, last = kpi.months
    if last <= before:
        return None
    begins = max(first - before, 1)
    length = last - before - begins + 1
    whole = months_added(kpi)
    return kpi.but(
        month_from=begins,
        month_to=last - before,
        target=kpi.target * length / whole if whole > 1 else kpi.target,
    )


def _by_date(option: Option, before: int, term: int) -> list[Instalment]:
    return [
        one.but(month=one.month - before)
        for one in option.instalments
        if one.month is not None and before < one.month <= before + term
    ]


def _yearly(option: Option, before: int, term: int) -> list[Instalment]:
    """Return the yearly fees by the months in which they fall: 13, 25 … of the contract."""
    months = [one for one in range(1, term + 1) if (before + one - 1) % MONTHS_A_YEAR == 0]
    return [
        Instalment(amount=one.amount, month=month)
        for one in option.extras
        if one.every == "year"
        for month in months
    ]


def _is_paid(found: Bill | None, kpi: str, done: int) -> bool:
    return found is not None and 0 < int(found.kpis[kpi].path.paid_in[0]) <= done


def _until(came: np.ndarray, before: int) -> float:
    """Return what months come to until the running term's end: those that came, and the mean of
    those that are known for each of the others.
    """
    known = came[~np.isnan(came)]
    return float(known.mean()) * max(before, known.size) if known.size else 0.0


def _left(most: float, found: Bill | None, before: int) -> float:
    """Return what is left under a total maximum when the next term begins."""
    if found is None:
        return most
    zero = np.zeros(len(found.months))
    paid = sum((line for name, line in found.lines.items() if name not in _NO_FEE), zero)
    usual = sum(
        (found.lines[name] for name in (*RUNNING, "floor", "cap") if name in found.lines), zero
    )
    so_far = float(np.nansum(paid))
    coming = _until(usual, before) - _until(usual, len(found.months))
    return max(most - so_far - max(coming, 0.0), 0.0)


def _tiers(option: Option, found: Bill | None, before: int) -> list[ShareTier]:
    """Return the tiers of a share: of a running one with the sales so far below them."""
    if option.share_period != "running" or found is None:
        return list(option.share_tiers)
    so_far = _until(found.shared, before)
    return [
        one if one.upto is None else one.but(upto=one.upto - so_far)
        for one in option.share_tiers
        if one.upto is None or one.upto > so_far
    ]
