"""The parts of the page of cash, each worked out when it is open."""
