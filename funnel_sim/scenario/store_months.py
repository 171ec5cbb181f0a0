"""The months that a store has had, as one series with one mark: the engagement's first month.

Months before the mark are the baseline, months from it on are actuals; without a mark all of them
are baseline. Each figure may be missing, altogether or in a month. Neutral by default: without
months the funnel's own numbers hold.
"""

import math
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.errors import refuse
from funnel_sim.scenario.fields import Section, Spec, Text, Unit
from funnel_sim.units import MONTHS_A_YEAR
from funnel_sim.words import Words

MOST_HISTORY = 120
MOST_CHANNELS = 12
MOST_MARKED = 40
_SEEN = "seen_"
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

MONEY: tuple[str, ...] = (
    "gmv",
    "ad_spend",
    "ad_sales",
    "refunds",
    "refunded_later",
    "average_price",
    "goods_cost",
    "commission",
    "logistics",
    "fees_paid",
)
"""Figures of a month that are amounts, of the sales currency but for the fees paid, which are in
the contract's; all others are counts.
"""

ADDED: frozenset[str] = frozenset(
    {
        "engagement_from",
        "signed",
        "seen_units",
        "seen_carts",
        "seen_cancelled",
        "seen_repeat_orders",
        "seen_average_price",
        "seen_goods_cost",
        "seen_commission",
        "seen_logistics",
        "seen_fees_paid",
        "seen_refunded_later",
        "after_refunds",
        "by_channel",
        "marked",
        "charged",
        "counted",
        "reply_hours",
        "reports_due",
        "reports_on_time",
        "data_open",
        "converted",
    }
)
"""Fields that links made before the series had a mark do not know; empty, they change nothing."""


def _month_name(text: str) -> str:
    if text and not _MONTH.fullmatch(text):
        raise PydanticCustomError("month", "not a month", {"shown": text})
    return text


Month = Annotated[str, AfterValidator(_month_name)]
Months = Annotated[list[float | None], Spec(unit=Unit.TEXT, at_least=0, zh="逐月数值", en="Months")]

Event = Literal["stock_out", "price", "promotion", "platform", "budget", "season", "other"]
EVENT_WORDS: dict[Event, Words] = {
    "stock_out": Words("断货", "Out of stock"),
    "price": Words("调价", "Price changed"),
    "promotion": Words("大促", "Promotion"),
    "platform": Words("平台规则或事故", "Platform rule or incident"),
    "budget": Words("广告预算大幅变动", "Ad budget changed sharply"),
    "season": Words("异常季节", "Unusual season"),
    "other": Words("其他", "Other"),
}


DataOpen = Literal["", "yes", "partly", "no"]
DATA_OPEN_WORDS: dict[DataOpen, Words] = {
    "": Words("未填写", "Not said"),
    "yes": Words("开放", "Open"),
    "partly": Words("部分开放", "Partly open"),
    "no": Words("不开放", "Closed"),
}


def month_number(month: str) -> int:
    """Return the months since the year 0 of a month "2026-03".

    Args:
        month: its name.

    Raises:
        InputError: if it is none.

    >>> month_number("2026-03") - month_number("2025-12")
    3
    """
    if not _MONTH.fullmatch(month):
        raise refuse("month", month, "month")
    return int(month[:4]) * MONTHS_A_YEAR + int(month[5:7]) - 1


def month_name(number: int) -> str:
    """Return a month's name from its number.

    >>> month_name(month_number("2025-12") + 1)
    '2026-01'
    """
    return f"{number // MONTHS_A_YEAR:04d}-{number % MONTHS_A_YEAR + 1:02d}"


def _of_names(section: Section) -> dict[str, list[float | None]]:
    every: dict[str, Any] = {
        name.removeprefix(_SEEN): getattr(section, name)
        for name in type(section).model_fields
        if name.startswith(_SEEN)
    }
    return {name: values for name, values in every.items() if values}


class ChannelMonths(Section):
    """The same months of one channel, as far as they are known; money in the sales currency."""

    channel: Annotated[
        Text,
        Spec(unit=Unit.TEXT, zh="渠道", en="Channel"),
    ]
    seen_impressions: Months = Field(default_factory=list)
    seen_clicks: Months = Field(default_factory=list)
    seen_visits: Months = Field(default_factory=list)
    seen_carts: Months = Field(default_factory=list)
    seen_orders: Months = Field(default_factory=list)
    seen_gmv: Months = Field(default_factory=list)
    seen_ad_spend: Months = Field(default_factory=list)
    seen_ad_sales: Months = Field(default_factory=list)

    def figures(self) -> dict[str, list[float | None]]:
        """Return the figures that are there, by name ("clicks")."""
        return _of_names(self)


class Marked(Section):
    """Something that happened in a month beside the operator's work; `taken_out` leaves the month
    out of what is judged.
    """

    month: Annotated[Month, Spec(unit=Unit.TEXT, zh="月份", en="Month")]
    event: Annotated[
        Event,
        Spec(
            unit=Unit.TEXT,
            zh="发生了什么",
            en="What happened",
            choices=dict(EVENT_WORDS),
        ),
    ] = "other"
    taken_out: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="不计入判断",
            en="Taken out",
            help_zh="该月不用来判断服务商的效果；否则只作说明。",
            help_en="The month is not used to judge the operator; else it is only mentioned.",
        ),
    ] = True
    note: Annotated[Text, Spec(unit=Unit.TEXT, zh="备注", en="Note")] = ""


class Charged(Section):
    """An extra fee that is charged by event, and a month in which it fell."""

    month: Annotated[Month, Spec(unit=Unit.TEXT, zh="月份", en="Month")]
    place: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=12,
            zh="第几项其他收费",
            en="Which of the extra fees",
        ),
    ] = 1


class CountedKpi(Section):
    """A KPI that no sales report shows, as it was counted in the months from the mark on."""

    kpi: Annotated[Text, Spec(unit=Unit.TEXT, zh="哪个 KPI", en="Which KPI")]
    values: Annotated[list[float | None], Spec(unit=Unit.TEXT, zh="逐月数值", en="Months")] = Field(
        default_factory=list
    )


class Converted(Section):
    """Amounts of a file that were in another currency, and the rate at which they were read; no
    figure is worked out from it.
    """

    file: Annotated[Text, Spec(unit=Unit.TEXT, zh="文件", en="File")]
    code: Annotated[Text, Spec(unit=Unit.TEXT, zh="原币种", en="Currency of the file")]
    into: Annotated[Text, Spec(unit=Unit.TEXT, zh="折算成", en="Converted to")]
    rate: Annotated[float, Spec(unit=Unit.FACTOR, above=0, zh="汇率", en="Rate")]
    day: Annotated[
        Text,
        Spec(
            unit=Unit.TEXT,
            zh="汇率的日期",
            en="Day of the rate",
            help_zh="留空表示汇率是您自己填的。",
            help_en="Empty where the rate was typed.",
        ),
    ] = ""
    figures: Annotated[list[Text], Spec(unit=Unit.TEXT, zh="哪些数字", en="Which figures")] = Field(
        default_factory=list
    )
    first: Annotated[Month, Spec(unit=Unit.TEXT, zh="从哪个月", en="From month")] = ""
    last: Annotated[Month, Spec(unit=Unit.TEXT, zh="到哪个月", en="To month")] = ""


class StoreHistory(Section):
    """The months of a store, one number a month and figure; null is a month without it."""

    use_history: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="用历史预测",
            en="Forecast from the history",
            help_zh="模拟的月份由历史推出：水平、季节和波动。",
            help_en="The months of the simulation follow from the history: level, season, noise.",
        ),
    ] = True
    had_customers: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="已有老客户",
            en="The store already had customers",
            help_zh="测算期之前的老客户继续复购；有历史时总是如此。",
            help_en=(
                "Customers from before the first month keep coming back; always so with a history."
            ),
        ),
    ] = False
    first_month: Annotated[
        Month,
        Spec(unit=Unit.TEXT, zh="历史的第一个月", en="First month of the history"),
    ] = ""
    engagement_from: Annotated[
        Month,
        Spec(
            unit=Unit.TEXT,
            zh="合作的第一个月",
            en="First month of the engagement",
            help_zh="此月之前是基线，从此月起是实际数；还没开始合作就留空。",
            help_en=(
                "Months before it are the baseline, months from it on are actuals; empty: none has"
                " begun."
            ),
        ),
    ] = ""
    signed: Annotated[
        Text,
        Spec(
            unit=Unit.TEXT,
            zh="已签的合同",
            en="The contract that was signed",
            help_zh="签下的是哪份报价；签约后的各页都按它来算。",
            help_en="Which of the quotes was signed; the pages after the signature go by it.",
        ),
    ] = ""
    baseline_months: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=12,
            zh="基线取最近几个月",
            en="Months in the baseline",
            help_zh="基线是最近几个月的平均。",
            help_en="The baseline is the mean of the last months.",
        ),
    ] = 3
    seen_gmv: Months = Field(default_factory=list)
    seen_orders: Months = Field(default_factory=list)
    seen_visits: Months = Field(default_factory=list)
    seen_impressions: Months = Field(default_factory=list)
    seen_clicks: Months = Field(default_factory=list)
    seen_ad_spend: Months = Field(default_factory=list)
    seen_ad_sales: Months = Field(default_factory=list)
    seen_refunds: Months = Field(default_factory=list)
    seen_returned_orders: Months = Field(default_factory=list)
    seen_units: Months = Field(default_factory=list)
    seen_carts: Months = Field(default_factory=list)
    seen_cancelled: Months = Field(default_factory=list)
    seen_repeat_orders: Months = Field(default_factory=list)
    seen_average_price: Months = Field(default_factory=list)
    seen_goods_cost: Months = Field(default_factory=list)
    seen_commission: Months = Field(default_factory=list)
    seen_logistics: Months = Field(default_factory=list)
    seen_fees_paid: Annotated[
        list[float | None],
        Spec(
            unit=Unit.TEXT,
            at_least=0,
            zh="已付服务费",
            en="Fees paid to the agency",
            help_zh="按合同的币种填写（账单用的币种），不是店铺的销售币种。",
            help_en=(
                "In the currency that the contract's fees are in, as the bill is; not the currency"
                " of sales where these differ."
            ),
        ),
    ] = Field(default_factory=list)
    seen_refunded_later: Months = Field(default_factory=list)
    after_refunds: Annotated[
        list[Month],
        Spec(
            unit=Unit.TEXT,
            zh="GMV 已扣退款的月份",
            en="Months whose GMV is after refunds",
            help_zh="来源只给了扣除退款后的销售额、没有退款数的月份；填上退款后加回到 GMV。",
            help_en=(
                "Months of which only sales after refunds are known; once their refunds are typed"
                " these are added back."
            ),
        ),
    ] = Field(default_factory=list)
    converted: Annotated[
        list[Converted],
        Spec(
            unit=Unit.TEXT,
            zh="折算过的文件",
            en="Files whose money was converted",
            help_zh="读入时从其他币种折算过来的金额，以及所用的汇率；不参与计算，只作说明。",
            help_en="Amounts read from another currency, and the rate; told, in no calculation.",
        ),
    ] = Field(default_factory=list)
    by_channel: Annotated[
        list[ChannelMonths],
        Spec(unit=Unit.TEXT, zh="分渠道的月份", en="Months by channel"),
    ] = Field(default_factory=list)
    marked: Annotated[
        list[Marked],
        Spec(
            unit=Unit.TEXT,
            zh="标记的事件",
            en="Marked events",
            help_zh="断货、调价、大促、平台事故等，会影响对服务商效果的判断。",
            help_en="Stock-outs, price changes, promotions, incidents: what else moved a month.",
        ),
    ] = Field(default_factory=list)
    charged: Annotated[
        list[Charged],
        Spec(
            unit=Unit.TEXT,
            zh="按次收费发生的月份",
            en="Months in which fees by event fell",
            help_zh="合同里按次收取的项目，在哪些月份发生过；没有注明的月份按没有发生计。",
            help_en="In which months a fee that is charged by event fell; none elsewhere.",
        ),
    ] = Field(default_factory=list)
    counted: Annotated[
        list[CountedKpi],
        Spec(
            unit=Unit.TEXT,
            zh="单独计数的 KPI",
            en="KPIs counted for themselves",
            help_zh="销售报表上没有的 KPI（如差评率、上架数），从合作第一个月起逐月的实际数。",
            help_en=(
                "KPIs that no sales report shows, such as reviews or listings, month by month from"
                " the engagement's first month on."
            ),
        ),
    ] = Field(default_factory=list)
    reply_hours: Annotated[
        float | None,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=1000,
            zh="服务商平均回复小时",
            en="Hours until the agency replies, on average",
            help_zh="合作期间您提出问题到得到答复的平均时间；不影响计算。",
            help_en="From question to answer since the engagement began; no figure uses it.",
        ),
    ] = None
    reports_due: Annotated[
        int | None,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            at_most=1000,
            zh="应交报告数",
            en="Reports that were due",
            help_zh="合作以来合同约定应交的报告；不影响计算。",
            help_en="By the contract, since the engagement began; no figure uses it.",
        ),
    ] = None
    reports_on_time: Annotated[
        int | None,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            at_most=1000,
            zh="按时交的报告数",
            en="Reports that came on time",
            help_zh="其中按时交付的；不影响计算。",
            help_en="How many of them; no figure uses it.",
        ),
    ] = None
    data_open: Annotated[
        DataOpen,
        Spec(
            unit=Unit.TEXT,
            zh="数据是否对您开放",
            en="Whether the data are open to you",
            help_zh="广告账户和后台数据您是否随时能看；不影响计算。",
            help_en="Whether you can look into ad accounts and consoles; no figure uses it.",
            choices=dict(DATA_OPEN_WORDS),
        ),
    ] = ""
    left_out: Annotated[
        list[str],
        Spec(
            unit=Unit.TEXT,
            zh="不采用的月份",
            en="Months left out",
            help_zh="异常或不完整、由您排除的月份。",
            help_en="Months that you left out as odd or incomplete.",
        ),
    ] = Field(default_factory=list)

    @model_validator(mode="after")
    def _even(self) -> Self:
        lengths = {len(values) for values in self._every()}
        if len(lengths) > 1 or (lengths and max(lengths) > MOST_HISTORY):
            raise PydanticCustomError(
                "history_lengths",
                "one length",
                {
                    "field": "seen_gmv",
                    "shown": ", ".join(str(n) for n in sorted(lengths)),
                    "most": MOST_HISTORY,
                },
            )
        if lengths and not self.first_month:
            raise PydanticCustomError("missing", "needs a month", {"field": "first_month"})
        if self.engagement_from and lengths:
            away = self.ahead_of_mark()
            if not max(lengths) - MOST_HISTORY <= away <= MOST_HISTORY:
                raise PydanticCustomError(
                    "mark_far",
                    "too far away",
                    {
                        "field": "engagement_from",
                        "shown": self.engagement_from,
                        "first": self.first_month,
                        "most": MOST_HISTORY,
                    },
                )
        if (self.reports_on_time or 0) > (self.reports_due or 0):
            raise PydanticCustomError(
                "reports_late",
                "more on time than due",
                {
                    "field": "reports_on_time",
                    "shown": str(self.reports_on_time),
                    "most": self.reports_due or 0,
                },
            )
        for name, most in (
            ("by_channel", MOST_CHANNELS),
            ("marked", MOST_MARKED),
            ("charged", MOST_HISTORY),
            ("counted", MOST_MARKED),
            ("converted", MOST_MARKED),
        ):
            if len(getattr(self, name)) > most:
                raise PydanticCustomError(
                    "too_many",
                    "too many",
                    {"field": name, "shown": str(len(getattr(self, name))), "most": most},
                )
        return self

    def _every(self) -> Iterable[list[float | None]]:
        yield from self.figures().values()
        for one in self.by_channel:
            yield from one.figures().values()

    def figures(self) -> dict[str, list[float | None]]:
        """Return the figures that are there, by name ("gmv")."""
        return _of_names(self)

    def counted_months(self) -> dict[str, list[float | None]]:
        """Return the KPIs that were counted for themselves by id, a value a month from the mark
        on.

        >>> StoreHistory(counted=[CountedKpi(kpi="r", values=[0.1, None])]).counted_months()
        {'r': [0.1, None]}
        """
        return {one.kpi: one.values for one in self.counted}

    def fell(self) -> dict[int, list[str]]:
        """Return the months in which fees by event fell, by the place of the fee in its contract
        from 0.

        >>> StoreHistory(charged=[Charged(month="2026-03", place=2)]).fell()
        {1: ['2026-03']}
        """
        out: dict[int, list[str]] = {}
        for one in self.charged:
            out.setdefault(one.place - 1, []).append(one.month)
        return out

    def names(self) -> list[str]:
        """Return the months as "2026-03"."""
        length = max((len(values) for values in self._every()), default=0)
        if not length:
            return []
        first = month_number(self.first_month)
        return [month_name(first + place) for place in range(length)]

    def of(self, figure: str, months: Iterable[str], channel: str = "") -> list[float]:
        """Return a figure in some months.

        Args:
            figure: which figure, such as "orders".
            months: names of months, such as "2026-03".
            channel: the id of a channel; "" for the whole store.

        Returns:
            One number a month in the unit of the figure, NaN where it is not known.

        Examples:
            >>> seen = StoreHistory(first_month="2026-01", seen_orders=[5.0, None])
            >>> seen.of("orders", ["2026-01", "2026-02", "2026-03"])
            [5.0, nan, nan]
        """
        row: StoreHistory | ChannelMonths | None = self
        if channel:
            row = next((one for one in self.by_channel if one.channel == channel), None)
        values = [] if row is None else row.figures().get(figure, [])
        known = dict(zip(self.names(), values, strict=False))
        return [math.nan if (value := known.get(month)) is None else value for month in months]

    def before_mark(self) -> int:
        """Return how many of the months are baseline: those before the mark, all without one.

        >>> StoreHistory(
        ...     first_month="2025-11", seen_orders=[5.0, 6.0, 9.0], engagement_from="2026-01"
        ... ).before_mark()
        2
        """
        length = len(self.names())
        if not self.engagement_from or not length:
            return length
        return max(0, min(length, self.ahead_of_mark()))

    def ahead_of_mark(self) -> int:
        """Return the months from the first month of the series to the mark, below zero where the
        series begins after it.
        """
        return month_number(self.engagement_from) - month_number(self.first_month)

    def engaged(self) -> list[str]:
        """Return the names of the months from the mark on, those without any figure included; none
        without a mark.

        A series that begins after the mark lacks its first months: they are named too, for the
        contract counts them.
        """
        names = self.names()
        if not self.engagement_from or not names:
            return []
        first, last = month_number(self.engagement_from), month_number(names[-1])
        return [month_name(number) for number in range(first, last + 1)]
