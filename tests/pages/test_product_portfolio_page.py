"""The page of a portfolio by AppTest: example, own scenario, upload, table, row to scenario and
back, link, undo; in both languages.
"""

import csv
import io
import re
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from funnel_sim.decisions.portfolio.dependence import dependence
from funnel_sim.decisions.portfolio.losses import losses
from funnel_sim.decisions.portfolio.products import products
from funnel_sim.evidence.portfolio.example import example_portfolio
from funnel_sim.evidence.portfolio.sheet import xlsx_sheet
from funnel_sim.evidence.portfolio.template import csv_template
from funnel_sim.output.exports import portfolio_file_name
from funnel_sim.output.words.dependence import loss_sentences
from funnel_sim.output.words.portfolio import portfolio_sentences
from funnel_sim.output.words.portfolio_page import portfolio_tiles
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.files import Aside
from funnel_sim.scenario.links import encode
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_files import portfolio_text
from funnel_sim.scenario.portfolio_links import encode_portfolio
from funnel_sim.scenario.portfolio_loss import LossEvent
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from funnel_sim.ui.pages import product_portfolio
from funnel_sim.ui.pages.portfolio import odds, rows
from funnel_sim.ui.pages.product_portfolio import SECTIONS
from funnel_sim.ui.widgets import portfolio_table
from funnel_sim.words import say
from tests.pages import test_pages
from tests.pages.numbers import numbers
from tests.pages.test_pages import LANGS, ROOT, number, page
from tests.pages.test_text_is_text import MARKUP, alive

DE, US = "amazon-de-kitchen", "amazon-us-kitchen"
SMALL = Portfolio(
    (
        PortfolioRow("Mug", DE, {"product.price": 24.0}),
        PortfolioRow("Rack", US, {"product.unit_cost": 60.0}),
    ),
    DATA_DATE,
)


def texts(test) -> str:
    """Return what the page says, without the marks that keep it from being markup."""
    return test_pages.texts(test).replace("\\", "")


def begun(lang="en", view="", portfolio=None):
    test = page("product_portfolio", lang)
    if portfolio is None:
        test = test.button(key="portfolio_example_go").click().run()
    else:
        test.session_state["portfolio"] = portfolio
    if view:
        test.session_state["portfolio_view"] = view
    return test.run()


def give(test, name, content, media="text/csv"):
    box = next(one for one in test.file_uploader if str(one.key).startswith("portfolio_file_"))
    return box.set_value([(name, content, media)]).run()


def held(test) -> Portfolio:
    return test.session_state["portfolio"]


@pytest.fixture
def hand(monkeypatch):
    """Do acts of the table at the beginning of the next run, as its callback does."""
    waiting: list[dict] = []
    prepared = product_portfolio.prepare

    def prepare(result):
        while waiting:
            portfolio_table.act(waiting.pop(0))
        return prepared(result)

    monkeypatch.setattr(product_portfolio, "prepare", prepare)

    def do(test, *acts):
        waiting.extend(acts)
        return test.run()

    return do


# ---- how it begins
# --------------------------------------------------------------------------------------------


@pytest.mark.sampled(8)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("view", [one.name for one in SECTIONS])
def test_each_part_draws_and_the_example_is_called_one(view, lang):
    test = begun(lang, view)
    assert not test.exception and not test.error
    assert say(lang, "portfolio_page.example_all", rows=12, of=12) in texts(test)
    for tile in portfolio_tiles(products(example_portfolio(lang)), lang):
        assert tile.name in texts(test) and tile.value in texts(test)


def test_an_example_of_which_a_row_was_changed_says_how_many_are_still_its_own():
    example = example_portfolio("en")
    mine = replace(example.rows[0], changes={"product.price": 30.0})
    test = begun(portfolio=Portfolio((mine, *example.rows[1:]), DATA_DATE))
    assert say("en", "portfolio_page.example_some", rows=11, of=12) in texts(test)
    assert say("en", "shop.example") not in texts(begun(portfolio=SMALL))
    plain = Portfolio((*SMALL.rows, PortfolioRow("Plain", DE)), DATA_DATE)
    assert say("en", "portfolio_page.as_presets", rows=1, of=3) in texts(begun(portfolio=plain))


@pytest.mark.parametrize("lang", LANGS)
def test_the_scenario_at_hand_and_those_put_aside_become_rows(lang):
    mine = preset(DE).replace({"name": "Mine", "product.price": 33.0})
    test = page("product_portfolio", lang, encode(mine, [Aside("Other", preset(US))]))
    test = test.button(key="portfolio_mine_go").click().run()
    assert [row.name for row in held(test).rows] == ["Mine", "Other"]
    assert held(test).scenario_of(0) == mine
    assert not test.error


@pytest.mark.parametrize("lang", LANGS)
def test_a_spreadsheet_and_a_file_are_read(lang):
    test = give(page("product_portfolio", lang), "items.csv", csv_template(lang).encode())
    assert len(held(test).rows) == 2 and not test.error
    sheet = xlsx_sheet(SMALL, lang)
    test = give(page("product_portfolio", lang), "items.xlsx", sheet, "application/x")
    assert held(test) == SMALL
    text = portfolio_text(SMALL).encode()
    test = give(page("product_portfolio", lang), "mine.json", text, "application/json")
    assert held(test) == SMALL


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["items.csv:3: Price", "many", "items.csv:4 (Mug)"]),
        ("zh", ["items.csv:3: Price", "many"]),
    ],
)
def test_a_bad_spreadsheet_is_refused_by_line_and_what_was_there_stays(lang, told):
    test = begun(lang, "files", SMALL)
    lines = [["Name", "Base", "Price"], ["Mug", DE, "24"], ["Cup", DE, "many"]]
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    test = give(test, "items.csv", text.getvalue().encode())
    shown = "\n".join(str(one.value) for one in test.error).replace("\\", "")
    for part in told[:2]:
        assert part in shown
    assert held(test) is not None and held(test) == SMALL
    lines[2][2] = "30"
    text = io.StringIO()
    csv.writer(text).writerows([*lines, ["Mug", DE, "24"]])
    test = give(test, "items.csv", text.getvalue().encode())
    shown = "\n".join(str(one.value) for one in test.error).replace("\\", "")
    assert "items.csv:4 (Mug)" in shown and held(test) == SMALL


def test_columns_that_were_not_used_are_named():
    text = "Name,Base,Colour\nMug,amazon-de-kitchen,red\n"
    test = give(page("product_portfolio"), "items.csv", text.encode())
    assert say("en", "portfolio.left_out", names="Colour") in texts(test)


# ---- the table
# --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("25,99", 25.99), ("€31", 31.0), (" 22.5 ", 22.5)],
)
def test_a_price_is_typed_as_people_type_it(hand, text, value):
    test = begun(view="rows", portfolio=SMALL)
    test = hand(test, {"row": "Mug", "col": "product.price", "text": text})
    assert held(test).rows[0].changes == {"product.price": value}
    test.button(key="undo").click().run()
    assert held(test).rows[0].changes == {"product.price": 24.0}


def test_a_rate_is_typed_in_percent_and_an_emptied_cell_is_the_bases_again(hand):
    test = begun(view="rows", portfolio=SMALL)
    test = hand(test, {"row": "Mug", "col": "conversion.cvr", "text": "8"})
    assert held(test).rows[0].changes["conversion.cvr"] == 0.08
    test = hand(test, {"row": "Mug", "col": "channel.cpc", "text": "0,61"})
    assert held(test).rows[0].changes["channels.ads.cpc"] == 0.61
    test = hand(test, {"row": "Mug", "col": "product.price", "text": ""})
    assert "product.price" not in held(test).rows[0].changes


@pytest.mark.parametrize("lang", LANGS)
def test_what_cannot_be_is_said_stays_in_its_cell_and_does_not_count(hand, lang):
    test = begun(lang, "rows", SMALL)
    test = hand(test, {"row": "Mug", "col": "product.price", "text": "cheap"})
    assert held(test) == SMALL
    assert "Mug · " in texts(test) and "cheap" in texts(test)
    test = hand(test, {"row": "Mug", "col": "product.price", "text": "-3"})
    assert held(test) == SMALL and "cheap" not in texts(test) and "-3" in texts(test)
    test = hand(test, {"row": "Mug", "col": "product.price", "text": "26"})
    assert "-3" not in texts(test) and held(test).rows[0].changes == {"product.price": 26.0}


@pytest.mark.parametrize("lang", LANGS)
def test_a_number_with_two_readings_is_asked_about(hand, lang):
    test = begun(lang, "rows", SMALL)
    test = hand(test, {"row": "Rack", "col": "product.unit_cost", "text": "2,125"})
    assert held(test) == SMALL and "2,125" in texts(test)
    answers = [one for one in test.button if str(one.key).startswith("portfolio_ask_0_")]
    assert len(answers) == 3
    test = answers[1].click().run()
    assert held(test).rows[1].changes == {"product.unit_cost": 2.125}
    assert not any(str(one.key).startswith("portfolio_ask_0") for one in test.button)


def test_another_currency_is_asked_about_with_the_amount_converted(hand):
    test = begun(view="rows", portfolio=SMALL)
    test = hand(test, {"row": "Mug", "col": "product.price", "text": "$26"})
    assert held(test) == SMALL
    labels = [one.label for one in test.button if str(one.key).startswith("portfolio_ask_0_")]
    assert any("=" in label for label in labels)
    test = test.button(key="portfolio_ask_0_keep").click().run()
    assert held(test) == SMALL and not test.session_state["portfolio_asked"]


def test_rows_are_renamed_copied_and_removed_and_all_comes_back(hand):
    test = begun(view="rows", portfolio=SMALL)
    test = hand(
        test,
        {"row": "Mug", "col": "name", "text": "Cup"},
        {"row": "Mug", "col": "product.price", "text": "25"},  # sent before the new name was seen
        {"row": "Cup", "act": "copy"},
    )
    assert [row.name for row in held(test).rows] == ["Cup", "Cup 2", "Rack"]
    assert held(test).rows[0].changes == {"product.price": 25.0}
    test = hand(test, {"row": "Cup 2", "act": "drop"}).run()
    assert [row.name for row in held(test).rows] == ["Cup", "Rack"]
    told = say("en", "frame.removed", what=say("en", "frame.portfolio_row", name="Cup 2"))
    assert told in texts(test)
    test = test.button(key="undo_removed").click().run()
    assert [row.name for row in held(test).rows] == ["Cup", "Cup 2", "Rack"]


def test_a_name_of_another_row_and_a_base_that_is_none_are_refused(hand):
    test = begun(view="rows", portfolio=SMALL)
    test = hand(
        test,
        {"row": "Mug", "col": "name", "text": "Rack"},
        {"row": "Rack", "col": "base", "text": "nowhere"},
    )
    assert held(test) == SMALL and len(test.session_state["portfolio_wrong"]) == 2
    test = hand(test, {"row": "Rack", "col": "base", "text": "amazon-us-beauty"})
    assert held(test).rows[1].base == "amazon-us-beauty"


def test_the_last_row_stays(hand):
    one = Portfolio(SMALL.rows[:1], DATA_DATE)
    test = hand(begun(view="rows", portfolio=one), {"row": "Mug", "act": "drop"})
    assert held(test) == one and test.session_state["portfolio_wrong"]


def test_a_row_is_added_with_a_name_and_a_base():
    test = begun(view="rows", portfolio=SMALL)
    test.session_state["portfolio_add"] = True
    test = test.run()
    test.text_input(key="portfolio_new_name_en").set_value("Serum")
    test.selectbox(key="portfolio_new_base_en").set_value("amazon-us-beauty")
    test = test.button(key="portfolio_new_go").click().run()
    assert held(test).rows[-1] == PortfolioRow("Serum", "amazon-us-beauty")


def test_a_column_is_added_by_the_name_of_a_field():
    test = begun(view="rows", portfolio=SMALL)
    test.session_state["portfolio_columns"] = True
    test = test.run()
    test = (
        next(one for one in test.multiselect if str(one.key).startswith("portfolio_shown"))
        .set_value(["product", "plan.horizon_months"])
        .run()
    )
    assert test.session_state["portfolio_shown"] == [
        "product",
        "plan.horizon_months",
    ]
    assert not test.exception and not test.error


MANY = Portfolio(
    tuple(
        PortfolioRow(f"Item {n:03}", DE, {"product.price": 15.0 + n / 10}, group=f"G{n % 3}")
        for n in range(120)
    ),
    DATA_DATE,
)


def drawn(monkeypatch):
    """Return a list that holds the data of each table as it is sent to the browser."""
    sent: list[dict] = []
    monkeypatch.setattr(portfolio_table, "_table", lambda **how: sent.append(how["data"]))
    return sent


def test_a_page_of_rows_travels_found_and_sorted_on_the_server(monkeypatch, hand):
    sent = drawn(monkeypatch)
    test = begun(view="rows", portfolio=MANY)
    assert len(sent[-1]["rows"]) == rows.PAGE
    test = hand(test, {"sort": "product.price"})
    assert sent[-1]["rows"][0]["name"] == "Item 119"
    test = hand(test, {"sort": "product.price"})
    assert sent[-1]["rows"][0]["name"] == "Item 000"
    test = test.button(key="portfolio_page_last").click().run()
    assert [one["name"] for one in sent[-1]["rows"]][-1] == "Item 119"
    assert len(sent[-1]["rows"]) == 20
    box = next(one for one in test.text_input if str(one.key).startswith("portfolio_search"))
    test = box.set_value("g1 item 00").run()
    assert [one["name"] for one in sent[-1]["rows"]] == [f"Item {n:03}" for n in (1, 4, 7, 100)]
    box = next(one for one in test.text_input if str(one.key).startswith("portfolio_search"))
    test = box.set_value("nothing so named").run()
    assert say("en", "portfolio_page.none_found") in texts(test)


def test_only_rows_that_lose_money(monkeypatch):
    sent = drawn(monkeypatch)
    test = begun(view="rows", portfolio=MANY)
    box = next(one for one in test.toggle if str(one.key).startswith("portfolio_losing"))
    box.set_value(True).run()
    losing = products(MANY).losing.size
    assert 0 < losing < 120 and len(sent[-1]["rows"]) == min(losing, rows.PAGE)
    assert all(one["tone"] == "bad" for one in sent[-1]["rows"])


# ---- a row as a scenario
# --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_row_is_opened_as_a_scenario_changed_and_taken_back(hand, lang):
    test = begun(lang, "rows", SMALL)
    test = hand(test, {"row": "Rack", "act": "open"})
    assert test.session_state["scenario"].name == "Rack"
    assert test.session_state["removed"] == say(lang, "frame.row_opened", name="Rack")
    test = test.switch_page("pages/my_shop.py").run()
    told = say(lang, "portfolio_page.row_same", number=2, of=2, name="Rack")
    assert told in texts(test)
    assert not any(one.key == "portfolio_take_back" for one in test.button)
    number(test, {"en": "Price", "zh": "售价"}[lang]).set_value(45.0).run()
    assert say(lang, "portfolio_page.row_changed", number=2, of=2, name="Rack") in texts(test)
    test = test.button(key="portfolio_take_back").click().run()
    assert point_value(held(test).scenario_of(1).product.price) == pytest.approx(45.0)
    assert held(test).rows[1].changes["product.unit_cost"] == 60.0
    assert held(test).rows[0] == SMALL.rows[0]
    assert not any(one.key == "portfolio_take_back" for one in test.button)


def test_another_shop_is_no_row_of_the_portfolio(hand):
    test = hand(begun(view="rows", portfolio=SMALL), {"row": "Mug", "act": "open"})
    test.session_state["scenario"] = preset(US)
    test = test.switch_page("pages/my_shop.py").run()
    assert "Mug" not in texts(test)


# ---- links, odds, currency
# --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_link_opens_the_portfolio(lang):
    fresh = visited(encode_portfolio(SMALL), lang)
    fresh = fresh.switch_page("pages/product_portfolio.py").run()
    assert held(fresh) == SMALL
    fresh.session_state["portfolio_view"] = "files"
    fresh = fresh.run()
    assert any(encode_portfolio(SMALL) in str(one.value) for one in fresh.code)


def visited(text, lang="en"):
    """Open an address that holds a portfolio, as a new visitor."""
    fresh = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    fresh.query_params["lang"], fresh.query_params["p"] = lang, text
    return fresh.run()


def test_a_damaged_link_is_said_and_the_page_begins():
    fresh = visited("1broken")
    assert held(fresh) is None and fresh.error


def test_what_the_browser_kept_brings_the_portfolio_back():
    test = page("start", "en")
    test.session_state["saved"] = {
        "s": encode(preset(US)),
        "p": encode_portfolio(SMALL),
        "told": "Amazon",
        "when": "today",
    }
    test = test.run().button(key="go_on_go").click().run()
    assert held(test) == SMALL and test.session_state["scenario"] == preset(US)


@pytest.mark.parametrize(("count", "key"), [(900, "link_long"), (1200, "link_none")])
def test_a_long_portfolio_says_so_instead_of_a_link(count, key):
    some = (
        PortfolioRow(f"{n * 7919 % 100003}", DE, {"product.price": 20 + n * 7919 % 10007 / 1000})
        for n in range(count)
    )
    test = begun("zh", "files", Portfolio(tuple(some), DATA_DATE))
    assert say("zh", f"portfolio_page.{key}") in texts(test)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("view", [one.name for one in SECTIONS])
def test_no_name_of_a_row_is_markup_and_no_amount_a_formula(view):
    rows_ = tuple(
        PortfolioRow(f"{MARKUP} {n}", US, {"product.price": p}, MARKUP + str(n), group=MARKUP)
        for n, p in enumerate((20.0, 60.0))
    )
    test = begun(view=view, portfolio=Portfolio(rows_, DATA_DATE, "USD"))
    test.session_state["portfolio_wrong"] = {(f"{MARKUP} 0", "product.price"): (MARKUP, MARKUP)}
    test = test.run()
    assert alive(test) == []
    kinds = (test.markdown, test.caption)
    told = "\n".join(str(one.value) for kind in kinds for one in kind)
    assert "\\$" in told and not re.search(r"\\\\\$|(?<!\\)\$", told)


@pytest.mark.slow
def test_few_rows_are_simulated_at_once_and_many_when_asked(monkeypatch):
    monkeypatch.setattr(odds, "LIVE", 256)
    test = begun(view="odds", portfolio=SMALL)
    assert test.session_state["remembered"]["portfolio_odds"]
    test = begun(view="odds", portfolio=Portfolio(MANY.rows[:30], DATA_DATE))
    assert not test.session_state["remembered"]["portfolio_odds"]
    test = test.button(key="portfolio_odds_go").click().run()
    assert test.session_state["remembered"]["portfolio_odds"]
    assert test.get("vega_lite_chart") and not test.error


def test_totals_in_another_currency_are_one_more_step():
    test = begun(portfolio=SMALL)
    box = next(one for one in test.selectbox if str(one.key).startswith("portfolio_currency"))
    test = box.set_value("EUR").run()
    assert held(test).currency == "EUR" and "€" in texts(test)
    test = test.button(key="undo").click().run()
    assert held(test).currency == "CNY"


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_report_and_slides_are_taken_from_the_files(lang, monkeypatch):
    buttons = {}
    real = st.download_button

    def seen(label, data, **words):
        buttons[words["key"]] = (label, data, words["file_name"])
        return real(label, data, **words)

    monkeypatch.setattr(st, "download_button", seen)
    test = begun(lang, "files", SMALL)
    assert not test.exception
    assert say(lang, "portfolio_report.report") in texts(test)
    for kind, begins in (("html", b"<!doctype html"), ("pdf", b"%PDF"), ("pptx", b"PK")):
        label, made, name = buttons[f"portfolio_take_{kind}"]
        assert label == say(lang, f"portfolio_page.take_{kind}")
        assert name == portfolio_file_name(SMALL, kind, lang)
        content = made()  # as the browser asks for it, after the page was drawn
        assert content[: len(begins)].lower() == begins.lower()
        if kind == "html":
            assert portfolio_sentences(products(SMALL), lang)[0] in content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_other_markets_are_those_of_a_chosen_row_or_of_the_scenario_at_hand_said_so(lang):
    test = begun(lang, "markets", SMALL)
    assert not test.exception and not test.error

    def whose(some):
        return next(one for one in some.selectbox if str(one.key).startswith("markets_row"))

    assert whose(test).value == "Mug"  # the first row, until one is chosen
    assert say(lang, "markets.not_a_row") not in texts(test)
    test = whose(test).set_value("Rack").run()
    assert whose(test).value == "Rack" and not test.exception
    test = whose(test).set_value("").run()
    assert not test.exception and say(lang, "markets.not_a_row") in texts(test)


@pytest.mark.parametrize("lang", LANGS)
def test_numbers_of_the_table_are_exact_by_one_switch_and_one_undo(lang):
    """Two numbers are typed, both where their bases have a range."""
    test = begun(lang, "odds", SMALL)
    assert say(lang, "portfolio.ranges_drawn", numbers="2", drawn="2") in texts(test)
    switch = next(one for one in test.toggle if one.key.startswith("portfolio_exact_"))
    test = switch.set_value(True).run()
    assert held(test).exact and say(lang, "portfolio.ranges_exact", numbers="2") in texts(test)
    assert encode_portfolio(held(test)) != encode_portfolio(SMALL)
    test = test.button(key="undo").click().run()
    assert not held(test).exact
    switch = next(one for one in test.toggle if one.key.startswith("portfolio_exact_"))
    assert not switch.value


@pytest.mark.parametrize("lang", LANGS)
def test_the_loss_of_a_part_is_an_event_that_is_switched_on_and_weighed(lang):
    test = begun(lang, "dependence", SMALL)
    test.session_state["dependence_by"] = "market"
    test = test.run()
    [box] = [one for one in test.multiselect if one.key.startswith("dependence_lost_market")]
    assert say(lang, "dependence.event_unsaid") not in texts(test)
    test = box.set_value(["DE"]).run()
    assert held(test).losses == (LossEvent("market", ("DE",)),)
    assert say(lang, "dependence.event_unsaid") in texts(test)
    [odds] = [one for one in numbers(test) if one.key.startswith("dependence_odds_market")]
    test = odds.type("20")
    assert held(test).losses == (LossEvent("market", ("DE",), 0.2),)
    found = losses(dependence(SMALL, "market"), ["DE"])
    told = loss_sentences(found, dependence(SMALL, "market"), SMALL, 0.2, lang)
    assert all(one in texts(test) for one in told)
    # a line for one more, and undo takes the last step back, on screen too
    lines = [one for one in test.multiselect if one.key.startswith("dependence_lost_market")]
    assert [one.value for one in lines] == [["DE"], []]
    test = test.button(key="undo").click().run()
    test = test.button(key="undo").click().run()
    assert not held(test).losses
    lines = [one for one in test.multiselect if one.key.startswith("dependence_lost_market")]
    assert [one.value for one in lines] == [[]]


def test_what_was_simulated_is_still_known_when_a_loss_is_put_in():
    test = begun("en", "odds", SMALL)
    drawn = odds_kept(test)
    test.session_state["portfolio_view"] = "dependence"
    test.session_state["dependence_by"] = "market"
    test = test.run()
    box = next(one for one in test.multiselect if one.key.startswith("dependence_lost_market"))
    test = box.set_value(["DE"]).run()
    assert odds_kept(test).total is drawn.total  # not simulated again
    assert say("en", "dependence.event_not_drawn") not in texts(test)


def odds_kept(test):
    """Return the futures that the tab remembers of its portfolio."""
    known = test.session_state["remembered"]["portfolio_odds"]
    portfolio, found = known[id(held(test))]
    assert portfolio is held(test) is found.portfolio
    return found
