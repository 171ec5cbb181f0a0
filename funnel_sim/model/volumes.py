"""What a month sells and what it brings with it, as formulas: orders, units, GMV, ad spend.

All money is in the sales currency.
"""

from funnel_sim.model.sheet import Formula, formula

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
