"""The last chapters of a portfolio's report: how currencies became one, what the figures are, and
the assumptions behind every base with their sources.
"""

from funnel_sim.decisions.portfolio.found import PortfolioFound
from funnel_sim.output.documents.blocks import Block, Heading, Paragraph, Points, TableBlock
from funnel_sim.output.documents.chapters.ledger import sources_of
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import plain_address
from funnel_sim.output.words.portfolio_page import currency_sentence
from funnel_sim.output.words.portfolio_sources import (
    MOST_BASES,
    BaseInputs,
    bases_of,
    method_sentences,
    rate_heads,
    rate_rows,
    stated_rows,
)
from funnel_sim.words import Lang, say


def method_chapter(found: PortfolioFound, lang: Lang) -> list[Block]:
    """Return how currencies became one and what the figures are."""
    portfolio = found.portfolio
    rates = rate_rows(portfolio, lang)
    out: list[Block] = [
        Heading(say(lang, "portfolio_report.h_method")),
        Paragraph(currency_sentence(portfolio, lang)),
    ]
    if rates:
        cells = tuple((row.name, *row.cells) for row in rates)
        widths = (0.14, 0.12, 0.26, 0.48)
        out.append(TableBlock(tuple(rate_heads(lang)), cells, widths, numbers=(1, 2)))
    return [*out, Points(tuple(method_sentences(found, lang)))]


def sources_chapter(found: PortfolioFound, lang: Lang) -> list[Block]:
    """Return what rows state of their own, and every input of the bases that most rows start from,
    with its source; weak ones are marked.
    """
    portfolio = found.portfolio
    every = bases_of(portfolio, lang, MOST_BASES)
    inputs = [one for base in every for one in base.inputs]
    sources = sources_of(inputs)
    bases = len({row.base for row in portfolio.rows})
    counts = {
        "shown": len(every),
        "bases": f"{bases:,}",
        "count": len(inputs),
        "weak": sum(one.weak for one in inputs),
    }
    lead = "sources_lead" if bases <= len(every) else "sources_first"
    out: list[Block] = [
        Heading(say(lang, "report.h_ledger")),
        Paragraph(say(lang, f"portfolio_report.{lead}", **counts)),
    ]
    if own := stated_rows(portfolio, lang):
        head = (say(lang, "portfolio_report.stated"), say(lang, "portfolio_report.rows"))
        cells = tuple((row.name, *row.cells) for row in own)
        title = say(lang, "portfolio_report.stated_title")
        out.append(TableBlock(head, cells, (0.8, 0.2), numbers=(1,), title=title))
    out += [_inputs(one, sources, lang) for one in every]
    if sources:
        listed = tuple(
            (f"[{place}]", plain_address(source)) for place, source in enumerate(sources, 1)
        )
        head = (say(lang, "report.number"), say(lang, "report.source"))
        title = say(lang, "report.sources")
        out.append(TableBlock(head, listed, (0.07, 0.93), title=title))
    return out


def _inputs(base: BaseInputs, sources: list[str], lang: Lang) -> TableBlock:
    keys = ("input", "value", "unit", "whose", "since", "source")
    rows: list[tuple[str, ...]] = []
    weak: set[int] = set()
    for one in base.inputs:
        if one.weak:
            weak.add(len(rows))
        told = one.told(lang) + (f" · {say(lang, 'report.weak')}" if one.weak else "")
        place = f"[{sources.index(one.source) + 1}]" if one.source else formats.NOTHING
        since = one.since or formats.NOTHING
        rows.append((one.full_name, one.value, one.unit, told, since, place))
    return TableBlock(
        tuple(say(lang, f"report.{key}") for key in keys),
        tuple(rows),
        (0.34, 0.2, 0.08, 0.19, 0.12, 0.07),
        assumed=frozenset(weak),
        title=say(lang, "portfolio_report.of_base", base=base.told, rows=f"{base.rows:,}"),
    )
