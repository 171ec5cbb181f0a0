"""Charts and tables as files: PNG and SVG by the product's own fonts, CSV that no spreadsheet takes
for formulas.
"""

import csv
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import vl_convert

from funnel_sim.output.design import PALETTES
from funnel_sim.output.words import formats

LATIN, EASTERN = "Funnel Sans", "Funnel Sans SC"
"""The families of the fonts that the product brings along (data/fonts): Latin alone with narrow
marks, and Chinese with everything.
"""
FontWeight = Literal["Regular", "Bold"]
WIDTH = 560
"""Width of a chart's plot, in pixels, where its specification names none."""
_VEGA_LITE = "6.4"
_FORMULA = "=+-@\t\r\n＝＋－＠"
_CLIP = re.compile(r"\bclip\d+\b")
_BLANK = " \u00a0\u200b\ufeff"


@cache
def font_file(family: str = EASTERN, weight: FontWeight = "Regular") -> Path:
    """Return where a font of the product lies."""
    return Path(
        str(
            resources.files("funnel_sim").joinpath(
                "data", "fonts", f"{family.replace(' ', '')}-{weight}.ttf"
            )
        )
    )


@cache
def _fonts_known() -> None:
    vl_convert.register_font_directory(str(font_file().parent))


def _whole(spec: Mapping[str, Any], data: pd.DataFrame) -> dict[str, Any]:
    """Return a specification with its data and the product's font in it."""
    _fonts_known()
    config = dict(spec.get("config", {})) | {"font": f"'{LATIN}', '{EASTERN}', sans-serif"}
    rows = json.loads(formats.joined(data.to_json(orient="records", force_ascii=False)))
    return {"width": WIDTH, "padding": 4, **spec, "config": config, "data": {"values": rows}}


def chart_svg(spec: Mapping[str, Any], data: pd.DataFrame) -> str:
    """Return a chart as SVG whose texts are texts; the same chart gives the same SVG, and names in
    it are its own.
    """
    svg = str(
        vl_convert.vegalite_to_svg(_whole(spec, data), vl_version=_VEGA_LITE, allowed_base_urls=[])
    )
    numbers = {name: place for place, name in enumerate(dict.fromkeys(_CLIP.findall(svg)), 1)}
    own = zlib.crc32(_CLIP.sub("", svg).encode("utf-8"))
    return _CLIP.sub(lambda found: f"clip-{own:08x}-{numbers[found[0]]}", svg)


def chart_png(spec: Mapping[str, Any], data: pd.DataFrame, scale: float = 2.0) -> bytes:
    """Return a chart as PNG on white paper, `scale` pixels for each of its own."""
    paper = _whole(spec, data)
    paper["config"] |= {"background": PALETTES["light"].paper}
    return bytes(
        vl_convert.vegalite_to_png(paper, vl_version=_VEGA_LITE, scale=scale, allowed_base_urls=[])
    )


def chart_csv(spec: Mapping[str, Any], data: pd.DataFrame) -> str:
    """Return the data of a chart as CSV text; what its hints name is called so."""
    named = dict(_hints(spec))
    kept = data.dropna(axis="columns", how="all")
    columns = [one for one in kept.columns if one not in _INNER and not str(one).startswith(_DRAWN)]
    rows = [
        ["" if pd.isna(cell) else cell for cell in row]
        for row in kept[columns].itertuples(index=False, name=None)
    ]
    heads = [named.get(str(one), str(one)) for one in columns]
    return table_csv(heads, [row for row in rows if any(cell != "" for cell in row)]).decode(
        "utf-8-sig"
    )


_INNER = ("kind", "side", "edge", "row", "all", "piece", "step", "depth", "label_at")
_DRAWN = ("tag", "drawn_")
"""Columns, and beginnings of their names, that only say where something is drawn."""


def _hints(part: Any) -> Iterator[tuple[str, str]]:
    """Yield the fields that a specification's hints show, each with its title."""
    if isinstance(part, list):
        for one in part:
            yield from _hints(one)
    elif isinstance(part, Mapping):
        for key, one in part.items():
            if key == "tooltip" and isinstance(one, list):
                yield from ((tip["field"], tip["title"]) for tip in one if tip.get("title"))
            else:
                yield from _hints(one)


def table_csv(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark, its formulas made harmless.

    >>> table_csv(["a"], [["=1+1"], [-3], ["-3.5 %"]]).decode("utf-8-sig").split()
    ['a', "'=1+1", '-3', '-3.5', '%']
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([_safe(cell) for cell in row] for row in (heads, *rows))
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: object) -> str:
    """Return a cell as text that is no formula: what begins like one and is no number gets an
    apostrophe.
    """
    text = "" if cell is None else formats.for_machines(str(cell))
    start = text.lstrip(_BLANK)
    return (
        f"'{text}"
        if (start[:1] and start[0] in _FORMULA and not _is_number(start))
        or text[:1] in ("\t", "\r", "\n")
        else text
    )


def _is_number(text: str) -> bool:
    """Say whether a text is a number as this product writes them: sign, currency, digits, percent.

    >>> [
    ...     _is_number(text)
    ...     for text in (
    ...         "-3,980.50",
    ...         "-€3.98",
    ...         "+12.5%",
    ...         "-2+3",
    ...         "-A1",
    ...         "-",
    ...         "-CN¥1,000",
    ...         "+1-800",
    ...         "=1",
    ...     )
    ... ]
    [True, True, True, False, False, False, True, False, False]
    """
    if text[:1] not in ("+", "-"):
        return False
    digits = text[1:].strip().removesuffix("%").strip().replace(",", "")
    kept = digits.lstrip("€$£¥₩₫₹")
    for mark in ("CN¥", "US$", "HK$", "MX$", "CA$", "AU$", "NZ$", "NT$", "R$", "A$"):
        kept = digits.removeprefix(mark) if digits.startswith(mark) else kept
    return (
        kept.replace(".", "", 1).isascii()
        and kept.replace(".", "", 1).isdigit()
        and kept[:1] != "."
    )
