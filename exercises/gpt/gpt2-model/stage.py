"""Starts torch's global generator anew, before dropout takes numbers from it."""

import torch


def seed(number: int) -> None:
    """Start torch's global generator anew."""
    torch.manual_seed(number)
