"""Actual months: what came since the engagement began, month by month."""

from funnel_sim.ui.pages.actual_months import draw
from funnel_sim.ui.shell import page

page(draw, figures=False)
