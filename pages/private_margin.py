"""What sales sees alone: its own cost and margin."""

from funnel_sim.ui.pages.private_margin import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
