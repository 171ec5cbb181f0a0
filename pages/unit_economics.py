"""Unit economics: what an order earns, line by line, and what each lever must be."""

from funnel_sim.ui.pages.unit_economics import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare)
