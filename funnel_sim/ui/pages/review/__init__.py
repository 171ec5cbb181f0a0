"""The parts of the page monthly_review."""
