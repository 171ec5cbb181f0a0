"""`files`: workbook, report, slides and the papers of a counter-offer, written into a folder."""

import argparse
from pathlib import Path
from typing import Any

from funnel_sim.cli.scenario_file import read
from funnel_sim.cli.written import written
from funnel_sim.decisions.found import find
from funnel_sim.errors import refuse
from funnel_sim.output.documents.leave_behind import CHAPTERS, letter
from funnel_sim.output.exports import COUNTER, FORMATS, counter_files, file_name, kinds_of
from funnel_sim.words import Lang


def _files_options(taken: argparse.ArgumentParser) -> None:
    taken.add_argument("file", help="a scenario file (JSON), or - for standard input")
    taken.add_argument("--out", default=".", metavar="DIR", help="where they go (default: here)")
    taken.add_argument(
        "--format",
        action="append",
        choices=(*FORMATS, *COUNTER),
        help=(
            "one of them, again for more (default: all; the counter-draft (counter) and the page"
            " for the boss (boss) where a quote has a counter-offer)"
        ),
    )
    taken.add_argument("--for", dest="recipient", default="", metavar="NAME", help="who gets it")
    taken.add_argument("--by", dest="sender", default="", metavar="NAME", help="who made it")
    taken.add_argument("--date", dest="day", default="", metavar="DAY", help="the day on it")
    taken.add_argument(
        "--ours",
        action="store_true",
        help=(
            "in the words of the agency that makes the offer: no verdict on it, no counter-offer to"
            " it, unless asked for"
        ),
    )
    taken.add_argument(
        "--chapter",
        action="append",
        metavar="NAME",
        help="a chapter of the report, again for more: " + ", ".join(("offer", *CHAPTERS)),
    )
    taken.set_defaults(run=_files)


def _files(options: Any) -> str:
    scenario = read(options)
    chosen = None if options.chapter is None else tuple(options.chapter)
    about = letter(options.recipient, options.sender, options.day, ours=options.ours, chosen=chosen)
    found, made = find(scenario), []
    lang: Lang = options.lang
    for kind in options.format or kinds_of(scenario, ours=options.ours):
        if kind in COUNTER:
            each = counter_files(scenario, found, kind, lang)
            if not each and not options.format:
                continue
            if not each:
                raise refuse("options", None, "counter_none")
            ready = {
                f"{file_name(scenario)}-{name}-{kind}-{lang}.{COUNTER[kind][0]}": content
                for name, content in each.items()
            }
        else:
            shape = FORMATS[kind]
            ready = {
                f"{file_name(scenario)}-{lang}.{shape.ending}": shape.made(
                    scenario, found, lang, about
                )
            }
        for name, content in ready.items():
            made.append(written(Path(options.out) / name, content))
    return "\n".join(made) + "\n"


COMMANDS = {"files": _files_options}
"""What adds a command's options to its parser, and the function that runs it."""
