"""Start: three doors, a product like yours, a file or a link."""

from funnel_sim.ui.shell import page
from funnel_sim.ui.start import draw

page(draw, figures=False)
