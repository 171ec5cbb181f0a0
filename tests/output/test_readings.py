"""Explanations are read from the functions of the model: by hand, and against the figures in random
scenarios.
"""

import pytest

from funnel_sim.model import commission, demand, retention, tax
from funnel_sim.model.economics import evaluate
from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.written import Term, smallest, term
from funnel_sim.output.words import figure_workings as explained
from funnel_sim.output.words.explain import explain
from funnel_sim.output.words.readings import (
    WordedTerm,
    call_it,
    is_bare,
    parts_of,
    said,
    sources,
    taken,
)
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS
from tests.conftest import neutral
from tests.workbook.scenarios import scenarios


def numbers(key, **changes):
    return explain(
        evaluate(neutral({name.replace("__", "."): value for name, value in changes.items()})),
        key,
        "en",
    ).numbers


def money(name, value):
    return WordedTerm(name, value, f"${value:,.2f}")


def percent(name, value):
    return WordedTerm(name, value, f"{value * 100:g}%")


def test_tax_inside_a_price():
    found = tax.factors(percent("rate", 0.19), "marketplace_remits", True)
    assert said(found.gross) == "1 ÷ (1 + 19%)"
    assert said(found.withheld) == "19% ÷ (1 + 19%)"
    assert said(found.consumer) == "1"


@pytest.mark.parametrize(
    ("base", "text"),
    [
        (100.0, "$100.00 × 15%"),  # within the first tier: no word of the second
        (300.0, "$250.00 × 15% + ($300.00 − $250.00) × 8%"),
        (1.0, "max($1.00 × 15%, $0.30)"),  # 0.15 is lifted to the minimum of 0.30
        (
            1000.0,
            "min($250.00 × 15% + ($1,000.00 − $250.00) × 8%, $50.00)",
        ),  # 37.50 + 60 is held at the cap
    ],
)
def test_a_commission_says_the_tiers_that_are_reached_and_the_limit_that_counts(base, text):
    rates = [percent("r1", 0.15), percent("r2", 0.08)]
    written = commission.percentage(
        money("base", base),
        "marginal",
        [money("b", 250.0)],
        rates,
        money("least", 0.3),
        money("most", 50.0),
    )
    assert said(written) == text


def test_a_choice_says_only_what_holds():
    rates = [percent("r1", 0.08), percent("r2", 0.15)]
    for base, rate in ((10.0, "8%"), (10.01, "15%")):
        written = commission.percentage(
            money("base", base), "whole", [money("b", 10.0)], rates, 0.0, None
        )
        assert said(written) == f"${base:.2f} × {rate}"


def test_a_rate_that_would_exceed_one_is_said():
    steps = demand.convert(
        WordedTerm("clicks", 100.0, "100"),
        demand.Rates(1.0, percent("cvr", 0.8), None, None, 1.0),
        2.0,
        1.0,
    )
    assert said(steps.orders) == "100 × min(1, 80% × 2)" and steps.orders.value == 100.0


def test_what_has_a_name_is_said_by_its_value_and_its_sources_are_found():
    clicks = WordedTerm("budget", 1000.0, "$1,000") / WordedTerm("cpc", 0.5, "$0.50")
    orders = clicks * WordedTerm("cvr", 0.1, "10%")
    assert said(orders) == "$1,000 ÷ $0.50 × 10%"
    call_it(clicks, "clicks", "2,000")
    assert said(orders) == "2,000 × 10%" and said(clicks) == "$1,000 ÷ $0.50"
    assert sources(orders) == ["clicks", "cvr"] and sources(orders, deep=True) == [
        "budget",
        "cpc",
        "cvr",
    ]
    assert [said(part) for part in parts_of(0.0 + clicks + orders)] == [
        "$1,000 ÷ $0.50",
        "2,000 × 10%",
    ]


def test_the_steady_month_of_customers():
    new, again = retention.steady(
        WordedTerm("first", 90.0, "90"), percent("p", 0.5), WordedTerm("referral", 0.05, "0.05")
    )  # type: ignore[arg-type]
    assert said(new) == "90 ÷ (1 − 0.05 × (1 + 50% ÷ (1 − 50%)))" and new.value == pytest.approx(
        100.0
    )
    assert again.value == pytest.approx(100.0)


def test_what_is_one_number_is_not_worked_out():
    assert (
        is_bare(1.0)
        and is_bare(WordedTerm("x", 2.0, "2"))
        and is_bare(smallest(WordedTerm("x", 2.0, "2"), WordedTerm("y", 3.0, "3")))
    )
    assert not is_bare(WordedTerm("x", 2.0, "2") * 3)


def test_a_step_before_the_order_is_said_with_both_rates_that_make_it():
    """Per 1,000 impressions of the neutral scenario: visits × (views × carts of views) × checkout ×
    paid.
    """
    steps = {
        "conversion__cvr": None,
        "conversion__product_view_rate": 0.5,
        "conversion__cart_of_views_rate": 0.4,
        "conversion__checkout_rate": 0.3,
        "conversion__payment_success_rate": 0.9,
    }
    text = numbers("carts", **steps)
    assert "50% × 40%" in text
    assert text != numbers("first_orders", **steps)


def test_orders_that_are_typed_say_so():
    """200 orders at 4.00 each are 800.00 of spend."""
    changed = preset("amazon-de-kitchen").replace(
        {
            "channels": [
                {
                    "id": "ads",
                    "kind": "orders",
                    "known_sales": 200.0,
                    "known_as": "orders",
                    "cost_per_order": 4.0,
                }
            ],
        }
    )
    result = evaluate(changed)
    assert result.steady["media_spend"] == pytest.approx(800.0)
    assert explain(result, "media_spend", "en").numbers.endswith("€800.00 (200 × €4.00)")


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_every_explanation_comes_to_its_figure(monkeypatch, lang):
    """What is said is worked out again from the branches that it says: it is the figure, in every
    random scenario.
    """
    seen = []
    plain = explained.said

    def watched(written):
        seen.append(term(written))
        return plain(written)

    monkeypatch.setattr(explained, "said", watched)
    sums = set(explained._SUMMED)
    for scenario in scenarios(12, 5):
        result = evaluate(scenario)
        for key in FUNNEL_WORDS:
            if key not in result.steady or key not in explained.WORKINGS:
                continue
            seen.clear()
            shown = explain(result, key, lang)
            assert "nan" not in shown.numbers and "None" not in shown.numbers
            value = result.steady[key]
            if not seen or value is None:
                continue
            assert all(isinstance(one, Term) for one in seen)
            whole = (
                sum(float(taken(one).value) for one in seen)
                if key in sums
                else float(taken(seen[-1]).value)
            )
            assert whole == pytest.approx(value, rel=1e-9, abs=1e-9), (key, shown.numbers)
