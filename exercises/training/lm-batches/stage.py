"""What the checks need beside the answer: tokens as they lie on a disk, and a seed."""

import numpy as np
import torch


def on_disk(data: np.ndarray) -> np.memmap:
    """The same tokens as an np.memmap that can only be read, as np.memmap(path, mode="r") is."""
    mapped = np.array(data).view(np.memmap)
    mapped.flags.writeable = False
    return mapped


def seed(number: int) -> None:
    """Seed torch's global generator."""
    torch.manual_seed(number)
