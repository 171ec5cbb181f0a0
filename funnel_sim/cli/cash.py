"""`cash`: how low the balance falls, how probably below zero, and what keeps it above."""

import argparse
from typing import Any

from funnel_sim.cli.options import chance_options, seeded
from funnel_sim.cli.printed import dump, table
from funnel_sim.decisions.cash.found import cash_found
from funnel_sim.output.json.cash import cash_json
from funnel_sim.output.words.cash import drive_sentence, opening_sentence
from funnel_sim.output.words.cash_answers import (
    balance_sentences,
    cycle_rows,
    cycle_sentence,
    growth_sentence,
    lever_heads,
    lever_rows,
    quote_cash_sentence,
    quote_notes,
    run_sentence,
)
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.words import Lang


def _cash_options(command: argparse.ArgumentParser) -> None:
    chance_options(command)
    command.set_defaults(run=_cash)


def _cash(options: Any) -> str:
    scenario = seeded(options)
    if options.json:
        return dump(cash_json(cash_found(scenario, paths=options.paths)))
    found = cash_found(scenario.with_balance_shown(), paths=options.paths)
    lang: Lang = options.lang
    beside = (drive_sentence(found.answer, lang), opening_sentence(found.answer, lang))
    notes = [note for one in found.quotes for note in quote_notes(scenario, one, lang)]
    by_id = {one.id: one for one in scenario.options}
    parts = [
        *balance_sentences(found.answer, lang),
        *(one for one in beside if one is not None),
        growth_sentence(found.growth, lang),
        "",
        cycle_sentence(found.cycle, lang),
        table(cycle_rows(found.cycle, lang), [""]),
        "",
        table(lever_rows(found.levers, found.answer.currency, lang), lever_heads(lang)),
        "",
        *(
            quote_cash_sentence(
                one,
                option_name(by_id[one.option], lang),
                found.answer.futures.plan.paths,
                lang,
            )
            for one in found.quotes
        ),
        *dict.fromkeys(notes),
        run_sentence(found, lang),
    ]
    return "\n".join(parts) + "\n"


COMMANDS = {"cash": _cash_options}
"""What adds a command's options to its parser, and the function that runs it."""
