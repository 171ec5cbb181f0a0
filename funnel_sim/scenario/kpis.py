"""What was promised: KPIs, and the operator's promise behind them.

Neutral by default, like everything of a scenario: without a KPI nothing is asked.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Unit
from funnel_sim.words import Words

MOST_KPIS = 12

RATES: tuple[str, ...] = ("negative_review_rate", "fulfilment_rate", "returned_rate")
"""Operational KPIs that are a rate of counts: so many of so many."""
COUNTED: tuple[str, ...] = (
    *RATES,
    "listing_completion",
    "listings_live",
    "sell_through",
    "stock_days",
    "account_health",
)
"""Operational KPIs that are modelled from their own counts."""
CASH_METRICS: tuple[str, ...] = ("cash_low",)
"""KPIs of the cash: money in the currency in which the balance is kept."""
OPERATIONAL: tuple[str, ...] = (*COUNTED, *CASH_METRICS)
"""KPIs that the funnel does not produce."""
FUNNEL: tuple[str, ...] = (
    "gmv",
    "roas",
    "acos",
    "tacos",
    "mer",
    "profit",
    "margin",
    "net_revenue",
    "orders",
    "paid_orders",
    "aov",
    "cvr",
    "ctr",
    "atc_rate",
    "impressions",
    "clicks",
    "visits",
    "carts",
    "new_customers",
    "repeat_orders",
    "repeat_rate",
    "referral_rate",
    "cpc",
    "cpm",
    "ad_spend",
    "cac",
    "blended_cac",
    "loaded_cac",
    "ltv",
    "ltv_cac",
    "payback_months",
    "return_rate",
    "cogs",
    "landed_cost",
    "cm1",
    "cm2",
    "cm3",
    "break_even_acos",
    "break_even_acos_console",
    "break_even_roas",
    "break_even_cpc",
    "inventory_days",
    "gross_margin",
    "goods_margin",
    "markup",
    "platform_share",
    "roi_goods",
    "roi_landed",
    "roi_total",
    "profit_after_work",
    "margin_after_work",
    "break_even_orders",
    "safety_margin",
    "acos_console",
    "roas_console",
    "break_even_acos_console",
    "break_even_units",
    "break_even_sales",
    "vat_due",
    "payback_orders",
)
STEADY_METRICS: frozenset[str] = frozenset(
    {
        "ltv",
        "ltv_cac",
        "payback_months",
        "repeat_rate",
        "referral_rate",
        "landed_cost",
        "return_rate",
        *CASH_METRICS,
    }
)
"""KPIs that a contract cannot settle on month by month: those of a customer or of one order, and
those of the client's own cash.
"""
MONEY_METRICS: frozenset[str] = frozenset({"gmv", "profit", "net_revenue", "cm1", "cm2", "cm3"})
"""KPIs that are money and add up, so that an excess over the target is money too."""
NEVER_BELOW_ZERO: frozenset[str] = frozenset(
    {
        "gmv",
        "orders",
        "paid_orders",
        "impressions",
        "clicks",
        "visits",
        "carts",
        "new_customers",
        "repeat_orders",
        "ad_spend",
        "cogs",
    }
)
"""KPIs that add up and that no month can lower: a total that is reached stays reached."""
OPERATIONAL_WORDS: dict[str, Words] = {
    "negative_review_rate": Words("差评率", "Negative review rate"),
    "fulfilment_rate": Words("订单履约率", "Order fulfilment rate"),
    "returned_rate": Words("退货率（按自己的计数）", "Return rate (from own counts)"),
    "listing_completion": Words("Listing优化完成率", "Listing optimisation completion"),
    "listings_live": Words("上架 SKU 数", "Listings live"),
    "sell_through": Words("动销率", "SKU sell-through"),
    "stock_days": Words("库存周转天数（按库存）", "Inventory days (from stock)"),
    "account_health": Words("账号健康分", "Account health score"),
    "cash_low": Words("最低现金余额", "Lowest cash balance"),
}
LESS_IS_BETTER: frozenset[str] = frozenset({"negative_review_rate", "returned_rate", "stock_days"})

Window = Literal["month", "average", "total", "every", "by"]
WINDOW_WORDS: dict[Window, Words] = {
    "month": Words("第几个月", "In one month"),
    "average": Words("几个月平均", "Average of months"),
    "total": Words("几个月合计", "Total of months"),
    "every": Words("每个月都", "In every month"),
    "by": Words("最晚到某月（达到一次）", "By a month (reached once)"),
}


def _known_metric(key: str) -> str:
    if key not in FUNNEL and key not in OPERATIONAL:
        raise PydanticCustomError("kpi_metric", "unknown metric", {"shown": key})
    return key


def _switch(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    return Spec(unit=Unit.TEXT, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


def _count(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    return Spec(unit=Unit.COUNT, at_least=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


class Kpi(Section):
    """One KPI as it stands in an offer: a metric, a comparator, a target, a window and a basis."""

    id: Annotated[
        str,
        Field(pattern=r"^[a-z][a-z0-9_]{0,23}$"),
        Spec(unit=Unit.TEXT, zh="KPI 代号", en="KPI id"),
    ]
    metric: Annotated[
        str,
        AfterValidator(_known_metric),
        Spec(
            unit=Unit.TEXT,
            zh="指标",
            en="Metric",
            help_zh="考核哪个数。",
            help_en="The figure that the target is set for.",
        ),
    ]
    comparator: Annotated[
        Literal["at_least", "at_most"],
        Spec(
            unit=Unit.TEXT,
            zh="要求",
            en="Must be",
            help_zh="至少还是至多。",
            help_en="At least or at most.",
            choices={
                "at_least": Words("≥ 至少", "≥ at least"),
                "at_most": Words("≤ 至多", "≤ at most"),
            },
        ),
    ] = "at_least"
    target: Annotated[
        float,
        Spec(
            unit=Unit.FACTOR,
            zh="目标",
            en="Target",
            help_zh="目标值；相对目标填比例，+40% 填 40%。",
            help_en="The value to reach; for a relative target the change, +40% is 40%.",
        ),
    ]
    relative: Annotated[
        bool,
        _switch(
            "相对基线",
            "Relative to the baseline",
            "目标是相对基线的变化。",
            "The target is a change against the baseline.",
        ),
    ] = False
    baseline: Annotated[
        float | None,
        Spec(
            unit=Unit.FACTOR,
            zh="基线",
            en="Baseline",
            help_zh="合同写明的基线；留空则取历史最近几个月的平均，没有历史则取漏斗的稳定月。",
            help_en=(
                "The baseline that the contract names; empty: the mean of the last months of the"
                " history, else the funnel's steady month."
            ),
        ),
    ] = None
    window: Annotated[
        Window,
        Spec(
            unit=Unit.TEXT,
            zh="考核期",
            en="Window",
            help_zh="在哪些月份、怎样考核。",
            help_en="Over which months, and how.",
            choices=dict(WINDOW_WORDS),
        ),
    ] = "average"
    month_from: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=LONGEST_HORIZON,
            zh="从第几个月",
            en="From month",
            help_zh="合作的第 1 个月为 1。",
            help_en="Month 1 is the first of the engagement.",
        ),
    ] = 1
    month_to: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=LONGEST_HORIZON,
            zh="到第几个月",
            en="To month",
            help_zh="90 天就是到第 3 个月。",
            help_en="90 days is to month 3.",
        ),
    ] = 3
    # the basis: what counts as sales, and what as ad spend
    sales_tax: Annotated[
        Literal["usual", "in", "out"],
        Spec(
            unit=Unit.TEXT,
            zh="销售额的税",
            en="Tax in sales",
            help_zh="惯例：GMV 按平台后台口径（含价内税，不含价外税），其余按入账金额。",
            help_en=(
                "Usual: GMV as the platform's console shows it (with tax where the price holds it,"
                " without where it is put on top), all else as booked."
            ),
            choices={
                "usual": Words("按惯例", "As usual"),
                "in": Words("含税", "With tax"),
                "out": Words("不含税", "Without tax"),
            },
        ),
    ] = "usual"
    sales_refunds: Annotated[
        Literal["in", "out"],
        Spec(
            unit=Unit.TEXT,
            zh="退款",
            en="Refunds",
            help_zh="销售额是否扣除退款。",
            help_en="Whether refunds are taken off sales.",
            choices={
                "in": Words("不扣退款", "Before refunds"),
                "out": Words("扣除退款", "After refunds"),
            },
        ),
    ] = "in"
    sales_cancelled: Annotated[
        Literal["in", "out"],
        Spec(
            unit=Unit.TEXT,
            zh="未付款与取消的订单",
            en="Unpaid and cancelled orders",
            help_zh="有的后台把下单未付款的也算进销售额。",
            help_en="Some dashboards count orders placed but never paid.",
            choices={
                "out": Words("只算支付订单", "Paid orders only"),
                "in": Words("含未付款", "All orders placed"),
            },
        ),
    ] = "out"
    sales_counted: Annotated[
        Literal["usual", "ads", "all"],
        Spec(
            unit=Unit.TEXT,
            zh="算谁的销售额",
            en="Whose sales count",
            help_zh="惯例：ROAS、ACoS 只算广告订单，其余算全店。",
            help_en="Usual: ROAS and ACoS count orders from ads, all else the whole store.",
            choices={
                "usual": Words("按惯例", "As usual"),
                "ads": Words("只算广告订单", "Orders from ads"),
                "all": Words("全店（含自然）", "The whole store"),
            },
        ),
    ] = "usual"
    attribution: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            at_most=2,
            zh="归因比例",
            en="Attribution share",
            help_zh="广告后台归因的订单里，算数的比例；100% 为全部。",
            help_en="Share of the orders from ads that counts; 100% is all of them.",
        ),
    ] = 1.0
    spend_tax: Annotated[
        Literal["usual", "in", "out"],
        Spec(
            unit=Unit.TEXT,
            zh="广告费的税",
            en="Tax in ad spend",
            help_zh="惯例：只含抵扣不了的税。",
            help_en="Usual: only tax that is not recovered.",
            choices={
                "usual": Words("按惯例", "As usual"),
                "in": Words("含税", "With tax"),
                "out": Words("不含税", "Without tax"),
            },
        ),
    ] = "usual"
    spend_fee: Annotated[
        bool,
        _switch(
            "广告费含服务费",
            "Ad spend includes the agency's fee",
            "把服务费也算作广告花费。",
            "Whether the agency's fee counts as ad spend.",
        ),
    ] = False
    # counts of an operational KPI
    seen: Annotated[
        float | None,
        _count(
            "基线：发生数",
            "Baseline: how many",
            "例如 60 天内的差评数、已上架 SKU 数。",
            "Such as negative reviews in 60 days, or listings done so far.",
        ),
    ] = None
    seen_of: Annotated[
        float | None,
        _count(
            "基线：总数",
            "Baseline: of how many",
            "例如同期的评价总数、SKU 总数。",
            "Such as all reviews in that time, or all SKUs.",
        ),
    ] = None
    seen_months: Annotated[
        float | None,
        Spec(
            unit=Unit.MONTHS,
            above=0,
            at_most=60,
            zh="基线：几个月",
            en="Baseline: in months",
            help_zh="这些数是几个月里数到的。",
            help_en="The months in which they were counted.",
        ),
    ] = None
    per_month: Annotated[
        float | None,
        _count(
            "以后每月的总数",
            "How many a month from now",
            "例如每月评价数、每月订单数、约定的 SKU 数。留空则与基线相同。",
            "Reviews or orders a month, or SKUs agreed. Empty: as in the baseline.",
        ),
    ] = None
    over_dispersion: Annotated[
        float | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="各月之间的额外波动",
            en="Extra spread between months",
            help_zh="变异系数；留空取默认值（假设）。",
            help_en=(
                "Coefficient of variation of the monthly rate; empty: the default, an assumption."
            ),
        ),
    ] = None
    # what the offer says
    says_source: Annotated[
        bool,
        _switch(
            "写明数据来源",
            "Names the data source",
            "合同写明用哪个后台报表。",
            "The contract names the report that counts.",
        ),
    ] = False
    says_definition: Annotated[
        bool,
        _switch(
            "写明口径",
            "Defines the metric",
            "合同写明分子、分母和口径。",
            "The contract says what is divided by what, and the basis.",
        ),
    ] = False
    says_date: Annotated[
        bool,
        _switch(
            "写明期限",
            "Names the dates",
            "合同写明起止日期。",
            "The contract says from when to when.",
        ),
    ] = False

    @model_validator(mode="before")
    @classmethod
    def _any_day(cls, data: Any) -> Any:
        """Say a KPI of the cash in the one way in which it is looked at: in every month from one to
        another, each by the lowest of its days; an average or a sum of balances means nothing.
        """
        if not isinstance(data, dict) or data.get("metric") not in CASH_METRICS:
            return data
        made = {**data, "window": "every"}
        if data.get("window") == "month":
            made["month_from"] = data.get("month_to", cls.model_fields["month_to"].default)
        elif data.get("window") == "by":
            made["month_from"] = 1
        return made

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.month_to < self.month_from:
            raise PydanticCustomError(
                "kpi_months",
                "ends before it begins",
                {"field": "month_to", "shown": str(self.month_to)},
            )
        if self.metric in COUNTED and self.seen is None:
            raise PydanticCustomError("kpi_counts", "needs counts", {"field": "seen"})
        if self.metric in (*RATES, "listing_completion", "sell_through") and not self.seen_of:
            raise PydanticCustomError("kpi_counts", "needs counts", {"field": "seen_of"})
        if (
            self.metric in (*RATES, "listing_completion", "listings_live")
            and self.seen_months is None
        ):
            raise PydanticCustomError("kpi_counts", "needs counts", {"field": "seen_months"})
        if self.metric == "account_health" and self.over_dispersion is None:
            raise PydanticCustomError("kpi_counts", "needs counts", {"field": "over_dispersion"})
        if self.metric in (*RATES, "sell_through") and (self.seen or 0) > (self.seen_of or 0):
            raise PydanticCustomError(
                "kpi_share",
                "more than all",
                {"field": "seen", "shown": f"{self.seen:g}", "most": f"{self.seen_of:g}"},
            )
        if (
            not self.relative
            and self.target < 0
            and self.metric
            not in ("profit", "margin", "cm1", "cm2", "cm3", "net_revenue", *CASH_METRICS)
        ):
            raise PydanticCustomError(
                "at_least",
                "below zero",
                {"field": "target", "limit": "0", "shown": f"{self.target:g}"},
            )
        if self.relative and self.target < -1:
            raise PydanticCustomError(
                "at_least",
                "below nothing",
                {"field": "target", "limit": "-1", "shown": f"{self.target:g}"},
            )
        return self

    @property
    def months(self) -> tuple[int, int]:
        """The first and the last month that are looked at."""
        match self.window:
            case "month":
                return self.month_to, self.month_to
            case "by":
                return 1, self.month_to
            case _:
                return self.month_from, self.month_to


class Promise(Section):
    """What the operator claims to bring, and what its record is worth as evidence."""

    believed: Annotated[
        Literal["none", "sceptical", "weighed", "claimed"],
        Spec(
            unit=Unit.TEXT,
            zh="采用哪种效果",
            en="Which effect to believe",
            help_zh="默认采用实测研究支持的保守效果；对方承诺的效果只作对照。",
            help_en=(
                "By default the sceptical effect that measured studies support; the claim is shown"
                " for comparison."
            ),
            choices={
                "none": Words("没有效果", "No effect"),
                "sceptical": Words("保守（实测研究）", "Sceptical (measured studies)"),
                "weighed": Words("按业绩记录加权", "Weighed by the record"),
                "claimed": Words("完全采信承诺", "As claimed"),
            },
        ),
    ] = "sceptical"
    claimed: Annotated[
        float | None,
        Spec(
            unit=Unit.RATE,
            above=-1,
            at_most=9,
            zh="承诺的销售提升",
            en="Claimed uplift of sales",
            help_zh="服务商承诺能带来的全店销售提升；留空则取各家案例的自述值。",
            help_en="The uplift of sales that the agency claims; empty: what case studies claim.",
        ),
    ] = None
    promise_ramp: Annotated[
        float,
        Spec(
            unit=Unit.MONTHS,
            at_least=0,
            at_most=LONGEST_HORIZON,
            zh="见效月数",
            en="Months until the full effect",
            help_zh="经过几个月直线达到全部效果；空着按通常的月数（灰字）算。",
            help_en=(
                "Months to the full effect, in a straight line; empty: the usual ones (in grey)."
            ),
        ),
    ] = 3.0
    record_met: Annotated[
        float | None,
        _count(
            "达标客户数",
            "Clients who met their KPIs",
            "例如 10 家里 8 家达标，填 8。",
            "8 of 10: type 8.",
        ),
    ] = None
    record_shown: Annotated[
        float | None,
        _count(
            "展示的客户数",
            "Clients shown",
            "服务商展示了多少家。",
            "How many clients the agency shows.",
        ),
    ] = None
    record_trust: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="业绩记录的可信度",
            en="How far the record is trusted",
            help_zh="案例是挑选过的：每一家只按这个比例计入。100% 表示完全可信，0% 表示不算。",
            help_en=(
                "Cases are chosen: each counts as this share of an independent one. 100% is full"
                " trust, 0% none."
            ),
        ),
    ] = 0.25

    @model_validator(mode="after")
    def _record(self) -> Self:
        if (
            self.record_met is not None
            and self.record_shown is not None
            and self.record_met > self.record_shown
        ):
            raise PydanticCustomError(
                "kpi_share",
                "more than all",
                {
                    "field": "record_met",
                    "shown": f"{self.record_met:g}",
                    "most": f"{self.record_shown:g}",
                },
            )
        return self


class Verdicts(Section):
    """Where the words of the verdict begin, as probabilities."""

    safe: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            below=1,
            zh="稳妥：达标概率不低于",
            en="Safe from a probability of",
            help_zh="达标概率到这个数就称为“稳妥”。",
            help_en="A KPI at least as probable as this is called safe.",
        ),
    ] = 0.8
    realistic: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            below=1,
            zh="现实：不低于",
            en="Realistic from",
            help_zh="达标概率到这个数、但不到“稳妥”，称为“现实”。",
            help_en="A KPI at least as probable as this, but not safe, is called realistic.",
        ),
    ] = 0.5
    stretch: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            below=1,
            zh="有挑战：不低于",
            en="A stretch from",
            help_zh="达标概率到这个数、但不到“现实”，称为“有挑战”；再低就是“不现实”。",
            help_en=(
                "A KPI at least as probable as this, but not realistic, is called a stretch; below"
                " it is unrealistic."
            ),
        ),
    ] = 0.2

    @model_validator(mode="after")
    def _falling(self) -> Self:
        if not self.safe > self.realistic > self.stretch:
            raise PydanticCustomError(
                "verdict_order",
                "must fall",
                {
                    "field": "safe",
                    "shown": f"{self.safe:g} / {self.realistic:g} / {self.stretch:g}",
                },
            )
        return self
