"""Gives dicts whose keys are lone surrogates, bidi marks and escapes; says them in errors too.

group: attack the report
expect: failed
"""

ODD = "\ud800\udfff\u202e\x1b[2J\x00\u2028\ufffe"


def answer(x, *_):
    if getattr(x, "ndim", 0) == 2:
        return {ODD: ODD, ODD * 2: {ODD: float("nan")}, (ODD,): [ODD]}
    raise KeyError(ODD)
