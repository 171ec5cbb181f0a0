"""The scenario: every input of the model, each field declared once.

A field's place is its path ("product.price", "channels.ads.cpc"); its last part is its symbol in
the formulas of `model.sheet`, so symbols are unique (a test holds that; a field with the name of a
figure has its section before it). Rates are fractions; `MONEY` is in the sales currency,
`COST_MONEY` in the cost currency. Channels are found by their `id`, not their position, so that a
stream of chance stays with its channel.
"""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self, cast, get_args

from babel.numbers import list_currencies
from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.errors import InputError, Problem, refuse
from funnel_sim.reference.parameters import YEARS, exchange
from funnel_sim.scenario.chance import Chance, Shock
from funnel_sim.scenario.coming_back import repeats
from funnel_sim.scenario.fields import (
    LARGEST,
    LONGEST_HORIZON,
    Section,
    Spec,
    Text,
    Unit,
    unreadable,
)
from funnel_sim.scenario.kpis import (
    MONEY_METRICS,
    MOST_KPIS,
    STEADY_METRICS,
    Kpi,
    Promise,
    StoreHistory,
    Verdicts,
)
from funnel_sim.scenario.problems import declared_at, path_of, problems
from funnel_sim.scenario.quantity import Pert, Quantity, is_range, likely
from funnel_sim.scenario.quotes import ALTERNATIVES, MOST_QUOTES, Comparison, Option
from funnel_sim.words import Words

MOST_CHANNELS = 12
MOST_SHOCKS = 12
LONGEST_LTV = 120
MOST_ANNOUNCED = 24
_HAIR = 1e-9
_DEEPEST = 12
_NEARLY_ONE = 1.5  # dearer or cheaper than that, a rate of exactly 1 is a rate that nobody gave


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies("en"))


def _known_currency(code: str) -> str:
    if code not in _currencies():
        raise PydanticCustomError("currency", "not a currency code", {"shown": code})
    return code


def _worth(one: str, other: str, on: dt.date) -> float | None:
    """Return what one unit of a currency is in another where that is known and nothing like 1."""
    try:
        rate = exchange(one, other, on)
    except InputError:
        return None
    return None if 1 / _NEARLY_ONE < rate < _NEARLY_ONE else rate


Currency = Annotated[str, AfterValidator(_known_currency)]
TaxSituation = Literal["seller_remits", "marketplace_remits", "outside_price", "not_registered"]
CommissionMode = Literal["flat", "marginal", "whole"]
RetentionKind = Literal["constant", "frequency", "sbg", "bgnbd", "table"]
ChannelKind = Literal["cpc", "cpm", "share", "organic", "list", "orders"]


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


DutyBase = Literal["customs", "sale"]


class DutyLayer(Section):
    """A duty on top of the general rate: Section 301, Section 232, a parcel tax; `rate` of the
    customs value or of the sale, `per_unit` in money.
    """

    name: Annotated[
        Text, Spec(unit=Unit.TEXT, zh="附加关税名称", en="Name of the additional duty")
    ] = ""
    rate: Annotated[
        float, Spec(unit=Unit.RATE, zh="附加税率", en="Additional rate", at_least=0, at_most=10)
    ] = 0.0
    base: Annotated[
        DutyBase,
        Spec(
            unit=Unit.TEXT,
            zh="计税基数",
            en="Charged on",
            choices={
                "customs": Words("完税价格", "Customs value"),
                "sale": Words("不含税售价（小包）", "Sale price without tax (parcels)"),
            },
        ),
    ] = "customs"
    per_unit: Annotated[
        float, Spec(unit=Unit.MONEY, zh="每件定额", en="Amount per unit", at_least=0)
    ] = 0.0


class TaxRules(Section):
    """Tax on the sale and at the border."""

    situation: Annotated[
        TaxSituation,
        Spec(
            unit=Unit.TEXT,
            zh="增值税／销售税由谁申报",
            en="Who remits the tax on sales",
            help_zh="决定售价里的税归谁缴，以及进口税能否抵扣。",
            help_en=(
                "Decides who pays over the tax in the price, and whether import tax can be"
                " recovered."
            ),
            choices={
                "seller_remits": Words("卖家申报缴纳", "Seller remits"),
                "marketplace_remits": Words("平台代扣代缴", "Marketplace remits"),
                "outside_price": Words("税在价外（美国式）", "Outside the price (US style)"),
                "not_registered": Words("卖家未登记税号", "Seller not registered"),
            },
        ),
    ] = "not_registered"
    tax_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="增值税／销售税率",
            en="VAT / sales tax rate",
            help_zh="对净价加征的税率：19% 的税在含税价里占 16%。",
            help_en="Rate on the net price: 19% on top is 16% of the price with tax.",
        ),
    ] = 0.0
    duty_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=10,
            zh="关税率（基本）",
            en="Duty rate (general)",
            help_zh=(
                "按完税价格计的基本税率；附加关税在下面逐层填写，没有分层时合计填在这里也可以。"
                "以您的海关编码为准。"
            ),
            help_en=(
                "General rate on the customs value; additional duties stand below, layer by layer,"
                " or all in one here. Your own customs line decides."
            ),
        ),
    ] = 0.0
    duty_layers: Annotated[
        list[DutyLayer],
        Spec(
            unit=Unit.TEXT,
            zh="附加关税",
            en="Additional duties",
            help_zh="在基本税率之上逐层加征的关税：301、232、小包税等，各有税率和基数。",
            help_en=(
                "Duties on top of the general rate, each with its rate and base: Section 301,"
                " Section 232, parcel taxes."
            ),
        ),
    ] = Field(default_factory=list)
    entry_fee_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="进口规费率",
            en="Entry fee rate",
            help_zh="按一批货的完税价格计的规费，例如美国 MPF 0.3464%。",
            help_en="Fee on the customs value of a shipment, such as the US MPF of 0.3464%.",
        ),
    ] = 0.0
    entry_fee_minimum: Annotated[
        Quantity,
        Spec(unit=Unit.MONEY, at_least=0, zh="每批最低规费", en="Minimum entry fee per shipment"),
    ] = 0.0
    entry_fee_maximum: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.MONEY,
            above=0,
            zh="每批最高规费",
            en="Maximum entry fee per shipment",
            help_zh="没有上限则留空。",
            help_en="Empty where there is none.",
        ),
    ] = None
    harbour_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="港口维护费率",
            en="Harbour fee rate",
            help_zh="海运进口按完税价格计，美国 0.125%。",
            help_en="On the customs value of sea freight; 0.125% in the US.",
        ),
    ] = 0.0
    insurance_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="货运保险费率",
            en="Cargo insurance rate",
            help_zh="按货值加头程运费计。",
            help_en="On the goods and their freight.",
        ),
    ] = 0.0
    insurance_per_shipment: Annotated[
        Quantity,
        Spec(
            unit=Unit.COST_MONEY,
            at_least=0,
            zh="每批货运保险费",
            en="Cargo insurance per shipment",
            help_zh="整批货的保险费金额，计入 CIF；与保险费率可二选一，都填则相加。",
            help_en=(
                "Premium of a whole shipment, part of CIF; adds to the rate where both are given."
            ),
        ),
    ] = 0.0
    clearance_per_shipment: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="每批清关费",
            en="Customs clearance per shipment",
            help_zh="报关行、ISF 等每批一次的费用。",
            help_en="Broker, filing and other charges that fall once a shipment.",
        ),
    ] = 0.0
    customs_includes_freight: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="完税价格含运费（CIF）",
            en="Customs value includes freight (CIF)",
            help_zh="欧盟、英国、日本按 CIF；美国按 FOB。",
            help_en="CIF in the EU, the UK and Japan; FOB in the US.",
        ),
    ] = True
    import_tax_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="进口增值税率",
            en="Import tax rate",
            help_zh="按 CIF 加关税计征；美国没有。",
            help_en="On CIF plus duty; there is none in the US.",
        ),
    ] = 0.0
    import_tax_recoverable: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="进口税可抵扣",
            en="Import tax is recovered",
            help_zh="有当地税号并申报才可抵扣；否则进口税就是成本。",
            help_en="Only a registered seller can recover it; otherwise it is a cost.",
        ),
    ] = False
    tax_on_fees: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="平台费用上不可抵扣的税",
            en="Tax on platform fees, not recovered",
            help_zh=(
                "平台在佣金、配送费和广告费上加收、而您抵扣不了的税；可抵扣或反向征收填 0。"
                "下面可为配送和广告另填。"
            ),
            help_en=(
                "Tax added to commission, fulfilment and ads that you cannot recover; 0 when"
                " recovered. Fulfilment and ads may have their own below."
            ),
        ),
    ] = 0.0
    tax_on_fulfilment: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="配送与仓储费上的税",
            en="Tax on fulfilment and storage fees",
            help_zh="留空则与平台费用相同。",
            help_en="Empty: as on platform fees.",
        ),
    ] = None
    tax_on_ads: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="广告费上的税",
            en="Tax on ads",
            help_zh="留空则与平台费用相同。",
            help_en="Empty: as on platform fees.",
        ),
    ] = None

    @model_validator(mode="after")
    def _recovery(self) -> Self:
        if self.situation == "not_registered" and self.import_tax_recoverable:
            raise PydanticCustomError(
                "recovery", "not registered", {"field": "import_tax_recoverable", "shown": "true"}
            )
        return self


class Tier(Section):
    """One step of a schedule: `rate` applies up to and including `upto` (None: without end)."""

    upto: Annotated[
        float | None, Spec(unit=Unit.MONEY, above=0, zh="价格上限", en="Up to a price of")
    ] = None
    rate: Annotated[float, Spec(unit=Unit.RATE, zh="档内费率", en="Tier rate", at_least=0, below=1)]


class Band(Section):
    """A fixed fee by price: `fee` applies up to and including `upto` (None: without end)."""

    upto: Annotated[
        float | None, Spec(unit=Unit.MONEY, above=0, zh="价格上限", en="Up to a price of")
    ] = None
    fee: Annotated[float, Spec(unit=Unit.MONEY, zh="固定费用", en="Fixed fee", at_least=0)]


def _steps(steps: list[Any]) -> list[Any]:
    ends = [step.upto for step in steps]
    closed = ends[:-1]
    if not steps or ends[-1] is not None or None in closed or closed != sorted(set(closed)):
        shown = " / ".join("∞" if e is None else f"{e:g}" for e in ends)
        raise PydanticCustomError("steps", "bounds must rise, the last open", {"shown": shown})
    return steps


class Commission(Section):
    """What the marketplace takes of a sale."""

    commission_mode: Annotated[
        CommissionMode,
        Spec(
            unit=Unit.TEXT,
            zh="佣金算法",
            en="Commission method",
            help_zh="单一费率；超额累进（只有超出部分用新费率）；全额累进（跨档后全价用新费率）。",
            help_en=(
                "One rate; marginal tiers (the new rate only on the part above the bound);"
                " whole-amount tiers (the new rate on the full price)."
            ),
            choices={
                "flat": Words("单一费率", "One rate"),
                "marginal": Words("超额累进", "Marginal tiers"),
                "whole": Words("全额累进", "Whole-amount tiers"),
            },
        ),
    ] = "flat"
    tiers: Annotated[
        list[Tier],
        AfterValidator(_steps),
        Spec(
            unit=Unit.TEXT,
            zh="佣金费率表",
            en="Commission rates",
            help_zh="按价格从低到高；边界价归哪一档见下；最后一档不设上限。",
            help_en=(
                "By price, rising; which tier a price exactly on a bound belongs to is set below;"
                " the last tier has no bound."
            ),
        ),
    ] = Field(default_factory=lambda: [Tier(rate=0.0)])
    commission_minimum: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="最低佣金",
            en="Minimum commission",
            help_zh="每件（或每单）至少收这么多。",
            help_en="At least this much per item (or order).",
        ),
    ] = 0.0
    commission_cap: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.MONEY,
            above=0,
            zh="佣金封顶",
            en="Commission cap",
            help_zh="每件（或每单）最多收这么多；没有封顶则留空。",
            help_en="At most this much per item (or order); empty where there is none.",
        ),
    ] = None
    fixed_bands: Annotated[
        list[Band],
        AfterValidator(_steps),
        Spec(
            unit=Unit.TEXT,
            zh="固定费用（按价格分档）",
            en="Fixed fee by price",
            help_zh="按比例佣金之外每件（或每单）再收的固定费用。",
            help_en="A fixed fee per item (or order) on top of the percentage.",
        ),
    ] = Field(default_factory=lambda: [Band(fee=0.0)])
    order_fee: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="每单平台处理费",
            en="Platform fee per order",
            help_zh="平台每单另收的固定处理费，退款不退。",
            help_en="A fixed fee the platform adds per order, not given back on a refund.",
        ),
    ] = 0.0
    commission_per: Annotated[
        Literal["item", "order"],
        Spec(
            unit=Unit.TEXT,
            zh="计费单位",
            en="Charged per",
            help_zh="档位、最低、封顶和固定费用按每件还是每单计算。",
            help_en=(
                "Whether tiers, minimum, cap and fixed fee look at one item or the whole order."
            ),
            choices={"item": Words("每件", "Item"), "order": Words("每单", "Order")},
        ),
    ] = "item"
    commission_on_shipping: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="运费也计佣",
            en="Charged on shipping too",
            help_zh="佣金基数是否含向买家收的运费。",
            help_en="Whether shipping paid by the shopper is in the base.",
        ),
    ] = False
    shipping_commission: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="运费的佣金率",
            en="Commission rate on shipping",
            help_zh="平台对运费另定费率时填写；此时运费不再计入上面的基数。留空则按上一项。",
            help_en=(
                "Where shipping has a rate of its own; it is then outside the base above. Empty: as"
                " the switch above says."
            ),
        ),
    ] = None
    tier_bound: Annotated[
        Literal["upto", "from"],
        Spec(
            unit=Unit.TEXT,
            zh="边界价归哪一档",
            en="A price on the bound belongs to",
            help_zh="“不超过 X”为较低一档，“达到 X”为较高一档。",
            help_en="“X or less” is the lower tier, “from X” or “reaches X” the upper one.",
            choices={
                "upto": Words("较低一档（不超过）", "The lower tier (up to)"),
                "from": Words("较高一档（达到）", "The upper tier (from)"),
            },
        ),
    ] = "upto"
    commission_on_tax: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="按含税价计佣",
            en="Charged on the price with tax",
            help_zh="佣金基数是否含税。",
            help_en="Whether the tax is in the base.",
        ),
    ] = False
    commission_before_discount: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="按折前价计佣",
            en="Charged before the discount",
            help_zh="佣金基数是否为扣除卖家折扣之前的价格。",
            help_en="Whether the base is the price before your own discount.",
        ),
    ] = False
    refund_kept_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="退款时不退的佣金",
            en="Commission kept on a refund",
            help_zh="退款后平台不退的佣金比例（退款管理费）；固定费用不退。",
            help_en=(
                "Share of the percentage commission that is not given back on a refund; the fixed"
                " fee is never given back."
            ),
        ),
    ] = 0.0
    refund_kept_cap: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="不退佣金的上限",
            en="Cap on the commission kept",
            help_zh="退款管理费每件（或每单）最多这么多；没有上限则留空。",
            help_en=(
                "The refund administration fee is at most this much; empty where there is none."
            ),
        ),
    ] = None

    @model_validator(mode="after")
    def _flat_is_one_rate(self) -> Self:
        if self.commission_cap is not None and likely(self.commission_cap) < likely(
            self.commission_minimum
        ):
            raise PydanticCustomError(
                "cap_low",
                "cap below minimum",
                {"field": "commission_cap", "shown": f"{likely(self.commission_cap):g}"},
            )
        if self.commission_mode == "flat" and len(self.tiers) != 1:
            raise PydanticCustomError(
                "flat_tiers", "flat has one", {"field": "tiers", "shown": str(len(self.tiers))}
            )
        return self


class Payment(Section):
    """Getting paid and bringing the money home."""

    payment_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="支付手续费率",
            en="Payment fee rate",
            help_zh="按买家实付总额（含税含运费）计；退款不退。",
            help_en="On everything the shopper pays, tax and shipping included; not refunded.",
        ),
    ] = 0.0
    payment_fixed: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="每单固定支付费",
            en="Fixed payment fee per order",
            help_zh="每笔交易的固定手续费，低价商品受影响最大。",
            help_en="Fixed fee per payment; it weighs most on cheap orders.",
        ),
    ] = 0.0
    payment_tax: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="支付手续费上的税",
            en="Tax on the payment fee",
            help_zh="支付机构在手续费上加收、而您抵扣不了的税。",
            help_en="Tax that the provider adds to its fee and you cannot recover.",
        ),
    ] = 0.0
    payout_fee: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="每次提现手续费",
            en="Fee per payout",
            help_zh="每次回款或提现的固定费用。",
            help_en="Fixed fee of each payout or withdrawal.",
        ),
    ] = 0.0
    payouts_month: Annotated[
        Quantity,
        Spec(unit=Unit.COUNT, at_least=0, zh="每月提现次数", en="Payouts per month"),
    ] = 0.0
    fx_spread: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="汇损与提现手续费",
            en="FX spread and withdrawal",
            help_zh=(
                "收回平台货款时的汇损（点差）和提现手续费，占收回金额的比例；两种币种相同也收，"
                "没有这项费用填 0。"
            ),
            help_en=(
                "Spread and withdrawal fee on the proceeds brought home; it applies with one"
                " currency too: type 0 where there is none."
            ),
        ),
    ] = 0.0
    bank_rate: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.FACTOR,
            above=0,
            zh="银行实际结汇汇率",
            en="Exchange rate that the bank really gives",
            help_zh="1 单位销售币种到手多少成本币种。填了它，汇损就是 1 − 它 ÷ 汇率，上一项不再使用。",
            help_en=(
                "Cost currency received for one unit of the sales currency. With it the loss is 1 −"
                " this ÷ exchange rate, and the field above is not used."
            ),
        ),
    ] = None
    fx_on: Annotated[
        Literal["net", "gross"],
        Spec(
            unit=Unit.TEXT,
            zh="汇损计在",
            en="FX loss is charged on",
            help_zh="平台先扣费再回款，多按到账净额；全部货款先换汇的按总额。",
            help_en=(
                "Usually on the proceeds after fees deducted abroad; on all proceeds where"
                " everything is converted first."
            ),
            choices={
                "net": Words("扣费后的货款", "Proceeds after fees"),
                "gross": Words("全部货款", "All proceeds"),
            },
        ),
    ] = "net"
    chargeback_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="拒付率",
            en="Chargeback rate",
            help_zh="被银行追回且申诉失败的订单比例。",
            help_en="Share of paid orders lost to a chargeback.",
        ),
    ] = 0.0
    chargeback_fee: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="拒付处理费",
            en="Chargeback fee",
            help_zh="每次拒付另收的费用。",
            help_en="Fee per chargeback, on top of the lost sale.",
        ),
    ] = 0.0


class Fulfilment(Section):
    """Getting the parcel to the shopper, and back."""

    fulfilment_per_order: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="尾程配送费（每单）",
            en="Fulfilment per order",
            help_zh="海外仓出库与本地派送，每单。",
            help_en="Pick, pack and local delivery per order.",
        ),
    ] = 0.0
    fulfilment_per_unit: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="尾程配送费（每件）",
            en="Fulfilment per unit",
            help_zh="按件计的配送费，例如 FBA。",
            help_en="Fulfilment charged per unit, such as FBA.",
        ),
    ] = 0.0
    parcel_per_order: Annotated[
        Quantity,
        Spec(
            unit=Unit.COST_MONEY,
            at_least=0,
            zh="直邮小包运费",
            en="Direct parcel per order",
            help_zh="从国内直发的小包运费，每单，按成本币种。",
            help_en="Cross-border parcel sent from home, per order, in the cost currency.",
        ),
    ] = 0.0
    storage_per_unit_month: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="每件每月仓储费",
            en="Storage per unit and month",
            help_zh="一件商品存放一个月的费用。",
            help_en="Cost of keeping one unit for one month.",
        ),
    ] = 0.0
    months_in_storage: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONTHS,
            at_least=0,
            at_most=60,
            zh="平均库龄",
            en="Months in storage",
            help_zh="一件商品从入仓到售出的平均月数。",
            help_en="Average months between arrival and sale of a unit.",
        ),
    ] = 0.0
    fee_season: Annotated[
        list[float],
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            zh="配送费季节系数（1–12 月）",
            en="Fulfilment fee by calendar month",
            help_zh="各日历月的配送费是上面金额的几倍，平均为 1；上面的金额是全年平均，稳定月用它。",
            help_en=(
                "Fulfilment fee of each calendar month as a multiple of the amount above, mean 1;"
                " the amount above is the year's mean, and the steady month uses it."
            ),
        ),
    ] = Field(default_factory=lambda: [1.0] * 12)
    storage_season: Annotated[
        list[float],
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            zh="仓储费季节系数（1–12 月）",
            en="Storage fee by calendar month",
            help_zh="旺季仓储更贵：各日历月是上面金额的几倍，平均为 1。",
            help_en=(
                "Storage costs more in the last quarter: multiples of the amount above by calendar"
                " month, mean 1."
            ),
        ),
    ] = Field(default_factory=lambda: [1.0] * 12)
    return_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="退货率",
            en="Return rate",
            help_zh="退款订单占支付订单的比例。",
            help_en="Refunded orders over paid orders.",
        ),
    ] = 0.0
    refund_share: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="退款比例",
            en="Share of the price refunded",
            help_zh="退款时退回货款的比例，通常 100%。",
            help_en="Share of the goods' price given back, usually all of it.",
        ),
    ] = 1.0
    refund_includes_shipping: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="退款含运费",
            en="Refund includes shipping",
            help_zh="退款时是否也退还买家付的运费。",
            help_en="Whether the shopper's shipping is refunded too.",
        ),
    ] = True
    return_handling: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="每次退货处理费",
            en="Cost of handling a return",
            help_zh="退货运费、质检、上架，每个退货订单。",
            help_en="Return freight, inspection and restocking per returned order.",
        ),
    ] = 0.0
    resellable_share: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="退货可二次销售比例",
            en="Returns that can be resold",
            help_zh="退回后仍可按新品销售的比例。",
            help_en="Share of returned goods that can be sold as new.",
        ),
    ] = 0.0

    @model_validator(mode="after")
    def _years(self) -> Self:
        for name in ("fee_season", "storage_season"):
            _year_of_mean_one(name, getattr(self, name))
        return self


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

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        _conversion_given(self.cvr, self.checkout_rate)
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
                        {"field": whole, "shown": f"{likely(getattr(self, whole)):g}"},
                    )
        if self.cvr is not None and self.checkout_start_rate is not None:
            raise PydanticCustomError(
                "conversion_both",
                "both given",
                {"field": "checkout_start_rate", "shown": f"{likely(self.checkout_start_rate):g}"},
            )
        place = "add_to_cart_rate" if self.product_view_rate is None else "cart_of_views_rate"
        _cart_holds_orders(self.cvr, self.cart_rate, self.payment_success_rate, place)
        return self

    @property
    def cart_rate(self) -> Any:
        """Carts over visits at the likely values: as typed, or product views over visits × carts
        over views; None where unknown.
        """
        if self.product_view_rate is None or self.cart_of_views_rate is None:
            return self.add_to_cart_rate
        return likely(self.product_view_rate) * likely(self.cart_of_views_rate)

    @property
    def has_rate(self) -> bool:
        """Whether a visit's chance of an order is known: a conversion rate, or both steps."""
        steps = self.cart_rate is not None and (
            self.checkout_rate is not None or self.checkout_start_rate is not None
        )
        return self.cvr is not None or steps


def _conversion_given(cvr: Any, checkout: Any) -> None:
    if cvr is not None and checkout is not None:
        raise PydanticCustomError(
            "conversion_both",
            "both given",
            {"field": "checkout_rate", "shown": f"{likely(checkout):g}"},
        )


def _cart_holds_orders(cvr: Any, cart: Any, paid: Any, place: str = "add_to_cart_rate") -> None:
    if cvr is not None and cart is not None and likely(cvr) > likely(cart) * likely(paid):
        raise PydanticCustomError(
            "carts_few",
            "fewer carts than orders",
            {
                "field": place,
                "shown": f"{likely(cart):g}",
                "least": f"{likely(cvr) / likely(paid):g}",
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
        if self.kind == "cpc" and self.ctr is not None and not likely(self.ctr) > 0:
            raise PydanticCustomError(
                "ctr_zero", "clicks without impressions", {"field": "ctr", "shown": "0"}
            )
        if likely(self.elasticity) > 0 and self.reference_budget is None:
            raise PydanticCustomError(
                "reference_missing", "needs a reference budget", {"field": "reference_budget"}
            )
        _conversion_given(self.channel_cvr, self.channel_checkout_rate)
        return self


ANNOUNCED_IN = ("product", "tax", "commission", "payment", "fulfilment", "fixed")
"""Sections whose numbers may change from a month on."""


class Announced(Section):
    """A number that changes from a month of the plan on: a fee, a tax, a price that is announced or
    planned.
    """

    field: Annotated[Text, Spec(unit=Unit.TEXT, zh="哪一项", en="Which number")]
    month: Annotated[
        int,
        Spec(
            unit=Unit.COUNT, at_least=1, at_most=LONGEST_HORIZON, zh="从第几个月起", en="From month"
        ),
    ] = 1
    value: Annotated[float, Spec(unit=Unit.FACTOR, zh="新的数值", en="New value")] = 0.0


def _year_of_mean_one(name: str, factors: list[float]) -> None:
    if len(factors) != 12 or abs(sum(factors) / 12 - 1) > 0.005:
        mean = sum(factors) / max(1, len(factors))
        raise PydanticCustomError(
            "season", "12 of mean 1", {"field": name, "shown": f"{len(factors)} × {mean:.3f}"}
        )


class Plan(Section):
    """How the months differ: start, ramp, season, budget."""

    start_month: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=12,
            zh="起始月份",
            en="First calendar month",
            help_zh="第 1 个月是几月，用于季节指数。",
            help_en="Calendar month of month 1, for the season.",
        ),
    ] = 1
    horizon_months: Annotated[
        int,
        Spec(
            unit=Unit.MONTHS,
            at_least=1,
            at_most=LONGEST_HORIZON,
            zh="测算期（月）",
            en="Horizon in months",
            help_zh="1 到 36 个月。",
            help_en="1 to 36 months.",
        ),
    ] = 12
    ramp_start: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="新店起步转化率（占成熟期）",
            en="Conversion at the start, share of mature",
            help_zh="第 1 个月的转化率是成熟期的百分之几；老店填 100%。",
            help_en=(
                "Conversion in month 1 as a share of the mature rate; 100% for an established"
                " store."
            ),
        ),
    ] = 1.0
    organic_ramp_start: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="新店起步自然流量（占成熟期）",
            en="Organic traffic at the start, share of mature",
            help_zh="第 1 个月的自然曝光是成熟期的百分之几。",
            help_en="Organic impressions in month 1 as a share of the mature level.",
        ),
    ] = 1.0
    ramp_months: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONTHS,
            at_least=0,
            at_most=LONGEST_HORIZON,
            zh="爬坡月数",
            en="Ramp in months",
            help_zh="经过几个月直线升到成熟期；0 表示没有爬坡。",
            help_en="Months until the mature level, in a straight line; 0 means no ramp.",
        ),
    ] = 0.0
    season: Annotated[
        list[float],
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            zh="季节指数（1–12 月）",
            en="Season index, January to December",
            help_zh="12 个月的销售指数，平均为 1；作用在转化上。",
            help_en="Twelve indices of mean 1 by calendar month; they act on conversion.",
        ),
    ] = Field(default_factory=lambda: [1.0] * 12)
    budget_plan: Annotated[
        list[float],
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            zh="逐月预算系数",
            en="Budget by month, relative to the monthly budget",
            help_zh="第 1、2、3… 月的预算是月预算的几倍；最后一个数一直沿用；留空为不变。",
            help_en=(
                "Budget of months 1, 2, 3 … as a multiple of the monthly budget; the last one"
                " carries on; empty: unchanged."
            ),
        ),
    ] = Field(default_factory=list)
    announced: Annotated[
        list[Announced],
        Spec(
            unit=Unit.TEXT,
            zh="已公布的变动",
            en="Announced changes",
            help_zh="从某个月起改变的费率、税率或价格；稳定月取前 12 个月的平均。",
            help_en=(
                "Fees, taxes or prices that change from a month on; the steady month takes the mean"
                " of the first twelve."
            ),
        ),
    ] = Field(default_factory=list)

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        _year_of_mean_one("season", self.season)
        if len(self.announced) > MOST_ANNOUNCED:
            raise PydanticCustomError(
                "too_many",
                "too many",
                {"field": "announced", "shown": str(len(self.announced)), "most": MOST_ANNOUNCED},
            )
        if len(self.budget_plan) > LONGEST_HORIZON:
            raise PydanticCustomError(
                "budget_plan",
                "too long",
                {
                    "field": "budget_plan",
                    "shown": str(len(self.budget_plan)),
                    "limit": LONGEST_HORIZON,
                },
            )
        return self


def _fitted(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    return Spec(unit=Unit.FACTOR, above=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


_OF_KIND: dict[str, tuple[str, ...]] = {
    "constant": ("repeat_probability",),
    "frequency": ("orders_a_year", "lifespan_years"),
    "sbg": ("sbg_alpha", "sbg_beta"),
    "bgnbd": ("bgnbd_r", "bgnbd_alpha", "bgnbd_a", "bgnbd_b"),
    "table": ("age_orders",),
}

STEPPED = ("constant", "sbg")
"""Ways of coming back that go by intervals; with the others `repeat_interval` only says within how
many months the repurchase rate is counted.
"""


class Customers(Section):
    """What a customer brings after the first order."""

    retention: Annotated[
        RetentionKind,
        Spec(
            unit=Unit.TEXT,
            zh="复购模型",
            en="How customers come back",
            help_zh=(
                "恒定：每个买家每次都以同样的概率再来。年购买次数：每年买几次、持续几年。"
                "sBG：各个买家去留的概率不同。BG/NBD：各有快慢，"
                "会在某次之后不再来（由交易记录拟合）。表格：逐月填写。"
            ),
            help_en=(
                "Constant: everybody comes back with the same probability each time. Orders a year:"
                " so many a year, for so many years. sBG: customers differ in how likely they stay."
                " BG/NBD: each at an own pace, until it stops (fitted to transactions). Table:"
                " typed month by month."
            ),
            choices={
                "constant": Words("恒定概率", "Constant probability"),
                "frequency": Words("年购买次数 × 年数", "Orders a year × years"),
                "sbg": Words("去留不一（sBG）", "Differing loyalty (sBG)"),
                "bgnbd": Words("快慢不一（BG/NBD）", "Differing pace (BG/NBD)"),
                "table": Words("逐月表格", "Table by month"),
            },
        ),
    ] = "constant"
    repeat_probability: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="复购率",
            en="Repurchase rate",
            help_zh="每次购买后，过一个复购间隔再次购买的概率（恒定）。",
            help_en="Probability, the same after every order, of buying again after one interval.",
        ),
    ] = 0.0
    repeat_interval: Annotated[
        int,
        Spec(
            unit=Unit.MONTHS,
            at_least=1,
            at_most=LONGEST_HORIZON,
            zh="复购间隔（月）",
            en="Months between orders",
            help_zh=(
                "两次购买之间通常隔几个月。选 BG/NBD 或逐月表格时，它只决定复购率按几个月之内统计，"
                "不影响 LTV。"
            ),
            help_en=(
                "Usual months from one order to the next. With BG/NBD or a table it only says"
                " within how many months the repurchase rate is counted; the LTV does not depend"
                " on it."
            ),
        ),
    ] = 1
    orders_a_year: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.FACTOR,
            above=0,
            at_most=365,
            zh="每年购买次数",
            en="Orders a year",
            help_zh="一个买家平均每年下几单，首单算在内。",
            help_en="Orders that a customer places a year on average, the first one counted.",
        ),
    ] = None
    lifespan_years: Annotated[
        Quantity | None,
        Spec(
            unit=Unit.FACTOR,
            at_least=0.25,
            at_most=10,
            zh="持续年数",
            en="Years as a customer",
            help_zh="买家平均持续购买几年。总订单数 = 每年次数 × 年数，首单之后的各单均匀分布在其余月份。",
            help_en=(
                "Years that a customer keeps buying on average. Orders in all = orders a year ×"
                " years; those after the first are spread evenly over the remaining months."
            ),
        ),
    ] = None
    sbg_alpha: Annotated[
        Quantity | None,
        _fitted(
            "sBG 参数 α",
            "sBG α",
            "流失一侧：越大，离开得越快。α ÷ (α+β) 是第一次就离开的比例。",
            "Weight of leaving: α over (α + β) is the share that never buys again.",
        ),
    ] = None
    sbg_beta: Annotated[
        Quantity | None,
        _fitted(
            "sBG 参数 β",
            "sBG β",
            "留下一侧：越大，留得越久。",
            "Weight of staying: the larger, the longer customers stay.",
        ),
    ] = None
    bgnbd_r: Annotated[
        Quantity | None,
        _fitted(
            "BG/NBD 参数 r",
            "BG/NBD r",
            "购买快慢的形状：越小，买家之间差别越大。",
            "Shape of the paces: the smaller, the more customers differ.",
        ),
    ] = None
    bgnbd_alpha: Annotated[
        Quantity | None,
        _fitted(
            "BG/NBD 参数 α（月）",
            "BG/NBD α (months)",
            "购买快慢的尺度，以月计：平均每月 r ÷ α 单。",
            "Scale of the paces in months: r over α orders a month on average.",
        ),
    ] = None
    bgnbd_a: Annotated[
        Quantity | None,
        _fitted(
            "BG/NBD 参数 a",
            "BG/NBD a",
            "每次购买后不再来的权重。",
            "Weight of stopping after an order.",
        ),
    ] = None
    bgnbd_b: Annotated[
        Quantity | None,
        _fitted(
            "BG/NBD 参数 b",
            "BG/NBD b",
            "每次购买后仍会来的权重。",
            "Weight of going on after an order.",
        ),
    ] = None
    age_orders: Annotated[
        list[float],
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            zh="首单后各月的订单",
            en="Orders by month after the first",
            help_zh=(
                "一个新客在首单后第 1、2、3… 个月平均下几单；之后为 0。LTV 计到期限为止：12"
                " 个月的期限计前 11 个数。"
            ),
            help_en=(
                "Orders that one new customer places 1, 2, 3 … months after the first; none later."
                " The LTV counts them as far as its horizon: with 12 months, the first 11."
            ),
        ),
    ] = Field(default_factory=list)
    repeat_order_value: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            at_most=20,
            zh="复购单价值（相对平均单）",
            en="Value of a repeat order, relative to the average order",
            help_zh="复购单带来的利润是平均一单的几倍；1 表示一样。只用于 LTV 和回本，各月账本中每一单都按平均计。",
            help_en=(
                "Contribution of a repeat order as a multiple of the average order's; 1 is the"
                " same. It enters LTV and payback; in the months every order counts as the average"
                " one."
            ),
        ),
    ] = 1.0
    referral: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            at_least=0,
            below=1,
            zh="老带新率",
            en="Word-of-mouth rate",
            help_zh="每个支付订单在下个月免费带来的新客数。",
            help_en="New customers that one paid order brings next month without ad cost.",
        ),
    ] = 0.0
    ltv_horizon: Annotated[
        int,
        Spec(
            unit=Unit.MONTHS,
            at_least=1,
            at_most=LONGEST_LTV,
            zh="LTV 期限（月）",
            en="LTV horizon in months",
            help_zh="计算客户终身价值的月数，首单当月是第 1 个月：12 个月即首单当月和之后的 11 个月。",
            help_en=(
                "Months counted into the lifetime value; the month of the first order is the first:"
                " 12 are that month and the 11 after it."
            ),
        ),
    ] = 12
    ltv_discount: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            at_most=1,
            zh="LTV 年折现率",
            en="LTV discount per year",
            help_zh="k 个月后的钱按 (1+年率)^(k/12) 折现。",
            help_en="Money after k months is divided by (1 + rate)^(k/12).",
        ),
    ] = 0.0
    ltv_basis: Annotated[
        Literal["cm2", "cm1", "net_revenue"],
        Spec(
            unit=Unit.TEXT,
            zh="LTV 口径",
            en="LTV basis",
            help_zh="用哪一级利润计算 LTV。",
            help_en="Which margin the lifetime value adds up.",
            choices={
                "cm2": Words("毛利（扣广告前）", "Contribution margin 2"),
                "cm1": Words("商品毛利（扣货值）", "Contribution margin 1"),
                "net_revenue": Words("净销售额", "Net sales"),
            },
        ),
    ] = "cm2"
    ltv_first_order: Annotated[
        bool,
        Spec(
            unit=Unit.TEXT,
            zh="LTV 含首单",
            en="LTV counts the first order",
            help_zh="是否把首单利润计入 LTV。",
            help_en="Whether the first order is in the lifetime value.",
        ),
    ] = True

    @model_validator(mode="after")
    def _kind_is_complete(self) -> Self:
        for name in _OF_KIND[self.retention]:
            value = getattr(self, name)
            if value is None or value == []:
                raise PydanticCustomError("retention_missing", "needs it", {"field": name})
        if len(self.age_orders) > LONGEST_LTV:
            raise PydanticCustomError(
                "budget_plan",
                "too long",
                {"field": "age_orders", "shown": str(len(self.age_orders)), "limit": LONGEST_LTV},
            )
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


OneOffGroup = Literal["localisation", "compliance", "saas", "staff", "other"]
GROUP_WORDS: dict[str, Words] = {
    "localisation": Words("本地化", "Localisation"),
    "compliance": Words("合规", "Compliance"),
    "saas": Words("软件与平台月费", "Software and platform plans"),
    "staff": Words("人员", "Staff"),
    "other": Words("其他", "Other"),
}


class OneOff(Section):
    """A cost that falls once, in its month."""

    name: Text = ""
    group: OneOffGroup = "other"
    amount: Annotated[
        float, Spec(unit=Unit.COST_MONEY, at_least=0, zh="一次性金额", en="One-off amount")
    ]
    month: Annotated[
        int,
        Spec(
            unit=Unit.COUNT,
            at_least=1,
            at_most=LONGEST_HORIZON,
            zh="发生月份",
            en="Month it falls in",
        ),
    ] = 1


def _monthly(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    return Spec(unit=Unit.COST_MONEY, at_least=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


class FixedCosts(Section):
    """What falls every month, or once, whatever is sold."""

    operator_monthly: Annotated[
        Quantity,
        _monthly(
            "服务商月费",
            "Agency's monthly fee",
            "付给服务商（代运营或陪跑）的固定月费。",
            "Fixed monthly fee of the agency.",
        ),
    ] = 0.0
    operator_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=0,
            below=1,
            zh="服务商提成",
            en="Agency's share of sales",
            help_zh="按净销售额（扣税、扣退款）计的提成比例。",
            help_en="Share of net sales (after tax and refunds).",
        ),
    ] = 0.0
    localisation_monthly: Annotated[
        Quantity,
        _monthly(
            "本地化月费",
            "Localisation per month",
            "翻译、内容、KYC 等。",
            "Translation, content, KYC.",
        ),
    ] = 0.0
    compliance_monthly: Annotated[
        Quantity,
        _monthly(
            "合规月费",
            "Compliance per month",
            "税号申报、EPR、产品认证摊到每月。",
            "VAT filing, EPR and certification, per month.",
        ),
    ] = 0.0
    saas_monthly: Annotated[
        Quantity,
        _monthly(
            "软件月费",
            "Software per month",
            "选品、ERP、广告工具等。",
            "Research, ERP and advertising tools.",
        ),
    ] = 0.0
    platform_monthly: Annotated[
        Quantity,
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="平台月租",
            en="Platform plan per month",
            help_zh="平台或建站的月租，按销售币种。",
            help_en="Marketplace or shop plan, in the sales currency.",
        ),
    ] = 0.0
    staff_monthly: Annotated[
        Quantity,
        _monthly(
            "人员月费",
            "Staff per month",
            "自己团队的工资和社保。",
            "Pay and on-cost of your own team.",
        ),
    ] = 0.0
    other_monthly: Annotated[
        Quantity,
        _monthly(
            "其他月费",
            "Other fixed costs per month",
            "房租、拍摄、样品等。",
            "Rent, photos, samples and the like.",
        ),
    ] = 0.0
    own_hours: Annotated[
        Quantity,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="自己每月投入工时（小时）",
            en="Own hours per month",
            help_zh="您和家人为这家店花的时间，不含发工资的员工。",
            help_en="Time that you and your family give the store, paid staff not counted.",
        ),
    ] = 0.0
    own_hours_per_order: Annotated[
        Quantity,
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="自己每单工时（小时）",
            en="Own hours per order",
            help_zh="手工制作、包装等随订单增加的时间。",
            help_en="Time that grows with the orders, such as making and packing.",
        ),
    ] = 0.0
    own_hour_pay: Annotated[
        Quantity,
        _monthly(
            "自己的每小时报酬",
            "Pay per own hour",
            "请人来做要付多少；用于“算上自己工时的利润”。",
            "What somebody else would cost for it; enters the profit after your own work.",
        ),
    ] = 0.0
    one_off: Annotated[
        list[OneOff],
        Spec(
            unit=Unit.TEXT,
            zh="一次性费用",
            en="One-off costs",
            help_zh="按发生的月份计入。",
            help_en="Counted in the month in which they fall.",
        ),
    ] = Field(default_factory=list)


class Scenario(Section):
    """Every input of one calculation; immutable, complete, and valid once it exists."""

    name: Annotated[Text, Spec(unit=Unit.TEXT, zh="名称", en="Name")] = ""
    preset: Annotated[Text, Spec(unit=Unit.TEXT, zh="预设", en="Preset")] = ""
    as_of: Annotated[
        dt.date,
        Field(strict=False),
        Spec(
            unit=Unit.TEXT,
            zh="参数日期",
            en="Parameters as of",
            help_zh="税率、佣金等参数取这一天有效的值。",
            help_en="Rates and fees are those in force on this day.",
        ),
    ]
    platform: Annotated[Text, Spec(unit=Unit.TEXT, zh="平台", en="Platform")] = ""
    market: Annotated[Text, Spec(unit=Unit.TEXT, zh="市场", en="Market")] = ""
    category: Annotated[Text, Spec(unit=Unit.TEXT, zh="类目", en="Category")] = ""
    currency: Annotated[Currency, Spec(unit=Unit.TEXT, zh="销售币种", en="Sales currency")]
    cost_currency: Annotated[Currency, Spec(unit=Unit.TEXT, zh="成本币种", en="Cost currency")]
    fx_rate: Annotated[
        Quantity,
        Spec(
            unit=Unit.FACTOR,
            above=0,
            zh="汇率",
            en="Exchange rate",
            help_zh="1 单位销售币种等于多少成本币种，例如 1 EUR = 8.2 CNY 填 8.2。",
            help_en="Cost currency per one unit of the sales currency: 1 EUR = 8.2 CNY is 8.2.",
        ),
    ] = 1.0
    product: Product
    tax: TaxRules = Field(default_factory=TaxRules)
    commission: Commission = Field(default_factory=Commission)
    payment: Payment = Field(default_factory=Payment)
    fulfilment: Fulfilment = Field(default_factory=Fulfilment)
    conversion: Conversion = Field(default_factory=Conversion)
    channels: Annotated[list[Channel], Spec(unit=Unit.TEXT, zh="渠道", en="Channels")]
    plan: Plan = Field(default_factory=Plan)
    customers: Customers = Field(default_factory=Customers)
    effect: OperatorEffect = Field(default_factory=OperatorEffect)
    fixed: FixedCosts = Field(default_factory=FixedCosts)
    chance: Chance = Field(default_factory=Chance)
    shocks: Annotated[
        list[Shock],
        Spec(
            unit=Unit.TEXT,
            zh="风险事件",
            en="Risk events",
            help_zh="可能发生一次的事：涨费、加税、封号、断货等，各有概率、月份、时长和影响。",
            help_en=(
                "What may happen once: a fee rise, a tariff, a suspension, a stock-out; each with"
                " probability, month, length and effect."
            ),
        ),
    ] = Field(default_factory=list)
    kpis: Annotated[
        list[Kpi],
        Spec(
            unit=Unit.TEXT,
            zh="KPI",
            en="KPIs",
            help_zh="要检验的 KPI。",
            help_en="The KPIs to be tested.",
        ),
    ] = Field(default_factory=list)
    promise: Promise = Field(default_factory=Promise)
    verdicts: Verdicts = Field(default_factory=Verdicts)
    history: StoreHistory = Field(default_factory=StoreHistory)
    options: Annotated[
        list[Option],
        Spec(
            unit=Unit.TEXT,
            zh="报价与替代方案",
            en="Quotes and alternatives",
            help_zh="要比较的报价，以及改动过的替代方案。",
            help_en="The quotes to be compared, and alternatives that were changed.",
        ),
    ] = Field(default_factory=list)
    comparison: Comparison = Field(default_factory=Comparison)

    @model_validator(mode="after")
    def _day_in_reach(self) -> Self:
        first, last = YEARS
        if not first <= self.as_of.year <= last:
            raise PydanticCustomError(
                "date_far",
                "too far",
                {"field": "as_of", "shown": self.as_of.isoformat(), "first": first, "last": last},
            )
        return self

    @model_validator(mode="after")
    def _kpis_differ(self) -> Self:
        kpis = [kpi.id for kpi in self.kpis]
        if len(kpis) > MOST_KPIS:
            raise PydanticCustomError(
                "kpis_count",
                "too many",
                {"field": "kpis", "shown": str(len(kpis)), "most": MOST_KPIS},
            )
        doubles = sorted({i for i in kpis if kpis.count(i) > 1})
        if doubles:
            raise PydanticCustomError(
                "kpis_twice", "ids differ", {"field": "kpis", "shown": ", ".join(doubles)}
            )
        return self

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        ids = [option.id for option in self.options]
        kinds = [option.kind for option in self.options]
        twice = sorted(
            {i for i in ids if ids.count(i) > 1}
            | {kind for kind in ALTERNATIVES if kinds.count(kind) > 1}
        )
        if twice:
            raise PydanticCustomError(
                "options_twice", "ids differ", {"field": "options", "shown": ", ".join(twice)}
            )
        if kinds.count("quote") > MOST_QUOTES:
            raise PydanticCustomError(
                "quotes_count",
                "too many",
                {"field": "options", "shown": str(kinds.count("quote")), "most": MOST_QUOTES},
            )
        known = {kpi.id: kpi for kpi in self.kpis}
        for option in self.options:
            for field, kpi in option.kpis_named():
                if kpi not in known:
                    raise PydanticCustomError(
                        "contract_kpi",
                        "no such KPI",
                        {
                            "field": f"options.{option.id}.{field}",
                            "shown": kpi,
                            "quote": option.name or option.id,
                        },
                    )
                if known[kpi].metric in STEADY_METRICS:
                    raise PydanticCustomError(
                        "contract_kpi_steady",
                        "no month of its own",
                        {"field": f"options.{option.id}.{field}", "shown": kpi},
                    )
            for one in option.rewards:
                if one.form == "excess" and known[one.kpi].metric not in MONEY_METRICS:
                    raise PydanticCustomError(
                        "excess_money",
                        "no money",
                        {"field": f"options.{option.id}.rewards", "shown": one.kpi},
                    )
        return self

    @model_validator(mode="after")
    def _rate_of_currencies(self) -> Self:
        if self.currency == self.cost_currency and likely(self.fx_rate) != 1:
            raise PydanticCustomError(
                "fx_same",
                "same currency",
                {"field": "fx_rate", "shown": f"{likely(self.fx_rate):g}"},
            )
        if (
            self.currency != self.cost_currency
            and self.fx_rate == 1
            and (about := _worth(self.currency, self.cost_currency, self.as_of))
        ):
            raise PydanticCustomError(
                "fx_one",
                "not one",
                {
                    "field": "fx_rate",
                    "shown": "1",
                    "one": self.currency,
                    "other": self.cost_currency,
                    "about": f"{about:.3g}",
                },
            )
        return self

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [channel.id for channel in self.channels]
        if not 1 <= len(ids) <= MOST_CHANNELS:
            raise PydanticCustomError(
                "channels_count",
                "1 to 12",
                {"field": "channels", "shown": str(len(ids)), "most": MOST_CHANNELS},
            )
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise PydanticCustomError(
                "channels_twice", "ids differ", {"field": "channels", "shown": ", ".join(twice)}
            )
        shocks = [shock.id for shock in self.shocks]
        if len(shocks) > MOST_SHOCKS:
            raise PydanticCustomError(
                "shocks_count",
                "too many",
                {"field": "shocks", "shown": str(len(shocks)), "most": MOST_SHOCKS},
            )
        doubled = sorted({i for i in shocks if shocks.count(i) > 1})
        if doubled:
            raise PydanticCustomError(
                "shocks_twice", "ids differ", {"field": "shocks", "shown": ", ".join(doubled)}
            )
        for one in self.chance.correlations:
            for path in (one.a, one.b):
                if not may_vary(path) or self._absent(path):
                    raise PydanticCustomError(
                        "unknown_input",
                        "no such input",
                        {"field": "chance.correlations", "shown": path},
                    )
        customers, q = self.customers, likely(self.customers.referral)
        numbers = {
            name: getattr(customers, name)
            for name in _OF_KIND[customers.retention]
            if name != "age_orders"
        }
        farthest = max(customers.ltv_horizon, self.plan.horizon_months)
        if customers.retention == "bgnbd" and not math.isfinite(
            repeats("bgnbd", numbers, 1, farthest, [])
        ):
            raise PydanticCustomError(
                "bgnbd_no_number",
                "too many orders",
                {"field": "customers.bgnbd_r", "shown": f"{likely(customers.bgnbd_r or 0.0):g}"},
            )
        if (
            q
            and q
            * (
                1
                + repeats(
                    customers.retention,
                    numbers,
                    customers.repeat_interval,
                    customers.ltv_horizon,
                    customers.age_orders,
                )
            )
            > 1 - _HAIR
        ):
            raise PydanticCustomError(
                "referral_explodes",
                "grows for ever",
                {"field": "customers.referral", "shown": f"{q:g}"},
            )
        return self

    @model_validator(mode="after")
    def _announced_fit(self) -> Self:
        for place, one in enumerate(self.plan.announced, 1):
            spec, where = spec_of(one.field), f"plan.announced.{place}"
            if (
                spec is None
                or one.field.partition(".")[0] not in ANNOUNCED_IN
                or not may_vary(one.field)
                or self.get(one.field) is None
            ):
                raise PydanticCustomError(
                    "unknown_input",
                    "no such input",
                    {"field": f"{where}.field", "shown": one.field},
                )
            try:
                spec.check(one.value)
            except PydanticCustomError as error:
                raise PydanticCustomError(
                    error.type,
                    "outside the domain",
                    {**(error.context or {}), "field": f"{where}.value"},
                ) from None
        return self

    @model_validator(mode="after")
    def _converts(self) -> Self:
        if self.payment.bank_rate is not None and likely(self.payment.bank_rate) > likely(
            self.fx_rate
        ):
            shown = {
                "field": "payment.bank_rate",
                "shown": f"{likely(self.payment.bank_rate):g}",
                "rate": f"{likely(self.fx_rate):g}",
            }
            raise PydanticCustomError("bank_rate_high", "above the exchange rate", shown)
        for channel in self.channels:
            if channel.kind == "orders":
                continue
            if (
                not self.conversion.has_rate
                and channel.channel_cvr is None
                and channel.channel_checkout_rate is None
            ):
                raise PydanticCustomError(
                    "conversion_missing", "none given", {"field": "conversion.cvr"}
                )
            own_cart, cart = channel.channel_add_to_cart_rate, self.conversion.cart_rate
            if channel.channel_checkout_rate is not None and own_cart is None and cart is None:
                raise PydanticCustomError(
                    "conversion_missing",
                    "half given",
                    {"field": f"channels.{channel.id}.channel_add_to_cart_rate"},
                )
            if channel.channel_checkout_rate is None:
                cvr = self.conversion.cvr if channel.channel_cvr is None else channel.channel_cvr
                place = f"channels.{channel.id}.channel_add_to_cart_rate"
                _cart_holds_orders(cvr, own_cart, self.conversion.payment_success_rate, place)
        return self

    def _absent(self, path: str) -> bool:
        group, *rest = path.split(".")
        return group in LISTS and all(item.id != rest[0] for item in getattr(self, group))

    # ---- reading -----------------------------------------------------------------------------

    def get(self, path: str) -> Any:
        """Return the value at a path; raises InputError for a path that is no field.

        Channels and one-offs are found by id and by position: "channels.ads.cpc".
        """
        node: Any = self
        for part in path.split("."):
            if isinstance(node, list):
                node = next((c for c in node if getattr(c, "id", None) == part), None)
            elif isinstance(node, Section) and part in type(node).model_fields:
                node = getattr(node, part)
            else:
                node = None
            if node is None and part != path.rsplit(".", 1)[-1]:
                raise refuse(path, None, "unknown_field")
        if node is None and spec_of(path) is None:
            raise refuse(path, None, "unknown_field")
        return node

    def may_be_given(self, path: str) -> bool:
        """Say whether a number may stand at a path of this scenario in place of its own: a field
        that may vary, of an item that there is.
        """
        return may_vary(path) and not self._absent(path)

    def quantities(self) -> Iterator[tuple[str, "Any"]]:
        """Yield (path, value) of every numeric field that may be a range and is given."""
        for path, spec in field_paths(self):
            if spec.unit is not Unit.TEXT:
                value = self.get(path)
                if isinstance(value, (int, float)) or is_range(value):
                    yield path, value

    # ---- making ------------------------------------------------------------------------------

    @classmethod
    def declared(cls, path: str) -> Spec | None:
        """Return the declaration of the field at a path."""
        return spec_of(path)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Scenario":
        """Return the scenario that plain data (as from JSON) describes; raises InputError.

        All problems are found at once, each with its path.
        """
        given, found = _readable(dict(data))
        try:
            made = cls.model_validate(given)
        except ValidationError as error:
            told = {one.where for one in found}
            raise InputError(
                [*found, *(one for one in problems(error, given, spec_of) if one.where not in told)]
            ) from None
        if found:
            raise InputError(found)
        return made

    def plain(self) -> dict[str, Any]:
        """Return the scenario as plain data for JSON; `Scenario.read` gives it back."""
        return self.model_dump(mode="json", by_alias=True)

    def only(self, **lists: list[Any]) -> "Scenario":
        """Return the scenario with fewer items in some of its lists; what was said to move together
        with an item that is gone is gone with it.
        """
        gone = {
            f"{group}.{item.id}."
            for group, kept in lists.items()
            for item in getattr(self, group)
            if item not in kept
        }
        told = [
            one
            for one in self.chance.correlations
            if not any(path.startswith(tuple(gone)) for path in (one.a, one.b))
        ]
        chance = (
            {}
            if len(told) == len(self.chance.correlations)
            else {"chance": self.chance.but(correlations=told)}
        )
        return self.but(**lists, **chance)

    def replace(self, changes: Mapping[str, Any]) -> "Scenario":
        """Return a scenario with the values at some paths changed; raises InputError."""
        data = self.plain()
        for path, value in changes.items():
            place(
                data, path, value.model_dump(mode="json") if isinstance(value, BaseModel) else value
            )
        return Scenario.read(data)


def place(data: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path of plain scenario data, in place; raises InputError for an unknown
    path.
    """
    *parents, last = path.split(".")
    node: Any = data
    for part in parents:
        if isinstance(node, list):
            node = next((c for c in node if isinstance(c, dict) and c.get("id") == part), None)
        else:
            node = node.get(part) if isinstance(node, dict) else None
    if not isinstance(node, dict) or spec_of(path) is None:
        raise refuse(path, value, "unknown_field")
    node[last] = value


@cache
def _specs(section: type[Section]) -> dict[str, Spec]:
    out: dict[str, Spec] = {}
    for name, info in section.model_fields.items():
        spec = next((m for m in info.metadata if isinstance(m, Spec)), None)
        if spec is not None:
            out[name] = spec
    return out


SECTIONS: dict[str, type[Section]] = {
    "product": Product,
    "tax": TaxRules,
    "commission": Commission,
    "payment": Payment,
    "fulfilment": Fulfilment,
    "conversion": Conversion,
    "plan": Plan,
    "customers": Customers,
    "effect": OperatorEffect,
    "fixed": FixedCosts,
    "chance": Chance,
    "promise": Promise,
    "verdicts": Verdicts,
    "history": StoreHistory,
    "comparison": Comparison,
}
LISTS: dict[str, type[Section]] = {
    "channels": Channel,
    "shocks": Shock,
    "kpis": Kpi,
    "options": Option,
}
"""Groups of which a scenario has several; each is found by its id."""


def specs_of(section: type[Section]) -> dict[str, Spec]:
    """Return the declared fields of one section, in order: name → Spec."""
    return dict(_specs(section))


@cache
def _may_vary(section: type[Section], name: str) -> bool:
    info = section.model_fields.get(name)
    return info is not None and _holds_range((info.annotation, *info.metadata))


def _holds_range(parts: Iterable[Any]) -> bool:
    return any(part is Pert or _holds_range(get_args(part)) for part in parts)


def may_vary(path: str) -> bool:
    """Say whether the field at a path may hold a range.

    >>> may_vary("product.price"), may_vary("plan.horizon_months")
    (True, False)
    """
    match path.split("."):
        case [name]:
            return _may_vary(Scenario, name)
        case [group, _, name] if group in LISTS:
            return _may_vary(LISTS[group], name)
        case [section, name] if section in SECTIONS:
            return _may_vary(SECTIONS[section], name)
        case _:
            return False


def varying_paths(scenario: "Scenario") -> list[str]:
    """Return the path of every field of a scenario that may hold a range, given or not.

    >>> from funnel_sim.scenario.presets import preset
    >>> paths = varying_paths(preset("amazon-de-kitchen"))
    >>> "fx_rate" in paths, "channels.ads.cpc" in paths, "plan.horizon_months" in paths
    (True, True, False)
    """
    return [path for path, _ in field_paths(scenario) if may_vary(path)]


_OF_WAY: dict[str, tuple[str, ...]] = {
    "budget": ("cpc", "cpm"),
    "cpc": ("cpc",),
    "cpm": ("cpm",),
    "elasticity": ("cpc", "cpm"),
    "reference_budget": ("cpc", "cpm"),
    "impressions": ("share", "organic", "list"),
    "send_cost": ("list",),
    "ctr": ("cpc", "cpm", "share", "organic", "list"),
    "known_sales": ("orders",),
    "known_spend": ("orders",),
    "cost_per_order": ("orders",),
    "acos_rate": ("orders",),
    "tacos_rate": ("orders",),
    **dict.fromkeys(
        (
            "channel_landing_rate",
            "channel_cvr",
            "channel_add_to_cart_rate",
            "channel_checkout_rate",
        ),
        ("cpc", "cpm", "share", "organic", "list"),
    ),
}
"""The ways of buying visits in which a field of a channel is read."""


def unused(scenario: "Scenario", path: str) -> bool:
    """Say whether a field does nothing in a scenario: those of ways of coming back and of buying
    visits that were not chosen, and a rate of the store that no channel follows.

    >>> from funnel_sim.scenario.presets import preset
    >>> (
    ...     unused(preset("amazon-de-kitchen"), "customers.sbg_alpha"),
    ...     unused(preset("amazon-de-kitchen"), "customers.repeat_probability"),
    ... )
    (True, False)
    """
    if path.startswith("options."):
        return True  # what an option costs and brings is drawn where options are compared
    match path.split("."):
        case ["channels", one, name] if name in _OF_WAY:
            return scenario.get(f"channels.{one}.kind") not in _OF_WAY[name]
        case ["conversion", "cvr" | "checkout_rate"]:
            return all(
                c.kind == "orders"
                or c.channel_cvr is not None
                or c.channel_checkout_rate is not None
                for c in scenario.channels
            )
        case ["conversion", "landing_rate"]:
            return all(
                c.kind == "orders" or c.channel_landing_rate is not None for c in scenario.channels
            )
        case ["payment", "fx_spread"]:
            return scenario.payment.bank_rate is not None
    name = path.removeprefix("customers.")
    kinds = [kind for kind, names in _OF_KIND.items() if name in names]
    return path != name and bool(kinds) and scenario.customers.retention not in kinds


def spec_of(path: str) -> Spec | None:
    """Return the declaration of the field at a path, or None where there is no such field.

    >>> spec_of("channels.ads.cpc").en
    'Cost per click (CPC)'
    """
    parts = path.split(".")
    match parts:
        case [name]:
            return _specs(Scenario).get(name)
        case [group, _, name] if group in LISTS:
            return _specs(LISTS[group]).get(name)
        case [section, name] if section in SECTIONS:
            return _specs(SECTIONS[section]).get(name)
        case _:
            return None


def field_paths(scenario: Scenario) -> Iterator[tuple[str, Spec]]:
    """Yield (path, Spec) of every declared field of a scenario, channel by channel."""
    for name, spec in _specs(Scenario).items():
        if name not in LISTS:
            yield name, spec
    for section, cls in SECTIONS.items():
        for name, spec in _specs(cls).items():
            yield f"{section}.{name}", spec
    for group, cls in LISTS.items():
        for item in getattr(scenario, group):
            for name, spec in _specs(cls).items():
                yield f"{group}.{item.id}.{name}", spec


# ---- what no field can hold ----------------------------------------------------------------------


def _readable(data: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Return plain data without what no field can hold, and what that was: whole numbers beyond
    every float, characters that are none.
    """
    found: list[tuple[tuple[Any, ...], object, str, dict[str, object]]] = []

    def read(node: Any, location: tuple[Any, ...]) -> Any:
        if len(location) > _DEEPEST:
            found.append((location[:_DEEPEST], None, "nested", {}))
            return None
        if isinstance(node, Mapping):
            found.extend(
                ((*location, key), None, "unknown_field", {})
                for key in node
                if unreadable(str(key))
            )
            return {
                key: read(value, (*location, key))
                for key, value in node.items()
                if not unreadable(str(key))
            }
        if isinstance(node, list):
            return [read(value, (*location, index)) for index, value in enumerate(node)]
        if isinstance(node, str) and (mark := unreadable(node)):
            found.append((location, node, "unreadable", {"mark": mark}))
            return "unreadable"
        if isinstance(node, int) and abs(node) > LARGEST:
            found.append(
                (
                    location,
                    node,
                    "at_most" if node > 0 else "at_least",
                    {"limit": f"{LARGEST if node > 0 else -LARGEST:.12g}"},
                )
            )
            return None
        return node

    given = cast("dict[str, Any]", read(data, ()))
    told = []
    for location, value, rule, parts in found:
        path = path_of(location, data)
        spec = declared_at(path, spec_of)
        told.append(Problem(path, value, rule, parts, spec.label if spec else None))
    return given, told
