"""The doorway: settings, the command line, and the wiring of one Rotunda process."""
