"""What several chapters are made of."""

from collections.abc import Mapping, Sequence
from typing import Any

from funnel_sim.decisions.found import Found
from funnel_sim.decisions.quote.answer import OptionAnswer
from funnel_sim.output.documents.blocks import Block, TableBlock
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang

_LOW = 210

_COLUMNS = 6

_HEAD_LETTERS = 20


def place_of(scenario: Scenario, lang: Lang) -> str:
    """Return where a store sells and what: platform, country, category; "" where none is named."""
    places = (
        scenario.platform,
        country_words(scenario.market).of(lang),
        category_words(scenario.platform, scenario.category).of(lang),
    )
    return " · ".join(place for place in places if place)


def label_of(answer: OptionAnswer, found: Found, lang: Lang) -> str:
    """Return an option's name, with its id where another has the same."""
    name = option_name(answer.option, lang)
    same = [
        one
        for one in (found.answers.options if found.answers else ())
        if option_name(one.option, lang) == name
    ]
    return f"{name} ({answer.option.id})" if len(same) > 1 else name


def spread(first: float, count: int) -> tuple[float, ...]:
    """Return widths of columns: the first one's share, the rest parted evenly.

    >>> spread(0.4, 3)
    (0.4, 0.3, 0.3)
    """
    return (first, *([(1.0 - first) / (count - 1)] * (count - 1)))


def turned(
    heads: Sequence[str], rows: Sequence[Row], names: Sequence[str], title: str
) -> list[Block]:
    """Return a table of options with the options as columns, for a page is higher than wide; many
    options are parted into tables of a few.
    """
    parts = -(-len(names) // _COLUMNS)
    size = -(-len(names) // parts)
    out: list[Block] = []
    for start in range(0, len(names), size):
        some, whose = (
            rows[start : start + size],
            tuple(short(name) for name in names[start : start + size]),
        )
        cells = tuple(
            (head, *(row.cells[place] for row in some)) for place, head in enumerate(heads[1:])
        )
        out.append(
            TableBlock(
                ("", *whose),
                cells,
                spread(0.24, len(whose) + 1),
                numbers=tuple(range(1, len(whose) + 1)),
                title="" if start else title,
            )
        )
    return out


def short(name: str) -> str:
    """Return a name as the head of a narrow column has room for it."""
    return name if len(name) <= _HEAD_LETTERS else f"{name[:_HEAD_LETTERS].rstrip()}…"


def low(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a chart as high as a page has room for."""
    return {**spec, "height": _LOW}
