"""Scripts and style sheets of the screen are files that parse, not texts inside Python."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from funnel_sim.output.design import style_sheet

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "funnel_sim" / "ui" / "static"
NODE = shutil.which("node")
SCREEN = sorted((ROOT / "funnel_sim" / "ui").rglob("*.py"))


def without_strings(text: str) -> str:
    """Return a script without what stands in quotes, regular expressions and comments."""
    kinds = (
        r"//[^\n]*",
        r"/\*.*?\*/",
        r"'(?:\\.|[^'\\\n])*'",
        r'"(?:\\.|[^"\\\n])*"',
        r"`(?:\\.|[^`\\])*`",
        r"(?<=[(=,:!&|])\s*/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n\[])+/[a-z]*",
    )
    return re.sub("|".join(kinds), "", text, flags=re.DOTALL)


def balanced(text: str) -> bool:
    """Say whether every bracket that opens is closed by its like, in order."""
    like, open_now = {")": "(", "]": "[", "}": "{"}, []
    for sign in text:
        if sign in "([{":
            open_now.append(sign)
        elif sign in like and (not open_now or open_now.pop() != like[sign]):
            return False
    return not open_now


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda p: p.name)
def test_a_script_parses(path):
    text = path.read_text("utf-8")
    assert text.startswith(("export default function", "//", "/*"))
    if NODE is None:
        assert balanced(without_strings(text))
        return
    done = subprocess.run(
        [NODE, "--check", "--input-type=module", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.css")), ids=lambda p: p.name)
def test_a_style_sheet_closes_what_it_opens(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert balanced(text)
    assert "<" not in text  # it is put into an element of the page as it stands
    declared = re.findall(r"\{([^{}]*)\}", text)
    assert declared and all(
        re.match(r"[-a-z]+\s*:\s*\S", one.strip())
        for part in declared
        for one in part.split(";")
        if one.strip()
    )


def test_a_broken_script_would_be_noticed():
    assert not balanced("function f() { return [1; }")
    assert balanced(without_strings("f('}', \"(\", x = /[)]/g) // ]"))


@pytest.mark.parametrize(
    "path", SCREEN, ids=lambda p: str(p.relative_to(ROOT / "funnel_sim" / "ui"))
)
def test_no_module_holds_a_script_or_a_sheet(path):
    """One rule inside `<style>…</style>` that follows from the page's data is no sheet."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert "export default" not in node.value
            assert (
                len(re.findall(r"[-a-z]+\s*:\s*[^;{}]+;", node.value)) < 4 or "{" not in node.value
            ), node.lineno


def test_a_style_uses_only_tokens_that_there_are():
    """A colour or size that no token has would be drawn as nothing, without a word."""
    files = [file.read_text("utf-8") for file in STATIC.iterdir() if file.suffix in (".css", ".js")]
    own = re.findall(r"setProperty\('(--fs-[a-z-]+)'", "".join(files))
    there = {*re.findall(r"(--fs-[a-z-]+):", style_sheet("light") + style_sheet("dark")), *own}
    used = {
        (file.name, token)
        for file in STATIC.iterdir()
        if file.suffix in (".css", ".js")
        for token in re.findall(r"var\((--fs-[a-z-]+)", file.read_text("utf-8"))
    }
    assert len(used) > 20
    assert {one for one in used if one[1] not in there} == set()
