"""What a contract leaves open, judged or asked, and what that costs."""
