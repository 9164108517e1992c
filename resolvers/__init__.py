"""What happens: acts, and the few fields that need Python."""
