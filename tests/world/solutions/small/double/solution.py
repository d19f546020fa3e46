"""Double a number, and a list of numbers."""


def double(x: int) -> int:
    """Twice `x`."""
    return 2 * x


def double_all(xs: list[int]) -> list[int]:
    """Twice every number, as a new list."""
    return [2 * x for x in xs]
