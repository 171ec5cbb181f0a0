"""Make the fonts of reports from Noto Sans CJK, as TrueType outlines.

Funnel Sans SC: GB2312, the commonest traditional characters, Latin, punctuation and signs. Funnel
Sans: Latin alone, with marks as narrow as Latin has them.

Usage: python scripts/make_fonts.py DIRECTORY_OF_NOTO_CJK (where NotoSansCJK-Regular.ttc and
NotoSansCJK-Bold.ttc lie). Run from the project's root.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

INTO = Path("funnel_sim/data/fonts")
SIGNS = (
    (0x20, 0x7F),
    (0xA0, 0x180),
    (0x2010, 0x2028),
    (0x2030, 0x203F),
    (0x2070, 0x20C1),
    (0x2150, 0x218C),
    (0x2190, 0x219A),
    (0x2200, 0x2270),
    (0x2460, 0x2474),
    (0x25A0, 0x2600),
    (0x2713, 0x2718),
    (0x3000, 0x3100),
    (0xFF00, 0xFFF0),
)
ERROR_EM = 1.5
FIRST_EASTERN = 0x2190


def characters() -> set[int]:
    """Return every character that the fonts hold."""
    out = {code for first, end in SIGNS for code in range(first, end)}
    for encoding, rows in (("gb2312", range(0xA1, 0xF8)), ("big5", range(0xA4, 0xC7))):
        for high in rows:
            for low in range(0x40, 0xFF):
                try:
                    out |= {ord(one) for one in bytes([high, low]).decode(encoding)}
                except UnicodeDecodeError:
                    continue
    for ending in ("*.toml", "*.py", "*.csv"):
        for path in Path("funnel_sim").rglob(ending):
            out |= {ord(one) for one in path.read_text("utf-8")}
    return out


def as_truetype(font: TTFont) -> None:
    """Turn a font's cubic outlines into quadratic ones, which every program can embed."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, ERROR_EM, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, drawn
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\000\001\000\000"
    most = font["maxp"]
    most.tableVersion = 0x00010000
    for name in (
        "maxZones",
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
    ):
        setattr(most, name, 1 if name == "maxZones" else 0)
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 3.0, [], {}


def named(font: TTFont, family: str, weight: str) -> None:
    """Name a font as what it is, a part of another under a name of its own."""
    table = font["name"]
    copyright_line = table.getDebugName(0)
    table.names = []
    said = {
        0: copyright_line,
        1: family,
        2: weight,
        3: f"{family} {weight}",
        4: f"{family} {weight}",
        5: "Version 2.004; part of Noto Sans CJK",
        6: f"{family.replace(' ', '')}-{weight}",
        13: "SIL Open Font License, Version 1.1",
        14: "https://openfontlicense.org",
    }
    for number, text in said.items():
        table.setName(text, number, 3, 1, 0x409)
        table.setName(text, number, 1, 0, 0)


def cut(folder: str, region: str, family: str, weight: str, wanted: set[int]) -> None:
    """Write one font."""
    fonts = TTCollection(f"{folder}/NotoSansCJK-{weight}.ttc").fonts
    font = next(one for one in fonts if one["name"].getDebugName(1) == f"Noto Sans CJK {region}")
    options = subset.Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        drop_tables=["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG"],
    )
    options.name_IDs = ["*"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    as_truetype(font)
    named(font, family, weight)
    font.save(INTO / f"{family.replace(' ', '')}-{weight}.ttf")


def main(folder: str) -> None:
    """Write both fonts in both weights."""
    wanted = characters()
    INTO.mkdir(parents=True, exist_ok=True)
    for weight in ("Regular", "Bold"):
        cut(folder, "SC", "Funnel Sans SC", weight, wanted)
        cut(folder, "KR", "Funnel Sans", weight, {code for code in wanted if code < FIRST_EASTERN})


if __name__ == "__main__":
    main(sys.argv[1])
