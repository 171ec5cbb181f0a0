"""Unit economics: what an order earns, line by line, and what each lever must be."""

from funnel_sim.ui.shell import page
from funnel_sim.ui.unit_economics import draw, prepare

page(draw, prepare=prepare)
