"""A check that compares nothing proves nothing."""

# says: This check compared nothing.
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


def test_softmax(learner, trng, sizes):  # <- here
    """Gives shares at any temperature"""
    for n, m in sizes(2):
        for t in (1.0, 2.0):
            learner.softmax(torch.randn(n, m, generator=trng), t)
