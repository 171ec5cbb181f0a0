"""The command line: `python -m funnel_sim evaluate FILE --json`, `simulate`, `sensitivity`, `ltv`, `kpi`, `quote`, `files`, `presets`, `preset NAME`, `schema`.

Wrong input ends with exit code 2 and one line per problem on standard error.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from funnel_sim.chance.conditions import condition
from funnel_sim.chance.drivers import drivers
from funnel_sim.chance.estimates import checked_level
from funnel_sim.chance.simulation import SIMULATED, simulate
from funnel_sim.chance.streams import FEWEST, LIVE, MOST
from funnel_sim.decisions.budgets import between_budgets
from funnel_sim.decisions.clause_prices import prices, stop_losses
from funnel_sim.decisions.customers import Refused, budget_curve, fit_transactions, wide_prior, with_fit, worth
from funnel_sim.decisions.incentives import incentives
from funnel_sim.decisions.kpi_definitions import definitions
from funnel_sim.decisions.kpi_levers import needed, shared
from funnel_sim.decisions.kpi_path import growth_path
from funnel_sim.decisions.kpi_review import remarks
from funnel_sim.decisions.kpis import OFFERED, check
from funnel_sim.decisions.measure_first import measure_first
from funnel_sim.decisions.quotes import compare
from funnel_sim.decisions.store_history import Change, fit_funnel, with_months
from funnel_sim.decisions.targets import answers
from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.history import ROLES, history
from funnel_sim.evidence.tables import Table, read_table
from funnel_sim.evidence.transactions import Transactions, last_date, transactions
from funnel_sim.inputs import alternatives, files
from funnel_sim.inputs.alternatives import option_name
from funnel_sim.inputs.presets import preset, preset_cards
from funnel_sim.inputs.scenario import Scenario
from funnel_sim.model.economics import Result, evaluate
from funnel_sim.output import formats
from funnel_sim.output.chances import (
    cut_sentences,
    driver_heads,
    driver_rows,
    drivers_json,
    estimate_heads,
    estimate_rows,
    flip_sentences,
    left_out,
    odds_sentence,
    run_words,
    simulation_json,
)  # fmt: skip
from funnel_sim.output.customers import step_heads, step_rows, step_sentence, worth_json, worth_sentences
from funnel_sim.output.headlines import sentences as headline_sentences
from funnel_sim.output.kpis import (
    belief_sentence,
    check_json,
    gathered,
    offer_row,
    reason_sentence,
    remark_sentence,
    rests_sentence,
    verdict_sentence,
)
from funnel_sim.output.quotes import answers_json, belief_of, best_sentence, gain_heads, gain_rows, money_heads, money_rows, reason_sentences
from funnel_sim.output.quotes import verdict_sentence as quote_sentence
from funnel_sim.output.tables import GLOSSARY, LINE_KEYS, Row, as_json, figure_rows, ledger_rows, target_rows
from funnel_sim.output.versions import version_note
from funnel_sim.words import LANGS, Lang, say

WRONG_INPUT = 2
KINDS = ("workbook", "html", "pdf", "slides", "file")


def main(arguments: Sequence[str] | None = None, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Run one command; return the exit code (0 fine, 2 wrong input)."""
    out, err = out or sys.stdout, err or sys.stderr
    options = _parser().parse_args(arguments)
    options.notes = []
    try:
        text = options.run(options)
    except InputError as error:
        err.write("\n".join(error.sentences(options.lang)) + "\n")
        return WRONG_INPUT
    err.write("".join(f"{note}\n" for note in options.notes))
    try:
        out.write(text)
    except BrokenPipeError:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=LANGS, default="en", help="language of tables and messages")
    parser = argparse.ArgumentParser(prog="funnel_sim", description="Unit economics of a cross-border store.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("evaluate", parents=[common], help="every figure of a scenario file")
    one.add_argument("file", help="a scenario file (JSON), or - for standard input")
    one.add_argument("--json", action="store_true", help="for machines: metrics, ledger, months, break-even values")
    one.add_argument("--metric", default="profit", help="what the break-even table brings to the target (default: profit)")
    one.add_argument("--target", type=float, default=0.0, help="the target (default: 0; a margin of 20 %% is 0.2)")
    one.set_defaults(run=_evaluate)

    many = commands.add_parser("simulate", parents=[common], help="the odds: thousands of draws of a scenario file")
    _chance_options(many)
    many.add_argument("--metric", action="append", metavar="KEY", help="a figure to report (repeatable; default: all of the glossary and the ledger)")
    many.add_argument("--months", action="append", metavar="KEY", default=[], help="a figure to report month by month (repeatable)")
    many.add_argument("--end", action="append", metavar="KEY", default=[], help="a figure to report for the last month (repeatable)")
    many.add_argument(
        "--where", action="append", metavar="CONDITION", default=[], help='the odds of a condition: "roas>=3", "acos<=22%%" (repeatable)'
    )
    many.add_argument(
        "--quantile", action="append", type=float, metavar="P", default=[], help="a percentile at a level of your own, 0.2 for P20 (repeatable)"
    )
    many.set_defaults(run=_simulate)

    causes = commands.add_parser("sensitivity", parents=[common], help="which inputs decide the result, where it turns, what to measure first")
    _chance_options(causes)
    causes.add_argument("--metric", default="profit", help="the figure over the horizon (default: profit)")
    causes.add_argument("--threshold", type=float, default=0.0, help="what it must reach (default: 0)")
    causes.set_defaults(run=_sensitivity)

    buyers = commands.add_parser("ltv", parents=[common], help="what a customer costs and brings back; fitted to transactions where given")
    _chance_options(buyers)
    buyers.add_argument(
        "--transactions", metavar="FILE", default=None, help="CSV or XLSX with customer, date and amount: fits BG/NBD and Gamma-Gamma"
    )
    buyers.add_argument(
        "--until", metavar="DATE", default=None, help="day up to which the customers were watched (default: the last date in the file)"
    )
    for role in ("customer", "date", "amount"):
        buyers.add_argument(f"--{role}", metavar="COLUMN", default=None, help=f"the column of the {role}, where it is not recognised")
    buyers.add_argument("--day-first", action=argparse.BooleanOptionalAction, default=None, help="01/02/2026 is the first of February")
    buyers.add_argument("--decimal", choices=[".", ","], default=None, help="the decimal mark of the amounts")
    buyers.add_argument("--budgets", nargs=2, type=float, metavar=("A", "B"), default=None,
                        help="two monthly ad budgets: extra sales and profit between them, marginal ROAS and the one needed")  # fmt: skip
    buyers.set_defaults(run=_ltv)

    promised = commands.add_parser(
        "kpi", parents=[common], help="how likely the KPIs of a scenario file are, jointly and each; what would have to be true"
    )
    _chance_options(promised)
    promised.add_argument(
        "--history", metavar="FILE", default=None, help="CSV or XLSX of the store's months, weeks or days: the funnel is fitted to it"
    )
    promised.add_argument("--without", action="append", metavar="MONTH", default=[], help="a month of the history to leave out, 2026-03 (repeatable)")
    promised.add_argument(
        "--column", action="append", metavar="FIGURE=NAME", default=[], help="the column of a figure, where it is not recognised (repeatable)"
    )
    promised.add_argument("--day-first", action=argparse.BooleanOptionalAction, default=None, help="01/02/2026 is the first of February")
    promised.add_argument("--decimal", choices=[".", ","], default=None, help="the decimal mark of the amounts")
    promised.set_defaults(run=_kpi)

    offered = commands.add_parser(
        "quote", parents=[common], help="are the quotes of a scenario file worth signing: against carrying on alone and every alternative"
    )
    _chance_options(offered)
    offered.set_defaults(run=_quote)

    _file_commands(commands, common)
    return parser


def _file_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    taken = commands.add_parser("files", parents=[common], help="make the files to take away: workbook, report (HTML, PDF), slides, scenario file")
    taken.add_argument("file", help="a scenario file (JSON), or - for standard input")
    taken.add_argument("--out", default=".", metavar="DIR", help="where they go (default: here)")
    taken.add_argument("--format", action="append", choices=KINDS, help="one of them, again for more (default: all)")
    taken.set_defaults(run=_files)

    every = commands.add_parser("presets", parents=[common], help="list the presets")
    every.add_argument("--json", action="store_true")
    every.set_defaults(run=_presets)

    single = commands.add_parser("preset", parents=[common], help="print a preset as a scenario file")
    single.add_argument("name")
    single.add_argument("--on", default=None, metavar="DATE", help="the day its parameters are asked for")
    single.set_defaults(run=_preset)

    schema = commands.add_parser("schema", parents=[common], help="print the JSON Schema of a scenario file")
    schema.set_defaults(run=lambda options: json.dumps(files.schema(), ensure_ascii=False, indent=2) + "\n")


def _chance_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", help="a scenario file (JSON), or - for standard input")
    command.add_argument("--json", action="store_true", help="for machines")
    command.add_argument("--paths", type=int, default=None, help=f"number of paths, {FEWEST} to {MOST} (default: the scenario's own, {LIVE})")
    command.add_argument("--seed", type=int, default=None, help="seed (default: the scenario's own)")


def _read(options: Any) -> Scenario:
    """Return the scenario of the file named; what an older version of the model did otherwise is said on standard error, so that figures stay readable by machines."""
    found = files.opened(sys.stdin.buffer.read(), "-") if options.file == "-" else files.load_opened(options.file)
    note = version_note(found.model, options.lang)
    if note:
        options.notes.append(note)
    return found.scenario


def _dump(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


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
        return _dump(simulation_json(result, conditions, levels))
    rows = estimate_rows(result, asked, options.lang, levels)
    notes = [*left_out(result, asked, options.lang), *cut_sentences(scenario, options.lang)]
    parts = [_table(rows, estimate_heads(options.lang, levels)), "", *notes, say(options.lang, "risk.run", **run_words(result))]
    parts += [odds_sentence(text, one, result, options.lang) for text, one in conditions]
    return "\n".join(parts) + "\n"


def _sensitivity(options: Any) -> str:
    scenario = _seeded(options)
    found = drivers(scenario, options.metric, threshold=options.threshold, paths=options.paths)
    if options.json:
        return _dump(drivers_json(found))
    lang: Lang = options.lang
    parts = [
        _table(driver_rows(found, lang), driver_heads(lang)) if found.factors else say(lang, "risk.no_ranges"),
        "",
        *flip_sentences(found, lang),
        "",
        say(lang, "risk.run", **run_words(found.simulation)),
    ]
    return "\n".join(parts) + "\n"


def _ltv(options: Any) -> str:
    scenario = _seeded(options)
    fitted, refused = None, None
    if options.transactions:
        read = _transactions(options)
        try:
            fitted = fit_transactions(read, Path(options.transactions).name)
            scenario = with_fit(scenario, fitted)
        except InputError as error:  # too little to fit: said aloud, and the wide prior instead
            refused = Refused(read.counted, error)
            scenario = wide_prior(scenario) or scenario
    found, curve = worth(scenario, options.paths), budget_curve(scenario)
    step = between_budgets(scenario, *options.budgets) if options.budgets else None
    if options.json:
        return _dump(worth_json(found, curve, fitted or refused, step))
    lang: Lang = options.lang
    rows = [
        *figure_rows(found.result, ["cac", "blended_cac", "loaded_cac", "ltv", "ltv_unlimited", "ltv_cac", "payback_months", "payback_orders"], lang)
    ]
    parts = [_table(rows, [""]), "", *worth_sentences(found, curve, fitted or refused, lang), say(lang, "risk.run", **run_words(found.simulation))]
    if step is not None:
        parts += ["", _table(step_rows(step, found.result, lang), step_heads(step, found.result, lang)), "", step_sentence(step, lang)]
    return "\n".join(parts) + "\n"


def _kpi(options: Any) -> str:
    scenario = _seeded(options)
    lang: Lang = options.lang
    changes: tuple[Change, ...] = ()
    findings: list[str] = []
    if options.history:
        path = Path(options.history)
        table = _table_of(path)
        chosen = dict(_pair(text) for text in options.column)
        found = history(table, chosen, day_first=options.day_first, decimal=options.decimal)
        scenario, changes = fit_funnel(with_months(scenario, found, options.without))
        findings = [one.sentence(lang) for one in found.findings]
    result = check(scenario, options.paths)
    levers, together, gaps = needed(scenario), shared(scenario), remarks(scenario)
    if options.json:
        ways = {kpi.id: way for kpi in scenario.kpis if (way := growth_path(scenario, kpi)) is not None}
        bases = {kpi.id: definitions(scenario, kpi) for kpi in scenario.kpis}
        return _dump(check_json(result, gaps, levers, together, ways, bases, changes, findings))
    heads = [say(lang, "kpi.odds"), say(lang, "kpi.typical"), *(say(lang, "kpi.at_odds", odds=formats.percent(p, 0)) for p in OFFERED)]
    parts = [
        f"{say(lang, f'kpi.{result.verdict}')}: {verdict_sentence(result, lang)}", reason_sentence(result, lang), rests_sentence(result, lang), belief_sentence(result, lang), "",
        _table([offer_row(one, result, lang) for one in result.answers], heads), "",
        *(remark_sentence(one, scenario, lang) for one in gathered(gaps)), *findings, "", say(lang, "risk.run", **run_words(result.simulation)),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _quote(options: Any) -> str:
    scenario = _seeded(options)
    lang: Lang = options.lang
    quotes = [option for option in alternatives.options(scenario) if option.kind == "quote"]
    if not quotes:
        raise refuse("options", None, "quotes_none")
    found = compare(scenario, options.paths)
    if options.json:
        return _dump(answers_json(
            found, {one.id: prices(scenario, one, paths=options.paths) for one in quotes}, {one.id: stop_losses(scenario, one, paths=options.paths) for one in quotes},
            {one.id: incentives(scenario, one) for one in quotes}, measure_first(scenario, paths=options.paths),
        ))  # fmt: skip
    parts: list[str] = []
    for one in quotes:
        answer = found.of(one.id)
        parts += [
            f"{option_name(one, lang)} — {say(lang, f'quote.{answer.verdict}')}: {quote_sentence(answer, found, lang)}",
            *reason_sentences(answer, found, lang),
            belief_of(one, lang),
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


def _files(options: Any) -> str:
    from funnel_sim.output.exports import FORMATS, file_name  # noqa: PLC0415 - the writers take half a second to load, which no other command needs
    from funnel_sim.output.report import find  # noqa: PLC0415

    scenario = _read(options)
    found, made = find(scenario), []
    for kind in options.format or KINDS:
        place = Path(options.out) / f"{file_name(scenario)}-{options.lang}.{FORMATS[kind].ending}"
        content = FORMATS[kind].made(scenario, found, options.lang)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        except OSError as error:
            raise refuse(str(place), None, "file_unwritten", reason=error.strerror or "error") from None
        made.append(str(place))
    return "\n".join(made) + "\n"


def _pair(text: str) -> tuple[str, str]:
    role, mark, name = text.partition("=")
    if not mark or role not in ROLES:
        raise refuse("column", text, "column_pair", known=", ".join(ROLES))
    return role, name


def _table_of(path: Path) -> Table:
    try:
        return read_table(path.read_bytes(), path.name)
    except OSError as error:
        raise refuse(str(path), None, "file_missing", reason=error.strerror or "error") from None


def _transactions(options: Any) -> Transactions:
    table = _table_of(Path(options.transactions))
    chosen = {role: getattr(options, role) for role in ("customer", "date", "amount") if getattr(options, role)}
    until = files.read_date(options.until) if options.until else last_date(table, chosen, day_first=options.day_first)
    return transactions(table, until, chosen, day_first=options.day_first, decimal=options.decimal)


def _evaluate(options: Any) -> str:
    scenario = _read(options)
    result = evaluate(scenario)
    found = answers(scenario, metric=options.metric, target=options.target)
    if options.json:
        goal = {"target": {"metric": options.metric, "value": options.target}}
        return _dump(as_json(result, found, goal))
    return _report(result, target_rows(found, scenario.currency, scenario.cost_currency, options.lang), options.lang)


def _report(result: Result, targets: list[Row], lang: Lang) -> str:
    heads = [say(lang, f"table.{key}") for key in ("per_order", "per_month", "per_customer")]
    parts = [
        say(lang, "table.ledger"), _table(ledger_rows(result, lang), heads), *([] if result.steady["paid_orders"] else [say(lang, "economics.no_orders")]),
        *headline_sentences(result, lang), "",
        say(lang, "table.metrics"), _table(list(figure_rows(result, [k for k in GLOSSARY if k in result.steady], lang)), [""]), "",
        say(lang, "table.targets"), _table(targets, [say(lang, "table.today"), say(lang, "table.needed")]), "",
    ]  # fmt: skip
    return "\n".join(parts)


def _table(rows: Sequence[Row], heads: Sequence[str]) -> str:
    lines = [("", *heads)] + [(row.name, *row.cells) for row in rows]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(_pad(cell, width, right=i > 0) for i, (cell, width) in enumerate(zip(line, widths, strict=True))).rstrip() for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)  # noqa: PLR2004 - CJK characters are two columns wide


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _presets(options: Any) -> str:
    cards = preset_cards()
    if options.json:
        every = [{"id": c.id, "platform": c.platform, "market": c.market, "zh": c.product.zh, "en": c.product.en} for c in cards]
        return json.dumps(every, ensure_ascii=False, indent=2) + "\n"
    rows = [Row(c.id, c.id, (c.platform, c.market, c.product.of(options.lang))) for c in cards]
    return _table(rows, ["", "", ""]) + "\n"


def _preset(options: Any) -> str:
    return files.to_text(preset(options.name, files.read_date(options.on)))
