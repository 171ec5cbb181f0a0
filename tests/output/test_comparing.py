"""Scenarios side by side in words: only what differs, quotes and KPIs field by field, changes in
the figure's own unit.
"""

import pytest

from funnel_sim.model.economics import evaluate
from funnel_sim.output.words import formats
from funnel_sim.output.words.comparing import change_rows, figure_rows
from funnel_sim.scenario.presets import preset

BASE = preset("amazon-de-kitchen").replace(
    {
        "kpis": [{"id": "gmv", "metric": "gmv", "target": 0.2, "relative": True, "month_to": 3}],
        "options": [{"id": "quote", "base": 9000.0}],
    }
)


def table(rows):
    return {row.name: row.cells for row in rows}


def test_only_what_differs_stands_there_and_members_field_by_field():
    dearer = BASE.replace(
        {"options.quote.base": 12000.0, "kpis.gmv.target": 0.3, "product.price": 31.0}
    )
    bare = BASE.replace({"options": [], "plan.horizon_months": 6})
    found = table(change_rows(BASE, [dearer, bare], "en"))
    assert found == {
        "Price": ("€29.99 (€26.30 – €34.19)", "€31.00", ""),  # the preset gives the price a range
        "Horizon in months": ("12", "", "6"),
        "Quote 1": ("yes", "yes", "no"),
        "Quote 1 · Monthly base": ("CN¥9,000.00", "CN¥12,000.00", ""),
        "GMV (with tax) +20%, average of months 1 to 3 · Target": ("20%", "30%", ""),
    }


def test_a_range_that_changes_shows_its_ends():
    wider = BASE.replace(
        {"product.price": {"dist": "pert", "low": 25.0, "likely": 29.99, "high": 35.0}}
    )
    assert table(change_rows(BASE, [wider], "en"))["Price"] == (
        "€29.99 (€26.30 – €34.19)",
        "€29.99 (€25.00 – €35.00)",
    )


def test_nothing_changed_is_no_row_and_other_channels_are_not_compared():
    assert change_rows(BASE, [BASE], "en") == []
    assert change_rows(BASE, [preset("shopify-us-beauty")], "en") is None


@pytest.mark.parametrize(
    ("before", "after", "unit", "shown"),
    [
        (0.0984, 0.1774, "rate", "+7.9 pp"),
        (0.2, 0.1951, "rate", "\u2212\u20600.49 pp"),
        (1.16, 1.4979, "ratio", "+0.34"),
        (10.0, 8.5, "money", "\u2212\u2060€1.50"),
        (2.0, 2.0, "money", "–"),
        (None, 1.0, "money", "–"),
        (1.0, float("inf"), "months", "–"),
    ],
)
def test_a_change_is_in_its_own_unit(before, after, unit, shown):
    assert formats.change(before, after, unit, "EUR", "CNY", "en") == shown


def test_figures_carry_their_change_against_the_base():
    found = table(
        figure_rows([evaluate(BASE), evaluate(BASE.replace({"product.price": 33.74}))], "en")
    )
    assert found["GMV (with tax)"] == (
        "€12,543.68",
        "€14,112.16 (+€1,568.48)",
    )  # 12,543.68 / 29.99 × 33.74 = 14,112.16
    assert found["Paid orders"] == ("418", "418")
    assert found["ROAS"][1].endswith("(+0.45)")
