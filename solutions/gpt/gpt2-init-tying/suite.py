"""Hidden checks of gpt2-init-tying.

Draws are judged by laws alone, at five standard errors; of them only statistics are evidence.
Models come from the stage, with torch's layers or others; all their numbers are 5 to 9.
"""

import functools
import itertools
import math

import torch
from torch.nn.functional import cross_entropy

from llmex.grader.compare import assert_close, assert_equal, assert_holds, assert_shape

PARTS = ("ln1", "attn.qkv", "attn.proj", "ln2", "mlp.fc", "mlp.proj")
KINDS = [
    {"own": False, "tied": False, "bias": True},
    {"own": True, "tied": False, "bias": True},
    {"own": False, "tied": True, "bias": False},
    {"own": True, "tied": True, "bias": True},
]
LARGE = {"vocab_size": 101, "n_ctx": 60, "n_layer": 2, "d": 96}
ALIKE = {"vocab_size": 24, "n_ctx": 24, "n_layer": 2, "d": 24}  # square on purpose: shapes repeat
CONSTANT = "a norm starts as 1 times x plus 0, every other bias at 0"
STD = "of {n} numbers; it should be {formula}"
MEAN = "of {n} numbers that should lie around 0"
SHARE = "of {n} numbers; in a normal law it is {share}"
SAME = "{a} and {b} hold the same random numbers, or nearly"
STATE = "the same state of the generator gives other numbers"
OTHER = "another state of the generator gives the same numbers"
UNTOUCHED = "some numbers are still those from before the call, 5 to 9"
TIED = "the values are those that wte had"
MOVED = "wte changed afterwards, and the head should change with it"
LOSS = "whoever knows nothing gives all {vocab} tokens the same chance: ln {vocab}"


def shapes_of(vocab_size=11, n_ctx=5, n_layer=2, d=6, bias=True, **_):
    """Names and shapes of all Parameters of a model of the stage."""
    inner = dict(zip(PARTS, [(d,), (3 * d, d), (d, d), (d,), (4 * d, d), (d, 4 * d)], strict=True))
    layers = {f"blocks.{i}.{part}": inner[part] for i in range(n_layer) for part in PARTS}
    shapes = {"wte.weight": (vocab_size, d), "wpe.weight": (n_ctx, d)}
    for name, shape in (layers | {"ln_f": (d,)}).items():
        shapes |= {f"{name}.weight": shape} | ({f"{name}.bias": shape[:1]} if bias else {})
    return shapes | {"head.weight": (vocab_size, d)}


def values(model, dtype=torch.float32, **sizes):
    """The numbers of a model by name."""
    shapes, found = shapes_of(**sizes), {}
    for name, shape in shapes.items():
        value = functools.reduce(getattr, name.split("."), model)
        assert_shape(value, shape, dtype=dtype, name=name)
        found[name] = value.detach().double()
    return found


def started(learner, **sizes):
    """The numbers of a model that the answer has started."""
    model = learner.stage.make_gpt(**sizes)
    learner.inplace.init_gpt2(model, sizes.get("n_layer", 2))
    return values(model, **sizes)


def check_draws(value, std, name, formula):
    """Judge standard deviation and mean."""
    n = value.numel()
    got, near, words = value.std().item(), 5 / math.sqrt(2 * n), {"n": n, "formula": formula}
    assert_close(got, std, rtol=near, atol=0.0, name=f"std of {name}", why=STD, **words)
    got, near = value.mean().item(), 5 * std / math.sqrt(n)
    assert_close(got, 0.0, rtol=0.0, atol=near, name=f"mean of {name}", why=MEAN, n=n)


def test_constants(learner):
    """Norms start at 1 and 0, all other biases at 0"""
    for kind in KINDS:
        for name, value in started(learner, **kind).items():
            if value.ndim == 1:
                want = torch.full_like(value, name.endswith("weight"))
                assert_close(value, want, name=name, why=CONSTANT)


def test_weights(learner):
    """Other weights are drawn around 0 with a standard deviation of 0.02"""
    for kind in KINDS:
        for name, value in started(learner, **kind, **LARGE).items():
            if value.ndim == 2 and not name.endswith("proj.weight"):
                check_draws(value, 0.02, name, "0.02")


def test_residual(learner):
    """attn.proj and mlp.proj get 0.02 / √(2 · n_layer)"""
    for n_layer, kind in ((2, KINDS[0]), (11, KINDS[1])):
        for name, value in started(learner, **kind, n_layer=n_layer, d=96).items():
            if name.endswith("proj.weight"):
                formula = f"0.02 / √{2 * n_layer}"
                check_draws(value, 0.02 / math.sqrt(2 * n_layer), name, formula)


def test_normal(learner):
    """The law is normal: not uniform, and nothing is cut off"""
    found = started(learner, **LARGE).values()
    drawn = torch.cat([value.flatten() / value.std() for value in found if value.ndim == 2]).abs()
    for bound, far, share in (("√3", 3**0.5, 0.08326), ("3", 3.0, 0.00270)):
        words = {"name": f"share beyond {bound} std", "n": len(drawn), "share": share}
        got, near = (drawn > far).double().mean().item(), 5 * math.sqrt(share / len(drawn))
        assert_close(got, share, rtol=0.0, atol=near, why=SHARE, **words)


def check_differ(one, two, why, **words):
    """Judge whether two tensors were drawn independently, by their correlation."""
    both = torch.stack([one.flatten(), two.flatten()])
    got = torch.corrcoef(both)[0, 1].abs().nan_to_num(1.0).item()
    assert_holds(got < 0.5, got=got, why=why, **words)


def test_generator(learner):
    """torch's global generator decides, and each Parameter draws anew"""
    found = []
    for seed in (5, 5, 6):
        learner.stage.seed(seed)
        found.append(started(learner, **ALIKE))
    for name, value in found[0].items():
        assert_close(found[1][name], value, name=name, why=STATE)
    names = [name for name, value in found[0].items() if value.ndim == 2]
    for name in names:
        check_differ(found[0][name], found[2][name], OTHER, name=name)
    for a, b in itertools.combinations(names, 2):
        if found[0][a].shape == found[0][b].shape:
            check_differ(found[0][a], found[0][b], SAME, a=a, b=b)


def test_in_place(learner):
    """The Parameters stay the same objects, in their dtype, without a graph"""
    for kind in KINDS:
        model = learner.stage.make_gpt(**kind).to(torch.float64)
        paths = [name.split(".") for name in shapes_of(**kind)]
        before = [learner.handle(model, *path) for path in paths]
        learner.inplace.init_gpt2(model, 2)
        for name, value in values(model, torch.float64, **kind).items():
            assert_holds(bool((value < 5).all()), got=value, name=name, why=UNTOUCHED)
        for path, old in zip(paths, before, strict=True):
            p, name = learner.handle(model, *path), ".".join(path)
            assert_equal(learner.same(p, old), True, name=f"{name} is what it was before")
            assert_equal(bool(p.is_leaf and p.requires_grad), True, name=f"{name} is a leaf")


def check_tied(learner, model):
    """Judge whether head and table are one Parameter."""
    weights = [learner.handle(model, part, "weight") for part in ("head", "wte")]
    assert_equal(learner.same(*weights), True, name="head.weight is wte.weight")


def test_tie(learner):
    """tie_weights makes head.weight the Parameter wte.weight, whose values stay"""
    for kind in KINDS:
        model, numbers = learner.stage.make_gpt(**kind), torch.arange(66.0).view(11, 6)
        old = learner.handle(model, "wte", "weight")
        for k in (1.0, 2.0):  # the second time, it is tied already
            learner.load(model, {"wte.weight": k * numbers})
            learner.inplace.tie_weights(model)
            for part in (model.wte, model.head):
                assert_close(part.weight, k * numbers, name="weight", why=TIED)
            learner.load(model, {"wte.weight": -numbers})
            assert_close(model.head.weight, -numbers, name="head.weight", why=MOVED)
            check_tied(learner, model)
            kept = learner.same(learner.handle(model, "wte", "weight"), old)
            assert_equal(kept, True, name="wte.weight is what it was before")


def test_both(learner):
    """In either order, the two make a tied model with a std of 0.02"""
    calls = [lambda m: learner.inplace.init_gpt2(m, 2), lambda m: learner.inplace.tie_weights(m)]
    for kind, order in itertools.product(KINDS, (calls, calls[::-1])):
        model = learner.stage.make_gpt(**kind, **LARGE)
        for call in order:
            call(model)
        check_tied(learner, model)
        check_draws(values(model, **kind, **LARGE)["head.weight"], 0.02, "head.weight", "0.02")


def test_first_loss(learner, trng):
    """The first loss is about ln V"""
    for vocab, kind in zip((97, 211), KINDS, strict=False):
        model = learner.stage.make_gpt(**kind, vocab_size=vocab, n_ctx=32, d=64)
        learner.inplace.init_gpt2(model, 2)
        idx, y = torch.randint(vocab, (2, 4, 32), generator=trng)
        logits = model(idx)
        assert_shape(logits, (4, 32, vocab), dtype=torch.float32)
        loss = cross_entropy(logits.detach().flatten(0, 1), y.flatten()).item()
        assert_close(loss, math.log(vocab), rtol=0.0, atol=0.1, name="loss", why=LOSS, vocab=vocab)
