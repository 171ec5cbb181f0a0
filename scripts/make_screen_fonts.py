"""Cut the fonts that Streamlit sends to every visitor down to what this product shows.

Icons: those that the product and Streamlit's own screen name, with ligatures of these alone (a text
such as "undo" becomes its picture); the axes of the font fixed where the screen has them. Letters:
those of European languages, figures, punctuation and signs; others come from the fonts of the
reader's system, as Chinese does anyway. funnel_sim/ui/server/compressed.py sends them in place of
the whole ones.

Usage: python scripts/make_screen_fonts.py, from the project's root, again whenever an icon is used
for the first time (tests/pages/test_compressed.py tells) or Streamlit's version changes.
"""

import re
import sys
from pathlib import Path

import streamlit
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

STATIC = Path(streamlit.__file__).parent / "static" / "static"
INTO = Path("funnel_sim/data/fonts")
NAMED = re.compile(r":material/([a-z0-9_]+)")
QUOTED = re.compile(r"""["']([a-z0-9_]+)["']""")
LETTERS = (
    (0x20, 0x7F),
    (0xA0, 0x180),
    (0x2010, 0x2028),
    (0x2030, 0x203B),
    (0x20A0, 0x20C1),
    (0x2190, 0x2194),
    (0x2212, 0x2213),
    (0x2248, 0x2249),
    (0x2260, 0x2266),
)


def ligatures(font: TTFont) -> set[str]:
    """Return the names of all icons that a font has.

    Args:
        font: with a ligature for each name.
    """
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items() if code < 0x80}
    found = set()
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = getattr(table, "ExtSubTable", table)
            for first, every in getattr(inner, "ligatures", {}).items():
                found |= {
                    "".join(letters.get(part, "?") for part in (first, *one.Component))
                    for one in every
                }
    return found


def whole_font() -> TTFont:
    """Return the icon font as Streamlit has it."""
    (path,) = (STATIC / "media").glob("MaterialSymbols-Rounded.*.woff2")
    return TTFont(path, recalcTimestamp=False)


def icons() -> set[str]:
    """Return the names of the icons that the product or Streamlit's screen may ask for: those named
    in full, and of ours every text between quotation marks that is the name of one.
    """
    found: set[str] = set()
    for root, endings in ((Path("funnel_sim"), (".py", ".toml", ".js")), (STATIC / "js", (".js",))):
        for path in root.rglob("*"):
            if path.suffix in endings:
                text = path.read_text("utf-8")
                found |= set(NAMED.findall(text))
                if root == Path("funnel_sim") and "ui" in path.parts:
                    found |= set(QUOTED.findall(text))
    return found & ligatures(whole_font())


def cut_icons(named: set[str]) -> TTFont:
    """Return the icon font with the named icons alone.

    Args:
        named: names of icons.
    """
    font = whole_font()
    if "fvar" in font:
        usual = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        font = instancer.instantiateVariableFont(font, usual)
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items() if code < 0x80}
    kept = set()
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = getattr(table, "ExtSubTable", table)
            if not hasattr(inner, "ligatures"):
                continue
            for first, ligatures in list(inner.ligatures.items()):
                stay = []
                for one in ligatures:
                    name = "".join(letters.get(part, "?") for part in (first, *one.Component))
                    if name in named:
                        stay.append(one)
                        kept.add(one.LigGlyph)
                inner.ligatures[first] = stay
                if not stay:
                    del inner.ligatures[first]
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["*"]
    cutter = subset.Subsetter(options)
    cutter.populate(
        glyphs=sorted(kept), text="".join(sorted(set("".join(named)) | set(" _0123456789")))
    )
    cutter.subset(font)
    font.flavor = "woff2"
    return font


def cut_letters() -> TTFont:
    """Return the text font with the letters and signs of LETTERS, all weights."""
    (path,) = (STATIC / "media").glob("SourceSansVF-Upright.*.woff2")
    font = TTFont(path, recalcTimestamp=False)
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "lnum"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, end in LETTERS for code in range(first, end)])
    cutter.subset(font)
    font.flavor = "woff2"
    return font


def main() -> None:
    """Write both fonts."""
    for font, name in ((cut_icons(icons()), "ScreenIcons"), (cut_letters(), "ScreenText")):
        path = INTO / f"{name}.woff2"
        font.save(path)
        sys.stdout.write(f"{path}: {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
