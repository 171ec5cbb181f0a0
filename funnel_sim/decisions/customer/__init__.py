"""What a customer is worth against what one costs, and what a budget brings."""
