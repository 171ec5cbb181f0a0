"""What each lever frees: the same futures with one term changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance.cash import CashFutures, simulate_cash
from funnel_sim.chance.estimates import Figure, percentiles
from funnel_sim.decisions.cash.answer import (
    ENOUGH,
    as_planned,
    in_kept,
    money_estimate,
    planned_futures,
    stock_kept,
)
from funnel_sim.decisions.cash.growth import grown
from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.cents import short
from funnel_sim.reference.cash_settings import cash_settings
from funnel_sim.scenario.cash_specs import LONGEST_WAIT
from funnel_sim.scenario.quantity import Quantity, Range, moved, point_value
from funnel_sim.scenario.scenario import Scenario

_SIZES = cash_settings("levers")
SOONER, LONGER = float(_SIZES["sooner_days"]), float(_SIZES["later_days"])
HALF, SLOWER = _SIZES["share"], _SIZES["slower"]


@dataclass(frozen=True)
class CashLever:
    """One change of terms and what it does to the lowest balance, on the same futures.

    `key` names it (`cash_answer.lever_…` in the words), `changes` are the fields it sets, `size`
    how much it changes: days, or a share of what there was (−0.5: halved). `frees` is the opening
    cash that it makes unnecessary at 95 % of futures; `lowest` the change of the mean lowest
    balance (the median where there is no mean), `below` that of the probability of a balance below
    zero; `profit` what it changes in the profit of the plan. Money is in the currency of the
    balance, profit at the likely exchange rate.
    """

    key: str
    size: float
    changes: tuple[tuple[str, object], ...]
    frees: Figure
    lowest: Figure
    below: Figure
    profit: Figure


def lever_changes(scenario: Scenario) -> dict[str, tuple[float, dict[str, object]]]:
    """Return the levers that a scenario has: what each changes, as far as there is something to
    change.

    Args:
        scenario: the store and its plan, as typed.

    Returns:
        By key: (size, fields with their new values), in the order in which they are shown. The
        stock of the first day stays what it is taken for, where it is not typed.
    """
    terms = scenario.cash
    ahead = terms.stocking != "as_sold"
    out: dict[str, tuple[float, dict[str, object]]] = {}

    def set_to(key: str, name: str, value: float, *, halved: bool = False) -> None:
        """Note a field of the terms with its new point value, a range moved along with it."""
        held = getattr(terms, name)
        new: object = moved_to(held, value)
        if isinstance(held, int) and not isinstance(held, bool):
            new = round(value)
        size = value - float(point_value(held))
        if size:
            out[key] = (HALF - 1.0 if halved else size, {f"cash.{name}": new})

    def halve(key: str, name: str) -> None:
        """Note a field of the terms at half its point value."""
        set_to(key, name, float(point_value(getattr(terms, name))) * HALF, halved=True)

    delay = float(point_value(terms.payout_delay_days))
    set_to("payout", "payout_delay_days", max(0.0, delay - SOONER))
    if point_value(terms.reserve_days):
        halve("reserve", "reserve_rate")
    set_to("supplier", "balance_days", min(float(LONGEST_WAIT), terms.balance_days + LONGER))
    if ahead:
        halve("deposit", "deposit_rate")
        set_to("safety", "safety_days", float(int(terms.safety_days * HALF)))
        if "safety" in out:
            out["safety"][1].update(stock_kept(scenario))
        batch = "order_every_days" if terms.stocking == "periodic" else "cover_days"
        days = int(getattr(terms, batch))
        least = float(point_value(terms.minimum_order_units))
        if days > 1:
            changes: dict[str, object] = {f"cash.{batch}": max(1, int(days * HALF))}
            if least:
                changes["cash.minimum_order_units"] = moved_to(
                    terms.minimum_order_units, least * HALF
                )
            out["batches"] = (HALF - 1.0, changes)
    if terms.ads_billing in ("as_spent", "prepaid", "threshold"):
        out["ads"] = (LONGER, {"cash.ads_billing": "monthly", "cash.ads_due_days": int(LONGER)})
    if point_value(terms.owner_draw):
        halve("draw", "owner_draw")
    return out


def moved_to(held: Quantity, value: float) -> object:
    """Return a number, or a range moved along to it where a range was held.

    Args:
        held: what a field holds.
        value: its new point value.
    """
    return moved(held, value) if isinstance(held, Range) else value


def levers(
    scenario: Scenario, *, paths: int | None = None, base: CashFutures | None = None
) -> list[CashLever]:
    """Return what each lever frees, the one that frees most first.

    Goods are ordered as planned in every future (`answer.as_planned`): a lever frees what the plan
    needs, not what is left of it where cash is short.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws; the scenario's own where None.
        base: the cash of this very scenario, where it is at hand; its paths are taken.

    Returns:
        One entry for each lever that the scenario has, that of ads where some are paid; `slower`
        growth is always one [currency of the balance].
    """
    now = planned_futures(scenario, base, paths)
    plain, plan = as_planned(scenario), now.plan
    out = [
        _effect(
            key,
            size,
            changes,
            now,
            simulate_cash(plain.replace(changes), paths=plan.paths, seed=plan.seed),
        )
        for key, (size, changes) in lever_changes(scenario).items()
        if key != "ads" or np.any(now.mean_flows["ads"])
    ]
    kept = plain.replace(stock_kept(scenario))
    slower = simulate_cash(kept, paths=plan.paths, seed=plan.seed, planned=grown(SLOWER))
    out.append(_effect("slower", SLOWER, {}, now, slower))
    return sorted(out, key=lambda one: -one.frees.value)


def _effect(
    key: str, size: float, changes: Mapping[str, object], now: CashFutures, then: CashFutures
) -> CashLever:
    sets = now.plan.replicates
    freed = paired(
        -now.lowest, -then.lowest, sets, lambda draws: percentiles(draws, (ENOUGH,), sets)[0].value
    )
    return CashLever(
        key,
        size,
        tuple(changes.items()),
        freed,
        money_estimate(now, then.lowest - now.lowest).centre,
        _difference(short(then.lowest), short(now.lowest), sets),
        money_estimate(now, (then.profit - now.profit) * in_kept(now.scenario, 1.0)).centre,
    )


def _difference(one: NDArray[np.bool_], two: NDArray[np.bool_], sets: int) -> Figure:
    """Return the difference of two probabilities on the same futures, with its error."""
    rows = (one.astype(np.float64) - two.astype(np.float64)).reshape(sets, -1).mean(axis=1)
    return Figure(float(rows.mean()), float(rows.std(ddof=1) / np.sqrt(sets)), sets)


def paired(one: Array, two: Array, sets: int, statistic: Callable[[Array], float]) -> Figure:
    """Return the difference of a statistic of two sets of draws of the same futures.

    Its error comes from leaving one replicate out at a time (jackknife): a percentile of two
    results of one future moves together, so that their errors do not add up.

    Args:
        one: draws, shape (paths,), replicate after replicate.
        two: draws of the same futures.
        sets: how many replicates they hold.
        statistic: what is compared.

    Returns:
        statistic(one) − statistic(two).

    Examples:
        >>> paired(np.arange(8.0), np.arange(8.0) - 2, 4, lambda draws: float(draws.mean())).value
        2.0
    """
    value = statistic(one) - statistic(two)
    rows, others = one.reshape(sets, -1), two.reshape(sets, -1)
    without = np.array(
        [
            statistic(np.delete(rows, place, axis=0).ravel())
            - statistic(np.delete(others, place, axis=0).ravel())
            for place in range(sets)
        ]
    )
    spread = float(np.square(without - without.mean()).sum())
    return Figure(value, float(np.sqrt((sets - 1) / sets * spread)), sets)
