"""The lines of a ledger that follow from a series alone, with every factor another one."""

import numpy as np
import pytest

from funnel_sim.model.seen_lines import lines_seen
from funnel_sim.model.sheet import if_positive

STEADY = {
    "gross_factor": 1.5,
    "console_factor": 1.25,
    "consumer_factor": 2.0,
    "output_tax_factor": 0.5,
}


def test_each_line_of_a_month_by_hand():
    """GMV 1,000 as the console shows it (1.25 of a price): 1,200 in the books (1.5), 1,600 as
    shoppers pay it (2), of which 400 is tax (0.5). Ads sold 400 of 1,000, so 20 of 50 orders;
    refunds of 70 less their tax, (1.5 − 0.5) / 1.25 of them.
    """
    seen = {name: np.array([value, 0.0]) for name, value in (
        ("gmv", 1000.0), ("orders", 50.0), ("ad_spend", 90.0), ("ad_sales", 400.0),
        ("refunds", 70.0))}  # fmt: skip
    found = lines_seen(STEADY, seen)
    assert {key: np.asarray(value)[0] for key, value in found.items()} == pytest.approx(
        {"paid_orders": 50.0, "gmv": 1600.0, "gross_sales": 1200.0, "output_tax": -400.0,
         "media_spend": 90.0, "attributed_sales": 480.0, "attributed_paid": 400.0,
         "paid_channel_orders": 20.0, "refunds": -56.0}
    )  # fmt: skip
    # a month without sales has no orders of ads that could be told
    assert np.isnan(np.asarray(found["paid_channel_orders"])[1])
    assert np.asarray(found["gmv"])[1] == 0.0


def test_a_figure_of_nothing_or_less_is_none():
    found = if_positive(np.array([2.0, 1e-300, 0.0, -1.0]))
    assert found[:2].tolist() == [2.0, 1e-300] and np.isnan(found[2:]).all()
