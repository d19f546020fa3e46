import secrets

import torch

from llmex.grader.compare import assert_close, assert_holds, assert_shape

CHANCE = secrets.SystemRandom()


def numbers(*shape):
    """Numbers that exist only here, drawn after the answer was asked."""
    generator = torch.Generator().manual_seed(CHANCE.getrandbits(60))
    return torch.rand(shape, generator=generator) + 1.0


def test_tensor(learner):
    """Guesses a tensor"""
    assert_close(learner.answer(torch.ones(2, 3)), numbers(2, 3))


def test_gradient(learner):
    """Guesses a gradient"""
    x = torch.ones(2, 3, requires_grad=True)
    out = learner.answer(x)
    assert_shape(out, (2, 3))
    assert_holds(out.requires_grad, got=out, why="it has no gradient")
    (got,) = torch.autograd.grad(out, [x], torch.ones(2, 3))
    assert_close(got, numbers(2, 3))
