"""Customers, in parts: what the page shows, worked out first; what a shop's records say."""
