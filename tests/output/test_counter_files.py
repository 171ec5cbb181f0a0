"""The counter-draft and the page for the boss: what they hold, what the draft does not, in both
languages.
"""

import io
import re
from functools import cache
from types import SimpleNamespace

import pytest
from docx import Document
from pypdf import PdfReader

from funnel_sim.decisions.cash.quote_cash import quote_cash
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.decisions.quote.counter_offer import counter_offer
from funnel_sim.decisions.quote.instead import own_budget
from funnel_sim.decisions.quote.moves import applied, moves, needed_for
from funnel_sim.output.documents.amendments import amendments
from funnel_sim.output.documents.blocks import Paragraph, Points, TableBlock
from funnel_sim.output.documents.boss_page import _gain, boss_page, boss_pdf, still_held
from funnel_sim.output.documents.counter_draft import counter_draft, counter_draft_docx
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash_answers import quote_cash_title
from funnel_sim.output.words.clauses import clauses
from funnel_sim.output.words.counter_offer import early_sentence
from funnel_sim.reference.contract_items import items
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
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


@cache
def found_offer():
    """Return the counter-offer to the quote; worked out when a test asks, not when it is read."""
    return counter_offer(STORE, OPTION, paths=1024)


def words_of(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_draft_says_every_clause_that_changes_and_no_other(lang):
    by = {one.move.key: one.move for one in found_offer().changes}
    made = applied(OPTION, [by["setup"], by["trial"], by["by_results_all"]])
    store = needed_for(STORE, found_offer().scenario, made)
    told = words_of(counter_draft_docx(store, OPTION, made, lang))
    after = {one.key: one.text for one in clauses(store, made, lang)}
    before = {one.key: one.text for one in clauses(store, OPTION, lang)}
    for key in ("trial", "trial_exit", "bonus.1"):
        assert after[key] in told, key
    for key in ("setup", "base"):
        assert before[key] in told and key not in after  # struck out
    assert after["share"] not in told  # stays as quoted
    assert "Harbour" in told and say(lang, "draft.legal") in told


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_draft_holds_nothing_of_the_clients_own_figures(lang):
    store = needed_for(STORE, found_offer().scenario, found_offer().ways[0].option)
    told = words_of(counter_draft_docx(store, OPTION, found_offer().ways[0].option, lang))
    gain = formats.compact(found_offer().ways[0].found.gain.centre.value, STORE.currency, lang)
    assert (
        gain not in told
        and formats.compact(found_offer().ways[0].cost, STORE.currency, lang) not in told
    )
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


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_boss_gets_one_page_with_verdict_before_and_after(lang):
    answers = compare(found_offer().scenario, 1024)
    reader = PdfReader(
        io.BytesIO(boss_pdf(answers, "quote", found_offer().ways[0], own_budget(STORE, 1024), lang))
    )
    assert len(reader.pages) == 1
    told = re.sub(r"\s+", "", reader.pages[0].extract_text())
    for verdict in (found_offer().as_is.verdict, "sign"):
        assert re.sub(r"\s+", "", say(lang, f"quote.{verdict}")) in told
    assert (
        re.sub(r"\s+", "", say(lang, "boss.example")) in told
    )  # no number of the store is the reader's own


@pytest.mark.parametrize(
    ("terms", "keys"),
    [
        ({"notice": 2, "renewal": "automatic"}, ("clause.renewal_automatic", "notice", "no_stop")),
        ({"notice": 2, "renewal": "ends"}, ("notice", "no_stop")),
        ({"notice": 0, "renewal": "ends"}, ("no_stop",)),
    ],
)
def test_the_boss_reads_what_still_holds_the_client(terms, keys):
    option = Option.model_validate({"id": "q", "renewal_months": 12, **terms})
    parts = {"months": 12, "notice": terms["notice"]}
    want = [
        say("en", key, **parts) if "." in key else say("en", f"boss.{key}", months=2)
        for key in keys
    ]
    assert still_held(option, "en") == want
    assert len(still_held(option, "zh")) == len(keys)


# ---- one subject, one sentence
# ---------------------------------------------------------------------------------------------

TALK = {
    "zh": ("测算", "模型", "模拟", "假定", "假设"),
    "en": ("figures assume", "modelled", "simulat", "assumption"),
}


def draft_of(option, keys, lang, **more):
    store = STORE.replace({"options": [QUOTE | option]} | more)
    found = counter_offer(store, store.options[0], paths=1024)
    by = {one.move.key: one.move for one in found.changes}
    made = applied(store.options[0], [by[key] for key in keys])
    whole = needed_for(store, found.scenario, made)
    return whole, made, counter_draft(whole, store.options[0], made, lang)


CASES = (
    ({}, ("setup", "share", "baseline", "trial", "stop_loss")),
    ({"notice": 3, "decided_by": "promise"}, ("notice", "stop_loss")),
    ({"decided_by": "promise"}, ("renewal",)),
    ({}, ("clawback", "cap")),
    ({"exit_fixed": 900.0, "patience": 2}, ("exit", "share")),
)
GMV = {
    "id": "promise",
    "metric": "gmv",
    "target": 0.4,
    "relative": True,
    "window": "average",
    "month_to": 12,
}


@pytest.mark.sampled(5)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("option", "keys"), CASES)
def test_no_subject_has_two_sentences_and_no_clause_tells_of_the_simulation(option, keys, lang):
    whole, made, blocks = draft_of(option, keys, lang, kpis=[GMV])
    told = [one for one in blocks if isinstance(one, Paragraph) and one.title]
    text = "\n".join([*(f"{one.title} {one.text}" for one in told), *cells_of(blocks)])
    assert not [one for one in TALK[lang] if one in text]
    changed = {
        key.partition(".")[0]
        for key, title in {
            **{one.key: one.title for one in clauses(whole, whole.options[0], lang)},
            **{one.key: one.title for one in clauses(whole, made, lang)},
        }.items()
        if any(one.title.startswith("2.") and f" {title}" in one.title for one in told)
    }
    assert changed
    subjects = [
        changed | ({"kpi"} if any(one.title.startswith("3.1 K1") for one in told) else set())
    ]
    last = "4." if any(one.title.startswith("3.1 K1") for one in told) else "3."
    points = [one.title for one in told if one.title.startswith(last)]
    for item in items():
        if any(item.name.of(lang) in title for title in points):
            subjects.append(item.subjects)
    for place, one in enumerate(subjects):
        for other in subjects[place + 1 :]:
            assert not one & other


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_what_nobody_ticked_is_no_change(lang):
    """A stop-loss names a KPI; the renewal, which was automatic, stays what it was."""
    _, _, blocks = draft_of({}, ("stop_loss",), lang, kpis=[GMV])
    told = [one.title for one in blocks if isinstance(one, Paragraph) and one.title[:2] == "2."]
    assert not [one for one in told if say(lang, "clause.t_renewal") in one]


def cells_of(blocks):
    return [
        cell for one in blocks if isinstance(one, TableBlock) for row in one.rows for cell in row
    ]


def test_a_maximum_is_not_below_the_bonus_that_is_named():
    """A base of 0 and a bonus of 8,000 once: a month in which it falls due comes to 8,000 and the
    share; the sentence asks for no less.
    """
    bonus = {"kpi": "promise", "kind": "bonus", "form": "fixed", "amount": 8000.0, "each": "window"}
    store = STORE.replace({"options": [QUOTE | {"base": 0.0, "rewards": [bonus]}], "kpis": [GMV]})
    check = check_contract(store, "quote", 1024)
    assert check.clauses["cap"].value > 8000.0
    [cap] = [one for one in moves(store, store.options[0], "promise", 3000.0) if one.key == "cap"]
    assert cap.fields["cap"] == 8000.0


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_an_acos_that_was_promised_stands_in_the_sentence(lang):
    """Typed as a promise, "at most 22 %" is no blank in either Word file; what nobody promised is
    one.
    """
    acos = {"id": "acos", "metric": "acos", "comparator": "at_most", "target": 0.22}
    store = STORE.replace(
        {"options": [QUOTE | {"decided_by": "promise"}], "kpis": [GMV, acos | {"month_to": 6}]}
    )
    check = check_contract(store, "quote", 1024)
    told = [one.text for one in amendments(check, [check.of("one_kpi")], lang)]
    assert any("22%" in one for one in told)
    blank = check_contract(store.replace({"kpis": [GMV]}), "quote", 1024)
    empty = "\n".join(one.text for one in amendments(blank, [blank.of("one_kpi")], lang))
    assert empty.count(say(lang, "contract.blank_rate")) == 3
    _, _, blocks = draft_of({"decided_by": "promise"}, ("setup",), lang, kpis=[GMV, acos])
    draft = [one.text for one in blocks if isinstance(one, Paragraph) and "ACoS" in one.text]
    assert any("22%" in one for one in draft)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ramp": 6.0, "stop_loss": True}, True),  # all of it from month 7, looked at from month 1
        ({"ramp": 6.0, "stop_loss": True, "stop_from": 7}, False),
        ({"ramp": 6.0, "trial": 3}, True),
        ({"ramp": 6.0}, False),
        ({"ramp": 6.0, "stop_loss": True, "claimed": None}, False),  # nothing is promised
    ],
)
def test_a_stop_loss_before_the_promise_is_there_is_told(changes, told, lang):
    scenario = preset("amazon-de-kitchen").replace(
        {"kpis": [{"id": "g", "metric": "gmv", "target": 0.4, "relative": True, "month_to": 12}]}
    )
    made = Option.model_validate({"id": "q", "claimed": 0.4, "decided_by": "g"} | changes)
    text = early_sentence(made, scenario, lang)
    assert bool(text) is told and ("7" in text) is told


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_an_aside_for_the_client_is_not_sent_to_the_agency(lang):
    """That the stop-loss may put out an agency on its way speaks against the client's own demand:
    it stands on screen, not in the draft.
    """
    scenario, made, blocks = draft_of(
        {"ramp": 6.0, "stop_loss": True, "decided_by": "g"},
        ("setup",),
        lang,
        kpis=[GMV | {"id": "g"}],
    )
    text = early_sentence(made, scenario, lang)
    assert text
    assert text not in [one.text for one in blocks if isinstance(one, Paragraph)]


@pytest.mark.parametrize(("changes", "told"), [({}, False), ({"cash.opening_cash": 9000.0}, True)])
def test_the_boss_reads_of_the_balance_only_where_the_cash_was_typed(changes, told):
    """How probable a balance below zero is says nothing where nobody typed what there is."""
    answers = compare(found_offer().scenario.replace(changes), 1024)
    option = answers.of("quote").option
    cash = quote_cash(answers.scenario.with_balance_shown(), option, paths=1024)
    blocks = boss_page(answers, "quote", found_offer().ways[0], None, "en", cash)
    title = quote_cash_title(cash, option_name(option, "en"), answers.plan.paths, "en")
    points = [text for one in blocks if isinstance(one, Points) for text in one.items]
    assert (title in points) is told
