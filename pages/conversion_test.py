"""Compare two rates: did the new listing convert better, what is that worth, how many visits are
needed to tell, what does a test cost.
"""

from funnel_sim.ui.pages.conversion_test import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
