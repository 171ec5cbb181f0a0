"""The files that a client takes away: how each is called, its media type, and what makes it; the
screen and the command line offer the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from funnel_sim.decisions.found import Found
from funnel_sim.decisions.portfolio.found import PortfolioFound
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.counter_offer import counter_offer
from funnel_sim.decisions.quote.instead import own_budget
from funnel_sim.decisions.quote.moves import needed_for
from funnel_sim.decisions.review.reviewed import Reviewed
from funnel_sim.errors import InputError
from funnel_sim.output.documents.boss_page import boss_pdf
from funnel_sim.output.documents.counter_draft import counter_draft_docx
from funnel_sim.output.documents.html import report_html
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.output.documents.pdf import report_pdf
from funnel_sim.output.documents.portfolio_report import portfolio_report
from funnel_sim.output.documents.portfolio_slides import portfolio_pptx
from funnel_sim.output.documents.report import report
from funnel_sim.output.documents.review_report import review_report
from funnel_sim.output.documents.review_slides import review_pptx
from funnel_sim.output.documents.slides import slides_pptx
from funnel_sim.output.workbook.book import workbook
from funnel_sim.output.workbook.portfolio_results import results_xlsx
from funnel_sim.output.workbook.review_book import review_book
from funnel_sim.scenario.files import MEDIA_TYPE, to_text
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_OFFICE = "application/vnd.openxmlformats-officedocument"
_LONGEST_NAME = 180  # bytes; a file system takes 255, and language and ending follow


@dataclass(frozen=True)
class Format:
    """One kind of file: its ending, its media type, and what makes it of a scenario (none for a
    review, which knows its own), of what was found, in a language, for whom and from whom
    (leave_behind.py; nobody where none is given).
    """

    ending: str
    media: str
    made: Callable[..., bytes]


def _workbook(scenario: Scenario, found: Found, lang: Lang, letter: Letter = PLAIN) -> bytes:
    """Return the workbook; the verdicts in it where the letter has them."""
    answers = found.answers if letter.judges or not letter.ours else None
    check = found.check if "kpis" in letter.chapters else None
    return workbook(scenario, lang, found.run, answers, check)


def _html(scenario: Scenario, found: Found, lang: Lang, letter: Letter = PLAIN) -> bytes:
    return report_html(report(scenario, lang, found, letter), lang).encode()


def _pdf(scenario: Scenario, found: Found, lang: Lang, letter: Letter = PLAIN) -> bytes:
    return report_pdf(report(scenario, lang, found, letter), lang)


def _slides(scenario: Scenario, found: Found, lang: Lang, letter: Letter = PLAIN) -> bytes:
    return slides_pptx(scenario, lang, found, letter)


def _file(scenario: Scenario, found: Found, lang: Lang, letter: Letter = PLAIN) -> bytes:
    return to_text(scenario).encode()


FORMATS: dict[str, Format] = {
    "workbook": Format("xlsx", f"{_OFFICE}.spreadsheetml.sheet", _workbook),
    "html": Format("html", "text/html", _html),
    "pdf": Format("pdf", "application/pdf", _pdf),
    "slides": Format("pptx", f"{_OFFICE}.presentationml.presentation", _slides),
    "file": Format("json", MEDIA_TYPE, _file),
}


def _review_html(found: Reviewed, lang: Lang, letter: Letter = PLAIN) -> bytes:
    return report_html(review_report(found, lang, letter), lang).encode()


def _review_pdf(found: Reviewed, lang: Lang, letter: Letter = PLAIN) -> bytes:
    return report_pdf(review_report(found, lang, letter), lang)


def _review_book(found: Reviewed, lang: Lang, letter: Letter = PLAIN) -> bytes:
    return review_book(found, lang)


REVIEW_FORMATS: dict[str, Format] = {
    "html": Format("html", "text/html", _review_html),
    "pdf": Format("pdf", "application/pdf", _review_pdf),
    "pptx": Format("pptx", f"{_OFFICE}.presentationml.presentation", review_pptx),
    "xlsx": Format("xlsx", f"{_OFFICE}.spreadsheetml.sheet", _review_book),
}
"""The files of a review's report: each is made of what was found, in a language, for whom and from
whom.
"""


def review_file_name(found: Reviewed, kind: str, lang: Lang) -> str:
    """Return how a file of a review is called: by the scenario, the period and the language.

    Args:
        found: the review.
        kind: the format, such as "pdf".
        lang: the language.
    """
    ending = REVIEW_FORMATS[kind].ending
    return f"{file_name(found.scenario)}-review-{found.period.name}-{lang}.{ending}"


def _portfolio_html(found: PortfolioFound, lang: Lang, letter: Letter = PLAIN) -> bytes:
    return report_html(portfolio_report(found, lang, letter), lang).encode()


def _portfolio_pdf(found: PortfolioFound, lang: Lang, letter: Letter = PLAIN) -> bytes:
    return report_pdf(portfolio_report(found, lang, letter), lang)


def _portfolio_book(found: PortfolioFound, lang: Lang, letter: Letter = PLAIN) -> bytes:
    split = None if isinstance(found.split, InputError) else found.split
    return results_xlsx(found.products, found.odds, lang, split)


PORTFOLIO_FORMATS: dict[str, Format] = {
    "html": Format("html", "text/html", _portfolio_html),
    "pdf": Format("pdf", "application/pdf", _portfolio_pdf),
    "pptx": Format("pptx", f"{_OFFICE}.presentationml.presentation", portfolio_pptx),
    "xlsx": Format("xlsx", f"{_OFFICE}.spreadsheetml.sheet", _portfolio_book),
}
"""The files on a portfolio: each is made of what was found (`find_portfolio`), in a language, for
whom and from whom.
"""


def portfolio_file_name(portfolio: Portfolio, kind: str, lang: Lang) -> str:
    """Return how a file on a portfolio is called: what it is, in the language, and its day.

    Args:
        portfolio: the rows.
        kind: the format, such as "pdf".
        lang: the language.

    Examples:
        >>> from funnel_sim.evidence.portfolio.example import example_portfolio
        >>> portfolio_file_name(example_portfolio("en"), "pptx", "en")
        'portfolio-slides-2026-11-27-en.pptx'
    """
    what = _part(say(lang, f"portfolio_report.name_{kind}"))
    return f"{what}-{portfolio.as_of.isoformat()}-{lang}.{PORTFOLIO_FORMATS[kind].ending}"


def counter_files(scenario: Scenario, found: Found, kind: str, lang: Lang) -> dict[str, bytes]:
    """Return, by quote, the counter-draft ("counter", Word) or the page for whoever decides
    ("boss", PDF); nothing for a quote that no set of changes makes worth signing, or that needs
    none.
    """
    out: dict[str, bytes] = {}
    for answer in found.quotes:
        offer = counter_offer(scenario, answer.option)
        if not offer.ways or found.answers is None:
            continue
        way = offer.ways[0]
        if kind == "counter":
            whole = needed_for(scenario, offer.scenario, way.option)
            out[answer.option.id] = counter_draft_docx(whole, answer.option, way.option, lang)
        else:
            out[answer.option.id] = boss_pdf(
                compare(offer.scenario),
                answer.option.id,
                way,
                own_budget(scenario),
                lang,
                next((one for one in found.cash_quotes if one.option == answer.option.id), None),
            )
    return out


COUNTER: dict[str, tuple[str, str]] = {
    "counter": ("docx", f"{_OFFICE}.wordprocessingml.document"),
    "boss": ("pdf", "application/pdf"),
}
"""The files on a counter-offer, one a quote, with their endings and media types."""


def kinds_of(scenario: Scenario, *, ours: bool) -> tuple[str, ...]:
    """Return every kind of file that a scenario has by itself: those on a counter-offer where there
    is a quote that somebody else makes.

    >>> from funnel_sim.scenario.presets import preset
    >>> kinds_of(preset("amazon-de-kitchen"), ours=False)
    ('workbook', 'html', 'pdf', 'slides', 'file')
    """
    quotes = any(one.kind == "quote" and one.compared for one in scenario.options)
    return (*FORMATS, *(COUNTER if quotes and not ours else ()))


def file_name(of: Scenario) -> str:
    """Return how a file of a scenario is called, without its ending: by the scenario's name, else
    by its preset.

    Whatever these hold, it is one name and no path: letters, digits and single hyphens, begun by
    our own word (so that it is none that Windows reserves), and short enough for every file system
    in any script.

    >>> from funnel_sim.scenario.presets import preset
    >>> one = preset("amazon-de-kitchen")
    >>> (
    ...     file_name(one),
    ...     file_name(one.replace({"name": "Plan / Q4"})),
    ...     file_name(one.replace({"preset": "/../../outside"})),
    ... )
    ('funnel-sim-amazon-de-kitchen', 'funnel-sim-Plan-Q4', 'funnel-sim-outside')
    """
    return f"funnel-sim-{_part(of.name) or _part(of.preset) or 'scenario'}"


def _part(text: str) -> str:
    plain = re.sub(r"[^\w]+", "-", text).strip("-_")
    return plain.encode()[:_LONGEST_NAME].decode(errors="ignore").rstrip("-_")
