"""A slip of the pen is refused where it is made: paths of inputs, keys of figures, periods and
units.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.chance.simulation import SIMULATED, simulate
from funnel_sim.decisions.economics.levers import books_at
from funnel_sim.decisions.economics.targets import answers
from funnel_sim.errors import InputError
from funnel_sim.model.economics import book_of, evaluate, figures
from funnel_sim.model.keys import COMPUTED, FIGURES, figure_key
from funnel_sim.model.values import Values, symbol_of
from funnel_sim.scenario.paths import SECTIONS, specs_of, varying_paths
from funnel_sim.scenario.presets import preset

STORE = preset("amazon-de-kitchen")
RESULT = evaluate(STORE)
VARYING = varying_paths(STORE)
MOVED = [0.9, 1.1]


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("product.prise", "product.price"),
        ("zzz.cvr", None),  # only the last part used to be read: this moved the conversion
        ("cvr", None),
        ("channels.adz.cpc", "channels.ads.cpc"),  # no such channel
        ("channels.ads.cpcc", "channels.ads.cpc"),
        ("channels.ads", None),
        ("options.none_such.effect", None),
        ("shocks.none_such.size", None),
        ("commission.tiers.1.rate", None),  # tiers are moved together, by commission_scale
        ("plan.horizon_months", None),  # a field, but none that the numbers of a path may replace
        ("tax.situation", None),
        ("", None),
    ],
)
def test_a_path_that_is_no_number_of_the_scenario_is_refused(path, near):
    for base in (None, Values(STORE)):
        with pytest.raises(InputError) as error:
            Values(STORE, {path: np.array(MOVED)}, base=base)
        [problem] = error.value.problems
        assert (problem.where, problem.rule) == (path, "unknown_path")
        assert near is None or near in problem.sentence("en")


def test_a_month_by_month_path_is_checked_and_stands_outside_the_channels():
    assert Values(STORE, by_month={"fx_rate": np.ones((12, 1))}).by_month.keys() == {"fx_rate"}
    for path in ("fx_rat", "channels.ads.cpc", "zzz.duty_rate"):
        with pytest.raises(InputError):
            Values(STORE, by_month={path: np.ones((12, 1))})


def test_every_number_that_may_vary_is_accepted_with_and_without_a_base():
    numbers = {path: np.array(MOVED) for path in VARYING}
    assert (
        Values(STORE, numbers).given.keys()
        == Values(STORE, numbers, base=Values(STORE)).given.keys()
        == set(VARYING)
    )


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(VARYING), st.integers(0, 40), st.sampled_from("abcxyz_."))
def test_a_misspelt_path_never_passes_for_another(path, place, letter):
    wrong = path[:place] + letter + path[place:]
    if wrong in VARYING:
        return
    with pytest.raises(InputError):
        Values(STORE, {wrong: np.array(MOVED)})


def test_numbers_of_events_and_options_do_not_enter_the_book():
    event = {"id": "storm", "effect": "demand", "probability": 0.2, "length": 2, "size": 0.1}
    store = STORE.replace({"shocks": [event]})
    base = Values(store)
    assert Values(store, {"shocks.storm.size": np.array(MOVED)}, base=base).symbols == base.symbols


@pytest.mark.parametrize(
    "key",
    [
        "profitt",
        "price",
        "conversion_cvr",
        "",
        "profit@sales=all",
        "roas@",
        "roas@sals=all",
        "roas@sales=al",
        "roas@tax=in,tax=out",
        "roas@attribution=half",
    ],
)
def test_a_figure_that_there_is_not_is_refused(key):
    with pytest.raises(InputError):
        figures(Values(STORE), {"total": [key]})
    with pytest.raises(InputError):
        simulate(STORE, [key], paths=256)


def test_the_figure_that_was_meant_is_named():
    asked = (
        lambda: figures(Values(STORE), {"total": ["profitt"]}),
        lambda: simulate(STORE, ["profitt"], paths=256),
        lambda: RESULT.steady["profitt"],
        lambda: RESULT.horizon["profitt"],
        lambda: RESULT.monthly["profitt"],
        lambda: RESULT.steady.get("profitt"),
        lambda: RESULT.per("profitt", "order"),
    )
    for ask in asked:
        with pytest.raises(InputError, match=r"profitt.*profit"):
            ask()


def test_a_period_or_a_unit_that_there_is_not_is_refused():
    with pytest.raises(InputError, match=r"totl.*total"):
        figures(Values(STORE), {"totl": ["profit"]})
    with pytest.raises(InputError, match=r"ordr.*order, customer"):
        RESULT.per("profit", "ordr")
    for ask in (
        lambda: RESULT.over("horizon"),
        lambda: books_at(STORE, {}, over="stedy"),
        lambda: answers(STORE, ["price"], over="horizon"),
    ):
        with pytest.raises(InputError, match="total, steady"):
            ask()
    assert RESULT.over("total") is RESULT.horizon and RESULT.over("steady") is RESULT.steady
    assert RESULT.per("profit", "order") == RESULT.steady["profit"] / RESULT.steady["paid_orders"]
    assert (
        RESULT.per("profit", "customer") == RESULT.steady["profit"] / RESULT.steady["new_customers"]
    )


def test_every_figure_can_be_asked_for_and_a_metric_beside_the_funnel_is_none():
    assert set(SIMULATED) <= FIGURES
    for key in FIGURES:
        assert figure_key(key) == key and key in RESULT.steady and key in RESULT.horizon
    assert RESULT.steady.get("fulfilment_rate") is None


def test_no_input_has_the_name_of_a_figure():
    """So no book can mean an input by a key before some line and a figure after it."""
    paths = [
        "fx_rate",
        *(f"{section}.{name}" for section, cls in SECTIONS.items() for name in specs_of(cls)),
    ]
    symbols = [symbol_of(path) for path in paths]
    assert not COMPUTED & set(symbols)
    assert len(set(symbols)) == len(symbols)
    assert symbol_of("conversion.cvr") == "conversion_cvr" and symbol_of("product.price") == "price"


def test_the_conversion_rate_that_was_typed_and_the_one_that_comes_out_stand_apart():
    """The preset types 10 %; channels with rates of their own and the effect make another
    average.
    """
    typed = STORE.conversion.cvr
    book = book_of(Values(STORE), steady=True)
    assert (
        book["conversion_cvr"] == RESULT.steady["conversion_cvr"] == pytest.approx(0.10)
        and "cvr" not in book
    )
    assert RESULT.steady["cvr"] == RESULT.steady["first_orders"] / RESULT.steady["visits"] != typed
