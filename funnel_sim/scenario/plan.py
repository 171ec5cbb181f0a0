"""How the months of a plan differ: start, days, ramp, season, budget, announced changes."""

import calendar
import datetime as dt
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Text, Unit, year_of_mean_one
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.units import MONTHS_A_YEAR

MOST_ANNOUNCED = 24

ANNOUNCED_IN = ("product", "tax", "commission", "payment", "fulfilment", "fixed")
"""Sections whose numbers may change from a month on."""


class Announced(Section):
    """A number that changes from a month of the plan on: a fee, a tax, a price that is announced or
    planned.
    """

    field: Annotated[Text, Spec(unit=Unit.TEXT, zh="哪一项", en="Which number")]
    month: Annotated[
        int,
        Spec(
            unit=Unit.COUNT, at_least=1, at_most=LONGEST_HORIZON, zh="从第几个月起", en="From month"
        ),
    ] = 1
    value: Annotated[float, Spec(unit=Unit.FACTOR, zh="新的数值", en="New value")] = 0.0


class Plan(Section):
    """How the months differ: start, ramp, season, budget."""

    start_month: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=12,
            zh="起始月份",
            en="First calendar month",
            help_zh="第 1 个月是几月，用于季节指数。",
            help_en="Calendar month of month 1, for the season.",
        ),
    ] = 1
    horizon_months: Annotated[
        int,
        Spec(
            unit=Unit.MONTHS,
            at_least=1,
            at_most=LONGEST_HORIZON,
            zh="测算期（月）",
            en="Horizon in months",
            help_zh="1 到 36 个月。",
            help_en="1 to 36 months.",
        ),
    ] = 12
    ramp_start: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="新店起步转化率（占成熟期）",
            en="Conversion at the start, share of mature",
            help_zh="第 1 个月的转化率是成熟期的百分之几；老店填 100%。",
            help_en=(
                "Conversion in month 1 as a share of the mature rate; 100% for an established"
                " store."
            ),
        ),
    ] = 1.0
    organic_ramp_start: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="新店起步自然流量（占成熟期）",
            en="Organic traffic at the start, share of mature",
            help_zh="第 1 个月的自然曝光是成熟期的百分之几。",
            help_en="Organic impressions in month 1 as a share of the mature level.",
        ),
    ] = 1.0
    ramp_months: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONTHS,
            at_least=0,
            at_most=LONGEST_HORIZON,
            zh="爬坡月数",
            en="Ramp in months",
            help_zh="经过几个月直线升到成熟期；0 表示没有爬坡。",
            help_en="Months until the mature level, in a straight line; 0 means no ramp.",
        ),
    ] = 0.0
    season: Annotated[
        list[float],
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            zh="季节指数（1–12 月）",
            en="Season index, January to December",
            help_zh="12 个月的销售指数，平均为 1；作用在转化上。",
            help_en="Twelve indices of mean 1 by calendar month; they act on conversion.",
        ),
    ] = Field(default_factory=lambda: [1.0] * 12)
    budget_plan: Annotated[
        list[float],
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            zh="逐月预算系数",
            en="Budget by month, relative to the monthly budget",
            help_zh="第 1、2、3… 月的预算是月预算的几倍；最后一个数一直沿用；留空为不变。",
            help_en=(
                "Budget of months 1, 2, 3 … as a multiple of the monthly budget; the last one"
                " carries on; empty: unchanged."
            ),
        ),
    ] = Field(default_factory=list)
    announced: Annotated[
        list[Announced],
        Spec(
            unit=Unit.TEXT,
            zh="已公布的变动",
            en="Announced changes",
            help_zh="从某个月起改变的费率、税率或价格；稳定月取前 12 个月的平均。",
            help_en=(
                "Fees, taxes or prices that change from a month on; the steady month takes the mean"
                " of the first twelve."
            ),
        ),
    ] = Field(default_factory=list)

    def season_at(self, month: int) -> float:
        """Return the season index of a month of the plan, the first one being 1.

        >>> Plan(start_month=12, season=[0.9] * 6 + [1.1] * 6).season_at(2)
        0.9
        """
        return self.season[(self.start_month - 2 + month) % MONTHS_A_YEAR]

    def mean_season(self, first: int, last: int) -> float:
        """Return the mean season index of some months of the plan.

        Args:
            first: the first of them, counted from 1.
            last: the last of them.

        Returns:
            The mean [1].
        """
        return sum(self.season_at(month) for month in range(first, last + 1)) / (last - first + 1)

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        year_of_mean_one("season", self.season)
        if len(self.announced) > MOST_ANNOUNCED:
            raise PydanticCustomError(
                "too_many",
                "too many",
                {"field": "announced", "shown": str(len(self.announced)), "most": MOST_ANNOUNCED},
            )
        if len(self.budget_plan) > LONGEST_HORIZON:
            raise PydanticCustomError(
                "budget_plan",
                "too long",
                {
                    "field": "budget_plan",
                    "shown": str(len(self.budget_plan)),
                    "limit": LONGEST_HORIZON,
                },
            )
        return self


def month_lengths(as_of: dt.date, start_month: int, months: int) -> tuple[dt.date, list[int]]:
    """Return the first day of a plan and the days of each of its months, of the real calendar.

    A plan begins with the first start month that is not before the month of its date.

    Args:
        as_of: the day of the scenario.
        start_month: the calendar month of month 1, 1 to 12.
        months: how many months.

    Returns:
        The day, and the number of days by month.

    >>> month_lengths(dt.date(2026, 11, 27), 1, 3)
    (datetime.date(2027, 1, 1), [31, 28, 31])
    """
    first = dt.date(as_of.year + (start_month < as_of.month), start_month, 1)
    places = range(first.month - 1, first.month - 1 + months)
    return first, [
        calendar.monthrange(first.year + place // MONTHS_A_YEAR, place % MONTHS_A_YEAR + 1)[1]
        for place in places
    ]
