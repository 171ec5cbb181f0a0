"""The portfolio to look at before one has one's own: presets, and multiples of their numbers
(data/portfolio_example.toml).
"""

import datetime as dt
import tomllib
from functools import cache
from typing import Any

from funnel_sim.evidence.portfolio.columns import path_in
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from funnel_sim.stored import read_data
from funnel_sim.words import Lang

_DIGITS = 3


@cache
def example_portfolio(lang: Lang, on: dt.date = DATA_DATE) -> Portfolio:
    """Return the example portfolio.

    Args:
        lang: the language of its names.
        on: the day of presets and exchange rates.

    Examples:
        >>> len(example_portfolio("en").rows) == len(example_portfolio("zh").rows) > 9
        True
    """
    stored = tomllib.loads(read_data("portfolio_example.toml"))["rows"]
    return Portfolio(tuple(_row(one, lang, on) for one in stored), on)


def _row(one: dict[str, Any], lang: Lang, on: dt.date) -> PortfolioRow:
    base = preset(one["base"], on)
    changes: dict[str, float] = {}
    for field, times in one.get("times", {}).items():
        path = path_in(base, field, field)
        assert isinstance(path, str), path
        changes[path] = float(f"{point_value(base.get(path)) * times:.{_DIGITS}g}")
    product = one["product"][lang]
    name = f"{product} · {base.market}"
    return PortfolioRow(name, one["base"], changes, product=product, group=one["group"][lang])


def example_rows(portfolio: Portfolio) -> int:
    """Return how many rows of a portfolio are still those of the example, in either language.

    Args:
        portfolio: the rows.
    """
    known = {row.name: row for lang in _LANGS for row in example_portfolio(lang).rows}
    return sum(1 for row in portfolio.rows if known.get(row.name) == row)


_LANGS: tuple[Lang, ...] = ("en", "zh")
