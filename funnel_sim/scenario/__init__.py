"""What a user types, declared once: fields, ranges, contracts, KPIs; files, links and presets of
it.
"""
