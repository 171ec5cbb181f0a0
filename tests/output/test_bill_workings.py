"""Each working of a bill computes again to its amount."""

import re

import numpy as np
import pytest

from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.output.words.bill_workings import bill_workings
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


def told_of(clauses, months, kpis=(), changes=None, **more):
    """Return the bill of a contract and its workings."""
    scenario = store(months, kpis, changes=changes)
    found = bill_of(scenario, Option.model_validate({**CONTRACT, **clauses}), **more)
    return found, bill_workings(found, scenario, "en")


def test_a_running_share_over_a_seasonal_baseline():
    # season 0.95 in March, 1.15 in May (index of the calendar month); baseline 100 × season:
    # March 400 − 95 = 305, April 500 − 105 = 395, so far 700; 5 % up to 500, 10 % beyond:
    # March 305 × 5 % = 15.25; April 25 + 200 × 10 % − 15.25 = 29.75
    season = [0.75, 0.85, 0.95, 1.05, 1.15, 1.25, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    found, told = told_of(
        {
            "share_tiers": [{"upto": 500.0, "rate": 0.05}, {"rate": 0.1}],
            "share_over": "baseline",
            "baseline": 100.0,
            "baseline_season": True,
            "share_period": "running",
        },
        {"gmv": [400.0, 500.0], "orders": [1.0, 1.0]},
        changes={"plan.season": season, "plan.start_month": 7},
    )
    assert [str(found.amount("share", month)) for month in (1, 2)] == ["15.25", "29.75"]
    assert told["share", 1] == "$400.00 − $100.00 × 0.95 = $305.00; $305.00 × 5%"
    assert told["share", 2] == (
        "$500.00 − $100.00 × 1.05 = $395.00; $305.00 + $395.00 = $700.00; "
        "$500.00 × 5% + ($700.00 − $500.00) × 10% − $305.00 × 5%"
    )


def test_rewards_over_a_whole_window():
    # the window's GMV is 900 + 1500 + 1200 = 3600, its target 3000, a month's 1000: the excess
    # −100 + 500 + 200 = 600, of it 10 %; 2 % of all sales 3600 = 72
    kpi = {"id": "g", "metric": "gmv", "target": 3000.0, "window": "total", "month_to": 3}
    rows = [
        {"kpi": "g", "form": "excess", "amount": 0.1},
        {"kpi": "g", "form": "sales", "amount": 0.02},
    ]
    found, told = told_of(
        {"rewards": rows}, {"gmv": [900.0, 1500.0, 1200.0], "orders": [1.0, 1.0, 1.0]}, [kpi]
    )
    assert str(found.amount("bonus", 3)) == "132.00" and list(told) == [("bonus", 3)]
    assert told["bonus", 3] == (
        "$900.00 − $1,000.00 + $1,500.00 − $1,000.00 + $1,200.00 − $1,000.00 = $600.00; "
        "$900.00 + $1,500.00 + $1,200.00 = $3,600.00; 10% × $600.00 + 2% × $3,600.00"
    )


def test_one_offs_and_the_total_maximum():
    # setup 300, base 100, appeal 80 in April alone: 400, then 180 of which 450 − 400 = 50 is left
    extras = [{"name": "appeal", "amount": 80.0, "every": "event", "chance": 0.5}]
    clauses = {"setup": 300.0, "base": 100.0, "extras": extras, "total_cap": 450.0, "fee_tax": 0.06}
    months = {"gmv": [1.0, 1.0], "orders": [1.0, 1.0]}
    found, told = told_of(clauses, months, happened={0: ["2026-04"]})
    assert [str(found.due(month)) for month in (1, 2)] == ["424.00", "53.00"]
    assert told["setup", 1] == "$300.00" and told["extras", 2] == "$80.00"
    assert told["total_cap", 2] == "$450.00 − $400.00 − ($100.00 + $80.00)"
    assert told["tax", 2] == "$100.00 + $80.00 − $130.00 = $50.00; 6% × $50.00"


@pytest.mark.sampled(6)
@pytest.mark.parametrize("seed", range(60))
def test_every_line_has_a_working_that_computes_again_to_its_amount(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 8))
    months = {name: values.tolist() for name, values in random_months(rng, count).items()}
    option = random_option(rng).but(
        fee_currency="sales", baseline=300.0, patience=None, baseline_season=bool(seed % 2)
    )
    season = [0.45 + 0.1 * month for month in range(12)]
    scenario = store(months, random_kpis(rng, count), changes={"plan.season": season})
    names = scenario.history.engaged()
    events = [place for place, one in enumerate(option.extras) if one.every == "event"]
    found = bill_of(scenario, option, happened=dict.fromkeys(events, names[::2]))
    told = bill_workings(found, scenario, "en")
    owed = {
        (line, month)
        for line in found.lines
        for month in range(1, count + 1)
        if found.amount(line, month)
    }
    assert set(told) == owed
    for (line, month), text in told.items():
        # each step is shown to the cent: half a cent a step, and rates of up to one of each
        assert value_of(text) == pytest.approx(float(found.amount(line, month)), abs=0.06), (
            line,
            month,
            text,
        )
