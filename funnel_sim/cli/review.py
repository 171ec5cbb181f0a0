"""Commands after the signature: `review`, `bill`, `renew`, `providers`."""

import argparse
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from funnel_sim.cli.options import (
    REPEATED,
    SALES_ARE,
    check_file_given,
    check_rates_used,
    money_into,
    table_options,
)
from funnel_sim.cli.printed import PrintedLine, dump, table
from funnel_sim.cli.scenario_file import read
from funnel_sim.cli.written import asked, written
from funnel_sim.decisions.kpi.store_history import with_actuals
from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.decisions.review.otherwise import otherwise
from funnel_sim.decisions.review.providers import providers
from funnel_sim.decisions.review.quarrels import quarrels
from funnel_sim.decisions.review.renewal import renewal
from funnel_sim.decisions.review.reviewed import Reviewed, review_of
from funnel_sim.decisions.review.settlement import Settlement, disputed, settled
from funnel_sim.decisions.review.standing import Standing
from funnel_sim.errors import refuse
from funnel_sim.evidence.store.channels import by_channel
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import History
from funnel_sim.evidence.store.reconcile import Reconciled, reconciled
from funnel_sim.evidence.store.together import Source, together
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.tables import load_table
from funnel_sim.output.documents.leave_behind import letter
from funnel_sim.output.exports import REVIEW_FORMATS, review_file_name
from funnel_sim.output.json.review import (
    bill_json,
    converted_json,
    dispute_json,
    providers_json,
    reconciled_json,
    renewal_json,
    review_json,
    settlement_json,
)
from funnel_sim.output.statement import STATEMENT, statement_name
from funnel_sim.output.words.actual_months import converted_sentences
from funnel_sim.output.words.bill_workings import bill_workings
from funnel_sim.output.words.dispute import dispute_sentence
from funnel_sim.output.words.kpi_baselines import baseline_sentences
from funnel_sim.output.words.not_measured import unmeasured_sentences
from funnel_sim.output.words.providers import (
    apart_sentences,
    costs_more_sentences,
    provider_heads,
    provider_name,
    provider_rows,
)
from funnel_sim.output.words.reconcile import reconciled_sentences
from funnel_sim.output.words.renewal import renewal_sentences
from funnel_sim.output.words.renewal_worth import worth_sentences
from funnel_sim.output.words.review_bill import bill_sentences
from funnel_sim.output.words.review_dates import calendar_file
from funnel_sim.output.words.review_drivers import against_name, driver_sentence
from funnel_sim.output.words.review_effect import drop_sentence, effect_sentences
from funnel_sim.output.words.review_head import verdict_of
from funnel_sim.output.words.review_kpis import standing_sentences
from funnel_sim.output.words.review_leak import leak_sentences
from funnel_sim.output.words.settlement import owed_sentence, working_sentences
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def _options(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="scenario file (JSON)")
    command.add_argument(
        "--actuals",
        metavar="FILE",
        nargs="+",
        action="extend",
        default=[],
        help="CSV or XLSX of the store's months; they join those that the scenario has",
    )
    command.add_argument(
        "--from",
        dest="mark",
        metavar="MONTH",
        default="",
        help="the engagement's first month, 2026-03; else the one that the scenario marks",
    )
    command.add_argument("--sales", choices=["before", "after"], default=None, help=SALES_ARE)
    command.add_argument("--repeated", choices=["once", "add"], default=None, help=REPEATED)
    table_options(command)
    command.add_argument(
        "--option",
        default="",
        help="whose contract; the signed one if left out, else the first quote",
    )
    command.add_argument("--json", action="store_true")


def _review_options(command: argparse.ArgumentParser) -> None:
    _options(command)
    command.add_argument("--paths", type=int, default=None, help="futures of the probabilities")
    command.add_argument(
        "--calendar", metavar="FILE", default="", help="write the days for notice as .ics"
    )
    command.add_argument(
        "--period",
        default="",
        metavar="PERIOD",
        help="the month or quarter under review, 2026-08 or 2026-Q3; the last month if left out",
    )
    command.add_argument(
        "--out", default="", metavar="DIR", help="write the review report's files there"
    )
    command.add_argument(
        "--formats",
        default="",
        metavar="LIST",
        help="which files, with commas between: html,pdf,pptx,xlsx (default: all)",
    )
    command.add_argument("--for", dest="recipient", default="", metavar="NAME", help="who gets it")
    command.add_argument("--by", dest="sender", default="", metavar="NAME", help="who made it")
    command.add_argument("--date", dest="day", default="", metavar="DAY", help="the day on it")
    command.set_defaults(run=_review)


def _bill_options(command: argparse.ArgumentParser) -> None:
    _options(command)
    command.add_argument(
        "--month",
        metavar="MONTH",
        nargs="+",
        action="extend",
        default=[],
        help="only these months of the engagement, 2026-08; all of them if left out",
    )
    command.add_argument(
        "--paid",
        metavar="MONTH=AMOUNT",
        nargs="+",
        action="extend",
        default=[],
        help="what was paid for a month, in the contract's currency",
    )
    command.add_argument(
        "--theirs",
        metavar="AMOUNT",
        default="",
        help="the other side's amount of these months: what explains the difference",
    )
    command.add_argument("--out", metavar="DIR", default="", help="write the statement as files")
    command.add_argument(
        "--formats",
        default="xlsx,pdf",
        help=f"which files, parted by commas: {', '.join(STATEMENT)} (default: xlsx,pdf)",
    )
    command.add_argument("--for", dest="recipient", default="", metavar="NAME", help="who gets it")
    command.add_argument("--by", dest="sender", default="", metavar="NAME", help="who made it")
    command.add_argument("--date", dest="day", default="", metavar="DAY", help="the day on it")
    command.set_defaults(run=_bill)


def _renew_options(command: argparse.ArgumentParser) -> None:
    _options(command)
    command.add_argument("--paths", type=int, default=None, help="futures of the probabilities")
    command.set_defaults(run=_renew)


def _read(options: Any) -> tuple[Scenario, tuple[Reconciled, ...]]:
    """Return the scenario with the actual months of the files, and where these differ."""
    scenario = read(options)
    check_file_given(options, "actuals", ("sales", "repeated"))
    if not options.actuals:
        marked = {"history.engagement_from": options.mark} if options.mark else {}
        return scenario.replace(marked), ()
    sources: list[Source] = []
    channels: dict[str, History] = {}
    taxed = scenario.tax.situation != "outside_price"
    net = None if options.sales is None else options.sales == "after"
    for path in options.actuals:
        loaded = load_table(path)
        into = money_into(options, scenario, loaded.name)
        told = history(
            loaded,
            day_first=options.day_first,
            decimal=options.decimal,
            beside_others=len(options.actuals) > 1,
            into=into,
            taxed=taxed,
            after_refunds=net,
            repeated=options.repeated,
        )
        if not told.may_be_in(scenario.currency):
            raise refuse(loaded.name, told.currency, "other_currency", currency=scenario.currency)
        sources.append(Source(loaded.name, told))
        channels |= by_channel(
            loaded,
            day_first=options.day_first,
            decimal=options.decimal,
            into=into,
            taxed=taxed,
            after_refunds=net,
            repeated=options.repeated or "add",
        )
    check_rates_used(options, {one.name: one.history.findings for one in sources})
    found = together(sources)
    options.notes += [
        one.sentence(options.lang) for one in found.findings if not _is_odd_month(one)
    ]
    pairs = reconciled(sources, tax_rate=float(point_value(scenario.tax.tax_rate)))
    return with_actuals(scenario, found, options.mark, channels), pairs


def _is_odd_month(found: Finding) -> bool:
    """Say whether a finding only tells of a month far from the others: the answers judge that."""
    inner = found.parts.get("finding")
    return (inner.kind if isinstance(inner, Finding) else found.kind) == "outlier"


def _option(scenario: Scenario, name: str) -> Option | None:
    """Return the option that is named, else the one whose contract is billed; None where there is
    none.
    """
    if not name:
        return scenario.billed_option()
    for one in scenario.options:
        if one.id == name:
            return one
    known = ", ".join(one.id for one in scenario.options)
    raise refuse("option", name, "choice", allowed=known)


def _needed(scenario: Scenario, name: str) -> Option:
    found = _option(scenario, name)
    if found is None:
        raise refuse("options", None, "review_no_option")
    return found


def _billed(scenario: Scenario, option: Option) -> tuple[Bill, Any]:
    found = bill_of(scenario, option)
    return found, otherwise(scenario, found)


def _bill(options: Any) -> str:
    scenario, pairs = _read(options)
    scenario = _with_paid(scenario, options.paid)
    lang, option = options.lang, _needed(scenario, options.option)
    found, others = _billed(scenario, option)
    chosen = settled(found, options.month)
    dispute = None
    if options.theirs:
        more = quarrels(scenario, found)
        dispute = disputed(chosen, _amount("theirs", options.theirs), (*others, *more))
    if options.out:
        return _statement(options, chosen, scenario)
    if options.json:
        out = bill_json(found, others, bill_workings(found, scenario, lang))
        out |= {"settlement": settlement_json(chosen), "dispute": dispute_json(dispute)}
        out |= {"converted": converted_json(scenario.history)}
        return dump(out | {"reconciled": reconciled_json(pairs)})
    said = bill_sentences(found, others, scenario, lang)
    parts = [*said, "", *working_sentences(chosen, scenario, lang)]
    parts += converted_sentences(scenario.history, lang)
    if options.month:
        parts += ["", owed_sentence(chosen, scenario, lang)]
    if dispute is not None:
        parts += ["", dispute_sentence(dispute, found, lang)]
        parts += unmeasured_sentences(dispute.unknown, found, lang)
    return "\n".join(parts) + "\n"


def _amount(name: str, text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise refuse(name, text, "number")
    return found


def _with_paid(scenario: Scenario, typed: Sequence[str]) -> Scenario:
    """Return the scenario with what was paid in the months that the command line names."""
    names = scenario.history.names()
    values: dict[str, float | None] = dict(
        zip(names, scenario.history.seen_fees_paid or [None] * len(names), strict=True)
    )
    for one in typed:
        month, _, amount = one.partition("=")
        if month not in values:
            if not names:
                raise refuse("history", None, "no_whole_month")
            raise refuse("paid", one, "choice", allowed=f"{names[0]} … {names[-1]}")
        values[month] = float(_amount("paid", amount))
    return (
        scenario.replace({"history.seen_fees_paid": list(values.values())}) if typed else scenario
    )


def _statement(options: Any, found: Settlement, scenario: Scenario) -> str:
    """Write the statement as files and return their places."""
    about = letter(options.recipient, options.sender, options.day)
    made = []
    for kind in asked(options.formats, STATEMENT):
        place = Path(options.out) / statement_name(found, scenario, kind, options.lang)
        content = STATEMENT[kind].made(found, scenario, options.lang, about)
        made.append(written(place, content))
    return "\n".join(made) + "\n"


def _renew(options: Any) -> str:
    scenario, _ = _read(options)
    found = renewal(scenario, _needed(scenario, options.option), paths=options.paths)
    if options.json:
        return dump(renewal_json(found))
    told = renewal_sentences(found, scenario, options.lang)
    return "\n".join([*told, *worth_sentences(found, scenario, options.lang)]) + "\n"


def _write(path: str, stand: Standing | None, scenario: Scenario, lang: Lang) -> None:
    """Write the days of the contract as a calendar file."""
    if stand is None or not stand.dates:
        raise refuse(path, None, "review_no_dates")
    written(Path(path), calendar_file(stand, scenario, lang).encode())


def _review(options: Any) -> str:
    scenario, pairs = _read(options)
    lang = options.lang
    asked = _option(scenario, options.option)
    found = review_of(scenario, asked, options.period, paths=options.paths)
    options.notes += [told for error in found.problems for told in error.sentences(lang)]
    if options.calendar:
        _write(options.calendar, found.standing, found.scenario, lang)
    if options.out:
        return _files(options, found)
    if options.json:
        return dump(review_json(found) | {"reconciled": reconciled_json(pairs)})
    parts: list[list[str]] = [
        line for pair in pairs for line in [reconciled_sentences(pair, scenario.currency, lang)]
    ]
    return "\n\n".join("\n".join(lines) for lines in [*parts, *_told(found, lang)]) + "\n"


def _told(found: Reviewed, lang: Lang) -> list[list[str]]:
    """Return a review in sentences, one list an answer."""
    scenario = found.scenario
    parts = [[verdict_of(found, lang)], effect_sentences(found.effect, scenario, lang)]
    if drop := drop_sentence(found.dropped, scenario, lang):
        parts[-1].append(drop)
    if found.leaks is not None:
        parts.append(leak_sentences(found.leaks, scenario, lang))
    for against, splits in found.changes.items():
        head = against_name(against, found.period, lang)
        told = [driver_sentence(one, scenario, lang) for one in splits.values()]
        parts.append([f"{head}{say(lang, 'contract.colon')}", *told])
    if found.standing is not None and (found.standing.rows or found.standing.dates):
        parts.append(standing_sentences(found.standing, scenario, lang))
        parts[-1] += baseline_sentences(found.standing, scenario, lang)
    if found.bill is not None:
        parts.append(bill_sentences(found.bill, found.others, scenario, lang))
    parts.append(converted_sentences(scenario.history, lang))
    return [one for one in parts if one]


def _files(options: Any, found: Reviewed) -> str:
    """Write the report's files; return where they lie, one a line."""
    about = letter(options.recipient, options.sender, options.day)
    made = []
    for kind in asked(options.formats, REVIEW_FORMATS):
        place = Path(options.out) / review_file_name(found, kind, options.lang)
        content = REVIEW_FORMATS[kind].made(found, options.lang, about)
        made.append(written(place, content))
    return "\n".join(made) + "\n"


def _providers_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="scenario files (JSON), each with its contract and its actual months",
    )
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=_providers)


def _providers(options: Any) -> str:
    rows = []
    for path in options.files:
        options.file = path
        scenario = read(options)
        option = _needed(scenario, "")
        rows.append((provider_name(scenario, option, options.lang), scenario, option))
    found = providers(rows)
    if options.json:
        return dump(providers_json(found))
    rows_said = [
        PrintedLine(one.name, tuple(one.cells)) for one in provider_rows(found, options.lang)
    ]
    told = table(rows_said, provider_heads(options.lang)[1:])
    said = [*costs_more_sentences(found, options.lang), *apart_sentences(found, options.lang)]
    return "\n".join([told.rstrip("\n"), "", *said]) + "\n"


COMMANDS = {
    "review": _review_options,
    "bill": _bill_options,
    "renew": _renew_options,
    "providers": _providers_options,
}
"""What adds a command's options to its parser, and the function that runs it."""
