"""Every field that may vary, with every kind of range: through file, link, figures, simulation,
assumptions and workbook.

The fields are asked for, so that a new one is covered without a change here. `fx_rate` was the only
field at the top that holds a range, and the link took its dict for a section.
"""

from functools import cache
from itertools import count, cycle

import numpy as np
import pytest

from funnel_sim.chance.simulation import SIMULATED, simulate
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words.assumptions import assumptions
from funnel_sim.output.words.comparing import change_rows
from funnel_sim.output.workbook.book import workbook
from funnel_sim.scenario import files, links
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.origins import origin_of, typical_of_field
from funnel_sim.scenario.paths import spec_of, varying_paths
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import RANGES, is_range, point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused
from funnel_sim.words import LANGS


@cache
def base() -> Scenario:
    """Return a scenario that has something of everything: ads, a quote, an event."""
    shock = {
        "id": "stock",
        "effect": "stockout",
        "probability": 0.1,
        "size": 0.5,
        "length": 1.0,
        "month_from": 2,
        "month_to": 6,
    }
    converts = {
        "conversion.cvr": 0.0375,
        "channels.organic.channel_cvr": 0.03,
    }  # below the carts of the tests, whatever the preset holds
    return preset("shopify-us-beauty").replace(
        {"options": [{"id": "quote"}], "shocks": [shock]} | converts
    )


PATHS = varying_paths(base())
KINDS = list(RANGES)
ALONE = {  # a field that excludes another: what makes room for it
    "conversion.checkout_rate": {"conversion.cvr": None, "conversion.add_to_cart_rate": 0.1},
    "conversion.cvr": {"conversion.add_to_cart_rate": None, "conversion.checkout_rate": None},
    "conversion.product_view_rate": {
        "conversion.cart_of_views_rate": 0.9,
        "conversion.add_to_cart_rate": None,
    },
    "conversion.cart_of_views_rate": {
        "conversion.product_view_rate": 0.9,
        "conversion.add_to_cart_rate": None,
    },
    "conversion.checkout_start_rate": {
        "conversion.checkout_completion_rate": 0.5,
        "conversion.cvr": None,
        "conversion.add_to_cart_rate": 0.1,
    },
    "conversion.checkout_completion_rate": {
        "conversion.checkout_start_rate": 0.5,
        "conversion.cvr": None,
        "conversion.add_to_cart_rate": 0.1,
    },
    "payment.bank_rate": {"fx_rate": 8.0},
    "channel_checkout_rate": {"channel_cvr": None, "channel_add_to_cart_rate": 0.1},
    "channel_cvr": {"channel_checkout_rate": None},
    "elasticity": {"reference_budget": 1000.0},
    "commission.commission_cap": {"commission.commission_minimum": 0.0},
}


def room_for(path: str) -> dict:
    *parents, name = path.split(".")
    inside = ".".join(parents)
    return ALONE.get(path) or {
        f"{inside}.{field}": value for field, value in ALONE.get(name, {}).items()
    }


def ranged(scenario: Scenario, path: str, kind: str) -> dict:
    """Return a range of a kind for a field: 10 % to either side of what it holds, inside what it
    may hold.
    """
    spec = spec_of(path)
    low, high = spec.domain
    now = scenario.get(path)
    middle = min(
        max(point_value(now) if now is not None and point_value(now) else 0.05, low + 1e-3),
        high - 1e-3,
    )
    a, b = max(low, middle - abs(middle) / 10), min(high, middle + abs(middle) / 10)
    made = {
        "uniform": {"low": a, "high": b},
        "triangular": {"low": a, "likely": middle, "high": b},
        "pert": {"low": a, "likely": middle, "high": b, "meaning": "p80"},
        "normal": {"mean": middle, "sd": abs(middle) / 20},
        "lognormal": {"median": abs(middle), "sigma": 0.05},
        "beta": {"successes": 100 * min(abs(middle), 0.95), "trials": 100.0},
        "sample": {"values": [a, middle, b]},
        "logpert": {"low": a, "likely": middle, "high": b, "meaning": "p80"},
    }
    return {"dist": kind} | made[kind]


def fits(path: str, kind: str) -> bool:
    """Return whether a field takes the kind: counts are for rates and factors only."""
    return kind != "beta" or spec_of(path).unit in (Unit.RATE, Unit.FACTOR)


def alone() -> list[tuple[str, str]]:
    """Return the (field, kind) that go through everything alone: two kinds a field in turn, so that
    each field and each kind goes, and neighbours differ.

    Every field with every kind goes through in company (below), so the whole product is covered, at
    a tenth of the time.
    """
    found = []
    for place, path in enumerate(PATHS):
        first = place % len(KINDS)
        found += [
            (path, kind)
            for kind in [kind for kind in KINDS[first:] + KINDS[:first] if fits(path, kind)][:4:3]
        ]
    return found


def test_the_fields_that_may_vary_are_those_that_hold_a_range():
    assert {
        "fx_rate",
        "product.price",
        "channels.ads.cpm",
        "options.quote.effect",
        "shocks.stock.size",
    } <= set(PATHS)
    assert {path for path, value in base().quantities() if is_range(value)} <= set(PATHS)


def goes_through_file_and_link(scenario: Scenario) -> None:
    assert files.from_bytes(files.to_text(scenario).encode()) == scenario
    assert links.decode(links.encode(scenario)).scenario == scenario


def gives_figures(scenario: Scenario, wanted: list[str]) -> None:
    result = evaluate(scenario)
    assert all(
        value is None or np.isfinite(value)
        for value in (*result.steady.values(), *result.horizon.values())
    )
    drawn = simulate(scenario, wanted, paths=256)
    assert np.isfinite(drawn.of("profit")).all()


def test_every_field_and_every_kind_goes_through_alone():
    assert {path for path, _ in alone()} == set(PATHS) and {kind for _, kind in alone()} == set(
        KINDS
    )


@pytest.mark.sampled(26)
@pytest.mark.parametrize(("path", "kind"), alone())
def test_a_range_goes_through_file_link_figures_and_simulation(path, kind):
    scenario = base().replace(room_for(path) | {path: ranged(base(), path, kind)})
    assert is_range(scenario.get(path))
    goes_through_file_and_link(scenario)
    assert origin_of(scenario, path).kind == "yours"
    typical_of_field(scenario, path)
    assert change_rows(base(), [scenario], "zh")
    gives_figures(scenario, ["profit", "cac"])


@pytest.mark.parametrize("path", [path for path in PATHS if not fits(path, "beta")])
def test_counts_are_refused_by_what_is_no_rate(path):
    with pytest.raises(InputError) as caught:
        base().replace({path: ranged(base(), path, "beta")})
    assert [(one.where, one.rule) for one in caught.value.problems] == [(path, "counts_rate")]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_ranges_in_every_field_at_once_go_through_everything(kind):
    """What excludes another field waits for a later round.

    The workbook, the dearest, is made in the first round of every kind, and in all of them of two
    kinds.
    """
    left, languages = (
        [path for path in PATHS if fits(path, kind)],
        cycle(LANGS if KINDS.index(kind) % 2 else LANGS[::-1]),
    )
    for number in count():
        if not left:
            break
        scenario, here, lang = base(), set(), next(languages)
        for path in left:
            room = room_for(path)
            if any(other in left and is_range(scenario.get(other)) for other in room):
                continue
            try:
                scenario = scenario.replace(room | {path: ranged(base(), path, kind)})
            except InputError:  # it cannot stand beside one placed before
                continue
            here.add(path)
        assert here and all(is_range(scenario.get(path)) for path in here), left
        goes_through_file_and_link(scenario)
        if number == 0 or kind in ("pert", "sample"):
            assert workbook(scenario, lang)[:2] == b"PK"
        assert {origin_of(scenario, path).kind for path in here} == {"yours"}
        assert change_rows(base(), [scenario], lang)
        unsaid = {
            path for path in here if not path.startswith("options.") and unused(scenario, path)
        }
        assert here - {row.path for row in assumptions(scenario, lang)} == unsaid
        gives_figures(scenario, SIMULATED)
        left = [path for path in left if path not in here]


def test_only_the_exchange_rate_is_a_value_at_the_top():
    """By hand: the preset holds a plain rate; the range that takes its place is the whole
    difference.
    """
    value = {"dist": "uniform", "low": 7.8, "high": 8.6, "meaning": "limits"}
    scenario = preset("amazon-de-kitchen").replace({"fx_rate": value})
    assert links.differences(scenario, preset("amazon-de-kitchen")) == {"fx_rate": value}
