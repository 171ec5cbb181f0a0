"""A document as Markdown."""

from collections.abc import Sequence

from funnel_sim.output.documents.blocks import (
    Block,
    Chart,
    Frame,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Points,
    TableBlock,
)


def markdown_of(blocks: Sequence[Block]) -> str:
    """Return blocks as Markdown; charts and page breaks are left out."""
    made = (_markdown(block) for block in blocks if not isinstance(block, Chart | PageBreak))
    return "\n\n".join(made) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Frame():
            return f"# {_plain(block.title)}\n\n{_plain(block.subtitle)}"
        case Heading():
            return f"{'#' * (block.level + 1)} {_plain(block.text)}"
        case Paragraph() | Note():
            text = _plain(block.text)
            return f"**{_plain(block.title)}** {text}" if block.title else text
        case Points():
            return "\n".join(f"- {_plain(item)}" for item in block.items)
        case KeyFigures():
            return "\n".join(
                f"- {_plain(name)}: **{_plain(value)}** {_plain(more)}".rstrip()
                for name, value, more in block.items
            )
    assert isinstance(block, TableBlock)
    rule = ["---:" if index in block.numbers else "---" for index in range(len(block.head))]
    return "\n".join(
        f"| {' | '.join(_plain(cell) for cell in row)} |"
        for row in (block.head, tuple(rule), *block.rows)
    )


def _plain(text: str) -> str:
    """Return text of which Markdown changes nothing."""
    plain = " ".join(text.split())
    for mark in ("\\", "|", "*", "_", "<", ">", "`", "[", "]", "$", "~", "&"):
        plain = plain.replace(mark, f"\\{mark}")
    return f"\\{plain}" if plain.lstrip("#+-").startswith(" ") else plain
