"""What may be asked for of a quote: each change where there is something to change and not where
there is nothing, and the effects at which a quote turns, by hand.
"""

from types import SimpleNamespace

import pytest

from funnel_sim.decisions.quote.effect import arrival, full_month
from funnel_sim.decisions.quote.moves import (
    applied,
    can_be_combined,
    displaced,
    lowered,
    moves,
    needed_for,
    with_promise,
)
from funnel_sim.decisions.quote.our_offer import Form, OurOffer
from funnel_sim.decisions.quote.turning import Turning, turnings
from funnel_sim.output.words.counter_offer import change_name
from funnel_sim.scenario.kpis import MOST_KPIS
from funnel_sim.scenario.quote_rows import MOST_ROWS
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

KPI = {"id": "g", "metric": "gmv", "target": 1.0, "month_to": 3}


def asked(kpi="", fee=0.0, **clauses):
    """Return what each change sets, by its name."""
    option = Option.model_validate({"id": "q", **clauses})
    shop = neutral({"kpis": [KPI], "options": [option.model_dump(mode="json")]})
    return {move.key: move.fields for move in moves(shop, option, kpi, fee)}


# ---- a lower fee


def test_a_part_of_the_fee_comes_down_with_what_hangs_on_it():
    option = Option.model_validate(
        {"id": "q", "base": 1000.0, "trial": 2, "trial_base": 600.0, "floor": 900.0, "setup": 400.0,
         "share_tiers": [{"upto": 9.0, "rate": 0.1}, {"rate": 0.05}], "spend_rate": 0.2,
         "order_fee": 3.0, "instalments": [{"month": 2, "amount": 80.0}]}
    )  # fmt: skip
    # a floor above the new base would undo it
    assert lowered(option, "base", 0.5).fields == {
        "base": 500.0, "trial_base": 300.0, "floor": 500.0
    }  # fmt: skip
    assert lowered(option, "base", 0.95).fields == {"base": 950.0, "trial_base": 570.0}
    assert lowered(option.but(floor=None, trial_base=None), "base", 0.5).fields == {"base": 500.0}
    share = lowered(option, "share", 0.5).fields["share_tiers"]
    assert [(one["upto"], one["rate"]) for one in share] == [(9.0, 0.05), (None, 0.025)]
    assert lowered(option, "instalments", 0.5).fields["instalments"][0]["amount"] == 40
    for key, name, half in (("setup", "setup", 200), ("spend", "spend_rate", 0.1),
                            ("orders", "order_fee", 1.5)):  # fmt: skip
        assert lowered(option, key, 0.5).fields == {name: pytest.approx(half)}


def test_a_bonus_is_a_part_of_the_fee_that_can_go():
    option = Option.model_validate(
        {"id": "q", "rewards": [{"kpi": "g", "amount": 8000.0},
                                {"kpi": "g", "kind": "penalty", "amount": 300.0}]}
    )  # fmt: skip
    gone = lowered(option, "bonus", 0.0).fields["rewards"]
    assert [one["kind"] for one in gone] == ["penalty"]
    half = lowered(option, "bonus", 0.5).fields["rewards"]
    assert [one["amount"] for one in half] == [4000.0, 300.0]
    assert lowered(option, "bonus", 0.5).kind == "fee"


def test_nothing_left_is_nothing():
    assert lowered(Option(id="q", base=8.0), "base", 0.0).fields == {"base": 0.0}


# ---- pay by results


def test_half_of_the_base_or_all_of_it_may_be_paid_by_the_kpi():
    found = asked("g", base=1000.0, trial=1, trial_base=700.0, floor=800.0)
    half, whole = found["by_results_half"], found["by_results_all"]
    assert (half["base"], whole["base"]) == (500, 0)
    assert (half["trial_base"], whole["trial_base"]) == (500, 0)
    assert half["floor"] is None  # a minimum would be paid whatever comes
    for one, amount in ((half, 500), (whole, 1000)):
        [row] = one["rewards"]
        assert (row["kpi"], row["kind"], row["each"], row["amount"]) == (
            "g", "bonus", "month", amount
        )  # fmt: skip
    low = asked("g", base=1000.0, trial=1, trial_base=300.0)["by_results_half"]
    assert low["trial_base"] == 300 and "floor" not in low
    assert "by_results_half" not in asked("", base=1000.0)
    assert "by_results_half" not in asked("g", base=0.0)


def test_rewards_that_are_there_stay_and_a_full_list_takes_no_more():
    rows = [{"kpi": "g", "amount": 1.0}] * (MOST_ROWS - 1)
    assert len(asked("g", base=10.0, rewards=rows)["by_results_half"]["rewards"]) == MOST_ROWS
    full = [{"kpi": "g", "amount": 1.0}] * MOST_ROWS
    assert "by_results_half" not in asked("g", base=10.0, rewards=full)


def test_setup_and_dated_instalments_may_wait_for_the_kpi():
    found = asked("g", setup=300.0, instalments=[{"month": 2, "amount": 50.0}])
    setup = found["setup_by_results"]
    assert setup["setup"] == 0 and [
        (one["amount"], one["month"], one["kpi"]) for one in setup["instalments"]
    ] == [(50, 2, ""), (300, None, "g")]
    dated = found["instalments_by_results"]["instalments"]
    assert [(one["amount"], one["month"], one["kpi"]) for one in dated] == [(50, None, "g")]
    none = asked("g", setup=0.0, instalments=[{"month": None, "kpi": "g", "amount": 5.0}])
    assert "setup_by_results" not in none and "instalments_by_results" not in none


# ---- clauses


@pytest.mark.parametrize(
    ("fee", "clauses", "cap"),
    [
        (
            1230.0,
            {"share_tiers": [{"rate": 0.1}]},
            1250.0,
        ),  # rounded up (on purpose: a cap below a kept promise cuts it)
        (1230.0, {"spend_rate": 0.1}, 1250.0),
        (1230.0, {"order_fee": 1.0}, 1250.0),
        (1230.0, {"rewards": [{"kpi": "g", "amount": 5.0}]}, 1250.0),
        (1230.0, {"rewards": [{"kpi": "g", "kind": "penalty", "amount": 5.0}]}, None),
        (1230.0, {"base": 9.0}, None),
        (0.0, {"share_tiers": [{"rate": 0.1}]}, None),
        (1230.0, {"share_tiers": [{"rate": 0.1}], "cap": 5000.0}, None),
        (1230.0, {"share_tiers": [{"rate": 0.1}], "floor": 1500.0}, 1500.0),
        (1230.0, {"share_tiers": [{"rate": 0.1}], "base": 1300.0}, 1300.0),
        (1230.0, {"base": 1100.0, "rewards": [{"kpi": "g", "amount": 300.0}]}, 1400.0),
    ],
)
def test_a_maximum_is_asked_at_the_fee_of_a_month_and_never_below_what_is_named(fee, clauses, cap):
    assert asked("", fee, **clauses).get("cap", {}).get("cap") == cap


@pytest.mark.parametrize(
    ("key", "there", "gone", "fields"),
    [
        ("floor", {"floor": 5.0}, {}, {"floor": None}),
        ("extras", {"extras": [{"name": "a", "amount": 1.0}]}, {}, {"extras": []}),
        ("ad_budget", {"ad_budget": 1.01}, {"ad_budget": 1.0}, {"ad_budget": 1.0}),
        (
            "exit",
            {"patience": 2, "decided_by": "g", "exit_fixed": 5.0},
            {"patience": 2, "decided_by": "g"},
            {"exit_fixed": 0.0, "exit_months": 0.0, "exit_share": 0.0},
        ),
        (
            "renewal",
            {"renewal": "automatic", "decided_by": "g"},
            {"renewal": "automatic"},
            {"renewal": "ends"},
        ),
        ("renewal", {"renewal": "automatic", "decided_by": "g"},
         {"renewal": "ends", "decided_by": "g"}, {"renewal": "ends"}),
        ("notice", {"notice": 2, "patience": 2, "decided_by": "g"},
         {"notice": 1, "patience": 2, "decided_by": "g"}, {"notice": 1}),
        ("notice", {"notice": 2, "decided_by": "g", "renewal": "automatic"},
         {"notice": 2, "decided_by": "g", "renewal": "ends"}, {"notice": 1}),
        ("notice", {"notice": 2, "decided_by": "g", "renewal": "automatic"},
         {"notice": 2, "renewal": "automatic"}, {"notice": 1}),
    ],
)  # fmt: skip
def test_a_clause_is_asked_away_where_it_binds_and_only_there(key, there, gone, fields):
    assert asked(**there)[key] == fields
    assert key not in asked(**gone)


@pytest.mark.parametrize("name", ["exit_fixed", "exit_months", "exit_share"])
def test_each_cost_of_leaving_is_one(name):
    early = {"patience": 2, "decided_by": "g"}
    assert "exit" in asked(**early, **{name: 0.5})
    assert "exit" not in asked(**{name: 0.5})  # nobody leaves early


# ---- moves together


def test_changes_of_one_field_go_together_only_where_they_say_the_same():
    option = Option.model_validate({"id": "q", "base": 1000.0, "setup": 10.0, "floor": 900.0})
    half = lowered(option, "base", 0.5)
    shop = neutral({"kpis": [KPI]})
    by = {move.key: move for move in moves(shop, option, "g", 0.0)}
    assert can_be_combined(by["by_results_all"], by["floor"])  # both take the minimum away
    assert not can_be_combined(half, by["floor"]) and not can_be_combined(half, half)
    assert can_be_combined(half, lowered(option, "setup", 0.5))
    assert [one.key for one in displaced(half, [by["floor"], half, by["setup"]])] == ["floor"]
    made = applied(option, [by["by_results_all"], by["floor"]])
    assert (made.base, made.floor) == (0, None)
    with pytest.raises(ValueError, match="same field"):
        applied(option, [half, by["floor"]])


# ---- the KPI of a promise


@pytest.mark.parametrize(
    ("more", "first", "last"),
    [
        ({"ramp": 0.0}, 1, 6),
        ({"ramp": 2.0}, 3, 6),
        ({"ramp": 1.5}, 3, 6),
        ({"ramp": 2.0, "delay": 1}, 4, 6),
        ({"ramp": 12.0}, 6, 6),
        ({"ramp": 0.0, "term": 24}, 1, 12),  # no longer than the plan
    ],
)
def test_a_promise_is_measured_from_the_month_when_all_of_it_is_there(more, first, last):
    option = Option.model_validate({"id": "q", "term": 6, "claimed": 0.2, **more})
    told, name = with_promise(neutral(), option)
    [kpi] = told.kpis
    assert (kpi.id, kpi.month_from, kpi.month_to) == (name, first, last)
    assert (kpi.metric, kpi.target, kpi.relative, kpi.window) == ("gmv", 0.2, True, "average")


@pytest.mark.parametrize(
    ("delay", "ramp", "full"), [(0, 0.0, 1), (0, 1.97, 3), (1, 2.0, 4), (2, 0.5, 4), (0, 11.2, 13)]
)
def test_all_of_a_promise_is_there_from_one_month_on_and_not_before(delay, ramp, full):
    """Month m has min(1, (m − 1 − delay) ÷ ramp) of it: 1.97 months from month 1 are over in month
    3, where 2 ÷ 1.97 > 1, and not in month 2, where 1 ÷ 1.97 = 0.51.
    """
    option = Option(id="a", delay=delay, ramp=ramp)
    there = arrival(option, ramp, full)[:, 0]
    assert full_month(option) == full
    assert there[full - 1] == 1.0 and all(one < 1.0 for one in there[: full - 1])


@pytest.mark.parametrize(
    ("clauses", "month"),
    [
        ({"stop_loss": True, "decided_by": "g"}, 4),  # 1 + 3 months
        ({"stop_loss": True, "decided_by": "g", "delay": 1}, 5),
        ({}, 4),  # a stop-loss is asked for, and this with it
        ({"stop_loss": True, "decided_by": "g", "stop_from": 4}, None),
        ({"stop_loss": True, "decided_by": "g", "term": 3}, None),  # never looked at
        ({"stop_loss": True, "decided_by": "g", "claimed": None}, None),  # nothing is promised
    ],
)
def test_a_stop_loss_may_count_from_when_all_of_the_promise_is_there(clauses, month):
    found = asked("g", **({"claimed": 0.4, "ramp": 3.0} | clauses))
    assert found.get("stop_from") == (None if month is None else {"stop_from": month})


def test_the_promise_is_asked_once_and_not_where_there_is_none_or_no_room():
    option = Option(id="q", term=6, claimed=0.2, ramp=0.0)
    told, name = with_promise(neutral(), option)
    assert with_promise(told, option) == (told, name)
    turned = told.replace({f"kpis.{name}.comparator": "at_most"})
    assert with_promise(turned, option)[1] != name  # the same figure the other way round
    for none in (option.but(claimed=None), option.but(claimed=0.0)):
        assert with_promise(neutral(), none) == (neutral(), "")
        assert with_promise(neutral({"kpis": [KPI]}), none)[1] == "g"
    rows = [KPI | {"id": f"k{i}"} for i in range(MOST_KPIS)]
    assert len(with_promise(neutral({"kpis": rows[:-1]}), option)[0].kpis) == MOST_KPIS
    assert len(with_promise(neutral({"kpis": rows}), option)[0].kpis) == MOST_KPIS


def test_only_kpis_that_a_contract_names_are_added():
    told = neutral({"kpis": [KPI, KPI | {"id": "h"}, KPI | {"id": "i"}]})
    had = neutral({"kpis": [KPI | {"id": "i"}]})
    made = Option.model_validate(
        {"id": "q", "rewards": [{"kpi": "g", "amount": 1.0}, {"kpi": "i", "amount": 1.0}]}
    )
    assert [kpi.id for kpi in needed_for(had, told, made).kpis] == ["i", "g"]
    assert needed_for(had, told, Option(id="q")) is had


# ---- where a quote turns

CALM = {"chance.month_noise": False, "chance.counting": False}


def turning(fee, cost=0.0, **more):
    """A store of 100 orders at 100 a month: an effect of e brings 10,000 · e · (1 − cost)."""
    option = Option.model_validate(
        {"id": "q", "base": fee, "fee_currency": "sales", "ramp": 0.0, "serving_people": 0.0,
         **more}
    )  # fmt: skip
    shop = neutral(
        CALM
        | {"conversion.cvr": 0.1, "channels.orders.impressions": 1000.0,
           "product.unit_cost": 100.0 * cost}
    )  # fmt: skip
    return turnings(shop, [option])["q"]


@pytest.mark.parametrize(("fee", "cost", "effect"), [(500, 0, 0.05), (500, 0.5, 0.1), (3e4, 0, 3)])
def test_a_quote_breaks_even_where_the_effect_brings_the_fee(fee, cost, effect):
    found = turning(float(fee), cost)
    assert found.break_even == pytest.approx(effect, abs=2e-3)
    assert found.sign == pytest.approx(effect, abs=2e-3) and found.course == "crosses"


def test_a_quote_that_turns_nowhere_says_how_its_gain_goes():
    assert turning(1e6) == Turning(None, None, "never")
    assert turning(0.0).break_even == pytest.approx(0, abs=2e-3)
    # each order loses money: fewer orders would be a gain
    assert turning(10.0, 1.5).course == "falls"


# ---- which guarantee is named


def form(name, *, needed=0.3, fits=False, kept=10.0, left=-100.0):
    """Return a form of an offer with what decides about it."""

    def centre(value):
        return SimpleNamespace(centre=SimpleNamespace(value=value))

    def told(agency, client):
        return SimpleNamespace(agency=centre(agency), gain=centre(client))

    move, turn = SimpleNamespace(key=name), Turning(None, needed)
    held, failed = told(kept, 0.0), told(0.0, left)
    return Form(move, Option(id="q"), turn, held, failed, fits, 0.0, 0.0)


def offered(*guarantees, promised=0.2, **as_is):
    return OurOffer(neutral(), Option(id="q"), promised, True, form("as_is", **as_is), guarantees)


def named(found):
    return None if found is None else found.move.key


def test_the_guarantee_that_lowers_what_is_needed_most_is_named_if_the_agency_still_earns():
    low, lower, loss = (
        form("low", needed=0.25),
        form("lower", needed=0.1),
        form("loss", needed=0.05, kept=0.0),
    )
    offer = offered(low, lower, loss)
    assert named(offer.best) == "lower" and [named(one) for one in offer.affordable] == [
        "low",
        "lower",
    ]
    assert named(offered(form("same", needed=0.3)).best) is None
    # without any need at all is lowest, where it did not fit
    assert named(offered(low, form("free", needed=None, fits=True)).best) == "free"
    assert named(offered(form("free", needed=None, fits=True), needed=None, fits=True).best) is None
    # never signed as it is: any form that is, is nearer
    assert named(offered(form("now", needed=5.0), needed=None).best) == "now"
    # of two alike the first: those that cost least stand first
    assert named(offered(low, form("same", needed=0.25)).best) == "low"


def test_the_safest_guarantee_leaves_the_client_most_where_nothing_comes():
    safe, safer, loss = (
        form("safe", left=-50.0),
        form("safer", left=-20.0),
        form("loss", left=0.0, kept=-1.0),
    )
    assert named(offered(safe, safer, loss).safest) == "safer"
    assert named(offered(form("same", left=-100.0)).safest) is None


def test_what_a_promise_lacks():
    assert offered(needed=0.3).lacking == pytest.approx(0.1)
    assert offered(needed=0.3, fits=True).lacking is None
    assert offered(needed=None).lacking is None


# ---- a baseline in place of a threshold


TIERS = [{"upto": 22000.0, "rate": 0.0}, {"upto": 30000.0, "rate": 0.05}, {"rate": 0.1}]


def test_a_baseline_takes_the_place_of_a_threshold():
    # 22,000 at 0 % goes; the step at 30,000 stood 30,000 − 22,000 = 8,000 above it
    fields = asked(share_tiers=TIERS)["baseline"]
    assert fields["share_over"] == "baseline"
    assert [(one["upto"], one["rate"]) for one in fields["share_tiers"]] == [
        (8000.0, 0.05), (None, 0.1)
    ]  # fmt: skip
    # no threshold: the tiers stay as they are, and only the basis changes
    assert asked(share_tiers=TIERS[1:])["baseline"] == {"share_over": "baseline"}
    # several tiers at 0 %, as a copied table may have them: all of them go
    two = [{"upto": 10000.0, "rate": 0.0}, *TIERS]
    assert asked(share_tiers=two)["baseline"]["share_tiers"] == fields["share_tiers"]


def test_lower_rates_and_the_baseline_go_together_without_the_threshold():
    option = Option.model_validate({"id": "q", "base": 1000.0, "share_tiers": TIERS})
    by = {move.key: move for move in moves(neutral({"kpis": [KPI]}), option, "g", 0.0)}
    half = lowered(option, "share", 0.5)
    assert can_be_combined(half, by["baseline"]) and displaced(half, [by["baseline"]]) == []
    for chosen in ([half, by["baseline"]], [by["baseline"], half]):
        made = applied(option, chosen)
        assert made.share_over == "baseline"
        assert [(one.upto, one.rate) for one in made.share_tiers] == [(8000.0, 0.025), (None, 0.05)]


def test_the_change_says_that_the_baseline_takes_the_place_of_the_threshold():
    option = Option.model_validate({"id": "q", "share_tiers": TIERS})
    shop = neutral({"kpis": [KPI]})
    [move] = [one for one in moves(shop, option, "g", 0.0) if one.key == "baseline"]
    for lang in ("zh", "en"):
        assert "22,000" in change_name(move, option, shop, lang)
    flat = option.but(share_tiers=[{"rate": 0.05}])
    [move] = [one for one in moves(shop, flat, "g", 0.0) if one.key == "baseline"]
    assert change_name(move, flat, shop, "en") == "Share only over the baseline"
