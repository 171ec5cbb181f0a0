"""The parts of an XLSX workbook beside its cells: what it links to, its sheets in order, which
formats of a cell show a day, and the texts that cells share.
"""

from array import array

from funnel_sim.errors import refuse
from funnel_sim.evidence.tables.bounds import LARGEST, LONGEST_CELL, MOST_FORMATS
from funnel_sim.evidence.tables.sheets import DATE_FORMATS, shows_a_day
from funnel_sim.evidence.tables.xml_parts import Reader, named_elements

_LINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)


class RelatedParts(Reader):
    """What a part is related to: key, kind and target."""

    def __init__(self, name: str):
        super().__init__(name)
        self.found: list[tuple[str, str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element.

        Args:
            tag: of the element, with its namespace.
            attributes: by name.
        """
        super().start(tag, attributes)
        if tag.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            self.found.append(
                (
                    attributes.get("Id", ""),
                    attributes.get("Type", "").rpartition("/")[2],
                    attributes.get("Target", ""),
                )
            )


class SheetList(Reader):
    """The sheets of a workbook, in order, and how it counts days."""

    def __init__(self, name: str):
        super().__init__(name)
        self.links: list[tuple[str, str]] = []
        self.since_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element.

        Args:
            tag: of the element, with its namespace.
            attributes: by name.
        """
        super().start(tag, attributes)
        short = named_elements("sheet", "workbookPr").get(tag)
        if short == "sheet":
            self.links.append(
                (
                    attributes.get("name", ""),
                    next(
                        (
                            attributes[f"{space} id"]
                            for space in _LINKS
                            if f"{space} id" in attributes
                        ),
                        "",
                    ),
                )
            )
        elif short == "workbookPr":
            self.since_1904 = attributes.get("date1904", "") in ("1", "true", "on")


class CellFormats(Reader):
    """Which cell formats show a number as a day: `dates`, a flag a format."""

    def __init__(self, name: str):
        super().__init__(name)
        self.dates: list[bool] = []
        self.codes: dict[str, str] = {}
        self.within = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element.

        Args:
            tag: of the element, with its namespace.
            attributes: by name.

        Raises:
            InputError: where there are more formats than a workbook may hold.
        """
        super().start(tag, attributes)
        short = named_elements("numFmt", "cellXfs", "xf").get(tag)
        if short == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif short == "cellXfs":
            self.within = True
        elif short == "xf" and self.within:
            number = attributes.get("numFmtId", "0")
            code = self.codes.get(number)
            if len(self.dates) >= MOST_FORMATS:
                raise refuse(self.name, None, "table_formats", most=f"{MOST_FORMATS:,}")
            self.dates.append(
                shows_a_day(code)
                if code is not None
                else number.isdecimal() and int(number) in DATE_FORMATS
            )

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        super().end(tag)
        if named_elements("cellXfs").get(tag):
            self.within = False


class SharedTexts(Reader):
    """The texts that cells share: one stretch of bytes and where each text ends, since millions of
    them are usual.
    """

    def __init__(self, name: str):
        super().__init__(name)
        self.bytes = bytearray()
        self.ends = array("Q", [0])
        self.parts: list[str] = []
        self.length = 0
        self.take = self.phonetic = False

    def __getitem__(self, place: int) -> str:
        return self.bytes[self.ends[place] : self.ends[place + 1]].decode()

    def __len__(self) -> int:
        return len(self.ends) - 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element.

        Args:
            tag: of the element, with its namespace.
            attributes: by name.
        """
        super().start(tag, attributes)
        short = named_elements("si", "t", "rPh").get(tag)
        if short == "t":
            self.take = not self.phonetic
        elif short == "rPh":  # how the text is pronounced
            self.phonetic = True
        elif short == "si":
            self.parts.clear()
            self.length = 0

    def end(self, tag: str) -> None:
        """Take the end of an element; of a text, keep it.

        Args:
            tag: of the element, with its namespace.

        Raises:
            InputError: where the texts come to more than a table may hold.
        """
        super().end(tag)
        short = named_elements("si", "t", "rPh").get(tag)
        if short == "t":
            self.take = False
        elif short == "rPh":
            self.phonetic = False
        elif short == "si":
            self.bytes += "".join(self.parts).strip().encode()
            self.ends.append(len(self.bytes))
            if len(self.bytes) > LARGEST:
                raise refuse(self.name, None, "table_texts", limit=LARGEST // 1024 // 1024)

    def text(self, text: str) -> None:
        """Take a piece of a text.

        Args:
            text: the piece.

        Raises:
            InputError: where it is longer than a cell may be.
        """
        if self.take:
            self.length += len(text)
            if self.length > LONGEST_CELL:
                raise refuse(
                    f"{self.name}: {self.part}",
                    None,
                    "table_long_text",
                    number=f"{len(self) + 1:,}",
                    most=f"{LONGEST_CELL:,}",
                )
            self.parts.append(text)
