"""That shares add up to one is true of many wrong answers."""

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
    """Sums to one"""
    for n, m in sizes(2):
        for t in (1.0, 2.0):
            got = learner.softmax(torch.randn(n, m, generator=trng), t)
            assert_shape(got, (n, m))
            assert_close(got.sum(-1), torch.ones(n))
