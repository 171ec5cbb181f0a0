"""Start: three doors, a product like yours, a file or a link."""

from funnel_sim.ui.pages.start import draw
from funnel_sim.ui.shell import page

page(draw, figures=False)
