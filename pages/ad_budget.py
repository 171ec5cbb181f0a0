"""Ad budget: the best split over channels, where the next money goes, what to cut first."""

from funnel_sim.ui.pages.ad_budget import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
