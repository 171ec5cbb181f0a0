"""Where do the KPIs stand? The last month, target, attainment, year on year, month on month; the
probability given the months so far and what the rest must bring; the stop-loss and the dates by
which notice must be given.

The months to come are those of the store as it is now: the mark is moved behind the last actual
month, the funnel is fitted to the months up to it, and no further effect is believed: what the
operator brought is in the months. Read `standing`.
"""

import calendar
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance.estimates import Figure, probability
from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.kpi import draws as kpi_draws
from funnel_sim.decisions.kpi.draws import draws_of
from funnel_sim.decisions.kpi.measured import Baseline, is_added_up, key_of
from funnel_sim.decisions.kpi.store_history import fitted_funnel
from funnel_sim.decisions.quote.kpi_in_contract import monthly_bonuses
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.decisions.quote.worked_examples import agreed
from funnel_sim.decisions.review.actuals import Ledger, actual_kpi, actual_ledger
from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.decisions.review.ending import Ending, ending_of
from funnel_sim.decisions.review.kpis_seen import settled_sum
from funnel_sim.decisions.review.next_term import running_term_end, within_term
from funnel_sim.decisions.review.periods import up_to
from funnel_sim.errors import InputError, refuse
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.kpi_metrics import OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import month_name, month_number
from funnel_sim.units import MONTHS_A_YEAR

Health = str
"""good, watch, bad, unknown, none (a bonus that nobody owes) or ended (the contract did)."""


@dataclass(frozen=True)
class Row:
    """One KPI: its figure in the last month (`now`) against the month's `target`; `attained` the
    share of it (the other way round where less is better); `year_ago` and `month_ago` its figure
    then, None where not known.

    `so_far` is its value over the months of its window that came (of a ratio over an average or
    total the ratio of the sums), held against the window's `window_target` it is
    `window_attained`, None as long as a total adds up. `probability` that the window is
    met given these months, None where it cannot be told; `decided` whether it is settled already.
    `rest` is what each month that is left must bring on average, None where nothing is left, no
    amount of it would do, or the window is decided.

    A KPI that only brings a bonus month by month is no duty: `months_met` says how many of how many
    months of its window met it so far, `probability` that at least one of those left does, and
    nothing must be brought. None for every other KPI.

    `baseline` is what a relative target was measured against [a month], None for an absolute one.
    """

    kpi: Kpi
    now: float | None
    target: float
    attained: float | None
    year_ago: float | None
    month_ago: float | None
    so_far: float | None
    window_target: float
    window_attained: float | None
    left: int
    probability: Figure | None
    decided: bool
    rest: float | None
    health: Health
    months_met: tuple[int, int] | None = None
    baseline: Baseline | None = None

    @property
    def owed(self) -> bool:
        """Whether the KPI is a duty: not a mere bonus month by month."""
        return self.months_met is None


@dataclass(frozen=True)
class Stop:
    """The stop-loss of a contract: the months that missed its line (`below`), how many in a row now
    (`running`) of how many that end it (`ends_after`), and the month it was triggered in. Months
    before `counts_from`, the `first` of the engagement that counts, end nothing; "" where all do.
    """

    kpi: str
    share: float
    below: tuple[str, ...]
    running: int
    ends_after: int
    triggered: str | None
    first: int = 1
    counts_from: str = ""


@dataclass(frozen=True)
class Date:
    """A day to keep: `kind` "notice" (the last day to give it), "term_end" or "trial_end"."""

    kind: str
    day: dt.date


@dataclass(frozen=True)
class Standing:
    """All KPIs after the last actual month (`month`); `joint` is the probability that all that are
    owed are met, None where one of them cannot be told. `cut` are the KPIs as agreed whose window
    goes beyond the contract's last month (`ends`): only the months in it are counted. `ended` is
    how the contract ended before the last month that is known: what came after is not judged, and
    what was open then is not decided; None where it runs on.
    """

    month: str
    rows: tuple[Row, ...]
    joint: Figure | None
    stop: Stop | None
    dates: tuple[Date, ...]
    cut: tuple[Kpi, ...] = ()
    ends: int = 0
    ended: Ending | None = None


def standing(
    scenario: Scenario,
    option: Option | None = None,
    *,
    counted: Mapping[str, Sequence[float | None]] | None = None,
    paths: int | None = None,
) -> Standing:
    """Return where the KPIs of a scenario stand after its last actual month.

    Args:
        scenario: holds the series and the KPIs.
        option: whose contract's stop-loss and dates are told.
        counted: by id, the months of KPIs that the funnel does not produce; None: the scenario's.
        paths: futures; None: the scenario's own number.

    Raises:
        InputError: no mark, or no month since it.
    """
    months = scenario.history.engaged()
    if not months:
        raise refuse("history.engagement_from", None, "review_no_mark")
    counted = scenario.history.counted_months() if counted is None else counted
    ended = ending_of(scenario, option)
    if ended is not None:
        scenario = up_to(scenario, ended.month)
        months = scenario.history.engaged()
    agreed_on, ends = scenario, 0
    cut: tuple[Kpi, ...] = ()
    if option is not None and ended is None:
        ends = last_month(option, len(months))
        cut = beyond_term(scenario.kpis, ends)
        kept = [within_term(kpi, ends).model_dump(mode="json") for kpi in scenario.kpis]
        scenario = scenario.replace({"kpis": kept}) if cut else scenario
    ledger = actual_ledger(scenario, months)
    draws = {kpi.id: actual_kpi(ledger, kpi, counted) for kpi in scenario.kpis}
    terms = {kpi.id: agreed(scenario, kpi) for kpi in scenario.kpis}
    targets = {name: one.target for name, one in terms.items()}
    bases = {kpi.id: terms[kpi.id].baseline for kpi in scenario.kpis if kpi.relative}
    ahead, sets = ({}, 1) if ended else _ahead(scenario, len(months), targets, paths)
    rows, met = [], []
    then = {back: _then(scenario, months[-1], back) for back in (1, MONTHS_A_YEAR)}
    bonuses = frozenset() if option is None else monthly_bonuses(option, scenario.kpis)
    for kpi in scenario.kpis:
        came, value = draws[kpi.id].months[:, 0], float(draws[kpi.id].value[0])
        if kpi.id in bonuses:
            truth = _any_left(kpi, targets[kpi.id], len(months), ahead.get(kpi.id))
            each = _row(scenario, kpi, targets[kpi.id], came, None, months, truth, sets, then)
            rows.append(_by_month(each, came))
            continue
        truth = _met(kpi, targets[kpi.id], came, ahead.get(kpi.id))
        if truth is None and kpi.month_to <= len(months) and not math.isnan(value):
            truth = np.asarray(kpi_draws.met(kpi, targets[kpi.id], draws[kpi.id].value))
        met.append(truth)
        so_far = _so_far(ledger, kpi, came, value)
        rows.append(_row(scenario, kpi, targets[kpi.id], came, so_far, months, truth, sets, then))
    known = [one for one in met if one is not None]
    joint = None
    if met and len(known) == len(met):
        size = max(one.size for one in known)
        every = np.logical_and.reduce([np.broadcast_to(one, (size,)) for one in known])
        joint = _share(every, sets)
    found = None if option is None else bill_of(agreed_on, option, months, counted=counted)
    return Standing(
        months[-1],
        tuple(
            replace(one if ended is None else _closed(one), baseline=bases.get(one.kpi.id))
            for one in rows
        ),
        joint,
        None if option is None or found is None else _stop(option, found),
        () if option is None or ended is not None else dates_of(scenario, option),
        cut,
        ends,
        ended,
    )


def _closed(row: Row) -> Row:
    """Return a KPI's row as it stood when the contract ended: nothing must be brought any more, and
    a window that was open then is judged no further.
    """
    if row.decided:
        return row
    return replace(row, left=0, probability=None, rest=None, health="ended")


def last_month(option: Option, done: int) -> int:
    """Return the last month of the term that a contract is in, never before the last that came.

    Args:
        option: the terms of the contract.
        done: how many months came.

    Returns:
        The month, counted from 1 at the contract's start.
    """
    return max(running_term_end(option, done - 1), done)


def beyond_term(kpis: Sequence[Kpi], last: int) -> tuple[Kpi, ...]:
    """Return the KPIs whose window begins in a contract and goes beyond its last month.

    Args:
        kpis: with their windows as agreed; one of a single month has none.
        last: the contract's last month, counted from 1.

    Returns:
        Those KPIs, as they were given.
    """
    return tuple(kpi for kpi in kpis if kpi.months[0] <= last < kpi.months[1])


def _any_left(kpi: Kpi, target: float, done: int, ahead: Array | None) -> NDArray[np.bool_] | None:
    """Return in which futures at least one month that is left of a window meets its target."""
    first, last = kpi.months
    if ahead is None or last <= done:
        return None
    coming = ahead[max(first - done - 1, 0) : last - done]
    return np.asarray(kpi_draws.met(kpi, kpis.month_target(kpi, target), coming).any(axis=0))


def _by_month(row: Row, came: Array) -> Row:
    """Return a KPI's row as one that is settled month by month and owed by nobody."""
    first, last = row.kpi.months
    part = came[first - 1 : last]
    held = kpi_draws.met(row.kpi, row.target, part) & ~np.isnan(part)
    return replace(
        row,
        window_target=row.target,
        decided=not row.left,
        rest=None,
        health="none",
        months_met=(int(held.sum()), int(np.count_nonzero(~np.isnan(part)))),
    )


def _share(truth: NDArray[np.bool_], sets: int) -> Figure:
    """Return the share of futures in which something holds; what is decided has no error."""
    return probability(np.repeat(truth, 2), 2) if truth.size == 1 else probability(truth, sets)


def _ahead(
    scenario: Scenario, done: int, targets: Mapping[str, float], paths: int | None
) -> tuple[dict[str, Array], int]:
    """Return the coming months of every KPI whose window is not over, by id, shape (months, paths),
    and in how many independent sets they were drawn.
    """
    open_ones = [
        kpi
        for kpi in scenario.kpis
        if kpi.month_to > done and kpi.metric not in (*OPERATIONAL, *STEADY_METRICS)
    ]
    if not open_ones:
        return {}, 1
    last = max(kpi.month_to for kpi in open_ones) - done
    now = as_now(scenario)
    asked = [
        kpi.but(
            relative=False,
            target=targets[kpi.id],
            baseline=None,
            window="every",
            month_from=1,
            month_to=last,
        )
        for kpi in open_ones
    ]
    drawn, run = draws_of(now.replace({"plan.horizon_months": last}), asked, paths=paths)
    return {kpi.id: drawn[kpi.id].months for kpi in open_ones}, run.plan.replicates


def as_now(scenario: Scenario) -> Scenario:
    """Return the store as it is now: the months that came are history, the funnel is fitted to
    them, and nobody's effect is to come.
    """
    history = scenario.history
    after = month_name(month_number(history.names()[-1]) + 1)
    moved = without_operator(scenario).replace({"history.engagement_from": after, "options": []})
    try:
        return fitted_funnel(moved)
    except InputError:
        return moved


def _met(kpi: Kpi, target: float, came: Array, ahead: Array | None) -> NDArray[np.bool_] | None:
    """Return in which futures a KPI's window is met, shape (paths,), or of one place where it is
    decided; None where it cannot be told.
    """
    first, last = kpi.months
    done = came.size
    past = came[first - 1 : min(last, done)]
    each = kpis.month_target(kpi, target)
    met_past = kpi_draws.met(kpi, each, past)
    if kpi.window == "every" and (~met_past & ~np.isnan(past)).any():
        return np.zeros(1, bool)
    if kpi.window == "by" and met_past.any():
        return np.ones(1, bool)
    sure = settled_sum(kpi, target, past)
    if sure is not None:
        return np.array([sure])
    if np.isnan(past).any():
        return None
    adds = is_added_up(kpi.metric)
    if last <= done:
        if kpi.window in ("average", "total") and not adds and past.size > 1:
            return None  # a ratio of sums: `_row` decides it from the ledger
        return np.array([bool(kpi_draws.met(kpi, target, np.array([_whole(kpi, past)]))[0])])
    if ahead is None:
        return None
    start = max(first - done - 1, 0)
    coming = ahead[start : last - done]
    if coming.shape[0] < last - max(done, first - 1):
        return None
    if kpi.window in ("average", "total"):
        if not adds and past.size:
            return None
        total = past.sum() + coming.sum(axis=0)
        length = last - first + 1
        value = total if kpi.window == "total" and adds else total / length
        return np.asarray(kpi_draws.met(kpi, target, value))
    met_coming = kpi_draws.met(kpi, each, coming)
    if kpi.window == "every":
        return np.asarray(met_coming.all(axis=0))
    return np.asarray(met_coming.any(axis=0) if kpi.window == "by" else met_coming[-1])


def _whole(kpi: Kpi, past: Array) -> float:
    match kpi.window:
        case "total":
            return float(past.sum())
        case "average":
            return float(past.mean())
        case "month":
            return float(past[-1])
    low = kpi.comparator == "at_least"
    if kpi.window == "every":
        return float(past.min() if low else past.max())
    return float(past.max() if low else past.min())


def _so_far(ledger: Ledger, kpi: Kpi, came: Array, value: float) -> float | None:
    """Return a KPI over the months of its window that came, as its finished window counts them."""
    first, last = kpi.months
    if last <= came.size:
        return _known(value)
    if first > came.size:
        return None
    if kpi.window in ("average", "total") and not is_added_up(kpi.metric):
        if kpi.metric in (*OPERATIONAL, *STEADY_METRICS):
            return _known(value)
        return _known(ledger.over(key_of(ledger.scenario, kpi), first, came.size))
    return _known(_whole(kpi, came[first - 1 :]))


def _row(
    scenario: Scenario,
    kpi: Kpi,
    target: float,
    came: Array,
    so_far: float | None,
    months: Sequence[str],
    truth: NDArray[np.bool_] | None,
    sets: int,
    then: Mapping[int, Ledger | None],
) -> Row:
    each = kpis.month_target(kpi, target)
    now = float(came[-1])
    first, last = kpi.months
    part = came[first - 1 : last]
    over = last <= len(months)
    decided = over or (truth is not None and truth.size == 1)
    left = max(0, last - max(len(months), first - 1))
    probability = None if truth is None else _share(truth, sets)
    attained = _attained(kpi, each, now)
    growing = kpi.window == "total" and is_added_up(kpi.metric) and not over
    return Row(
        kpi,
        _known(now),
        each,
        attained,
        _at(kpi, then[MONTHS_A_YEAR]),
        _at(kpi, then[1]),
        so_far,
        target,
        None if so_far is None or growing else _attained(kpi, target, so_far),
        left,
        probability,
        decided,
        None if truth is not None and truth.size == 1 else _rest(kpi, target, part, left),
        _health(scenario, probability, attained),
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _attained(kpi: Kpi, target: float, value: float) -> float | None:
    """Return what a value attains of a target; None for a target of zero or less."""
    if math.isnan(value) or target <= 0:
        return None
    if kpi.comparator == "at_least":
        return value / target
    return target / value if value > 0 else None


def _then(scenario: Scenario, month: str, back: int) -> Ledger | None:
    """Return the ledger of the month so many months before a month; None where the series has
    none.
    """
    then = month_name(month_number(month) - back)
    return actual_ledger(scenario, [then]) if then in scenario.history.names() else None


def _at(kpi: Kpi, then: Ledger | None) -> float | None:
    """Return a KPI's figure in the single month of a ledger; None where not known."""
    if then is None or kpi.metric in (*OPERATIONAL, *STEADY_METRICS):
        return None
    return _known(float(then.month(key_of(then.scenario, kpi))[0]))


def _rest(kpi: Kpi, target: float, part: Array, left: int) -> float | None:
    """Return what each month that is left must bring on average."""
    if not left or np.isnan(part).any():
        return None
    first, last = kpi.months
    if kpi.window in ("average", "total") and is_added_up(kpi.metric):
        whole = target * (last - first + 1) if kpi.window == "average" else target
        return (whole - float(part.sum())) / left
    if kpi.window in ("average", "total") and part.size:
        return None
    return kpis.month_target(kpi, target)


def _health(scenario: Scenario, probability: Figure | None, attained: float | None) -> Health:
    """Return good, watch or bad: by the probability of the window, else by the month."""
    bounds = scenario.verdicts
    if probability is not None:
        value = probability.value
        return "good" if value >= bounds.safe else "watch" if value >= bounds.stretch else "bad"
    if attained is None:
        return "unknown"
    return "good" if attained >= 1 else "watch" if attained >= bounds.safe else "bad"


def _stop(option: Option, found: Bill) -> Stop | None:
    """Return the state of a stop-loss after the months that came; None where none is agreed."""
    if not option.stop_loss or not option.decided_by:
        return None
    seen = found.kpis[option.decided_by]
    attained = seen.path.attained[:, 0]
    missed = [
        not value >= option.stop_share - 1e-12 and name not in seen.unknown
        for name, value in zip(found.months, attained, strict=True)
    ]
    running, triggered = 0, None
    for place, miss in enumerate(missed):
        running = running + 1 if miss and place + 1 >= option.stop_from else 0
        if running >= option.stop_months and triggered is None:
            triggered = found.months[place]
    below = tuple(name for name, miss in zip(found.months, missed, strict=True) if miss)
    counts_from = ""
    if option.stop_from > 1:
        counts_from = month_name(month_number(found.months[0]) + option.stop_from - 1)
    return Stop(
        option.decided_by,
        option.stop_share,
        below,
        running,
        option.stop_months,
        triggered,
        option.stop_from,
        counts_from,
    )


def dates_of(scenario: Scenario, option: Option) -> tuple[Date, ...]:
    """Return the days of a contract that must not be missed, in order: the end of its trial, the
    last day for notice (the end of the month so many months before the term's end), the term's end;
    of the term that runs in the month after the last actual one; a contract that does not renew
    itself has but one.

    Args:
        scenario: the store with its series of months.
        option: the terms of the contract.

    Returns:
        The days with what each is.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace({"history.engagement_from": "2026-01"})
        >>> [
        ...     (one.kind, one.day.isoformat())
        ...     for one in dates_of(store, Option(id="a", term=12, notice=2))
        ... ]
        [('notice', '2026-10-31'), ('term_end', '2026-12-31')]
    """
    mark = scenario.history.engagement_from
    if not mark:
        return ()
    begin = month_number(mark)
    done = len(scenario.history.engaged())
    term = option.term
    if option.renewal == "automatic":
        term = running_term_end(option, done)
    out = [Date("term_end", _end(begin + term - 1))]
    if option.notice:
        out.append(Date("notice", _end(begin + term - 1 - option.notice)))
    if option.trial and option.trial_exit and option.trial > done:
        out.append(Date("trial_end", _end(begin + option.trial - 1)))
    return tuple(sorted(out, key=lambda one: one.day))


def _end(month: int) -> dt.date:
    year, place = divmod(month, MONTHS_A_YEAR)
    return dt.date(year, place + 1, calendar.monthrange(year, place + 1)[1])
