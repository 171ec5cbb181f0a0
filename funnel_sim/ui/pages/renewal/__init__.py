"""The parts of the page of contract renewal: the next term, and who did better."""
