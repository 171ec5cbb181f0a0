"""The documentation holds together: pages, links, pictures, decisions, and the labels that the tutorials name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name[:4])
def test_a_decision_says_its_date_and_whether_it_holds(path):
    """Below the title stand a day and a status, before anything else."""
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("# ") and not lines[1]
    assert re.search(r"\b20\d\d-\d\d-\d\d\b", lines[2])
    assert re.search(r"\b(proposed|accepted|superseded|withdrawn)\b", lines[2], re.IGNORECASE)
    assert len(lines[2]) < 100  # a line of its own, not the first sentence of the text


def test_no_two_decisions_share_a_number():
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(set(numbers)) == len(numbers) > 30
