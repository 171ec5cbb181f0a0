"""A table from a file, as text: CSV of any common encoding and separator, or the first sheet of an XLSX workbook."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from funnel_sim.errors import refuse

LARGEST = 200 * 1024 * 1024
_ENCODINGS = ("utf-8-sig", "gb18030", "cp1252")
_SEPARATORS = ",;\t|"
_SAMPLE = 64 * 1024
_ROWS_AT_ONCE = 100_000


@dataclass(frozen=True)
class Table:
    """A file's columns in order and its cells as text, an empty cell being "" and the first row of data number 2, as a spreadsheet counts."""

    name: str
    columns: tuple[str, ...]
    cells: pd.DataFrame


def read_table(content: bytes, name: str, progress: Callable[[float], None] | None = None) -> Table:
    r"""Return the table that a file's bytes hold; raises InputError, naming the file, where they hold none.

    `progress` is told the share of a text file that has been read; a workbook can only be read whole.

    >>> read_table("a;b\n1;2,5\n".encode(), "x.csv").cells.iloc[0].tolist()
    ['1', '2,5']
    """
    if len(content) > LARGEST:
        raise refuse(name, f"{len(content) / 1024 / 1024:.1f} MB", "file_large", limit=LARGEST // 1024 // 1024)
    frame = _workbook(content, name) if content[:4] == b"PK\x03\x04" else _text(content, name, progress)
    frame = frame.loc[:, [str(c).strip() != "" for c in frame.columns]]
    frame.columns = [str(column).strip() for column in frame.columns]
    blank = (
        np.logical_and.reduce([(frame[column] == "").to_numpy() for column in frame.columns]) if len(frame.columns) else np.zeros(len(frame), bool)
    )
    frame = frame[~blank]
    if not len(frame.columns) or frame.empty:
        raise refuse(name, None, "table_empty")
    return Table(name, tuple(frame.columns), frame)


def _workbook(content: bytes, name: str) -> pd.DataFrame:
    try:
        frame = pd.read_excel(io.BytesIO(content), sheet_name=0, dtype=object, engine="openpyxl")
    except (ValueError, KeyError, OSError, zipfile.BadZipFile):
        raise refuse(name, None, "table_unreadable") from None
    return frame.map(_cell)


def _cell(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    iso = getattr(value, "isoformat", None)
    return str(iso()) if iso else str(value).strip()


def _text(content: bytes, name: str, progress: Callable[[float], None] | None) -> pd.DataFrame:
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    encoding = "utf-16" if marked else next((e for e in _ENCODINGS if _decodes(content, e)), "")
    if not encoding or (b"\x00" in content[:_SAMPLE] and encoding != "utf-16"):
        raise refuse(name, None, "table_unreadable")
    head = content[:_SAMPLE].decode(encoding, errors="ignore")
    lines = head.splitlines()
    if not lines:
        raise refuse(name, None, "table_empty")
    try:
        separator = csv.Sniffer().sniff("\n".join(lines[:50]), delimiters=_SEPARATORS).delimiter
    except csv.Error:
        separator = max(_SEPARATORS, key=lines[0].count)
    source, parts = io.BytesIO(content), []
    try:
        reader = pd.read_csv(
            source,
            sep=separator,
            encoding=encoding,
            dtype=str,
            keep_default_na=False,
            skipinitialspace=True,
            on_bad_lines="error",
            chunksize=_ROWS_AT_ONCE,
        )
        for part in reader:
            parts.append(part.fillna("").apply(lambda column: column.str.strip()))
            if progress is not None:
                progress(min(1.0, source.tell() / len(content)))
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeError) as error:
        raise refuse(name, None, "table_ragged", reason=str(error).splitlines()[0][:120]) from None
    if not parts:
        raise refuse(name, None, "table_empty")
    if not isinstance(parts[0].index, pd.RangeIndex):  # the first row is longer than the heading
        raise refuse(name, None, "table_ragged", reason=f"{len(parts[0].columns)} + {parts[0].index.nlevels}")
    whole: pd.DataFrame = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    return whole


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
