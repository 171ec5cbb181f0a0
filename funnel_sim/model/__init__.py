"""How a store earns: demand, retention, tax, commission, the order ledger and the metrics.

`economics.evaluate` is the one list of calls; everything else here takes numbers (floats or arrays
alike) and knows nothing of scenarios.
"""
