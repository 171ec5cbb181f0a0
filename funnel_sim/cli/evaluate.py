"""`evaluate`: every figure of a scenario file at its point values."""

import argparse
from typing import Any

from funnel_sim.cli.printed import dump, table
from funnel_sim.cli.scenario_file import read
from funnel_sim.decisions.economics.targets import answers
from funnel_sim.model.economics import Result, evaluate
from funnel_sim.output.json.result import result_json
from funnel_sim.output.words.headlines import sentences as headline_sentences
from funnel_sim.output.words.tables import GLOSSARY, Row, figure_rows, ledger_rows, target_rows
from funnel_sim.scenario.typed_numbers import plain_number
from funnel_sim.words import Lang, say


def _evaluate_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("file", help="a scenario file (JSON), or - for standard input")
    one.add_argument(
        "--json",
        action="store_true",
        help="for machines: metrics, ledger, months, break-even values",
    )
    one.add_argument(
        "--metric",
        default="profit",
        help="what the break-even table brings to the target (default: profit)",
    )
    one.add_argument(
        "--target", default="0", help="the target (default: 0; a margin of 20 %% is 0.2)"
    )
    one.set_defaults(run=_evaluate)


def _evaluate(options: Any) -> str:
    scenario = read(options)
    result = evaluate(scenario)
    target = plain_number(options.target, "target")
    found = answers(scenario, metric=options.metric, target=target)
    if options.json:
        goal = {"target": {"metric": options.metric, "value": target}}
        return dump(result_json(result, found, goal))
    return _report(
        result,
        target_rows(found, scenario.currency, scenario.cost_currency, options.lang),
        options.lang,
    )


def _report(result: Result, targets: list[Row], lang: Lang) -> str:
    heads = [say(lang, f"table.{key}") for key in ("per_order", "per_month", "per_customer")]
    parts = [
        say(lang, "table.ledger"),
        table(ledger_rows(result, lang), heads),
        *([] if result.steady["paid_orders"] else [say(lang, "economics.no_orders")]),
        *headline_sentences(result, lang),
        "",
        say(lang, "table.metrics"),
        table(list(figure_rows(result, [k for k in GLOSSARY if k in result.steady], lang)), [""]),
        "",
        say(lang, "table.targets"),
        table(targets, [say(lang, "table.today"), say(lang, "table.needed")]),
        "",
    ]
    return "\n".join(parts)


COMMANDS = {"evaluate": _evaluate_options}
"""What adds a command's options to its parser, and the function that runs it."""
