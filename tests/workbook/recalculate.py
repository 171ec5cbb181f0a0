"""Workbooks recalculated by LibreOffice, one process for many files, and read by the names of their
cells.
"""

import os
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_PLACE = re.compile(r"^'?((?:[^']|'')+?)'?!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?$")


def recalculated(files: dict[str, bytes], folder: Path) -> dict[str, Path]:
    """Write files, let LibreOffice work every formula out anew, and return the results by name."""
    before, after, profile = folder / "before", folder / "after", folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        _ALWAYS
    )  # formulas are worked out on loading, whatever values the file holds
    before.mkdir()
    for name, content in files.items():
        (before / f"{name}.xlsx").write_bytes(content)
    command = [
        os.environ.get("SOFFICE", "soffice"),
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(after),
    ]
    done = subprocess.run(
        [*command, *(str(before / f"{name}.xlsx") for name in files)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    out = {name: after / f"{name}.xlsx" for name in files}
    missing = [name for name, path in out.items() if not path.exists()]
    assert not missing, (
        f"LibreOffice Calc gave no file for {missing[:3]}:"
        f" {done.stdout[-300:]} {done.stderr[-300:]}"
    )
    return out


def read(path: Path) -> tuple[dict[str, list[Any]], list[str]]:
    """Return the cells of every name, in order, and the addresses of cells that hold an error."""
    with zipfile.ZipFile(path) as whole:
        texts = [
            "".join(t.text or "" for t in one.iter(f"{_MAIN}t"))
            for one in etree.fromstring(whole.read("xl/sharedStrings.xml"))
        ]
        book = etree.fromstring(whole.read("xl/workbook.xml"))
        targets = {
            one.get("Id"): one.get("Target")
            for one in etree.fromstring(whole.read("xl/_rels/workbook.xml.rels"))
        }
        sheets: dict[str, dict[str, Any]] = {}
        errors: list[str] = []
        for sheet in book.iter(f"{_MAIN}sheet"):
            name = sheet.get("name")
            target = targets[sheet.get(f"{_RELATIONS}id")].removeprefix("/xl/")
            sheets[name] = _cells(etree.fromstring(whole.read(f"xl/{target}")), texts)
            errors += [
                f"{name}!{where}: {value}"
                for where, value in sheets[name].items()
                if isinstance(value, str) and value.startswith("#")
            ]
        names = {}
        for one in book.iter(f"{_MAIN}definedName"):
            found = _PLACE.match(one.text or "")
            if found and not one.get("name").startswith("_xlnm"):
                title, left, top, right, bottom = found.groups()
                cells = sheets[title.replace("''", "'")]
                columns = range(_number(left), _number(right or left) + 1)
                names[one.get("name")] = [
                    cells.get(f"{_letters(c)}{r}")
                    for r in range(int(top), int(bottom or top) + 1)
                    for c in columns
                ]
    return names, errors


def _cells(sheet: Any, texts: list[str]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for cell in sheet.iter(f"{_MAIN}c"):
        value, kind = cell.find(f"{_MAIN}v"), cell.get("t", "n")
        if value is None or value.text is None:
            continue
        out[cell.get("r")] = (
            texts[int(value.text)]
            if kind == "s"
            else float(value.text)
            if kind in ("n", "b")
            else value.text
        )
    return out


def _number(letters: str) -> int:
    out = 0
    for letter in letters:
        out = out * 26 + ord(letter) - 64
    return out


def _letters(number: int) -> str:
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(65 + rest) + out
    return out
