"""One model, several readings: a concept called with numbers, and with numbers that write down
their formula, says the same.

Each written formula is worked out again from its text alone, by the few functions of a spreadsheet
that it uses.
"""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.model import commission, demand, retention, tax
from funnel_sim.model.arrays import pick
from funnel_sim.model.written import Call, Named, Plain, Term, Work, is_nothing, term, when

RATE, MONEY, BOOST = st.floats(0.0, 1.0), st.floats(0.01, 1e5), st.floats(0.1, 3.0)
SITUATIONS = ["seller_remits", "marketplace_remits", "outside_price", "not_registered"]


class Page:
    """A page on which formulas are written: no cell is being written, names are remembered."""

    def __init__(self):
        self.used = set()

    def is_writing(self, cell):
        return False

    def sign(self, sign):
        return sign

    def function(self, name, parts):
        return f"{name}({','.join(parts)})"


FUNCTIONS = {
    "MIN": min,
    "MAX": max,
    "IF": lambda asked, yes, no: yes() if asked else no(),
    "ABS": abs,
    "MOD": lambda value, by: value % by,
    "CHOOSE": lambda place, *several: several[int(place) - 1],
    "NA": lambda: float("nan"),
    "__builtins__": {},
}


def worked_out(written, **numbers):
    """Return what the text of a formula comes to, by the rules of a spreadsheet: only the branch
    that holds is worked out.
    """
    text = term(written).text(Page())
    python = re.sub(r"(?<![<>])=", "==", text).replace("^", "**")
    return float(eval(_lazy(python), {**FUNCTIONS, **numbers}))


def _lazy(text):
    """Return a formula whose branches of IF wait until they are asked for."""
    start = text.find("IF(")
    if start < 0:
        return text
    depth, places, at = 0, [], start + 2
    while True:
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 1 and text[at] == ",":
            places.append(at)
        if depth == 0:
            break
        at += 1
    asked, yes, no = (
        text[start + 3 : places[0]],
        text[places[0] + 1 : places[1]],
        text[places[1] + 1 : at],
    )
    return (
        f"{text[:start]}CHOOSE_({_lazy(asked)}, lambda: {_lazy(yes)}, lambda:"
        f" {_lazy(no)}){_lazy(text[at + 1 :])}"
    )


FUNCTIONS["CHOOSE_"] = FUNCTIONS["IF"]


def agree(written, number, **numbers):
    found = float(np.asarray(number).reshape(-1)[0])
    assert worked_out(written, **numbers) == pytest.approx(found, rel=1e-12, abs=1e-12, nan_ok=True)
    assert term(written).value == pytest.approx(found, rel=1e-12, abs=1e-12, nan_ok=True)


def named(**numbers):
    return {name: Named(name, value) for name, value in numbers.items()}


@given(RATE, st.sampled_from(SITUATIONS), st.booleans())
def test_tax(rate, situation, inside):
    numbers = {"rate": rate, "inside": float(inside)}
    cells = named(**numbers)
    written, found = (
        tax.factors(cells["rate"], situation, cells["inside"]),
        tax.factors(rate, situation, inside),
    )
    for name in ("consumer", "gross", "output_tax", "withheld"):
        agree(getattr(written, name), getattr(found, name), **numbers)


@given(
    MONEY,
    st.sampled_from(["flat", "marginal", "whole"]),
    st.lists(MONEY, max_size=3, unique=True),
    st.lists(RATE, min_size=4, max_size=4),
    st.floats(0, 5),
    st.none() | st.floats(5, 50),
    st.booleans(),
)
def test_commission(base, mode, ends, rates, minimum, cap, closed):
    ends = [] if mode == "flat" else sorted(ends)
    rates = rates[: len(ends) + 1]
    numbers = (
        {"base": base, "minimum": minimum, "cap": cap or 0.0}
        | {f"b{n}": end for n, end in enumerate(ends)}
        | {f"r{n}": r for n, r in enumerate(rates)}
    )
    c = named(**numbers)
    bounds, shares = [c[f"b{n}"] for n in range(len(ends))], [c[f"r{n}"] for n in range(len(rates))]
    written = commission.percentage(
        c["base"],
        mode,
        bounds,
        shares,
        c["minimum"],
        None if cap is None else c["cap"],
        closed=closed,
    )
    found = commission.percentage(base, mode, ends, rates, minimum, cap, closed=closed)
    agree(written, found, **numbers)
    agree(
        commission.kept_on_refund(written, c["r0"], None if cap is None else c["cap"]),
        commission.kept_on_refund(found, rates[0], cap),
        **numbers,
    )


@pytest.mark.parametrize(("base", "rate"), [(10.0, 0.08), (10.01, 0.15)])
def test_a_tier_of_the_whole_amount_is_a_choice_in_the_formula(base, rate):
    """A price on the bound belongs to the lower tier."""
    written = commission.step(
        Named("base", base), [Named("bound", 10.0)], [Named("low", 0.08), Named("high", 0.15)]
    )
    assert written.text(Page()) == "IF(base<=bound,low,high)"
    assert written.value == rate


def test_the_last_tier_has_no_bound_in_the_formula():
    written = commission.marginal(
        Named("base", 300.0), [Named("b", 250.0)], [Named("r1", 0.2), Named("r2", 0.05)]
    )
    assert written.text(Page()) == "MIN(base,b)*r1+MAX(base-b,0)*r2"
    assert written.value == pytest.approx(250 * 0.2 + 50 * 0.05)


@given(st.floats(0, 1), st.floats(0, 24), st.integers(1, 36), BOOST)
def test_ramp_and_effect(start, months, month, multiplier):
    numbers = {"start": start, "months": months, "month": float(month), "multiplier": multiplier}
    c = named(**numbers)
    agree(
        demand.ramp(c["start"], c["months"], c["month"]),
        demand.ramp(start, months, np.array([[float(month)]])),
        **numbers,
    )
    share, found = (
        demand.arrived(c["months"], c["month"]),
        demand.arrived(months, np.array([[float(month)]])),
    )
    agree(
        demand.with_effect(c["multiplier"], share), demand.with_effect(multiplier, found), **numbers
    )


@given(
    st.sampled_from(["cpc", "cpm", "share", "organic", "list"]),
    MONEY,
    st.floats(0.01, 50),
    st.floats(0, 0.9),
    MONEY,
    MONEY,
    RATE,
)
def test_traffic(kind, budget, price, elasticity, reference, impressions, ctr):
    numbers = {
        "budget": budget,
        "price": price,
        "elasticity": elasticity,
        "reference": reference,
        "impressions": impressions,
        "ctr": ctr,
    }
    written, found = demand.traffic(kind, **named(**numbers)), demand.traffic(kind, **numbers)
    for name in ("spend", "impressions", "clicks"):
        agree(getattr(written, name), getattr(found, name), **numbers)


@given(MONEY, RATE, st.none() | RATE, st.none() | RATE, RATE, RATE, BOOST, BOOST)
def test_conversion(clicks, landing, cvr, cart, checkout, success, boost_cart, boost_checkout):
    cart = 0.3 if cart is None and cvr is None else cart
    numbers = {
        "clicks": clicks,
        "landing": landing,
        "cvr": cvr,
        "cart": cart,
        "checkout": checkout,
        "success": success,
        "boost_cart": boost_cart,
        "boost_checkout": boost_checkout,
    }
    known = {name: value for name, value in numbers.items() if value is not None}
    c = dict.fromkeys(numbers) | named(**known)
    rates = demand.Rates(c["landing"], c["cvr"], c["cart"], c["checkout"], c["success"])
    written = demand.convert(c["clicks"], rates, c["boost_cart"], c["boost_checkout"])
    found = demand.convert(
        np.array([clicks]),
        demand.Rates(landing, cvr, cart, checkout, success),
        boost_cart,
        boost_checkout,
    )
    for name in ("visits", "carts", "orders"):
        if getattr(found, name) is None:
            assert getattr(written, name) is None
        else:
            agree(getattr(written, name), getattr(found, name), **known)


def test_a_cvr_beside_a_cart_rate_cannot_bring_more_than_the_carts_that_are_paid():
    """100 clicks all land; CVR 20 % would be 20 orders, but of 10 carts only 90 % are paid: 9.

    With a CVR of 5 % it is 5.
    """
    for cvr, orders in ((0.2, 9.0), (0.05, 5.0)):
        rates = demand.Rates(1.0, cvr, 0.1, None, 0.9)
        assert demand.convert(np.array([100.0]), rates, 1.0, 1.0).orders[0] == pytest.approx(orders)


@given(MONEY, st.floats(0, 0.95), st.floats(0, 0.3))
def test_the_steady_month_of_customers(acquired, probability, referral):
    numbers = {"acquired": acquired, "probability": probability, "referral": referral}
    c = named(**numbers)
    written = retention.steady(c["acquired"], c["probability"], c["referral"])
    found = retention.steady(np.array([[acquired]]), probability, referral)
    for one, other in zip(written, found, strict=True):
        agree(one, other, **numbers)


@given(
    st.floats(1, 24),
    st.floats(0.5, 8),
    st.integers(1, 60),
    st.floats(0, 0.5),
    st.floats(0.1, 5),
    st.floats(0.1, 5),
)
def test_coming_back(a_year, years, age, discount, alpha, beta):
    numbers = {
        "a_year": a_year,
        "years": years,
        "age": float(age),
        "discount": discount,
        "alpha": alpha,
        "beta": beta,
    }
    c = named(**numbers)
    agree(
        retention.evenly_at(c["a_year"], c["years"], c["age"]),
        retention.evenly_at(a_year, years, float(age)),
        **numbers,
    )
    agree(
        retention.evenly_within(c["a_year"], c["years"], c["age"]),
        retention.evenly_within(a_year, years, age),
        **numbers,
    )
    agree(
        retention.discounted(c["discount"], c["age"]),
        retention.discounted(discount, age),
        **numbers,
    )
    agree(
        retention.survival(c["alpha"], c["beta"], 3)[3],
        retention.survival(alpha, beta, 3)[3],
        **numbers,
    )


def test_what_changes_nothing_is_not_written():
    one = Named("x", 5.0)
    for made in (
        one + 0.0,
        0.0 + one,
        one * 1.0,
        1.0 * one,
        one / 1.0,
        one**1.0,
        one - 0.0,
        (one + 2) - 2,
        np.float64(1.0) * one,
    ):
        assert made is one
    assert (one + 2 - 3).text(Page()) == "x+2-3"
    assert np.power(1.0, one).value == 1.0


def test_what_stands_in_a_cell_is_named_by_it():
    """A formula made of a term that was put down names its cell, also where the term was taken
    before it was put down.
    """
    inner = Named("a", 2.0) + 3
    outer = inner * 2
    assert outer.text(Page()) == "(a+3)*2"
    inner.cell = Named("B7", 5.0)
    assert outer.text(Page()) == "B7*2"


def test_where_numpy_has_no_formula_it_says_so():
    with pytest.raises(TypeError):
        np.sin(Named("x", 1.0))
    with pytest.raises(TypeError):
        np.cumsum(Named("x", 1.0))


def test_a_switch_holds_where_it_is_one():
    assert [when(Named("on", on), 1.0, 2.0).value for on in (1.0, 0.0)] == [1.0, 2.0]
    assert when(Named("on", 1.0), 1.0, 2.0).text(Page()) == "IF(on=1,1,2)"


def test_nothing_is_a_plain_zero_or_an_input_of_zero():
    assert [
        is_nothing(x)
        for x in (0.0, Plain(0.0), Named("x", 0.0), Named("x", 0.1), Named("x", 0.0) + 1, 1.0)
    ] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert (
        isinstance(term(2.0), Term)
        and isinstance(Named("x", 1.0) + 2, Work)
        and isinstance(np.minimum(1.0, Named("x", 2.0)), Call)
    )


YEAR = st.lists(st.floats(0.1, 3.0), min_size=12, max_size=12)


@given(st.integers(1, 12), st.integers(1, 120), YEAR)
def test_the_calendar_and_what_a_month_has_of_a_year(first, month, year):
    numbers = {"first": float(first), "month": float(month)} | {
        f"y{place}": factor for place, factor in enumerate(year, 1)
    }
    cells = named(**numbers)
    written = demand.calendar(cells["first"], cells["month"])
    found = demand.calendar(first, np.array([[float(month)]]))
    agree(written, found, **numbers)
    assert found[0, 0] == (first - 1 + month - 1) % 12 + 1
    factors = [cells[f"y{place}"] for place in range(1, 13)]
    agree(pick(factors, written), pick(year, found), **numbers)


def test_a_place_in_a_year_is_written_as_it_stands():
    """The calendar month counts from 1, as the function of a spreadsheet does."""
    factors = [Named(f"y{place}", 1.0) for place in range(1, 13)]
    assert pick(factors, Named("calendar", 3.0)).text(Page()).startswith("CHOOSE(calendar,y1,y2")


STEPS = st.lists(st.tuples(st.integers(1, 40), st.floats(0, 9)), max_size=3).map(sorted)


@given(st.floats(0.01, 9), STEPS, st.integers(1, 40), st.floats(0.01, 9))
def test_announced_changes(current, steps, month, drawn):
    numbers = {"current": current, "drawn": drawn} | {
        name: float(number)
        for row, step in enumerate(steps)
        for name, number in zip((f"first{row}", f"value{row}"), step, strict=True)
    }
    cells = named(**numbers)
    rows = [(cells[f"first{row}"], cells[f"value{row}"]) for row in range(len(steps))]
    found = demand.announced(current, steps, np.array([[float(month)]]))
    agree(demand.announced(cells["current"], rows, month), found, **numbers)
    begun = [value for first, value in steps if first <= month]
    assert float(np.asarray(found).reshape(-1)[0]) == (begun[-1] if begun else current)
    mean = demand.announced_on_average(current, steps)
    written = demand.announced_on_average(cells["current"], rows)
    agree(written, mean, **numbers)
    agree(
        demand.moved(cells["drawn"], cells["current"], written),
        demand.moved(drawn, current, mean),
        **numbers,
    )


def test_what_is_announced_of_a_fee_of_zero_comes_on_top():
    cells = named(drawn=0.5, current=0.0)
    assert demand.moved(cells["drawn"], cells["current"], 2.0).value == 2.5
    assert demand.moved(0.5, 0.0, 2.0) == 2.5


@given(st.lists(st.floats(0, 0.9), min_size=1, max_size=5), st.integers(1, 8))
def test_a_table_of_ages_within_an_interval(orders, months):
    numbers = {"months": float(months)} | {f"g{age}": share for age, share in enumerate(orders, 1)}
    cells = named(**numbers)
    agree(
        retention.typed_within([cells[f"g{age}"] for age in range(1, len(orders) + 1)], months),
        retention.typed_within(orders, months),
        **numbers,
    )
    by_cell = retention.typed_within(orders, cells["months"])
    agree(by_cell, min(1.0, sum(orders[:months])), **numbers)


@given(MONEY, MONEY, RATE, RATE, st.floats(0, 0.5))
def test_who_comes_back_and_whom_they_bring(first, second, once, twice, referral):
    """Two cohorts in the third month: second · g(1) + first · g(2); their paid orders bring
    others.
    """
    numbers = {"n0": first, "n1": second, "g1": once, "g2": twice, "referral": referral}
    cells = named(**numbers)
    ages, new = [1.0, cells["g1"], cells["g2"]], [cells["n0"], cells["n1"]]
    parts = retention.coming_back(new, ages, 2)
    agree(parts[0] + parts[1], second * once + first * twice, **numbers)
    found, repeat = retention.cohorts(
        np.array([[first], [0.0], [0.0]]), [1.0, once, twice], referral
    )
    agree(retention.coming_back(new, ages, 1)[0], repeat[1, 0], **numbers)
    brought = retention.referred(cells["referral"], cells["n0"], 0.0)
    agree(brought, found[1, 0], **numbers)
