"""The parts of the page of a portfolio, each worked out when it is open."""
