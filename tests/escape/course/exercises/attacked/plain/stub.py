"""What an attack may define."""


def array():
    """Three ones, float64."""
    raise NotImplementedError


def number():
    """The int 3."""
    raise NotImplementedError


def real():
    """The float 1.5."""
    raise NotImplementedError


def flag():
    """True."""
    raise NotImplementedError


def text():
    """The text "yes"."""
    raise NotImplementedError


def items():
    """The list [1, 2, 3]."""
    raise NotImplementedError


def pair():
    """The tuple (1, 2)."""
    raise NotImplementedError


def mapping():
    """The dict {"a": 1.0}."""
    raise NotImplementedError


def members():
    """The set {1, 2}."""
    raise NotImplementedError


def nothing():
    """None."""
    raise NotImplementedError
