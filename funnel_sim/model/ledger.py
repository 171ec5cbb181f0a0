"""The ledger: every line from gross sales to profit.

Lines carry their sign; each subtotal adds its own lines to the one before, in the order of the
table, so the lines add up to the profit to the last digit. All money is in the sales currency.
"""

from typing import NamedTuple

from funnel_sim.model.sheet import Formula, formula
from funnel_sim.words import Words


class LedgerLine(NamedTuple):
    """A ledger line: its formula, the subtotal it belongs to, and the bar that shows it."""

    formula: Formula
    group: str
    bar: str


LINES: tuple[LedgerLine, ...] = (
    LedgerLine(
        formula("gross_sales", "paid_orders * order_gross", "money", "销售总额", "Gross sales"),
        "net_revenue",
        "gross_sales",
    ),
    LedgerLine(
        formula(
            "output_tax",
            "-paid_orders * order_output_tax",
            "money",
            "销项税",
            "Output tax",
        ),
        "net_revenue",
        "output_tax",
    ),
    LedgerLine(
        formula(
            "refunds",
            "-returned_orders * order_refund",
            "money",
            "退款（税已冲回）",
            "Refunds, tax reversed",
        ),
        "net_revenue",
        "refunds",
    ),
    LedgerLine(
        formula(
            "goods_purchase",
            "-units_shipped * purchase",
            "money",
            "采购成本",
            "Purchase cost",
        ),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula(
            "goods_freight",
            "-units_shipped * freight",
            "money",
            "头程运费",
            "Inbound freight",
        ),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula("goods_duty", "-units_shipped * duty", "money", "关税", "Duty"),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula(
            "goods_entry",
            "-units_shipped * import_fees",
            "money",
            "规费、清关与保险",
            "Entry fees, clearance and insurance",
        ),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula("goods_packaging", "-units_shipped * packing", "money", "包装", "Packaging"),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula(
            "goods_import_tax",
            "-units_shipped * import_tax_cost",
            "money",
            "不可抵扣进口税",
            "Import tax not recovered",
        ),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula(
            "goods_recovered",
            "units_recovered * landed_cost",
            "money",
            "可再售退货",
            "Goods recovered from returns",
        ),
        "cm1",
        "goods",
    ),
    LedgerLine(
        formula("fulfilment", "-paid_orders * order_fulfilment", "money", "配送", "Fulfilment"),
        "cm2",
        "fulfilment",
    ),
    LedgerLine(
        formula(
            "storage",
            "-units_shipped * storage_per_unit_month * months_in_storage * (1 + fulfilment_tax)",
            "money",
            "仓储",
            "Storage",
        ),
        "cm2",
        "storage",
    ),
    LedgerLine(
        formula(
            "returns_handling",
            "-returned_orders * return_handling",
            "money",
            "退货处理",
            "Returns handling",
        ),
        "cm2",
        "returns_handling",
    ),
    LedgerLine(
        formula(
            "commission",
            "-paid_orders * order_commission + returned_orders * order_commission_back",
            "money",
            "平台佣金",
            "Marketplace commission",
        ),
        "cm2",
        "commission",
    ),
    LedgerLine(
        formula(
            "payment_fee",
            "-paid_orders * order_payment_fee",
            "money",
            "支付手续费",
            "Payment fee",
        ),
        "cm2",
        "payment_fee",
    ),
    LedgerLine(
        formula(
            "chargebacks",
            "-chargeback_orders * (order_net + chargeback_fee)",
            "money",
            "拒付",
            "Chargebacks",
        ),
        "cm2",
        "chargebacks",
    ),
    LedgerLine(
        formula(
            "fx_cost",
            "-converted_home * fx_loss",
            "money",
            "汇损与提现手续费",
            "FX spread and withdrawal",
        ),
        "cm2",
        "fx_cost",
    ),
    LedgerLine(formula("ads", "-ad_spend", "money", "广告", "Ads"), "cm3", "ads"),
    LedgerLine(
        formula(
            "list_sends",
            "-list_cost",
            "money",
            "邮件／私域发送",
            "Messages to the Email / CRM list",
        ),
        "cm3",
        "ads",
    ),
    LedgerLine(
        formula(
            "affiliates",
            "-affiliate_cost",
            "money",
            "达人与联盟佣金",
            "Creator and affiliate commission",
        ),
        "cm3",
        "affiliates",
    ),
    LedgerLine(
        formula(
            "operator_fee",
            "-(operator_monthly / fx_rate + operator_rate * max(net_revenue, 0))",
            "money",
            "服务费",
            "Agency's fees",
        ),
        "profit",
        "operator_fee",
    ),
    LedgerLine(
        formula(
            "localisation",
            "-localisation_monthly / fx_rate - one_off_localisation / fx_rate",
            "money",
            "本地化",
            "Localisation",
        ),
        "profit",
        "fixed",
    ),
    LedgerLine(
        formula(
            "compliance",
            "-compliance_monthly / fx_rate - one_off_compliance / fx_rate",
            "money",
            "合规（税号、EPR、认证）",
            "Compliance (VAT, EPR, certification)",
        ),
        "profit",
        "fixed",
    ),
    LedgerLine(
        formula(
            "saas",
            "-saas_monthly / fx_rate - platform_monthly - payout_fee * payouts_month - one_off_saas"
            " / fx_rate",
            "money",
            "软件、平台月租与提现手续费",
            "Software, platform plan and payout fees",
        ),
        "profit",
        "fixed",
    ),
    LedgerLine(
        formula(
            "staff",
            "-staff_monthly / fx_rate - one_off_staff / fx_rate",
            "money",
            "人员",
            "Staff",
        ),
        "profit",
        "fixed",
    ),
    LedgerLine(
        formula(
            "other_fixed",
            "-other_monthly / fx_rate - one_off_other / fx_rate",
            "money",
            "其他固定费用",
            "Other fixed costs",
        ),
        "profit",
        "fixed",
    ),
)
PROCEEDS = formula(
    "proceeds",
    "max(net_revenue + fulfilment + paid_orders * order_parcel + storage + returns_handling +"
    " commission + payment_fee + chargebacks, 0)",
    "money",
    "到账货款（换汇前）",
    "Proceeds paid out, before conversion",
    "净销售额减去在当地扣除的平台与物流费用；广告按从国内支付计。",
    "Net revenue less what is deducted abroad; ads are taken as paid from home.",
)
CONVERTED = formula(
    "converted_home",
    "proceeds + (max(net_revenue, 0) - proceeds) * fx_on_gross",
    "money",
    "兑换回国的货款",
    "Proceeds converted home",
    "按净额或全部货款换汇。",
    "After fees, or all proceeds where these are converted first.",
)
OWN_WORK = formula(
    "own_work",
    "(own_hours + own_hours_per_order * paid_orders) * own_hour_pay / fx_rate",
    "money",
    "自己的工时（按报酬折算）",
    "Own work, at its pay",
    "不在账上，只用于算上自己工时的利润。",
    "Not in the ledger; it enters the profit after your own work.",
)
_SUBTOTAL_WORDS: dict[str, Words] = {
    "net_revenue": Words("净销售额", "Net sales"),
    "cm1": Words("商品毛利（扣货值）", "Contribution margin 1"),
    "cm2": Words("毛利（扣广告前）", "Contribution margin 2"),
    "cm3": Words("扣广告后毛利", "Contribution margin 3"),
    "profit": Words("净利润（税前）", "Operating profit"),
}
SUBTOTALS: tuple[str, ...] = tuple(_SUBTOTAL_WORDS)
_DIVIDE = frozenset({"net_revenue", "cm2"})
"""Subtotals that metrics are divided by."""


def _subtotals() -> dict[str, Formula]:
    out: dict[str, Formula] = {}
    before = ""
    for key, words in _SUBTOTAL_WORDS.items():
        names = [line.formula.key for line in LINES if line.group == key]
        out[key] = Formula(
            key,
            " + ".join([before, *names] if before else names),
            "money",
            words,
            divides=key in _DIVIDE,
        )
        before = key
    return out


SUBTOTAL: dict[str, Formula] = _subtotals()


def _in_order() -> tuple[Formula, ...]:
    """The ledger from top to bottom: each group's lines, then its subtotal."""
    out: list[Formula] = []
    for key, subtotal in SUBTOTAL.items():
        for line in LINES:
            if line.group == key:
                if line.formula.key == "fx_cost":
                    out += [PROCEEDS, CONVERTED]
                out.append(line.formula)
        out.append(subtotal)
    return (*out, OWN_WORK)


LEDGER: tuple[Formula, ...] = _in_order()
LINE_KEYS: tuple[str, ...] = tuple(line.formula.key for line in LINES)
