"""`portfolio`: what many store-items bring together, which lose money, the odds of the sum, on what
it rests, and the cash of all.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from funnel_sim.chance.portfolio import PortfolioSimulation, simulate_portfolio
from funnel_sim.chance.portfolio_cash import PooledCash, pooled_cash
from funnel_sim.chance.streams import FEWEST, LIVE, MOST
from funnel_sim.cli.printed import dump, table
from funnel_sim.cli.written import asked, written
from funnel_sim.decisions.budget.answer import portfolio_budget
from funnel_sim.decisions.portfolio.dependence import Dependence, dependences
from funnel_sim.decisions.portfolio.found import PortfolioFound, find_portfolio
from funnel_sim.decisions.portfolio.losses import LossFound, losses_of
from funnel_sim.decisions.portfolio.products import Products, products
from funnel_sim.errors import refuse, refuse_file
from funnel_sim.evidence.portfolio.reading import read_portfolio
from funnel_sim.evidence.portfolio.template import csv_template, xlsx_template
from funnel_sim.evidence.tables.bounds import LARGEST
from funnel_sim.output.documents.leave_behind import letter
from funnel_sim.output.exports import PORTFOLIO_FORMATS, portfolio_file_name
from funnel_sim.output.json.portfolio import portfolio_json
from funnel_sim.output.words.dependence import (
    dependence_heads,
    dependence_rows,
    dependence_sentences,
    lost_sentences,
    lost_title,
    pooled_sentences,
)
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.portfolio import (
    by_sentence,
    chance_sentences,
    loser_heads,
    loser_rows,
    losers_sentence,
    portfolio_sentences,
    total_heads,
    total_rows,
)
from funnel_sim.reference.portfolio_settings import most_split_rows
from funnel_sim.scenario.files import load, read_date
from funnel_sim.scenario.portfolio import TAGS, Portfolio
from funnel_sim.scenario.portfolio_files import load_portfolio
from funnel_sim.scenario.portfolio_loss import LOST_BY, LossEvent
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import HOME
from funnel_sim.units import PERCENT
from funnel_sim.words import Lang, say


def _portfolio_options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "file", nargs="?", help="a portfolio file (JSON) or a spreadsheet of rows (XLSX, CSV)"
    )
    one.add_argument("--json", action="store_true", help="for machines")
    one.add_argument(
        "--template", metavar="FILE", help="write the spreadsheet to fill in (.xlsx or .csv)"
    )
    one.add_argument(
        "--base",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="a scenario file that rows of a spreadsheet start from under this name",
    )
    one.add_argument(
        "--currency", default=None, help=f"of the totals (default: the file's own, else {HOME})"
    )
    one.add_argument("--on", default=None, help="the day of presets and rates of a spreadsheet")
    one.add_argument(
        "--paths",
        type=int,
        default=None,
        help=f"simulate so many futures, {FEWEST} to {MOST} (default: none; {LIVE} with another"
        " option of the simulation)",
    )
    one.add_argument("--seed", type=int, default=1, help="of the futures (default: %(default)s)")
    one.add_argument(
        "--workers", type=int, default=None, help="simulate in so many processes (default: 1)"
    )
    one.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="simulate on a running Dask cluster: its scheduler's address, such as"
        ' tcp://localhost:8786 (needs pip install "funnel-sim[dask]")',
    )
    one.add_argument(
        "--shared-demand",
        type=float,
        default=None,
        help="share of the variance of demand that rows of one category and market have in common,"
        " 0 to 1 (default: an assumed 0.3)",
    )
    one.add_argument(
        "--exact",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="simulate the numbers of the rows as exact, without the ranges of their bases"
        " (default: as the file says)",
    )
    one.add_argument(
        "--keep", metavar="FOLDER", help="keep finished blocks there, and go on from them"
    )
    one.add_argument(
        "--cash",
        action="store_true",
        help="the balances of all rows added up day by day, in the futures too where they are"
        " simulated",
    )
    one.add_argument(
        "--lose",
        action="append",
        default=[],
        metavar="KIND=NAME[,NAME][@PROBABILITY]",
        help=f"what is lost together, in place of the file's events: one of {', '.join(LOST_BY)},"
        " its parts as --json names them, and how likely you take it to be"
        ' ("market=DE,FR@10%%"); may be given several times',
    )
    one.add_argument(
        "--out", metavar="FOLDER", help="write report, slides and workbook there in place of text"
    )
    one.add_argument(
        "--formats", default="", help=f"with --out: {', '.join(PORTFOLIO_FORMATS)} (default: all)"
    )
    one.add_argument(
        "--budget",
        action="store_true",
        help="with --out: split the ad budget over the rows however many there are (else over at"
        f" most {most_split_rows()})",
    )
    one.add_argument("--for", dest="recipient", default="", help="with --out: whom they are for")
    one.add_argument("--by", dest="sender", default="", help="with --out: whom they are from")
    one.add_argument("--day", default="", help="with --out: of which day they are")
    one.set_defaults(run=_portfolio)


def _portfolio(options: Any) -> str:
    lang: Lang = options.lang
    if options.template:
        place = Path(options.template)
        of_text = place.suffix.lower() == ".csv"
        # a mark at the beginning lets Excel read Chinese in CSV
        content = csv_template(lang).encode("utf-8-sig") if of_text else xlsx_template(lang)
        return written(place, content) + "\n"
    if not options.file:
        raise refuse("file", None, "missing")
    portfolio = _read(options)
    if options.lose:
        portfolio = portfolio.with_losses([_lost(text) for text in options.lose])
    found = products(portfolio)
    if options.out:
        asked(options.formats, PORTFOLIO_FORMATS)  # refused before anything is simulated
    simulated = _simulated(options, portfolio)
    if options.out:
        split = portfolio_budget(portfolio, portfolio.budget) if options.budget else None
        pooled = _pooled(options, portfolio)
        told = find_portfolio(found, simulated, pooled, split)
        _check_lost(options, told.lost)
        return _files(options, told)
    rests, pooled = dependences(portfolio, simulated), _pooled(options, portfolio)
    lost = losses_of(portfolio, rests, simulated)
    _check_lost(options, lost)
    if options.json:
        return dump(portfolio_json(found, simulated, rests, pooled, lost))
    return "\n".join(_told(found, simulated, rests, lost, pooled, lang)).rstrip("\n") + "\n"


def _told(
    found: Products,
    simulated: PortfolioSimulation | None,
    rests: Sequence[Dependence],
    lost: Sequence[LossFound],
    pooled: PooledCash | None,
    lang: Lang,
) -> list[str]:
    """Return the report as lines of text."""
    portfolio = found.portfolio
    parts = [*portfolio_sentences(found, lang), ""]
    if found.losing.size:
        parts += [
            losers_sentence(found, lang),
            table(loser_rows(found, lang), loser_heads(lang)),
            say(lang, "portfolio.orders_stay"),
            "",
        ]
    for tag in TAGS:
        rows = total_rows(found, tag, lang)
        if rows:
            parts += [by_sentence(found, tag, lang), table(rows, total_heads(lang)), ""]
    if simulated is not None:
        parts += [*chance_sentences(simulated, lang), ""]
    for one in rests:
        if len(one.shares) > 1:
            parts += [
                say(lang, f"dependence.by_{one.by}"),
                *dependence_sentences(one, portfolio, lang),
                table(
                    dependence_rows(one, portfolio, lang, _PARTS_TOLD),
                    dependence_heads(one, lang)[1:],
                ),
                "",
            ]
    for event in lost:
        title = f"{say(lang, 'dependence.event')} · {lost_title(event, lang)}"
        parts += [title, *lost_sentences(event, portfolio, lang), ""]
    if pooled is not None:
        parts += [say(lang, "pooled.title"), *pooled_sentences(pooled, lang)]
    return parts


def _files(options: Any, found: PortfolioFound) -> str:
    """Write report, slides and workbook; return where they lie, one a line."""
    about = letter(options.recipient, options.sender, options.day)
    made = []
    for kind in asked(options.formats, PORTFOLIO_FORMATS):
        place = Path(options.out) / portfolio_file_name(found.portfolio, kind, options.lang)
        made.append(written(place, PORTFOLIO_FORMATS[kind].made(found, options.lang, about)))
    return "\n".join(made) + "\n"


def _read(options: Any) -> Portfolio:
    """Return the portfolio of the file named."""
    place = Path(options.file)
    if place.suffix.lower() == ".json":
        for flag in ("base", "on"):
            if getattr(options, flag):
                raise refuse(f"--{flag}", None, "portfolio_of_sheet")
        found = load_portfolio(place)
        exact = found.exact if options.exact is None else options.exact
        return replace(found, currency=options.currency or found.currency).with_exact(exact)
    try:
        with place.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise refuse_file(str(place), error, "file_missing") from None
    read = read_portfolio(
        content, place.name, read_date(options.on), options.currency or HOME, _bases(options.base)
    )
    if read.left_out:
        names = listed(read.left_out, options.lang)
        options.notes.append(say(options.lang, "portfolio.left_out", names=names))
    return read.portfolio.with_exact(bool(options.exact))


def _bases(given: list[str]) -> dict[str, Scenario]:
    out = {}
    for one in given:
        name, mark, file = one.partition("=")
        if not (name and mark and file):
            raise refuse("--base", one, "portfolio_named")
        out[name] = load(file)
    return out


def _lost(text: str) -> LossEvent:
    """Return what `--lose` says is lost: what stands behind the last "@" is a probability where it
    is a number, as 0.1 or 10%.
    """
    by, mark, rest = text.partition("=")
    told, at, tail = rest.rpartition("@")
    odds = _probability(tail) if at else None
    names = [one.strip() for one in (rest if odds is None else told).split(",")]
    if not mark or not all(names):
        raise refuse("--lose", text, "loss_text")
    return LossEvent(by.strip(), tuple(dict.fromkeys(names)), odds)


def _check_lost(options: Any, found: Sequence[LossFound]) -> None:
    """Refuse what `--lose` names where no row has it; a file may name what rows had once."""
    for one in found if options.lose else ():
        if one.gone:
            known = [share.name for share in one.rests.shares] if one.rests else []
            raise refuse("--lose", ", ".join(one.gone), "choice", allowed=", ".join(known))


def _probability(text: str) -> float | None:
    """Return a probability as it is typed; None where it is no number."""
    number, percent, none = text.strip().partition("%")
    try:
        return None if none else float(number) / (PERCENT if percent else 1)
    except ValueError:
        return None


def _simulated(options: Any, portfolio: Portfolio) -> PortfolioSimulation | None:
    """Return the futures where they are asked for; how far it is stands on standard error, where
    somebody looks at it.
    """
    if not _futures_asked(options):
        return None
    if options.scheduler is not None and options.workers is not None:
        raise refuse("--workers", options.workers, "scheduler_or_workers")
    seen = sys.stderr.isatty()

    def told(share: float) -> None:
        if seen:
            sys.stderr.write(f"\r{share:4.0%}" + ("\n" if share >= 1 else ""))
            sys.stderr.flush()

    try:
        return simulate_portfolio(
            portfolio,
            LIVE if options.paths is None else options.paths,
            options.seed,
            shared=options.shared_demand,
            workers_used=1 if options.workers is None else options.workers,
            scheduler=options.scheduler,
            kept=Path(options.keep) if options.keep else None,
            progress=told,
        )
    except KeyboardInterrupt:
        raise refuse(options.file, None, "portfolio_stopped") from None


def _futures_asked(options: Any) -> bool:
    """Say whether futures are to be drawn: any option of the simulation asks for them."""
    asked = ("paths", "workers", "scheduler", "shared_demand", "exact", "keep")
    return any(getattr(options, name) is not None for name in asked)


_PARTS_TOLD = 12
"""Parts of a kind that a report names."""


def _pooled(options: Any, portfolio: Portfolio) -> PooledCash | None:
    """Return the cash of all rows where it is asked for, with futures where these are."""
    if not options.cash:
        return None
    paths = LIVE if options.paths is None else options.paths
    return pooled_cash(
        portfolio,
        paths if _futures_asked(options) else None,
        options.seed,
        shared=options.shared_demand,
    )


COMMANDS = {"portfolio": _portfolio_options}
"""What adds a command's options to its parser, and the function that runs it."""
