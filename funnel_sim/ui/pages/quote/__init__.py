"""The quote test, in parts: the verdict, the offer as a sentence, what to offer instead, the whole
contract, the figures.
"""
