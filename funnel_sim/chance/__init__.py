"""What is not known and what happens by chance: draws, simulation, and which inputs decide the
result.
"""
