"""The checks of `array-broadcasting`, against loops over single numbers and known distances."""

import math

import numpy as np

from llmex.grader.compare import assert_close, assert_holds, assert_shape

NEAR = {"rtol": 1e-6, "atol": 1e-6}
ROW = "row {i0} divided by its own length has {want} in column {i1}"
SQUARE_ROW = "X has as many rows as columns: row {i0} must be divided by its own length"
SCALED = "row {i0} is {scale} times (2, 3, 6): its direction is (2, 3, 6) / 7 all the same"
ZERO = "row {row} of X is zero, and stays zero"
QUIET = "X has a row of zeros, and NumPy warns: {message}"
PAIR = "A[{i0}] and B[{i1}] have the squared distance {want}"
WRAPS = "A and B are {kind}, up to {top}: no square may wrap around on the way to {want}"
SELF = "the whole numbers A[{i0}] and A[{i1}] have the squared distance {want}, exactly"
BELOW = "the smallest squared distance is {got}: rounding took it below 0"
LABEL = "row {i0} is 1 in the column of its label, y[{i0}], and 0 in all others"


def unit_rows(X):
    """The rows of X with length 1, a zero row as it is, one number after the other."""
    return np.array([[x / (math.hypot(*row) or 1.0) for x in row] for row in X.tolist()])


def distances(A, B):
    """Squared distances, one pair and one number after the other."""
    differences = [[[x - z for x, z in zip(a, b, strict=True)] for b in B] for a in A]
    return np.array([[math.fsum(d * d for d in pair) for pair in row] for row in differences])


def quarters(rng, *shape):
    """Multiples of 1/4 from -3 to 3, never 0: their squares add up without rounding."""
    return rng.integers(1, 13, shape) / 4 * rng.choice([-1.0, 1.0], shape)


def want_one_hot(y, k):
    """One cell after the other."""
    return np.array([[1.0 if j == label else 0.0 for j in range(k)] for label in y])


def check_one_hot(learner, y, k):
    """Compare one result, every cell of it."""
    assert_close(learner.one_hot(y, k), want_one_hot(y, k), why=LABEL)


def test_row_normalize(learner, rng, sizes):
    """Every row is divided by its Euclidean length"""
    got = learner.row_normalize(np.array([[3.0, 4.0]]))
    assert_close(got, np.array([[0.6, 0.8]]), **NEAR, why=ROW)
    for n, d in sizes(2, low=1):
        X = quarters(rng, n, d)
        assert_close(learner.row_normalize(X), unit_rows(X), **NEAR, why=ROW)


def test_square_arrays(learner, rng):
    """With as many rows as columns, rows are still rows"""
    for n in (2, 3, 5):
        X = quarters(rng, n, n) + np.arange(n)[:, None]
        assert_close(learner.row_normalize(X), unit_rows(X), **NEAR, why=SQUARE_ROW)
        A, B = quarters(rng, n, n), quarters(rng, n, n)
        A[0] += 5.0
        assert_close(learner.pairwise_sq_dists(A, B), distances(A, B), **NEAR, why=PAIR)
        check_one_hot(learner, (np.arange(n) + 1) % n, n)


def test_short_and_long_rows(learner):
    """Very short and very long rows get length 1, too"""
    want = np.array([[2.0, 3.0, 6.0]]) / 7
    for scale in (1e-7, 1e-11, 1e-4, 1e6):
        got = learner.row_normalize(scale * np.array([[2.0, 3.0, 6.0]]))
        assert_close(got, want, rtol=1e-4, atol=1e-4, why=SCALED, scale=scale)


def test_zero_rows(learner, rng, sizes):
    """A zero row stays zero, and nothing warns"""
    for n, d in [(1, 2), *sizes(2, cases=4)]:
        X, row = quarters(rng, n, d), int(rng.integers(n))
        X[row] = 0.0
        got = learner.row_normalize(X)
        assert_shape(got, (n, d), dtype=np.float64)
        assert_close(got[row], X[row], why=ZERO, row=row)
        assert_close(got, unit_rows(X), **NEAR)
        message = "; ".join(text for _, text in learner.warned)
        assert_holds(not message, got=message, name="the warning", why=QUIET, message=message)


def test_distances(learner, rng, sizes):
    """Entry (i, j) is the squared distance of A[i] and B[j]"""
    A, B = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 4.0], [1.0, 0.0], [0.0, 2.0]])
    want = np.array([[25.0, 1.0, 4.0], [13.0, 1.0, 2.0]])
    assert_close(learner.pairwise_sq_dists(A, B), want, **NEAR, why=PAIR)
    for n, m, d in sizes(3, low=1):
        A, B = quarters(rng, n, d), quarters(rng, m, d)
        assert_close(learner.pairwise_sq_dists(A, B), distances(A, B), **NEAR, why=PAIR)


def test_whole_numbers(learner, rng, sizes):
    """Whole numbers have exact distances, 0 to themselves"""
    for dtype in (np.float64, np.float32, np.int64):
        for n, d in sizes(2, cases=3):
            A = rng.integers(-90, 91, (n, d)).astype(dtype)
            want = distances(A.astype(int).tolist(), A.astype(int).tolist()).astype(dtype)
            got = learner.pairwise_sq_dists(A, A)
            either = {"dtype": dtype is not np.int64}  # integers may become float64
            assert_close(got, want, rtol=1e-12, atol=0.0, **either, why=SELF)
    A, B = rng.integers(10**6, 10**7, (2, 3)), rng.integers(10**6, 10**7, (4, 3))
    want = distances(A.tolist(), B.tolist())
    assert_close(learner.pairwise_sq_dists(A, B), want, rtol=1e-12, atol=0.0, dtype=False, why=PAIR)


def test_small_dtypes(learner, rng):
    """The squares of int8, uint8, int16 and int32 do not overflow"""
    for dtype, top in (("int8", 99), ("uint8", 200), ("int16", 30000), ("int32", 50000)):
        for n, m, d in ((1, 1, 1), (2, 3, 2)):
            A, B = (rng.integers(low, top, (k, d)) for k, low in ((n, 0), (m, top // 2)))
            A[0], B[0] = top, 0
            want = distances(A.tolist(), B.tolist())
            got = learner.pairwise_sq_dists(A.astype(dtype), B.astype(dtype))
            words = {"rtol": 1e-12, "atol": 0.0, "why": WRAPS, "kind": dtype, "top": top}
            assert_close(got, want, dtype=False, **words)


def test_never_negative(learner, rng):
    """No squared distance is below 0, however close the points"""
    for n, m, d in ((2, 3, 4), (5, 4, 20), (12, 10, 40)):
        middle = 10 + rng.random(d)
        A = middle + 1e-9 * rng.standard_normal((n, d))
        B = middle + 1e-9 * rng.standard_normal((m, d))
        got = learner.pairwise_sq_dists(A, B)
        assert_close(got, distances(A.tolist(), B.tolist()), why=PAIR)
        assert_holds((got >= 0).all(), got=float(got.min()), why=BELOW)


def test_size(learner, rng):
    """1400 by 1400 points of 128 numbers fit the limits"""
    d, columns = 128, rng.permutation(128)
    ones_a, ones_b = rng.integers(d + 1, size=(2, 1400))  # how many places of each point are 1
    A = (columns < ones_a[:, None]).astype(np.float32)
    B = (columns < ones_b[:, None]).astype(np.float32)
    want = np.abs(ones_a[:, None] - ones_b).astype(np.float32)
    assert_close(learner.pairwise_sq_dists(A, B), want, rtol=1e-4, atol=1e-3, why=PAIR)


def test_one_hot(learner, rng, sizes):
    """Row i of one_hot has a single 1, in column y[i]"""
    check_one_hot(learner, np.array([0]), 1)
    check_one_hot(learner, np.array([1, 1, 0]), 2)
    for n, k in sizes(2):
        check_one_hot(learner, np.append(rng.integers(k, size=n), k - 1), k)


def test_absent_classes(learner, rng, sizes):
    """A class that no label names has its column, too"""
    check_one_hot(learner, np.array([0]), 3)
    for n, k in sizes(2, cases=4):
        check_one_hot(learner, rng.integers(k - 1, size=n), k)


def test_float32(learner, rng, sizes):
    """The results for float32 are float32"""
    for n, m, d in sizes(3, cases=3):
        A, B = quarters(rng, n, d).astype(np.float32), quarters(rng, m, d).astype(np.float32)
        assert_close(learner.row_normalize(A), unit_rows(A).astype(np.float32))
        want = distances(A.tolist(), B.tolist()).astype(np.float32)
        assert_close(learner.pairwise_sq_dists(A, B), want)
