"""The workbook: a scenario as a file of live formulas with named cells, for whoever checks the
numbers in a spreadsheet.

`workbook` is the file; `built` the sheets before they are written, each cell with its formula and
what that comes to. Changing a coloured cell gives what the app gives. The formulas are translated
from the texts that the model computes with (`months.py`).
"""

import datetime as dt
import io
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from babel.numbers import get_currency_precision

from funnel_sim.chance.simulation import Simulation
from funnel_sim.decisions.kpi.check import KpiCheck
from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.model.written import Term, call, when
from funnel_sim.output.design import PALETTES
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import heavy_sentence
from funnel_sim.output.words.figure_names import name_of, unit_of
from funnel_sim.output.words.kpi import answer_name
from funnel_sim.output.words.kpi import verdict_sentence as kpi_sentence
from funnel_sim.output.words.quote import verdict_sentence, verdict_word
from funnel_sim.output.words.quote_amounts import heavy_notes
from funnel_sim.output.words.shown import shown_sentences
from funnel_sim.output.workbook.cash import cash_sheet
from funnel_sim.output.workbook.cells import CellPlace, MonthsChart, Sheet, Span, quoted
from funnel_sim.output.workbook.inputs import EDITED, Inputs, assumptions
from funnel_sim.output.workbook.model_book import LOOKS
from funnel_sim.output.workbook.months import Model
from funnel_sim.output.workbook.terms import fee_sheet, first_quote, kpi_sheet
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.cash import neutral_terms
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

SHEETS: tuple[str, ...] = (
    "cover",
    "inputs",
    "funnel",
    "order",
    "cohorts",
    "ledger",
    "unit",
    "customers",
    "figures",
    "fees",
    "kpis",
    "cash",
    "simulation",
    "assumptions",
)
_QUOTE_WORDS = frozenset({"option", "verdict", "gain", "better", "fees", "own", "break_even"})
_FORMULAS = (
    "funnel",
    "order",
    "cohorts",
    "ledger",
    "unit",
    "customers",
    "figures",
    "fees",
    "kpis",
    "cash",
)
_ESTIMATES = ("mean", "sd", "p5", "p50", "p95", "worst", "loss")


def workbook(
    scenario: Scenario,
    lang: Lang,
    simulated: Simulation | None = None,
    answers: Answers | None = None,
    check: KpiCheck | None = None,
) -> bytes:
    """Return the workbook of a scenario as an XLSX file; with a simulation, answers on quotes or
    odds of KPIs, these as values.
    """
    return written(scenario, built(scenario, lang, simulated, answers, check), lang)


def built(
    scenario: Scenario,
    lang: Lang,
    simulated: Simulation | None = None,
    answers: Answers | None = None,
    check: KpiCheck | None = None,
) -> list[Sheet]:
    """Return the sheets of a workbook, in order."""
    sheets = {key: Sheet(key, say(lang, f"workbook.sheet_{key}")) for key in SHEETS}
    sheets["figures"].ratios = True
    inputs = Inputs(scenario, lang, sheets["inputs"])
    model = Model(inputs, sheets)
    _asked(model, sheets)
    if simulated is None:
        del sheets["simulation"]
    else:
        end = _simulation(sheets["simulation"], simulated, lang)
        end = (
            _options(sheets["simulation"], end + 1, answers, lang)
            if answers is not None and answers.options
            else end
        )
        if check is not None:
            _kpi_odds(sheets["simulation"], end + 1, check, lang)
    for key in _FORMULAS:
        if key in sheets:
            for (row, column), (content, _) in sheets[key].cells.items():
                if isinstance(content, Term):
                    sheets[key].formula(row, column)
    inputs.close(set().union(*(sheets[key].used for key in _FORMULAS if key in sheets)))
    assumptions(inputs, sheets["assumptions"])
    _cover(sheets, model, _verdicts(answers, check, lang))
    return list(sheets.values())


def _asked(model: Model, sheets: dict[str, Sheet]) -> None:
    """Fill the sheets of what a scenario may have, fees, KPIs and payment terms; take away those of
    what it has not.
    """
    scenario = model.scenario
    option = first_quote(model)
    if option is None:
        del sheets["fees"]
    else:
        fee_sheet(model, option)
    if scenario.kpis:
        kpi_sheet(model)
    else:
        del sheets["kpis"]
    if neutral_terms(scenario.cash):
        del sheets["cash"]
    else:
        cash_sheet(model)


# ---- sheets that hold no formulas of the model
# -------------------------------------------------------------


def _verdicts(answers: Answers | None, check: KpiCheck | None, lang: Lang) -> list[tuple[str, str]]:
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
_CHART_ROWS = 16


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
    return row + 2 + _CHART_ROWS


def _edited(sheets: Mapping[str, Sheet], lang: Lang, texts: tuple[str, str]) -> Term:
    """Return the second of two texts where an input differs from what the file was made with."""
    ledger = sheets["assumptions"]
    last = max(row for row, column in ledger.cells if column == EDITED)
    marks = Span(CellPlace(ledger, 3, EDITED, ""), CellPlace(ledger, last, EDITED, ""), [])
    changed = call("COUNTIF", [marks, say(lang, "workbook.edited")], 0.0)
    return when(changed > 0, texts[1], texts[0])


def _cover(sheets: Mapping[str, Sheet], model: Model, told: Sequence[tuple[str, str]]) -> None:
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


def _simulation(sheet: Sheet, simulated: Simulation, lang: Lang) -> int:
    """Fill in the estimates of the simulation; return the row after the last."""
    plan = simulated.plan
    sheet.put(0, 0, sheet.title, "title")
    shown = simulated.scenario.shown
    lead = [say(lang, "workbook.simulation_lead"), *shown_sentences(simulated.scenario, lang)]
    sheet.put(1, 0, ("" if lang == "zh" else " ").join(lead), "lead")
    for row, (key, number) in enumerate(
        (("seed", plan.seed), ("paths", plan.paths), ("replicates", plan.replicates)), 2
    ):
        sheet.put(row, 0, say(lang, f"workbook.s_{key}"), "strong")
        sheet.put(row, 1, float(number), "plain")
    sheet.put(5, 0, say(lang, "workbook.cover_version"), "strong")
    sheet.put(5, 1, simulated.model_version)
    heads = [
        say(lang, "workbook.head_figure"),
        *(say(lang, f"risk.{key}") for key in _ESTIMATES),
        say(lang, "workbook.s_error"),
    ]
    for column, text in enumerate(heads):
        sheet.put(7, column, text, "head right" if column else "head")
    keys = dict.fromkeys(key for key, over in simulated.drawn if over == "total")
    for row, key in enumerate(keys, 8):
        found, look = simulated.estimate(key), LOOKS[unit_of(key)]
        rate = shown.rate if unit_of(key) == "money" else 1.0
        name = name_of(key, lang)
        sheet.put(row, 0, f"{name} ({shown})" if unit_of(key) == "money" else name)
        every = (
            found.mean,
            found.sd,
            found.quantiles[0.05],
            found.quantiles[0.50],
            found.quantiles[0.95],
            found.expected_shortfall,
        )
        for column, one in enumerate(every, 1):
            sheet.put(row, column, _finite(one.value * rate), look)
        sheet.put(row, 7, _finite(found.loss.value), "rate")
        sheet.put(row, 8, _finite(found.mean.error * rate), look)
    sheet.freeze, sheet.widths = (8, 1), {0: 46, **dict.fromkeys(range(1, 11), 18)}
    last = 8 + len(keys)
    notes = [
        heavy_sentence(simulated.scenario, key, found, lang)
        for key in keys
        if (found := simulated.estimate(key)).heavy
    ]
    for row, text in enumerate(notes, last + 1):
        sheet.put(row, 0, text, "lead")
    return last + 1 + len(notes) if notes else last


def _options(sheet: Sheet, row: int, answers: Answers, lang: Lang) -> int:
    """Fill in what each option leaves against carrying on alone; return the row after the last."""
    sheet.put(
        row,
        0,
        f"{say(lang, 'workbook.s_options', months=answers.scenario.plan.horizon_months)}"
        f" ({answers.scenario.shown})",
        "group",
    )
    heads = (
        "option",
        "verdict",
        "gain",
        "error",
        "p10",
        "p50",
        "p90",
        "better",
        "fees",
        "own",
        "break_even",
    )
    for column, key in enumerate(heads):
        words = say(lang, f"quote.{key}" if key in _QUOTE_WORDS else f"workbook.s_{key}")
        sheet.put(row + 1, column, words, "head right" if column > 1 else "head")
    rate = answers.scenario.shown.rate
    for place, one in enumerate(answers.options, row + 2):
        found, gain = one.believed, one.believed.gain
        sheet.put(place, 0, option_name(one.option, lang))
        sheet.put(place, 1, verdict_word(one, lang))
        for column, value in enumerate(
            (gain.mean.value, gain.mean.error, *(gain.quantiles[p].value for p in (0.1, 0.5, 0.9))),
            2,
        ):
            sheet.put(place, column, _finite(value * rate), "money")
        sheet.put(place, 7, _finite(found.better.value), "rate")
        sheet.put(place, 8, _finite(found.paid * rate), "money")
        sheet.put(place, 9, _finite(found.own * rate), "money")
        sheet.put(
            place,
            10,
            formats.NOTHING if one.turning.break_even is None else _finite(one.turning.break_even),
            "rate right",
        )
    last = row + 2 + len(answers.options)
    notes = heavy_notes(answers, lang)
    for place, text in enumerate(notes, last):
        sheet.put(place, 0, text, "lead")
    return last + len(notes)


def _kpi_odds(sheet: Sheet, row: int, check: KpiCheck, lang: Lang) -> None:
    """Fill in the odds of each KPI, and of all."""
    sheet.put(row, 0, say(lang, "workbook.s_kpis"), "group")
    for column, text in enumerate(
        (
            say(lang, "workbook.s_kpi"),
            say(lang, "workbook.s_verdict"),
            say(lang, "workbook.s_odds"),
            say(lang, "workbook.s_error"),
        )
    ):
        sheet.put(row + 1, column, text, "head right" if column > 1 else "head")
    every = [(answer_name(one, check, lang), one.verdict, one.probability) for one in check.answers]
    if len(every) > 1:
        every.append((say(lang, "kpi.together"), check.verdict, check.joint))
    for place, (name, verdict, odds) in enumerate(every, row + 2):
        sheet.put(place, 0, name)
        sheet.put(place, 1, say(lang, f"kpi.{verdict}"))
        sheet.put(place, 2, _finite(odds.value), "rate")
        sheet.put(place, 3, _finite(odds.error), "rate")


def _finite(value: float) -> float | str:
    return float(value) + 0.0 if math.isfinite(value) else formats.NOTHING


# ---- the file
# ----------------------------------------------------------------------------------------------

_FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
_MOST_WIDTH = 255
_LARGEST = 1e15
_LONG_TEXT = 61
_LINE, _AIR, _USUAL_WIDTH, _EASTERN = 15.0, 1.08, 8.43, 0x2E80


def _looks(currency: str, lang: Lang) -> dict[str, dict[str, Any]]:
    digits = get_currency_precision(currency)
    money = "#,##0" + ("." + "0" * digits if digits else "")
    switch = f'[=1]"{say(lang, "word.yes")}";[=0]"{say(lang, "word.no")}";General'
    return {
        "switch": {"num_format": switch, "align": "right"},
        **{
            f"pay{places}": {
                "num_format": "#,##0" + ("." + "0" * places if places else ""),
                "align": "right",
            }
            for places in range(5)
        },
        "money": {"num_format": f"{money};[Red]-{money};{money}"},
        "rate": {"num_format": "0.00%"},
        "count": {"num_format": "#,##0.00"},
        "ratio": {"num_format": "0.0000"},
        "fine": {"num_format": "0.000000"},
        "plain": {"num_format": "General"},
        "text": {"num_format": "@"},
        "title": {"bold": True, "font_size": 16},
        "lead": {"italic": True, "font_color": "#555555"},
        "quiet": {"font_color": "#666666"},
        "head": {"bold": True, "bg_color": "#E7E6E6", "bottom": 1, "text_wrap": True},
        "group": {"bold": True, "font_color": "#1F4E79", "top": 1},
        "sum": {"bold": True, "top": 1},
        "right": {"align": "right"},
        "left": {"align": "left"},
        "wrap": {"text_wrap": True},
        "strong": {"bold": True},
        "flag": {"text_wrap": True},
        "input": {
            "bg_color": "#FFF2CC",
            "font_color": "#0000FF",
            "border": 1,
            "border_color": "#BFBFBF",
        },
    }


def _exact_input(look: str) -> dict[str, Any]:
    """Return the number format of an input: rounded for the eye, small amounts with two digits
    more; the cell holds every digit.
    """
    shown = {"money": "[<1]0.00##;#,##0.00", "rate": "0.0##%"}
    return {"num_format": shown[look]} if look in shown else {}


def written(scenario: Scenario, sheets: list[Sheet], lang: Lang, *, cached: bool = True) -> bytes:
    """Return sheets as an XLSX file; the cells of formulas hold what they come to, or 0 where that
    is not `cached`.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made = dt.datetime(
        scenario.as_of.year, scenario.as_of.month, scenario.as_of.day, tzinfo=dt.UTC
    )  # no clock: the same scenario is the same file
    book.set_properties({"title": scenario.name or "Funnel Sim", "created": made})
    book.set_calc_mode("auto")
    looks, formats_made = _looks(scenario.currency, lang), dict[str, Any]()

    def style(look: str) -> Any:
        if look not in formats_made:
            parts = look.split()
            whole = dict(_FONT)
            for part in parts:
                whole |= looks.get(part, {})
                if part in ("money", "rate") and ("input" in parts):
                    whole |= _exact_input(part)
            formats_made[look] = book.add_format(whole)
        return formats_made[look]

    for sheet in sheets:
        page = book.add_worksheet(sheet.title)
        page.hide_gridlines(2)
        page.freeze_panes(*sheet.freeze)
        for column, width in sheet.widths.items():
            page.set_column(column, column, min(width, _MOST_WIDTH), style(""))
        _fill(page, sheet, style, cached=cached)
        for row, lines in _wrapped(sheet).items():
            page.set_row(row, _LINE * lines)
        for chart in sheet.charts:
            page.insert_chart(*chart.at, _months_chart(book, chart))
        for (row, column), choices in sheet.lists.items():
            page.data_validation(row, column, row, column, {"validate": "list", "source": choices})
        for (row, column), ends in sheet.bounds.items():
            page.data_validation(row, column, row, column, _checked(*ends, lang))
        if (
            sheet.key != "cover" and sheet.cells
        ):  # long texts beside the figures are for the screen; on paper they would shrink the rest
            last = max(
                (column for _, column in sheet.cells if sheet.widths.get(column, 0) < _LONG_TEXT),
                default=0,
            )
            page.print_area(0, 0, max(row for row, _ in sheet.cells), last)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, max(sheet.freeze[0] - 1, 0))
    for sheet in sheets:
        for name, (top, left, bottom, right) in sheet.names.items():
            book.define_name(
                name,
                f"={quoted(sheet.title)}!{_absolute(top, left)}"
                + ("" if (top, left) == (bottom, right) else f":{_absolute(bottom, right)}"),
            )
    book.close()
    return out.getvalue()


def _months_chart(book: Any, chart: MonthsChart) -> Any:
    """Return a column chart of a row of months, red below zero."""
    look, (top, left, bottom, right) = PALETTES["light"], chart.cells
    made = book.add_chart({"type": "column"})
    made.add_series(
        {
            "name": chart.title,
            "values": [chart.sheet, top, left, bottom, right],
            "fill": {"color": look.gain},
            "invert_if_negative": True,
            "invert_if_negative_color": look.loss,
            "gap": 40,
        }
    )
    made.set_title({"name": chart.title, "name_font": {"size": 12}, "overlay": False})
    made.set_legend({"none": True})
    made.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": look.line}}})
    made.set_x_axis({"label_position": "low"})
    made.set_size({"width": 720, "height": 20 * (_CHART_ROWS - 1)})
    return made


def _wrapped(sheet: Sheet) -> dict[int, int]:
    """Return the rows whose texts need more than one line, and how many; spreadsheets differ in
    whether they work that out.
    """
    found: dict[int, int] = {}
    for (row, column), (content, look) in sheet.cells.items():
        if "title" in look.split():  # its type is as high as two lines
            found[row] = max(2, found.get(row, 1))
        if isinstance(content, str) and {"wrap", "head"} & set(look.split()):
            width = sum(1 + (ord(one) > _EASTERN) for one in content) * _AIR
            lines = math.ceil(width / sheet.widths.get(column, _USUAL_WIDTH))
            if lines > 1:
                found[row] = max(lines, found.get(row, 1))
    return found


def _fill(page: Any, sheet: Sheet, style: Callable[[str], Any], *, cached: bool) -> None:
    """Write the cells of a sheet."""
    for (row, column), (content, look) in sheet.cells.items():
        if isinstance(content, Term):
            value = content.value if isinstance(content.value, str) else _finite(content.value)
            page.write_formula(
                row, column, "=" + sheet.formula(row, column), style(look), value if cached else 0
            )
        elif isinstance(content, str):
            page.write_string(row, column, formats.joined(content), style(look))
        elif content is None:
            if "input" in look or sheet.key == "inputs":
                page.write_blank(row, column, None, style(look))
            else:
                page.write_string(row, column, formats.NOTHING, style(f"{look} right"))
        else:
            page.write_number(row, column, content, style(look))


def _checked(low: float | None, high: float | None, lang: Lang) -> dict[str, Any]:
    """Return what a cell takes: a number, within its field's bounds."""
    least, most = -_LARGEST if low is None else low, _LARGEST if high is None else high
    shown = [
        formats.NOTHING if one is None else formats.exact(round(one, 6)) for one in (low, high)
    ]
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": least,
        "maximum": most,
        "error_title": "Funnel Sim",
        "error_message": say(lang, "workbook.takes", low=shown[0], high=shown[1]),
    }


def _absolute(row: int, column: int) -> str:
    return str(xlsxwriter.utility.xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))
