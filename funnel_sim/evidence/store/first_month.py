"""From which month on an agency seems to have been at work, by what the months themselves tell."""

from typing import Literal

import numpy as np

from funnel_sim.evidence.store.months import SALES, History

Sign = Literal["fees_paid", "ad_spend"]
_FEWEST = 3  # months with sales and without ads that the first month with ads has to follow


def guessed_start(found: History) -> tuple[str, Sign] | None:
    """Return the month from which on the agency is paid, else from which on ads are bought after
    months that sold without any; None where the months tell neither.

    Args:
        found: the months of some files.

    Returns:
        (its name, the figure that tells it); a guess, to be shown as one.

    Examples:
        >>> import datetime as dt
        >>> figures = {"gmv": np.full(5, 9.0), "ad_spend": np.array([np.nan, 0, np.nan, 2, 3])}
        >>> series = dt.date(2026, 1, 1), figures, np.ones(5), "month", "", 5, ()
        >>> guessed_start(History(*series))
        ('2026-04', 'ad_spend')
    """
    none = np.zeros(len(found.months))
    paid = np.nan_to_num(found.figures.get("fees_paid", none)) > 0
    if paid.any():
        return found.months[int(paid.argmax())], "fees_paid"
    spent = np.nan_to_num(found.figures.get("ad_spend", none)) > 0
    if not spent.any():
        return None
    first = int(spent.argmax())
    known = [~np.isnan(found.figures[one]) for one in SALES if one in found.figures]
    sold = np.any(known, axis=0)[:first].sum() if known else 0
    if sold < _FEWEST or not spent[first:].all():
        return None
    return found.months[first], "ad_spend"
