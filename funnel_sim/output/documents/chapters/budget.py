"""How the ad budget is best split: the answer, the channels, the best profit along the total."""

from funnel_sim.decisions.found import Found
from funnel_sim.output.charts.budget import data_curve, data_split, spec_curve, spec_split
from funnel_sim.output.documents.blocks import Block, Chart, Heading, Paragraph, Points, TableBlock
from funnel_sim.output.documents.chapters.parts import low, spread
from funnel_sim.output.words import formats
from funnel_sim.output.words.budget import (
    budget_sentences,
    line_heads,
    line_rows,
    names_of,
)
from funnel_sim.words import Lang, say


def budget_chapter(found: Found, lang: Lang) -> list[Block]:
    """Return how the ad budget is best split; nothing where nothing was asked of it."""
    answer = found.budget
    if answer is None:
        return []
    names = names_of(found.scenario, lang)
    first, *rest = budget_sentences(answer, names, lang)
    heads = [say(lang, "budget.channel"), *line_heads(answer, lang)]
    spent = formats.axis("money", answer.currency, lang)
    shown = formats.axis("money", names.shown or answer.currency, lang)
    return [
        Heading(say(lang, "report.group_budget")),
        Paragraph(first),
        Points(tuple(rest)),
        Chart(
            spec_split(lang, "light", spent),
            data_split(answer, names, lang),
            say(lang, "budget.split_title"),
            say(lang, "budget.split_note"),
        ),
        TableBlock(
            tuple(heads),
            tuple((row.name, *row.cells) for row in line_rows(answer, names, lang)),
            spread(0.2, len(heads)),
            numbers=tuple(range(1, len(heads))),
        ),
        Chart(
            low(spec_curve(lang, "light", spent, shown)),
            data_curve(answer, names, lang),
            say(lang, "budget.curve_title"),
            say(lang, "budget.curve_note"),
        ),
    ]
