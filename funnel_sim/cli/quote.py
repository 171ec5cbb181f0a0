"""`quote`: whether the quotes of a scenario file are worth signing, what to offer instead, and the
agency's own view of its offer.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from funnel_sim.cli.options import chance_options, seeded
from funnel_sim.cli.printed import dump, table
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.clause_prices import prices, stop_losses
from funnel_sim.decisions.quote.counter_offer import counter_offer
from funnel_sim.decisions.quote.incentives import incentives
from funnel_sim.decisions.quote.instead import own_budget
from funnel_sim.decisions.quote.measure_first import measure_first
from funnel_sim.decisions.quote.our_offer import our_offer
from funnel_sim.decisions.review.record import engagement, measured_record, with_record
from funnel_sim.errors import refuse
from funnel_sim.output.json.counter_offer import counter_json, instead_json
from funnel_sim.output.json.numbers import currency_json
from funnel_sim.output.json.our_offer import our_offer_json
from funnel_sim.output.json.quote import NO_FEE, answers_json
from funnel_sim.output.words.counter_offer import (
    change_heads,
    change_rows,
    counter_notes,
    counter_sentence,
    instead_sentences,
    way_heads,
    way_rows,
)
from funnel_sim.output.words.our_offer import (
    fee_sentence,
    guarantee_heads,
    guarantee_rows,
    guarantees_note,
    kept_heads,
    kept_rows,
    kept_sentences,
    offer_reasons,
    offer_sentence,
    offer_word,
)
from funnel_sim.output.words.quote import best_sentence, no_fee_sentence, reason_sentences
from funnel_sim.output.words.quote import verdict_sentence as quote_sentence
from funnel_sim.output.words.quote_amounts import belief_of
from funnel_sim.output.words.quote_tables import gain_heads, gain_rows, money_heads, money_rows
from funnel_sim.output.words.record import measured_sentence
from funnel_sim.scenario import alternatives, files
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def _quote_options(offered: argparse.ArgumentParser) -> None:
    chance_options(offered)
    offered.add_argument(
        "--counter",
        action="store_true",
        help="what to offer instead: the smallest set of changes with which each quote is signed",
    )
    offered.add_argument(
        "--ours",
        action="store_true",
        help=(
            "for the agency that makes the offer: from which uplift it is worth signing, what each"
            " guarantee changes, the highest fee, what you keep (your own margin: not for the"
            " client)"
        ),
    )
    offered.add_argument(
        "--record",
        metavar="FILE",
        action="append",
        default=[],
        help=(
            "scenario file of a past engagement of the agency, with its months: what was measured"
            " becomes the effect and the record of the quote (repeatable)"
        ),
    )
    offered.add_argument(
        "--option", default="", help="whose record it is; the first quote if left out"
    )
    offered.set_defaults(run=_quote)


def _quote(options: Any) -> str:
    scenario = seeded(options)
    lang: Lang = options.lang
    quotes = [option for option in alternatives.options(scenario) if option.kind == "quote"]
    if not quotes:
        raise refuse("options", None, "quotes_none")
    measured: list[str] = []
    if options.record:
        scenario, measured = _with_record(scenario, quotes, options)
        quotes = [option for option in alternatives.options(scenario) if option.kind == "quote"]
    if options.ours:
        return _ours(scenario, quotes, options)
    typed, scenario = scenario, alternatives.only_priced(scenario)
    quotes = [option for option in quotes if option.priced]
    if options.counter:
        return _counter(typed, scenario, quotes, options)
    found = compare(scenario, options.paths)
    if options.json:
        return dump(
            answers_json(
                found,
                {one.id: prices(scenario, one, paths=options.paths) for one in quotes},
                {one.id: stop_losses(scenario, one, paths=options.paths) for one in quotes},
                {one.id: incentives(scenario, one) for one in quotes},
                measure_first(scenario, paths=options.paths),
                typed,
            )
        )
    parts: list[str] = [*measured, *_begun(typed, lang)]
    for one in quotes:
        answer = found.of(one.id)
        parts += [
            (
                f"{option_name(one, lang)} — {say(lang, f'quote.{answer.verdict}')}:"
                f" {quote_sentence(answer, found, lang)}"
            ),
            *reason_sentences(answer, found, lang),
            belief_of(one, lang, scenario.as_of),
            "",
        ]
    parts += [
        table(gain_rows(found, lang), gain_heads(lang)[1:]),
        "",
        table(money_rows(found, lang), money_heads(lang)[1:]),
        "",
        best_sentence(found, lang),
    ]
    return "\n".join(parts) + "\n"


def _begun(scenario: Scenario, lang: Lang) -> list[str]:
    """Return what stands in place of a verdict on each quote of which no fee is typed."""
    told = [
        f"{option_name(one, lang)} — {no_fee_sentence(lang)}"
        for one in alternatives.begun_quotes(scenario)
    ]
    return [*told, ""] if told else []


def _with_record(
    scenario: Scenario, quotes: Sequence[Option], options: Any
) -> tuple[Scenario, list[str]]:
    """Return the scenario with what the files of past engagements say of one quote's agency, and
    the same in a sentence.
    """
    name = options.option or quotes[0].id
    mine = next((one for one in quotes if one.id == name), None)
    if mine is None:
        raise refuse("option", name, "choice", allowed=", ".join(one.id for one in quotes))
    past = [engagement(Path(path).stem, files.load(path), mine.name) for path in options.record]
    found = measured_record(past, mine.service)
    made = with_record(mine, found).model_dump(mode="json")
    whole = scenario.replace(
        {"options": [made if one["id"] == name else one for one in scenario.plain()["options"]]}
    )
    return whole, [measured_sentence(found, options.lang), ""]


def _counter(typed: Scenario, scenario: Scenario, quotes: Sequence[Option], options: Any) -> str:
    """Return what to offer instead of each quote that has a fee, and what is worth more than it."""
    lang: Lang = options.lang
    paths = scenario.chance.paths if options.paths is None else options.paths
    found = [counter_offer(scenario, one, paths) for one in quotes]
    answers, budget = compare(scenario, paths), own_budget(scenario)
    if options.json:
        return dump(
            {
                "model_version": MODEL_VERSION,
                "seed": scenario.chance.seed,
                "paths": paths,
                **currency_json(scenario),
                "months": scenario.plan.horizon_months,
                "counter_offers": [
                    *(counter_json(one) for one in found),
                    *(
                        {"option": one.id, "verdict_as_quoted": None, "reason": NO_FEE}
                        for one in alternatives.begun_quotes(typed)
                    ),
                ],
                "instead": {one.id: instead_json(answers, one.id, budget) for one in quotes},
            }
        )
    parts: list[str] = _begun(typed, lang)
    for one in found:
        name = option_name(one.option, lang)
        parts += [
            f"{name} — {say(lang, f'quote.{one.as_is.verdict}')}",
            counter_sentence(one, lang),
            *instead_sentences(answers, one.option.id, budget, lang),
            "",
        ]
        if len(one.ways) > 1:
            parts += [table(way_rows(one, lang), way_heads(lang)[1:]), ""]
        if one.changes:
            parts += [
                table(change_rows(one, lang), change_heads(lang)[1:]),
                "",
                *counter_notes(one, lang),
                "",
            ]
    return "\n".join(parts)


def _ours(scenario: Scenario, quotes: Sequence[Option], options: Any) -> str:
    """Return what each quote is to the agency that makes it."""
    lang: Lang = options.lang
    paths = scenario.chance.paths if options.paths is None else options.paths
    found = [our_offer(scenario, one, paths) for one in quotes]
    if options.json:
        return dump(
            {
                "model_version": MODEL_VERSION,
                "seed": scenario.chance.seed,
                "paths": paths,
                **currency_json(scenario),
                "months": scenario.plan.horizon_months,
                "our_offers": [our_offer_json(one) for one in found],
            }
        )
    parts: list[str] = []
    for one in found:
        parts += [
            f"{option_name(one.option, lang)} — {offer_word(one, lang)}:"
            f" {offer_sentence(one, lang)}",
            *offer_reasons(one, lang),
            fee_sentence(one, lang),
            *kept_sentences(one, lang),
            "",
            table(guarantee_rows(one, lang), guarantee_heads(one, lang)[1:]),
            "",
            table(kept_rows(one, lang), kept_heads(lang)[1:]),
            "",
            guarantees_note(one, lang),
            "",
        ]
    return "\n".join(parts)


COMMANDS = {"quote": _quote_options}
"""What adds a command's options to its parser, and the function that runs it."""
