"""What one unit and one order are made of, as formulas: landed cost, tax, fees, commission.

All money is in the sales currency.
"""

from funnel_sim.model.sheet import Formula, formula

UNIT_AND_ORDER: tuple[Formula, ...] = (
    formula(
        "units",
        "units_per_order * aov_boost",
        "ratio",
        "每单件数（含影响）",
        "Units per order, effects included",
    ),
    formula(
        "purchase",
        "unit_cost / fx_rate",
        "money",
        "每件采购价（销售币种）",
        "Purchase price per unit, in the sales currency",
        "成本币种按汇率折成销售币种。",
        "Converted from the cost currency at the exchange rate.",
    ),
    formula(
        "freight",
        "(inbound_freight + freight_per_shipment / units_per_shipment) / fx_rate",
        "money",
        "每件头程运费（销售币种）",
        "Inbound freight per unit, in the sales currency",
    ),
    formula(
        "insurance",
        "(purchase + freight) * insurance_rate + insurance_per_shipment / units_per_shipment /"
        " fx_rate",
        "money",
        "每件货运保险",
        "Cargo insurance per unit",
    ),
    formula(
        "customs_value",
        "purchase + (freight + insurance) * customs_includes_freight",
        "money",
        "每件完税价格",
        "Customs value per unit",
        "CIF 含运费和保险，FOB 不含。",
        "With freight and insurance where customs value is CIF, without where it is FOB.",
    ),
    formula(
        "sale_value",
        "max(price * (1 - discount_rate) - voucher / units, 0) * (gross_factor -"
        " output_tax_factor)",
        "money",
        "每件不含税售价",
        "Sale price per unit without tax",
        "买家为商品实付的（折后、券后，不含运费），小包税按它计。",
        "What the shopper pays for the goods, discount and voucher off, without shipping; parcel"
        " taxes are charged on it.",
    ),
    formula(
        "duty",
        "customs_value * (duty_rate + duty_added) + sale_value * duty_on_sale + duty_fixed",
        "money",
        "每件关税",
        "Duty per unit",
        "基本税率和附加关税按完税价格，小包税按不含税售价，另加每件定额。",
        "General rate and additional duties on the customs value, parcel taxes on the sale price"
        " without tax, plus amounts per unit.",
    ),
    formula(
        "entry_fee",
        "min(max(customs_value * units_per_shipment * entry_fee_rate, entry_fee_minimum),"
        " entry_fee_cap) / units_per_shipment",
        "money",
        "每件进口规费",
        "Entry fee per unit",
        "按整批完税价格计，有最低和最高额，再摊到每件。",
        "On the shipment's customs value, within its minimum and maximum, spread over its units.",
    ),
    formula(
        "import_fees",
        "entry_fee + customs_value * harbour_rate + clearance_per_shipment / units_per_shipment +"
        " insurance",
        "money",
        "每件规费、清关与保险",
        "Entry fees, clearance and insurance per unit",
    ),
    formula(
        "import_tax",
        "(purchase + freight + insurance + duty) * import_tax_rate",
        "money",
        "每件进口税",
        "Import tax per unit",
        "按 CIF 加关税计征。",
        "Charged on CIF plus duty.",
    ),
    formula(
        "import_tax_cost",
        "import_tax * (1 - import_tax_recoverable)",
        "money",
        "每件不可抵扣的进口税",
        "Import tax that is a cost, per unit",
        "已登记的卖家可以抵扣，只影响现金时点。",
        "A registered seller recovers it; then it is only cash timing.",
    ),
    formula(
        "packing",
        "packaging / fx_rate",
        "money",
        "每件包装（销售币种）",
        "Packaging per unit, in the sales currency",
    ),
    formula(
        "landed_cost",
        "purchase + freight + duty + import_tax_cost + packing + import_fees",
        "money",
        "每件到岸成本",
        "Landed cost per unit",
    ),
    formula(
        "goods_entered",
        "max(price * units * (1 - discount_rate) - voucher, 0)",
        "money",
        "每单商品金额（折后、券后）",
        "Goods per order, after discount and voucher",
        "按您输入售价的含税／不含税口径。",
        "With or without tax, as the price was entered.",
    ),
    formula(
        "order_entered",
        "goods_entered + shipping_charged",
        "money",
        "每单金额（含运费）",
        "Order amount with shipping",
    ),
    formula(
        "order_consumer",
        "order_entered * consumer_factor",
        "money",
        "买家每单实付",
        "What the shopper pays per order",
        "含所有税。",
        "All tax included.",
    ),
    formula(
        "order_gross",
        "order_entered * gross_factor",
        "money",
        "每单销售总额",
        "Gross sales per order",
        "进入卖家账上的金额：平台代缴或价外的税不在其中。",
        "What enters the seller's books: tax that the marketplace remits, or that lies outside the"
        " price, is not in it.",
    ),
    formula(
        "order_output_tax",
        "order_entered * output_tax_factor",
        "money",
        "每单应缴销项税",
        "Output tax per order",
        "含税价 p、税率 v 时为 p·v/(1+v)。",
        "p·v/(1+v) of a price p that includes tax at rate v.",
    ),
    formula(
        "order_withheld",
        "order_entered * withheld_factor",
        "money",
        "每单由平台代缴或价外的税",
        "Tax per order that never reaches the seller",
    ),
    formula(
        "order_net", "order_gross - order_output_tax", "money", "每单净售额", "Net sale per order"
    ),
    formula(
        "order_refund",
        "(goods_entered * refund_share + shipping_charged * refund_includes_shipping) *"
        " (gross_factor - output_tax_factor)",
        "money",
        "每次退款（税已冲回）",
        "Refund per returned order, tax reversed",
    ),
    formula(
        "order_refund_tax",
        "(goods_entered * refund_share + shipping_charged * refund_includes_shipping) *"
        " output_tax_factor",
        "money",
        "每次退款冲回的销项税",
        "Output tax reversed per returned order",
    ),
    formula(
        "order_payment_fee",
        "(order_consumer * payment_rate + payment_fixed) * (1 + payment_tax)",
        "money",
        "每单支付手续费",
        "Payment fee per order",
    ),
    formula(
        "order_parcel",
        "parcel_per_order / fx_rate",
        "money",
        "每单直邮运费",
        "Direct parcel per order",
    ),
    formula(
        "order_fulfilment",
        "(fulfilment_per_order + fulfilment_per_unit * units) * (1 + fulfilment_tax) +"
        " order_parcel",
        "money",
        "尾程配送费（每单）",
        "Fulfilment per order",
    ),
)
COMMISSION: tuple[Formula, ...] = (
    formula(
        "order_commission",
        "(commission_percentage + commission_fixed + order_fee) * (1 + tax_on_fees)",
        "money",
        "每单佣金",
        "Commission per order",
        "比例佣金按费率表、最低与封顶计算，再加固定费用。",
        "The percentage follows the rate table, minimum and cap; the fixed fee is added.",
    ),
    formula(
        "order_commission_back",
        "(commission_percentage - commission_kept) * refund_share * (1 + tax_on_fees)",
        "money",
        "每次退款退回的佣金",
        "Commission given back per return",
        "固定费用和退款管理费不退。",
        "The fixed fee and the refund administration fee are kept.",
    ),
    formula(
        "commission_rate",
        "commission_percentage / commission_base",
        "rate",
        "实际佣金率",
        "Effective commission rate",
        "比例佣金 ÷ 计佣基数。",
        "Percentage commission over the amount it is charged on.",
    ),
)
