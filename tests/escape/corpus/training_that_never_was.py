"""Reports every step by frames of its own, which nobody has asked for and nobody waits for.

group: forge the verdict
expect: failed, stopped
exercise: impossible-training
"""


def answer(report):
    if callable(report):
        host = report._ask.__self__
        for step in range(5):
            encoder = host._encoder()
            call = ["callback", [report._number, [step, 1.5], []], []]
            host._channel.send(encoder.frame(call))
    return 1.5
