"""`cash`: how low the balance falls, how probably below zero, and what keeps it above."""

import argparse
from typing import Any

from funnel_sim.cli.options import chance_options, seeded
from funnel_sim.cli.printed import dump, table
from funnel_sim.decisions.cash.answer import as_planned, balance_currency
from funnel_sim.decisions.cash.found import cash_found
from funnel_sim.decisions.cash.what_if import CashWhatIfs, cash_what_ifs
from funnel_sim.errors import refuse
from funnel_sim.model.cash.days import CashDays
from funnel_sim.output.json.cash import cash_json
from funnel_sim.output.words.cash import drive_sentence, month_names, opening_sentence
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
from funnel_sim.output.words.cash_what_if import what_if_heads, what_if_meanings, what_if_rows
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

EVENTS: dict[str, tuple[str, str]] = {
    "payout_held": ("--if-payout-stops", "no payouts for a time, then all at once"),
    "reserve": ("--if-reserve-raised", "the platform holds a larger reserve"),
    "payout_rule": ("--if-payout-slower", "a payout rule that pays later"),
}
"""The option of each event of cash, by what it does, and what happens then."""


def _cash_options(command: argparse.ArgumentParser) -> None:
    chance_options(command)
    for effect, (option, told) in EVENTS.items():
        command.add_argument(
            option,
            dest=f"if_{effect}",
            type=int,
            default=None,
            metavar="MONTH",
            help=f"what if it happens for certain from this month of the plan on (1, 2, …): {told}",
        )
    command.set_defaults(run=_cash)


def _asked(options: Any, scenario: Scenario) -> list[CashWhatIfs]:
    """Return the events that were asked for, month by month."""
    months: dict[int, list[str]] = {}
    for effect, (option, _) in EVENTS.items():
        month, last = getattr(options, f"if_{effect}"), scenario.plan.horizon_months
        if month is None:
            continue
        if not 1 <= month <= last:
            raise refuse(option, month, "month_of_plan", last=last)
        months.setdefault(month, []).append(effect)
    return [
        cash_what_ifs(scenario, month, paths=options.paths, effects=effects)
        for month, effects in sorted(months.items())
    ]


def _told(found: CashWhatIfs, scenario: Scenario, paths: int, lang: Lang) -> str:
    """Return a table of what if, with what each event is."""
    day = CashDays.of(scenario)
    month = month_names(day)[found.month - 1]
    planned = as_planned(scenario) != scenario
    rows = what_if_rows(found, balance_currency(scenario), paths, lang, planned=planned)
    title = say(lang, "cash.what_if_title", month=month)
    return "\n".join(
        [title, table(rows, what_if_heads(lang)[1:]), what_if_meanings(found, lang), ""]
    )


def _cash(options: Any) -> str:
    scenario = seeded(options)
    if options.json:
        events = _asked(options, scenario)
        return dump(cash_json(cash_found(scenario, paths=options.paths), events))
    scenario = scenario.with_balance_shown()
    events = _asked(options, scenario)
    found = cash_found(scenario, paths=options.paths)
    lang: Lang = options.lang
    beside = (drive_sentence(found.answer, lang), opening_sentence(found.answer, lang))
    notes = [note for one in found.quotes for note in quote_notes(scenario, one, lang)]
    by_id = {one.id: one for one in scenario.options}
    parts = [
        *balance_sentences(found.answer, lang),
        *(one for one in beside if one is not None),
        growth_sentence(found.growth, found.answer.currency, lang),
        "",
        cycle_sentence(found.cycle, lang),
        table(cycle_rows(found.cycle, lang), [""]),
        "",
        table(lever_rows(found.levers, found.answer.currency, lang), lever_heads(lang)),
        "",
        *(_told(one, scenario, found.answer.futures.plan.paths, lang) for one in events),
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
