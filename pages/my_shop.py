"""My shop: the five numbers first, everything else folded by theme."""

from funnel_sim.ui.pages.my_shop import draw
from funnel_sim.ui.shell import page

page(draw)
