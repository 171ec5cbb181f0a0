"""What of the ledger follows from what a store's months say of themselves: GMV, orders, ad spend,
sales from ads, refunds.
"""

from collections.abc import Mapping

import numpy as np

from funnel_sim.model.arrays import Number


def without_tax(steady: Mapping[str, Number]) -> Number:
    """Return what of sales as a dashboard shows them is there without tax [fraction].

    Args:
        steady: the factors of tax, by name.
    """
    return (steady["gross_factor"] - steady["output_tax_factor"]) / steady["console_factor"]


def lines_seen(steady: Mapping[str, Number], seen: Mapping[str, Number]) -> dict[str, Number]:
    """Return the ledger's figures that follow from those of the series alone: arrays, or terms that
    write their formulas.

    Args:
        steady: the factors of tax, by name.
        seen: GMV, orders, ad spend and sales from ads, and refunds, of each month.

    Returns:
        Figures of the ledger by key [sales currency, or counts].
    """
    orders, gmv = seen["orders"], seen["gmv"]
    to_books = steady["gross_factor"] / steady["console_factor"]
    return {
        "paid_orders": orders,
        "gmv": gmv * steady["consumer_factor"] / steady["console_factor"],
        "gross_sales": gmv * to_books,
        "output_tax": -gmv * steady["output_tax_factor"] / steady["console_factor"],
        "media_spend": seen["ad_spend"],
        "attributed_sales": seen["ad_sales"] * to_books,
        "attributed_paid": seen["ad_sales"],
        "paid_channel_orders": seen["ad_sales"] * orders / np.where(gmv > 0, gmv, np.nan),
        "refunds": -seen["refunds"] * without_tax(steady),
    }
