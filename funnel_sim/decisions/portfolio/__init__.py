"""What a portfolio of store-items says: each of its rows, and all of them."""
