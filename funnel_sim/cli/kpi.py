"""`kpi`: how probable the KPIs of a scenario file are, from the store's history where given."""

import argparse
from typing import Any

from funnel_sim.cli.options import (
    REPEATED,
    SALES_ARE,
    chance_options,
    check_file_given,
    check_rates_used,
    columns_there,
    money_into,
    seeded,
    table_options,
)
from funnel_sim.cli.printed import dump, table
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.kpi.check import OFFERED, check
from funnel_sim.decisions.kpi.definitions import every_definition
from funnel_sim.decisions.kpi.levers import needed, shared_gap
from funnel_sim.decisions.kpi.path import growth_path
from funnel_sim.decisions.kpi.review import remarks
from funnel_sim.decisions.kpi.store_history import FittedChange, fit_funnel, with_months
from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import ROLES
from funnel_sim.evidence.store.together import Source
from funnel_sim.evidence.store.together import together as joined
from funnel_sim.evidence.tables.tables import load_table
from funnel_sim.output.json.kpi import check_json
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import run_words
from funnel_sim.output.words.kpi import (
    belief_sentence,
    reason_sentence,
    rests_sentence,
    verdict_sentence,
)
from funnel_sim.output.words.kpi_levers import gathered
from funnel_sim.output.words.kpi_offers import offer_row
from funnel_sim.output.words.kpi_remarks import remark_sentence
from funnel_sim.words import Lang, say


def _kpi_options(promised: argparse.ArgumentParser) -> None:
    chance_options(promised)
    promised.add_argument(
        "--history",
        metavar="FILE",
        action="append",
        default=[],
        help=(
            "CSV, XLSX or XLS of the store's months, weeks, days or orders: the funnel is fitted to"
            " it (repeatable: files of one store are joined by month)"
        ),
    )
    promised.add_argument(
        "--without",
        action="append",
        metavar="MONTH",
        default=[],
        help="a month of the history to leave out, 2026-03 (repeatable)",
    )
    promised.add_argument(
        "--column",
        action="append",
        metavar="FIGURE=NAME",
        default=[],
        help="the column of a figure, where it is not recognised (repeatable)",
    )
    promised.add_argument("--sales", choices=["before", "after"], default=None, help=SALES_ARE)
    promised.add_argument("--repeated", choices=["once", "add"], default=None, help=REPEATED)
    table_options(promised)
    promised.set_defaults(run=_kpi)


def _kpi(options: Any) -> str:
    scenario = seeded(options)
    lang: Lang = options.lang
    changes: tuple[FittedChange, ...] = ()
    findings: list[str] = []
    check_file_given(options, "history", ("without", "column", "sales", "repeated"))
    foreign: list[str] = []
    if options.history:
        chosen = dict(_pair(text) for text in options.column)
        tables = [load_table(path) for path in options.history]
        sources = [
            Source(
                table.name,
                history(
                    table,
                    columns_there(table, chosen),
                    day_first=options.day_first,
                    decimal=options.decimal,
                    beside_others=len(tables) > 1,
                    into=money_into(options, scenario, table.name),
                    taxed=scenario.tax.situation != "outside_price",
                    after_refunds=None if options.sales is None else options.sales == "after",
                    repeated=options.repeated,
                ),
            )
            for table in tables
        ]
        check_rates_used(options, {one.name: one.history.findings for one in sources})
        found = joined(sources)
        findings = [one.sentence(lang) for one in found.findings]
        if not found.may_be_in(scenario.currency):
            foreign = [
                say(lang, "kpi.history_currency", found=found.currency, currency=scenario.currency)
            ]
        try:
            scenario, changes = fit_funnel(with_months(scenario, found, options.without))
        except InputError:
            options.notes += foreign + findings  # what was found in the files says why
            raise
    at = Context(scenario)
    result = check(at, options.paths)
    gaps = remarks(at)
    if options.json:
        ways = {
            one.kpi.id: way
            for one in result.answers
            if (way := growth_path(at, one.kpi, months=one.months)) is not None
        }
        bases = every_definition(scenario, scenario.kpis, options.paths, result.record)
        return dump(
            check_json(
                result,
                gaps,
                needed(scenario),
                shared_gap(scenario),
                ways,
                bases,
                changes,
                foreign + findings,
            )
        )
    heads = [
        say(lang, "kpi.odds"),
        say(lang, "kpi.typical"),
        *(say(lang, "kpi.at_odds", odds=formats.percent(p, 0)) for p in OFFERED),
    ]
    parts = [
        *foreign,  # before a verdict that rests on it
        f"{say(lang, f'kpi.{result.verdict}')}: {verdict_sentence(result, lang)}",
        reason_sentence(result, lang),
        rests_sentence(result, lang),
        belief_sentence(result, lang),
        "",
        table([offer_row(one, result, lang) for one in result.answers], heads),
        "",
        *(remark_sentence(one, scenario, lang) for one in gathered(gaps)),
        *findings,
        "",
        say(lang, "risk.run", **run_words(result.simulation)),
    ]
    return "\n".join(parts) + "\n"


def _pair(text: str) -> tuple[str, str]:
    role, mark, name = text.partition("=")
    if not mark or role not in ROLES:
        raise refuse("column", text, "column_pair", known=", ".join(ROLES))
    return role, name


COMMANDS = {"kpi": _kpi_options}
"""What adds a command's options to its parser, and the function that runs it."""
