"""Where visits come from, what share of them buys, and what an operator changes in that."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import LONGEST_HORIZON, Section, Spec, Text, Unit
from funnel_sim.scenario.quantity import Quantity, is_range, point_value
from funnel_sim.words import Words

ChannelKind = Literal["cpc", "cpm", "share", "organic", "list", "orders"]
MOST_ELASTIC = 20.0
"""The largest elasticity of demand: at 20, a price 5 % higher loses 62 % of the orders."""
UNPRICED: Mapping[str, float | None] = {"demand_elasticity": 0.0, "reference_price": None}
"""The fields of a conversion that does not answer to the price."""


class Conversion(Section):
    """From a click to a paid order; a channel may carry its own rates."""

    landing_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="点击到访率",
            en="Landing rate",
            help_zh="点击后真正打开页面的比例；平台站内为 100%。",
            help_en="Share of clicks that become visits; 100% inside a marketplace.",
        ),
    ] = 1.0
    cvr: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="转化率",
            en="Conversion rate",
            help_zh=(
                "首次支付订单 ÷ 访问（亚马逊后台叫会话）。只知道转化率时填这一项即可。"
                "亚马逊的“商品会话百分比”按件数算、含复购，直接填会偏高。"
            ),
            help_en=(
                "First-time paid orders over visits (Amazon: sessions). If this is all you know, it"
                " is enough. Amazon's unit session percentage counts units and repeat orders, so it"
                " is higher."
            ),
        ),
    ] = None
    add_to_cart_rate: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="加购率",
            en="Add-to-cart rate",
            help_zh="加购 ÷ 访问。",
            help_en="Carts over visits.",
        ),
    ] = None
    checkout_rate: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="加购下单率",
            en="Cart-to-order rate",
            help_zh="下单 ÷ 加购；已填转化率时由它推出，请留空。",
            help_en=(
                "Orders placed over carts; follows from the conversion rate when that is given, so"
                " leave it empty then."
            ),
        ),
    ] = None
    product_view_rate: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="商品浏览率",
            en="Product view rate",
            help_zh="商品页浏览 ÷ 访问（GA4 view_item）。",
            help_en="Visits that view a product over visits (GA4: view_item).",
        ),
    ] = None
    cart_of_views_rate: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="浏览加购率",
            en="Carts over product views",
            help_zh="加购 ÷ 商品页浏览；与商品浏览率一起填，加购率由它们推出。",
            help_en=(
                "Carts over product views; together with the product view rate it gives the"
                " add-to-cart rate."
            ),
        ),
    ] = None
    checkout_start_rate: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="加购结账率",
            en="Checkouts over carts",
            help_zh="开始结账 ÷ 加购（GA4 begin_checkout）。",
            help_en="Checkouts started over carts (GA4: begin_checkout).",
        ),
    ] = None
    checkout_completion_rate: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="结账完成率",
            en="Orders over checkouts",
            help_zh="下单 ÷ 开始结账；与加购结账率一起填，加购下单率由它们推出。",
            help_en=(
                "Orders placed over checkouts started; together with the rate above it gives the"
                " cart-to-order rate."
            ),
        ),
    ] = None
    payment_success_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            above=0,
            at_most=1,
            zh="支付成功率",
            en="Payment success rate",
            help_zh="支付订单 ÷ 下单。",
            help_en="Paid orders over orders placed.",
        ),
    ] = 1.0
    demand_elasticity: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=MOST_ELASTIC,
            zh="需求价格弹性",
            en="Price elasticity of demand",
            help_zh=(
                "买家实付价涨 1%，订单约少百分之几：填 2 表示涨 1% 少约 2%。0 表示订单不随价格变。"
                "转化率（或直接填的订单）按 (实付价 ÷ 基准价)^(−弹性) 变化。"
            ),
            help_en=(
                "By how many percent orders fall when the price that shoppers pay rises by 1%: 2"
                " means about 2%. 0: orders do not answer to the price. Conversion (or typed"
                " orders) is multiplied by (price paid / reference price)^(−elasticity)."
            ),
        ),
    ] = 0.0
    reference_price: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.MONEY,
            above=0,
            zh="基准价（每件实付）",
            en="Reference price paid per unit",
            help_zh=(
                "上面的转化率或订单是在买家每件实付多少时测得的：折扣、优惠券后，含向买家收的运费，"
                "与售价同口径（含税或不含税）。留空则取填写弹性时的实付价。"
            ),
            help_en=(
                "What shoppers paid per unit when the conversion or the orders were measured: after"
                " discount and voucher, with the shipping charged, with or without tax as the price"
                " is. Empty: what they pay at the moment the elasticity is typed."
            ),
        ),
    ] = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        conversion_given(self.cvr, self.checkout_rate)
        for whole, first, second in (
            ("add_to_cart_rate", "product_view_rate", "cart_of_views_rate"),
            ("checkout_rate", "checkout_start_rate", "checkout_completion_rate"),
        ):
            parts = [getattr(self, name) for name in (first, second)]
            if any(part is not None for part in parts):
                missing = next(
                    (
                        name
                        for name, part in zip((first, second), parts, strict=True)
                        if part is None
                    ),
                    None,
                )
                if missing is not None:
                    raise PydanticCustomError("step_half", "half given", {"field": missing})
                if getattr(self, whole) is not None:
                    raise PydanticCustomError(
                        "step_twice",
                        "given twice",
                        {"field": whole, "shown": f"{point_value(getattr(self, whole)):g}"},
                    )
        if self.cvr is not None and self.checkout_start_rate is not None:
            raise PydanticCustomError(
                "conversion_both",
                "both given",
                {
                    "field": "checkout_start_rate",
                    "shown": f"{point_value(self.checkout_start_rate):g}",
                },
            )
        place = "add_to_cart_rate" if self.product_view_rate is None else "cart_of_views_rate"
        cart_holds_orders(self.cvr, self.cart_rate, self.payment_success_rate, place)
        return self

    @property
    def answers_to_price(self) -> bool:
        """Whether orders answer to the price: an elasticity other than zero, or a range of it."""
        return is_range(self.demand_elasticity) or self.demand_elasticity != 0

    @property
    def cart_rate(self) -> Any:
        """Carts over visits at the point values: as typed, or product views over visits × carts
        over views; None where unknown.
        """
        if self.product_view_rate is None or self.cart_of_views_rate is None:
            return self.add_to_cart_rate
        return point_value(self.product_view_rate) * point_value(self.cart_of_views_rate)

    @property
    def has_rate(self) -> bool:
        """Whether a visit's chance of an order is known: a conversion rate, or both steps."""
        steps = self.cart_rate is not None and (
            self.checkout_rate is not None or self.checkout_start_rate is not None
        )
        return self.cvr is not None or steps


def conversion_given(cvr: Any, checkout: Any) -> None:
    """Refuse a conversion rate and a cart-to-order rate that are both given.

    Args:
        cvr: visits that become orders [fraction].
        checkout: carts that become orders [fraction]; None where not given.

    Raises:
        PydanticCustomError: if both are given.
    """
    if cvr is not None and checkout is not None:
        raise PydanticCustomError(
            "conversion_both",
            "both given",
            {"field": "checkout_rate", "shown": f"{point_value(checkout):g}"},
        )


def cart_holds_orders(cvr: Any, cart: Any, paid: Any, place: str = "add_to_cart_rate") -> None:
    """Refuse a cart rate with which fewer visits reach the cart than orders need.

    Args:
        cvr: visits that become paid orders [fraction].
        cart: visits that reach the cart [fraction].
        paid: placed orders that are paid for [fraction].
        place: the field that the message names.

    Raises:
        PydanticCustomError: if there are fewer carts than orders.
    """
    if (
        cvr is not None
        and cart is not None
        and point_value(cvr) > point_value(cart) * point_value(paid)
    ):
        raise PydanticCustomError(
            "carts_few",
            "fewer carts than orders",
            {
                "field": place,
                "shown": f"{point_value(cart):g}",
                "least": f"{point_value(cvr) / point_value(paid):g}",
            },
        )


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


def _effect(zh: str, en: str) -> Spec:
    return Spec(
        unit=Unit.FACTOR,
        at_least=0,
        at_most=10,
        zh=zh,
        en=en,
        help_zh="1 表示没有影响；1.05 表示提高 5%。",
        help_en="1 is no effect; 1.05 is 5% more.",
    )


class OperatorEffect(Section):
    """What an operator (代运营) changes in the funnel, as multipliers; 1 changes nothing."""

    effect_ctr: Annotated[Quantity, _effect("对点击率的影响", "Effect on CTR")] = 1.0
    effect_add_to_cart: Annotated[Quantity, _effect("对加购率的影响", "Effect on add-to-cart")] = (
        1.0
    )
    effect_checkout: Annotated[
        Quantity, _effect("对加购到下单的影响", "Effect on cart-to-order")
    ] = 1.0
    effect_cpc: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            above=0,
            at_most=10,
            zh="对点击单价的影响",
            en="Effect on the price of traffic",
            help_zh="1 表示没有影响；0.95 表示便宜 5%。",
            help_en="1 is no effect; 0.95 is 5% cheaper.",
        ),
    ] = 1.0
    effect_organic: Annotated[
        Quantity, _effect("对自然曝光的影响", "Effect on organic impressions")
    ] = 1.0
    effect_aov: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            above=0,
            at_most=10,
            zh="对客单价的影响",
            en="Effect on order value",
            help_zh="作用在每单件数上。",
            help_en="Acts on the units per order.",
        ),
    ] = 1.0
    effect_ramp_months: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONTHS,
            at_least=0,
            at_most=LONGEST_HORIZON,
            zh="见效月数",
            en="Months until the full effect",
            help_zh="经过几个月直线达到全部效果；0 表示立刻。",
            help_en="Months to the full effect, in a straight line; 0 means at once.",
        ),
    ] = 0.0
