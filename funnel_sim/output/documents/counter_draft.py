"""The counter-draft: what was quoted, what is asked for instead, and the sentences for the
contract, as a Word file to send to the agency.

It holds the contract's words only: nothing of what the client expects, earns or would pay, and no
aside for the client (that a clause may be hard on the agency is said on screen and boss page).
"""

from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.errors import InputError
from funnel_sim.output.documents.blocks import Heading, Paragraph, TableBlock
from funnel_sim.output.documents.term_sheet import SheetBlock, word_file
from funnel_sim.output.words.clauses import Clause, clauses, kpi_definitions
from funnel_sim.output.words.contract_check import clause_text
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_MOST_POINTS = 8
_WIDTHS = (0.2, 0.4, 0.4)
OURS = frozenset({"low_odds", "needs_effect"})
"""Items of the contract check that tell what the client's own simulation found: nothing for the
other side.
"""


def counter_draft(scenario: Scenario, option: Option, made: Option, lang: Lang) -> list[SheetBlock]:
    """Return the counter-draft as blocks: the changes side by side, the clauses as they are to
    read, KPIs that they name, points still open.

    Args:
        scenario: the store, with the KPIs that the counter-offer names.
        option: the quote as it came.
        made: the quote as it is asked for.
        lang: language of the draft, which need not be the screen's.
    """
    before = {one.key: one for one in clauses(scenario, option, lang)}
    after = {one.key: one for one in clauses(scenario, made, lang)}
    changed = [
        key
        for key in (*before, *(key for key in after if key not in before))
        if _text(before, key) != _text(after, key)
    ]
    parts: list[SheetBlock] = [
        Heading(say(lang, "draft.title", name=option_name(option, lang)), 0),
        Paragraph(say(lang, "draft.lead")),
    ]
    if not changed:
        return [*parts, Paragraph(say(lang, "draft.unchanged"))]
    parts.append(Heading(f"1. {say(lang, 'draft.h_changes')}"))
    nothing = say(lang, "draft.nothing")
    rows = tuple(
        (
            (after.get(key) or before[key]).title,
            _text(before, key) or nothing,
            _text(after, key) or nothing,
        )
        for key in changed
    )
    parts.append(
        TableBlock(
            (say(lang, "draft.clause"), say(lang, "draft.quoted"), say(lang, "draft.asked")),
            rows,
            _WIDTHS,
        )
    )
    parts.append(Heading(f"2. {say(lang, 'draft.h_wording')}"))
    stop = say(lang, "sheet.stop")
    for number, key in enumerate(changed, 1):
        text = after[key].text if key in after else say(lang, "draft.struck", text=before[key].text)
        parts.append(Paragraph(text, f"2.{number} {(after.get(key) or before[key]).title}{stop}"))
    named = kpi_definitions(scenario, made, lang)
    if named:
        parts.append(Heading(f"3. {say(lang, 'draft.h_kpis')}"))
        parts += [
            Paragraph(one.text, f"3.{number} {one.title}{stop}")
            for number, one in enumerate(named, 1)
        ]
    settled = {key.partition(".")[0] for key in changed} | ({"kpi"} if named else set())
    points = _points(scenario, made, settled, lang)
    if points:
        section = 4 if named else 3
        parts += [
            Heading(f"{section}. {say(lang, 'draft.h_points')}"),
            Paragraph(say(lang, "draft.points_lead")),
        ]
        parts += [
            Paragraph(text, f"{section}.{number} {title}{stop}")
            for number, (title, text) in enumerate(points, 1)
        ]
    return [*parts, Paragraph(say(lang, "draft.legal"))]


def _text(every: dict[str, Clause], key: str) -> str:
    return every[key].text if key in every else ""


def _points(
    scenario: Scenario, made: Option, settled: set[str], lang: Lang
) -> list[tuple[str, str]]:
    """Return what the contract check still finds in the contract that is asked for, the gravest
    first: the item, and the sentence to add; none on a subject that the draft has settled already,
    so that it never says two things about one.
    """
    whole = scenario.replace(
        {
            "options": [
                *(one for one in scenario.plain()["options"] if one["id"] != made.id),
                made.model_dump(mode="json"),
            ]
        }
    )
    try:
        check = check_contract(whole, made.id)
    except InputError:
        return []
    found = []
    for one in check.findings:
        if one.state == "bad" and one.item.id not in OURS and not one.item.subjects & settled:
            found.append(one)
            settled = settled | one.item.subjects
    return [(one.item.name.of(lang), clause_text(one, check, lang)) for one in found[:_MOST_POINTS]]


def counter_draft_docx(scenario: Scenario, option: Option, made: Option, lang: Lang) -> bytes:
    """Return the counter-draft as a Word file: A4, native headings and tables, page numbers."""
    return word_file(
        counter_draft(scenario, option, made, lang),
        say(lang, "draft.file_title"),
        scenario.as_of,
        lang,
    )
