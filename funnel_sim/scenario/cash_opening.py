"""What is there on the first day: cash, credit, what is still to come and still owed, stock."""

from typing import Annotated, Literal

from funnel_sim.scenario.cash_specs import (
    amount_spec,
    choice_spec,
    days_spec,
    share_spec,
)
from funnel_sim.scenario.fields import Section, Spec, Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.words import Words


class OpeningCash(Section):
    """The fields on what is there on the first day, and in which currency the balance is kept."""

    opening_cash: Annotated[
        Quantity,
        Spec(
            unit=Unit.COST_MONEY,
            zh="期初现金",
            en="Cash on the first day",
            help_zh="测算期第一天手上可以动用的钱，不含未用的授信。",
            help_en="Money at hand on the first day of the plan, without unused credit.",
        ),
    ] = 0.0
    credit_limit: Annotated[
        Quantity,
        amount_spec(
            Unit.COST_MONEY,
            "授信额度",
            "Credit line",
            "余额为负时最多可以借多少。",
            "How far below zero the balance may be financed.",
        ),
    ] = 0.0
    credit_rate: Annotated[
        Quantity,
        share_spec(
            "借款年利率",
            "Interest on credit, a year",
            "按每天的负余额计息，月末支付。",
            "On each day's negative balance, paid at the end of the month.",
        ),
    ] = 0.0
    owner_draw: Annotated[
        Quantity,
        amount_spec(
            Unit.COST_MONEY,
            "老板每月提款",
            "Owner's draw a month",
            "每月最后一天从生意里取走的钱；不是成本，不进利润。",
            "Taken out on the last day of each month; no cost, so not in the profit.",
        ),
    ] = 0.0
    opening_receivable: Annotated[
        Quantity,
        amount_spec(
            Unit.MONEY,
            "期初待回款",
            "Still to come from the platform",
            "第一天之前的销售、平台还没打出来的钱。",
            "For sales before the first day, not yet paid out.",
        ),
    ] = 0.0
    opening_receivable_days: Annotated[
        int,
        days_spec(
            "期初待回款几天后到账",
            "Days until that comes",
            "从第一天数起。",
            "Counted from the first day.",
        ),
    ] = 0
    opening_payable: Annotated[
        Quantity,
        amount_spec(
            Unit.COST_MONEY,
            "期初应付货款",
            "Still owed to suppliers",
            "第一天之前下单、还没付的货款和运费。",
            "For goods and freight ordered before the first day, not yet paid.",
        ),
    ] = 0.0
    opening_payable_days: Annotated[
        int,
        days_spec(
            "期初应付几天后支付",
            "Days until that is paid",
            "从第一天数起。",
            "Counted from the first day.",
        ),
    ] = 0
    opening_stock_units: Annotated[
        Quantity | None,
        amount_spec(
            Unit.COUNT,
            "期初库存（件）",
            "Stock on the first day, units",
            "第一天在库可售、已付清的件数（未付部分填在期初应付货款）。"
            "留空：够卖到第一天下的单到货，再加安全库存。",
            "Units that can be sold; paid for but for what is still owed to suppliers."
            " Empty: as many as the plan needs until an order of the first day arrives, with"
            " the safety stock.",
        ),
    ] = None
    opening_coming_units: Annotated[
        Quantity,
        amount_spec(
            Unit.COUNT,
            "期初在途（件）",
            "On the way on the first day, units",
            "第一天已下单、还没入库的件数。",
            "Units ordered before the first day and not yet on the shelf.",
        ),
    ] = 0.0
    opening_coming_days: Annotated[
        int,
        days_spec(
            "期初在途几天后入库",
            "Days until these arrive",
            "从第一天数起。",
            "Counted from the first day.",
        ),
    ] = 0
    kept_in: Annotated[
        Literal["sales", "home"],
        choice_spec(
            "余额币种",
            "Balance is kept in",
            "每笔钱在收付那天按当月汇率折成这一币种。",
            "Each payment is converted on its day at the rate of that month.",
            sales=Words("销售币种", "Sales currency"),
            home=Words("成本币种（本国）", "Cost currency (home)"),
        ),
    ] = "sales"
