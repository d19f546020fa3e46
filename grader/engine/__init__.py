"""A clean process that forks judges and workers."""
