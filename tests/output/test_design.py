"""One set of tokens for app, charts, documents and slides, and colours that everybody tells
apart.
"""

import itertools
import re
import tomllib
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from funnel_sim.output.design import PALETTES, SIZES, UNIT, contrast, rgb, style_sheet

HOUSE = Path(__file__).parents[2]
LOOK = tomllib.loads((HOUSE / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]

# Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision
# Deficiency, IEEE TVCG 15(6), 2009, table 1, severity 1.0; they hold for linear RGB.
SEEN_BY = {
    "everybody": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
TO_XYZ = np.array(  # sRGB, D65 (IEC 61966-2-1)
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
MEANT = ("gain", "loss", "total", "assumption")


def lab(code: str, seen: np.ndarray) -> np.ndarray:
    """Return a colour as somebody sees it, in CIELAB (CIE 15:2004)."""
    parts = np.array(rgb(code))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    white = np.array([0.95047, 1.0, 1.08883])
    ratio = TO_XYZ @ np.clip(seen @ linear, 0.0, 1.0) / white
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart_2000(one: np.ndarray, other: np.ndarray) -> float:
    """Return ΔE by CIEDE2000 (CIE 142:2001; Sharma, Wu, Dalal, Color Research & Application 30(1),
    2005, equations 2 to 22).
    """
    chroma = [np.hypot(c[1], c[2]) for c in (one, other)]
    mean = sum(chroma) / 2
    grow = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25.0**7))
    c1, c2 = (np.hypot(grow * c[1], c[2]) for c in (one, other))
    h1, h2 = (np.degrees(np.arctan2(c[2], grow * c[1])) % 360 for c in (one, other))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    light, colour = other[0] - one[0], c2 - c1
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    l_mean, c_mean, h_mean = (one[0] + other[0]) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    if not c1 * c2:
        h_mean = h1 + h2
    t = (
        1
        - 0.17 * np.cos(np.radians(h_mean - 30))
        + 0.24 * np.cos(np.radians(2 * h_mean))
        + 0.32 * np.cos(np.radians(3 * h_mean + 6))
        - 0.20 * np.cos(np.radians(4 * h_mean - 63))
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / np.sqrt(20 + (l_mean - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    swing = np.radians(60 * np.exp(-(((h_mean - 275) / 25) ** 2)))
    both = -2 * np.sqrt(c_mean**7 / (c_mean**7 + 25.0**7)) * np.sin(swing)
    parts = light / s_l, colour / s_c, hue / s_h
    return float(np.sqrt(sum(part**2 for part in parts) + both * parts[1] * parts[2]))


@pytest.mark.parametrize(
    ("one", "other", "told"),  # pairs 1, 4, 7, 17, 21, 24 and 34 of table 1 of Sharma et al.
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (50.0, 3.1736, 0.5854), 1.0000),
        ((50.0, 2.5, 0.0), (50.0, 1.8634, 0.5757), 1.0000),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_newer_distance_of_colours_gives_the_published_numbers(one, other, told):
    assert apart_2000(np.array(one), np.array(other)) == pytest.approx(told, abs=5e-5)
    assert apart_2000(np.array(other), np.array(one)) == pytest.approx(told, abs=5e-5)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("who", SEEN_BY)
def test_colours_of_charts_are_apart_by_the_newer_distance_too(theme, who):
    """ΔE (CIEDE2000) of at least 30 between above zero, below zero and a sum."""
    palette = asdict(PALETTES[theme])
    for one, other in itertools.combinations(("gain", "loss", "total"), 2):
        apart = apart_2000(*(lab(palette[name], SEEN_BY[who]) for name in (one, other)))
        assert apart >= 30, (theme, who, one, other, apart)


def test_amber_is_never_told_by_its_colour_alone():
    """It does not lie 30 from red and green by the newer distance, so no chart uses it: it stands
    behind words, and with a sign of its own where it is in the margin of a document.
    """
    for path in sorted((HOUSE / "funnel_sim" / "output" / "charts").rglob("*.py")):
        assert "palette.assumption" not in path.read_text("utf-8"), path.name


def test_the_simulation_of_colours_knows_white_and_the_classic_trap():
    """White is L* 100 for everybody; pure red and a green of the same lightness, far apart for
    most, come together for who sees no green.
    """
    for seen in SEEN_BY.values():
        assert lab("#ffffff", seen) == pytest.approx([100.0, 0.0, 0.0], abs=0.2)
    red, green = "#d05050", "#7f8f30"
    apart = {who: np.linalg.norm(lab(red, m) - lab(green, m)) for who, m in SEEN_BY.items()}
    assert apart["everybody"] > 60
    assert apart["deutan"] < 30


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("who", SEEN_BY)
def test_colours_that_mean_something_are_told_apart_by_everybody(theme, who):
    """ΔE (CIE76) of at least 30 between each pair, and 3 : 1 against the paper (WCAG 1.4.11)."""
    palette = asdict(PALETTES[theme])
    for one, other in itertools.combinations(MEANT, 2):
        apart = np.linalg.norm(lab(palette[one], SEEN_BY[who]) - lab(palette[other], SEEN_BY[who]))
        assert apart >= 30, (theme, who, one, other, apart)
    for one in MEANT:
        assert contrast(rgb(palette[one]), rgb(palette["paper"])) >= 3, one


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_letters_can_be_read(theme):
    """4.5 : 1 (WCAG AA) of every colour that letters have, on paper and on raised ground."""
    palette = asdict(PALETTES[theme])
    for one in ("ink", "soft", "link", "accent", "assumed_ink"):
        for ground in ("paper", "raised"):
            assert contrast(rgb(palette[one]), rgb(palette[ground])) >= 4.5, (one, ground)
    assert contrast(rgb(palette["loss"]), rgb(palette["paper"])) >= 4.5
    assert contrast(rgb(palette["on_accent"]), rgb(palette["accent"])) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_of_the_screen_is_the_tokens(theme):
    palette, there = PALETTES[theme], LOOK[theme]
    assert there == {
        "primaryColor": palette.accent,
        "backgroundColor": palette.paper,
        "secondaryBackgroundColor": palette.raised,
        "textColor": palette.ink,
        "borderColor": palette.line,
        "linkColor": palette.link,
        "redColor": palette.loss,
        "greenColor": palette.accent,
        "orangeColor": palette.assumption,
        "orangeTextColor": palette.assumed_ink,
    }
    scale = {f"{size}px" for size in asdict(SIZES).values()}
    assert set(LOOK["headingFontSizes"]) <= scale
    assert LOOK["baseFontSize"] == SIZES.lead and LOOK["baseRadius"] == f"{UNIT}px"


def test_the_scale_is_the_one_agreed():
    assert tuple(asdict(SIZES).values()) == (12, 14, 16, 20, 28) and UNIT == 8


def test_style_sheets_take_sizes_and_colours_from_the_tokens():
    """A size or a colour in a style sheet is a token; the slide show alone scales with the
    window.
    """
    known = set(re.findall(r"(--fs-[\w-]+):", style_sheet("light")))
    for path in sorted((HOUSE / "funnel_sim" / "ui" / "static").glob("*.css")):
        text = path.read_text("utf-8")
        assert set(re.findall(r"var\((--fs-[\w-]+)\)", text)) <= known, path.name
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?!\w)", text), path.name
        if path.name != "present.css":
            sizes = re.findall(r"font-size:\s*([^;}]+)", text)
            assert all(one.strip().startswith("var(--fs-size-") for one in sizes), path.name


def test_documents_and_charts_name_no_colour_of_their_own():
    for room in ("charts", "documents"):
        for path in sorted((HOUSE / "funnel_sim" / "output" / room).rglob("*.py")):
            found = re.findall(r"[\"' ]#[0-9a-fA-F]{6}\b", path.read_text("utf-8"))
            assert not found, (path.name, found)
