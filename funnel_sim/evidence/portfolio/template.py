"""The spreadsheet of a portfolio to fill in: XLSX or CSV, headings in either language, two example
rows.
"""

import csv
import io

import xlsxwriter  # type: ignore[import-untyped]

from funnel_sim.evidence.portfolio.columns import (
    OF_CHANNEL,
    heading,
    path_in,
    template_bases,
    template_fields,
)
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.portfolio import TAGS
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from funnel_sim.words import Lang, say

_WIDTH = 18
_HEADS = ("name", "base", *TAGS)


def template_rows(lang: Lang) -> list[list[str | float]]:
    """Return the template's headings and its example rows: presets with their own figures.

    Args:
        lang: the language of the headings.
    """
    out: list[list[str | float]] = [[heading(key, lang) for key in (*_HEADS, *template_fields())]]
    for number, name in enumerate(template_bases(), 1):
        base = preset(name)
        cells: list[str | float] = [say(lang, "portfolio.example", number=number), name]
        cells += [say(lang, "portfolio.example_product", number=number), base.market, base.platform]
        cells += ["", ""]
        for field in template_fields():
            path = path_in(base, field, field)
            value = base.get(path) if isinstance(path, str) else None
            cells.append("" if value is None else float(f"{float(point_value(value)):.6g}"))
        out.append(cells)
    return out


def csv_template(lang: Lang) -> str:
    """Return the template as CSV; rates as fractions.

    Args:
        lang: the language of the headings.

    Examples:
        >>> csv_template("en").splitlines()[0][:37]
        'Name,Base,Product,Market,Platform,Cat'
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(template_rows(lang))
    return out.getvalue()


def xlsx_template(lang: Lang) -> bytes:
    """Return the template as an XLSX workbook; a second sheet tells what each column is and which
    presets there are.

    Args:
        lang: the language of headings and explanations.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    head = book.add_format({"bold": True, "bottom": 1})
    percent = book.add_format({"num_format": "0.0%"})
    sheet = book.add_worksheet(say(lang, "portfolio.sheet"))
    for line, row in enumerate(template_rows(lang)):
        for column, cell in enumerate(row):
            if isinstance(cell, float):
                sheet.write_number(line, column, cell, percent if _is_rate(column) else None)
            elif cell:
                sheet.write_string(line, column, cell, None if line else head)
    for column in range(len(_HEADS), len(_HEADS) + len(template_fields())):
        sheet.set_column(column, column, _WIDTH, percent if _is_rate(column) else None)
    sheet.set_column(0, len(_HEADS) - 1, _WIDTH)
    sheet.freeze_panes(1, 2)
    told = book.add_worksheet(say(lang, "portfolio.told_sheet"))
    told.set_column(0, 0, 2 * _WIDTH)
    told.set_column(1, 1, 5 * _WIDTH)
    lines = [(heading(key, lang), say(lang, f"portfolio.column_{key}")) for key in _HEADS]
    for field in template_fields():
        name = field.replace(OF_CHANNEL, "channels.ID.")
        lines.append((heading(field, lang), say(lang, "portfolio.column_field", path=name)))
    lines += [("", ""), (say(lang, "portfolio.presets"), "")]
    lines += [
        (card.id, f"{card.platform} · {card.market} · {card.product.of(lang)}")
        for card in preset_cards()
    ]
    for line, (name, text) in enumerate(lines):
        told.write_string(line, 0, name)
        told.write_string(line, 1, text)
    book.close()
    return out.getvalue()


def _is_rate(column: int) -> bool:
    place = column - len(_HEADS)
    if place < 0:
        return False
    spec = spec_of(template_fields()[place].replace(OF_CHANNEL, "channels.any."))
    return spec is not None and spec.unit is Unit.RATE
