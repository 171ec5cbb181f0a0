"""Fuzzing: scenarios, tables, links, months, contracts, portfolios, command lines and acts on pages
that nobody would write, from a seed; each must end in figures or in a refusal that names the field.

`python -m tests.fuzz --help` runs it; `corpus/` keeps one small input of each fault that it found.
"""
