"""Figures and lists of the world, dated and sourced: nothing here knows a scenario."""
