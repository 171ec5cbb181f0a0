"""Public signatures of the rooms that compute say what they take and give: none says `Any`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1] / "funnel_sim"
# The one function that hands a term over as a number, so that the model's own functions write
# formulas (docs/decisions/0043): its two types have nothing in common.
BOUNDARY = {"model/written.py as_number"}


def loose(tree: ast.AST, prefix: str = "") -> Iterator[str]:
    """Yield the public functions and methods whose parameters or result say `Any`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from loose(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            given = node.args
            every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg]
            said = [one.annotation for one in every if one is not None] + [node.returns]
            if any(
                getattr(part, "id", None) == "Any"
                or (
                    isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and "Any" in part.value
                )
                for one in said
                if one is not None
                for part in ast.walk(one)
            ):
                yield prefix + node.name


@pytest.mark.parametrize("room", ["model", "chance", "decisions"])
def test_no_public_signature_says_any(room):
    found = {
        f"{path.relative_to(HOUSE).as_posix()} {name}"
        for path in sorted((HOUSE / room).rglob("*.py"))
        for name in loose(ast.parse(path.read_text("utf-8")))
    }
    assert found <= BOUNDARY


def test_what_says_any_is_found():
    text = (
        "def f(a: Any): ...\ndef g() -> 'list[Any]': ...\ndef _h(a: Any): ...\n"
        "class C:\n    def m(self, *a: dict[str, Any]): ...\ndef ok(a: Anyway) -> int: ...\n"
    )
    assert list(loose(ast.parse(text))) == ["f", "g", "C.m"]
