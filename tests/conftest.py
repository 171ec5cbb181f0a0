"""What the tests share: a neutral scenario whose figures can be worked out by hand."""

import gc
from collections.abc import Iterator
from functools import partial
from typing import Any

import brotli
import pytest
from hypothesis import HealthCheck, settings

from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario
from tests.sweep import one_language, some_cases

settings.register_profile(
    "suite",
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")

_OBJECTS, _ROUNDS = 20_000, 20


@pytest.hookimpl(tryfirst=True)  # before `-m "not slow"` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is alike is looked at in part in every run, and whole by `make slow`."""
    one_language(items)
    some_cases(items)


def pytest_collection_finish() -> None:
    """What is loaded and collected by now stays: it is taken out of the search for rubbish, which
    is then made less often. It took a fifth of the processor time of tests that read the source.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, _ROUNDS, _ROUNDS)


@pytest.fixture(scope="session", autouse=True)
def _fonts_are_packed_quickly() -> Iterator[None]:
    """The fonts of a report are cut for its letters and packed as in the product, only less
    tightly: to pack them as small as they go took most of the time of a report.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(brotli, "compress", partial(brotli.compress, quality=5))
        yield


def neutral(changes: dict[str, Any] | None = None) -> Scenario:
    """Return 100 orders a month at price 100, no cost at all, one currency; with changes by
    path.
    """
    plain: dict[str, Any] = {
        "as_of": "2026-11-22",
        "currency": "USD",
        "cost_currency": "USD",
        "product": {"price": 100.0, "unit_cost": 0.0},
        "conversion": {"cvr": 1.0},
        "channels": [{"id": "orders", "kind": "list", "impressions": 100.0, "ctr": 1.0}],
    }
    return Scenario.read(plain).replace(changes or {})


def certain(scenario: Scenario) -> Scenario:
    """Return a scenario with the likely value in place of every range."""
    ranged = {path: point_value(value) for path, value in scenario.quantities() if is_range(value)}
    return scenario.replace(ranged)


@pytest.fixture
def base() -> Scenario:
    """The neutral scenario."""
    return neutral()


def kitchen() -> Scenario:
    """Return a kitchen shop on Amazon with figures of its own, so that targets keep their distance
    when the preset changes: ROAS near 2.6.
    """
    return preset("amazon-us-kitchen").replace(
        {
            "product.price": {
                "dist": "logpert",
                "low": 28.94,
                "likely": 32.99,
                "high": 37.61,
                "meaning": "p80",
            },
            "conversion.cvr": {
                "dist": "logpert",
                "low": 0.0475,
                "likely": 0.095,
                "high": 0.19,
                "meaning": "p80",
            },
            "channels.ads.budget": 3000.0,
            "channels.ads.cpc": 1.18,
            "channels.organic.impressions": 60000.0,
            "channels.organic.channel_cvr": 0.11,
        }
    )
