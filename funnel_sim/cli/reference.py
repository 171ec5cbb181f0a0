"""`preset`, `parameters` and `schema`: what the product holds, printed."""

import argparse
import datetime as dt
import json
from typing import Any

from funnel_sim.cli.printed import PrintedLine, dump, table
from funnel_sim.scenario import files, upkeep
from funnel_sim.scenario.presets import preset
from funnel_sim.words import Lang, say


def _preset_options(single: argparse.ArgumentParser) -> None:
    single.add_argument("name")
    single.add_argument(
        "--on", default=None, metavar="DATE", help="the day its parameters are asked for"
    )
    single.set_defaults(run=_preset)


def _parameters_options(upkept: argparse.ArgumentParser) -> None:
    upkept.add_argument(
        "--due",
        action="store_true",
        required=True,
        help="list figures by the day on which they should be checked again",
    )
    upkept.add_argument(
        "--on",
        default=None,
        metavar="DATE",
        help="the day it is asked for (default: the day up to which the data was gathered)",
    )
    upkept.add_argument(
        "--topic",
        action="append",
        metavar="TOPIC",
        choices=list(upkeep.TABLES),
        help="one topic, again for more (default: all)",
    )
    upkept.add_argument("--json", action="store_true", help="for machines")
    upkept.set_defaults(run=_parameters)


def _schema_options(schema: argparse.ArgumentParser) -> None:
    schema.set_defaults(
        run=lambda options: json.dumps(files.schema(), ensure_ascii=False, indent=2) + "\n"
    )


def _preset(options: Any) -> str:
    return files.to_text(preset(options.name, files.read_date(options.on)))


def _parameters(options: Any) -> str:
    lang: Lang = options.lang
    on = files.read_date(options.on)
    found = [one for one in upkeep.due(on) if options.topic is None or one.topic in options.topic]
    if options.json:
        return dump(
            [
                {
                    "topic": one.topic,
                    "what": one.what,
                    "value": one.value,
                    "since": _iso(one.since),
                    "due": _iso(one.due),
                    "source": one.source,
                }
                for one in found
            ]
        )
    undated = say(lang, "origin.undated")
    rows = [
        PrintedLine(
            one.what,
            (
                say(lang, f"topic.{one.topic}"),
                one.value,
                _iso(one.since) or undated,
                _iso(one.due) or undated,
                one.source,
            ),
        )
        for one in found
    ]
    heads = [say(lang, f"column.{key}") for key in ("topic", "value", "since", "due", "source")]
    late = sum(one.due is not None and one.due < on for one in found)
    return (
        "\n".join(
            [
                table(rows, heads),
                "",
                say(lang, "upkeep.count", n=len(found), late=late, day=on.isoformat()),
            ]
        )
        + "\n"
    )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


COMMANDS = {"preset": _preset_options, "parameters": _parameters_options, "schema": _schema_options}
