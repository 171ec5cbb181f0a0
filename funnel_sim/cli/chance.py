"""`simulate` and `sensitivity`: thousands of draws of a scenario file, and which inputs decide."""

import argparse
from typing import Any

from funnel_sim.chance.conditions import condition
from funnel_sim.chance.drivers import drivers
from funnel_sim.chance.estimates import checked_level
from funnel_sim.chance.left_out import left_out as without_range
from funnel_sim.chance.simulation import SIMULATED, simulate
from funnel_sim.cli.options import chance_options, seeded
from funnel_sim.cli.printed import dump, table
from funnel_sim.model.ledger import LINE_KEYS
from funnel_sim.output.json.chance import drivers_json, simulation_json
from funnel_sim.output.words.chance import (
    cut_sentences,
    driver_heads,
    driver_rows,
    estimate_heads,
    estimate_rows,
    flip_sentences,
    left_out,
    left_out_sentence,
    probability_sentence,
    run_words,
)
from funnel_sim.output.words.tables import GLOSSARY
from funnel_sim.scenario.typed_numbers import plain_number
from funnel_sim.words import Lang, say


def _simulate_options(many: argparse.ArgumentParser) -> None:
    chance_options(many)
    many.add_argument(
        "--metric",
        action="append",
        metavar="KEY",
        help="a figure to report (repeatable; default: all of the glossary and the ledger)",
    )
    many.add_argument(
        "--months",
        action="append",
        metavar="KEY",
        default=[],
        help="a figure to report month by month (repeatable)",
    )
    many.add_argument(
        "--end",
        action="append",
        metavar="KEY",
        default=[],
        help="a figure to report for the last month (repeatable)",
    )
    many.add_argument(
        "--where",
        action="append",
        metavar="CONDITION",
        default=[],
        help='the odds of a condition: "roas>=3", "acos<=22%%" (repeatable)',
    )
    many.add_argument(
        "--quantile",
        action="append",
        type=float,
        metavar="P",
        default=[],
        help="a percentile at a level of your own, 0.2 for P20 (repeatable)",
    )
    many.set_defaults(run=_simulate)


def _sensitivity_options(causes: argparse.ArgumentParser) -> None:
    chance_options(causes)
    causes.add_argument(
        "--metric", default="profit", help="the figure over the horizon (default: profit)"
    )
    causes.add_argument("--threshold", default="0", help="what it must reach (default: 0)")
    causes.set_defaults(run=_sensitivity)


def _simulate(options: Any) -> str:
    scenario = seeded(options)
    conditions = [(text, condition(text, SIMULATED)) for text in options.where]
    asked = options.metric or [key for key in (*GLOSSARY, *LINE_KEYS) if key in SIMULATED]
    every = list(dict.fromkeys([*asked, *(one.metric for _, one in conditions)]))
    levels = [checked_level(p) for p in options.quantile]
    result = simulate(scenario, every, month=options.months, end=options.end, paths=options.paths)
    if options.json:
        return dump(
            simulation_json(result, conditions, levels)
            | {"left_out": [one.path for one in without_range(scenario)]}
        )
    rows = estimate_rows(result, asked, options.lang, levels)
    missing = left_out_sentence(scenario, without_range(scenario), options.lang)
    notes = [
        *left_out(result, asked, options.lang),
        *cut_sentences(scenario, options.lang),
        *([missing] if missing else []),
    ]
    parts = [
        table(rows, estimate_heads(options.lang, levels)),
        "",
        *notes,
        say(options.lang, "risk.run", **run_words(result)),
    ]
    parts += [probability_sentence(text, one, result, options.lang) for text, one in conditions]
    return "\n".join(parts) + "\n"


def _sensitivity(options: Any) -> str:
    scenario = seeded(options)
    found = drivers(
        scenario,
        options.metric,
        threshold=plain_number(options.threshold, "threshold"),
        paths=options.paths,
    )
    if options.json:
        return dump(drivers_json(found))
    lang: Lang = options.lang
    parts = [
        (
            table(driver_rows(found, lang), driver_heads(lang))
            if found.factors
            else say(lang, "risk.no_ranges")
        ),
        "",
        *flip_sentences(found, lang),
        "",
        *left_out(found.simulation, [options.metric], lang),
        say(lang, "risk.run", **run_words(found.simulation)),
    ]
    return "\n".join(parts) + "\n"


COMMANDS = {"simulate": _simulate_options, "sensitivity": _sensitivity_options}
"""What adds a command's options to its parser, and the function that runs it."""
