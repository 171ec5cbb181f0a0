"""When ads, fees, fixed costs and tax are paid."""

from typing import Annotated, Literal

from funnel_sim.scenario.cash_goods import GoodsTerms
from funnel_sim.scenario.cash_specs import (
    amount_spec,
    choice_spec,
    days_spec,
)
from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.units import MONTHS_A_YEAR
from funnel_sim.words import Words

AdsBilling = Literal["as_spent", "prepaid", "threshold", "monthly", "withheld"]


class CostTerms(GoodsTerms):
    """The fields on how ads are billed, and when fees, fixed costs and tax are paid."""

    ads_billing: Annotated[
        AdsBilling,
        choice_spec(
            "广告费怎么付",
            "How ads are billed",
            "广告账户的扣款方式；邮件／私域发送费同样。",
            "How the ad account is charged; messages to the own list likewise.",
            as_spent=Words("花多少付多少", "As spent"),
            prepaid=Words("预充值", "Prepaid"),
            threshold=Words("达到限额扣款（月末结清）", "At a threshold, and at month's end"),
            monthly=Words("月结", "Monthly"),
            withheld=Words("从回款中扣", "Off the payout"),
        ),
    ] = "as_spent"
    ads_prepaid_days: Annotated[
        int,
        days_spec(
            "预充几天的量",
            "Prepaid for, days",
            "预充值时，账户里提前多少天的花费。",
            "Days of spend paid ahead, where ads are prepaid.",
        ),
    ] = 0
    ads_threshold: Annotated[
        Quantity,
        amount_spec(
            Unit.MONEY,
            "扣款限额",
            "Billing threshold",
            "累计花费达到这个数就扣款。",
            "The account is charged when this much has been spent.",
        ),
    ] = 0.0
    ads_due_days: Annotated[
        int,
        days_spec(
            "广告账单几天后付",
            "Ads due, days",
            "月结时，月末之后几天。",
            "Days after the end of the month, where ads are billed monthly.",
        ),
    ] = 0

    operator_due_days: Annotated[
        int,
        days_spec(
            "服务费几天后付",
            "Agency's fees due, days",
            "月末之后几天。",
            "Days after the end of the month.",
        ),
    ] = 0
    fixed_due_days: Annotated[
        int,
        days_spec(
            "固定费用几天后付",
            "Fixed costs due, days",
            "人员、软件、合规等，月末之后几天。",
            "Staff, software, compliance and others: days after the end of the month.",
        ),
    ] = 0
    vat_months: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            at_most=MONTHS_A_YEAR,
            zh="几个月申报一次税",
            en="Months in a tax period",
            help_zh="1 月报、3 季报、12 年报；0 表示每天结清，不占用资金。",
            help_en="1 monthly, 3 quarterly, 12 yearly; 0: settled each day, no timing.",
        ),
    ] = 0
    vat_due_days: Annotated[
        int,
        days_spec(
            "申报期末几天后缴税",
            "Tax due, days",
            "销项税减可抵扣的进口税；为负时同一天退回。进口税归到付款那天所在的申报期，"
            "不看到货日：2 月到货、3 月 1 日付的，随 3 月的申报退回。",
            "After the period's end: output tax less import tax that is recovered; a negative sum"
            " comes back on the same day. Import tax belongs to the period in which it is paid, not"
            " in which the goods arrive: what arrives in February and is paid on 1 March comes back"
            " with the return of March.",
        ),
    ] = 0
