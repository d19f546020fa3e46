"""Hidden checks of capstone-char-gpt: torch's own layers, trained along in the judge; real text."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from llmex.grader.compare import (  # isort: skip
    assert_close, assert_equal, assert_holds, assert_number, assert_shape, unpack
)  # fmt: skip

GIVEN = {"MODEL": {"n_layer": 2, "n_head": 4, "d_model": 128, "n_ctx": 64}, "WARMUP": 100}
GIVEN["MODEL"] |= {"dropout": 0.0, "bias": True, "tie": True}
GIVEN["TRAINING"] = {"batch": 12, "T": 64, "max_lr": 3e-3, "min_lr": 3e-4, "weight_decay": 0.1}
GIVEN["TRAINING"] |= {"betas": (0.9, 0.99), "eps": 1e-8, "clip": 1.0, "seed": 1}
STEPS, GATE, T = 2000, (1.4, 2.0), 64
BASELINES = {"uniform": 4.143, "bigram": 2.489, "3-gram": 2.111, "5-gram": 1.8}  # baselines.py


class Reference(nn.Module):
    """The model in torch's layers, `named` by the GPT; nn.GELU("tanh") would be erf's in eval()."""

    def __init__(self, kinds, found=None):
        super().__init__()
        size = (128, 4, 512, 0.0, lambda x: F.gelu(x, approximate="tanh"), 1e-5, True, True)
        blocks = [nn.TransformerEncoderLayer(*size) for _ in range(2)]
        self.wte, self.wpe = nn.Embedding(kinds, 128), nn.Embedding(T, 128)
        self.blocks, self.ln_f = nn.ModuleList(blocks), nn.LayerNorm(128)
        self.named = {}
        for name, p in self.named_parameters():
            name = name.replace("self_attn.in_proj_", "attn.qkv.").replace("norm", "ln")
            name = name.replace("self_attn.out_", "attn.").replace("linear1", "mlp.fc")
            self.named[name := name.replace("linear2", "mlp.proj")] = p
            if found is not None:  # an answer's state_dict, whose values are taken over
                assert_shape(found.get(name), tuple(p.shape), dtype=torch.float32, name=name)
                p.data = found[name]

    def forward(self, idx):
        x = self.wte(idx) + self.wpe.weight[: idx.shape[1]]
        for block in self.blocks:
            x = block(x, src_mask=torch.ones(2 * idx.shape[1:]).triu(1) > 0)
        return F.linear(self.ln_f(x), self.wte.weight)


def text_of(rng, length, kinds):
    """A random text with so many kinds of characters, and their places in order (1, length)."""
    letters = [*"aghinorstvwé\n"][:kinds]
    text = "".join(rng.permutation([*letters, *rng.choice(letters, length - kinds)]))
    return text, torch.tensor([[sorted(letters).index(c) for c in text]])


def trained(learner, text, steps):
    """The tokenizer, the model, and the losses that on_step is told, in order."""
    told = []
    words = {"on_step": lambda *event: told.append(unpack(event, 2))} if steps else {}
    tokenizer, model = unpack(learner.run(text, steps, **words), 2)
    assert_holds(tokenizer is not None is not model, got=None, why="a part of the result is None")
    assert_equal([step for step, _ in told], [*range(steps)], name="steps")
    return tokenizer, model, [assert_number(loss, "loss") for _, loss in told]


def logits_of(model, ids, kinds):
    """The answer's logits, looked at."""
    logits = model(ids)
    assert_shape(logits, (*ids.shape, kinds), name="logits")
    return logits


def test_parts(learner, rng):
    """One id for each character, in order; the model of MODEL, its head tied"""
    for kinds in (3, 13):
        text, ids = text_of(rng, T + 1, kinds)
        tokenizer, model, _ = trained(learner, text, 0)
        assert_equal(tokenizer.encode(text), ids[0].tolist())
        assert_equal(tokenizer.decode(ids[0].tolist()), text)
        found = {n: p for n, p in learner.parameters(model).items() if n != "head.weight"}
        want = {name: tuple(p.shape) for name, p in Reference(kinds).named.items()}
        assert_equal(found, want, why="a model for {kinds} characters", kinds=kinds)
        tied = learner.same(*(learner.handle(model, part, "weight") for part in ("wte", "head")))
        assert_holds(tied, got=tied, why="head.weight is wte.weight itself")
        assert_equal(model.cfg.n_ctx, T, name="cfg.n_ctx")
    for name, given in GIVEN.items():
        assert_close(learner.value(name), given, name=name)


def test_start(learner, rng):
    """steps=0 gives the model as GPT-2 starts, with a loss of about ln V"""
    text, ids = text_of(rng, T, 12)
    model = trained(learner, 2 * text, 0)[1]
    for name, p in Reference(12, model.state_dict()).named.items():
        if p.ndim == 1:
            assert_close(p.data, torch.full_like(p, "ln" in name and "weight" in name), name=name)
        else:  # within five standard errors of 0.02, or of that over the root of 2 n_layer
            off = 5 * (std := 0.01 if "proj.w" in name else 0.02) / math.sqrt(2 * p.numel())
            assert_close(float(p.data.std()), std, rtol=0, atol=off, name=f"{name}.std()")
    loss = float(-torch.log_softmax(logits_of(model, ids, 12).detach(), -1).mean())
    assert_close(loss, math.log(12), rtol=0, atol=0.2, why="a model that knows nothing: ln V")


def test_logits(learner, rng, trng):
    """It sees what came before, in order, nothing later, as torch's layers do"""
    model, reference = trained(learner, text_of(rng, T + 1, 7)[0], 0)[1].double(), Reference(7)
    for name, p in reference.double().named.items():
        value = torch.randn(p.shape, generator=trng, dtype=p.dtype) / p.shape[-1] ** 0.5
        p.data = value * (8 if name[0] == "w" else 1) + ("ln" in name and "weight" in name)
    leaves = {name: p.detach().clone().requires_grad_() for name, p in reference.named.items()}
    learner.load(model, leaves)
    for length, cut in ((2, 1), (5, 2), (T, 40)):
        ids = torch.randint(7, (3, length), generator=trng)
        other = torch.cat([ids[:, :cut], (ids[:, cut:] + 1) % 7], 1)
        want, got = (logits_of(model, one, 7)[:, :cut].detach() for one in (ids, other))
        assert_close(got, want, rtol=0, atol=1e-9, why="place {i1} sees a later place")
    same = logits_of(model, torch.full((1, 6), 3), 7)[0].detach()
    least = float((same[1:] - same[:-1]).abs().amax(1).min())
    assert_holds(least > 1e-3, got=same, why="a character is the same to the model at all places")
    got, want = logits_of(model, ids, 7), reference(ids)
    assert_close(got, want.detach(), rtol=1e-6, atol=1e-6, why="torch's layers give another value")
    torch.autograd.backward([got, want], 2 * [torch.randn(want.shape, generator=trng).double()])
    grads = ({name: p.grad for name, p in of.items()} for of in (leaves, reference.named))
    assert_close(*grads, rtol=1e-6, atol=1e-6, name="gradients")


def test_on_step(learner, rng):
    """on_step is told each update's loss; equal arguments give equal losses"""
    text = text_of(rng, 9 * T, 9)[0]
    one, two = (trained(learner, text, 2)[2] for _ in range(2))
    assert_close(two, one, rtol=1e-6, atol=1e-6, why="update {i0} in a second training")
    unpack(learner.run(text, 1), 2)


def test_batches(learner, rng):
    """Each batch has 12 windows of 64 characters, drawn at random"""
    texts = [text_of(rng, T + 3, 8) for _ in range(2)]  # only three windows fit in each
    reference = Reference(8, trained(learner, texts[0][0], 0)[1].state_dict())
    shares = torch.tensor([(i, j, 12 - i - j) for i in range(13) for j in range(13 - i)])
    for text, ids in texts:
        rows = ids[0].unfold(0, T + 1, 1)
        each = F.cross_entropy(reference(rows[:, :-1]).mT, rows[:, 1:], reduction="none").mean(1)
        means = shares / 12 @ each.detach()
        (loss,) = trained(learner, text, 1)[2]  # of the model as it starts
        near = int((means - loss).abs().argmin())
        assert_close(loss, float(means[near]), rtol=0, atol=1e-5, why="no mean of 12 windows")
        assert_holds(shares[near].max() < 12, got=loss, why="all windows of a batch are the same")


def test_updates(learner, rng):
    """The updates are AdamW's: two groups, clipped gradients, warm-up and cosine"""
    text, ids = text_of(rng, T + 1, 11)  # one window alone fits in: every row is that one
    reference, want = Reference(11, trained(learner, text, 0)[1].state_dict()).double(), []
    groups = [{"params": [p], "weight_decay": 0.1 * (p.ndim > 1)} for p in reference.parameters()]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.99), eps=1e-8)
    for step in range(10):
        loss = F.cross_entropy(reference(ids[:, :-1])[0], ids[0, 1:])
        want.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(reference.parameters(), 1.0)
        for group in optimizer.param_groups:  # one step of warm-up, then the cosine
            group["lr"] = step and 1.65e-3 + 1.35e-3 * math.cos(math.pi * (step - 1) / 9)
        optimizer.step()
    _, model, got = trained(learner, text, 10)
    assert_close(got, want, rtol=0, atol=2e-3, why="the loss after {i0} updates of torch's AdamW")
    ends = Reference(11, model.state_dict()).named.items()
    each = {name: (p / reference.named[name]).flatten() for name, p in ends}
    each["biases"] = torch.cat([each.pop(name) for name in [*each] if "bias" in name])
    found = {name: one.median().item() for name, one in each.items()}  # few entries are noise
    assert_close(found, dict.fromkeys(found, 1.0), rtol=0, atol=5e-5, name="weights / AdamW's")


def sample(learner, run, steps, tokenizer, model, trng):
    """Keep what the model writes after the end of a line, if the answer has a `generate`."""
    ids = torch.tensor([tokenizer.encode("\n")])
    if learner.has("generate"):
        ids = learner.generate(model, ids, 240, temperature=0.8, generator=trng)
        assert_shape(ids, (1, 241), dtype=torch.int64, name="generate(...)")
        run.sample(steps, tokenizer.decode(ids[0].tolist()))


def test_trained(learner, data, training, trng):
    """Trained on Shakespeare, it predicts the tenth held back: 1.4 to 2.0 nats"""
    text = data("shakespeare").read_text("ascii")
    text, rest = text[: len(text) * 9 // 10], text[len(text) * 9 // 10 :]
    run = training.begin(steps=STEPS, unit="nats per character", baselines=BASELINES)
    for steps in (0, 200):
        sample(learner, run, steps, *trained(learner, text, steps)[:2], trng)
    tokenizer, model = unpack(learner.run(text, STEPS, on_step=run.step), 2)
    model.eval().requires_grad_(False)
    sample(learner, run, STEPS, tokenizer, model, trng)
    reference = Reference(63, model.state_dict()).eval().requires_grad_(False)  # it sees the rest
    places = {character: i for i, character in enumerate(sorted(set(text)))}
    ids, seen = (torch.tensor([[places[c] for c in part]]) for part in (rest, text[:T]))
    assert_equal(tokenizer.encode(text[:T]), seen[0].tolist(), name="encode(...)")
    got, want = logits_of(model, seen, 63), reference(seen)
    assert_close(got, want, rtol=0, atol=1e-3, why="torch's layers give another value")
    pairs = zip(ids[0, :-1].split(T), ids[0, 1:].split(T), strict=True)  # each target once
    total = sum(float(F.cross_entropy(reference(x[None])[0], y, reduction="sum")) for x, y in pairs)
    value = run.finish(total / (len(rest) - 1), gate=GATE)
    assert_holds(value >= GATE[0], got=value, why="too good to be true: it sees what comes later")
    assert_holds(value <= GATE[1], got=value, why="the parts work, but do not learn together")
