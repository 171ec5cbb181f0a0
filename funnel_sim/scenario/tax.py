"""Tax on the sale and at the border."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.fields import Section, Spec, Text, Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.words import Words

TaxSituation = Literal["seller_remits", "marketplace_remits", "outside_price", "not_registered"]

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
        Spec(
            unit=Unit.MONEY,
            at_least=0,
            zh="每批最低规费",
            en="Minimum entry fee per shipment",
            help_zh="按货值比例算出的规费不到这个数时，按这个数收。",
            help_en="Due where the share of the goods' value comes to less.",
        ),
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
