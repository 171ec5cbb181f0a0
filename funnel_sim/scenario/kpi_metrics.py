"""The figures that a KPI may be set for, and what is known of each: counted or from the
funnel, whether it adds up, whether less is better.
"""

from funnel_sim.words import Words

RATES: tuple[str, ...] = ("negative_review_rate", "fulfilment_rate", "returned_rate")
"""Operational KPIs that are a rate of counts: so many of so many."""
COUNTED: tuple[str, ...] = (
    *RATES,
    "listing_completion",
    "listings_live",
    "sell_through",
    "stock_days",
    "account_health",
)
"""Operational KPIs that are modelled from their own counts."""
CASH_METRICS: tuple[str, ...] = ("cash_low",)
"""KPIs of the cash: money in the currency in which the balance is kept."""
OPERATIONAL: tuple[str, ...] = (*COUNTED, *CASH_METRICS)
"""KPIs that the funnel does not produce."""
FUNNEL: tuple[str, ...] = (
    "gmv",
    "roas",
    "acos",
    "tacos",
    "mer",
    "profit",
    "margin",
    "net_revenue",
    "orders",
    "paid_orders",
    "aov",
    "cvr",
    "ctr",
    "atc_rate",
    "impressions",
    "clicks",
    "visits",
    "carts",
    "new_customers",
    "repeat_orders",
    "repeat_rate",
    "referral_rate",
    "cpc",
    "cpm",
    "ad_spend",
    "cac",
    "blended_cac",
    "loaded_cac",
    "ltv",
    "ltv_cac",
    "payback_months",
    "return_rate",
    "cogs",
    "landed_cost",
    "cm1",
    "cm2",
    "cm3",
    "break_even_acos",
    "break_even_acos_console",
    "break_even_roas",
    "break_even_cpc",
    "inventory_days",
    "gross_margin",
    "goods_margin",
    "markup",
    "platform_share",
    "roi_goods",
    "roi_landed",
    "roi_total",
    "profit_after_work",
    "margin_after_work",
    "break_even_orders",
    "safety_margin",
    "acos_console",
    "roas_console",
    "break_even_acos_console",
    "break_even_units",
    "break_even_sales",
    "vat_due",
    "payback_orders",
)
STEADY_METRICS: frozenset[str] = frozenset(
    {
        "ltv",
        "ltv_cac",
        "payback_months",
        "repeat_rate",
        "referral_rate",
        "landed_cost",
        "return_rate",
        *CASH_METRICS,
    }
)
"""KPIs that a contract cannot settle on month by month: those of a customer or of one order, and
those of the client's own cash.
"""
MONEY_METRICS: frozenset[str] = frozenset({"gmv", "profit", "net_revenue", "cm1", "cm2", "cm3"})
"""KPIs that are money and add up, so that an excess over the target is money too."""
NEVER_BELOW_ZERO: frozenset[str] = frozenset(
    {
        "gmv",
        "orders",
        "paid_orders",
        "impressions",
        "clicks",
        "visits",
        "carts",
        "new_customers",
        "repeat_orders",
        "ad_spend",
        "cogs",
    }
)
"""KPIs that add up and that no month can lower: a total that is reached stays reached."""
OPERATIONAL_WORDS: dict[str, Words] = {
    "negative_review_rate": Words("差评率", "Negative review rate"),
    "fulfilment_rate": Words("订单履约率", "Order fulfilment rate"),
    "returned_rate": Words("退货率（按自己的计数）", "Return rate (from own counts)"),
    "listing_completion": Words("Listing优化完成率", "Listing optimisation completion"),
    "listings_live": Words("上架 SKU 数", "Listings live"),
    "sell_through": Words("动销率", "SKU sell-through"),
    "stock_days": Words("库存周转天数（按库存）", "Inventory days (from stock)"),
    "account_health": Words("账号健康分", "Account health score"),
    "cash_low": Words("最低现金余额", "Lowest cash balance"),
}
LESS_IS_BETTER: frozenset[str] = frozenset({"negative_review_rate", "returned_rate", "stock_days"})
