"""What is taken of a sale: the marketplace's commission, payment, and getting the parcel there and
back.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import Section, Spec, Unit, year_of_mean_one
from funnel_sim.scenario.quantity import Quantity, point_value
from funnel_sim.words import Words

CommissionMode = Literal["flat", "marginal", "whole"]


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
        if self.commission_cap is not None and point_value(self.commission_cap) < point_value(
            self.commission_minimum
        ):
            raise PydanticCustomError(
                "cap_low",
                "cap below minimum",
                {"field": "commission_cap", "shown": f"{point_value(self.commission_cap):g}"},
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
        Spec(
            unit=Unit.COUNT,
            at_least=0,
            zh="每月提现次数",
            en="Payouts per month",
            help_zh="每次提现都付一次提现手续费。",
            help_en="The fee of a payout is due each time.",
        ),
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
            help_zh=(
                "1 单位销售币种到手多少成本币种。填了它，汇损就是 1 − 它 ÷ 汇率，上一项不再使用。"
            ),
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
            help_zh=(
                "各日历月的配送费是上面金额的几倍，平均为 1；上面的金额是全年平均，稳定月用它。"
            ),
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
            year_of_mean_one(name, getattr(self, name))
        return self
