"""From a list of orders to customers and what they do: rows, transactions, fitted models."""
