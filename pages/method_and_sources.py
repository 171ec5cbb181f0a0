"""Method and sources: formulas, definitions chosen, every parameter with its source and date."""

from funnel_sim.ui.pages.method_and_sources import draw
from funnel_sim.ui.shell import page

page(draw, figures=False)
