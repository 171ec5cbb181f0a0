"""What the site of documentation adds to the files in docs/: pages made from the product itself.

A hook of MkDocs (mkdocs.yml); `make docs` runs it.

Made, so that they cannot go stale: the command line (from its parser), the fields of every `--json`
(from a real run), the Python interface (its names; mkdocstrings reads the docstrings), the
parameter tables, the list of decisions, and the files at the top of the tree. Nothing of it is
written into the source tree.
"""

import argparse
import csv
import html
import io
import json
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
DOCS = ROOT / "docs"
PARAMETERS = ROOT / "funnel_sim" / "data" / "parameters"
# Files at the top of the tree that the site shows too, by their address on it.
TOP = {
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "security.md": "SECURITY.md",
}
# How commands with --json are run for the reference, where a scenario file alone is not all they
# can be given. "FILE" is a scenario with KPIs and a quote.
# Few paths: the fields are wanted, not the figures.
RUNS: dict[str, tuple[str, ...]] = {
    "carry": ("FILE", "--to", "amazon-us-kitchen"),
    "review": ("FILE", "--actuals", "MONTHS", "--from", "2026-01"),
    "bill": ("FILE", "--actuals", "MONTHS", "--from", "2026-01"),
    "renew": ("FILE", "--actuals", "MONTHS", "--from", "2026-01"),
    "simulate": (
        "FILE",
        "--metric",
        "profit",
        "--months",
        "profit",
        "--where",
        "roas>=3",
        "--quantile",
        "0.2",
    ),
    "ltv": ("FILE", "--budgets", "1000", "2000"),
    "compare-rates": (
        "--a-visits",
        "5000",
        "--a-orders",
        "200",
        "--b-visits",
        "5000",
        "--b-orders",
        "236",
        "--scenario",
        "FILE",
    ),
    "presets": (),
    "parameters": ("--due", "--topic", "fx"),
}
FEW_PATHS = "1024"
PRESET = "amazon-de-kitchen"
_EXAMPLE = re.compile(r"^(?P<indent> *)>>> .*(?:\n(?P=indent)\S.*)*", re.MULTILINE)
_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_STATUS = re.compile(r"\b(proposed|accepted|superseded|withdrawn)\b[^.]*", re.IGNORECASE)


# ---- the command line
# ------------------------------------------------------------------------------------------


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command, with its options."""
    from funnel_sim import cli

    found = {}
    for name in cli._COMMANDS:
        whole = cli._parser([name])
        (group,) = (
            action for action in whole._actions if isinstance(action, argparse._SubParsersAction)
        )
        found[name] = group.choices[name]
    return found


def command_line() -> str:
    """Return the page of the command line: each command, its usage and its options, as the program
    itself tells them.
    """
    from funnel_sim import cli

    parts = [
        "# Command line",
        "",
        (
            "`funnel-sim COMMAND` where it is installed, `python -m funnel_sim COMMAND` from a"
            " checkout. Wrong input ends with exit code 2 and one line per problem: field, value,"
            " rule."
        ),
        "",
        "| command | what for |",
        "| --- | --- |",
        *(f"| [`{name}`](#{name}) | {told} |" for name, (_, told) in cli._COMMANDS.items()),
        "",
    ]
    for name, parser in parsers().items():
        parts += [
            f"## {name}",
            "",
            f"{cli._COMMANDS[name][1][0].upper()}{cli._COMMANDS[name][1][1:]}.",
            "",
            "```text",
            usage(parser),
            "```",
            "",
        ]
        rows = [
            (words, _told(action, parser))
            for action in parser._actions
            if (words := _option(action))
        ]
        parts += [
            "| option | meaning |",
            "| --- | --- |",
            *(f"| {words} | {told} |" for words, told in rows),
            "",
        ]
    return "\n".join(parts)


def usage(parser: argparse.ArgumentParser) -> str:
    """Return how a command is called, on lines of the same width wherever this runs."""
    parser.formatter_class = partial(argparse.HelpFormatter, width=110)  # type: ignore[assignment]
    return parser.format_usage().strip()


def _option(action: argparse.Action) -> str:
    if isinstance(action, argparse._HelpAction):
        return ""
    value = (
        ""
        if action.nargs == 0
        else action.metavar or (None if action.choices else action.dest.upper())
    )
    shown = (
        ", ".join(map(str, action.choices))
        if value is None and action.choices
        else " ".join(value)
        if isinstance(value, tuple)
        else value or ""
    )
    names = ", ".join(f"`{name}`" for name in action.option_strings) or f"`{action.dest.upper()}`"
    return names + (f" {html.escape(shown)}" if shown and action.option_strings else "")


def _told(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    return html.escape(
        (action.help or "").replace("%%", "%").replace("%(default)s", str(action.default))
    ).replace("|", "\\|")


# ---- JSON
# --------------------------------------------------------------------------------------------------


def json_commands() -> list[str]:
    """Return the commands that have `--json`."""
    return [name for name, parser in parsers().items() if "--json" in parser._option_string_actions]


def example_months() -> str:
    """Return the months of a store's own file: six before January 2026, three from it on."""
    from funnel_sim.evidence.store.months import TEMPLATE

    head, first, *_ = TEMPLATE.splitlines()
    figures = first.split(",")[1:]
    names = [*(f"2025-{month:02d}" for month in range(7, 13)), "2026-01", "2026-02", "2026-03"]
    return "\n".join([head, *(",".join([name, *figures]) for name in names)]) + "\n"


@cache
def json_runs() -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    """Return, by command with `--json`, how it was run and the fields of what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "example.json"
        file.write_text(example(), "utf-8")
        months = Path(folder) / "months.csv"
        months.write_text(example_months(), "utf-8")
        files = {"FILE": str(file), "MONTHS": str(months)}
        found = {}
        for name in json_commands():
            asked = RUNS.get(name, ("FILE",))
            printed = run(
                [
                    name,
                    *(files.get(part, part) for part in asked),
                    "--json",
                    *_few_paths(name),
                ]
            )
            shown = shlex.join(
                [
                    "funnel-sim",
                    name,
                    *(
                        {"FILE": "my.json", "MONTHS": "months.csv"}.get(part, part)
                        for part in asked
                    ),
                    "--json",
                ]
            )
            found[name] = shown, fields(json.loads(printed), frozenset(figure_keys()))
    return found


def figure_keys() -> tuple[str, ...]:
    """Return the key of every figure: metrics, lines of the ledger, what they are made of."""
    from funnel_sim.chance.simulation import SIMULATED
    from funnel_sim.model.ledger import LINE_KEYS
    from funnel_sim.output.words.tables import GLOSSARY

    return tuple(dict.fromkeys([*GLOSSARY, *LINE_KEYS, *SIMULATED]))


def json_fields() -> str:
    """Return the page of every `--json`: its fields, their types and one value each, from a run of
    an example.
    """
    from funnel_sim.output.words.figure_names import plain_name

    parts = [
        "# JSON of every `--json`",
        "",
        (
            f"From a run of the example shop `{PRESET}` with three KPIs and one quote, by few"
            " simulations: the values show what a field looks like and are no results. Numbers are"
            " plain (a share of 20 % is 0.2), money is in the scenario's currency, days are ISO"
            " 8601, and a figure that has no value is `null`. `[]` stands for each item of a list,"
            " `{figure}` for the key of a figure ([below](#figures)). The scenario file itself:"
            " `funnel-sim schema` prints its JSON Schema. [This list for"
            " machines](json-fields.json)."
        ),
        "",
    ]
    for name, (shown, found) in json_runs().items():
        parts += [
            f"## {name}",
            "",
            f"`{shown}`",
            "",
            "| field | type | example |",
            "| --- | --- | --- |",
        ]
        parts += [
            f"| `{path}` | {kind} | {html.escape(value).replace('|', chr(92) + '|')} |"
            for path, kind, value in found
        ]
        parts.append("")
    parts += [
        "## Figures",
        "",
        (
            "Metrics, then lines of the ledger and what they are made of: formulas and units on the"
            " page *Method and sources*."
        ),
        "",
        "| key | figure |",
        "| --- | --- |",
    ]
    parts += [f"| `{key}` | {html.escape(plain_name(key, 'en'))} |" for key in figure_keys()]
    return "\n".join([*parts, ""])


def json_fields_for_machines() -> str:
    """Return the same fields as JSON."""
    found = {
        name: {
            "run": shown,
            "fields": [
                {"field": path, "type": kind, "example": value} for path, kind, value in rows
            ],
        }
        for name, (shown, rows) in json_runs().items()
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def example() -> str:
    """Return a scenario file with KPIs and a quote."""
    from funnel_sim.reference.exchange_rates import exchange
    from funnel_sim.scenario import files
    from funnel_sim.scenario.kpi_templates import templates
    from funnel_sim.scenario.presets import preset
    from funnel_sim.scenario.quote_templates import quote_templates

    scenario = preset(PRESET)
    (kpis,) = (one for one in templates() if one.id == "three_promises")
    scenario = scenario.replace({"kpis": list(kpis.made([], 1.0))})
    (quote,) = (one for one in quote_templates() if one.id == "bet")
    return files.to_text(
        scenario.replace(
            quote.added_to(scenario, lambda one, other: exchange(one, other, scenario.as_of))
        )
    )


def run(arguments: list[str]) -> str:
    """Return what a command prints; raises RuntimeError with what it says where it fails."""
    from funnel_sim.cli import main

    out, err = io.StringIO(), io.StringIO()
    if main(arguments, out, err):
        raise RuntimeError(f"{' '.join(arguments)}: {err.getvalue()}")
    return out.getvalue()


def _few_paths(name: str) -> list[str]:
    return ["--paths", FEW_PATHS] if "--paths" in parsers()[name]._option_string_actions else []


def fields(data: Any, figures: frozenset[str] = frozenset()) -> list[tuple[str, str, str]]:
    """Return path, type and an example of each value in data, in its order; what lists and tables
    of figures repeat is named once, a scenario as a whole.

    >>> fields(
    ...     {
    ...         "profit": 1.5,
    ...         "months": [{"orders": 3}, {"orders": None}],
    ...         "scenario": {"market": "DE"},
    ...     }
    ... )
    [('profit', 'number', '1.5'), ('months[].orders', 'number or null', '3'),
     ('scenario', 'table', 'as in a scenario file')]
    >>> fields(
    ...     {"mean": {"profit": 0.5, "roas": 3}, "at": {"0.5": None}}, frozenset({"profit", "roas"})
    ... )
    [('mean.{figure}', 'number', '0.5'), ('at["0.5"]', 'null', '')]
    """
    found: dict[str, tuple[list[str], str]] = {}

    def walk(path: str, value: Any) -> None:
        if path.endswith("scenario"):
            found[path] = (["table"], "as in a scenario file")
        elif isinstance(value, Mapping) and value:
            for key, inner in value.items():
                name = "{figure}" if value.keys() <= figures else str(key)
                walk(f'{path}["{name}"]' if "." in name else f"{path}.{name}".lstrip("."), inner)
        elif isinstance(value, list) and value:
            for inner in value:
                walk(f"{path}[]", inner)
        else:
            kinds, shown = found.setdefault(path, ([], ""))
            if (kind := _kind(value)) not in kinds:
                kinds.append(kind)
            if not shown and value is not None:
                found[path] = kinds, _shown(value)

    walk("", data)
    return [
        (path, " or ".join(sorted(kinds, key=lambda kind: kind == "null")), shown)
        for path, (kinds, shown) in found.items()
    ]


def _kind(value: Any) -> str:
    kinds = {
        bool: "true or false",
        int: "number",
        float: "number",
        str: "text",
        list: "list",
        dict: "table",
        type(None): "null",
    }
    return kinds[type(value)]


def _shown(value: Any) -> str:
    most = 60
    text = (
        f"{value:.6g}"
        if isinstance(value, float)
        else value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False)
    )
    return (text if len(text) <= most else f"{text[:most]}…").replace("\n", " ")


# ---- Python
# --------------------------------------------------------------------------------------------------


def python_interface() -> str:
    """Return the page of the Python interface: each public name, for mkdocstrings to fill in from
    its docstring.
    """
    import funnel_sim

    names = [name for name in funnel_sim.__all__ if name in funnel_sim._HOMES]
    parts = [
        "# Python",
        "",
        (
            "`from funnel_sim import …`: each of these names is public and stays. Everything else"
            " is in the package's rooms ([layout](../layout.md)) and may move. Where to begin: [Use"
            " it from Python](../how-to/use-it-from-python.md)."
        ),
        "",
    ]
    for name in sorted(names, key=str.lower):
        parts += [f"::: funnel_sim.{funnel_sim._HOMES[name]}.{name}", ""]
    return "\n".join(parts)


def fenced(text: str) -> str:
    r"""Return a docstring with its examples in fences; a section of examples stays, the site's own
    reader knows it.

    >>> fenced("A sum.\n\n>>> 1 + 1\n2").splitlines()
    ['A sum.', '', '```pycon', '>>> 1 + 1', '2', '```']
    >>> fenced("A sum.\n\nExamples:\n    >>> 1 + 1\n    2").splitlines()[2:]
    ['Examples:', '    >>> 1 + 1', '    2']
    """
    head, section, rest = text.partition("\nExamples:\n")
    return (
        _EXAMPLE.sub(
            lambda found: f"{found['indent']}```pycon\n{found[0]}\n{found['indent']}```", head
        )
        + section
        + rest
    )


# ---- parameters
# --------------------------------------------------------------------------------------------------


def parameter_files() -> list[Path]:
    """Return the tables of parameters."""
    return sorted(PARAMETERS.glob("*.csv"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parameters() -> str:
    """Return the page of all parameter tables: how many rows, from which kind of evidence, how new;
    and what the columns mean.
    """
    parts = [
        "# Parameter tables",
        "",
        (
            "Every figure that is not yours: dated, sourced, a default that you can overwrite. The"
            " same tables, with what to check next, on the page *Method and sources* and by"
            " `funnel-sim parameters --due`."
        ),
        "",
        "| table | rows | kinds of evidence | newest reading | marked weak |",
        "| --- | ---: | --- | --- | ---: |",
    ]
    for path in parameter_files():
        rows = _rows(path)
        kinds = sorted({row.get("evidence") or "" for row in rows} - {""})
        days = sorted(day for row in rows if (day := row.get("as_of") or "")[:2] == "20")
        weak = sum(row.get("weak") == "true" for row in rows)
        parts.append(
            f"| [{path.stem}](parameters/{path.stem}.md) | {len(rows):,} | {', '.join(kinds)} |"
            f" {days[-1] if days else ''} | {weak:,} |"
        )
    about = (PARAMETERS / "README.md").read_text("utf-8").split("\n", 1)[1]
    return "\n".join([*parts, "", re.sub(r"^## ", "## About ", about, flags=re.MULTILINE)])


def parameter_table(path: Path) -> str:
    """Return the page of one table, every row as it stands in the file; columns that are empty
    throughout are left out.
    """
    rows = _rows(path)
    columns = [name for name in rows[0] if any(row[name] for row in rows)]
    lines = ["---", "search:", "  exclude: true", "hide: [toc]", "---", f"# {path.name}", ""]
    lines += [
        (
            f"{len(rows):,} rows, as they stand in `funnel_sim/data/parameters/{path.name}`. [What"
            " the columns mean](../parameters.md)."
        ),
        "",
    ]
    lines += [
        "<table>",
        f"<thead><tr>{''.join(f'<th>{html.escape(name)}</th>' for name in columns)}</tr></thead>",
        "<tbody>",
    ]
    lines += [
        f"<tr>{''.join(f'<td>{_cell(row[name])}</td>' for name in columns)}</tr>" for row in rows
    ]
    return "\n".join([*lines, "</tbody>", "</table>", ""])


def _cell(text: str) -> str:
    return re.sub(r"(https?://[^\s;]+)", r'<a href="\1">\1</a>', html.escape(text))


# ---- decisions
# -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """A decision record: its file, number, title, day and status."""

    file: str
    number: str
    title: str
    day: str
    status: str


def decision_files() -> list[Path]:
    """Return the decision records, oldest first."""
    return sorted((DOCS / "decisions").glob("[0-9]*.md"))


def decision(path: Path) -> Decision:
    """Return what a decision record says of itself in its title and the line below; raises
    LookupError where day or status is missing.
    """
    title, _, below = path.read_text("utf-8").splitlines()[:3]
    day, status = _DAY.search(below), _STATUS.search(below)
    if day is None or status is None:
        raise LookupError(
            f"{path.name}: the line below the title needs a day and a status: 2026-11-27 · accepted"
        )
    title = re.sub(r"^#\s*(\d+\s*[·:.]?\s*)?", "", title)
    return Decision(path.name, path.name[:4], title, day[0], status[0].strip().lower())


def decisions() -> str:
    """Return the list of decisions, newest first."""
    rows = [decision(path) for path in reversed(decision_files())]
    return "\n".join(
        [
            "# Decisions",
            "",
            (
                "What somebody might question, and why it is so. A decision that a later one"
                " changed says so beside its status."
            ),
            "",
            "| number | decision | date | status |",
            "| ---: | --- | --- | --- |",
            *(
                f"| {one.number} | [{one.title.replace('|', chr(92) + '|')}]({one.file}) |"
                f" {one.day} | {one.status} |"
                for one in rows
            ),
            "",
        ]
    )


# ---- files at the top of the tree
# --------------------------------------------------------------------------------


def top_file(name: str) -> str:
    """Return a file of the top of the tree with its links as they are on the site."""
    text = (ROOT / name).read_text("utf-8")
    homes = {source: page for page, source in TOP.items()} | {"README.md": "index.md"}

    def moved(found: re.Match[str]) -> str:
        target, mark, part = found[2].partition("#")
        if target.startswith("docs/"):
            inside = target.removeprefix("docs/")
            target = f"{inside}index.md" if inside.endswith("/") else inside
        elif target in homes:
            target = homes[target]
        elif not re.match(r"https?:|mailto:|$", target):
            return f"{found[1]} (`{target}`)"
        return f"[{found[1]}]({target}{mark}{part})"

    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", moved, text)


# ---- the site
# --------------------------------------------------------------------------------------------------

GENERATED: dict[str, Callable[[], str]] = {
    "reference/command-line.md": command_line,
    "reference/json.md": json_fields,
    "reference/json-fields.json": json_fields_for_machines,
    "reference/python.md": python_interface,
    "reference/parameters.md": parameters,
    **{
        f"reference/parameters/{path.stem}.md": partial(parameter_table, path)
        for path in parameter_files()
    },
    "decisions/index.md": decisions,
    **{page: partial(top_file, name) for page, name in TOP.items()},
}


def readable(text: str) -> str:
    r"""Return Markdown with an empty line before each list and table, which MkDocs needs and other
    readers do not.

    >>> readable("Two:\n- one\n- two")
    'Two:\n\n- one\n- two'
    """
    lines: list[str] = []
    in_code = False
    for line in text.split("\n"):
        in_code ^= line.startswith("```")
        before = lines[-1] if lines else ""
        starts = re.match(r"([-*]|\d+\.) |\|", line)
        if (
            not in_code
            and starts
            and before
            and not before.startswith((" ", starts[0]))
            and not re.match(r"([-*]|\d+\.) |\|", before)
        ):
            lines.append("")
        lines.append(line)
    return "\n".join(lines)


def on_files(files: "Files", config: "MkDocsConfig") -> "Files":
    """Add the pages that are made; called by MkDocs."""
    from mkdocs.structure.files import File

    for page, made in GENERATED.items():
        files.append(File.generated(config, page, content=made()))
    return files


def on_page_markdown(markdown: str, page: "Page", config: "MkDocsConfig", files: "Files") -> str:
    """Make the source of a page readable for MkDocs, and name files outside of docs/ instead of
    linking to them; called by MkDocs.
    """
    outside = r"\[([^\]]+)\]\((?:\.\./)+((?:funnel_sim|tests|scripts|benchmarks|pages)/[^)\s]*)\)"
    return re.sub(outside, r"\1 (`\2`)", readable(markdown))


def on_post_build(config: "MkDocsConfig") -> None:
    """Refuse a site that loads anything from elsewhere; called by MkDocs."""
    found = [
        f"{path.name}: {address}"
        for path in Path(config["site_dir"]).rglob("*.html")
        for address in loaded(path.read_text("utf-8"))
    ]
    if found:
        raise SystemExit("the site loads from elsewhere: " + ", ".join(sorted(set(found))[:10]))


def loaded(page: str) -> Iterable[str]:
    """Return the addresses of other hosts from which a page loads scripts, styles, fonts or
    pictures; links that a reader follows do not count.

    >>> loaded(
    ...     '<script src="https://cdn.example/x.js"></script><a href="https://example.org">a</a>'
    ... )
    ['https://cdn.example/x.js']
    """
    tags = re.findall(r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*>", page)
    return [
        found[1]
        for tag in tags
        if 'rel="canonical"' not in tag
        and (found := re.search(r'(?:src|href)="?((?:https?:)?//[^"\s>]+)', tag))
    ]
