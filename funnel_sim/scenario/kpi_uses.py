"""Which contracts name a KPI, and the scenario without both."""

from typing import Any

from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario


def uses_of(scenario: Scenario, name: str) -> list[tuple[Option, tuple[str, ...]]]:
    """Return the quotes that name a KPI, each with the fields in which it does; the stop-loss that
    looks at it is one of them.

    Args:
        scenario: the store with its KPIs and quotes.
        name: the id of the KPI.

    Returns:
        Each quote with the names of its fields, such as "rewards"; nothing where none names it.
    """
    out = []
    for option in scenario.options:
        fields = [field for field, kpi in option.kpis_named() if kpi == name]
        if "decided_by" in fields and option.stop_loss:
            fields.append("stop_loss")
        if fields:
            out.append((option, tuple(dict.fromkeys(fields))))
    return out


def without_kpi(scenario: Scenario, name: str) -> dict[str, Any]:
    """Return what changes, by path, when a KPI goes together with what names it: its bonuses,
    penalties and instalments, and the stop-loss that looks at it.

    Args:
        scenario: the store with its KPIs and quotes.
        name: the id of the KPI.

    Returns:
        New values by path.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-us-kitchen").replace(
        ...     {
        ...         "kpis": [{"id": "g", "metric": "gmv", "target": 4100.0}],
        ...         "options": [{"id": "a", "decided_by": "g", "stop_loss": True}],
        ...     }
        ... )
        >>> without_kpi(store, "g")
        {'kpis': [], 'options.a.decided_by': '', 'options.a.stop_loss': False}
    """
    changes: dict[str, Any] = {
        "kpis": [row for row in scenario.plain()["kpis"] if row["id"] != name]
    }
    for option, fields in uses_of(scenario, name):
        path = f"options.{option.id}"
        for field in ("rewards", "instalments"):
            if field in fields:
                rows = [one.model_dump(mode="json") for one in getattr(option, field)]
                changes[f"{path}.{field}"] = [row for row in rows if row["kpi"] != name]
        if "decided_by" in fields:
            changes |= {f"{path}.decided_by": "", f"{path}.stop_loss": False}
    return changes
