"""Hidden checks of gpt2-model.

The truth is written out with torch's functions in float64; one has another library's logits.
"""

import itertools

import torch
from torch.nn.functional import gelu, layer_norm, linear, scaled_dot_product_attention

from llmex.grader.compare import (
    assert_close,
    assert_equal,
    assert_holds,
    assert_raises,
    assert_shape,
)

DEFAULTS = {"vocab_size": 50257, "n_ctx": 1024, "n_layer": 12, "n_head": 12, "d_model": 768}
DEFAULTS |= {"dropout": 0.0, "bias": True, "tie": True}
PARTS = ("ln1", "attn.qkv", "attn.proj", "ln2", "mlp.fc", "mlp.proj")
LIBRARY = [  # made by tests/oracles/freeze_gpt2.py: logits of transformers' GPT-2
    [2.269449948, 2.098627908, 1.760630372, 1.28238203, 0.70197987],
    [2.421556604, 2.218883328, 1.839455077, 1.31349689, 0.682906294],
    [2.508273093, 2.386708913, 2.075020869, 1.598037853, 0.993756057],
]
TABLES = "the blocks add nothing here: head(ln_f(wte[token] + wpe[position])), position {i1}"
SCORES = "the score of token {i2} after position {i1} of row {i0}"
FUTURE = "only token {late} changed, but logits before it changed too, by as much as {got}"
ORDER = "two earlier tokens changed places, and the last logits differ by no more than {got}"
DROPPED = "no way of dropping some of the numbers gives these logits"
SHARE = "with dropout=0.25, some numbers should be kept and some dropped"


def shapes_of(vocab_size, n_ctx, n_layer, d_model, bias=True, **_):
    """The parameters that a model must have."""
    d, shapes = d_model, {"wte.weight": (vocab_size, d_model), "wpe.weight": (n_ctx, d_model)}
    inner = dict(zip(PARTS, [(d,), (3 * d, d), (d, d), (d,), (4 * d, d), (d, 4 * d)], strict=True))
    layers = {f"blocks.{i}.{part}": inner[part] for i in range(n_layer) for part in PARTS}
    for name, shape in (layers | {"ln_f": (d,)}).items():
        shapes |= {f"{name}.weight": shape} | ({f"{name}.bias": shape[:1]} if bias else {})
    return shapes | {"head.weight": (vocab_size, d)}


def built(learner, trng, b, t, heads, size, vocab, still=False, **options):
    """A model, its config, its numbers, and ids (b, t); the blocks of a `still` one add nothing."""
    cfg = {"vocab_size": vocab, "n_ctx": t, "n_layer": 1 + b % 3, "n_head": heads}
    cfg |= {"d_model": heads * size, **options}
    shapes = shapes_of(**cfg).items()
    parts = {name: torch.randint(-3, 4, n, generator=trng).double() / 2 for name, n in shapes}
    parts |= {name: 0 * value for name, value in parts.items() if still and "proj" in name}
    if cfg.get("tie", True):
        parts["head.weight"] = parts["wte.weight"]
    model = learner.GPT(learner.GPTConfig(**cfg)).to(torch.float64)
    learner.load(model, parts)
    return model, cfg, parts, torch.randint(vocab, (b, t), generator=trng)


def truth(model, cfg, parts, idx):
    """The logits."""
    (b, t), d = idx.shape, cfg["d_model"]

    def of(name):
        return parts[f"{name}.weight"], parts.get(f"{name}.bias")

    x = parts["wte.weight"][idx] + parts["wpe.weight"][:t]
    for i in range(cfg["n_layer"]):
        ln1, qkv, attn, ln2, fc, mlp = (f"blocks.{i}.{part}" for part in PARTS)
        cut = linear(layer_norm(x, (d,), *of(ln1)), *of(qkv)).view(b, t, 3, cfg["n_head"], -1)
        heads = scaled_dot_product_attention(*cut.permute(2, 0, 3, 1, 4), is_causal=True)
        x = x + linear(heads.transpose(1, 2).flatten(2), *of(attn))
        h = linear(layer_norm(x, (d,), *of(ln2)), *of(fc))
        x = x + linear(gelu(h, approximate="tanh"), *of(mlp))
    return linear(layer_norm(x, (d,), *of("ln_f")), *of("head"))


def compare(made, why=""):
    """Compare the logits with the truth."""
    assert_close(made[0](made[3]), truth(*made), rtol=1e-5, atol=1e-5, why=why)


def test_parameters(learner, trng, sizes):
    """The parameters have the names and shapes that are asked for"""
    for i, shape in enumerate(sizes(5, cases=2)):
        model, cfg, *_ = built(learner, trng, *shape, tie=i == 0)
        assert_equal(learner.parameters(model), shapes_of(**cfg), name="parameters")


def test_config(learner):
    """GPTConfig() is the smallest GPT-2, and the model keeps its config"""
    small = {"vocab_size": 7, "n_ctx": 5, "n_layer": 1, "n_head": 2, "d_model": 6, "bias": False}
    model = learner.GPT(learner.GPTConfig(**small))
    for cfg, want in ((learner.GPTConfig(), DEFAULTS), (model.cfg, DEFAULTS | small)):
        assert_equal({name: getattr(cfg, name) for name in want}, want, name="cfg")


def test_tables(learner, trng, sizes):
    """A vector for the token, one for the position, a norm and the head"""
    for shape in [(1, 1, 1, 2, 3), (1, 3, 1, 2, 4), *sizes(5, cases=3)]:
        made = built(learner, trng, *shape, still=True)
        compare(made, TABLES)
        logits = made[0].to(torch.float32)(made[3])
        assert_close(logits, truth(*made).float(), rtol=1e-3, atol=1e-3)


def test_logits(learner, trng, sizes):
    """All logits are those of GPT-2, as the transformers library has it"""
    for shape in [(1, 1, 1, 2, 3), (1, 2, 1, 3, 4), *sizes(5, cases=4)]:
        compare(built(learner, trng, *shape), SCORES)
    cfg = {"vocab_size": 5, "n_ctx": 4, "n_layer": 2, "n_head": 2, "d_model": 6}
    model = learner.GPT(learner.GPTConfig(**cfg)).to(torch.float64)
    for i, (name, shape) in enumerate([*shapes_of(**cfg).items()][:-1]):  # all but the tied head
        waves = torch.sin(torch.arange(torch.Size(shape).numel()).double() * (i + 1) + i)
        learner.load(model, {name: waves.view(shape)})
    want = torch.tensor([LIBRARY], dtype=torch.float64)
    assert_close(model(torch.tensor([[3, 0, 4]])), want, rtol=1e-5, atol=1e-5)


def gaps(model, cfg, idx, other):
    """By how much the logits differ between two inputs, at each position."""
    for found in (logits := [model(idx), model(other)]):
        assert_shape(found, (*idx.shape, cfg["vocab_size"]))
    return (logits[1] - logits[0]).abs().amax((0, 2))  # (T,)


def test_past(learner, trng, sizes):
    """What came before counts, in its order; what comes after does not"""
    for shape in sizes(5, cases=3, low=3):
        model, cfg, _, idx = built(learner, trng, *shape)
        for late in range(1, shape[1]):
            other = (idx + (torch.arange(shape[1]) == late)) % cfg["vocab_size"]
            gap = gaps(model, cfg, idx, other)[:late].max().item()
            assert_holds(gap <= 1e-6, got=gap, why=FUTURE, late=late)
        idx[:, 1] = (idx[:, 0] + 1) % cfg["vocab_size"]
        gap = gaps(model, cfg, idx, idx[:, [1, 0, *range(2, shape[1])]])[-1].item()
        assert_holds(gap > 1e-6, got=gap, why=ORDER)


def test_tie(learner, trng):
    """tie makes head.weight the Parameter wte.weight itself, tie=False does not"""
    for tie in (True, False):
        made = built(learner, trng, 2, 3, 1, 4, 5, tie=tie)
        weights = [learner.handle(made[0], name, "weight") for name in ("head", "wte")]
        assert_equal(learner.same(*weights), tie, name="head.weight is wte.weight")
        compare(made)


def test_no_bias(learner, trng):
    """bias=False leaves out every bias, also that of ln_f"""
    made = model, cfg, *_ = built(learner, trng, 2, 3, 1, 4, 5, bias=False)
    assert_equal(learner.parameters(model), shapes_of(**cfg), name="parameters")
    for path in [("ln_f",), *(("blocks", 1, *part.split(".")) for part in PARTS)]:
        assert_equal(learner.handle(model, *path).bias, None, name="bias")
    compare(made)


def test_dropout(learner, trng):
    """Dropout acts on the sum of both vectors and in the blocks, not in eval mode"""
    a, b = torch.tensor([[1.0, 2.0, 4.0], [5.0, -3.0, 3.0]]).double()
    inside = {"blocks.0.attn.proj.bias": a, "blocks.0.mlp.proj.bias": b}
    for d, chosen in ((3, {"wpe.weight": a.expand(40, 3)}), (6, inside)):
        made = built(learner, trng, 1, 40, 1, 3, 7, True, n_layer=1, dropout=0.25, tie=False)
        parts = made[2] | {"ln_f.weight": torch.ones(3), "wte.weight": torch.zeros(7, 3)}
        parts["wpe.weight"] = torch.zeros(40, 3)
        parts["head.weight"] = head = torch.randn(7, 3, generator=trng).double()
        learner.load(made[0], parts | chosen)
        learner.stage.seed(1)  # whatever the starting values took from it
        y = made[0].train()(made[3])
        assert_shape(y, (1, 40, 7), dtype=torch.float64)
        kept = torch.tensor([*itertools.product((0.0, 1.0), repeat=d)]).double()
        x = (kept * torch.cat([a, b])[:d] / 0.75).unflatten(-1, (-1, 3)).sum(1)
        wants = layer_norm(x, (3,), bias=parts["ln_f.bias"]) @ head.T  # (ways, 7)
        taken = (wants[:, None] - y[0]).abs().amax(-1).argmin(0)  # (40,): the nearest way
        assert_close(y[0], wants[taken], rtol=1e-4, atol=1e-4, why=DROPPED)
        assert_holds(0.5 < kept[taken].mean() < 1.0, got=y, why=SHARE)
    made = built(learner, trng, 2, 3, 1, 4, 5, dropout=0.25)
    compare([made[0].eval(), *made[1:]])


def test_gradients(learner, trng, sizes):
    """Gradients reach all parameters; a tied one gets those of both its uses"""
    for i, shape in enumerate(sizes(5, cases=3)):
        made = model, _, parts, idx = built(learner, trng, *shape, tie=i != 1)
        leaves = {n: v.requires_grad_() for n, v in parts.items() if i == 1 or n != "head.weight"}
        learner.load(model, leaves)
        y, want = model(idx), truth(*made)
        assert_close(y, want.detach(), rtol=1e-5, atol=1e-5, name="logits")
        assert_holds(y.requires_grad, got=y, name="logits", why="no gradient flows back from them")
        dy, used = torch.randn(want.shape, generator=trng).double(), [*leaves.values()]
        grads = [torch.autograd.grad(z, used, dy, allow_unused=True) for z in (y, want)]
        for name, got, right in zip(leaves, *grads, strict=True):
            assert_close(got, right, rtol=1e-3, atol=1e-3, name=f"gradient of {name}")


def test_too_long(learner, trng):
    """n_ctx tokens are the most; more raise ValueError"""
    for n_ctx, more in ((4, 1), (1, 3)):
        made = built(learner, trng, 2, n_ctx, 1, 3, 5)
        compare(made)
        assert_raises(ValueError, made[0], torch.zeros(2, n_ctx + more, dtype=torch.int64))
