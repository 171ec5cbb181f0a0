"""The cells of a sheet of an XLSX workbook, laid out in columns some rows at a time."""

import datetime as dt
import math
import re
from functools import cache

import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.tables.bounds import (
    LARGEST,
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_HOLES,
    SPARE_CELLS,
    check_area,
    check_cell,
    letters,
    long_cell,
)
from funnel_sim.evidence.tables.layout import Layout
from funnel_sim.evidence.tables.sheets import LAST_DAY, day_text, headed, number_text
from funnel_sim.evidence.tables.workbook_parts import SharedTexts
from funnel_sim.evidence.tables.xml_parts import DEEPEST, Reader, named_elements

_CELLS_AT_ONCE = 2_000_000
_ROWS_AT_ONCE = 50_000
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
# before the text of a cell that the file holds as a number, until the cells are laid out; XML
# cannot hold it
_NUMBER = "\x00"


class SheetCells(Reader):
    """The cells of a sheet, laid out in columns some rows at a time."""

    def __init__(self, name: str, strings: SharedTexts, dates: list[bool], day_zero: dt.datetime):
        super().__init__(name)
        self.strings, self.dates, self.day_zero = strings, dates, day_zero
        self.row = self.column = 0  # of the cell that is read, counted from 1
        self.kind = self.style = ""
        self.parts: list[str] = []
        self.length = 0
        self.take = self.phonetic = False
        self.used: set[int] = set()
        self.filled = self.rows = self.letters = 0
        self.labels: list[int] = []  # of the rows that are not laid out yet
        self.columns: dict[int, list[str]] = {}
        self.done: list[tuple[pd.DataFrame, pd.DataFrame]] = []
        self.short = named_elements("row", "c", "v", "t", "rPh", "f")
        self.formula = False
        self.unsaved: dict[int, list[int]] = {}  # rows of formulas without a saved value, by column

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element.

        Args:
            tag: of the element, with its namespace.
            attributes: by name.

        Raises:
            InputError: where the cell is not where its place says, or elements nest without end.
        """
        self.depth += 1
        if self.depth > DEEPEST:
            raise refuse(f"{self.name}: {self.part}", None, "table_nested", most=DEEPEST)
        short = self.short.get(tag)
        if short == "c":
            place = attributes.get("r")
            self.column += 1
            if place is not None:
                found = _PLACE.fullmatch(place)
                self.column = _column(found[1]) if found else 0
                if not found or int(found[2]) != self.row or self.column > _LAST_COLUMN:
                    raise refuse(self.name, place, "table_place", row=f"{self.row:,}")
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.length = 0
            self.formula = False
            self.parts.clear()
        elif short == "f":
            self.formula = True
        elif short == "v" or (short == "t" and not self.phonetic):
            self.take = True
        elif short == "row":
            row = attributes.get("r")
            last, self.column = self.row, 0
            self.row = (
                last + 1 if row is None else int(row) if row.isdecimal() and len(row) <= 7 else 0
            )
            if not last < self.row <= _LAST_ROW:
                raise refuse(self.name, row, "table_row_number", row=f"{last:,}")
        elif short == "rPh":
            self.phonetic = True

    def end(self, tag: str) -> None:
        """Take the end of an element; of a cell, put what it holds."""
        self.depth -= 1
        short = self.short.get(tag)
        if short in ("v", "t"):
            self.take = False
        elif short == "c":
            if self.parts:
                value = self._value("".join(self.parts))
                if value:
                    self._put(value)
            elif self.formula and self.kind != "e":
                self.unsaved.setdefault(self.column - 1, []).append(self.row)
        elif short == "rPh":
            self.phonetic = False

    def text(self, text: str) -> None:
        """Take a piece of the text of a cell.

        Args:
            text: the piece.

        Raises:
            InputError: where a cell holds more text than one may.
        """
        if self.take:
            self.length += len(text)
            if self.length > LONGEST_CELL:
                raise long_cell(self.name, self._cell())
            self.parts.append(text)

    def _cell(self) -> str:
        return f"{letters(self.column - 1)}{self.row}"

    def _value(self, text: str) -> str:
        kind = self.kind
        if kind == "s":
            place = text.strip()
            if not (place.isdecimal() and len(place) <= 9 and int(place) < len(self.strings)):
                raise refuse(
                    f"{self.name}: {self._cell()}",
                    text,
                    "table_shared",
                    count=f"{len(self.strings):,}",
                )
            return self.strings[int(place)]
        if kind == "n":
            return self._number(text.strip())
        if kind == "b":
            return "TRUE" if text.strip() in ("1", "true") else "FALSE"
        return "" if kind == "e" else text.strip()  # an error counts as an empty cell

    def _number(self, text: str) -> str:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in text:
            if not text:
                return ""
            raise refuse(f"{self.name}: {self._cell()}", text, "table_number")
        style = self.style
        if (
            style
            and style.isdecimal()
            and len(style) < 7
            and int(style) < len(self.dates)
            and self.dates[int(style)]
            and 0 <= value < LAST_DAY
        ):
            return day_text(value, self.day_zero)
        return _NUMBER + number_text(value)

    def _put(self, value: str) -> None:
        column, row = self.column - 1, self.row
        if len(value) > LONGEST_CELL:
            check_cell(self.name, self._cell(), len(value))
        self.letters += len(value)
        if self.letters > LARGEST:
            raise refuse(self.name, None, "table_texts", limit=LARGEST // 1024 // 1024)
        if not self.labels or self.labels[-1] != row - 2:
            self._next_row(row)
        cells = self.columns.get(column)
        if cells is None:
            cells = self.columns[column] = []
            self.used.add(column)
            if len(self.used) > MOST_COLUMNS:
                check_area(self.name, 1, len(self.used))
        missing = len(self.labels) - 1 - len(cells)
        if missing > 0:
            cells.extend([""] * missing)
        if missing < 0:
            raise refuse(f"{self.name}: {self._cell()}", None, "table_twice")
        cells.append(value)
        self.filled += 1

    def _next_row(self, row: int) -> None:
        if (
            len(self.labels) >= _ROWS_AT_ONCE
            or len(self.labels) * len(self.columns) >= _CELLS_AT_ONCE
        ):
            self._lay_out()
        self.rows += 1
        self.labels.append(row - 2)

    def _lay_out(self) -> None:
        """Lay the rows read so far out in columns; raises InputError where nearly all of the area
        that they span is empty.
        """
        width = max(1, len(self.used))
        if self.rows * width > min(MOST_CELLS, SPARE_CELLS + MOST_HOLES * self.filled):
            check_area(self.name, self.rows, width)
            raise refuse(
                f"{self.name}: {self._cell()}",
                None,
                "table_holes",
                rows=f"{self.rows:,}",
                columns=f"{width:,}",
                filled=f"{self.filled:,}",
            )
        many = len(self.labels)
        for cells in self.columns.values():
            cells.extend([""] * (many - len(cells)))
        numbers = {
            column: [cell[:1] == _NUMBER for cell in cells]
            for column, cells in self.columns.items()
        }
        texts = {
            column: [cell.removeprefix(_NUMBER) for cell in cells]
            for column, cells in self.columns.items()
        }
        self.done.append(
            (
                pd.DataFrame(texts, index=self.labels, dtype=str),
                pd.DataFrame(numbers, index=self.labels, dtype=bool),
            )
        )
        self.labels, self.columns = [], {}

    def layout(self) -> Layout:
        """Return headings and cells; raises InputError where a heading is too long."""
        if self.labels:
            self._lay_out()
        places = sorted(self.used)
        if not self.done:
            return Layout([], pd.DataFrame(columns=places, dtype=str))
        texts, numbers = (
            pd.concat(
                [part[which].reindex(columns=places, fill_value=nothing) for part in self.done]
            )
            for which, nothing in ((0, ""), (1, False))
        )
        return headed(self.name, texts, numbers, self.unsaved)


@cache
def _column(name: str) -> int:
    """Return the number of a column, counted from 1, by its letters."""
    out = 0
    for letter in name:
        out = out * 26 + ord(letter) - ord("A") + 1
    return out
