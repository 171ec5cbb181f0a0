"""Where visits come from: channels, and what each costs and brings."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.conversion import conversion_given
from funnel_sim.scenario.fields import Section, Spec, Text, Unit
from funnel_sim.scenario.quantity import Quantity, point_value
from funnel_sim.words import Words

ChannelKind = Literal["cpc", "cpm", "share", "organic", "list", "orders"]


class Channel(Section):
    """One source of visits: ads by click or by impression, creators, organic search, own list."""

    id: Annotated[
        str,
        Field(pattern=r"^[a-z][a-z0-9_]{0,23}$"),
        Spec(unit=Unit.TEXT, zh="渠道代号", en="Channel id"),
    ]
    name: Annotated[Text, Spec(unit=Unit.TEXT, zh="渠道名称", en="Channel name")] = ""
    kind: Annotated[
        ChannelKind,
        Spec(
            unit=Unit.TEXT,
            zh="计费方式",
            en="How it is bought",
            help_zh="决定这一渠道需要哪些数字。",
            help_en="Decides which numbers the channel needs.",
            choices={
                "cpc": Words("广告 · 按点击 (CPC)", "Ads by click (CPC)"),
                "cpm": Words("广告 · 按曝光 (CPM)", "Ads by impression (CPM)"),
                "share": Words("达人／联盟 · 按成交提成", "Creators or affiliates, share of sales"),
                "organic": Words("自然流量", "Organic traffic"),
                "list": Words("邮件／私域", "Email / CRM list"),
                "orders": Words("直接填订单数", "Orders typed directly"),
            },
        ),
    ] = "cpc"
    known_sales: Annotated[
        Quantity,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="每月卖多少",
            en="Sold a month",
            help_zh="首次购买的订单数、件数或成交额，成熟月份；单位见下一项。复购订单不在其中，会另外加上。",
            help_en=(
                "First-time orders, units or sales of a mature month; the next field says which."
                " Repeat orders are not among them: they come on top."
            ),
        ),
    ] = 0.0
    known_as: Annotated[
        Literal["orders", "units", "sales"],
        Spec(
            unit=Unit.TEXT,
            zh="上面填的是",
            en="Counted in",
            help_zh="成交额按买家实付（含税）计，销售币种。",
            help_en="Sales are what shoppers pay, tax included, in the sales currency.",
            choices={
                "orders": Words("订单", "Orders"),
                "units": Words("件数", "Units"),
                "sales": Words("成交额", "Sales"),
            },
        ),
    ] = "orders"
    known_spend: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="每月广告费",
            en="Ad spend a month",
            help_zh=(
                "这一渠道一个月的广告花费，成熟月份；像预算一样固定，不随订单增减。"
                "与下面几项可任选其一，都填则相加。"
            ),
            help_en=(
                "Ad spend of this channel in a mature month; fixed like a budget, it does not go"
                " with the orders. Any one of this and the three below; they add up where several"
                " are given."
            ),
        ),
    ] = 0.0
    cost_per_order: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="每单广告费",
            en="Ad spend per order",
            help_zh="这一渠道每个订单摊到的广告花费。",
            help_en="Ad spend of this channel per order that it brings.",
        ),
    ] = 0.0
    acos_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=10,
            zh="ACoS（占本渠道销售）",
            en="ACoS (share of this channel's sales)",
            help_zh="广告费占这一渠道销售额的比例；与每单广告费可二选一，都填则相加。",
            help_en=(
                "Ad spend as a share of this channel's sales; adds to the ad spend per order where"
                " both are given."
            ),
        ),
    ] = 0.0
    tacos_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=10,
            zh="TACoS（占全店销售）",
            en="TACoS (share of all sales)",
            help_zh=(
                "广告费占全店销售额的比例。只知道 TACoS 时填它：哪些订单是广告带来的就不知道，"
                "ACoS、ROAS 和广告获客成本不显示。"
            ),
            help_en=(
                "Ad spend as a share of all sales. If this is all you know: which orders ads"
                " brought is then unknown, and ACoS, ROAS and the paid CAC are not shown."
            ),
        ),
    ] = 0.0
    budget: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="月广告预算",
            en="Monthly ad budget",
            help_zh="每月在这一渠道投放的金额（不含可抵扣税）。",
            help_en="Monthly spend in this channel, without recoverable tax.",
        ),
    ] = 0.0
    cpc: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            above=0,
            zh="点击单价（CPC）",
            en="Cost per click (CPC)",
            help_zh="参考预算下每次点击的价格。",
            help_en="Price of a click at the reference budget.",
        ),
    ] = 1.0
    cpm: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            above=0,
            zh="千次展示费用（CPM）",
            en="Cost per mille (CPM)",
            help_zh="参考预算下每千次展示的费用。",
            help_en="Price of 1,000 impressions at the reference budget.",
        ),
    ] = 10.0
    impressions: Annotated[
        Quantity,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="每月曝光／触达",
            en="Impressions or sends per month",
            help_zh="自然曝光、达人内容播放量，或邮件／私域发送量，每月。",
            help_en="Organic impressions, creator views, or messages sent, per month.",
        ),
    ] = 0.0
    ctr: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="点击率",
            en="Click-through rate",
            help_zh="点击 ÷ 曝光。按点击付费的渠道可留空（此时不算曝光量）。",
            help_en=(
                "Clicks over impressions. May stay empty for CPC (impressions are then not shown)."
            ),
        ),
    ] = None
    send_cost: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="每条发送成本",
            en="Cost per send",
            help_zh="邮件／私域名单每发送一条的费用。",
            help_en="Cost of one message to your email or CRM list.",
        ),
    ] = 0.0
    affiliate_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="达人／联盟佣金率",
            en="Creator or affiliate commission",
            help_zh="占该渠道带来销售额的比例；广告推达人视频的订单也要付时，在广告渠道也填。",
            help_en=(
                "Share of the sales that this channel brings; also on ads where orders from"
                " promoted creator content pay it too."
            ),
        ),
    ] = 0.0
    elasticity: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            below=1,
            zh="预算边际递减",
            en="Diminishing returns",
            help_zh="点击单价随预算上涨的弹性：0 为不涨；0.2 表示预算翻倍、点击单价涨约 15%。",
            help_en=(
                "Elasticity of the price of a click to the budget: 0 is no rise; at 0.2, twice the"
                " budget costs about 15% more per click."
            ),
        ),
    ] = 0.0
    reference_budget: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.MONEY,
            above=0,
            zh="参考预算",
            en="Reference budget",
            help_zh="上面的点击单价是在这个预算下测得的；设了边际递减才需要。",
            help_en=(
                "The budget at which the price above was measured; needed with diminishing returns."
            ),
        ),
    ] = None
    channel_landing_rate: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="本渠道点击到访率",
            en="Landing rate of this channel",
            help_zh="留空则用全店的点击到访率。",
            help_en="Empty: the store's.",
        ),
    ] = None
    channel_cvr: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="本渠道转化率",
            en="Conversion rate of this channel",
            help_zh="留空则用全店的转化率。",
            help_en="Empty: the store's.",
        ),
    ] = None
    channel_add_to_cart_rate: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="本渠道加购率",
            en="Add-to-cart rate of this channel",
            help_zh="留空则用全店的加购率。",
            help_en="Empty: the store's.",
        ),
    ] = None
    channel_checkout_rate: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="本渠道加购下单率",
            en="Cart-to-order rate of this channel",
            help_zh="留空则用全店的。",
            help_en="Empty: the store's.",
        ),
    ] = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind not in ("cpc", "orders") and self.ctr is None:
            raise PydanticCustomError("ctr_missing", "needs a CTR", {"field": "ctr"})
        if self.kind == "cpc" and self.ctr is not None and not point_value(self.ctr) > 0:
            raise PydanticCustomError(
                "ctr_zero", "clicks without impressions", {"field": "ctr", "shown": "0"}
            )
        if point_value(self.elasticity) > 0 and self.reference_budget is None:
            raise PydanticCustomError(
                "reference_missing", "needs a reference budget", {"field": "reference_budget"}
            )
        conversion_given(self.channel_cvr, self.channel_checkout_rate)
        return self
