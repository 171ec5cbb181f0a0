"""Numbers of the calendar, of percentages and of a float, once."""

import sys
from decimal import Context

MONTHS_A_YEAR = 12
DAYS_A_MONTH = 365 / 12
"""Of a mean month: leap years are left out, as in contracts that count days."""
EVERY_DIGIT = Context(prec=sys.float_info.max_10_exp + sys.float_info.dig + 1)
"""Decimals with room for every digit of any float: with the usual 28, an amount of 10²⁶ cannot be
rounded to the cent.
"""
PERCENT = 100.0
"""What a fraction is multiplied by to be read in per cent."""
