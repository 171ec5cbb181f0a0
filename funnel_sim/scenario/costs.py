"""What falls every month, or once, whatever is sold."""

from typing import Annotated, Literal

from pydantic import Field

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Text, Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.words import Words

OneOffGroup = Literal["localisation", "compliance", "saas", "staff", "other"]

GROUP_WORDS: dict[str, Words] = {
    "localisation": Words("本地化", "Localisation"),
    "compliance": Words("合规", "Compliance"),
    "saas": Words("软件与平台月费", "Software and platform plans"),
    "staff": Words("人员", "Staff"),
    "other": Words("其他", "Other"),
}


class OneOff(Section):
    """A cost that falls once, in its month."""

    name: Text = ""
    group: OneOffGroup = "other"
    amount: Annotated[
        float, Spec(unit=Unit.COST_MONEY, at_least=0, zh="一次性金额", en="One-off amount")
    ]
    month: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=LONGEST_HORIZON,
            zh="发生月份",
            en="Month it falls in",
        ),
    ] = 1


def _monthly(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    return Spec(unit=Unit.COST_MONEY, at_least=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


class FixedCosts(Section):
    """What falls every month, or once, whatever is sold."""

    operator_monthly: Annotated[
        Quantity,
        _monthly(
            "服务商月费",
            "Agency's monthly fee",
            "付给服务商（代运营或陪跑）的固定月费。",
            "Fixed monthly fee of the agency.",
        ),
    ] = 0.0
    operator_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="服务商提成",
            en="Agency's share of sales",
            help_zh="按净销售额（扣税、扣退款）计的提成比例。",
            help_en="Share of net sales (after tax and refunds).",
        ),
    ] = 0.0
    localisation_monthly: Annotated[
        Quantity,
        _monthly(
            "本地化月费",
            "Localisation per month",
            "翻译、内容、KYC 等。",
            "Translation, content, KYC.",
        ),
    ] = 0.0
    compliance_monthly: Annotated[
        Quantity,
        _monthly(
            "合规月费",
            "Compliance per month",
            "税号申报、EPR、产品认证摊到每月。",
            "VAT filing, EPR and certification, per month.",
        ),
    ] = 0.0
    saas_monthly: Annotated[
        Quantity,
        _monthly(
            "软件月费",
            "Software per month",
            "选品、ERP、广告工具等。",
            "Research, ERP and advertising tools.",
        ),
    ] = 0.0
    platform_monthly: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="平台月租",
            en="Platform plan per month",
            help_zh="平台或建站的月租，按销售币种。",
            help_en="Marketplace or shop plan, in the sales currency.",
        ),
    ] = 0.0
    staff_monthly: Annotated[
        Quantity,
        _monthly(
            "人员月费",
            "Staff per month",
            "自己团队的工资和社保。",
            "Pay and on-cost of your own team.",
        ),
    ] = 0.0
    other_monthly: Annotated[
        Quantity,
        _monthly(
            "其他月费",
            "Other fixed costs per month",
            "房租、拍摄、样品等。",
            "Rent, photos, samples and the like.",
        ),
    ] = 0.0
    own_hours: Annotated[
        Quantity,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="自己每月投入工时（小时）",
            en="Own hours per month",
            help_zh="您和家人为这家店花的时间，不含发工资的员工。",
            help_en="Time that you and your family give the store, paid staff not counted.",
        ),
    ] = 0.0
    own_hours_per_order: Annotated[
        Quantity,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="自己每单工时（小时）",
            en="Own hours per order",
            help_zh="手工制作、包装等随订单增加的时间。",
            help_en="Time that grows with the orders, such as making and packing.",
        ),
    ] = 0.0
    own_hour_pay: Annotated[
        Quantity,
        _monthly(
            "自己的每小时报酬",
            "Pay per own hour",
            "请人来做要付多少；用于“算上自己工时的利润”。",
            "What somebody else would cost for it; enters the profit after your own work.",
        ),
    ] = 0.0
    one_off: Annotated[
        list[OneOff],
        Spec(
            unit=Unit.TEXT,
            zh="一次性费用",
            en="One-off costs",
            help_zh="按发生的月份计入。",
            help_en="Counted in the month in which they fall.",
        ),
    ] = Field(default_factory=list)
