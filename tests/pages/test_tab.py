"""Every key that a tab keeps is declared once, and a name that is none is refused."""

import ast
import re
from pathlib import Path

import pytest

from funnel_sim.ui.session.tab import Tab, keys, tab

SCREEN = Path(__file__).resolve().parents[2] / "funnel_sim" / "ui"
OWNER = SCREEN / "session" / "tab.py"


def test_a_key_that_is_not_declared_cannot_be_written_nor_read():
    with pytest.raises(AttributeError):
        tab.revison = 1  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        tab.revison  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        Tab.revison.put(1)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path", sorted(set(SCREEN.rglob("*.py")) - {OWNER}), ids=lambda p: str(p.relative_to(SCREEN))
)
def test_no_other_module_touches_the_session(path):
    text = path.read_text("utf-8")
    assert "session_state" not in text
    for name in re.findall(r"\b[tT]ab\.(\w+)", text):
        assert hasattr(Tab, name), name


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "path", sorted(set(SCREEN.rglob("*.py")) - {OWNER}), ids=lambda p: str(p.relative_to(SCREEN))
)
def test_a_declared_key_is_not_asked_for_as_if_it_were_a_widget(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "tab.typed",
            "tab.put",
            "tab.seed",
            "tab.has",
            "tab.drop",
        ):
            assert not (isinstance(node.args[0], ast.Constant) and node.args[0].value in keys()), (
                ast.unparse(node)
            )


def test_each_key_starts_from_a_value_of_its_own():
    """Two tabs must not share a list or a dictionary that stands in for nothing yet."""
    for name, key in keys().items():
        if key._default is not None and isinstance(key._default(), (list, dict)):
            assert key._default() is not key._default(), name
