"""The calendar and its events."""
