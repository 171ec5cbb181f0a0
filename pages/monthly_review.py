"""Monthly review: where it leaks, what drove the change, whose doing it is, how KPIs stand."""

from funnel_sim.ui.pages.monthly_review import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
