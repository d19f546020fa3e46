"""torch's global generator, which the checks set to a known state."""

import torch


def seed(number: int) -> None:
    """Start torch's global generator anew."""
    torch.manual_seed(number)
