"""Commands that compute: what each asks for on the command line, and the text it answers with."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from funnel_sim.chance.conditions import condition
from funnel_sim.chance.drivers import drivers
from funnel_sim.chance.estimates import checked_level
from funnel_sim.chance.left_out import left_out as without_range
from funnel_sim.chance.simulation import SIMULATED, simulate
from funnel_sim.chance.streams import FEWEST, LIVE, MOST
from funnel_sim.cli.printed import dump as _dump
from funnel_sim.cli.printed import table as _table
from funnel_sim.cli.scenario_file import read as _read
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.conversion_test import (
    Arm,
    StoreTerms,
    compare_rates,
    plan_trial,
    store_terms,
)
from funnel_sim.decisions.customer.budgets import between_budgets
from funnel_sim.decisions.customer.worth import (
    Refused,
    budget_curve,
    customer_worth,
    fit_transactions,
    wide_prior,
    with_fit,
)
from funnel_sim.decisions.economics.targets import answers
from funnel_sim.decisions.kpi.check import OFFERED, check
from funnel_sim.decisions.kpi.definitions import every_definition
from funnel_sim.decisions.kpi.levers import needed, shared_gap
from funnel_sim.decisions.kpi.path import growth_path
from funnel_sim.decisions.kpi.review import remarks
from funnel_sim.decisions.kpi.store_history import FittedChange, fit_funnel, with_months
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.clause_prices import prices, stop_losses
from funnel_sim.decisions.quote.counter_offer import counter_offer
from funnel_sim.decisions.quote.incentives import incentives
from funnel_sim.decisions.quote.instead import own_budget
from funnel_sim.decisions.quote.measure_first import measure_first
from funnel_sim.decisions.quote.our_offer import our_offer
from funnel_sim.decisions.review.record import engagement, measured_record, with_record
from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.orders import several
from funnel_sim.evidence.orders.orders import ROLES as ORDER_ROLES
from funnel_sim.evidence.orders.transactions import Transactions, bought, last_date, of_customers
from funnel_sim.evidence.store.history import ROLES, history
from funnel_sim.evidence.store.together import Source
from funnel_sim.evidence.store.together import together as joined
from funnel_sim.evidence.tables import exports
from funnel_sim.evidence.tables.money import Into, into
from funnel_sim.evidence.tables.tables import Table, load_table
from funnel_sim.model.economics import Result, evaluate
from funnel_sim.model.ledger import LINE_KEYS
from funnel_sim.output.documents.leave_behind import CHAPTERS, letter
from funnel_sim.output.json.chance import drivers_json, simulation_json
from funnel_sim.output.json.conversion_test import rates_json
from funnel_sim.output.json.counter_offer import counter_json, instead_json
from funnel_sim.output.json.customer import worth_json
from funnel_sim.output.json.kpi import check_json
from funnel_sim.output.json.our_offer import our_offer_json
from funnel_sim.output.json.quote import answers_json
from funnel_sim.output.json.result import result_json
from funnel_sim.output.words import formats
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
from funnel_sim.output.words.conversion_test import (
    answer_sentences,
    basis_sentence,
    caution_sentences,
    detail_sentences,
    gap_heads,
    gap_rows,
    need_heads,
    need_rows,
    needed_sentence,
    trial_rows,
    trial_sentences,
    version_heads,
    version_rows,
)
from funnel_sim.output.words.conversion_test import verdict_sentence as verdict_sentence_of_rates
from funnel_sim.output.words.counter_offer import (
    change_heads,
    change_rows,
    counter_notes,
    counter_sentence,
    instead_sentences,
    way_heads,
    way_rows,
)
from funnel_sim.output.words.customer import step_heads, step_rows, step_sentence, worth_sentences
from funnel_sim.output.words.headlines import sentences as headline_sentences
from funnel_sim.output.words.kpi import (
    belief_sentence,
    gathered,
    offer_row,
    reason_sentence,
    remark_sentence,
    rests_sentence,
    verdict_sentence,
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
from funnel_sim.output.words.quote import best_sentence, reason_sentences
from funnel_sim.output.words.quote import verdict_sentence as quote_sentence
from funnel_sim.output.words.quote_amounts import belief_of
from funnel_sim.output.words.quote_tables import gain_heads, gain_rows, money_heads, money_rows
from funnel_sim.output.words.record import measured_sentence
from funnel_sim.output.words.tables import (
    GLOSSARY,
    Row,
    figure_rows,
    ledger_rows,
    target_rows,
)
from funnel_sim.reference.rate_settings import (
    INTERVALS,
    PRIORS,
    name_of,
    refused_setting,
    setting,
    settings,
)
from funnel_sim.scenario import alternatives, files
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.typed_numbers import plain_number
from funnel_sim.words import Lang, say

KINDS = ("workbook", "html", "pdf", "slides", "file")
COUNTER_KINDS = ("counter", "boss")


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


def _simulate_options(many: argparse.ArgumentParser) -> None:
    _chance_options(many)
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
    _chance_options(causes)
    causes.add_argument(
        "--metric", default="profit", help="the figure over the horizon (default: profit)"
    )
    causes.add_argument("--threshold", default="0", help="what it must reach (default: 0)")
    causes.set_defaults(run=_sensitivity)


def _transactions_help() -> str:
    """Return which files of orders are read."""
    known = "; ".join(one.name.en for one in exports.every() if one.is_list)
    text = (
        "orders of customers, to which BG/NBD and Gamma-Gamma are fitted. CSV, TSV, XLSX, XLS, or a"
        f" page or XML saved as .xls. Known by their headings: {known}. Any other list with a"
        " customer, a date and an amount is read too; its columns can be named below. Several files"
        " of one shop count as one: an order that stands in two of them counts once"
    )
    return text.replace("%", "%%")


_CONVERT = (
    "convert the money of the file to this currency, at the rates in force on the scenario's day"
    " (default: money of several currencies is refused)"
)


def _ltv_options(buyers: argparse.ArgumentParser) -> None:
    _chance_options(buyers)
    buyers.add_argument(
        "--transactions",
        metavar="FILE",
        nargs="+",
        action="extend",
        default=[],
        help=_transactions_help(),
    )
    buyers.add_argument(
        "--until",
        metavar="DATE",
        default=None,
        help="day up to which the customers were watched (default: the last date in the file)",
    )
    for role in ORDER_ROLES:
        buyers.add_argument(
            f"--{role}",
            metavar="COLUMN",
            default=None,
            help=f"the column of the {role}, where it is not recognised",
        )
    buyers.add_argument(
        "--day-first",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="01/02/2026 is the first of February",
    )
    buyers.add_argument(
        "--decimal", choices=[".", ","], default=None, help="the decimal mark of the amounts"
    )
    buyers.add_argument("--convert-to", metavar="CODE", default=None, help=_CONVERT)
    buyers.add_argument(
        "--budgets",
        nargs=2,
        type=float,
        metavar=("A", "B"),
        default=None,
        help=(
            "two monthly ad budgets: extra sales and profit between them, marginal ROAS and the one"
            " needed"
        ),
    )
    buyers.set_defaults(run=_ltv)


def _kpi_options(promised: argparse.ArgumentParser) -> None:
    _chance_options(promised)
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
    promised.add_argument(
        "--day-first",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="01/02/2026 is the first of February",
    )
    promised.add_argument(
        "--decimal", choices=[".", ","], default=None, help="the decimal mark of the amounts"
    )
    promised.add_argument("--convert-to", metavar="CODE", default=None, help=_CONVERT)
    promised.set_defaults(run=_kpi)


def _quote_options(offered: argparse.ArgumentParser) -> None:
    _chance_options(offered)
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


def _rates_options(rates: argparse.ArgumentParser) -> None:
    for arm, kind in (("a", "old"), ("b", "new")):
        for part in ("visits", "orders"):
            rates.add_argument(
                f"--{arm}-{part}",
                type=float,
                metavar="N",
                default=None,
                help=f"{part} of the {kind} version; without any counts a test is planned",
            )
    for arm in ("a", "b"):
        rates.add_argument(
            f"--{arm}-margin",
            type=float,
            metavar="MONEY",
            default=None,
            help=f"margin per order of {arm.upper()}, where the two differ",
        )
        rates.add_argument(
            f"--{arm}-margin-sd",
            type=float,
            metavar="MONEY",
            default=None,
            help=f"its standard deviation from order to order ({arm.upper()})",
        )
    rates.add_argument(
        "--scenario",
        metavar="FILE",
        default=None,
        help="a scenario file: margin per order, visits a month, rate, ad cost of a visit",
    )
    rates.add_argument(
        "--visits-month",
        type=float,
        metavar="N",
        default=None,
        help="visits of the store a month (default: the scenario's)",
    )
    rates.add_argument(
        "--margin",
        type=float,
        metavar="MONEY",
        default=None,
        help="margin per order (default: the scenario's contribution margin 2 per order)",
    )
    rates.add_argument(
        "--visit-cost",
        type=float,
        metavar="MONEY",
        default=None,
        help="ad cost of a bought visit (default: the scenario's)",
    )
    rates.add_argument(
        "--fee",
        type=float,
        metavar="MONEY",
        default=0.0,
        help="what the new version costs a month on top, such as a provider's fee",
    )
    for name, told in (
        ("rate", "conversion rate of today (default: the scenario's)"),
        ("bought", "share of visits that are bought (default: the scenario's)"),
    ):
        rates.add_argument(f"--{name}", metavar="SHARE", default=None, help=f"{told}, 4%% or 0.04")
    for name in ("effect", "share-b", "level", "inner", "alpha", "power", "decide"):
        default = setting(name.replace("-", "_"))
        rates.add_argument(
            f"--{name}",
            metavar="SHARE",
            default=None,
            help=f"{name_of(name.replace('-', '_')).en}, 10%% or 0.1 (default: {default.value:g})",
        )
    for name in ("horizon", "prior-orders"):
        default = setting(name.replace("-", "_"))
        rates.add_argument(
            f"--{name}",
            type=float,
            metavar="N",
            default=None,
            help=f"{name_of(name.replace('-', '_')).en} (default: {default.value:g})",
        )
    rates.add_argument(
        "--prior", choices=PRIORS, default=None, help="prior of each rate (default: jeffreys)"
    )
    rates.add_argument(
        "--interval",
        choices=INTERVALS,
        default=None,
        help="kind of interval (default: equal_tailed)",
    )
    rates.add_argument("--json", action="store_true", help="for machines")
    rates.set_defaults(run=_compare_rates)


def _files_options(taken: argparse.ArgumentParser) -> None:
    taken.add_argument("file", help="a scenario file (JSON), or - for standard input")
    taken.add_argument("--out", default=".", metavar="DIR", help="where they go (default: here)")
    taken.add_argument(
        "--format",
        action="append",
        choices=(*KINDS, *COUNTER_KINDS),
        help=(
            "one of them, again for more (default: all; the counter-draft (counter) and the page"
            " for the boss (boss) where a quote has a counter-offer)"
        ),
    )
    taken.add_argument("--for", dest="recipient", default="", metavar="NAME", help="who gets it")
    taken.add_argument("--by", dest="sender", default="", metavar="NAME", help="who made it")
    taken.add_argument("--date", dest="day", default="", metavar="DAY", help="the day on it")
    taken.add_argument(
        "--ours",
        action="store_true",
        help=(
            "in the words of the agency that makes the offer: no verdict on it, no counter-offer to"
            " it, unless asked for"
        ),
    )
    taken.add_argument(
        "--chapter",
        action="append",
        metavar="NAME",
        help="a chapter of the report, again for more: " + ", ".join(("offer", *CHAPTERS)),
    )
    taken.set_defaults(run=_files)


def _chance_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", help="a scenario file (JSON), or - for standard input")
    command.add_argument("--json", action="store_true", help="for machines")
    command.add_argument(
        "--paths",
        type=int,
        default=None,
        help=f"number of paths, {FEWEST} to {MOST} (default: the scenario's own, {LIVE})",
    )
    command.add_argument(
        "--seed", type=int, default=None, help="seed (default: the scenario's own)"
    )


def _seeded(options: Any) -> Scenario:
    scenario = _read(options)
    return scenario if options.seed is None else scenario.replace({"chance.seed": options.seed})


def _simulate(options: Any) -> str:
    scenario = _seeded(options)
    conditions = [(text, condition(text, SIMULATED)) for text in options.where]
    asked = options.metric or [key for key in (*GLOSSARY, *LINE_KEYS) if key in SIMULATED]
    every = list(dict.fromkeys([*asked, *(one.metric for _, one in conditions)]))
    levels = [checked_level(p) for p in options.quantile]
    result = simulate(scenario, every, month=options.months, end=options.end, paths=options.paths)
    if options.json:
        return _dump(
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
        _table(rows, estimate_heads(options.lang, levels)),
        "",
        *notes,
        say(options.lang, "risk.run", **run_words(result)),
    ]
    parts += [probability_sentence(text, one, result, options.lang) for text, one in conditions]
    return "\n".join(parts) + "\n"


def _sensitivity(options: Any) -> str:
    scenario = _seeded(options)
    found = drivers(
        scenario,
        options.metric,
        threshold=plain_number(options.threshold, "threshold"),
        paths=options.paths,
    )
    if options.json:
        return _dump(drivers_json(found))
    lang: Lang = options.lang
    parts = [
        (
            _table(driver_rows(found, lang), driver_heads(lang))
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


def _ltv(options: Any) -> str:
    scenario = _seeded(options)
    fitted, refused = None, None
    _about_a_file(options, "transactions", (*ORDER_ROLES, "until"))
    if options.transactions:
        read = _transactions(options, scenario)
        try:
            fitted = fit_transactions(
                read, ", ".join(Path(one).name for one in options.transactions)
            )
            scenario = with_fit(scenario, fitted)
        # too few orders for a fit: a warning, and the wide prior in its place
        except InputError as error:
            refused = Refused(read.counted, error)
            scenario = wide_prior(scenario) or scenario
    found, curve = customer_worth(scenario, options.paths), budget_curve(scenario)
    step = between_budgets(scenario, *options.budgets) if options.budgets else None
    if options.json:
        return _dump(worth_json(found, curve, fitted or refused, step))
    lang: Lang = options.lang
    rows = [
        *figure_rows(
            found.result,
            [
                "cac",
                "blended_cac",
                "loaded_cac",
                "ltv",
                "ltv_unlimited",
                "ltv_cac",
                "payback_months",
                "payback_orders",
            ],
            lang,
        )
    ]
    parts = [
        _table(rows, [""]),
        "",
        *worth_sentences(found, curve, fitted or refused, lang),
        say(lang, "risk.run", **run_words(found.simulation)),
    ]
    if step is not None:
        parts += [
            "",
            _table(step_rows(step, found.result, lang), step_heads(step, found.result, lang)),
            "",
            step_sentence(step, lang),
        ]
    return "\n".join(parts) + "\n"


def _kpi(options: Any) -> str:
    scenario = _seeded(options)
    lang: Lang = options.lang
    changes: tuple[FittedChange, ...] = ()
    findings: list[str] = []
    _about_a_file(options, "history", ("without", "column"))
    foreign: list[str] = []
    if options.history:
        chosen = dict(_pair(text) for text in options.column)
        tables = [load_table(path) for path in options.history]
        found = joined(
            [
                Source(
                    table.name,
                    history(
                        table,
                        _of_table(table, chosen),
                        day_first=options.day_first,
                        decimal=options.decimal,
                        beside_others=len(tables) > 1,
                        into=_into(options, scenario),
                    ),
                )
                for table in tables
            ]
        )
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
        return _dump(
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
        _table([offer_row(one, result, lang) for one in result.answers], heads),
        "",
        *(remark_sentence(one, scenario, lang) for one in gathered(gaps)),
        *findings,
        "",
        say(lang, "risk.run", **run_words(result.simulation)),
    ]
    return "\n".join(parts) + "\n"


def _quote(options: Any) -> str:
    scenario = _seeded(options)
    lang: Lang = options.lang
    quotes = [option for option in alternatives.options(scenario) if option.kind == "quote"]
    if not quotes:
        raise refuse("options", None, "quotes_none")
    measured: list[str] = []
    if options.record:
        scenario, measured = _with_record(scenario, quotes, options)
        quotes = [option for option in alternatives.options(scenario) if option.kind == "quote"]
    if options.counter:
        return _counter(scenario, quotes, options)
    if options.ours:
        return _ours(scenario, quotes, options)
    found = compare(scenario, options.paths)
    if options.json:
        return _dump(
            answers_json(
                found,
                {one.id: prices(scenario, one, paths=options.paths) for one in quotes},
                {one.id: stop_losses(scenario, one, paths=options.paths) for one in quotes},
                {one.id: incentives(scenario, one) for one in quotes},
                measure_first(scenario, paths=options.paths),
            )
        )
    parts: list[str] = measured
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
        _table(gain_rows(found, lang), gain_heads(lang)[1:]),
        "",
        _table(money_rows(found, lang), money_heads(lang)[1:]),
        "",
        best_sentence(found, lang),
    ]
    return "\n".join(parts) + "\n"


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


def _counter(scenario: Scenario, quotes: Sequence[Option], options: Any) -> str:
    """Return what to offer instead of each quote, and what is worth more than it."""
    lang: Lang = options.lang
    paths = scenario.chance.paths if options.paths is None else options.paths
    found = [counter_offer(scenario, one, paths) for one in quotes]
    answers, budget = compare(scenario, paths), own_budget(scenario)
    if options.json:
        return _dump(
            {
                "model_version": MODEL_VERSION,
                "seed": scenario.chance.seed,
                "paths": paths,
                "currency": scenario.currency,
                "months": scenario.plan.horizon_months,
                "counter_offers": [counter_json(one) for one in found],
                "instead": {one.id: instead_json(answers, one.id, budget) for one in quotes},
            }
        )
    parts: list[str] = []
    for one in found:
        name = option_name(one.option, lang)
        parts += [
            f"{name} — {say(lang, f'quote.{one.as_is.verdict}')}",
            counter_sentence(one, lang),
            *instead_sentences(answers, one.option.id, budget, lang),
            "",
        ]
        if len(one.ways) > 1:
            parts += [_table(way_rows(one, lang), way_heads(lang)[1:]), ""]
        if one.changes:
            parts += [
                _table(change_rows(one, lang), change_heads(lang)[1:]),
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
        return _dump(
            {
                "model_version": MODEL_VERSION,
                "seed": scenario.chance.seed,
                "paths": paths,
                "currency": scenario.currency,
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
            _table(guarantee_rows(one, lang), guarantee_heads(one, lang)[1:]),
            "",
            _table(kept_rows(one, lang), kept_heads(lang)[1:]),
            "",
            guarantees_note(one, lang),
            "",
        ]
    return "\n".join(parts)


def _compare_rates(options: Any) -> str:
    lang: Lang = options.lang
    result = evaluate(_read(options, "scenario")) if options.scenario else None
    base = store_terms(result) if result else StoreTerms()
    typed = {
        "visits_month": options.visits_month,
        "margin": options.margin,
        "visit_cost": options.visit_cost,
        "fee": options.fee,
        "rate": _share("rate", options.rate),
        "bought": _share("bought", options.bought),
    }
    store = replace(base, **{name: value for name, value in typed.items() if value is not None})
    shares = {
        name: _share(name, getattr(options, name))
        for name in ("effect", "share_b", "level", "inner", "alpha", "power", "decide")
    }
    others = {
        name: getattr(options, name) for name in ("horizon", "prior_orders", "prior", "interval")
    }
    chosen = settings(
        **{name: value for name, value in (shares | others).items() if value is not None}
    )
    currency = result.scenario.currency if result else ""
    counts = {
        name: getattr(options, name) for name in ("a_visits", "a_orders", "b_visits", "b_orders")
    }
    found = None
    if any(value is not None for value in counts.values()):
        for name, value in counts.items():
            if value is None:
                raise refused_setting(name, None, "missing")
        arms = [
            Arm(
                counts[f"{one}_visits"],
                counts[f"{one}_orders"],
                getattr(options, f"{one}_margin"),
                getattr(options, f"{one}_margin_sd"),
            )
            for one in ("a", "b")
        ]
        found = compare_rates(arms[0], arms[1], store, chosen)
    today = store.rate if found is None or not 0 < found.a.rate < 1 else found.a.rate
    if today is None and found is None:
        raise refused_setting("rate", None, "missing")
    possible = found is None or (
        today is not None and today > 0 and today * (1 + chosen.effect) <= 1
    )
    trial = (
        plan_trial(today, store, chosen) if today is not None and possible else None
    )  # beside an answer, a test plan that is not possible is left out
    if options.json:
        return _dump(rates_json(found, trial, currency))
    parts: list[str] = []
    if found is not None:
        parts += [
            verdict_sentence_of_rates(found, lang),
            *answer_sentences(found, currency, lang),
            *detail_sentences(found, currency, lang),
            "",
            _table(version_rows(found, lang), version_heads(found, lang)),
            "",
            say(lang, "rates.gap"),
            _table(gap_rows(found, currency, lang), gap_heads(found, lang)),
            "",
            say(lang, "rates.needs"),
            _table(need_rows(found, lang), need_heads(lang)),
            "",
            needed_sentence(found.wanted, lang, measured=False),
            needed_sentence(found.measured, lang, measured=True),
            basis_sentence(found, lang),
            "",
        ]
    if trial is not None:
        parts += [
            *trial_sentences(trial, currency, lang),
            "",
            say(lang, "rates.trial"),
            _table(trial_rows(trial, currency, lang), [""]),
            "",
        ]
    return "\n".join([*parts, *caution_sentences(lang)]) + "\n"


def _share(name: str, text: str | None) -> float | None:
    """Return a share typed as "10%" or as 0.1."""
    if text is None:
        return None
    number, percent, rest = text.strip().partition("%")
    try:
        value = float(number)
    except ValueError:
        rest = "?"
    if rest.strip():
        raise refused_setting(name, text, "number")
    return value / 100 if percent else value


def _files(options: Any) -> str:
    from funnel_sim.decisions.found import find
    from funnel_sim.output.exports import COUNTER, FORMATS, counter_files, file_name, kinds_of

    scenario = _read(options)
    chosen = None if options.chapter is None else tuple(options.chapter)
    about = letter(options.recipient, options.sender, options.day, ours=options.ours, chosen=chosen)
    found, made = find(scenario), []
    lang: Lang = options.lang
    for kind in options.format or kinds_of(scenario, ours=options.ours):
        if kind in COUNTER:
            each = counter_files(scenario, found, kind, lang)
            if not each and not options.format:
                continue
            if not each:
                raise refuse("options", None, "counter_none")
            ready = {
                f"{file_name(scenario)}-{name}-{kind}-{lang}.{COUNTER[kind][0]}": content
                for name, content in each.items()
            }
        else:
            shape = FORMATS[kind]
            ready = {
                f"{file_name(scenario)}-{lang}.{shape.ending}": shape.made(
                    scenario, found, lang, about
                )
            }
        for name, content in ready.items():
            place = Path(options.out) / name
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
            except OSError as error:
                raise refuse(
                    str(place), None, "file_unwritten", reason=error.strerror or "error"
                ) from None
            made.append(str(place))
    return "\n".join(made) + "\n"


def _about_a_file(options: Any, file: str, names: Sequence[str]) -> None:
    """Raise InputError for an option that says how a file is to be read, without the file."""
    if getattr(options, file):
        return
    for name in (*names, "day_first", "decimal", "convert_to"):
        value = getattr(options, name)
        if value not in (None, []):
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            raise refuse(f"--{name.replace('_', '-')}", shown, "needs_file", flag=f"--{file}")


def _pair(text: str) -> tuple[str, str]:
    role, mark, name = text.partition("=")
    if not mark or role not in ROLES:
        raise refuse("column", text, "column_pair", known=", ".join(ROLES))
    return role, name


def _of_table(table: Table, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the chosen columns that a table has, all of them where it has none: the refusal then
    names them.
    """
    there = {role: column for role, column in chosen.items() if column in table.columns}
    return there or dict(chosen)


def _into(options: Any, scenario: Scenario) -> Into | None:
    return into(options.convert_to, scenario.as_of) if options.convert_to else None


def _transactions(options: Any, scenario: Scenario) -> Transactions:
    tables = [load_table(path) for path in options.transactions]
    chosen = {role: getattr(options, role) for role in ORDER_ROLES if getattr(options, role)}
    of_each = [_of_table(table, chosen) for table in tables]
    until = (
        files.read_date(options.until)
        if options.until
        else max(
            last_date(table, own, day_first=options.day_first)
            for table, own in zip(tables, of_each, strict=True)
        )
    )
    found = [
        of_customers(
            table,
            own,
            day_first=options.day_first,
            decimal=options.decimal,
            into=_into(options, scenario),
        )
        for table, own in zip(tables, of_each, strict=True)
    ]
    return bought(several.together(found), until)


def _evaluate(options: Any) -> str:
    scenario = _read(options)
    result = evaluate(scenario)
    target = plain_number(options.target, "target")
    found = answers(scenario, metric=options.metric, target=target)
    if options.json:
        goal = {"target": {"metric": options.metric, "value": target}}
        return _dump(result_json(result, found, goal))
    return _report(
        result,
        target_rows(found, scenario.currency, scenario.cost_currency, options.lang),
        options.lang,
    )


def _report(result: Result, targets: list[Row], lang: Lang) -> str:
    heads = [say(lang, f"table.{key}") for key in ("per_order", "per_month", "per_customer")]
    parts = [
        say(lang, "table.ledger"),
        _table(ledger_rows(result, lang), heads),
        *([] if result.steady["paid_orders"] else [say(lang, "economics.no_orders")]),
        *headline_sentences(result, lang),
        "",
        say(lang, "table.metrics"),
        _table(list(figure_rows(result, [k for k in GLOSSARY if k in result.steady], lang)), [""]),
        "",
        say(lang, "table.targets"),
        _table(targets, [say(lang, "table.today"), say(lang, "table.needed")]),
        "",
    ]
    return "\n".join(parts)


COMMANDS = {
    "evaluate": _evaluate_options,
    "simulate": _simulate_options,
    "sensitivity": _sensitivity_options,
    "ltv": _ltv_options,
    "kpi": _kpi_options,
    "quote": _quote_options,
    "compare-rates": _rates_options,
    "files": _files_options,
}
"""What adds a command's options to its parser, and the function that runs it."""
