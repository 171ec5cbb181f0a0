"""The statement of a settlement: what it says, as PDF, Markdown, CSV, in both languages."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from docx import Document
from pypdf import PdfReader

from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.decisions.review.otherwise import otherwise
from funnel_sim.decisions.review.settlement import disputed, settled
from funnel_sim.output.documents.leave_behind import letter
from funnel_sim.output.documents.objection import objection_docx, objection_markdown
from funnel_sim.output.documents.settlement import (
    settlement_csv,
    settlement_markdown,
    settlement_pdf,
)
from funnel_sim.output.statement import STATEMENT, statement_name
from funnel_sim.output.words.dispute import dispute_sentence, otherwise_rows, reason_rows
from funnel_sim.output.words.settlement import (
    line_rows,
    owed_sentence,
    rate_sentence,
    unfinished_sentence,
)
from funnel_sim.output.words.settlement_kpis import beyond_sentences, kpi_rows
from funnel_sim.output.workbook.settlement import settlement_workbook
from funnel_sim.reference.exchange_rates import fx
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from funnel_sim.words import LANGS, say
from tests.decisions.test_bill import CONTRACT, store

KPI = {"id": "g", "metric": "gmv", "target": 1000.0, "window": "every", "month_to": 3}
CLAUSES = {
    "base": 100.0,
    "share_tiers": [{"rate": 0.1}],
    "clawback": True,
    "rewards": [{"kpi": "g", "form": "fixed", "amount": 50.0, "each": "month"}],
}
MONTHS = {
    "gmv": [1000.0, 900.0],
    "orders": [10.0, 9.0],
    "refunds": [100.0, 50.0],
    "refunded_later": [20.0, None],
    "fees_paid": [240.0, None],
}


def case(months=MONTHS, **more):
    scenario = store(months, [KPI])
    return scenario, bill_of(scenario, Option.model_validate({**CONTRACT, **CLAUSES, **more}))


def test_lines_with_their_workings():
    # March: 10 % of 1000 − 120 = 88, base 100, bonus 50; April: 10 % of 850 = 85, base 100
    scenario, bill = case()
    rows = line_rows(settled(bill), scenario, "en")
    assert [(one.month, one.line, str(one.amount)) for one in rows] == [
        ("2026-03", "base", "100.00"),
        ("2026-03", "share", "88.00"),
        ("2026-03", "bonus", "50.00"),
        ("2026-04", "base", "100.00"),
        ("2026-04", "share", "85.00"),
    ]
    assert rows[1].working == "$1,000.00 − $120.00 = $880.00; $880.00 × 10%"
    assert owed_sentence(settled(bill), scenario, "en") == (
        "2 months: $423.00 due, $240.00 paid, $183.00 still owed."
    )
    # results shown at home: the contract's own amounts, with what they are at today's rate
    home = scenario.but(shown_in="home")
    rate = home.shown.rate
    due, paid = (f"CN¥{amount * rate:,.2f}" for amount in (423.0, 240.0))
    told = owed_sentence(settled(bill), home, "en")
    assert f"$423.00 (≈ {due}) due" in told and f"$240.00 (≈ {paid}) paid" in told


def test_kpis_month_by_month_and_over_a_window_that_is_not_over():
    """A KPI that only brings a bonus by the month is settled by the month (changed on purpose: it
    is no duty of its window); one that is owed over its window has a row for that too.
    """
    scenario, bill = case()
    rows = kpi_rows(settled(bill), scenario, "en")
    by_month = [("2026-03", "met"), ("2026-04", "missed")]
    assert [(one.when, one.state) for one in rows] == by_month
    due = {"kpi": "g", "kind": "penalty", "form": "fixed", "amount": 5.0, "each": "window"}
    scenario, bill = case(rewards=[*CLAUSES["rewards"], due])
    rows = kpi_rows(settled(bill), scenario, "en")
    assert [(one.when, one.state) for one in rows] == [*by_month, ("months 1 to 3", "running")]


@pytest.mark.parametrize("lang", LANGS)
def test_an_open_line_is_named_with_what_lacks(lang):
    scenario, bill = case(MONTHS | {"gmv": [1000.0, None]})
    rows = line_rows(settled(bill), scenario, lang)
    assert [one.amount for one in rows if one.month == "2026-04"].count(None) == 2
    told = settlement_markdown(settled(bill), scenario, lang)
    assert "2026-04" in told and ("缺数据" if lang == "zh" else "Open because") in told


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_files_of_a_statement(lang):
    scenario, bill = case()
    found = settled(bill, ["2026-03"])
    about = letter("A Ltd", "B Agency", "2026-11-27")
    made = settlement_pdf(found, scenario, lang, about)
    assert made.startswith(b"%PDF") and made == settlement_pdf(found, scenario, lang, about)
    told = settlement_markdown(found, scenario, lang, about)
    assert "A Ltd" in told and "2026-11-27" in told and "\\$2.00" in told
    rows = list(csv.reader(io.StringIO(settlement_csv(found, scenario, lang))))
    assert [row[3] for row in rows[1:]] == ["100.00", "88.00", "50.00"]
    for kind, shape in STATEMENT.items():
        assert shape.made(found, scenario, lang, about)
        assert statement_name(found, scenario, kind, lang).endswith(f"2026-03-{lang}.{kind}")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("typed", [True, False])
def test_the_exchange_rate_is_named_with_its_source_wherever_a_line_is_converted(lang, typed):
    # 1000 of sales at 7.5 or at the level of the data, 5 % of them; the base needs no rate
    changes = {"fx_rate": 7.5} if typed else {}
    scenario = preset("amazon-de-kitchen").replace(
        {
            "history.first_month": "2026-03",
            "history.engagement_from": "2026-03",
            "history.seen_gmv": [1000.0, 2000.0],
            "history.seen_orders": [10.0, 20.0],
            **changes,
        }
    )
    contract = {"id": "a", "fee_currency": "cost", "base": 100.0, "share_tiers": [{"rate": 0.05}]}
    found = settled(bill_of(scenario, Option.model_validate(contract)))
    level = fx("EUR", scenario.as_of)  # the data's, with its day
    rate = f"1 EUR = {7.5 if typed else level.cny_per_unit} CNY"
    whose = {"en": "typed by hand", "zh": "手工填写"}[lang] if typed else level.provenance.as_of
    told = rate_sentence(found, scenario, lang)
    assert rate in told and whose in told
    rows = line_rows(found, scenario, lang)
    assert [rate in one.working for one in rows] == [one.line == "share" for one in rows]
    assert whose in settlement_markdown(found, scenario, lang)
    held = openpyxl.load_workbook(io.BytesIO(settlement_workbook(found, scenario, lang)))
    cells = [str(cell.value) for sheet in held for row in sheet.iter_rows() for cell in row]
    assert any(whose in one for one in cells)
    _, bill = case()
    assert rate_sentence(settled(bill), case()[0], lang) == ""  # nothing is converted


@pytest.mark.parametrize("lang", LANGS)
def test_a_dispute_in_words(lang):
    # without the claw-back March is 100 instead of 88
    scenario, bill = case()
    others = otherwise(scenario, bill)
    found = disputed(settled(bill, ["2026-03"]), Decimal("250.00"), others)
    told = dispute_sentence(found, bill, lang)
    assert "$12.00" in told
    assert reason_rows(found, bill, lang)[0][3].endswith("$0.00")
    assert all(len(row) == 3 for row in otherwise_rows(settled(bill), others, lang))
    far = disputed(settled(bill), Decimal("9999.00"), others)
    nothing = {"en": "No single reason", "zh": "没有单一原因"}[lang]
    assert nothing in dispute_sentence(far, bill, lang)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_other_sides_amount_stands_in_the_statement(lang):
    # March by ours 100 + 88 + 50 = 238.00; theirs 260.00, 22.00 more
    scenario, bill = case()
    found = settled(bill, ["2026-03"])
    told = disputed(found, Decimal("260"), ())
    assert told.ours == Decimal("238.00") and told.difference == Decimal("22.00")
    text = settlement_markdown(found, scenario, lang, dispute=told)
    assert all(one in text for one in ("238.00", "260.00", "22.00"))
    assert "260.00" not in settlement_markdown(found, scenario, lang)
    pages = PdfReader(io.BytesIO(settlement_pdf(found, scenario, lang, dispute=told))).pages
    assert "260.00" in "".join(page.extract_text() for page in pages)
    book = openpyxl.load_workbook(
        io.BytesIO(settlement_workbook(found, scenario, lang, told)), data_only=True
    )
    cells = [one.value for sheet in book for row in sheet.iter_rows() for one in row]
    assert 260.0 in cells and 22.0 in cells
    for shape in STATEMENT.values():
        assert shape.made(found, scenario, lang, letter("A"), told)


@pytest.mark.parametrize("lang", LANGS)
def test_an_objection_holds_both_amounts_our_working_and_what_is_asked(lang):
    scenario, bill = case()
    found = settled(bill, ["2026-03"])
    told = disputed(found, Decimal("260"), ())
    about = letter("A Ltd", "B Shop", "2026-11-27")
    text = objection_markdown(found, told, scenario, lang, about)
    for one in ("238.00", "260.00", "22.00", "88.00", "A Ltd", "B Shop", "2026-11-27", "10"):
        assert one in text
    rows = [row[0] for row in line_rows_of(found, scenario, lang)]
    assert rows and all(name in text for name in rows)
    document = Document(io.BytesIO(objection_docx(found, told, scenario, lang, about)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any("260.00" in one for one in cells) and any("88.00" in one for one in cells)
    share = disputed(found, Decimal("90"), (), line="share")
    one_line = objection_markdown(found, share, scenario, lang, about, line="share")
    assert "90.00" in one_line and "238.00" not in one_line


def line_rows_of(found, scenario, lang):
    return [(one.name, one.working) for one in line_rows(found, scenario, lang)]


@pytest.mark.parametrize(("today", "months"), [("2026-04-30", ["2026-04"]), ("2026-05-01", [])])
def test_a_month_that_is_not_over_is_no_month_to_pay(today, months):
    _, bill = case()
    told = unfinished_sentence(settled(bill), today, "en")
    assert bool(told) == bool(months) and all(one in told for one in months)
    assert unfinished_sentence(settled(bill, ["2026-03"]), today, "en") == ""


@pytest.mark.parametrize(("term", "told"), [(2, 1), (3, 0)])
def test_a_window_beyond_the_term_is_said(term, told):
    # the KPI's window is months 1 to 3
    scenario, bill = case(term=term)
    said = beyond_sentences(bill, "en")
    assert len(said) == told
    text = settlement_markdown(settled(bill), scenario, "en")
    assert all(one in text for one in said)


@pytest.mark.parametrize("lang", LANGS)
def test_the_statement_says_that_the_contract_names_no_baseline(lang):
    scenario, bill = case(share_over="baseline")
    assert ("没有写明基线" if lang == "zh" else "does not name") in settlement_markdown(
        settled(bill), scenario, lang
    )


@pytest.mark.parametrize("lang", LANGS)
def test_reasons_that_explain_alike_are_all_told_and_a_rest_is_no_finding(lang):
    """March 238.00 and April are two bases of 100 each: one base more is of either month."""
    scenario, bill = case()
    due = settled(bill).due
    one_base = disputed(settled(bill), due + 100, ())
    told = dispute_sentence(one_base, bill, lang)
    assert "2026-03" in told and say(lang, "quote.line_base") in told
    odd = disputed(settled(bill), due + Decimal("101.37"), ())
    seen = dispute_sentence(odd, bill, lang)
    assert "1.37" in seen and {"zh": "没有单一原因", "en": "No single reason"}[lang] in seen
    text = objection_markdown(settled(bill), odd, scenario, lang)
    assert say(lang, "settlement.dispute_no_single") in text
    assert "1.37" not in text.replace("101.37", "")  # the letter claims nothing that leaves a rest
