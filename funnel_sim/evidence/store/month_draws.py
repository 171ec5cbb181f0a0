"""Months drawn from independent normal numbers, one a month: when a store sells nothing, and how
many orders come where some are expected. Each normal number is used up in turn: what is left of it
once a question is answered is uniform again, so that no further numbers are needed.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from funnel_sim.model.arrays import Array

_EDGE = 1e-12
_PARTS = 4096.0  # of a normal number that moves the expected count; the rest counts the orders
_FEW = 15.0  # expected counts below this are counted one by one


def thinned(
    normals: Array, closes: Array, reopens: Array, *, sold_last: bool
) -> tuple[Array, Array]:
    """Return which months sell nothing, and normal numbers that know nothing of it.

    Args:
        normals: independent normal numbers, shape (months, paths).
        closes: chance of no sales after a month with sales, shape (paths,).
        reopens: chance of sales after a month without, shape (paths,).
        sold_last: whether the month before the first sold anything.

    Returns:
        (bools, normals), shape (months, paths).
    """
    out, shut = normals.copy(), np.zeros(normals.shape, dtype=bool)
    touched = np.flatnonzero((closes > 0) | (not sold_last))
    if not touched.size:
        return shut, out
    selling = np.full(touched.size, sold_last)
    for month, row in enumerate(normals):
        chance = np.where(selling, closes[touched], 1.0 - reopens[touched])
        uniform = ndtr(row[touched])
        closed = uniform < chance
        rest = np.where(
            closed,
            uniform / np.maximum(chance, _EDGE),
            (uniform - chance) / np.maximum(1.0 - chance, _EDGE),
        )
        out[month, touched] = np.where(
            chance > 0, ndtri(np.clip(rest, _EDGE, 1 - _EDGE)), row[touched]
        )
        shut[month, touched] = closed
        selling = ~closed
    return shut, out


def halved(normals: Array) -> tuple[Array, Array]:
    """Return normal numbers of 4096 values, and uniform ones that are independent of them.

    Args:
        normals: independent normal numbers, any shape.
    """
    scaled = ndtr(normals) * _PARTS
    whole = np.minimum(np.floor(scaled), _PARTS - 1)
    return ndtri((whole + 0.5) / _PARTS), np.clip(scaled - whole, _EDGE, 1 - _EDGE)


def counted(expected: Array, uniform: Array) -> Array:
    """Return Poisson counts: the smallest whose distribution function reaches a uniform number.

    Below fifteen exactly, above by the normal with its correction for skewness (Cornish and
    Fisher).

    Args:
        expected: expected counts, any shape.
        uniform: numbers in (0, 1), the same shape.

    Returns:
        Counts, the same shape.

    >>> counted(np.array([1.0, 1.0, 400.0]), np.array([0.36, 0.37, 0.5]))
    array([  0.,   1., 400.])
    """
    few = expected < _FEW
    out = np.empty(expected.shape)
    rate, share = expected[few], uniform[few]
    left = np.exp(-rate)
    reached, number, place = left.copy(), np.zeros(rate.size), np.arange(rate.size)
    count = 0
    while place.size and count < _FEW * 6:
        above = share[place] > reached[place]
        place = place[above]
        count += 1
        left[place] *= rate[place] / count
        reached[place] += left[place]
        number[place] = count
    out[few] = number
    many, normal = expected[~few], ndtri(uniform[~few])
    guess = many + np.sqrt(many) * normal + (np.square(normal) - 1.0) / 6.0
    out[~few] = np.maximum(0.0, np.floor(guess + 0.5))
    return out
