"""Contracts: every clause by hand, and the engine against a slow reference, path by path and line
by line.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.decisions.quote.contract import (
    GAVE_NOTICE,
    LINES,
    NOT_RENEWED,
    STAYED,
    STOPPED,
    TRIAL,
    Flows,
    KpiPath,
    bill,
    duration_of,
    rebate_kept,
)
from funnel_sim.scenario.quotes import Option
from tests.decisions.reference_contract import End, FlowsOfPath, KpiOfPath, bill_of, how_long

WHY = {
    "stayed": STAYED,
    "stopped": STOPPED,
    "trial": TRIAL,
    "notice": GAVE_NOTICE,
    "not renewed": NOT_RENEWED,
}
HIT, MISS = 1.0, 0.5


def life_of(attained, **clauses):
    """Return (last month, why, months of the term left) of one path; months not given meet the
    KPI.
    """
    clauses = {"decided_by": "k", **clauses}
    found = duration_of(
        Option.model_validate({"id": "a", **clauses}),
        np.array(attained, float)[:, None],
        len(attained),
        1,
    )
    return int(found.last[0]), int(found.why[0]), int(found.left[0])


def kpi(attained, met, window_met, window, paid_in=0, gap=None):
    """Return a KPI of one path."""
    shape = (len(met), 1)
    return KpiPath(
        np.array(attained, float).reshape(shape),
        np.array(met).reshape(shape),
        None if window_met is None else np.array([window_met]),
        window,
        np.array([paid_in]),
        None if gap is None else np.array(gap, float).reshape(shape),
    )


def paid(
    sales,
    *,
    attained=None,
    spend=0.0,
    orders=0.0,
    fx=1.0,
    season=1.0,
    baseline=0.0,
    kpis=None,
    happened=None,
    **clauses,
):
    """Return every line of the bill of one path as a list by month."""
    months = len(sales)

    def row(value):
        return np.broadcast_to(np.array(value, float), (months,)).reshape(months, 1)

    option = Option.model_validate({"id": "a", **clauses})
    life = duration_of(option, None if attained is None else row(attained), months, 1)
    flows = Flows(
        row(sales),
        row(spend),
        row(orders),
        row(fx),
        row(season),
        baseline,
        kpis or {},
        {k: np.array(v)[:, None] for k, v in (happened or {}).items()},
    )
    lines = {name: line[:, 0].tolist() for name, line in bill(option, flows, life).items()}
    return {name: lines.get(name, [0.0] * months) for name in LINES}


def near(*values):
    return pytest.approx(list(values), rel=1e-12, abs=1e-12)


# ---- how long it lasts
# -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attained", "clauses", "told"),
    [
        # stop-loss: months 2 and 3 attain less than 0.8, so it ends with month 3
        ([1, 0.7, 0.7, 1], {"stop_loss": True, "stop_months": 2}, (3, STOPPED, 0)),
        # exactly 0.8 does not miss
        ([0.8, 0.8, 0.8], {"stop_loss": True, "stop_months": 1}, (3, STAYED, 0)),
        # a month without the figure misses
        ([math.nan, math.nan, 1], {"stop_loss": True, "stop_months": 2}, (2, STOPPED, 0)),
        # months 1 and 2 do not count: the second miss that counts is month 4
        ([0.1] * 6, {"stop_loss": True, "stop_months": 2, "stop_from": 3}, (4, STOPPED, 0)),
        # not in a row
        ([MISS, HIT, MISS, HIT], {"stop_loss": True, "stop_months": 2}, (4, STAYED, 0)),
        # no clause, no exit before the term
        ([MISS] * 4, {}, (4, STAYED, 0)),
        # trial: free to leave in month 3, and only there
        ([MISS, MISS, MISS, HIT], {"trial": 3}, (3, TRIAL, 0)),
        ([MISS, MISS, HIT, MISS], {"trial": 3}, (4, STAYED, 0)),
        ([MISS] * 5, {"trial": 3, "trial_exit": False}, (5, STAYED, 0)),
        # the trial looks at its own month, whatever months the stop-loss leaves out
        ([MISS] * 5, {"trial": 2, "stop_from": 4}, (2, TRIAL, 0)),
        # trial = term: the trial comes first
        ([MISS] * 5, {"trial": 3, "term": 3}, (3, TRIAL, 0)),
        # patience of 2, notice of 2: misses in 1 and 2, ends with 4, 12 − 4 = 8 months are left
        ([MISS] * 6, {"patience": 2, "notice": 2}, (4, GAVE_NOTICE, 8)),
        # without notice it ends at once
        ([MISS] * 6, {"patience": 2, "notice": 0}, (2, GAVE_NOTICE, 10)),
        # the end lies after the plan: nothing is due within it
        ([MISS] * 3, {"patience": 2, "notice": 2}, (3, STAYED, 0)),
        # after notice there is no stop-loss any more
        (
            [MISS] * 6,
            {"patience": 1, "notice": 4, "stop_loss": True, "stop_months": 2},
            (5, GAVE_NOTICE, 7),
        ),
        # the stop-loss comes before patience in the same month
        (
            [MISS] * 6,
            {"patience": 2, "notice": 4, "stop_loss": True, "stop_months": 2},
            (2, STOPPED, 0),
        ),
        # "ends" in month 3 if it misses; else months 4 and 5 follow, decided in 5, and so on
        ([HIT, HIT, MISS, HIT], {"term": 3}, (3, NOT_RENEWED, 0)),
        ([HIT, HIT, HIT, MISS, MISS, HIT], {"term": 3, "renewal_months": 2}, (5, NOT_RENEWED, 0)),
        # notice in month 3 of a term of 4 that ends: month 4 is the last, not 3 + 3 = 6; nothing is
        # left of the term
        (
            [HIT, HIT, MISS, HIT, HIT, HIT],
            {"term": 4, "patience": 1, "notice": 3},
            (4, GAVE_NOTICE, 0),
        ),
        # in the renewed term (5 … 8) notice in 5 with 1 month: ends with 6, 2 months left
        (
            [HIT] * 4 + [MISS, HIT, HIT, HIT],
            {"term": 4, "renewal_months": 4, "patience": 1, "notice": 1},
            (6, GAVE_NOTICE, 2),
        ),
        # automatic: T = 4, notice 1, so decided in month 3
        (
            [HIT, HIT, MISS, HIT, HIT],
            {"term": 4, "renewal": "automatic", "renewal_months": 2},
            (4, NOT_RENEWED, 0),
        ),
        (
            [HIT, HIT, HIT, MISS, HIT, HIT],
            {"term": 4, "renewal": "automatic", "renewal_months": 2},
            (6, STAYED, 0),
        ),
        # … renewed to 6, decided in 5
        (
            [HIT, HIT, HIT, MISS, MISS, HIT, HIT],
            {"term": 4, "renewal": "automatic", "renewal_months": 2},
            (6, NOT_RENEWED, 0),
        ),
        # automatic, T = 6, notice 2: decided in month 4 (met), renewed to 18; notice in month 5
        # ends it with 7, 18 − 7 = 11 months left
        (
            [HIT] * 4 + [MISS] + [HIT] * 5,
            {"term": 6, "renewal": "automatic", "patience": 1, "notice": 2},
            (7, GAVE_NOTICE, 11),
        ),
        # in month 4 itself notice is in time: ends with 6 = T, nothing left
        (
            [HIT] * 3 + [MISS] + [HIT] * 5,
            {"term": 6, "renewal": "automatic", "patience": 1, "notice": 2},
            (6, GAVE_NOTICE, 0),
        ),
        # notice longer than the renewal: T = 6, notice 3, renewed by 1 month. Decided in 3 (T → 7),
        # 4 (T → 8), 5 misses: ends with 8 = 5 + 3
        (
            [HIT] * 4 + [MISS] + [HIT] * 6,
            {"term": 6, "renewal": "automatic", "renewal_months": 1, "notice": 3},
            (8, NOT_RENEWED, 0),
        ),
        # notice longer than the term: decided in month 1 at the earliest
        (
            [MISS] + [HIT] * 6,
            {"term": 3, "renewal": "automatic", "renewal_months": 3, "notice": 5},
            (3, NOT_RENEWED, 0),
        ),
        # … met: T = 3 → 6 (6 − 5 = 1, still month 1) → 9; decided in 4; a miss in 3 changes
        # nothing, one in 4 ends it with 9
        (
            [HIT, HIT, MISS, HIT] + [HIT] * 8,
            {"term": 3, "renewal": "automatic", "renewal_months": 3, "notice": 5},
            (12, STAYED, 0),
        ),
        (
            [HIT, HIT, HIT, MISS] + [HIT] * 8,
            {"term": 3, "renewal": "automatic", "renewal_months": 3, "notice": 5},
            (9, NOT_RENEWED, 0),
        ),
        # open: T = 4, notice 2. A miss in 2 ends it with max(4, 4) = 4; one in 5 with 7
        ([HIT, MISS] + [HIT] * 6, {"term": 4, "renewal": "open", "notice": 2}, (4, NOT_RENEWED, 0)),
        ([MISS] + [HIT] * 6, {"term": 4, "renewal": "open", "notice": 2}, (7, STAYED, 0)),
        (
            [HIT] * 4 + [MISS] + [HIT] * 5,
            {"term": 4, "renewal": "open", "notice": 2},
            (7, NOT_RENEWED, 0),
        ),
        # open, patience after the term: no early exit
        (
            [HIT] * 4 + [MISS] + [HIT] * 5,
            {"term": 4, "renewal": "open", "notice": 2, "patience": 1},
            (7, GAVE_NOTICE, 0),
        ),
        # a term longer than the plan
        ([MISS] * 5, {"term": 60}, (5, STAYED, 0)),
    ],
)
def test_how_long_it_lasts(attained, clauses, told):
    assert life_of(attained, **clauses) == told


def test_without_a_kpi_that_decides_no_month_misses():
    found = duration_of(Option(id="a", term=2, patience=1, trial=1), None, 5, 3)
    assert found.last.tolist() == [5, 5, 5] and found.running.all() and not found.left.any()


# ---- what is paid, clause by clause
# ------------------------------------------------------------------------


def test_setup_base_and_the_base_of_the_trial():
    found = paid([0, 0, 0], setup=500.0, base=100.0, trial=2, trial_base=40.0)
    assert found["setup"] == near(500, 0, 0) and found["base"] == near(40, 40, 100)
    assert paid([0, 0, 0], base=100.0, trial=2)["base"] == near(100, 100, 100)
    assert paid([0, 0, 0], base=100.0, trial=2, trial_base=0.0)["base"] == near(0, 0, 100)
    assert paid([0, 0, 0], trial=1, trial_base=40.0)["base"] == near(40, 0, 0)


TIERS = {
    "share_tiers": [{"upto": 100.0, "rate": 0.10}, {"upto": 200.0, "rate": 0.05}, {"rate": 0.02}]
}


def test_a_share_by_marginal_tiers():
    # 300: 100 × 10 % + 100 × 5 % + 100 × 2 % = 17; 100 on the bound: 10; 150: 10 + 2.5
    assert paid([300, 100, 150, 0], **TIERS)["share"] == near(17, 10, 12.5, 0)


def test_a_share_of_the_whole_amount():
    # 300 × 2 %, 100 × 10 % (the bound belongs to the lower tier), 150 × 5 %, 200 × 5 %
    assert paid([300, 100, 150, 200], share_mode="whole", **TIERS)["share"] == near(6, 10, 7.5, 10)


def test_a_running_share():
    # so far 80, 160, 300: 8, 10 + 3 = 13, 17; month by month 8, 5, 4
    assert paid([80, 80, 140], share_period="running", **TIERS)["share"] == near(8, 5, 4)
    # whole amount: 80 × 10 % = 8; 160 × 5 % = 8; 300 × 2 % = 6, so 2 come back
    assert paid([80, 80, 140], share_period="running", share_mode="whole", **TIERS)[
        "share"
    ] == near(8, 0, -2)


def test_a_margin_below_zero_shares_nothing_by_month():
    one = {"share_tiers": [{"rate": 0.1}], "share_basis": "cm3"}
    assert paid([-50, 100], **one)["share"] == near(0, 10)
    # running: nothing on −50, then 10 % of 50, then 5 come back when all so far is 0
    assert paid([-50, 100, -50], share_period="running", **one)["share"] == near(0, 5, -5)


def test_a_share_over_the_baseline():
    one = {"share_tiers": [{"rate": 0.1}], "share_over": "baseline"}
    assert paid([100, 150, 60], baseline=90.0, **one)["share"] == near(1, 6, 0)
    # season 2 in month 2: 150 − 180 < 0; season 0.5 in month 3: 60 − 45 = 15
    assert paid([100, 150, 60], baseline=90.0, season=[1, 2, 0.5], baseline_season=True, **one)[
        "share"
    ] == near(1, 0, 1.5)
    # not adjusted, the season is not looked at
    assert paid([100, 150, 60], baseline=90.0, season=[1, 2, 0.5], **one)["share"] == near(1, 6, 0)


def test_spend_and_orders():
    found = paid([0, 0], spend=[1000, 500], orders=[20, 30], spend_rate=0.1, order_fee=1.5)
    assert found["spend"] == near(100, 50) and found["orders"] == near(30, 45)


def test_the_floor_and_the_cap():
    # share 10 % of 100, 1000, 5000 beside a base of 50: 60, 150, 550
    found = paid([100, 1000, 5000], base=50.0, share_tiers=[{"rate": 0.1}], floor=100.0, cap=400.0)
    assert found["floor"] == near(40, 0, 0) and found["cap"] == near(0, 0, -150)
    # not in the trial
    assert paid([100, 100], base=50.0, floor=100.0, trial=1)["floor"] == near(0, 50)
    # a floor on what comes back: base 0, share −2 in month 3 lifted to 1, so 3
    assert paid([80, 80, 140], share_period="running", share_mode="whole", floor=1.0, **TIERS)[
        "floor"
    ] == near(0, 1, 3)


def test_the_total_cap():
    # setup 100 + 60 + 60 + 60, 220 in all: 160, 60, then nothing; costs passed on stand beside it
    found = paid([0, 0, 0], setup=100.0, base=60.0, total_cap=220.0, passed_on=7.0)
    assert found["total_cap"] == near(0, 0, -60) and found["passed_on"] == near(7, 7, 7)
    # what comes back makes room: 100, 50 of 100, −50, then 50 of 100 again
    gmv = kpi([1, 1, 0, 1], [True, True, False, True], None, (1, 9))
    off = [{"kpi": "k", "kind": "penalty", "form": "fixed", "amount": 150.0, "each": "month"}]
    found = paid(
        [0] * 4, base=100.0, rewards=off, penalty_limited=False, kpis={"k": gmv}, total_cap=150.0
    )
    assert found["penalty"] == near(0, 0, -150, 0) and found["total_cap"] == near(0, -50, 0, -50)


MET = [True, False, True]
GAP = [20.0, -30.0, 40.0]


@pytest.mark.parametrize(
    ("form", "amount", "bonus", "penalty"),
    [
        ("fixed", 50.0, (50, 0, 50), (0, -50, 0)),
        ("base", 0.1, (20, 0, 20), (0, -20, 0)),  # of a base of 200
        ("sales", 0.01, (1, 0, 3), (0, -2, 0)),  # of 100, 200, 300
        ("excess", 0.5, (10, 0, 20), (0, -15, 0)),
    ],
)
def test_bonus_and_penalty_by_month(form, amount, bonus, penalty):
    one = {"kpi": "k", "form": form, "amount": amount, "each": "month"}
    kpis = {"k": kpi([1, 0.5, 1], MET, True, (1, 3), gap=GAP)}
    assert paid([100, 200, 300], base=200.0, kpis=kpis, rewards=[one])["bonus"] == near(*bonus)
    assert paid([100, 200, 300], base=200.0, kpis=kpis, rewards=[one | {"kind": "penalty"}])[
        "penalty"
    ] == near(*penalty)


@pytest.mark.parametrize(
    ("form", "amount", "bonus", "penalty"),
    [
        ("fixed", 50.0, 50, 50),
        ("base", 0.1, 40, 40),  # months 2 and 3, 200 each
        ("sales", 0.01, 5, 5),  # 200 + 300
        ("excess", 0.5, 5, 0),  # −30 + 40 = 10 over, no shortfall
    ],
)
def test_bonus_and_penalty_at_the_end_of_the_window(form, amount, bonus, penalty):
    one = {"kpi": "k", "form": form, "amount": amount, "each": "window"}
    met, missed = (
        {"k": kpi([1, 0.5, 1, 1], [*MET, True], truth, (2, 3), gap=[*GAP, 99.0])}
        for truth in (True, False)
    )
    assert paid([100, 200, 300, 400], base=200.0, kpis=met, rewards=[one])["bonus"] == near(
        0, 0, bonus, 0
    )
    assert paid([100, 200, 300, 400], base=200.0, kpis=missed, rewards=[one])["bonus"] == near(
        0, 0, 0, 0
    )
    off = one | {"kind": "penalty"}
    assert paid([100, 200, 300, 400], base=200.0, kpis=missed, rewards=[off])["penalty"] == near(
        0, 0, -penalty, 0
    )
    assert paid([100, 200, 300, 400], base=200.0, kpis=met, rewards=[off])["penalty"] == near(
        0, 0, 0, 0
    )


def test_a_bonus_is_of_the_basis_before_the_baseline_and_of_the_base_of_the_trial():
    kpis = {"k": kpi([1, 1], [True, True], True, (1, 2))}
    over = {"share_tiers": [{"rate": 0.1}], "share_over": "baseline", "baseline": 90.0}
    found = paid(
        [100, 100], kpis=kpis, rewards=[{"kpi": "k", "form": "sales", "amount": 0.01}], **over
    )
    assert found["bonus"] == near(0, 2)
    found = paid(
        [0, 0],
        kpis=kpis,
        base=100.0,
        trial=1,
        trial_base=40.0,
        rewards=[{"kpi": "k", "form": "base", "amount": 0.5}],
    )
    assert found["bonus"] == near(0, 70)  # (40 + 100) / 2


def test_a_window_that_ends_after_the_plan_or_after_the_end_pays_nothing_at_its_end():
    one = [{"kpi": "k", "amount": 50.0}, {"kpi": "k", "kind": "penalty", "amount": 20.0}]
    assert paid(
        [0, 0], base=99.0, kpis={"k": kpi([1, 1], [True, True], None, (1, 3))}, rewards=one
    )["bonus"] == near(0, 0)
    gone = {
        "attained": [0, 0, 0],
        "decided_by": "k",
        "stop_loss": True,
        "stop_months": 2,
        "base": 99.0,
    }
    found = paid(
        [0, 0, 0], kpis={"k": kpi([0, 0, 0], [False] * 3, False, (1, 3))}, rewards=one, **gone
    )
    assert found["penalty"] == near(0, 0, 0) and found["base"] == near(99, 99, 0)


def test_a_penalty_is_limited_to_the_fee_of_the_month_without_setup():
    off = {
        "rewards": [{"kpi": "k", "kind": "penalty", "amount": 300.0, "each": "month"}],
        "kpis": {"k": kpi([0, 0], [False] * 2, False, (1, 2))},
    }
    assert paid([0, 0], setup=1000.0, base=100.0, **off)["penalty"] == near(-100, -100)
    assert paid([0, 0], setup=1000.0, base=100.0, penalty_limited=False, **off)["penalty"] == near(
        -300, -300
    )
    assert paid([0, 0], base=500.0, cap=250.0, **off)["penalty"] == near(-250, -250)


def test_the_cap_holds_the_bonus_in_and_the_penalty_comes_after():
    kpis = {"k": kpi([1], [True], True, (1, 1)), "m": kpi([0], [False], False, (1, 1))}
    both = [{"kpi": "k", "amount": 80.0}, {"kpi": "m", "kind": "penalty", "amount": 30.0}]
    found = paid([0], base=100.0, cap=150.0, kpis=kpis, rewards=both)
    assert (found["bonus"], found["cap"], found["penalty"]) == (
        near(80),
        near(-30),
        near(-30),
    )  # 100 + 80 − 30 − 30 = 120


def test_instalments_by_date_and_by_kpi():
    parts = [
        {"amount": 1000.0, "month": 2},
        {"amount": 500.0, "kpi": "k"},
        {"amount": 9.0, "month": 7},
    ]
    assert paid(
        [0] * 4, instalments=parts, kpis={"k": kpi([1] * 4, [True] * 4, True, (1, 3), paid_in=3)}
    )["instalments"] == near(0, 1000, 500, 0)
    assert paid(
        [0] * 4, instalments=parts, kpis={"k": kpi([1] * 4, [True] * 4, False, (1, 3), paid_in=0)}
    )["instalments"] == near(0, 1000, 0, 0)
    # it ended with month 1
    gone = {"attained": [0] * 4, "decided_by": "k", "stop_loss": True, "stop_months": 1}
    assert paid(
        [0] * 4,
        instalments=parts,
        kpis={"k": kpi([1] * 4, [True] * 4, True, (1, 3), paid_in=3)},
        **gone,
    )["instalments"] == near(0, 0, 0, 0)


def test_extras_of_all_kinds():
    extras = [
        {"amount": 7.0, "every": "once"},
        {"amount": 100.0, "every": "year"},
        {"amount": 3.0, "every": "month"},
        {"amount": 20.0, "every": "event", "chance": 0.5},
    ]
    found = paid([0] * 14, extras=extras, happened={3: [False, True] + [False] * 12})["extras"]
    assert found[:3] == near(110, 23, 3) and found[11:] == near(3, 103, 3)


def test_the_exit_penalty_in_its_three_parts():
    # notice in 2, ends with 3 of 10: 7 months left; 500 + 2 × 100 + 0.5 × 100 × 7 = 1,050, and 10 %
    # tax on it and on the base
    gone = {
        "attained": [0.0] * 5,
        "decided_by": "k",
        "patience": 2,
        "term": 10,
        "base": 100.0,
        "notice": 1,
    }
    found = paid(
        [0] * 5,
        exit_fixed=500.0,
        exit_months=2.0,
        exit_share=0.5,
        fee_tax=0.1,
        passed_on=30.0,
        cap=100.0,
        total_cap=250.0,
        **gone,
    )
    assert found["exit"] == near(0, 0, 1050, 0, 0)  # neither cap holds it
    assert found["total_cap"] == near(0, 0, -50, 0, 0)
    assert found["tax"] == near(10, 10, 110, 0, 0)  # (100 − 50 + 1,050) × 10 %
    assert found["passed_on"] == near(30, 30, 30, 0, 0)
    for name, due in (("exit_fixed", 500.0), ("exit_months", 2.0), ("exit_share", 0.5)):
        assert paid([0] * 5, **{name: due}, **gone)["exit"] == near(
            0, 0, {"exit_fixed": 500, "exit_months": 200, "exit_share": 350}[name], 0, 0
        )


def test_the_contract_is_in_its_own_currency():
    # 7 of the contract's for 1 of the store's in month 1, 8 in month 2: shares and spend follow,
    # typed amounts do not
    kpis = {"k": kpi([1, 1], [True, True], True, (1, 2), gap=[10, 20])}
    rewards = [
        {"kpi": "k", "form": "sales", "amount": 0.1},
        {"kpi": "k", "form": "excess", "amount": 0.5},
    ]
    found = paid(
        [100, 100],
        fx=[7, 8],
        spend=10.0,
        orders=2.0,
        base=5.0,
        share_tiers=[{"rate": 0.1}],
        spend_rate=0.5,
        order_fee=1.0,
        floor=90.0,
        kpis=kpis,
        rewards=rewards,
    )
    assert (
        found["share"] == near(70, 80)
        and found["spend"] == near(35, 40)
        and found["orders"] == near(2, 2)
        and found["base"] == near(5, 5)
    )
    # floor 90 is under 112; bonus: 10 % × (700 + 800) + 0.5 × (70 + 160) = 150 + 115
    assert found["floor"] == near(0, 0) and found["bonus"] == near(0, 265)
    # a tier's bound is in the store's currency: 150 is over 100, at any rate
    assert paid([150], fx=7.0, share_tiers=[{"upto": 100.0, "rate": 0.1}, {"rate": 0.0}])[
        "share"
    ] == near(70)


def test_a_running_share_stops_with_the_engagement():
    gone = {"attained": [0.0] * 4, "decided_by": "k", "stop_loss": True, "stop_months": 2}
    assert paid([80, 80, 140, 50], share_period="running", **TIERS, **gone)["share"] == near(
        8, 5, 0, 0
    )


# ---- bounds, rebates, and what stands exactly on a target
# --------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "told"),
    [("upto", (99 * 0.1, 100 * 0.1, 101 * 0.2)), ("from", (99 * 0.1, 100 * 0.2, 101 * 0.2))],
)
def test_an_amount_on_the_bound_of_a_whole_amount_tier_falls_where_the_contract_says(bound, told):
    """10 % up to 100 and 20 % above: 100 itself pays 10; 10 % below 100 and 20 % from 100 on: it
    pays 20.
    """
    tiers = [{"upto": 100.0, "rate": 0.1}, {"rate": 0.2}]
    assert paid([99, 100, 101], share_mode="whole", share_tiers=tiers, share_bound=bound)[
        "share"
    ] == near(*told)


def test_the_side_of_the_bound_changes_nothing_where_each_part_has_its_own_rate():
    tiers = [{"upto": 100.0, "rate": 0.1}, {"rate": 0.2}]
    one, other = (
        paid([100, 130], share_tiers=tiers, share_bound=bound)["share"]
        for bound in ("upto", "from")
    )
    assert one == other == near(10, 10 + 6)


@pytest.mark.parametrize(
    ("bound", "bonus", "penalty"),
    [("from", (0, 50, 50), (-30, 0, 0)), ("above", (0, 0, 50), (-30, -30, 0))],
)
def test_a_value_exactly_on_the_target_is_met_or_missed_as_the_reward_says(bound, bonus, penalty):
    """Month 1 under the target, month 2 on it, month 3 over it: "reaches" pays the bonus of months
    2 and 3, "must be better" only that of month 3.
    """
    stands = KpiPath(
        np.array([[0.5], [1.0], [1.5]]),
        np.array([[False], [True], [True]]),
        np.array([True]),
        (1, 3),
        np.array([3]),
        None,
        np.array([[False], [False], [True]]),
        np.array([False]),
    )
    rewards = [
        {
            "kpi": "k",
            "kind": kind,
            "form": "fixed",
            "amount": amount,
            "each": "month",
            "bound": bound,
        }
        for kind, amount in (("bonus", 50.0), ("penalty", 30.0))
    ]
    found = paid([0, 0, 0], kpis={"k": stands}, base=100.0, rewards=rewards)
    assert found["bonus"] == near(*bonus) and found["penalty"] == near(*penalty)
    window = [{"kpi": "k", "form": "fixed", "amount": 70.0, "bound": bound}]
    assert paid([0, 0, 0], kpis={"k": stands}, rewards=window)["bonus"] == near(
        0, 0, 70 if bound == "from" else 0
    )


def test_the_part_of_a_rebate_that_is_passed_on_lowers_the_bill_and_stands_outside_all_limits():
    """Ad spend 1,000 and 500, rebate 8 %, three quarters passed on: 60 and 30 off; at 2 of the
    contract's currency 120 and 60.

    Fee 100, tax 10 % on the fee alone.
    """
    found = paid(
        [0, 0],
        spend=[1000, 500],
        fx=2.0,
        base=100.0,
        rebate_rate=0.08,
        rebate_to_client=0.75,
        cap=100.0,
        total_cap=200.0,
        fee_tax=0.1,
    )
    assert found["rebate"] == near(-120, -60)
    assert (
        found["cap"] == near(0, 0)
        and found["total_cap"] == near(0, 0)
        and found["tax"] == near(10, 10)
    )


def test_the_kept_part_of_a_rebate_is_no_line_of_the_bill_and_ends_with_the_engagement():
    """A quarter of 8 % of 1,000 is 20, in the sales currency; after month 1 nothing."""
    option = Option(id="a", rebate_rate=0.08, rebate_to_client=0.75)
    flows = Flows(
        *(np.full((2, 1), value) for value in (0.0, 1000.0, 0.0, 2.0)), np.ones((2, 1)), 0.0, {}, {}
    )
    assert rebate_kept(option, flows, np.array([[True], [False]])).ravel().tolist() == near(20, 0)
    assert "rebate" not in bill(
        Option(id="a", rebate_rate=0.08), flows, duration_of(option, None, 2, 1)
    )


# ---- the engine against the reference
# ----------------------------------------------------------------------

_WINDOWS = 3


def maybe(rng, share, value):
    return value if rng.random() < share else None


def random_option(rng):
    """Return a contract in which each clause stands about as often as not."""
    pick = rng.choice
    tiers = int(rng.integers(0, 4))
    bounds = sorted(float(b) for b in rng.uniform(50, 900, max(tiers - 1, 0)))
    given = {
        "id": "a",
        "term": int(rng.integers(1, 15)),
        "notice": int(rng.integers(0, 6)),
        "renewal": str(pick(["ends", "automatic", "open"])),
        "renewal_months": int(rng.integers(1, 8)),
        "decided_by": str(pick(["", "k0", "k0", "k1"])),
        "stop_share": float(rng.uniform(0.3, 1.1)),
        "miss_share": maybe(rng, 0.5, float(rng.uniform(0.3, 1.1))),
        "stop_months": int(rng.integers(1, 4)),
        "stop_from": int(rng.integers(1, 6)),
        "patience": maybe(rng, 0.5, int(rng.integers(1, 4))),
        "trial_exit": bool(rng.random() < 0.6),
        "trial_base": maybe(rng, 0.5, float(rng.uniform(0, 90))),
        "exit_fixed": float(pick([0.0, 300.0])),
        "exit_months": float(pick([0.0, 1.5])),
        "exit_share": float(pick([0.0, 0.4])),
        "setup": float(pick([0.0, 400.0])),
        "base": float(pick([0.0, rng.uniform(10, 200)])),
        "share_tiers": [
            {"upto": bounds[i] if i < tiers - 1 else None, "rate": float(rng.uniform(0, 0.3))}
            for i in range(tiers)
        ],
        "share_mode": str(pick(["marginal", "whole"])),
        "share_period": str(pick(["month", "running"])),
        "share_over": str(pick(["all", "baseline"])),
        "share_basis": str(pick(["gmv", "sales", "net_revenue", "ad_sales", "cm3"])),
        "baseline_season": bool(rng.random() < 0.5),
        "spend_rate": float(pick([0.0, 0.15])),
        "order_fee": float(pick([0.0, 1.2])),
        "penalty_limited": bool(rng.random() < 0.5),
        "cap": maybe(rng, 0.4, float(rng.uniform(150, 500))),
        "floor": maybe(rng, 0.4, float(rng.uniform(0, 150))),
        "total_cap": maybe(rng, 0.4, float(rng.uniform(100, 4000))),
        "passed_on": float(pick([0.0, 25.0])),
        "rebate_rate": float(pick([0.0, 0.08])),
        "rebate_to_client": float(pick([0.0, 0.6, 1.0])),
        "share_bound": str(pick(["upto", "from"])),
        "fee_tax": float(pick([0.0, 0.06])),
    }
    given["trial"] = int(pick([0, rng.integers(1, given["term"] + 1)]))
    given["stop_loss"] = bool(given["decided_by"] and rng.random() < 0.4)
    forms = {"fixed": 60.0, "base": 0.3, "sales": 0.05, "excess": 0.2}
    for _ in range(int(rng.integers(0, 4))):
        form = str(pick(list(forms)))
        given.setdefault("rewards", []).append(
            {
                "kpi": f"k{rng.integers(0, _WINDOWS)}",
                "kind": str(pick(["bonus", "penalty"])),
                "form": form,
                "amount": forms[form],
                "each": str(pick(["month", "window"])),
                "bound": str(pick(["from", "above"])),
            }
        )
    for _ in range(int(rng.integers(0, 3))):
        due = (
            {"month": int(rng.integers(1, 12))}
            if rng.random() < 0.5
            else {"kpi": f"k{rng.integers(0, _WINDOWS)}"}
        )
        given.setdefault("instalments", []).append({"amount": float(rng.uniform(50, 500)), **due})
    for _ in range(int(rng.integers(0, 4))):
        given.setdefault("extras", []).append(
            {
                "amount": float(rng.uniform(5, 80)),
                "every": str(pick(["once", "month", "year", "event"])),
                "chance": 0.3,
            }
        )
    return Option.model_validate(given)


def random_flows(rng, option, months, paths):
    """Return flows with misses, months without a figure, and windows that end after the plan."""
    shape = (months, paths)
    kpis = {}
    for index in range(_WINDOWS):
        attained = rng.choice(
            [0.3, 0.9, 1.4, np.nan], shape, p=[0.35, 0.2, 0.35, 0.1]
        ) * rng.uniform(0.9, 1.1, shape)
        first = int(rng.integers(1, months + 3))
        last = first + int(rng.integers(0, 6))
        met = attained >= 1.0
        window_met = None if last > months else rng.random(paths) < 0.5
        by = rng.random() < 0.3
        reached = met[: min(last, months)]
        at_the_end = (
            np.zeros(paths, np.int64) if window_met is None else np.where(window_met, last, 0)
        )
        paid_in = np.where(reached.any(axis=0), reached.argmax(axis=0) + 1, 0) if by else at_the_end
        gap = None if rng.random() < 0.2 else rng.normal(0, 100, shape)
        beyond = (
            attained > 1.0 + 0.3 * rng.random()
        )  # fewer months go beyond a target than reach it
        window_beyond = None if window_met is None else window_met & (rng.random(paths) < 0.5)
        kpis[f"k{index}"] = KpiPath(
            attained,
            met,
            window_met,
            (last, last) if by else (first, last),
            paid_in,
            gap,
            beyond,
            window_beyond,
        )
    happened = {
        i: rng.random(shape) < extra.chance
        for i, extra in enumerate(option.extras)
        if extra.every == "event"
    }
    basis = (
        rng.normal(500, 300, shape)
        if option.share_basis in ("cm3", "net_revenue")
        else rng.uniform(0, 1000, shape)
    )
    bounds = [tier.upto for tier in option.share_tiers if tier.upto is not None]
    if bounds and option.share_over == "all":
        basis[0] = bounds[0]  # a month exactly on the bound
    fx = rng.uniform(0.5, 8.0, shape) if rng.random() < 0.5 else np.ones(shape)
    return Flows(
        basis,
        rng.uniform(0, 500, shape),
        rng.uniform(0, 60, shape),
        fx,
        rng.uniform(0.5, 1.6, (months, 1)),
        float(rng.uniform(0, 600)),
        kpis,
        happened,
    )


def path_of(flows, p):
    """Return one path of the flows as plain lists."""
    kpis = {
        name: KpiOfPath(
            one.attained[:, p].tolist(),
            one.month_met[:, p].tolist(),
            None if one.window_met is None else bool(one.window_met[p]),
            one.window,
            int(one.paid_in[p]),
            None if one.gap is None else one.gap[:, p].tolist(),
            one.month_beyond[:, p].tolist(),
            None if one.window_beyond is None else bool(one.window_beyond[p]),
        )
        for name, one in flows.kpis.items()
    }
    happened = {i: rows[:, p].tolist() for i, rows in flows.happened.items()}
    return FlowsOfPath(
        *(a[:, p].tolist() for a in (flows.basis, flows.spend, flows.orders, flows.fx)),
        flows.season[:, 0].tolist(),
        flows.baseline,
        kpis,
        happened,
    )


def agree(option, flows, months, paths):
    """Hold the engine against the reference in every path and line; return which lines and endings
    were there.
    """
    attained = flows.kpis[option.decided_by].attained if option.decided_by else None
    life = duration_of(option, attained, months, paths)
    lines = bill(option, flows, life)
    seen = set()
    for p in range(paths):
        end = how_long(option, None if attained is None else attained[:, p].tolist(), months)
        if end.last is not None and end.last > months:
            end = End(None, "stayed", 0)  # nothing of it falls into the plan
        assert (life.last[p], life.why[p], life.left[p]) == (
            end.last or months,
            WHY[end.why],
            end.left,
        ), option
        assert life.running[:, p].tolist() == [
            m <= (end.last or months) for m in range(1, months + 1)
        ]
        seen.add(end.why)
        expected = bill_of(option, path_of(flows, p), end, months)
        for name in LINES:
            mine = lines[name][:, p].tolist() if name in lines else [0.0] * months
            for m, (one, other) in enumerate(zip(mine, expected[name], strict=True)):
                assert abs(one - other) <= 1e-9 * max(1.0, abs(other)), (
                    name,
                    m + 1,
                    one,
                    other,
                    option,
                )
                if other:
                    seen.add(name)
    return seen


@pytest.mark.slow
def test_the_engine_agrees_with_the_reference_on_random_contracts():
    rng = np.random.default_rng(20261122)
    seen = set()
    for _ in range(3000):
        months, paths = int(rng.integers(1, 25)), 2
        option = random_option(rng)
        seen |= agree(option, random_flows(rng, option, months, paths), months, paths)
    assert seen == {*LINES, *WHY}  # every clause and every ending was there


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_the_engine_agrees_with_the_reference_by_property(seed, months):
    rng = np.random.default_rng(seed)
    option = random_option(rng)
    agree(option, random_flows(rng, option, months, 3), months, 3)


@given(st.integers(0, 2**32 - 1))
def test_paths_know_nothing_of_each_other(seed):
    """All paths at once are the paths one by one, to the digit."""
    rng = np.random.default_rng(seed)
    option = random_option(rng)
    flows = random_flows(rng, option, 8, 3)

    def run(p):
        k = {
            n: KpiPath(
                o.attained[:, p],
                o.month_met[:, p],
                None if o.window_met is None else o.window_met[p],
                o.window,
                o.paid_in[p],
                None if o.gap is None else o.gap[:, p],
                o.month_beyond[:, p],
                None if o.window_beyond is None else o.window_beyond[p],
            )
            for n, o in flows.kpis.items()
        }
        mine = Flows(
            flows.basis[:, p],
            flows.spend[:, p],
            flows.orders[:, p],
            flows.fx[:, p],
            flows.season,
            flows.baseline,
            k,
            {i: h[:, p] for i, h in flows.happened.items()},
        )
        life = duration_of(
            option,
            k[option.decided_by].attained if option.decided_by else None,
            8,
            mine.basis.shape[1],
        )
        return bill(option, mine, life)

    together = run(slice(0, 3))
    for p in range(3):
        one = run(slice(p, p + 1))
        for name, line in together.items():
            assert np.array_equal(line[:, p : p + 1], one.get(name, np.zeros((8, 1))))


def test_who_declines_the_renewal_may_still_leave_with_the_trial_or_by_stop_loss():
    """A term of 3 with 2 months of notice is declined in month 1, a missed one: it is no notice.
    The trial of 2 ends it with month 2 if that misses, else it lasts until 3.
    """
    declined = {"id": "a", "term": 3, "renewal": "automatic", "notice": 2, "decided_by": "k"}
    trial = Option.model_validate({**declined, "trial": 2, "trial_exit": True, "stop_share": 1.0})

    def life(option, *attained):
        found = duration_of(option, np.array(attained)[:, None], len(attained), 1)
        return int(found.last[0]), int(found.why[0])

    assert life(trial, 0.5, 0.5, 0.5, 0.5) == (2, TRIAL)
    assert life(trial, 0.5, 1.0, 0.5, 0.5) == (3, NOT_RENEWED)
    stop = Option.model_validate(
        {**declined, "stop_loss": True, "stop_months": 2, "stop_share": 1.0}
    )
    assert life(stop, 0.5, 0.5, 0.5, 0.5) == (2, STOPPED)
    assert life(stop, 0.5, 1.0, 0.5, 0.5) == (3, NOT_RENEWED)
