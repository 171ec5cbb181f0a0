"""The ad budget: how a total is best split over channels and markets."""
