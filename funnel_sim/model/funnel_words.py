"""The figures that the model computes step by step, not by one formula: what each is called, in
which unit it is, and how it comes about.
"""

from funnel_sim.model.sheet import FigureUnit
from funnel_sim.words import Words

FUNNEL_WORDS: dict[str, tuple[FigureUnit, Words, Words]] = {
    "impressions": (
        "count",
        Words("曝光量", "Impressions"),
        Words(
            "各渠道之和；有渠道未知时不显示。", "Sum over channels; not shown where one is unknown."
        ),
    ),
    "clicks": (
        "count",
        Words("点击量", "Clicks"),
        Words(
            "CPC：预算 ÷ 点击单价；其他：曝光 × 点击率。",
            "CPC: budget over cost per click; others: impressions × CTR.",
        ),
    ),
    "visits": (
        "count",
        Words("访问量", "Visits"),
        Words("点击 × 点击到访率。", "Clicks × landing rate."),
    ),
    "carts": (
        "count",
        Words("加购量", "Add-to-carts"),
        Words(
            "访问 × 加购率；没填加购率时不显示。",
            "Visits × add-to-cart rate; not shown without one.",
        ),
    ),
    "first_orders": (
        "count",
        Words("各渠道首单", "First orders from channels"),
        Words(
            "访问 × 转化率（或加购率 × 下单率 × 支付成功率）。",
            "Visits × conversion rate (or cart × order × payment rates).",
        ),
    ),
    "paid_channel_orders": (
        "count",
        Words("付费渠道首单", "First orders from paid channels"),
        Words("按点击和按曝光投放的渠道。", "From channels bought by click or by impression."),
    ),
    "affiliate_orders": (
        "count",
        Words("达人／联盟首单", "First orders from creators and affiliates"),
        Words("", ""),
    ),
    "affiliate_due": (
        "count",
        Words("达人／联盟订单 × 佣金率", "Affiliate orders × their rate"),
        Words("", ""),
    ),
    "new_customers": (
        "count",
        Words("新客数", "New customers"),
        Words(
            "首单加上月订单 × 老带新率。",
            "First orders plus last month's orders × word-of-mouth rate.",
        ),
    ),
    "repeat_orders": (
        "count",
        Words("复购订单量", "Repeat orders"),
        Words(
            "各批新客在之后月份的复购之和；稳定月为 新客 × p/(1−p)。",
            "Sum over earlier cohorts; in the steady month new customers × p/(1−p).",
        ),
    ),
    "paid_clicks": ("count", Words("付费点击", "Paid clicks"), Words("", "")),
    "paid_impressions": ("count", Words("付费曝光", "Paid impressions"), Words("", "")),
    "media_spend": (
        "money",
        Words("投放金额", "Media spend"),
        Words("各付费渠道预算之和。", "Sum of the paid channels' budgets."),
    ),
    "media_of_orders": (
        "money",
        Words("按单计的投放", "Media spend known per order"),
        Words(
            "直接填订单数的渠道：每单广告费或 ACoS；按月填的不在其中。",
            "Channels whose orders are typed: ad spend per order or ACoS; what is typed for the"
            " month is not in it.",
        ),
    ),
    "list_cost": (
        "money",
        Words("邮件／私域发送费用", "Cost of sends"),
        Words("发送量 × 每条成本。", "Sends × cost per send."),
    ),
    "ltv": (
        "money",
        Words("LTV（客户终身价值）", "LTV"),
        Words(
            "Σ 首单后第 k 个月的订单数（复购单按其相对价值）× 每单利润 × 折现，k 从 0 到期限减"
            " 1：首单当月和之后各月，合计为期限的月数；口径、期限、折现都是输入。",
            "Σ orders k months after the first (a repeat order at its relative worth) × margin per"
            " order × discount, k from 0 to the horizon less 1: the month of the first order and"
            " those after it, as many as the horizon has; basis, horizon and discount are inputs.",
        ),
    ),
    "payback_months": (
        "months",
        Words("回本周期", "CAC payback"),
        Words(
            "累计毛利（扣广告前）覆盖付费 CAC 的第一个月；第 1 个月即首单当月。",
            "First month in which cumulative contribution margin 2 covers the paid CAC; month 1 is"
            " that of the first order.",
        ),
    ),
    "commission_percentage": (
        "money",
        Words("每单比例佣金", "Percentage commission per order"),
        Words("按费率表、最低与封顶。", "By the rate table, minimum and cap."),
    ),
    "commission_fixed": ("money", Words("每单固定佣金", "Fixed fee per order"), Words("", "")),
    "commission_kept": (
        "money",
        Words("退款时不退的佣金", "Commission kept on a refund"),
        Words(
            "比例佣金 × 不退比例，有上限。", "Percentage commission × share kept, up to the cap."
        ),
    ),
    "commission_base": (
        "money",
        Words("计佣基数", "Amount the commission is charged on"),
        Words(
            "按平台规则含或不含税、运费、折扣。",
            "With or without tax, shipping and discount, as the platform rules.",
        ),
    ),
    "consumer_factor": (
        "ratio",
        Words("实付系数", "Shopper's factor"),
        Words("买家实付 ÷ 输入金额。", "What the shopper pays over the amount entered."),
    ),
    "gross_factor": (
        "ratio",
        Words("入账系数", "Book factor"),
        Words("入账销售额 ÷ 输入金额。", "Gross sales over the amount entered."),
    ),
    "output_tax_factor": (
        "ratio",
        Words("销项税系数", "Output tax factor"),
        Words("应缴销项税 ÷ 输入金额。", "Output tax over the amount entered."),
    ),
    "console_factor": (
        "ratio",
        Words("后台系数", "Console's factor"),
        Words(
            "后台显示的成交额 ÷ 输入金额：价内的税计入，价外的不计。",
            "What the console shows over the amount entered: with tax inside the price, without tax"
            " on top of it.",
        ),
    ),
    "withheld_factor": ("ratio", Words("代缴税系数", "Withheld tax factor"), Words("", "")),
    "aov_boost": ("ratio", Words("客单价影响系数", "Effect on order value"), Words("", "")),
    "duty_added": (
        "rate",
        Words("附加关税率合计", "Additional duties, together"),
        Words(
            "按完税价格计的各层附加关税之和。", "Sum of the layers charged on the customs value."
        ),
    ),
    "duty_on_sale": (
        "rate",
        Words("按售价计的税率合计", "Duties on the sale price, together"),
        Words(
            "小包税等按不含税售价计的各层之和。",
            "Sum of the layers charged on the sale price without tax.",
        ),
    ),
    "duty_fixed": ("money", Words("每件定额税", "Duty per unit in money"), Words("", "")),
    "entry_fee_cap": (
        "money",
        Words("每批最高规费", "Maximum entry fee per shipment"),
        Words("", ""),
    ),
    "fulfilment_tax": (
        "rate",
        Words("配送与仓储费上的税", "Tax on fulfilment and storage fees"),
        Words("", ""),
    ),
    "ads_tax": ("rate", Words("广告费上的税", "Tax on ads"), Words("", "")),
    "fx_loss": (
        "rate",
        Words("汇损率", "FX loss"),
        Words(
            "汇损（点差）加提现手续费；填了银行汇率时为 1 − 银行汇率 ÷ 汇率。",
            "Spread and withdrawal; with the bank's own rate 1 − that rate over the exchange rate.",
        ),
    ),
    "fx_on_gross": (
        "ratio",
        Words("是否全额换汇", "Whether all proceeds are converted"),
        Words("", ""),
    ),
    "price_ratio": (
        "ratio",
        Words("实付价 ÷ 基准价", "Price paid over the reference price"),
        Words(
            "每单金额（含运费）÷ 每单件数 ÷ 基准价；不设需求弹性时为 1。",
            "Order amount with shipping over units per order over the reference price; 1 without an"
            " elasticity of demand.",
        ),
    ),
    "price_response": (
        "ratio",
        Words("价格对订单的影响系数", "Effect of the price on orders"),
        Words(
            "(实付价 ÷ 基准价)^(−需求价格弹性)，乘在转化率或直接填的订单上；不设时为 1。",
            "(price paid / reference price)^(−elasticity of demand), a multiplier of the conversion"
            " rate or of typed orders; 1 without one.",
        ),
    ),
    "sales_ad_rate": (
        "rate",
        Words("按全店销售计的广告占比", "Ad spend as a share of all sales"),
        Words("填了 TACoS 的渠道之和。", "Sum over channels whose TACoS was typed."),
    ),
    "product_views": (
        "count",
        Words("商品浏览量", "Product views"),
        Words(
            "访问 × 商品浏览率；没填时不显示。",
            "Visits × product view rate; not shown without one.",
        ),
    ),
    "checkouts": (
        "count",
        Words("开始结账", "Checkouts started"),
        Words(
            "加购 × 加购结账率；没填时不显示。",
            "Carts × checkouts over carts; not shown without one.",
        ),
    ),
    "ltv_unlimited": (
        "money",
        Words("不限期限的 LTV", "LTV without a horizon"),
        Words(
            "同样的口径与折现，加到永远；有的复购模型下不存在。",
            "The same basis and discount, added up for ever; some ways of coming back have none.",
        ),
    ),
    "one_off_localisation": (
        "cost_money",
        Words("一次性本地化", "One-off localisation"),
        Words("", ""),
    ),
    "one_off_compliance": ("cost_money", Words("一次性合规", "One-off compliance"), Words("", "")),
    "one_off_saas": ("cost_money", Words("一次性软件", "One-off software"), Words("", "")),
    "one_off_staff": ("cost_money", Words("一次性人员", "One-off staff"), Words("", "")),
    "one_off_other": ("cost_money", Words("其他一次性", "Other one-off"), Words("", "")),
}
