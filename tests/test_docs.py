"""The documentation holds together: pages, links, pictures, decisions, and the labels that the
tutorials name.
"""

import doctest
import re
import shlex
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from funnel_sim import cli
from funnel_sim.scenario.fields import Spec
from funnel_sim.scenario.kpi_templates import templates
from funnel_sim.scenario.quote_templates import quote_templates
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS, catalogue

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
WRITTEN = [
    *sorted(DOCS.rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
]


def loaded(name):
    """Return a script as a module."""
    spec = spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


site = loaded("docs_site")


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


def headings(path):
    """Return the anchors of a page's headings, as GitHub and the site make them."""
    found = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in found}


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path):
    """Files, pictures and headings that a page links to are there; links that leave the tree are
    not followed.
    """
    broken = []
    for target in re.findall(
        r"\]\(([^)\s]+)\)",
        re.sub(r"```.+?```|`[^`\n]+`", "", path.read_text("utf-8"), flags=re.DOTALL),
    ):
        if re.match(r"https?:|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists() or (anchor and anchor not in headings(there)):
            broken.append(target)
    assert broken == []


NAV = re.findall(
    r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8").split("\nnav:\n")[1], re.MULTILINE
)


def test_every_page_in_the_navigation_exists_or_is_made():
    assert len(NAV) > 25
    assert [page for page in NAV if not (DOCS / page).exists() and page not in site.GENERATED] == []
    assert [
        page for page in site.GENERATED if (DOCS / page).exists()
    ] == []  # a page is written or made, not both


def test_every_page_is_in_the_navigation():
    """Decision records are reached from their list."""
    written = {
        path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if path not in DECISIONS
    }
    assert written - set(NAV) == set()


def test_pictures_are_few_small_shown_and_there_in_both_languages():
    pictures = sorted(path for path in (DOCS / "pictures").iterdir() if path.is_file())
    assert 0 < len(pictures) <= 16
    assert {
        path.name: path.stat().st_size
        for path in pictures
        if path.stat().st_size > 150_000 or path.suffix != ".png"
    } == {}
    names = {
        lang: {path.name.split(".")[0] for path in pictures if path.name.split(".")[1] == lang}
        for lang in LANGS
    }
    assert names["zh"] == names["en"] and 2 * len(names["en"]) == len(pictures)
    for lang, pages in (
        ("zh", DOCS.glob("zh/*.md")),
        ("en", [DOCS / "index.md", *DOCS.glob("tutorials/*.md")]),
    ):
        shown = set(
            re.findall(r"pictures/([\w.-]+)", "".join(path.read_text("utf-8") for path in pages))
        )
        assert shown == {f"{name}.{lang}.png" for name in names[lang]}


def test_pictures_from_before_stand_beside_those_of_now():
    before = sorted((DOCS / "pictures" / "before").iterdir())
    told = (DOCS / "before-and-after.md").read_text("utf-8")
    for path in before:
        assert path.suffix == ".webp" and path.stat().st_size <= 150_000, path.name
        assert f"pictures/before/{path.name}" in told
        assert (
            f"pictures/{path.stem}.png" in told
            and (DOCS / "pictures" / f"{path.stem}.png").is_file()
        )


def screen_words(lang):
    """Return what the screen may say in one language: sentences, names of fields, ready-made KPIs
    and contracts.
    """
    labels = {spec.label.of(lang) for model in (Scenario, Option) for spec in specs(model)}
    return (
        set(catalogue(lang).values())
        | labels
        | {one.words.of(lang) for one in (*templates(), *quote_templates())}
    )


def specs(model):
    """Return the declarations of a model's fields and of the models inside it."""
    for field in model.model_fields.values():
        yield from (one for one in field.metadata if isinstance(one, Spec))
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from specs(inner)


STEPS = [
    *DOCS.glob("tutorials/*.md"),
    *DOCS.glob("zh/*.md"),
    *(path for path in DOCS.glob("how-to/*.md") if not path.name.startswith("add-")),
    DOCS / "tour.md",
]


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_what_stands_in_bold_is_what_the_screen_says(path):
    """A step that names a button or page that is called otherwise by now would lead nowhere."""
    lang = "zh" if path.parent.name == "zh" else "en"
    said = set(re.findall(r"\*\*([^*]+)\*\*", path.read_text("utf-8")))
    assert said - screen_words(lang) == set()


def commands():
    """Return the commands of the how-to, as they are typed, without what the shell does with
    them.
    """
    lines = re.findall(
        r"^funnel-sim (.+)$",
        (DOCS / "how-to" / "run-the-command-line.md").read_text("utf-8"),
        re.MULTILINE,
    )
    return [re.split(r"\s+[#]|\s>\s", line)[0] for line in lines]


@pytest.mark.parametrize("line", commands())
def test_the_commands_of_the_how_to_can_be_given(line):
    arguments = shlex.split(line)
    assert cli._parser(arguments).parse_args(arguments).run


def test_the_how_to_names_every_command():
    assert {line.split()[0] for line in commands()} == set(cli._COMMANDS)


@pytest.mark.parametrize("name", site.json_commands())
def test_the_run_that_shows_a_commands_json_can_be_given(name):
    arguments = [name, *site.RUNS.get(name, ("FILE",)), "--json"]
    assert cli._parser(arguments).parse_args(arguments).json


def test_the_reference_names_every_option_of_every_command():
    page = site.command_line()
    for name, parser in site.parsers().items():
        part = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        missing = [
            option
            for option in parser._option_string_actions
            if option not in ("-h", "--help") and f"`{option}`" not in part.replace(", ", "`, `")
        ]
        assert missing == [], name


def test_the_list_of_decisions_names_each_with_its_day_and_status():
    page = site.decisions()
    rows = re.findall(
        r"^\| (\d{4}) \| \[.+\]\((.+)\) \| (20\d\d-\d\d-\d\d) \| (\w.+) \|$", page, re.MULTILINE
    )
    assert [row[1] for row in reversed(rows)] == [path.name for path in DECISIONS]


def test_the_parameter_pages_hold_every_row_and_table():
    for path in site.parameter_files():
        rows = path.read_text("utf-8").count("\n")
        page = site.parameter_table(path)
        assert page.count("<tr>") - 1 == len(site._rows(path)) <= rows
    assert site.parameters().count("](parameters/") == len(site.parameter_files())


def test_files_at_the_top_keep_their_links():
    """On the site docs/ is the root, a file of the tree that is not there is named and not
    linked.
    """
    text = site.top_file("CONTRIBUTING.md")
    assert "](layout.md)" in text and "](docs/" not in text and "(`LICENSE`)" in text


def test_the_examples_of_the_site_hold():
    found = doctest.testmod(site, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted >= 5 and found.failed == 0


def test_the_example_in_python_runs():
    found = re.search(
        r"```python\n(.+?)\n```",
        (DOCS / "how-to" / "use-it-from-python.md").read_text("utf-8"),
        re.DOTALL,
    )
    names = {}
    exec(compile(found[1], "use-it-from-python.md", "exec"), names)  # our own page
    result = names["result"]
    assert result.per("profit", "order") * result.steady["paid_orders"] == pytest.approx(
        result.steady["profit"], rel=1e-12
    )
    assert 0 <= names["odds"].estimate("profit").loss.value <= 1
