"""A property at the one point where any answer has it: a shift by nothing."""

# says: the mistake 'temperature-ignored' passes every check.
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
    """Does not change when all values are shifted"""
    for n, m in sizes(2):
        x, shift = torch.randn(n, m, generator=trng), torch.zeros(n, 1)
        for t in (1.0, 2.0):
            got = learner.softmax(x, t)
            assert_shape(got, (n, m))
            assert_close(learner.softmax(x + shift, t), got)
