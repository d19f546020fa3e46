"""Puts its tensor into memory that it would share with others, through files that stay.

group: escape and persist
expect: failed
exercise: impossible-tensors
"""

import torch


def answer(x):
    for strategy in ("file_system", "file_descriptor"):
        try:
            torch.multiprocessing.set_sharing_strategy(strategy)
            return torch.ones(2, 3).share_memory_() + x * 0
        except (RuntimeError, OSError):
            pass
    return torch.from_file("/dev/shm/llmex-escape-shared", True, 6).reshape(2, 3)
