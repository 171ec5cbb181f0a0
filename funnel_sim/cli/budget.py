"""`budget`: the best split of an ad budget over channels, or over the rows of a portfolio."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from funnel_sim.chance.streams import FEWEST, MOST
from funnel_sim.cli.options import check_file_given, money_into, table_options
from funnel_sim.cli.printed import dump, table
from funnel_sim.cli.scenario_file import read
from funnel_sim.decisions.budget.answer import (
    PATHS,
    BudgetAnswer,
    budget_answer,
    portfolio_budget,
)
from funnel_sim.decisions.budget.curves import ResponseCurve, fit_all, matched, with_curves
from funnel_sim.errors import refuse
from funnel_sim.evidence.store.channel_spend import channel_spend
from funnel_sim.evidence.tables.tables import load_table
from funnel_sim.output.json.budget import budget_json
from funnel_sim.output.words.budget import (
    BudgetNames,
    budget_sentences,
    curve_heads,
    curve_rows,
    curve_sentences,
    line_heads,
    line_rows,
    names_of,
)
from funnel_sim.output.words.joining import listed
from funnel_sim.scenario.budget import BudgetGoal, BudgetTerms
from funnel_sim.scenario.files import parsed
from funnel_sim.scenario.portfolio_files import load_portfolio
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def _budget_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("file", help="a scenario file, or a portfolio file (JSON)")
    one.add_argument("--json", action="store_true", help="for machines")
    one.add_argument(
        "--total",
        type=float,
        default=None,
        help="budget a month (default: the file's, else today's)",
    )
    one.add_argument("--goal", choices=get_args(BudgetGoal), default=None, help="what for")
    one.add_argument("--floor", type=float, default=None, help="profit a month at least, for gmv")
    one.add_argument("--gmv", type=float, default=None, help="GMV a month, for cheapest")
    one.add_argument("--step", type=float, default=None, help="amounts are multiples of this")
    one.add_argument(
        "--next",
        type=float,
        default=None,
        help="where so much more a month is best spent, and what it brings (default: the file's,"
        " else a power of ten within the total)",
    )
    one.add_argument(
        "--bound",
        action="append",
        default=[],
        metavar="CHANNEL=LOW:HIGH",
        help="the least and the most of a channel (or row of a portfolio); either may be empty",
    )
    one.add_argument(
        "--as-typed",
        action="store_true",
        help="assume no diminishing returns where none are typed",
    )
    one.add_argument(
        "--curves",
        metavar="FILE",
        help="months of channels (date, channel, spend, sales or orders) to fit responses to",
    )
    table_options(one)
    one.add_argument(
        "--paths",
        type=int,
        default=PATHS,
        help=f"draws of the interval, {FEWEST} to {MOST} (default: %(default)s)",
    )
    one.add_argument("--seed", type=int, default=None, help="of the draws")
    one.set_defaults(run=_budget)


def _budget(options: Any) -> str:
    lang: Lang = options.lang
    check_file_given(options, "curves", ())
    curves: tuple[ResponseCurve, ...] = ()
    if _is_portfolio(options.file):
        if options.curves:
            raise refuse("--curves", options.curves, "curves_of_scenario")
        portfolio = load_portfolio(options.file)
        terms = _asked(options, portfolio.budget)
        portfolio = replace(portfolio, budget=terms)
        seed = 1 if options.seed is None else options.seed
        found = portfolio_budget(portfolio, terms, paths=options.paths, seed=seed)
        names = BudgetNames({})
    else:
        scenario = read(options)
        scenario = scenario.but(budget=_asked(options, scenario.budget))
        if options.curves:
            scenario, curves = _fitted(options, scenario)
        found = budget_answer(scenario, paths=options.paths, seed=options.seed)
        names = names_of(scenario, lang)
    if options.json:
        return dump(budget_json(found, curves))
    return "\n".join(_told(found, curves, names, lang)) + "\n"


def _told(
    found: BudgetAnswer, curves: tuple[ResponseCurve, ...], names: BudgetNames, lang: Lang
) -> list[str]:
    parts = [
        *budget_sentences(found, names, lang),
        "",
        table(line_rows(found, names, lang), line_heads(found, lang)),
    ]
    if curves:
        parts += [
            "",
            *curve_sentences(curves, lang),
            table(curve_rows(curves, lang), curve_heads(lang)),
        ]
    return parts


def _is_portfolio(file: str) -> bool:
    """Say whether a file is a portfolio; one that cannot be read is told of where it is read."""
    try:
        data = parsed(Path(file).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and "funnel_sim_portfolio" in data


def _asked(options: Any, terms: BudgetTerms) -> BudgetTerms:
    """Return the question of the file with what the command line says instead."""
    changes: dict[str, Any] = {
        name: value
        for name, value in (
            ("budget_total", options.total),
            ("budget_goal", options.goal),
            ("profit_floor", options.floor),
            ("gmv_target", options.gmv),
            ("budget_step", options.step),
            ("next_spend", options.next),
        )
        if value is not None
    }
    if options.as_typed:
        changes["assume_response"] = False
    bounds = {one.channel: one for one in terms.bounds}
    for text in options.bound:
        name, low, high = _bound(text)
        bounds[name] = terms.bound(name).but(low=low, high=high)
    return terms.but(**changes, bounds=list(bounds.values()))


def _bound(text: str) -> tuple[str, float | None, float | None]:
    name, mark, ends = text.rpartition("=")
    low, colon, high = ends.partition(":")
    try:
        if not (name and mark and colon):
            raise ValueError
        return name, float(low) if low else None, float(high) if high else None
    except ValueError:
        raise refuse("--bound", text, "budget_bound_text") from None


def _fitted(options: Any, scenario: Scenario) -> tuple[Scenario, tuple[ResponseCurve, ...]]:
    """Return the scenario with the responses of a file's channels, and all that were fitted."""
    spent = load_table(options.curves)
    to = money_into(options, scenario, spent.name)
    months = channel_spend(spent, day_first=options.day_first, decimal=options.decimal, into=to)
    curves = fit_all(scenario, months)
    channel_of = matched(scenario, curves)
    alone = [one.channel.name for one in curves if one.channel.name not in channel_of]
    if not channel_of:
        known = ", ".join(one.id for one in scenario.channels if one.kind in ("cpc", "cpm"))
        raise refuse(options.curves, ", ".join(alone), "curves_match", known=known)
    if alone:
        names = listed(alone, options.lang)
        options.notes.append(say(options.lang, "budget.curves_left", names=names))
    return with_curves(scenario, curves, channel_of), curves


COMMANDS = {"budget": _budget_options}
"""What adds a command's options to its parser, and the function that runs it."""
