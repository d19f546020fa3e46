"""Reports losses whose conversion to a number reports the next one, without end.

group: exhaust
expect: failed, stopped, grader-error
exercise: impossible-training
"""


class Loss:
    def __init__(self, report, step):
        self.report, self.step = report, step

    def __float__(self):
        self.report(self.step + 1, Loss(self.report, self.step + 1))
        return 1.0

    __int__ = __index__ = __bool__ = __float__


def answer(report):
    if callable(report):
        report(Loss(report, 0), Loss(report, 0))
    return 1.5
