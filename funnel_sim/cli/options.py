"""Options that several commands share, and what they ask for."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from funnel_sim.chance.streams import FEWEST, LIVE, MOST
from funnel_sim.cli.scenario_file import read
from funnel_sim.errors import refuse
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.money import Into, into
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.scenario.scenario import Scenario

_CONVERT = (
    "convert the money of the file to this currency, at the rates in force on the scenario's day"
    " (default: money of several currencies is refused)"
)

_RATE = (
    "your own rate in place of that of the day, of all files or of the one named: what one unit of"
    " CODE is in the currency converted to, which is the scenario's where --convert-to is left out;"
    " USD=0.92, sales.csv:USD=0.92"
)


def chance_options(command: argparse.ArgumentParser) -> None:
    """Give a command the scenario file, `--json`, `--paths` and `--seed`."""
    command.add_argument("file", help="a scenario file (JSON), or - for standard input")
    command.add_argument("--json", action="store_true", help="for machines")
    command.add_argument(
        "--paths",
        type=int,
        default=None,
        help=f"number of paths, {FEWEST} to {MOST} (default: the scenario's own, {LIVE})",
    )
    command.add_argument(
        "--seed", type=int, default=None, help="seed (default: the scenario's own)"
    )


def seeded(options: Any) -> Scenario:
    """Return the scenario that a command was given, with `--seed` in place of its own where it is
    given.
    """
    scenario = read(options)
    return scenario if options.seed is None else scenario.replace({"chance.seed": options.seed})


REPEATED = (
    "rows that tell a week or month again, with nothing beside the figures to tell them apart: "
    "the first alone counts (once), or they add up (add)"
)
SALES_ARE = (
    "whether the files' sales are before or after refunds; their headings say it if left out"
)


def table_options(command: argparse.ArgumentParser) -> None:
    """Give a command that reads a table how its dates and amounts are written."""
    command.add_argument(
        "--day-first",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="01/02/2026 is the first of February",
    )
    command.add_argument(
        "--decimal", choices=[".", ","], default=None, help="the decimal mark of the amounts"
    )
    command.add_argument("--convert-to", metavar="CODE", default=None, help=_CONVERT)
    command.add_argument(
        "--rate", metavar="[FILE:]CODE=RATE", nargs="+", action="extend", default=[], help=_RATE
    )


def check_file_given(options: Any, file: str, names: Sequence[str]) -> None:
    """Refuse an option that says how a file is to be read, where that file is not given.

    Args:
        options: those of the command line.
        file: name of the option that takes the file, without its hyphens.
        names: options on its columns, beside those that every file has.

    Raises:
        InputError: for the first such option.
    """
    if getattr(options, file):
        return
    for name in (*names, "day_first", "decimal", "convert_to", "rate"):
        value = getattr(options, name)
        if value not in (None, []):
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            raise refuse(f"--{name.replace('_', '-')}", shown, "needs_file", flag=f"--{file}")


def columns_there(table: Table, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the chosen columns that a table has; all of them where it has none, so that the
    refusal names them.

    Args:
        table: one of several files.
        chosen: column by role, as the command line names them.

    Returns:
        Column by role.
    """
    there = {role: column for role, column in chosen.items() if column in table.columns}
    return there or dict(chosen)


def money_into(options: Any, scenario: Scenario, file: str = "") -> Into | None:
    """Return how the money of a file is converted; None where neither `--convert-to` nor `--rate`
    is given.

    Args:
        options: those of the command line.
        scenario: its day decides which exchange rates are in force where none is typed.
        file: its name, by which a rate may be typed for it alone.

    Raises:
        InputError: if the currency is unknown, or a rate cannot be read.
    """
    if not (options.convert_to or options.rate):
        return None
    typed = {code: rate for of, code, rate in map(_own_rate, options.rate) if of in ("", file)}
    return into(options.convert_to or scenario.currency, scenario.as_of, typed)


def _own_rate(text: str) -> tuple[str, str, float]:
    """Return the file, the currency and the rate of "sales.csv:USD=0.92"; "" for every file.

    >>> _own_rate("USD=0.92"), _own_rate("sales.csv:USD=0.92")
    (('', 'USD', 0.92), ('sales.csv', 'USD', 0.92))
    """
    head, _, number = text.rpartition("=")
    file, _, code = head.rpartition(":")
    try:
        rate = float(number)
    except ValueError:
        raise refuse("rate", text, "rate_pair") from None
    if not code.strip():
        raise refuse("rate", text, "rate_pair")
    return Path(file).name, code.strip(), rate


def check_rates_used(options: Any, told: Mapping[str, Sequence[Finding]]) -> None:
    """Refuse a rate that no file was read at: its currency or its file is another one.

    Args:
        options: those of the command line.
        told: what is to be known of each file, by its name.

    Raises:
        InputError: for the first such rate.
    """
    used = {
        (name, one.parts.get("code"))
        for name, findings in told.items()
        for one in findings
        if one.kind == "converted_typed"
    }
    for text in options.rate:
        file, code, _ = _own_rate(text)
        if not any(file in ("", name) and code.upper() == of for name, of in used):
            raise refuse("rate", text, "rate_unused", files=", ".join(told))
