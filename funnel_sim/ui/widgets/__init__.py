"""Inputs, tables and figures that several pages use."""
