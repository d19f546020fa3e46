"""What an attack may define."""


def answer(*given):
    """Whatever the suite wants, which nobody can know."""
    raise NotImplementedError
