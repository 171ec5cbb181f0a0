"""What judges an item of the contract check, by the item's id."""

from collections.abc import Callable, Mapping

from funnel_sim.decisions.quote.contract_check.evidence import ContractEvidence
from funnel_sim.decisions.quote.contract_check.findings import Judgement
from funnel_sim.decisions.quote.contract_check.judged_fees import FEE_JUDGES
from funnel_sim.decisions.quote.contract_check.judged_kpis import KPI_JUDGES
from funnel_sim.decisions.quote.contract_check.judged_leaving import LEAVING_JUDGES

JUDGES: Mapping[str, Callable[[ContractEvidence], Judgement]] = {
    **KPI_JUDGES,
    **FEE_JUDGES,
    **LEAVING_JUDGES,
}
"""What judges an item; an item without one is asked."""
