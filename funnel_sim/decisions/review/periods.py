"""The period that a review is of: a month or a quarter since the engagement began, what it is held
against, and the scenario as it was known at its end.

A review of August reads the same in November: months after the period are left out before anything
is computed. Read `period_of` and `up_to`.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from funnel_sim.decisions.review.actuals import actual_ledger, as_seen
from funnel_sim.decisions.review.borrowed import MARGINS, UNIT_COST, example_cost
from funnel_sim.errors import refuse
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import month_name, month_number
from funnel_sim.units import MONTHS_A_YEAR

QUARTER = 3
_NAMED = re.compile(r"(\d{4})-(?:(0[1-9]|1[0-2])|Q([1-4]))")


@dataclass(frozen=True)
class ReviewPeriod:
    """A month ("2026-08") or a quarter ("2026-Q3"): the `months` of it that came since the mark,
    as many just `before` them and a `year_ago` (none where the series has none of them), and
    whether more of it is still to come or lies before the engagement (`part`).
    """

    name: str
    months: tuple[str, ...]
    before: tuple[str, ...]
    year_ago: tuple[str, ...]
    part: bool

    @property
    def last(self) -> str:
        """Its last month."""
        return self.months[-1]


def periods(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of every period that can be reviewed, the latest first: each month since
    the mark, then each quarter.

    Args:
        scenario: the store with its series of months.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace(
        ...     {
        ...         "history.first_month": "2026-02",
        ...         "history.engagement_from": "2026-03",
        ...         "history.seen_orders": [9.0, 10.0, 12.0],
        ...     }
        ... )
        >>> periods(store)
        ('2026-04', '2026-03', '2026-Q2', '2026-Q1')
    """
    months = scenario.history.engaged()[::-1]
    quarters = dict.fromkeys(quarter_of(month) for month in months)
    return (*months, *quarters)


def quarter_of(month: str) -> str:
    """Return the quarter that a month lies in.

    >>> quarter_of("2026-08")
    '2026-Q3'
    """
    return f"{month[:4]}-Q{(int(month[5:]) - 1) // QUARTER + 1}"


def period_of(scenario: Scenario, name: str = "") -> ReviewPeriod:
    """Return a period of the engagement by its name.

    Args:
        scenario: the store with its series of months.
        name: "2026-08" or "2026-Q3"; "" for the last month.

    Raises:
        InputError: no mark, no month since it, a name that is no period, or one without a month
            since the mark.
    """
    came = scenario.history.engaged()
    if not came:
        raise refuse("history.engagement_from", None, "review_no_mark")
    name = name or came[-1]
    found = _NAMED.fullmatch(name)
    if found is None:
        raise refuse("period", name, "review_period", first=came[0], last=came[-1])
    year, month, quarter = found.groups()
    first = int(year) * MONTHS_A_YEAR + (int(month) - 1 if month else (int(quarter) - 1) * QUARTER)
    whole = [month_name(first + place) for place in range(1 if month else QUARTER)]
    months = tuple(one for one in whole if one in came)
    if not months:
        raise refuse("period", name, "review_period", first=came[0], last=came[-1])
    return ReviewPeriod(
        name,
        months,
        _earlier(scenario, months, len(months)),
        _earlier(scenario, months, MONTHS_A_YEAR),
        len(months) < len(whole),
    )


def _earlier(scenario: Scenario, months: Sequence[str], back: int) -> tuple[str, ...]:
    """Return months so many earlier; none where the series lacks one of them."""
    names = scenario.history.names()
    then = tuple(month_name(month_number(one) - back) for one in months)
    return then if all(one in names for one in then) else ()


def up_to(scenario: Scenario, last: str) -> Scenario:
    """Return the scenario as it was known after a month: later months of the series are left out.

    Refunds that came later stay with the month that they belong to, as far as they are typed now.

    Args:
        scenario: the store with its series of months.
        last: the last month that is kept.
    """
    history = scenario.history
    names = history.names()
    kept = sum(1 for name in names if name <= last)
    if kept == len(names):
        return scenario
    plain = history.model_dump(mode="json")

    def cut(row: dict[str, object]) -> dict[str, object]:
        return {
            key: value[:kept] if key.startswith("seen_") and isinstance(value, list) else value
            for key, value in row.items()
        }

    changes = cut(plain) | {
        "by_channel": [cut(row) for row in plain["by_channel"]],
        "marked": [row for row in plain["marked"] if row["month"] <= last],
    }
    return scenario.replace({f"history.{key}": value for key, value in changes.items()})


FIGURES: tuple[str, ...] = ("gmv", "paid_orders", "cm3", "profit")
"""What the head of a review shows, profit before the agency's fee."""


def other_periods(scenario: Scenario, period: ReviewPeriod) -> dict[str, tuple[str, ...]]:
    """Return every month, and every whole quarter, of the series that shares no month with a
    period.

    Args:
        scenario: the store with its series of months, up to the period's end.
        period: the one under review.

    Returns:
        The months of each by its name, the latest first.
    """
    names = [one for one in scenario.history.names() if one not in period.months]
    out: dict[str, tuple[str, ...]] = {one: (one,) for one in reversed(names)}
    for quarter in dict.fromkeys(quarter_of(one) for one in reversed(names)):
        months = tuple(one for one in names if quarter_of(one) == quarter)
        if len(months) == QUARTER:
            out[quarter] = months
    return out


@dataclass(frozen=True)
class PeriodFigure:
    """A figure over the period, over as many months before it and over the same months of the year
    before; None where it is not known. `assumed` says what of it is not the shop's own
    (borrowed.py).
    """

    key: str
    now: float | None
    before: float | None
    year_ago: float | None
    assumed: tuple[str, ...] = ()


def figures_of_period(
    scenario: Scenario, period: ReviewPeriod, keys: Sequence[str] = FIGURES
) -> tuple[PeriodFigure, ...]:
    """Return figures of the actual ledger over a period and what it is held against.

    Args:
        scenario: the store with its series of months.
        period: the one under review.
        keys: figures of the model, such as "profit" or "roas@sales=all".

    Returns:
        One entry a figure, sums or ratios of sums over all months, in the figure's unit; GMV is
        the one of the months' files (`as_seen`).
    """

    def over(months: Sequence[str]) -> list[float | None]:
        if not months:
            return [None] * len(keys)
        ledger = actual_ledger(scenario, months)
        values = [ledger.over(as_seen(scenario, key), 1, ledger.count) for key in keys]
        return [value if math.isfinite(value) else None for value in values]

    cost = (UNIT_COST,) if example_cost(scenario, period.months) else ()
    rows = [over(months) for months in (period.months, period.before, period.year_ago)]
    return tuple(
        PeriodFigure(key, now, before, year, cost if key in MARGINS else ())
        for key, now, before, year in zip(keys, *rows, strict=True)
    )
