"""Has the judge's function call the answer, which calls it, and so on.

group: forge the verdict
expect: failed, stopped, grader-error
"""

class Echo:
    def __init__(self, f):
        self.f = f

    def __float__(self):
        return self.f(self)

    __call__ = __bool__ = __float__


def answer(f):
    return f(Echo(f)) if callable(f) else 1.5
