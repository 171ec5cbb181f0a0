"""The statement of a settlement, to be sent: parties, contract, period, lines with their workings,
what is due, paid and still owed; as PDF, Markdown or CSV.

It holds the contract's words and the bill only: nothing of what the client expects or earns.
"""

import csv
import datetime as dt
import io

from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.ending import ending_in
from funnel_sim.decisions.review.settlement import Dispute, Settlement
from funnel_sim.output.documents.blocks import (
    Block,
    Frame,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Points,
    TableBlock,
)
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.output.documents.markdown import markdown_of
from funnel_sim.output.documents.pdf import report_pdf
from funnel_sim.output.words import formats
from funnel_sim.output.words.actual_months import converted_sentences
from funnel_sim.output.words.clauses import clauses
from funnel_sim.output.words.dispute import dispute_sentence
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.not_measured import unmeasured_sentences
from funnel_sim.output.words.review_bill import baseline_sentence
from funnel_sim.output.words.settlement import (
    after_refunds_sentence,
    correction_sentences,
    lack_sentences,
    line_rows,
    owed_sentence,
    pay,
    rate_sentence,
    unfinished_sentence,
)
from funnel_sim.output.words.settlement_kpis import (
    beyond_sentences,
    kpi_rows,
    usual_month_sentences,
)
from funnel_sim.output.words.tones import Tone
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def settlement_blocks(
    found: Settlement,
    scenario: Scenario,
    lang: Lang,
    letter: Letter = PLAIN,
    dispute: Dispute | None = None,
) -> list[Block]:
    """Return the statement as blocks.

    Args:
        found: what is settled.
        scenario: the store and its KPIs.
        lang: language of the statement, which need not be the screen's.
        letter: for whom, from whom and of which day; without a day that of the scenario.
        dispute: the other side's amount beside ours; None where none was named.
    """
    bill = found.bill

    def told(key: str, **parts: str) -> str:
        return say(lang, f"settlement.{key}", **parts)

    day = _day(letter, scenario)
    code, first, last = bill.code, found.chosen[0], found.chosen[-1]
    out: list[Block] = [
        Frame(
            told("doc_title", name=option_name(bill.option, lang)),
            told("doc_subtitle", first=first, last=last, code=code),
            told("doc_footer", version=MODEL_VERSION, day=letter.day or day.isoformat()),
            day,
        )
    ]
    if letter.line(lang):
        out.append(Paragraph(letter.line(lang)))
    over = found.owed is not None and found.owed < 0
    rest = None if found.owed is None else abs(found.owed)
    tone: Tone = "middle" if found.owed is None else ""
    out += [
        KeyFigures(
            (
                (told("due"), pay(found.due, bill, lang), ""),
                (told("paid"), pay(found.paid, bill, lang), ""),
                (told("doc_over" if over else "owed"), pay(rest, bill, lang), ""),
            )
        ),
        Note(owed_sentence(found, scenario, lang), "", tone),
    ]
    if dispute is not None:
        out += [Heading(told("doc_h_dispute"), 2), their_table(dispute, bill, lang)]
        out.append(Paragraph(dispute_sentence(dispute, bill, lang, sent=True)))
        untold = unmeasured_sentences(dispute.unknown, bill, lang)
        out += [Points(tuple(untold))] if untold else []
    net = after_refunds_sentence(found, scenario, lang)
    early = unfinished_sentence(found, day.isoformat(), lang)
    ended = ended_sentences(ending_in(bill), lang)
    open_ones = [
        *ended,
        *lack_sentences(found, lang),
        *([early] if early else []),
        *([net] if net else []),
    ]
    if open_ones:
        out.append(Points(tuple(open_ones)))
    out += [Heading(told("doc_h_all"), 2), _in_all(found, lang)]
    if len(found.chosen) > 1 or any(bill.correction(month) for month in found.places):
        out += [Heading(told("doc_h_months"), 2), _by_month(found, lang)]
    fixes = correction_sentences(found, lang)
    if fixes:
        out.append(Points(tuple(fixes)))
    rows = line_rows(found, scenario, lang)
    if rows:
        out += [Heading(told("doc_h_lines"), 2), _lines(found, scenario, lang)]
    at_rate = rate_sentence(found, scenario, lang)
    if at_rate:
        out.append(Note(at_rate, "", "middle"))
    stood = kpi_rows(found, scenario, lang)
    if stood:
        out += [
            Heading(told("doc_h_kpis"), 2),
            TableBlock(
                tuple(told(f"doc_{key}") for key in ("kpi", "when", "value", "target", "state")),
                tuple(
                    (one.text, one.when, one.value, one.target, told(f"state_{one.state}"))
                    for one in stood
                ),
                (0.4, 0.16, 0.16, 0.14, 0.14),
                (2, 3),
            ),
        ]
    said = [(one.title, one.text) for one in clauses(scenario, bill.option, lang) if not one.lasts]
    if said:
        out.append(Heading(told("doc_h_contract"), 2))
        out += [Paragraph(text, title, small=True) for title, text in said]
    notes = [told("doc_round", code=code), *beyond_sentences(bill, lang)]
    base = baseline_sentence(bill, scenario, lang)
    notes += [*usual_month_sentences(bill, scenario, lang), *([base] if base else [])]
    notes += converted_sentences(scenario.history, lang)
    if found.unpaid_months:
        notes.append(told("doc_unpaid", months=listed(found.unpaid_months, lang)))
    return [*out, *(Paragraph(one, small=True) for one in notes)]


def their_table(dispute: Dispute, bill: Bill, lang: Lang) -> TableBlock:
    """Return our amount, the other side's, and the difference.

    Args:
        dispute: the other side's amount beside ours.
        bill: whose contract it is.
        lang: language of the statement.
    """
    rows = (
        (say(lang, "settlement.doc_ours"), pay(dispute.ours, bill, lang)),
        (say(lang, "settlement.doc_theirs"), pay(dispute.theirs, bill, lang)),
        (say(lang, "settlement.doc_difference"), pay(dispute.difference, bill, lang)),
    )
    heads = (say(lang, "settlement.line"), say(lang, "settlement.doc_amount"))
    return TableBlock(heads, rows, (0.7, 0.3), (1,), totals=frozenset({2}))


def _day(letter: Letter, scenario: Scenario) -> dt.date:
    try:
        return dt.date.fromisoformat(letter.day)
    except ValueError:
        return scenario.as_of


def _in_all(found: Settlement, lang: Lang) -> TableBlock:
    bill = found.bill
    rows = [
        (say(lang, f"quote.line_{name}"), pay(found.line(name), bill, lang))
        for name in bill.lines
        if found.line(name) is None or found.line(name)
    ]
    sums = [
        (say(lang, "settlement.due"), pay(found.due, bill, lang)),
        (say(lang, "settlement.paid"), pay(found.paid, bill, lang)),
        (say(lang, "settlement.owed"), pay(found.owed, bill, lang)),
    ]
    return TableBlock(
        (say(lang, "settlement.line"), say(lang, "settlement.doc_amount")),
        (*rows, *sums),
        (0.7, 0.3),
        (1,),
        totals=frozenset(range(len(rows), len(rows) + len(sums))),
    )


def _by_month(found: Settlement, lang: Lang) -> TableBlock:
    bill = found.bill
    rows = [
        (
            bill.months[month - 1],
            pay(bill.due(month), bill, lang),
            pay(bill.correction(month), bill, lang),
            pay(found.paid_in(month), bill, lang),
        )
        for month in found.places
    ]
    whole = (
        say(lang, "settlement.in_all"),
        pay(found.due, bill, lang),
        pay(found.correction, bill, lang),
        pay(found.paid, bill, lang),
    )
    heads = ("doc_month", "due", "correction", "paid")
    return TableBlock(
        tuple(say(lang, f"settlement.{key}") for key in heads),
        (*rows, whole),
        (0.25, 0.25, 0.25, 0.25),
        (1, 2, 3),
        totals=frozenset({len(rows)}),
    )


def _lines(found: Settlement, scenario: Scenario, lang: Lang) -> TableBlock:
    """Return every line with its working, in groups by month."""
    rows: list[tuple[str, ...]] = []
    groups: set[int] = set()
    month = ""
    for one in line_rows(found, scenario, lang):
        if one.month != month:
            month = one.month
            groups.add(len(rows))
            rows.append((month, "", ""))
        rows.append((one.name, one.working, pay(one.amount, found.bill, lang)))
    return TableBlock(
        (
            say(lang, "settlement.line"),
            say(lang, "settlement.doc_working"),
            say(lang, "settlement.doc_amount"),
        ),
        tuple(rows),
        (0.24, 0.58, 0.18),
        (2,),
        groups=frozenset(groups),
    )


def settlement_pdf(
    found: Settlement,
    scenario: Scenario,
    lang: Lang,
    letter: Letter = PLAIN,
    dispute: Dispute | None = None,
) -> bytes:
    """Return the statement as a PDF; the same settlement gives the same bytes."""
    return report_pdf(settlement_blocks(found, scenario, lang, letter, dispute), lang)


def settlement_markdown(
    found: Settlement,
    scenario: Scenario,
    lang: Lang,
    letter: Letter = PLAIN,
    dispute: Dispute | None = None,
) -> str:
    """Return the statement as Markdown."""
    return markdown_of(settlement_blocks(found, scenario, lang, letter, dispute))


def settlement_csv(found: Settlement, scenario: Scenario, lang: Lang) -> str:
    """Return every line of the chosen months as a row: month, line, working, amount, currency;
    numbers as spreadsheets read them.
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    heads = ("doc_month", "line", "doc_working", "doc_amount")
    rows.writerow([*(say(lang, f"settlement.{key}") for key in heads), found.bill.code])
    for one in line_rows(found, scenario, lang):
        amount = "" if one.amount is None else str(one.amount)
        working = formats.for_machines(one.working)
        rows.writerow([one.month, one.name, working, amount, found.bill.code])
    return out.getvalue()
