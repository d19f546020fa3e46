"""There is none."""
