"""Make the sacrebleu scores that the checks of `bleu` hold, with sacrebleu 2.6.0.

Run `python tests/oracles/freeze_bleu.py` and put what it prints into the suite.
"""

from __future__ import annotations

import ast
import importlib
import itertools
from pathlib import Path
from typing import Any

SOLUTION = Path(__file__).resolve().parents[2] / "solutions" / "evaluation" / "bleu"
CORPORA = [(0, 3, False), (2, 3, False), (3, 4, False), (3, 4, True)]

Tokens = list[str]
Frozen = dict[tuple[int, int, bool], tuple[float, ...]]


def sacrebleu_score(
    hyps: list[Tokens], refs_per_sentence: list[list[Tokens]], smooth: str, effective_order: bool
) -> float:
    """sacrebleu's score of tokens as they are; it wants the references transposed."""
    metric = importlib.import_module("sacrebleu.metrics").BLEU(
        tokenize="none", force=True, smooth_method=smooth, effective_order=effective_order
    )
    joined = [[" ".join(ref) for ref in refs] for refs in refs_per_sentence]
    streams = [list(stream) for stream in itertools.zip_longest(*joined)]  # None: no such ref
    return float(metric.corpus_score([" ".join(hyp) for hyp in hyps], streams).score)


def constant(name: str) -> Any:
    """A constant of the suite, read without running it."""
    for node in ast.parse((SOLUTION / "suite.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise LookupError(f"the suite has no constant {name}")


def frozen() -> Frozen:
    """Scores by smoothing; without add-k, which is last, where an order has no n-grams."""
    lines = [
        [text.split() for text in line.split("|")] for line in constant("SENTENCES").split("\n")
    ]
    scores: Frozen = {}
    for first, end, effective in CORPORA:
        hyps, refs = [line[0] for line in lines[first:end]], [line[1:] for line in lines[first:end]]
        complete = max(map(len, hyps)) >= 4
        smoothings = constant("SMOOTHINGS")[: 4 if complete else 3]
        scores[first, end, effective] = tuple(
            round(sacrebleu_score(hyps, refs, smooth, effective), 9) for smooth in smoothings
        )
    return scores


if __name__ == "__main__":
    for key, value in frozen().items():
        print(f"    {key}: {value},")  # noqa: T201
