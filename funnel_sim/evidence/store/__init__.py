"""A store's own months from exports, joined, and what they say of the months to come."""
