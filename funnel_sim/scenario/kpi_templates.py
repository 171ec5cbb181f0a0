"""KPIs as they stand in offers, ready to be tested (data/kpi_templates.toml)."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from funnel_sim.scenario.kpi_metrics import COUNTED
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.stored import read_data
from funnel_sim.words import Words


@dataclass(frozen=True)
class Template:
    """A named set of KPIs; `kpis` is plain data without ids, money in `currency` ("": none in it);
    `new_store` the fields of a store that only begins.
    """

    id: str
    words: Words
    kpis: tuple[dict[str, Any], ...]
    currency: str = ""
    new_store: Mapping[str, Any] = field(default_factory=dict)

    def made(self, taken: Collection[str] = (), factor: float = 1.0) -> list[dict[str, Any]]:
        """Return the KPIs with ids of their own, as plain data for a scenario.

        Args:
            taken: ids that the scenario uses.
            factor: units of the scenario's currency for one of the template's; money is rounded to
                two digits.

        Returns:
            One mapping of fields a KPI.
        """
        out: list[dict[str, Any]] = []
        for kpi in self.kpis:
            money = bool(self.currency) and kpi["metric"] == "gmv" and not kpi.get("relative")
            target = (
                float(f"{kpi['target'] * factor:.2g}") if money and factor != 1 else kpi["target"]
            )
            out.append(
                kpi
                | {
                    "id": fresh_id(kpi["metric"], [*taken, *(one["id"] for one in out)]),
                    "target": target,
                }
            )
        return out


def fresh_id(metric: str, taken: Collection[str]) -> str:
    """Return an id for a KPI that is not taken.

    Args:
        metric: the figure of the KPI, with which the id begins.
        taken: ids in use.

    Examples:
        >>> fresh_id("roas", ["roas"])
        'roas_2'
    """
    stem = metric[:20]
    return next(
        name for name in (stem, *(f"{stem}_{n}" for n in range(2, 100))) if name not in taken
    )


_COUNTS = ("seen", "seen_of", "seen_months", "per_month", "over_dispersion")


def example_counts(metric: str) -> dict[str, float]:
    """Return the counts that a template brings for a metric, as an example to be overwritten;
    nothing for one without counts.

    >>> example_counts("fulfilment_rate")["seen_of"], example_counts("roas")
    (1000.0, {})
    """
    every = [kpi for template in templates() for kpi in template.kpis if kpi["metric"] == metric]
    return {name: float(every[0][name]) for name in _COUNTS if every and name in every[0]}


def has_example_counts(kpi: Kpi) -> bool:
    """Say whether a KPI still stands on the counts of a ready-made one, which nobody typed.

    Whose own counts are by chance the same says so by any count that the example leaves empty.

    >>> kpi = Kpi(id="a", metric="listings_live", target=50, seen=0, seen_months=1, per_month=50)
    >>> has_example_counts(kpi), has_example_counts(kpi.but(per_month=30.0))
    (True, False)
    """
    known = example_counts(kpi.metric)
    return bool(known) and all(getattr(kpi, name) == known.get(name) for name in _COUNTS)


def has_no_target(kpi: Kpi) -> bool:
    """Say whether a KPI counted by hand has the target 0 with which it was added: nobody promises
    nothing, and counted in it would be met for certain.

    >>> kpi = Kpi(id="a", metric="listings_live", target=0, seen=0, seen_months=1, per_month=7)
    >>> has_no_target(kpi), has_no_target(kpi.but(target=20.0))
    (True, False)
    """
    return kpi.metric in COUNTED and not kpi.relative and kpi.target == 0


@cache
def templates() -> tuple[Template, ...]:
    """Return every template, in order."""
    data = tomllib.loads(read_data("kpi_templates.toml"))
    found = tuple(
        Template(
            one["id"],
            Words(one["zh"], one["en"]),
            tuple(one["kpis"]),
            one.get("currency", ""),
            one.get("new_store", {}),
        )
        for one in data["template"]
    )
    for template in found:
        for kpi in template.made():
            Kpi.model_validate(kpi)
    return found
