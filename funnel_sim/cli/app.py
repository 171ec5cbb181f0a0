"""`serve`: start the app. The screen is loaded by the process that serves, not by this one."""

from funnel_sim.ui.server import serve

COMMANDS = {"serve": serve.options}
