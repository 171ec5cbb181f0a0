"""A share of what was sold that came back, read as the number of orders."""

import math

import pytest

from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.words import LANGS

AMAZON = (
    '"Date","Ordered Product Sales","Units Ordered","Total Order Items","Sessions - Total",'
    '"Refund Rate"\n"1/1/26","$1,234.50","31","30","1,250","9.68%"\n'
    '"1/31/26","$987.00","25","20","1,125","4.00%"\n"2/1/26","$500.00","10","9","600","0.00%"\n'
)
CHINESE = (
    "日期,已订购商品销售额,已订购商品数量,订单商品总数,会话数 – 总计,退款率\n"
    "2026-01-01,1234.50,31,30,1250,9.68%\n2026-02-01,500,10,9,600,0.00%\n"
)


def load(text, **more):
    return history(read_table(text.encode(), "store.csv"), **more)


def kinds(found):
    return [one.kind for one in found.findings if one.kind.startswith("refund_rate")]


def test_amazons_rate_is_of_units_and_comes_to_the_orders_that_its_units_refunded_come_to():
    """9.68 % of 31 units are 3 units, 4 % of 25 are 1; at 30 orders of 31 units and 20 of 25 that
    is 0.0968 · 30 + 0.04 · 20 = 2.904 + 0.8 = 3.704 orders.
    """
    found = load(AMAZON)
    assert found.figures["returned_orders"].tolist() == pytest.approx([3.704, 0.0])
    assert kinds(found) == ["refund_rate"]


def test_the_chinese_report_is_known_by_the_headings_that_programs_read():
    found = load(CHINESE)
    assert found.findings[0].kind == "export"
    assert found.findings[0].parts["name"].en == "Amazon Business Report, sales and traffic by date"
    # 9.68 % · 30 orders
    assert found.figures["returned_orders"].tolist() == pytest.approx([2.904, 0.0])
    assert found.figures["visits"].tolist() == [1250, 600]
    assert found.figures["orders"].tolist() == [30, 9]


def test_the_number_that_came_back_counts_before_its_share():
    with_number = AMAZON.replace('"Refund Rate"', '"Refund Rate","Units Refunded"')
    with_number = with_number.replace('"9.68%"', '"9.68%","6"').replace('"4.00%"', '"4.00%","1"')
    found = load(with_number.replace('"0.00%"', '"0.00%","0"'))
    # 7 units of 56 in 50 orders: 7 · 50 / 56 = 6.25
    assert found.figures["returned_orders"].tolist() == pytest.approx([6.25, 0.0])
    assert kinds(found) == []


@pytest.mark.parametrize(
    ("cells", "expected", "kind"),
    [
        (("5%", "10%"), [2.0, 6.0], "refund_rate"),  # of 40 and of 60 orders
        (("5,5 %", "10 %"), [2.2, 6.0], "refund_rate"),
        (("5", "10"), [2.0, 6.0], "refund_rate"),  # above one: percent
        (("0.05", "0.1"), None, "refund_rate_unclear"),  # 5 %, or 0.05 %?
        (("0", "0"), [0.0, 0.0], "refund_rate"),
        (("5%", "-"), [2.0], "refund_rate"),
        (("5%", "120%"), [2.0], "refund_rate"),  # more than all: not known
    ],
)
def test_a_share_is_read_where_its_sign_is_clear(cells, expected, kind):
    text = "month;orders;退款率\n" + "".join(
        f"2026-{month:02d};{orders};{cell}\n"
        for month, orders, cell in zip((1, 2), (40, 60), cells, strict=True)
    )
    found = load(text)
    assert kinds(found) == [kind]
    told = found.figures.get("returned_orders")
    known = None if told is None else [one for one in told.tolist() if not math.isnan(one)]
    assert known == (None if expected is None else pytest.approx(expected))


def test_a_heading_in_percent_makes_small_numbers_percent():
    found = load("month,orders,refund rate (%)\n2026-01,400,0.5\n2026-02,600,0.25\n")
    assert found.figures["returned_orders"].tolist() == pytest.approx([2.0, 1.5])


def test_without_orders_a_unit_counts_as_one_and_without_either_nothing_is_read():
    found = load("month,gmv,units,refund rate\n2026-01,900,50,4%\n")
    assert found.figures["returned_orders"].tolist() == pytest.approx([2.0])
    assert kinds(found) == ["refund_rate_units"]
    alone = load("month,gmv,refund rate\n2026-01,900,4%\n")
    assert "returned_orders" not in alone.figures and kinds(alone) == ["refund_rate_alone"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_formula_and_its_base_are_told(lang):
    [told] = [one for one in load(AMAZON).findings if one.kind == "refund_rate"]
    words = {"zh": "比例 × 同一行的订单数", "en": "this share × the orders of the same row"}
    assert words[lang] in told.sentence(lang)
