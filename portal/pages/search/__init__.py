"""Search, over everything one may know of."""
