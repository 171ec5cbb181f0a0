"""The command line: `funnel-sim evaluate FILE --json`, `price`, `simulate`, `sensitivity`, `ltv`,
`kpi`, `quote`, `cash`, `budget`, `portfolio`, `carry`, `review`, `bill`, `renew`, `providers`,
`compare-rates`,
`files`, `brief`, `presets`, `preset NAME`, `parameters --due`, `schema`, `serve`.

`python -m funnel_sim` is the same. Wrong input ends with exit code 2 and one line per problem on
standard error. Only what the command asked for needs is loaded:
docs/decisions/0038-a-product-that-can-be-installed.md.
"""

import io
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TextIO

from funnel_sim import __version__
from funnel_sim.cli.parser import WRONG_INPUT, Parser, lang_of
from funnel_sim.errors import InputError
from funnel_sim.words import LANGS, Lang

# Each command with the module of this package that knows its options, and what it is for.
_COMMANDS: Mapping[str, tuple[str, str]] = {
    "evaluate": ("evaluate", "every figure of a scenario file"),
    "price": (
        "best_price",
        "what another price brings where orders answer to it, and the best price with its band",
    ),
    "simulate": ("chance", "the odds: thousands of draws of a scenario file"),
    "sensitivity": (
        "chance",
        "which inputs decide the result, where it turns, what to measure first",
    ),
    "ltv": (
        "customer",
        "what a customer costs and brings back; fitted to transactions where given",
    ),
    "kpi": (
        "kpi",
        "how likely the KPIs of a scenario file are, jointly and each; what would have to be true",
    ),
    "quote": (
        "quote",
        (
            "are the quotes of a scenario file worth signing: against carrying on alone and every"
            " alternative"
        ),
    ),
    "cash": (
        "cash",
        (
            "does the money last: lowest balance, probability below zero, working capital, what"
            " frees it, what a quote takes"
        ),
    ),
    "budget": (
        "budget",
        "the best split of an ad budget over channels or over the rows of a portfolio",
    ),
    "portfolio": (
        "portfolio",
        "many store-items together: loss makers, what turns each, totals, the odds of the sum",
    ),
    "carry": (
        "carry",
        (
            "a product in other markets and on other platforms side by side: own figures come"
            " along, every field says where it comes from"
        ),
    ),
    "review": (
        "review",
        (
            "after the signature: the effect, where it leaks, what drove the change, where the KPIs"
            " stand, what is owed"
        ),
    ),
    "bill": ("review", "what a contract's actual months come to, line by line"),
    "renew": ("review", "go on, renegotiate or leave, with the effect as it is known now"),
    "providers": ("review", "who did better: several scenario files on one yardstick"),
    "compare-rates": (
        "rates",
        (
            "did the new listing convert better, what is that worth, how many visits are needed to"
            " tell, what does a test cost"
        ),
    ),
    "files": (
        "export_files",
        "make the files to take away: workbook, report (HTML, PDF), slides, scenario file",
    ),
    "brief": (
        "brief",
        "the brief to send to several providers, so that their quotes can be compared",
    ),
    "presets": ("cards", "list the presets"),
    "preset": ("reference", "print a preset as a scenario file"),
    "parameters": (
        "reference",
        "the dated figures: what to check next, soonest first, with its source",
    ),
    "schema": ("reference", "print the JSON Schema of a scenario file"),
    "serve": ("app", "start the app in the browser"),
}


def main(
    arguments: Sequence[str] | None = None, out: TextIO | None = None, err: TextIO | None = None
) -> int:
    """Run one command of the command line.

    Args:
        arguments: what stands behind the program's name; those of the process where None.
        out: where the result goes; standard output where None.
        err: where errors and notes go; standard error where None.

    Returns:
        The exit code: 0 fine, 2 wrong input.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        _in_utf8(stream)
    out, err = out or sys.stdout, err or sys.stderr
    options = _parser(arguments, lang_of(arguments)).parse_args(arguments)
    options.notes = []
    try:
        text: str = options.run(options)
    except InputError as error:
        err.write("\n".join([*error.sentences(options.lang), *options.notes]) + "\n")
        return WRONG_INPUT
    err.write("".join(f"{note}\n" for note in options.notes))
    try:
        out.write(text)
    except BrokenPipeError:
        return 0
    return 0


def _in_utf8(stream: TextIO) -> None:
    """Have Chinese and currency signs written in UTF-8 where they go to a file or a pipe, also
    where the system's own encoding has none (Windows).
    """
    if (
        isinstance(stream, io.TextIOWrapper)
        and not stream.isatty()
        and "PYTHONIOENCODING" not in os.environ
    ):
        stream.reconfigure(encoding="utf-8")


def _parser(arguments: Sequence[str], lang: Lang = "en") -> Parser:
    """Return the parser; only the command that is asked for has its options, because reading them
    loads what it computes with.
    """
    common = Parser(add_help=False)
    common.add_argument(
        "--lang", choices=LANGS, default="en", help="language of tables and messages"
    )
    common.add_argument(
        "--in",
        dest="shown_in",
        choices=("sales", "home"),
        default=None,
        help="results in the sales or in the home currency (default: as the scenario says);"
        " JSON stays in the sales currency and names the rate",
    )
    parser = Parser(prog="funnel-sim", description="Unit economics of a cross-border store.")
    parser.lang = lang
    parser.add_argument("--version", action="version", version=f"Funnel Sim {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    asked = next((one for one in arguments if one in _COMMANDS), None)
    for name, (module, told) in _COMMANDS.items():
        command = commands.add_parser(name, parents=[common], help=told)
        command.lang = lang
        if name == asked:
            import_module(f"funnel_sim.cli.{module}").COMMANDS[name](command)
    return parser
