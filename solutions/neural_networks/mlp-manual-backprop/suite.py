"""The checks of `mlp-manual-backprop`: slopes by their definition.

The loss is written here for complex numbers: after a tiny imaginary step of one parameter, its
imaginary part per step is the slope, with all its digits.
"""

import math

import numpy as np

from llmex.grader.compare import assert_close, assert_holds, assert_number, unpack

NAMES = ("W1", "b1", "W2", "b2")
STEP = 1e-30
HAND = "worked by hand: h = tanh(ln 2) = 0.6, the shares are 3/4 and 1/4, the label is 1"
SHARES = "the hidden layer weighs 0 here: the mean of -ln(count / total), counts {counts}"
LOSS = "N = {N}, D = {D}, H = {H}, V = {V}: the mean over the N examples of -ln p[label]"
SLOPE = "moved by a small step, this parameter changes the mean loss by {want} times the step"
SQUARE = "D = H = V = {n}: no shape tells whether a matrix must be transposed"
COPIES = "the batch is there {n} times: a mean, and so its slopes, stays as it is"
LARGE = "the logits of this batch reach {top}"
OTHER = "forward has seen another batch meanwhile: only the cache says which one is meant"
AGAIN = "this is the second time that backward got the same cache"
ROOM = "the cache holds {got} numbers besides copies of parameters, at most {most} are allowed"


def problem(rng, N, D, H, V):
    """Parameters and a batch, in decimals of one digit that are not 0."""
    shapes = ((D, H), (H,), (H, V), (V,), (N, D))
    *drawn, X = [rng.integers(1, 13, s) / 10 * rng.choice([-1.0, 1.0], s) for s in shapes]
    return dict(zip(NAMES, drawn, strict=True)), X, rng.integers(V, size=N)


def mean_loss(params, X, y):
    """The loss by its definition, for complex parameters too."""
    W1, b1, W2, b2 = (params[name] for name in NAMES)
    logits = np.tanh(X @ W1 + b1) @ W2 + b2
    below = logits - logits.real.max(axis=1, keepdims=True)
    return (np.log(np.exp(below).sum(axis=1)) - below[np.arange(len(y)), y]).mean()


def slopes(params, X, y, names=NAMES):
    """For each parameter, the imaginary part of the loss per imaginary step."""
    found = {}
    for name in names:
        found[name] = np.empty(params[name].shape)
        for place in np.ndindex(params[name].shape):
            moved = {key: value.astype(complex) for key, value in params.items()}
            moved[name][place] += STEP * 1j
            found[name][place] = mean_loss(moved, X, y).imag / STEP
    return found


def forward(learner, params, X, y):
    """The loss and the cache of the learner."""
    return unpack(learner.forward(params, X, y), 2, "forward(params, X, y)")


def gradients(learner, params, cache, names=NAMES):
    """The gradients of these names, and whatever else there is but the others and "X"."""
    got, others = learner.backward(params, cache), {*NAMES, "X"} - {*names}
    if not isinstance(got, dict):
        return got
    return {key: value for key, value in got.items() if type(key) is not str or key not in others}


def check_gradients(learner, batch, names=NAMES, why=SLOPE, **fields):
    """One forward, one backward, and the slopes with these names."""
    _, cache = forward(learner, *batch)
    got = gradients(learner, batch[0], cache, names)
    assert_close(got, slopes(*batch, names), why=why, **fields)


def test_one_example(learner, rng, sizes):
    """A batch of one example comes out as it does on paper"""
    params = {"W1": np.array([[math.log(2) / 2]]), "b1": np.zeros(1)}
    params |= {"W2": np.array([[2.0, -1.0]]), "b2": np.array([math.log(3) - 1.2, 0.6])}
    loss, cache = forward(learner, params, np.array([[2.0]]), np.array([1]))
    assert_close(assert_number(loss, "loss"), math.log(4), name="loss", why=HAND)
    want = {"W2": np.array([[0.45, -0.45]]), "b2": np.array([0.75, -0.75])}
    want |= {"W1": np.array([[2.88]]), "b1": np.array([1.44])}
    assert_close(gradients(learner, params, cache), want, why=HAND)
    for D, H, V in sizes(3, cases=4):
        check_gradients(learner, problem(rng, 1, D, H, V))


def test_loss(learner, rng, sizes):
    """The loss is the mean cross-entropy, in nats"""
    for N, D, H, V in sizes(4):
        params, X, y = problem(rng, N, D, H, V)
        loss, _ = forward(learner, params, X, y)
        want, size = float(mean_loss(params, X, y)), {"N": N, "D": D, "H": H, "V": V}
        assert_close(assert_number(loss, "loss"), want, why=LOSS, **size)
        counts = rng.integers(1, 10, V)
        params |= {"W2": np.zeros((H, V)), "b2": np.log(counts)}
        want = math.fsum(-math.log(counts[label] / counts.sum()) for label in y) / N
        loss, _ = forward(learner, params, X, y)
        assert_close(assert_number(loss, "loss"), want, why=SHARES, counts=str(counts.tolist()))


def test_output_layer(learner, rng, sizes):
    """W2 and b2 get the slopes of the mean loss"""
    for shape in sizes(4):
        check_gradients(learner, problem(rng, *shape), ("W2", "b2"))


def test_hidden_layer(learner, rng, sizes):
    """W1 and b1 get the slopes of the mean loss"""
    for shape in sizes(4):
        check_gradients(learner, problem(rng, *shape), ("W1", "b1"))


def test_square_weights(learner, rng):
    """With D = H = V no shape helps, and the slopes are right"""
    for n in (2, 4):
        check_gradients(learner, problem(rng, n + 1, n, n, n), why=SQUARE, n=n)


def check_copies(learner, batch, times):
    """A batch given n times, for each n, has the same mean loss and slopes."""
    (params, X, y), want, mean = batch, slopes(*batch), float(mean_loss(*batch))
    for n in times:
        loss, cache = forward(learner, params, np.tile(X, (n, 1)), np.tile(y, n))
        assert_close(assert_number(loss, "loss"), mean, why=COPIES, n=n)
        assert_close(gradients(learner, params, cache), want, why=COPIES, n=n)


def test_copies(learner, rng, sizes):
    """A batch given twice has the same loss and slopes"""
    for shape in sizes(4, cases=2):
        check_copies(learner, problem(rng, *shape), (2, 5))


def test_many_examples(learner, rng):
    """Twenty batches of 25,000 examples fit the limits"""
    check_copies(learner, problem(rng, 5, 2, 3, 4), [5000] * 20)


def test_large_logits(learner, rng, sizes):
    """Logits in the thousands stay finite, and the slopes right"""
    for N, D, H, V in sizes(4, cases=4):
        params, X, y = problem(rng, N, D, H, V)
        params["b1"][0] = 0.0
        X[:2] = [[5.0], [-5.0]] * np.sign(params["W1"][:, 0])  # the rows lie far apart
        for more in (3000.0 * np.eye(H, 1), 3000.0 * rng.standard_normal((H, V))):
            far = params | {"W2": params["W2"] + more}
            top = round(float((np.tanh(X @ far["W1"] + far["b1"]) @ far["W2"]).max()))
            loss, cache = forward(learner, far, X, y)
            mean = float(mean_loss(far, X, y))
            assert_close(assert_number(loss, "loss"), mean, why=LARGE, top=top)
            assert_close(gradients(learner, far, cache), slopes(far, X, y), why=LARGE, top=top)


def test_own_cache(learner, rng, sizes):
    """A cache serves twice, and after other calls of forward"""
    for shape in sizes(4, cases=3):
        first, second = problem(rng, *shape), problem(rng, *shape)
        want = slopes(*first)
        _, cache = forward(learner, *first)
        _, other = forward(learner, *second)
        assert_close(gradients(learner, first[0], cache), want, why=OTHER)
        assert_close(gradients(learner, second[0], other), slopes(*second), why=SLOPE)
        assert_close(gradients(learner, first[0], cache), want, why=AGAIN)


def test_float32(learner, rng, sizes):
    """float32 parameters get float32 gradients of their shapes"""
    for shape in sizes(4, cases=3):
        params, X, y = problem(rng, *shape)
        narrow = {name: value.astype(np.float32) for name, value in params.items()}
        loss, cache = forward(learner, narrow, X.astype(np.float32), y)
        assert_close(assert_number(loss, "loss"), float(mean_loss(params, X, y)), atol=1e-5)
        want = {name: value.astype(np.float32) for name, value in slopes(params, X, y).items()}
        assert_close(gradients(learner, narrow, cache), want)


def numbers_in(cache, copies):
    """How many numbers in arrays came by value, but for arrays of these shapes."""
    count, waiting, seen = 0, [cache], {}
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, np.ndarray) and id(thing) not in seen:
            count += 0 if thing.shape in copies else thing.size
        if isinstance(thing, (list, tuple, dict)) and id(thing) not in seen:
            waiting += thing.values() if isinstance(thing, dict) else thing
        seen[id(thing)] = thing
    return count


def test_room(learner, rng):
    """The cache grows with N * (D + H + V), not with N * V * H"""
    N, D, H, V = 29, 5, 37, 31
    _, cache = forward(learner, *problem(rng, N, D, H, V))
    copies = {(D, H), (H, D), (H,), (H, V), (V, H), (V,)}
    count, most = numbers_in(cache, copies), 4 * N * (D + H + V)
    assert_holds(count <= most, got=count, name="cache", why=ROOM, most=most)
    params, X, y = problem(rng, 64, 7, 512, 800)
    held = [forward(learner, params, X, y) for _ in range(8)]  # times N * V * H: 1.7 GB
    for loss, _ in held:
        assert_number(loss, "loss")
