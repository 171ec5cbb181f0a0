"""The same goods in another tariff."""

import pytest

from funnel_sim.reference import border, customs
from funnel_sim.reference.goods_lines import line_in, shared_line
from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.preset_parts.build import in_bulk

BULK = {name: row for name, row in preset_rows().items() if in_bulk(row) and row["market"] != "CN"}


@pytest.mark.parametrize("name", sorted(BULK))
def test_goods_at_home_owe_what_they_owe(name):
    """Whatever line is found for a preset's goods in its own market, the duty is its own."""
    row = BULK[name]
    market, line, origin = row["market"], row["customs"], row.get("origin", "CN")
    found = line_in(market, line, origin, DATA_DATE)
    if found is None:  # the tables know no rate of them at all
        general = customs.duties(market, origin, line, DATA_DATE)
        assert not any(one.layer in ("general", "preferential") for one in general)
        return
    assert customs.digits(found)[:6] == customs.digits(line)[:6]
    own = border.freight(market, origin, line, DATA_DATE)
    assert border.freight(market, origin, found, DATA_DATE).total == own.total


@pytest.mark.parametrize(
    ("market", "line", "expected"),
    [
        ("DE", "3924.90.5650", "3924 90 00"),  # one product of both tables
        ("US", "9617 00 00", "9617.00.1000"),
        ("GB", "3304.20.0000", None),  # no row of it, and no wider one
        ("AE", "8516.32", "8516.32"),  # one rate for everything
        ("DE", "39", None),  # no line of six digits
    ],
)
def test_a_line_is_found_by_goods_then_by_six_digits(market, line, expected):
    assert line_in(market, line, "CN", DATA_DATE) == expected


def test_six_digits_are_the_worlds():
    assert shared_line("3924 90 00") == shared_line("3924.90.5650") == "3924.90"
