"""What a link that was sent opens on: the verdicts, to be read."""

from funnel_sim.ui.pages.shared_verdict import draw, prepare
from funnel_sim.ui.shell import page

page(draw, prepare=prepare, figures=False)
