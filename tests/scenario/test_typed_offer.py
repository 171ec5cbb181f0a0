"""An offer told in one line: each part is read as it is meant, and what is not understood in full
is refused, never taken for something else.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.errors import InputError
from funnel_sim.scenario.typed_offer import LONGEST, read_offer


def read(text, fees="CNY", sales="USD"):
    return read_offer(text, fees=fees, sales=sales)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("6,000 a month, sales +25%", {"base": 6000, "claimed": 0.25}),
        ("每月6000，销售+25%", {"base": 6000, "claimed": 0.25}),
        ("每月 6000 销售 +25%", {"base": 6000, "claimed": 0.25}),
        ("月费1.2万，GMV提升40%", {"base": 12000, "claimed": 0.4}),
        ("启动费3000，每月6000+5%提成", {"setup": 3000, "base": 6000, "share": 0.05}),
        ("每月6000元＋5个点佣金", {"base": 6000, "share": 0.05}),
        ("GMV超过22000的部分提成5%", {"share": 0.05, "over": 22000}),
        ("5% of sales above 22k a month", {"share": 0.05, "over": 22000}),
        ("setup fee 3k and 6k/month", {"setup": 3000, "base": 6000}),
        ("合同12个月，提前2个月通知", {"term": 12, "notice": 2}),
        ("2 years, notice 3 months", {"term": 24, "notice": 3}),
        ("+25%", {"claimed": 0.25}),
        ("we promise 25% more sales; base 8,000.", {"claimed": 0.25, "base": 8000}),
        ("我们的报价：服务费每月６０００。承诺增长２５％。", {"base": 6000, "claimed": 0.25}),
        ("", {}),
    ],
)
def test_what_people_write_is_read(text, parts):
    assert read(text).parts == pytest.approx(parts)


@pytest.mark.parametrize(
    "text",
    [
        "6000",  # a month, or once?
        "25%",  # a promise, or a share?
        "6000 a month + 25% sales",  # the plus joins: of sales, or more sales?
        "sales 25%",
        "旺季每月8000",  # a condition that the line cannot hold
        "每月6000，含止损",
        "ACoS 25%",
        "每单5元",
        "每月6000-8000",
        "6000, +25%",
        "每月增长25%",  # by the month it would be 14 times in a year
        "sales -25%",
        "每月6000，月费8000",
        "每月25,999",  # thousands, or a decimal comma?
        "£6000 a month",  # neither the fee's currency nor the store's
        "$3000 setup, 6000元每月",
        "每月1e309",
        "提前一个月通知",
        "每月3000 6000",
        "15% commission and 20% of sales",
        "x" * (LONGEST + 1),
    ],
)
def test_what_may_mean_something_else_is_refused(text):
    with pytest.raises(InputError):
        read(text)


def test_fees_marked_in_the_stores_currency_are_in_it():
    """$ on one of the fees counts for both: nobody asks for $3,000 and then for 6,000 yuan without
    saying so.
    """
    told = read("$3,000 setup, 6,000 a month, 5% of sales above $22,000")
    assert told.currency == "USD"
    assert told.parts == {"setup": 3000, "base": 6000, "share": 0.05, "over": 22000}
    assert read("¥6000 a month").currency == "CNY"
    assert read("6000 a month").currency == ""


def test_a_refusal_names_the_part_that_was_not_understood():
    with pytest.raises(InputError) as refused:
        read("每月6000，旺季加收2000")
    for lang in ("zh", "en"):
        assert "旺季加收2000" in refused.value.sentences(lang)[0]
        assert "每月6000" not in refused.value.sentences(lang)[0].split("—")[0]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        parts = read(text).parts
    except InputError:
        return
    assert all(value >= 0 for value in parts.values())


@given(
    st.integers(1, 10**4).map(lambda one: one * 100),
    st.integers(1, 300),
    st.sampled_from(["zh", "en"]),
)
def test_the_amounts_are_those_that_were_written(base, rise, lang):
    told = {"en": f"{base:,} a month, sales +{rise}%", "zh": f"每月{base}，销售+{rise}%"}[lang]
    assert read(told).parts == pytest.approx({"base": base, "claimed": rise / 100})
