"""What an option brings, and what it costs and saves the client itself."""

from typing import Annotated, Literal

from pydantic import Field

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Text, Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.scenario.quote_specs import (
    LONGEST_TERM,
    cost_spec,
    months_spec,
    rate_spec,
    text_spec,
)
from funnel_sim.words import Words

OptionKind = Literal["quote", "own_team", "flat_fee", "consultant", "tools"]
KIND_WORDS: dict[OptionKind, Words] = {
    "quote": Words("报价", "Quote"),
    "own_team": Words("自建团队", "Own team"),
    "flat_fee": Words("固定月费代运营", "Flat-fee agency"),
    "consultant": Words("顾问陪跑", "Consultant"),
    "tools": Words("只用工具", "Tools only"),
}
Service = Literal["full", "ads", "coaching", "listing"]
SERVICE_WORDS: dict[Service, Words] = {
    "full": Words("全店代运营", "Full operation"),
    "ads": Words("只代投广告", "Ads only"),
    "coaching": Words("陪跑／培训", "Coaching or training"),
    "listing": Words("开店与上架", "Set-up and listing"),
}


class OptionEffect(Section):
    """The fields on what an option is, what it brings, and what it costs and saves its client."""

    id: Annotated[
        str,
        Field(pattern=r"^[a-z][a-z0-9_]{0,23}$"),
        Spec(unit=Unit.TEXT, zh="选项代号", en="Option id"),
    ]
    name: Annotated[
        Text, text_spec("名称", "Name", "例如公司名。", "Such as the company's name.")
    ] = ""
    kind: Annotated[
        OptionKind,
        text_spec(
            "类型", "Kind", "报价，或替代方案。", "A quote, or an alternative.", dict(KIND_WORDS)
        ),
    ] = "quote"
    compared: Annotated[
        bool,
        text_spec(
            "参与比较", "Compared", "是否出现在比较里。", "Whether it is part of the comparison."
        ),
    ] = True
    # what it brings
    service: Annotated[
        Service,
        text_spec(
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
        months_spec(
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
        cost_spec(
            "每人月薪",
            "Pay per person and month",
            "不含单位社保公积金。",
            "Before the employer's contributions.",
        ),
    ] = 0.0
    on_cost: Annotated[
        Quantity,
        rate_spec(
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
        cost_spec("每小时费用", "Rate per hour", "顾问的时薪。", "What the consultant charges."),
    ] = 0.0
    tools_monthly: Annotated[
        Quantity, cost_spec("工具月费", "Tools per month", "软件订阅。", "Software subscriptions.")
    ] = 0.0
    start_cost: Annotated[
        Quantity,
        cost_spec(
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
