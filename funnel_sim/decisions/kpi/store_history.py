"""A store's history in the scenario: its months kept, and the funnel's numbers set to what the last
months were.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from funnel_sim.chance import history as chance_history
from funnel_sim.decisions.kpi.check import steady_figure
from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.store.history import FIGURES, History
from funnel_sim.evidence.store.outlook import FEWEST_MONTHS
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.in_force import paid_channel
from funnel_sim.scenario.quantity import BetaCounts, point_value
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
_BOOST = 50.0


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

    Args:
        scenario: the store and its plan, as typed.
        found: the history read from files.
        without: names of months not to be used, such as "2026-03".

    Raises:
        InputError: if fewer than three months are left to use, or `without` names a month that the
        history
            does not have.
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
    changes: dict[str, Any] = {
        f"history.seen_{name}": _plain(found.figures.get(name)) for name in _KEPT
    }
    return scenario.replace(
        changes
        | {
            "history.first_month": found.months[0],
            "history.left_out": left_out,
            "history.use_history": True,
        }
    )


def with_actuals(
    scenario: Scenario,
    found: History,
    mark: str = "",
    channels: Mapping[str, History] | None = None,
) -> Scenario:
    """Return the scenario with the months of some files joined to those that it has: one series,
    marked at the engagement's first month.

    Where both have a figure of a month the files count; months that the files cover in part are
    kept and left out of the forecast. Nothing is asked of how many months there are: each answer
    says what it lacks.

    Args:
        scenario: the scenario with the months that it has.
        found: the months of the files.
        mark: the engagement's first month, such as "2026-03"; "" keeps the mark that it has.
        channels: the same of single channels, by id.

    Raises:
        InputError: if the series would be too long or the mark is no month.
    """
    old = scenario.history
    names = [*old.names(), *found.months]
    for one in (channels or {}).values():
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

    partial = [name for name, share in zip(found.months, found.covered, strict=True) if share < 1]
    rows = []
    for name in dict.fromkeys([*(one.channel for one in old.by_channel), *(channels or {})]):
        fresh = (channels or {}).get(name)
        rows.append(
            {"channel": name}
            | {
                field: joined(field.removeprefix("seen_"), fresh, name)
                for field in ChannelMonths.model_fields
                if field.startswith("seen_")
            }
        )
    changes: dict[str, Any] = {f"seen_{name}": joined(name, found) for name in FIGURES}
    return _with_history(
        scenario,
        changes
        | {
            "first_month": months[0],
            "engagement_from": mark or old.engagement_from,
            "by_channel": rows,
            "left_out": sorted({*old.left_out, *partial}),
        },
    )


def _plain(values: Array | None) -> list[float | None]:
    return [] if values is None else [None if math.isnan(v) else round(float(v), 6) for v in values]


def without_history(scenario: Scenario) -> Scenario:
    """Return the scenario without any history; the funnel keeps its numbers."""
    kept = scenario.history
    empty = StoreHistory(
        use_history=kept.use_history,
        had_customers=kept.had_customers,
        baseline_months=kept.baseline_months,
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
    conversion of all); orders that are typed directly, and what their ads cost. Season and ramp are
    switched off: the history holds both. Month 1 follows the history's last month.
    """
    base = {name: chance_history.baseline_month(scenario, name) for name in _KEPT}
    history = scenario.history
    now = scenario.replace(
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
    for step, figure in _STEPS:
        try:
            after = step(now, base)
        except (
            InputError
            # the step would put a value outside its domain: it is left out, and the calibration
            # shows the rest
        ):
            continue
        read |= dict.fromkeys((one.path for one in _changes(now, after)), figure)
        now = after
    now = _of_the_store(now)
    return now, _dated(scenario, now, read)


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
        The rows to be shown, each of which can be taken alone.
    """
    rows = [one for one in changes if not one.path.startswith(f"{PLAN}.")]
    if scenario.plan != fitted.plan:
        names = tuple(scenario.history.names())
        rows.append(
            FittedChange(
                PLAN, float(scenario.plan.start_month), float(fitted.plan.start_month), names
            )
        )
    return tuple(rows)


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
    values: dict[str, Any] = {
        one.path: _at(source, one.path)
        for one in changes
        if one.path in paths and not one.path.startswith(f"{PLAN}.")
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


def _steady(scenario: Scenario, key: str) -> float:
    return (
        steady_figure(scenario, chance_history.sales_figure(scenario) if key == "gmv" else key)
        or 0.0
    )


def _scaled(scenario: Scenario, factors: dict[str, float]) -> Scenario:
    """Return the scenario with the point values at some paths multiplied; ranges become plain
    numbers, for the history now says how uncertain they are.
    """
    changes = {
        path: point_value(scenario.get(path)) * factor
        for path, factor in factors.items()
        if abs(factor - 1) > _CLOSE
    }
    return scenario.replace(changes) if changes else scenario


def _paid(scenario: Scenario) -> list[Any]:
    return [channel for channel in scenario.channels if channel.kind in ("cpc", "cpm")]


def _budgets(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    spend, now = base["ad_spend"], _steady(scenario, "ad_spend")
    if spend is None or not now:
        return scenario
    factors = {f"channels.{c.id}.budget": spend / now for c in _paid(scenario)}
    factors |= {
        f"channels.{c.id}.reference_budget": spend / now
        for c in _paid(scenario)
        if c.reference_budget is not None
    }
    return _scaled(scenario, factors)


def _clicks(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    spend, clicks, now = base["ad_spend"], base["clicks"], _steady(scenario, "cpc")
    if not spend or not clicks or not now:
        return scenario
    factor = spend / clicks / now
    return _scaled(
        scenario,
        {f"channels.{c.id}.{'cpc' if c.kind == 'cpc' else 'cpm'}": factor for c in _paid(scenario)},
    )


def _price(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    gmv, orders = base["gmv"], base["orders"]
    now = _steady(scenario, "gmv") / max(_steady(scenario, "paid_orders"), 1e-12)
    if not gmv or not orders or not now:
        return scenario
    return _scaled(
        scenario,
        {"product.price": gmv / orders / now, "product.shipping_charged": gmv / orders / now},
    )


def _paid_conversion(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    """Set the conversion of paid channels so that ads bring the sales that the history says they
    bring (on the price that shoppers pay).
    """
    sales, orders = base["ad_sales"], _steady(scenario, "paid_channel_orders")
    per_order = _steady(scenario, "gmv") / max(_steady(scenario, "paid_orders"), 1e-12)
    if not sales or not orders or not per_order:
        return scenario
    return _convert(scenario, [c.id for c in _paid(scenario)], sales / per_order / orders)


def _convert(scenario: Scenario, ids: Collection[str], factor: float) -> Scenario:
    """Return the scenario in which some channels convert `factor` times as well."""
    changes: dict[str, float] = {}
    for channel in scenario.channels:
        if channel.id in ids:
            own = (
                channel.channel_cvr if channel.channel_cvr is not None else scenario.conversion.cvr
            )
            if own is not None and channel.channel_checkout_rate is None:
                changes[f"channels.{channel.id}.channel_cvr"] = point_value(own) * factor
            else:
                cart = (
                    channel.channel_add_to_cart_rate
                    if channel.channel_add_to_cart_rate is not None
                    else scenario.conversion.add_to_cart_rate
                )
                changes[f"channels.{channel.id}.channel_add_to_cart_rate"] = (
                    point_value(cart or 0.0) * factor
                )
    return scenario.replace(changes)


def _typed(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    """Set orders that are typed directly, where nothing else sells, to those of the history, and
    what their ads cost to its ad spend.
    """
    channels, orders, spend = scenario.channels, base["orders"], base["ad_spend"]
    now = _steady(scenario, "paid_orders")
    if not orders or not now or any(channel.kind != "orders" for channel in channels):
        return scenario
    scaled = _scaled(
        scenario, {f"channels.{channel.id}.known_sales": orders / now for channel in channels}
    )
    if spend is None:
        return scaled
    first = _steady(scaled, "first_orders")
    costs = {"cost_per_order": spend / first, "acos_rate": 0.0, "tacos_rate": 0.0}
    return scaled.replace(
        {
            f"channels.{channel.id}.{name}": value
            for channel in channels
            for name, value in costs.items()
        }
    )


def _of_the_store(scenario: Scenario) -> Scenario:
    """Return the same figures with the conversion of the ads as the store's, where every channel
    was given one of its own and the store's would be in nobody's way.

    The number among the five is then the one that ads convert at, and what converts otherwise keeps
    its own.
    """
    steps = scenario.conversion.cvr is None
    store, own = (
        ("conversion.add_to_cart_rate", "channel_add_to_cart_rate")
        if steps
        else ("conversion.cvr", "channel_cvr")
    )
    rates = {c.id: getattr(c, own) for c in scenario.channels}
    if any(rate is None for rate in rates.values()) or (
        steps and any(c.channel_cvr is not None for c in scenario.channels)
    ):
        return scenario
    ads = paid_channel(scenario) or scenario.channels[0]
    rate = rates[ads.id]
    plain = scenario.plain()
    value = next(row[own] for row in plain["channels"] if row["id"] == ads.id)
    try:
        return scenario.replace(
            {store: value}
            | {f"channels.{name}.{own}": None for name, one in rates.items() if one == rate}
        )
    # the rate would exceed the store's cart rate: each channel keeps a rate of its own
    except InputError:
        return scenario


def _returns(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    back, orders = (
        chance_history.used_months(scenario, name) for name in ("returned_orders", "orders")
    )
    if not back.size or not orders.size:
        refunds, gmv = base["refunds"], base["gmv"]
        return (
            scenario
            if refunds is None or not gmv
            else scenario.replace({"fulfilment.return_rate": min(1.0, refunds / gmv)})
        )
    known = ~np.isnan(back) & ~np.isnan(orders)
    returned, sold = float(back[known].sum()), float(orders[known].sum())
    if not sold or returned > sold:
        return scenario
    return scenario.replace(
        {
            "fulfilment.return_rate": (
                BetaCounts(successes=returned, trials=sold).model_dump(mode="json")
            )
        }
    )


def _visits(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    """Bring visits to the baseline by the traffic that is not bought."""
    visits, now = base["visits"], _steady(scenario, "visits")
    if not visits or not now:
        return scenario
    flows = evaluate(scenario).channels
    free = {
        c.id: flows[c.id]["visits"] or 0.0
        for c in scenario.channels
        if c.kind not in ("cpc", "cpm")
    }
    factor = (
        (visits - (now - sum(free.values()))) / sum(free.values())
        if sum(free.values())
        else math.nan
    )
    return (
        _scaled(scenario, {f"channels.{name}.impressions": factor for name in free})
        if 0 < factor < _BOOST
        else scenario
    )


def _rest(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    """Bring orders (or GMV) to the baseline by the traffic that is not bought; by the conversion of
    all where that cannot be.
    """
    key, wanted = ("paid_orders", base["orders"]) if base["orders"] else ("gmv", base["gmv"])
    now = _steady(scenario, key)
    if not wanted or not now:
        return scenario
    free = [c.id for c in scenario.channels if c.kind not in ("cpc", "cpm")]
    bought = (
        _steady(scenario, "paid_channel_orders")
        * now
        / max(_steady(scenario, "first_orders"), 1e-12)
    )
    rest = now - bought
    factor = (wanted - bought) / rest if rest > _CLOSE * now else math.nan
    if 0 < factor < _BOOST and free and base["visits"]:
        return _convert(scenario, free, factor)
    if 0 < factor < _BOOST and free:
        return _scaled(scenario, {f"channels.{name}.impressions": factor for name in free})
    return _convert(scenario, [c.id for c in scenario.channels], wanted / now)


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


_STEPS: tuple[tuple[Callable[[Scenario, dict[str, float | None]], Scenario], str], ...] = (
    (_budgets, "ad_spend"),
    (_clicks, "clicks"),
    (_price, "gmv"),
    (_paid_conversion, "ad_sales"),
    (_returns, "returned_orders"),
    (_visits, "visits"),
    (_rest, "orders"),
    (_typed, "orders"),
)
"""The steps in their order, and the figure whose months each is read from."""
