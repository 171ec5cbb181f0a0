"""Every amount of a settlement's workbook, worked out by a spreadsheet, is the core's to the cent:
each template of a contract, random contracts on random months, and after changes in the file.
"""

import io

import openpyxl

from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.decisions.review.settlement import settled
from funnel_sim.output.workbook.settlement import settlement_workbook
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quote_templates import quote_templates
from funnel_sim.scenario.quotes import Option
from tests.decisions.test_bill import CONTRACT, store
from tests.workbook.bills import apart, random_bill, settlement_of
from tests.workbook.recalculate import read, recalculated

MONTHS = {
    "history.first_month": "2026-02",
    "history.engagement_from": "2026-03",
    "history.seen_gmv": [9000.0, 10123.45, 15555.55, 13333.33, 20202.02, 8765.43, 18181.81],
    "history.seen_orders": [300.0, 337.0, 518.0, 444.0, 673.0, 292.0, 606.0],
    "history.seen_ad_spend": [900.0, 1001.01, 1111.11, 1212.12, 1313.13, 999.99, 1414.14],
    "history.seen_ad_sales": [3000.0, 4040.4, 5050.5, 6060.6, 7070.7, 3333.33, 8080.8],
    "history.seen_refunds": [500.0, 505.05, 606.06, 707.07, 808.08, 909.09, 1010.1],
    "history.seen_refunded_later": [None, 11.11, None, None, 22.22, None, None],
    "history.seen_fees_paid": [None, 1000.0, 2000.0, None, 500.0, None, None],
}


def template_bills():
    """Yield the bill of each template's contract on six months, its scenario with it."""
    shop = preset("amazon-de-kitchen").replace(MONTHS)
    for template in quote_templates():
        scenario = shop.replace(template.added_to(shop, lambda a, b: exchange(a, b, shop.as_of)))
        yield template.id, scenario, scenario.options[-1]


def test_templates_and_random_contracts_come_to_the_core_to_the_cent(tmp_path):
    found, files = {}, {}
    for place, (name, scenario, option) in enumerate(template_bills()):
        lang = ("en", "zh")[place % 2]
        found[name], files[name] = settlement_of((scenario, option, {}), lang)
    for seed in range(24):
        found[f"random_{seed}"], files[f"random_{seed}"] = settlement_of(random_bill(seed))
    wrong, count = [], 0
    for name, path in recalculated(files, tmp_path).items():
        apart_here, looked_at = apart(found[name], path)
        wrong += [f"{name}: {one}" for one in apart_here]
        count += looked_at
    assert not wrong, wrong[:10]
    assert count > 1000


def test_a_changed_month_and_a_changed_rate_change_the_bill(tmp_path):
    # 5 % of 1000 + 100 = 150; GMV typed over to 3000 and the rate to 4 %: 120 + 100 = 220
    scenario = store({"gmv": [1000.0], "orders": [10.0], "fees_paid": [50.0]})
    option = Option.model_validate({**CONTRACT, "base": 100.0, "share_tiers": [{"rate": 0.05}]})
    found = settled(bill_of(scenario, option))
    book = openpyxl.load_workbook(io.BytesIO(settlement_workbook(found, scenario, "en")))
    place = book.defined_names["seen_gmv"].attr_text.rpartition("!")[2].replace("$", "")
    book["Months"][place.partition(":")[0]] = 3000.0
    rate = next(row[1] for row in book["Contract"].iter_rows(min_row=4) if row[1].value == 0.05)
    rate.value = 0.04
    out = io.BytesIO()
    book.save(out)
    names, errors = read(recalculated({"changed": out.getvalue()}, tmp_path)["changed"])
    assert not errors
    assert names["due"] == [220.0] and names["owed"] == [170.0]


def test_the_file_holds_the_values_it_is_opened_with():
    # without a spreadsheet: what stands in the cells before anything is worked out anew
    scenario = store({"gmv": [1000.0, None], "orders": [10.0, 1.0]})
    option = Option.model_validate({**CONTRACT, "share_tiers": [{"rate": 0.05}]})
    found = settled(bill_of(scenario, option))
    made = settlement_workbook(found, scenario, "en")
    sheet = openpyxl.load_workbook(io.BytesIO(made), data_only=True)["Statement"]
    due = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Due")
    assert due[2:5] == (50.0, "–", "–")
