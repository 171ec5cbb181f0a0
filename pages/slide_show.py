"""Presentation: one message a screen."""

from funnel_sim.ui.pages.slide_show import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
