"""The files of a settlement: how each is called, its media type, and what makes it; the screen and
the command line offer the same.
"""

from funnel_sim.decisions.review.settlement import Dispute, Settlement
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.output.documents.settlement import (
    settlement_csv,
    settlement_markdown,
    settlement_pdf,
)
from funnel_sim.output.exports import FORMATS, Format, file_name
from funnel_sim.output.workbook.settlement import settlement_workbook
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_BOM = "\ufeff"  # by which spreadsheets know a CSV for UTF-8


def _workbook(
    found: Settlement,
    scenario: Scenario,
    lang: Lang,
    _: Letter = PLAIN,
    dispute: Dispute | None = None,
) -> bytes:
    return settlement_workbook(found, scenario, lang, dispute)


def _markdown(
    found: Settlement,
    scenario: Scenario,
    lang: Lang,
    letter: Letter = PLAIN,
    dispute: Dispute | None = None,
) -> bytes:
    return settlement_markdown(found, scenario, lang, letter, dispute).encode()


def _csv(
    found: Settlement,
    scenario: Scenario,
    lang: Lang,
    _: Letter = PLAIN,
    dispute: Dispute | None = None,  # a table of the bill's lines has no place for it
) -> bytes:
    return (_BOM + settlement_csv(found, scenario, lang)).encode()


STATEMENT: dict[str, Format] = {
    "xlsx": Format("xlsx", FORMATS["workbook"].media, _workbook),
    "pdf": Format("pdf", FORMATS["pdf"].media, settlement_pdf),
    "md": Format("md", "text/markdown", _markdown),
    "csv": Format("csv", "text/csv", _csv),
}
"""The kinds of file; each is made of a settlement, its scenario, a language, a letter and the other
side's amount (None where none was named).
"""


def statement_name(found: Settlement, scenario: Scenario, kind: str, lang: Lang) -> str:
    """Return how a file of a settlement is called: by the store, the contract and its months."""
    first, last = found.chosen[0], found.chosen[-1]
    months = first if first == last else f"{first}-{last}"
    word = say(lang, "settlement.doc_file")
    name = f"{file_name(scenario)}-{word}-{found.bill.option.id}-{months}-{lang}"
    return f"{name}.{STATEMENT[kind].ending}"
