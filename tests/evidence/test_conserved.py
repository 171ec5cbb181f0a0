"""No silent loss: over every file that the tests have, rows read are rows used and rows left out by
a named reason, and so are the amounts, added up here by another way than the readers'.
"""

from pathlib import Path

import numpy as np
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.store.columns import choices, recognised
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables import exports
from funnel_sim.evidence.tables.amounts import amounts
from funnel_sim.evidence.tables.tables import load_table

HERE = Path(__file__).parent
FILES = sorted(path for folder in ("cases", "exports") for path in (HERE / folder).iterdir())
NEVER_READ = {  # by hand: what they are and why no reader takes them
    "amazon_by_item.csv",  # one row an item, no date
    "shopee_items.csv",  # the same
    "orders_in_two_currencies.csv",  # refused: they do not add up
}


def column_sum(table, name):
    read = amounts(table.cells[name], name, numeric=table.numeric_of(name), counts=True)
    return read.fillna(0.0)


def of_orders(table):
    """Return orders read, and what all rows of the file come to as their finding says it."""
    found = orders(table)
    export = exports.recognise(table)
    roles = found.columns
    if export is not None:
        return found, None  # by hand in test_exports.EVERY, which covers every declared list
    if "amount" in roles:
        return found, column_sum(table, roles["amount"]).sum()
    if "line" in roles:
        return found, column_sum(table, roles["line"]).sum()
    return found, (column_sum(table, roles["price"]) * column_sum(table, roles["quantity"])).sum()


@pytest.mark.sampled(12)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rows_and_amounts_of_every_file(path):
    table = load_table(path)
    try:
        found, raw = of_orders(table)
    except InputError:
        found, raw = None, None
    if found is not None:
        left = sum(one.rows for one in found.left_out)
        assert len(table.cells) == found.rows
        assert found.rows == found.frame["rows"].sum() + found.returns["rows"].sum() + left
        if raw is not None:
            net = found.sold - found.frame["minus"].sum() - found.returns["amount"].sum()
            again = sum(one.parts["value"] for one in found.findings if one.kind == "repeated")
            assert net + again + sum(one.amount for one in found.left_out) == pytest.approx(raw)
    try:
        months = history(table)
    except InputError:
        assert path.name in NEVER_READ or found is not None
        return
    if months.grain == "day" and "from_orders" in {one.kind for one in months.findings}:
        assert months.figures["gmv"].sum() == pytest.approx(found.sold)
        return
    told = {}
    for one in months.findings:
        told.setdefault(one.kind, []).append(one)
    rows = sum(
        one.parts["count"]
        for kind in ("totals", "unreadable")
        for one in told.get(kind, [])
        if not one.role
    )
    assert months.rows + rows == len(table.cells)
    role = "gmv" if "gmv" in months.figures else next(iter(months.figures))
    if exports.recognise(table) is None and role in recognised(table):
        raw = column_sum(table, recognised(table)[role]).sum()
        left = sum(
            one.parts["value"]
            for kind in ("totals_value", "left_value")
            for one in told.get(kind, [])
            if one.role == role
        )
        assert np.nansum(months.figures[role]) + left == pytest.approx(raw)
    assert not [one for one in choices(table) if not one.clear]


def test_a_row_without_a_date_and_a_total_say_what_they_hold(tmp_path):
    """100 + 50 count; 7 has no date, and the total of the file says 157."""
    path = tmp_path / "x.csv"
    path.write_text("month,gmv\n2026-01,100\n2026-02,50\n?,7\nTotal,157\n", "utf-8")
    found = history(load_table(path))
    told = {one.kind: one.parts for one in found.findings if one.kind.endswith("_value")}
    assert told["left_value"]["value"] == 7
    assert (told["totals_value"]["value"], told["totals_value"]["counted"]) == (157, 150)
    assert found.figures["gmv"].sum() + 7 + 157 == 314
    for lang, word in (("en", "157.00; the rows that count come to 150.00"), ("zh", "未计入")):
        assert any(word in one.sentence(lang) for one in found.findings)


def test_every_declared_list_has_its_sum_by_hand():
    from tests.evidence.test_exports import EVERY, LISTS

    assert EVERY.keys() == LISTS.keys()
