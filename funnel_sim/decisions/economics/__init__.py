"""Which lever turns a result, which value a target needs, what a result is in another currency."""
