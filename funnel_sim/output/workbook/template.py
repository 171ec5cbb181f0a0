"""A store's months as a workbook, empty to be filled in or with those that there are: one row a
month, headings that are read back.
"""

import io

import xlsxwriter  # type: ignore[import-untyped]

from funnel_sim.evidence.store.months import TEMPLATE, History, as_template
from funnel_sim.words import Lang, say

_WIDTH = 16


def months_template(lang: Lang) -> bytes:
    """Return an XLSX workbook with the headings of every figure, three example months, and on a
    second sheet what each figure is.

    Only the months and the figures of an answer need to be filled in; what is read back is the
    first sheet.
    """
    return _workbook(TEMPLATE, lang)


def months_workbook(found: History, lang: Lang) -> bytes:
    """Return the same workbook with a store's own months; an unknown figure is an empty cell.

    Args:
        found: the months.
        lang: the language of the second sheet.
    """
    return _workbook(as_template(found), lang)


def _workbook(text: str, lang: Lang) -> bytes:
    rows = [line.split(",") for line in text.splitlines()]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(say(lang, "template.months"))
    head = book.add_format({"bold": True, "bottom": 1})
    for column, heading in enumerate(rows[0]):
        sheet.write_string(0, column, heading, head)
    for line, row in enumerate(rows[1:], 1):
        sheet.write_string(line, 0, row[0])
        for column, cell in enumerate(row[1:], 1):
            if cell:
                sheet.write_number(line, column, float(cell))
    sheet.set_column(0, len(rows[0]) - 1, _WIDTH)
    sheet.freeze_panes(1, 1)
    told = book.add_worksheet(say(lang, "template.figures"))
    told.set_column(0, 0, _WIDTH)
    told.set_column(1, 1, 3 * _WIDTH)
    for line, heading in enumerate(rows[0]):
        told.write_string(line, 0, heading)
        key = "template.month" if heading == "month" else f"history.figure_{heading}"
        told.write_string(line, 1, say(lang, key))
    book.close()
    return out.getvalue()
