"""Risk: the odds of a loss, the months as they may come, what drives the result, and two scenarios
on the same draws.
"""

from funnel_sim.ui.pages.risk.ready import prepare
from funnel_sim.ui.pages.risk_and_odds import draw
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
