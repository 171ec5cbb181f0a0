"""What a contract makes the client pay: fixed fees, shares of sales, rewards, limits and taxes."""

from typing import Annotated, Literal

from pydantic import Field

from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.quote_rows import Extra, Instalment, Reward, ShareTier
from funnel_sim.scenario.quote_specs import money_spec, rate_spec, text_spec
from funnel_sim.scenario.quote_term import ContractTerm
from funnel_sim.words import Words

ShareBasis = Literal["gmv", "sales", "net_revenue", "ad_sales", "cm3"]
ShareOver = Literal["all", "baseline"]
SHARE_BASIS_WORDS: dict[ShareBasis, Words] = {
    "gmv": Words(
        "GMV（平台后台口径：含价内税，不含价外税）",
        "GMV (as the platform shows it: with a tax inside the price, without one on top)",
    ),
    "sales": Words("不含税销售额", "Sales without tax"),
    "net_revenue": Words("净销售额（扣税、扣退款）", "Net sales (after tax and refunds)"),
    "ad_sales": Words("广告带来的销售额（不含税）", "Sales from ads (without tax)"),
    "cm3": Words("扣广告后毛利", "Contribution margin 3 (after ads)"),
}


class ContractFees(ContractTerm):
    """The fields on what is paid, in the order in which a month's fee is worked out."""

    setup: Annotated[
        float,
        money_spec("启动费", "Setup fee", "签约时一次性支付。", "Paid once, in the first month."),
    ] = 0.0
    base: Annotated[
        float, money_spec("基础月费", "Monthly base", "每月固定服务费。", "Fixed fee a month.")
    ] = 0.0
    share_tiers: Annotated[
        list[ShareTier],
        text_spec(
            "销售提成",
            "Share of sales",
            "按档的提成比例；一档就是统一比例。",
            "The share by tier; one tier is one rate for all.",
        ),
    ] = Field(default_factory=list)
    share_basis: Annotated[
        ShareBasis,
        text_spec(
            "提成基数",
            "Basis of the share",
            "对哪个销售额提成。",
            "Which sales are shared.",
            dict(SHARE_BASIS_WORDS),
        ),
    ] = "gmv"
    share_mode: Annotated[
        Literal["marginal", "whole"],
        text_spec(
            "分档方式",
            "How tiers work",
            "只对超出部分用新比例，或全额用新比例。",
            "The new rate on what is over the bound, or on all.",
            {"marginal": Words("超额累进", "Marginal"), "whole": Words("全额累进", "Whole amount")},
        ),
    ] = "marginal"
    share_bound: Annotated[
        Literal["upto", "from"],
        text_spec(
            "恰好等于分档线归哪一档",
            "An amount on the bound belongs to",
            "“不超过 X”为较低一档，“达到 X”为较高一档；只在全额累进时影响金额。",
            "“Up to X” is the lower tier, “reaches X” the upper one; it changes the amount only"
            " where the whole amount is re-rated.",
            {
                "upto": Words("较低一档（不超过）", "The lower tier (up to)"),
                "from": Words("较高一档（达到）", "The upper tier (reaches)"),
            },
        ),
    ] = "upto"
    share_period: Annotated[
        Literal["month", "running"],
        text_spec(
            "分档按",
            "Tiers by",
            "每月重新起算，或从签约起累计。",
            "Anew each month, or running since the start.",
            {"month": Words("每月", "Month"), "running": Words("累计", "Running total")},
        ),
    ] = "month"
    share_over: Annotated[
        ShareOver,
        text_spec(
            "对什么提成",
            "What is shared",
            "全部，或只对超过基线的部分。",
            "All of it, or only what is over the baseline.",
            {
                "all": Words("全部", "All of it"),
                "baseline": Words("超过基线的部分", "What is over the baseline"),
            },
        ),
    ] = "all"
    baseline: Annotated[
        float | None,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="提成的月基线（销售币种）",
            en="Baseline of the share, a month (sales currency)",
            help_zh="留空取自己经营时的正常月。销售额按销售币种算，基线和各档上限也是；合同若写成本币种，请先折算。",
            help_en=(
                "Empty: a usual month of running the store without an agency. Sales are counted in"
                " the sales currency, and so are this baseline and the bounds of the tiers; convert"
                " what a contract states in another."
            ),
        ),
    ] = None
    baseline_season: Annotated[
        bool,
        text_spec(
            "基线按季节调整",
            "Baseline follows the season",
            "旺季基线更高，避免把季节当成功劳。",
            "Higher in season, so that the season is not taken for merit.",
        ),
    ] = False
    clawback: Annotated[
        bool,
        text_spec(
            "退货扣回提成",
            "Share taken back on refunds",
            "退款的销售额不计提成。",
            "No share on sales that are refunded.",
        ),
    ] = False
    spend_rate: Annotated[
        float,
        rate_spec(
            "广告费提成",
            "Share of ad spend",
            "按广告花费（不含税）的比例。",
            "Of ad spend without tax.",
        ),
    ] = 0.0
    order_fee: Annotated[
        float,
        money_spec(
            "每单服务费", "Fee per order", "每个支付订单向您收的钱。", "Due for each paid order."
        ),
    ] = 0.0
    rewards: Annotated[
        list[Reward],
        text_spec(
            "KPI 奖罚", "Bonus and penalty", "达标奖励与未达标扣款。", "For KPIs met and missed."
        ),
    ] = Field(default_factory=list)
    penalty_limited: Annotated[
        bool,
        text_spec(
            "扣款以当月费用为限",
            "Penalty at most the month's fee",
            "扣款不超过当月应付。",
            "No more is taken off than is due.",
        ),
    ] = True
    instalments: Annotated[
        list[Instalment],
        text_spec(
            "分期款", "Instalments", "按月份或按 KPI 到期。", "Due by month or when a KPI is met."
        ),
    ] = Field(default_factory=list)
    floor: Annotated[
        float | None,
        money_spec("每月保底服务费", "Monthly minimum", "留空则没有。", "Empty: none."),
    ] = None
    cap: Annotated[
        float | None,
        money_spec(
            "每月费用封顶",
            "Monthly fee cap",
            "含奖励；留空则没有。",
            "Bonus included; empty: none.",
        ),
    ] = None
    total_cap: Annotated[
        float | None,
        money_spec(
            "累计费用封顶",
            "Total fee cap",
            "从签约起累计；留空则没有。",
            "Since the start; empty: none.",
        ),
    ] = None
    passed_on: Annotated[
        float,
        money_spec(
            "代垫费用（每月）",
            "Pass-through costs, a month",
            "软件、拍摄等按实报销。",
            "Software, photos and the like, billed on.",
        ),
    ] = 0.0
    ads_through: Annotated[
        bool,
        text_spec(
            "广告费经服务商支付",
            "Ad spend is paid through the agency",
            "广告账户由服务商开户、充值或代付。",
            "The agency opens the ad accounts, tops them up or pays for them.",
        ),
    ] = False
    rebate_rate: Annotated[
        float,
        rate_spec(
            "媒体返点（占广告费）",
            "Media rebate, of ad spend",
            "广告平台或媒体代理按您的广告花费（不含税）返给服务商的比例；0 表示没有。",
            "What ad platforms or media agents pay the agency back, of your ad spend without tax; 0"
            " is none.",
        ),
    ] = 0.0
    rebate_to_client: Annotated[
        float,
        rate_spec(
            "返点中返还给您的比例",
            "Share of the rebate passed on to you",
            "0 表示全部归服务商，100% 表示全部抵减您的账单。",
            "0% all stays with the agency, 100% all comes off your bill.",
        ),
    ] = 0.0
    extras: Annotated[
        list[Extra],
        text_spec(
            "其他收费",
            "Extra fees",
            "申诉费、加急费、年度系统费等。",
            "Appeals, urgency, a yearly system fee.",
        ),
    ] = Field(default_factory=list)
    fee_tax: Annotated[
        float,
        rate_spec(
            "费用上不可抵扣的税",
            "Tax on fees, not recovered",
            "报价不含税而您抵扣不了时填。",
            "Where the quote is without tax and you cannot recover it.",
        ),
    ] = 0.0
