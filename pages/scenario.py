"""Scenario: the five numbers first, everything else folded by theme."""

from funnel_sim.ui.inputs import draw
from funnel_sim.ui.shell import page

page(draw)
