"""What the client takes away: one neutral list of blocks, the verdict first and the assumption
ledger last, from which writers make HTML, PDF and slides.

`funnel_sim.decisions.found` computes everything; each chapter words its part.
"""

from funnel_sim.decisions.found import Found, find
from funnel_sim.output.documents.blocks import Block
from funnel_sim.output.documents.chapters.chance import odds_chapter
from funnel_sim.output.documents.chapters.contracts import contracts_chapter
from funnel_sim.output.documents.chapters.customers import customers_chapter
from funnel_sim.output.documents.chapters.economics import economics_chapter
from funnel_sim.output.documents.chapters.frame import frame
from funnel_sim.output.documents.chapters.kpis import kpis_chapter
from funnel_sim.output.documents.chapters.ledger import ledger_chapter
from funnel_sim.output.documents.chapters.quotes import clauses_chapter, comparison_chapter
from funnel_sim.output.documents.chapters.verdict import verdict_chapter
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang


def report(scenario: Scenario, lang: Lang, found: Found | None = None) -> list[Block]:
    """Return the report on a scenario as blocks: the verdict, why, the comparison, then each
    chapter, the assumption ledger last.

    >>> from funnel_sim.scenario.presets import preset
    >>> from funnel_sim.output.documents.blocks import Heading
    >>> [
    ...     block.text
    ...     for block in report(preset("amazon-de-kitchen"), "en")
    ...     if isinstance(block, Heading) and block.level == 1
    ... ]
    ['The verdict', 'What one order leaves', 'How the months may turn out',
     'What a customer costs and brings in', 'The assumptions behind every figure']
    """
    found = find(scenario) if found is None else found
    return [
        frame(found, lang),
        *verdict_chapter(found, lang),
        *comparison_chapter(found, lang),
        *economics_chapter(found, lang),
        *odds_chapter(found, lang),
        *customers_chapter(found, lang),
        *kpis_chapter(found, lang),
        *contracts_chapter(found, lang),
        *clauses_chapter(found, lang),
        *ledger_chapter(found, lang),
    ]
