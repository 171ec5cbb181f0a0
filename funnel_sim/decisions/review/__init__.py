"""After the signature: what happened, why, whose doing, what is owed, and whether to go on."""
