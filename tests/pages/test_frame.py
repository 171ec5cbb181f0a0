"""The frame by AppTest: undo and redo, what was taken out, another shop, which scenario, what is
kept, what is sent; in both languages.
"""

import json

import pytest

from funnel_sim.scenario.files import Aside, opened, to_text
from funnel_sim.scenario.links import decode, encode
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.presets import preset
from funnel_sim.ui.frame import MOVED, PLACES
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session.undo import MOST_STEPS
from funnel_sim.ui.widgets.store import with_own_numbers
from funnel_sim.words import say
from tests.pages.test_pages import LANGS, another_shop, app, number, page, texts

SHOP = preset("amazon-de-kitchen")
MINE = SHOP.replace(
    {
        "name": "Mine",
        "kpis": [{"id": "gmv", "metric": "gmv", "target": 15_000.0}],
        "options": [{"id": "quote", "base": 9000.0, "claimed": 0.2}],
        "history.first_month": "2026-01",
        "history.seen_gmv": [10_000.0, 11_000.0, 12_000.0],
        "history.seen_orders": [400.0, 420.0, 440.0],
        "chance.paths": 1024,
    }
)


def with_(test, scenario, **state):
    test.session_state["scenario"] = scenario
    test.session_state["revision"] += 1
    for key, value in state.items():
        test.session_state[key] = value
    return test.run()


def link_in(test) -> str:
    return next(str(code.value) for code in test.code if "shared-verdict" in str(code.value))


def sent(link: str):
    return decode(link.split("&s=", 1)[1])


# ---- undo
# --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "price"), [("en", "Price"), ("zh", "售价")])
def test_each_number_can_be_taken_back_and_given_again(lang, price):
    test = page("my_shop", lang)
    assert test.button(key="undo").disabled and test.button(key="redo").disabled
    number(test, price).set_value(31.0).run()
    number(test, price).set_value(32.0).run()
    test.button(key="undo").click().run()
    assert number(test, price).value == 31.0
    assert [toast.value for toast in test.toast] == [
        literal(say(lang, "frame.undone", what=spec_of("product.price").label.of(lang)))
    ]
    test.button(key="undo").click().run()
    assert test.session_state["scenario"] == SHOP and number(test, price).value == 29.99
    assert test.button(key="undo").disabled
    test.button(key="redo").click().run()
    assert number(test, price).value == 31.0
    number(test, price).set_value(
        40.0
    ).run()  # what was undone is gone once something else is typed
    assert test.button(key="redo").disabled
    test.button(key="undo").click().run()
    assert number(test, price).value == 31.0


@pytest.mark.slow
def test_undo_reaches_over_pages_and_is_bounded():
    test = page("my_shop")
    for cents in range(MOST_STEPS + 5):
        test.session_state["scenario"] = SHOP.replace({"product.price": 30.0 + cents / 100})
        test.run()
    assert len(test.session_state["steps"]) == MOST_STEPS
    test.switch_page("pages/unit_economics.py").run()
    test.button(key="undo").click().run()
    assert test.session_state["scenario"].product.price == pytest.approx(
        30.0 + (MOST_STEPS + 3) / 100
    )


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("without", "name"),
    [
        ({"options": []}, "options"),
        ({"kpis": []}, "kpis"),
        ({"shocks": []}, "shocks"),
        ({"history.seen_gmv": []}, ""),
    ],
)
def test_what_is_deleted_is_said_with_a_way_back(lang, without, name):
    """One bar for every list, whichever page took the row out: quotes, KPIs, events; a history
    emptied is a change like another.
    """
    shocks = [
        {"id": "fee", "name": "Fee", "probability": 0.2, "effect": "commission", "size": 0.02}
    ]
    whole = MINE.replace({"shocks": shocks})
    test = with_(page("unit_economics", lang), whole)
    with_(test, whole.replace(without))
    shown = [button for button in test.button if button.key == "undo_removed"]
    assert len(shown) == (1 if name else 0)
    test.button(key="undo_removed" if name else "undo").click().run()
    assert test.session_state["scenario"] == whole
    assert not [button for button in test.button if button.key == "undo_removed"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("other", "said"),
    [("amazon-de-electronics", "frame.shop_came"), ("amazon-us-kitchen", "frame.shop_left")],
)
def test_another_shop_is_said_as_one_with_what_became_of_the_own_numbers(lang, other, said):
    """Within Germany the price comes along; counted in dollars it stays with the old shop."""
    shop = preset("amazon-de-kitchen").replace({"product.price": 26.04})
    test = with_(page("unit_economics", lang), shop)
    with_(test, with_own_numbers(shop, preset(other)))
    assert any(literal(say(lang, said)) in one.value for one in test.markdown)


def test_a_row_deep_in_a_quote_counts_as_taken_out_too():
    whole = MINE.replace(
        {
            "options": [
                {"id": "quote", "base": 9000.0, "extras": [{"name": "Photos", "amount": 500.0}]}
            ]
        }
    )
    test = with_(page("unit_economics"), whole)
    with_(test, whole.replace({"options.quote.extras": []}))
    test.button(key="undo_removed").click().run()
    assert test.session_state["scenario"] == whole


def test_a_comparison_that_was_removed_comes_back():
    test = with_(page("side_by_side"), MINE, compared=[Aside("first", SHOP)])
    test.button(key="compare_drop_0").click().run()
    assert test.session_state["compared"] == []
    test.button(key="undo").click().run()
    assert [one.name for one in test.session_state["compared"]] == ["first"]
    assert test.session_state["scenario"] == MINE


# ---- another shop
# ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_another_shop_keeps_quotes_kpis_and_months_in_its_currency(lang):
    test = another_shop(with_(page("my_shop", lang), MINE), "ozon-ru-clothing")
    now, shop = test.session_state["scenario"], preset("ozon-ru-clothing")
    assert (now.currency, now.product, now.name) == (shop.currency, shop.product, "Mine")
    assert [one.id for one in now.options] == ["quote"] and now.options[
        0
    ].base == 9000.0  # in CNY there as here
    assert now.kpis[0].target > 15_000.0 * 20  # a euro is more than twenty roubles
    assert (
        now.history.seen_orders == [400.0, 420.0, 440.0] and now.history.seen_gmv[0] > 10_000.0 * 20
    )
    assert literal(say(lang, "frame.kept_months", count=3)) in "\n".join(
        str(one.value) for one in test.success
    )
    while test.session_state["scenario"] != MINE:  # one step a choice
        assert not test.button(key="undo").disabled
        test.button(key="undo").click().run()


@pytest.mark.parametrize("lang", LANGS)
def test_where_it_cannot_be_kept_the_page_asks_and_loses_nothing(lang, monkeypatch):
    from funnel_sim.errors import refuse
    from funnel_sim.ui.widgets import store

    def no_rate(*_):
        raise refuse("currency", "RUB", "fx_unknown", one="EUR", other="RUB")

    monkeypatch.setattr(store, "with_terms_of", no_rate)
    test = another_shop(with_(page("my_shop", lang), MINE), "ozon-ru-clothing", asked=True)
    assert test.session_state["scenario"] == MINE
    assert any("RUB" in str(one.value) for one in test.warning)
    test.button(key="shop_leave").click().run()
    assert test.session_state["scenario"].platform == "Ozon"
    assert [(one.name, one.scenario) for one in test.session_state["compared"]] == [("Mine", MINE)]


# ---- which scenario
# ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_scenario_is_renamed_copied_and_switched(lang):
    test = page("unit_economics", lang)
    test.session_state["chip"] = True
    test.run()
    next(t for t in test.text_input if str(t.key).startswith("chip_name")).set_value(
        "Quote A"
    ).run()
    assert test.session_state["scenario"].name == "Quote A"
    test.session_state["chip"] = True
    test.run()
    test.button(key="chip_copy").click().run()
    assert test.session_state["scenario"].name == "Quote A 2"
    first = test.session_state["compared"][0].scenario
    number(test, "Price" if lang == "en" else "售价").set_value(35.0).run()
    test.session_state["chip"] = True
    test.run()
    test.button(key="chip_switch_0").click().run()
    assert test.session_state["scenario"] == first
    assert [one.name for one in test.session_state["compared"]] == ["Quote A 2"]
    assert test.session_state["compared"][0].scenario.product.price.likely == 35.0


def test_comparison_and_role_travel_in_file_and_link():
    aside = (
        Aside("cheaper", SHOP.replace({"product.price": 20.0})),
        Aside("other shop", preset("ozon-ru-clothing")),
    )
    for found in (
        decode(encode(MINE, aside, "sales")),
        opened(to_text(MINE, aside, "sales").encode()),
    ):
        assert (found.scenario, found.aside, found.role) == (MINE, aside, "sales")
    assert len(encode(MINE, aside[:1])) < len(encode(MINE)) + 80  # only what differs
    test = page("side_by_side", "en", encode(MINE, aside, "sales"))
    assert [one.name for one in test.session_state["compared"]] == ["cheaper", "other shop"]
    assert test.session_state["role"] == "sales"


@pytest.mark.parametrize(
    "rows", [5 * [["a", "d", {}]], [["a", "x", {}]], [["a"]], "abc", [[1, "d", {}]]]
)
def test_a_link_with_a_hostile_comparison_is_refused(rows):
    import base64
    import zlib

    from funnel_sim.errors import InputError
    from funnel_sim.scenario.links import _names

    text = encode(SHOP)
    raw = zlib.decompressobj(zlib.MAX_WBITS, _names()[text[0]]).decompress(
        base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    )
    body = json.loads(raw) | {"k": rows}
    packer = zlib.compressobj(
        9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_DEFAULT_STRATEGY, _names()[text[0]]
    )
    packed = packer.compress(json.dumps(body).encode()) + packer.flush()
    with pytest.raises(InputError):
        decode(text[0] + base64.urlsafe_b64encode(packed).rstrip(b"=").decode())


def test_a_file_with_too_many_comparisons_is_refused():
    from funnel_sim.errors import InputError

    body = json.loads(to_text(SHOP, (Aside("a", SHOP),)))
    assert opened(json.dumps(body | {"aside": body["aside"] * 4}).encode()).aside
    with pytest.raises(InputError):
        opened(json.dumps(body | {"aside": body["aside"] * 5}).encode())


# ---- going on
# ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_start_page_offers_what_the_browser_kept(lang):
    test = app(lang)
    test.session_state["saved"] = {
        "s": encode(MINE, (Aside("a", SHOP),)),
        "told": "Mine · **Amazon**",
        "when": "27 Nov",
    }
    test.run()
    assert "Mine · \\*\\*Amazon\\*\\*" in texts(test)
    test.button(key="go_on_go").click().run()
    assert test.session_state["scenario"] == MINE and len(test.session_state["compared"]) == 1
    assert not test.session_state["saved"]


def test_what_the_browser_kept_can_be_deleted_and_may_be_damaged():
    test = app()
    test.session_state["saved"] = {"s": "3broken", "told": "x", "when": ""}
    test.run()
    test.button(key="go_on_go").click().run()
    assert test.session_state["scenario"] == SHOP and test.error
    test.session_state["saved"] = {"s": encode(MINE), "told": "x", "when": ""}
    test.run()
    test.button(key="go_on_forget").click().run()
    assert not test.session_state["saved"] and test.session_state["forget_saved"] == 1


@pytest.mark.slow
def test_what_is_too_long_for_a_link_is_kept_as_a_file():
    """The browser's storage takes more than a link does: nothing is lost for being large."""
    test = app()
    test.session_state["saved"] = {"s": "file:" + to_text(MINE), "told": "x", "when": ""}
    test.run()
    test.button(key="go_on_go").click().run()
    assert test.session_state["scenario"] == MINE and not test.error
    test = app()
    test.session_state["saved"] = {"s": "file:{broken", "told": "x", "when": ""}
    test.run()
    test.button(key="go_on_go").click().run()
    assert test.session_state["scenario"] == SHOP and test.error


# ---- what is sent
# ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_link_asks_before_a_history_travels(lang):
    test = with_(page("unit_economics", lang), MINE, share=True, compared=[Aside("a", SHOP)])
    link = link_in(test)
    assert sent(link).scenario.history.first_month == "" and sent(link).aside == ()
    test.toggle(key="share_history").set_value(True).run()
    assert sent(link_in(test)).scenario == MINE
    test.text_input(key="share_by").set_value("王 & Co").run()
    assert "&by=%E7%8E%8B%20%26%20Co&" in link_in(test)


@pytest.mark.parametrize("lang", LANGS)
def test_a_link_that_was_sent_opens_on_the_verdicts_to_be_read(lang):
    test = app(lang, encode(MINE))
    test.query_params["by"], test.query_params["on"] = "王*1*", "2026-11-27"
    test = test.__class__.from_file(test._script_path, default_timeout=60)
    (
        test.query_params["lang"],
        test.query_params["s"],
        test.query_params["by"],
        test.query_params["on"],
    ) = (
        lang,
        encode(MINE),
        "王*1*",
        "2026-11-27",
    )
    test.run()
    test.switch_page("pages/shared_verdict.py").run()
    shown = texts(test)
    assert "王\\*1\\*" in shown and "2026-11-27" in shown
    headings = [m.value for m in test.markdown if m.value.startswith("#### ")]
    assert len(headings) == 3  # the quote, the KPIs, what an order earns
    assert not test.number_input and not test.text_input
    assert [b.key for b in test.button] == ["shared_change"]
    test.button(key="shared_change").click().run()
    assert test.session_state["scenario"] == MINE and test.button(key="undo").disabled


def test_a_usual_link_is_short():
    test = with_(
        page("unit_economics"),
        SHOP.replace({"product.price": 25.99, "product.unit_cost": 38.0, "channels.ads.cpc": 0.85}),
        share=True,
    )
    assert len(link_in(test)) < 300


# ---- addresses
# ---------------------------------------------------------------------------------------


def test_a_page_has_one_name_and_no_address_is_a_files_name():
    """A page file whose name is an address would be run alone on a cold start
    (docs/decisions/0004-pages-folder.md).
    """
    paths = {place.path for place in PLACES} | set(MOVED) | {"shared-verdict", "private-margin"}
    files = {place.name for place in PLACES} | {"shared_verdict", "private_margin"}
    assert not paths & files
    assert all(
        place.path == place.name.replace("_", "-") for place in PLACES if place.name != "start"
    )
    assert set(MOVED.values()) <= files
