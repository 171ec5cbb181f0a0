"""Command lines put together from the parser itself: options left out, doubled, cut short, with
values that no one types, on files that hold something else.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from funnel_sim import cli
from funnel_sim.evidence.portfolio.template import csv_template
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.presets import preset
from tests.fuzz import contracts, portfolios, scenarios, tables
from tests.fuzz.boxes import Box, unpacked
from tests.fuzz.luck import Luck
from tests.fuzz.spoken import said
from tests.fuzz.steps import Steps

_SAFE = "256"
_NUMBERS = (
    "0", "1", "-1", "2", "12", "0.5", "1.5", "10%", "100%", "1e3", "1e400", "-1e400", "nan", "inf",
    "-inf", "1_000", "1,000", "1.234,5", "٣", "１２", "9" * 400, "1e-320", "", " ", "--", "0x10",
    "true", "255", "257", "999999999999", "-0", "+5", "$5", "5万",
)  # fmt: skip
_TEXTS = (
    "", " ", "x", "gmv", "profit", "profit>0", "roas>=3", "acos<=22%", "profit>", ">0", "gmv>nan",
    "o1", "k1", "quote", "2026-05", "2026-13", "2026-Q3", "2026-Q9", "2026-05=100", "2026-05=nan",
    "=", "a=", "=1", "ads=0:10", "ads=10:0", "ads=nan:", "ads=:1e400", "a=b=c", "店铺", "é" * 300,
    "x" * 5000, "\udc80", "a\nb", "{0}", "%s", "**b**", "amazon-de-kitchen", "amazon-us-kitchen",
    "all", "EUR", "USD", "CNY", "XXX", "usd", "2026-11-22", "2026-02-30", "9999-12-31", "gmv=GMV",
    "0001-01-01", "orders=", "Orders", "month", "html", "pdf,html", "pdf,x", ",", "xlsx",
)  # fmt: skip
_PLACES = (
    "missing.json", "missing.csv", "folder", "", ".", "..", "a/b/c.json", "x" * 300, "\udc80.json",
    "/dev/null", "-", "store.json", "signed.json", "rows.json", "rows.csv", "months.csv",
    "channels.csv", "orders.csv", "broken.json", "broken.csv", "empty.json", "empty.csv",
)  # fmt: skip
_FOLDERS = ("out", "store.json", "", "folder", "a/b", "x" * 300, "\udc80", "store.json/x")
_OF_FILES = 60.0
"""Processor seconds of a command that writes everything there is."""
_SLOW = frozenset({"files", "brief", "serve"})
"""Commands that write everything there is, or that do not end: asked for more rarely."""


@cache
def _actions(command: str) -> tuple[argparse.Action, ...]:
    """Return the options and arguments that the parser of a command knows."""
    parser = cli._parser([command])
    group = parser._subparsers
    assert group is not None
    return tuple(group._group_actions[0].choices[command]._actions)  # type: ignore[index,call-overload]


def _is_place(action: argparse.Action) -> bool:
    return str(action.metavar) == "FILE" or action.dest in ("file", "files", "scenario", "actuals")


def _value(luck: Luck, command: str, action: argparse.Action) -> str:
    """Return what stands behind an option: mostly what it asks for, else anything."""
    if luck.odds(0.04):
        return str(luck.one(_NUMBERS + _TEXTS + _PLACES))
    if action.choices:
        return str(luck.one(tuple(action.choices)))
    if action.dest in ("workers", "scheduler"):  # no processes, and no line out
        return str(luck.one(("0", "1", "-1", "x", "nan", "")))
    if action.dest == "paths":
        return str(luck.one((_SAFE,) * 60 + ("0", "255", "-1", "nan", "1e3", "99999999", "x")))
    if action.dest in ("out", "keep"):
        return str(luck.one(_FOLDERS))
    if action.dest in ("calendar", "save", "template"):
        return str(luck.one(("out.ics", "out.json", "out.csv", "out.xlsx", *_FOLDERS)))
    if _is_place(action):
        fitting = {
            "transactions": "orders.csv",
            "actuals": "months.csv",
            "history": "months.csv",
            "curves": "channels.csv",
            "record": "signed.json",
        }.get(action.dest, "signed.json")
        if command == "portfolio":
            fitting = str(luck.one(("rows.json", "rows.csv")))
        elif command == "budget" and action.dest == "file":
            fitting = str(luck.one(("store.json", "rows.json")))
        elif action.dest == "base":
            fitting = "a=store.json"
        return fitting if luck.odds(0.92) else str(luck.one(_PLACES))
    if action.type in (int, float):
        return str(luck.one(("0", "1", "2", "12", "100", "5000") if luck.odds(0.8) else _NUMBERS))
    if action.dest == "to" and command == "carry":
        return str(luck.one(("amazon-us-kitchen", "etsy-us-jewelry", "all", "x", "")))
    return str(luck.one(_TEXTS if luck.odds(0.6) else _NUMBERS))


def _words(luck: Luck, command: str, action: argparse.Action) -> list[str]:
    """Return an option with its values, or an argument, as it stands on the line."""
    if action.nargs == 0:
        count = 0
    elif isinstance(action.nargs, int):
        count = action.nargs
    else:
        count = luck.one((1, 2)) if action.nargs in ("+", "*") else 1
    if luck.odds(0.03):
        count = luck.randrange(3)
    values = [_value(luck, command, action) for _ in range(count)]
    if not action.option_strings:
        return values
    flag = str(luck.one(action.option_strings))
    if luck.odds(0.03):
        flag = luck.one((flag[:-2], flag.upper(), flag + "x", "-" + flag, flag[1:]))
    if len(values) == 1 and (values[0].startswith("-") or luck.odds(0.15)):
        return [f"{flag}={values[0]}"]
    return [flag, *values]


def _line(luck: Luck) -> list[str]:
    known = tuple(cli._COMMANDS)
    command = luck.one([one for one in known if one not in _SLOW or luck.odds(0.1)])
    parts: list[list[str]] = []
    for action in _actions(command):
        needed = action.required or not action.option_strings
        if needed and luck.odds(0.97):
            parts.append(_words(luck, command, action))
        elif action.dest == "paths" or luck.odds(0.01 if action.dest == "help" else 0.12):
            parts.append(_words(luck, command, action))
            if luck.odds(0.05):
                parts.append(_words(luck, command, action))
    if luck.odds(0.1):
        luck.shuffle(parts)
    if command == "serve":  # it must not begin to serve
        parts.append(["--port", luck.one(("x", "0", "-1", "99999", "1e3", "", "٣", "8501.0"))])
    line = [command, *(word for part in parts for word in part)]
    if luck.odds(0.04):
        at = luck.randrange(len(line) + 1)
        line[at:at] = [luck.one(("--", "-", "-x", "--nothing", "--lang=fr", *_TEXTS))]
    return luck.one((line, [], line[1:], ["--version"], ["-h"])) if luck.odds(0.02) else line


@cache
def _good() -> dict[str, bytes]:
    """Return the files that commands are made for; the others are damaged ones."""
    rows = csv_template("en")
    return {
        "store.json": to_text(preset("amazon-de-kitchen")).encode(),
        "rows.csv": rows.encode(),
        "empty.json": b"",
        "empty.csv": b"",
        "broken.csv": b'a,"b\n\x00\xff',
        "orders.csv": tables._ORDERS.encode(),
        "months.csv": tables._MONTHS.encode(),
    }


def make(luck: Luck) -> bytes:
    """Return a command line and the files that it may name."""
    files = _good() | {
        "signed.json": contracts.make(luck),
        "rows.json": portfolios.small(luck),
        "channels.csv": portfolios.CHANNELS.encode(),
        "broken.json": luck.damaged(_good()["store.json"]),
    }
    if luck.odds(0.1):
        files["store.json"] = scenarios.make(luck)
    if luck.odds(0.2):
        files["months.csv"] = tables.make(luck)
    line = _line(luck)
    named = " ".join(line)
    return Box(
        {name: content for name, content in files.items() if name in named},
        {"line": line, "stdin": luck.one(("", "store.json", "rows.csv"))},
    ).packed()


@contextmanager
def _inside(folder: str) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _draws(line: Sequence[str]) -> bool:
    """Say whether pictures may be drawn, whose engine reserves more than it uses."""
    return line[:1] == ["files"] or any(one.startswith("--o") for one in line)


def go(content: bytes, steps: Steps) -> None:
    """Run the command in a folder of its own."""
    box = unpacked(content)
    line: Sequence[str] = [str(one) for one in box.asked.get("line", [])]
    with tempfile.TemporaryDirectory() as folder, _inside(folder):
        Path("inner/folder").mkdir(parents=True)  # ".." is a folder of ours too
        os.chdir("inner")
        box.laid_out(Path())
        stdin = box.files.get(str(box.asked.get("stdin")), b"")
        name = line[0] if line and line[0] in cli._COMMANDS else "no command"
        steps.limit = max(steps.limit, _OF_FILES if _draws(line) else 0.0)
        found = steps.take(name, lambda: said(line, stdin), roomy=_draws(line))
        steps.accepted = found is not None and found.code == 0
