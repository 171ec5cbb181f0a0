"""The workbook: a scenario as a file of live formulas with named cells, for whoever checks the
numbers in a spreadsheet.

`workbook` is the file; `built` the sheets before they are written, each cell with its formula and
what that comes to. Changing a coloured cell gives what the app gives. The formulas are translated
from the texts that the model computes with (`months.py`).
"""

from funnel_sim.chance.simulation import Simulation
from funnel_sim.decisions.kpi.check import KpiCheck
from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.model.written import Term
from funnel_sim.output.workbook.cash import cash_sheet
from funnel_sim.output.workbook.cells import Sheet
from funnel_sim.output.workbook.cover import cover_sheet, told_verdicts
from funnel_sim.output.workbook.inputs import Inputs, assumptions
from funnel_sim.output.workbook.months import Model
from funnel_sim.output.workbook.simulated import put_estimates, put_kpi_odds, put_options
from funnel_sim.output.workbook.terms import fee_sheet, first_quote, kpi_sheet
from funnel_sim.output.workbook.xlsx_file import written
from funnel_sim.scenario.cash import neutral_terms
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
        end = put_estimates(sheets["simulation"], simulated, lang)
        end = (
            put_options(sheets["simulation"], end + 1, answers, lang)
            if answers is not None and answers.options
            else end
        )
        if check is not None:
            put_kpi_odds(sheets["simulation"], end + 1, check, lang)
    for key in _FORMULAS:
        if key in sheets:
            for (row, column), (content, _) in sheets[key].cells.items():
                if isinstance(content, Term):
                    sheets[key].formula(row, column)
    inputs.close(set().union(*(sheets[key].used for key in _FORMULAS if key in sheets)))
    assumptions(inputs, sheets["assumptions"])
    cover_sheet(sheets, model, told_verdicts(answers, check, lang))
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
