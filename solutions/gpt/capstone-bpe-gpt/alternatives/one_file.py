"""Everything in one file, from tensors alone: no layer, no loss and no optimizer of torch's."""

import math
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import regex
import torch
from torch import nn

VOCAB = 512
MODEL = dict(n_layer=2, n_head=4, d_model=128, n_ctx=64, dropout=0.0, bias=True, tie=True)  # noqa: C408
TRAINING = dict(batch=12, T=64, max_lr=3e-3, min_lr=3e-4, weight_decay=0.1)  # noqa: C408
TRAINING |= {"betas": (0.9, 0.99), "eps": 1e-8, "clip": 1.0, "seed": 1}
WARMUP = 100


PIECES = regex.compile(r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")


class Pieces:
    """Byte pairs, each merge applied to every word of a text in turn."""

    def __init__(self, text):
        self.table, self.merges = [bytes([byte]) for byte in range(256)], []
        words = {word: [*map(int, word.encode())] for word in PIECES.findall(text)}
        times = Counter(PIECES.findall(text))
        while len(self.table) < VOCAB:
            counts = Counter()
            for word, ids in words.items():
                for pair in pairwise(ids):
                    counts[pair] += times[word]
            if not counts:
                break
            best = max(counts, key=lambda p: (counts[p], self.table[p[0]], self.table[p[1]]))
            self.merges.append(best)
            self.table.append(self.table[best[0]] + self.table[best[1]])
            words = {word: self.merged(ids, len(self.merges) - 1) for word, ids in words.items()}
        self.known = words

    def merged(self, ids, rank):
        """The ids with one merge applied from the left."""
        out = []
        for one in ids:
            if out and (out[-1], one) == self.merges[rank]:
                out[-1] = 256 + rank
            else:
                out.append(one)
        return out

    def encode(self, s):
        """Numbers; a word's are worked out once."""
        ids = []
        for word in PIECES.findall(s):
            if word not in self.known:
                self.known[word] = [*word.encode()]
                for rank in range(len(self.merges)):
                    self.known[word] = self.merged(self.known[word], rank)
            ids += self.known[word]
        return ids

    def decode(self, ids):
        """Text."""
        return b"".join(self.table[i] for i in ids).decode(errors="replace")


class Weights(nn.Module):
    """A weight, and perhaps a bias; what they mean is for others to say."""

    def __init__(self, *shape, std=0.02, start=None, bias=None):
        super().__init__()
        value = torch.randn(shape) * std if start is None else torch.full(shape, start)
        self.weight = nn.Parameter(value)
        self.bias = nn.Parameter(torch.zeros(bias)) if bias else None

    def linear(self, x):
        """x W^T + b."""
        return x @ self.weight.mT + self.bias

    def norm(self, x):
        """LayerNorm."""
        x = x - x.mean(-1, keepdim=True)
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight + self.bias


def bend(x):
    """The tanh form of GELU: x times the logistic function of twice the argument of tanh."""
    return x / (1 + torch.exp(-2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


class Block(nn.Module):
    """Attention and a feed-forward layer, each added."""

    def __init__(self, d, heads, thin):
        super().__init__()
        self.heads = heads
        self.ln1, self.ln2 = (Weights(d, start=1.0, bias=d) for _ in range(2))
        self.attn, self.mlp = nn.Module(), nn.Module()
        self.attn.qkv, self.attn.proj = (
            Weights(3 * d, d, bias=3 * d),
            Weights(d, d, std=thin, bias=d),
        )
        self.mlp.fc = Weights(4 * d, d, bias=4 * d)
        self.mlp.proj = Weights(d, 4 * d, std=thin, bias=d)

    def forward(self, x):
        """Head by head; exp of a score minus the row's largest, where the key is not later."""
        t, size = x.shape[1], x.shape[2] // self.heads
        seen = torch.arange(t)[:, None] >= torch.arange(t)
        out = []
        for q, k, v in zip(
            *(p.split(size, -1) for p in self.attn.qkv.linear(self.ln1.norm(x)).chunk(3, -1)),
            strict=True,
        ):
            scores = (q @ k.mT / math.sqrt(size)).where(seen, -math.inf)
            e = torch.exp(scores - scores.amax(-1, keepdim=True).detach())
            out.append(e @ v / e.sum(-1, keepdim=True))
        x = x + self.attn.proj.linear(torch.cat(out, -1))
        return x + self.mlp.proj.linear(bend(self.mlp.fc.linear(self.ln2.norm(x))))


class Model(nn.Module):
    """The whole, drawn as it is made: the head is the embedding from the first."""

    def __init__(self, kinds, n_layer, n_head, d_model, n_ctx, **_):
        super().__init__()
        self.cfg = SimpleNamespace(n_ctx=n_ctx)
        self.head = Weights(kinds, d_model)
        self.wte, self.wpe = self.head, Weights(n_ctx, d_model)
        thin = 0.02 / math.sqrt(2 * n_layer)
        self.blocks = nn.ModuleList(Block(d_model, n_head, thin) for _ in range(n_layer))
        self.ln_f = Weights(d_model, start=1.0, bias=d_model)

    def forward(self, idx):
        """Logits."""
        x = self.wte.weight[idx] + self.wpe.weight[: idx.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.ln_f.norm(x) @ self.head.weight.mT


def run(train_text, steps, on_step=None):
    """Two running means for each parameter, kept in lists."""
    torch.manual_seed(TRAINING["seed"])
    pieces = Pieces(train_text)
    text = torch.tensor(pieces.encode(train_text))
    model = Model(len(pieces.table), **MODEL)
    params = list(model.parameters())
    means, squares = [[torch.zeros_like(p) for p in params] for _ in range(2)]
    warmup, size, betas = min(WARMUP, steps // 10), TRAINING["T"], TRAINING["betas"]
    for step in range(steps):
        starts = torch.randint(len(text) - size, (TRAINING["batch"], 1))
        rows = text[starts + torch.arange(size + 1)]
        logits = model(rows[:, :-1])
        logits = logits - logits.amax(-1, keepdim=True).detach()
        right = logits.gather(-1, rows[:, 1:, None])[..., 0]
        loss = (logits.exp().sum(-1).log() - right).mean()
        grads = torch.autograd.grad(loss, params)
        if on_step:
            on_step(step, float(loss))
        rate = TRAINING["max_lr"] * step / max(1, warmup)
        if step >= warmup:
            way = (step - warmup) / (steps - warmup)
            drop = (1 + math.cos(math.pi * way)) / 2 * (TRAINING["max_lr"] - TRAINING["min_lr"])
            rate = TRAINING["min_lr"] + drop
        length = torch.stack([g.norm() for g in grads]).norm()
        with torch.no_grad():
            for p, g, m, v in zip(params, grads, means, squares, strict=True):
                g = g * (TRAINING["clip"] / (length + 1e-6)).clamp(max=1)
                m.lerp_(g, 1 - betas[0])
                v.mul_(betas[1]).add_((1 - betas[1]) * g * g)
                if p.ndim > 1:
                    p -= rate * TRAINING["weight_decay"] * p
                root = (v / (1 - betas[1] ** (step + 1))).sqrt() + TRAINING["eps"]
                p -= rate * m / (1 - betas[0] ** (step + 1)) / root
    return pieces, model
