"""The objection to a bill: the facts, our working, the other side's amount, what is asked for; as a
Word file or Markdown to send.

It holds the contract's words and the bill only, as the statement does (settlement.py).
"""

from funnel_sim.decisions.review.settlement import Dispute, Settlement
from funnel_sim.output.documents.blocks import Heading, Paragraph, TableBlock
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.output.documents.markdown import markdown_of
from funnel_sim.output.documents.settlement import their_table
from funnel_sim.output.documents.term_sheet import SheetBlock, word_file
from funnel_sim.output.words.clauses import clauses
from funnel_sim.output.words.dispute import dispute_sentence
from funnel_sim.output.words.not_measured import unmeasured_sentences
from funnel_sim.output.words.settlement import line_rows, pay, rate_sentence
from funnel_sim.reference.contract_items import standard
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def objection(
    found: Settlement,
    dispute: Dispute,
    scenario: Scenario,
    lang: Lang,
    letter: Letter = PLAIN,
    *,
    line: str = "",
) -> list[SheetBlock]:
    """Return the objection as blocks.

    Args:
        found: what is settled.
        dispute: the other side's amount beside ours.
        scenario: the store and its KPIs.
        lang: language of the letter, which need not be the screen's.
        letter: for whom, from whom and of which day.
        line: the line of the bill that the amounts are of; "" for the whole.
    """
    bill = found.bill
    first, last = found.chosen[0], found.chosen[-1]

    def told(key: str, **parts: object) -> str:
        return say(lang, f"settlement.object_{key}", **parts)

    about = say(lang, f"quote.line_{line}") if line else say(lang, "settlement.dispute_whole")
    rows = tuple(
        (one.month, one.name, one.working, pay(one.amount, bill, lang))
        for one in line_rows(found, scenario, lang)
        if not line or one.line == line
    )
    heads = ("doc_month", "line", "doc_working", "doc_amount")
    out: list[SheetBlock] = [
        Heading(told("title", name=option_name(bill.option, lang)), 0),
        Paragraph(told("to", name=letter.recipient or "【　　】")),
        Paragraph(told("about", first=first, last=last, about=about)),
        Heading(told("h_amounts")),
        their_table(dispute, bill, lang),
        Paragraph(dispute_sentence(dispute, bill, lang, sent=True)),
        *(Paragraph(one) for one in unmeasured_sentences(dispute.unknown, bill, lang)),
        Heading(told("h_working")),
        TableBlock(
            tuple(say(lang, f"settlement.{key}") for key in heads),
            rows,
            (0.13, 0.2, 0.49, 0.18),
            (3,),
        ),
    ]
    at_rate = rate_sentence(found, scenario, lang)
    out += [Paragraph(at_rate)] if at_rate else []
    said = [(one.title, one.text) for one in clauses(scenario, bill.option, lang) if not one.lasts]
    if said:
        out.append(Heading(told("h_contract")))
        out += [Paragraph(text, title) for title, text in said]
    ours = pay(dispute.ours, bill, lang)
    return [
        *out,
        Heading(told("h_asked")),
        Paragraph(told("asked_working", days=standard("answer_days"))),
        Paragraph(told("asked_amount", ours=ours, about=about)),
        Paragraph(told("reserved")),
        Paragraph(told("signed", name=letter.sender or "【　　】", day=letter.day or "【　　】")),
    ]


def objection_markdown(
    found: Settlement,
    dispute: Dispute,
    scenario: Scenario,
    lang: Lang,
    letter: Letter = PLAIN,
    *,
    line: str = "",
) -> str:
    """Return the objection as Markdown."""
    return markdown_of(objection(found, dispute, scenario, lang, letter, line=line))


def objection_docx(
    found: Settlement,
    dispute: Dispute,
    scenario: Scenario,
    lang: Lang,
    letter: Letter = PLAIN,
    *,
    line: str = "",
) -> bytes:
    """Return the objection as a Word file: A4, native headings and tables, page numbers."""
    blocks = objection(found, dispute, scenario, lang, letter, line=line)
    title = say(lang, "settlement.object_title", name=option_name(found.bill.option, lang))
    return word_file(blocks, title, scenario.as_of, lang)
