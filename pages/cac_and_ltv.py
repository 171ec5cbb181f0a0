"""Customers: what one costs by each definition, what it brings back, until when, up to which
budget; fitted to your orders.
"""

from funnel_sim.ui.pages.cac_and_ltv import draw
from funnel_sim.ui.pages.customer.ready import prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
