"""Each working of a bill computes again to its amount."""

import re

import numpy as np
import pytest

from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.output.words.bill_workings import bill_workings, working_sentences
from funnel_sim.scenario.quotes import Option
from tests.decisions.test_bill import CONTRACT, random_kpis, random_months, store
from tests.decisions.test_contract import random_option


def value_of(text):
    """Return what the last step of a working comes to, computed again from its text."""
    step = text.split("; ")[-1].split(" = ")[0]
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", step.replace("$", ""))
    plain = plain.replace("×", "*").replace("−", "-")
    plain = re.sub(r"([\d.]+)%", r"(\1*0.01)", plain)
    assert re.fullmatch(r"[-+*/().\d ,minax]+", plain), text
    return eval(plain)


def test_a_month_by_hand():
    kpi = {"id": "g", "metric": "gmv", "target": 1000.0, "window": "every", "month_to": 2}
    option = Option.model_validate(
        {
            **CONTRACT,
            "base": 100.0,
            "order_fee": 0.35,
            "share_tiers": [{"upto": 1000.0, "rate": 0.05}, {"rate": 0.1}],
            "rewards": [
                {"kpi": "g", "kind": "bonus", "form": "excess", "amount": 0.1, "each": "month"}
            ],
        }
    )
    scenario = store({"gmv": [1234.56, 900.0], "orders": [41.0, 30.0]}, [kpi])
    found = bill_of(scenario, option)
    told = bill_workings(found, scenario, "en")
    assert told["share", 1] == "$1,000.00 × 5% + ($1,234.56 − $1,000.00) × 10%"
    assert told["orders", 1] == "$0.35 × 41" and told["share", 2] == "$900.00 × 5%"
    assert told["bonus", 1] == "10% × ($1,234.56 − $1,000.00)" and ("bonus", 2) not in told
    lines = working_sentences(found, told, "en")
    assert any(line.endswith("→ $73.46") and line.startswith("2026-03") for line in lines)
    assert working_sentences(found, bill_workings(found, scenario, "zh"), "zh")


@pytest.mark.parametrize("seed", range(60))
def test_every_working_computes_again_to_its_amount(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 8))
    months = {name: values.tolist() for name, values in random_months(rng, count).items()}
    option = random_option(rng).but(fee_currency="sales", baseline=300.0, patience=None)
    scenario = store(months, random_kpis(rng, count))
    found = bill_of(scenario, option)
    for (line, month), text in bill_workings(found, scenario, "en").items():
        # each step is shown to the cent: half a cent a step, and rates of up to one of each
        assert value_of(text) == pytest.approx(float(found.amount(line, month)), abs=0.06), (
            line,
            month,
            text,
        )
