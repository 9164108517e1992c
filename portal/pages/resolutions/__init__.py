"""Resolutions: from the first draft to the day it is handed in."""
