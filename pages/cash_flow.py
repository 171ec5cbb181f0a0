"""Cash: whether the money lasts, when it moves, how profit becomes cash, and what frees it."""

from funnel_sim.ui.pages.cash_flow import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
