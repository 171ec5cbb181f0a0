"""Does the cash last?

How low the balance falls and how probably below zero, what capital keeps it above, how long money
is bound, and what frees it (docs/model.md, "Cash").
"""
