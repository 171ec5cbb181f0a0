"""The command line as a person meets it: run in this process, its exit code 0 or 2, its refusals
sentences of the product's own.
"""

import contextlib
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from funnel_sim.cli import main
from tests.fuzz.steps import WrongError, dumped, shown, written

_FOREIGN = re.compile(
    r"Traceback|\[Errno|<class|object at 0x|NoneType|pydantic|numpy|pandas|openpyxl|zipfile"
    r"|json\.decoder|Expecting value|codec can't|invalid literal|could not convert"
    r"|invalid (?:int|float|choice)|unrecognized arguments|expected one argument"
    r"|No such file|Is a directory|File name too long"
    r"|\b\w+(?:Error|Exception|Warning)\b|site-packages|\.py\b"
)
"""What a library says, or what names a thing of the program and not of its user."""


@dataclass(frozen=True)
class Answer:
    """What a command gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def run(arguments: Sequence[str], stdin: bytes = b"") -> Answer:
    """Run a command with everything that it writes caught."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            code = main(arguments, out, err)
        except SystemExit as ended:  # the parser's way to end
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return Answer(code, out.getvalue(), err.getvalue())


def said(arguments: Sequence[str], stdin: bytes = b"") -> Answer:
    """Run a command; raise WrongError for what it must not do or say."""
    found = run(arguments, stdin)
    if found.code not in (0, 2):
        raise WrongError(f"exit code {found.code}")
    if found.code == 2 and not found.err.strip():
        raise WrongError("refused without a word")
    told = written(found.err, "standard error")
    for typed in _typed(arguments):
        told = told.replace(typed, "")
    foreign = _FOREIGN.search(told)
    if foreign:
        raise WrongError(f"a library's words: {foreign[0]}")
    if found.code == 0:
        _holds(found.out, "--json" in arguments, arguments)
    return found


def _holds(out: str, of_json: bool, arguments: Sequence[str]) -> None:
    written(out, "standard output")
    if out.startswith("usage:"):
        return
    if of_json and not {"--out", "--template"} & set(arguments):
        data: Any = json.loads(out)
        dumped(data, arguments[0] if arguments else "")
    elif not of_json:
        for typed in _typed(arguments):
            out = out.replace(typed, "")
        shown(out, arguments[0] if arguments else "")


def _typed(arguments: Sequence[str]) -> Iterator[str]:
    """Yield what the user typed, which may stand in an answer as it is."""
    for one in arguments:
        yield from (part for part in (one, one.partition("=")[2]) if len(part) > 2)
