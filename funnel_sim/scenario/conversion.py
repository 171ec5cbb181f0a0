"""From a click to a paid order: rates of the store, and how they answer to the price."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import Section, Spec, Unit
from funnel_sim.scenario.quantity import Quantity, is_range, point_value

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
