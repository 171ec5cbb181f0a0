"""From which month on an agency seems to have been at work."""

import pytest

from funnel_sim.evidence.store.first_month import guessed_start
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables.tables import read_table

HEAD = "month,gmv,orders,ad_spend,fees_paid\n"


def guessed(spend, paid=None):
    rows = [
        f"2026-{place:02d},900,30,{cost},{fee}"
        for place, (cost, fee) in enumerate(
            zip(spend, paid or [""] * len(spend), strict=True), start=1
        )
    ]
    return guessed_start(history(read_table((HEAD + "\n".join(rows) + "\n").encode(), "m.csv")))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("spend", "paid", "expected"),
    [
        (["", "", "", "50", "60"], None, ("2026-04", "ad_spend")),
        (["0", "0", "0", "50", "60"], None, ("2026-04", "ad_spend")),
        (["40", "45", "50", "50", "60"], None, None),  # ads from the first month on tell nothing
        (["", "", "50", "55", "60"], None, None),  # two months without ads are too few
        (["", "", "", "50", "0"], None, None),  # ads that stop again tell nothing
        (["", "", "", "", ""], None, None),
        (["40", "45", "50", "50", "60"], ["", "", "", "", "900"], ("2026-05", "fees_paid")),
        (["", "", "", "50", "60"], ["", "", "", "", "900"], ("2026-05", "fees_paid")),
    ],
)
def test_fees_paid_tell_first_then_ads_that_begin(spend, paid, expected):
    assert guessed(spend, paid) == expected
