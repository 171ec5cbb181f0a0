"""The term sheet: a contract with its KPIs, clauses and worked examples, as Markdown and as a Word
file that say the same.

`term_sheet` builds one list of blocks; two writers put it on paper. It is a basis for negotiation,
not legal advice.
"""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from funnel_sim.decisions.quote.answer import promise_kept
from funnel_sim.decisions.quote.contract import LINES, STAYED
from funnel_sim.decisions.quote.worked_examples import (
    ExampleLevel,
    Examples,
    agreed,
    examples,
    named_kpis,
)
from funnel_sim.errors import InputError
from funnel_sim.output.documents.blocks import Heading, Paragraph, TableBlock
from funnel_sim.output.documents.markdown import markdown_of
from funnel_sim.output.words import formats
from funnel_sim.output.words.clause_kpis import kpi_value, value_money
from funnel_sim.output.words.clauses import (
    Clause,
    assumptions,
    basis_words,
    clauses,
    kpi_definitions,
    missing,
)
from funnel_sim.output.words.kpi import metric_name
from funnel_sim.output.words.our_offer import stopped_sentence
from funnel_sim.output.words.workings import ContractWorking, month_workings, window_workings
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.reference.provenance import first_source
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.quantity import is_range
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_FONTS: dict[Lang, str] = {"zh": "Microsoft YaHei", "en": "Calibri"}
_EAST = "Microsoft YaHei"
_WIDTH = 17.0
_MANY = 3


SheetBlock = Heading | Paragraph | TableBlock


def term_sheet(scenario: Scenario, option: Option, lang: Lang) -> list[SheetBlock]:
    """Return the term sheet of an option's contract as blocks, in reading order."""
    found = examples(scenario, option)
    every = clauses(scenario, option, lang)
    parts: list[SheetBlock] = [
        Heading(say(lang, "sheet.title", name=option_name(option, lang)), 0),
        Paragraph(say(lang, "sheet.legal")),
    ]
    parts += [Heading(f"1. {say(lang, 'sheet.h_parties')}"), _parties(scenario, option, lang)]
    parts += [Heading(f"2. {say(lang, 'sheet.h_subject')}"), Paragraph(say(lang, "sheet.subject"))]
    parts += [Heading(f"3. {say(lang, 'sheet.h_kpis')}")]
    kpis = kpi_definitions(scenario, option, lang)
    parts += _numbered(3, kpis, lang) if kpis else [Paragraph(say(lang, "sheet.no_kpis"))]
    parts += [
        Heading(f"4. {say(lang, 'sheet.h_fees')}"),
        *_numbered(4, [one for one in every if not one.lasts], lang),
    ]
    parts += [
        Heading(f"5. {say(lang, 'sheet.h_lasting')}"),
        *_numbered(5, [one for one in every if one.lasts], lang),
        *_stopped(scenario, option, lang),
    ]
    lacks = missing(scenario, option, lang)
    parts += [Heading(f"6. {say(lang, 'sheet.h_missing')}")]
    parts += (
        [Paragraph(say(lang, "sheet.missing_lead")), *_numbered(6, lacks, lang)]
        if lacks
        else [Paragraph(say(lang, "sheet.missing_none"))]
    )
    parts += [Heading(f"7. {say(lang, 'sheet.h_examples')}"), *_examples(found, scenario, lang)]
    parts += [Heading(f"8. {say(lang, 'sheet.h_assumed')}"), *_assumed(scenario, option, lang)]
    parts += [Heading(f"9. {say(lang, 'sheet.h_sign')}"), _signatures(lang)]
    return parts


def _numbered(section: int, every: Sequence[Clause], lang: Lang) -> list[SheetBlock]:
    stop = say(lang, "sheet.stop")
    return [
        Paragraph(one.text, f"{section}.{number} {one.title}{stop}")
        for number, one in enumerate(every, 1)
    ]


def _stopped(scenario: Scenario, option: Option, lang: Lang) -> list[SheetBlock]:
    """Return that the stop-loss ends a kept promise, which is no clause, where it does."""
    if not option.stop_loss or not option.claimed:
        return []
    try:
        told = stopped_sentence(promise_kept(scenario, option), lang)
    except InputError:  # a store that cannot be simulated has its contract all the same
        return []
    return [Paragraph(told, say(lang, "sheet.simulated"))] if told else []


def _parties(scenario: Scenario, option: Option, lang: Lang) -> TableBlock:
    card = next((card for card in preset_cards() if card.id == scenario.preset), None)
    known = {
        "agency": option.name,
        "platform": card.platform if card else "",
        "market": card.market if card else "",
    }
    names = (
        "client",
        "agency",
        "store",
        "platform",
        "market",
        "signed",
        "starts",
        "reports",
        "rate",
    )
    rows = tuple(
        (say(lang, f"sheet.p_{name}"), known.get(name) or say(lang, "sheet.blank"))
        for name in names
    )
    return TableBlock((say(lang, "sheet.item"), say(lang, "sheet.entry")), rows, (0.38, 0.62))


def _signatures(lang: Lang) -> TableBlock:
    rows = tuple(
        (say(lang, f"sheet.s_{name}"), say(lang, "sheet.blank"), say(lang, "sheet.blank"))
        for name in ("name", "signature", "date")
    )
    return TableBlock(
        (say(lang, "sheet.item"), say(lang, "sheet.p_client"), say(lang, "sheet.p_agency")),
        rows,
        (0.24, 0.38, 0.38),
    )


# ---- the worked examples
# -----------------------------------------------------------------------------------


def level_name(level: ExampleLevel, found: Examples, scenario: Scenario, lang: Lang) -> str:
    """Return the name of a level, with the KPI's value where it has a target."""
    shown = value_money(level.value, found.kpi, scenario, lang)
    if level.share is None:
        return say(lang, "sheet.level_baseline", value=shown)
    return say(
        lang,
        "sheet.level_target" if found.named else "sheet.level_usual",
        share=formats.percent(level.share, 0),
        value=shown,
    )


def _examples(found: Examples, scenario: Scenario, lang: Lang) -> list[SheetBlock]:
    option, metric = found.option, metric_name(found.kpi.metric, lang)
    code = option.currency(scenario)
    names = [level_name(level, found, scenario, lang) for level in found.levels]

    def pay(amount: float) -> str:
        return formats.money(amount, code, lang)

    usual = value_money(found.usual, found.kpi, scenario, lang)
    lead = say(lang, "sheet.named" if found.named else "sheet.unnamed", metric=metric, usual=usual)
    how = say(lang, "sheet.scaled" if found.scaled else "sheet.not_scaled", metric=metric)
    less = f" {say(lang, 'sheet.less', metric=metric)}" if found.kpi.comparator == "at_most" else ""
    notes = [say(lang, "sheet.no_season")]
    notes += (
        [say(lang, "sheet.ad_budget", factor=formats.exact(option.ad_budget))]
        if option.ad_budget != 1
        else []
    )
    notes += (
        [
            say(
                lang,
                "sheet.rate_fixed",
                one=scenario.currency,
                fx=formats.exact(found.fx),
                other=code,
            )
        ]
        if code != scenario.currency
        else []
    )
    notes += (
        [
            say(
                lang,
                "sheet.baseline_used",
                amount=formats.exact_money(found.baseline, scenario.currency, lang),
            )
        ]
        if found.baseline
        else []
    )
    notes += (
        [say(lang, "sheet.events_out")]
        if any(one.every == "event" for one in option.extras)
        else []
    )
    gap = " " if lang == "en" else ""
    out: list[SheetBlock] = [
        Paragraph(f"{lead}{gap}{how}{less.strip() if lang == 'zh' else less}"),
        Paragraph(gap.join(notes)),
        Paragraph(say(lang, "sheet.rounding")),
    ]
    out += [Heading(f"7.1 {say(lang, 'sheet.h_inputs')}", 2), _inputs(found, names, scenario, lang)]
    out += [
        Heading(f"7.2 {say(lang, 'sheet.h_month')}", 2),
        Paragraph(say(lang, "sheet.month_note")),
    ]
    lines = [name for name in LINES if any(name in level.month for level in found.levels)]
    rows = [
        (say(lang, f"sheet.l_{name}"), *(pay(level.month.get(name, 0.0)) for level in found.levels))
        for name in lines
    ]
    rows.append(
        (say(lang, "sheet.total"), *(pay(sum(level.month.values())) for level in found.levels))
    )
    grid = (0.2, *([0.8 / len(names)] * len(names)))
    every = tuple(range(1, len(names) + 1))
    out.append(
        TableBlock(
            (say(lang, "sheet.line"), *names),
            tuple(rows),
            grid,
            totals=frozenset({len(rows) - 1}),
            numbers=every,
        )
    )
    out += [Paragraph(say(lang, "sheet.how"), ""), _month_table(found, scenario, lang, pay)]
    out += [
        Heading(f"7.3 {say(lang, 'sheet.h_window', months=found.months)}", 2),
        Paragraph(say(lang, "sheet.window_note")),
    ]
    lines = [name for name in LINES if any(name in level.lines for level in found.levels)]
    rows = [(say(lang, "sheet.lasts"), *(_lasts(level, found, lang) for level in found.levels))]
    rows += [
        (
            say(lang, f"sheet.l_{name}"),
            *(
                pay(float(level.lines[name].sum()) if name in level.lines else 0.0)
                for level in found.levels
            ),
        )
        for name in lines
    ]
    rows.append(
        (
            say(lang, "sheet.total"),
            *(
                pay(float(sum(line.sum() for line in level.lines.values())))
                for level in found.levels
            ),
        )
    )
    out.append(
        TableBlock(
            (say(lang, "sheet.line"), *names),
            tuple(rows),
            grid,
            totals=frozenset({len(rows) - 1}),
            numbers=every,
        )
    )
    for name, level in zip(names, found.levels, strict=True):
        out += [
            Heading(say(lang, "sheet.h_level", name=name), 3),
            _window_table(window_workings(found, level, scenario, lang), lang, pay),
        ]
    return out


def _short(level: ExampleLevel, lang: Lang) -> str:
    return say(lang, "sheet.baseline") if level.share is None else formats.percent(level.share, 0)


def _lasts(level: ExampleLevel, found: Examples, lang: Lang) -> str:
    if level.why == STAYED:
        return say(lang, "sheet.lasts_on", months=found.months)
    return say(lang, f"sheet.ended_{level.why}", month=level.lasts)


def _inputs(found: Examples, names: Sequence[str], scenario: Scenario, lang: Lang) -> TableBlock:
    option = found.option
    rows: list[tuple[str, ...]] = []
    if option.share_tiers or any(one.form == "sales" for one in option.rewards):
        rows.append(
            (
                basis_words(scenario, option, lang),
                *(formats.money(level.basis, scenario.currency, lang) for level in found.levels),
            )
        )
    rows.append(
        (
            say(lang, "sheet.ad_spend"),
            *(formats.money(level.spend, scenario.currency, lang) for level in found.levels),
        )
    )
    rows.append(
        (say(lang, "sheet.orders"), *(formats.exact(level.orders) for level in found.levels))
    )
    for number, kpi in enumerate(named_kpis(scenario, option), 1):
        goal = agreed(scenario, kpi).month
        met = [
            say(lang, "sheet.met" if level.met[kpi.id] else "sheet.missed")
            for level in found.levels
        ]
        shown = [value_money(level.values[kpi.id], kpi, scenario, lang) for level in found.levels]
        target = (
            value_money(goal, kpi, scenario, lang)
            if kpi.relative or goal != kpi.target
            else kpi_value(goal, kpi.metric, scenario, lang)
        )
        name = say(
            lang,
            "sheet.kpi_row",
            number=number,
            metric=metric_name(kpi.metric, lang),
            target=target,
        )
        rows.append(
            (
                name,
                *(
                    say(lang, "sheet.value_met", value=value, met=one)
                    for value, one in zip(shown, met, strict=True)
                ),
            )
        )
    return TableBlock(
        (say(lang, "sheet.a_month"), *names),
        tuple(rows),
        (0.24, *([0.76 / len(names)] * len(names))),
        numbers=tuple(range(1, len(names) + 1)),
    )


def _month_table(found: Examples, scenario: Scenario, lang: Lang, pay: Any) -> TableBlock:
    """Return each line's working at each level of the normal month; levels that are worked out
    alike share a row.
    """
    by_level = [
        {one.line: one for one in month_workings(found, level, scenario, lang)}
        for level in found.levels
    ]
    rows: list[tuple[str, ...]] = []
    for line in LINES:
        told: dict[str, list[int]] = {}
        for index, level in enumerate(by_level):
            if line in level:
                told.setdefault(level[line].text, []).append(index)
        for text, which in told.items():
            whose = (
                say(lang, "sheet.all_levels")
                if len(which) == len(found.levels)
                else say(lang, "kpi.list").join(_short(found.levels[i], lang) for i in which)
            )
            rows.append(
                (say(lang, f"sheet.l_{line}"), whose, text, pay(by_level[which[0]][line].amount))
            )
    head = (
        say(lang, "sheet.line"),
        say(lang, "sheet.level"),
        say(lang, "sheet.working"),
        say(lang, "sheet.amount"),
    )
    return TableBlock(head, tuple(rows), (0.15, 0.19, 0.48, 0.18), numbers=(3,))


def _window_table(every: Sequence[ContractWorking], lang: Lang, pay: Any) -> TableBlock:
    rows = [
        (
            say(lang, f"sheet.l_{one.line}"),
            str(one.first) if one.first == one.last else f"{one.first}–{one.last}",
            one.text,
            pay(one.amount),
            pay(one.total),
        )
        for one in every
    ]
    rows.append((say(lang, "sheet.total"), "", "", "", pay(sum(one.total for one in every))))
    head = (
        say(lang, "sheet.line"),
        say(lang, "sheet.months"),
        say(lang, "sheet.working"),
        say(lang, "sheet.each_month"),
        say(lang, "sheet.together"),
    )
    return TableBlock(
        head,
        tuple(rows),
        (0.14, 0.1, 0.4, 0.18, 0.18),
        totals=frozenset({len(rows) - 1}),
        numbers=(3, 4),
    )


def _assumed(scenario: Scenario, option: Option, lang: Lang) -> list[SheetBlock]:
    fx = scenario.fx_rate
    card = next((card for card in preset_cards() if card.id == scenario.preset), None)
    rows = [
        ("scenario", scenario.name or say(lang, "sheet.unnamed_scenario")),
        (
            "preset",
            (
                f"{card.platform} · {card.market} · {card.product.of(lang)}"
                if card
                else say(lang, "sheet.no_preset")
            ),
        ),
        ("model", MODEL_VERSION),
        ("as_of", scenario.as_of.isoformat()),
        ("currency", scenario.currency),
        ("cost_currency", scenario.cost_currency),
    ]
    if scenario.currency != scenario.cost_currency:
        likely = formats.exact(fx.point if is_range(fx) else fx)  # type: ignore[union-attr, arg-type]
        rows.append(("fx", f"1 {scenario.currency} = {likely} {scenario.cost_currency}"))
        found = origin_of(scenario, "fx_rate").provenance
        told = say(lang, "sheet.fx_typed" if found is None else "sheet.fx_assumed")
        rows.append(
            (
                "fx_source",
                (
                    f"{first_source(found.source)} · {found.start}"
                    if found is not None and found.evidence != "assumed"
                    else told
                ),
            )
        )
    rows.append(
        (
            "seed",
            say(
                lang,
                "sheet.seed",
                seed=str(scenario.chance.seed),
                paths=formats.number(scenario.chance.paths),
            ),
        )
    )
    table = TableBlock(
        (say(lang, "sheet.item"), say(lang, "sheet.entry")),
        tuple((say(lang, f"sheet.a_{name}"), text) for name, text in rows),
        (0.38, 0.62),
    )
    taken = [Paragraph(one.text, one.title) for one in assumptions(scenario, option, lang)]
    return [table, *taken, Paragraph(say(lang, "sheet.alone")), Paragraph(say(lang, "sheet.legal"))]


# ---- Markdown
# ----------------------------------------------------------------------------------------------


def term_sheet_markdown(scenario: Scenario, option: Option, lang: Lang) -> str:
    """Return the term sheet of an option's contract as Markdown."""
    return markdown_of(term_sheet(scenario, option, lang))


# ---- Word
# --------------------------------------------------------------------------------------------------


def term_sheet_docx(scenario: Scenario, option: Option, lang: Lang) -> bytes:
    """Return the term sheet of an option's contract as a Word file: A4, native headings and tables,
    page numbers.
    """
    return word_file(
        term_sheet(scenario, option, lang), say(lang, "sheet.file_title"), scenario.as_of, lang
    )


def word_file(blocks: Sequence[SheetBlock], title: str, day: dt.date, lang: Lang) -> bytes:
    """Return blocks as a Word file of a title, dated the day of its parameters: the core reads no
    clock.
    """
    document = Document()
    _set_up(document, lang)
    document.core_properties.title = title
    on = dt.datetime(day.year, day.month, day.day)
    document.core_properties.created = document.core_properties.modified = on
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if isinstance(block, Heading):
            document.add_heading(formats.joined(block.text), block.level)
        elif isinstance(block, Paragraph):
            _add_paragraph(document, block, keep=isinstance(after, TableBlock))
        else:
            _add_table(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Any, lang: Lang) -> None:
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.PORTRAIT, Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.0)
    page.top_margin, page.bottom_margin = Cm(2.0), Cm(2.0)
    sizes = {"Normal": 10.5, "Title": 20, "Heading 1": 14, "Heading 2": 12, "Heading 3": 11}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size = _FONTS[lang], Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), _EAST)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0x1F, 0x2A, 0x44)
            style.paragraph_format.keep_with_next = True
    normal = document.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(6), 1.15
    language = document.styles["Normal"].element.get_or_add_rPr()
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), "en-US")
    mark.set(qn("w:eastAsia"), "zh-CN")
    language.append(mark)
    document.core_properties.author, document.core_properties.language = (
        "",
        {"zh": "zh-CN", "en": "en-US"}[lang],
    )
    document.core_properties.comments = ""
    footer = page.footer.paragraphs[0]
    footer.alignment = 1
    for field in ("PAGE", None, "NUMPAGES"):
        _add_field(footer, field) if field else footer.add_run(" / ")


def _add_field(paragraph: Any, name: str) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, name), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _add_paragraph(document: Any, block: Paragraph, *, keep: bool) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = keep
    if block.title:
        paragraph.add_run(f"{formats.joined(block.title)} ").bold = True
    paragraph.add_run(formats.joined(block.text))


def _add_table(document: Any, block: TableBlock) -> None:
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.head))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for place, share in enumerate(block.widths):
        table.columns[place].width = Cm(_WIDTH * share)
    for index, row in enumerate((block.head, *block.rows)):
        shown = table.rows[index]
        once = OxmlElement("w:cantSplit")
        shown._tr.get_or_add_trPr().append(once)
        if index == 0:
            shown._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        bold = index == 0 or index - 1 in block.totals
        for place, text in enumerate(row):
            cell = shown.cells[place]
            cell.width = Cm(_WIDTH * block.widths[place])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.line_spacing = 1.0
            if place in block.numbers:
                paragraph.alignment = 2
            run = paragraph.add_run(formats.joined(text))
            run.bold, run.font.size = bold, Pt(8.5 if len(block.head) > _MANY else 9)
            if index == 0:
                _shade(cell)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:color"), "auto")
    shade.set(qn("w:fill"), "E8ECF4")
    cell._tc.get_or_add_tcPr().append(shade)
