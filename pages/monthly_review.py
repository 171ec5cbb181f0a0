"""Monthly review: where it leaks, what drove the change, whose doing it is, how KPIs stand."""

from funnel_sim.ui.pages.monthly_review import draw
from funnel_sim.ui.shell import page

page(draw, figures=False)
