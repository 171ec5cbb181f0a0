"""A scenario whose every text is markup: on no page and in no file is any of it read as such."""

import re
import zipfile
from io import BytesIO

import pytest

from funnel_sim.decisions.found import find
from funnel_sim.output.documents.term_sheet import term_sheet_docx, term_sheet_markdown
from funnel_sim.output.exports import FORMATS
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from tests.pages.numbers import numbers
from tests.pages.test_pages import page

MARKUP = "**x** [l](http://a) <b>$y$ `c` ~~s~~"
ALIVE = re.compile(r"(?<!\\)\[l(?<!\\)\]\(http")
SHOCK = {"id": "stock", "name": MARKUP, "effect": "stockout", "probability": 0.1, "size": 0.5}
NASTY = preset("shopify-us-beauty").replace(
    {
        "name": MARKUP,
        "platform": MARKUP,
        "market": MARKUP,
        "category": MARKUP,
        "channels.ads.name": MARKUP,
        "channels.organic.name": MARKUP,
        "channels.ads.channel_cvr": 0.02,
        "shocks": [SHOCK],
        "options": [
            {
                "id": "quote",
                "name": MARKUP,
                "extras": [{"name": MARKUP, "amount": 5.0}],
                "base": 100.0,
            }
        ],
        "fixed.one_off": [{"name": MARKUP, "amount": 3.0}],
        "conversion.cvr": 0.02,
        "conversion.add_to_cart_rate": None,
        "conversion.checkout_rate": None,
        "chance.paths": 256,
    }
)


def alive(test):
    kinds = (
        test.markdown,
        test.title,
        test.subheader,
        test.caption,
        test.error,
        test.warning,
        test.info,
        test.success,
    )
    told = [str(one.value) for kind in kinds for one in kind]
    labels = [
        str(one.label)
        for kind in (
            numbers(test),
            test.text_input,
            test.selectbox,
            test.button,
            test.expander,
            test.toggle,
            test.metric,
            test.radio,
        )
        for one in kind
    ]
    return [text for text in (*told, *labels) if ALIVE.search(text)]


@pytest.mark.sampled(11)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "name",
    [
        "start",
        "my_shop",
        "unit_economics",
        "risk_and_odds",
        "cash_flow",
        "ad_budget",
        "cac_and_ltv",
        "kpi_check",
        "quote_test",
        "side_by_side",
        "export_files",
        "method_and_sources",
        "product_portfolio",
    ],
)
def test_no_text_of_a_link_is_markup_on_a_page(name, lang):
    test = page(name, lang, links.encode(NASTY))
    assert test.session_state["scenario"] == NASTY and not test.exception
    assert alive(test) == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize("theme", ["basics", "channels", "chance", "fixed", "conversion"])
def test_no_text_of_a_link_is_markup_in_a_theme(theme):
    test = page("my_shop", "en", links.encode(NASTY))
    test.session_state[f"theme_{theme}"] = True
    assert alive(test.run()) == []


def test_a_refused_value_is_echoed_as_text():
    test = page("my_shop", "en")
    test.session_state["theme_basics"] = True
    test = (
        next(one for one in test.run().text_input if one.label == "Cost currency")
        .set_value(MARKUP)
        .run()
    )
    assert (
        any("is not an ISO currency" in str(one.value) for one in test.markdown)
        and alive(test) == []
    )


def test_no_text_is_markup_in_a_file():
    found = find(NASTY, 256)
    html = FORMATS["html"].made(NASTY, found, "en").decode()
    assert "<b>$y$" not in html and "&lt;b&gt;$y$" in html
    for kind in ("workbook", "pdf", "slides", "file"):
        assert FORMATS[kind].made(NASTY, found, "zh")
    sheet = term_sheet_markdown(NASTY, NASTY.options[0], "en")
    assert not ALIVE.search(sheet) and not re.search(r"(?<!\\)<b>|(?<!\\)\*\*x", sheet)
    words = (
        zipfile.ZipFile(BytesIO(term_sheet_docx(NASTY, NASTY.options[0], "en")))
        .read("word/document.xml")
        .decode()
    )
    assert "&lt;b&gt;$y$" in words
