"""Risk, in parts: what the page shows, worked out first; the comparison of two scenarios."""
