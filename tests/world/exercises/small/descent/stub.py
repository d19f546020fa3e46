"""Descent: the mean of some numbers, step by step."""


def run(numbers, steps, on_step=None):
    """A number, 0.0 at first, moved towards the mean; on_step(step, loss) once a step from 1."""
    raise NotImplementedError


def write(model, length):
    """The number as a text of `length` characters."""
    raise NotImplementedError
