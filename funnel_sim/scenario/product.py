"""What is sold, at what price, and what it costs to land."""

from typing import Annotated, TypeVar

import numpy as np
from numpy.typing import NDArray

from funnel_sim.scenario.fields import Section, Spec, Text, Unit
from funnel_sim.scenario.quantity import Quantity, point_value

N = TypeVar("N", float, NDArray[np.float64])


def paid_per_unit(price: N, discount_rate: N, voucher: N, shipping: N, units: N) -> N:
    """Return what a shopper pays for one unit, with or without tax as the price is typed: the price
    after discount and voucher, with the shipping charged; a voucher takes off no more than the
    goods.

    Args:
        price: of one unit on the page [sales currency].
        discount_rate: of the price, paid for by the seller [fraction].
        voucher: money off an order [sales currency].
        shipping: charged on an order [sales currency].
        units: in an order [1].

    Returns:
        Sales currency a unit, of the shape of the arguments.

    Examples:
        >>> float(paid_per_unit(30.0, 0.1, 4.0, 5.0, 2.0))  # (2 · 30 · 0.9 − 4 + 5) / 2
        27.5
    """
    goods = np.maximum(price * units * (1 - discount_rate) - voucher, 0.0)
    return (goods + shipping) / units  # type: ignore[no-any-return]


class Product(Section):
    """What is sold, at what price, and what it costs to land."""

    price: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            above=0,
            zh="售价",
            en="Price",
            help_zh="每件商品在页面上标出的价格（打折前）。",
            help_en="Price of one unit as shown to the shopper, before any discount.",
        ),
    ]
    price_includes_tax: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="售价含税",
            en="Price includes tax",
            help_zh="输入的售价和运费是否已含增值税／销售税。",
            help_en=(
                "Whether the price and shipping you typed already contain VAT, GST or sales tax."
            ),
        ),
    ] = True
    units_per_order: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            above=0,
            zh="每单件数",
            en="Units per order",
            help_zh="平均每个订单包含几件。",
            help_en="Average number of units in one order.",
        ),
    ] = 1.0
    discount_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="卖家承担的折扣",
            en="Seller-funded discount",
            help_zh="优惠券、促销中由您承担的部分，占售价的比例。",
            help_en="Coupons and promotions that you pay for, as a share of the price.",
        ),
    ] = 0.0
    voucher: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="卖家承担的优惠券（每单金额）",
            en="Seller-funded voucher per order",
            help_zh="每单由您承担的优惠金额，在上面的折扣之后再减；与售价同口径（含税或不含税）。",
            help_en=(
                "Money off per order that you pay for, taken after the discount above; with or"
                " without tax as the price is."
            ),
        ),
    ] = 0.0
    shipping_charged: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="向买家收取的运费",
            en="Shipping charged to the shopper",
            help_zh="每个订单向买家收的运费；包邮填 0。",
            help_en="Shipping that the shopper pays per order; 0 when shipping is free.",
        ),
    ] = 0.0
    unit_cost: Annotated[
        Quantity,
        Spec(
            unit=Unit.COST_MONEY,
            at_least=0,
            zh="采购成本",
            en="Unit cost",
            help_zh="每件商品的出厂或采购价（可抵扣的税不计）。",
            help_en="Purchase price of one unit, without tax that you recover.",
        ),
    ]
    inbound_freight: Annotated[
        Quantity,
        Spec(
            unit=Unit.COST_MONEY,
            at_least=0,
            zh="头程运费",
            en="Inbound freight per unit",
            help_zh="每件商品运到海外仓或平台仓的运费。",
            help_en="Freight per unit to the warehouse abroad.",
        ),
    ] = 0.0
    freight_per_shipment: Annotated[
        Quantity,
        Spec(
            unit=Unit.COST_MONEY,
            at_least=0,
            zh="每批头程运费",
            en="Inbound freight per shipment",
            help_zh="整批货报价的运费，按每批进口件数摊到每件；与每件头程运费可二选一，都填则相加。",
            help_en=(
                "Freight quoted for a whole shipment, spread over its units; adds to the freight"
                " per unit where both are given."
            ),
        ),
    ] = 0.0
    packaging: Annotated[
        Quantity,
        Spec(
            unit=Unit.COST_MONEY,
            at_least=0,
            zh="包装与贴标",
            en="Packaging and labels per unit",
            help_zh="每件商品的包装、贴标、质检费用。",
            help_en="Packaging, labelling and inspection per unit.",
        ),
    ] = 0.0
    units_per_shipment: Annotated[
        Quantity,
        Spec(
            unit=Unit.COUNT,
            above=0,
            zh="每批进口件数",
            en="Units per import shipment",
            help_zh="一批货报关多少件；每批的运费、保险费、清关费和有最低、最高额的规费按它摊到每件。",
            help_en=(
                "Units entered through customs together; freight, insurance and clearance of a"
                " shipment and fees with a minimum or maximum are spread over them."
            ),
        ),
    ] = 1.0
    material: Annotated[
        Text,
        Spec(
            unit=Unit.TEXT,
            zh="材质",
            en="Material",
            help_zh="材质决定海关编码和附加关税，例如不锈钢、塑料、棉。",
            help_en=(
                "The material decides the customs line and additional duties: steel, plastic,"
                " cotton."
            ),
        ),
    ] = ""
    customs_line: Annotated[
        Text,
        Spec(
            unit=Unit.TEXT,
            zh="海关编码（HS／HTS／CN）",
            en="Customs line (HS, HTS, CN)",
            help_zh="进口国的商品编码，关税以它为准。",
            help_en="The importing country's code of the goods; it decides the duty.",
        ),
    ] = ""
    origin: Annotated[
        Text,
        Spec(
            unit=Unit.TEXT,
            zh="原产国",
            en="Country of origin",
            help_zh="两位国家代码，例如 CN。",
            help_en="Two-letter country code, such as CN.",
        ),
    ] = ""

    @property
    def price_paid(self) -> float:
        """What a shopper pays for one unit at the likely values (`paid_per_unit`) [sales
        currency].
        """
        return float(
            paid_per_unit(
                point_value(self.price),
                point_value(self.discount_rate),
                point_value(self.voucher),
                point_value(self.shipping_charged),
                point_value(self.units_per_order),
            )
        )
