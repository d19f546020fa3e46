"""A title that fits no line of a learner's screen."""

# says: columns wide, at most 75 fit:
# check: quick

import torch

from llmex.grader.compare import assert_close, assert_equal, assert_holds, assert_shape


def test_affine(learner, trng, sizes):
    """Multiplies and adds"""
    for n, d_in, d_out in sizes(3):
        weight, bias = torch.randn(d_out, d_in, generator=trng), torch.randn(d_out, generator=trng)
        x, dy = torch.randn(n, d_in, generator=trng), torch.randn(n, d_out, generator=trng)
        layer = learner.Affine(d_in, d_out)
        x.requires_grad_()
        learner.load(layer, {"weight": weight, "bias": bias})
        out = layer(x)
        assert_close(out, torch.nn.functional.linear(x, weight, bias))
        assert_close(torch.autograd.grad(out, x, dy)[0], dy @ weight)


def test_softmax(learner, trng, sizes):
    """Gives shares that add up to one at each temperature and whatever the values are"""  # <- here
    for n, m in sizes(2):
        x = torch.randn(n, m, generator=trng, requires_grad=True)
        g = torch.randn(n, m, generator=trng)
        for options in ({}, {"t": 2.0}):
            want = torch.softmax(x / options.get("t", 1.0), -1)
            got = learner.softmax(x, **options)
            assert_close(got, want)
            (dx,) = torch.autograd.grad(got, x, g)
            assert_close(dx, torch.autograd.grad(want, x, g)[0])
