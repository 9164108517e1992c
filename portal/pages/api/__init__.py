"""The API for those who program: its documentation, its contract, and a place to try it."""
