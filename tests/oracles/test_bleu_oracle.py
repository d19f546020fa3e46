"""The reference solution of `bleu` scores as sacrebleu does, and so do the frozen values."""

from __future__ import annotations

import importlib.util
import itertools
import random
from pathlib import Path
from types import ModuleType

import pytest

metrics = pytest.importorskip("sacrebleu.metrics")

HERE = Path(__file__).resolve().parent
SMOOTHINGS = ("none", "floor", "add-k", "exp")
WORDS = "the cat sat on a red mat 猫 坐 在".split()

Tokens = list[str]


def load(path: Path) -> ModuleType:
    """The module in `path`."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


freeze = load(HERE / "freeze_bleu.py")
solution = load(freeze.SOLUTION / "solution.py")


def corpus(rng: random.Random) -> tuple[list[Tokens], list[list[Tokens]]]:
    """Up to four sentences of 0 to 12 tokens, each with one to three references like it."""
    refs_per_sentence, hyps = [], []
    for _ in range(rng.randint(1, 4)):
        base = rng.choices(WORDS, k=rng.randint(1, 12))
        refs_per_sentence.append([spoiled(rng, base) or base for _ in range(rng.randint(1, 3))])
        hyps.append(spoiled(rng, base))
    return hyps, refs_per_sentence


def spoiled(rng: random.Random, text: Tokens) -> Tokens:
    """`text` with some tokens lost, said twice or exchanged."""
    changed = rng.choice([0.05, 0.2, 0.5])
    parts = [
        rng.choice([[], [token, token], [rng.choice(WORDS)]]) if rng.random() < changed else [token]
        for token in text
    ]
    return [token for part in parts for token in part]


@pytest.mark.parametrize("effective", [False, True])
@pytest.mark.parametrize("smooth", SMOOTHINGS)
def test_solution_scores_as_sacrebleu(smooth: str, effective: bool) -> None:
    """On 500 random corpora the solution's score is sacrebleu's, and few of them are 0."""
    rng = random.Random(f"{smooth} {effective}")
    scores = []
    for hyps, refs in itertools.islice(iter(lambda: corpus(rng), None), 500):
        want = freeze.sacrebleu_score(hyps, refs, smooth, effective)
        scores.append(solution.corpus_bleu(hyps, refs, smooth, effective))
        assert scores[-1] == pytest.approx(want, rel=1e-12, abs=1e-12), (hyps, refs)
    assert sum(score > 0 for score in scores) > 300


def test_solution_counts_as_sacrebleu() -> None:
    """Matches, totals and lengths of a sentence are those that sacrebleu reports."""
    rng = random.Random(0)
    metric = metrics.BLEU(tokenize="none", force=True, smooth_method="none", effective_order=True)
    for _ in range(500):
        hyps, refs = corpus(rng)
        found = metric.sentence_score(" ".join(hyps[0]), [" ".join(ref) for ref in refs[0]])
        want = (found.counts, found.totals, found.sys_len, found.ref_len)
        assert solution.sentence_stats(hyps[0], refs[0]) == want


def test_frozen_scores_are_sacrebleus() -> None:
    """The suite holds what the script prints today."""
    assert freeze.constant("SACREBLEU") == freeze.frozen()
