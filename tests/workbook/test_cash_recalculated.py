"""The sheet of cash, worked out by a spreadsheet: what the product says, and what follows a change
of a live cell.
"""

import numpy as np
import pytest

from funnel_sim.chance.cash import cash_of
from funnel_sim.decisions.cash.answer import in_balance
from funnel_sim.output.workbook.book import built, workbook
from funnel_sim.output.workbook.cash import shares
from funnel_sim.scenario.cash import CashTerms
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from tests.workbook.recalculate import read, recalculated

STORE = preset("amazon-de-kitchen").replace(
    {"cash.opening_cash": 80_000.0, "cash.owner_draw": 2_000.0, "plan.horizon_months": 6}
)
CASES = {
    "amazon": STORE,
    "home": STORE.replace({"cash.kept_in": "home"}),
    "shopify": preset("shopify-us-beauty"),
    "as_sold": preset("shopee-my-crossborder").replace({"cash.opening_cash": 5_000.0}),
}


def test_what_is_due_after_the_plan_is_in_no_month():
    # months end on days 30 and 58: three days later is month 2, and day 61 is after the plan
    found = shares("operator", CashTerms(operator_due_days=3), [0, 31, 59])
    assert found.tolist() == [[0.0, 1.0], [0.0, 0.0]]
    assert shares("operator", CashTerms(), [0, 31, 59]).tolist() == np.eye(2).tolist()
    assert shares("payout", CashTerms(), [0, 31, 59]) is None
    assert shares("ads", CashTerms(ads_billing="withheld"), [0, 31]) is None


def test_without_terms_there_is_no_sheet():
    neutral = CashTerms().model_dump(mode="json").items()
    plain = STORE.replace({f"cash.{name}": value for name, value in neutral})
    assert "cash" not in {sheet.key for sheet in built(plain, "en")}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    made = {name: workbook(store, "en") for name, store in CASES.items()}
    out = recalculated(made, tmp_path_factory.mktemp("cash"))
    return {name: read(path) for name, path in out.items()}


@pytest.mark.parametrize("name", CASES)
def test_the_recalculated_months_are_the_products(files, name):
    cells, errors = files[name]
    run = cash_of(CASES[name]).run
    months = run.days.months
    assert errors == []
    assert cells["cash_end"] == pytest.approx(run.month_end[:, 0].tolist(), abs=0.006)
    for kind, flow in run.flows.items():
        if np.any(flow[:months]):
            assert cells[f"cash_{kind}"] == pytest.approx(flow[:months, 0].tolist(), abs=0.006)
    # what is between: neither the cash on the first day, the profit, nor what the owner took
    opening = in_balance(CASES[name], point_value(CASES[name].cash.opening_cash))
    rest = run.month_end[:, 0] - opening - np.array(cells["cash_profit"])
    if "draw" in run.flows:
        rest -= np.cumsum(run.flows["draw"][:months, 0])
    assert cells["cash_between"] == pytest.approx(rest.tolist(), abs=0.02)
    assert cells["cash_lowest"] == pytest.approx([run.month_end[:, 0].min()], abs=0.006)


def test_what_is_paid_by_the_month_is_live():
    sheet = next(one for one in built(STORE, "en") if one.key == "cash")
    for name in ("cash_fixed", "cash_draw", "cash_net", "cash_end", "cash_profit"):
        row, column, *_ = sheet.names[name]
        content = sheet.cells[row, column + 1][0]
        assert not isinstance(content, (int, float)), name
    row, column, *_ = sheet.names["cash_payout"]
    assert isinstance(sheet.cells[row, column][0], float)
