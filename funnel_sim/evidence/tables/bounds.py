"""How large a table may be: bounds that are checked before or while a file is read, so that a small
hostile file cannot take the machine.

They are generous for real exports: a million rows of 60 columns, or 200 MB of text, are read.
"""

from funnel_sim.errors import InputError, refuse

MB = 1024 * 1024
LARGEST = 200 * MB
"""Bytes of a file; what the screen lets through (.streamlit/config.toml)."""
MOST_UNPACKED = 2048 * MB
"""Bytes of a workbook's first sheet, or of its texts, once unpacked: a million rows of 60 columns.
"""
MOST_PACKED = 100
"""Times that a workbook's part may unpack: sheets that hold one value in every cell reach 17, a zip
bomb 1,000.
"""
PACKED_FROM = 10 * MB
"""Bytes from which `MOST_PACKED` counts; a part below is harmless however it is packed."""
LARGEST_SMALL_PART = 10 * MB
"""Bytes of a workbook's lists of sheets and of cell formats, once unpacked; they take some KB."""
MOST_PARTS = 10_000
"""Parts of a workbook; one has three and some a sheet or picture."""
MOST_FORMATS = 65_490
"""Cell formats of a workbook, as many as Excel allows."""
MOST_RECORDS = 2_000_000
"""Records of an .xls workbook besides its cells that hold numbers or shared texts: 65,536 rows have
as many, and 30 formulas or own texts each.
"""
MOST_SHARED = 2_000_000
"""Texts that the cells of an .xls workbook share: 30 different ones in each of 65,536 rows."""
MOST_ROWS = 10_000_000
"""Rows: 200 MB of the shortest real rows (20 letters)."""
MOST_COLUMNS = 2_000
"""Columns with anything in them; the widest real reports have a column a day for some years."""
MOST_CELLS = 100_000_000
"""Rows × columns."""
SPARE_CELLS = 5_000_000
"""Empty cells that a table may hold without having written them: rows shorter than the headings,
holes in a sheet.
"""
MOST_HOLES = 50
"""Cells of a sheet's used rows × used columns for each filled one, beyond `SPARE_CELLS`."""
LONGEST_CELL = 100_000
"""Characters; a spreadsheet holds 32,767 in a cell."""
LONGEST_HEADING = 1_000
"""Characters of a heading."""


def check_area(name: str, rows: int, columns: int) -> None:
    """Refuse a table that is too large to be read in time.

    Args:
        name: what the file, or the column in it, is called where it is refused.
        rows: how many.
        columns: how many.

    Raises:
        InputError: where a table has too many rows, columns or cells.
    """
    for count, most, rule in (
        (columns, MOST_COLUMNS, "table_columns"),
        (rows, MOST_ROWS, "table_rows"),
        (rows * columns, MOST_CELLS, "table_cells"),
    ):
        if count > most:
            raise refuse(name, None, rule, count=f"{count:,}", most=f"{most:,}")


def check_cell(name: str, cell: str, length: int) -> None:
    """Refuse a cell that holds too many characters.

    Args:
        name: what the file, or the column in it, is called where it is refused.
        cell: its place, as a reader of the file finds it.
        length: its characters.

    Raises:
        InputError: where they are too many.
    """
    if length > LONGEST_CELL:
        raise long_cell(name, cell)


def long_cell(name: str, cell: str) -> InputError:
    """Return the refusal of a cell that is too long.

    Args:
        name: what the file, or the column in it, is called where it is refused.
        cell: its place, as a reader of the file finds it.
    """
    return refuse(f"{name}: {cell}", None, "table_long_cell", most=f"{LONGEST_CELL:,}")


def letters(column: int) -> str:
    """Return the letters of a column counted from 0, as a spreadsheet names it.

    >>> letters(0), letters(25), letters(26), letters(16_383)
    ('A', 'Z', 'AA', 'XFD')
    """
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(ord("A") + rest) + out
    return out
