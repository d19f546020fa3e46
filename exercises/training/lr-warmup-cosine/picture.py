"""The learning rate of 200 steps, as your schedule gives it."""

from training.lr_warmup_cosine import lr_at

STEPS = 200


def picture():
    """Three schedules: without warm-up, with a short one, and with a floor."""
    steps = list(range(STEPS))
    schedules = {
        "warmup 0": (1e-3, 0.0, 0),
        "warmup 20": (1e-3, 0.0, 20),
        "warmup 20, floor 1e-4": (1e-3, 1e-4, 20),
    }
    return [
        {
            "kind": "curves",
            "title": {"en": "The learning rate at each step", "zh": "每一步的学习率"},
            "xs": steps,
            "rows": list(schedules),
            "values": [
                [lr_at(step, high, low, warmup, STEPS) for step in steps]
                for high, low, warmup in schedules.values()
            ],
        }
    ]
