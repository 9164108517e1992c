"""Mail of an installation that sends none."""
