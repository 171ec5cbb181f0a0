"""Amendments to a contract: the sentences to add, as a Word file to send to the other side.

It holds the contract's words only: nothing of what the client expects, earns or would pay.
"""

from collections.abc import Sequence

from funnel_sim.decisions.quote.contract_check.findings import ContractCheck, ContractFinding
from funnel_sim.output.documents.blocks import Heading, Paragraph
from funnel_sim.output.documents.counter_draft import OURS
from funnel_sim.output.documents.term_sheet import SheetBlock, word_file
from funnel_sim.output.words.contract_check import clause_text
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.words import Lang, say


def delivered(findings: Sequence[ContractFinding]) -> list[ContractFinding]:
    """Return those of some findings whose sentence goes to the other side: all but what the
    client's own simulation found.
    """
    return [one for one in findings if one.item.id not in OURS]


def amendments(
    check: ContractCheck, findings: Sequence[ContractFinding], lang: Lang
) -> list[SheetBlock]:
    """Return the amendments as blocks: each item with its sentence, in the order given.

    Args:
        check: the contract that was checked.
        findings: what the other side is asked to write into it.
        lang: language of the file, which need not be the screen's.
    """
    stop = say(lang, "sheet.stop")
    return [
        Heading(say(lang, "amend.title", name=option_name(check.option, lang)), 0),
        Paragraph(say(lang, "amend.lead")),
        *(
            Paragraph(clause_text(one, check, lang), f"{number}. {one.item.name.of(lang)}{stop}")
            for number, one in enumerate(delivered(findings), 1)
        ),
        Paragraph(say(lang, "draft.legal")),
    ]


def amendments_docx(check: ContractCheck, findings: Sequence[ContractFinding], lang: Lang) -> bytes:
    """Return the amendments as a Word file: A4, native headings, page numbers."""
    return word_file(
        amendments(check, findings, lang),
        say(lang, "amend.file_title"),
        check.scenario.as_of,
        lang,
    )
