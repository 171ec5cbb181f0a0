"""Take away: workbook, report, slides, file."""

from funnel_sim.ui.pages.export_files import draw
from funnel_sim.ui.shell import page

page(draw, figures=False)
