"""A part of a workbook, read as XML while it unpacks; one that nests without end or declares
entities is refused.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from xml.parsers import expat

from funnel_sim.errors import refuse
from funnel_sim.evidence.tables.progress import Progress

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_LONGEST_TAG = (
    1024 * 1024
)  # bytes of one tag or comment; the parser rereads an unfinished one with each piece
DEEPEST = 64  # elements within one another; a sheet has some ten


class Reader:
    """Reads one part's XML by its elements' own names; a part that declares entities or nests
    without end is refused.
    """

    NAMES: Mapping[str, str] = {}

    def __init__(self, name: str):
        self.name = name
        self.part = ""
        self.depth = 0

    def read(
        self,
        pieces: Iterator[bytes],
        part: str,
        size: int,
        progress: Progress | None,
    ) -> None:
        """Read a part piece by piece.

        Args:
            pieces: the bytes of the part, in order.
            part: its name in the file.
            size: its bytes.
            progress: told the share that has been read [fraction]; None for nobody.

        Raises:
            InputError: where it is no XML, nests without end or declares entities.
        """
        self.part = part
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.ordered_attributes = False
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self._declares
        fed = 0
        try:
            for piece in pieces:
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                    raise refuse(
                        f"{self.name}: {part}",
                        None,
                        "table_xml",
                        line=f"{parser.CurrentLineNumber:,}",
                    )
                if progress is not None and size:
                    progress(min(1.0, fed / size))
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise refuse(
                f"{self.name}: {part}", None, "table_xml", line=f"{error.lineno:,}"
            ) from None

    def _declares(self, *_: object) -> None:
        raise refuse(f"{self.name}: {self.part}", None, "table_entities")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element.

        Args:
            tag: of the element, with its namespace.
            attributes: by name.

        Raises:
            InputError: where it lies too deep.
        """
        self.depth += 1
        if self.depth > DEEPEST:
            raise refuse(f"{self.name}: {self.part}", None, "table_nested", most=DEEPEST)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        self.depth -= 1

    def text(self, text: str) -> None:
        """Ignore text; readers that need it take it."""


@cache
def named_elements(*tags: str) -> dict[str, str]:
    """Return the short names of elements by their full ones."""
    return {f"{space} {tag}": tag for space in _MAIN for tag in tags}
