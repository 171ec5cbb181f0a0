"""KPI check: how likely a promised KPI is, what would have to be true, and what to offer
instead.
"""

from funnel_sim.ui.pages.kpi_check import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
