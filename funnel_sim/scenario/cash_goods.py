"""How goods are ordered ahead, how long they are on the way, and when they are paid."""

from typing import Annotated, Literal

from funnel_sim.scenario.cash_payout import PayoutTerms
from funnel_sim.scenario.cash_specs import (
    amount_spec,
    choice_spec,
    days_spec,
    share_spec,
)
from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.words import Words

Stocking = Literal["as_sold", "periodic", "reorder_point"]


class GoodsTerms(PayoutTerms):
    """The fields on how goods are ordered, how long they take, and when they are paid."""

    stocking: Annotated[
        Stocking,
        choice_spec(
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
        days_spec(
            "多少天补一次货",
            "Order every, days",
            "定期补货时，两次下单之间的天数。",
            "Days from one order to the next, where goods are ordered at fixed intervals.",
        ),
    ] = 0
    cover_days: Annotated[
        int,
        days_spec(
            "每次补多少天的量",
            "Each order covers, days",
            "低于安全线时，一次补到能再卖这么多天。",
            "Where stock falls to its level: an order covers the demand of this many days.",
        ),
    ] = 0
    safety_days: Annotated[
        int,
        days_spec(
            "安全库存（天）",
            "Safety stock, days",
            "多备几天的量，防到货晚、卖得快。",
            "Days of demand held against late goods and better sales.",
        ),
    ] = 0
    minimum_order_units: Annotated[
        Quantity,
        amount_spec(
            Unit.COUNT,
            "起订量（件）",
            "Minimum order, units",
            "供应商一次最少接多少件。",
            "The least that the supplier takes an order for.",
        ),
    ] = 0.0
    carton_units: Annotated[
        Quantity,
        amount_spec(
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
        days_spec(
            "生产（天）",
            "Production, days",
            "下单到出厂。",
            "From the order until the goods leave the factory.",
        ),
    ] = 0.0
    transit_days: Annotated[
        Quantity,
        days_spec(
            "运输与清关（天）",
            "Transit and customs, days",
            "出厂到目的国仓库。",
            "From the factory to the warehouse in the market.",
        ),
    ] = 0.0
    receiving_days: Annotated[
        int,
        days_spec(
            "入库上架（天）",
            "Receiving, days",
            "到仓到可售。",
            "From arrival until the goods can be sold.",
        ),
    ] = 0
    deposit_rate: Annotated[
        Quantity,
        share_spec(
            "定金比例",
            "Deposit",
            "下单时付的货款比例。",
            "Share of the purchase price paid at the order.",
        ),
    ] = 0.0
    balance_due: Annotated[
        Literal["shipment", "arrival"],
        choice_spec(
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
        days_spec(
            "尾款账期（天）",
            "Balance due, days",
            "从上面那天起几天后付。",
            "Days after that moment.",
        ),
    ] = 0
    freight_due_days: Annotated[
        int,
        days_spec(
            "头程账期（天）",
            "Freight due, days",
            "出厂几天后付头程。",
            "Days after the shipment.",
        ),
    ] = 0
    border_due_days: Annotated[
        int,
        days_spec(
            "关税账期（天）",
            "Duty due, days",
            "到仓几天后付关税、规费和进口税。",
            "Days after arrival on which duty, entry fees and import tax are paid.",
        ),
    ] = 0
    import_tax_paid: Annotated[
        Literal["border", "return"],
        choice_spec(
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
