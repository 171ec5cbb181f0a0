"""The metrics of the glossary, each one formula over the figures of a period.

A period is the steady-state month or the whole horizon; a ratio of sums, never a mean of ratios.
"""

import csv
from functools import cache

from funnel_sim.model.ledger import CONVERTED, LEDGER
from funnel_sim.model.order_formulas import COMMISSION, UNIT_AND_ORDER
from funnel_sim.model.sheet import Formula, formula, registry
from funnel_sim.model.volumes import VOLUMES
from funnel_sim.stored import read_data

METRICS: tuple[Formula, ...] = (
    formula(
        "ctr",
        "clicks / impressions",
        "rate",
        "点击率",
        "Click-through rate (CTR)",
        "每个渠道都知道曝光量时才有。",
        "Only where the impressions of every channel are known.",
    ),
    formula("atc_rate", "carts / visits", "rate", "加购率", "Add-to-cart rate"),
    formula("orders", "paid_orders / payment_success_rate", "count", "下单量", "Orders placed"),
    formula(
        "cvr",
        "first_orders / visits",
        "rate",
        "转化率",
        "Conversion rate (CVR)",
        "首次支付订单 ÷ 访问；复购和老带新不算。",
        "First-time paid orders over visits; repeat and referred orders are not counted.",
    ),
    formula(
        "repeat_rate",
        "1 * repeat_probability",
        "rate",
        "复购率",
        "Repurchase rate",
        "在一个复购间隔之内。",
        "Within one interval between orders.",
    ),
    formula("referral_rate", "1 * referral", "ratio", "老带新率", "Word-of-mouth rate"),
    formula("aov", "gross_sales / paid_orders", "money", "客单价", "Average order value (AOV)"),
    formula(
        "cogs",
        "-(goods_purchase + goods_freight + goods_duty + goods_entry + goods_packaging +"
        " goods_import_tax + goods_recovered)",
        "money",
        "商品成本",
        "Cost of goods sold",
        divides=True,
    ),
    formula(
        "order_profit",
        "profit / paid_orders",
        "money",
        "每单利润",
        "Profit per order",
        "没有订单时没有这个数。",
        "None without orders.",
    ),
    formula(
        "margin",
        "profit / net_revenue",
        "rate",
        "净利率",
        "Net margin",
        "净利润 ÷ 净销售额；净销售额为零时没有这个数。",
        "Operating profit over net sales; none where these are zero.",
    ),
    formula(
        "gross_margin",
        "cm2 / net_revenue",
        "rate",
        "毛利率",
        "Gross margin, before ads",
        "扣货值、平台与物流之后、未扣广告的毛利 ÷ 净销售额。",
        "What is left after goods, platform and logistics and before ads, over net sales.",
    ),
    formula(
        "goods_margin",
        "cm1 / net_revenue",
        "rate",
        "商品毛利率",
        "Margin on goods",
        "只扣到岸货值。",
        "After landed goods only.",
    ),
    formula(
        "markup",
        "cm1 / if_positive(cogs)",
        "rate",
        "加价率",
        "Markup on landed cost",
        "扣到岸货值后的毛利 ÷ 到岸货值；占成本，不是占售价。",
        "What is left after landed goods, over landed goods: a share of the cost, not of the"
        " price.",
    ),
    formula(
        "platform_share",
        "-(commission + payment_fee) / gross_sales",
        "rate",
        "平台扣费率",
        "Platform and payment fees, share of sales",
        "佣金、固定费用与支付手续费 ÷ 销售总额；物流与广告不在其中。",
        "Commission with its fixed parts and payment fees over gross sales; without logistics and"
        " ads.",
    ),
    formula(
        "profit_after_work",
        "profit - own_work",
        "money",
        "算上自己工时的利润",
        "Profit after own work",
    ),
    formula(
        "margin_after_work",
        "profit_after_work / net_revenue",
        "rate",
        "算上自己工时的净利率",
        "Net margin after own work",
    ),
    formula(
        "roi_goods",
        "profit / if_positive(-goods_purchase)",
        "rate",
        "ROI（利润 ÷ 采购成本）",
        "ROI on goods",
        "采购一元货，赚回多少利润。",
        "Profit per unit of money spent on goods.",
    ),
    formula(
        "roi_landed",
        "profit / if_positive(cogs)",
        "rate",
        "ROI（利润 ÷ 到岸成本）",
        "ROI on landed cost",
    ),
    formula(
        "roi_total",
        "profit / if_positive(net_revenue - profit)",
        "rate",
        "ROI（利润 ÷ 全部投入）",
        "ROI on total cost",
        "全部投入 = 净销售额 − 利润。",
        "Total cost is net sales less profit.",
        divides=True,
    ),
    formula(
        "variable_margin",
        "cm2 + affiliates - variable_ads - operator_rate * max(net_revenue, 0)",
        "money",
        "随订单变动的毛利",
        "Margin that goes with orders",
        "毛利减去随订单增减的达人佣金、按单或按销售比例的广告和提成；其余视为固定。",
        "Gross margin less creator commission, ads known per order or as a share of sales, and the"
        " agency's share; all else is taken as fixed.",
        divides=True,
    ),
    formula(
        "break_even_orders",
        "(variable_margin - profit) * paid_orders / if_positive(variable_margin)",
        "count",
        "保本订单量",
        "Break-even orders",
        "固定支出（含广告预算）÷ 每单变动毛利。一单的变动毛利不为正时没有这个数。",
        "Fixed spending, ad budgets included, over the variable margin of an order. None where that"
        " is not positive.",
    ),
    formula(
        "break_even_units", "break_even_orders * units", "count", "保本件数", "Break-even units"
    ),
    formula(
        "break_even_sales",
        "break_even_orders * order_gross",
        "money",
        "保本销售额",
        "Break-even sales",
    ),
    formula(
        "safety_margin",
        "profit / if_positive(variable_margin)",
        "rate",
        "安全边际率",
        "Margin of safety",
        "订单还能少多少才到保本点；负数为离保本还差多少。",
        "By how much orders may fall before the profit is zero; negative where they are below it.",
    ),
    formula(
        "profit_home",
        "profit * fx_rate",
        "cost_money",
        "净利润（成本币种）",
        "Operating profit in the cost currency",
    ),
    formula(
        "proceeds_home",
        "(proceeds + fx_cost) * fx_rate",
        "cost_money",
        "到家金额",
        "Amount that arrives at home",
        "到账货款扣汇损后，按汇率折成成本币种。",
        "Proceeds after the FX loss, at the exchange rate.",
    ),
    formula(
        "vat_due",
        "-output_tax - returned_orders * order_refund_tax - units_shipped * (import_tax -"
        " import_tax_cost)",
        "money",
        "应缴增值税",
        "VAT due",
        "销项税 − 退款冲回的税 − 可抵扣的进口税；负数为可退。平台费用上可抵扣的税不在其中。",
        "Output tax less tax of refunds less import tax recovered; negative is a refund."
        " Recoverable tax on fees is not in it.",
    ),
    formula(
        "acos_console",
        "(media_spend + media_of_sales) / attributed_paid",
        "rate",
        "ACoS（后台口径）",
        "ACoS as the console shows it",
        "广告花费（不含税）÷ 后台的归因成交额（价内的税计入）。",
        "Ad spend without tax over attributed sales as the console shows them (with tax that is"
        " inside the price).",
    ),
    formula(
        "roas_console",
        "attributed_paid / (media_spend + media_of_sales)",
        "ratio",
        "ROAS（后台口径）",
        "ROAS as the console shows it",
    ),
    formula("cpc", "ad_spend / paid_clicks", "money", "CPC（点击单价）", "Cost per click (CPC)"),
    formula(
        "cpm",
        "1000 * ad_spend / paid_impressions",
        "money",
        "CPM（千次展示费用）",
        "Cost per mille (CPM)",
    ),
    formula(
        "acos",
        "ad_spend / attributed_sales",
        "rate",
        "ACoS（广告占比）",
        "ACoS",
        "分母是广告带来的首单销售额。",
        "Over the first orders that ads brought.",
    ),
    formula(
        "tacos",
        "ad_spend / gross_sales",
        "rate",
        "TACoS（广告费占总销售额）",
        "TACoS",
        "分母是全部销售额。",
        "Over all sales.",
    ),
    formula("roas", "attributed_sales / ad_spend", "ratio", "ROAS（广告投产比）", "ROAS"),
    formula(
        "mer",
        "gross_sales / marketing_spend",
        "ratio",
        "MER（全店投产比）",
        "Marketing efficiency ratio (MER)",
    ),
    formula(
        "cac",
        "ad_spend / paid_channel_orders",
        "money",
        "CAC（广告获客成本）",
        "CAC (paid)",
        "广告花费 ÷ 付费渠道带来的新客。",
        "Ad spend over new customers from paid channels.",
    ),
    formula(
        "blended_cac", "marketing_spend / new_customers", "money", "综合获客成本", "CAC (blended)"
    ),
    formula(
        "loaded_cac",
        "(marketing_spend - operator_fee - localisation) / new_customers",
        "money",
        "全成本获客成本",
        "CAC (fully loaded)",
        "服务费和本地化在账上为负数，减去即加上。",
        "Agency's fees and localisation are negative in the ledger, so subtracting adds them.",
    ),
    formula(
        "ltv_cac",
        "ltv / cac",
        "ratio",
        "LTV 与 CAC 之比",
        "LTV : CAC",
        "CAC 用付费口径。",
        "With the paid CAC.",
    ),
    formula(
        "payback_orders",
        "cac * paid_orders / if_positive(cm2)",
        "count",
        "几单回本",
        "Orders to pay back",
        "广告获客成本 ÷ 每单毛利，不考虑买家会不会再来。",
        "Paid CAC over margin per order, whether or not the customer comes again.",
    ),
    formula(
        "inventory_days",
        "units_shipped * if_positive(months_in_storage) * landed_cost / (cogs * 12 / 365)",
        "days",
        "库存周转天数",
        "Inventory turnover days",
        "平均库存（按到岸成本）÷ 每日商品成本（已扣可再售退货，"
        "所以退货多时天数会变大）；没填库龄时没有这个数。",
        "Average inventory at landed cost over COGS a day (net of goods recovered from returns, so"
        " that more returns lengthen it); none where no months in storage are given.",
    ),
    formula(
        "break_even_acos",
        "if_positive(cm2) / gross_sales",
        "rate",
        "盈亏平衡 ACoS",
        "Break-even ACoS",
        (
            "一张广告订单的毛利（扣广告前）刚好被广告费用完时的 ACoS。"
            "毛利（扣广告前）不为正时没有这个数。"
        ),
        "The ACoS at which ads use up the contribution margin 2 of the orders they bring. None"
        " where it is not positive.",
    ),
    formula(
        "break_even_acos_console",
        "break_even_acos * acos_console / acos",
        "rate",
        "盈亏平衡 ACoS（后台口径）",
        "Break-even ACoS as the console shows it",
        "同一个盈亏平衡点，按后台的口径：价内的税计入成交额，广告花费不含税。",
        "The same point in the console's terms: sales with the tax inside the price, ad spend"
        " without tax.",
    ),
    formula(
        "break_even_roas",
        "gross_sales / if_positive(cm2)",
        "ratio",
        "盈亏平衡ROAS",
        "Break-even ROAS",
        "毛利（扣广告前）不为正时没有这个数。",
        "None where contribution margin 2 is not positive.",
    ),
    formula(
        "break_even_cpc",
        "if_positive(cm2) / paid_orders * paid_channel_orders / paid_clicks",
        "money",
        "盈亏平衡CPC",
        "Break-even CPC",
        "付费点击的转化率 × 每单毛利（扣广告前）。",
        "Conversion of a paid click × contribution margin 2 per order.",
    ),
)
# Figures that add up over months; the rest of a period's book follows from them.
FLOWS: tuple[str, ...] = (
    "impressions",
    "clicks",
    "visits",
    "product_views",
    "carts",
    "checkouts",
    "first_orders",
    "paid_channel_orders",
    "affiliate_orders",
    "affiliate_due",
    "paid_clicks",
    "paid_impressions",
    "media_spend",
    "media_of_orders",
    "list_cost",
    "new_customers",
    "repeat_orders",
    "one_off_localisation",
    "one_off_compliance",
    "one_off_saas",
    "one_off_staff",
    "one_off_other",
    *(f.key for f in VOLUMES),
    *(f.key for f in LEDGER),
)
NOT_FROM_THE_FUNNEL: tuple[str, ...] = (
    "fulfilment_rate",
    "negative_review_rate",
    "sell_through",
    "listing_completion",
    "account_health",
    "cash_low",
)


@cache
def less_is_better(key: str) -> bool:
    """Say whether less of a figure is better (data/glossary.csv); ledger lines carry their sign, so
    more of them is.

    >>> less_is_better("acos"), less_is_better("profit"), less_is_better("ads")
    (True, False, False)
    """
    text = read_data("glossary.csv")
    return any(
        row["key"] == key and row["better"] == "lower" for row in csv.DictReader(text.splitlines())
    )


FORMULAS = registry(UNIT_AND_ORDER, COMMISSION, VOLUMES, LEDGER, METRICS)
assert CONVERTED.key in FORMULAS
