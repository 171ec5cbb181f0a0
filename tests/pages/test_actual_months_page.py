"""The page of actual months by AppTest: which contract and since when; months typed, pasted and
from files; marks, channels, the example; in both languages.
"""

import json
import logging

import pytest

from funnel_sim.decisions.review.example import example_after_signing, months_of_the_example
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.kept import kept_months
from funnel_sim.evidence.store.months import as_template
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.output.workbook.template import months_workbook
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from tests.pages.numbers import type_number
from tests.pages.test_pages import LANGS, page, texts

logging.getLogger("streamlit").setLevel(logging.CRITICAL)
QUOTES = [
    {"id": "quote", "name": "North", "base": 8000.0},
    {"id": "quote_2", "name": "South", "base": 500.0, "fee_currency": "sales"},
]
STORE = preset("amazon-de-kitchen").replace(
    {"options": QUOTES, "history.engagement_from": "2026-05"}
)


def actuals(lang="en", scenario=STORE):
    return page("actual_months", lang, links.encode(scenario))


def now(test):
    return test.session_state["scenario"]


def typed(test, month, **figures):
    for figure, text in figures.items():
        test = type_number(test, f"history.{month}.{figure}", text)
    return test


def chosen(test, ending, value):
    box = next(one for one in test.selectbox if str(one.key).endswith(ending))
    return box.set_value(value).run()


def button(test, ending):
    return next(one for one in test.button if str(one.key).endswith(ending))


def way(test, name, lang="en"):
    control = next(one for one in test.segmented_control if one.key == f"actuals_way_{lang}")
    return control.set_value(name).run()


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_three_months_are_typed_and_add_month_goes_on_after_the_last(lang):
    test = actuals(lang)
    for month, gmv in (("2026-05", "1.2万"), ("2026-06", "13,000.50"), ("2026-07", "14000,25")):
        test = typed(test, month, gmv=gmv, orders="400")
        test = button(test, "history.months.add").click().run()
    seen = now(test).history
    assert seen.names() == ["2026-05", "2026-06", "2026-07"]  # the added, empty August is none
    assert seen.seen_gmv == [12_000, 13_000.5, 14_000.25] and seen.seen_orders == [400] * 3
    assert seen.engaged() == seen.names() and not test.error
    assert any(str(one.key).endswith("history.2026-08.gmv") for one in test.text_input)


@pytest.mark.slow
def test_what_is_no_number_is_said_beside_its_box_and_the_value_before_counts():
    test = typed(actuals(), "2026-05", orders="400")
    test = typed(test, "2026-05", orders="about 500")
    assert "is no count that can be read" in texts(test)
    assert now(test).history.seen_orders == [400]
    test = typed(test, "2026-05", refunds="-5")
    assert "at least" in texts(test) and now(test).history.seen_refunds == []


def test_a_number_with_two_readings_is_asked_about_before_anything_changes():
    test = typed(actuals(), "2026-05", gmv="25,999")
    assert now(test).history.names() == []
    asked = [one for one in test.button if "history.2026-05.gmv:ask:" in str(one.key)]
    assert {"€25,999.00", "€25.999"} <= {one.label.replace("\\", "") for one in asked} or asked
    test = asked[0].click().run()
    assert now(test).history.seen_gmv in ([25_999], [25.999])


def test_an_emptied_cell_is_not_known_and_the_card_stays():
    test = typed(actuals(), "2026-05", gmv="100", orders="4")
    test = typed(test, "2026-05", orders="")
    assert now(test).history.seen_orders == [] and now(test).history.seen_gmv == [100]
    test = typed(test, "2026-05", gmv="")
    assert now(test).history.names() == []
    assert any(str(one.key).endswith("history.2026-05.gmv") for one in test.text_input)


def boxes(test):
    """Return the months that have a box for GMV."""
    keys = (str(one.key).split("history.")[-1] for one in test.text_input)
    return [key[:7] for key in keys if key.endswith(".gmv")]


@pytest.mark.parametrize("lang", LANGS)
def test_every_month_since_the_mark_has_a_card_and_months_before_can_be_added(lang):
    test = actuals(lang)
    since = ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]
    assert boxes(test)[:6] == since
    test = button(test, "actuals_add_earlier").click().run()
    assert boxes(test)[:2] == ["2026-04", "2026-05"]
    test = button(test, "actuals_add_year").click().run()  # the other eleven of the year before
    year = [f"2025-{month:02}" for month in range(5, 13)] + [f"2026-{n:02}" for n in range(1, 5)]
    assert boxes(test)[:13] == [*year, "2026-05"]
    assert not [one for one in test.button if one.key == "actuals_add_year"]
    test = typed(test, "2025-05", gmv="900")
    assert now(test).history.names() == ["2025-05"] and now(test).history.before_mark() == 1
    test = button(test, "2026-07.drop").click().run()  # an empty card goes too
    assert "2026-07" not in boxes(test) and "2026-08" in boxes(test)


def test_a_month_that_lacks_among_those_known_has_a_card():
    # 2026-06 is the only one since the mark without any figure; the others are known
    months = {"history.first_month": "2026-05", "history.seen_gmv": [1, None, 3, 4, 5, 6]}
    assert boxes(actuals(scenario=STORE.replace(months)))[0] == "2026-06"


def test_a_month_that_is_removed_is_gone_and_undo_brings_it_back():
    test = typed(actuals(), "2026-05", gmv="100")
    test = button(test, "history.months.add").click().run()
    test = typed(test, "2026-06", gmv="200")
    test = button(test, "2026-05.drop").click().run()
    assert now(test).history.names() == ["2026-06"]
    test = test.button(key="undo").click().run()
    assert now(test).history.seen_gmv == [100, 200]


def test_a_part_above_its_whole_is_pointed_at():
    test = typed(actuals(), "2026-05", orders="50", visits="40")
    assert "orders is more than visits" in texts(test)
    assert "orders is more than visits" not in texts(typed(test, "2026-05", visits="60"))


def test_the_signed_contract_is_asked_for_once_and_fees_paid_are_in_its_currency():
    test = actuals()
    box = next(one for one in test.selectbox if str(one.key).endswith("history.signed"))
    assert box.options == ["Not chosen yet", "North", "South"]
    test.session_state["actuals_more_2026-05"] = True
    assert "none is chosen yet, so CNY" in texts(test.run())
    test = chosen(test, "history.signed", "quote_2")
    assert now(test).history.signed == "quote_2" and "contract (EUR)" in texts(test)
    test = typed(test, "2026-05", fees_paid="€500")
    assert now(test).history.seen_fees_paid == [500]


def test_the_mark_is_chosen_and_every_month_is_baseline_without_it():
    test = typed(
        actuals(scenario=STORE.replace({"history.engagement_from": ""})), "2026-10", gmv="9"
    )
    assert "has no first month yet" in texts(test) and now(test).history.engaged() == []
    assert test.button(key="actuals_to_review").disabled
    test = chosen(test, "history.engagement_from", "2026-10")
    assert now(test).history.engaged() == ["2026-10"]
    assert "0 months before the engagement, 1 since." in texts(test)
    assert "With fewer than 3 months before" in texts(test)
    assert not test.button(key="actuals_to_review").disabled


@pytest.mark.parametrize("lang", LANGS)
def test_marks_are_typed_as_rows(lang):
    test = typed(actuals(lang), "2026-05", gmv="100")
    test = button(test, "history.marked.add").click().run()
    test = chosen(test, "history.marked.0.event", "stock_out")
    test = chosen(test, "history.marked.0.taken_out", False)
    [one] = now(test).history.marked
    assert (one.month, one.event, one.taken_out) == ("2026-05", "stock_out", False)
    test = button(test, "history.marked.0.drop").click().run()
    assert now(test).history.marked == []


SHOP = b"month,gmv,orders,channel,clicks\n2026-05,1000,40,,\n2026-06,1100,44,,\n2026-11,90,4,,\n"
AGENCY = b"month,gmv,orders,ad_spend\n2026-05,1190,40,300\n2026-06,1309,44,310\n"
CHANNELS = b"month,channel,clicks,gmv\n2026-05,ads,50,400\n2026-05,mail,9,600\n"


def tables(test, title):
    data = [json.loads(one.proto.json or "null") for one in test.get("bidi_component")]
    return [one for one in data if isinstance(one, dict) and one.get("title") == title]


def upload(test, *files, lang="en"):
    test = way(test, "files", lang)
    box = test.file_uploader(key="actuals_file")
    return box.set_value([(name, content, "text/csv") for name, content in files]).run()


@pytest.mark.parametrize("lang", LANGS)
def test_several_files_join_and_what_differs_is_shown_before_anything_is_taken(lang):
    test = upload(actuals(lang), ("shop.csv", SHOP), ("agency.csv", AGENCY), lang=lang)
    assert not test.error and now(test).history.names() == []
    [differ] = tables(test, {"en": "Where two sources differ", "zh": "两边说法不一致的月份"}[lang])
    assert [row["cells"][:4] for row in differ["rows"]] == [
        ["€1,000.00", "€1,190.00", "€190.00", "16.0%"],
        ["€1,100.00", "€1,309.00", "€209.00", "16.0%"],
    ]
    reason = {"en": "fits: tax counted in one of them", "zh": "相符：一方含税、一方不含税"}[lang]
    assert all(row["cells"][4].startswith(reason) for row in differ["rows"])  # 1.19 is the tax
    test = test.button(key="actuals_take").click().run()
    seen = now(test).history
    assert seen.names() == ["2026-05", "2026-06"]  # November is not over: left out by itself
    assert seen.seen_gmv == [1000, 1100]  # the first file counts
    assert seen.seen_ad_spend == [300, 310]
    assert test.button(key="actuals_take").disabled  # nothing would change any more


@pytest.mark.slow
def test_files_join_the_months_that_are_there_and_say_what_they_change():
    had = STORE.replace({"history.first_month": "2026-04", "history.seen_gmv": [900.0, 999.0]})
    test = upload(actuals(scenario=had), ("shop.csv", SHOP))
    assert "This changes 1 figure that is there already" in texts(test)
    test = test.button(key="actuals_take").click().run()
    assert now(test).history.seen_gmv == [900, 1000, 1100]
    test = test.button(key="undo").click().run()
    assert now(test).history.seen_gmv == [900, 999]


def test_a_file_without_sales_joins_a_series_that_has_some():
    had = STORE.replace({"history.first_month": "2026-05", "history.seen_gmv": [900.0]})
    test = upload(actuals(scenario=had), ("ads.csv", b"month,clicks,ad_spend\n2026-05,70,33\n"))
    assert not test.error
    test = test.button(key="actuals_take").click().run()
    assert now(test).history.seen_clicks == [70] and now(test).history.seen_gmv == [900]


def test_channels_come_along_and_can_be_removed():
    test = upload(actuals(), ("c.csv", CHANNELS))
    test = test.button(key="actuals_take").click().run()
    assert [one.channel for one in now(test).history.by_channel] == ["ads", "mail"]
    assert now(test).history.seen_gmv == [1000]
    test.session_state["actuals_channels"] = True
    test = test.run()
    box = next(one for one in test.selectbox if str(one.key).startswith("actuals_channel_"))
    test = box.set_value("ads").run()
    test = test.button(key="actuals_channel_drop").click().run()
    assert [one.channel for one in now(test).history.by_channel] == ["mail"]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"month,gmv\n2026-05,25.999\n2026-06,1.234\n", b"\x89PNG\r\n"]
)
def test_a_file_that_cannot_be_read_is_refused_by_name_and_changes_nothing(content, lang):
    test = upload(actuals(lang), ("broken.csv", content), lang=lang)
    assert "broken.csv" in "".join(one.value for one in test.error)
    assert now(test) == STORE


def test_a_file_in_another_currency_is_not_taken_before_it_is_converted():
    test = upload(actuals(), ("x.csv", b"month,currency,gmv\n2026-05,USD,1000\n2026-06,USD,1100\n"))
    assert test.button(key="actuals_take").disabled
    assert "another currency than the scenario's" in texts(test)
    box = next(one for one in test.selectbox if "_into_" in str(one.key))
    test = box.set_value("EUR").run()
    assert not test.button(key="actuals_take").disabled


@pytest.mark.parametrize("lang", LANGS)
def test_a_block_of_cells_is_pasted(lang):
    test = way(actuals(lang), "paste", lang)
    area = next(one for one in test.text_area if one.key == f"actuals_pasted_{lang}")
    test = area.set_value("1万\t12\t38\n").run()  # what is pasted over it is what is read
    area = next(one for one in test.text_area if one.key == f"actuals_pasted_{lang}")
    test = area.set_value("3万\t120\t380\n3.2万\t125\t400\n").run()
    assert not test.error
    test = test.button(key="actuals_take").click().run()
    seen = now(test).history
    assert seen.names() == ["2026-05", "2026-06"]  # no month is told: they begin at the mark's
    assert seen.seen_gmv == [30_000, 32_000] and seen.seen_ad_spend == [380, 400]
    assert not test.text_area[0].value


@pytest.mark.parametrize("lang", LANGS)
def test_the_example_shows_the_whole_page_and_says_that_it_is_one(lang):
    test = page("actual_months", lang)
    test = test.button(key="actuals_example_go").click().run()
    assert not test.error and not test.exception
    assert now(test) == example_after_signing(lang)
    assert {"en": "Example data", "zh": "示例数据"}[lang] in texts(test)
    assert len(test.get("vega_lite_chart")) == 1
    for figure in ("orders", "ad_spend", "profit"):
        control = next(
            one for one in test.segmented_control if one.key == f"actuals_chart_figure_{lang}"
        )
        test = control.set_value(figure).run()
        assert len(test.get("vega_lite_chart")) == 1
    test = test.button(key="actuals_reset").click().run()
    assert now(test).history.names() == [] and now(test).history.signed == "quote"
    test = test.button(key="undo").click().run()
    assert now(test) == example_after_signing(lang)


def test_own_months_are_no_example():
    # a month typed over the example's takes its share down, and the label goes with the half of it
    example = example_after_signing("en")
    assert months_of_the_example(example.history) == 1.0
    changed = example.replace({"history.seen_gmv": [1.0] * 20})
    assert 0.5 < months_of_the_example(changed.history) < 1.0
    assert "Most of these months are still the example's" in texts(actuals(scenario=changed))
    assert "Example data" not in texts(actuals())


def test_language_and_link_keep_every_month():
    example = example_after_signing("en")
    test = actuals(scenario=example)
    assert now(test) == example
    control = next(one for one in test.segmented_control if str(one.key).startswith("language"))
    test = control.set_value("zh").run()
    assert now(test) == example and "合作之前 14 个月" in texts(test)


def test_the_downloads_are_read_back_as_the_same_months():
    kept = kept_months(example_after_signing("en").history)
    for name, content in (
        ("x.csv", as_template(kept).encode()),
        ("x.xlsx", months_workbook(kept, "en")),
    ):
        found = history(read_table(content, name))
        assert found.months == kept.months
        for figure, values in kept.figures.items():
            assert found.figures[figure].tolist() == pytest.approx(values.tolist(), nan_ok=True)


def test_actual_months_are_no_baseline_on_the_page_of_kpis():
    example = example_after_signing("en")
    test = page("kpi_check", "en", links.encode(example))
    test.session_state["shop_file"] = True  # the history stands in the first step, behind its fold
    test.run()
    # February to April 2026, not what came since: (11,881.79 + 14,165.05 + 11,084.99) / 3
    assert "12,377" in texts(test).replace("\\", "")


def test_a_signed_quote_that_is_removed_is_not_signed_any_more():
    # the id stays named (changed on purpose: cleared, the only other quote was billed by), and a
    # quote begun later does not get it, for it was never signed
    one = STORE.replace({"options": QUOTES[:1], "history.signed": "quote"})
    test = page("quote_test", "en", links.encode(one))
    test.session_state["quote_terms_quote"] = True
    test = button(test.run(), "options.quote.drop").click().run()
    assert now(test).options == [] and now(test).history.signed == "quote"
    assert now(test).signed_option() is None and now(test).fresh_option() == "quote_2"


@pytest.mark.parametrize("lang", LANGS)
def test_with_several_quotes_a_named_one_that_is_gone_is_asked_for_again(lang):
    test = actuals(lang, STORE.replace({"history.signed": "gone"}))
    told = {"en": "has been removed: please choose again", "zh": "已经删除，请重新选"}[lang]
    assert told in texts(test)


def test_own_months_can_be_taken_into_a_shop_that_is_still_the_examples():
    """600 orders a month and 12,000 clicks for 7,500: the form goes by them once that is asked."""
    months = {
        "history.first_month": "2026-01",
        "history.seen_gmv": [25_000.0] * 6,
        "history.seen_orders": [600.0] * 6,
        "history.seen_ad_spend": [7_500.0] * 6,
        "history.seen_clicks": [12_000.0] * 6,
    }
    mine = preset("shopify-us-beauty").replace(
        months | {"product.price": 41.5, "product.unit_cost": 60.0}
    )
    test = actuals("zh", mine)
    assert any("仍是示例的数" in one.value for one in test.caption)
    before = now(test)
    fold = [one for one in test.expander if one.key == "history_fit_fold"]
    test.session_state["history_fit_fold"] = True
    test.run()
    assert fold
    button(test, "history_fit").click().run()
    after = now(test)
    assert after.history == before.history and after != before
    assert not any("仍是示例的数" in one.value for one in test.caption)


BARE = preset("amazon-de-kitchen")


def contract(test, **blanks):
    for name, text in blanks.items():
        test = type_number(test, f"actuals.contract.{name}", text)
    return test


@pytest.mark.parametrize("lang", LANGS)
def test_a_contract_is_typed_in_one_sentence_and_made_of_its_first_blank(lang):
    test = actuals(lang, BARE)
    assert now(test).options == []
    test = contract(test, base="800")
    [made] = now(test).options
    assert (made.kind, made.base, made.setup, made.term, made.share_tiers) == (
        "quote",
        800.0,
        0.0,
        12,
        [],
    )
    test = contract(test, setup="1,000", share_bound="1万", share_rate="5", term="6")
    [made] = now(test).options
    assert (made.base, made.setup, made.term) == (800.0, 1000.0, 6)
    assert [(one.upto, one.rate) for one in made.share_tiers] == [(10_000, 0.0), (None, 0.05)]
    test = chosen(test, "actuals.contract.currency", "sales")
    assert now(test).options[0].fee_currency == "sales" and not test.error


def test_a_threshold_without_a_share_makes_no_contract_and_waits_for_it():
    test = contract(actuals(scenario=BARE), share_bound="10000")
    assert now(test).options == []
    test = contract(test, share_rate="5")
    [made] = now(test).options
    assert [(one.upto, one.rate) for one in made.share_tiers] == [(10_000, 0.0), (None, 0.05)]
    test = contract(test, share_bound="")
    assert [(one.upto, one.rate) for one in now(test).options[0].share_tiers] == [(None, 0.05)]


def test_a_contract_that_the_sentence_cannot_say_is_not_drawn_as_one():
    tiers = [{"upto": 5000.0, "rate": 0.1}, {"rate": 0.05}]
    shared = BARE.replace({"options": [{"id": "q", "base": 1.0, "share_tiers": tiers}]})
    for scenario in (STORE, shared):  # two contracts; a share in tiers
        test = actuals(scenario=scenario)
        assert not [one for one in test.text_input if "actuals.contract." in str(one.key)]


def test_a_term_of_nothing_is_refused_beside_its_blank():
    test = contract(actuals(scenario=BARE), base="800", term="0")
    assert now(test).options[0].term == 12 and "at least" in texts(test)


LATER_ADS = b"month,ad_spend\n2026-05,300\n2026-06,310\n2026-07,320\n"
HALF_A_YEAR = b"month,gmv,orders\n" + b"".join(
    b"2026-%02d,9000,300\n" % month for month in range(2, 8)
)


@pytest.mark.parametrize("lang", LANGS)
def test_the_first_month_is_guessed_from_the_files_shown_and_taken_with_them(lang):
    test = upload(
        actuals(lang, BARE), ("sales.csv", HALF_A_YEAR), ("ads.csv", LATER_ADS), lang=lang
    )
    box = next(one for one in test.selectbox if str(one.key).startswith("actuals_mark_"))
    assert box.value == "2026-05"  # three months sold without ads, then each has some
    words = {"zh": "2026-05 是按文件猜的", "en": "2026-05 is a guess from the files"}
    assert words[lang] in texts(test)
    taken = button(test, "actuals_take").click().run()
    assert now(taken).history.engagement_from == "2026-05"
    assert now(taken).history.before_mark() == 3


def test_a_guess_that_is_wrong_is_changed_before_the_months_are_taken():
    test = upload(actuals(scenario=BARE), ("sales.csv", HALF_A_YEAR), ("ads.csv", LATER_ADS))
    box = next(one for one in test.selectbox if str(one.key).startswith("actuals_mark_"))
    test = box.set_value("2026-07").run()
    assert "is a guess" not in texts(test)
    test = button(test, "actuals_take").click().run()
    assert now(test).history.engagement_from == "2026-07"


def test_months_that_tell_no_beginning_leave_it_open():
    test = upload(actuals(scenario=BARE), ("sales.csv", HALF_A_YEAR))
    box = next(one for one in test.selectbox if str(one.key).startswith("actuals_mark_"))
    assert box.value == ""
    test = button(test, "actuals_take").click().run()
    assert now(test).history.engagement_from == "" and len(now(test).history.names()) == 6


@pytest.mark.parametrize("lang", LANGS)
def test_a_rate_is_typed_for_a_file_in_another_currency(lang):
    """1,000 USD at 0.9 are 900 EUR; the rate is told in the preview and below the months."""
    content = b"month,currency,gmv\n2026-05,USD,1000\n2026-06,USD,1100\n"
    test = upload(actuals(lang), ("x.csv", content), lang=lang)
    test = next(one for one in test.selectbox if "_into_" in str(one.key)).set_value("EUR").run()
    key = next(str(one.key) for one in test.text_input if "_rate_USD_" in str(one.key))
    dated = test.text_input(key=key).placeholder
    assert "2026-10-02" in dated
    test = test.text_input(key=key).set_value("0.9").run()
    words = {"zh": "您填的汇率", "en": "the rate that you typed"}
    assert words[lang] in texts(test)
    test = button(test, "actuals_take").click().run()
    assert now(test).history.seen_gmv == [900.0, 990.0]
    [kept] = now(test).history.converted
    assert (kept.code, kept.into, kept.rate, kept.day) == ("USD", "EUR", 0.9, "")
    assert (kept.first, kept.last) == ("2026-05", "2026-06") and words[lang] in texts(test)
