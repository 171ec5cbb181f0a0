"""Quotes and alternatives as inputs: what an option brings, what it costs the client itself, and
its contract, clause by clause.

What each clause means to the month: docs/contracts.md. A contract's money is in the currency that
`fee_currency` names.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Text, Unit
from funnel_sim.scenario.head import Head
from funnel_sim.scenario.quantity import Quantity, is_range, point_value
from funnel_sim.words import Words

MOST_QUOTES = 5
MOST_ROWS = 12
LONGEST_TERM = 120
NEW_QUOTE: dict[str, Any] = {"share_bound": "from"}
"""What a quote that is begun today says where nobody says otherwise: contracts write "reaches"; a
file that does not say keeps the lower tier (ADR 0037).
"""

OptionKind = Literal["quote", "own_team", "flat_fee", "consultant", "tools"]
KIND_WORDS: dict[OptionKind, Words] = {
    "quote": Words("报价", "Quote"),
    "own_team": Words("自建团队", "Own team"),
    "flat_fee": Words("固定月费代运营", "Flat-fee agency"),
    "consultant": Words("顾问陪跑", "Consultant"),
    "tools": Words("只用工具", "Tools only"),
}
PAID = ("quote", "flat_fee")
"""Kinds of option with somebody on the other side, who claims an effect and earns a fee."""
ALTERNATIVES: tuple[OptionKind, ...] = ("own_team", "flat_fee", "consultant", "tools")

Service = Literal["full", "ads", "coaching", "listing"]
SERVICE_WORDS: dict[Service, Words] = {
    "full": Words("全店代运营", "Full operation"),
    "ads": Words("只代投广告", "Ads only"),
    "coaching": Words("陪跑／培训", "Coaching or training"),
    "listing": Words("开店与上架", "Set-up and listing"),
}

Stage = Literal["running", "launch", "troubled"]
STAGE_WORDS: dict[Stage, Words] = {
    "running": Words("正常运营", "Running"),
    "launch": Words("新店起步", "Launch of a new shop"),
    "troubled": Words("接手整改", "Taken over, to be put right"),
}

ShareBasis = Literal["gmv", "sales", "net_revenue", "ad_sales", "cm3"]
ShareOver = Literal["all", "baseline"]
RewardForm = Literal["fixed", "base", "sales", "excess"]
Renewal = Literal["ends", "automatic", "open"]
SHARE_BASIS_WORDS: dict[ShareBasis, Words] = {
    "gmv": Words("GMV（买家实付，含税）", "GMV (as shoppers pay, with tax)"),
    "sales": Words("不含税销售额", "Sales without tax"),
    "net_revenue": Words("净销售额（扣税、扣退款）", "Net sales (after tax and refunds)"),
    "ad_sales": Words("广告带来的销售额（不含税）", "Sales from ads (without tax)"),
    "cm3": Words("扣广告后毛利", "Contribution margin 3 (after ads)"),
}
EVERY_WORDS: dict[str, Words] = {
    "once": Words("签约时一次", "Once, at the start"),
    "month": Words("每月", "Every month"),
    "year": Words("每年", "Every year"),
    "event": Words("按次发生", "Each time it happens"),
}


def _money(zh: str, en: str, help_zh: str = "", help_en: str = "") -> Spec:
    return Spec(
        unit=Unit.CONTRACT_MONEY, at_least=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en
    )


def _rate(zh: str, en: str, help_zh: str = "", help_en: str = "", most: float = 1.0) -> Spec:
    return Spec(
        unit=Unit.RATE, at_least=0, at_most=most, zh=zh, en=en, help_zh=help_zh, help_en=help_en
    )


def _months(
    zh: str, en: str, help_zh: str = "", help_en: str = "", least: int = 0, most: int = LONGEST_TERM
) -> Spec:
    return Spec(
        unit=Unit.COUNT,
        at_least=least,
        at_most=most,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
    )


def _text(
    zh: str, en: str, help_zh: str, help_en: str, choices: dict[Any, Words] | None = None
) -> Spec:
    return Spec(
        unit=Unit.TEXT, zh=zh, en=en, help_zh=help_zh, help_en=help_en, choices=choices or {}
    )


def _cost(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    return Spec(unit=Unit.COST_MONEY, at_least=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


def _scope(zh: str, en: str, help_zh: str, help_en: str, most: int) -> Spec:
    return Spec(
        unit=Unit.COUNT,
        at_least=1,
        at_most=most,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
    )


class ShareTier(Section):
    """One step of a share: up to an amount of the basis (sales currency, a month or since the
    start), its rate.
    """

    upto: Annotated[
        float | None,
        Spec(unit=Unit.MONEY, above=0, zh="上限（销售币种）", en="Up to (sales currency)"),
    ] = None
    rate: Annotated[float, _rate("提成比例", "Share")]


class Reward(Section):
    """A bonus where a KPI is met, or a penalty where it is missed."""

    kpi: Annotated[
        str,
        _text(
            "哪个 KPI",
            "Which KPI",
            "本方案 KPI 列表里的一条。",
            "One of the KPIs of this scenario.",
        ),
    ]
    kind: Annotated[
        Literal["bonus", "penalty"],
        _text(
            "奖或罚",
            "Bonus or penalty",
            "达标奖励，或未达标扣款。",
            "Paid where it is met, or taken off where it is missed.",
            {"bonus": Words("奖励", "Bonus"), "penalty": Words("扣款", "Penalty")},
        ),
    ] = "bonus"
    form: Annotated[
        RewardForm,
        _text(
            "怎么算",
            "How it is worked out",
            "固定金额、基础费的比例、销售额的比例，或超额（缺口）部分的比例。",
            "A fixed amount, a share of the base fee, of sales, or of the excess (shortfall).",
            {
                "fixed": Words("固定金额", "Fixed amount"),
                "base": Words("基础费的比例", "Share of the base fee"),
                "sales": Words("提成基数的比例", "Rate on the basis of the share"),
                "excess": Words("超额／缺口的比例", "Share of the excess or shortfall"),
            },
        ),
    ] = "fixed"
    amount: Annotated[
        float,
        _money(
            "金额或比例",
            "Amount or share",
            "固定金额，或比例（10% 填 0.1）。",
            "The amount, or the share (10% is 0.1).",
        ),
    ] = 0.0
    bound: Annotated[
        Literal["from", "above"],
        _text(
            "恰好等于目标",
            "Exactly on the target",
            "达到目标即算达标，或必须超过目标（越低越好的指标为低于目标）。",
            "Reaching the target counts as met, or only what is better than the target does.",
            {
                "from": Words("算达标（达到）", "Counts as met (reaches)"),
                "above": Words("不算达标（须超过）", "Counts as missed (must be better)"),
            },
        ),
    ] = "from"
    each: Annotated[
        Literal["month", "window"],
        _text(
            "何时结算",
            "When it is settled",
            "按月，或在考核期结束时。",
            "Month by month, or at the end of the KPI's window.",
            {
                "month": Words("按月", "By month"),
                "window": Words("考核期末", "At the end of the window"),
            },
        ),
    ] = "window"


class Instalment(Section):
    """A part of the fee that is due in a month, or when a KPI is met."""

    amount: Annotated[float, _money("金额", "Amount")]
    month: Annotated[
        int | None, _months("到期月份", "Due in month", least=1, most=LONGEST_HORIZON)
    ] = None
    kpi: Annotated[
        str,
        _text(
            "达到哪个 KPI 时",
            "Due when this KPI is met",
            "留空则按月份到期。",
            "Empty: due by month.",
        ),
    ] = ""

    @model_validator(mode="after")
    def _due(self) -> Self:
        if (self.month is None) == (not self.kpi):
            raise PydanticCustomError("instalment_due", "month or KPI", {"field": "month"})
        return self


class Extra(Section):
    """A fee beside the quote: appeals, urgency, a yearly system fee."""

    name: Text = ""
    amount: Annotated[float, _money("金额", "Amount")]
    every: Annotated[
        Literal["once", "month", "year", "event"],
        _text("何时发生", "When", "多久收一次。", "How often it is charged.", EVERY_WORDS),
    ] = "month"
    chance: Annotated[
        float,
        _rate(
            "每月发生概率",
            "Probability a month",
            "只用于按次发生。",
            "Only for what is charged each time it happens.",
        ),
    ] = 0.0


_COSTS = (
    "setup",
    "base",
    "trial_base",
    "share_tiers",
    "spend_rate",
    "order_fee",
    "rewards",
    "instalments",
    "floor",
    "extras",
    "tools_monthly",
    "start_cost",
)
"""What of an option costs its client money."""


class Option(Section):
    """One way to run the store: what it brings, what it costs the client itself, and what its
    contract says.
    """

    id: Annotated[
        str,
        Field(pattern=r"^[a-z][a-z0-9_]{0,23}$"),
        Spec(unit=Unit.TEXT, zh="选项代号", en="Option id"),
    ]
    name: Annotated[Text, _text("名称", "Name", "例如公司名。", "Such as the company's name.")] = ""
    kind: Annotated[
        OptionKind,
        _text(
            "类型", "Kind", "报价，或替代方案。", "A quote, or an alternative.", dict(KIND_WORDS)
        ),
    ] = "quote"
    compared: Annotated[
        bool,
        _text(
            "参与比较", "Compared", "是否出现在比较里。", "Whether it is part of the comparison."
        ),
    ] = True
    # what it brings
    service: Annotated[
        Service,
        _text(
            "服务内容",
            "Service",
            "决定服务要多少人手，以及有没有专门的实测研究。",
            "Decides how many people serving takes, and which measured studies the sceptical effect"
            " rests on.",
            dict(SERVICE_WORDS),
        ),
    ] = "full"
    claimed: Annotated[
        float | None,
        Spec(
            unit=Unit.RATE,
            above=-1,
            at_most=9,
            zh="承诺的销售提升",
            en="Claimed uplift of sales",
            help_zh="对方承诺能带来的全店销售提升；留空则取各家案例的自述值。",
            help_en="The uplift of sales that is claimed; empty: what case studies claim.",
        ),
    ] = None
    effect: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            above=-1,
            at_most=9,
            zh="您相信的销售提升",
            en="Uplift that you believe",
            help_zh="留空则采用实测研究支持的保守效果。",
            help_en="Empty: the sceptical effect that measured studies support.",
        ),
    ] = None
    delay: Annotated[
        int,
        _months(
            "开始见效前的月数",
            "Months before it begins to work",
            "交接、招人所需的月数。",
            "For handover or hiring.",
            most=LONGEST_HORIZON,
        ),
    ] = 0
    ramp: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONTHS,
            at_least=0,
            at_most=LONGEST_HORIZON,
            zh="见效月数",
            en="Months until the full effect",
            help_zh="从开始见效起，直线达到全部效果的月数。",
            help_en="From when it begins to work, in a straight line.",
        ),
    ] = 3.0
    half_life: Annotated[
        float | None,
        Spec(
            unit=Unit.MONTHS,
            at_least=0,
            at_most=LONGEST_TERM,
            zh="结束后效果减半的月数",
            en="Months until half the effect is gone after the end",
            help_zh="合作结束后效果逐渐消退；留空取默认假设。",
            help_en="The effect fades after the end; empty: the default, an assumption.",
        ),
    ] = None
    ad_budget: Annotated[
        float,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=20,
            zh="要求的广告预算（相对计划）",
            en="Ad budget asked for, relative to the plan",
            help_zh="1 表示不变，1.5 表示多投一半。",
            help_en="1 is as planned, 1.5 is half more.",
        ),
    ] = 1.0
    # what it costs the client itself
    people: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=1000,
            zh="为此雇的人数",
            en="Own people",
            help_zh="自己的员工，折合全职。",
            help_en="People you hire for it, as full-time.",
        ),
    ] = 0.0
    pay: Annotated[
        Quantity,
        _cost(
            "每人月薪",
            "Pay per person and month",
            "不含单位社保公积金。",
            "Before the employer's contributions.",
        ),
    ] = 0.0
    on_cost: Annotated[
        Quantity,
        _rate(
            "单位社保公积金",
            "Employer's contributions",
            "占工资的比例。",
            "As a share of pay.",
            most=2.0,
        ),
    ] = 0.0
    hours: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=1000,
            zh="每月顾问小时",
            en="Consulting hours a month",
            help_zh="按小时付费的时间。",
            help_en="Time paid by the hour.",
        ),
    ] = 0.0
    hour_rate: Annotated[
        Quantity,
        _cost("每小时费用", "Rate per hour", "顾问的时薪。", "What the consultant charges."),
    ] = 0.0
    tools_monthly: Annotated[
        Quantity, _cost("工具月费", "Tools per month", "软件订阅。", "Software subscriptions.")
    ] = 0.0
    start_cost: Annotated[
        Quantity,
        _cost(
            "一次性启动成本",
            "One-off cost to begin",
            "招聘、交接、培训。",
            "Hiring, handover, training.",
        ),
    ] = 0.0
    # what it saves the client itself
    hours_saved: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=1000,
            zh="每月省下您的小时",
            en="Own hours saved a month",
            help_zh="您自己或家人不用再花的时间；填了每小时值多少才计入。",
            help_en=(
                "Time that you no longer spend yourself; counted once you say what an hour is"
                " worth."
            ),
        ),
    ] = 0.0
    hour_worth: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.COST_MONEY,
            at_least=0,
            zh="您一小时值多少",
            en="What an hour of yours is worth",
            help_zh="留空则不把时间算成收益。",
            help_en="Empty: time is not counted as a benefit.",
        ),
    ] = None
    # how long it lasts
    fee_currency: Annotated[
        Literal["cost", "sales"],
        _text(
            "合同币种",
            "Currency of the contract",
            "合同金额用哪种货币。",
            "Which currency its amounts are in.",
            {
                "cost": Words("成本币种", "Cost currency"),
                "sales": Words("销售币种", "Sales currency"),
            },
        ),
    ] = "cost"
    term: Annotated[
        int, _months("合同期（月）", "Term in months", "首个合同期。", "The first term.", least=1)
    ] = 12
    trial: Annotated[
        int, _months("试用期（月）", "Trial in months", "0 表示没有。", "0 is none.")
    ] = 0
    trial_base: Annotated[
        float | None,
        _money(
            "试用期月费", "Monthly base in the trial", "留空与正式期相同。", "Empty: as after it."
        ),
    ] = None
    trial_exit: Annotated[
        bool,
        _text(
            "试用期满可无责退出",
            "May leave after the trial",
            "未达标即可无责终止。",
            "Free to leave after a trial that misses the KPI.",
        ),
    ] = True
    notice: Annotated[
        int,
        _months(
            "提前通知期（月）",
            "Notice period in months",
            "解约要提前几个月通知。",
            "Months from notice to the end.",
        ),
    ] = 1
    renewal: Annotated[
        Renewal,
        _text(
            "到期之后",
            "After the term",
            "到期后怎样。",
            "What happens at the end of the term.",
            {
                "ends": Words("到期结束，可续签", "Ends; may be signed again"),
                "automatic": Words("自动续约", "Renews itself"),
                "open": Words("转为按月，可随时通知", "Goes on month by month"),
            },
        ),
    ] = "ends"
    renewal_months: Annotated[
        int,
        _months(
            "续约期（月）",
            "Months of each renewal",
            "自动续约或续签多久。",
            "For how long it is renewed.",
            least=1,
        ),
    ] = 12
    exit_fixed: Annotated[
        float,
        _money(
            "提前解约：固定金额",
            "Early exit: fixed amount",
            "您在合同期内提前解约要付的固定违约金。",
            "What you owe when you leave before the term ends.",
        ),
    ] = 0.0
    exit_months: Annotated[
        float,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=LONGEST_TERM,
            zh="提前解约：几个月基础费",
            en="Early exit: months of base fee",
            help_zh="提前解约要付几个月的基础月费。",
            help_en="How many months of the base fee you owe when you leave early.",
        ),
    ] = 0.0
    exit_share: Annotated[
        float,
        _rate(
            "提前解约：剩余期基础费的比例",
            "Early exit: share of the base fee that is left",
            "提前解约要付合同剩余月份基础费的百分之几。",
            "How much of the base fee of the months left you owe when you leave early.",
        ),
    ] = 0.0
    decided_by: Annotated[
        str,
        _text(
            "去留看哪个 KPI",
            "KPI that decides about leaving",
            "止损、试用期和续约都看它；留空则不因 KPI 离开。",
            "For stop-loss, trial and renewal; empty: no KPI ends the contract.",
        ),
    ] = ""
    stop_loss: Annotated[
        bool,
        _text(
            "止损条款",
            "Stop-loss",
            "连续不达标即可无责终止。",
            "After missed months in a row you may leave free of cost.",
        ),
    ] = False
    stop_share: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            at_most=2,
            zh="低于目标的多少算不达标",
            en="A month misses below this share of the target",
            help_zh="例如 80%。",
            help_en="Such as 80%.",
        ),
    ] = 0.8
    miss_share: Annotated[
        float | None,
        Spec(
            unit=Unit.RATE,
            above=0,
            at_most=2,
            zh="试用期、续约和您自己解约所用的门槛",
            en="Threshold for trial, renewal and your own notice",
            help_zh="留空与止损的门槛相同。",
            help_en="Empty: the same as the stop-loss's.",
        ),
    ] = None
    stop_months: Annotated[
        int,
        _months(
            "连续几个月",
            "Months in a row",
            "连续几个月不达标触发。",
            "How many missed months in a row.",
            least=1,
            most=LONGEST_HORIZON,
        ),
    ] = 2
    stop_from: Annotated[
        int,
        _months(
            "从第几个月起算",
            "Counted from month",
            "爬坡期可以不算。",
            "Months of the ramp may be left out.",
            least=1,
            most=LONGEST_HORIZON,
        ),
    ] = 1
    patience: Annotated[
        int | None,
        _months(
            "您的耐心：连续几个月不达标就通知解约",
            "Your patience: missed months in a row before you give notice",
            "您自己的做法，不是条款；留空则坚持到期满。",
            "Your own rule, not a clause; empty: you stay to the end of the term.",
            least=1,
            most=LONGEST_HORIZON,
        ),
    ] = None
    # what is paid
    setup: Annotated[
        float, _money("启动费", "Setup fee", "签约时一次性支付。", "Paid once, in the first month.")
    ] = 0.0
    base: Annotated[
        float, _money("基础月费", "Monthly base", "每月固定服务费。", "Fixed fee a month.")
    ] = 0.0
    share_tiers: Annotated[
        list[ShareTier],
        _text(
            "销售提成",
            "Share of sales",
            "按档的提成比例；一档就是统一比例。",
            "The share by tier; one tier is one rate for all.",
        ),
    ] = Field(default_factory=list)
    share_basis: Annotated[
        ShareBasis,
        _text(
            "提成基数",
            "Basis of the share",
            "对哪个销售额提成。",
            "Which sales are shared.",
            dict(SHARE_BASIS_WORDS),
        ),
    ] = "gmv"
    share_mode: Annotated[
        Literal["marginal", "whole"],
        _text(
            "分档方式",
            "How tiers work",
            "只对超出部分用新比例，或全额用新比例。",
            "The new rate on what is over the bound, or on all.",
            {"marginal": Words("超额累进", "Marginal"), "whole": Words("全额累进", "Whole amount")},
        ),
    ] = "marginal"
    share_bound: Annotated[
        Literal["upto", "from"],
        _text(
            "恰好等于分档线归哪一档",
            "An amount on the bound belongs to",
            "“不超过 X”为较低一档，“达到 X”为较高一档；只在全额累进时影响金额。",
            "“Up to X” is the lower tier, “reaches X” the upper one; it changes the amount only"
            " where the whole amount is re-rated.",
            {
                "upto": Words("较低一档（不超过）", "The lower tier (up to)"),
                "from": Words("较高一档（达到）", "The upper tier (reaches)"),
            },
        ),
    ] = "upto"
    share_period: Annotated[
        Literal["month", "running"],
        _text(
            "分档按",
            "Tiers by",
            "每月重新起算，或从签约起累计。",
            "Anew each month, or running since the start.",
            {"month": Words("每月", "Month"), "running": Words("累计", "Running total")},
        ),
    ] = "month"
    share_over: Annotated[
        ShareOver,
        _text(
            "对什么提成",
            "What is shared",
            "全部，或只对超过基线的部分。",
            "All of it, or only what is over the baseline.",
            {
                "all": Words("全部", "All of it"),
                "baseline": Words("超过基线的部分", "What is over the baseline"),
            },
        ),
    ] = "all"
    baseline: Annotated[
        float | None,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="提成的月基线（销售币种）",
            en="Baseline of the share, a month (sales currency)",
            help_zh="留空取自己经营时的正常月。销售额按销售币种算，基线和各档上限也是；合同若写成本币种，请先折算。",
            help_en=(
                "Empty: a usual month of running the store without an agency. Sales are counted in"
                " the sales currency, and so are this baseline and the bounds of the tiers; convert"
                " what a contract states in another."
            ),
        ),
    ] = None
    baseline_season: Annotated[
        bool,
        _text(
            "基线按季节调整",
            "Baseline follows the season",
            "旺季基线更高，避免把季节当成功劳。",
            "Higher in season, so that the season is not taken for merit.",
        ),
    ] = False
    clawback: Annotated[
        bool,
        _text(
            "退货扣回提成",
            "Share taken back on refunds",
            "退款的销售额不计提成。",
            "No share on sales that are refunded.",
        ),
    ] = False
    spend_rate: Annotated[
        float,
        _rate(
            "广告费提成",
            "Share of ad spend",
            "按广告花费（不含税）的比例。",
            "Of ad spend without tax.",
        ),
    ] = 0.0
    order_fee: Annotated[
        float,
        _money(
            "每单服务费", "Fee per order", "每个支付订单向您收的钱。", "Due for each paid order."
        ),
    ] = 0.0
    rewards: Annotated[
        list[Reward],
        _text(
            "KPI 奖罚", "Bonus and penalty", "达标奖励与未达标扣款。", "For KPIs met and missed."
        ),
    ] = Field(default_factory=list)
    penalty_limited: Annotated[
        bool,
        _text(
            "扣款以当月费用为限",
            "Penalty at most the month's fee",
            "扣款不超过当月应付。",
            "No more is taken off than is due.",
        ),
    ] = True
    instalments: Annotated[
        list[Instalment],
        _text(
            "分期款", "Instalments", "按月份或按 KPI 到期。", "Due by month or when a KPI is met."
        ),
    ] = Field(default_factory=list)
    floor: Annotated[
        float | None, _money("每月保底服务费", "Monthly minimum", "留空则没有。", "Empty: none.")
    ] = None
    cap: Annotated[
        float | None,
        _money(
            "每月费用封顶",
            "Monthly fee cap",
            "含奖励；留空则没有。",
            "Bonus included; empty: none.",
        ),
    ] = None
    total_cap: Annotated[
        float | None,
        _money(
            "累计费用封顶",
            "Total fee cap",
            "从签约起累计；留空则没有。",
            "Since the start; empty: none.",
        ),
    ] = None
    passed_on: Annotated[
        float,
        _money(
            "代垫费用（每月）",
            "Pass-through costs, a month",
            "软件、拍摄等按实报销。",
            "Software, photos and the like, billed on.",
        ),
    ] = 0.0
    ads_through: Annotated[
        bool,
        _text(
            "广告费经服务商支付",
            "Ad spend is paid through the agency",
            "广告账户由服务商开户、充值或代付。",
            "The agency opens the ad accounts, tops them up or pays for them.",
        ),
    ] = False
    rebate_rate: Annotated[
        float,
        _rate(
            "媒体返点（占广告费）",
            "Media rebate, of ad spend",
            "广告平台或媒体代理按您的广告花费（不含税）返给服务商的比例；0 表示没有。",
            "What ad platforms or media agents pay the agency back, of your ad spend without tax; 0"
            " is none.",
        ),
    ] = 0.0
    rebate_to_client: Annotated[
        float,
        _rate(
            "返点中返还给您的比例",
            "Share of the rebate passed on to you",
            "0 表示全部归服务商，100% 表示全部抵减您的账单。",
            "0% all stays with the agency, 100% all comes off your bill.",
        ),
    ] = 0.0
    extras: Annotated[
        list[Extra],
        _text(
            "其他收费",
            "Extra fees",
            "申诉费、加急费、年度系统费等。",
            "Appeals, urgency, a yearly system fee.",
        ),
    ] = Field(default_factory=list)
    fee_tax: Annotated[
        float,
        _rate(
            "费用上不可抵扣的税",
            "Tax on fees, not recovered",
            "报价不含税而您抵扣不了时填。",
            "Where the quote is without tax and you cannot recover it.",
        ),
    ] = 0.0
    # what its answers to the contract check are
    says_yes: Annotated[list[str], _text("合同检查：是", "Contract check: yes", "", "")] = Field(
        default_factory=list
    )
    says_no: Annotated[list[str], _text("合同检查：否", "Contract check: no", "", "")] = Field(
        default_factory=list
    )
    # what serving it costs the agency
    serving_people: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=1000,
            zh="服务人数（折合全职）",
            en="People serving (full-time)",
            help_zh="对方为您投入的人力；留空取默认假设。",
            help_en="What the agency puts in; empty: the default, an assumption.",
        ),
    ] = None
    serving_pay: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.COST_MONEY,
            at_least=0,
            zh="服务人员月薪",
            en="Their monthly pay",
            help_zh="留空取招聘数据的常见值。",
            help_en="Empty: the usual pay in recruiters' figures.",
        ),
    ] = None
    serving_on_cost: Annotated[
        Quantity | None,
        _rate(
            "工资之外的用人成本（占工资）",
            "On-cost, as a share of their pay",
            "单位社保公积金，也可含按工资分摊的管理费；留空取上海的单位社保与公积金比例。",
            "The employer's contributions, and overhead where you count it by pay; empty:"
            " Shanghai's contributions and housing fund.",
            most=2.0,
        ),
    ] = None
    serving_other: Annotated[
        Quantity,
        _cost(
            "服务的其他成本",
            "Other cost of serving, a month",
            "软件、管理分摊。",
            "Software, overhead.",
        ),
    ] = 0.0
    # what it is to serve, where that is said (decisions/quote/serving_hours.py)
    scope_platforms: Annotated[
        int | None, _scope("几个平台", "Platforms", "留空按 1 个。", "Empty: one.", 20)
    ] = None
    scope_sites: Annotated[
        int | None,
        _scope(
            "每个平台几个站点",
            "Sites of each platform",
            "国家站点数；留空按 1 个。",
            "Country sites; empty: one.",
            30,
        ),
    ] = None
    scope_products: Annotated[
        int | None,
        _scope(
            "几款商品",
            "Products",
            "父体（链接）数；留空按普通规模。",
            "Parents, without their variations; empty: a usual number.",
            10_000,
        ),
    ] = None
    scope_languages: Annotated[
        int | None,
        _scope(
            "几种语言",
            "Languages",
            "要写、要答的语言；留空按 1 种。",
            "In which it writes and answers; empty: one.",
            20,
        ),
    ] = None
    scope_support: Annotated[
        bool,
        _text(
            "含客服",
            "Customer service",
            "买家咨询与售后全部由对方答复。",
            "It answers every shopper, before and after the sale.",
        ),
    ] = False
    scope_offsite: Annotated[
        bool,
        _text("含站外引流", "Off-site traffic", "站外广告、达人。", "Ads elsewhere, creators."),
    ] = False
    scope_manager: Annotated[
        bool,
        _text(
            "专属客户经理",
            "Dedicated manager",
            "每周开会、随时沟通。",
            "A call a week, and somebody to write to.",
        ),
    ] = False
    scope_tools: Annotated[
        bool,
        _text(
            "含数据工具",
            "Data tools included",
            "选品、关键词、广告工具由对方付费；填了服务的其他成本时以那里为准。",
            "It pays for research, keyword and ad tools; its other cost, where typed, holds them.",
        ),
    ] = False
    scope_hard: Annotated[
        bool,
        _text(
            "KPI 难度高",
            "Demanding KPIs",
            "类目竞争激烈，或目标远高于现状。",
            "A crowded category, or targets far above today.",
        ),
    ] = False
    scope_stage: Annotated[
        Stage,
        _text(
            "店铺现状",
            "State of the shop",
            "新店起步和接手整改更费时。",
            "A launch and a shop that has to be put right take more time.",
            dict(STAGE_WORDS),
        ),
    ] = "running"
    # what it shows of itself; empty: the record of the scenario's promise (docs/decisions/0060)
    record_met: Annotated[
        float | None,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="达标客户数",
            en="Clients who met their KPIs",
            help_zh="这家服务商的；留空取本方案承诺里的记录。",
            help_en="Of this agency; empty: the record of the scenario's promise.",
        ),
    ] = None
    record_shown: Annotated[
        float | None,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="展示的客户数",
            en="Clients shown",
            help_zh="这家服务商展示了多少家。",
            help_en="How many clients this agency shows.",
        ),
    ] = None
    record_trust: Annotated[
        float | None,
        _rate(
            "业绩记录的可信度",
            "How far the record is trusted",
            "每一家只按这个比例计入；自己实测的为 100%。留空取本方案承诺里的比例。",
            "Each client counts as this share of one; measured by yourself it is 100%. Empty: as"
            " the scenario's promise has it.",
        ),
    ] = None

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

    @model_validator(mode="after")
    def _fits(self) -> Self:
        bounds = [tier.upto for tier in self.share_tiers]
        inner = [bound for bound in bounds[:-1] if bound is not None]
        if self.share_tiers and (
            bounds[-1] is not None or len(inner) != len(bounds) - 1 or inner != sorted(set(inner))
        ):
            shown = " / ".join("∞" if bound is None else f"{bound:g}" for bound in bounds)
            raise PydanticCustomError(
                "tiers_order", "rising, the last open", {"field": "share_tiers", "shown": shown}
            )
        for name in ("share_tiers", "rewards", "instalments", "extras"):
            if len(getattr(self, name)) > MOST_ROWS:
                raise PydanticCustomError(
                    "rows_count",
                    "too many",
                    {"field": name, "shown": str(len(getattr(self, name))), "most": MOST_ROWS},
                )
        if self.cap is not None and self.floor is not None and self.floor > self.cap:
            raise PydanticCustomError(
                "floor_cap",
                "floor over cap",
                {"field": "floor", "shown": f"{self.floor:g}", "most": f"{self.cap:g}"},
            )
        if self.trial > self.term:
            raise PydanticCustomError(
                "trial_term",
                "trial over term",
                {"field": "trial", "shown": str(self.trial), "most": self.term},
            )
        if self.stop_loss and not self.decided_by:
            raise PydanticCustomError("stop_kpi", "needs a KPI", {"field": "decided_by"})
        return self

    @property
    def misses_below(self) -> float:
        """The share of the target below which a month misses for trial, renewal and patience."""
        return self.stop_share if self.miss_share is None else self.miss_share

    @property
    def paid(self) -> bool:
        """Whether somebody is on the other side, who claims an effect and earns a fee."""
        return self.kind in PAID

    def currency(self, head: Head) -> str:
        """Return the currency of the contract's money, by the currencies of its scenario."""
        return head.cost_currency if self.fee_currency == "cost" else head.currency

    def rate(self, head: Head) -> float:
        """Return what one unit of the sales currency is in the contract's currency, at the point
        value of the exchange rate.
        """
        return float(point_value(head.fx_rate)) if self.fee_currency == "cost" else 1.0

    @property
    def priced(self) -> bool:
        """Whether anything is named that it costs: without, there is nothing to sign for.

        >>> Option(id="quote", claimed=0.4).priced, Option(id="quote", base=9000.0).priced
        (False, True)
        """
        return any(
            point_value(worth) if is_range(worth := getattr(self, name)) else bool(worth)
            for name in _COSTS
        )

    def kpis_named(self) -> list[tuple[str, str]]:
        """Return (field, KPI id) of every KPI that the contract names."""
        named = [("rewards", one.kpi) for one in self.rewards] + [
            ("instalments", one.kpi) for one in self.instalments if one.kpi
        ]
        return [*named, ("decided_by", self.decided_by)] if self.decided_by else named


LATER: dict[str, Any] = {
    name: info.default
    for name, info in Option.model_fields.items()
    if name.startswith(("scope_", "record_"))
}
"""Fields that came later, with what they are where nobody said anything: a link leaves them out."""


class Comparison(Section):
    """How options are compared."""

    alike: Annotated[
        float | None,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=1,
            zh="两家效果有多相似（0–1）",
            en="How alike agencies do (0 to 1)",
            help_zh="同一家店里不同服务商效果的相关程度；留空取默认假设。",
            help_en=(
                "Correlation of what different agencies bring to one store; empty: the default, an"
                " assumption."
            ),
        ),
    ] = None
    sign_odds: Annotated[
        float,
        Spec(
            unit=Unit.RATE,
            above=0,
            below=1,
            zh="签约所需的划算概率",
            en="Probability of being better off that signing needs",
            help_zh="平均划算且划算概率不低于此值才建议签。",
            help_en=(
                "Sign only where the mean gain is above zero and the probability of being better"
                " off is at least this."
            ),
        ),
    ] = 0.5
    price_elasticity: Annotated[
        float | None,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=20,
            zh="价格弹性",
            en="Price elasticity",
            help_zh="降价 1% 订单增加百分之几；留空则不估计折扣深度，只给出分界点。",
            help_en=(
                "How many per cent more orders a price lower by 1% brings; empty: only the"
                " break-even points are given."
            ),
        ),
    ] = None
