"""Home: what changed, what waits, what is next."""
