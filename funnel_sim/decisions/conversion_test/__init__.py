"""Two conversion rates: which is better, what that is worth, and the test that would tell."""
