"""Lists of numbers as people type or paste them."""

import math
import re

from funnel_sim.errors import refuse

_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def numbers(text: str, name: str) -> list[float]:
    """Return the numbers of a line, parted by spaces, commas or semicolons.

    Args:
        text: one line, as people type it.
        name: what the file, or the column in it, is called where it is refused.

    Returns:
        In the order of the line.

    Raises:
        InputError: for what is none, and where "1,000" could be one number or two.

    >>> numbers("1000, 631, 468; 382", "x")
    [1000.0, 631.0, 468.0, 382.0]
    """
    out: list[float] = []
    for token in (one.strip(",") for one in re.split(r"[\s;；，、]+", text)):
        if _THOUSANDS.fullmatch(token):
            raise refuse(name, token, "thousands_unclear")
        for part in filter(None, token.split(",")):
            try:
                value = float(part)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                raise refuse(name, part, "numbers_only")
            out.append(value)
    return out
