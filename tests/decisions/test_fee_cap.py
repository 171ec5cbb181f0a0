"""The cap of a fee: a promised month, and what is asked for, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from funnel_sim.decisions.quote import fee_cap
from funnel_sim.decisions.quote.contract_check import evidence
from funnel_sim.decisions.quote.fee_cap import cap_level, promised_month
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral


@pytest.mark.parametrize(("currency", "month"), [("sales", 600.0), ("cost", 4200.0)])
def test_a_promised_month_is_the_mean_of_what_is_paid_in_the_contracts_currency(currency, month):
    """Two futures of 10 and 20 months, 15 on average, in which 4,500 and 9,000 of base and 4,500
    of share are paid (9,000 in all, in the sales currency): 600 a month, at 7 a unit 4,200.
    """
    store = neutral({"cost_currency": "CNY", "fx_rate": 7.0})
    lines = {"base": np.array([4500.0]), "share": np.array([4500.0]), "setup": np.array([800.0])}
    found = SimpleNamespace(last=np.array([10.0, 20.0]), lines=lines)
    option = Option(id="a", fee_currency=currency, base=100.0)
    assert promised_month(store, option, found) == pytest.approx(month)
    # never less than the base that is named
    dear = Option(id="a", fee_currency=currency, base=5000.0)
    assert promised_month(store, dear, found) == 5000.0


def test_a_cap_is_the_month_rounded_up_and_no_less_than_what_is_named():
    store = neutral()
    assert cap_level(store, Option(id="a", base=500.0), 14_459.0) == 14_500.0
    assert cap_level(store, Option(id="a", base=500.0), 100.0) == 500.0
    assert cap_level(store, Option(id="a", base=500.0, floor=900.0), 100.0) == 900.0


@pytest.mark.parametrize(("month", "cap"), [(0.0, 0.0), (14_459.0, 14_500.0)])
def test_no_cap_is_asked_for_where_nothing_grows(monkeypatch, month, cap):
    monkeypatch.setattr(evidence, "month_to_cap", lambda *_: month)
    told = SimpleNamespace(
        found={"as_is": None}, scenario=neutral(), option=Option(id="a", base=500.0), paths=8
    )
    assert evidence.ContractEvidence.cap.func(told) == cap
    told.found = {}
    assert evidence.ContractEvidence.cap.func(told) == 0.0


@pytest.mark.parametrize(("asked", "taken"), [(512, 512), (65_536, 2048)])
def test_the_month_that_a_cap_is_proposed_at_is_known_by_few_futures(monkeypatch, asked, taken):
    """A base of 500 and 5 % of 10,000; what grows slowly into the promise is not the promise."""
    seen = []

    def counted(scenario, cases, *, paths, store):
        seen.append((paths, [(one.option.ramp, one.option.delay, one.effect) for one in cases]))
        lines = {"base": np.array([6000.0]), "share": np.array([6000.0])}
        return [SimpleNamespace(last=np.array([12.0]), lines=lines)]

    monkeypatch.setattr(fee_cap, "outcomes", counted)
    option = Option.model_validate(
        {"id": "a", "fee_currency": "sales", "base": 500.0, "share_tiers": [{"rate": 0.05}]}
        | {"ramp": 4.0, "delay": 2}
    )
    assert fee_cap.month_to_cap(neutral(), option, asked) == pytest.approx(1000.0)
    assert seen == [(taken, [(0.0, 0, "claimed")])]
    assert fee_cap.month_to_cap(neutral(), option.but(cap=900.0), asked) == 0.0
    assert len(seen) == 1
