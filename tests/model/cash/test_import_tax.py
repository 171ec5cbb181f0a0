"""Import tax that is recovered: paid at the border and back with the return, or postponed to it."""

import numpy as np
import pytest

from funnel_sim.chance.cash import cash_of
from funnel_sim.scenario.presets import preset


@pytest.mark.parametrize("name", ["amazon-uk-home", "amazon-fr-kitchen"])
def test_postponed_import_tax_moves_no_money_and_ends_at_the_same_balance(name):
    store = preset(name)
    assert store.cash.import_tax_paid == "return"
    postponed = cash_of(store).run
    paid = cash_of(store.replace({"cash.import_tax_paid": "border"})).run
    last = min(len(postponed.balance), len(paid.balance)) - 1
    assert postponed.balance[last, 0] == pytest.approx(paid.balance[last, 0], abs=1e-6)

    # what was paid at the border more came back with the returns
    def moved(run, kind):
        return float(run.day_flows[kind].sum())

    at_border = moved(postponed, "border") - moved(paid, "border")
    assert at_border > 0.1 * abs(moved(paid, "border"))
    assert at_border == pytest.approx(moved(paid, "vat") - moved(postponed, "vat"), abs=1e-6)
    # it is never less than if it is paid, and at times as much more as is paid in a quarter
    more = postponed.balance[: last + 1, 0] - paid.balance[: last + 1, 0]
    assert more.min() > -1e-6 and more.max() > 100
    assert np.abs(sum(postponed.bridge.values()) - postponed.balance).max() < 1e-6


def test_what_is_not_recovered_is_paid_at_the_border_all_the_same():
    """A store that is not registered gets nothing back: postponing changes nothing."""
    store = preset("amazon-uk-home").replace(
        {"tax.import_tax_recoverable": False, "cash.import_tax_paid": "border"}
    )
    postponed = store.replace({"cash.import_tax_paid": "return"})
    assert np.array_equal(cash_of(store).run.balance, cash_of(postponed).run.balance)
