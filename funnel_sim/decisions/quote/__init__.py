"""What a quote is worth: options in the same futures, fees by the contract, clauses and their
prices.
"""
