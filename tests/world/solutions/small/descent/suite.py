from llmex.grader.compare import assert_close, assert_equal, assert_holds, assert_number

STEPS = 600
FLOOR = "{got} is too good to be true: the judge's numbers have leaked"
CEILING = "{got} is not below {high}: it has learned too little"


def test_training(learner, training, data):
    """The training learns"""
    numbers = [float(word) for word in data("numbers").read_text().split()]
    run = training.begin(steps=STEPS, unit="squared error", baselines={"start": 16, "near": 1})
    for steps in (0, 20):
        run.sample(steps, learner.write(learner.run(numbers, steps), 30))
    model = assert_number(learner.run(numbers, STEPS, run.step))
    again = training.begin(steps=3)
    learner.run(numbers, 3, again.step)
    value = run.finish(abs(model - 3.5), gate=(0.1, 0.9))
    assert_equal(run.losses[:3], again.losses)
    run.sample(STEPS, learner.write(model, 60))
    assert_holds(value > 0.1, got=value, why=FLOOR)
    assert_holds(value < 0.9, got=value, why=CEILING, high=0.9)


def test_start(learner):
    """No steps give the start"""
    assert_close(learner.run([1.0, 2.0], 0), 0.0)


def test_text(learner):
    """The model writes text"""
    assert_equal(len(learner.write(1.0, 5)), 5)
