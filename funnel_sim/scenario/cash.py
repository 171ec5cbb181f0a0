"""When money moves: what is there on the first day, and when each kind of money is paid.

Neutral as it stands: everything is paid on the day on which it is earned and goods are bought as
they are sold, so that the balance is the opening cash plus the profit added up (ADR 0068).
"""

import calendar
import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.reference.cash_settings import cash_settings
from funnel_sim.scenario.fields import Section, Spec, Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.units import MONTHS_A_YEAR
from funnel_sim.words import Words

LONGEST_WAIT = 365
"""No payment is farther than this from what it is for [days]."""


def _days(zh: str, en: str, help_zh: str, help_en: str, *, at_least: int = 0) -> Spec:
    return Spec(
        unit=Unit.DAYS,
        at_least=at_least,
        at_most=LONGEST_WAIT,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
    )


def _share(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    return Spec(
        unit=Unit.RATE,
        at_least=0,
        at_most=1,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
    )


def _amount(unit: Unit, zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    return Spec(unit=unit, at_least=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


def _choice(zh: str, en: str, help_zh: str, help_en: str, **choices: Words) -> Spec:
    return Spec(
        unit=Unit.TEXT, zh=zh, en=en, help_zh=help_zh, help_en=help_en, choices=dict(choices)
    )


PayoutCycle = Literal["daily", "weekly", "fortnightly", "half_month", "monthly"]
PayoutBasis = Literal["order", "shipment", "delivery"]
Stocking = Literal["as_sold", "periodic", "reorder_point"]
AdsBilling = Literal["as_spent", "prepaid", "threshold", "monthly", "withheld"]

LONGEST_USUAL_WAIT = int(cash_settings("terms")["longest_usual_wait"])
"""Days from an order to its payout that no platform's usual rule exceeds: a shorter plan may see no
payout and still be one, a longer wait is a slip of the pen."""


class CashTerms(Section):
    """What is there on the first day, and when each kind of money is paid."""

    # ---- opening
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
        _amount(
            Unit.COST_MONEY,
            "授信额度",
            "Credit line",
            "余额为负时最多可以借多少。",
            "How far below zero the balance may be financed.",
        ),
    ] = 0.0
    credit_rate: Annotated[
        Quantity,
        _share(
            "借款年利率",
            "Interest on credit, a year",
            "按每天的负余额计息，月末支付。",
            "On each day's negative balance, paid at the end of the month.",
        ),
    ] = 0.0
    owner_draw: Annotated[
        Quantity,
        _amount(
            Unit.COST_MONEY,
            "老板每月提款",
            "Owner's draw a month",
            "每月最后一天从生意里取走的钱；不是成本，不进利润。",
            "Taken out on the last day of each month; no cost, so not in the profit.",
        ),
    ] = 0.0
    opening_receivable: Annotated[
        Quantity,
        _amount(
            Unit.MONEY,
            "期初待回款",
            "Still to come from the platform",
            "第一天之前的销售、平台还没打出来的钱。",
            "For sales before the first day, not yet paid out.",
        ),
    ] = 0.0
    opening_receivable_days: Annotated[
        int,
        _days(
            "期初待回款几天后到账",
            "Days until that comes",
            "从第一天数起。",
            "Counted from the first day.",
        ),
    ] = 0
    opening_payable: Annotated[
        Quantity,
        _amount(
            Unit.COST_MONEY,
            "期初应付货款",
            "Still owed to suppliers",
            "第一天之前下单、还没付的货款和运费。",
            "For goods and freight ordered before the first day, not yet paid.",
        ),
    ] = 0.0
    opening_payable_days: Annotated[
        int,
        _days(
            "期初应付几天后支付",
            "Days until that is paid",
            "从第一天数起。",
            "Counted from the first day.",
        ),
    ] = 0
    opening_stock_units: Annotated[
        Quantity | None,
        _amount(
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
        _amount(
            Unit.COUNT,
            "期初在途（件）",
            "On the way on the first day, units",
            "第一天已下单、还没入库的件数。",
            "Units ordered before the first day and not yet on the shelf.",
        ),
    ] = 0.0
    opening_coming_days: Annotated[
        int,
        _days(
            "期初在途几天后入库",
            "Days until these arrive",
            "从第一天数起。",
            "Counted from the first day.",
        ),
    ] = 0
    kept_in: Annotated[
        Literal["sales", "home"],
        _choice(
            "余额币种",
            "Balance is kept in",
            "每笔钱在收付那天按当月汇率折成这一币种。",
            "Each payment is converted on its day at the rate of that month.",
            sales=Words("销售币种", "Sales currency"),
            home=Words("成本币种（本国）", "Cost currency (home)"),
        ),
    ] = "sales"

    # ---- sales
    payout_basis: Annotated[
        PayoutBasis,
        _choice(
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
        _days(
            "下单到发货（天）",
            "Order to shipment, days",
            "买家下单到您发货。",
            "From the shopper's order to the shipment.",
        ),
    ] = 0
    delivery_days: Annotated[
        Quantity,
        _days(
            "下单到妥投（天）",
            "Order to delivery, days",
            "买家下单到签收。",
            "From the shopper's order to its delivery.",
        ),
    ] = 0.0
    payout_delay_days: Annotated[
        Quantity,
        _days(
            "回款期（天）",
            "Payout delay, days",
            "从上面那天起，过几天货款可以结算。",
            "Days from the moment above until the money is free to be paid out.",
        ),
    ] = 0.0
    payout_cycle: Annotated[
        PayoutCycle,
        _choice(
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
        _days(
            "打款到账（天）",
            "Transfer to your account, days",
            "平台打款到您账户可用。",
            "From the platform's transfer until the money is yours to use.",
        ),
    ] = 0
    reserve_rate: Annotated[
        Quantity,
        _share(
            "预留比例",
            "Reserve held back",
            "每期新结算的货款中平台先扣住的比例。",
            "Share of each cycle's newly free money that the platform holds back.",
        ),
    ] = 0.0
    reserve_days: Annotated[
        Quantity,
        _days(
            "预留多少天",
            "Reserve held for, days",
            "扣住的钱在这么多天后的第一个结算日打出。",
            "It is paid with the first cycle that ends this many days later.",
        ),
    ] = 0.0
    payout_minimum: Annotated[
        Quantity,
        _amount(
            Unit.MONEY,
            "最低打款额",
            "Smallest payout",
            "不足这个数时结转到下一期。",
            "Less than this is carried to the next cycle.",
        ),
    ] = 0.0
    refund_days: Annotated[
        int,
        _days(
            "退款发生在几天后",
            "Refund after, days",
            "从下单数起；从下一次回款中扣除，已回款的订单也一样。",
            "From the order; taken off the next payout, also where the order was paid out already.",
        ),
    ] = 0
    chargeback_days: Annotated[
        int,
        _days(
            "拒付发生在几天后",
            "Chargeback after, days",
            "从下单数起；从下一次回款中扣除。",
            "From the order; taken off the next payout.",
        ),
    ] = 0
    fulfilment_paid: Annotated[
        Literal["withheld", "invoiced"],
        _choice(
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
        _days(
            "配送账单几天后付",
            "Fulfilment due, days",
            "月末之后几天。",
            "Days after the end of the month.",
        ),
    ] = 0

    # ---- goods
    stocking: Annotated[
        Stocking,
        _choice(
            "怎样备货",
            "How goods are ordered",
            "按销售即时采购（一件代发），还是提前备货。",
            "Bought as they are sold, or ordered ahead.",
            as_sold=Words("卖一件买一件", "As they are sold"),
            periodic=Words("定期补货", "At fixed intervals"),
            reorder_point=Words("低于安全线就补", "When stock falls to a level"),
        ),
    ] = "as_sold"
    order_every_days: Annotated[
        int,
        _days(
            "多少天补一次货",
            "Order every, days",
            "定期补货时，两次下单之间的天数。",
            "Days from one order to the next, where goods are ordered at fixed intervals.",
        ),
    ] = 0
    cover_days: Annotated[
        int,
        _days(
            "每次补多少天的量",
            "Each order covers, days",
            "低于安全线时，一次补到能再卖这么多天。",
            "Where stock falls to its level: an order covers the demand of this many days.",
        ),
    ] = 0
    safety_days: Annotated[
        int,
        _days(
            "安全库存（天）",
            "Safety stock, days",
            "多备几天的量，防到货晚、卖得快。",
            "Days of demand held against late goods and better sales.",
        ),
    ] = 0
    minimum_order_units: Annotated[
        Quantity,
        _amount(
            Unit.COUNT,
            "起订量（件）",
            "Minimum order, units",
            "供应商一次最少接多少件。",
            "The least that the supplier takes an order for.",
        ),
    ] = 0.0
    carton_units: Annotated[
        Quantity,
        _amount(
            Unit.COUNT,
            "每箱件数",
            "Units per carton",
            "订货取整到整箱；0 为不取整到箱。",
            "Orders are rounded up to whole cartons; 0: to whole units.",
        ),
    ] = 0.0
    orders_need_cash: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="钱不够就不下单",
            en="Orders only what cash can pay",
            help_zh=(
                "打开：余额加授信付不起的定金不下单，付不起的尾款（连同发货当天到期的运费、税费）"
                "等到付得起才发货，同一笔钱不会用两次，可能因此断货。"
                "关闭：照常下单，余额可以为负，由此看出需要多少本钱。"
            ),
            help_en=(
                "On: what cash and credit cannot pay at the order is not ordered, and goods leave"
                " only when their balance can be paid with the freight and duty due that day, the"
                " same cash never twice, so that a shortage becomes a stock-out. Off:"
                " orders are placed all the same and the balance may fall below zero, which shows"
                " the capital needed."
            ),
        ),
    ] = False
    production_days: Annotated[
        Quantity,
        _days(
            "生产（天）",
            "Production, days",
            "下单到出厂。",
            "From the order until the goods leave the factory.",
        ),
    ] = 0.0
    transit_days: Annotated[
        Quantity,
        _days(
            "运输与清关（天）",
            "Transit and customs, days",
            "出厂到目的国仓库。",
            "From the factory to the warehouse in the market.",
        ),
    ] = 0.0
    receiving_days: Annotated[
        int,
        _days(
            "入库上架（天）",
            "Receiving, days",
            "到仓到可售。",
            "From arrival until the goods can be sold.",
        ),
    ] = 0
    deposit_rate: Annotated[
        Quantity,
        _share(
            "定金比例",
            "Deposit",
            "下单时付的货款比例。",
            "Share of the purchase price paid at the order.",
        ),
    ] = 0.0
    balance_due: Annotated[
        Literal["shipment", "arrival"],
        _choice(
            "尾款从哪天起算",
            "Balance counts from",
            "尾款（和包装）从出厂还是到仓起算。",
            "Whether the rest (and packaging) counts from the shipment or the arrival.",
            shipment=Words("出厂", "Shipment"),
            arrival=Words("到仓", "Arrival"),
        ),
    ] = "shipment"
    balance_days: Annotated[
        int,
        _days(
            "尾款账期（天）",
            "Balance due, days",
            "从上面那天起几天后付。",
            "Days after that moment.",
        ),
    ] = 0
    freight_due_days: Annotated[
        int,
        _days(
            "头程账期（天）",
            "Freight due, days",
            "出厂几天后付头程。",
            "Days after the shipment.",
        ),
    ] = 0
    border_due_days: Annotated[
        int,
        _days(
            "关税账期（天）",
            "Duty due, days",
            "到仓几天后付关税、规费和进口税。",
            "Days after arrival on which duty, entry fees and import tax are paid.",
        ),
    ] = 0
    import_tax_paid: Annotated[
        Literal["border", "return"],
        _choice(
            "进口税怎么付",
            "Import tax is paid",
            "清关时付现金、随申报抵回，还是递延：只在申报表上记一笔，不付钱（英国、法国等）。"
            "只影响可以抵扣的进口税。",
            "In money at the border and recovered with the return, or postponed: only entered in"
            " the return (United Kingdom, France and others). Only what is recovered can be"
            " postponed.",
            border=Words("清关时付", "At the border"),
            **{"return": Words("递延到申报表", "Postponed to the return")},
        ),
    ] = "border"

    # ---- ads
    ads_billing: Annotated[
        AdsBilling,
        _choice(
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
        _days(
            "预充几天的量",
            "Prepaid for, days",
            "预充值时，账户里提前多少天的花费。",
            "Days of spend paid ahead, where ads are prepaid.",
        ),
    ] = 0
    ads_threshold: Annotated[
        Quantity,
        _amount(
            Unit.MONEY,
            "扣款限额",
            "Billing threshold",
            "累计花费达到这个数就扣款。",
            "The account is charged when this much has been spent.",
        ),
    ] = 0.0
    ads_due_days: Annotated[
        int,
        _days(
            "广告账单几天后付",
            "Ads due, days",
            "月结时，月末之后几天。",
            "Days after the end of the month, where ads are billed monthly.",
        ),
    ] = 0

    # ---- others
    operator_due_days: Annotated[
        int,
        _days(
            "服务费几天后付",
            "Agency's fees due, days",
            "月末之后几天。",
            "Days after the end of the month.",
        ),
    ] = 0
    fixed_due_days: Annotated[
        int,
        _days(
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
        _days(
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

    # ---- currency
    hedged_share: Annotated[
        Quantity,
        _share(
            "锁汇比例",
            "Hedged share",
            "按计划汇率锁定兑换的比例。",
            "Share of what is converted that is locked at the plan's exchange rate.",
        ),
    ] = 0.0
    hedge_cost: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=-1,
            at_most=1,
            zh="锁汇成本（年）",
            en="Cost of hedging, a year",
            help_zh="按锁定金额和锁定时长计，年化；远期升水时可为负。",
            help_en=(
                "On the amount locked and for how long it is locked; below zero where a forward"
                " pays."
            ),
        ),
    ] = 0.0

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.stocking == "periodic" and not self.order_every_days:
            raise PydanticCustomError(
                "order_every_missing",
                "needs an interval",
                {"field": "order_every_days", "shown": str(self.order_every_days)},
            )
        if self.stocking == "reorder_point" and not self.cover_days:
            raise PydanticCustomError(
                "cover_missing",
                "needs a cover",
                {"field": "cover_days", "shown": str(self.cover_days)},
            )
        if self.vat_months and MONTHS_A_YEAR % self.vat_months:
            raise PydanticCustomError(
                "vat_months",
                "no part of a year",
                {"field": "vat_months", "shown": str(self.vat_months)},
            )
        return self


_OF_ORDERS_AHEAD = frozenset(
    {
        "opening_stock_units",
        "opening_coming_units",
        "opening_coming_days",
        "safety_days",
        "minimum_order_units",
        "carton_units",
        "orders_need_cash",
        "production_days",
        "transit_days",
        "receiving_days",
        "balance_due",
    }
)


def idle_term(terms: CashTerms, name: str) -> bool:
    """Return whether a term does nothing beside the others: those of other ways of stocking, of
    billing ads and of counting a payout's days.

    Args:
        terms: all of them.
        name: of the term.

    >>> idle_term(CashTerms(), "transit_days"), idle_term(CashTerms(), "deposit_rate")
    (True, False)
    """
    if name in _OF_ORDERS_AHEAD:
        return terms.stocking == "as_sold"
    return {
        "order_every_days": terms.stocking != "periodic",
        "cover_days": terms.stocking != "reorder_point",
        "ship_days": terms.payout_basis != "shipment",
        "delivery_days": terms.payout_basis != "delivery",
        "fulfilment_due_days": terms.fulfilment_paid == "withheld",
        "ads_prepaid_days": terms.ads_billing != "prepaid",
        "ads_threshold": terms.ads_billing != "threshold",
        "ads_due_days": terms.ads_billing != "monthly",
    }.get(name, False)


def neutral_terms(terms: CashTerms) -> bool:
    """Return whether no payment term is typed: all is paid on the day on which it is earned.

    >>> neutral_terms(CashTerms()), neutral_terms(CashTerms(refund_days=3))
    (True, False)
    """
    return not changed_terms(terms.model_dump(mode="json", by_alias=True))


def month_lengths(as_of: dt.date, start_month: int, months: int) -> tuple[dt.date, list[int]]:
    """Return the first day of a plan and the days of each of its months, of the real calendar.

    A plan begins with the first start month that is not before the month of its date.

    Args:
        as_of: the day of the scenario.
        start_month: the calendar month of month 1, 1 to 12.
        months: how many months.

    Returns:
        The day, and the number of days by month.

    >>> month_lengths(dt.date(2026, 11, 27), 1, 3)
    (datetime.date(2027, 1, 1), [31, 28, 31])
    """
    first = dt.date(as_of.year + (start_month < as_of.month), start_month, 1)
    places = range(first.month - 1, first.month - 1 + months)
    return first, [
        calendar.monthrange(first.year + place // MONTHS_A_YEAR, place % MONTHS_A_YEAR + 1)[1]
        for place in places
    ]


_NEUTRAL = CashTerms().model_dump(mode="json", by_alias=True)


def changed_terms(plain: dict[str, Any]) -> dict[str, Any]:
    """Return of the plain data of cash terms what is not neutral.

    Args:
        plain: the terms, as a file holds them.

    >>> changed_terms(CashTerms(reserve_rate=0.1).model_dump(mode="json"))
    {'reserve_rate': 0.1}
    """
    return {name: value for name, value in plain.items() if value != _NEUTRAL[name]}
