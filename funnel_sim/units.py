"""Numbers of the calendar, and of percentages, once."""

MONTHS_A_YEAR = 12
DAYS_A_MONTH = 365 / 12
"""Of a mean month: leap years are left out, as in contracts that count days."""
PERCENT = 100.0
"""What a fraction is multiplied by to be read in per cent."""
