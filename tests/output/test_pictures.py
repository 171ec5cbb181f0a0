"""Charts and tables as files: by the product's own fonts, and harmless in a spreadsheet."""

import csv
import io
import re
import struct

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.model.economics import evaluate
from funnel_sim.output.charts.ledger import data_waterfall, spec_waterfall
from funnel_sim.output.charts.pictures import (
    EASTERN,
    LATIN,
    chart_png,
    chart_svg,
    font_file,
    table_csv,
)
from funnel_sim.output.words import formats
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS, catalogue


@pytest.mark.parametrize("lang", LANGS)
def test_a_chart_becomes_a_picture_with_its_words(lang):
    result = evaluate(preset("amazon-de-kitchen"))
    spec, data = (
        spec_waterfall(lang, "light", formats.axis("money", "EUR", lang)),
        data_waterfall(result, lang),
    )
    svg = chart_svg(spec, data)
    assert all(formats.joined(text) in svg for text in data["text"]) and all(
        label in svg for label in data["label"]
    )
    assert EASTERN in svg and "http" not in re.sub(r'xmlns[:\w]*="[^"]+"', "", svg)
    small, large = chart_png(spec, data, 1.0), chart_png(spec, data, 2.0)
    wide = [struct.unpack(">II", picture[16:24]) for picture in (small, large)]
    assert small[:8] == b"\x89PNG\r\n\x1a\n" and wide[1][0] == pytest.approx(2 * wide[0][0], abs=2)


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_fonts_hold_every_sentence_and_stay_small(weight):
    path = font_file(EASTERN, weight)
    held = TTFont(path).getBestCmap()
    missing = {
        one
        for lang in LANGS
        for text in catalogue(lang).values()
        for one in text
        if ord(one) not in held and one.isprintable()
    }
    assert not missing
    assert path.stat().st_size < 4_000_000 and font_file(LATIN, weight).stat().st_size < 100_000
    assert "SIL OPEN FONT LICENSE" in (path.parent / "OFL.txt").read_text("utf-8")


def test_a_table_becomes_csv_that_a_spreadsheet_reads_as_text():
    heads, rows = (
        ["名称", "Amount"],
        [
            ["=HYPERLINK(1)", "-€3.98"],
            ["@sum", "+12.5%"],
            ["-A1", -3.5],
            ["\t=1", "+1+2"],
            [" =1", "报价, 1"],
        ],
    )
    raw = table_csv(heads, rows)
    assert raw.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert read == [
        heads,
        ["'=HYPERLINK(1)", "-€3.98"],
        ["'@sum", "+12.5%"],
        ["'-A1", "-3.5"],
        ["'\t=1", "'+1+2"],
        ["' =1", "报价, 1"],
    ]


@pytest.mark.slow
@given(st.text(max_size=12))
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text):
    cell = next(
        csv.reader(io.StringIO(table_csv([text], []).decode("utf-8-sig"), newline="")), [""]
    )
    start = cell[0].lstrip() if cell else ""
    assert not start.startswith(("=", "@")) and (
        not start.startswith(("+", "-")) or any(one.isdigit() for one in start)
    )
