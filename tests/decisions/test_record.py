"""A provider's record on its own quote: shown cases, and what was measured."""

import io
import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim import cli
from funnel_sim.decisions.kpi.belief import weigh
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.decisions.quote.record import claim_belief, promise_of, with_promise_of
from funnel_sim.decisions.review import record as measured
from funnel_sim.decisions.review.record import engagement, measured_record, with_record
from funnel_sim.errors import InputError
from funnel_sim.output.words.contract_check import clause_text, finding_sentence
from funnel_sim.output.words.quote import reason_sentences, record_sentences
from funnel_sim.output.words.record import measured_sentence
from funnel_sim.scenario import effects, links
from funnel_sim.scenario.files import opened, to_text
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.promise import Promise
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

STORE = preset("amazon-de-kitchen")


def two_quotes() -> Scenario:
    return STORE.replace(
        {
            "promise.record_met": 8.0,
            "promise.record_shown": 10.0,
            "options": [
                {"id": "own", "base": 3000.0, "record_met": 1.0, "record_shown": 4.0},
                {"id": "other", "base": 3000.0},
            ],
        }
    )


def past(lift: float, name: str = "past", months: int = 6) -> tuple[str, Scenario, Option]:
    """Two years of about 100 orders, then months of 100 × (1 + lift)."""
    before = [100.0, 104, 98, 101, 97, 103] * 4
    since = [100.0 * (1 + lift)] * months
    store = STORE.replace(
        {
            "history.first_month": "2024-01",
            "history.seen_orders": before + since,
            "history.engagement_from": "2026-01",
            "options": [{"id": "quote", "base": 1000.0, "ramp": 0.0}],
        }
    )
    return engagement(name, store)


# ---- shown cases


def test_each_quote_has_its_own_record_and_else_the_scenarios():
    store = two_quotes()
    own, other = store.options
    assert (promise_of(store, own).record_met, promise_of(store, own).record_shown) == (1.0, 4.0)
    assert promise_of(store, other) == store.promise
    assert with_promise_of(store, other) is store
    assert with_promise_of(store, None) is store


def test_the_most_a_record_can_say_by_hand():
    """8 of 10 at a quarter each: log odds of
    0.12 ÷ 0.88 + 0.25 × (8 ln 4 − 2 ln 4) = −1.992 + 2.079.
    """
    found = claim_belief(two_quotes(), two_quotes().options[1])
    assert found.most == pytest.approx(1 / (1 + np.exp(1.9924 - 2.0794)), abs=1e-4)
    # 1 of 4: 0.25 × (ln(0.25 ÷ 0.2) + 3 ln(0.75 ÷ 0.8)) = 0.0074, for a client is never less
    # likely to meet its KPIs where the claim is true (the earlier bound took 0.25 against 0.8)
    found = claim_belief(two_quotes(), two_quotes().options[0])
    assert found.most == pytest.approx(1 / (1 + np.exp(1.9924 - 0.0074)), abs=1e-4)
    # at least: 0.25 × (ln(0.8 ÷ 0.25) + 3 ln(0.2 ÷ 0.75)) = -0.7005
    assert found.least == pytest.approx(1 / (1 + np.exp(1.9924 + 0.7005)), abs=1e-4)
    assert claim_belief(STORE, Option(id="a")) is None


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 30),
    st.integers(1, 30),
    st.integers(0, 100).map(lambda percent: percent / 100),
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
)
def test_no_probabilities_of_kpis_give_more(met, shown, trust, yes, no):
    """The KPI check weighs by this store's KPIs; the quote says what they can make of it
    at most.
    """
    met = min(met, shown)
    told = {"record_met": float(met), "record_shown": float(shown), "record_trust": trust}
    option = Option(id="a", **told)
    weighed = weigh(STORE.but(promise=Promise(**told)), yes, no)
    found = claim_belief(STORE, option)
    assert found.least - 1e-12 <= weighed.after <= found.most + 1e-12
    if yes <= no:  # clients who missed their KPIs never speak for a claim
        assert weighed.after <= weighed.before + 1e-12


def belief_of_record(met, shown, trust=1.0):
    option = Option(id="a", record_met=met, record_shown=shown, record_trust=trust)
    return claim_belief(STORE, option)


@pytest.mark.parametrize(
    ("met", "trust", "least", "most"),
    [
        # none met: at most nothing is told; at least 10 ln(0.2 / 0.8) = -13.86 on -1.992
        (0.0, 1.0, 1.3e-7, 0.12),
        (2.0, 1.0, 3.34e-5, 0.12),  # 2 ln 4 + 8 ln 0.25 = -8.318
        # 3 ln 1.5 + 7 ln(0.7 / 0.8) = 0.2817, the first that rises;
        # 3 ln(0.8 / 0.3) + 7 ln(0.2 / 0.7) = 2.9425 - 8.7693
        (3.0, 1.0, 4.02e-4, 0.1531),
        (5.0, 1.0, 0.0144, 0.5595),  # 10 ln 0.5 - 5 ln 0.2 - 5 ln 0.8 = 2.2314
        (8.0, 0.25, 0.12, 0.5217),  # 0.25 × 6 ln 4 = 2.0794; no probabilities speak against it
    ],
)
def test_a_record_that_speaks_against_a_claim_never_raises_it(met, trust, least, most):
    found = belief_of_record(met, 10.0, trust)
    assert found.most == pytest.approx(most, rel=1e-3)
    assert found.least == pytest.approx(least, rel=2e-2)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(0, 100).map(lambda percent: percent / 100))
def test_more_met_clients_never_lower_what_may_be_believed(shown, trust):
    rows = [belief_of_record(float(met), float(shown), trust) for met in range(shown + 1)]
    for one, two in itertools.pairwise(rows):
        assert two.most >= one.most - 1e-12
        assert two.least >= one.least - 1e-12
    for met, one in enumerate(rows):
        assert one.least <= one.before <= one.most
        if met <= 0.2 * shown:  # fewer than where no KPI is easier than 0.2
            assert one.most == one.before
        if met >= 0.8 * shown:
            assert one.least == one.before


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("met", "trust", "zh", "en"),
    [
        (0.0, 1.0, "高于原来的 12%，最坏降到 1% 以下（", "rise above 12%, and falls to under 1%"),
        (2.0, 1.0, "不会高于原来的 12%", "does not rise above 12%"),
        (5.0, 1.0, "由 12% 升到 56%，最坏降到 1%", "12% to 56% at most, or falls to 1% at worst"),
        (8.0, 0.25, "由 12% 升到 52%（", "rises from 12% to 52% at most (it"),
        (10.0, 1.0, "由 12% 升到 99% 以上（", "rises from 12% to over 99% at most"),
        (8.0, 0.0, "仍是 12%", "stays at 12%"),
    ],
)
def test_the_sentence_says_which_way_the_record_speaks(lang, met, trust, zh, en):
    option = Option(id="a", record_met=met, record_shown=10.0, record_trust=trust)
    [told] = record_sentences(STORE, option, lang)
    assert (zh if lang == "zh" else en) in told
    assert "100%" not in told.replace("100% of one", "").replace("只按 100% 计", "")


def test_shown_cases_move_no_money():
    """Files of before mean the same: the verdict does not look at chosen cases (ADR 0026)."""
    with_it = compare(two_quotes(), 1024)
    bare = two_quotes().replace({"promise.record_met": None, "promise.record_shown": None})
    bare = bare.but(options=[one.but(record_met=None, record_shown=None) for one in bare.options])
    without = compare(bare, 1024)
    for name in ("own", "other"):
        one, two = with_it.of(name), without.of(name)
        assert one.believed.gain.centre == two.believed.gain.centre
        assert one.verdict == two.verdict


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_verdict_and_contract_tell_each_its_own(lang):
    found = compare(two_quotes(), 1024)
    told = {
        name: " ".join(reason_sentences(found.of(name), found, lang)) for name in ("own", "other")
    }
    marks = {"zh": ("4 家客户中 1 家", "10 家客户中 8 家"), "en": ("1 of 4", "8 of 10")}[lang]
    assert marks[0] in told["own"]
    assert marks[1] not in told["own"]
    assert marks[1] in told["other"]
    for name, mark in zip(("own", "other"), marks, strict=True):
        check = check_contract(two_quotes(), name, 1024)
        cases = check.of("cases")
        assert mark in finding_sentence(cases, check, lang)
        assert mark in clause_text(cases, check, lang)


def test_more_met_than_shown_is_refused():
    with pytest.raises(InputError) as told:
        STORE.replace({"options": [{"id": "a", "record_met": 5.0, "record_shown": 4.0}]})
    assert "record_met" in told.value.sentences("en")[0]
    STORE.replace({"options": [{"id": "a", "record_met": 4.0, "record_shown": 4.0}]})


def test_file_and_link_hold_the_record_and_old_ones_open():
    store = two_quotes()
    assert links.decode(links.encode(store)).scenario == store
    told = store.replace({"options.other.scope_sites": 3, "options.other.scope_support": True})
    assert links.decode(links.encode(told)).scenario == told
    bare = store.but(options=[one.but(record_met=None, record_shown=None) for one in store.options])
    # what nobody said is not written: as long as a link of before
    assert len(links.encode(bare)) < len(links.encode(store)) < len(links.encode(bare)) + 60
    assert opened(to_text(store).encode(), "x").scenario == store
    plain = store.plain()
    for option in plain["options"]:
        for name in [key for key in option if key.startswith(("record_", "scope_"))]:
            del option[name]  # a file of yesterday
    old = Scenario.read(plain)
    assert old.options[1] == store.options[1]
    assert promise_of(old, old.options[0]) == old.promise


# ---- what was measured


def test_a_good_record_lifts_what_is_believed_of_the_next_quote():
    found = measured_record([past(0.4)])
    sceptical = float(np.median(effects.sceptical().values)) - 1
    own = float(np.median(found.effects[0].found.belief))
    assert sceptical < found.median < own
    assert list(found.belief) == sorted(found.belief)


def test_nothing_brought_lowers_it():
    usual = np.array(effects.sceptical().values) - 1
    found = np.array(measured_record([past(0.0)]).belief)
    assert found.mean() < usual.mean()


@pytest.mark.slow
def test_no_order_of_the_files_and_more_files_tell_more():
    files = [past(0.4, "a"), past(0.1, "b"), past(0.3, "c")]
    seen = {measured_record(list(one)).belief for one in itertools.permutations(files)}
    assert len(seen) == 1
    one, three = measured_record(files[:1]), measured_record([past(0.4, n) for n in "abc"])
    assert three.median > one.median


def test_where_one_store_tells_nothing_it_is_the_sceptical_effect(monkeypatch):
    """With r = 0 the next store is drawn anew, whatever was measured."""
    real = measured.alternatives.default

    class Nothing:
        value = 0.0

    monkeypatch.setattr(
        measured.alternatives,
        "default",
        lambda scenario, kind, name: Nothing() if name == "carries" else real(scenario, kind, name),
    )
    found = np.array(measured_record([past(0.6)]).belief)
    usual = np.quantile(np.array(effects.sceptical().values) - 1, (np.arange(41) + 0.5) / 41)
    assert np.abs(found - usual)[2:-2].max() < 0.01


def test_files_without_a_measurable_effect_are_refused():
    name, store, option = past(0.2)
    short = store.replace({"history.engagement_from": "2024-02"})
    with pytest.raises(InputError):
        measured_record([(name, short, option)])
    with pytest.raises(InputError):
        engagement("x", STORE)


@pytest.mark.slow
def test_the_measured_record_moves_the_verdict():
    quote = Option(id="quote", base=2000.0)
    plain = compare(STORE.but(options=[quote]), 2048).of("quote")
    better = compare(STORE.but(options=[with_record(quote, measured_record([past(0.5)]))]), 2048)
    assert better.of("quote").believed.gain.centre.value > plain.believed.gain.centre.value


@pytest.mark.slow
def test_kpis_met_of_the_file_are_its_record():
    """One engagement whose KPI (110 orders a month on average) was met, one whose was not."""
    kpi = {
        "id": "orders", "metric": "orders", "target": 110.0, "month_from": 1, "month_to": 3,
        "window": "average",
    }  # fmt: skip
    files = []
    for lift in (0.3, 0.0):
        name, store, _ = past(lift)
        store = store.replace(
            {
                "kpis": [kpi],
                "options": [
                    {
                        "id": "quote",
                        "base": 1000.0,
                        "ramp": 0.0,
                        "rewards": [{"kpi": "orders", "amount": 1.0}],
                    }
                ],
            }
        )
        files.append((name, store, store.options[0]))
    found = measured_record(files)
    assert (found.met, found.shown) == (1, 2)
    made = with_record(Option(id="next"), found)
    assert (made.record_met, made.record_shown, made.record_trust) == (1.0, 2.0, 1.0)
    assert claim_belief(STORE, made).measured
    assert "1 of 2 engagements" in record_sentences(STORE, made, "en")[0]
    # and no statement of the other side in the contract: it showed nothing
    check = check_contract(STORE.but(options=[made.but(base=2000.0)]), "next", 1024)
    assert "shown" not in check.of("cases").figures


@pytest.mark.parametrize(
    "own",
    [{}, {"record_met": 0.0, "record_shown": 10.0, "record_trust": 1.0}],
)
def test_a_measured_effect_makes_no_shown_cases_measured(own):
    """No KPI's window is over in the file: the 8 of 10 of the promise, or the quote's own 0 of 10
    though it is fully trusted, stay cases that were shown.
    """
    store = STORE.replace({"promise.record_met": 8.0, "promise.record_shown": 10.0})
    quote = Option(id="quote", base=2000.0, **own)
    made = with_record(quote, measured_record([past(0.5)]))
    assert made.effect is not None
    found = claim_belief(store, made)
    assert not found.measured
    assert found == claim_belief(store, quote)
    for lang, mark in (("en", "clients shown"), ("zh", "展示的 10 家客户")):
        assert record_sentences(store, made, lang) == record_sentences(store, quote, lang)
        assert mark in record_sentences(store, made, lang)[0]


# ---- on the command line


@pytest.mark.slow
def test_a_measured_record_from_the_command_line(tmp_path):
    _, engaged, _ = past(0.5)
    store = STORE.but(options=[Option(id="next", base=2000.0)]).replace({"chance.paths": 1024})
    now, before = tmp_path / "now.json", tmp_path / "before.json"
    now.write_text(to_text(store), encoding="utf-8")
    before.write_text(to_text(engaged), encoding="utf-8")
    out = io.StringIO()
    assert cli.main(["quote", str(now), "--record", str(before)], out=out) == 0
    found = measured_record([engagement("before", engaged)])
    assert measured_sentence(found, "en") in out.getvalue()
    out = io.StringIO()
    assert cli.main(["quote", str(now), "--record", str(before), "--json"], out=out) == 0
    [told] = [one for one in json.loads(out.getvalue())["options"] if one["id"] == "next"]
    assert told["contract"]["effect"]["values"] == list(found.belief)
    assert told["serving_hours"]["factors"][0]["factor"] == "usual"
    assert told["record"] is None  # no KPI's window is over
    wrong = ["quote", str(now), "--record", str(before), "--option", "nobody"]
    assert cli.main(wrong, err=io.StringIO()) == 2
