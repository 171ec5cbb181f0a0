"""A report as one HTML file that needs nothing beside it: charts as SVG, styles inside, the font
cut down to the characters used; prints to A4.
"""

import base64
import html
import io
import re
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache

from fontTools import subset

from funnel_sim.output.charts.pictures import EASTERN, LATIN, FontWeight, chart_svg, font_file
from funnel_sim.output.design import PALETTES, SIZES, points, style_sheet
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
from funnel_sim.words import Lang, say

_STYLE = """
:root { color-scheme: light; TOKENS --head: var(--fs-total); --good: var(--fs-accent); --bad: var(--fs-loss); --soft: var(--fs-soft); --ink: var(--fs-ink); --line: var(--fs-line); --pale: var(--fs-raised); }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--fs-paper); color: var(--ink); font: var(--fs-size-body)/1.55 FAMILY, sans-serif; overflow-wrap: break-word; }
main { max-width: 860px; margin: 0 auto; padding: 28px 22px 40px; }
h1 { font-size: var(--fs-size-title); line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: var(--fs-size-head); line-height: 1.3; margin: 36px 0 10px; padding-top: 10px; border-top: 2px solid var(--head); color: var(--head); }
h3 { font-size: var(--fs-size-lead); margin: 22px 0 6px; }
p, ul { margin: 8px 0; }
ul { padding-left: 20px; }
li { margin: 3px 0; }
.lead, .small { color: var(--soft); }
.small { font-size: var(--fs-size-small); }
.note { margin: 12px 0; padding: 10px 14px; border-left: 5px solid var(--head); background: var(--pale); }
.note b { display: block; font-size: var(--fs-size-head); }
.note.good { border-color: var(--good); } .note.good b { color: var(--good); }
.note.bad { border-color: var(--bad); } .note.bad b { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(var(--count), 1fr); gap: 10px; margin: 14px 0; padding: 0; }
.figures div { border: 1px solid var(--line); border-radius: 6px; padding: 8px 10px; }
.figures dt, .figures .beside { font-size: var(--fs-size-small); color: var(--soft); }
.figures dd { margin: 0; font-size: var(--fs-size-head); font-weight: 700; line-height: 1.3; }
.figures .beside { font-size: var(--fs-size-small); font-weight: 400; }
figure { margin: 16px 0; }
figure svg { display: block; width: 100%; max-width: 720px; height: auto; }
figcaption { font-weight: 700; margin-bottom: 6px; }
.wide { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; width: 100%; font-size: var(--fs-size-small); line-height: 1.4; table-layout: fixed; min-width: 560px; }
caption { text-align: left; font-weight: 700; font-size: var(--fs-size-body); padding: 4px 0; }
th, td { text-align: left; vertical-align: top; padding: 5px 6px; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { background: var(--line); font-weight: 700; overflow-wrap: normal; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
tr.total td { font-weight: 700; border-top: 1px solid var(--ink); }
tr.group td { font-weight: 700; background: var(--pale); }
tr.bad td { color: var(--bad); }
tr.assumed td { color: var(--fs-assumed-ink); }
footer { margin-top: 36px; padding-top: 8px; border-top: 1px solid var(--line); font-size: var(--fs-size-small); color: var(--soft); }
@media screen and (max-width: 720px) { .figures { grid-template-columns: repeat(2, 1fr); } }
@page { size: A4; margin: 16mm 15mm 18mm; @bottom-left { content: "FOOT"; font: SMALLpt FAMILY, sans-serif; color: SOFT; width: 88%; } @bottom-right { content: counter(page) " / " counter(pages); font: SMALLpt FAMILY, sans-serif; color: SOFT; } }
@media print {
  body { font-size: BODYpt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  h1 { font-size: TITLE0pt; } h2, .note b, .figures dd { font-size: TITLE1pt; } h2 { margin-top: 18pt; } h3 { font-size: LEADpt; }
  h1, h2, h3, caption, figcaption { break-after: avoid; }
  .note, .figures, figure, tr, li { break-inside: avoid; } tr.group { break-after: avoid; }
  .new { break-before: page; } .new + h2 { margin-top: 0; }
  .wide { overflow: visible; }
  table { font-size: SMALLpt; min-width: 0; } .short { break-inside: avoid; } thead { display: table-header-group; }
  .small, .figures dt, .figures .beside { font-size: SMALLpt; } .figures { gap: 6pt; }
  figure svg { max-width: 165mm; max-height: 205mm; }
  footer { display: none; }
}
"""


_SIZES = {"small": "SMALL", "body": "BODY", "lead": "LEAD", "head": "TITLE1", "title": "TITLE0"}
_SHORT = 8
"""A table of at most so many rows stays on one page in print."""


def report_html(blocks: Sequence[Block], lang: Lang) -> str:
    """Return a report as one HTML file: nothing is asked of a network, and no script is needed."""
    frame = next(block for block in blocks if isinstance(block, Frame))
    body = "\n".join(_html(block) for block in blocks)
    page = f"<main>\n{body}\n<footer>{html.escape(frame.footer)}</footer>\n</main>"
    families = {"zh": f"'{EASTERN}'", "en": f"'{LATIN}', '{EASTERN}'"}[lang]
    style = _STYLE.replace("FAMILY", families).replace("TOKENS", style_sheet("light"))
    for name, pixels in asdict(SIZES).items():
        style = style.replace(f"{_SIZES[name]}pt", f"{points(pixels):g}pt")
    style = style.replace("SOFT", PALETTES["light"].soft).replace("FOOT", _in_css(frame.footer))
    code = {"zh": "zh-CN", "en": "en"}[lang]
    letters = frozenset(html.unescape(page) + say(lang, "report.page", page="0123456789", pages=""))
    faces = "".join(
        _face(family, weight, letters)
        for family in (LATIN, EASTERN)
        for weight in ("Regular", "Bold")
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{code}">\n<head>\n<meta charset="utf-8">\n<meta'
        ' name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(frame.title)}</title>\n<style>{faces}{style}</style>\n</head>\n<body>\n{page}\n</body>\n</html>\n"
    )


def _in_css(text: str) -> str:
    """Return text that may stand in a string of a style sheet."""
    return "".join(f"\\{ord(one):x} " if one in '"\\<>\n\r' else one for one in text)


@lru_cache(maxsize=16)
def _face(family: str, weight: FontWeight, letters: frozenset[str]) -> str:
    """Return the font, cut down to some letters, as a rule of a style sheet."""
    options = subset.Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        recalc_timestamp=False,
        flavor="woff2",
    )
    font = subset.load_font(str(font_file(family, weight)), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(one) for one in letters])
    cutter.subset(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    number = 700 if weight == "Bold" else 400
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return (
        f"@font-face {{ font-family: '{family}'; font-weight: {number}; src:"
        f" url(data:font/woff2;base64,{data}) format('woff2'); }}\n"
    )


def _html(block: Block) -> str:
    said = html.escape
    match block:
        case Frame():
            return f'<h1>{said(block.title)}</h1>\n<p class="lead">{said(block.subtitle)}</p>'
        case Heading():
            return f"<h{block.level + 1}>{said(block.text)}</h{block.level + 1}>"
        case Paragraph():
            title = f"<b>{said(block.title)}</b> " if block.title else ""
            return f"<p{' class=small' if block.small else ''}>{title}{said(block.text)}</p>"
        case Points():
            return "<ul>" + "".join(f"<li>{said(item)}</li>" for item in block.items) + "</ul>"
        case Note():
            title = f"<b>{said(block.title)}</b>" if block.title else ""
            return f'<div class="note {block.tone}">{title}{said(block.text)}</div>'
        case KeyFigures():
            cards = "".join(
                f"<div><dt>{said(name)}</dt><dd>{said(value)}</dd><dd"
                f' class="beside">{said(beside)}</dd></div>'
                for name, value, beside in block.items
            )
            return f'<dl class="figures" style="--count:{len(block.items)}">{cards}</dl>'
        case Chart():
            return _figure(block)
        case PageBreak():
            return '<div class="new"></div>'
        case TableBlock():
            return _table(block)


def _figure(block: Chart) -> str:
    svg = re.sub(
        r'(<svg[^>]*?) width="[\d.]+" height="[\d.]+"',
        r"\1",
        chart_svg(block.spec, block.data),
        count=1,
    )
    label = html.escape(block.title or block.note)
    svg = svg.replace(
        "<svg", f'<svg role="img" aria-label="{label}"' if label else '<svg role="img"', 1
    )
    caption = f"<figcaption>{html.escape(block.title)}</figcaption>" if block.title else ""
    note = f'<p class="small">{html.escape(block.note)}</p>' if block.note else ""
    return f"<figure>{caption}{svg}{note}</figure>"


def _table(block: TableBlock) -> str:
    def cells(row: Sequence[str], tag: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        return "".join(
            f"<{tag}{scope}{' class=n' if place in block.numbers else ''}>{html.escape(text)}</{tag}>"
            for place, text in enumerate(row)
        )

    def line(place: int, row: Sequence[str]) -> str:
        kinds = [
            name
            for name, which in (
                ("total", block.totals),
                ("group", block.groups),
                ("bad", block.bad),
                ("assumed", block.assumed),
            )
            if place in which
        ]
        mark = f' class="{" ".join(kinds)}"' if kinds else ""
        if place in block.groups:
            return f"<tr{mark}><td colspan={len(row)}>{html.escape(row[0])}</td></tr>"
        return f"<tr{mark}>{cells(row, 'td')}</tr>"

    caption = f"<caption>{html.escape(block.title)}</caption>" if block.title else ""
    widths = "".join(f'<col style="width:{100 * share:.2f}%">' for share in block.widths)
    body = "".join(line(place, row) for place, row in enumerate(block.rows))
    return f'<div class="wide{" short" if len(block.rows) <= _SHORT else ""}"><table>{caption}<colgroup>{widths}</colgroup><thead><tr>{cells(block.head, "th")}</tr></thead><tbody>{body}</tbody></table></div>'
