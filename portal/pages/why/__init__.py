"""What you may do, and why not."""
