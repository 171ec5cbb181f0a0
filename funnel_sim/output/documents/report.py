"""What the client takes away: one neutral list of blocks, the verdict first and the assumption
ledger last, from which writers make HTML, PDF and slides.

`funnel_sim.decisions.found` computes everything; each chapter words its part.
"""

from collections.abc import Callable
from dataclasses import replace

from funnel_sim.decisions.found import Found, find
from funnel_sim.decisions.quote.our_offer import our_offer
from funnel_sim.output.documents.blocks import Block, Frame, PageBreak
from funnel_sim.output.documents.chapters.budget import budget_chapter
from funnel_sim.output.documents.chapters.cash import cash_chapter
from funnel_sim.output.documents.chapters.chance import chance_chapter
from funnel_sim.output.documents.chapters.contracts import contracts_chapter
from funnel_sim.output.documents.chapters.customers import customers_chapter
from funnel_sim.output.documents.chapters.economics import economics_chapter
from funnel_sim.output.documents.chapters.frame import frame
from funnel_sim.output.documents.chapters.kpis import kpis_chapter
from funnel_sim.output.documents.chapters.ledger import ledger_chapter
from funnel_sim.output.documents.chapters.our_offer import our_offer_chapter
from funnel_sim.output.documents.chapters.quotes import clauses_chapter, comparison_chapter
from funnel_sim.output.documents.chapters.verdict import grounds_chapter, verdict_chapter
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.scenario.own_numbers import cash_typed
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def report(
    scenario: Scenario, lang: Lang, found: Found | None = None, letter: Letter = PLAIN
) -> list[Block]:
    """Return the report on a scenario as blocks: one page with verdict, figures, reasons, proposal
    and next step, then the comparison, then each chapter, the assumption ledger last; of these
    those that the letter has.

    >>> from funnel_sim.scenario.presets import preset
    >>> from funnel_sim.output.documents.blocks import Heading
    >>> [
    ...     block.text
    ...     for block in report(preset("amazon-de-kitchen"), "en")
    ...     if isinstance(block, Heading) and block.level == 1
    ... ]
    ['The verdict', 'In detail', 'What one order leaves', 'How the months may turn out', 'Does the
    cash last?', 'What a customer costs and brings in', 'The assumptions behind every figure']
    """
    found = find(scenario) if found is None else found
    ours = our_offer(scenario, found.quotes[0].option) if letter.ours and found.quotes else None
    chapters: dict[str, Callable[[], list[Block]]] = {
        "offer": lambda: our_offer_chapter(found, ours, lang),
        "verdict": lambda: [
            *verdict_chapter(found, lang),
            PageBreak(),
            *grounds_chapter(found, lang),
        ],
        "comparison": lambda: comparison_chapter(found, lang),
        "economics": lambda: economics_chapter(found, lang),
        "odds": lambda: chance_chapter(found, lang),
        "cash": lambda: cash_chapter(found, lang),
        "budget": lambda: budget_chapter(found, lang),
        "customers": lambda: customers_chapter(found, lang),
        "kpis": lambda: kpis_chapter(found, lang),
        "contracts": lambda: contracts_chapter(found, lang),
        "clauses": lambda: clauses_chapter(found, lang),
        "ledger": lambda: ledger_chapter(found, lang),
    }
    told = letter.chapters
    if letter.ours and letter.chosen is None and not cash_typed(scenario):
        told = tuple(one for one in told if one != "cash")  # it would be about an example's stock
    blocks = [block for name in told for block in chapters[name]()]
    return [addressed(frame(found, lang), scenario, letter, lang), *blocks]


def addressed(around: Frame, scenario: Scenario, letter: Letter, lang: Lang) -> Frame:
    """Return a frame with whom it is for and from, and with the title of an offer where an agency
    speaks.
    """
    told = [one for one in (letter.line(lang), around.subtitle) if one]
    title = around.title
    if letter.ours and not letter.judges:
        parts = (say(lang, "ours.title"), scenario.name)
        title = " · ".join(part for part in parts if part)
    return replace(around, title=title, subtitle=" · ".join(told))
