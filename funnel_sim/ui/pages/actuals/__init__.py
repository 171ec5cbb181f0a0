"""The parts of the page of actual months."""
