"""Quote test: is this quote worth signing?"""

from funnel_sim.ui.pages.quote_test import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
