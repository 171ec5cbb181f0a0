"""When sales are paid out: from which day on, how often, and what the platform holds back."""

from typing import Annotated, Literal

from funnel_sim.reference.cash_settings import cash_settings
from funnel_sim.scenario.cash_opening import OpeningCash
from funnel_sim.scenario.cash_specs import amount_spec, choice_spec, days_spec, share_spec
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.words import Words

PayoutCycle = Literal["daily", "weekly", "fortnightly", "half_month", "monthly"]
PayoutBasis = Literal["order", "shipment", "delivery"]

LONGEST_USUAL_WAIT = int(cash_settings("terms")["longest_usual_wait"])
"""Days from an order to its payout that no platform's usual rule exceeds: a shorter plan may see no
payout and still be one, a longer wait is a slip of the pen."""


class PayoutTerms(OpeningCash):
    """The fields on when sales are paid out, and fulfilment is paid."""

    payout_basis: Annotated[
        PayoutBasis,
        choice_spec(
            "回款从哪天起算",
            "Payout counts from",
            "平台从下单、发货还是妥投那天开始计算回款期。",
            "Whether the platform counts from the order, the shipment or the delivery.",
            order=Words("下单", "Order"),
            shipment=Words("发货", "Shipment"),
            delivery=Words("妥投", "Delivery"),
        ),
    ] = "order"
    ship_days: Annotated[
        int,
        days_spec(
            "下单到发货（天）",
            "Order to shipment, days",
            "买家下单到您发货。",
            "From the shopper's order to the shipment.",
        ),
    ] = 0
    delivery_days: Annotated[
        Quantity,
        days_spec(
            "下单到妥投（天）",
            "Order to delivery, days",
            "买家下单到签收。",
            "From the shopper's order to its delivery.",
        ),
    ] = 0.0
    payout_delay_days: Annotated[
        Quantity,
        days_spec(
            "回款期（天）",
            "Payout delay, days",
            "从上面那天起，过几天货款可以结算。",
            "Days from the moment above until the money is free to be paid out.",
        ),
    ] = 0.0
    payout_cycle: Annotated[
        PayoutCycle,
        choice_spec(
            "结算周期",
            "Payout cycle",
            "可以结算的货款在所在周期的最后一天打出；周和两周从测算期第一天数起。",
            "Free money is paid on the last day of its cycle; weeks count from the first day.",
            daily=Words("每天", "Daily"),
            weekly=Words("每 7 天", "Every 7 days"),
            fortnightly=Words("每 14 天", "Every 14 days"),
            half_month=Words("每半月（15 日和月末）", "Half-monthly (15th and month's end)"),
            monthly=Words("每月（月末）", "Monthly (month's end)"),
        ),
    ] = "daily"
    payout_bank_days: Annotated[
        int,
        days_spec(
            "打款到账（天）",
            "Transfer to your account, days",
            "平台打款到您账户可用。",
            "From the platform's transfer until the money is yours to use.",
        ),
    ] = 0
    reserve_rate: Annotated[
        Quantity,
        share_spec(
            "预留比例",
            "Reserve held back",
            "每期新结算的货款中平台先扣住的比例。",
            "Share of each cycle's newly free money that the platform holds back.",
        ),
    ] = 0.0
    reserve_days: Annotated[
        Quantity,
        days_spec(
            "预留多少天",
            "Reserve held for, days",
            "扣住的钱在这么多天后的第一个结算日打出。",
            "It is paid with the first cycle that ends this many days later.",
        ),
    ] = 0.0
    payout_minimum: Annotated[
        Quantity,
        amount_spec(
            Unit.MONEY,
            "最低打款额",
            "Smallest payout",
            "不足这个数时结转到下一期。",
            "Less than this is carried to the next cycle.",
        ),
    ] = 0.0
    refund_days: Annotated[
        int,
        days_spec(
            "退款发生在几天后",
            "Refund after, days",
            "从下单数起；从下一次回款中扣除，已回款的订单也一样。",
            "From the order; taken off the next payout, also where the order was paid out already.",
        ),
    ] = 0
    chargeback_days: Annotated[
        int,
        days_spec(
            "拒付发生在几天后",
            "Chargeback after, days",
            "从下单数起；从下一次回款中扣除。",
            "From the order; taken off the next payout.",
        ),
    ] = 0
    fulfilment_paid: Annotated[
        Literal["withheld", "invoiced"],
        choice_spec(
            "配送费怎么付",
            "Fulfilment is paid",
            "平台仓从回款中扣；海外仓、直邮按月开账单。仓储费同样。",
            "A marketplace's warehouse takes it off the payout; others send a monthly invoice."
            " Storage likewise.",
            withheld=Words("从回款中扣", "Off the payout"),
            invoiced=Words("按月账单", "By monthly invoice"),
        ),
    ] = "withheld"
    fulfilment_due_days: Annotated[
        int,
        days_spec(
            "配送账单几天后付",
            "Fulfilment due, days",
            "月末之后几天。",
            "Days after the end of the month.",
        ),
    ] = 0
