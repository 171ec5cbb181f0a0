"""A total split over items, each with a response of its own: the split that brings the most.

Where every further amount brings less than the one before (concave responses), the best split has
equal marginal gains, and it is found by filling the steepest pieces of the responses first
(`filled`), on grids that close in on it. Where a response is not concave, all splits on a grid are
compared by dynamic programming (`programmed`). Either way the amounts are then put in whole steps
that add up to the total exactly, and no exchange of a step between two items is left that would
bring more (`exchanged`), which for concave responses proves the optimum.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array

Gains = Callable[[Array], Array]
"""From amounts, shape (items, cases, points), to what each item brings at them, same shape; an
item's own constant does not matter."""
CENTS = 100
_POINTS = 33
_ROUNDS = 7
_CELLS = 512
"""Cells of the grid of `programmed`."""
_LEVEL = 1e-9
"""A slope may rise by this part of the steepest one and still be taken for falling: rounding."""
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """A split of a total.

    `amounts` add up to the total to the cent, shape (items,); `concave` whether each item brings
    less the more it has; `left` what the best exchange of one step between two items would still
    bring (zero or less where none is left).
    """

    amounts: Array
    concave: NDArray[np.bool_]
    left: float

    @property
    def proven(self) -> bool:
        """Whether no other split in these steps brings more."""
        return bool(self.concave.all()) and self.left <= 0


def best_split(
    gains: Gains, low: Array, high: Array, total: float, step: float | None = None
) -> Split:
    """Return the split of a total over items that brings the most.

    Args:
        gains: what each item brings at some amounts.
        low: the least of each item [money], shape (items,).
        high: the most of each item [money]; may be infinite.
        total: the sum of all [money].
        step: amounts are whole multiples of it; None for cents. Items without room between their
            bounds keep theirs, and what the total has beyond whole steps goes to one item.

    Raises:
        InputError: if the bounds leave no such split.

    Examples:
        >>> roots = lambda amounts: np.sqrt(amounts) * np.array([1.0, 2.0])[:, None, None]
        >>> found = best_split(roots, np.zeros(2), np.full(2, np.inf), 1000.0)
        >>> found.amounts.tolist(), found.proven
        ([200.0, 800.0], True)
    """
    least, most, whole = _in_cents(low, high, total)
    size = 1 if step is None else round(step * CENTS)
    fixed = least == most
    least = np.where(fixed, least, -(-least // size) * size)
    most_in_steps = np.where(fixed, most, most // size * size)
    rest = (whole - int(least[fixed].sum())) % size if not fixed.all() else 0
    in_steps = whole - rest
    if (
        (least > most_in_steps).any()
        or int(least.sum()) > in_steps
        or int(most_in_steps.sum()) < in_steps
    ):
        raise refuse("budget.budget_step", f"{size / CENTS:,.12g}", "budget_steps")
    concave = are_concave(gains, least / CENTS, most_in_steps / CENTS)
    if concave.all():
        near = filled(gains, least / CENTS, most_in_steps / CENTS, np.array([in_steps / CENTS]))[
            :, 0
        ]
    else:
        near = programmed(gains, least / CENTS, most_in_steps / CENTS, in_steps / CENTS)
    amounts = _in_steps(near, least, most_in_steps, in_steps, size, fixed)
    amounts, left = exchanged(gains, amounts, least, most_in_steps, size, fixed)
    if rest:
        amounts = amounts + _for_the_rest(gains, amounts, most, rest)
    return Split(amounts / CENTS, concave, left)


def _in_cents(low: Array, high: Array, total: float) -> tuple[Whole, Whole, int]:
    """Return bounds and total in whole cents, the upper bounds as far as the others leave room."""
    whole = round(total * CENTS)
    if (low > high).any() or (low < 0).any() or whole < 0:
        raise refuse("budget.bounds", None, "budget_room", low="0", high="0", total=f"{total:,.2f}")
    least = np.ceil(low * CENTS - _HAIR).astype(np.int64)
    most = np.floor(np.minimum(high * CENTS, float(whole)) + _HAIR).astype(np.int64)
    most = np.minimum(np.maximum(most, least), np.floor(high * CENTS + _HAIR))
    most = np.asarray(most).astype(np.int64)
    if int(least.sum()) > whole or int(most.sum()) < whole:
        raise refuse(
            "budget.budget_total",
            f"{whole / CENTS:,.2f}",
            "budget_room",
            low=f"{least.sum() / CENTS:,.2f}",
            high=f"{most.sum() / CENTS:,.2f}",
        )
    room = whole - int(least.sum())
    return least, np.minimum(most, least + room), whole


_HAIR = 1e-6


def are_concave(gains: Gains, low: Array, high: Array) -> NDArray[np.bool_]:
    """Return whether each item brings less for every further amount, between its bounds.

    Args:
        gains: what each item brings at some amounts.
        low: the least of each [money], shape (items,).
        high: the most of each [money].

    Returns:
        Whether, shape (items,).

    >>> steps = lambda amounts: np.floor(amounts / 50.0)
    >>> are_concave(steps, np.zeros(1), np.full(1, 1000.0)).tolist()
    [False]
    """
    grid = _grid(low[:, None], high[:, None], 2 * _POINTS)
    width = np.diff(grid, axis=2)
    slopes = np.diff(gains(grid), axis=2) / np.where(width > 0, width, 1.0)
    rise = np.diff(slopes, axis=2)
    steepest = np.abs(np.where(width > 0, slopes, 0.0)).max(axis=2, keepdims=True)
    fine = ~(rise > _LEVEL * np.maximum(steepest, 1.0)) | ~(width[:, :, 1:] > 0)
    return np.asarray(fine.all(axis=(1, 2)))


def _grid(low: Array, high: Array, points: int) -> Array:
    """Return points from low to high, denser at the low end where responses bend most: shape
    (items, cases, points).
    """
    share = np.linspace(0.0, 1.0, points) ** 2
    return np.asarray(low[..., None] + (high - low)[..., None] * share)


def filled(
    gains: Gains,
    low: Array,
    high: Array,
    totals: Array,
    points: int = _POINTS,
    rounds: int = _ROUNDS,
) -> Array:
    """Return the best split of each of many totals over items with concave responses.

    The responses are taken as straight between the points of a grid; the steepest pieces are filled
    until the total is reached. The grid then closes in on that split, and moves along where the
    split lies at its edge.

    Args:
        gains: what each item brings at amounts of shape (items, cases, points).
        low: the least of each item [money], shape (items,) or (items, cases).
        high: the most of each item [money]; those beyond what the totals leave are cut.
        totals: the sum of each case [money], shape (cases,).
        points: of a grid; the first has twice as many.
        rounds: how often the grid closes in.

    Returns:
        Amounts of shape (items, cases); they add up to the totals but for rounding.
    """
    cases = totals.size
    least = np.broadcast_to(low.reshape(low.shape[0], -1), (low.shape[0], cases))
    room = totals - least.sum(axis=0)
    most = np.minimum(np.broadcast_to(high.reshape(high.shape[0], -1), least.shape), least + room)
    grid = _grid(least, most, 2 * points)
    found = _poured(gains, grid, totals)
    width = np.asarray(
        (most - least) * 4.0 / (2 * points)
    )  # the widest pieces of the first grid are twice as wide as an even one's
    for _ in range(rounds):
        start = np.clip(found - width, least, most)
        stop = np.clip(found + width, least, most)
        grid = start[..., None] + (stop - start)[..., None] * np.linspace(0.0, 1.0, points)
        now = _poured(gains, grid, totals)
        at_edge = ((now <= start) & (start > least)) | ((now >= stop) & (stop < most))
        width = np.where(at_edge.any(axis=0), width, width * 4.0 / (points - 1))
        found = now
        if float(width.max(initial=0.0)) < 0.5 / CENTS:
            break
    return found


def _poured(gains: Gains, grid: Array, totals: Array) -> Array:
    """Return the best split with the responses taken as straight between the points of a grid,
    shape (items, cases).
    """
    items, cases, points = grid.shape
    widths = np.diff(grid, axis=2)
    slopes = np.where(widths > 0, np.diff(gains(grid), axis=2), 0.0) / np.where(
        widths > 0, widths, 1.0
    )
    slopes = np.minimum.accumulate(slopes, axis=2)  # rounding must not put a later piece first
    flat_slopes = slopes.transpose(1, 0, 2).reshape(cases, -1)
    flat_widths = widths.transpose(1, 0, 2).reshape(cases, -1)
    order = np.argsort(-flat_slopes, axis=1, kind="stable")
    in_order = np.take_along_axis(flat_widths, order, axis=1)
    room = (totals - grid[:, :, 0].sum(axis=0))[:, None]
    before = np.cumsum(in_order, axis=1) - in_order
    taken = np.clip(room - before, 0.0, in_order)
    back = np.empty_like(taken)
    np.put_along_axis(back, order, taken, axis=1)
    out = grid[:, :, 0] + back.reshape(cases, items, points - 1).sum(axis=2).T
    return np.asarray(out)


def programmed(gains: Gains, low: Array, high: Array, total: float) -> Array:
    """Return the best split of a total among all on a grid of equal cells, whatever the responses
    look like (dynamic programming over the items).

    Args:
        gains: what each item brings at some amounts.
        low: the least of each item [money], shape (items,).
        high: the most of each item [money].
        total: the sum of all [money].

    Returns:
        Amounts, shape (items,); they add up to the total.
    """
    room = total - float(low.sum())
    cell = room / _CELLS
    counts = np.arange(_CELLS + 1)
    amounts = np.minimum(low[:, None] + cell * counts, high[:, None])
    values = gains(amounts[:, None, :])[:, 0, :]
    allowed = low[:, None] + cell * counts <= high[:, None] + cell * _LEVEL
    values = np.where(allowed, values, -np.inf)
    best = values[0]
    choices = []
    back = counts[:, None] - counts[None, :]
    for row in values[1:]:
        pairs = np.where(back >= 0, best[np.maximum(back, 0)] + row[None, :], -np.inf)
        chosen = pairs.argmax(axis=1)
        choices.append(chosen)
        best = pairs[counts, chosen]
    out = np.zeros(low.size)
    # bounds that are no whole cells may leave the last cell empty; exchanges fill it later
    place = int(np.flatnonzero(np.isfinite(best))[-1])
    for item in range(low.size - 1, 0, -1):
        taken = int(choices[item - 1][place])
        out[item], place = taken * cell, place - taken
    out[0] = place * cell
    return np.asarray(np.minimum(low + out, high))


def _in_steps(
    near: Array, least: Whole, most: Whole, whole: int, size: int, fixed: NDArray[np.bool_]
) -> Whole:
    """Return whole steps near a split, within the bounds, that add up exactly."""
    wanted = near * CENTS
    out = np.where(fixed, least, np.floor((wanted + _HAIR) / size).astype(np.int64) * size)
    out = np.clip(out, least, most)
    missing = (whole - int(out.sum())) // size
    while missing:
        sign = 1 if missing > 0 else -1
        room = (most - out if sign > 0 else out - least) // size
        room[fixed] = 0
        # those whose amount is farthest from what is wanted come first
        order = np.argsort(-sign * (wanted - out), kind="stable")
        order = order[room[order] > 0]
        each = max(1, abs(missing) // max(1, order.size))
        for index in order:
            moved = min(each, abs(missing), int(room[index]))
            out[index] += sign * moved * size
            missing -= sign * moved
            if not missing:
                break
    return np.asarray(out)


def exchanged(
    gains: Gains, amounts: Whole, least: Whole, most: Whole, size: int, fixed: NDArray[np.bool_]
) -> tuple[Whole, float]:
    """Return a split from which no exchange between two items brings more.

    Steps begin large and end with the size asked for; a gain below what rounding can make of it
    counts as none.

    Args:
        gains: what each item brings at some amounts [money].
        amounts: where to begin [cents], shape (items,).
        least: the least of each [cents].
        most: the most of each [cents].
        size: the smallest step [cents].
        fixed: items that keep what they have.

    Returns:
        (the split [cents], shape (items,); what the best exchange of the last step would still
        bring [money]).
    """
    now = amounts.copy()
    if now.size == 1:
        return now, 0.0
    room = max(1, int((most - least).max(initial=0)) // size)
    sizes = [size * 2**power for power in range(int(np.log2(room)), -1, -1)]
    left = 0.0
    for one in sizes:
        for _ in range(_MOST_EXCHANGES):
            points = np.stack([now - one, now, now + one], axis=1)
            inside = np.clip(points, least[:, None], most[:, None])
            values = gains(inside[:, None, :] / CENTS)[:, 0, :]
            up = np.where(fixed | (points[:, 2] > most), -np.inf, values[:, 2] - values[:, 1])
            down = np.where(fixed | (points[:, 0] < least), -np.inf, values[:, 0] - values[:, 1])
            noise = _NOISE * float(np.abs(values).max(initial=1.0))
            pairs, left = _pairs(up, down, noise)
            for to, of in pairs:
                now[to] += one
                now[of] -= one
            if not pairs:
                break
    return now, left


def _pairs(up: Array, down: Array, noise: float) -> tuple[list[tuple[int, int]], float]:
    """Return pairs of items, each item once, of which the first gains more by a step more than the
    second loses by a step less, and what the best pair of all brings (0 where none brings more than
    rounding can make).

    Items do not act on each other, so that all pairs may be exchanged at once.
    """
    gaining = np.argsort(-up, kind="stable").tolist()
    giving = np.argsort(-down, kind="stable").tolist()
    out: list[tuple[int, int]] = []
    used: set[int] = set()
    best = 0.0
    for to in gaining:
        if to in used:
            continue
        of = next((one for one in giving if one != to and one not in used), None)
        if of is None or not up[to] + down[of] > noise:
            # the best taker may be the best giver too: the next taker decides
            if of is None or used or to != giving[0] or len(gaining) == 1:
                break
            continue
        best = max(best, float(up[to] + down[of]))
        out.append((to, of))
        used |= {to, of}
    return out, best


_MOST_EXCHANGES = 2_000
_NOISE = 4e-14


def _for_the_rest(gains: Gains, amounts: Whole, most: Whole, rest: int) -> Whole:
    """Return where what is left of a total over whole steps goes: to the item that makes the most
    of it.
    """
    fits = amounts + rest <= most
    if not fits.any():
        raise refuse("budget.budget_step", f"{rest / CENTS:,.2f}", "budget_steps")
    points = np.stack([amounts, np.where(fits, amounts + rest, amounts)], axis=1) / CENTS
    values = gains(points[:, None, :])[:, 0, :]
    gain = np.where(fits, values[:, 1] - values[:, 0], -np.inf)
    out = np.zeros_like(amounts)
    out[int(gain.argmax())] = rest
    return out
