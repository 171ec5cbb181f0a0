"""`carry`: one product in other markets and on other platforms, side by side."""

import argparse
from pathlib import Path
from typing import Any

from funnel_sim.chance.streams import FEWEST, MOST
from funnel_sim.cli.printed import dump, table
from funnel_sim.cli.scenario_file import read
from funnel_sim.cli.written import written
from funnel_sim.decisions.portfolio.markets import (
    PRICES,
    RANKS,
    VOLUMES,
    MarketAnswer,
    Markets,
    markets,
)
from funnel_sim.errors import refuse
from funnel_sim.output.json.markets import markets_json
from funnel_sim.output.words.markets import (
    carried_sentences,
    field_heads,
    field_rows,
    market_heads,
    market_name,
    market_rows,
    market_sentences,
)
from funnel_sim.scenario.carried_goods import nearest_presets
from funnel_sim.scenario.portfolio_files import portfolio_text
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

ALL = "all"
USUAL = 1024
"""Futures of a comparison: places are ranked by them."""


def _carry_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("file", help="a scenario file; - for standard input")
    one.add_argument(
        "--to",
        action="append",
        required=True,
        metavar="PRESET",
        help="a preset whose market and platform the product is carried to; several times for"
        f" several; {ALL}: every other platform and market, by the preset of the nearest goods",
    )
    one.add_argument(
        "--price",
        choices=PRICES,
        default=PRICES[0],
        help="the price there: the same converted, the one that keeps the margin, or the level of"
        " the place (default: %(default)s)",
    )
    one.add_argument(
        "--traffic",
        choices=VOLUMES,
        default=VOLUMES[0],
        help="what stays: the ad budget with the free traffic, or the orders (default:"
        " %(default)s)",
    )
    one.add_argument(
        "--currency", default="", help="of the comparison (default: that of the costs)"
    )
    one.add_argument(
        "--paths",
        type=int,
        default=USUAL,
        help=f"simulate so many futures, {FEWEST} to {MOST} (default: %(default)s)",
    )
    one.add_argument(
        "--rank",
        choices=RANKS,
        default=RANKS[0],
        help="places by the profit that nine futures in ten reach or exceed, or by that at the"
        " likely values, however weak the benchmarks are (default: %(default)s)",
    )
    one.add_argument("--seed", type=int, default=1, help="of the futures (default: %(default)s)")
    one.add_argument(
        "--fields",
        choices=("told", "all", "none"),
        default="told",
        help="the fields of each place with where they come from: those of which something is to"
        " be said, all, or none (default: %(default)s)",
    )
    one.add_argument(
        "--save", metavar="FILE", help="write the places as the rows of a portfolio file (.json)"
    )
    one.add_argument("--json", action="store_true", help="for machines")
    one.set_defaults(run=_carry)


def _carry(options: Any) -> str:
    scenario = read(options)
    targets = [
        name for one in options.to for name in (nearest_presets(scenario) if one == ALL else [one])
    ]
    found = markets(
        scenario,
        targets,
        price=options.price,
        volume=options.traffic,
        currency=options.currency,
        paths=options.paths,
        seed=options.seed,
        rank=options.rank,
    )
    if options.save:
        place = Path(options.save)
        if place.suffix.lower() != ".json":
            raise refuse("--save", options.save, "choice", allowed=".json")
        options.notes.append(written(place, portfolio_text(found.portfolio).encode()))
    if options.json:
        return dump(markets_json(found))
    return _told(found, scenario, options.fields, options.lang)


def _told(found: Markets, scenario: Scenario, fields: str, lang: Lang) -> str:
    parts = [
        *market_sentences(found, lang),
        "",
        table(market_rows(found, lang), market_heads(found, lang)[1:]),
        "",
        say(lang, "markets.grades_note"),
        say(lang, "markets.limits"),
        say(lang, "markets.level"),
    ]
    if fields != "none":
        for one in found.rows:
            parts += ["", *_fields(one, found, scenario, lang, every=fields == "all")]
    return "\n".join(parts) + "\n"


def _fields(
    one: MarketAnswer, found: Markets, scenario: Scenario, lang: Lang, *, every: bool
) -> list[str]:
    return [
        market_name(one, found, lang),
        *carried_sentences(one.carried, scenario, lang),
        table(field_rows(one.carried, scenario, lang, every=every), field_heads(lang)[1:]),
    ]


COMMANDS = {"carry": _carry_options}
"""What adds a command's options to its parser, and the function that runs it."""
