"""Take away: workbook, report, slides, file."""

from funnel_sim.ui.shell import page
from funnel_sim.ui.take_away import draw

page(draw, figures=False)
