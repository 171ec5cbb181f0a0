"""The assumptions behind every figure."""

from collections.abc import Sequence

from funnel_sim.decisions.found import Found
from funnel_sim.output.documents.blocks import Block, Heading, Paragraph, TableBlock
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import Assumption, assumptions, plain_address, preset_line
from funnel_sim.words import Lang, say


def sources_of(every: Sequence[Assumption]) -> list[str]:
    """Return each source once, in order."""
    return list(dict.fromkeys(one.source for one in every if one.source))


def ledger_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return every input with its value, source and date, the sources last."""
    every = assumptions(found.scenario, lang)
    sources = sources_of(every)
    head = tuple(
        say(lang, f"report.{key}")
        for key in ("input", "value", "unit", "whose", "since", "source", "changed")
    )
    rows: list[tuple[str, ...]] = []
    groups: set[int] = set()
    weak: set[int] = set()
    last = ""
    for one in every:
        if one.group != last:
            last = one.group
            groups.add(len(rows))
            rows.append((last, *[""] * (len(head) - 1)))
        if one.weak:
            weak.add(len(rows))
        told = one.told(lang) + (f" · {say(lang, 'report.weak')}" if one.weak else "")
        place = f"[{sources.index(one.source) + 1}]" if one.source else formats.NOTHING
        rows.append(
            (
                one.name,
                one.value,
                one.unit,
                told,
                one.since or formats.NOTHING,
                place,
                say(lang, "word.yes") if one.changed else say(lang, "word.no"),
            )
        )
    counts = {
        "count": len(every),
        "weak": sum(one.weak for one in every),
        "changed": sum(one.changed for one in every),
    }
    out: list[Block] = [Heading(say(lang, "report.h_ledger"))]
    out.append(
        Paragraph(
            say(lang, "report.ledger_lead", preset=preset_line(found.scenario, lang), **counts)
        )
    )
    out.append(
        TableBlock(
            head,
            tuple(rows),
            (0.26, 0.21, 0.08, 0.18, 0.12, 0.07, 0.08),
            numbers=(),
            groups=frozenset(groups),
            assumed=frozenset(weak),
        )
    )
    if sources:
        listed = tuple(
            (f"[{place}]", plain_address(source)) for place, source in enumerate(sources, 1)
        )
        out.append(
            TableBlock(
                (say(lang, "report.number"), say(lang, "report.source")),
                listed,
                (0.07, 0.93),
                title=say(lang, "report.sources"),
            )
        )
    return out
