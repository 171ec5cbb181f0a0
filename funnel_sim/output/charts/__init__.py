"""Charts as specifications with their data, and as pictures."""
