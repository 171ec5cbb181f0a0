"""What each contract leaves open."""

from funnel_sim.decisions.found import Found
from funnel_sim.decisions.quote.contract_check.findings import ContractCheck, ContractFinding
from funnel_sim.output.documents.blocks import Block, Heading, Note, Paragraph, Points, TableBlock
from funnel_sim.output.words.contract_check import (
    clause_text,
    finding_sentence,
    grade_about,
    grade_sentence,
)
from funnel_sim.output.words.tones import GRADE_TONES
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.words import Lang, say


def against(check: ContractCheck) -> list[ContractFinding]:
    """Return what a contract has against its client, then what is open, the gravest first."""
    order = {"bad": 0, "open": 1}
    return sorted(
        (one for one in check.findings if one.state in order),
        key=lambda one: (order[one.state], -one.item.weight),
    )


def contracts_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return what each contract leaves open, and what to ask."""
    if not found.contracts:
        return []
    out: list[Block] = [Heading(say(lang, "report.h_contract"))]
    for check in found.contracts:
        name = option_name(check.option, lang)
        out.append(
            Note(
                grade_sentence(check, lang),
                f"{say(lang, 'contract.grade', grade=check.grade.id)} · {name}",
                GRADE_TONES[check.grade.id],
            )
        )
        out.append(Paragraph(grade_about(lang), small=True))
        every = against(check)
        rows = tuple(_finding_row(one, check, lang) for one in every if one.state == "bad")
        head = (say(lang, "report.item"), say(lang, "report.found"), say(lang, "contract.sentence"))
        if rows:
            out.append(TableBlock(head, rows, (0.2, 0.37, 0.43), title=say(lang, "report.against")))
    asked = dict.fromkeys(
        say(
            lang,
            "report.ask",
            question=one.item.question.of(lang),
            weight=say(lang, f"contract.weight_{one.item.weight}"),
        )
        for check in found.contracts
        for one in against(check)
        if one.state == "open" and one.item.question is not None
    )
    return (
        [*out, Heading(say(lang, "contract.asked_title"), 2), Points(tuple(asked))]
        if asked
        else out
    )


def _finding_row(one: ContractFinding, check: ContractCheck, lang: Lang) -> tuple[str, str, str]:
    name = say(
        lang,
        "report.weighed",
        name=one.item.name.of(lang),
        weight=say(lang, f"contract.weight_{one.item.weight}"),
    )
    return (
        name,
        finding_sentence(one, check, lang) or one.item.why.of(lang),
        clause_text(one, check, lang),
    )
