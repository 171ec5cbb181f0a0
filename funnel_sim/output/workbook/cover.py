"""The first sheet of a workbook: key figures, the months' profit, the verdicts, how it is used."""

from collections.abc import Mapping, Sequence
from typing import Any

from funnel_sim.decisions.kpi.check import KpiCheck
from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.model.written import Term, call, when
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import name_of, unit_of
from funnel_sim.output.words.kpi import verdict_sentence as kpi_sentence
from funnel_sim.output.words.quote import verdict_sentence, verdict_word
from funnel_sim.output.workbook.cells import CHART_ROWS, CellPlace, MonthsChart, Sheet, Span
from funnel_sim.output.workbook.inputs import EDITED
from funnel_sim.output.workbook.model_book import LOOKS
from funnel_sim.output.workbook.months import Model
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.words import Lang, say


def told_verdicts(
    answers: Answers | None, check: KpiCheck | None, lang: Lang
) -> list[tuple[str, str]]:
    """Return what was asked of the scenario and the answer, by the simulation."""
    out = []
    if answers is not None:
        out += [
            (
                option_name(one.option, lang),
                say(
                    lang,
                    "present.headed",
                    head=verdict_word(one, lang),
                    text=verdict_sentence(one, answers, lang),
                ),
            )
            for one in answers.options
            if one.option.kind == "quote"
        ]
    if check is not None:
        out.append(
            (
                "KPI",
                say(
                    lang,
                    "present.headed",
                    head=say(lang, f"kpi.{check.verdict}"),
                    text=kpi_sentence(check, lang),
                ),
            )
        )
    return out


SUMMARY = ("order_profit", "profit", "margin", "cac", "ltv", "break_even_acos")
"""The figures on the first sheet, live, of the steady month."""


def _summary(sheets: Mapping[str, Sheet], model: Model) -> int:
    """Put the key figures and the chart of the months' profit on the first sheet; return the row
    after them.
    """
    sheet, lang, steady = sheets["cover"], model.lang, model.books["steady"]
    sheet.put(2, 0, say(lang, "workbook.cover_summary"), "group")
    shown, row = model.scenario.shown, 3
    home = shown != model.scenario.currency
    own = model.scenario.currency != model.scenario.cost_currency
    rate: Any = model.inputs.places["fx_rate"] if own else shown.rate
    for key in SUMMARY:
        place, unit = steady.get(key), unit_of(key)
        both = home and unit == "money"
        code = model.scenario.currency
        sheet.put(
            row, 0, f"{name_of(key, lang)} ({code})" if both else name_of(key, lang), "strong"
        )
        content = formats.NOTHING if place is None else place
        sheet.put(row, 1, content, f"{LOOKS[unit]} left strong")
        row += 1
        if both and place is not None:
            sheet.put(row, 0, f"{name_of(key, lang)} ({shown})", "strong")
            sheet.put(row, 1, place * rate, "money left strong")
            row += 1
    ledger = next((one for one in sheets.values() if "months_profit" in one.names), None)
    if ledger is None:
        return row + 1
    title = say(lang, "workbook.cover_chart", currency=model.scenario.currency)
    sheet.charts.append(
        MonthsChart((row + 1, 0), title, ledger.title, ledger.names["months_profit"])
    )
    return row + 2 + CHART_ROWS


def _edited(sheets: Mapping[str, Sheet], lang: Lang, texts: tuple[str, str]) -> Term:
    """Return the second of two texts where an input differs from what the file was made with."""
    ledger = sheets["assumptions"]
    last = max(row for row, column in ledger.cells if column == EDITED)
    marks = Span(CellPlace(ledger, 3, EDITED, ""), CellPlace(ledger, last, EDITED, ""), [])
    changed = call("COUNTIF", [marks, say(lang, "workbook.edited")], 0.0)
    return when(changed > 0, texts[1], texts[0])


def cover_sheet(sheets: Mapping[str, Sheet], model: Model, told: Sequence[tuple[str, str]]) -> None:
    """Fill the first sheet.

    Args:
        sheets: all of them, by key.
        model: the figures as cells.
        told: whose verdict it is, and the verdict.
    """
    inputs = model.inputs
    sheet, lang, scenario = sheets["cover"], inputs.lang, inputs.scenario
    sheet.widths = {0: 60, 1: 110}
    sheet.put(0, 0, scenario.name or say(lang, "workbook.title"), "title")
    start = _summary(sheets, model)
    card = next((card for card in preset_cards() if card.id == scenario.preset), None)
    said = (
        f"{card.platform} · {card.market} · {card.product.of(lang)} ({card.id})"
        if card
        else scenario.preset or formats.NOTHING
    )
    rows: list[tuple[str, Any, str]] = [
        ("name", scenario.name or formats.NOTHING, ""),
        ("preset", said, ""),
        ("currency", scenario.currency, ""),
        ("cost_currency", scenario.cost_currency, ""),
        ("fx", inputs.places["fx_rate"], "plain left"),
        ("as_of", scenario.as_of.isoformat(), ""),
        ("months", str(scenario.plan.horizon_months), ""),
        ("version", MODEL_VERSION, ""),
    ]
    for row, (key, value, look) in enumerate(rows, start):
        sheet.put(row, 0, say(lang, f"workbook.cover_{key}"), "strong wrap")
        sheet.put(row, 1, value, look)
    row = start + len(rows) + 1
    if told:
        sheet.put(row, 0, say(lang, "workbook.cover_verdict"), "group")
        for place, (whose, text) in enumerate(told, row + 1):
            sheet.put(place, 0, whose, "strong")
            sheet.put(place, 1, text, "wrap")
        kept, stale = (say(lang, f"workbook.cover_{key}") for key in ("values", "stale"))
        sheet.put(row + len(told) + 1, 1, _edited(sheets, lang, (kept, stale)), "lead flag")
        row += len(told) + 3
    sheet.put(row, 0, say(lang, "workbook.cover_use"), "group")
    for number in range(1, 7):
        sheet.put(row + number, 0, say(lang, f"workbook.use_{number}_title"), "strong")
        sheet.put(
            row + number,
            1,
            say(lang, f"workbook.use_{number}", currency=scenario.currency),
            "wrap input" if number == 1 else "wrap",
        )
    row += 8
    sheet.put(row, 0, say(lang, "workbook.cover_sheets"), "group")
    for place, (key, one) in enumerate(list(sheets.items())[1:], row + 1):
        sheet.put(place, 0, one.title, "strong")
        sheet.put(place, 1, say(lang, f"workbook.{key}_lead"), "wrap")
