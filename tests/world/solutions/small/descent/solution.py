"""Descent: each step goes a fiftieth of the way."""


def run(numbers, steps, on_step=None):
    """The mean, nearly."""
    model, mean = 0.0, sum(numbers) / len(numbers)
    for step in range(1, steps + 1):
        loss = (model - mean) ** 2
        model += 0.02 * (mean - model)
        if on_step is not None:
            on_step(step, loss)
    return model


def write(model, length):
    """The digits again and again."""
    return (f"{model:.3f} " * length)[:length]
