"""Scenario: the five numbers first, everything else folded by theme."""

from funnel_sim.ui.pages.inputs import draw
from funnel_sim.ui.shell import page

page(draw)
