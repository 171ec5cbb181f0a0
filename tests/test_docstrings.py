"""Public docstrings say what a caller needs: every argument, what comes back, what is refused.

The rule, for the rooms below (ruff checks the form, D417 and DOC102 that names agree):

- A public function or method with two or more parameters (`self` and `cls` not counted) has a
  section `Args:` with each of them. One with a single parameter may say it in its sentence.
- Where it returns a bare number, array or container, `Returns:` (or `Yields:`) says what that is; a
  result whose type has a name in this house is explained there.
- Where it raises, `Raises:` names the exception; `raise refuse(…)` raises InputError.
- Where it takes or returns arrays, the docstring names their shape.
- No line only repeats a name ("kpi: the kpi").

What the screen shows and says (the rooms in TELLING) returns texts, rows and drawings, in the
language of its `lang`. There a parameter whose type has a name in this house is explained by it;
one that is a number, a text, a switch, a container or may be None is said in `Args:`, or named in
the sentence in backticks.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1] / "funnel_sim"
ROOMS = (
    "errors.py",
    "words.py",
    "reference",
    "scenario",
    "model",
    "chance",
    "evidence",
    "decisions",
    "cli",
)
TELLING = ("output/words", "output/json", "ui")
BARE = re.compile(r"\b(float|int|complex|Array|Number|NDArray|dict|list|tuple)\b")
OPEN = re.compile(
    BARE.pattern + r"|\b(str|bool|bytes|None|Any|Sequence|Mapping|Collection|Iterable|Callable)\b"
)
ARRAY = re.compile(r"\b(Array|NDArray)\b")
SHAPE = re.compile(r"\bshapes?\b|\(paths,\)|\(months, |dimensions")
RAISED_BY = dict.fromkeys(
    (
        "refuse",
        "refuse_file",
        "refused",
        "refused_setting",
        "_unknown",
        "none_there",
        "_no_orders",
        "long_cell",
    ),
    "InputError",
)


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield (name, definition) of every public function, and of public methods of such classes."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield prefix + node.name, node


def parameters(function: ast.FunctionDef) -> list[str]:
    """Return the names of the parameters, as a docstring lists them."""
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args) if one.arg not in ("self", "cls")]
    names += [f"*{given.vararg.arg}"] if given.vararg else []
    names += [one.arg for one in given.kwonlyargs]
    return names + ([f"**{given.kwarg.arg}"] if given.kwarg else [])


def own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of functions inside it."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            stack += ast.iter_child_nodes(node)


def raised(function: ast.FunctionDef) -> set[str]:
    """Return the names of the exceptions that a function raises itself and does not catch."""
    found = set()
    caught = {
        inner
        for node in own(function)
        if isinstance(node, ast.Try)
        for one in node.body
        for inner in ast.walk(one)
    }
    for node in own(function):
        if isinstance(node, ast.Raise) and node.exc is not None and node not in caught:
            call = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "")
            found.add(RAISED_BY.get(name, name))
    return found


def section(doc: str, name: str) -> str | None:
    """Return the text of a section; None where there is none."""
    lines = doc.split("\n")
    if f"{name}:" not in lines:
        return None
    start = lines.index(f"{name}:") + 1
    inside = []
    for line in lines[start:]:
        if line and not line.startswith(" "):
            break
        inside.append(line)
    return "\n".join(inside)


def faults(function: ast.FunctionDef, *, telling: bool = False) -> list[str]:
    r"""Return what a docstring does not say; `telling`: by the rule of the rooms in TELLING.

    >>> said = ast.parse('def f(a: int, b: Kpi) -> "float":\n    "Add."\n    return a + b').body[0]
    >>> faults(said), faults(said, telling=True)
    (['Args: a, b', 'Returns'], ['Args: a'])
    """
    doc = ast.get_docstring(function) or ""
    names = parameters(function)
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    taken = " ".join(ast.unparse(one.annotation) for one in given if one.annotation)
    back = ast.unparse(function.returns) if function.returns else ""
    out = []
    if len(names) > 1:
        told = section(doc, "Args") or ""
        asked = names
        if telling:
            asked = [
                one.arg
                for one in given
                if one.annotation
                and OPEN.search(ast.unparse(one.annotation))
                and f"`{one.arg}`" not in doc
            ]
        left = [name for name in asked if not re.search(rf"^ +{re.escape(name)}: \S", told, re.M)]
        out += [f"Args: {', '.join(left)}"] if left else []
        told_back = section(doc, "Returns") or section(doc, "Yields")
        if BARE.search(back) and not told_back and not telling:
            out.append("Returns")
    for name in sorted(raised(function)):
        if not re.search(rf"^ +{name}: \S", section(doc, "Raises") or "", re.M):
            out.append(f"Raises: {name}")
    if ARRAY.search(f"{taken} {back}") and not SHAPE.search(doc):
        out.append("the shape of its arrays")
    if empty := re.findall(r"^ +\*{0,2}(\w+): (?:the|an?|its) \1s?\.$", doc, re.M):
        out.append(f"nothing of {', '.join(empty)}")
    return out


@pytest.mark.parametrize("room", [*ROOMS, *TELLING])
def test_public_docstrings_say_arguments_results_refusals_and_shapes(room):
    place = HOUSE / room
    found = {
        f"{path.relative_to(HOUSE)}: {name}": missing
        for path in ([place] if place.suffix else sorted(place.rglob("*.py")))
        for name, function in functions(ast.parse(path.read_text("utf-8")))
        if (missing := faults(function, telling=room in TELLING))
    }
    assert not found, "\n".join(f"{where} lacks {', '.join(what)}" for where, what in found.items())


def function_of(text: str) -> ast.FunctionDef:
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


def test_each_rule_finds_its_fault_and_passes_what_is_whole():
    whole = function_of(
        "def f(a: Array, b: float) -> Array:\n"
        '    """Add.\n\n    Args:\n        a: metres, shape (paths,).\n        b: metres.\n\n'
        "    Returns:\n        Metres, shape (paths,).\n\n    Raises:\n        InputError: if b is"
        ' odd.\n    """\n    raise refuse("b", b, "odd")\n'
    )
    assert faults(whole) == []
    text = ast.unparse(whole)
    assert faults(function_of(text.replace("b: metres.", "c: metres."))) == ["Args: b"]
    assert faults(function_of(text.replace("Returns:", "So:"))) == ["Returns"]
    assert faults(function_of(text.replace("InputError:", "KeyError:"))) == ["Raises: InputError"]
    assert faults(function_of(text.replace("shape (paths,)", "all"))) == ["the shape of its arrays"]
    assert faults(function_of(text.replace("b: metres.", "b: the b."))) == ["nothing of b"]


def test_what_shows_and_says_may_leave_a_named_type_to_its_type():
    text = 'def f(kpi: Kpi, at: float | None, lang: Lang) -> str:\n    """{}"""\n    return ""\n'
    assert faults(function_of(text.format("Return it.")), telling=True) == ["Args: at"]
    assert faults(function_of(text.format("Return it; `at` in months.")), telling=True) == []
    said = "Return it.\n\n    Args:\n        at: months.\n    "
    assert faults(function_of(text.format(said)), telling=True) == []


def test_one_parameter_may_stand_in_the_sentence_and_what_is_caught_is_not_raised():
    assert faults(function_of('def f(a: float) -> float:\n    """Return a."""\n    return a')) == []
    caught = "def f(a):\n    'Try.'\n    try:\n        raise ValueError\n    except ValueError: ..."
    assert faults(function_of(caught)) == []
