"""Contract renewal: go on, renegotiate or leave; and who did better."""

from funnel_sim.ui.pages.contract_renewal import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
