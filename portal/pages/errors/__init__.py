"""Pages for what goes wrong."""
