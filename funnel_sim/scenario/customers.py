"""What a customer brings after the first order."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.words import Words

LONGEST_LTV = 120

RetentionKind = Literal["constant", "frequency", "sbg", "bgnbd", "table"]


def _fitted(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    return Spec(unit=Unit.FACTOR, above=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


OF_RETENTION: dict[str, tuple[str, ...]] = {
    "constant": ("repeat_probability",),
    "frequency": ("orders_a_year", "lifespan_years"),
    "sbg": ("sbg_alpha", "sbg_beta"),
    "bgnbd": ("bgnbd_r", "bgnbd_alpha", "bgnbd_a", "bgnbd_b"),
    "table": ("age_orders",),
}

STEPPED = ("constant", "sbg")
"""Ways of coming back that go by intervals; with the others `repeat_interval` only says within how
many months the repurchase rate is counted.
"""
RETENTION_NUMBERS = tuple(
    name for kind, names in OF_RETENTION.items() if kind != "table" for name in names
)
"""Numbers of how customers come back, of every way but the list by age."""


class Customers(Section):
    """What a customer brings after the first order."""

    retention: Annotated[
        RetentionKind,
        Spec(
            unit=Unit.TEXT,
            zh="复购模型",
            en="How customers come back",
            help_zh=(
                "恒定：每个买家每次都以同样的概率再来。年购买次数：每年买几次、持续几年。"
                "sBG：各个买家去留的概率不同。BG/NBD：各有快慢，"
                "会在某次之后不再来（由交易记录拟合）。表格：逐月填写。"
            ),
            help_en=(
                "Constant: everybody comes back with the same probability each time. Orders a year:"
                " so many a year, for so many years. sBG: customers differ in how likely they stay."
                " BG/NBD: each at an own pace, until it stops (fitted to transactions). Table:"
                " typed month by month."
            ),
            choices={
                "constant": Words("恒定概率", "Constant probability"),
                "frequency": Words("年购买次数 × 年数", "Orders a year × years"),
                "sbg": Words("去留不一（sBG）", "Differing loyalty (sBG)"),
                "bgnbd": Words("快慢不一（BG/NBD）", "Differing pace (BG/NBD)"),
                "table": Words("逐月表格", "Table by month"),
            },
        ),
    ] = "constant"
    repeat_probability: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="复购率",
            en="Repurchase rate",
            help_zh="每次购买后，过一个复购间隔再次购买的概率（恒定）。",
            help_en="Probability, the same after every order, of buying again after one interval.",
        ),
    ] = 0.0
    repeat_interval: Annotated[
        int,
        Spec(
            unit=Unit.MONTHS,
            at_least=1,
            at_most=LONGEST_HORIZON,
            zh="复购间隔（月）",
            en="Months between orders",
            help_zh=(
                "两次购买之间通常隔几个月。选 BG/NBD 或逐月表格时，它只决定复购率按几个月之内统计，"
                "不影响 LTV。"
            ),
            help_en=(
                "Usual months from one order to the next. With BG/NBD or a table it only says"
                " within how many months the repurchase rate is counted; the LTV does not depend"
                " on it."
            ),
        ),
    ] = 1
    orders_a_year: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.FACTOR,
            above=0,
            at_most=365,
            zh="每年购买次数",
            en="Orders a year",
            help_zh="一个买家平均每年下几单，首单算在内。",
            help_en="Orders that a customer places a year on average, the first one counted.",
        ),
    ] = None
    lifespan_years: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.FACTOR,
            at_least=0.25,
            at_most=10,
            zh="持续年数",
            en="Years as a customer",
            help_zh=(
                "买家平均持续购买几年。总订单数 = 每年次数 × 年数，"
                "首单之后的各单均匀分布在其余月份。"
            ),
            help_en=(
                "Years that a customer keeps buying on average. Orders in all = orders a year ×"
                " years; those after the first are spread evenly over the remaining months."
            ),
        ),
    ] = None
    sbg_alpha: Annotated[
        Quantity | None,
        _fitted(
            "sBG 参数 α",
            "sBG α",
            "流失一侧：越大，离开得越快。α ÷ (α+β) 是第一次就离开的比例。",
            "Weight of leaving: α over (α + β) is the share that never buys again.",
        ),
    ] = None
    sbg_beta: Annotated[
        Quantity | None,
        _fitted(
            "sBG 参数 β",
            "sBG β",
            "留下一侧：越大，留得越久。",
            "Weight of staying: the larger, the longer customers stay.",
        ),
    ] = None
    bgnbd_r: Annotated[
        Quantity | None,
        _fitted(
            "BG/NBD 参数 r",
            "BG/NBD r",
            "购买快慢的形状：越小，买家之间差别越大。",
            "Shape of the paces: the smaller, the more customers differ.",
        ),
    ] = None
    bgnbd_alpha: Annotated[
        Quantity | None,
        _fitted(
            "BG/NBD 参数 α（月）",
            "BG/NBD α (months)",
            "购买快慢的尺度，以月计：平均每月 r ÷ α 单。",
            "Scale of the paces in months: r over α orders a month on average.",
        ),
    ] = None
    bgnbd_a: Annotated[
        Quantity | None,
        _fitted(
            "BG/NBD 参数 a",
            "BG/NBD a",
            "每次购买后不再来的权重。",
            "Weight of stopping after an order.",
        ),
    ] = None
    bgnbd_b: Annotated[
        Quantity | None,
        _fitted(
            "BG/NBD 参数 b",
            "BG/NBD b",
            "每次购买后仍会来的权重。",
            "Weight of going on after an order.",
        ),
    ] = None
    age_orders: Annotated[
        list[float],
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            zh="首单后各月的订单",
            en="Orders by month after the first",
            help_zh=(
                "一个新客在首单后第 1、2、3… 个月平均下几单；之后为 0。LTV 计到期限为止：12"
                " 个月的期限计前 11 个数。"
            ),
            help_en=(
                "Orders that one new customer places 1, 2, 3 … months after the first; none later."
                " The LTV counts them as far as its horizon: with 12 months, the first 11."
            ),
        ),
    ] = Field(default_factory=list)
    repeat_order_value: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=20,
            zh="复购单价值（相对平均单）",
            en="Value of a repeat order, relative to the average order",
            help_zh=(
                "复购单带来的利润是平均一单的几倍；1 表示一样。只用于 LTV 和回本，"
                "各月账本中每一单都按平均计。"
            ),
            help_en=(
                "Contribution of a repeat order as a multiple of the average order's; 1 is the"
                " same. It enters LTV and payback; in the months every order counts as the average"
                " one."
            ),
        ),
    ] = 1.0
    referral: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            below=1,
            zh="老带新率",
            en="Word-of-mouth rate",
            help_zh="每个支付订单在下个月免费带来的新客数。",
            help_en="New customers that one paid order brings next month without ad cost.",
        ),
    ] = 0.0
    ltv_horizon: Annotated[
        int,
        Spec(
            unit=Unit.MONTHS,
            at_least=1,
            at_most=LONGEST_LTV,
            zh="LTV 期限（月）",
            en="LTV horizon in months",
            help_zh=(
                "计算客户终身价值的月数，首单当月是第 1 个月：12 个月即首单当月和之后的 11 个月。"
            ),
            help_en=(
                "Months counted into the lifetime value; the month of the first order is the first:"
                " 12 are that month and the 11 after it."
            ),
        ),
    ] = 12
    ltv_discount: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="LTV 年折现率",
            en="LTV discount per year",
            help_zh="k 个月后的钱按 (1+年率)^(k/12) 折现。",
            help_en="Money after k months is divided by (1 + rate)^(k/12).",
        ),
    ] = 0.0
    ltv_basis: Annotated[
        Literal["cm2", "cm1", "net_revenue"],
        Spec(
            unit=Unit.TEXT,
            zh="LTV 口径",
            en="LTV basis",
            help_zh="用哪一级利润计算 LTV。",
            help_en="Which margin the lifetime value adds up.",
            choices={
                "cm2": Words("毛利（扣广告前）", "Contribution margin 2"),
                "cm1": Words("商品毛利（扣货值）", "Contribution margin 1"),
                "net_revenue": Words("净销售额", "Net sales"),
            },
        ),
    ] = "cm2"
    ltv_first_order: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="LTV 含首单",
            en="LTV counts the first order",
            help_zh="是否把首单利润计入 LTV。",
            help_en="Whether the first order is in the lifetime value.",
        ),
    ] = True

    @model_validator(mode="after")
    def _kind_is_complete(self) -> Self:
        for name in OF_RETENTION[self.retention]:
            value = getattr(self, name)
            if value is None or value == []:
                raise PydanticCustomError("retention_missing", "needs it", {"field": name})
        if len(self.age_orders) > LONGEST_LTV:
            raise PydanticCustomError(
                "budget_plan",
                "too long",
                {"field": "age_orders", "shown": str(len(self.age_orders)), "limit": LONGEST_LTV},
            )
        return self
