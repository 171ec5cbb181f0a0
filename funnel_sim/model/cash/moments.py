"""When each line of the ledger is paid: one table."""

from typing import Literal

Moment = Literal[
    "payout",
    "tax",
    "refund",
    "chargeback",
    "warehouse",
    "supplier",
    "freight",
    "border",
    "shelf",
    "ads",
    "agency",
    "fixed",
]

MOMENTS: dict[str, Moment] = {
    "gross_sales": "payout",
    "output_tax": "tax",
    "refunds": "refund",
    "goods_purchase": "supplier",
    "goods_freight": "freight",
    "goods_duty": "border",
    "goods_entry": "border",
    "goods_packaging": "supplier",
    "goods_import_tax": "border",
    "goods_recovered": "shelf",
    "fulfilment": "warehouse",
    "storage": "warehouse",
    "returns_handling": "warehouse",
    "commission": "payout",
    "payment_fee": "payout",
    "chargebacks": "chargeback",
    "fx_cost": "payout",
    "ads": "ads",
    "list_sends": "ads",
    "affiliates": "payout",
    "operator_fee": "agency",
    "localisation": "fixed",
    "compliance": "fixed",
    "saas": "fixed",
    "staff": "fixed",
    "other_fixed": "fixed",
}
"""The moment of each ledger line.

payout: with the payout of the order's day. tax: at the due date of the tax period of the order's
day. refund: with the payout of the day of the refund (so does the commission that comes back), its
tax comes back at the due date of that day's period; chargeback: likewise. warehouse: with the
payout (the handling of a return with that of the refund's day), or by monthly invoice. supplier:
deposit at the order, the rest and packaging after shipment or arrival. freight: after shipment.
border: after arrival; import tax that is recovered comes back at the due date of the period in
which it was paid. shelf: never; the units are sold once more. ads: as the ad account is billed.
agency, fixed: after the end of the month."""
