"""What the KPI page shows, computed before anything is drawn."""

from dataclasses import dataclass

from funnel_sim.decisions.kpi.check import KpiCheck
from funnel_sim.decisions.kpi.review import Remark


@dataclass(frozen=True)
class Ready:
    """Everything the page shows, computed before anything is drawn."""

    view: str
    check: KpiCheck | None
    remarks: list[Remark]
