"""What to offer instead of a quote: by hand on a small contract, and what holds of every
counter-offer.
"""

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.decisions.quote import changes
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.changes import evaluated, worth_of_move
from funnel_sim.decisions.quote.clause_prices import prices
from funnel_sim.decisions.quote.counter_offer import (
    _all_together,
    _Alone,
    _without_needless,
    counter_offer,
)
from funnel_sim.decisions.quote.moves import FEES, KEYS, Move, applied, lowered, moves, with_promise
from funnel_sim.output.json.counter_offer import counter_json
from funnel_sim.output.words.counter_offer import (
    change_name,
    counter_sentence,
    ordinary_sentence,
)
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quote_templates import quote_templates
from funnel_sim.scenario.quotes import Option, counter_id
from funnel_sim.ui.pages.quote.verdict import ticked_sentence
from funnel_sim.words import LANGS
from tests.conftest import neutral
from tests.pages.test_quote_page import EVERYTHING, GMV

CALM = {"chance.month_noise": False, "chance.counting": False}
PATHS = 1024


def store(option, **changes):
    """A store of 100 orders at 100 a month without any cost, half of whose visitors buy, nothing by
    chance, with one quote that serves for nothing.
    """
    quote = {"id": "quote", "ramp": 0.0, "serving_people": 0.0} | option
    return neutral(
        CALM
        | {"conversion.cvr": 0.5, "channels.orders.impressions": 200.0, "options": [quote]}
        | changes
    )


def found(option, **changes):
    scenario = store(option, **changes)
    return counter_offer(scenario, scenario.options[0], paths=256)


def test_the_fee_that_is_signed_by_hand():
    # 5 % more of 10,000 is 500 a month; a base of 800 leaves −300; under 500 it is signed, and 495
    # is the next figure that one says
    told = found({"base": 800.0, "effect": 0.05})
    assert told.reach == "sign" and told.as_is.verdict == "renegotiate"
    [way, *_] = told.ways
    assert [move.key for move in way.moves] == ["base"] and way.option.base == 495.0
    assert way.cost == pytest.approx(12 * (800.0 - 495.0))
    assert way.found.gain.mean.value == pytest.approx(12 * 5.0)


def test_a_fee_just_under_what_it_brings_needs_nothing():
    assert found({"base": 499.0, "effect": 0.05}).reach == "already"
    assert found({"base": 501.0, "effect": 0.05}).reach == "sign"


def test_pay_by_results_costs_nothing_where_the_promise_fails_and_leaves_the_base_where_it_is_met():
    # promised +20 %, 2 % comes: +200 a month; with all of the base of 800 paid only in months that
    # meet +20 %, none is paid: 12 × 200 are left
    told = found({"base": 800.0, "claimed": 0.2, "effect": 0.02})
    change = next(one for one in told.changes if one.move.key == "by_results_all")
    assert change.client.mean.value == pytest.approx(12 * 800.0) and change.cost == pytest.approx(
        12 * 800.0
    )
    # promised +1 %, 2 % comes: every month meets it, so that as much is paid as before and the
    # change is worth nothing
    met = next(
        one
        for one in found({"base": 800.0, "claimed": 0.01, "effect": 0.02}).changes
        if one.move.key == "by_results_all"
    )
    assert met.client.mean.value == pytest.approx(0.0) and not met.helps


def test_two_changes_where_neither_is_enough():
    # +100 a month = 1,200; base 800 and launch 3,000: −10,800 − … without the base 1,200 − 3,000 <
    # 0, without the launch 1,200 − 9,600 < 0; both have to come down
    told = found({"base": 800.0, "setup": 3000.0, "effect": 0.01})
    assert told.reach == "sign" and {move.key for move in told.ways[0].moves} == {"base", "setup"}
    assert 0 < 12 * told.ways[0].option.base + told.ways[0].option.setup < 1200.0


def test_where_nothing_is_brought_nothing_is_signed_and_the_nearest_is_told():
    told = found({"base": 800.0, "effect": -0.05})
    assert told.reach == "none" and not told.ways
    assert (
        told.nearest is not None
        and told.nearest.verdict != "sign"
        and told.nearest.short < told.as_is.short
    )


def test_the_nearest_terms_that_an_agency_can_live_on_stand_beside_those_that_it_cannot():
    """+500 a month is brought, 800 asked for, and serving takes 600: signed only below 500, under
    its cost. Without the fees beside the quote (100 a month) 800 − 500 = 300 a month are missing
    in place of 400: 12 × 300 = 3,600 over the plan, at a fee of 800 that pays for serving.
    """
    extras = [{"name": "reports", "amount": 100.0, "every": "month"}]
    serving = {"serving_people": 1.0, "serving_pay": 600.0, "serving_on_cost": 0.0}
    told = found({"base": 800.0, "effect": 0.05, "extras": extras} | serving)
    assert told.reach == "below_cost" and not told.ways[0].covers
    near = told.ordinary
    assert near is not None and near.covers and near.verdict != "sign"
    assert [move.key for move in near.moves] == ["extras"]
    assert near.short == pytest.approx(3600.0) and told.as_is.short == pytest.approx(4800.0)
    for lang in LANGS:
        text = counter_sentence(told, lang)
        assert ordinary_sentence(told, lang) in text and "3,6" in ordinary_sentence(told, lang)
    assert counter_json(told)["ordinary"]["verdict"] == near.verdict


def test_a_fee_under_the_cost_of_serving_is_called_so():
    # +500 a month; serving takes 600: what the client can pay does not pay for it
    told = found(
        {
            "base": 2000.0,
            "effect": 0.05,
            "serving_people": 1.0,
            "serving_pay": 600.0,
            "serving_on_cost": 0.0,
        }
    )
    assert told.reach == "below_cost" and not told.ways[0].covers
    assert (
        found(
            {
                "base": 2000.0,
                "effect": 0.05,
                "serving_people": 1.0,
                "serving_pay": 400.0,
                "serving_on_cost": 0.0,
            }
        ).reach
        == "sign"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [(8437.0, 8400.0), (1174.0, 1150.0), (0.0584, 0.058), (99.9, 99.5), (100.0, 100.0), (0.0, 0.0)],
)
def test_a_fee_is_rounded_down_to_what_one_says(value, said):
    assert lowered(Option(id="a", base=value), "base", 1.0).fields["base"] == said


def test_a_promise_becomes_a_kpi_once_it_should_have_arrived_and_is_not_made_twice():
    scenario = store({"base": 800.0, "claimed": 0.2, "delay": 1, "ramp": 2.0, "term": 9})
    told, name = with_promise(scenario, scenario.options[0])
    kpi = next(one for one in told.kpis if one.id == name)
    assert (kpi.metric, kpi.target, kpi.relative, kpi.months) == (
        "gmv",
        0.2,
        True,
        (4, 9),
    )  # month 1 + 1 of delay + 2 of ramp
    assert with_promise(told, told.options[0]) == (told, name)
    nothing = store({"base": 800.0})
    assert with_promise(nothing, nothing.options[0]) == (nothing, "")


def test_what_a_clause_is_worth_alone_is_what_the_price_of_clauses_says():
    scenario = preset("amazon-de-kitchen").replace(
        {
            "kpis": [GMV],
            "options": [{"id": "quote", "base": 9000.0, "share_tiers": [{"rate": 0.05}]}],
        }
    )
    option = scenario.options[0]
    mine = {
        one.move.key: one.client.mean.value
        for one in counter_offer(scenario, option, paths=PATHS).changes
    }
    priced = {one.key: one.client.mean.value for one in prices(scenario, option, paths=PATHS)}
    assert mine["base"] == pytest.approx(
        -priced["base"]
    )  # to have no base is worth what the base costs
    for key in ("stop_loss", "trial", "baseline", "clawback"):
        assert mine[key] == pytest.approx(priced[key]), key


def test_a_trial_keeps_its_threshold_beside_a_stop_loss():
    scenario = preset("amazon-de-kitchen").replace(
        {"kpis": [GMV], "options": [{"id": "quote", "base": 9000.0}]}
    )
    option = scenario.options[0]
    by = {move.key: move for move in moves(scenario, option, "gmv", 0.0)}
    both = applied(option, [by["stop_loss"], by["trial"]])
    assert (
        both.trial
        and both.stop_loss
        and both.misses_below == applied(option, [by["trial"]]).misses_below
    )


def test_two_changes_of_one_field_are_refused():
    option = Option(id="a", base=1000.0)
    with pytest.raises(ValueError, match="same field"):
        applied(option, [lowered(option, "base", 0.5), Move("by_results_all", {"base": 0.0})])


QUOTES = st.fixed_dictionaries(
    {
        "base": st.sampled_from([0.0, 400.0, 3000.0, 12000.0]),
        "setup": st.sampled_from([0.0, 10000.0]),
        "share_tiers": st.sampled_from(
            [[], [{"rate": 0.05}], [{"upto": 9000.0, "rate": 0.03}, {"rate": 0.08}]]
        ),
        "spend_rate": st.sampled_from([0.0, 0.1]),
        "floor": st.sampled_from([None, 1500.0]),
        "claimed": st.sampled_from([None, 0.2, 0.4]),
        "effect": st.sampled_from([None, 0.05, 0.2]),
        "renewal": st.sampled_from(["ends", "automatic"]),
        "exit_months": st.sampled_from([0.0, 3.0]),
        "ad_budget": st.sampled_from([1.0, 1.5]),
        "cap": st.sampled_from([None, 20000.0]),
    }
)


@pytest.mark.slow
@settings(max_examples=12)
@given(QUOTES, st.booleans(), st.sampled_from([0.3, 0.5, 0.7]))
def test_laws_of_every_counter_offer(quote, kpi, need):
    scenario = preset("amazon-de-kitchen").replace(
        {
            "options": [{"id": "quote"} | quote],
            "kpis": [GMV] if kpi else [],
            "comparison.sign_odds": need,
        }
    )
    option = scenario.options[0]
    told = counter_offer(scenario, option, paths=PATHS)
    answer = compare(told.scenario, PATHS).of("quote")
    assert told.as_is.verdict == answer.verdict or "sign" not in (
        told.as_is.verdict,
        answer.verdict,
    )
    assert (told.reach == "already") == (answer.verdict == "sign")
    for way in told.ways:
        anew = told.scenario.replace({"options": [way.option.model_dump(mode="json")]})
        signed = compare(anew, PATHS).of("quote")
        assert signed.verdict == "sign"  # evaluated anew, as the page would
        assert signed.believed.gain.centre.value > max(
            0.0, answer.believed.gain.centre.value
        )  # better than today, and than the quote
        assert way.cost == pytest.approx(answer.believed.income - signed.believed.income, abs=1e-6)
        for fewer in combinations(way.moves, len(way.moves) - 1):  # nothing can be left out
            assert evaluated(told.scenario, option, fewer, PATHS)[1].verdict != "sign"
    if told.nearest is not None:
        assert told.nearest.verdict != "sign" and told.nearest.short < told.as_is.short
    for change in told.changes:
        if change.helps:
            assert change.client.centre.value > 0


def test_twice_is_the_same_and_everything_in_a_contract_can_be_asked_for():
    scenario = preset("amazon-de-kitchen").replace({"kpis": [GMV], "options": [EVERYTHING]})
    one, other = (counter_offer(scenario, scenario.options[0], paths=PATHS) for _ in range(2))
    assert [(way.option, way.cost) for way in one.ways] == [
        (way.option, way.cost) for way in other.ways
    ]
    assert {move.move.key for move in one.changes} <= set(KEYS)


def test_the_search_is_bounded(monkeypatch):
    """A quote with every kind of fee and clause: each change alone, and a few dozen sets, are
    simulated and no more.
    """
    count = 0
    real = changes.outcomes

    def counted(scenario, cases, **more):
        nonlocal count
        count += len(cases)
        return real(scenario, cases, **more)

    monkeypatch.setattr(changes, "outcomes", counted)
    scenario = preset("amazon-de-kitchen").replace(
        {
            "kpis": [GMV],
            "options": [EVERYTHING | {"stop_loss": False, "trial": 0, "trial_base": None}],
        }
    )
    told = counter_offer(scenario, scenario.options[0], paths=256)
    assert count <= 1 + len(told.changes) + 60


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("base", {}),
        ("setup", {"setup": 1.0}),
        ("share", {"share_tiers": [{"rate": 0.01}]}),
        ("spend", {"spend_rate": 0.01}),
        ("orders", {"order_fee": 0.01}),
        ("instalments", {"instalments": [{"month": 2, "amount": 1.0}]}),
    ],
)
def test_a_part_of_the_fee_is_lowered_where_there_is_one(part, change):
    """What a quote does not charge is not asked to be less: a base of 100 is, and the part
    named.
    """
    store = neutral({"options": [{"id": "q", "base": 100.0, **change}]})
    found = moves(store, store.options[0], "", 1_000.0)
    asked = [move.key for move in found if move.key in FEES]
    assert asked == list(dict.fromkeys(("base", part)))


@pytest.mark.parametrize("template", quote_templates(), ids=lambda one: one.id)
def test_no_change_hands_over_a_threshold_of_the_simulation(template):
    """A month is missed below a share of the target that somebody would sign: that of the quote, or
    the one of the stop-loss that is asked for.
    """
    shop = preset("amazon-de-kitchen").replace({"options": []})
    shop = shop.replace(template.added_to(shop, lambda *_: 1.0))
    told, kpi = with_promise(shop, shop.options[-1].but(claimed=0.4))
    option = told.options[-1].but(claimed=0.4)
    for move in moves(told, option, kpi, 3_000.0):
        made = applied(option, [move])
        assert made.misses_below in (option.misses_below, made.stop_share), move.key
        if "stop_loss" in move.fields:
            assert made.misses_below == made.stop_share == 0.8


def test_a_lower_fee_is_worth_what_it_saves_at_the_level_asked_for_first():
    """A base of 100 for 12 months, asked for at 80 %: 20 × 12 = 240; at one half 50 × 12 = 600; at
    nothing 1,200.
    """
    shop = store({"base": 100.0, "effect": 0.1}, **{"plan.horizon_months": 12})
    option = shop.options[0]
    found = counter_offer(shop, option, paths=PATHS)
    [base] = [one for one in found.changes if one.move.key == "base"]
    assert base.first is not None
    assert base.first.centre.value == pytest.approx(240.0)
    half = worth_of_move(shop, option, lowered(option, "base", 0.5), PATHS)
    assert half.centre.value == pytest.approx(600.0)
    assert base.client.centre.value == pytest.approx(1_200.0)
    assert all(one.first is None for one in found.changes if one.move.left is None)


@pytest.mark.parametrize(
    ("tiers", "mode", "told"),
    [
        (
            [{"upto": 22_000.0, "rate": 0.0}, {"rate": 0.05}],
            "marginal",
            "4% above €22,000 in place of 5% above €22,000",
        ),
        (
            [{"upto": 22_000.0, "rate": 0.0}, {"rate": 0.05}],
            "whole",
            "4% of all once past €22,000 in place of 5% of all once past €22,000",
        ),
        ([{"upto": 9.0, "rate": 0.1}, {"rate": 0.05}], "marginal", "8% / 4% in place of 10% / 5%"),
    ],
)
def test_a_share_that_pays_from_a_bound_on_is_told_with_it(tiers, mode, told):
    """A tier at 0 % is a bound and no rate; tiers that all pay stand beside each other."""
    quote = {"id": "q", "share_tiers": tiers, "share_mode": mode}
    shop = preset("amazon-de-kitchen").replace({"options": [quote]})
    option = shop.options[0]
    assert told in change_name(lowered(option, "share", 0.8), option, shop, "en")
    assert " 0% /" not in change_name(lowered(option, "share", 0.8), option, shop, "zh")


def test_a_counter_offer_that_is_saved_comes_to_what_it_was_shown_to_come_to():
    """One agency, one effect: the copy is drawn as the quote is, so that a figure in the list of
    changes is the figure of the saved quote, to the last digit that is shown.
    """
    scenario = preset("amazon-de-kitchen").replace(
        {"options": [{"id": "quote", "base": 9000.0, "claimed": 0.4}]}
    )
    option = scenario.options[0]
    made = lowered(option, "base", 0.5)
    _, shown = evaluated(scenario, option, [made], paths=PATHS)
    rows = scenario.plain()["options"]

    def saved(name):
        copy = applied(option, [made]).model_dump(mode="json") | {"id": name, "name": "asked"}
        return compare(scenario.replace({"options": [*rows, copy]}), PATHS).of(name).believed

    same = saved(counter_id(option.id, ["quote"]))
    assert same.gain.mean.value == pytest.approx(shown.found.gain.mean.value, rel=1e-12)
    assert same.better.value == shown.found.better.value
    other = saved("quote_2")  # another agency's: its effect is its own
    assert other.gain.mean.value != pytest.approx(same.gain.mean.value, rel=1e-6)


@pytest.mark.parametrize(
    ("verdict", "gain", "covers", "paper"),
    [
        ("sign", 100.0, True, ""),  # 1 % of 10,000 and no less
        ("sign", 99.9, True, "small"),
        ("sign", 5000.0, False, "below_cost"),
        ("renegotiate", 5000.0, False, ""),
    ],
)
def test_what_is_signed_on_paper_only(verdict, gain, covers, paper):
    assert changes.on_paper(verdict, gain, 10000.0, covers=covers) == paper


@pytest.mark.parametrize(("lang", "word"), [("en", "Only on paper"), ("zh", "只在纸面上成立")])
def test_a_set_below_cost_is_never_said_to_be_signed(lang, word):
    # +500 a month; serving takes 600: signed under 500 only, and nobody serves for it
    cost = {"serving_people": 1.0, "serving_pay": 600.0, "serving_on_cost": 0.0}
    told = found({"base": 2000.0, "effect": 0.05} | cost)
    assert told.reach == "below_cost" and told.ways[0].paper == "below_cost"
    assert told.ways[0].word == "on_paper" and told.as_is.paper == ""
    assert counter_sentence(told, lang).startswith(word)
    [way, *_] = counter_json(told)["ways"]
    assert (way["verdict"], way["on_paper"]) == ("sign", "below_cost")
    assert word in ticked_sentence(told.ways[0], told.scenario, lang)


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


def needless(needed, fails=(), uncovered=()):
    """Leave changes out of a, b and c, which cost the agency 5, 3 and 1: what is left is signed
    where it holds all that is needed, and covers the agency's cost unless it is one of those named.
    """

    def offer(moves):
        keys = "".join(move.key for move in moves)
        return SimpleNamespace(
            moves=tuple(moves), cost=sum({"a": 5.0, "b": 3.0, "c": 1.0}[key] for key in keys),
            covers=keys not in uncovered, verdict="sign" if set(needed) <= set(keys) else "no",
        )  # fmt: skip

    desk = SimpleNamespace(offers=lambda every: [offer(moves) for moves in every])
    every = [SimpleNamespace(key=key) for key in "abc"]
    found = _without_needless(desk, offer(every), frozenset(fails))
    return "".join(move.key for move in found.moves)


def test_a_counter_offer_is_left_without_what_it_does_not_need_the_dearest_first():
    assert needless("c") == "c" and needless("a") == "a"
    assert needless("") == "c"  # nothing is needed: the cheapest one stays
    assert needless("ab") == "ab" and needless("abc") == "abc"
    # known not to be enough alone, c is not tried alone
    assert needless("c", fails="c") == "bc" and needless("b", fails="c") == "b"
    # what covers the agency's cost goes before what is cheaper
    assert needless("c", fails="c", uncovered=["bc"]) == "ac"


def test_changes_are_added_from_what_is_worth_most_to_the_client_downwards():
    """20, 30 and 10: the second first; a second level of the same field is left out."""

    def useful(name, worth, **fields):
        client = SimpleNamespace(centre=SimpleNamespace(value=worth))
        return SimpleNamespace(move=Move(name, fields), client=client), None

    base, share = useful("base", 20.0, base=1.0), useful("share", 30.0, share_tiers=[])
    cap, lower = useful("cap", 10.0, cap=5.0), useful("lower", 15.0, base=2.0)
    desk = SimpleNamespace(offers=lambda every: [[move.key for move in one] for one in every])
    assert _all_together(desk, [base, share, cap, lower]) == [
        ["share"], ["share", "base"], ["share", "base", "cap"],
    ]  # fmt: skip
