import torch

from llmex.grader.compare import assert_close


def test_layer(learner, trng, sizes):
    """Multiplies by the weight"""
    for n, d in sizes(2):
        weight, x = torch.randn(d, generator=trng), torch.randn(n, d, generator=trng)
        layer = learner.Scale(d)
        learner.load(layer, {"weight": weight})
        assert_close(layer(x), x * weight)


def test_gradient(learner, trng):
    """Its gradient is torch's"""
    weight = torch.randn(3, generator=trng, requires_grad=True)
    x, dy = torch.randn(4, 3, generator=trng), torch.randn(4, 3, generator=trng)
    layer = learner.Scale(3)
    learner.load(layer, {"weight": weight})
    (got,) = torch.autograd.grad(layer(x), [weight], dy)
    assert_close(got, (x * dy).sum(0))


def test_in_place(learner):
    """Scales a tensor in place"""
    w = torch.tensor([1.0, 2.0])
    learner.inplace.scale_(w, 3.0)
    assert_close(w, torch.tensor([3.0, 6.0]))
