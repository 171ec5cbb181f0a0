"""`price`: what another price brings where orders answer to it, and the best one."""

import argparse
from typing import Any

from funnel_sim.chance.streams import FEWEST, MOST
from funnel_sim.cli.printed import dump, table
from funnel_sim.cli.scenario_file import read
from funnel_sim.decisions.economics.best_price import PATHS, best_price, held_at
from funnel_sim.output.json.best_price import price_json
from funnel_sim.output.words.best_price import (
    held_heads,
    held_rows,
    held_sentence,
    price_sentences,
    source_sentence,
)
from funnel_sim.scenario.typed_numbers import plain_number
from funnel_sim.words import say


def _price_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("file", help="a scenario file (JSON), or - for standard input")
    one.add_argument("--json", action="store_true", help="for machines, with the whole curve")
    one.add_argument(
        "--to",
        action="append",
        default=[],
        metavar="PRICE",
        help="a new price, in the sales currency: the orders that keep the profit, and those to be"
        " expected; may be given several times",
    )
    one.add_argument(
        "--elasticity",
        default=None,
        help="by how many %% orders fall when the price rises by 1 %% (default: the scenario's"
        " own)",
    )
    one.add_argument(
        "--paths",
        type=int,
        default=PATHS,
        help=f"draws for the band of the best price, {FEWEST} to {MOST} (default: %(default)s)",
    )
    one.set_defaults(run=_price)


def _price(options: Any) -> str:
    scenario = read(options)
    if options.elasticity is not None:
        elasticity = plain_number(options.elasticity, "elasticity")
        scenario = scenario.replace({"conversion.demand_elasticity": elasticity})
    also = held_at(scenario, [plain_number(one, "to") for one in options.to])
    found, lang = best_price(scenario, options.paths), options.lang
    if options.json:
        return dump(price_json(found, also))
    heads, rows = held_heads(found, lang), held_rows(found, lang, also)
    parts = [
        *price_sentences(found, lang),
        *(held_sentence(found, one, lang) for one in also),
        "",
        say(lang, "price.table"),
        table(rows, heads[1:]),
        "",
        say(lang, "price.assumes"),
        *([] if found.answers else [source_sentence(scenario, lang)]),
        "",
    ]
    return "\n".join(parts)


COMMANDS = {"price": _price_options}
"""What adds a command's options to its parser, and the function that runs it."""
