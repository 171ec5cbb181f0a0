"""The report of a portfolio: one page first, the detail after; the writers of every report
(html.py, pdf.py) make files of it.

`funnel_sim.decisions.portfolio.found` computes everything; chapters/portfolio.py,
portfolio_budget.py and portfolio_sources.py word it. However many rows there are, it stays a
report: rows are added up, and the first and the last of them are named.
"""

from funnel_sim.decisions.portfolio.found import PortfolioFound
from funnel_sim.output.documents.blocks import Block, Frame, PageBreak
from funnel_sim.output.documents.chapters.portfolio import (
    cash_chapter,
    dependence_chapter,
    first_page,
    losers_chapter,
    odds_chapter,
    rows_chapter,
    totals_chapter,
)
from funnel_sim.output.documents.chapters.portfolio_budget import budget_chapter
from funnel_sim.output.documents.chapters.portfolio_sources import method_chapter, sources_chapter
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.words import Lang, say


def portfolio_frame(found: PortfolioFound, lang: Lang, letter: Letter = PLAIN) -> Frame:
    """Return title, how many rows in which currency, for whom and from whom, and the line at the
    foot: version of the model, draws, day.
    """
    portfolio, odds = found.portfolio, found.odds
    day = portfolio.as_of.isoformat()
    rows, code = f"{len(portfolio.rows):,}", portfolio.currency
    about = say(lang, "portfolio_report.subtitle", rows=rows, currency=code, day=day)
    parts = {"version": MODEL_VERSION, "day": day}
    if odds is None:
        foot = say(lang, "portfolio_report.footer", **parts)
    else:
        plan = odds.plan
        foot = say(lang, "report.footer", seed=plan.seed, paths=f"{plan.paths:,}", **parts)
    return Frame(
        say(lang, "portfolio_report.title"),
        " · ".join(one for one in (letter.line(lang), about) if one),
        foot,
        portfolio.as_of,
    )


def portfolio_report(found: PortfolioFound, lang: Lang, letter: Letter = PLAIN) -> list[Block]:
    """Return the report of a portfolio as blocks.

    Args:
        found: the portfolio with its answers.
        lang: the language.
        letter: for whom and from whom it is.
    """
    return [
        portfolio_frame(found, lang, letter),
        *first_page(found, lang),
        PageBreak(),
        *losers_chapter(found, lang),
        *rows_chapter(found, lang),
        *totals_chapter(found, lang),
        *odds_chapter(found, lang),
        *dependence_chapter(found, lang),
        *cash_chapter(found, lang),
        *budget_chapter(found, lang),
        *method_chapter(found, lang),
        *sources_chapter(found, lang),
    ]
