"""The payment terms, folded by subject; a term that does nothing beside the others is not shown."""

import streamlit as st

from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused
from funnel_sim.ui.widgets.fields import field
from funnel_sim.words import Lang, say

FOLDS: dict[str, tuple[str, ...]] = {
    "opening": (
        "credit_rate",
        "opening_receivable",
        "opening_receivable_days",
        "opening_payable",
        "opening_payable_days",
        "opening_stock_units",
        "opening_coming_units",
        "opening_coming_days",
    ),
    "payout": (
        "payout_basis",
        "ship_days",
        "delivery_days",
        "payout_delay_days",
        "payout_cycle",
        "payout_bank_days",
        "reserve_rate",
        "reserve_days",
        "payout_minimum",
        "refund_days",
        "chargeback_days",
    ),
    "goods": (
        "stocking",
        "order_every_days",
        "cover_days",
        "safety_days",
        "minimum_order_units",
        "carton_units",
        "orders_need_cash",
        "production_days",
        "transit_days",
        "receiving_days",
        "deposit_rate",
        "balance_due",
        "balance_days",
        "freight_due_days",
        "border_due_days",
        "import_tax_paid",
    ),
    "ads": ("ads_billing", "ads_prepaid_days", "ads_threshold", "ads_due_days"),
    "running": (
        "fulfilment_paid",
        "fulfilment_due_days",
        "operator_due_days",
        "fixed_due_days",
    ),
    "tax": ("vat_months", "vat_due_days"),
    "currency": ("kept_in", "hedged_share", "hedge_cost"),
}
"""The fields of each fold; opening cash, credit line and owner's draw stand below the answer."""


def draw(scenario: Scenario, lang: Lang) -> None:
    """Draw the folds."""
    st.markdown(f"##### {say(lang, 'cash.terms')}")
    st.caption(say(lang, "cash.terms_note"))
    for name, fields in FOLDS.items():
        with st.expander(
            say(lang, f"cash.fold_{name}"), key=f"cash_fold_{name}", on_change="rerun"
        ) as fold:
            if fold.open:
                _fields(scenario, fields)


def _fields(scenario: Scenario, names: tuple[str, ...]) -> None:
    with st.grid(3, min_column_width=190):
        for path in (f"cash.{name}" for name in names):
            if not unused(scenario, path):
                with st.container():
                    field(path, ranged=True)
