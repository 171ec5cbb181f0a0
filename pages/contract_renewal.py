"""Contract renewal: go on, renegotiate or leave; and who did better."""

from funnel_sim.ui.pages.contract_renewal import draw
from funnel_sim.ui.shell import page

page(draw, figures=False)
