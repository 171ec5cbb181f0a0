"""The order ledger: what one order is made of, and every line from gross sales to profit.

Lines carry their sign; each subtotal adds its own lines to the one before, in the order of the
table, so the lines add up to the profit to the last digit. All money is in the sales currency.
"""

from typing import NamedTuple

from funnel_sim.model.sheet import Formula, formula
from funnel_sim.words import Words


class LedgerLine(NamedTuple):
    """A ledger line: its formula, the subtotal it belongs to, and the bar that shows it."""

    formula: Formula
    group: str
    bar: str


UNIT_AND_ORDER: tuple[Formula, ...] = (
    formula(
        "units",
        "units_per_order * aov_boost",
        "ratio",
        "每单件数（含影响）",
        "Units per order, effects included",
    ),
    formula(
        "purchase",
        "unit_cost / fx_rate",
        "money",
        "每件采购价（销售币种）",
        "Purchase price per unit, in the sales currency",
        "成本币种按汇率折成销售币种。",
        "Converted from the cost currency at the exchange rate.",
    ),
    formula(
        "freight",
        "(inbound_freight + freight_per_shipment / units_per_shipment) / fx_rate",
        "money",
        "每件头程运费（销售币种）",
        "Inbound freight per unit, in the sales currency",
    ),
    formula(
        "insurance",
        "(purchase + freight) * insurance_rate + insurance_per_shipment / units_per_shipment /"
        " fx_rate",
        "money",
        "每件货运保险",
        "Cargo insurance per unit",
    ),
    formula(
        "customs_value",
        "purchase + (freight + insurance) * customs_includes_freight",
        "money",
        "每件完税价格",
        "Customs value per unit",
        "CIF 含运费和保险，FOB 不含。",
        "With freight and insurance where customs value is CIF, without where it is FOB.",
    ),
    formula(
        "sale_value",
        "max(price * (1 - discount_rate) - voucher / units, 0) * (gross_factor -"
        " output_tax_factor)",
        "money",
        "每件不含税售价",
        "Sale price per unit without tax",
        "买家为商品实付的（折后、券后，不含运费），小包税按它计。",
        "What the shopper pays for the goods, discount and voucher off, without shipping; parcel"
        " taxes are charged on it.",
    ),
    formula(
        "duty",
        "customs_value * (duty_rate + duty_added) + sale_value * duty_on_sale + duty_fixed",
        "money",
        "每件关税",
        "Duty per unit",
        "基本税率和附加关税按完税价格，小包税按不含税售价，另加每件定额。",
        "General rate and additional duties on the customs value, parcel taxes on the sale price"
        " without tax, plus amounts per unit.",
    ),
    formula(
        "entry_fee",
        "min(max(customs_value * units_per_shipment * entry_fee_rate, entry_fee_minimum),"
        " entry_fee_cap) / units_per_shipment",
        "money",
        "每件进口规费",
        "Entry fee per unit",
        "按整批完税价格计，有最低和最高额，再摊到每件。",
        "On the shipment's customs value, within its minimum and maximum, spread over its units.",
    ),
    formula(
        "import_fees",
        "entry_fee + customs_value * harbour_rate + clearance_per_shipment / units_per_shipment +"
        " insurance",
        "money",
        "每件规费、清关与保险",
        "Entry fees, clearance and insurance per unit",
    ),
    formula(
        "import_tax",
        "(purchase + freight + insurance + duty) * import_tax_rate",
        "money",
        "每件进口税",
        "Import tax per unit",
        "按 CIF 加关税计征。",
        "Charged on CIF plus duty.",
    ),
    formula(
        "import_tax_cost",
        "import_tax * (1 - import_tax_recoverable)",
        "money",
        "每件不可抵扣的进口税",
        "Import tax that is a cost, per unit",
        "已登记的卖家可以抵扣，只影响现金时点。",
        "A registered seller recovers it; then it is only cash timing.",
    ),
    formula(
        "packing",
        "packaging / fx_rate",
        "money",
        "每件包装（销售币种）",
        "Packaging per unit, in the sales currency",
    ),
    formula(
        "landed_cost",
        "purchase + freight + duty + import_tax_cost + packing + import_fees",
        "money",
        "每件到岸成本",
        "Landed cost per unit",
    ),
    formula(
        "goods_entered",
        "max(price * units * (1 - discount_rate) - voucher, 0)",
        "money",
        "每单商品金额（折后、券后）",
        "Goods per order, after discount and voucher",
        "按您输入售价的含税／不含税口径。",
        "With or without tax, as the price was entered.",
    ),
    formula(
        "order_entered",
        "goods_entered + shipping_charged",
        "money",
        "每单金额（含运费）",
        "Order amount with shipping",
    ),
    formula(
        "order_consumer",
        "order_entered * consumer_factor",
        "money",
        "买家每单实付",
        "What the shopper pays per order",
        "含所有税。",
        "All tax included.",
    ),
    formula(
        "order_gross",
        "order_entered * gross_factor",
        "money",
        "每单销售总额",
        "Gross sales per order",
        "进入卖家账上的金额：平台代缴或价外的税不在其中。",
        "What enters the seller's books: tax that the marketplace remits, or that lies outside the"
        " price, is not in it.",
    ),
    formula(
        "order_output_tax",
        "order_entered * output_tax_factor",
        "money",
        "每单应缴销项税",
        "Output tax per order",
        "含税价 p、税率 v 时为 p·v/(1+v)。",
        "p·v/(1+v) of a price p that includes tax at rate v.",
    ),
    formula(
        "order_withheld",
        "order_entered * withheld_factor",
        "money",
        "每单由平台代缴或价外的税",
        "Tax per order that never reaches the seller",
    ),
    formula(
        "order_net", "order_gross - order_output_tax", "money", "每单净售额", "Net sale per order"
    ),
    formula(
        "order_refund",
        "(goods_entered * refund_share + shipping_charged * refund_includes_shipping) *"
        " (gross_factor - output_tax_factor)",
        "money",
        "每次退款（税已冲回）",
        "Refund per returned order, tax reversed",
    ),
    formula(
        "order_refund_tax",
        "(goods_entered * refund_share + shipping_charged * refund_includes_shipping) *"
        " output_tax_factor",
        "money",
        "每次退款冲回的销项税",
        "Output tax reversed per returned order",
    ),
    formula(
        "order_payment_fee",
        "(order_consumer * payment_rate + payment_fixed) * (1 + payment_tax)",
        "money",
        "每单支付手续费",
        "Payment fee per order",
    ),
    formula(
        "order_parcel",
        "parcel_per_order / fx_rate",
        "money",
        "每单直邮运费",
        "Direct parcel per order",
    ),
    formula(
        "order_fulfilment",
        "(fulfilment_per_order + fulfilment_per_unit * units) * (1 + fulfilment_tax) +"
        " order_parcel",
        "money",
        "尾程配送费（每单）",
        "Fulfilment per order",
    ),
)

COMMISSION: tuple[Formula, ...] = (
    formula(
        "order_commission",
        "(commission_percentage + commission_fixed + order_fee) * (1 + tax_on_fees)",
        "money",
        "每单佣金",
        "Commission per order",
        "比例佣金按费率表、最低与封顶计算，再加固定费用。",
        "The percentage follows the rate table, minimum and cap; the fixed fee is added.",
    ),
    formula(
        "order_commission_back",
        "(commission_percentage - commission_kept) * refund_share * (1 + tax_on_fees)",
        "money",
        "每次退款退回的佣金",
        "Commission given back per return",
        "固定费用和退款管理费不退。",
        "The fixed fee and the refund administration fee are kept.",
    ),
    formula(
        "commission_rate",
        "commission_percentage / commission_base",
        "rate",
        "实际佣金率",
        "Effective commission rate",
        "比例佣金 ÷ 计佣基数。",
        "Percentage commission over the amount it is charged on.",
    ),
)

VOLUMES: tuple[Formula, ...] = (
    formula("paid_orders", "new_customers + repeat_orders", "count", "支付订单量", "Paid orders"),
    formula("returned_orders", "paid_orders * return_rate", "count", "退货订单", "Returned orders"),
    formula(
        "chargeback_orders",
        "paid_orders * chargeback_rate",
        "count",
        "拒付订单",
        "Orders lost to chargebacks",
    ),
    formula("units_shipped", "paid_orders * units", "count", "发货件数", "Units shipped"),
    formula(
        "units_recovered",
        "returned_orders * units * resellable_share",
        "count",
        "可再售退货件数",
        "Units recovered for resale",
    ),
    formula(
        "gmv",
        "paid_orders * order_consumer",
        "money",
        "GMV（销售额）",
        "GMV",
        "买家实付，含税，未扣退款。",
        "What shoppers pay, tax included, before refunds.",
    ),
    formula(
        "attributed_sales",
        "paid_channel_orders * order_gross",
        "money",
        "广告归因销售额",
        "Ad-attributed sales",
        "按点击和按曝光投放带来的首单。",
        "First orders from channels bought by click or by impression.",
    ),
    formula(
        "affiliate_sales",
        "affiliate_orders * order_gross",
        "money",
        "达人／联盟销售额",
        "Creator and affiliate sales",
    ),
    formula(
        "affiliate_cost",
        "affiliate_due * order_gross",
        "money",
        "达人／联盟佣金",
        "Creator and affiliate commission",
        "各渠道订单 × 佣金率 × 每单销售总额。",
        "Orders of each channel × its rate × gross sales per order.",
    ),
    formula(
        "attributed_paid",
        "paid_channel_orders * order_entered * console_factor",
        "money",
        "广告归因成交额（后台口径）",
        "Ad-attributed sales as the console shows them",
        "买家实付：价内的税计入，价外的税（美国式）不计。",
        "What shoppers pay: tax inside the price counts, tax on top of it (US style) does not.",
    ),
    formula(
        "media_of_sales",
        "paid_orders * order_gross * sales_ad_rate",
        "money",
        "按全店销售比例的投放",
        "Media spend as a share of all sales",
        "只在填了 TACoS 的渠道有。",
        "Only where a channel's TACoS was typed.",
    ),
    formula(
        "variable_ads",
        "(media_of_orders + media_of_sales) * (1 + ads_tax)",
        "money",
        "随订单变动的广告花费",
        "Ad spend that goes with orders",
        "按单或按销售比例填写的广告费；按预算投放的不在其中。",
        "Ads typed per order or as a share of sales; those bought for a budget are not in it.",
    ),
    formula(
        "ad_spend",
        "(media_spend + media_of_sales) * (1 + ads_tax)",
        "money",
        "广告花费",
        "Ad spend",
        "按点击、按曝光和按订单的投放；含抵扣不了的税。",
        "Bought by click, by impression or known per order, with tax that is not recovered.",
    ),
    formula(
        "marketing_spend",
        "ad_spend + list_cost + affiliate_cost",
        "money",
        "营销总花费",
        "Marketing spend of all channels",
    ),
)

LINES: tuple[LedgerLine, ...] = (
    LedgerLine(
        formula("gross_sales", "paid_orders * order_gross", "money", "销售总额", "Gross sales"),
        "net_revenue",
        "gross_sales",
    ),
    LedgerLine(
        formula(
            "output_tax",
            "-paid_orders * order_output_tax",
            "money",
            "销项税",
            "Output tax",
        ),
        "net_revenue",
        "output_tax",
    ),
    LedgerLine(
        formula(
            "refunds",
            "-returned_orders * order_refund",
            "money",
            "退款（税已冲回）",
            "Refunds, tax reversed",
        ),
        "net_revenue",
        "refunds",
    ),
    LedgerLine(
        formula(
            "goods_purchase",
            "-units_shipped * purchase",
            "money",
            "采购成本",
            "Purchase cost",
        ),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula(
            "goods_freight",
            "-units_shipped * freight",
            "money",
            "头程运费",
            "Inbound freight",
        ),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula("goods_duty", "-units_shipped * duty", "money", "关税", "Duty"),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula(
            "goods_entry",
            "-units_shipped * import_fees",
            "money",
            "规费、清关与保险",
            "Entry fees, clearance and insurance",
        ),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula("goods_packaging", "-units_shipped * packing", "money", "包装", "Packaging"),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula(
            "goods_import_tax",
            "-units_shipped * import_tax_cost",
            "money",
            "不可抵扣进口税",
            "Import tax not recovered",
        ),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula(
            "goods_recovered",
            "units_recovered * landed_cost",
            "money",
            "可再售退货",
            "Goods recovered from returns",
        ),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula("fulfilment", "-paid_orders * order_fulfilment", "money", "配送", "Fulfilment"),
        "cm2",
        "fulfilment",
    ),
    LedgerLine(
        formula(
            "storage",
            "-units_shipped * storage_per_unit_month * months_in_storage * (1 + fulfilment_tax)",
            "money",
            "仓储",
            "Storage",
        ),
        "cm2",
        "storage",
    ),
    LedgerLine(
        formula(
            "returns_handling",
            "-returned_orders * return_handling",
            "money",
            "退货处理",
            "Returns handling",
        ),
        "cm2",
        "returns_handling",
    ),
    LedgerLine(
        formula(
            "commission",
            "-paid_orders * order_commission + returned_orders * order_commission_back",
            "money",
            "平台佣金",
            "Marketplace commission",
        ),
        "cm2",
        "commission",
    ),
    LedgerLine(
        formula(
            "payment_fee",
            "-paid_orders * order_payment_fee",
            "money",
            "支付手续费",
            "Payment fee",
        ),
        "cm2",
        "payment_fee",
    ),
    LedgerLine(
        formula(
            "chargebacks",
            "-chargeback_orders * (order_net + chargeback_fee)",
            "money",
            "拒付",
            "Chargebacks",
        ),
        "cm2",
        "chargebacks",
    ),
    LedgerLine(
        formula(
            "fx_cost",
            "-converted_home * fx_loss",
            "money",
            "汇损与提现手续费",
            "FX spread and withdrawal",
        ),
        "cm2",
        "fx_cost",
    ),
    LedgerLine(formula("ads", "-ad_spend", "money", "广告", "Ads"), "cm3", "ads"),
    LedgerLine(
        formula(
            "list_sends",
            "-list_cost",
            "money",
            "邮件／私域发送",
            "Messages to the Email / CRM list",
        ),
        "cm3",
        "ads",
    ),
    LedgerLine(
        formula(
            "affiliates",
            "-affiliate_cost",
            "money",
            "达人与联盟佣金",
            "Creator and affiliate commission",
        ),
        "cm3",
        "affiliates",
    ),
    LedgerLine(
        formula(
            "operator_fee",
            "-(operator_monthly / fx_rate + operator_rate * max(net_revenue, 0))",
            "money",
            "服务费",
            "Agency's fees",
        ),
        "profit",
        "operator_fee",
    ),
    LedgerLine(
        formula(
            "localisation",
            "-localisation_monthly / fx_rate - one_off_localisation / fx_rate",
            "money",
            "本地化",
            "Localisation",
        ),
        "profit",
        "fixed",
    ),
    LedgerLine(
        formula(
            "compliance",
            "-compliance_monthly / fx_rate - one_off_compliance / fx_rate",
            "money",
            "合规（税号、EPR、认证）",
            "Compliance (VAT, EPR, certification)",
        ),
        "profit",
        "fixed",
    ),
    LedgerLine(
        formula(
            "saas",
            "-saas_monthly / fx_rate - platform_monthly - payout_fee * payouts_month - one_off_saas"
            " / fx_rate",
            "money",
            "软件、平台月租与提现手续费",
            "Software, platform plan and payout fees",
        ),
        "profit",
        "fixed",
    ),
    LedgerLine(
        formula(
            "staff",
            "-staff_monthly / fx_rate - one_off_staff / fx_rate",
            "money",
            "人员",
            "Staff",
        ),
        "profit",
        "fixed",
    ),
    LedgerLine(
        formula(
            "other_fixed",
            "-other_monthly / fx_rate - one_off_other / fx_rate",
            "money",
            "其他固定费用",
            "Other fixed costs",
        ),
        "profit",
        "fixed",
    ),
)

PROCEEDS = formula(
    "proceeds",
    "max(net_revenue + fulfilment + paid_orders * order_parcel + storage + returns_handling +"
    " commission + payment_fee + chargebacks, 0)",
    "money",
    "到账货款（换汇前）",
    "Proceeds paid out, before conversion",
    "净销售额减去在当地扣除的平台与物流费用；广告按从国内支付计。",
    "Net revenue less what is deducted abroad; ads are taken as paid from home.",
)
CONVERTED = formula(
    "converted_home",
    "proceeds + (max(net_revenue, 0) - proceeds) * fx_on_gross",
    "money",
    "兑换回国的货款",
    "Proceeds converted home",
    "按净额或全部货款换汇。",
    "After fees, or all proceeds where these are converted first.",
)
OWN_WORK = formula(
    "own_work",
    "(own_hours + own_hours_per_order * paid_orders) * own_hour_pay / fx_rate",
    "money",
    "自己的工时（按报酬折算）",
    "Own work, at its pay",
    "不在账上，只用于算上自己工时的利润。",
    "Not in the ledger; it enters the profit after your own work.",
)

_SUBTOTAL_WORDS: dict[str, Words] = {
    "net_revenue": Words("净销售额", "Net sales"),
    "cm1": Words("商品毛利（扣货值）", "Contribution margin 1"),
    "cm2": Words("毛利（扣广告前）", "Contribution margin 2"),
    "cm3": Words("扣广告后毛利", "Contribution margin 3"),
    "profit": Words("净利润（税前）", "Operating profit"),
}
SUBTOTALS: tuple[str, ...] = tuple(_SUBTOTAL_WORDS)
_DIVIDE = frozenset({"net_revenue", "cm2"})
"""Subtotals that metrics are divided by."""


def _subtotals() -> dict[str, Formula]:
    out: dict[str, Formula] = {}
    before = ""
    for key, words in _SUBTOTAL_WORDS.items():
        names = [line.formula.key for line in LINES if line.group == key]
        out[key] = Formula(
            key,
            " + ".join([before, *names] if before else names),
            "money",
            words,
            divides=key in _DIVIDE,
        )
        before = key
    return out


SUBTOTAL: dict[str, Formula] = _subtotals()


def _in_order() -> tuple[Formula, ...]:
    """The ledger from top to bottom: each group's lines, then its subtotal."""
    out: list[Formula] = []
    for key, subtotal in SUBTOTAL.items():
        for line in LINES:
            if line.group == key:
                if line.formula.key == "fx_cost":
                    out += [PROCEEDS, CONVERTED]
                out.append(line.formula)
        out.append(subtotal)
    return (*out, OWN_WORK)


LEDGER: tuple[Formula, ...] = _in_order()
LINE_KEYS: tuple[str, ...] = tuple(line.formula.key for line in LINES)
