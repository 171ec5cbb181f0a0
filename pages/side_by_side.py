"""Compare: up to five scenarios side by side, and one lever moved."""

from funnel_sim.ui.pages.side_by_side import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
