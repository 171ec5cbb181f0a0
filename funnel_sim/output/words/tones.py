"""Which verdict is good, which bad: for documents, charts and screen alike."""

from collections.abc import Mapping
from typing import Literal

Tone = Literal["", "good", "middle", "bad"]

QUOTE_TONES: Mapping[str, Tone] = {"sign": "good", "renegotiate": "middle", "walk_away": "bad"}
KPI_TONES: Mapping[str, Tone] = {
    "safe": "good",
    "realistic": "good",
    "stretch": "middle",
    "unrealistic": "bad",
}
GRADE_TONES: Mapping[str, Tone] = {"A": "good", "B": "good", "C": "middle", "D": "bad", "E": "bad"}
