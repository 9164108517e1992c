"""Who is told: the log of notices, the live hub, and mail."""
