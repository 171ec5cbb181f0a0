"""The list of presets: what each is called and where it sells.

`scenario.presets` builds a scenario of one; the list alone loads in a tenth of the time.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from funnel_sim.stored import read_data
from funnel_sim.words import Words


@dataclass(frozen=True)
class PresetCard:
    """What the list of presets shows: id, where it sells, and what."""

    id: str
    platform: str
    market: str
    product: Words


@cache
def preset_rows() -> dict[str, dict[str, Any]]:
    """Return what data/presets.toml says of each preset, by id."""
    text = read_data("presets.toml")
    return tomllib.loads(text)


@cache
def preset_cards() -> tuple[PresetCard, ...]:
    """Return every preset's card, in the order of the file.

    >>> len(preset_cards()) >= 20
    True
    """
    return tuple(
        PresetCard(
            key, row["platform"], row["market"], Words(row["product"]["zh"], row["product"]["en"])
        )
        for key, row in preset_rows().items()
    )


@cache
def _materials() -> dict[str, Words]:
    named = [Words(row["material"]["zh"], row["material"]["en"]) for row in preset_rows().values()]
    return {text: words for words in named for text in words}


def material_words(typed: str) -> Words:
    """Return what goods are made of in both languages where a preset names it; anything else stays
    as typed.

    >>> material_words("plastic (PP)").zh, material_words("bamboo").zh
    ('塑料（PP）', 'bamboo')
    """
    return _materials().get(typed, Words(typed, typed))
