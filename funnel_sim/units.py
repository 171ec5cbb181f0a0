"""Numbers of the calendar, once."""

MONTHS_A_YEAR = 12
DAYS_A_MONTH = 365 / 12
"""Of a mean month: leap years are left out, as in contracts that count days."""
