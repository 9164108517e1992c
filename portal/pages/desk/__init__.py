"""The desk: where the secretariat runs the conference, and hosts their own events."""
