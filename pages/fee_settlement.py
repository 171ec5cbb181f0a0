"""Fee settlement: what is owed for the actual months, line by line."""

from funnel_sim.ui.pages.fee_settlement import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
