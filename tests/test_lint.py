"""Exceptions from the linter are few, and each says why."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST = 15
MARK = re.compile(r"#\s*noqa\b(.*)")


def inline() -> list[tuple[str, str]]:
    """Return (place, what stands behind the mark) of every line that is excepted."""
    return [
        (f"{path.relative_to(ROOT)}:{number}", found.group(1))
        for folder in ("funnel_sim", "pages", "tests", "benchmarks", "scripts")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (found := MARK.search(line))
    ]


def by_file() -> dict[str, list[str]]:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    found: dict[str, list[str]] = tomllib.loads(text)["tool"]["ruff"]["lint"]["per-file-ignores"]
    return found


def test_fewer_than_fifteen_lines_and_groups_of_files_are_excepted():
    assert len(inline()) + len(by_file()) < MOST, [*inline(), *by_file()]


def test_each_excepted_line_names_its_rule_and_says_why():
    vague = [
        place for place, rest in inline() if not re.match(r": [A-Z]+\d+(, [A-Z]+\d+)* - \w", rest)
    ]
    assert not vague


def test_each_group_of_files_says_why():
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    for name in by_file():
        at = next(n for n, line in enumerate(lines) if line.startswith(f'"{name}" = ['))
        assert "] # " in lines[at] or lines[at - 1].startswith("# "), name


def test_no_line_is_longer_than_a_hundred_characters_but_where_that_is_said():
    allowed = {name for name, rules in by_file().items() if "E501" in rules}
    assert len(allowed) <= 2
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]
    assert settings["line-length"] == 100
    assert "E501" not in settings["lint"]["ignore"]
