"""Screens: each takes records and returns a page."""
