"""Text files as tables: encoding, separator and the row of headings found, bounds checked before
anything is laid out in cells.
"""

import codecs
import csv
import io
import re
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv_of_arrow
from numpy.typing import NDArray

from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.tables.bounds import (
    LONGEST_CELL,
    LONGEST_HEADING,
    MB,
    MOST_COLUMNS,
    SPARE_CELLS,
    check_area,
    letters,
    long_cell,
)
from funnel_sim.evidence.tables.cells import Gathered, release, series_of
from funnel_sim.evidence.tables.encodings import encoding_of
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.layout import Layout
from funnel_sim.evidence.tables.progress import Progress, tell
from funnel_sim.evidence.tables.vocabulary import heading_row

_SEPARATORS = "\t;|,"  # of two that fit alike, the one that stands in no number and no text
# bytes to find separator and headings in; the standard library's reader refuses a cell above
# 131,072
_SAMPLE = 100_000
_SEPARATOR_TOLD = re.compile(
    r"""\s*["']?sep=([;,\t|])["']?\s*[\r\n]""", re.IGNORECASE
)  # a line by which a spreadsheet is told the separator
_SAMPLE_RECORDS = 50
_HEADINGS_WITHIN = 40  # rows that are not blank, among which the headings are looked for
# cells by which a first row is longer than the headings: pandas would take each as a level of names
_FAR_TOO_LONG = 100
_CELLS_AT_ONCE = 5_000_000
_ROWS_AT_ONCE = 100_000
_BLOCK = MB  # of text, from which Arrow makes rows at once
_SPACE_BEYOND = (b"\x1c", b"\x1d", b"\x1e", b"\x1f")  # space to Unicode and not to ASCII
_SURELY_UTF8 = (
    20  # characters beyond ASCII that read as UTF-8: text in another encoding does not by chance
)
_TOO_LONG = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")
_OPEN_QUOTE = re.compile(r"EOF inside string starting at row (\d+)")


def text_frame(content: bytes, name: str, progress: Progress | None = None) -> Layout:
    r"""Return the headings of a text file and its cells below them. `progress` is told the share
    that has been read.

    Args:
        content: the bytes of the file.
        name: what the file, or the column in it, is called where it is refused.
        progress: told the share that has been read [fraction]; None for nobody.

    Raises:
        InputError: naming the file and the line, where it is no table.

    >>> found = text_frame(b"a;b\n\n1;2,5\n", "x.csv")
    >>> found.headings, found.cells.index.tolist(), found.cells.iloc[0].tolist()
    (['a', 'b'], [1], ['1', '2,5'])
    """
    text = _utf8(content, name)
    lone = _lone_returns(text)
    lines = _count(text, b"\n") + lone + 1
    check_area(name, lines, 1)
    separator, above, headings = _headings(text, name)
    width = len(headings)
    check_area(name, lines, width)
    if (
        lines * width > len(text) + SPARE_CELLS
    ):  # a cell takes a separator or the end of a line, even an empty one
        raise refuse(name, None, "table_short_rows", columns=f"{width:,}")
    told = tuple(
        line.decode("utf-8", "ignore").strip(' ;,\t"')
        for line in text[:_SAMPLE].splitlines()[:above]
    )
    findings = (Finding("above", parts={"count": above}),) if any(told) else ()
    frame = None if lone else _regular(text, separator, above, (lines, width), name, progress)
    if frame is None:
        parts = _any(text, separator, above, width, name, progress)
        frame = pd.concat(parts) if parts else pd.DataFrame(columns=range(width), dtype=str)
    return Layout(headings, frame, findings=findings, above=told)


def _regular(
    text: bytes,
    separator: str,
    above: int,
    area: tuple[int, int],
    name: str,
    progress: Progress | None,
) -> pd.DataFrame | None:
    """Return the rows of a text without lone carriage returns of which every line has as many cells
    as the headings, read by Arrow; None where it is not so regular that both readers would agree.

    Arrow takes a fifth of the time. It refuses what pandas would fill up or skip; what it might
    read otherwise is not given to it: quotes behind a space, headings of several lines.
    """
    quoted = b'"' in text
    if quoted and (separator.encode() + b' "' in text or b'\n "' in text):
        return None
    start = 0
    for _ in range(above + 1):
        start = text.find(b"\n", start) + 1
        if not start:
            return None
    if start >= len(text) or (
        quoted and not (_well_quoted(text[:start], separator) and _well_quoted(text, separator))
    ):
        return None
    lines, width = area
    names = [str(place) for place in range(width)]
    trim = pc.utf8_trim_whitespace
    if text.isascii() and not any(one in text for one in _SPACE_BEYOND):
        trim = pc.ascii_trim_whitespace  # the same, in half the time
    columns = [Gathered(lines) for _ in names]
    labels: list[NDArray[np.int64]] = []
    done = above
    try:
        reader = csv_of_arrow.open_csv(
            pa.BufferReader(pa.py_buffer(text).slice(start)),
            read_options=csv_of_arrow.ReadOptions(column_names=names, block_size=_BLOCK),
            parse_options=csv_of_arrow.ParseOptions(
                delimiter=separator, newlines_in_values=quoted, ignore_empty_lines=False
            ),
            convert_options=csv_of_arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        for batch in reader:
            kept, rows = _filled([trim(one) for one in batch.columns], batch.num_rows, done, name)
            for column, piece in zip(columns, kept, strict=True):
                column.add(piece)
            labels.append(rows)
            done += batch.num_rows
            tell(progress, min(1.0, (done - above) / lines))
    except pa.ArrowInvalid:
        return None
    tell(progress, 1.0)
    index = np.concatenate(labels) if sum(map(len, labels)) < done - above else None
    frame = pd.DataFrame(
        {place: series_of(column.whole()).array for place, column in enumerate(columns)},
        index=pd.RangeIndex(above, done) if index is None else pd.Index(index),
        copy=False,
    )
    frame.columns = pd.RangeIndex(width)
    release()
    return frame


def _filled(
    columns: list[pa.Array], count: int, first: int, name: str
) -> tuple[list[pa.Array], NDArray[np.int64]]:
    """Return some rows without those that are blank, and their number in the file − 2; raises
    InputError for a cell that is too long.
    """
    empty = np.ones(count, dtype=bool)
    for place, column in enumerate(columns):
        lengths = pc.binary_length(column).to_numpy(zero_copy_only=False)
        if len(lengths) and lengths.max() > LONGEST_CELL:  # bytes; in letters it may be shorter
            letters_ = pc.utf8_length(column).to_numpy(zero_copy_only=False)
            if letters_.max() > LONGEST_CELL:
                raise long_cell(name, f"{letters(place)}{first + int(letters_.argmax()) + 2}")
        if empty.any():
            empty &= lengths == 0
    rows = np.arange(first, first + count, dtype=np.int64)
    if not empty.any():
        return columns, rows
    filled = pa.array(~empty)
    return [column.filter(filled) for column in columns], rows[~empty]


def _well_quoted(text: bytes, separator: str) -> bool:
    """Say whether every quote opens a cell at its beginning, closes it at its end, or stands twice
    inside one: then no two readers differ over it.

    >>> [_well_quoted(text, ";") for text in (b'"a""b";c', b'5" screen;c', b'a;"b')]
    [True, False, False]
    """
    if b'"' not in text:
        return True
    quote, line, back, part = (ord(one) for one in ('"', "\n", "\r", separator))
    seen = 0
    for at in range(0, len(text), MB):
        piece = np.frombuffer(
            text,
            dtype=np.uint8,
            offset=max(0, at - 1),
            count=min(len(text), at + MB + 1) - max(0, at - 1),
        )
        piece = np.concatenate(
            [piece if at else np.insert(piece, 0, line), [line] if at + MB >= len(text) else []]
        ).astype(np.uint8)
        places = np.flatnonzero(piece[1:-1] == quote) + 1
        opens = (np.arange(len(places)) + seen) % 2 == 0
        before, behind = piece[places[opens] - 1], piece[places[~opens] + 1]
        if not (
            np.isin(before, (part, line, quote)).all()
            and np.isin(behind, (part, line, back, quote)).all()
        ):
            return False
        seen += len(places)
    return seen % 2 == 0


def _lone_returns(text: bytes) -> int:
    """Return how many carriage returns stand before no line feed."""
    return text.count(b"\r") - text.count(b"\r\n") if b"\r" in text else 0


def _count(text: bytes, one: bytes) -> int:
    """Return how often a byte stands in a text, in half the time that the text itself takes."""
    content = np.frombuffer(text, np.uint8)
    return sum(
        int(np.count_nonzero(content[at : at + MB] == one[0])) for at in range(0, len(text), MB)
    )


def _any(
    text: bytes,
    separator: str,
    above: int,
    width: int,
    name: str,
    progress: Progress | None,
) -> list[pd.DataFrame]:
    """Return the rows of a text, read by pandas: short ones are filled up; raises InputError,
    naming the line, where it is damaged.
    """
    parts: list[pd.DataFrame] = []
    source = io.BytesIO(text)
    try:
        reader = pd.read_csv(
            source,
            sep=separator,
            encoding="utf-8",
            dtype=str,
            header=None,
            names=list(range(width)),
            skiprows=above + 1,
            keep_default_na=False,
            skipinitialspace=True,
            skip_blank_lines=False,
            on_bad_lines="error",
            chunksize=max(1, min(_ROWS_AT_ONCE, _CELLS_AT_ONCE // width)),
        )
        for part in reader:
            parts.append(_tidy(part, above, name))
            tell(progress, min(1.0, source.tell() / len(text)))
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        refusal = _damage(str(error), above, name, width)
        if refusal is None:  # no row below the headings
            return []
        raise refusal from None
    return parts


def _utf8(content: bytes, name: str) -> bytes:
    """Return the file's text in UTF-8 without a mark; raises InputError, naming the line, where it
    is in no known encoding.
    """
    text = (
        content
        if content.isascii() and b"\x00" not in content
        else next(
            (
                one
                for one in (
                    _transcoded(content, encoding, name) for encoding in encoding_of(content)
                )
                if one is not None
            ),
            None,
        )
    )
    if text is None:
        raise refuse(name, None, "table_unreadable")
    nul = text.find(b"\x00")
    if nul >= 0:
        if nul < _SAMPLE:
            raise refuse(name, None, "table_unreadable")
        raise refuse(name, None, "table_nul", line=_line(text, nul))
    return text


def _line(text: bytes | bytearray, place: int) -> str:
    end = b"\n" if b"\n" in text else b"\r"
    return f"{text.count(end, 0, place) + 1:,}"


def _transcoded(content: bytes, encoding: str, name: str) -> bytes | None:
    """Return the text in UTF-8, None where it is not in this encoding: a megabyte at a time, since
    text can take four times its bytes.
    """
    marked = content.startswith(codecs.BOM_UTF8)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    out, beyond = bytearray(), 0
    start = len(codecs.BOM_UTF8) if marked and encoding == "utf-8" else 0
    for at in range(start, len(content), MB):
        piece = content[at : at + MB]
        try:
            text = decoder.decode(piece, final=at + MB >= len(content))
        except UnicodeDecodeError as error:
            beyond += (
                sum(
                    not one.isascii()
                    for one in error.object[: error.start].decode(encoding, "ignore")
                )
                if encoding == "utf-8"
                else 0
            )
            if encoding == "utf-8" and (marked or beyond >= _SURELY_UTF8):
                place = at + len(piece) - len(error.object) + error.start
                raise refuse(name, None, "table_mixed", line=_line(content, place)) from None
            return None
        if encoding == "utf-8":
            beyond += len(text.encode()) - len(text)
        else:
            out += text.encode()
    return content[start:] if encoding == "utf-8" else bytes(out)


def _headings(text: bytes, name: str) -> tuple[str, int, list[str]]:
    """Return the separator, how many blank rows stand above the headings, and the headings; raises
    InputError where there are none.
    """
    sample = text[:_SAMPLE].decode("utf-8", errors="ignore")
    cut = len(text) > _SAMPLE
    told = _SEPARATOR_TOLD.match(sample)
    found = max(
        (_fit(sample, separator, cut) for separator in (told[1] if told else _SEPARATORS)),
        key=lambda one: one[0],
    )
    _, separator, above, headings, whole, first_row = found
    if not headings:
        raise refuse(
            name, None, "table_no_headings" if text.strip(b" \t\r\n,;|\"'") else "table_empty"
        )
    if not whole:  # the row of headings does not end within the sample
        first = text.lstrip()
        end = re.search(rb"[\r\n]", first)
        columns = first.count(separator.encode(), 0, end.start() if end else len(first)) + 1
        check_area(name, 1, columns)
        raise refuse(
            name,
            None,
            "table_long_heading",
            column=letters(len(headings) - 1),
            most=f"{LONGEST_HEADING:,}",
        )
    if first_row > len(headings) + _FAR_TOO_LONG:
        raise _ragged(name, above + 2, f"{first_row:,}{'+' if cut else ''}", len(headings))
    if len(headings) <= MOST_COLUMNS:
        for place, heading in enumerate(headings):
            if len(heading) > LONGEST_HEADING:
                raise refuse(
                    name,
                    None,
                    "table_long_heading",
                    column=letters(place),
                    most=f"{LONGEST_HEADING:,}",
                )
    return separator, above, headings


def _fit(
    sample: str, separator: str, cut: bool
) -> tuple[tuple[float, int], str, int, list[str], bool, int]:
    """Return how well a separator fits (the share of rows as long as the headings, their number),
    blank rows above, headings, whether they are whole, cells below them.
    """
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=separator, skipinitialspace=True)
    records = list(islice(rows, _SAMPLE_RECORDS))
    ended = not cut or next(rows, None) is not None
    filled = [place for place, record in enumerate(records) if any(cell.strip() for cell in record)]
    if not filled:
        return (-1.0, 0), separator, 0, [], True, 0
    at = heading_row([records[place] for place in filled[:_HEADINGS_WITHIN]])
    top = filled[at]
    below = filled[at:] if ended or len(filled) - at == 1 else filled[at:-1]
    head = records[top]
    longest = max(len(records[place]) for place in below)
    if longest > len(head) and not any(
        cell.strip() for place in below for cell in records[place][len(head) :]
    ):
        head = head + [""] * (longest - len(head))  # rows that end in separators
    whole = ended or top < len(records) - 1
    same = [len(records[place]) == len(head) for place in below]
    return (
        (sum(same) / len(same) if len(head) > 1 else 0.0, len(head)),
        separator,
        top,
        head,
        whole,
        len(records[top + 1]) if top + 1 < len(records) else 0,
    )


def _tidy(part: pd.DataFrame, above: int, name: str) -> pd.DataFrame:
    """Return some rows without the space around their cells and without blank rows, labelled by
    their number in the file − 2.
    """
    if not isinstance(part.index, pd.RangeIndex):  # the first row is longer than the heading
        raise _ragged(
            name, above + 2, f"{len(part.columns) + part.index.nlevels:,}", len(part.columns)
        )
    part.index += above
    part = part.fillna("").apply(lambda column: column.str.strip())
    blank = np.ones(len(part), dtype=bool)
    for column in part.columns:
        lengths = part[column].str.len().to_numpy()
        if len(lengths) and lengths.max() > LONGEST_CELL:
            raise long_cell(
                name, f"{letters(int(column))}{int(part.index[int(lengths.argmax())]) + 2}"
            )
        blank &= lengths == 0
    return part[~blank] if blank.any() else part


def _ragged(name: str, line: int, cells: str, columns: int) -> InputError:
    return refuse(name, None, "table_ragged", line=f"{line:,}", cells=cells, columns=f"{columns:,}")


def _damage(message: str, above: int, name: str, width: int) -> InputError | None:
    """Return the refusal that stands for what the parsing library says; None where it only says
    that there are no rows.
    """
    if found := _TOO_LONG.search(message):
        return _ragged(name, int(found[2]), f"{int(found[3]):,}", width)
    if found := _OPEN_QUOTE.search(message):
        return refuse(name, None, "table_open_quote", line=f"{int(found[1]) + 1:,}")
    return None if "No columns" in message else refuse(name, None, "table_damaged_text")
