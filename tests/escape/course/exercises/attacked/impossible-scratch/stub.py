"""What an attack may define."""


def answer(x):
    """Whatever the suite wants, which nobody can know."""
    raise NotImplementedError
