"""Long sweeps over like cases: some of them in every run, all of them in `make test`.

A test over all presets holds the same law of each. Every sixth, spread over platforms and product
groups, is looked at in the quick run (`make unit`); the mark `slow` leaves the others to `make
slow`, which `make test` and .ci/run run too.
"""

from collections.abc import Iterable
from typing import Any

import pytest

EACH = 6


def sampled(cases: Iterable[Any], each: int = EACH) -> list[Any]:
    """Return the cases as parameters, all but every `each`-th marked slow, the first not.

    >>> [bool(one.marks) for one in sampled("abcdefg", each=3)]
    [False, True, True, False, True, True, False]
    """
    return [
        pytest.param(one, marks=[pytest.mark.slow] if place % each else [])
        for place, one in enumerate(cases)
    ]
