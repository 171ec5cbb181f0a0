"""The same target said in another form: as a value, or as a change against the baseline."""

from funnel_sim.decisions.kpi.measured import baseline_of, months_added, target_of
from funnel_sim.errors import refuse
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario

_DIGITS = 12


def with_target_as(scenario: Scenario, name: str, *, relative: bool) -> Kpi:
    """Return a KPI that asks for the same, relative to its baseline or as a value.

    value = baseline · (1 + change), times the months of a total. Without a baseline above zero a
    change of it comes to nothing, and the value is zero.

    Args:
        scenario: the store, its KPIs and its history.
        name: the id of the KPI.
        relative: whether the target is to be a change against the baseline.

    Returns:
        The KPI with its target in the form asked for; as it was where it stands in it already.

    Raises:
        InputError: if there is no baseline above zero that a value could be a change of, or the
            change would be below −100 %.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-us-kitchen").replace(
        ...     {"kpis": [{"id": "g", "metric": "gmv", "target": 4100.0, "baseline": 2000.0}]}
        ... )
        >>> with_target_as(store, "g", relative=True).target
        1.05
    """
    kpi = next(one for one in scenario.kpis if one.id == name)
    if kpi.relative == relative:
        return kpi
    base = baseline_of(scenario, kpi)
    if relative:
        if base is None:
            raise refuse(f"kpis.{name}.relative", None, "kpi_baseline")
        if not base.value > 0:
            raise refuse(f"kpis.{name}.relative", f"{base.value:,.2f}", "kpi_baseline_positive")
        target = kpi.target / (base.value * months_added(kpi)) - 1.0
    else:
        target = target_of(scenario, kpi) if base is not None and base.value > 0 else 0.0
    return kpi.but(relative=relative, target=float(f"{target:.{_DIGITS}g}"))
