"""One number for one thing: the same quantity has the same digits wherever it stands, on the KPI
page, in the contract check, beside a quote, in machine output, and in what report, slides and
workbook are made from.
"""

import json

import pytest

from funnel_sim.chance.simulation import simulate
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.customer.worth import customer_worth
from funnel_sim.decisions.found import find
from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.definitions import every_definition
from funnel_sim.decisions.kpi.measured import basis_of
from funnel_sim.decisions.kpi.path import growth_path
from funnel_sim.decisions.kpi.stop_loss import stop_loss, stop_losses
from funnel_sim.decisions.quote import clause_prices
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.changes import priced
from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.decisions.quote.moves import applied
from funnel_sim.model.economics import evaluate
from funnel_sim.output.json.kpi import check_json
from funnel_sim.output.words import formats
from funnel_sim.output.words.clauses import basis_words
from funnel_sim.output.words.contract_check import clause_text
from funnel_sim.output.words.counter_offer import change_name
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quote_fees import SHARE_BASIS_WORDS
from funnel_sim.scenario.quotes import Option

PATHS = 1024
PRESETS = (
    "amazon-de-kitchen",
    "amazon-us-kitchen",
    "shopee-sg",
    "tiktok-us-beauty",
    "shopify-us-beauty",
    "ozon-ru-clothing",
)
KPIS = [
    {"id": "gmv", "metric": "gmv", "target": 0.3, "relative": True, "window": "average"},
    {"id": "acos", "metric": "acos", "comparator": "at_most", "target": 0.25, "month_to": 3},
]
QUOTE = {
    "id": "q",
    "base": 3_000.0,
    "share_tiers": [{"rate": 0.05}],
    "claimed": 0.3,
    "rewards": [{"kind": "bonus", "kpi": "gmv", "amount": 500.0}],
}


def store(name, **promise):
    return preset(name).replace(
        {"kpis": KPIS, "options": [QUOTE]}
        | {f"promise.{field}": value for field, value in promise.items()}
    )


WEIGHED = {"believed": "weighed", "record_shown": 10, "record_met": 7}


@pytest.mark.sampled(10)
@pytest.mark.parametrize("promise", [{}, WEIGHED], ids=["as_is", "weighed"])
@pytest.mark.parametrize("name", PRESETS)
def test_the_probability_of_a_kpi_and_its_target(name, promise):
    """The KPI page, its table of definitions, its path, machine output and what documents tell."""
    scenario = store(name, **promise)
    at = Context(scenario)
    page, told = check(at, PATHS), check(scenario, PATHS)
    bases = every_definition(scenario, scenario.kpis, PATHS, page.record)
    for answer, other in zip(page.answers, told.answers, strict=True):
        assert (answer.probability, answer.offers) == (other.probability, other.offers)
        typed = bases[answer.kpi.id][0]
        assert (typed.way, typed.probability.value) == ("typed", answer.probability.value)
        assert typed.median == answer.median
        way = growth_path(at, answer.kpi, months=answer.months)
        assert way is None or way.median[-1] == answer.months[1][answer.kpi.month_to - 1]
        if not promise and way is not None:  # worked out anew, from futures of its own months only
            again = growth_path(scenario, answer.kpi, PATHS)
            assert again.median.tolist() == way.median.tolist()
    written = check_json(page, [], [], _nothing(), {}, bases, (), ())
    json.dumps(written)
    for row, answer in zip(written["kpis"], page.answers, strict=True):
        assert row["odds"] == answer.probability.value == row["definitions"][0]["odds"]


FEES = {
    "share": {"share_tiers": [{"rate": 0.08}], "rewards": []},
    "threshold": {
        "base": 12_000.0,
        "share_tiers": [{"upto": 22_000.0, "rate": 0.0}, {"rate": 0.05}],
    },
    "minimum": {"floor": 9_000.0, "rewards": []},
    "sales_currency": {"fee_currency": "sales", "base": 500.0},
    "no_promise": {"claimed": None, "rewards": []},
}


@pytest.mark.sampled(10)
@pytest.mark.parametrize("fee", FEES)
@pytest.mark.parametrize("name", ["amazon-de-kitchen", "tiktok-us-beauty"])
def test_the_fee_cap_that_is_proposed(name, fee):
    """The counter-offer's list and the contract check, whatever the draws of either; never below
    what the contract names by the month.
    """
    scenario = store(name).replace({"options": [QUOTE | FEES[fee]]})
    option = scenario.options[0]
    _, _, _, changes = priced(scenario, option, 2048)
    [cap] = [one.move.fields["cap"] for one in changes if one.move.key == "cap"]
    check = check_contract(scenario, "q", 4096)
    assert check.clauses["cap"].value == cap
    assert f"{cap:,.0f}" in clause_text(check.of("cap"), check, "en")
    assert cap >= option.base + sum(one.amount for one in option.rewards)
    assert cap >= (option.floor or 0.0)


def test_one_promise_has_one_window():
    """What a bonus pays for already is what pay by results goes by: months 1 to 12, not from when
    the uplift should have arrived.
    """
    bonus = KPIS[0] | {"month_from": 1, "month_to": 12}
    scenario = store("amazon-de-kitchen").replace(
        {"kpis": [bonus], "options": [QUOTE | {"setup": 5_000.0, "ramp": 3.0}]}
    )
    told, kpi, _, changes = priced(scenario, scenario.options[0], PATHS)
    assert (told, kpi) == (scenario, "gmv")
    texts = [change_name(one.move, scenario.options[0], told, "en") for one in changes]
    assert any("(months 1 to 12" in text for text in texts)
    assert not any("months 4 to 12" in text for text in texts)
    other = scenario.replace({"kpis": [bonus | {"target": 0.2}]})  # another target: another KPI
    told, kpi, _, _ = priced(other, other.options[0], PATHS)
    assert kpi != "gmv" and told.kpis[-1].months == (4, 12)


def _nothing():
    from funnel_sim.decisions.kpi.levers import Shared

    return Shared({})


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", PRESETS)
def test_the_worth_of_stop_loss_and_trial(name):
    """The clause prices beside a quote, the ticks of the counter-offer, the contract check; the
    threshold stands beside each.
    """
    scenario = store(name)
    option = scenario.options[0]
    price = {one.key: one for one in clause_prices.prices(scenario, option, paths=PATHS)}
    _, _, as_is, changes = priced(scenario, option, PATHS)
    tick = {one.move.key: one for one in changes}
    contract = {one.item.id: one for one in check_contract(scenario, "q", PATHS).findings}
    for clause in ("stop_loss", "trial"):
        beside = price[clause].client.centre
        assert tick[clause].client.centre == beside
        assert contract[clause].figures["worth"].value == beside.value
        below = formats.percent(tick[clause].move.fields.get("stop_share", 0.8), 0)
        assert below in change_name(tick[clause].move, option, scenario, "en")
    below = contract["trial"].figures["below"].value
    assert below == applied(option, [tick["trial"].move]).misses_below
    mine = compare(scenario, PATHS).of("q")
    assert as_is.found.better == mine.believed.better
    assert as_is.verdict == mine.verdict


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS[:3])
def test_a_contract_and_documents_tell_the_numbers_of_the_pages(name):
    scenario = store(name)
    found, page = find(scenario, PATHS), check(scenario, PATHS)
    assert found.check.joint == page.joint
    assert [one.probability for one in found.check.answers] == [
        one.probability for one in page.answers
    ]
    assert [one.offers for one in found.check.answers] == [one.offers for one in page.answers]
    assert found.answers.of("q").verdict == compare(scenario, PATHS).of("q").verdict
    [contract] = found.contracts
    alone = check_contract(scenario, "q", PATHS)
    assert [(one.item.id, one.figures) for one in contract.findings] == [
        (one.item.id, one.figures) for one in alone.findings
    ]
    # the contract names one KPI: the odds that it tells are those of that KPI
    [low] = [one for one in alone.findings if one.item.id == "low_odds"]
    [gmv] = [one for one in page.answers if one.kpi.id == "gmv"]
    assert low.figures["odds"].value == gmv.probability.value


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", PRESETS)
def test_sales_and_cac_of_today(name):
    scenario = store(name)
    result, at = evaluate(scenario), Context(scenario)
    [gmv] = [one for one in check(at, 256).answers if one.kpi.id == "gmv"]
    usual_tax = scenario.tax.situation != "outside_price"
    if usual_tax:  # else the KPI says in its key that it is counted without
        assert gmv.key == "gmv" and gmv.baseline.value == result.steady["gmv"]
    else:
        assert gmv.key != "gmv" and gmv.baseline.value == at.figure(gmv.key)
    assert find(scenario, 256).result.steady["cac"] == result.steady["cac"]
    assert customer_worth(scenario, 256).result.steady["cac"] == result.steady["cac"]


def test_a_stop_loss_line_is_the_same_asked_alone_and_with_the_others():
    scenario = store("amazon-de-kitchen")
    at = Context(scenario)
    every = stop_losses(scenario, scenario.kpis)
    for kpi in scenario.kpis:
        for found in (stop_loss(scenario, kpi), stop_loss(at, kpi)):
            assert (found.line, found.unchanged, found.believed, found.failing) == (
                every[kpi.id].line,
                every[kpi.id].unchanged,
                every[kpi.id].believed,
                every[kpi.id].failing,
            )


def test_more_months_simulated_change_no_earlier_month():
    """What makes one KPI's answer the same beside others that look further ahead."""
    scenario = store("amazon-de-kitchen").replace(
        {
            "shocks": [
                {"id": "s", "effect": "demand", "probability": 0.3, "size": 0.2, "month_to": 12}
            ],
            "plan.horizon_months": 6,
        }
    )
    short = simulate(scenario, [], month=["gmv"], paths=256).of("gmv", "month")
    long = simulate(scenario.replace({"plan.horizon_months": 14}), [], month=["gmv"], paths=256).of(
        "gmv", "month"
    )
    assert (long[:6] == short).all()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_words_of_gmv_hold_where_tax_is_on_top_too(lang):
    """100 orders of 100 with 20 % on top: the steady month's GMV has the tax, the dashboard's, a
    KPI's and a share's has not; no word that serves both cases says "with tax" alone.
    """
    inside = preset("amazon-de-kitchen")
    outside = inside.replace({"tax.situation": "outside_price"})
    option = Option(id="a", share_basis="gmv")
    told = [basis_words(store, option, lang) for store in (inside, outside)]
    mark = {"zh": ("含税", "不含价外"), "en": ("with tax", "without the sales tax")}[lang]
    assert mark[0] in told[0]
    assert mark[1] in told[1]
    both = {"zh": ("含价内税", "不含价外税"), "en": ("with", "without")}[lang]
    spec = specs_of(Kpi)["sales_tax"]
    help_ = spec.help_zh if lang == "zh" else spec.help_en
    for text in (SHARE_BASIS_WORDS["gmv"].of(lang), help_):
        assert all(one in text for one in both)
    kpi = Kpi(id="a", metric="gmv", target=1.0)
    assert basis_of(outside, kpi).tax == "out"
    assert basis_of(inside, kpi).tax != "out"
