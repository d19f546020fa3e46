"""Hidden checks of embedding-layer.

The truth is the definition: rows of the identity times a table of whole numbers, and its transpose
on the way back.
"""

import torch

from llmex.grader.compare import assert_close, assert_equal, assert_holds, assert_raises

SUM = "row {i0} adds up the gradients of every place with the id {i0}"
BACK = "row {i0} of the weight adds up the gradients of every place with the id {i0}"
HOLDS = "forward returns what the padding row holds"
START = "number {i0} of the padding row, at the start"
PADDED = "row {padding} is for padding: its gradient is zero; the others add up as ever"
IDS = (torch.int64, torch.int32)


def whole(trng, *shape, dtype=torch.float32):
    """Whole numbers from -9 to 9."""
    return torch.randint(-9, 10, shape, generator=trng).to(dtype)


def draw(trng, shape, V, dtype=torch.int64):
    """Ids, of which at least two are the same if there are two or more."""
    ids = torch.randint(V, shape, generator=trng).flatten()
    ids[-1:] = ids[:1]
    return ids.reshape(shape).to(dtype)


def one_hot(ids, V, dtype):
    """(..., V): the rows of the identity."""
    return (ids.unsqueeze(-1) == torch.arange(V)).to(dtype)


def pulled_back(ids, dy, V):
    """The gradient of the table, from the definition."""
    flat = one_hot(ids, V, dy.dtype).reshape(-1, V)
    return flat.T @ dy.reshape(len(flat), dy.shape[-1])


def embedding(learner, weight):
    """The answer's layer with this weight, and no other parameter."""
    layer = learner.Embedding(*weight.shape)
    assert_equal(learner.parameters(layer), {"weight": tuple(weight.shape)}, name="parameters")
    learner.load(layer, {"weight": weight})
    return layer


def test_rows(learner, trng, sizes):
    """The result is the one-hot rows times the weight: a row for each id"""
    for n, V, d in sizes(3, cases=5):
        w, ids = whole(trng, V, d), draw(trng, (n,), V)
        assert_close(embedding(learner, w)(ids), one_hot(ids, V, w.dtype) @ w)


def test_shapes(learner, trng, sizes):
    """Any number of axes of ids will do, int32 or int64"""
    for dtype, (a, b, c, V, d) in zip(IDS, sizes(5, cases=2), strict=True):
        layer = embedding(learner, w := whole(trng, V, d))
        for shape in [(), (1,), (a,), (a, b), (a, b, c), (0,), (2, 0)]:
            ids = draw(trng, shape, V, dtype)
            assert_close(layer(ids), one_hot(ids, V, w.dtype) @ w)


def test_backward(learner, trng, sizes):
    """`embedding_backward` adds up the gradients of equal ids"""
    for n, V, d in sizes(3, cases=5):
        ids, dy = draw(trng, (n,), V), whole(trng, n, d)
        got = learner.embedding_backward(ids, dy, V)
        assert_close(got, pulled_back(ids, dy, V), why=SUM)


def test_backward_shapes(learner, trng, sizes):
    """`embedding_backward` takes any number of axes, and keeps the dtype"""
    for dtype, (a, b, c, V, d) in zip(IDS, sizes(5, cases=2), strict=True):
        for shape in [(), (1,), (a,), (a, b), (a, b, c), (0,)]:
            for floating in (torch.float32, torch.float64):
                ids = draw(trng, shape, V, dtype)
                dy = whole(trng, *shape, d, dtype=floating) / 4
                got = learner.embedding_backward(ids, dy, V)
                assert_close(got, pulled_back(ids, dy, V), why=SUM)


def test_out_of_range(learner, trng, sizes):
    """An id outside 0..V-1 raises IndexError, also a negative one"""
    for dtype, (V, d) in zip(IDS * 2, sizes(2, cases=4), strict=True):
        layer = embedding(learner, whole(trng, V, d))
        for bad in (V, -1, -V, V + 5, -V - 1):
            for ids in (torch.tensor([bad]), torch.tensor([[0, 1], [bad, 1]])):
                assert_raises(IndexError, layer, ids.to(dtype))


def test_floating_ids(learner, trng):
    """Floating ids raise TypeError"""
    for dtype in (torch.float32, torch.float64, torch.float16):
        layer = embedding(learner, whole(trng, 4, 3))
        for ids in ([1.0], [[0.0, 2.5]]):
            assert_raises(TypeError, layer, torch.tensor(ids, dtype=dtype))


def gradient(learner, layer, w, ids, dy):
    """What comes back to the weight."""
    learner.load(layer, {"weight": w.requires_grad_()})
    out = layer(ids)
    assert_close(out, one_hot(ids, len(w), w.dtype) @ w.detach())
    assert_holds(out.requires_grad, got=out, why="no gradient flows back to the weight")
    (grad,) = torch.autograd.grad(out, w, dy, allow_unused=True)
    assert_holds(grad is not None, got=grad, why="no gradient flows back to the weight")
    return grad


def test_gradient(learner, trng, sizes):
    """Autograd gives each row of the weight the sum of its gradients"""
    for a, b, V, d in sizes(4, cases=4):
        w, ids, dy = whole(trng, V, d), draw(trng, (a, b), V), whole(trng, a, b, d)
        got = gradient(learner, learner.Embedding(V, d), w, ids, dy)
        assert_close(got, pulled_back(ids, dy, V), name="gradient of weight", why=BACK)


def test_padding_row(learner, trng, sizes):
    """The padding row starts at zero; later forward returns what it holds"""
    for V, d in sizes(2, cases=4):
        for padding in (0, V - 1, V // 2):
            layer, ids = learner.Embedding(V, d, padding_idx=padding), torch.arange(V)
            start = layer(torch.tensor(padding))
            assert_close(start, torch.zeros(d), why=START)
            w = whole(trng, V, d) + 0.5
            learner.load(layer, {"weight": w})
            assert_close(layer(ids), w[ids], why=HOLDS)


def test_padding_gradient(learner, trng, sizes):
    """The gradient of the padding row is zero, the others are as ever"""
    for a, b, V, d in sizes(4, cases=4):
        for padding in (0, V - 1):
            w, dy, ids = whole(trng, V, d), whole(trng, a, b, d), draw(trng, (a, b), V)
            ids[0, 0], ids[1, 1] = padding, 1
            want = pulled_back(ids, dy, V)
            want[padding] = 0
            got = gradient(learner, learner.Embedding(V, d, padding_idx=padding), w, ids, dy)
            words = {"name": "gradient of weight", "why": PADDED, "padding": padding}
            assert_close(got, want, **words)


def test_float64(learner, trng, sizes):
    """After `.to(torch.float64)` the vectors are float64"""
    for n, V, d in sizes(3, cases=3):
        layer = learner.Embedding(V, d, padding_idx=1).to(torch.float64)
        w, ids = whole(trng, V, d, dtype=torch.float64) / 3, draw(trng, (n,), V)
        learner.load(layer, {"weight": w})
        assert_close(layer(ids), one_hot(ids, V, w.dtype) @ w)
