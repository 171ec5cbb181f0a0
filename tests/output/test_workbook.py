"""The workbook: it opens, its names exist in both languages, no cell holds an error, and what its
cells hold before any recalculation is what the app shows.
"""

import io
import math
import zipfile

import openpyxl
import pytest

from funnel_sim.chance.simulation import simulate
from funnel_sim.decisions.found import find
from funnel_sim.model.written import Term, largest, term, when
from funnel_sim.output.workbook.book import SHEETS, built, workbook
from funnel_sim.output.workbook.cells import positive, span
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.paths import field_paths
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS, say
from tests.conftest import neutral
from tests.workbook.app import disagreements
from tests.workbook.scenarios import scenarios

NAMES = ["amazon-de-kitchen", "shopify-us-beauty", "amazon-jp-beauty"]


def held(scenario, lang="en"):
    """Return the values that the cells of each name hold, as a viewer without recalculation shows
    them.
    """
    out = {}
    for sheet in built(scenario, lang):
        for name, (top, left, bottom, right) in sheet.names.items():
            cells = [
                sheet.cells[row, column][0]
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
            ]
            values = [cell.value if isinstance(cell, Term) else cell for cell in cells]
            out[name] = [
                "–" if v is None or (isinstance(v, float) and not math.isfinite(v)) else v
                for v in values
            ]
    return out


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", NAMES)
def test_it_opens_with_every_name_and_without_errors(name, lang):
    scenario = preset(name)
    content = workbook(scenario, lang)
    shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    live = openpyxl.load_workbook(io.BytesIO(content))
    assert shown.sheetnames == [
        say(lang, f"workbook.sheet_{key}")
        for key in SHEETS
        if key not in ("fees", "kpis", "simulation")
    ]
    for path, _ in field_paths(scenario):
        if not isinstance(scenario.get(path), list):
            assert path.replace(".", "_") in live.defined_names, path
    for key in (
        "steady_profit",
        "total_profit",
        "months_profit",
        "per_order_cm2",
        "steady_ltv",
        "steady_payback_months",
        "plan_season_12",
        "commission_tiers_1_rate",
    ):
        assert key in live.defined_names
    for sheet in shown:
        for row in sheet.iter_rows(values_only=True):
            assert not [v for v in row if isinstance(v, str) and v.startswith("#")], sheet.title
    assert (
        sum(cell.data_type == "f" for sheet in live for row in sheet.iter_rows() for cell in row)
        > 1000
    )
    assert not live.vba_archive and not any(sheet.protection.sheet for sheet in live)
    assert not [
        part
        for part in zipfile.ZipFile(io.BytesIO(content)).namelist()
        if "external" in part.lower() or "vba" in part.lower()
    ]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", [card.id for card in preset_cards()])
def test_the_values_held_are_the_app_s(name):
    assert not disagreements(preset(name), held(preset(name)))


@pytest.mark.slow
def test_the_values_held_are_the_app_s_in_random_scenarios():
    for number, scenario in enumerate(scenarios(25, 7)):
        assert not disagreements(scenario, held(scenario)), number


def test_no_customers_no_figures():
    scenario = neutral(
        {"channels.orders.impressions": 0.0}
    )  # nobody comes: no order to take a margin of
    cells = held(scenario)
    assert cells["steady_margin"] == ["–"] and cells["steady_cac"] == ["–"]
    assert not disagreements(scenario, cells)


@pytest.mark.slow
def test_a_text_is_never_taken_for_a_formula():
    scenario = neutral({"name": "=1+1"})
    book = openpyxl.load_workbook(io.BytesIO(workbook(scenario, "en")))
    assert [cell.data_type for row in book["Cover"]["A1:A1"] for cell in row] == ["s"]


@pytest.mark.slow
def test_the_same_scenario_is_the_same_file():
    assert workbook(preset(NAMES[0]), "en") == workbook(preset(NAMES[0]), "en")


@pytest.mark.slow
def test_a_simulation_stands_in_it_as_values_with_its_seed():
    scenario = preset(NAMES[0])
    found = simulate(scenario, ["profit", "roas"], paths=1024)
    book = openpyxl.load_workbook(io.BytesIO(workbook(scenario, "zh", found)))
    page = book[say("zh", "workbook.sheet_simulation")]
    cells = [cell.value for row in page.iter_rows() for cell in row]
    assert found.plan.seed in cells and found.plan.paths in cells and found.model_version in cells
    assert any(
        isinstance(v, float) and v == pytest.approx(found.estimate("profit").mean.value)
        for v in cells
    )
    assert not any(cell.data_type == "f" for row in page.iter_rows() for cell in row)


def test_inputs_that_no_formula_reads_say_why_and_are_not_coloured():
    sheets = {sheet.key: sheet for sheet in built(preset(NAMES[0]), "en")}
    inputs = sheets["inputs"]
    rows = {inputs.cells[row, 3][0]: row for row, column in inputs.cells if column == 3}
    looks = {name: inputs.cells[row, 1][1] for name, row in rows.items()}
    notes = {
        name: inputs.cells[row, 4][0] for name, row in rows.items() if (row, 4) in inputs.cells
    }
    assert (
        "input" in looks["product_price"]
        and "input" in looks["channels_ads_cpc"]
        and "input" not in looks["tax_situation"]
    )
    assert notes["tax_situation"] == say("en", "workbook.note_fixed")
    assert notes["plan_horizon_months"] == say("en", "workbook.note_fixed")
    assert notes["chance_seed"] == say("en", "workbook.note_elsewhere")
    assert all(
        notes[name]
        for name, look in looks.items()
        if isinstance(name, str) and "input" not in look and name in notes
    )


def test_terms_write_what_they_come_to():
    sheet = built(neutral(), "en")[1]
    two, three = sheet.put(900, 0, 2.0), sheet.put(900, 1, 3.0)
    made = [
        (-(two + three) * 2, "-(A901+B901)*2", -10.0),
        (two - (three - 1), "A901-(B901-1)", 0.0),
        (two / (three * 2), "A901/(B901*2)", 1 / 3),
        ((two + 1) ** -three, "(A901+1)^(-B901)", 1 / 27),
        (largest(span([two, three]), 1), "MAX(A901:B901,1)", 3.0),
        (when(two >= three, 1, 0), "IF(A901>=B901,1,0)", 0.0),
        (2 - term(-1.5), "2-(-1.5)", 3.5),
    ]
    for one, text, value in made:
        assert one.text(sheet) == text
        assert one.value == pytest.approx(value)
    assert math.isnan(positive(two - 3).value)


@pytest.mark.slow
def test_the_ledger_says_what_was_edited_in_the_file_and_cells_refuse_what_the_app_refuses():
    """Verdict and odds stand in the file as values; each number has the bounds of its field."""
    scenario = preset("amazon-de-kitchen").replace(
        {
            "kpis": [
                {"id": "gmv", "metric": "gmv", "target": 0.2, "relative": True, "month_to": 3}
            ],
            "options": [
                {
                    "id": "quote",
                    "base": 9000.0,
                    "rewards": [{"kpi": "gmv", "form": "base", "amount": 0.5}],
                }
            ],
            "chance.paths": 1024,
            "fulfilment.return_rate": {
                "dist": "pert",
                "low": 0.06,
                "likely": 0.1,
                "high": 0.17,
                "meaning": "p80",
            },
        }
    )
    found = find(scenario)
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(scenario, "en", found.run, found.answers, found.check))
    )
    ledger, cover, inputs = book["Assumptions"], book["Cover"], book["Inputs"]
    quoted = {
        row[0].value.rpartition(" · ")[2]: row
        for row in ledger.iter_rows(min_row=4)
        if row[0].value and "Quote 1 ·" in row[0].value
    }
    assert (quoted["Monthly base"][3].value, quoted["Monthly base"][8].value) == (
        "your number",
        "added to the preset",
    )
    assert (quoted["Setup fee"][3].value, quoted["Setup fee"][8].value) == ("neutral default", "–")
    price = next(row for row in ledger.iter_rows(min_row=4) if row[0].value.endswith("· Price"))
    assert price[10].value.startswith("=IF(")
    assert "29.99" in price[10].value
    told = " ".join(str(cell) for row in cover.iter_rows(values_only=True) for cell in row if cell)
    assert "Walk away: " in told
    simulated = " ".join(
        str(cell) for row in book["Simulation"].iter_rows(values_only=True) for cell in row if cell
    )
    assert "Own team" in simulated
    assert "GMV (with tax) +20%" in simulated
    names = {row[3].value: row for row in inputs.iter_rows(min_row=4) if row[3].value}
    reward = next(row for name, row in names.items() if name.endswith("rewards_1_amount"))
    assert (reward[1].value, reward[2].value) == (0.5, "%")
    assert any("6% – 17%" in str(row[4].value) for row in names.values())
    rules = {
        str(rule.sqref): (float(rule.formula1), float(rule.formula2))
        for rule in inputs.data_validations.dataValidation
        if rule.type == "decimal"
    }
    low, high = rules[names["product_price"][1].coordinate]
    assert 0 < low < 1e-6
    assert high >= 1e9
    assert rules[names["conversion_cvr"][1].coordinate][1] == pytest.approx(1.0)
