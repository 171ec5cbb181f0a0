"""A store's history in the scenario: its months kept, and the funnel's numbers set to what the last
months were.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from funnel_sim.chance import history as chance_history
from funnel_sim.decisions.economics.price_response import without_price_response
from funnel_sim.decisions.kpi.converted_files import converted_rows
from funnel_sim.decisions.kpi.fit_steps import STEPS, of_the_store
from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.store.months import FIGURES, History
from funnel_sim.evidence.store.outlook import FEWEST_MONTHS
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.edited_months import gross_again
from funnel_sim.scenario.in_force import ADS_AS, ads_as
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import (
    ChannelMonths,
    StoreHistory,
    month_name,
    month_number,
)
from funnel_sim.units import MONTHS_A_YEAR

_KEPT = FIGURES
_CLOSE = 1e-9


@dataclass(frozen=True)
class FittedChange:
    """One field that is set from the history: its path, point value before and after, and the
    months that say so.

    In `as_rows` the path "plan" stands for season, ramp, budget plan and first month together; its
    `after` is the calendar month that becomes month 1.
    """

    path: str
    before: float | None
    after: float
    months: tuple[str, ...] = ()


PLAN = "plan"
_IN_PLAN = (
    "start_month",
    "season",
    "ramp_months",
    "ramp_start",
    "organic_ramp_start",
    "budget_plan",
)


def with_months(scenario: Scenario, found: History, without: Collection[str] = ()) -> Scenario:
    """Return the scenario with a history's months; those covered in part and those in `without` are
    kept but not used.

    They take the place of what was there. Where an engagement has begun they join it instead: what
    came since, and the channels, are not thrown away for a file of the months before.

    Args:
        scenario: the store and its plan, as typed.
        found: the history read from files.
        without: names of months not to be used, such as "2026-03".

    Raises:
        InputError: if fewer than three months are left to use, or `without` names a month that the
            history does not have.
    """
    for name in without:
        if name not in found.months:
            raise refuse(
                "history", name, "history_month", first=found.months[0], last=found.months[-1]
            )
    partial = {name for name, share in zip(found.months, found.covered, strict=True) if share < 1}
    left_out = [name for name in found.months if name in partial or name in set(without)]
    sales = next(
        (found.figures[name] for name in chance_history.FIGURES if name in found.figures),
        np.array([]),
    )
    usable = sum(
        1
        for name, value in zip(found.months, sales, strict=False)
        if name not in left_out and not math.isnan(value)
    )
    if usable < FEWEST_MONTHS:
        raise refuse("history", usable, "history_short", least=FEWEST_MONTHS)
    if scenario.history.engagement_from:  # actuals and channels stay what they are
        joined = with_actuals(scenario, found, without=without)
        kept = {*joined.history.left_out, *left_out} & set(joined.history.names())
        return joined.replace(
            {"history.left_out": sorted(kept), "history.use_history": True},
        )
    changes: dict[str, Any] = {
        f"history.seen_{name}": _plain(found.figures.get(name)) for name in _KEPT
    }
    return scenario.replace(
        changes
        | {
            "history.first_month": found.months[0],
            "history.left_out": left_out,
            "history.use_history": True,
            "history.after_refunds": sorted(found.after_refunds),
            "history.by_channel": [],
            "history.converted": converted_rows((), found),
        }
    )


def with_actuals(
    scenario: Scenario,
    found: History,
    mark: str = "",
    channels: Mapping[str, History] | None = None,
    without: Collection[str] = (),
) -> Scenario:
    """Return the scenario with the months of some files joined to those that it has: one series,
    marked at the engagement's first month.

    Where both have a figure of a month the files count; of months that the files cover in part, and
    of those in `without`, nothing is taken, for a month is billed and judged as a whole. A month
    that was left out of the forecast is used again where its sales are now other ones: it was
    incomplete. Nothing is asked of how many months there are: each answer says what it lacks.

    Args:
        scenario: the scenario with the months that it has.
        found: the months of the files.
        mark: the engagement's first month, such as "2026-03"; "" keeps the mark that it has.
        channels: the same of single channels, by id.
        without: names of months that are not taken, such as "2026-03".

    Raises:
        InputError: if no whole month is left, the series would be too long or the mark is no month.
    """
    old = scenario.history
    found = found.used(without)
    channels = {name: one.used(without) for name, one in (channels or {}).items()}
    if not found.months:
        raise refuse("history", None, "no_whole_month")
    names = [*old.names(), *found.months]
    for one in channels.values():
        names += one.months
    first, last = min(names), max(names)
    months = [month_name(number) for number in range(month_number(first), month_number(last) + 1)]

    def joined(figure: str, fresh: History | None, channel: str = "") -> list[float | None]:
        values = old.of(figure, months, channel)
        if fresh is not None and figure in fresh.figures:
            theirs = dict(zip(fresh.months, fresh.figures[figure], strict=True))
            values = [
                float(theirs[month]) if month in theirs and not math.isnan(theirs[month]) else value
                for month, value in zip(months, values, strict=True)
            ]
        return [] if all(math.isnan(value) for value in values) else _plain(np.array(values))

    rows = []
    for name in dict.fromkeys([*(one.channel for one in old.by_channel), *channels]):
        fresh = channels.get(name)
        rows.append(
            {"channel": name}
            | {
                field: joined(field.removeprefix("seen_"), fresh, name)
                for field in ChannelMonths.model_fields
                if field.startswith("seen_")
            }
        )
    changes: dict[str, Any] = {f"seen_{name}": joined(name, found) for name in FIGURES}
    fresh_sales = {
        month
        for month, value in zip(found.months, found.figures.get("gmv", ()), strict=False)
        if not math.isnan(value)
    }
    net = (fresh_sales & found.after_refunds) | (set(old.after_refunds) - fresh_sales)
    changes["seen_gmv"], changes["after_refunds"] = gross_again(
        months, changes["seen_gmv"], changes["seen_refunds"], net
    )
    told_anew = {
        month
        for figure in chance_history.FIGURES
        for month, before, now in zip(
            months, old.of(figure, months), changes[f"seen_{figure}"], strict=False
        )
        if now is not None and not abs(now - before) <= _CLOSE * max(1.0, abs(now))
    }
    return _with_history(
        scenario,
        changes
        | {
            "first_month": months[0],
            "engagement_from": mark or old.engagement_from,
            "converted": converted_rows(old.converted, found),
            "by_channel": rows,
            "left_out": [name for name in old.left_out if name not in told_anew],
        },
    )


def _plain(values: Array | None) -> list[float | None]:
    return [] if values is None else [None if math.isnan(v) else round(float(v), 6) for v in values]


def without_history(scenario: Scenario) -> Scenario:
    """Return the scenario without any history; the funnel keeps its numbers, and which contract was
    signed is no month.
    """
    kept = scenario.history
    empty = StoreHistory(
        use_history=kept.use_history,
        had_customers=kept.had_customers,
        baseline_months=kept.baseline_months,
        signed=kept.signed,
    )
    return _with_history(scenario, empty.model_dump(mode="json"))


def _with_history(scenario: Scenario, fields: Mapping[str, Any]) -> Scenario:
    return scenario.replace({f"history.{name}": value for name, value in fields.items()})


def fit_funnel(scenario: Scenario) -> tuple[Scenario, tuple[FittedChange, ...]]:
    """Return the scenario whose steady month is the baseline month of its history, and what was
    changed.

    In this order, each where its figures are known: budgets and the price of clicks from ad spend
    and clicks; the price from GMV per order; the conversion of paid channels from ad sales; the
    return rate as counts (else refunds over GMV); the traffic that is not bought from visits, and
    then what it converts at from orders (without visits its amount, without such traffic the
    conversion of all); orders that are typed directly go along with the traffic that is not bought,
    and what of the ad spend no budget holds is theirs (`fit_steps`). Season and ramp are
    switched off: the history holds both. Month 1 follows the history's last month.
    """
    now, read = _fitted(scenario, told=True)
    return now, _dated(scenario, now, read)


def fitted_funnel(scenario: Scenario) -> Scenario:
    """Return the same scenario as `fit_funnel`, without working out what was changed."""
    return _fitted(scenario, told=False)[0]


def _fitted(scenario: Scenario, *, told: bool) -> tuple[Scenario, dict[str, str]]:
    """Return the fitted scenario and, where that is asked, the figure that each path was read
    from.
    """
    base = {name: chance_history.baseline_month(scenario, name) for name in _KEPT}
    history = scenario.history
    conversion = scenario.conversion
    now = without_price_response(scenario).replace(
        {
            "plan.start_month": (
                int(history.engagement_from[5:])
                if history.engagement_from
                else int(history.names()[-1][5:]) % MONTHS_A_YEAR + 1
            ),
            "plan.season": [1.0] * MONTHS_A_YEAR,
            "plan.ramp_months": 0.0,
            "plan.ramp_start": 1.0,
            "plan.organic_ramp_start": 1.0,
            "plan.budget_plan": [],
        }
    )
    read: dict[str, str] = {}
    for step, figure in STEPS:
        try:
            after = step(now, base)
        except (
            InputError
            # the step would put a value outside its domain: it is left out, and the calibration
            # shows the rest
        ):
            continue
        if told:
            read |= dict.fromkeys((one.path for one in _changes(now, after)), figure)
        now = after
    now = of_the_store(now)
    if conversion.answers_to_price:  # from the price of these months on, at which they converted
        kept = {"conversion.demand_elasticity": conversion.demand_elasticity}
        now = now.replace(kept | {"conversion.reference_price": now.product.price_paid})
    return now, read


def _dated(before: Scenario, after: Scenario, read: dict[str, str]) -> tuple[FittedChange, ...]:
    """Return what changes with the months that each number was read from."""
    sales = next(
        (one for one in chance_history.FIGURES if before.history.figures().get(one)), "gmv"
    )
    return tuple(
        replace(one, months=_months_of(after, read.get(one.path, sales)))
        for one in _changes(before, after)
    )


def as_rows(
    scenario: Scenario, fitted: Scenario, changes: Collection[FittedChange]
) -> tuple[FittedChange, ...]:
    """Return the changes one by one, those of the plan as one: season, ramp, budget plan and first
    month go together.

    Args:
        scenario: the store and its plan, as typed.
        fitted: the scenario with all changes.
        changes: what differs between them.

    Returns:
        The rows to be shown, each of which can be taken alone; a form of typed ad spend that goes
        with another one of its channel is no row.
    """
    along = {path for paths in _along(fitted, changes).values() for path in paths}
    rows = [one for one in changes if not one.path.startswith(f"{PLAN}.") and one.path not in along]
    if scenario.plan != fitted.plan:
        names = tuple(scenario.history.names())
        rows.append(
            FittedChange(
                PLAN, float(scenario.plan.start_month), float(fitted.plan.start_month), names
            )
        )
    return tuple(rows)


def _along(fitted: Scenario, changes: Collection[FittedChange]) -> dict[str, tuple[str, ...]]:
    """Return, by the path of the typed ad spend that is in force after the fit, the other forms of
    the same channel that it replaces: they add up, so that one is not taken without the others.
    """
    changed = {one.path for one in changes}
    out: dict[str, tuple[str, ...]] = {}
    for channel in fitted.channels:
        kept = ads_as(channel)
        path = f"channels.{channel.id}.{kept}"
        if channel.kind == "orders" and path in changed:
            others = [f"channels.{channel.id}.{name}" for name in ADS_AS if name != kept]
            out[path] = tuple(one for one in others if one in changed)
    return out


def _months_of(scenario: Scenario, figure: str) -> tuple[str, ...]:
    """Return the months that a figure's baseline is the mean of; returns are counted over all of
    them.
    """
    names = (
        chance_history.names_used if figure == "returned_orders" else chance_history.baseline_names
    )
    return tuple(names(scenario, figure))


def with_changes(
    scenario: Scenario, fitted: Scenario, changes: Collection[FittedChange], paths: Collection[str]
) -> Scenario:
    """Return the scenario with some of the changes that fit it to its history.

    Args:
        scenario: the store and its plan, as typed.
        fitted: the scenario with all changes.
        changes: what differs between them.
        paths: paths of the changes that are taken.

    Raises:
        InputError: if some of them cannot stand without the others.
    """
    if set(paths) >= {one.path for one in as_rows(scenario, fitted, changes)}:
        return fitted
    source = fitted.plain()
    taken = set(paths)
    for path, others in _along(fitted, changes).items():
        taken |= set(others) if path in taken else set()
    values: dict[str, Any] = {
        one.path: _at(source, one.path)
        for one in changes
        if one.path in taken and not one.path.startswith(f"{PLAN}.")
    }
    if PLAN in paths:
        values |= {f"plan.{name}": source["plan"][name] for name in _IN_PLAN}
    if any(
        path.startswith("conversion.") for path in values
    ):  # channels without a rate of their own then convert at the store's rate
        for channel in scenario.channels:
            for name in ("channel_cvr", "channel_add_to_cart_rate"):
                path = f"channels.{channel.id}.{name}"
                if scenario.get(path) is not None and fitted.get(path) is None:
                    values[path] = None
    return scenario.replace(values)


def _at(plain: Any, path: str) -> Any:
    for name in path.split("."):
        plain = (
            next(one for one in plain if one["id"] == name)
            if isinstance(plain, list)
            else plain[name]
        )
    return plain


def running(months: Sequence[str], today: str) -> tuple[str, ...]:
    """Return the months that are not over on a day: what they hold is part of a month.

    Args:
        months: names of months, such as "2026-11".
        today: the day, such as "2026-11-27".

    Returns:
        The names of those months.

    Examples:
        >>> running(["2026-09", "2026-10", "2026-11"], "2026-11-27")
        ('2026-11',)
    """
    return tuple(month for month in months if month >= today[:7])


def _changes(before: Scenario, after: Scenario) -> tuple[FittedChange, ...]:
    out = []
    paths = dict.fromkeys(
        [path for path, _ in after.quantities()] + [path for path, _ in before.quantities()]
    )
    for path in paths:
        if path.startswith(("history.", "kpis.")):
            continue
        old, new = before.get(path), after.get(path)
        old_value = None if old is None else point_value(old)
        if new is not None and (
            old_value is None
            or abs(point_value(new) - old_value) > _CLOSE * max(1.0, abs(old_value))
        ):
            out.append(FittedChange(path, old_value, point_value(new)))
    return tuple(out)
