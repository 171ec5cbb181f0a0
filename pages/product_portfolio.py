"""Product portfolio: many store-items, what they bring together, and which of them lose money."""

from funnel_sim.ui.pages.product_portfolio import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
