"""The term sheet: Markdown and Word say the same, every clause is there, and each working computes
the engine's own amount.
"""

import io
import re

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from funnel_sim.decisions.quote.worked_examples import examples
from funnel_sim.output.documents.blocks import Heading, Paragraph, TableBlock
from funnel_sim.output.documents.term_sheet import term_sheet, term_sheet_docx, term_sheet_markdown
from funnel_sim.output.words.clauses import clauses, kpi_definitions
from funnel_sim.output.words.formats import joined
from funnel_sim.output.words.workings import month_workings, window_workings
from funnel_sim.words import LANGS, say
from tests.output.contracts import OTHERS, contract

CJK = re.compile(r"[\u4e00-\u9fff]")
NAMES = {
    "Acme",
    "Amazon",
    "DE",
    "EUR",
    "CNY",
    "KPI",
    "GMV",
    "ROAS",
    "ACoS",
    "CM",
    "listing",
    "SKU",
    "A",
    "K",
    "m",
    "n",
    "CPC",
    "EPR",
}


def texts_of(blocks):
    for block in blocks:
        if isinstance(block, TableBlock):
            yield from (cell for row in (block.head, *block.rows) for cell in row if cell)
        else:
            yield block.text
            if isinstance(block, Paragraph) and block.title:
                yield block.title


def texts_in(document):
    out = [paragraph.text for paragraph in document.paragraphs]
    out += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(out)


def computed(text):
    """Compute a working from its text alone: the last step, or nothing where it is a comparison
    that holds; every step with "=" must hold.
    """
    amount = None
    for step in text.split("; "):
        plain = (
            re.sub(r"[A-Z]{2,3}(?=[$¥])|[€$¥,\u2060]", "", step).replace("×", "*").replace("−", "-")
        )
        plain = re.sub(r"([\d.]+)%", r"(\1/100)", plain)
        if "=" in plain:
            left, right = plain.split("=")
            assert eval(left) == pytest.approx(eval(right), abs=0.0301), step
        elif "≤" in plain or "≥" in plain:
            left, right = re.split("[≤≥]", plain)
            assert (
                (eval(left) <= eval(right) + 0.01)
                if "≤" in plain
                else (eval(left) + 0.01 >= eval(right))
            ), step
            amount = 0.0
        else:
            amount = eval(plain)
    return amount


@pytest.mark.sampled(7)
@pytest.mark.parametrize("changes", OTHERS)
def test_each_working_computes_the_engines_amount(changes):
    scenario, option = contract(changes)
    found = examples(scenario, option)
    most = say("en", "sheet.at_most", amount="").strip()
    for level in found.levels:
        for one in month_workings(found, level, scenario, "en"):
            assert one.amount == level.month[one.line]
            if one.text == say("en", "sheet.nothing_met"):
                assert one.amount == 0
                continue
            text = "; ".join(part for part in one.text.split("; ") if not part.startswith(most))
            assert computed(text) == pytest.approx(one.amount, abs=0.031), (one, text)
        every = window_workings(found, level, scenario, "en")
        for one in every:
            text = "; ".join(part for part in one.text.split("; ") if not part.startswith(most))
            assert computed(text) == pytest.approx(one.amount, abs=0.031), (one, text)
            assert level.lines[one.line][one.first - 1 : one.last] == pytest.approx(
                [one.amount] * (one.last - one.first + 1)
            )
        for name, line in level.lines.items():  # nothing that is paid is left untold
            assert sum(one.total for one in every if one.line == name) == pytest.approx(
                line.sum(), abs=1e-6
            ), name


@pytest.mark.sampled(7)
@pytest.mark.parametrize("changes", OTHERS)
@pytest.mark.parametrize("lang", LANGS)
def test_word_and_markdown_say_the_same(changes, lang):
    scenario, option = contract(changes)
    document = Document(io.BytesIO(term_sheet_docx(scenario, option, lang)))
    word, markdown = (
        texts_in(document),
        term_sheet_markdown(scenario, option, lang).replace("\\", ""),
    )
    for text in texts_of(term_sheet(scenario, option, lang)):
        assert joined(text) in word and text in markdown, text  # Word has no word joiners
    for one in [*clauses(scenario, option, lang), *kpi_definitions(scenario, option, lang)]:
        assert joined(one.text) in word and one.title in word and one.text in markdown, one.key
    assert say(lang, "sheet.legal") in word


@pytest.mark.sampled(7)
@pytest.mark.parametrize("changes", OTHERS)
def test_each_sheet_keeps_to_its_language(changes):
    scenario, option = contract(changes)
    assert not CJK.search(term_sheet_markdown(scenario, option, "en"))
    allowed = NAMES | {scenario.platform}
    sheet = re.sub(
        r"https?://\S+", "", "\n".join(texts_of(term_sheet(scenario, option, "zh")))
    )  # the rate of exchange has an address as source now
    left = set(re.findall(r"[A-Za-z]+", sheet)) - allowed
    assert not left


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_word_file_has_native_headings_header_rows_an_a4_page_and_page_numbers(lang):
    document = Document(io.BytesIO(term_sheet_docx(*contract(), lang)))
    page = document.sections[0]
    assert abs(page.page_width - Cm(21)) < 1000 and abs(page.page_height - Cm(29.7)) < 1000
    names = [paragraph.style.name for paragraph in document.paragraphs]
    assert names[0] == "Title" and names.count("Heading 1") == 9 and names.count("Heading 3") == 4
    assert all(
        table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables
    )
    assert "PAGE" in page.footer._element.xml and "NUMPAGES" in page.footer._element.xml
    for name in ("Normal", "Title", "Heading 1"):
        assert document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
    assert not document.inline_shapes and document.core_properties.author == ""


@pytest.mark.slow
def test_tables_hold_the_engines_totals_and_have_even_rows():
    scenario, option = contract()
    found = examples(scenario, option)
    blocks = term_sheet(scenario, option, "en")
    tables = [block for block in blocks if isinstance(block, TableBlock)]
    for table in tables:
        assert all(len(row) == len(table.head) == len(table.widths) for row in table.rows) and sum(
            table.widths
        ) == pytest.approx(1)
    totals = [table.rows[-1] for table in tables if table.totals]
    shown = [float(cell.removeprefix("CN¥").replace(",", "")) for cell in totals[1][1:]]
    assert shown == pytest.approx(
        [sum(line.sum() for line in level.lines.values()) for level in found.levels], abs=0.0051
    )
    assert [block.text for block in blocks if isinstance(block, Heading) and block.level == 1][
        6
    ] == "7. Worked examples"


@pytest.mark.slow
def test_names_that_look_like_markup_stay_text():
    text = term_sheet_markdown(*contract({"name": "A|B *c*"}), "en")
    assert "A\\|B \\*c\\*" in text
    assert "A|B *c*" in texts_in(
        Document(io.BytesIO(term_sheet_docx(*contract({"name": "A|B *c*"}), "en")))
    )
