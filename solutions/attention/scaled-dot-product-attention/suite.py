"""Hidden checks of scaled-dot-product-attention: exact shares of counts, or query by query."""

import itertools

import torch

from llmex.grader.compare import assert_close, assert_holds, assert_number, assert_shape, unpack

SHARE = "e to the power of q·k / √d - {offset} is {counts} here: each weight is a share of its row"
VISIBLE = "the keys with True share a weight of 1, as if there were no others"
STRETCHED = "a mask of shape {shape}, stretched to {scores}"
HIDDEN = "{got} are the weights of keys that are hidden: not all are exactly 0"
NOTHING = "zeros where a query sees no key; the other queries share out a weight of 1"
DTYPE = "the dtype of the weights is {found}: neither that of q, {asked}, nor float32"
UNIFORM = "{n} equal scores: each key weighs 1/{n}. In {bits}, {n} ones add up to {total}"
SPREAD = "the standard deviation of scores at d = {d}, scaled = {scaled}"
HALVES = (torch.float16, torch.bfloat16)
TOLERANCE = {torch.float64: 1e-9, torch.float32: 1e-5, **dict.fromkeys(HALVES, 5e-2)}


def normal(trng, *shapes, dtype=torch.float64):
    """Standard normal tensors, rounded to quarters, which are short and exact in every dtype."""
    return [torch.randn(x, generator=trng).mul(4).round().div(4).to(dtype) for x in shapes]


def inputs(trng, lead, sizes, dtype=torch.float64):
    """q, k and v for sizes (Tq, Tk, d, dv)."""
    tq, tk, d, dv = sizes
    return normal(trng, (*lead, tq, d), (*lead, tk, d), (*lead, tk, dv), dtype=dtype)


def some(trng, *shape):
    """A random mask in which every query sees a key and not all, if there are two or more."""
    mask = torch.rand(shape, generator=trng) < 0.5
    first = torch.randint(shape[-1], (*shape[:-1], 1), generator=trng)
    return mask.scatter(-1, (first + 1) % shape[-1], False).scatter(-1, first, True)


def truth(q, k, v, mask=None):
    """Query by query over the keys that it sees, so that nothing is masked; in float64."""
    lead, tq, tk = q.shape[:-2], q.shape[-2], k.shape[-2]
    mask = torch.tensor(True) if mask is None else mask
    seen, out, weights = mask.expand(*lead, tq, tk), [], []
    for at in itertools.product(*map(range, (*lead, tq))):
        keys = seen[at].nonzero()[:, 0]
        exps = (k[at[:-1]][keys].double() @ q[at].double() / q.shape[-1] ** 0.5).exp()
        shares = exps / exps.sum()
        out.append(shares @ v[at[:-1]][keys].double())
        weights.append(torch.zeros(tk).double().index_add(0, keys, shares))
    return torch.stack(out).reshape(*lead, tq, -1), torch.stack(weights).reshape(*lead, tq, tk)


def run(learner, q, k, v, *mask):
    """Both parts of the result, once their shapes and dtypes are right."""
    out, weights = unpack(learner.attention(q, k, v, **dict(zip(["mask"], mask, strict=False))), 2)
    assert_shape(weights, (*q.shape[:-1], k.shape[-2]), name="weights")
    words = {"got": weights, "name": "weights", "found": str(weights.dtype), "asked": str(q.dtype)}
    fits = weights.dtype in (q.dtype, torch.promote_types(q.dtype, torch.float32))
    assert_holds(fits, why=DTYPE, **words)
    assert_shape(out, (*q.shape[:-1], v.shape[-1]), dtype=q.dtype, name="out")
    return out, weights


def compare(learner, q, k, v, *mask, why="", **fields):
    """Compare both parts with the truth."""
    words = {"rtol": TOLERANCE[q.dtype], "atol": TOLERANCE[q.dtype], "dtype": False, "why": why}
    parts = zip(run(learner, q, k, v, *mask), truth(q, k, v, *mask), strict=True)
    for name, (got, want) in zip(("out", "weights"), parts, strict=True):
        assert_close(got, want, name=name, **words, **fields)


def shares(trng, tq, tk, d):
    """Queries √d · log(count), one-hot keys, and their weights: the counts' shares, exactly."""
    counts, choice = torch.randint(1, 10, (tq, d), generator=trng).double(), torch.arange(tk) % d
    weights = counts[:, choice] / counts[:, choice].sum(-1, keepdim=True)
    return d**0.5 * counts.log(), torch.eye(d).double()[choice], weights


def test_weights(learner, trng, sizes):
    """The weights are the softmax of q·k / √d over the keys"""
    for offset, (tq, tk, d, dv) in zip((0, 0, 1000, -1000), sizes(4, cases=4, low=1), strict=True):
        q, k, want = shares(trng, tq, tk, d)
        _, weights = run(learner, q + d**0.5 * offset, k, *normal(trng, (tk, dv)))
        counts = (q @ k.T / d**0.5).exp().round().int().tolist()
        assert_close(weights, want, name="weights", why=SHARE, counts=counts, offset=offset)


def test_output(learner, trng, sizes):
    """Each output is the mean of the values under its weights"""
    for shape in sizes(4, cases=5, low=1):
        q, k, v = inputs(trng, (), shape)
        out, weights = run(learner, q, k, v)
        words = {"name": "out", "why": "the mean of the values under your own weights"}
        assert_close(out, weights @ v, finite=False, **words)


def test_leading_axes(learner, trng, sizes):
    """Any number of leading axes will do, also none"""
    for dtype, lead in itertools.product(TOLERANCE, [(), (1,), (3,), (2, 3), (2, 1, 3)]):
        for shape in sizes(4, cases=2):
            compare(learner, *inputs(trng, lead, shape, dtype))


def test_mask(learner, trng, sizes):
    """True in the mask keeps a key, False hides it"""
    for shape in sizes(4, cases=5):
        compare(learner, *inputs(trng, (), shape), some(trng, *shape[:2]), why=VISIBLE)


def test_mask_broadcasts(learner, trng, sizes):
    """A mask with fewer axes, or sizes of 1, is stretched"""
    for b, h, tq, tk, d, dv in sizes(6, cases=2):
        q, k, v = inputs(trng, (b, h), (tq, tk, d, dv))
        shapes = [(1, tk), (tq, tk), (h, 1, tk), (1, h, tq, tk), (b, 1, 1, tk)]
        for shape in [*shapes, (b, 1, tq, tk), (b, h, tq, tk)]:
            words = {"why": STRETCHED, "shape": str(shape), "scores": str((b, h, tq, tk))}
            compare(learner, q, k, v, some(trng, *shape), **words)


def test_hidden_keys_weigh_nothing(learner, trng, sizes):
    """A hidden key weighs exactly 0, whatever stands in v there"""
    for shape in sizes(4, cases=5):
        (q, k, v), mask = inputs(trng, (), shape), some(trng, 1, shape[1])
        k[~mask[0]] *= 100
        v[~mask[0]] = 1e30
        hidden = run(learner, q, k, v, mask)[1][:, ~mask[0]]
        assert_holds(bool((hidden == 0).all()), got=hidden, name="weights", why=HIDDEN)
        compare(learner, q, k, v, mask, why=VISIBLE)


def blind(trng, tq, tk):
    """A mask in which one query sees nothing."""
    return some(trng, tq, tk).index_fill(0, torch.randint(tq, (1,), generator=trng), False)


def test_nothing_to_see(learner, trng, sizes):
    """A query that sees no key gives zeros, not NaN"""
    for lead, shape in zip([(), (), (2,), (2, 3)], sizes(4, cases=4), strict=True):
        parts, mask = inputs(trng, lead, shape), blind(trng, *shape[:2])
        for seen in (mask, mask.any(-1, keepdim=True), torch.zeros_like(mask)):
            compare(learner, *parts, seen, why=NOTHING)


def check_gradients(learner, trng, lead, shape, *mask):
    """Compare the gradients of both parts with those of the truth."""
    leaves = [x.requires_grad_() for x in inputs(trng, lead, shape)]
    for i, part, used in ((0, "out", leaves), (1, "weights", leaves[:2])):
        got, want = run(learner, *leaves, *mask)[i], truth(*leaves, *mask)[i]
        assert_holds(got.requires_grad, got=got, name=part, why="no gradient flows back from it")
        (dy,) = normal(trng, want.shape)
        grads = [torch.autograd.grad(y, used, dy, allow_unused=True) for y in (got, want)]
        for x, dx, right in zip("qkv", *grads, strict=False):
            assert_close(dx, right, name=f"gradient of {part} in {x}")


def test_gradients(learner, trng, sizes):
    """Gradients reach q, k and v, and are exact"""
    for lead, shape in zip([(), (), (3,), (2, 1)], sizes(4, cases=4), strict=True):
        check_gradients(learner, trng, lead, shape)
        check_gradients(learner, trng, lead, shape, some(trng, *shape[:2]))


def test_gradients_with_nothing_to_see(learner, trng, sizes):
    """A query that sees no key puts no NaN into a gradient"""
    for lead, shape in zip([(), (), (3,), (2, 1)], sizes(4, cases=4), strict=True):
        check_gradients(learner, trng, lead, shape, blind(trng, *shape[:2]))


def test_sixteen_bits(learner, trng):
    """With 16-bit inputs, the softmax runs in float32"""
    for dtype, n, rtol in ((torch.bfloat16, 257, 2e-4), (torch.float16, 2049, 2e-5)):
        k, v = normal(trng, (n, 4), (n, 3), dtype=dtype)
        _, weights = run(learner, torch.zeros(1, 4, dtype=dtype), k, v)
        words = {"rtol": rtol, "atol": 0.0, "dtype": False, "bits": str(dtype), "total": n - 1}
        assert_close(weights, torch.full((1, n), 1 / n), why=UNIFORM, n=n, **words)


def test_sixteen_bits_masked(learner, trng, sizes):
    """With 16-bit inputs, masks work as well"""
    for (tq, tk, dv), dtype in itertools.product(sizes(3, cases=3), HALVES):
        parts = inputs(trng, (), (tq, tk, 16, dv), dtype)  # √16 rounds nothing
        for mask, why in ((some(trng, tq, tk), VISIBLE), (blind(trng, tq, tk), NOTHING)):
            # The weights may have either dtype, and the output tells as much.
            out, want = unpack(learner.attention(*parts, mask=mask), 2)[0], truth(*parts, mask)[0]
            assert_shape(out, (tq, dv), dtype=dtype, name="out")
            assert_close(out, want, rtol=5e-2, atol=5e-2, dtype=False, name="out", why=why)


def test_score_std(learner, trng):
    """Drawn from `gen`, scores spread by √d, or by 1 if scaled"""
    seeds = torch.randperm(10**6, generator=trng)[:9].tolist()
    for d, scaled in itertools.product((64, 100, 256), (False, True)):
        got = learner.score_std(d, 1000, scaled, torch.Generator().manual_seed(seeds.pop()))
        words = {"why": SPREAD, "d": d, "scaled": str(scaled)}
        assert_close(got, 1.0 if scaled else d**0.5, rtol=0.1, atol=0.0, **words)
    states = [torch.Generator().manual_seed(seed) for seed in (seeds[0], *seeds)]
    values = [assert_number(learner.score_std(8, 10, False, state)) for state in states]
    assert_holds(values[0] == values[1], got=values[:2], why="equal states of gen give {got}")
    assert_holds(len(set(values)) > 1, got=values[1:], why="different states of gen give {got}")
