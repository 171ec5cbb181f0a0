"""What a seller's own records say: transactions read with care, and models of customers fitted to
them.
"""
