"""KPIs as they stand in an offer.

Neutral by default, like everything of a scenario: without a KPI nothing is asked.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Unit
from funnel_sim.scenario.kpi_metrics import CASH_METRICS, COUNTED, FUNNEL, OPERATIONAL, RATES
from funnel_sim.scenario.kpi_specs import count_spec, switch_spec
from funnel_sim.words import Words

MOST_KPIS = 12
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
        switch_spec(
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
        switch_spec(
            "广告费含服务费",
            "Ad spend includes the agency's fee",
            "把服务费也算作广告花费。",
            "Whether the agency's fee counts as ad spend.",
        ),
    ] = False
    # counts of an operational KPI
    seen: Annotated[
        float | None,
        count_spec(
            "基线：发生数",
            "Baseline: how many",
            "例如 60 天内的差评数、已上架 SKU 数。",
            "Such as negative reviews in 60 days, or listings done so far.",
        ),
    ] = None
    seen_of: Annotated[
        float | None,
        count_spec(
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
        count_spec(
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
        switch_spec(
            "写明数据来源",
            "Names the data source",
            "合同写明用哪个后台报表。",
            "The contract names the report that counts.",
        ),
    ] = False
    says_definition: Annotated[
        bool,
        switch_spec(
            "写明口径",
            "Defines the metric",
            "合同写明分子、分母和口径。",
            "The contract says what is divided by what, and the basis.",
        ),
    ] = False
    says_date: Annotated[
        bool,
        switch_spec(
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
