"""The parts of the page on the ad budget."""
