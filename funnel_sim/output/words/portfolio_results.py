"""What the rows of a portfolio come to, as a table for a spreadsheet: numbers, not sentences."""

import csv
import io
import math

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.output.words.portfolio_page import currency_sentence
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.portfolio import TAGS
from funnel_sim.words import Lang, say

Cell = str | float | int | None
HEADS = (
    "name",
    "base",
    *TAGS,
    "currency",
    "orders",
    "gmv",
    "profit",
    "per_order",
    "margin",
    "ad_share",
    "profit_shown",
    "price",
    "cost",
    "cost_currency",
    "ad_share_up_to",
    "net_shown",
)
ODDS = ("loss", "p10", "p50", "p90")
RATES = frozenset({"margin", "ad_share", "ad_share_up_to", "loss"})
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def result_heads(found: Products, odds: PortfolioSimulation | None, lang: Lang) -> list[str]:
    """Return the headings of `result_rows`.

    Args:
        found: the rows of a portfolio.
        odds: their futures; None where there are none.
        lang: "zh" or "en".
    """
    parts = {"currency": found.portfolio.currency}
    return [say(lang, f"portfolio_results.{key}", **parts) for key in columns(odds)]


def columns(odds: PortfolioSimulation | None) -> tuple[str, ...]:
    """Return the columns of the results.

    Args:
        odds: the futures; None where there are none.
    """
    return (*HEADS, *(ODDS if odds is not None else ()))


def result_rows(found: Products, odds: PortfolioSimulation | None) -> list[list[Cell]]:
    """Return what each row comes to in a steady month, the largest loss first; with futures also
    over the months of its plan.

    Amounts of a row are in its own currency, `profit_shown` and percentiles in that of totals.

    Args:
        found: the rows of a portfolio.
        odds: their futures; None where there are none.
    """
    portfolio = found.portfolio
    currencies: dict[int, tuple[str, str]] = {
        index: (group.scenario.currency, group.scenario.cost_currency)
        for group in portfolio.groups
        for index in group.rows.tolist()
    }
    turning = {int(index): place for place, index in enumerate(found.losing)}
    tags = [portfolio.tags(tag) for tag in TAGS]
    out: list[list[Cell]] = []
    for index in found.worst_first.tolist():
        row, place = portfolio.rows[index], turning.get(index)
        of_turning: list[Cell] = [None, None, currencies[index][1], None]
        if place is not None:
            price, cost, share = (
                known(some[place])
                for some in (
                    found.turning.price,
                    found.turning.unit_cost,
                    found.turning.ad_share,
                )
            )
            of_turning = [price, cost, currencies[index][1], share]
        of_turning.append(known(found.net_shown[index]))
        cells: list[Cell] = [row.name, row.base, *(words[index] for words in tags)]
        cells.append(currencies[index][0])
        figures = (found.orders, found.gmv, found.profit, found.per_order, found.margin)
        cells += [known(some[index]) for some in figures]
        cells += [known(found.ad_share[index]), known(found.profit_shown[index]), *of_turning]
        if odds is not None:
            cells += [known(odds.loss[index]), *(known(one) for one in odds.percentiles[index])]
        out.append(cells)
    return out


def known(value: float) -> float | None:
    """Return a number as a cell; None for what there is none of.

    Args:
        value: the number, NaN or infinite where there is none.

    >>> known(2.5), known(float("nan"))
    (2.5, None)
    """
    return float(value) if math.isfinite(value) else None


def how_rows(found: Products, odds: PortfolioSimulation | None, lang: Lang) -> list[list[str]]:
    """Return how the results came about: version of the model, day, currency, what was drawn.

    Args:
        found: the rows of a portfolio.
        odds: their futures; None where there are none.
        lang: "zh" or "en".
    """
    portfolio = found.portfolio
    out = [
        [say(lang, "portfolio_results.model"), MODEL_VERSION],
        [say(lang, "portfolio_results.as_of"), portfolio.as_of.isoformat()],
        [say(lang, "portfolio_results.in_currency"), currency_sentence(portfolio, lang)],
        [say(lang, "portfolio_results.steady"), say(lang, "portfolio_results.steady_text")],
        [say(lang, "portfolio_results.turning"), say(lang, "portfolio.orders_stay")],
    ]
    if odds is not None:
        told = say(
            lang,
            "portfolio_results.odds_text",
            paths=f"{odds.plan.paths:,}",
            seed=odds.plan.seed,
        )
        out.append([say(lang, "portfolio_results.odds"), told])
    return out


def results_csv(found: Products, odds: PortfolioSimulation | None, lang: Lang) -> str:
    """Return the results as CSV.

    Args:
        found: the rows of a portfolio.
        odds: their futures; None where there are none.
        lang: the language of the headings.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(result_heads(found, odds, lang))
    for row in result_rows(found, odds):
        writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def _safe(cell: Cell) -> Cell:
    """Return a cell of which a spreadsheet makes no formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell
