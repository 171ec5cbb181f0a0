"""The files that a client takes away: how each is called, its media type, and what makes it; the
screen and the command line offer the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from funnel_sim.decisions.found import Found
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.counter_offer import counter_offer, needed_for
from funnel_sim.decisions.quote.instead import own_budget
from funnel_sim.output.documents.boss_page import boss_pdf
from funnel_sim.output.documents.counter_draft import counter_draft_docx
from funnel_sim.output.documents.html import report_html
from funnel_sim.output.documents.pdf import report_pdf
from funnel_sim.output.documents.report import report
from funnel_sim.output.documents.slides import slides_pptx
from funnel_sim.output.workbook.book import workbook
from funnel_sim.scenario.files import MEDIA_TYPE, to_text
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang

_OFFICE = "application/vnd.openxmlformats-officedocument"
_LONGEST_NAME = 180  # bytes; a file system takes 255, and language and ending follow


@dataclass(frozen=True)
class Format:
    """One kind of file: its ending, its media type, and what makes it of a scenario, of what was
    found, in a language.
    """

    ending: str
    media: str
    made: Callable[[Scenario, Found, Lang], bytes]


FORMATS: dict[str, Format] = {
    "workbook": Format(
        "xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
        lambda s, f, lang: workbook(s, lang, f.run, f.answers, f.check),
    ),
    "html": Format(
        "html", "text/html", lambda s, f, lang: report_html(report(s, lang, f), lang).encode()
    ),
    "pdf": Format(
        "pdf", "application/pdf", lambda s, f, lang: report_pdf(report(s, lang, f), lang)
    ),
    "slides": Format(
        "pptx", f"{_OFFICE}.presentationml.presentation", lambda s, f, lang: slides_pptx(s, lang, f)
    ),
    "file": Format("json", MEDIA_TYPE, lambda s, f, lang: to_text(s).encode()),
}


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
                compare(offer.scenario), answer.option.id, way, own_budget(scenario), lang
            )
    return out


COUNTER: dict[str, str] = {"counter": "docx", "boss": "pdf"}
"""The files on a counter-offer, one a quote, with their endings."""


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
