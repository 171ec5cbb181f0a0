"""Where the numbers of a portfolio come from, in words: which fields rows state of their own, the
inputs of the bases they start from, the rates at which currencies became one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from funnel_sim.decisions.portfolio.found import PortfolioFound, RateUsed, rates_used, stated
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import (
    Assumption,
    assumptions,
    input_name,
    plain_address,
    preset_line,
)
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.exchange_rates import fx
from funnel_sim.reference.provenance import first_source
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.words import Lang, say

MOST_BASES = 3
"""Bases of which a report lists every input; the workbook lists those of more."""
MOST_COUNTED = 30
"""Bases whose inputs are counted, and listed in the workbook; more would be no list to read."""
_FIELDS = 20


@dataclass(frozen=True)
class BaseInputs:
    """A base that rows start from: its name, how it is called, how many rows start from it, its
    inputs.
    """

    name: str
    told: str
    rows: int
    inputs: Sequence[Assumption]


def bases_of(portfolio: Portfolio, lang: Lang, most: int) -> list[BaseInputs]:
    """Return the bases that most rows start from, with every input and its source.

    Args:
        portfolio: the rows.
        lang: "zh" or "en".
        most: how many bases.
    """
    firsts = {row.base: row for row in reversed(portfolio.rows)}
    counts = Counter(row.base for row in portfolio.rows)
    out = []
    for name, rows in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:most]:
        base = portfolio.base_of(firsts[name])
        own = name in portfolio.bases
        told = f"{name} · {preset_line(base, lang)}" if own else preset_line(base, lang)
        out.append(BaseInputs(name, told, rows, assumptions(base, lang)))
    return out


def stated_rows(portfolio: Portfolio, lang: Lang) -> Sequence[Row]:
    """Return the fields that rows state of their own, with the number of rows.

    Args:
        portfolio: the rows.
        lang: "zh" or "en".
    """
    firsts = {row.base: row for row in reversed(portfolio.rows)}
    counts: Counter[str] = Counter()
    for (base, path), rows in stated(portfolio).items():
        counts[input_name(portfolio.base_of(firsts[base]), path, lang)] += rows
    return [Row("", name, (f"{rows:,}",)) for name, rows in counts.most_common(_FIELDS)]


def rate_heads(lang: Lang) -> list[str]:
    """Return the heads of `rate_rows`."""
    keys = ("currency", "rows", "rate", "rate_from")
    return [say(lang, f"portfolio_report.{key}") for key in keys]


def rate_rows(portfolio: Portfolio, lang: Lang) -> Sequence[Row]:
    """Return at which rates rows of each currency became amounts in that of totals.

    Args:
        portfolio: the rows.
        lang: "zh" or "en".
    """
    return [_rate(one, portfolio, lang) for one in rates_used(portfolio)]


def _rate(one: RateUsed, portfolio: Portfolio, lang: Lang) -> Row:
    same = one.low == one.high
    low, high = (formats.exact(float(f"{rate:.6g}")) for rate in (one.low, one.high))
    rate = low if same else say(lang, "portfolio_report.rates_between", low=low, high=high)
    if one.own:
        told = say(lang, "portfolio_report.rate_own")
    else:
        source = plain_address(first_source(fx(one.currency, portfolio.as_of).provenance.source))
        day = portfolio.as_of.isoformat()
        told = say(lang, "portfolio_report.rate_table", day=day, source=source)
    return Row("", one.currency, (f"{one.rows:,}", rate, told))


def method_sentences(found: PortfolioFound, lang: Lang) -> list[str]:
    """Return what the figures are, beyond what stands beside each.

    Args:
        found: the portfolio.
        lang: "zh" or "en".
    """
    out = [
        say(lang, "portfolio_results.steady_text"),
        say(lang, "portfolio_report.as_scenario"),
    ]
    if found.odds is not None:
        plan = found.odds.plan
        told = {"paths": f"{plan.paths:,}", "seed": plan.seed}
        out += [say(lang, "portfolio_results.odds_text", **told)]
    return out
