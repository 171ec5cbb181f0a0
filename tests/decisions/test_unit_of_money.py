"""The unit of money decides nothing: with every amount of a scenario multiplied by one factor, each
answer has the same words, counts, shares and probabilities, and amounts multiplied by it. A verdict
that turned at an amount of the code's own choosing would turn here.
"""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from funnel_sim.decisions.context import Context
from funnel_sim.decisions.customer.budget_curve import budget_curve
from funnel_sim.decisions.customer.budgets import between_budgets
from funnel_sim.decisions.customer.contribution import contribution
from funnel_sim.decisions.customer.gains import gains
from funnel_sim.decisions.customer.worth import customer_worth
from funnel_sim.decisions.economics.currencies import in_currency
from funnel_sim.decisions.economics.targets import answers
from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.review import remarks
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.clause_prices import prices
from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.decisions.quote.counter_offer import counter_offer
from funnel_sim.decisions.quote.measure_first import measure_first
from funnel_sim.decisions.quote.our_offer import our_offer
from funnel_sim.decisions.review.drivers import between
from funnel_sim.decisions.review.effect import drop, effect_of
from funnel_sim.decisions.review.leak import leaks
from funnel_sim.decisions.review.month_drivers import against_plan, between_months
from funnel_sim.decisions.review.renewal import renewal
from funnel_sim.decisions.review.standing import standing
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from tests.conftest import kitchen
from tests.engaged import LAST, engaged

FACTOR = 2.0**-14  # 1 / 16,384: a store of 10,000 a month has 61 cents
PATHS = 256
SEARCHED = 2e-3  # how near the effects at which an option turns are searched
KPIS = [
    {"id": "gmv", "metric": "gmv", "target": 0.1, "relative": True, "window": "average",
     "month_from": 4, "month_to": 6},
    {"id": "roas", "metric": "roas", "target": 2.5, "window": "average", "month_to": 6},
    {"id": "profit", "metric": "profit", "target": 500.0, "window": "average", "month_to": 6},
]  # fmt: skip
QUOTE = {
    "id": "quote", "base": 900.0, "fee_currency": "sales", "setup": 400.0, "claimed": 0.25,
    "share_tiers": [{"upto": 5000.0, "rate": 0.02}, {"rate": 0.04}], "share_over": "baseline",
    "rewards": [{"kpi": "gmv", "amount": 600.0}], "cap": 2500.0, "term": 6, "notice": 1,
    "serving_people": 0.0,  # what serving costs is looked up in its own currency
}  # fmt: skip


def scaled(scenario: Scenario) -> Scenario:
    """Return a scenario with both its currencies worth so much more."""
    code = "CHF" if scenario.currency != "CHF" else "GBP"
    one = in_currency(scenario, "currency", code, FACTOR)
    return in_currency(one, "cost_currency", code, FACTOR)


def same_money(scenario: Scenario) -> Scenario:
    """Return a scenario whose costs are in the currency of its sales."""
    if scenario.cost_currency == scenario.currency:
        return scenario
    return in_currency(scenario, "cost_currency", scenario.currency)


def close(one: float, other: float, scale: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-9 * scale)


def differ(one: object, other: object, place: str = "") -> list[str]:
    """Return where two answers differ otherwise than by the factor."""
    if type(one) is not type(other):
        return [f"{place}: {one!r} {other!r}"]
    if isinstance(one, Scenario | Option | Context) or callable(one):
        return []
    if isinstance(one, bool | int | str | None):
        # a currency is another one on purpose
        is_code = isinstance(one, str) and len(one) == 3 and one.isupper()
        return [] if one == other or is_code else [f"{place}: {one!r} {other!r}"]
    if isinstance(one, float | Decimal):
        one, other = float(one), float(other)
        if math.isnan(one) or math.isinf(one):
            fits = math.isnan(one) == math.isnan(other) and (math.isnan(one) or one == other)
        elif place.endswith((".sign", ".break_even", ".needed")):
            fits = abs(one - other) <= SEARCHED
        else:
            fits = close(one, other, 1.0) or close(one * FACTOR, other, FACTOR)
        return [] if fits else [f"{place}: {one!r} {other!r}"]
    if isinstance(one, np.ndarray):
        if one.shape != other.shape:
            return [f"{place}: shape {one.shape} {other.shape}"]
        if one.dtype.kind != "f":
            return [] if (one == other).all() else [f"{place}: {one!r} {other!r}"]
        fits = any(
            np.allclose(other, one * by, rtol=1e-5, atol=1e-9 * by, equal_nan=True)
            for by in (1.0, FACTOR)
        )
        return [] if fits else [f"{place}: {one!r} {other!r}"]
    if dataclasses.is_dataclass(one):
        pairs = [
            (f.name, getattr(one, f.name), getattr(other, f.name)) for f in dataclasses.fields(one)
        ]
    elif isinstance(one, Mapping):
        if list(one) != list(other) and {type(key) for key in one} != {float}:
            return [f"{place}: {list(one)} {list(other)}"]
        pairs = [
            (key, *both)
            for key, both in zip(one, zip(one.values(), other.values(), strict=True), strict=True)
        ]
    elif isinstance(one, list | tuple):
        if len(one) != len(other):
            return [f"{place}: {len(one)} {len(other)}"]
        pairs = [(place_, *both) for place_, both in enumerate(zip(one, other, strict=True))]
    else:
        return []
    return [found for name, a, b in pairs for found in differ(a, b, f"{place}.{name}")]


SHOP = same_money(kitchen().replace({"kpis": KPIS, "options": [QUOTE], "chance.paths": PATHS}))
MONTHS = same_money(engaged({"chance.paths": PATHS}))


def _heads(found):
    """What a counter-offer comes to; its amounts are rounded to figures that people say."""
    return found.reach, found.as_is.verdict, found.as_is.found


def _forms(found):
    """What our offer comes to as it is, for the same reason."""
    as_is = found.as_is
    told = found.promised, found.typed, as_is.fits, as_is.held, as_is.failed
    return {"needed": as_is.needed, "told": told}


OF_A_PLAN = {
    "targets": answers,
    "customer": lambda s: customer_worth(s, PATHS),
    "contribution": lambda s: contribution(s, PATHS),
    "budget curve": budget_curve,
    "gains": gains,
    "kpis": lambda s: check(s, PATHS),
    "remarks": remarks,
    "quote": lambda s: compare(s, PATHS).of("quote"),
    "clauses": lambda s: prices(s, s.options[0], PATHS),
    "counter-offer": lambda s: _heads(counter_offer(s, s.options[0], paths=PATHS)),
    "our offer": lambda s: _forms(our_offer(s, s.options[0], paths=PATHS)),
    "measure first": lambda s: measure_first(s, list(s.options), PATHS),
}
AFTER_SIGNING = {
    "standing": lambda s: standing(s, s.options[0], paths=PATHS),
    "leaks": lambda s: leaks(s, [LAST]),
    "drop": lambda s: drop(s, LAST),
    "effect": lambda s: effect_of(s, s.options[0]),
    "renewal": lambda s: replace(
        renewal(s, s.options[0], paths=PATHS), options=(), billed=None
    ),  # other options cost what is looked up by currency, and a bill is rounded to cents
    "plan": lambda s: against_plan(s, [LAST]),
    "months": lambda s: between_months(s, ["2026-06"], [LAST]),
}


@pytest.mark.sampled(8)
@pytest.mark.parametrize("question", OF_A_PLAN)
def test_an_answer_before_signing_is_the_same_in_any_unit(question):
    ask = OF_A_PLAN[question]
    assert differ(ask(SHOP), ask(scaled(SHOP))) == []


@pytest.mark.sampled(7)
@pytest.mark.parametrize("question", AFTER_SIGNING)
def test_an_answer_after_signing_is_the_same_in_any_unit(question):
    ask = AFTER_SIGNING[question]
    assert differ(ask(MONTHS), ask(scaled(MONTHS))) == []


def test_a_contract_is_judged_the_same_in_any_unit():
    # what usual prices say is looked up by currency, so it may differ
    one, other = (check_contract(s, "quote", PATHS) for s in (SHOP, scaled(SHOP)))
    for finding, theirs in zip(one.findings, other.findings, strict=True):
        if finding.item.id != "fees_range":
            assert finding.state == theirs.state, finding.item.id


def test_a_change_of_price_is_parted_the_same_in_any_unit():
    now = SHOP.replace({"product.unit_cost": 9.0, "channels.ads.cpc": 1.4})
    assert differ(between(SHOP, now), between(scaled(SHOP), scaled(now))) == []


def test_two_budgets_differ_the_same_in_any_unit():
    assert (
        differ(
            between_budgets(SHOP, 3000.0, 4000.0),
            between_budgets(scaled(SHOP), 3000.0 * FACTOR, 4000.0 * FACTOR),
        )
        == []
    )
