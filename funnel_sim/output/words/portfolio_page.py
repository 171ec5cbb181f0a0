"""The page of a portfolio in words: its head figures, in which currency, what hides in the margin,
the risk of its rows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.decisions.portfolio.products import Products, Total
from funnel_sim.output.words.formats import NOTHING, count, money, percent, whole_money
from funnel_sim.output.words.portfolio import tag_words
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.units import MONTHS_A_YEAR
from funnel_sim.words import Lang, say

RISKY_TOLD = 20
"""Rows that the table of risks names."""
_HIDDEN = 0.05
"""Points of margin between two parts of a portfolio from which the whole hides something."""
_SMALLEST = 0.02
"""Share of net revenue from which a part is told of: one of thousands hides nothing."""
_MOST_HIDDEN = 2
_PARTS = ("product", "market", "platform", "group")
"""Tags by which margins are held against each other; categories are those of a platform's fees,
which say little from one platform to the next.
"""


@dataclass(frozen=True)
class PortfolioTile:
    """One figure of the head: `tone` "bad" for a loss, `more` a small second line, `says` what it
    is.
    """

    key: str
    name: str
    value: str
    more: str
    says: str
    tone: str = ""


def portfolio_tiles(found: Products, lang: Lang) -> list[PortfolioTile]:
    """Return the figures at the head: profit, rows, what loss makers lose, rows with a sale.

    Args:
        found: the rows of a portfolio.
        lang: "zh" or "en".
    """
    total, code = found.total, found.portfolio.currency
    year = whole_money(total.profit * MONTHS_A_YEAR, code, lang)
    values = {
        "profit": (whole_money(total.profit, code, lang), {"year": year}),
        "rows": (f"{total.rows:,}", {"orders": count(total.orders)}),
        "lost": (whole_money(total.lost, code, lang), {"losing": f"{total.losing:,}"}),
        "selling": (percent(found.selling_share), {}),
    }
    bad = {"profit": total.profit < 0, "lost": total.losing > 0}
    return [
        PortfolioTile(
            key,
            say(lang, f"portfolio_page.tile_{key}"),
            value,
            say(lang, f"portfolio_page.tile_{key}_more", **parts),
            say(lang, f"portfolio_page.tile_{key}_says"),
            "bad" if bad.get(key) else "",
        )
        for key, (value, parts) in values.items()
    ]


def currency_sentence(portfolio: Portfolio, lang: Lang) -> str:
    """Return how rows in several currencies become one sum.

    Args:
        portfolio: the rows.
        lang: "zh" or "en".
    """
    code = portfolio.currency
    others = sorted({group.scenario.currency for group in portfolio.groups} - {code})
    if not others:
        return say(lang, "portfolio_page.one_currency", currency=code)
    own = any(
        group.scenario.currency != code and group.scenario.cost_currency == code
        for group in portfolio.groups
    )
    table = any(
        code not in (group.scenario.currency, group.scenario.cost_currency)
        for group in portfolio.groups
    )
    key = "both" if own and table else "own" if own else "table"
    return say(
        lang,
        f"portfolio_page.currency_{key}",
        currency=code,
        others=say(lang, "risk.listed").join(others),
        day=portfolio.as_of.isoformat(),
    )


def currencies_offered(portfolio: Portfolio) -> list[str]:
    """Return the currencies in which totals can be told: the present one, those of sales and costs.

    Args:
        portfolio: the rows.
    """
    found = {
        code
        for group in portfolio.groups
        for code in (group.scenario.currency, group.scenario.cost_currency)
    }
    return [portfolio.currency, *sorted(found - {portfolio.currency})]


def hidden_sentences(found: Products, lang: Lang) -> list[str]:
    """Return what the margin of all rows hides: the parts that lie farthest apart.

    Args:
        found: the rows of a portfolio.
        lang: "zh" or "en".
    """
    names = {tag: tag_words(found, tag, lang) for tag in _PARTS}
    return [
        say(
            lang,
            f"portfolio_page.hidden_{tag}",
            margin=percent(found.total.margin),
            worst=names[tag][worst.name],
            low=percent(worst.margin),
            best=names[tag][best.name],
            high=percent(best.margin),
            share=percent(_share(worst, found.total), 0),
        )
        for tag, worst, best in hidden_parts(found)
    ]


def hidden_parts(found: Products) -> list[tuple[str, Total, Total]]:
    """Return the tags by which margins lie farthest apart, each with its worst and its best part.

    Args:
        found: the rows of a portfolio.
    """
    apart: list[tuple[float, str, Total, Total]] = []
    for tag in _PARTS:
        some = [one for one in found.by_tag[tag] if one.name and _counts(one, found.total)]
        if len(some) > 1:
            worst = min(some, key=lambda one: one.margin)
            best = max(some, key=lambda one: one.margin)
            if best.margin - worst.margin >= _HIDDEN:
                apart.append((best.margin - worst.margin, tag, worst, best))
    apart.sort(key=lambda one: -one[0])
    return [(tag, worst, best) for _, tag, worst, best in apart[:_MOST_HIDDEN]]


def whose_sentence(portfolio: Portfolio, example: int, unchanged: int, lang: Lang) -> str:
    """Return how many rows are invented, or hold no number of the reader's; "" where all do.

    Args:
        portfolio: the rows.
        example: how many are still those of the example.
        unchanged: how many are their base as it comes, this being an example.
        lang: "zh" or "en".
    """
    total = len(portfolio.rows)
    if example:
        key = "example_all" if example == total else "example_some"
        return say(lang, f"portfolio_page.{key}", rows=example, of=total)
    if unchanged:
        rows = f"{unchanged:,}"
        return say(lang, "portfolio_page.as_presets", rows=rows, of=f"{total:,}")
    return ""


def _counts(part: Total, total: Total) -> bool:
    """Say whether a part is large enough for its margin to be told."""
    return math.isfinite(part.margin) and _share(part, total) >= _SMALLEST


def _share(part: Total, total: Total) -> float:
    return part.net_revenue / total.net_revenue if total.net_revenue else math.nan


def risk_heads(lang: Lang) -> list[str]:
    """Return the heads of `risk_rows`."""
    keys = ("row", "loss", "p10", "p50", "p90")
    return [say(lang, f"portfolio_page.risk_{key}") for key in keys]


def risk_rows(found: PortfolioSimulation, lang: Lang) -> Sequence[Row]:
    """Return the rows that most probably lose money over the months of their plans, with the
    percentiles of their profit.

    Args:
        found: the futures of a portfolio.
        lang: "zh" or "en".
    """
    code = found.portfolio.currency
    order = np.lexsort((found.percentiles[:, 1], -found.loss))[:RISKY_TOLD]
    return [
        Row(
            "",
            found.portfolio.rows[int(index)].name,
            (
                percent(float(found.loss[index])),
                *(whole_money(float(one), code, lang) for one in found.percentiles[index]),
            ),
        )
        for index in order
    ]


def amount(value: float, currency: str, lang: Lang) -> str:
    """Return an amount of a row; a dash where there is none.

    Args:
        value: the amount, NaN for none.
        currency: ISO code.
        lang: "zh" or "en".
    """
    return NOTHING if math.isnan(value) else money(value, currency, lang)
