"""The counter-draft and the page for the boss: what they hold, what the draft does not, in both
languages.
"""

import io
import re
from types import SimpleNamespace

import pytest
from docx import Document
from pypdf import PdfReader

from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.counter_offer import applied, counter_offer, needed_for
from funnel_sim.decisions.quote.instead import own_budget
from funnel_sim.output.documents.boss_page import _gain, boss_pdf
from funnel_sim.output.documents.counter_draft import counter_draft, counter_draft_docx
from funnel_sim.output.words import formats
from funnel_sim.output.words.clauses import clauses
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS, say

QUOTE = {
    "id": "quote",
    "name": "Harbour",
    "setup": 10_000.0,
    "base": 9_000.0,
    "claimed": 0.4,
    "effect": 0.2,
    "share_tiers": [{"rate": 0.03}],
    "renewal": "automatic",
}
STORE = preset("amazon-de-kitchen").replace({"options": [QUOTE], "chance.paths": 1024})
OPTION = STORE.options[0]
FOUND = counter_offer(STORE, OPTION, paths=1024)
WAY = FOUND.ways[0]


def words_of(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.mark.parametrize("lang", LANGS)
def test_the_draft_says_every_clause_that_changes_and_no_other(lang):
    by = {one.move.key: one.move for one in FOUND.changes}
    made = applied(OPTION, [by["setup"], by["trial"], by["by_results_all"]])
    store = needed_for(STORE, FOUND.scenario, made)
    told = words_of(counter_draft_docx(store, OPTION, made, lang))
    after = {one.key: one.text for one in clauses(store, made, lang)}
    before = {one.key: one.text for one in clauses(store, OPTION, lang)}
    for key in ("trial", "trial_exit", "bonus.1"):
        assert after[key] in told, key
    for key in ("setup", "base"):
        assert before[key] in told and key not in after  # struck out
    assert after["share"] not in told  # stays as quoted
    assert "Harbour" in told and say(lang, "draft.legal") in told


@pytest.mark.parametrize("lang", LANGS)
def test_the_draft_holds_nothing_of_the_clients_own_figures(lang):
    store = needed_for(STORE, FOUND.scenario, WAY.option)
    told = words_of(counter_draft_docx(store, OPTION, WAY.option, lang))
    gain = formats.compact(WAY.found.gain.centre.value, STORE.currency, lang)
    assert gain not in told and formats.compact(WAY.cost, STORE.currency, lang) not in told
    assert say(lang, "quote.sign") not in told and say(lang, "quote.walk_away") not in told
    if lang == "en":
        assert not re.search(r"[\u4e00-\u9fff]", told)


def test_a_draft_without_a_change_says_so():
    blocks = counter_draft(STORE, OPTION, OPTION, "en")
    assert blocks[-1].text == say("en", "draft.unchanged")


@pytest.mark.parametrize(
    ("centre", "heavy", "told"),
    [
        (-23_800.0, False, ("照原报价少赚", "€23,800")),
        (-23_800.0, True, ("照原报价少赚", "€23,800（中位数）")),
        (23_800.0, False, ("照原报价多赚", "€23,800")),
    ],
)
def test_a_loss_is_told_as_less_and_not_as_a_negative_more(centre, heavy, told):
    gain = SimpleNamespace(centre=centre, heavy=heavy)
    assert _gain("as_quoted", gain, STORE, "zh") == told


@pytest.mark.parametrize("lang", LANGS)
def test_the_boss_gets_one_page_with_verdict_before_and_after(lang):
    answers = compare(FOUND.scenario, 1024)
    reader = PdfReader(io.BytesIO(boss_pdf(answers, "quote", WAY, own_budget(STORE, 1024), lang)))
    assert len(reader.pages) == 1
    told = re.sub(r"\s+", "", reader.pages[0].extract_text())
    for verdict in (FOUND.as_is.verdict, "sign"):
        assert re.sub(r"\s+", "", say(lang, f"quote.{verdict}")) in told
    assert (
        re.sub(r"\s+", "", say(lang, "boss.example")) in told
    )  # no number of the store is the reader's own
