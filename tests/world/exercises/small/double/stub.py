"""Double a number, and a list of numbers."""


def double(x: int) -> int:
    """Twice `x`.

    >>> double(2)
    4
    """
    # TODO
    raise NotImplementedError


def double_all(xs: list[int]) -> list[int]:
    """Twice every number, as a new list."""
    raise NotImplementedError
