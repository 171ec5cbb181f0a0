"""What many questions about one scenario ask again and again: its figures at their point values,
the store before any effect, its outlook.

Each is worked out once.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from funnel_sim.chance.history import StoreOutlook, store_outlook
from funnel_sim.decisions.growth import before
from funnel_sim.model.economics import Result, evaluate, figures
from funnel_sim.model.values import Values
from funnel_sim.scenario.scenario import Scenario

T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """A scenario with what follows from it without chance; `known` is its result, `untargeted` the
    context of `without_targets`, where they are at hand.

    It is handed on by whoever asks more than one thing, and forgotten with the answer: nothing is
    kept of a scenario elsewhere.

    >>> from funnel_sim.scenario.presets import preset
    >>> at = Context(preset("amazon-de-kitchen"))
    >>> at.result is at.result, at.figure("profit") == at.result.steady["profit"]
    (True, True)
    """

    scenario: Scenario
    known: Result | None = None
    untargeted: "Context | None" = field(default=None, repr=False, compare=False)
    _figures: dict[str, float | None] = field(default_factory=dict, repr=False, compare=False)
    _answers: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.known is not None and self.known.scenario != self.scenario:
            raise ValueError("the result is another scenario's")
        if self.untargeted is not None and self.untargeted.scenario != without_targets(
            self.scenario
        ):
            raise ValueError("the context without targets is another scenario's")

    @cached_property
    def result(self) -> Result:
        """Every figure at its point value."""
        return evaluate(self.scenario) if self.known is None else self.known

    @cached_property
    def before(self) -> "Context":
        """The same of the store before any effect: itself, where it has none."""
        store = before(self.scenario)
        return self if store is self.scenario else Context(store)

    @cached_property
    def without_targets(self) -> "Context":
        """The same without the targets of its KPIs: whoever moves a target asks it again."""
        if self.untargeted is not None:
            return self.untargeted
        store = without_targets(self.scenario)
        if store == self.scenario:
            return self
        told = Context(store, replace(self.result, scenario=store))
        if self.before is not self:  # of one store before its effect there is one context, too
            told.__dict__["before"] = self.before.without_targets
        return told

    @cached_property
    def outlook(self) -> StoreOutlook | None:
        """What the store's history says of the coming months; raises InputError for a history that
        cannot be.
        """
        return store_outlook(self.scenario)

    def figure(self, key: str) -> float | None:
        """Return a figure of the steady month, on whatever basis; None where there is none."""
        if "@" not in key:
            return self.result.steady.get(key)
        if key not in self._figures:
            value = figures(Values(self.scenario), {"steady": [key]})[key, "steady"]
            number = math.nan if value is None else float(np.asarray(value).reshape(-1)[0])
            self._figures[key] = number if math.isfinite(number) else None
        return self._figures[key]

    def once(self, name: str, work: Callable[[], T]) -> T:
        """Return what `work` gives, worked out when it is first asked for by this name.

        Args:
            name: under which the answer is kept, as long as this context lives.
            work: works the answer out.
        """
        if name not in self._answers:
            self._answers[name] = work()
        found: T = self._answers[name]
        return found


def without_targets(scenario: Scenario) -> Scenario:
    """Return the scenario with every KPI's target at 0: what does not rest on how much was promised
    is the same for both.

    >>> from funnel_sim.scenario.presets import preset
    >>> gmv = {"id": "a", "metric": "gmv", "relative": True, "target": 0.3}
    >>> without_targets(preset("amazon-de-kitchen").replace({"kpis": [gmv]})).kpis[0].target
    0.0
    """
    return scenario.but(kpis=[kpi.but(target=0.0) for kpi in scenario.kpis])


def context_of(store: Scenario | Context) -> Context:
    """Return the context itself, or one of a scenario of which nothing is known yet."""
    return store if isinstance(store, Context) else Context(store)
