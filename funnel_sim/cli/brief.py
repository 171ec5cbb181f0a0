"""`brief`: the brief to send to several providers."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from funnel_sim.cli.scenario_file import read
from funnel_sim.cli.written import written
from funnel_sim.output.documents.brief import brief_docx, brief_markdown
from funnel_sim.output.exports import file_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang


def _markdown(scenario: Scenario, lang: Lang, *, private: bool) -> bytes:
    return brief_markdown(scenario, lang, private=private).encode()


_FORMATS: dict[str, Callable[..., bytes]] = {"docx": brief_docx, "md": _markdown}


def _options(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="scenario file (JSON)")
    command.add_argument("--out", metavar="FOLDER", default=".", help="where the files go")
    command.add_argument(
        "--format", choices=list(_FORMATS), action="append", help="both if left out (repeatable)"
    )
    command.add_argument(
        "--private", action="store_true", help="tell cost and margin; left out otherwise"
    )
    command.set_defaults(run=_brief)


def _brief(options: Any) -> str:
    scenario, made = read(options), []
    for kind in options.format or _FORMATS:
        content = _FORMATS[kind](scenario, options.lang, private=options.private)
        place = Path(options.out) / f"{file_name(scenario)}-brief-{options.lang}.{kind}"
        made.append(written(place, content))
    return "\n".join(made) + "\n"


COMMANDS = {"brief": _options}
"""What adds a command's options to its parser, and the function that runs it."""
