"""Contract check: what a quote's contract leaves open, what that costs, and the sentence to add."""

from funnel_sim.ui.pages.contract_check import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
