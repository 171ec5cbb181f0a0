"""Numbers typed into the fields of the pages: read as people write them, asked about where unclear,
refused with a sentence; nothing changes in silence.
"""

import pytest

from funnel_sim.scenario import links
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.presets import preset
from funnel_sim.ui.widgets.fields import kind_of
from tests.pages.numbers import numbers, type_number
from tests.pages.test_pages import LANGS, page, texts

START = preset("amazon-de-kitchen")


def test_what_is_declared_whole_is_typed_as_a_whole_number():
    # months billed at once, days: a box that hands over 3.0 is refused, "must be whole"
    store = START.replace({"options": [{"id": "q", "base": 100.0}]})
    for path, whole in (
        ("options.q.due_every", True),
        ("options.q.due_base_days", True),
        ("cash.refund_days", True),
        ("cash.transit_days", False),
        ("product.price", False),
    ):
        assert kind_of(path, spec_of(path), store).whole is whole, path
        if whole:
            assert store.replace({path: 3}).get(path) == 3


def price(test):
    return test.session_state["scenario"].product.price.likely


def box(test, end):
    return next(one for one in numbers(test) if one.key.endswith(end))


def answers(test, end):
    return [one for one in test.button if f"{end}:ask:" in str(one.key)]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("25,99", 25.99, "25.99"),
        ("25。99", 25.99, "25.99"),
        ("€38", 38.0, "38.00"),
        ("２５．９９", 25.99, "25.99"),
        ("0.12k", 120.0, "120.00"),
        ("31.987", 31.987, "31.987"),
    ],
)
def test_a_price_is_read_as_people_type_it(text, value, shown, lang):
    test = type_number(page("my_shop", lang), "product.price", text)
    assert price(test) == value and box(test, "product.price").text == shown
    assert not answers(test, "product.price") and not test.exception


@pytest.mark.parametrize(
    ("end", "text", "read", "shown"),
    [
        ("shop.spend", "1.200,50", lambda s: s.channels[0].budget, "1,200.50"),
        ("shop.rate", "12,5%", lambda s: s.conversion.cvr.likely, "12.50"),
        ("product.unit_cost", "￥38", lambda s: s.product.unit_cost.likely, "38.00"),
        ("shop.spend", "0.3万", lambda s: s.channels[0].budget, "3,000.00"),
    ],
)
def test_every_sort_of_field_reads_them(end, text, read, shown):
    expected = {"1.200,50": 1200.5, "12,5%": 0.125, "￥38": 38.0, "0.3万": 3000.0}[text]
    test = type_number(page("my_shop"), end, text)
    assert read(test.session_state["scenario"]) == expected and box(test, end).text == shown


@pytest.mark.parametrize("lang", LANGS)
def test_a_leap_is_asked_about_and_either_answer_counts(lang):
    """2599 against 29.99 is 87 times as much: 25.99 or 2,599."""
    test = type_number(page("my_shop", lang), "product.price", "2599")
    assert (
        price(test) == 29.99 and box(test, "product.price").text == "2599"
    )  # nothing changed, nothing lost
    assert [one.label.replace("\\", "") for one in answers(test, "product.price")][:2] == [
        "€25.99",
        "€2,599.00",
    ]
    other = answers(test, "product.price")[1].click().run()
    assert (
        price(other) == 2599.0
        and box(other, "product.price").text == "2,599.00"
        and not answers(other, "product.price")
    )
    test = type_number(page("my_shop", lang), "product.price", "2599")
    test = answers(test, "product.price")[0].click().run()
    assert price(test) == 25.99 and not answers(test, "product.price")


def test_nineteen_times_is_no_leap_and_twenty_is():
    """29.99 × 19 = 569.81 is taken; × 20 = 599.80 is asked about."""
    assert price(type_number(page("my_shop"), "product.price", "569.81")) == 569.81
    assert price(type_number(page("my_shop"), "product.price", "599.80")) == 29.99


@pytest.mark.parametrize("lang", LANGS)
def test_a_question_can_be_left_with_the_value_before(lang):
    test = type_number(page("my_shop", lang), "product.price", "2599")
    test = (
        next(one for one in answers(test, "product.price") if str(one.key).endswith("keep"))
        .click()
        .run()
    )
    assert (
        price(test) == 29.99
        and box(test, "product.price").text == "29.99"
        and not answers(test, "product.price")
    )


def test_another_currency_is_asked_about_with_the_amount_converted():
    """¥55 in a field of euros at the scenario's rate: 55 / fx_rate."""
    rate = START.fx_rate if isinstance(START.fx_rate, float) else START.fx_rate.likely
    test = type_number(page("my_shop"), "product.price", "￥220")
    labels = [one.label.replace("\\", "") for one in answers(test, "product.price")]
    assert labels[0] == "€220.00" and labels[1].startswith("CN¥220.00 = €")
    assert price(answers(test, "product.price")[1].click().run()) == pytest.approx(
        220 / rate, abs=0.005
    )


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_field_asks_where_a_comma_may_part_thousands(lang):
    start = START.replace({"product.price": 29.99})
    test = page("my_shop", lang, links.encode(start))
    test.session_state[f"r:my-shop:{lang}:{test.session_state['revision']}:product.price:open"] = (
        True
    )
    test.run()
    low = next(
        one for one in numbers(test) if "product.price:part:" in one.key and one.key.endswith("low")
    )
    assert low.value is None
    test = low.type("1,234")
    asked = [
        one.label.replace("\\", "") for one in test.button if f"{low.key}:ask:" in str(one.key)
    ]
    assert asked == ["€1,234.00", "€1.234", {"en": "Leave it empty", "zh": "先不填"}[lang]]
    assert test.session_state["scenario"] == start


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("lang", "kept"), [("en", "The last valid value is still used"), ("zh", "仍按上一个有效值计算")]
)
@pytest.mark.parametrize("text", ["abc", "25.99.1", "1,2,3", "nan", "9" * 400])
def test_what_is_no_number_stays_in_the_box_with_a_sentence(text, lang, kept):
    test = type_number(page("my_shop", lang), "product.price", text)
    assert price(test) == 29.99 and box(test, "product.price").text == text
    assert (
        kept in texts(test)
        and ("Price (EUR)" if lang == "en" else "售价 (EUR)") in texts(test)
        and not test.exception
    )
    test = type_number(test, "product.price", "24")
    assert price(test) == 24.0 and kept not in texts(test)


def test_a_value_that_is_not_typed_is_not_rounded():
    start = START.replace({"product.price": 25.9179439941, "conversion.cvr": 0.0849321})
    test = page("my_shop", "en", links.encode(start))
    assert box(test, "product.price").text == "25.92" and box(test, "shop.rate").text == "8.49"
    test = type_number(test, "product.unit_cost", "41")
    now = test.session_state["scenario"]
    assert (now.product.price, now.conversion.cvr) == (25.9179439941, 0.0849321)


def test_the_ends_of_a_range_are_read_the_same_way():
    test = page("my_shop", "en", links.encode(START.replace({"product.price": 29.99})))
    opener = next(
        key for key in (f"r:my-shop:en:{test.session_state['revision']}:product.price:open",)
    )
    test.session_state[opener] = True
    test.run()
    for end, text in (("low", "24,5"), ("high", "34。9")):
        test = next(
            one
            for one in numbers(test)
            if "product.price:part:" in one.key and one.key.endswith(end)
        ).type(text)
    now = test.session_state["scenario"].product.price
    assert (now.low, now.likely, now.high) == (24.5, 29.99, 34.9)


@pytest.mark.parametrize("lang", LANGS)
def test_one_choice_puts_the_costs_into_another_currency(lang):
    test = page("my_shop", lang)
    choice = next(one for one in test.segmented_control if str(one.key).startswith("known_costs_"))
    assert choice.value == "CNY"
    rate = START.fx_rate if isinstance(START.fx_rate, float) else START.fx_rate.likely
    test = choice.set_value("EUR").run()
    now = test.session_state["scenario"]
    assert (now.cost_currency, now.fx_rate) == (
        "EUR",
        1.0,
    ) and now.product.unit_cost.likely == pytest.approx(42 / rate)
    back = (
        next(one for one in test.segmented_control if str(one.key).startswith("known_costs_"))
        .set_value("CNY")
        .run()
    )
    assert back.session_state["scenario"].cost_currency == "CNY"
