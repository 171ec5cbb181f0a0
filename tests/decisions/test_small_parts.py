"""Small parts of the decisions by hand: what a quote lacks to be signed, what a guarantee costs,
where a metric breaks even, the store of the next term, one rate of a funnel, the value of knowing.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from funnel_sim.chance.estimates import Figure
from funnel_sim.chance.heavy import Heavy
from funnel_sim.decisions.budget.split import programmed
from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.levers import _outward
from funnel_sim.decisions.kpi.measured import (
    Baseline,
    break_even_of,
    floor_of,
    is_added_up,
    months_added,
)
from funnel_sim.decisions.quote.changes import Desk
from funnel_sim.decisions.quote.clause_prices import named_bonuses
from funnel_sim.decisions.quote.contract_check import evidence
from funnel_sim.decisions.quote.contract_check.judged_kpis import _baseline, _kpi_season
from funnel_sim.decisions.quote.counter_offer import _Alone
from funnel_sim.decisions.quote.fee_cap import cap_level, promised_month
from funnel_sim.decisions.quote.measure_first import value_of_information_of
from funnel_sim.decisions.quote.moves import Move
from funnel_sim.decisions.quote.no_mean import StoreNoMean, either_way, of_option
from funnel_sim.decisions.quote.our_offer import _cost
from funnel_sim.decisions.quote.serving_hours import _multiples
from funnel_sim.decisions.review.leak import _rate
from funnel_sim.decisions.review.renewal import _without
from funnel_sim.decisions.review.standing import _health, _stop
from funnel_sim.reference.contract_items import standard
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

NAN = np.nan


# ---- quotes


@pytest.mark.parametrize(
    ("gains", "need", "lacks"),
    [
        # the mean 0.5 is above zero; 3 of 4 must gain, the third best loses 1: 1 lacks
        ([-3.0, -1.0, 2.0, 4.0], 0.75, 1.0),
        # 2 of 4: the second best gains 2 already, the mean 0.5: half a unit to spare
        ([-3.0, -1.0, 2.0, 4.0], 0.5, -0.5),
        # all of them: the worst loses 3
        ([-3.0, -1.0, 2.0, 4.0], 1.0, 3.0),
        # a tenth of 4 is one path, the best; the mean −4 lacks 4
        ([-9.0, -8.0, -1.0, 2.0], 0.1, 4.0),
    ],
)
def test_what_lacks_is_the_mean_or_the_probability_whichever_is_farther(gains, need, lacks):
    desk = SimpleNamespace(scenario=SimpleNamespace(comparison=SimpleNamespace(sign_odds=need)))
    found = SimpleNamespace(gain=np.array(gains), no_mean=SimpleNamespace(gain=False))
    assert Desk.short(desk, found) == lacks
    # paid once, the contract is just signed, and with a unit less it is not
    enough = SimpleNamespace(gain=np.array(gains) + lacks + 1e-6, no_mean=found.no_mean)
    less = SimpleNamespace(gain=np.array(gains) + lacks - 1.0, no_mean=found.no_mean)
    assert Desk.signed(desk, enough) and not Desk.signed(desk, less)


def test_without_a_mean_the_median_stands_in_its_place():
    desk = SimpleNamespace(scenario=SimpleNamespace(comparison=SimpleNamespace(sign_odds=0.2)))
    gains = np.array([-100.0, 1.0, 3.0, 4.0, 5.0])  # mean −17.4, median 3
    found = SimpleNamespace(gain=gains, no_mean=SimpleNamespace(gain=True))
    assert Desk.short(desk, found) == -3.0 and Desk.signed(desk, found)
    found.no_mean.gain = False
    assert Desk.short(desk, found) == pytest.approx(17.4) and not Desk.signed(desk, found)


def test_a_guarantee_costs_what_it_takes_where_the_promise_holds():
    def form(held, failed):
        kept = {True: held, False: failed}
        return SimpleNamespace(kept=lambda *, held: kept[held])

    as_is, guarded = form(900.0, 700.0), form(850.0, 100.0)
    assert _cost(guarded, as_is) == 50.0


# ---- the check of a contract


def case(kpis, check=None, **changes):
    store = neutral({"kpis": kpis} | changes)
    return SimpleNamespace(scenario=store, option=Option(id="a"), check=check, remarks=())


def gmv(name, **more):
    return {"id": name, "metric": "gmv", "target": 12_000.0, **more}


def test_a_kpi_without_a_baseline_is_named_and_one_with_it_is_good():
    """Two KPIs of money: the first has its baseline, the second lacks it (the funnel's 10,000)."""
    typed, open_ = gmv("typed", baseline=9000.0), gmv("open")
    found = _baseline(case([typed, open_]))
    assert (found.state, found.kpis) == ("bad", ("open",))
    assert found.figures["value"].value == pytest.approx(10_000.0)
    assert _baseline(case([typed])).state == "good"
    ratio = {"id": "r", "metric": "return_rate", "target": 0.1, "comparator": "at_most"}
    assert _baseline(case([ratio])).state == "good"


@pytest.mark.parametrize(("over", "state"), [(-0.001, "good"), (0.001, "bad")])
def test_a_season_above_the_standard_makes_a_target_of_those_months_easy(over, state):
    """Months 1 to 6 lie above a usual month by the standard, and by a hair less or more."""
    index = 1.0 + standard("season") + over
    season = [index] * 6 + [2.0 - index] * 6
    kpis = [gmv("peak", month_to=6), gmv("low", month_from=7, month_to=12)]
    found = _kpi_season(case(kpis, **{"plan.season": season}))
    assert (found.state, found.kpis) == (state, ("peak",))
    assert found.figures["season"].value == pytest.approx(standard("season") + over)


# ---- where a metric breaks even


@pytest.mark.parametrize(
    ("metric", "limit"),
    [("profit", 0.0), ("cm1", 0.0), ("cm2", 0.0), ("cm3", 0.0), ("margin", 0.0), ("ltv_cac", 1.0)],
)
def test_profit_and_its_kin_break_even_at_nothing(metric, limit):
    kpi = Kpi(id="k", metric=metric, target=5.0)
    assert break_even_of(neutral(), kpi) == limit
    # less than today is no floor below break-even, and the other way round
    assert floor_of(neutral(), kpi, Baseline(limit - 1.0, "funnel")).source == "break_even"
    assert floor_of(neutral(), kpi, Baseline(limit + 1.0, "funnel")).source == "today"
    # nobody asks a most of what should be high: then only today counts
    least = kpi.but(comparator="at_most")
    assert floor_of(neutral(), least, Baseline(limit - 1.0, "funnel")).source == "today"
    assert floor_of(neutral(), least, None) is None


def test_a_metric_without_a_break_even_point_has_none():
    kpi = Kpi(id="k", metric="orders", target=5.0)
    assert break_even_of(neutral(), kpi) is None and floor_of(neutral(), kpi, None) is None


@pytest.mark.parametrize(
    ("metric", "window", "months"),
    [("gmv", "total", 4), ("orders", "total", 4), ("gmv", "average", 1), ("gmv", "every", 1),
     ("roas", "total", 1), ("return_rate", "total", 1)],
)  # fmt: skip
def test_only_totals_of_money_and_counts_add_up_over_their_months(metric, window, months):
    kpi = Kpi(id="k", metric=metric, target=1.0, window=window, month_from=2, month_to=5)
    assert months_added(kpi) == months
    assert is_added_up(metric) == (metric in ("gmv", "orders"))


# ---- the review


def test_the_store_of_the_next_term_has_its_months_since_the_mark_less_the_effect():
    """A quarter more since the mark: 12,500 becomes 10,000; what came before stays, and a month
    that is not known stays unknown.
    """
    store = neutral(
        {
            "history.first_month": "2026-01",
            "history.engagement_from": "2026-04",
            "history.seen_gmv": [9000.0, 10_000.0, 11_000.0, 12_500.0, None, 12_500.0],
            "history.seen_orders": [90.0, 100.0, 110.0, 125.0, 100.0, 125.0],
        }
    )
    moved = _without(store, 0.25, 6, []).history
    assert list(moved.seen_gmv) == [9000.0, 10_000.0, 11_000.0, 10_000.0, None, 10_000.0]
    assert list(moved.seen_orders) == pytest.approx([90.0, 100.0, 110.0, 100.0, 80.0, 100.0])


MONTHS = [f"2025-{month:02}" for month in range(1, 13)]


def test_a_rate_needs_three_months_before_and_one_of_those_looked_at():
    ones, two = np.ones(5), np.full(5, 2.0)
    found = _rate((ones, two), MONTHS[:3], MONTHS[3:5])
    assert found.base_of.tolist() == [1.0] * 3 and found.base_out_of.tolist() == [2.0] * 3
    assert _rate((ones, two), MONTHS[:2], MONTHS[2:5]) is None
    assert _rate(None, MONTHS[:3], MONTHS[3:5]) is None
    # one visit is a month of the rate, none is not, and neither is a count that is not known
    assert _rate((ones, ones), MONTHS[:3], MONTHS[3:5]) is not None
    assert _rate((ones, np.array([1.0, 0, 1, 1, 1])), MONTHS[:3], MONTHS[3:5]) is None
    assert _rate((np.array([1.0, NAN, 1, 1, 1]), two), MONTHS[:3], MONTHS[3:5]) is None
    assert _rate((ones, np.array([1.0, 1, 1, 0, 0])), MONTHS[:3], MONTHS[3:5]) is None
    assert _rate((ones, np.array([1.0, 1, 1, 0, 1])), MONTHS[:3], MONTHS[3:5]) is not None
    # a baseline in which nothing happened says nothing
    assert _rate((np.array([0.0, 0, 0, 1, 1]), two), MONTHS[:3], MONTHS[3:5]) is None


def test_the_same_months_of_the_year_before_are_kept_where_each_is_there():
    counts = np.arange(1.0, 15.0)
    out_of = np.full(14, 100.0)
    found = _rate((counts, out_of), MONTHS, ["2026-01", "2026-02"])
    assert found.same_of.tolist() == [1.0, 2.0]
    lacks = out_of.copy()
    lacks[1] = 0.0  # February of the year before is not known
    assert _rate((counts, lacks), MONTHS, ["2026-01", "2026-02"]).same_of.tolist() == []


# ---- the value of knowing


def test_knowing_an_input_that_decides_is_worth_what_it_gains_by_hand():
    """Two options: nothing, and x for an input x that is −1 or 1 alike often. Blind both bring
    nothing; knowing x, nothing is taken at −1 and 1 at 1: half a unit, in every replicate.
    """
    x = np.tile(np.repeat([-1.0, 1.0], 32), 4)
    gains = np.stack([np.zeros_like(x), x])
    found = value_of_information_of(x, gains, 4)
    assert found.value == pytest.approx(0.5) and found.error == pytest.approx(0.0, abs=1e-12)
    assert found.replicates == 4


def test_the_error_is_the_deviation_of_the_replicates_over_the_root_of_their_number():
    """Of four replicates the shares of x = 1 are 1/4, 1/2, 1/2, 3/4: knowing x gains 0.25, 0.5, 0.5
    and 0.75 against taking nothing; blind the second option brings 0 on average, so the first is
    kept. The deviation with 3 in the denominator is √(0.125 / 3), its half 0.10206.
    """
    rows = [[-1.0] * 48 + [1.0] * 16, [-1.0] * 32 + [1.0] * 32, [-1.0] * 32 + [1.0] * 32,
            [-1.0] * 16 + [1.0] * 48]  # fmt: skip
    x = np.array(rows).reshape(-1)
    found = value_of_information_of(x, np.stack([np.zeros_like(x), x]), 4)
    assert found.value == pytest.approx(0.5)
    assert found.error == pytest.approx(np.sqrt(0.125 / 3) / 2)


# ---- the stop-loss as it stands


def stop(attained, unknown=(), **clauses):
    option = Option(
        id="a", stop_loss=True, decided_by="k", stop_share=0.8, stop_months=2, **clauses
    )
    months = [f"2026-{month:02}" for month in range(3, 3 + len(attained))]
    path = SimpleNamespace(attained=np.array(attained)[:, None])
    seen = SimpleNamespace(path=path, unknown=set(unknown))
    return _stop(option, SimpleNamespace(months=months, kpis={"k": seen}))


def test_two_months_in_a_row_below_the_share_stop_it():
    """Below 0.8 in April and May; June at 0.8 itself is not below, and ends the row."""
    found = stop([0.9, 0.79, 0.5, 0.8])
    assert (found.below, found.running, found.triggered) == (("2026-04", "2026-05"), 0, "2026-05")
    apart = stop([0.5, 0.9, 0.5])
    assert (apart.running, apart.triggered) == (1, None)
    # the first time that it stops is told, though the row goes on
    assert stop([0.5, 0.5, 0.5]).triggered == "2026-04" and stop([0.5] * 3).running == 3


def test_a_month_that_is_not_known_is_none_that_was_missed():
    lacks = stop([0.5, NAN, 0.5], unknown=["2026-04"])
    assert (lacks.below, lacks.running, lacks.triggered) == (("2026-03", "2026-05"), 1, None)
    # one without a figure though its months are known is missed
    assert stop([0.5, NAN]).triggered == "2026-04"


def test_months_before_the_stop_loss_begins_do_not_count():
    late = stop([0.5, 0.5, 0.5], stop_from=2)
    assert (late.running, late.triggered, late.counts_from) == (2, "2026-05", "2026-04")
    assert stop([0.5, 0.5], stop_from=2).triggered is None
    assert stop([0.5]).counts_from == ""
    assert stop([0.5], stop_from=3).counts_from == "2026-05"
    # what is below is told from the first month on
    assert late.below == ("2026-03", "2026-04", "2026-05")


def test_no_stop_loss_has_no_state():
    none = SimpleNamespace(months=[], kpis={})
    assert _stop(Option(id="a", decided_by="k"), none) is None


@pytest.mark.parametrize(
    ("probability", "attained", "health"),
    [(0.8, None, "good"), (0.79, None, "watch"), (0.5, None, "watch"), (0.49, None, "bad"),
     (0.49, 2.0, "bad"), (None, None, "unknown"), (None, 1.0, "good"), (None, 0.99, "watch"),
     (None, 0.8, "watch"), (None, 0.79, "bad")],
)  # fmt: skip
def test_a_kpi_is_well_by_its_probability_else_by_its_month(probability, attained, health):
    store = neutral({"verdicts.safe": 0.8, "verdicts.realistic": 0.6, "verdicts.stretch": 0.5})
    figure = None if probability is None else Figure(probability, 0.0, 4)
    assert _health(store, figure, attained) == health


# ---- the cap of a fee


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


# ---- a search from where the lever stands


@pytest.mark.parametrize(
    ("start", "order"),
    [
        # as ratios: from 2 both neighbours are as far, and the lower one comes first
        (2.0, [(1, 1, 1), (0, 1, 0), (0, 2, 2), (0, 3, 3)]),
        (1.0, [(0, 0, 0), (0, 1, 1), (0, 2, 2), (0, 3, 3)]),
        (8.0, [(3, 3, 3), (2, 3, 2), (1, 3, 1), (0, 3, 0)]),
        (4.5, [(2, 2, 2), (2, 3, 3), (1, 3, 1), (0, 3, 0)]),
        (4.0, [(2, 2, 2), (1, 2, 1), (1, 3, 3), (0, 3, 0)]),
    ],
)
def test_settings_are_looked_at_from_the_nearest_outward(start, order):
    assert list(_outward(np.array([1.0, 2.0, 4.0, 8.0]), start)) == order


def test_a_target_has_its_place_among_the_futures():
    """The share of futures below it: what is left of the probability of at least that much."""
    kpi = {"id": "k", "metric": "gmv", "target": 55_000.0, "window": "average", "month_to": 3}
    [answer] = check(preset("amazon-de-kitchen").replace({"kpis": [kpi]}), paths=1024).answers
    middle = kpi | {"target": answer.median}
    [answer] = check(preset("amazon-de-kitchen").replace({"kpis": [middle]}), paths=1024).answers
    assert answer.place == pytest.approx(1.0 - answer.probability.value, abs=0.005)
    assert answer.place == pytest.approx(0.5, abs=0.05)


# ---- a counter-offer by what its changes leave alone


def alone(low=8.0, now=9.5):
    """A quote that leaves −10 in each of 8 futures and earns its agency 100 in 10 months; its base
    is worth 40, a clause 4: that costs 3 and ends it two months earlier.
    """
    gains = np.full(8, -10.0)

    def outcome(more, last):
        return SimpleNamespace(
            gain=gains + more,
            plan=SimpleNamespace(replicates=4),
            income=np.full(8, 104.0),
            rebate=np.full(8, 4.0),
            last=np.full(8, last),
            no_mean=SimpleNamespace(gain=False),
        )

    desk = SimpleNamespace(
        now=outcome(0.0, 10.0),
        scenario=SimpleNamespace(comparison=SimpleNamespace(sign_odds=0.8)),
        band=SimpleNamespace(low=low, now=now),
        option=Option(id="a", base=1000.0),
    )
    fee, clause = Move("base", {"base": 0.0}, 0.0), Move("stop_loss", {"stop_loss": True})
    useful = [
        (SimpleNamespace(move=fee, cost=40.0), outcome(40.0, 10.0)),
        (SimpleNamespace(move=clause, cost=3.0), outcome(4.0, 8.0)),
    ]
    return _Alone(desk, useful), fee, clause


def test_a_part_of_the_fee_costs_its_part():
    """10 of 40 are enough, a quarter: the base comes down to 750, said as 745 (the search ends a
    hair above a quarter), and the agency loses 10 of 100.
    """
    known, fee, clause = alone()
    assert known.part(known.now, known.gains["base"]) == pytest.approx(0.25, abs=1e-3)
    found = known.tried([], [fee])
    assert found.cost == pytest.approx(10.0, abs=0.05)
    assert found.moves[0].fields["base"] == 745.0
    # with the clause 6 lack: 0.15 · 40 + 3 = 9
    both = known.tried([clause], [fee])
    assert both.cost == pytest.approx(9.0, abs=0.05) and both.moves[0] is clause
    assert known.tried([clause], []) is None  # not enough without a fee


def test_what_is_left_a_month_must_cover_the_agencys_cost():
    """Alone 90 in 10 months, 9 a month; with the clause 91 in 8 months, 11.37."""
    for low, now, of_fee, of_both in (
        (8.9, 20.0, True, True), (9.1, 20.0, False, True), (20.0, 8.9, True, True),
        (11.3, 20.0, False, True), (11.5, 20.0, False, False),
    ):  # fmt: skip
        known, fee, clause = alone(low, now)
        assert known.tried([], [fee]).covers == of_fee, low
        assert known.tried([clause], [fee]).covers == of_both, low


def test_what_is_signed_without_its_fees_needs_no_part_of_them():
    known, fee, clause = alone()
    known.now = known.now + 8.0  # −2, and with the clause 2
    assert known.tried([clause], [fee]) is None
    found = known.tried([clause], [])
    assert (found.moves, found.cost) == ((clause,), 3.0)
    # no part of what is too little is enough
    assert known.part(known.now, np.full(8, 1.0)) is None


# ---- what leaves an option without a mean


def test_costs_in_another_currency_leave_an_option_without_a_mean():
    """Money of the store grows without bound upward, the fee likewise, the rate of exchange too."""
    up = Heavy("price", "mean", upward=True)
    fee, rate = (Heavy("fee", "mean", upward=True),), (Heavy("fx_rate", "mean", upward=True),)
    store = StoreNoMean((up,), (up,), rate)
    down = Heavy("price", "mean", upward=False)
    plain = of_option(store, fee, Option(id="a"), brings=False, takes=False)
    assert (plain.brought, plain.gain) == ((), either_way(fee))
    assert of_option(store, (), Option(id="a"), brings=True, takes=False).gain == (up,)
    assert of_option(store, (), Option(id="a"), brings=True, takes=True).brought == (up, down)
    for costly in ({"people": 1.0}, {"hours": 1.0}, {"tools_monthly": 1.0}, {"start_cost": 1.0},
                   {"hours_saved": 1.0}):  # fmt: skip
        found = of_option(store, (), Option(id="a", **costly), brings=False, takes=False)
        assert found.gain == either_way(rate), costly
    assert of_option(store, (), Option(id="a"), brings=True, takes=False).cost == rate
    assert plain.agency == (*fee, *either_way(rate))


# ---- bonuses that a contract names


@pytest.mark.parametrize(
    ("reward", "sum_"),
    [
        ({"form": "fixed", "amount": 70.0}, 70.0),
        # 30 % of a base of 500 in each month of a window of four, or in a single month
        ({"form": "base", "amount": 0.3, "each": "window"}, 600.0),
        ({"form": "base", "amount": 0.3, "each": "month"}, 150.0),
        # a KPI that nobody typed is one of one month; what sales decide is named by none
        ({"form": "base", "amount": 0.3, "each": "window", "kpi": "gone"}, 150.0),
        ({"form": "sales", "amount": 0.05}, 0.0), ({"form": "excess", "amount": 0.05}, 0.0),
        ({"form": "fixed", "amount": 70.0, "kind": "penalty"}, 0.0),
    ],
)  # fmt: skip
def test_bonuses_that_are_named_add_up(reward, sum_):
    store = neutral({"kpis": [gmv("g", month_from=2, month_to=5)]})
    option = {"id": "a", "base": 500.0, "rewards": [{"kpi": "g", "kind": "bonus", **reward}]}
    assert named_bonuses(store, Option.model_validate(option)) == pytest.approx(sum_)
    twice = option | {"rewards": option["rewards"] * 2}
    assert named_bonuses(store, Option.model_validate(twice)) == pytest.approx(2 * sum_)


# ---- what takes a shop's hours


@pytest.mark.parametrize(
    ("scope", "factors"),
    [({}, []), ({"scope_platforms": 1, "scope_sites": 1}, []),
     ({"scope_platforms": 2}, ["platforms"]), ({"scope_sites": 2}, ["sites"]),
     ({"scope_products": 40, "scope_hard": True}, ["products", "hard"]),
     ({"scope_stage": "launch"}, ["launch"])],
)  # fmt: skip
def test_only_what_is_more_than_one_of_a_kind_multiplies_the_hours(scope, factors):
    found = dict(_multiples(neutral(), Option(id="a", **scope)))
    assert list(found) == factors
    more = {key: 3 if value == 2 else value for key, value in scope.items()}
    three = dict(_multiples(neutral(), Option(id="a", **more)))
    for key in set(found) & {"platforms", "sites"}:  # the third takes as much as the second
        assert three[key].likely - 1 == pytest.approx(2 * (found[key].likely - 1))


# ---- the best split on a grid


def test_every_item_keeps_its_bounds_and_the_better_one_gets_the_rest():
    """512 to share; the second brings twice as much a unit, but holds 100 at most."""
    low, high = np.array([12.0, 0.0]), np.array([1000.0, 100.0])

    def gains(budgets):
        return budgets * np.array([1.0, 2.0])[:, None, None]

    assert programmed(gains, low, high, 524.0).tolist() == [424.0, 100.0]
    # a high of 99.5 lies between two cells of 1: 99 of it
    between = programmed(gains, low, np.array([1000.0, 99.5]), 524.0)
    assert between.tolist() == [425.0, 99.0]
    # turned round the first is filled up to its bound
    turned = programmed(gains, low[::-1], np.array([300.0, 1000.0]), 524.0)
    assert turned.tolist() == [0.0, 524.0]
