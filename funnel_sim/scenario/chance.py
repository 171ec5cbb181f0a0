"""What the months do by chance, what moves together, and what may happen: the inputs of the
simulation.

Everything here is neutral by default: without ranges, noise and events every path of a simulation
is the point calculation. Presets switch the noise on.
"""

import math
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.correlation import mend
from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Text, Unit
from funnel_sim.scenario.quantity import Quantity, bounds, point_value
from funnel_sim.words import Words

MOST_SHOCKS = 12
LARGEST_SEED = 2**31 - 1
FEWEST_PATHS, LIVE_PATHS, MOST_PATHS = 256, 16_384, 1_048_576

ShockEffect = Literal[
    "commission",
    "fulfilment",
    "freight",
    "tariff",
    "clicks",
    "suspended",
    "stockout",
    "demand",
    "returns",
    "fx",
    "payout_held",
    "reserve",
    "payout_rule",
]
EFFECT_WORDS: dict[ShockEffect, Words] = {
    "commission": Words("平台佣金上涨（百分点）", "Commission rises (points)"),
    "fulfilment": Words("配送费上涨", "Fulfilment fees rise"),
    "freight": Words("头程运费上涨", "Inbound freight rises"),
    "tariff": Words("关税上调（百分点）", "Duty rises (points)"),
    "clicks": Words("流量变贵", "Clicks get more expensive"),
    "suspended": Words("停用：无订单、无广告", "Suspended: no orders, no ads"),
    "stockout": Words("断货：丢订单、广告照花", "Stock-out: orders lost, ads paid"),
    "demand": Words("转化下降（竞争、差评）", "Conversion falls (rivals, reviews)"),
    "returns": Words("退货率上升（百分点）", "Return rate rises (points)"),
    "fx": Words("销售币种贬值", "Sales currency loses value"),
    "payout_held": Words("停一段时间回款，之后一次到账", "Payouts stop, then come all at once"),
    "reserve": Words("预留金提高（百分点）", "Reserve is raised (points)"),
    "payout_rule": Words("回款变慢（天）", "Payouts come later (days)"),
}
OF_CASH: tuple[ShockEffect, ...] = ("payout_held", "reserve", "payout_rule")
"""Effects that move payments and leave the profit as it is."""
IN_DAYS: tuple[ShockEffect, ...] = ("reserve", "payout_rule")
"""Effects whose size is, or has, a number of days; with none they change nothing."""


# no more than all orders can be lost, no more than 100 points added; a currency keeps some value
_MOST_SIZE: dict[str, float] = {
    "suspended": 1.0,
    "stockout": 1.0,
    "demand": 1.0,
    "commission": 1.0,
    "returns": 1.0,
    "fx": 0.95,
    "payout_held": 1.0,
    "reserve": 1.0,
}


class Correlation(Section):
    """Two inputs that move together: their Spearman rank correlation."""

    a: Text
    b: Text
    rank: float

    @model_validator(mode="after")
    def _within(self) -> Self:
        if not -1 <= self.rank <= 1:
            raise PydanticCustomError(
                "rank_range", "outside -1 to 1", {"field": "rank", "shown": f"{self.rank:g}"}
            )
        if self.a == self.b:
            raise PydanticCustomError("rank_self", "with itself", {"field": "b", "shown": self.b})
        return self


class Shock(Section):
    """A named risk that happens at most once: how likely, when, for how long, and what it does."""

    id: Annotated[
        str,
        Field(pattern=r"^[a-z][a-z0-9_]{0,23}$"),
        Spec(unit=Unit.TEXT, zh="事件代号", en="Event id"),
    ]
    name: Annotated[Text, Spec(unit=Unit.TEXT, zh="事件名称", en="Event name")] = ""
    effect: Annotated[
        ShockEffect,
        Spec(
            unit=Unit.TEXT,
            zh="影响",
            en="What it does",
            help_zh="事件持续期间改变什么。",
            help_en="What changes while it lasts.",
            choices=dict(EFFECT_WORDS),
        ),
    ]
    probability: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="发生概率",
            en="Probability",
            help_zh="在下面所列的月份里发生一次的概率。",
            help_en="Probability that it happens at all, beginning in one of the months named.",
        ),
    ]
    month_from: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=LONGEST_HORIZON,
            zh="最早月份",
            en="First possible month",
            help_zh="最早从第几个月开始。",
            help_en="The first month in which it may begin.",
        ),
    ] = 1
    month_to: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=LONGEST_HORIZON,
            zh="最晚月份",
            en="Last possible month",
            help_zh="最晚从第几个月开始；其间每个月同样可能。",
            help_en="The last month in which it may begin; each in between is as point_value.",
        ),
    ] = 1
    length: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONTHS,
            above=0,
            at_most=LONGEST_HORIZON,
            zh="持续月数",
            en="Length in months",
            help_zh="持续几个月；1.5 表示第二个月只算一半。",
            help_en="How long it lasts; 1.5 counts half of the second month.",
        ),
    ] = 1.0
    size: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=10,
            zh="影响大小",
            en="Size of the effect",
            help_zh=(
                "上涨、下降的比例，或增加的百分点；停用和断货填损失订单的比例，不回款填期间不到账的比例。"
            ),
            help_en=(
                "The share by which it rises or falls, or the points added; for suspension and"
                " stock-out the share of orders lost, for payouts the share that does not come."
            ),
        ),
    ]
    days: Annotated[
        Quantity,
        Spec(
            unit=Unit.DAYS,
            at_least=0,
            at_most=365,
            zh="延后或预留天数",
            en="Days later, or held",
            help_zh="回款变慢：回款期增加几天；预留金提高：这部分预留多少天。其他事件不用。",
            help_en=(
                "Payouts later: days added to the payout delay; reserve raised: days for"
                " which it is held. Other events do not use it."
            ),
        ),
    ] = 0.0

    @model_validator(mode="before")
    @classmethod
    def _size_in_days(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("effect") == "payout_rule":
            return {"size": 0.0, **data}
        return data

    @model_validator(mode="after")
    def _size_fits(self) -> Self:
        most = _MOST_SIZE.get(self.effect)
        _, top = bounds(self.size)
        top = max(point_value(self.size), top if math.isfinite(top) else point_value(self.size))
        if most is not None and top > most:
            raise PydanticCustomError(
                "at_most", "too much", {"field": "size", "limit": f"{most:g}", "shown": f"{top:g}"}
            )
        return self

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.month_to < self.month_from:
            raise PydanticCustomError(
                "shock_months",
                "ends before it begins",
                {"field": "month_to", "shown": str(self.month_to)},
            )
        return self


class Chance(Section):
    """How months differ by chance, and what decides the draws."""

    seed: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            at_most=LARGEST_SEED,
            zh="随机种子",
            en="Seed",
            help_zh="同一份方案、同一个种子和版本，得到的每一位数字都相同。",
            help_en="The same scenario, seed and version give the same digits.",
        ),
    ] = 1
    paths: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=FEWEST_PATHS,
            at_most=MOST_PATHS,
            zh="模拟次数",
            en="Simulation runs",
            help_zh="越多，概率的误差越小；向上取整到完整的组。",
            help_en=(
                "The more, the smaller the error of the probabilities; rounded up to whole sets."
            ),
        ),
    ] = LIVE_PATHS
    month_noise: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="月度随机波动",
            en="Random monthly swings",
            help_zh="转化每个月随机高低，前后月相关；转化率不会超过 100%。",
            help_en=(
                "Conversion is higher or lower each month by chance, and a bad month is often"
                " followed by another. No rate exceeds 100%: a very high one is cut."
            ),
        ),
    ] = False
    products: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=1_000_000,
            zh="在售商品数",
            en="Number of products",
            help_zh="商品越多，月销售波动越小；没填波动大小时由它推出。",
            help_en=(
                "The more products, the steadier the months; the noise below follows from it where"
                " it is empty."
            ),
        ),
    ] = 10
    demand_cv: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=3,
            zh="月销售波动（变异系数）",
            en="Monthly swings (coefficient of variation)",
            help_zh="月销售的标准差 ÷ 平均值，季节除外；留空则按商品数取值。",
            help_en=(
                "Standard deviation of a month's sales over their mean, season apart; empty: from"
                " the number of products."
            ),
        ),
    ] = None
    autocorrelation: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            below=1,
            zh="前后月相关",
            en="Correlation of one month with the next",
            help_zh="0 表示各月互不相关；留空则按商品数取值。",
            help_en="0: months are independent; empty: from the number of products.",
        ),
    ] = None
    counting: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="订单数少时的波动",
            en="Random variation of small order counts",
            help_zh="订单是一单一单来的：预期 40 单的月份常常是 34 或 47 单（泊松）。",
            help_en=(
                "Orders come one by one: a month that should bring 40 often brings 34 or 47"
                " (Poisson)."
            ),
        ),
    ] = False
    fx_walk: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="汇率随机波动",
            en="Exchange rate varies at random",
            help_zh=(
                "汇率从今天起每月随机涨跌，平均不变；成本按 1 ÷ 汇率折算，所以平均成本会略升。"
                "关闭则整个测算期不变。"
            ),
            help_en=(
                "The exchange rate walks at random from today and stays there on average; costs are"
                " divided by it, so that on average they rise a little. Off: it stays where it is."
            ),
        ),
    ] = False
    fx_volatility: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=2,
            zh="汇率年波动率",
            en="Volatility of the exchange rate per year",
            help_zh="对数变化的年标准差；留空则取该币种的历史值。",
            help_en=(
                "Standard deviation of its log change in a year; empty: this currency's history."
            ),
        ),
    ] = None
    correlations: Annotated[
        list[Correlation],
        Spec(
            unit=Unit.TEXT,
            zh="联动的输入",
            en="Correlated inputs",
            help_zh="两项输入的秩相关（Spearman），−1 到 1。",
            help_en="Rank correlation (Spearman) of two inputs, −1 to 1.",
        ),
    ] = Field(default_factory=list)

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        ranks: dict[tuple[str, str], float] = {}
        for one in self.correlations:
            pair = (one.a, one.b) if one.a < one.b else (one.b, one.a)
            if pair in ranks:
                raise PydanticCustomError(
                    "rank_twice", "twice", {"field": "correlations", "shown": " ~ ".join(pair)}
                )
            ranks[pair] = one.rank
        could = mend(ranks)
        if could:
            wished = ", ".join(f"{a} ~ {b} = {ranks[a, b]:g}" for a, b in could)
            instead = ", ".join(f"{a} ~ {b} = {rank:g}" for (a, b), rank in could.items())
            raise PydanticCustomError(
                "rank_matrix",
                "impossible together",
                {
                    "field": "correlations",
                    "shown": str(len(could)),
                    "pairs": wished,
                    "nearest": instead,
                },
            )
        return self
